//! What the fields, choices, rows and buttons of dialogs stand for: values, whatever words they are shown with.
//!
//! Must not know: how a form is laid out, or which keys move in it.

use std::time::Duration;

use crate::client::action::Action;
use crate::model::{MessageId, Name, Target};

/// A field of a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKey {
    /// The recipient of a private message.
    To,
    /// A message, an echo, or an away message.
    Text,
    /// The user that a moderator acts on, or the subject of a ban.
    Whom,
    /// The pause of slow mode.
    Seconds,
    /// For how long a ban or a mute holds.
    Time,
    /// The reason of a moderator's act, or the text of an announcement.
    Reason,
    /// A user's or a room's name.
    Name,
    /// The address of a server.
    Server,
    /// An invitation code.
    Code,
    /// A moderator passphrase.
    Passphrase,
    /// The topic of a place.
    Topic,
}

/// One of a few possibilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// An action of the menu.
    Action(Action),
    /// Whether a moderator acts on the whole server.
    Everywhere(bool),
    /// Whether a mode is turned on.
    On(bool),
    /// Whether a broadcast comes to its sender too.
    MeToo(bool),
    /// Whether a room is private.
    Private(bool),
    /// After how long the server closes.
    After(Duration),
}

/// What a row of a list stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pick {
    /// Nothing that can be picked.
    #[default]
    Nothing,
    /// A user.
    Person(Name),
    /// A room, or the whole server.
    Place(Target),
    /// A message.
    Message(MessageId),
    /// A ban or a mute in force.
    Ban {
        /// The subject, as it is written in a command.
        whom: String,
        /// Whether it is a mute.
        mute: bool,
    },
    /// Something that moderators can do.
    Action(Action),
}

impl Pick {
    /// The row as it is written into a field.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Nothing | Self::Action(_) => String::new(),
            Self::Person(name) => name.to_string(),
            Self::Place(place) => place.to_string(),
            Self::Message(id) => id.to_string(),
            Self::Ban { whom, .. } => whom.clone(),
        }
    }
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Does what the dialog is there for.
    Confirm,
    /// Closes the dialog, as Esc does.
    Cancel,
    /// Leaves the program.
    Quit,
    /// Asks who the picked user is.
    WhoIs,
    /// Ignores the picked user, or ends that.
    Ignore,
    /// Opens the dialog about being away.
    Away,
    /// Calls the announced end of the server off.
    CallOff,
    /// Asks whom a ban would hit.
    DryRun,
    /// Opens the dialog that makes a room.
    Make,
    /// Opens the dialog that leaves the picked room.
    Leave,
    /// Opens the dialog that sets the topic of the picked room.
    Topic,
    /// Opens the dialog that invites into the picked room.
    Invite,
    /// Asks for the page of the log before the oldest line shown.
    Older,
}

/// A button: what it does, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it does.
    pub press: Press,
    /// What it says.
    pub label: String,
}
