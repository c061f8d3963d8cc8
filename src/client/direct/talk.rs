//! What is said and offered on a channel, and what comes of it: the state of one end.
//!
//! Whoever has it hands in every event of the channel, and then takes the events of this.
//!
//! Must not know: files on disk, the screen, or which way packets go.

mod events;

use std::collections::VecDeque;
use std::net::SocketAddr;

use crate::model::{Fingerprint, Text};
use crate::net::peer::channel::Channel;
use crate::net::peer::events::{ChannelEnd, ChannelEvent, ChannelRead, ChannelStream};
use crate::protocol::peer::{
    FileOffer, MAX_ADDRESSES, MAX_DIRECT_TEXT, PeerFrame, PeerFrames, PictureNote, VERSION, VoiceNote,
};

pub use self::events::{DirectEnd, SayRefusal, Side, TalkEvent};
use super::transfers::{OfferRefusal, Received, Transfers, WantedPiece};
use super::verification::{Ingredients, SECRET_LABEL, commitment, words};

/// Words come before everything else.
const PRIORITY: i32 = 10;
/// The most bytes that wait to be said.
pub const MAX_WAITING: usize = 64 * 1024;
/// The most bytes that are read at once.
const READ: usize = 16 * 1024;

/// How far the greeting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Greeting {
    /// Nothing was heard.
    Begun,
    /// The callee has heard this commitment.
    Committed([u8; 32]),
    Done,
}

/// One end of a talk.
#[derive(Debug)]
pub struct Talk {
    side: Side,
    /// Our key and the other one's.
    keys: (Fingerprint, Fingerprint),
    nonce: [u8; 16],
    greeting: Greeting,
    control: Option<ChannelStream>,
    frames: PeerFrames,
    /// What the control stream has not taken yet.
    waiting: Vec<u8>,
    transfers: Transfers,
    events: VecDeque<TalkEvent>,
    /// Whether nothing more is said.
    finishing: bool,
    over: bool,
}

impl Talk {
    /// An end; `nonce` is random, and for this talk alone.
    #[must_use]
    pub fn new(side: Side, ours: Fingerprint, theirs: Fingerprint, nonce: [u8; 16]) -> Self {
        Self {
            side,
            keys: (ours, theirs),
            nonce,
            greeting: Greeting::Begun,
            control: None,
            frames: PeerFrames::default(),
            waiting: Vec::new(),
            transfers: Transfers::default(),
            events: VecDeque::new(),
            finishing: false,
            over: false,
        }
    }

    /// Takes an event of the channel.
    pub fn take(&mut self, event: ChannelEvent, channel: &mut Channel) {
        match event {
            ChannelEvent::Open if self.side == Side::Caller => {
                self.control = channel.open(PRIORITY);
                self.tell(&PeerFrame::Hello { version: VERSION, commitment: commitment(&self.nonce) }, channel);
            }
            ChannelEvent::Stream(stream) if self.control.is_none() && self.side == Side::Callee => {
                self.control = Some(stream);
                self.listen(channel);
            }
            ChannelEvent::Stream(stream) => self.transfers.opened(stream),
            ChannelEvent::Readable(stream) if Some(stream) == self.control => self.listen(channel),
            ChannelEvent::Writable(_) => {
                self.flush(channel);
                for lost in self.transfers.write(channel) {
                    self.transfers.forget_outgoing(lost, channel);
                    self.events.push_back(TalkEvent::Declined(lost));
                }
            }
            ChannelEvent::Delivered(stream) if Some(stream) == self.control => {
                self.events.push_back(TalkEvent::Finished);
            }
            ChannelEvent::End(end) => self.end(DirectEnd::Channel(end)),
            ChannelEvent::Open | ChannelEvent::Readable(_) | ChannelEvent::Delivered(_) | ChannelEvent::Datagram(_) => {
            }
        }
    }

    /// The next event.
    pub fn event(&mut self) -> Option<TalkEvent> {
        self.events.pop_front()
    }

    /// Says something.
    ///
    /// # Errors
    /// If it cannot be said now.
    pub fn say(&mut self, text: Text, channel: &mut Channel) -> Result<(), SayRefusal> {
        if self.greeting != Greeting::Done || self.over {
            return Err(SayRefusal::NotReady);
        }
        if text.is_blank() || text.as_str().len() > MAX_DIRECT_TEXT {
            return Err(SayRefusal::Length);
        }
        if self.waiting.len() >= MAX_WAITING {
            return Err(SayRefusal::Full);
        }
        self.tell(&PeerFrame::Text(text), channel);
        Ok(())
    }

    /// Lets the other one know something about pictures; `false` before the greeting, and while something else waits.
    pub fn note(&mut self, note: PictureNote, channel: &mut Channel) -> bool {
        self.tell_if_free(&PeerFrame::Pictures(note), channel)
    }

    /// Lets it know something about voice, likewise.
    pub fn note_voice(&mut self, note: VoiceNote, channel: &mut Channel) -> bool {
        self.tell_if_free(&PeerFrame::Voice(note), channel)
    }

