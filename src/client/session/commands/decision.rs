//! What a command comes to: steps for the parts of the session, or a reason why nothing comes of it.
//!
//! Must not know: how a step is carried out.

use crate::client::action::{self, Action};
use crate::client::chat::conversation::Anchor;
use crate::client::dialogs::open::OpenDialog;
use crate::client::msg::Effect;
use crate::client::session::link::step::LinkStep;
use crate::client::session::notice::Notice;
use crate::client::session::outbound::awaited::{Awaited, Inquiry};
use crate::model::{Name, RoomName, Target};
use crate::protocol::Command;

/// The steps that a command comes to, in their order.
pub(in crate::client::session) type Decision = Result<Vec<CommandStep>, Declined>;

/// Something to be done, by the family of parts that do it.
#[derive(Clone, Debug)]
pub(in crate::client::session) enum CommandStep {
    /// The server is asked.
    Ask(Command, Awaited),
    /// The person is told something.
    Tell(Notice),
    /// A dialog is opened.
    Open(Box<OpenDialog>),
    /// The shell does something.
    Emit(Effect),
    /// A message is sent; nothing comes of the command if it cannot be.
    Send { target: Target, me_too: bool, text: String },
    /// What is marked in the conversation in view is sent again.
    Resend,
    /// Another part of the chat comes into view.
    View(ViewStep),
    /// A list is asked for.
    List(ListStep),
    /// These words are searched for; without any, the dialog of the search is opened.
    Search(String),
    /// Plain mode's lines go there from now on; nowhere if that is nobody.
    Aim(Option<Target>),
    /// Plain mode's lines go to everyone from now on.
    AimAtEveryone,
    /// These are ignored from now on, and nobody else, by a server that keeps no such list.
    Ignore(Vec<Name>),
    /// Whether the bell keeps still from now on.
    Undisturbed(bool),
    /// Something that only moderators do or are shown.
    Preside(PresideStep),
    /// Something about the connection.
    Link(LinkStep),
    /// The person leaves, and is asked before if something would be lost.
    Exit,
    /// The person leaves at once.
    Leave,
}

/// What comes into view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum ViewStep {
    /// The conversation with a user or in a room, begun if there is none.
    Show(Target),
    /// The conversation of this number.
    ShowAt(usize),
    /// Older or newer messages, so many pages on.
    Page(isize),
    /// The messages from here.
    ScrollTo(Anchor),
    /// The newest messages.
    Attach,
    /// The menu.
    Menu,
}

/// What is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum ListStep {
    /// Who is online.
    People,
    /// The rooms.
    Rooms,
    /// The members of a room.
    Members(RoomName),
}

/// What only moderators do or are shown: lists, the passphrase, and the server's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum PresideStep {
    /// The bans and mutes in force in a place are asked for.
    ListBans(Target),
    /// The log of a place is read from its end, so many acts of it.
    ReadLog(Target, usize),
    /// The page of the log of a place before the oldest act that is known is asked for.
    ReadOlderLog(Target),
    /// The person is asked for the passphrase, to close the server or to be a moderator and no more; the words say why.
    AskPassphrase { closing: bool, reason: &'static str },
    /// The passphrase is given, to close the server or to be a moderator and no more.
    GivePassphrase { closing: bool, passphrase: String },
    /// The person does not want to close the server after all.
    ForgetClose,
    /// The person is asked whether to close the server.
    ConfirmClose,
    /// The server is closed at once.
    CloseNow,
}

/// Why nothing comes of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Declined {
    /// The person is told.
    Because(Notice),
    /// The person is not in the room.
    NotInside(RoomName),
    /// Plain mode's lines may have been meant for somebody that they cannot go to: the next ones go nowhere.
    Astray(Box<Self>),
    /// Something is not filled in yet.
    Unfilled,
}

impl CommandStep {
    pub(in crate::client::session) fn inquire(command: Command, inquiry: Inquiry) -> Self {
        Self::Ask(command, Awaited::Inquiry(inquiry))
    }

    pub(in crate::client::session) fn open(dialog: OpenDialog) -> Self {
        Self::Open(Box::new(dialog))
    }
}

impl Declined {
    pub(in crate::client::session) fn because(words: impl Into<String>) -> Self {
        Self::Because(Notice::trouble(words))
    }

    /// The command is not written as it should be.
    pub(in crate::client::session) fn explain(action: Action) -> Self {
        let words = action::row(action).map(|row| format!("Write {}. {}", row.command_shown(), row.help));
        Self::because(words.unwrap_or_default())
    }
}
