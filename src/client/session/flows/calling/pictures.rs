//! The pictures of calls: cameras are turned on and off, and pictures are asked for as large as they are shown.
//!
//! Must not know: how pictures are coded or drawn.

use std::sync::Arc;

use super::Calling;
use crate::client::camera::feed::CameraNews;
use crate::client::direct::lines::{CallNotice, CallState};
use crate::client::direct::orders::ChannelOrder;
use crate::client::msg::Effect;
use crate::client::session::calls::call::UserCall;
use crate::client::session::calls::conference::OwnConference;
use crate::client::session::calls::pictures::CallPictures;
use crate::language::pictures as say;
use crate::media::picture::Picture;
use crate::model::Target;
use crate::protocol::CallId;

impl Calling<'_> {
    /// There is to be a place for pictures in a call.
    pub(super) fn expect_pictures(&mut self, id: CallId) {
        if let Some(pictures) = self.calls.pictures_mut(id) {
            pictures.give_place();
        }
    }

    /// Turns our camera on or off in a call; before that is open, once it is.
    pub(super) fn turn_camera(&mut self, id: CallId, on: bool) {
        let turned = self.calls.pictures_mut(id).is_some_and(|pictures| pictures.turn(on));
        let Some(call) = self.calls.get(id).filter(|_| turned) else { return };
        if on && !call.is_open() {
            let name = call.name().clone();
            self.note(CallNotice::new(name.clone(), CallState::OwnCamera(false), say::camera_goes_on(&name)));
        }
        self.tell_cameras();
    }

    /// Tells the others, and the person, that our camera is on or off.
    fn tell_cameras(&mut self) {
        for (id, on) in self.calls.cameras_due() {
            self.out.emit(Effect::Channel(ChannelOrder::Camera(id, on)));
            let Some(name) = self.calls.get(id).map(|call| call.name().clone()) else { continue };
            let is_seen = self.calls.pictures_mut(id).is_some_and(CallPictures::is_newly_seen);
            let words = match (on, is_seen) {
                (true, true) => say::camera_is_on(&name),
                (true, false) => say::camera_is_on_unseen(&name),
                (false, _) => say::camera_is_off(&name),
            };
            self.tell(CallNotice::new(name, CallState::OwnCamera(on), words));
        }
        if let Some(on) = self.calls.conference_camera_due() {
            self.tell_conference_of_camera(on);
        }
    }

    /// The other one's camera was turned on or off.
    pub(super) fn they_turn_camera(&mut self, id: CallId, on: bool) {
        let turned = self.calls.pictures_mut(id).is_some_and(|pictures| pictures.they_turn(on));
        let Some(name) = self.calls.get(id).filter(|_| turned).map(|call| call.name().clone()) else { return };
        let words = match (on, self.out.is_screen()) {
            (true, true) if !self.ui.has_room_for_picture(self.chat) => say::too_small_for_pictures(&name),
            (true, true) => say::their_camera_is_on(&name),
            (true, false) => say::their_camera_is_on_elsewhere(&name),
            (false, _) => say::their_camera_is_off(&name),
        };
        self.tell(CallNotice::new(name, CallState::TheirCamera(on), words));
    }

    /// The other one shows our pictures, or no longer.
    pub(super) fn they_watch(&mut self, id: CallId, watched: bool) {
        let Some(pictures) = self.calls.pictures_mut(id) else { return };
        pictures.they_watch(watched);
        if pictures.is_newly_seen()
            && let Some(name) = self.calls.get(id).map(|call| call.name().clone())
        {
            let words = say::sees_you(&name);
            self.tell(CallNotice::new(name, CallState::OwnCamera(true), words));
        }
    }

    /// A picture of the other one has come.
    pub(super) fn take_picture(&mut self, id: CallId, picture: Arc<Picture>) {
        if let Some(pictures) = self.calls.pictures_mut(id) {
            pictures.take(picture);
        }
    }

    /// Our own camera has a picture, or has ended: then it is off in all calls.
    pub(in crate::client::session) fn take_camera(&mut self, news: CameraNews) {
        match news {
            CameraNews::Picture(picture) => self.calls.take_own_picture(picture),
            CameraNews::Ended(why) => {
                let with_camera = self.calls.iter().filter(|call| call.pictures().ours());
                let ids: Vec<CallId> = with_camera.map(UserCall::id).collect();
                let in_room = self.calls.conference().is_some_and(OwnConference::camera);
                if in_room || !ids.is_empty() {
                    self.chat.trouble(&why, self.out);
                }
                self.turn_conference_camera(false);
                for id in ids {
                    self.turn_camera(id, false);
                }
            }
        }
    }

    /// Gives pictures their place, asks for those that are in view as large as they are shown, and has the camera run
    /// while one of the calls needs it.
    pub(in crate::client::session) fn arrange_pictures(&mut self) {
        if self.out.is_screen() {
            let call = self.chat.current().venue.direct().and_then(|name| self.calls.with(name));
            let shown = call.filter(|call| call.is_open() && call.pictures().have_place()).map(UserCall::id);
            let room = self.calls.conference().filter(|own| own.is_in() && own.has_faces());
            let faces = room.is_some_and(|own| self.chat.is_in_view(&Target::Room(own.room().clone())));
            let pictures = shown.and_then(|id| self.calls.get(id)).map(UserCall::pictures);
            let any = pictures.is_some_and(|pictures| pictures.ours() || pictures.theirs());
            self.ui.place_picture(shown.is_some() || faces, any || faces);
            self.ui.fit_faces(self.chat, self.calls.conference().filter(|_| faces));
            self.arrange_faces();
            let width = if shown.is_some() { self.ui.picture_width(self.chat) } else { 0 };
            for (id, width) in self.calls.want_pictures(shown, width) {
                self.out.emit(Effect::Channel(ChannelOrder::Watch(id, width)));
            }
        }
        self.tell_cameras();
        if let Some(camera) = self.calls.turn_own_camera() {
            self.out.emit(Effect::Camera(camera));
        }
    }
}
