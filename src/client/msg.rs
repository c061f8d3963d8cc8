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
    /// Whether the terminal has the focus, as it says. Until it says anything, nobody knows.
    Focus(bool),
    /// A setting was kept, in the file of this path, or could not be; the sentence says why.
    SettingSaved {
        /// The name of the setting.
        key: String,
        /// The path of the file, or why it was not written.
        outcome: Result<String, String>,
    },
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
    /// Notify the person, wherever they look. Both texts are one line each, and harmless.
    Notify {
        /// Who calls, and where.
        title: String,
        /// What was said, or that something was said.
        body: String,
    },
    /// Take the mouse from the terminal, or give it back. At the start the terminal has it.
    Mouse(bool),
    /// Keep a setting in the file: answered by [`Msg::SettingSaved`].
    SaveSetting {
        /// The name of the setting, such as `theme` or `conversations.#ops`.
        key: String,
        /// The value as the file has it; `None` to take the setting out of it.
        value: Option<String>,
    },
    /// Set the title of the terminal's window.
    Title(String),
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
