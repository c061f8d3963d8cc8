//! The messages that the session takes, and the effects that it returns.
//!
//! Must not know: where messages come from, or how effects are carried out.

use std::path::PathBuf;

use super::camera::feed::CameraNews;
use super::destination::{Destination, Proved};
use super::direct::conference::orders::{ConferenceNews, ConferenceOrder};
use super::direct::known_people::KnownPerson;
use super::direct::orders::{ChannelNews, ChannelOrder};
use super::key::Key;
pub use super::printed::{OrderOutcome, Printed};
use super::traffic::Traffic;
use super::view::Background;
use crate::model::{Name, Target, Text, Url, Zone};
use crate::net::dial_failure::DialFailure;
use crate::protocol::beacon::NearbyServer;
use crate::protocol::{Dialect, Envelope, Request};

/// An input of the session.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted; it is still raw.
    Paste(String),
    /// The editor that [`Effect::EditText`] started has ended: with the text, still raw, or with a sentence that says why
    /// there is none; the text that was given is then still the right one.
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
    /// The input of plain mode cannot be read; the sentence says why. The line that had begun is not complete.
    InputFailed(String),
    /// Nobody reads the output of plain mode any more, or it cannot be written, as the sentence says.
    OutputEnded(Option<String>),
    /// A server has made itself known to a network that this machine is in, as [`Effect::LookAround`] has asked.
    Nearby(NearbyServer),
    /// News of the connection.
    Net(Net),
    /// The time returned by `Session::deadline` has come.
    Tick,
    /// The process was stopped and goes on: much time may have passed.
    Continued,
    /// The person's time zone is another one now: the machine's setting changed.
    Zone(Zone),
    /// A setting was kept, in the file of this path, or could not be; the sentence says why.
    SettingSaved {
        /// The name of the setting.
        key: String,
        /// The path of the file, or why it was not written.
        outcome: Result<String, String>,
    },
    /// The order in which the person knew the conversations of this server, as [`Effect::RecallArrangement`] has asked.
    Arrangement(Vec<Target>),
    /// How many bytes went by in the last minute, as [`Effect::MeasureTraffic`] has asked.
    Traffic(Traffic),
    /// The terminal is gone or the process is asked to end: leave at once.
    Hangup,
    /// The terminal got the focus, or lost it. Terminals that cannot tell never say this.
    Focus(bool),
    /// The background of the terminal is known. This may come late, more than once, or never.
    Background(Background),
    /// Whose keys are known on this server, as [`Effect::RecallPeople`] has asked.
    KnownPeople(Url, Vec<KnownPerson>),
    /// A file that the person wants to send to a user can be read, or cannot, as the sentence says: the answer to
    /// [`Effect::CheckFile`].
    FileChecked(Name, PathBuf, Result<(), String>),
    /// Something happened on a channel to another client.
    Channel(ChannelNews),
    /// Something happened in a room's call.
    Conference(ConferenceNews),
    /// Sound runs, as [`Effect::Sound`] has asked; or there is none, or none any more, as the sentence says.
    Sound(Result<Option<String>, String>),
    /// The person's own camera has a picture, or has ended, as [`Effect::Camera`] has asked.
    Camera(CameraNews),
    /// The mouse did something, as [`Effect::Mouse`] has asked.
    Mouse(MouseEvent),
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
    /// The server has proved its key.
    Proved(Proved),
    /// The server is not the one it should be; the sentences say why and what to do.
    Distrusted(String),
    /// The connection was lost; the sentence says why.
    Lost(String),
    /// No connection could be made, for this reason.
    Failed(DialFailure),
}

/// An effect for the shell to carry out.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Connect to a server, ending any existing connection.
    Dial(Destination),
    /// Send a request to the server.
    Send(Request),
    /// End the connection once everything is sent.
    Disconnect,
    /// Do something on a channel to another client.
    Channel(ChannelOrder),
    /// See whether a file can be sent to a user, before the user is called: answered by [`Msg::FileChecked`].
    CheckFile(Name, PathBuf),
    /// Do something in a room's call.
    Conference(ConferenceOrder),
    /// Start the sound of this name, where an empty one stands for what is found; or stop it. At first there is none.
    Sound(Option<String>),
    /// Whether the person speaks: what the microphone hears goes to the channels.
    Talk(bool),
    /// Start the camera of this name, where an empty one stands for the first of this machine; or stop it. What it shows
    /// comes as [`Msg::Camera`]. At first it is off.
    Camera(Option<String>),
    /// Say whose keys are known on the present server: answered by [`Msg::KnownPeople`].
    RecallPeople,
    /// Remember whose key this is on the present server. What fails comes back as [`Msg::Trouble`].
    RememberPerson(KnownPerson),
    /// Forget whose key is known under this name on the present server. What fails comes back as [`Msg::Trouble`].
    ForgetPerson(Name),
    /// Ring the terminal's bell.
    Bell,
    /// Hear that the server has let the person in under this name: only where nothing leads out of the chat.
    LetIn(Name),
    /// Keep a setting in the file: answered by [`Msg::SettingSaved`].
    SaveSetting {
        /// The name of the setting, such as `theme` or `conversations.#ops`.
        key: String,
        /// The value as the file has it; `None` to take the setting out of it.
        value: Option<String>,
    },
    /// Set the title of the terminal's window.
    Title(String),
    /// Put a text into the terminal's clipboard. What is too long comes back as [`Msg::Trouble`].
    Copy(String),
    /// Open a link in the person's browser: `http` or `https`, in printable ASCII.
    OpenLink(String),
    /// Show a notification on the desktop, where the terminal can; the bell is [`Self::Bell`].
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
    /// Listen for servers that make themselves known to the networks that this machine is in, until the next
    /// [`Effect::Dial`]; each is told once, as [`Msg::Nearby`].
    LookAround,
    /// Say how many bytes went by in the last minute: answered by [`Msg::Traffic`].
    MeasureTraffic,
    /// Repaint the whole screen.
    Redraw,
    /// Suspend the process (job control).
    Suspend,
    /// Keep what was sent, for the next run.
    Remember(Sent),
    /// Say in which order the person knew the conversations of this server: answered by [`Msg::Arrangement`], if that is
    /// known.
    RecallArrangement {
        /// The server.
        server: Url,
        /// The requested name.
        name: String,
    },
    /// Keep the order of the conversations, for the next run.
    KeepArrangement(KeptArrangement),
    /// Print a line, in plain mode. The full screen shows it in its view instead.
    Print(Printed),
    /// Keep this for the next start, because the client has to end.
    Keep(Vec<Unsent>),
    /// Leave the program.
    Leave(Farewell),
}

/// A text that was not sent when the client had to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// The recipient.
    pub to: Target,
    /// The text.
    pub text: Text,
    /// Whether it may have arrived all the same.
    pub unsure: bool,
    /// Whether it is only a draft.
    pub draft: bool,
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

/// The order of the conversations, and of whom on which server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptArrangement {
    /// The server.
    pub server: Url,
    /// The requested name.
    pub name: String,
    /// The conversations but the one with everyone, which always comes first.
    pub places: Vec<Target>,
}

/// The outcome of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// It ended as requested.
    Done,
    /// It ended as requested, and the sentence says what that means.
    Told(String),
    /// Something failed; the sentence says what.
    Failed(String),
    /// The server refused; the sentence says why.
    Refused(String),
}
