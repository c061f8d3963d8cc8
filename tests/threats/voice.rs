//! Voice in calls: a microphone that is nobody's unless the key is held, and whoever sends voice as they like.

use std::time::{Duration, Instant};

use tr2::client::direct::exchange::Exchange;
use tr2::client::direct::pictures::datagram::SendStamp;
use tr2::client::direct::talk::{Side, Talk};
use tr2::client::direct::voice::datagram::{VoiceDatagram, VoicePackets};
use tr2::client::direct::voice::{HeardSound, MOST_WAITING, SoundOrigin, Voice};
use tr2::media::voice::PACKET_SAMPLES;
use tr2::media::voice::codec::{NoVoice, VoiceDecoder, VoiceEncoder};
use tr2::media::voice::test_sound::test_sound;
use tr2::net::certificate::{self, Credential};
use tr2::net::peer::channel::Channel;
use tr2::net::ways::candidate::Candidates;
use tr2::protocol::CallId;

use crate::chance::Chance;

/// One end, without another.
struct Alone {
    voice: Voice,
    talk: Talk,
    channel: Channel,
    now: Instant,
}

impl Alone {
    fn new() -> Self {
        let (now, key) = (Instant::now(), credential());
        let channel = Channel::call(&key, key.fingerprint, now).unwrap();
        let talk = Talk::new(Side::Caller, key.fingerprint, key.fingerprint, [0; 16]);
        Self { voice: Voice::new(now), talk, channel, now }
    }

    fn take(&mut self, newest: u16, packet: &[u8]) {
        let stamp = SendStamp { way: 0, time: 0 };
        let packets = VoicePackets { stamp, newest, first: 0, is_last: false, new: 1, packets: vec![packet.to_vec()] };
        self.voice.take_datagram(&VoiceDatagram::Packets(packets).write(), self.now);
    }

    /// Lets time pass; what is heard in it, if somebody takes it.
    fn run(&mut self, milliseconds: u64, takes: bool) -> Vec<HeardSound> {
        let (until, mut heard) = (self.now + Duration::from_millis(milliseconds), Vec::new());
        loop {
            self.voice.exchange(&mut self.talk, &mut self.channel, self.now);
            if takes {
                heard.extend(std::iter::from_fn(|| self.voice.sound()));
            }
            match self.voice.deadline().filter(|due| *due <= until) {
                Some(due) => self.now = self.now.max(due),
                None => break self.now = until,
            }
        }
        heard
    }
}

fn credential() -> Credential {
    let key = certificate::make_key().unwrap();
    certificate::load(&certificate::self_signed(&key, "tr2").unwrap(), &key).unwrap()
}

fn speech(count: usize) -> Vec<Vec<u8>> {
    let mut encoder = VoiceEncoder::new().unwrap();
    let sound: Vec<i16> = (0..(count * PACKET_SAMPLES) as u64).map(test_sound).collect();
    sound.as_chunks().0.iter().map(|sound| encoder.encode(sound, 12_000).unwrap()).collect()
}

/// Two ends with a line between them that takes no time.
fn pair(now: Instant) -> [Exchange; 2] {
    let keys = [credential(), credential()];
    let [ours, theirs] = [keys[0].fingerprint, keys[1].fingerprint];
    let end = |side, key, other, nonce| {
        Exchange::new(CallId([1; 16]), side, key, other, nonce, Candidates::Others, now).unwrap()
    };
    [end(Side::Caller, &keys[0], theirs, [1; 16]), end(Side::Callee, &keys[1], ours, [2; 16])]
}

/// Lets time pass; how many bytes the first end sends, and what the second hears.
fn pass(ends: &mut [Exchange; 2], now: &mut Instant, milliseconds: u64) -> (usize, Vec<HeardSound>) {
    let (mut bytes, mut heard) = (0, Vec::new());
    for _ in 0..milliseconds {
        *now += Duration::from_millis(1);
        for at in [0, 1, 0, 1] {
            if ends[at].deadline().is_some_and(|due| due <= *now) {
                ends[at].tick(*now);
            }
            while let Some(packet) = ends[at].transmit(*now) {
                bytes += if at == 0 { packet.len() } else { 0 };
                ends[1 - at].receive(&packet, *now);
            }
            while ends[at].news(*now).is_some() {}
        }
        heard.extend(std::iter::from_fn(|| ends[1].sound()));
    }
    (bytes, heard)
}

#[test]
fn nothing_of_a_microphone_leaves_unless_the_person_speaks() {
    let mut now = Instant::now();
    let mut ends = pair(now);
    ends[1].with_voice(now, |voice| voice.hear(true));
    pass(&mut ends, &mut now, 500);
    let mut speak = |is_talking: bool| {
        let (mut bytes, mut heard) = (0, 0);
        ends[0].with_voice(now, |voice| voice.talk(is_talking, now));
        for _ in 0..50 {
            ends[0].with_voice(now, |voice| voice.take_microphone(&[9_000; 320], now));
            let (more, sounds) = pass(&mut ends, &mut now, 20);
            (bytes, heard) = (bytes + more, heard + sounds.len());
        }
        (bytes, heard)
    };
    let silent = speak(false);
    assert!(silent.0 < 200 && silent.1 == 0, "{silent:?}");
    let spoken = speak(true);
    assert!(spoken.0 > 1_000 && spoken.1 > 20, "{spoken:?}");
    // What is on its way arrives, and then there is nothing again.
    speak(false);
    let silent = speak(false);
    assert!(silent.0 < 200 && silent.1 == 0, "{silent:?}");
}

#[test]
fn whoever_counts_and_sends_as_they_like_does_not_make_others_hear_late() {
    let speech = speech(2);
    let mut alone = Alone::new();
    alone.voice.hear(true);
    let mut number = 0_u16;
    for round in 0..100_u16 {
        // Far ahead, or a second of packets at once.
        if round % 2 == 0 {
            number = number.wrapping_add(MOST_WAITING + round * 100);
            alone.take(number, &speech[1]);
        } else {
            for _ in 0..MOST_WAITING {
                number = number.wrapping_add(1);
                alone.take(number, &speech[1]);
            }
        }
        let heard = alone.run(500, true);
        let is_heard = heard.iter().any(|sound| sound.origin == SoundOrigin::Packet(number));
        assert!(is_heard, "the newest is heard soon");
    }
}

#[test]
fn of_what_somebody_says_and_nobody_hears_little_is_kept() {
    let speech = speech(1);
    let mut alone = Alone::new();
    alone.voice.hear(true);
    for number in 0..500 {
        alone.take(number, &speech[0]);
        alone.run(40, false);
    }
    assert!(std::iter::from_fn(|| alone.voice.sound()).count() <= 8);
}

#[test]
fn of_all_that_opus_can_be_one_kind_is_decoded() {
    let (packets, mut decoder) = (speech(20), VoiceDecoder::new().unwrap());
    let mut chance = Chance(5);
    for _ in 0..3_000 {
        let mut packet = packets[chance.below(packets.len())].clone();
        packet[0] = chance.next() as u8;
        let is_ours = packet[0] == packets[0][0];
        assert_eq!(decoder.decode(&packet) == Err(NoVoice), !is_ours, "{:#x}", packet[0]);
    }
    assert_eq!(decoder.decode(&[packets[0].clone(), vec![7; 400]].concat()), Err(NoVoice));
}
