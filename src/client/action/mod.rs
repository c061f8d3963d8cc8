//! The one table of everything that a user can do: it feeds the menu, the keys, the /commands, the help and the man
//! page.
//!
//! `bindings` says which key does what, [`help`] in which order they are explained, [`foreign`] what to do instead of
//! commands from elsewhere. The rows stand in `chat` (the menu, conversations, scrolling, identity), `rooms` (rooms and
//! people), `calls` and `moderation`; the keys of the composer in `writing`, and those of a picked message in `picking`.
//! [`reading`] tells commands from messages.
//!
//! Must not know: how any of it is carried out.

mod bindings;
mod calls;
mod chat;
pub mod foreign;
pub mod help;
mod moderation;
mod picking;
pub mod reading;
mod rooms;
mod writing;

use super::key::Key;
use crate::language::{self, Say, actions as say};
use crate::model::nearest::{nearest, third};
use crate::protocol::Verb;

pub use bindings::{Bindings, has_fixed_keys, is_fixed_key};
pub use picking::{PICKED, PickedAct, PickedRow};
pub use writing::fixed_keys;

/// An action of the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the table says what each does")]
pub enum Action {
    Echo,
    List,
    Private,
    Broadcast,
    Exit,
    CloseServer,
    Search,
    Rooms,
    Join,
    Leave,
    Topic,
    Members,
    Invite,
    Ignore,
    Unignore,
    Ignored,
    Call,
    Camera,
    Large,
    Talk,
    Sound,
    Direct,
    Answer,
    Decline,
    HangUp,
    Verify,
    Bypass,
    ForgetKey,
    Send,
    Accept,
    Stop,
    Away,
    Back,
    DoNotDisturb,
    Moderate,
    Moderator,
    Act(Verb),
    Bans,
    Modlog,
    Whois,
    Keys,
    RevokeKey,
    InviteKey,
    Sessions,
    Invitations,
    RevokeInvitation,
    Help,
    Menu,
    Query,
    Everyone,
    Goto,
    Jump,
    Next,
    Previous,
    NextUnread,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Me,
    Reply,
    Edit,
    React,
    Resend,
    Reconnect,
    Status,
    Set,
    Notify,
    Bare,
    Editor,
    Mouse,
    Switch,
    Mentions,
    MoveUp,
    MoveDown,
    PickUp,
    PickDown,
    EarlierMention,
    LaterMention,
    Rename,
    LeaveServer,
    Close,
    Clear,
    Redraw,
    Suspend,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The action.
    pub action: Action,
    /// Says its name in the menu.
    name: Say,
    /// Its name in the configuration, if it has no command.
    id: &'static str,
    /// Its digit in the menu, if it is there.
    pub digit: Option<char>,
    /// Its command, without the slash; empty if it has none.
    pub command: &'static str,
    /// The command's arguments, in capitals; empty if there are none.
    pub argument: &'static str,
    /// Other names of the command, from IRC and from habit.
    pub aliases: &'static [&'static str],
    /// Its keys.
    pub keys: &'static [Key],
    /// Says its help: one sentence.
    help: Say,
}

/// The defaults of a row.
const ROW: Row = Row {
    action: Action::Help,
    name: say::help,
    id: "",
    digit: None,
    command: "",
    argument: "",
    aliases: &[],
    keys: &[],
    help: say::help_help,
};

impl Row {
    /// The keys as the help shows them; empty if there are none.
    #[must_use]
    pub(crate) fn keys_shown(&self) -> String {
        match self.keys {
            [first, .., nine, tenth] if self.action == Action::Goto => {
                format!("{first}…{}, {tenth}", nine.to_string().replace("Alt-", ""))
            }
            keys => keys.iter().map(Key::to_string).collect::<Vec<_>>().join(", "),
        }
    }

    /// The command as the help shows it, with its slash and arguments; empty if there is none.
    #[must_use]
    pub fn command_shown(&self) -> String {
        match (self.command, self.argument) {
            ("", _) => String::new(),
            (command, "") => format!("/{command}"),
            (command, argument) => format!("/{command} {}", language::arguments::said(argument)),
        }
    }

    /// Whether the action needs no argument, so that it can be chosen from a list.
    #[must_use]
    pub(crate) fn is_simple(&self) -> bool {
        let needed = !self.argument.is_empty() && !self.argument.starts_with('[');
        !matches!(self.action, Action::Goto | Action::Switch) && (self.digit.is_some() || !needed)
    }

    /// Its name in the menu.
    #[must_use]
    pub fn name(&self) -> &'static str {
        (self.name)()
    }

    /// Its help: one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        (self.help)()
    }

    /// Its name in the configuration: the command, or else a name of its own.
    #[must_use]
    pub fn id(&self) -> &'static str {
        if self.command.is_empty() { self.id } else { self.command }
    }

    fn commands(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.command).filter(|command| !command.is_empty()).chain(self.aliases.iter().copied())
    }
}

/// The whole table.
pub fn table() -> impl Iterator<Item = &'static Row> {
    chat::MENU
        .iter()
        .chain(rooms::ROOMS)
        .chain(rooms::PEOPLE)
        .chain(moderation::MODERATION)
        .chain(calls::CALLS)
        .chain(chat::REST)
}

/// The moderators' actions, in the order of their dialog.
pub fn moderation() -> impl Iterator<Item = &'static Row> {
    moderation::MODERATION.iter().filter(|row| row.action != Action::Moderate)
}

/// The row of an action.
#[must_use]
pub fn row(action: Action) -> Option<&'static Row> {
    table().find(|row| row.action == action)
}

/// The rows of the menu, in order.
pub fn menu() -> impl Iterator<Item = &'static Row> {
    table().filter(|row| row.digit.is_some())
}

/// The action of a digit in the menu.
#[must_use]
pub(crate) fn of_digit(digit: char) -> Option<Action> {
    table().find(|row| row.digit == Some(digit)).map(|row| row.action)
}

/// The action of a command, given without its slash.
#[must_use]
pub(crate) fn of_command(command: &str) -> Option<Action> {
    let command = command.to_lowercase();
    table().find(|row| row.commands().any(|known| known == command)).map(|row| row.action)
}

/// The commands that begin with `stem`, each with its slash and a space behind it.
#[must_use]
pub(crate) fn commands_like(stem: &str) -> Vec<String> {
    let stem = stem.to_lowercase();
    let all = table().flat_map(Row::commands);
    all.filter(|command| command.starts_with(&stem)).map(|command| format!("/{command} ")).collect()
}

/// The command that was probably meant, with its slash.
#[must_use]
pub fn nearest_command(typed: &str) -> Option<String> {
    let typed = typed.to_lowercase();
    nearest(&typed, table().flat_map(Row::commands), third).map(|command| format!("/{command}"))
}
