//! A conference as one member has it: a channel to every other member, under one leg of the relay; pictures to all who show
//! them, sealed so that the server cannot read them.
//!
//! Whoever has an [`Attendance`] hands in who is in the conference, what arrives on the leg, the camera's pictures and what
//! is shown, and takes out packets for the leg, jobs and news. A job is long work, for another thread: it is done by a
//! [`FaceCodec`](codec::FaceCodec), and what comes of it is handed in again.
//!
//! Whenever somebody joins or leaves, a new key is made and given to all who are there; what is sent from that moment on is
//! sealed with it.
//!
//! - [`codec`]: the long work. [`layout`]: where faces stand on the screen, and which sizes they need.
//! - [`pair`]: the channel to one other member. [`face`]: its pictures. [`own_face`]: ours, in one size.
//! - [`wants`]: what the server is told of what is shown. [`orders`]: what the session wants done, and what it is told.
//!
//! Must not know: sockets, cameras, threads, rooms or the screen.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use crate::media::parts::cut;
use crate::media::picture::Picture;
use crate::net::certificate::Credential;
use crate::net::peer::events::ChannelEnd;
use crate::net::seal::frame_key::{BaseKey, MAX_SEAL, NoRandomness};
use crate::net::seal::sender::SenderKey;
use crate::protocol::conference::{ConferenceMember, MAX_CONFERENCE, MemberNumber};
use crate::protocol::conference_frame::{ConferenceFrame, SharedSecret};
use crate::protocol::conference_packet::{
    ConferencePacket, FaceSize, PICTURE_HEAD, PictureHead, WantedFaces, is_later,
};
use crate::protocol::leg::MAX_LEG_PACKET;

pub mod codec;
pub mod face;
pub mod layout;
pub mod orders;
pub mod own_face;
pub mod pair;
pub mod wants;

use codec::{FaceJob, FaceResult};
use face::Face;
use own_face::{OwnFace, OwnPicture};
use pair::{Pair, PairEvent};
use wants::Wants;

/// The most packets of pictures that wait for the line. While some wait, no more are made.
pub const MAX_PICTURES_OUT: usize = 64;

/// What happened in a conference.
#[derive(Clone, Debug, PartialEq)]
pub enum AttendanceEvent {
    /// The channel to a member is open: it has proved its key.
    Reached(MemberNumber),
    /// A member's channel ended or never opened. It is tried again, unless the member has another key than it should.
    Lost(MemberNumber, ChannelEnd),
    /// A member's camera was turned on or off.
    Camera(MemberNumber, bool),
    /// A member's newest picture.
    Picture(MemberNumber, Arc<Picture>),
    /// No key can be made for our pictures: none are sent.
    Unsealed,
}

/// Another member.
#[derive(Debug)]
struct Other {
    pair: Pair,
    face: Face,
}

/// Our end of a conference.
#[derive(Debug)]
pub struct Attendance {
    credential: Arc<Credential>,
    own: MemberNumber,
    others: BTreeMap<MemberNumber, Other>,
    /// `None` if none can be made.
    key: Option<SenderKey>,
    camera: bool,
    faces: [OwnFace; 3],
    wants: Wants,
    /// The count of the newest news of what others show of us.
    serial: Option<u8>,
    pictures: VecDeque<Vec<u8>>,
    gone: VecDeque<MemberNumber>,
    events: VecDeque<AttendanceEvent>,
}

