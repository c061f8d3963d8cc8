//! The dialogs: the text, fields and buttons of each.
//!
//! Must not know: when a dialog is opened, or what its answer leads to.

pub mod filled;
pub mod form;
pub mod going;
pub mod help;
pub mod moderation;
pub mod open;
pub mod order;
pub mod picked;
pub mod rooms;
pub mod writing;

use std::time::Duration;

use super::action::{self, Action};
use crate::client::dialogs::form::{Button, Choice, FieldKey, Form, FormField, FormPart, Item, List, Press};
use crate::client::dialogs::open::{Dialog, OpenDialog};
use crate::model::Name;

fn text(words: impl Into<String>) -> FormPart {
    FormPart::Text(words.into())
}

fn buttons(buttons: &[(Press, &str)]) -> FormPart {
    let button = |(press, label): &(Press, &str)| Button { press: *press, label: (*label).to_owned() };
    FormPart::Buttons { buttons: buttons.iter().map(button).collect(), at: 0 }
}

/// A button that confirms, and one that cancels.
fn either(confirm: &str, cancel: &str) -> FormPart {
    buttons(&[(Press::Confirm, confirm), (Press::Cancel, cancel)])
}

/// A button that confirms, and one that quits, for dialogs without whose answer there is no chat.
fn or_quit(confirm: &str) -> FormPart {
    buttons(&[(Press::Confirm, confirm), (Press::Quit, "Quit")])
}

fn radio(choices: Vec<(Choice, String)>) -> FormPart {
    FormPart::Radio { choices, on: 0, marked: true }
}

/// The menu, for screens without room for its pane.
#[must_use]
pub fn menu() -> OpenDialog {
    let choices =
        action::menu().map(|row| (Choice::Action(row.action), format!("{} {}", row.digit.unwrap_or(' '), row.name)));
    let choices = choices.collect();
    OpenDialog::new(
        Dialog::Menu,
        Form::new("Menu", vec![FormPart::Radio { choices, on: 0, marked: false }, either("Choose", "Cancel")]),
    )
}

/// Asks for a text for the server to echo.
#[must_use]
pub fn echo() -> OpenDialog {
    OpenDialog::new(
        Dialog::Echo,
        Form::new("Echo", vec![FormField::plain(FieldKey::Text, "Text:", ""), either("Send", "Cancel")]),
    )
}

/// The list of who is online; with `rooms`, the title says how to list those, as the same command does elsewhere.
#[must_use]
pub fn clients(people: Vec<Item>, rooms: bool) -> OpenDialog {
    OpenDialog::new(
        Dialog::Clients,
        Form::new(
            if rooms { "Online · /rooms lists rooms" } else { "Online" },
            vec![
                FormPart::List(List::people(people)),
                buttons(&[
                    (Press::Confirm, "Write"),
                    (Press::WhoIs, "Who is"),
                    (Press::Ignore, "Ignore"),
                    (Press::Away, "Away"),
                    (Press::Cancel, "Close"),
                ]),
            ],
        ),
    )
}

/// A private message. `to` is the recipient, if already known; `names` are completed by Tab.
#[must_use]
pub fn private(to: &str, people: Vec<Item>, names: Vec<Name>) -> OpenDialog {
    let parts = vec![
        FormField::name(FieldKey::To, "To:", to, names),
        FormField::plain(FieldKey::Text, "Text:", ""),
        FormPart::List(List { fills: Some(FieldKey::To), ..List::people(people) }),
    ];
    let first = if to.is_empty() { FieldKey::To } else { FieldKey::Text };
    OpenDialog::new(
        Dialog::Private,
        Form::new("Private message", [parts, vec![either("Send", "Cancel")]].concat()).at_field(first),
    )
}

/// The person's own away state.
#[must_use]
pub fn away(words: &str) -> OpenDialog {
    let choices = [(Action::Away, "away"), (Action::DoNotDisturb, "away, and no bell"), (Action::Back, "back")];
    let choice = radio(choices.map(|(action, words)| (Choice::Action(action), words.to_owned())).to_vec());
    OpenDialog::new(
        Dialog::Away,
        Form::new("Away", vec![FormField::plain(FieldKey::Text, "Text:", words), choice, either("Set", "Cancel")]),
    )
}

/// A broadcast.
#[must_use]
pub fn broadcast() -> OpenDialog {
    let choices = [(false, "to everyone but me"), (true, "to everyone, me too")];
    let choice = radio(choices.map(|(me_too, words)| (Choice::MeToo(me_too), words.to_owned())).to_vec());
    let parts = vec![FormField::plain(FieldKey::Text, "Text:", ""), choice, either("Send", "Cancel")];
    OpenDialog::new(Dialog::Broadcast, Form::new("Broadcast", parts))
}

/// Asks whether to leave; `unsent` says what would be lost.
#[must_use]
pub fn exit(unsent: Option<String>) -> OpenDialog {
    // A stray Enter must not lose what is not sent.
    let first = if unsent.is_some() { Press::Cancel } else { Press::Confirm };
    let words = unsent.unwrap_or_else(|| "Leave the chat?".to_owned());
    OpenDialog::new(Dialog::Exit, Form::new("Exit", vec![text(words), either("Leave", "Stay")]).at_button(first))
}

