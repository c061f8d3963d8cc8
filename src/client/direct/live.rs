//! What is live on a channel: pictures and voice. What is late is of no use, so it goes in datagrams, voice before pictures;
//! the talk has notes for both.
//!
//! Must not know: words, files, or which way packets go.

use std::time::Instant;

use super::orders::ChannelNews;
use super::pictures::{PictureEvent, Pictures};
use super::talk::{Talk, TalkEvent};
use super::voice::{Voice, VoiceEvent};
use crate::net::peer::channel::Channel;
use crate::protocol::CallId;

/// One end.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) pictures: Pictures,
    pub(super) voice: Voice,
}

impl Live {
    pub(super) fn new(now: Instant) -> Self {
        Self { pictures: Pictures::new(now), voice: Voice::new(now) }
    }

    pub(super) fn take_datagram(&mut self, datagram: &[u8], now: Instant) {
        // Each passes over what is the other's.
        self.voice.take_datagram(datagram, now);
        self.pictures.take_datagram(datagram, now);
    }

    /// Takes what the other one lets us know; all else is passed over.
    pub(super) fn heard(&mut self, event: &TalkEvent) {
        if let TalkEvent::Pictures(note) = event {
            self.pictures.take_note(*note);
        } else if let TalkEvent::Voice(note) = event {
            self.voice.take_note(*note);
        }
    }

    pub(super) fn way_changed(&mut self) {
        self.voice.way_changed();
        self.pictures.way_changed();
    }

    /// What is new.
    pub(super) fn news(&mut self, id: CallId) -> Option<ChannelNews> {
        if let Some(event) = self.voice.event() {
            return Some(match event {
                VoiceEvent::Speaks(speaks) => ChannelNews::Speaks(id, speaks),
                VoiceEvent::Heard(heard) => ChannelNews::Hears(id, heard),
                VoiceEvent::Arrives(arrives) => ChannelNews::Arrives(id, arrives),
            });
        }
        Some(match self.pictures.event()? {
            PictureEvent::Camera(on) => ChannelNews::Camera(id, on),
            PictureEvent::Watched(watched) => ChannelNews::Watched(id, watched),
            PictureEvent::Shown(picture) => ChannelNews::Picture(id, picture),
        })
    }

    /// Nothing more is shown or said.
    pub(super) fn stop(&mut self) {
        self.voice.stop();
        self.pictures.turn_camera(false);
    }

    pub(super) fn exchange(&mut self, talk: &mut Talk, channel: &mut Channel, now: Instant) {
        self.voice.exchange(talk, channel, now);
        self.pictures.make_room(self.voice.sent().is_some());
        self.pictures.exchange(talk, channel, now);
    }
}
