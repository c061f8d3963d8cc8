//! The dialogs: the text, fields and buttons of each.
//!
//! Must not know: when a dialog is opened, or what its answer leads to.

pub mod calls;
pub mod filled;
pub mod form;
pub mod going;
pub mod help;
pub mod inviting;
pub mod moderation;
pub mod open;
pub mod order;
pub mod picked;
pub mod rooms;
pub mod writing;

use std::time::Duration;

use super::action::{self, Action};
use crate::client::dialogs::form::{Button, Choice, FieldKey, Form, FormField, FormPart, Item, List, Pick, Press};
use crate::client::dialogs::open::{Dialog, OpenDialog};
use crate::client::view::{Scope, StyledLine};
use crate::language::{Say, dialogs as say};
use crate::model::Name;
use crate::protocol::beacon::NearbyServer;

/// How much of a server's key is shown in a list, in characters: enough to tell servers apart, and no more is promised.
const SHORT_KEY: usize = 15;

fn text(words: impl Into<String>) -> FormPart {
    FormPart::Text(words.into())
}

fn buttons(buttons: &[(Press, &str)]) -> FormPart {
    let button = |(press, label): &(Press, &str)| Button { press: *press, label: (*label).to_owned() };
    FormPart::Buttons { buttons: buttons.iter().map(button).collect(), at: Some(0) }
}

/// A button that confirms, and one that cancels.
fn either(confirm: &str, cancel: &str) -> FormPart {
    buttons(&[(Press::Confirm, confirm), (Press::Cancel, cancel)])
}

/// A button that confirms, and one that quits, for dialogs without whose answer there is no chat.
fn or_quit(confirm: &str) -> FormPart {
    buttons(&[(Press::Confirm, confirm), (Press::Quit, say::quit())])
}

fn radio(choices: Vec<(Choice, String)>) -> FormPart {
    FormPart::Radio { choices, on: 0, marked: true }
}

/// The menu, for screens without room for its pane.
#[must_use]
pub fn menu() -> OpenDialog {
    let choices =
        action::menu().map(|row| (Choice::Action(row.action), format!("{} {}", row.digit.unwrap_or(' '), row.name())));
    let choices = choices.collect();
    OpenDialog::new(
        Dialog::Menu,
        Form::new(
            say::menu(),
            vec![FormPart::Radio { choices, on: 0, marked: false }, either(say::choose(), say::cancel())],
        ),
    )
}

/// Asks for a text for the server to echo.
#[must_use]
pub fn echo() -> OpenDialog {
    OpenDialog::new(
        Dialog::Echo,
        Form::new(
            say::echo(),
            vec![FormField::plain(FieldKey::Text, say::text(), ""), either(say::send(), say::cancel())],
        ),
    )
}

/// The list of who is online; with `rooms`, the title says how to list those, as the same command does elsewhere.
#[must_use]
pub fn clients(people: Vec<Item>, rooms: bool) -> OpenDialog {
    OpenDialog::new(
        Dialog::Clients,
        Form::new(
            if rooms { say::online_and_rooms() } else { say::online() },
            vec![
                FormPart::List(List::people(people)),
                buttons(&[
                    (Press::Confirm, say::write()),
                    (Press::WhoIs, say::who_is()),
                    (Press::Ignore, say::ignore()),
                    (Press::Away, say::away()),
                    (Press::Cancel, say::close()),
                ]),
            ],
        ),
    )
}

/// A private message. `to` is the recipient, if already known; `names` are completed by Tab.
#[must_use]
pub fn private(to: &str, people: Vec<Item>, names: Vec<Name>) -> OpenDialog {
    let parts = vec![
        FormField::name(FieldKey::To, say::to(), to, names),
        FormField::plain(FieldKey::Text, say::text(), ""),
        FormPart::List(List { fills: Some(FieldKey::To), ..List::people(people) }),
    ];
    let first = if to.is_empty() { FieldKey::To } else { FieldKey::Text };
    OpenDialog::new(
        Dialog::Private,
        Form::new(say::private_message(), [parts, vec![either(say::send(), say::cancel())]].concat()).at_field(first),
    )
}

