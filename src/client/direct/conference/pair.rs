//! The channel to one other member, on which keys are given and pictures asked for. It is made again where it fails, but
//! never with another key than the member's.
//!
//! Must not know: pictures, or the other members.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::model::Fingerprint;
use crate::net::certificate::Credential;
use crate::net::peer::channel::Channel;
use crate::net::peer::events::{ChannelEnd, ChannelEvent, ChannelRead, ChannelStream};
use crate::protocol::conference_frame::{ConferenceFrame, ConferenceFrames};

/// So long after a channel failed another is made.
const PAUSE: Duration = Duration::from_secs(1);
/// The most bytes that wait for the other member: whoever takes nothing is left alone.
pub const MAX_PAIR_WAITING: usize = 8 * 1024;
/// The most bytes that are read at once.
const READ: usize = 4 * 1024;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PairEvent {
    /// Both have proved their keys; what was told on an earlier channel is to be told again.
    Open,
    /// The other member says this.
    Frame(ConferenceFrame),
    /// The channel has ended.
    Ended(ChannelEnd),
}

/// The channel to one other member.
#[derive(Debug)]
pub(super) struct Pair {
    credential: Arc<Credential>,
    theirs: Fingerprint,
    /// Whether we open the channel and its stream.
    opens: bool,
    /// `None` between two.
    channel: Option<Channel>,
    /// When another is made.
    again: Option<Instant>,
    is_open: bool,
    control: Option<ChannelStream>,
    frames: ConferenceFrames,
    waiting: Vec<u8>,
    /// An end that is still to be told.
    end: Option<ChannelEnd>,
}

impl Pair {
    pub(super) fn new(credential: Arc<Credential>, theirs: Fingerprint, opens: bool, now: Instant) -> Self {
        let mut pair = Self {
            credential,
            theirs,
            opens,
            channel: None,
            again: None,
            is_open: false,
            control: None,
            frames: ConferenceFrames::default(),
            waiting: Vec::new(),
            end: None,
        };
        pair.make(now);
        pair
    }

    pub(super) fn theirs(&self) -> Fingerprint {
        self.theirs
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    pub(super) fn receive(&mut self, packet: &[u8], now: Instant) {
        if let Some(channel) = &mut self.channel {
            channel.receive(packet, now);
        }
    }

    pub(super) fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.channel.as_mut()?.transmit(now)
    }

    pub(super) fn deadline(&mut self) -> Option<Instant> {
        let channel = self.channel.as_mut().and_then(Channel::deadline);
        channel.into_iter().chain(self.again).min()
    }

    pub(super) fn tick(&mut self, now: Instant) {
        if self.again.is_some_and(|again| again <= now) {
            self.make(now);
        }
        if let Some(channel) = self.channel.as_mut()
            && channel.deadline().is_some_and(|due| due <= now)
        {
            channel.tick(now);
        }
    }

    /// Says something; nothing is said before the channel is open.
    pub(super) fn tell(&mut self, frame: &ConferenceFrame, now: Instant) {
        if self.is_open {
            frame.write(&mut self.waiting);
            self.flush();
            if self.waiting.len() > MAX_PAIR_WAITING {
                self.fail(ChannelEnd::Silent, now);
            }
        }
    }

    /// Asks for something in a datagram: what is lost is asked again, and keeps nothing behind it waiting.
    pub(super) fn ask(&mut self, frame: &ConferenceFrame) {
        if let Some(channel) = self.channel.as_mut().filter(|_| self.is_open) {
            let mut bytes = Vec::new();
            frame.write(&mut bytes);
            channel.send_datagram(bytes);
        }
    }

    /// The next event.
    pub(super) fn event(&mut self, now: Instant) -> Option<PairEvent> {
        loop {
            if let Some(end) = self.end.take() {
                return Some(PairEvent::Ended(end));
            }
            match self.frames.frame() {
                Ok(Some(frame)) => return Some(PairEvent::Frame(frame)),
                Ok(None) => {}
                Err(error) => {
                    self.fail(ChannelEnd::Fault(error.to_string()), now);
                    continue;
                }
            }
            match self.channel.as_mut()?.event()? {
                ChannelEvent::Open => {
                    self.is_open = true;
                    // The other one's stream may have come before.
                    if self.opens {
                        self.control = self.channel.as_mut().and_then(|channel| channel.open(0));
                    }
                    return Some(PairEvent::Open);
                }
                ChannelEvent::Stream(stream) if !self.opens && self.control.is_none() => {
                    self.control = Some(stream);
                    self.flush();
                    self.listen(now);
                }
                ChannelEvent::Stream(stream) => {
                    if let Some(channel) = &mut self.channel {
                        channel.abandon(stream);
                    }
                }
                ChannelEvent::Readable(stream) if Some(stream) == self.control => self.listen(now),
                ChannelEvent::Writable(_) => self.flush(),
                ChannelEvent::End(end) => self.fail(end, now),
                ChannelEvent::Datagram(bytes) => {
                    let mut frames = ConferenceFrames::default();
                    frames.feed(&bytes);
                    if let Ok(Some(frame @ (ConferenceFrame::Refresh { .. } | ConferenceFrame::Missed(_)))) =
                        frames.frame()
                    {
                        return Some(PairEvent::Frame(frame));
                    }
                }
                ChannelEvent::Readable(_) | ChannelEvent::Delivered(_) => {}
            }
        }
    }

    fn make(&mut self, now: Instant) {
        let made = if self.opens {
            Channel::call(&self.credential, self.theirs, now)
        } else {
            Channel::answer(&self.credential, self.theirs, now)
        };
        (self.control, self.frames, self.again) = (None, ConferenceFrames::default(), None);
        self.waiting.clear();
        match made {
            Ok(channel) => self.channel = Some(channel),
            Err(error) => self.end = Some(ChannelEnd::Fault(error.to_string())),
        }
    }

    /// The channel is given up. With another key there is none for ever.
    fn fail(&mut self, end: ChannelEnd, now: Instant) {
        self.channel = None;
        self.is_open = false;
        self.frames = ConferenceFrames::default();
        self.waiting.clear();
        // Whoever answers is there before the other one opens again.
        let pause = if self.opens { PAUSE } else { Duration::ZERO };
        self.again = (end != ChannelEnd::WrongKey).then(|| now + pause);
        self.end = Some(end);
    }

    fn flush(&mut self) {
        let (Some(control), Some(channel)) = (self.control, &mut self.channel) else { return };
        // A stream that the other one gave up takes nothing more; the channel's end follows, or the silence is noticed.
        let taken = channel.write(control, &self.waiting).unwrap_or(0);
        self.waiting.drain(..taken);
    }

    fn listen(&mut self, now: Instant) {
        let (Some(control), Some(channel)) = (self.control, &mut self.channel) else { return };
        loop {
            match channel.read(control, READ) {
                ChannelRead::Bytes(bytes) => self.frames.feed(&bytes),
                ChannelRead::Nothing => return,
                ChannelRead::End | ChannelRead::Lost => return self.fail(ChannelEnd::ClosedByPeer, now),
            }
        }
    }
}
