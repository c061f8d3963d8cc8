//! The pictures of a call: which are sent, which are shown, and how large they are of use.
//!
//! Must not know: cameras, how pictures are coded, or where they stand on the screen.

use std::sync::Arc;

use super::OwnCalls;
use super::conference::OwnConference;
use crate::media::picture::Picture;
use crate::model::Name;
use crate::protocol::CallId;

/// The pictures of a call.
#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct CallPictures {
    /// Whether the call is to have a place for pictures even while nobody's camera is on.
    expected: bool,
    /// Whether our camera is to be on in this call, and whether the other one was told that it is.
    ours: bool,
    told: bool,
    /// Whether the other one's is.
    theirs: bool,
    /// Whether the other one shows our pictures.
    watched: bool,
    /// Whether the person knows that the other one may see them, since our camera was turned on.
    is_known_seen: bool,
    /// The width that was asked for, in samples.
    wanted: u16,
    /// The other one's newest picture.
    newest: Option<Arc<Picture>>,
}

impl CallPictures {
    /// The pictures of a call that has none yet.
    pub(super) fn new(expected: bool) -> Self {
        Self { expected, ..Self::default() }
    }

    /// Whether there is to be a place for them.
    pub(in crate::client::session) fn have_place(&self) -> bool {
        self.expected || self.ours || self.theirs
    }

    /// Whether our camera is to be on in this call; it may have to start first.
    pub(in crate::client::session) fn ours(&self) -> bool {
        self.ours
    }

    /// Whether the other one's camera is on.
    pub(in crate::client::session) fn theirs(&self) -> bool {
        self.theirs
    }

    /// Whether pictures of us are sent.
    pub(in crate::client::session) fn leave(&self) -> bool {
        self.told && self.watched
    }

    /// Whether our camera is on in this call.
    pub(in crate::client::session) fn are_sent(&self) -> bool {
        self.told
    }

    /// What the other one is to be told of our camera, which runs or does not; `None` if nothing is new.
    fn due(&mut self, runs: bool) -> Option<bool> {
        let on = self.ours && runs;
        self.is_known_seen &= on;
        (std::mem::replace(&mut self.told, on) != on).then_some(on)
    }

    /// The other one's newest picture.
    pub(in crate::client::session) fn newest(&self) -> Option<&Arc<Picture>> {
        self.newest.as_ref()
    }

    /// There is to be a place for pictures from now on.
    pub(in crate::client::session) fn give_place(&mut self) {
        self.expected = true;
    }

    /// Another call gives way to this one, and what was wanted there is wanted here.
    pub(in crate::client::session) fn carry_on(&mut self, other: &Self) {
        self.expected |= other.expected;
        self.ours |= other.ours;
    }

    /// Asks for our camera to be on or off in this call. Returns whether that has changed.
    pub(in crate::client::session) fn turn(&mut self, on: bool) -> bool {
        std::mem::replace(&mut self.ours, on) != on
    }

    /// Notes that the other one's camera is on or off. Returns whether that has changed.
    pub(in crate::client::session) fn they_turn(&mut self, on: bool) -> bool {
        if !on {
            self.newest = None;
        }
        std::mem::replace(&mut self.theirs, on) != on
    }

    /// The other one shows our pictures, or no longer.
    pub(in crate::client::session) fn they_watch(&mut self, watched: bool) {
        self.watched = watched;
    }

    /// Whether the person is to be told that the other one sees them, which is said once after the camera was turned on.
    pub(in crate::client::session) fn is_newly_seen(&mut self) -> bool {
        let seen = self.leave();
        seen && !std::mem::replace(&mut self.is_known_seen, true)
    }

    /// The other one's newest picture has come. The first may overtake the word that the camera is on.
    pub(in crate::client::session) fn take(&mut self, picture: Arc<Picture>) {
        self.newest = Some(picture);
    }

    /// Asks for pictures up to this width, in samples; 0 if they are out of view, and then none is kept. Returns whether that
    /// has changed.
    pub(super) fn want(&mut self, width: u16) -> bool {
        if width == 0 {
            self.newest = None;
        }
        std::mem::replace(&mut self.wanted, width) != width
    }
}

/// Our own camera.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnCamera {
    /// Its name in the person's settings; empty for the first of this machine.
    pub(super) name: String,
    /// Whether it was asked for.
    is_on: bool,
    /// Its newest picture.
    newest: Option<Arc<Picture>>,
}

impl OwnCalls {
    /// The command that calls a user again, as the last call was.
    pub(in crate::client::session) fn command_again(&self, name: &Name) -> &'static str {
        let last = self.over.iter().rev().find(|(_, with, _)| with.folded() == name.folded());
        if last.is_some_and(|(.., pictures)| *pictures) { "/call" } else { "/direct" }
    }

    pub(in crate::client::session) fn pictures_mut(&mut self, id: CallId) -> Option<&mut CallPictures> {
        self.calls.iter_mut().find(|call| call.id == id).map(|call| &mut call.pictures)
    }

    /// The newest picture of our camera, while it is on.
    pub(in crate::client::session) fn own_picture(&self) -> Option<&Arc<Picture>> {
        self.camera.newest.as_ref()
    }

    /// Whether pictures of us are sent to somebody.
    pub(in crate::client::session) fn are_pictures_leaving(&self) -> bool {
        let to_many = self.conference().is_some_and(OwnConference::is_seen);
        to_many || self.calls.iter().any(|call| call.is_open() && call.pictures.leave())
    }

    /// Our camera has a picture. It may come after the camera was turned off.
    pub(in crate::client::session) fn take_own_picture(&mut self, picture: Arc<Picture>) {
        if self.camera.is_on {
            self.camera.newest = Some(picture);
        }
    }

    /// The calls whose other side is to be told that our camera is on, or off. It is on once it has a picture: nobody is
    /// told of one that cannot be started.
    pub(in crate::client::session) fn cameras_due(&mut self) -> Vec<(CallId, bool)> {
        let runs = self.own_picture().is_some();
        let open = self.calls.iter_mut().filter(|call| call.is_open());
        open.filter_map(|call| Some((call.id, call.pictures.due(runs)?))).collect()
    }

    /// The name of the camera that is to be started, or `None` in it if the camera is to stop: because an open call needs
    /// it, or none does any more. `None` if it is as it should be.
    pub(in crate::client::session) fn turn_own_camera(&mut self) -> Option<Option<String>> {
        let in_call = self.calls.iter().any(|call| call.is_open() && call.pictures.ours);
        let on = in_call || self.conference_needs_camera();
        if !on {
            self.camera.newest = None;
        }
        (std::mem::replace(&mut self.camera.is_on, on) != on).then(|| on.then(|| self.camera.name.clone()))
    }

    /// The pictures of one call are in view, of use up to this width, and those of the others are not. Returns of which
    /// calls that has changed, with the width.
    pub(in crate::client::session) fn want_pictures(
        &mut self,
        shown: Option<CallId>,
        width: u16,
    ) -> Vec<(CallId, u16)> {
        let wanted = |id| if shown == Some(id) { width } else { 0 };
        let open = self.calls.iter_mut().filter(|call| call.is_open());
        let changed = open.filter_map(|call| {
            let width = wanted(call.id);
            call.pictures.want(width).then_some((call.id, width))
        });
        changed.collect()
    }
}
