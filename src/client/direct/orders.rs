//! What the session wants done on channels to other clients, and what it is told of them: plain values between the session
//! and the shell that holds the channels.
//!
//! Must not know: who decides, or how it is carried out.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::talk::{DirectEnd, SayRefusal, Side};
use crate::media::picture::Picture;
use crate::model::file_name::FileName;
use crate::model::{Fingerprint, Text};
use crate::protocol::{CallId, RelayGrant};

/// How long nothing more is said of a file while the same step goes on with it.
pub const PROGRESS_PAUSE: Duration = Duration::from_millis(250);

/// Something to be done on a channel.
#[derive(Clone, Debug, PartialEq)]
pub enum ChannelOrder {
    /// Make the channel of a call that was answered.
    Open {
        /// The call.
        id: CallId,
        /// Whether we called or were called.
        side: Side,
        /// Our leg of the relay.
        grant: RelayGrant,
        /// The key that the other one has to prove.
        theirs: Fingerprint,
    },
    /// Say something. Answered by [`ChannelNews::NotSaid`] if it cannot be said.
    Say(CallId, Text),
    /// Offer a file. Its name for later orders is the path as it is here; a path that is on its way already is not offered
    /// twice. A path that begins with `~/` is in the person's home folder.
    Offer(CallId, PathBuf),
    /// Take a file that the other one offers, by its number.
    Accept(CallId, u32),
    /// Do not take it, or no longer; what is here of it is deleted. Nothing more is said about it.
    Decline(CallId, u32),
    /// Withdraw our offer, or stop sending. Nothing more is said about it.
    Withdraw(CallId, PathBuf),
    /// Whether packets are to bypass the server. They do once the other one wants it too: then each side tells the other
    /// its addresses.
    Bypass(CallId, bool),
    /// Whether the other one is sent the camera's pictures; at first it is not.
    Camera(CallId, bool),
    /// The other one's pictures are of use up to this width, in samples; 0: none are shown, as at first.
    Watch(CallId, u16),
    /// Whether the other one is heard: there is a loudspeaker. At first there is none.
    Hear(CallId, bool),
    /// Whether the person speaks: what the microphone hears is sent, if the other one hears.
    Talk(CallId, bool),
    /// Close the channel, once what was said has arrived; [`ChannelNews::Ended`] follows.
    Close(CallId),
}

/// Something that happened on a channel.
#[derive(Clone, Debug, PartialEq)]
pub enum ChannelNews {
    /// The two ends have greeted each other; these are the four words that two people compare.
    Ready(CallId, String),
    /// The packets go this way from now on.
    Goes(CallId, ChannelWay),
    /// Whether the other one wants packets to bypass the server.
    WantsBypass(CallId, bool),
    /// Both want that, but no way was found; later ones are [`Self::Goes`].
    NoBypass(CallId),
    /// The other one's camera was turned on or off.
    Camera(CallId, bool),
    /// Whether the other one shows our pictures, if our camera is on.
    Watched(CallId, bool),
    /// The other one's newest picture.
    Picture(CallId, Arc<Picture>),
    /// The other one begins or ceases to speak.
    Speaks(CallId, bool),
    /// Whether the other one hears us: at first it does not.
    Hears(CallId, bool),
    /// What we say arrives no more, or does again.
    Arrives(CallId, bool),
    /// The other one said something.
    Said(CallId, Text),
    /// Nothing was said.
    NotSaid(CallId, Text, SayRefusal),
    /// The other one offers a file.
    Offered(CallId, OfferedFile),
    /// How far a file has come.
    Progress(CallId, FileProgress),
    /// A file is done with.
    FileEnded(CallId, FileKey, FileEnd),
    /// The channel is over, and its files have ended before. Nothing follows but the answers to what was ordered before this
    /// was known: [`Self::NotSaid`], and [`FileEnd::Cut`].
    Ended(CallId, DirectEnd),
}

/// Which way the packets of a channel go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelWay {
    /// Through the server, over a stream.
    RelayStream,
    /// Through the server, over UDP.
    RelayUdp,
    /// Straight to this address of the other one.
    Direct(SocketAddr),
}

/// A file of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKey {
    /// One that we offer, by the path that the person gave.
    Ours(PathBuf),
    /// One that the other one offers, by its number.
    Theirs(u32),
}

/// A file that the other one offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedFile {
    /// The number of the offer.
    pub number: u32,
    /// The name, made harmless.
    pub name: FileName,
    /// The size in bytes.
    pub size: u64,
    /// Its SHA-256 digest, as the other one gives it.
    pub digest: [u8; 32],
    /// How many bytes of it are here from an earlier try, with which it goes on.
    pub here: u64,
}

/// How far a file has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProgress {
    /// The file.
    pub file: FileKey,
    /// What is being done with it.
    pub step: FileStep,
    /// So many bytes are done.
    pub done: u64,
    /// All its bytes.
    pub size: u64,
}

/// What is being done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileStep {
    /// Its digest is computed, before it is offered or after it has arrived.
    Digest,
    /// It was offered, and the other one has not answered.
    Waiting,
    /// It is on its way.
    Moving,
}

/// How it ended with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileEnd {
    /// The other one has all of ours, and it is right.
    Sent,
    /// All of theirs is here and right, in this file.
    Saved(PathBuf),
    /// The other one does not want ours, or no longer.
    Declined,
    /// The other one's is no longer offered, or was cut.
    Withdrawn,
    /// What arrived is not what was offered.
    Wrong,
    /// It cannot be read, written or offered; the sentence says why.
    Failed(String),
    /// The channel ended before it was done. A later try goes on where this one ended.
    Cut,
}
