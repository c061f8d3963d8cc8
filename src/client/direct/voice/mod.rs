//! Voice on a channel, in both directions: the state of one end.
//!
//! The owner hands in what the microphone hears ([`Voice::take_microphone`]), says when the person speaks
//! ([`Voice::talk`]) and whether there is a loudspeaker ([`Voice::hear`]), hands in the datagrams of the channel and the
//! notes of the talk, calls [`Voice::exchange`] after each and at [`Voice::deadline`], and takes what is to be heard
//! ([`Voice::sound`]) and what happened ([`Voice::event`]). Coding a packet takes a fraction of a millisecond, so it needs no
//! thread.
//!
//! - [`datagram`]: what goes over the line. [`ladder`]: how much, by what the line takes.
//! - `outgoing`: what is sent of one's own voice. `incoming`: what becomes of what arrives. `slack`: how long it waits.
//!
//! Voice goes before all other datagrams. Nothing is coded unless the person speaks and the other one has said that it has a
//! loudspeaker.
//!
//! Must not know: microphones, loudspeakers, keys, the screen, or which way packets go.

use std::collections::VecDeque;
use std::time::Instant;

use crate::net::peer::channel::Channel;
use crate::protocol::peer::VoiceNote;

use super::talk::Talk;
use datagram::VoiceDatagram;
use incoming::IncomingVoice;
use ladder::VoiceRung;
use outgoing::OutgoingVoice;

pub mod datagram;
pub(in crate::client::direct) mod incoming;
pub mod ladder;
pub(in crate::client::direct) mod outgoing;
mod slack;

pub use incoming::MOST_WAITING;

/// The most pieces of sound that nobody has taken.
const MOST_UNHEARD: usize = 8;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoiceEvent {
    /// The other one begins or ceases to speak.
    Speaks(bool),
    /// Whether the other one has a loudspeaker: at first it has none.
    Heard(bool),
    /// Whether what we say arrives: told when it no longer does, and when it does again.
    Arrives(bool),
}

/// Where sound comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundOrigin {
    /// The packet of this number.
    Packet(u16),
    /// It was made up, in place of one that did not come in time.
    MadeUp,
}

/// Sound that is to be heard: about 40 ms, right after the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardSound {
    /// [`RATE`](crate::media::voice::RATE) samples a second.
    pub samples: Vec<i16>,
    /// Where it comes from.
    pub origin: SoundOrigin,
    /// When its first sample is due.
    pub due: Instant,
}

/// One end.
#[derive(Debug)]
pub struct Voice {
    outgoing: OutgoingVoice,
    incoming: IncomingVoice,
    /// Whether the other one has been told that we have a loudspeaker.
    told: bool,
    /// What the person has been told: whether the other one speaks, and whether what we say arrives.
    speaks: bool,
    arrives: bool,
    unheard: VecDeque<HeardSound>,
    events: VecDeque<VoiceEvent>,
}

impl Voice {
    /// An end, from now on: silent and deaf.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            outgoing: OutgoingVoice::new(now),
            incoming: IncomingVoice::new(now),
            told: false,
            speaks: false,
            arrives: true,
            unheard: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// The person begins or ceases to speak: holds the key or lets it go, or turns it on and off.
    pub fn talk(&mut self, is_talking: bool, now: Instant) {
        self.outgoing.talk(is_talking, now);
    }

    /// Whether the person speaks.
    #[must_use]
    pub fn is_talking(&self) -> bool {
        self.outgoing.is_talking()
    }

    /// Takes what the microphone heard, of any length. Nothing is kept of it unless the person speaks.
    pub fn take_microphone(&mut self, samples: &[i16], now: Instant) {
        self.outgoing.take(samples, now);
    }

    /// Whether we have a loudspeaker. Without one nothing is sent to us.
    pub fn hear(&mut self, is_hearing: bool) {
        self.incoming.hear(is_hearing);
        if !is_hearing {
            self.unheard.clear();
        }
    }

    /// Takes a datagram of the channel. What is none of ours is passed over.
    pub fn take_datagram(&mut self, datagram: &[u8], now: Instant) {
        match VoiceDatagram::read(datagram) {
            Some(VoiceDatagram::Packets(packets)) => self.incoming.take(packets, now),
            Some(VoiceDatagram::Report(report)) => self.outgoing.reported(report, now),
            None => {}
        }
    }

    /// Takes a note of the other one.
    pub fn take_note(&mut self, note: VoiceNote) {
        let VoiceNote::Hears(hears) = note;
        if self.outgoing.hears(hears) {
            self.tell(VoiceEvent::Heard(hears), |event| matches!(event, VoiceEvent::Heard(_)));
        }
    }

    /// The packets go another way from now on: the other one is to learn its delay anew.
    pub fn way_changed(&mut self) {
        self.outgoing.way_changed();
    }

    /// The channel is closed: nothing more is said or heard.
    pub fn stop(&mut self) {
        self.outgoing.stop();
        self.hear(false);
        self.look();
    }

    /// When [`Self::exchange`] is to be called if nothing else happens.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.incoming.deadline().into_iter().chain(self.outgoing.deadline()).min()
    }

    /// Gives talk and channel what they are to send, and finds what is to be heard.
    pub fn exchange(&mut self, talk: &mut Talk, channel: &mut Channel, now: Instant) {
        let is_hearing = self.incoming.is_hearing();
        if self.told != is_hearing && talk.note_voice(VoiceNote::Hears(is_hearing), channel) {
            self.told = is_hearing;
        }
        while let Some(datagram) = self.outgoing.datagram(now) {
            channel.send_urgent_datagram(datagram);
        }
        // It lasts longer than it takes: this ends.
        while let Some(sound) = self.incoming.sound(now) {
            self.unheard.push_back(sound);
            if self.unheard.len() > MOST_UNHEARD {
                self.unheard.pop_front();
            }
        }
        if let Some(report) = self.incoming.report(now) {
            channel.send_urgent_datagram(VoiceDatagram::Report(report).write());
        }
        let arrives = self.outgoing.arrives(now);
        if std::mem::replace(&mut self.arrives, arrives) != arrives {
            self.tell(VoiceEvent::Arrives(arrives), |event| matches!(event, VoiceEvent::Arrives(_)));
        }
        self.look();
    }

    /// Tells whether the other one speaks, where that has changed.
    fn look(&mut self) {
        let speaks = self.incoming.speaks();
        if std::mem::replace(&mut self.speaks, speaks) != speaks {
            self.tell(VoiceEvent::Speaks(speaks), |event| matches!(event, VoiceEvent::Speaks(_)));
        }
    }

    /// Keeps an event in place of those that it makes old.
    fn tell(&mut self, event: VoiceEvent, is_old: impl Fn(&VoiceEvent) -> bool) {
        self.events.retain(|event| !is_old(event));
        self.events.push_back(event);
    }

    /// The next sound that is to be heard.
    pub fn sound(&mut self) -> Option<HeardSound> {
        self.unheard.pop_front()
    }

    /// The next event. Of each kind that nobody has taken yet only the newest is left.
    pub fn event(&mut self) -> Option<VoiceEvent> {
        self.events.pop_front()
    }

    /// What is sent while the person speaks and is heard; `None` otherwise.
    #[must_use]
    pub fn sent(&self) -> Option<VoiceRung> {
        self.outgoing.is_sending().then(|| self.outgoing.rung())
    }
}
