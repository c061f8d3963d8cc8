//! One call: with whom, for what, and how far it is.
//!
//! Must not know: the other calls, or how any of it is said.

use std::path::PathBuf;

use super::pictures::CallPictures;
use super::transfer::Transfer;
use super::voices::CallVoices;
use crate::client::direct::orders::ChannelWay;
use crate::client::direct::talk::Side;
use crate::model::{Fingerprint, Name, Timestamp};
use crate::protocol::{CallId, CallWants};

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum CallPhase {
    /// The server has not said yet that it rings.
    Asked,
    /// It rings: at the other one if we called, else here.
    Ringing,
    /// It was answered; the server is to say where its packets go.
    Answered,
    /// The channel is being made.
    Making,
    /// The two clients have greeted each other.
    Open,
}

/// A call.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct UserCall {
    pub(super) id: CallId,
    pub(super) name: Name,
    /// Whether the server has verified the other one; unknown until they have called or answered.
    pub(super) verified: Option<bool>,
    pub(super) side: Side,
    pub(super) wants: CallWants,
    /// The other one's key, once it is known.
    pub(super) key: Option<Fingerprint>,
    pub(super) stage: CallPhase,
    /// When it is given up, if it gets no further before.
    pub(super) until: Timestamp,
    /// The words that two people compare.
    pub(super) words: String,
    pub(super) way: Option<ChannelWay>,
    /// Whether we want packets to bypass the server, and whether the other one does.
    pub(super) bypass: (bool, bool),
    pub(super) pictures: CallPictures,
    pub(super) voices: CallVoices,
    /// The files that are offered once the channel is open.
    pub(super) to_offer: Vec<PathBuf>,
    pub(super) transfers: Vec<Transfer>,
}

impl UserCall {
    pub(in crate::client::session) fn id(&self) -> CallId {
        self.id
    }

    /// The other one.
    pub(in crate::client::session) fn name(&self) -> &Name {
        &self.name
    }

    /// Whether the server has verified the other one.
    pub(in crate::client::session) fn is_verified(&self) -> bool {
        self.verified.unwrap_or(false)
    }

    /// Whether we called or were called.
    pub(in crate::client::session) fn side(&self) -> Side {
        self.side
    }

    /// What it is for.
    pub(in crate::client::session) fn wants(&self) -> CallWants {
        self.wants
    }

    /// The other one's key, once it is known.
    pub(in crate::client::session) fn key(&self) -> Option<Fingerprint> {
        self.key
    }

    /// How far it is.
    pub(in crate::client::session) fn stage(&self) -> CallPhase {
        self.stage
    }

    /// Whether something can be said: the two clients have greeted each other.
    pub(in crate::client::session) fn is_open(&self) -> bool {
        self.stage == CallPhase::Open
    }

    /// Whether the shell has the channel, or makes it.
    pub(in crate::client::session) fn has_channel(&self) -> bool {
        matches!(self.stage, CallPhase::Making | CallPhase::Open)
    }

    /// Whether it rings here.
    pub(in crate::client::session) fn rings_here(&self) -> bool {
        self.side == Side::Callee && self.stage == CallPhase::Ringing
    }

    /// The words that two people compare; empty until the channel is open.
    pub(in crate::client::session) fn words(&self) -> &str {
        &self.words
    }

    /// Which way its packets go, once that is known.
    pub(in crate::client::session) fn way(&self) -> Option<ChannelWay> {
        self.way
    }

    /// Whether it needs the server no more.
    pub(in crate::client::session) fn is_direct(&self) -> bool {
        self.has_channel() && matches!(self.way, Some(ChannelWay::Direct(_)))
    }

    /// Its voices.
    pub(in crate::client::session) fn voices(&self) -> &CallVoices {
        &self.voices
    }

    /// Its pictures.
    pub(in crate::client::session) fn pictures(&self) -> &CallPictures {
        &self.pictures
    }

    /// The files that are offered once the channel is open.
    pub(in crate::client::session) fn to_offer(&self) -> &[PathBuf] {
        &self.to_offer
    }

    /// The files that are on their way or offered.
    pub(in crate::client::session) fn transfers(&self) -> &[Transfer] {
        &self.transfers
    }
}
