//! The values behind the fields, choices, rows and buttons of dialogs, whatever text they are shown with.
//!
//! Must not know: how a form is laid out, or which keys it takes.

use std::time::Duration;

use crate::client::action::Action;
use crate::model::{MessageId, Name, Target, Url};

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
    /// The duration of a ban, a mute or an invitation.
    Time,
    /// How many people are invited.
    People,
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
    /// A reaction.
    Sign,
}

/// The value of a choice.
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
    /// The delay before the server closes.
    After(Duration),
}

/// The value of a row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pick {
    /// None: the row cannot be picked.
    #[default]
    Nothing,
    /// A user.
    Person(Name),
    /// A room, or the whole server.
    Place(Target),
    /// The direct conversation with a user.
    Direct(Name),
    /// A message.
    Message(MessageId),
    /// A reaction to a message.
    Reaction(MessageId, String),
    /// A ban or a mute in force.
    Ban {
        /// The subject, as it is written in a command.
        whom: String,
        /// Whether it is a mute.
        mute: bool,
    },
    /// An act of moderators.
    Action(Action),
    /// A reaction.
    Sign(String),
    /// A link, in printable ASCII.
    Link(String),
    /// A server.
    Server(Url),
}

impl Pick {
    /// The text that the row fills into a field.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Nothing | Self::Action(_) => String::new(),
            Self::Person(name) | Self::Direct(name) => name.to_string(),
            Self::Place(place) => place.to_string(),
            Self::Message(id) | Self::Reaction(id, _) => id.to_string(),
            Self::Ban { whom, .. } => whom.clone(),
            Self::Sign(text) | Self::Link(text) => text.clone(),
            Self::Server(url) => url.to_string(),
        }
    }
}

/// The action of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Confirms the dialog.
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
    /// Sends what is written.
    Send,
    /// Runs what is written as the command that it was meant as.
    Run,
    /// Drops what was pasted.
    Drop,
    /// Answers a call, and turns the camera on.
    WithCamera,
    /// Calls to talk directly, without pictures.
    Talk,
    /// Declines a call or a file.
    Decline,
    /// The words that were compared are the same.
    Match,
    /// The words that were compared differ.
    Differ,
    /// Asks for the page of the log before the oldest line shown.
    Older,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// Its action.
    pub press: Press,
    /// Its label.
    pub label: String,
}
