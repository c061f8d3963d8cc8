//! What goes into the session and what comes out of it.
//!
//! Must not know: how either is carried.

use super::key::Key;
use crate::model::{Name, Target, Text, Timestamp, Url};
use crate::protocol::{Dialect, Envelope, Request};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted, as it came.
    Paste(String),
    /// The screen has this size now, in cells.
    Resize {
        /// Width.
        cols: u16,
        /// Height.
        rows: u16,
    },
    /// A line was typed in plain mode.
    Line(String),
    /// The line before goes on: it was too long to be taken at once. Never a command.
    Rest(String),
    /// Plain mode's input ended: leave once everything is accepted.
    EndOfInput,
    /// The connection has news.
    Net(Net),
    /// The time that `Session::deadline` named has come.
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
    /// A server was met for the first time; what to know of it.
    Met(String),
    /// The server is not the one it should be; the sentences say why, and what to do.
    Distrusted(String),
    /// The connection that was there is gone; the sentence says why.
    Lost(String),
    /// No connection came about; the sentence says why.
    Failed(String),
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Connect to a server, ending the connection there may be.
    Dial(Url),
    /// Ask the server.
    Send(Request),
    /// End the connection, after what was to be sent.
    Disconnect,
    /// Ring the terminal's bell.
    Bell,
    /// Name the terminal's window.
    Title(String),
    /// Paint the whole screen again.
    Redraw,
    /// Put the process to sleep (job control).
    Suspend,
    /// Show it, in plain mode. A full screen has it in its view.
    Print(Printed),
    /// Leave the program.
    Leave(Farewell),
}

/// One thing to print in plain mode.
#[derive(Clone, Debug, PartialEq)]
pub enum Printed {
    /// A message.
    Message {
        /// When it was said.
        time: Timestamp,
        /// Who said it.
        from: Name,
        /// Whether they had proved who they are.
        verified: bool,
        /// To whom.
        to: Target,
        /// What.
        text: Text,
    },
    /// A message that a search has found, with its day and conversation.
    Found {
        /// When it was said.
        time: Timestamp,
        /// Who said it.
        from: Name,
        /// Whether they had proved who they are.
        verified: bool,
        /// In which conversation.
        to: Target,
        /// What.
        text: Text,
    },
    /// What follows was not seen yet.
    New,
    /// Something the client or the server tells.
    Notice(Timestamp, Text),
    /// Something that went wrong, for standard error.
    Error(Text),
}

/// How the program ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// As asked.
    Done,
    /// Something failed; the sentence says what.
    Failed(String),
    /// The server refused; the sentence says why.
    Refused(String),
}
