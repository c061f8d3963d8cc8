//! A conference as one member has it: a channel to every other member, under one leg of the relay; pictures to all who show
//! them and voice to all who hear, sealed so that the server cannot read them.
//!
//! The owner of an [`Attendance`] hands in the list of members, packets from the leg, the camera's pictures, the microphone's
//! sound and the faces that are shown, and takes out packets for the leg, sound, jobs and news. A job takes long, so another
//! thread has a [`FaceCodec`](codec::FaceCodec) do it, and its result is handed in again.
//!
//! Whenever somebody joins or leaves, a new key is made and given to all who are there; what is sent from that moment on is
//! sealed with it.
//!
//! - [`codec`]: the long work. [`layout`]: where faces stand on the screen, and which sizes they need.
//! - [`pair`]: the channel to one other member. [`sealed`]: what comes from it to all. [`face`]: its pictures. [`own_face`]:
//!   ours, in one size. [`own_packets`]: what we send to all. [`voices`]: ours and theirs; `hearing`: whether anybody hears.
//!   [`events`]: what happened.
//! - `news_count`: which of the server's news are believed. [`wants`]: what the server is told of what is shown. [`orders`]:
//!   what the session wants done, and what it is told.
//!
//! Must not know: sockets, cameras, threads, rooms or the screen.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use crate::client::direct::voice::HeardSound;
use crate::media::picture::Picture;
use crate::net::certificate::Credential;
use crate::net::seal::frame_key::{BaseKey, NoRandomness};
use crate::protocol::conference::{ConferenceMember, MAX_CONFERENCE, MemberNumber};
use crate::protocol::conference_frame::ConferenceFrame;
use crate::protocol::conference_packet::{
    ConferencePacket, FaceSize, PICTURE_HEAD, PictureHead, VOICE_HEAD, WantedFaces,
};

pub mod codec;
pub mod events;
pub mod face;
mod hearing;
pub mod layout;
mod news_count;
pub mod orders;
pub mod own_face;
pub mod own_packets;
pub mod pair;
pub mod sealed;
pub mod voices;
pub mod wants;

use codec::{FaceJob, FaceResult};
use events::AttendanceEvent;
use face::Face;
use news_count::NewsCount;
use own_face::OwnFace;
use own_packets::OwnPackets;
use pair::{Pair, PairEvent};
use sealed::SealedByMember;
use voices::ConferenceVoices;
use wants::Wants;

/// Another member.
#[derive(Debug)]
struct Other {
    pair: Pair,
    sealed: SealedByMember,
    face: Face,
}

impl Other {
    /// When something is to be asked of it.
    fn ask_at(&self) -> Option<Instant> {
        self.face.ask_at().filter(|_| self.pair.is_open() && self.sealed.has_key())
    }
}

