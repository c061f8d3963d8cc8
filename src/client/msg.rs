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
    /// The editor that the draft was given to has ended: with the text, still raw, or a sentence about what went wrong.
    Edited(Result<String, String>),
    /// Something around the session failed; the sentence says what, and what to do.
    Trouble(String),
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
    /// Repaint the whole screen.
    Redraw,
    /// Suspend the process (job control).
    Suspend,
    /// Let the person edit a text in the editor of their choice; [`Msg::Edited`] brings it back.
    EditText(String),
    /// Keep what was sent, for the next run.
    Remember(Sent),
    /// Print a line, in plain mode. The full screen shows it in its view instead.
    Print(Printed),
    /// Leave the program.
    Leave(Farewell),
}

/// A text that was sent in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentText {
    /// The key of the conversation; empty for everyone.
    pub place: String,
    /// The text.
    pub text: String,
}

/// What was sent, and by whom on which server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The server.
    pub server: Url,
    /// The requested name.
    pub name: String,
    /// The text and its conversation.
    pub sent: SentText,
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
