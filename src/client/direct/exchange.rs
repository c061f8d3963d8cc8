//! One end of a channel with all that goes over it: the encrypted channel, what is said, files, pictures and voice. Packets,
//! orders, finished steps and times go in; packets, news, steps for the disk and the next time come out. `straight` is which
//! way the packets go.
//!
//! Must not know: sockets, clocks, which way packets go, how files are read or written, who shows pictures, or
//! who hears voice.

mod straight;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::bypass::Bypass;
use super::files::{Carrier, ChannelFiles};
use super::jobs::{FileJob, JobDone};
use super::live::Live;
use super::orders::{ChannelNews, ChannelOrder, ChannelWay, FileEnd, FileKey};
use super::pictures::Pictures;
use super::pictures::codec::CodecJob;
use super::talk::{DirectEnd, SayRefusal, Side, Talk, TalkEvent};
use super::voice::{HeardSound, Voice};
use crate::model::{Fingerprint, Text};
use crate::net::certificate::Credential;
use crate::net::peer::channel::Channel;
use crate::net::peer::events::{ChannelError, ChannelEvent};
use crate::net::ways::candidate::Candidates;
use crate::protocol::CallId;

/// The most news that wait to be taken; beyond it the other side is heard no further.
pub const MAX_NEWS: usize = 64;
/// The most steps for the disk that wait, likewise.
pub const MAX_JOBS: usize = 64;
/// How long what was said may take to arrive before the channel is closed all the same.
pub const LAST_WORDS: Duration = Duration::from_millis(500);

/// One end of a channel.
#[derive(Debug)]
pub struct Exchange {
    id: CallId,
    channel: Channel,
    talk: Talk,
    files: ChannelFiles,
    live: Live,
    news: VecDeque<ChannelNews>,
    /// Until when the other side may take what was said; then the channel is closed.
    closing: Option<Instant>,
    bypass: Bypass,
    /// The way through the server, as it was told last.
    relay: Option<ChannelWay>,
    side: Side,
    over: bool,
}

impl Exchange {
    /// The end of a call: proves `credential`, and expects `theirs`. `nonce` is random, and for this channel alone;
    /// `candidates` says to which addresses packets may go straight.
    ///
    /// # Errors
    /// If the key cannot be used, or the system has no randomness.
    pub fn new(
        id: CallId,
        side: Side,
        credential: &Credential,
        theirs: Fingerprint,
        nonce: [u8; 16],
        candidates: Candidates,
        now: Instant,
    ) -> Result<Self, ChannelError> {
        let channel = match side {
            Side::Caller => Channel::call(credential, theirs, now)?,
            Side::Callee => Channel::answer(credential, theirs, now)?,
        };
        let talk = Talk::new(side, credential.fingerprint, theirs, nonce);
        let (files, live, news) = (ChannelFiles::new(id), Live::new(now), VecDeque::new());
        let bypass = Bypass::new(candidates);
        Ok(Self { id, channel, talk, files, live, news, closing: None, bypass, relay: None, side, over: false })
    }

    /// Takes a packet that has arrived.
    pub fn receive(&mut self, packet: &[u8], now: Instant) {
        self.channel.receive(packet, now);
        self.settle(now);
    }

