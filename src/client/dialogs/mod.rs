//! The dialogs: what each says and asks.
//!
//! Must not know: when one is opened, or what its answer leads to.

pub mod form;
pub mod moderation;
pub mod order;
pub mod rooms;

use super::action;
use crate::client::dialogs::form::{Field, Form, Item, List, Part};
use crate::client::dialogs::order::EVERYWHERE;
use crate::model::{Name, RoomName, Target};
use crate::protocol::Verb;

/// Which dialog it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the functions below say what each is")]
pub enum Dialog {
    Help,
    Menu,
    Echo,
    Clients,
    Private,
    Broadcast,
    Exit,
    Passphrase,
    Close,
    NameRefused,
    NameKept,
    Nobody,
    TakeOver,
    TakenOver,
    Removed,
    Away,
    Moderator,
    Rooms,
    Make,
    Leave(RoomName),
    Topic(Target),
    InviteTo(RoomName),
    Members(RoomName),
    Moderate,
    Act(Verb, Target),
    Bans(Target),
    Modlog(Target),
}

fn text(words: impl Into<String>) -> Part {
    Part::Text(words.into())
}

fn buttons(labels: &[&str]) -> Part {
    Part::Buttons { labels: labels.iter().map(|&label| label.to_owned()).collect(), at: 0 }
}

/// Everything that can be done, from the table.
#[must_use]
pub fn help() -> Form {
    let mut parts = vec![Part::Heading("What can be done".to_owned())];
    for row in action::table() {
        let ways: Vec<String> =
            [row.command_shown(), row.keys_shown()].into_iter().filter(|way| !way.is_empty()).collect();
        let others: String = row.aliases.iter().map(|alias| format!(" Also /{alias}.")).collect();
        parts.push(Part::Pair(ways.join("  "), format!("{}{others}", row.help)));
    }
    parts.push(text(""));
    parts.push(Part::Heading("Writing".to_owned()));
    parts.extend(action::WRITING.iter().map(|(keys, help)| Part::Pair((*keys).to_owned(), (*help).to_owned())));
    parts.push(text("//text sends a text that begins with a slash."));
    parts.push(text(format!("{EVERYWHERE} behind a moderator's command, as in /ban {EVERYWHERE} NAME REASON, acts on the whole server from within a room.")));
    parts.push(buttons(&["Close"]));
    Form::new("Help · Up and Down scroll, Esc closes", parts)
}

/// The menu, for screens without room for it.
#[must_use]
pub fn menu() -> Form {
    let choices = action::menu().map(|row| format!("{} {}", row.digit.unwrap_or(' '), row.name)).collect();
    Form::new("Menu", vec![Part::Radio { choices, on: 0, marked: false }, buttons(&["Choose", "Cancel"])])
}

/// A text that the server is to send back.
#[must_use]
pub fn echo() -> Form {
    Form::new("Echo", vec![Field::plain("Text:", ""), buttons(&["Send", "Cancel"])])
}

/// Who is online.
#[must_use]
pub fn clients(people: Vec<Item>) -> Form {
    Form::new(
        "Online",
        vec![Part::List(List::people(people)), buttons(&["Write", "Who is", "Ignore", "Away", "Close"])],
    )
}

/// A message to one user.
#[must_use]
pub fn private(to: &str, people: Vec<Item>, names: Vec<Name>) -> Form {
    let parts = vec![Field::name("To:", to, names), Field::plain("Text:", ""), Part::List(List::people(people))];
    let form = Form::new("Private message", [parts, vec![buttons(&["Send", "Cancel"])]].concat());
    if to.is_empty() { form } else { form.at_field(1) }
}

/// Whether one is there.
#[must_use]
pub fn away(words: &str) -> Form {
    let choices = ["away", "away, and no bell", "back"].map(str::to_owned).to_vec();
    let choice = Part::Radio { choices, on: 0, marked: true };
    Form::new("Away", vec![Field::plain("Text:", words), choice, buttons(&["Set", "Cancel"])])
}

/// A message to everyone.
#[must_use]
pub fn broadcast() -> Form {
    let choices = vec!["to everyone but me".to_owned(), "to everyone, me too".to_owned()];
    let parts =
        vec![Field::plain("Text:", ""), Part::Radio { choices, on: 0, marked: true }, buttons(&["Send", "Cancel"])];
    Form::new("Broadcast", parts)
}

