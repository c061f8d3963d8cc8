//! Pictures on a channel, in both directions: the state of one end.
//!
//! Whoever has it hands in the camera's pictures, the datagrams of the channel and the notes of the talk, and then calls
//! [`Pictures::exchange`], lets the channel send ([`Pictures::transmitted`]), and takes [`Pictures::job`]s and
//! [`Pictures::event`]s. A job is long work, for another thread: it is
//! done by a [`PictureCodec`](codec::PictureCodec), and what comes of it is handed in again ([`Pictures::done`]).
//!
//! - [`codec`]: the long work. [`datagram`]: what goes over the line.
//! - `outgoing`: which pictures are sent, how large, and what with each. `incoming`: what becomes of those that arrive.
//! - `line_watch`: what a receiver sees of the line. `loss_watch`: what a sender learns of its packets.
//!
//! A picture that would be late is left out, never kept: of the camera's pictures only the newest waits. How much is sent
//! follows the line, by the other side's reports (`media::ladder`). These go in datagrams too: on the stream, one that is lost
//! would hold up the words behind it.
//!
//! Must not know: cameras, threads, the screen, or which way packets go.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use crate::media::ladder::Rung;
use crate::media::picture::Picture;
use crate::net::peer::channel::Channel;
use crate::protocol::peer::PictureNote;

use super::talk::Talk;
use codec::{CodecJob, CodecResult};
use datagram::PictureDatagram;
use incoming::IncomingPictures;
use outgoing::OutgoingPictures;

pub mod codec;
pub mod datagram;
mod incoming;
pub(in crate::client::direct) mod line_watch;
pub(in crate::client::direct) mod loss_watch;
mod outgoing;

pub use incoming::{MOST_A_SECOND, MOST_UNDECODED};

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum PictureEvent {
    /// The other one's camera was turned on or off.
    Camera(bool),
    /// Whether the other one shows our pictures.
    Watched(bool),
    /// The other one's newest picture.
    Shown(Arc<Picture>),
}

/// One end.
#[derive(Debug)]
pub struct Pictures {
    outgoing: OutgoingPictures,
    incoming: IncomingPictures,
    /// What the other one has been told: whether our camera is on, and the width that we want.
    told: (bool, u16),
    events: VecDeque<PictureEvent>,
}

impl Pictures {
    /// An end, from now on.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            outgoing: OutgoingPictures::new(now),
            incoming: IncomingPictures::new(now),
            told: (false, 0),
            events: VecDeque::new(),
        }
    }

    /// Turns our camera on or off. At first it is off.
    pub fn turn_camera(&mut self, on: bool) {
        self.outgoing.turn(on);
    }

    /// The other one's pictures are of use up to this width, in samples; zero: none are shown, as at first. Cells have one
    /// or two samples each, and twice as many look better than as many.
    pub fn want(&mut self, width: u16) {
        self.incoming.want(width);
    }

    /// Takes the newest picture of our camera.
    pub fn take_camera(&mut self, picture: Arc<Picture>, now: Instant) {
        self.outgoing.take(picture, now);
    }

    /// Takes a datagram of the channel. What is none of ours is passed over.
    pub fn take_datagram(&mut self, datagram: &[u8], now: Instant) {
        match PictureDatagram::read(datagram) {
            Some(PictureDatagram::Part { stamp, part }) => self.incoming.part(stamp, &part, now),
            Some(PictureDatagram::Packets { stamp, packets }) => self.incoming.packets(stamp, packets, now),
            Some(PictureDatagram::Report(report)) => self.outgoing.reported(report, now),
            None => {}
        }
    }

    /// Takes a note of the other one.
    pub fn take_note(&mut self, note: PictureNote) {
        match note {
            PictureNote::Camera(on) => {
                if self.incoming.camera(on) {
                    self.tell(PictureEvent::Camera(on), |event| {
                        matches!(event, PictureEvent::Camera(_) | PictureEvent::Shown(_))
                    });
                }
            }
            PictureNote::Wanted(width) => {
                if self.outgoing.limit(width) {
                    self.tell(PictureEvent::Watched(width > 0), |event| matches!(event, PictureEvent::Watched(_)));
                }
            }
        }
    }

    /// Whether we speak on the same line: voice goes before pictures, and on a thin line they give way.
    pub fn make_room(&mut self, is_spoken: bool) {
        self.outgoing.make_room(is_spoken);
    }

    /// The packets go another way from now on: the other one is to learn its delay anew.
    pub fn way_changed(&mut self) {
        self.outgoing.way_changed();
    }

    /// Gives talk and channel what they are to send.
    pub fn exchange(&mut self, talk: &mut Talk, channel: &mut Channel, now: Instant) {
        let (on, wanted) = (self.outgoing.is_on(), self.incoming.wanted());
        if self.told.0 != on && talk.note(PictureNote::Camera(on), channel) {
            self.told.0 = on;
        }
        if self.told.1 != wanted && talk.note(PictureNote::Wanted(wanted), channel) {
            self.told.1 = wanted;
        }
        if let Some(report) = self.incoming.report(now) {
            channel.send_datagram(PictureDatagram::Report(report).write());
        }
        if let Some(limit) = channel.max_datagram() {
            for datagram in self.outgoing.send(limit, now) {
                channel.send_datagram(datagram);
            }
        }
        self.transmitted(channel);
    }

    /// The channel has sent what it could.
    pub fn transmitted(&mut self, channel: &mut Channel) {
        self.outgoing.note_waiting(channel.waiting_datagrams());
    }

    /// The next long work, which is to be done at once. One of each kind is given at a time.
    #[must_use]
    pub fn job(&mut self, now: Instant) -> Option<CodecJob> {
        let decode = self.incoming.job().map(CodecJob::Decode);
        decode.or_else(|| self.outgoing.job(now).map(CodecJob::Encode))
    }

    /// Takes what came of a job.
    pub fn done(&mut self, result: CodecResult) {
        match result {
            CodecResult::Encoded(coded) => self.outgoing.coded(coded),
            CodecResult::Decoded(decoded) => {
                if let Some(picture) = self.incoming.decoded(decoded) {
                    self.tell(PictureEvent::Shown(picture), |event| matches!(event, PictureEvent::Shown(_)));
                }
            }
        }
    }

    /// Keeps an event in place of those that it makes old: whatever the other side does, few wait.
    fn tell(&mut self, event: PictureEvent, is_old: impl Fn(&PictureEvent) -> bool) {
        self.events.retain(|event| !is_old(event));
        self.events.push_back(event);
    }

    /// The next event. Of each kind that nobody has taken yet only the newest is left.
    pub fn event(&mut self) -> Option<PictureEvent> {
        self.events.pop_front()
    }

    /// What is sent now; `None` while no pictures leave.
    #[must_use]
    pub fn sent(&self) -> Option<Rung> {
        self.outgoing.sent()
    }
}