    fn tell_if_free(&mut self, frame: &PeerFrame, channel: &mut Channel) -> bool {
        let can = self.greeting == Greeting::Done && !self.over && !self.finishing && self.waiting.is_empty();
        if can {
            self.tell(frame, channel);
        }
        can
    }

    /// Offers a file by its size, digest and name; returns its number, or why it cannot be offered; `None` before the
    /// greeting.
    pub fn offer(
        &mut self,
        size: u64,
        digest: [u8; 32],
        name: String,
        channel: &mut Channel,
    ) -> Option<Result<u32, OfferRefusal>> {
        if self.greeting != Greeting::Done || self.over {
            return None;
        }
        Some(self.transfers.offer(size).inspect(|&number| {
            self.tell(&PeerFrame::Offer(FileOffer { number, size, digest, name }), channel);
        }))
    }

    /// Takes the other one's file, from a byte on; `false` if there is no such offer.
    pub fn accept(&mut self, number: u32, from: u64, channel: &mut Channel) -> bool {
        let can = self.transfers.accept(number, from);
        if can {
            self.tell(&PeerFrame::Accept { number, from }, channel);
        }
        can
    }

    /// Does not want the other one's file, or no longer; `false` if there is no such offer.
    pub fn decline(&mut self, number: u32, channel: &mut Channel) -> bool {
        let was = self.transfers.forget_incoming(number, channel);
        if was {
            self.tell(&PeerFrame::Decline { number }, channel);
        }
        was
    }

    /// Withdraws our offer, or stops sending; `false` if there is no such offer.
    pub fn withdraw(&mut self, number: u32, channel: &mut Channel) -> bool {
        let was = self.transfers.forget_outgoing(number, channel);
        if was {
            self.tell(&PeerFrame::Withdraw { number }, channel);
        }
        was
    }

    /// The other one's file, which has arrived whole, has this digest; whether it is the offered one.
    pub fn checked(&mut self, number: u32, digest: [u8; 32], channel: &mut Channel) -> bool {
        let right = self.transfers.digest(number) == Some(digest);
        if self.transfers.forget_incoming(number, channel) {
            self.tell(&PeerFrame::Checked { number, right }, channel);
        }
        right
    }

