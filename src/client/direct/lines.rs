//! What line mode and programs are told of calls, and of files that go directly: plain values.
//!
//! Must not know: how a line looks, or when there is one.

use std::path::PathBuf;

use crate::model::{Fingerprint, Name, Text};
use crate::protocol::CallWants;

/// What happened with a call, for people and for programs.
#[derive(Clone, Debug, PartialEq)]
pub struct CallNotice {
    /// The other user.
    pub with: Name,
    /// How the call is now.
    pub state: CallState,
    /// The same for people.
    pub text: Text,
    /// Whether the server has verified the other user, if that is known.
    pub verified: Option<bool>,
    /// What the call is for, if that is new.
    pub wants: Option<CallWants>,
    /// The other user's key, if that is new.
    pub key: Option<Fingerprint>,
    /// What was known of that key: `first`, `seen` or `compared`.
    pub known: Option<&'static str>,
    /// The words that two people compare, once there are any.
    pub words: Option<String>,
}

/// How a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallState {
    /// We call.
    Calling,
    /// It rings at the other one.
    Ringing,
    /// It rings here.
    Rings,
    /// It was answered, by us or by the other one.
    Answered,
    /// The channel is open.
    Open,
    /// The packets of the channel go another way.
    Way,
    /// Two people have compared their words, which are the same.
    Compared,
    /// Our camera was turned on or off.
    OwnCamera(bool),
    /// The other one's was.
    TheirCamera(bool),
    /// Sound was turned on or off here.
    Sound(bool),
    /// It is over, or was never begun, for this reason.
    Ended(&'static str),
}

impl CallNotice {
    /// A line of which nothing more is known.
    #[must_use]
    pub fn new(with: Name, state: CallState, words: impl AsRef<str>) -> Self {
        let text = Text::block(words.as_ref());
        Self { with, state, text, verified: None, wants: None, key: None, known: None, words: None }
    }

    /// The same with what the call is for.
    #[must_use]
    pub fn about(self, wants: CallWants) -> Self {
        Self { wants: Some(wants), ..self }
    }

    /// The same with the other user's key.
    #[must_use]
    pub fn with_key(self, key: Fingerprint) -> Self {
        Self { key: Some(key), ..self }
    }

    /// The same with what was known of that key.
    #[must_use]
    pub fn known(self, known: &'static str) -> Self {
        Self { known: Some(known), ..self }
    }

    /// The same with whether the server has verified the other user.
    #[must_use]
    pub fn verified(self, verified: bool) -> Self {
        Self { verified: Some(verified), ..self }
    }

    /// The same with the words that two people compare.
    #[must_use]
    pub fn words(self, words: String) -> Self {
        Self { words: Some(words), ..self }
    }
}

/// What happened with a file that goes directly, for people and for programs.
#[derive(Clone, Debug, PartialEq)]
pub struct FileLine {
    /// The other user.
    pub with: Name,
    /// How the file is now.
    pub state: FileState,
    /// The same for people.
    pub text: Text,
    /// The name of the file, made harmless.
    pub name: String,
    /// All its bytes; 0 while that is not known.
    pub size: u64,
    /// So many of them are done.
    pub done: u64,
    /// Its number, if the other user sends it.
    pub number: Option<u32>,
    /// Its SHA-256 digest, when it is offered to us.
    pub digest: Option<[u8; 32]>,
}

/// How a file is that goes directly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileState {
    /// The other user offers it.
    Offered,
    /// It is on its way.
    Moving,
    /// The other user has all of ours.
    Sent,
    /// All of theirs is here, in this file.
    Saved(PathBuf),
    /// It was declined, by us or by the other user.
    Declined,
    /// It is no longer sent.
    Withdrawn,
    /// What arrived is not what was offered.
    Wrong,
    /// It cannot be read, written or offered.
    Failed,
    /// The channel ended before it was done.
    Cut,
}
