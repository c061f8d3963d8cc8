//! The messages that the session takes, and the effects that it returns.
//!
//! Must not know: where messages come from, or how effects are carried out.

use super::key::Key;
use crate::model::{Name, Target, Text, Timestamp, Url};
use crate::protocol::{Dialect, Envelope, Request};

/// An input of the session.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted; it is still raw.
    Paste(String),
    /// The screen was resized, in cells.
    Resize {
        /// Width.
        cols: u16,
        /// Height.
        rows: u16,
    },
    /// A line was typed in plain mode.
    Line(String),
    /// The rest of the previous line, which was too long to be read at once. Never a command.
    Rest(String),
    /// The input of plain mode ended: leave once everything is accepted.
    EndOfInput,
    /// News of the connection.
    Net(Net),
    /// The time returned by `Session::deadline` has come.
    Tick,
    /// The terminal is gone or the process is asked to end: leave at once.
    Hangup,
    /// The terminal got the focus, or lost it. Terminals that cannot tell never say this.
    Focus(bool),
    /// The background of the terminal is known. This may come late, more than once, or never.
    Background(Background),
    /// The mouse did something, as [`Effect::Mouse`] has asked.
    Mouse(MouseEvent),
    /// The editor that [`Effect::EditText`] started has ended, with the text or with a sentence that says why there is
    /// none; the text that was given is then still the right one.
    Edited(Result<String, String>),
    /// The terminal cannot do what an effect asked; the sentence says why.
    Declined(String),
}

/// Whether the terminal shows light text on dark, or dark text on light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what it is named after")]
pub enum Background {
    Dark,
    Light,
}

/// What the mouse did, at a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MouseEvent {
    /// What was done.
    pub action: MouseAction,
    /// The column, from 0.
    pub x: u16,
    /// The row, from 0.
    pub y: u16,
}

/// What can be done with a mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseAction {
    /// The left button was pressed.
    Click,
    /// The middle button was pressed.
    MiddleClick,
    /// The right button was pressed.
    RightClick,
    /// The wheel was turned by one notch, away from the person.
    WheelUp,
    /// The wheel was turned by one notch, towards the person.
    WheelDown,
}

/// News of the connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Net {
    /// The server answered in this dialect; its greeting follows as [`Net::Said`].
    Connected(Dialect),
    /// The server said something.
    Said(Envelope),
    /// A server was met for the first time; the sentences say what to know about it.
    Met(String),
    /// The server is not the one it should be; the sentences say why and what to do.
    Distrusted(String),
    /// The connection was lost; the sentence says why.
    Lost(String),
    /// No connection could be made; the sentence says why.
    Failed(String),
}

/// An effect for the shell to carry out.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Connect to a server, ending any existing connection.
    Dial(Url),
    /// Send a request to the server.
    Send(Request),
    /// End the connection once everything is sent.
    Disconnect,
    /// Ring the terminal's bell.
    Bell,
    /// Set the title of the terminal's window.
    Title(String),
    /// Put a text into the terminal's clipboard. What is too long comes back as [`Msg::Declined`].
    Copy(String),
    /// Show a notification on the desktop, or ring the bell where the terminal has none.
    Notify {
        /// Who or what it is about.
        title: String,
        /// What is new.
        body: String,
    },
    /// Take the mouse from the terminal, or give it back; at first the terminal has it.
    Mouse(bool),
    /// Let the user edit a text in their own editor; [`Msg::Edited`] follows.
    EditText(String),
    /// Repaint the whole screen.
    Redraw,
    /// Suspend the process (job control).
    Suspend,
    /// Print a line, in plain mode. The full screen shows it in its view instead.
    Print(Printed),
    /// Leave the program.
    Leave(Farewell),
}

/// A line to print in plain mode.
#[derive(Clone, Debug, PartialEq)]
pub enum Printed {
    /// A message.
    Message {
        /// The time of the message.
        time: Timestamp,
        /// The sender.
        from: Name,
        /// Whether the sender had proved their identity.
        verified: bool,
        /// The recipient.
        to: Target,
        /// The text.
        text: Text,
    },
    /// A message that a search has found, with its day and conversation.
    Found {
        /// The time of the message.
        time: Timestamp,
        /// The sender.
        from: Name,
        /// Whether the sender had proved their identity.
        verified: bool,
        /// The conversation.
        to: Target,
        /// The text.
        text: Text,
    },
    /// The mark above the first unread message.
    New,
    /// A notice from the client or the server.
    Notice(Timestamp, Text),
    /// An error, for standard error.
    Error(Text),
}

/// The outcome of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// It ended as requested.
    Done,
    /// Something failed; the sentence says what.
    Failed(String),
    /// The server refused; the sentence says why.
    Refused(String),
}