/// Our end of a conference.
#[derive(Debug)]
pub struct Attendance {
    credential: Arc<Credential>,
    own: MemberNumber,
    others: BTreeMap<MemberNumber, Other>,
    packets: OwnPackets,
    camera: bool,
    /// Whether somebody shows our pictures.
    is_watched: bool,
    faces: [OwnFace; 3],
    wants: Wants,
    /// The count of the newest news of what others show of us.
    news: NewsCount,
    voices: ConferenceVoices,
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
            packets: OwnPackets::new(own)?,
            camera: false,
            is_watched: false,
            faces: FaceSize::ALL.map(|size| OwnFace::new(size, now)),
            wants: Wants::new(now),
            news: NewsCount::default(),
            voices: ConferenceVoices::new(now),
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
            self.voices.forget(number);
            self.gone.push_back(number);
        }
        for (number, key) in others {
            if !self.others.contains_key(&number) {
                is_changed = true;
                // One who is there twice has the same key twice.
                let opens = (self.credential.fingerprint, self.own) < (key, number);
                let pair = Pair::new(Arc::clone(&self.credential), key, opens, now);
                self.others.insert(number, Other { pair, sealed: SealedByMember::default(), face: Face::new(now) });
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
                self.packets.drop_pictures();
            }
        }
    }

    /// Takes the camera's newest picture, of any size.
    pub fn take_picture(&mut self, picture: &Arc<Picture>, now: Instant) {
        if self.camera {
            self.faces.iter_mut().for_each(|face| face.take(picture, now));
        }
    }

    /// The person begins or ceases to speak. Nothing is sent unless somebody hears.
    pub fn talk(&mut self, is_talking: bool, now: Instant) {
        self.voices.talk(is_talking, now);
    }

    /// Takes what the microphone heard, of any length. Nothing is kept of it unless the person speaks.
    pub fn take_microphone(&mut self, samples: &[i16], now: Instant) {
        self.voices.take_microphone(samples, now);
    }

    /// Whether we have a loudspeaker; at first we have none, and no voice is sent to us.
    pub fn hear(&mut self, hears: bool, now: Instant) {
        self.voices.hear(hears, now);
        self.settle(now);
    }

    /// The next sound that is to be heard, and of whom.
    pub fn sound(&mut self) -> Option<(MemberNumber, HeardSound)> {
        self.voices.sound()
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
            Some(ConferencePacket::Picture(PictureHead { from, .. }, _) | ConferencePacket::Voice(from, _)) => {
                self.open(from, packet, now);
            }
            Some(ConferencePacket::Wanted(WantedFaces { count, serial, audience })) => {
                let is_answer = self.wants.answered(count, now);
                self.voices.line_queue(self.wants.queue(), now);
                if self.news.take(serial, is_answer) {
                    self.faces.iter_mut().for_each(|face| face.set_audience(audience));
                    if std::mem::replace(&mut self.is_watched, audience.is_any()) != audience.is_any() {
                        self.events.push_back(AttendanceEvent::Watched(self.is_watched));
                    }
                }
            }
            Some(ConferencePacket::Heard(listeners)) => {
                let news = self.voices.answered(listeners, now);
                self.events.extend(news.map(AttendanceEvent::Heard));
            }
            Some(ConferencePacket::Wants(..) | ConferencePacket::Hears(..)) | None => {}
        }
        self.settle(now);
    }

    /// The next packet for the leg, if there is one now. Keys go before what is sealed with them, and voice before pictures.
    pub fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        for (number, other) in &mut self.others {
            if let Some(packet) = other.pair.transmit(now) {
                return Some(ConferencePacket::Pair(*number, &packet).write());
            }
        }
        while let Some(plain) = self.voices.plain(now) {
            if let Some(packet) = self.packets.voice(&plain) {
                return Some(packet);
            }
        }
        self.wants.packet(now).or_else(|| self.voices.word(now)).or_else(|| self.packets.picture())
    }

    /// When [`Self::tick`] is to be called if nothing else happens.
    #[must_use]
    pub fn deadline(&mut self) -> Option<Instant> {
        let others =
            self.others.values_mut().filter_map(|other| other.pair.deadline().into_iter().chain(other.ask_at()).min());
        // While the line has not taken what waits, no picture is due.
        let own = self.faces.iter().filter_map(OwnFace::deadline).filter(|_| !self.packets.has_pictures());
        let voices = self.voices.deadline().into_iter().chain(self.voices.sound_due());
        others.chain(own).chain(voices).chain([self.wants.deadline()]).min()
    }

    /// When the next sound is due, whatever the leg takes.
    #[must_use]
    pub fn sound_due(&self) -> Option<Instant> {
        self.voices.sound_due()
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
        if self.packets.has_pictures() || !self.packets.has_key() {
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
                    self.packets.queue(&picture);
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

    /// Takes a sealed packet of a member.
    fn open(&mut self, from: MemberNumber, packet: &[u8], now: Instant) {
        let Some(Other { sealed, face, .. }) = self.others.get_mut(&from) else { return };
        match ConferencePacket::read(packet) {
            Some(ConferencePacket::Picture(head, _)) if face.wants(head.size) => {
                sealed.open(packet, PICTURE_HEAD, now).iter().for_each(|part| face.take(part));
            }
            Some(ConferencePacket::Voice(..)) => {
                if let Some(plain) = sealed.open(packet, VOICE_HEAD, now) {
                    self.voices.take(from, &plain, now);
                }
            }
            _ => {}
        }
    }

    /// Makes a new key and gives it to all who are there.
    fn renew_key(&mut self, now: Instant) {
        if !self.packets.renew() {
            self.events.push_back(AttendanceEvent::Unsealed);
        }
        if let Some(frame) = self.packets.key_frame() {
            self.tell_all(&frame, now);
        }
    }

    fn tell_all(&mut self, frame: &ConferenceFrame, now: Instant) {
        self.others.values_mut().for_each(|other| other.pair.tell(frame, now));
    }

    /// Takes what happened on the channels, and asks and sends what is due.
    fn settle(&mut self, now: Instant) {
        let greeting = [self.packets.key_frame(), Some(ConferenceFrame::Camera(self.camera))];
        let mut held = Vec::new();
        for (number, other) in &mut self.others {
            while let Some(event) = other.pair.event(now) {
                match event {
                    PairEvent::Open => {
                        greeting.iter().flatten().for_each(|frame| other.pair.tell(frame, now));
                        self.events.push_back(AttendanceEvent::Reached(*number));
                    }
                    PairEvent::Frame(ConferenceFrame::Key { id, secret }) => {
                        let waited = other.sealed.add_key(id, &BaseKey(secret.0), now);
                        held.extend(waited.into_iter().map(|packet| (*number, packet)));
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
                    PairEvent::Frame(ConferenceFrame::Missed(of_hundred)) => {
                        self.voices.missed(of_hundred.into(), now);
                    }
                    PairEvent::Ended(end) => self.events.push_back(AttendanceEvent::Lost(*number, end)),
                }
            }
            if other.ask_at().is_some()
                && let Some(frame) = other.face.ask(now)
            {
                other.pair.ask(&frame);
            }
            if let Some(of_hundred) = self.voices.loss_of(*number, now) {
                other.pair.ask(&ConferenceFrame::Missed(of_hundred));
            }
        }
        held.iter().for_each(|(from, packet)| self.open(*from, packet, now));
        self.voices.settle(now, &mut self.events);
        let again: Vec<_> = self.faces.iter_mut().filter_map(|face| face.again(now)).collect();
        again.iter().for_each(|picture| self.packets.queue(picture));
    }
}
