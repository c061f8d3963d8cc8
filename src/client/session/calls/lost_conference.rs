//! The room's call that was lost with the connection to the server: it is joined again if it still runs soon after.
//!
//! Must not know: connections, or how any of it is said.

use std::time::Duration;

use super::OwnCalls;
use crate::model::{RoomName, Timestamp};

/// A call that was lost longer ago is not joined again by itself: the person has turned to something else.
const REJOIN_WITHIN: Duration = Duration::from_secs(60);

/// A call that was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) struct LostConference {
    room: RoomName,
    /// Whether our camera was on in it, and whether there was sound.
    camera: bool,
    sound: bool,
    /// When it is not joined again any more.
    until: Timestamp,
}

impl LostConference {
    pub(in crate::client::session) fn room(&self) -> &RoomName {
        &self.room
    }

    /// Whether our camera was on in it.
    pub(in crate::client::session) fn camera(&self) -> bool {
        self.camera
    }

    /// Whether there was sound in it.
    pub(in crate::client::session) fn sound(&self) -> bool {
        self.sound
    }

    pub(super) fn until(&self) -> Timestamp {
        self.until
    }
}

impl OwnCalls {
    /// The connection is lost, and with it the call that we are in, or join again: it is to be joined again.
    /// Returns whether there is one.
    pub(in crate::client::session) fn lose_conference(&mut self, now: Timestamp) -> bool {
        let Some(own) = self.conference().filter(|own| own.is_in() || own.is_again()) else { return false };
        let (room, camera, sound) = (own.room().clone(), own.camera(), own.voices().wanted());
        self.rooms.lost = Some(LostConference { room, camera, sound, until: now.after(REJOIN_WITHIN) });
        true
    }

    /// The call that is to be joined again.
    pub(in crate::client::session) fn lost_conference(&self) -> Option<&LostConference> {
        self.rooms.lost.as_ref()
    }

    /// It is joined, or not to be any more.
    pub(in crate::client::session) fn take_lost_conference(&mut self) -> Option<LostConference> {
        self.rooms.lost.take()
    }

    /// Drops it if it was lost too long ago.
    pub(in crate::client::session) fn forget_late_conference(&mut self, now: Timestamp) {
        self.rooms.lost.take_if(|lost| lost.until <= now);
    }
}