    /// Carries an order out; one about another channel is passed over.
    pub fn order(&mut self, order: ChannelOrder, now: Instant) {
        match order {
            ChannelOrder::Say(id, text) if id == self.id => self.say(text),
            ChannelOrder::Offer(id, path) if id == self.id && self.is_open() => self.files.offer(path),
            ChannelOrder::Offer(id, path) if id == self.id => {
                self.news.push_back(ChannelNews::FileEnded(id, FileKey::Ours(path), FileEnd::Cut));
            }
            ChannelOrder::Accept(id, number) if id == self.id => self.files.accept(number),
            ChannelOrder::Decline(id, number) if id == self.id => {
                let (files, mut carrier) = self.carrier(now);
                files.decline(number, &mut carrier);
            }
            ChannelOrder::Withdraw(id, path) if id == self.id => {
                let (files, mut carrier) = self.carrier(now);
                files.withdraw(&path, &mut carrier);
            }
            ChannelOrder::Bypass(id, wanted) if id == self.id => self.want_bypass(wanted, now),
            ChannelOrder::Camera(id, on) if id == self.id && self.is_open() => self.live.pictures.turn_camera(on),
            ChannelOrder::Watch(id, width) if id == self.id && self.is_open() => self.live.pictures.want(width),
            ChannelOrder::Hear(id, on) if id == self.id && self.is_open() => self.live.voice.hear(on),
            ChannelOrder::Talk(id, on) if id == self.id && self.is_open() => self.live.voice.talk(on, now),
            ChannelOrder::Close(id) if id == self.id => self.close(now),
            ChannelOrder::Open { .. }
            | ChannelOrder::Say(..)
            | ChannelOrder::Offer(..)
            | ChannelOrder::Accept(..)
            | ChannelOrder::Decline(..)
            | ChannelOrder::Withdraw(..)
            | ChannelOrder::Bypass(..)
            | ChannelOrder::Camera(..)
            | ChannelOrder::Watch(..)
            | ChannelOrder::Hear(..)
            | ChannelOrder::Talk(..)
            | ChannelOrder::Close(_) => {}
        }
        self.settle(now);
    }

    /// Takes what came of a step with a file.
    pub fn done(&mut self, done: JobDone, now: Instant) {
        let (files, mut carrier) = self.carrier(now);
        files.done(done, &mut carrier);
        self.settle(now);
    }

    /// Lets something happen to the pictures, or come of them.
    pub fn with_pictures<T>(&mut self, now: Instant, act: impl FnOnce(&mut Pictures) -> T) -> T {
        let result = act(&mut self.live.pictures);
        self.settle(now);
        result
    }

    /// Lets something happen to the voices, or come of them: microphone, key, what is to be heard, events.
    pub fn with_voice<T>(&mut self, now: Instant, act: impl FnOnce(&mut Voice) -> T) -> T {
        let result = act(&mut self.live.voice);
        self.settle(now);
        result
    }

    /// The next sound of the other one that is to be heard: right after the one before, or as soon as it is there.
    pub fn sound(&mut self) -> Option<HeardSound> {
        self.live.voice.sound()
    }

    /// The next long work with pictures, whose result goes to [`Self::with_pictures`].
    #[must_use]
    pub fn codec_job(&mut self, now: Instant) -> Option<CodecJob> {
        self.live.pictures.job(now)
    }

    /// When [`Self::tick`] is to be called if nothing else happens.
    #[must_use]
    pub fn deadline(&mut self) -> Option<Instant> {
        let voice = self.live.voice.deadline().filter(|_| self.is_open());
        self.channel.deadline().into_iter().chain(self.closing).chain(self.bypass.deadline()).chain(voice).min()
    }

    /// The time has come.
    pub fn tick(&mut self, now: Instant) {
        self.channel.tick(now);
        self.bypass.tick(now);
        self.look_at_way(now);
        if self.closing.is_some_and(|until| until <= now) {
            self.closing = None;
            self.channel.close(now);
        }
        self.settle(now);
    }

