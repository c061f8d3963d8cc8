//! The decision on a command: steps for the parts of the session, or a reason why not.
//!
//! Must not know: how a step is carried out.

use std::path::PathBuf;

use crate::client::action::{self, Action};
use crate::client::chat::conversation::Anchor;
use crate::client::dialogs::open::OpenDialog;
use crate::client::msg::Effect;
use crate::client::session::link::step::LinkStep;
use crate::client::session::notice::Notice;
use crate::client::session::outbound::awaited::{Awaited, Inquiry};
use crate::client::session::settings::SettingChange;
use crate::client::view::MessageRef;
use crate::language::commands as say;
use crate::model::{MessageId, Name, RoomName, Target};
use crate::protocol::{CallId, CallWants, Command, ReplyTo};

/// The steps of a command, in order, or the reason why it is declined.
pub(in crate::client::session) type Decision = Result<Vec<CommandStep>, Declined>;

/// A step of a command.
#[derive(Clone, Debug)]
pub(in crate::client::session) enum CommandStep {
    /// Ask the server, and await the answer.
    Ask(Command, Awaited),
    /// Tell the person something.
    Tell(Notice),
    /// Open a dialog.
    Open(Box<OpenDialog>),
    /// Pass an effect to the shell.
    Emit(Effect),
    /// Send a message; if that fails, so does the command.
    Send { target: Target, me_too: bool, text: String },
    /// Say something directly to a user; if that fails, so does the command.
    SayDirect { to: Name, text: String },
    /// Answer a message; if that fails, so does the command.
    Reply { target: Target, reply: ReplyTo, text: String },
    /// Give a message of the person's another text; if that fails, so does the command.
    Edit { target: Target, message: MessageRef, text: String },
    /// Delete a message of the person's; if that fails, so does the command.
    Delete { target: Target, id: MessageId },
    /// Put a reaction on a message, or take it back; if that fails, so does the command.
    React { target: Target, id: MessageId, reaction: String },
    /// Resend the messages marked as not sent in the conversation in view.
    Resend,
    /// Change what is in view.
    View(ViewStep),
    /// List people, rooms or members.
    List(ListStep),
    /// Take back the message with this label, which waits or was not sent; if that fails, so does the command.
    Withdraw(String),
    /// Search for what mentions the person.
    SearchMentions,
    /// Search for these words; without any, only open the dialog of the search.
    Search(String),
    /// Change the recipient of the lines of plain mode; `None` for nobody.
    Aim(Option<Target>),
    /// Make everyone the recipient of the lines of plain mode.
    AimAtEveryone,
    /// Replace the list of ignored users, which the server does not keep.
    Ignore(Vec<Name>),
    /// Change a setting.
    Configure(SettingChange),
    /// Takes the mouse from the terminal, or gives it back.
    TurnMouse,
    /// Sets whether the bell is silenced.
    Undisturbed(bool),
    /// A step of moderators.
    Preside(PresideStep),
    /// A step that concerns the connection.
    Link(LinkStep),
    /// A step about calls; if it fails, so does the command.
    Call(CallStep),
    /// A step about the text being written.
    Write(WriteStep),
    /// Open a link, or copy it where nothing can open it.
    Follow(String),
    /// Leave, but ask first if something would be lost.
    Exit,
    /// Leave at once.
    Leave,
}

/// A step about calls, and what goes directly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum CallStep {
    /// Call a user.
    Ring(Name, CallWants),
    /// Call a user to offer a file, if it can be read.
    RingForFile(Name, PathBuf),
    /// Answer the call.
    Answer(CallId),
    /// Decline the call.
    Decline(CallId),
    /// End the call.
    HangUp(CallId),
    /// The lines of plain mode go directly to a user.
    Aim(Name),
    /// Offer a file on the channel of the call, or once that is open.
    Send(CallId, PathBuf),
    /// Accept the file that the other one offers.
    Accept(CallId, u32),
    /// Decline it, or stop receiving it.
    DeclineFile(CallId, u32),
    /// Stop all files of the call.
    StopFiles(CallId),
    /// The words that two people compared are the same.
    Match(CallId),
    /// The words that two people compared differ.
    Differ(CallId),
    /// The packets of the call are to bypass the server, or no longer.
    Bypass(CallId, bool),
    /// Join a room's call, or begin one.
    Join(RoomName),
    /// Leave the call of the room.
    LeaveRoomCall,
    /// Turn our camera on or off in the call of the room.
    RoomCamera(bool),
    /// There is to be sound in the call, or none.
    Sound(CallId, bool),
    /// The key to speak in the call was pressed, or is held.
    PressTalk(CallId),
    /// Speak in the call, or no longer.
    Talk(CallId, bool),
    /// Give the pictures of the call a place, even while nobody's camera is on.
    ExpectPictures(CallId),
    /// Turn our camera on or off in the call.
    Camera(CallId, bool),
    /// Forget whose key is known under this name.
    Forget(Name),
    /// The dialog of the call was put away without an answer.
    SetAside(CallId),
}