impl Attendance {
    /// An end that knows nobody yet. `own` is our number in the conference.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn new(credential: Arc<Credential>, own: MemberNumber, now: Instant) -> Result<Self, NoRandomness> {
        Ok(Self {
            credential,
            own,
            others: BTreeMap::new(),
            key: Some(SenderKey::first()?),
            camera: false,
            faces: FaceSize::ALL.map(|size| OwnFace::new(size, now)),
            wants: Wants::new(now),
            serial: None,
            pictures: VecDeque::new(),
            gone: VecDeque::new(),
            events: VecDeque::new(),
        })
    }

    /// These are in the conference now. Members whose key is not to be trusted are left out: they get nothing from us.
    pub fn set_members(&mut self, members: &[ConferenceMember], now: Instant) {
        let others = members.iter().take(MAX_CONFERENCE).filter(|member| member.number != self.own);
        let others: BTreeMap<_, _> = others.map(|member| (member.number, member.key)).collect();
        let stays = |number: &MemberNumber, other: &Other| others.get(number) == Some(&other.pair.theirs());
        let gone: Vec<_> =
            self.others.iter().filter(|(number, other)| !stays(number, other)).map(|(number, _)| *number).collect();
        let mut is_changed = !gone.is_empty();
        for number in gone {
            self.others.remove(&number);
            self.gone.push_back(number);
        }
        for (number, key) in others {
            if !self.others.contains_key(&number) {
                is_changed = true;
                // One who is there twice has the same key twice.
                let opens = (self.credential.fingerprint, self.own) < (key, number);
                let pair = Pair::new(Arc::clone(&self.credential), key, opens, now);
                self.others.insert(number, Other { pair, face: Face::new(now) });
            }
        }
        if is_changed {
            self.renew_key(now);
        }
        self.settle(now);
    }

    /// These members are shown from now on, in these sizes; nothing of the others is downloaded.
    pub fn show(&mut self, shown: &[(MemberNumber, FaceSize)], now: Instant) {
        for (number, other) in &mut self.others {
            let size = shown.iter().find(|(of, _)| of == number).map(|(_, size)| *size);
            other.face.want(size, now);
        }
        let known = shown.iter().filter(|(number, _)| self.others.contains_key(number)).take(MAX_CONFERENCE).copied();
        self.wants.show(known.collect(), now);
        self.settle(now);
    }

    /// Turns our camera on or off. What was not sent before it was turned off never is.
    pub fn turn_camera(&mut self, on: bool, now: Instant) {
        if self.camera != on {
            self.camera = on;
            self.tell_all(&ConferenceFrame::Camera(on), now);
            if !on {
                self.faces.iter_mut().for_each(OwnFace::stop);
                self.pictures.clear();
            }
        }
    }

    /// Takes the camera's newest picture, of any size.
    pub fn take_picture(&mut self, picture: &Arc<Picture>, now: Instant) {
        if self.camera {
            self.faces.iter_mut().for_each(|face| face.take(picture, now));
        }
    }

    // --- the leg

    /// Takes a packet that has arrived on the leg.
    pub fn receive(&mut self, packet: &[u8], now: Instant) {
        match ConferencePacket::read(packet) {
            Some(ConferencePacket::Pair(from, inner)) => {
                if let Some(other) = self.others.get_mut(&from) {
                    other.pair.receive(inner, now);
                }
            }
            Some(ConferencePacket::Picture(head, _)) => {
                if let Some(other) = self.others.get_mut(&head.from) {
                    other.face.take(packet, now);
                }
            }
            Some(ConferencePacket::Wanted(WantedFaces { count, serial, audience })) => {
                self.wants.answered(count, now);
                if self.serial.is_none_or(|newest| is_later(serial, newest)) {
                    self.serial = Some(serial);
                    self.faces.iter_mut().for_each(|face| face.set_audience(audience));
                }
            }
            Some(ConferencePacket::Wants(..)) | None => {}
        }
        self.settle(now);
    }

    /// The next packet for the leg, if there is one now. Keys go before the pictures that are sealed with them.
    pub fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        for (number, other) in &mut self.others {
            if let Some(packet) = other.pair.transmit(now) {
                return Some(ConferencePacket::Pair(*number, &packet).write());
            }
        }
        self.wants.packet(now).or_else(|| self.pictures.pop_front())
    }

    /// When [`Self::tick`] is to be called if nothing else happens.
    #[must_use]
    pub fn deadline(&mut self) -> Option<Instant> {
        let others = self.others.values_mut().filter_map(|other| {
            let ask = other.face.ask_at().filter(|_| other.pair.is_open());
            other.pair.deadline().into_iter().chain(ask).min()
        });
        // While the line has not taken what waits, no picture is due.
        let own = self.faces.iter().filter_map(OwnFace::deadline).filter(|_| self.pictures.is_empty());
        others.chain(own).chain([self.wants.deadline()]).min()
    }

    /// The time has come.
    pub fn tick(&mut self, now: Instant) {
        self.others.values_mut().for_each(|other| other.pair.tick(now));
        self.settle(now);
    }

    // --- the long work

    /// The next job, if there is one.
    pub fn job(&mut self, now: Instant) -> Option<FaceJob> {
        if let Some(gone) = self.gone.pop_front() {
            return Some(FaceJob::Forget(gone));
        }
        let decode = |(number, other): (&MemberNumber, &mut Other)| {
            other.face.job().map(|(size, packet)| FaceJob::Decode(*number, size, packet))
        };
        if let Some(job) = self.others.iter_mut().find_map(decode) {
            return Some(job);
        }
        if !self.pictures.is_empty() || self.key.is_none() {
            return None;
        }
        let job = self.faces.iter_mut().find_map(|face| face.job(now))?;
        Some(FaceJob::Encode(job.size, job.number, job.picture, job.request))
    }

    /// Takes what came of a job.
    pub fn done(&mut self, result: FaceResult, now: Instant) {
        match result {
            FaceResult::Encoded(size, coded) => {
                let face = self.faces.iter_mut().find(|face| face.size() == size);
                let picture = face.and_then(|face| face.coded(coded, now));
                if let Some(picture) = picture.filter(|_| self.camera) {
                    self.send(&picture);
                }
            }
            FaceResult::Decoded(of, size, result) => {
                let face = self.others.get_mut(&of).map(|other| &mut other.face);
                if let Some(picture) = face.and_then(|face| face.decoded(size, result)) {
                    self.events.push_back(AttendanceEvent::Picture(of, picture));
                }
            }
            FaceResult::Forgotten => {}
        }
        self.settle(now);
    }

    /// The next event.
    pub fn event(&mut self) -> Option<AttendanceEvent> {
        self.events.pop_front()
    }

    /// Whether the line is slow, so that only every other picture of others is asked for.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.wants.is_slow()
    }

    // --- within

    /// Cuts, seals and queues a picture.
    fn send(&mut self, picture: &OwnPicture) {
        let head = PictureHead { from: self.own, size: picture.size, upper: picture.upper };
        let parts = cut(&picture.packet, picture.number, MAX_LEG_PACKET - PICTURE_HEAD - MAX_SEAL);
        for part in parts {
            let sealed = self.key.as_mut().and_then(|key| key.seal(&head.write(), &part));
            if let Some(sealed) = sealed.filter(|_| self.pictures.len() < MAX_PICTURES_OUT) {
                self.pictures.push_back(ConferencePacket::Picture(head, &sealed).write());
            }
        }
    }

    /// Makes a new key and gives it to all who are there. What waited under the old one is not sent: it may be read by
    /// somebody who has left.
    fn renew_key(&mut self, now: Instant) {
        self.pictures.clear();
        if self.key.as_mut().is_some_and(|key| key.renew().is_err()) {
            self.key = None;
            self.events.push_back(AttendanceEvent::Unsealed);
        }
        if let Some(frame) = self.key_frame() {
            self.tell_all(&frame, now);
        }
    }

    fn key_frame(&self) -> Option<ConferenceFrame> {
        let (id, BaseKey(secret)) = self.key.as_ref()?.shared();
        Some(ConferenceFrame::Key { id, secret: SharedSecret(secret) })
    }

    fn tell_all(&mut self, frame: &ConferenceFrame, now: Instant) {
        self.others.values_mut().for_each(|other| other.pair.tell(frame, now));
    }

    /// Takes what happened on the channels, and asks and sends what is due.
    fn settle(&mut self, now: Instant) {
        let greeting = [self.key_frame(), Some(ConferenceFrame::Camera(self.camera))];
        for (number, other) in &mut self.others {
            while let Some(event) = other.pair.event(now) {
                match event {
                    PairEvent::Open => {
                        greeting.iter().flatten().for_each(|frame| other.pair.tell(frame, now));
                        self.events.push_back(AttendanceEvent::Reached(*number));
                    }
                    PairEvent::Frame(ConferenceFrame::Key { id, secret }) => {
                        other.face.add_key(id, &BaseKey(secret.0), now);
                    }
                    PairEvent::Frame(ConferenceFrame::Camera(on)) => {
                        if other.face.camera() != on {
                            other.face.turn(on);
                            self.events.push_back(AttendanceEvent::Camera(*number, on));
                        }
                    }
                    PairEvent::Frame(ConferenceFrame::Refresh { size, has }) => {
                        let face = self.faces.iter_mut().find(|face| face.size() == size);
                        face.into_iter().for_each(|face| face.refresh(has, now));
                    }
                    PairEvent::Ended(end) => self.events.push_back(AttendanceEvent::Lost(*number, end)),
                }
            }
            if other.pair.is_open()
                && let Some(frame) = other.face.ask(now)
            {
                other.pair.ask(&frame);
            }
        }
        let again: Vec<_> = self.faces.iter_mut().filter_map(|face| face.again(now)).collect();
        again.iter().for_each(|picture| self.send(picture));
    }
}