    /// Whether the two ends have greeted each other, and it is not over.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.greeting == Greeting::Done && !self.over
    }

    /// Says whether packets are to bypass the server; nothing before the greeting.
    pub fn want_bypass(&mut self, wanted: bool, channel: &mut Channel) {
        if self.is_ready() {
            self.tell(&PeerFrame::Bypass(wanted), channel);
        }
    }

    /// Tells where we can perhaps be reached straight; at most [`MAX_ADDRESSES`].
    pub fn tell_addresses(&mut self, mut addresses: Vec<SocketAddr>, channel: &mut Channel) {
        addresses.truncate(MAX_ADDRESSES);
        self.tell(&PeerFrame::Addresses(addresses), channel);
    }

    /// Nothing more is said; [`TalkEvent::Finished`] follows once all that was said has arrived. `false` if there is nothing
    /// to wait for.
    pub fn finish(&mut self, channel: &mut Channel) -> bool {
        let says = self.greeting == Greeting::Done && !self.over;
        if says {
            self.finishing = true;
            self.flush(channel);
        }
        says
    }

    /// The piece of our files that is to be given next.
    #[must_use]
    pub fn wanted(&self) -> Option<WantedPiece> {
        self.transfers.wanted()
    }

    /// Gives that piece.
    pub fn give(&mut self, number: u32, bytes: &[u8], channel: &mut Channel) {
        self.transfers.give(number, bytes, channel);
    }

    /// The next piece of the other one's files: its number, where it begins, and its bytes. What else comes of receiving
    /// becomes an event.
    pub fn piece(&mut self, channel: &mut Channel) -> Option<(u32, u64, Vec<u8>)> {
        match self.transfers.receive(channel)? {
            Received::Piece { number, at, bytes } => Some((number, at, bytes)),
            Received::Whole(number) => {
                self.events.push_back(TalkEvent::Whole(number));
                None
            }
            Received::Cut(number) => {
                self.events.push_back(TalkEvent::Withdrawn(number));
                None
            }
        }
    }

    /// How far a file has come, ours or the other one's: these bytes of all.
    #[must_use]
    pub fn progress(&self, ours: bool, number: u32) -> Option<(u64, u64)> {
        self.transfers.progress(ours, number)
    }

    /// Whether something waits to be said.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    fn tell(&mut self, frame: &PeerFrame, channel: &mut Channel) {
        frame.write(&mut self.waiting);
        self.flush(channel);
    }

    fn flush(&mut self, channel: &mut Channel) {
        let Some(control) = self.control else { return };
        match channel.write(control, &self.waiting) {
            Some(taken) => drop(self.waiting.drain(..taken)),
            // Once the stream is finished nothing more can be written, and nothing more is.
            None if self.finishing => self.waiting.clear(),
            None => self.end(DirectEnd::Channel(ChannelEnd::ClosedByPeer)),
        }
        if self.finishing && self.waiting.is_empty() {
            channel.finish(control);
        }
    }

    fn listen(&mut self, channel: &mut Channel) {
        let Some(control) = self.control else { return };
        while !self.over {
            match channel.read(control, READ) {
                ChannelRead::Bytes(bytes) => self.frames.feed(&bytes),
                ChannelRead::Nothing => return,
                ChannelRead::End | ChannelRead::Lost => {
                    return self.end(DirectEnd::Channel(ChannelEnd::ClosedByPeer));
                }
            }
            while !self.over {
                match self.frames.frame() {
                    Ok(Some(frame)) => self.heard(frame, channel),
                    Ok(None) => break,
                    Err(error) => self.end(DirectEnd::Fault(error.to_string())),
                }
            }
        }
    }

    fn heard(&mut self, frame: PeerFrame, channel: &mut Channel) {
        if self.greeting != Greeting::Done {
            return self.greeted(&frame, channel);
        }
        match frame {
            PeerFrame::Text(text) => self.events.push_back(TalkEvent::Said(text)),
            PeerFrame::Offer(offer) => {
                if self.transfers.offered(offer.clone()) {
                    self.events.push_back(TalkEvent::Offered(offer));
                } else {
                    self.tell(&PeerFrame::Decline { number: offer.number }, channel);
                }
            }
            PeerFrame::Accept { number, from } => {
                if self.transfers.accepted(number, from, channel) {
                    self.events.push_back(TalkEvent::Accepted(number, from));
                } else {
                    self.withdraw(number, channel);
                }
            }
            PeerFrame::Decline { number } => {
                if self.transfers.forget_outgoing(number, channel) {
                    self.events.push_back(TalkEvent::Declined(number));
                }
            }
            PeerFrame::Withdraw { number } => {
                if self.transfers.forget_incoming(number, channel) {
                    self.events.push_back(TalkEvent::Withdrawn(number));
                }
            }
            PeerFrame::Checked { number, right } => {
                if self.transfers.forget_outgoing(number, channel) {
                    self.events.push_back(TalkEvent::Checked(number, right));
                }
            }
            PeerFrame::Bypass(wanted) => self.events.push_back(TalkEvent::WantsBypass(wanted)),
            PeerFrame::Addresses(addresses) => self.events.push_back(TalkEvent::Addresses(addresses)),
            PeerFrame::Pictures(note) => self.events.push_back(TalkEvent::Pictures(note)),
            PeerFrame::Voice(note) => self.events.push_back(TalkEvent::Voice(note)),
            PeerFrame::Hello { .. } | PeerFrame::Answer { .. } | PeerFrame::Reveal { .. } => {
                self.end(DirectEnd::Fault("a second greeting".to_owned()));
            }
        }
    }

    /// A frame before the greeting is done.
    fn greeted(&mut self, frame: &PeerFrame, channel: &mut Channel) {
        match (self.side, self.greeting, frame) {
            (_, _, PeerFrame::Hello { version, .. } | PeerFrame::Answer { version, .. }) if *version != VERSION => {
                self.end(DirectEnd::Version(*version));
            }
            (Side::Callee, Greeting::Begun, PeerFrame::Hello { commitment, .. }) => {
                self.greeting = Greeting::Committed(*commitment);
                self.tell(&PeerFrame::Answer { version: VERSION, nonce: self.nonce }, channel);
            }
            (Side::Caller, Greeting::Begun, PeerFrame::Answer { nonce, .. }) => {
                self.tell(&PeerFrame::Reveal { nonce: self.nonce }, channel);
                self.ready(self.nonce, *nonce, channel);
            }
            (Side::Callee, Greeting::Committed(committed), PeerFrame::Reveal { nonce }) => {
                if commitment(nonce) == committed {
                    self.ready(*nonce, self.nonce, channel);
                } else {
                    self.end(DirectEnd::Commitment);
                }
            }
            _ => self.end(DirectEnd::Fault("something else before the greeting".to_owned())),
        }
    }

    fn ready(&mut self, caller_nonce: [u8; 16], callee_nonce: [u8; 16], channel: &Channel) {
        let Some(secret) = channel.shared_secret(SECRET_LABEL) else {
            return self.end(DirectEnd::Fault("a channel without a secret".to_owned()));
        };
        let (caller, callee) = match self.side {
            Side::Caller => self.keys,
            Side::Callee => (self.keys.1, self.keys.0),
        };
        self.greeting = Greeting::Done;
        let words = words(&Ingredients { caller, callee, secret, caller_nonce, callee_nonce });
        self.events.push_back(TalkEvent::Ready(words));
    }

    fn end(&mut self, how: DirectEnd) {
        if !std::mem::replace(&mut self.over, true) {
            self.events.push_back(TalkEvent::End(how));
        }
    }
}