/// Asks for the moderator passphrase: to close the server, or only to become a moderator.
#[must_use]
pub fn passphrase(closing: bool, reason: &str) -> OpenDialog {
    let (which, title) =
        if closing { (Dialog::Passphrase, "Close server") } else { (Dialog::Moderator, "Become a moderator") };
    let parts = vec![
        text(reason),
        text("The server printed the passphrase when it first started."),
        FormField::secret(FieldKey::Passphrase, "Passphrase:"),
        either("Continue", "Cancel"),
    ];
    OpenDialog::new(which, Form::new(title, parts))
}

/// The delays offered for closing the server, in seconds.
const WHEN: [(&str, u64); 5] =
    [("now", 0), ("in 1 minute", 60), ("in 5 minutes", 300), ("in 10 minutes", 600), ("in 1 hour", 3600)];

/// Asks whether to close the server for everyone. `others` is how many other users are online, `later` offers delays, and
/// `pending` describes a closing that is already announced.
#[must_use]
pub fn close(server: &str, others: usize, later: bool, pending: Option<&str>) -> OpenDialog {
    let who = match others {
        0 => "Nobody else is online.".to_owned(),
        1 => "One other user is online.".to_owned(),
        count => format!("{count} other users are online."),
    };
    let mut parts = vec![text(format!("Close {server} for everyone? {who}"))];
    if later {
        let choice =
            |(words, seconds): &(&str, u64)| (Choice::After(Duration::from_secs(*seconds)), (*words).to_owned());
        parts.push(radio(WHEN.iter().map(choice).collect()));
        parts.push(FormField::plain(FieldKey::Reason, "Why:", ""));
    }
    parts.extend(pending.map(text));
    let both = [(Press::Confirm, "Close the server"), (Press::Cancel, "Cancel")];
    let off = pending.map(|_| (Press::CallOff, "Call it off"));
    parts.push(buttons(&both.into_iter().chain(off).collect::<Vec<_>>()));
    // A stray Enter must not do what cannot be undone.
    OpenDialog::new(Dialog::Close, Form::new("Close server", parts).at_button(Press::Cancel))
}

/// The server refused the name. With `code`, there is a field for an invitation code.
#[must_use]
pub fn name_refused(reason: &str, name: &str, server: &str, code: Option<&str>) -> OpenDialog {
    let mut fields =
        vec![FormField::plain(FieldKey::Name, "Name:", name), FormField::plain(FieldKey::Server, "Server:", server)];
    fields.extend(code.map(|code| FormField::plain(FieldKey::Code, "Code:", code)));
    let parts = [vec![text(reason), text("Join under another name, or elsewhere:")], fields];
    OpenDialog::new(Dialog::NameRefused, Form::new("Name", [parts.concat(), vec![or_quit("Join")]].concat()))
}

/// The name is reserved for those who know the passphrase.
#[must_use]
pub fn name_kept(reason: &str, name: &str) -> OpenDialog {
    let parts = vec![
        text(reason),
        text("Give the moderator passphrase, or another name."),
        FormField::secret(FieldKey::Passphrase, "Passphrase:"),
        FormField::plain(FieldKey::Name, "Name:", name),
        or_quit("Join"),
    ];
    OpenDialog::new(Dialog::NameKept, Form::new("Kept name", parts))
}

/// Another session of the same user has the name.
#[must_use]
pub fn take_over(reason: &str) -> OpenDialog {
    OpenDialog::new(Dialog::TakeOver, Form::new("Take over", vec![text(reason), or_quit("Take it over")]).at_buttons())
}

/// Another session took this one over.
#[must_use]
pub fn taken_over(reason: &str) -> OpenDialog {
    // The other session is the newer one: a stray Enter must not end it.
    OpenDialog::new(
        Dialog::TakenOver,
        Form::new("Taken over", vec![text(reason), or_quit("Take it back")]).at_button(Press::Quit),
    )
}

/// A moderator ended this session, by a ban if `banned`.
#[must_use]
pub fn removed(reason: &str, banned: bool) -> OpenDialog {
    let parts = vec![text(reason), text("F5 tries to come back."), either("Try again", "Stay offline")];
    OpenDialog::new(
        Dialog::Removed,
        Form::new(if banned { "Banned" } else { "Removed" }, parts).at_button(Press::Cancel),
    )
}

/// A ban refuses the connection; `reason` is the server's sentence about it.
#[must_use]
pub fn banned(reason: &str, server: &str) -> OpenDialog {
    let parts = vec![text(reason), FormField::plain(FieldKey::Server, "Server:", server), or_quit("Try again")];
    OpenDialog::new(Dialog::Nobody, Form::new("Banned", parts).at_buttons())
}

/// There is no server to talk to; `headline` says what happened and `reason` why.
#[must_use]
pub fn nobody(headline: &str, reason: &str, advice: &str, server: &str) -> OpenDialog {
    let mut parts = vec![text(headline)];
    parts.extend([reason, advice].into_iter().filter(|words| !words.is_empty()).map(text));
    parts.extend([FormField::plain(FieldKey::Server, "Server:", server), or_quit("Try again")]);
    OpenDialog::new(Dialog::Nobody, Form::new("No server", parts).at_buttons())
}