/// Whether to leave; `unsent` says what would be lost.
#[must_use]
pub fn exit(unsent: Option<String>) -> Form {
    let words = unsent.unwrap_or_else(|| "Leave the chat?".to_owned());
    Form::new("Exit", vec![text(words), buttons(&["Leave", "Stay"])]).at_buttons()
}

/// The moderator passphrase; `title` says what for.
#[must_use]
pub fn passphrase(title: &str, reason: &str) -> Form {
    let parts = vec![
        text(reason),
        text("The server printed the passphrase when it first started."),
        Field::secret("Passphrase:"),
        buttons(&["Go on", "Cancel"]),
    ];
    Form::new(title, parts)
}

/// When a server may be closed, in the dialog.
pub const WHEN: [(&str, u64); 5] =
    [("now", 0), ("in 1 minute", 60), ("in 5 minutes", 300), ("in 10 minutes", 600), ("in 1 hour", 3600)];

/// Whether to close the server; with `later`, or when. `pending` says that it closes already.
#[must_use]
pub fn close(server: &str, others: usize, later: bool, pending: Option<&str>) -> Form {
    let who = match others {
        0 => "Nobody else is online.".to_owned(),
        1 => "One other user is online.".to_owned(),
        count => format!("{count} other users are online."),
    };
    let mut parts = vec![text(format!("Close {server} for everyone? {who}"))];
    if later {
        let choices = WHEN.iter().map(|(words, _)| (*words).to_owned()).collect();
        parts.push(Part::Radio { choices, on: 0, marked: true });
        parts.push(Field::plain("Why:", ""));
    }
    parts.extend(pending.map(text));
    let labels: &[&str] = if pending.is_some() {
        &["Close the server", "Cancel", "Call it off"]
    } else {
        &["Close the server", "Cancel"]
    };
    parts.push(buttons(labels));
    // What cannot be undone is not what a stray Enter does.
    Form::new("Close server", parts).at_button(1)
}

/// The name was not taken up. With `code`, there is a field for a code that lets one in.
#[must_use]
pub fn name_refused(reason: &str, name: &str, server: &str, code: Option<&str>) -> Form {
    let mut fields = vec![Field::plain("Name:", name), Field::plain("Server:", server)];
    fields.extend(code.map(|code| Field::plain("Code:", code)));
    let parts = [vec![text(reason), text("Join under another name, or elsewhere:")], fields];
    Form::new("Name", [parts.concat(), vec![buttons(&["Join", "Quit"])]].concat())
}

/// The name is kept for whoever knows the passphrase.
#[must_use]
pub fn name_kept(reason: &str, name: &str) -> Form {
    let parts = vec![
        text(reason),
        text("Give the moderator passphrase, or another name."),
        Field::secret("Passphrase:"),
        Field::plain("Name:", name),
        buttons(&["Join", "Quit"]),
    ];
    Form::new("Kept name", parts)
}

/// Another session of one's own has the name.
#[must_use]
pub fn take_over(reason: &str) -> Form {
    Form::new("Take over", vec![text(reason), buttons(&["Take it over", "Quit"])]).at_buttons()
}

/// This session was ended for another one.
#[must_use]
pub fn taken_over(reason: &str) -> Form {
    // The other session is the newer one: a stray Enter shall not end it.
    Form::new("Taken over", vec![text(reason), buttons(&["Take it back", "Quit"])]).at_button(1)
}

/// A moderator ended this session.
#[must_use]
pub fn removed(reason: &str) -> Form {
    let parts = vec![text(reason), text("Ctrl-R tries to come back."), buttons(&["Try again", "Stay offline"])];
    Form::new("Removed", parts).at_button(1)
}

/// No server to talk to; `headline` says what happened and `reason` why.
#[must_use]
pub fn nobody(headline: &str, reason: &str, server: &str) -> Form {
    let mut parts = vec![text(headline)];
    if !reason.is_empty() {
        parts.push(text(reason));
    }
    parts.push(text("To start a server on this machine: tr2 serve"));
    parts.extend([Field::plain("Server:", server), buttons(&["Try again", "Quit"])]);
    Form::new("No server", parts).at_buttons()
}
