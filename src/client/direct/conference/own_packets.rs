//! What we seal for all who are there: voice at once, and pictures, which wait until the line takes them.
//!
//! Must not know: who is there, how pictures are coded, or when they are due.

use std::collections::VecDeque;

use super::own_face::OwnPicture;
use crate::media::parts::cut;
use crate::net::seal::frame_key::{BaseKey, MAX_SEAL, NoRandomness};
use crate::net::seal::sender::SenderKey;
use crate::protocol::conference::MemberNumber;
use crate::protocol::conference_frame::{ConferenceFrame, SharedSecret};
use crate::protocol::conference_packet::{ConferencePacket, PICTURE_HEAD, PictureHead, voice_head};
use crate::protocol::leg::MAX_LEG_PACKET;

/// The most packets of pictures that wait for the line. While some wait, no more are made.
pub const MAX_PICTURES_OUT: usize = 64;

/// Our key, and what was sealed with it.
#[derive(Debug)]
pub(super) struct OwnPackets {
    own: MemberNumber,
    /// `None` if none can be made.
    key: Option<SenderKey>,
    pictures: VecDeque<Vec<u8>>,
}

impl OwnPackets {
    /// # Errors
    /// The system has no randomness.
    pub(super) fn new(own: MemberNumber) -> Result<Self, NoRandomness> {
        Ok(Self { own, key: Some(SenderKey::first()?), pictures: VecDeque::new() })
    }

    /// Whether there is a key.
    pub(super) fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// What the others are to be told of our key.
    pub(super) fn key_frame(&self) -> Option<ConferenceFrame> {
        let (id, BaseKey(secret)) = self.key.as_ref()?.shared();
        Some(ConferenceFrame::Key { id, secret: SharedSecret(secret) })
    }

    /// Makes a new key; `false` if that fails, and there is none from now on. What waited under the old one is not sent: it
    /// may be read by somebody who has left.
    pub(super) fn renew(&mut self) -> bool {
        self.pictures.clear();
        let is_made = self.key.as_mut().is_none_or(|key| key.renew().is_ok());
        self.key.take_if(|_| !is_made);
        is_made
    }

    /// Cuts, seals and queues a picture.
    pub(super) fn queue(&mut self, picture: &OwnPicture) {
        let head = PictureHead { from: self.own, size: picture.size, upper: picture.upper };
        let parts = cut(&picture.packet, picture.number, MAX_LEG_PACKET - PICTURE_HEAD - MAX_SEAL);
        for part in parts {
            let sealed = self.key.as_mut().and_then(|key| key.seal(&head.write(), &part));
            if let Some(sealed) = sealed.filter(|_| self.pictures.len() < MAX_PICTURES_OUT) {
                self.pictures.push_back(ConferencePacket::Picture(head, &sealed).write());
            }
        }
    }

    /// Whether pictures wait.
    pub(super) fn has_pictures(&self) -> bool {
        !self.pictures.is_empty()
    }

    /// The next picture's packet.
    pub(super) fn picture(&mut self) -> Option<Vec<u8>> {
        self.pictures.pop_front()
    }

    /// No picture that waits is sent.
    pub(super) fn drop_pictures(&mut self) {
        self.pictures.clear();
    }

    /// Seals voice, which is sent at once: members who left before cannot read it.
    pub(super) fn voice(&mut self, plain: &[u8]) -> Option<Vec<u8>> {
        let sealed = self.key.as_mut()?.seal(&voice_head(self.own), plain)?;
        Some(ConferencePacket::Voice(self.own, &sealed).write())
    }
}
