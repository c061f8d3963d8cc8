//! What happens in a talk, and what may not: plain values.
//!
//! Must not know: how it happens.

use std::net::SocketAddr;

use crate::model::Text;
use crate::net::peer::events::ChannelEnd;
use crate::protocol::peer::{FileOffer, PictureNote, VoiceNote};

/// Which end this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one who called.
    Caller,
    /// The one who answered.
    Callee,
}

/// Why nothing was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SayRefusal {
    /// The two ends have not greeted each other.
    NotReady,
    /// The text is empty, or longer than [`MAX_DIRECT_TEXT`](crate::protocol::peer::MAX_DIRECT_TEXT).
    Length,
    /// [`MAX_WAITING`](super::MAX_WAITING) bytes wait already.
    Full,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TalkEvent {
    /// The two ends have greeted each other; these are the words that two people compare.
    Ready(String),
    /// The other one said something.
    Said(Text),
    /// The other one offers a file.
    Offered(FileOffer),
    /// Our offer was accepted, from this byte on.
    Accepted(u32, u64),
    /// Our offer was declined, or the file is no longer wanted.
    Declined(u32),
    /// The other one's offer no longer stands, or its file was cut.
    Withdrawn(u32),
    /// All of the other one's file has arrived; it is to be checked.
    Whole(u32),
    /// The other one has all of our file; whether its digest is right.
    Checked(u32, bool),
    /// Whether the other one wants packets to bypass the server.
    WantsBypass(bool),
    /// Where the other one can perhaps be reached straight.
    Addresses(Vec<SocketAddr>),
    /// The other one lets us know something about pictures.
    Pictures(PictureNote),
    /// The other one lets us know something about voice.
    Voice(VoiceNote),
    /// After [`Talk::finish`](super::Talk::finish): the other one has everything that was said.
    Finished,
    /// It is over.
    End(DirectEnd),
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectEnd {
    /// The channel ended.
    Channel(ChannelEnd),
    /// The other end speaks another version.
    Version(u8),
    /// The other end does not keep to the protocol, as the end of a sentence says.
    Fault(String),
    /// The caller showed another nonce than the one it had committed to: somebody tries to find words.
    Commitment,
    /// There is no way for its packets, as the sentence says.
    NoWay(String),
}