/// A step about the text being written: the draft, or a paste that waits for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum WriteStep {
    /// Send the draft as a message, whatever it looks like.
    SendAsText,
    /// Send the draft in as many messages as it needs.
    SendInParts,
    /// Run the draft as the command that it was meant as.
    RunMeant,
    /// Put the paste into the draft and send that.
    SendPaste,
    /// Put the paste into the draft.
    EditPaste,
    /// Drop the paste; Ctrl-Y brings it back.
    DropPaste,
    /// Open the draft in the person's own editor.
    OpenEditor,
}

/// A step that changes what is in view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum ViewStep {
    /// Show the picture of a call large, or small again.
    Large,
    /// Show the conversation with a user or in a room, begun if there is none.
    Show(Target),
    /// Show the direct conversation with a user.
    ShowDirect(Name),
    /// Show the conversation with this index.
    ShowAt(usize),
    /// Scroll by this many pages.
    Page(isize),
    /// Scroll to a position.
    ScrollTo(Anchor),
    /// Return to the newest messages.
    Attach,
    /// The menu.
    Menu,
    /// The number of a conversation is typed next.
    AskNumber,
    /// Close the conversation in view, which is with a user.
    Close,
    /// Clear the messages in view.
    Clear,
    /// Only the messages, or everything again.
    Bare,
    /// Move the conversation in view up or down in the list.
    Move { down: bool },
    /// Pick a message before or after the one that is picked.
    Pick(Direction, PickWhich),
}

/// Where to look for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Direction {
    /// Before the one that is picked, or from the newest on.
    Earlier,
    /// After the one that is picked.
    Later,
}

/// Which messages can be picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum PickWhich {
    /// All of them.
    Any,
    /// Those that mention the person.
    Mention,
}

/// A list to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum ListStep {
    /// Who is online.
    People,
    /// The rooms.
    Rooms,
    /// The members of a room.
    Members(RoomName),
}

/// A step of moderators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum PresideStep {
    /// List the bans and mutes in force in a place.
    ListBans(Target),
    /// Read this many lines of the log of a place, from its end.
    ReadLog(Target, usize),
    /// Read the next older page of the log of a place.
    ReadOlderLog(Target),
    /// Ask the person for the passphrase, to close the server or only to become a moderator.
    AskPassphrase { closing: bool, reason: &'static str },
    /// Send the passphrase, to close the server or only to become a moderator.
    GivePassphrase { closing: bool, passphrase: String },
    /// Forget that the person wants to close the server.
    ForgetClose,
    /// Ask the person whether to close the server.
    ConfirmClose,
    /// Close the server at once.
    CloseNow,
}

/// The reason why a command is declined.
#[derive(Clone, Debug)]
pub(in crate::client::session) enum Declined {
    /// Something is wrong; the notice says what.
    Because(Notice),
    /// The person is not in the room.
    NotInside(RoomName),
    /// The command would have changed the recipient of the lines of plain mode: until that is settled, they go to
    /// nobody.
    Astray(Box<Self>),
    /// A field is not filled in yet.
    Unfilled,
    /// The person has to decide; the text stays where it was written.
    Ask(Box<OpenDialog>),
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

    pub(in crate::client::session) fn ask(dialog: OpenDialog) -> Self {
        Self::Ask(Box::new(dialog))
    }

    /// The arguments are wrong; explains the command.
    pub(in crate::client::session) fn explain(action: Action) -> Self {
        let words = action::row(action).map(|row| say::write_command(row.command_shown(), row.help()));
        Self::because(words.unwrap_or_default())
    }
}