/// The person's own away state.
#[must_use]
pub fn away(words: &str) -> OpenDialog {
    let choices = [
        (Action::Away, say::is_away()),
        (Action::DoNotDisturb, say::is_away_without_bell()),
        (Action::Back, say::is_back()),
    ];
    let choice = radio(choices.map(|(action, words)| (Choice::Action(action), words.to_owned())).to_vec());
    OpenDialog::new(
        Dialog::Away,
        Form::new(
            say::away(),
            vec![FormField::plain(FieldKey::Text, say::text(), words), choice, either(say::set(), say::cancel())],
        ),
    )
}

/// A broadcast.
#[must_use]
pub fn broadcast() -> OpenDialog {
    let choices = [(false, say::to_all_but_me()), (true, say::to_all())];
    let choice = radio(choices.map(|(me_too, words)| (Choice::MeToo(me_too), words.to_owned())).to_vec());
    let parts = vec![FormField::plain(FieldKey::Text, say::text(), ""), choice, either(say::send(), say::cancel())];
    OpenDialog::new(Dialog::Broadcast, Form::new(say::broadcast(), parts))
}

/// Asks whether to leave; `unsent` says what would be lost.
#[must_use]
pub fn exit(unsent: Option<String>) -> OpenDialog {
    // A stray Enter must not lose what is not sent.
    let first = if unsent.is_some() { Press::Cancel } else { Press::Confirm };
    let words = unsent.unwrap_or_else(|| say::leave_the_chat().to_owned());
    OpenDialog::new(
        Dialog::Exit,
        Form::new(say::exit(), vec![text(words), either(say::leave(), say::stay())]).at_button(first),
    )
}

/// Asks whether to leave the server for good; `question` says what becomes of what was said.
#[must_use]
pub fn leave_server(question: &str) -> OpenDialog {
    let parts = vec![text(question), either(say::leave_for_good(), say::stay())];
    // A stray Enter must not do what cannot be undone.
    OpenDialog::new(Dialog::LeaveServer, Form::new(say::leave_for_good(), parts).at_button(Press::Cancel))
}

/// Asks for the moderator passphrase: to close the server, or only to become a moderator.
#[must_use]
pub fn passphrase(closing: bool, reason: &str) -> OpenDialog {
    let (which, title) =
        if closing { (Dialog::Passphrase, say::close_server()) } else { (Dialog::Moderator, say::become_moderator()) };
    let parts = vec![
        text(reason),
        text(say::passphrase_printed()),
        FormField::secret(FieldKey::Passphrase, say::passphrase()),
        either(say::go_on(), say::cancel()),
    ];
    OpenDialog::new(which, Form::new(title, parts))
}

/// The delays offered for closing the server, in seconds.
const WHEN: [(Say, u64); 5] = [
    (say::now, 0),
    (say::in_1_minute, 60),
    (say::in_5_minutes, 300),
    (say::in_10_minutes, 600),
    (say::in_1_hour, 3600),
];

/// Asks whether to close the server for everyone. `others` is how many other users are online, `later` offers delays, and
/// `pending` describes a closing that is already announced.
#[must_use]
pub fn close(server: &str, others: usize, later: bool, pending: Option<&str>) -> OpenDialog {
    let question = match others {
        0 => say::close_for_all_alone(server),
        others => say::close_for_all(others, server),
    };
    let mut parts = vec![text(question)];
    if later {
        let choice = |(words, seconds): &(Say, u64)| (Choice::After(Duration::from_secs(*seconds)), words().to_owned());
        parts.push(radio(WHEN.iter().map(choice).collect()));
        parts.push(FormField::plain(FieldKey::Reason, say::why(), ""));
    }
    parts.extend(pending.map(text));
    let both = [(Press::Confirm, say::close_the_server()), (Press::Cancel, say::cancel())];
    let off = pending.map(|_| (Press::CallOff, say::call_off()));
    parts.push(buttons(&both.into_iter().chain(off).collect::<Vec<_>>()));
    // A stray Enter must not do what cannot be undone.
    OpenDialog::new(Dialog::Close, Form::new(say::close_server(), parts).at_button(Press::Cancel))
}

/// The field for another server; none where the chat goes to one server only.
fn server_field(server: Option<&str>) -> Option<FormPart> {
    server.map(|server| FormField::plain(FieldKey::Server, say::server(), server))
}