    /// The next packet to send, if there is one now.
    #[must_use]
    pub fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        let packet = self.channel.transmit(now);
        if packet.is_none() {
            self.live.pictures.transmitted(&mut self.channel);
        }
        packet
    }

    /// The next piece of news.
    pub fn news(&mut self, now: Instant) -> Option<ChannelNews> {
        let Some(news) = self.news.pop_front() else { return self.live_news() };
        if self.news.len() + 1 == MAX_NEWS {
            // There is room again for what was not heard.
            self.settle(now);
        }
        Some(news)
    }

    /// What is new of pictures and voice, while nothing else is.
    fn live_news(&mut self) -> Option<ChannelNews> {
        self.live.news(self.id).filter(|_| !self.over)
    }

    /// The next step to be done on the disk.
    pub fn job(&mut self, now: Instant) -> Option<FileJob> {
        let job = self.files.job();
        if self.files.waiting() + 1 == MAX_JOBS {
            self.settle(now);
        }
        job
    }

    /// Ends it, for a reason that is none of the channel's.
    pub fn fail(&mut self, why: DirectEnd, now: Instant) {
        self.end(why, now);
        self.settle(now);
    }

    /// Whether nothing more is said, and [`ChannelNews::Ended`] is among the news.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.over
    }

    /// Whether it can be dropped: the other side needs no more answers.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over && self.channel.is_over()
    }

    fn is_open(&self) -> bool {
        !self.over && self.closing.is_none()
    }

    fn carrier(&mut self, now: Instant) -> (&mut ChannelFiles, Carrier<'_>) {
        let Self { files, talk, channel, .. } = self;
        (files, Carrier { talk, channel, now })
    }

    fn say(&mut self, text: Text) {
        let said =
            if self.is_open() { self.talk.say(text.clone(), &mut self.channel) } else { Err(SayRefusal::NotReady) };
        if let Err(why) = said {
            self.news.push_back(ChannelNews::NotSaid(self.id, text, why));
        }
    }

    fn close(&mut self, now: Instant) {
        if !self.is_open() {
            return;
        }
        self.files.cut();
        self.live.stop();
        if self.talk.finish(&mut self.channel) {
            self.closing = Some(now + LAST_WORDS);
        } else {
            self.channel.close(now);
        }
    }

    fn end(&mut self, how: DirectEnd, now: Instant) {
        if std::mem::replace(&mut self.over, true) {
            return;
        }
        self.closing = None;
        self.live.stop();
        self.files.cut();
        self.news.extend(self.files.news());
        self.news.push_back(ChannelNews::Ended(self.id, how));
        self.channel.close(now);
    }

    /// Lets everything follow from what has changed.
    fn settle(&mut self, now: Instant) {
        let mut moved = true;
        while std::mem::take(&mut moved) {
            while self.hears()
                && let Some(event) = self.channel.event()
            {
                match event {
                    ChannelEvent::Datagram(datagram) => self.live.take_datagram(&datagram, now),
                    event => self.talk.take(event, &mut self.channel),
                }
                self.heard(now);
            }
            if self.is_open() {
                let (files, mut carrier) = self.carrier(now);
                moved = files.go_on(&mut carrier);
            }
            moved |= self.heard(now);
        }
        if self.is_open() {
            self.live.exchange(&mut self.talk, &mut self.channel, now);
        }
        self.news.extend(self.files.news());
    }

    /// Whether there is room for what comes of the next event.
    fn hears(&self) -> bool {
        self.news.len() < MAX_NEWS && self.files.waiting() < MAX_JOBS
    }

    /// Takes the events of the talk; whether there were any.
    fn heard(&mut self, now: Instant) -> bool {
        let mut any = false;
        while let Some(event) = self.talk.event() {
            any = true;
            if self.over || self.files.heard(&event, now) {
                continue;
            }
            self.news.extend(self.files.news());
            match event {
                TalkEvent::Ready(words) => self.news.push_back(ChannelNews::Ready(self.id, words)),
                TalkEvent::Said(text) => self.news.push_back(ChannelNews::Said(self.id, text)),
                TalkEvent::WantsBypass(wanted) => {
                    self.they_want_bypass(wanted, now);
                }
                TalkEvent::Addresses(addresses) => self.bypass.hear_addresses(&addresses, now),
                TalkEvent::Pictures(_) | TalkEvent::Voice(_) => self.live.heard(&event),
                TalkEvent::Finished => self.channel.close(now),
                TalkEvent::End(how) => self.end(how, now),
                TalkEvent::Offered(_)
                | TalkEvent::Accepted(..)
                | TalkEvent::Declined(_)
                | TalkEvent::Withdrawn(_)
                | TalkEvent::Whole(_)
                | TalkEvent::Checked(..) => {}
            }
        }
        any
    }
}