/// The server refused the name. With `code`, there is a field for an invitation code; with `server`, one for another
/// server.
#[must_use]
pub fn name_refused(reason: &str, name: &str, server: Option<&str>, code: Option<&str>) -> OpenDialog {
    let question = if server.is_some() { say::join_elsewhere() } else { say::join_as_another() };
    let mut fields = vec![FormField::plain(FieldKey::Name, say::name(), name)];
    fields.extend(server_field(server));
    fields.extend(code.map(|code| FormField::plain(FieldKey::Code, say::code(), code)));
    let parts = [vec![text(reason), text(question)], fields];
    OpenDialog::new(
        Dialog::NameRefused,
        Form::new(say::name_title(), [parts.concat(), vec![or_quit(say::join())]].concat()),
    )
}

/// The name is reserved for those who know the passphrase.
#[must_use]
pub fn name_kept(reason: &str, name: &str) -> OpenDialog {
    let parts = vec![
        text(reason),
        text(say::passphrase_or_name()),
        FormField::secret(FieldKey::Passphrase, say::passphrase()),
        FormField::plain(FieldKey::Name, say::name(), name),
        or_quit(say::join()),
    ];
    OpenDialog::new(Dialog::NameKept, Form::new(say::kept_name(), parts))
}

/// The server is being maintained, and lets only moderators in.
#[must_use]
pub fn maintenance(reason: &str) -> OpenDialog {
    let parts = vec![
        text(reason),
        text(say::passphrase_or_later()),
        FormField::secret(FieldKey::Passphrase, say::passphrase()),
        or_quit(say::try_again()),
    ];
    OpenDialog::new(Dialog::Maintenance, Form::new(say::maintenance(), parts))
}

/// Another session of the same user has the name.
#[must_use]
pub fn take_over(reason: &str) -> OpenDialog {
    OpenDialog::new(
        Dialog::TakeOver,
        Form::new(say::take_over(), vec![text(reason), or_quit(say::take_it_over())]).at_buttons(),
    )
}

/// Another session took this one over, or ended it where there can be `several`.
#[must_use]
pub fn taken_over(reason: &str, several: bool) -> OpenDialog {
    let (title, again) =
        if several { (say::ended_elsewhere(), say::join_again()) } else { (say::taken_over(), say::take_it_back()) };
    // The person is in the other session now: a stray Enter must not end it.
    OpenDialog::new(Dialog::TakenOver, Form::new(title, vec![text(reason), or_quit(again)]).at_button(Press::Quit))
}

/// A moderator ended this session, by a ban if `banned`.
#[must_use]
pub fn removed(reason: &str, banned: bool) -> OpenDialog {
    let parts = vec![text(reason), text(say::f5_tries()), either(say::try_again(), say::stay_offline())];
    OpenDialog::new(
        Dialog::Removed,
        Form::new(if banned { say::banned() } else { say::removed() }, parts).at_button(Press::Cancel),
    )
}

/// Servers that have made themselves known to the networks of this machine; Enter takes one as the server to join.
#[must_use]
pub fn nearby(servers: &[NearbyServer]) -> List {
    let row = |NearbyServer { name, url, key }: &NearbyServer| Item {
        value: Pick::Server(url.clone()),
        left: StyledLine::of(Scope::Text, name.as_str()).and(Scope::Dim, format!("  {url}")),
        right: key.map_or_else(StyledLine::default, |key| {
            let key: String = key.to_string().chars().take(SHORT_KEY).collect();
            StyledLine::of(Scope::Dim, key)
        }),
        ..Item::default()
    };
    List {
        rows: servers.iter().map(row).collect(),
        what: (say::server_nearby(), say::servers_nearby()),
        fills: Some(FieldKey::Server),
        ..List::default()
    }
}

/// A ban refuses the connection; `reason` is the server's sentence about it.
#[must_use]
pub fn banned(reason: &str, server: Option<&str>) -> OpenDialog {
    let parts = [text(reason)].into_iter().chain(server_field(server)).chain([or_quit(say::try_again())]).collect();
    OpenDialog::new(Dialog::Nobody, Form::new(say::banned(), parts).at_buttons())
}

/// There is no server to talk to; `headline` says what happened and `reason` why.
#[must_use]
pub fn nobody(headline: &str, reason: &str, advice: &str, server: Option<&str>) -> OpenDialog {
    let mut parts = vec![text(headline)];
    parts.extend([reason, advice].into_iter().filter(|words| !words.is_empty()).map(text));
    parts.extend(server_field(server).into_iter().chain([or_quit(say::try_again())]));
    OpenDialog::new(Dialog::Nobody, Form::new(say::no_server(), parts).at_buttons())
}
