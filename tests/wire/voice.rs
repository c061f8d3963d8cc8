//! Voice between two ends of a channel, over lines of every kind on a clock of their own.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use tr2::client::direct::exchange::Exchange;
use tr2::client::direct::orders::{ChannelNews, ChannelOrder};
use tr2::client::direct::pictures::Pictures;
use tr2::client::direct::pictures::codec::CodecResult;
use tr2::client::direct::pictures::datagram::SendStamp;
use tr2::client::direct::talk::Side;
use tr2::client::direct::voice::datagram::{MOST_VOICE_PACKETS, VoiceDatagram, VoicePackets, VoiceReport};
use tr2::client::direct::voice::ladder::VOICE_RUNGS;
use tr2::client::direct::voice::{HeardSound, MOST_WAITING, SoundOrigin, Voice, VoiceEvent};
use tr2::media::codec::receipts::ReceivedPictures;
use tr2::media::voice::codec::{MOST_VOICE_PACKET, VoiceEncoder};
use tr2::media::voice::test_sound::test_sound;
use tr2::media::voice::{PACKET_SAMPLES, RATE};
use tr2::model::Text;
use tr2::net::ways::candidate::Candidates;
use tr2::protocol::CallId;
use tr2::protocol::peer::VoiceNote;

use crate::chance::Chance;
use crate::counting_codec::{CAMERA, Counting, tiny};
use crate::heard::likeness;
use crate::peer::{credential, percentile};
use crate::virtual_line::{Conditions, End, Line};

const CALL: CallId = CallId([9; 16]);
/// What the microphone gives at once.
const MICROPHONE: Duration = Duration::from_millis(20);
const PACKET: Duration = Duration::from_millis(40);
/// By how much the codec is late.
const CODEC: Duration = Duration::from_micros(6_500);

/// What is said, over and over.
static SPEECH: LazyLock<Vec<i16>> = LazyLock::new(|| (0..20 * u64::from(RATE)).map(test_sound).collect());

fn spoken(place: u64, count: usize) -> Vec<i16> {
    SPEECH.iter().cycle().skip(place as usize % SPEECH.len()).take(count).copied().collect()
}

/// One end, with a microphone, a loudspeaker, a camera, and a codec that only counts.
struct Person {
    exchange: Exchange,
    began: Instant,
    /// When the microphone has its next sound, and where it is in what is said.
    microphone: Instant,
    place: u64,
    /// What is heard besides: with it a packet is as long as any.
    noise: Option<Chance>,
    /// By how many millionths its clock is fast.
    drift: i64,
    /// When the first sample of each packet was spoken, from the moment when the key was pressed.
    pressed: Option<(Instant, u64)>,
    heard: Vec<HeardSound>,
    events: Vec<(Duration, VoiceEvent)>,
    said: Vec<Duration>,
    camera: Option<Instant>,
    codec: Counting,
    results: VecDeque<(Instant, CodecResult)>,
    shown: usize,
}

impl End for Person {
    fn receive(&mut self, packet: &[u8], now: Instant) {
        self.exchange.receive(packet, now);
        self.go_on(now);
    }

    fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        let packet = self.exchange.transmit(now);
        if packet.is_none() {
            self.go_on(now);
            return self.exchange.transmit(now);
        }
        packet
    }

    fn deadline(&mut self) -> Option<Instant> {
        let result = self.results.front().map(|(at, _)| *at);
        [self.exchange.deadline(), self.camera, result, Some(self.microphone)].into_iter().flatten().min()
    }

    fn tick(&mut self, now: Instant) {
        self.exchange.tick(now);
        if self.microphone <= now {
            let count = 320;
            let mut sound = spoken(self.place, count);
            if let Some(noise) = &mut self.noise {
                sound.iter_mut().for_each(|sample| *sample = *sample / 2 + (noise.below(3000) as i16 - 1500));
            }
            self.place += count as u64;
            let fast = MICROPHONE.as_nanos() as i64 * self.drift / 1_000_000;
            self.microphone += Duration::from_nanos((MICROPHONE.as_nanos() as i64 - fast) as u64);
            self.exchange.with_voice(now, |voice| voice.take_microphone(&sound, now));
        }
        if self.camera.is_some_and(|due| due <= now) {
            self.camera = Some(now + CAMERA);
            self.exchange.with_pictures(now, |pictures| pictures.take_camera(Arc::new(tiny()), now));
        }
        self.go_on(now);
    }
}

impl Person {
    fn go_on(&mut self, now: Instant) {
        while self.results.front().is_some_and(|(at, _)| *at <= now) {
            let (_, result) = self.results.pop_front().unwrap();
            self.shown += usize::from(matches!(result, CodecResult::Decoded(Ok(_))));
            self.exchange.with_pictures(now, |pictures| pictures.done(result));
        }
        while let Some(job) = self.exchange.with_pictures(now, |pictures| pictures.job(now)) {
            let result = self.codec.run(job);
            self.results.push_back((now + Duration::from_millis(2), result));
        }
        while self.exchange.with_pictures(now, Pictures::event).is_some() {}
        while let Some(sound) = self.exchange.sound() {
            self.heard.push(sound);
        }
        while let Some(event) = self.exchange.with_voice(now, Voice::event) {
            self.events.push((now - self.began, event));
        }
        while let Some(news) = self.exchange.news(now) {
            if let ChannelNews::Said(_, text) = news {
                let sent = Duration::from_micros(text.as_str().parse().unwrap());
                self.said.push(now - self.began - sent);
            }
        }
    }

    fn talk(&mut self, is_talking: bool, now: Instant) {
        if is_talking {
            // From now on the microphone's next sound counts.
            self.pressed = Some((self.microphone.checked_sub(MICROPHONE).unwrap(), self.place));
        }
        self.exchange.with_voice(now, |voice| voice.talk(is_talking, now));
    }

    fn told(&self) -> Vec<VoiceEvent> {
        self.events.iter().map(|(_, event)| *event).collect()
    }

    /// The numbers of the packets that were heard.
    fn numbers(&self) -> Vec<u16> {
        let number = |sound: &HeardSound| match sound.origin {
            SoundOrigin::Packet(number) => Some(number),
            SoundOrigin::MadeUp => None,
        };
        self.heard.iter().filter_map(number).collect()
    }

    fn samples(&self) -> Vec<i16> {
        self.heard.iter().flat_map(|sound| sound.samples.clone()).collect()
    }
}

fn line(seed: u64, conditions: Conditions) -> Line<Person> {
    let keys = [credential(), credential()];
    let [ours, theirs] = [keys[0].fingerprint, keys[1].fingerprint];
    let mut line = Line::new(seed, Conditions::of(20), |now| {
        let person = |side, credential, theirs, nonce| Person {
            exchange: Exchange::new(CALL, side, credential, theirs, nonce, Candidates::Others, now).unwrap(),
            began: now,
            microphone: now + MICROPHONE,
            place: 0,
            noise: None,
            drift: 0,
            pressed: None,
            heard: Vec::new(),
            events: Vec::new(),
            said: Vec::new(),
            camera: None,
            codec: Counting::default(),
            results: VecDeque::new(),
            shown: 0,
        };
        [person(Side::Caller, &keys[0], theirs, [1; 16]), person(Side::Callee, &keys[1], ours, [2; 16])]
    });
    let now = line.now();
    for end in &mut line.ends {
        end.exchange.with_voice(now, |voice| voice.hear(true));
    }
    line.run(Duration::from_secs(2), |_, _| false);
    assert!(line.ends.iter().all(|end| end.told() == [VoiceEvent::Heard(true)]));
    line.ends.iter_mut().for_each(|end| end.events.clear());
    line.conditions = [conditions; 2];
    line
}

fn run(line: &mut Line<Person>, milliseconds: u64) {
    line.run(line.elapsed() + Duration::from_millis(milliseconds), |_, _| false);
}

fn talk(line: &mut Line<Person>, end: usize, is_talking: bool) {
    let now = line.now();
    line.ends[end].talk(is_talking, now);
}

/// The second end has heard the first from the moment when its key was pressed: how much, in a thousand; how much of what was
/// heard was made up, in a thousand; and the times from mouth to ear.
fn outcome(line: &Line<Person>, spoken: Duration) -> (usize, usize, Vec<Duration>) {
    let (pressed, _) = line.ends[0].pressed.unwrap();
    let heard = &line.ends[1].heard;
    let first = 0;
    let times: Vec<Duration> = heard
        .iter()
        .filter_map(|sound| match sound.origin {
            SoundOrigin::Packet(number) => {
                let mouth = pressed + PACKET * u32::from(number - first);
                Some(sound.due + CODEC - mouth)
            }
            SoundOrigin::MadeUp => None,
        })
        .collect();
    let packets = spoken.as_millis() as usize / 40;
    (times.len() * 1000 / packets, (heard.len() - times.len()) * 1000 / heard.len(), times)
}

#[test]
fn speech_is_heard_as_it_was_spoken_and_it_is_known_who_speaks() {
    let mut line = line(1, Conditions::of(40));
    run(&mut line, 500);
    assert!(line.ends[1].heard.is_empty(), "nothing leaves before the key is pressed");
    let bytes = line.carried[0].bytes;
    talk(&mut line, 0, true);
    run(&mut line, 8_000);
    let spent = (line.carried[0].bytes - bytes) / 8;
    talk(&mut line, 0, false);
    run(&mut line, 1_000);
    let (heard, made_up, times) = outcome(&line, Duration::from_secs(8));
    println!("{heard} of 1000 heard, {made_up} made up, {:?} from mouth to ear, {spent} B/s", times[0]);
    // The last packet is what was left.
    assert!((1000..=1005).contains(&heard) && made_up == 0, "{heard}, {made_up}");
    // A packet of the microphone, the way, the buffer.
    assert!(times.iter().all(|time| *time <= Duration::from_millis(40 + 40 + 60 + 10)), "{:?}", times.iter().max());
    assert!(spent < 3_600, "{spent} B/s");
    let [Some((began, VoiceEvent::Speaks(true))), Some((ended, VoiceEvent::Speaks(false))), None] =
        std::array::from_fn(|at| line.ends[1].events.get(at).copied())
    else {
        panic!("{:?}", line.ends[1].events)
    };
    assert!((8_000..8_250).contains(&(ended - began).as_millis()), "{began:?}, {ended:?}");
    // What is heard is what was spoken.
    let place = line.ends[0].pressed.unwrap().1;
    let spoken = spoken(place, 8 * RATE as usize);
    let likeness = likeness(&spoken, &line.ends[1].samples()[104..]);
    assert!(likeness > 0.85, "{likeness}");
    assert_eq!(line.ends[0].heard, [], "nobody hears themselves");
}

#[test]
fn few_words_are_missed_where_packets_are_lost_and_overtake_each_other() {
    println!("loss  jitter  heard  made up  p50  p95");
    for (loss, jitter, least, most_made_up, most_p50, most_p95) in [
        (0, 0, 1000, 0, 150, 150),
        (0, 30, 990, 20, 190, 220),
        (0, 80, 970, 50, 240, 280),
        (50, 30, 975, 40, 240, 280),
        (100, 30, 960, 60, 280, 320),
        (200, 30, 900, 130, 320, 360),
    ] {
        let (mut all, mut missing, mut times) = (0, 0, Vec::new());
        for seed in 0..2 {
            let mut line = line(seed, Conditions::of(40).jitter(jitter).loss(loss));
            talk(&mut line, 0, true);
            run(&mut line, 20_000);
            talk(&mut line, 0, false);
            run(&mut line, 1_500);
            let (heard, made_up, some) = outcome(&line, Duration::from_secs(20));
            (all, missing) = (all + heard.min(1000), missing + made_up);
            times.extend(some);
            let numbers = line.ends[1].numbers();
            assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "in order, each once");
            assert_eq!(line.ends[1].told().last(), Some(&VoiceEvent::Speaks(false)));
        }
        let (heard, made_up) = (all / 2, missing / 2);
        let [p50, p95] = [50, 95].map(|share| percentile(times.clone(), share).as_millis());
        println!("{loss:4}  {jitter:6}  {heard:5}  {made_up:7}  {p50:3}  {p95:3}");
        assert!(heard >= least && made_up <= most_made_up, "{heard} heard, {made_up} made up");
        assert!(p50 <= most_p50 && p95 <= most_p95, "{p50}, {p95} ms");
    }
}

#[test]
fn on_a_thin_line_voice_goes_before_pictures_and_words_do_not_wait() {
    println!("B/s  pictures  heard  made up  voice p50  p95  words p95  pictures shown");
    for (rate, pictures, least, most_voice, most_words) in
        [(8_000, true, 980, 300, 150), (4_000, false, 980, 300, 150), (4_000, true, 950, 400, 150)]
    {
        let (mut heard, mut made_up, mut times, mut words, mut shown) = (0, 0, Vec::new(), Vec::new(), 0);
        let mut spent = 0;
        for seed in 0..2 {
            let mut line = line(seed, Conditions::of(30).rate(rate));
            let now = line.now();
            line.ends[0].noise = Some(Chance(seed));
            if pictures {
                for end in &mut line.ends {
                    end.exchange.with_pictures(now, |pictures| {
                        pictures.turn_camera(true);
                        pictures.want(320);
                    });
                    end.camera = Some(now);
                }
                run(&mut line, 20_000);
            }
            talk(&mut line, 0, true);
            let (before, bytes) = (line.ends[1].shown, line.carried[0].bytes);
            for second in 0..34 {
                // Not in step with anything.
                run(&mut line, 1_013);
                let now = line.now();
                if second > 4 {
                    let text = Text::line(&(now - line.ends[0].began).as_micros().to_string());
                    line.ends[0].exchange.order(ChannelOrder::Say(CALL, text), now);
                }
            }
            spent += (line.carried[0].bytes - bytes) / 34 / 2;
            talk(&mut line, 0, false);
            run(&mut line, 1_500);
            let (one, other, some) = outcome(&line, Duration::from_millis(34 * 1_013));
            (heard, made_up, shown) = (heard + one, made_up + other, shown + line.ends[1].shown - before);
            times.extend(some);
            words.extend(line.ends[1].said.clone());
        }
        let (heard, made_up) = (heard / 2, made_up / 2);
        let [p50, p95] = [50, 95].map(|share| percentile(times.clone(), share).as_millis());
        assert_eq!(words.len(), 2 * 29);
        let words = percentile(words, 95).as_millis();
        println!("{rate}  {pictures}  {heard}  {made_up}  {p50}  {p95}  {words}  {}  {spent} B/s", shown / 2);
        assert!(heard >= least && p95 <= most_voice, "{heard} heard, {p95} ms");
        assert!(words <= most_words, "words {words} ms");
    }
}

#[test]
fn two_sound_cards_that_run_apart_neither_run_dry_nor_fall_behind() {
    for drift in [-2_000, 2_000] {
        let mut line = line(1, Conditions::of(40).jitter(20));
        line.ends[0].drift = drift;
        talk(&mut line, 0, true);
        run(&mut line, 60_000);
        let heard = &line.ends[1].heard;
        let made_up = heard.iter().filter(|sound| sound.origin == SoundOrigin::MadeUp).count();
        // Two thousand millionths of 60 s are three packets.
        assert!(made_up <= 3, "{made_up} made up at {drift}");
        let count = line.ends[1].numbers().len() as i64;
        assert!((count - 1_500 - drift * 3 / 2_000).abs() <= 8, "{count} at {drift}");
        let stretched = heard.iter().filter(|sound| sound.samples.len() != PACKET_SAMPLES).count();
        assert!((1..300).contains(&stretched), "{stretched} at {drift}");
    }
}

#[test]
fn each_press_of_the_key_is_heard_from_its_beginning_to_its_end() {
    let mut line = line(4, Conditions::of(40).jitter(30).loss(100));
    let mut number = 0;
    for round in 0..30 {
        // Some are shorter than a packet, and some follow at once.
        let (spoken, pause) = ([20, 130, 700, 1_510][round % 4], [30, 400, 2_000][round % 3]);
        talk(&mut line, 0, true);
        run(&mut line, spoken);
        talk(&mut line, 0, false);
        run(&mut line, pause);
        number += 1 + spoken / 40;
    }
    run(&mut line, 2_000);
    let numbers = line.ends[1].numbers();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    let (last, missed) = (i64::from(*numbers.last().unwrap()), number as i64 - numbers.len() as i64);
    assert!((last - number as i64).abs() <= 40 && missed.abs() < 60, "{last}, {missed} of {number}");
    let told = line.ends[1].told();
    assert!(told.chunks(2).all(|pair| pair == [VoiceEvent::Speaks(true), VoiceEvent::Speaks(false)]), "{told:?}");
    assert!(told.len() >= 2 * 15, "{told:?}");
    // A key that is only touched says nothing.
    let heard = line.ends[1].heard.len();
    talk(&mut line, 0, true);
    talk(&mut line, 0, false);
    run(&mut line, 1_000);
    assert_eq!(line.ends[1].heard.len(), heard);
}

#[test]
fn whoever_has_no_loudspeaker_is_sent_nothing_and_the_other_knows() {
    let mut line = line(1, Conditions::of(20));
    let now = line.now();
    line.ends[1].exchange.with_voice(now, |voice| voice.hear(false));
    run(&mut line, 100);
    assert_eq!(line.ends[0].told(), [VoiceEvent::Heard(false)]);
    let packets = line.carried[0].packets;
    talk(&mut line, 0, true);
    run(&mut line, 5_000);
    assert!(line.carried[0].packets <= packets + 3 && line.ends[1].heard.is_empty());
    assert_eq!(line.ends[0].exchange.with_voice(now, |voice| voice.sent()), None);
    // Then there is one, while the key is held.
    let now = line.now();
    line.ends[1].exchange.with_voice(now, |voice| voice.hear(true));
    run(&mut line, 2_000);
    assert!(line.ends[1].numbers().len() > 40, "{}", line.ends[1].numbers().len());
    // And none again, in the middle of it: at once nobody speaks.
    let now = line.now();
    line.ends[1].exchange.with_voice(now, |voice| voice.hear(false));
    run(&mut line, 50);
    assert_eq!(line.ends[1].told(), [VoiceEvent::Speaks(true), VoiceEvent::Speaks(false)]);
}

#[test]
fn a_line_that_stands_still_is_told_and_what_is_old_then_is_not_heard() {
    let mut line = line(1, Conditions::of(30));
    talk(&mut line, 0, true);
    run(&mut line, 3_000);
    line.conditions = [Conditions::of(30).loss(1000); 2];
    run(&mut line, 6_000);
    assert_eq!(line.ends[1].told(), [VoiceEvent::Speaks(true), VoiceEvent::Speaks(false)], "nothing comes");
    assert_eq!(line.ends[0].told(), [VoiceEvent::Arrives(false)]);
    line.conditions = [Conditions::of(30); 2];
    run(&mut line, 4_000);
    assert_eq!(line.ends[0].told(), [VoiceEvent::Arrives(false), VoiceEvent::Arrives(true)]);
    let heard = line.ends[1].heard.len();
    run(&mut line, 1_000);
    assert!((24..=26).contains(&(line.ends[1].heard.len() - heard)), "it goes on as before");
    // What waited on its way for half a second and comes at once is not heard half a second late for long.
    line.conditions = [Conditions::of(700); 2];
    run(&mut line, 600);
    line.conditions = [Conditions::of(30); 2];
    run(&mut line, 3_000);
    let (pressed, _) = line.ends[0].pressed.unwrap();
    let last = line.ends[1].heard.last().unwrap();
    let SoundOrigin::Packet(number) = last.origin else { panic!("{:?}", last.origin) };
    let delay = last.due - pressed - PACKET * u32::from(number);
    assert!(delay <= Duration::from_millis(450), "{delay:?}");
}

#[test]
fn voice_needs_less_where_the_line_has_less() {
    let mut line = line(1, Conditions::of(30).rate(2_300));
    let now = line.now();
    line.ends[0].noise = Some(Chance(5));
    talk(&mut line, 0, true);
    run(&mut line, 30_000);
    let (heard, _, times) = outcome(&line, Duration::from_secs(30));
    let rung = line.ends[0].exchange.with_voice(now, |voice| voice.sent()).unwrap();
    let late = percentile(times[times.len() / 2..].to_vec(), 95);
    println!("2300 B/s: {heard} of 1000 heard, {late:?} at 95 % in the end, {rung:?}");
    assert_eq!(rung, VOICE_RUNGS[0]);
    assert!(heard >= 850 && late <= Duration::from_millis(500), "{heard}, {late:?}");
    // On a good line it comes back.
    line.conditions = [Conditions::of(30); 2];
    run(&mut line, 80_000);
    let rung = line.ends[0].exchange.with_voice(now, |voice| voice.sent());
    assert!(rung.is_some_and(|rung| rung.together == 1), "{rung:?}");
}

#[test]
fn the_way_may_change_and_both_may_speak_at_once() {
    let mut line = line(6, Conditions::of(60));
    talk(&mut line, 0, true);
    talk(&mut line, 1, true);
    run(&mut line, 4_000);
    for delay in [10, 90, 20] {
        line.conditions = [Conditions::of(delay); 2];
        let now = line.now();
        for end in &mut line.ends {
            end.exchange.with_voice(now, Voice::way_changed);
        }
        run(&mut line, 6_000);
    }
    for end in &mut line.ends {
        let numbers = end.numbers();
        assert!(numbers.len() >= 540, "{}", numbers.len());
        assert_eq!(end.told(), [VoiceEvent::Speaks(true)]);
        // A longer way is no queue.
        let now = end.began;
        assert_eq!(end.exchange.with_voice(now, |voice| voice.sent()), Some(VOICE_RUNGS[3]));
    }
    // Closed, it is silent on both sides.
    let now = line.now();
    line.ends[0].exchange.order(ChannelOrder::Close(CALL), now);
    line.ends[0].go_on(now);
    run(&mut line, 2_000);
    for end in &line.ends {
        assert_eq!(end.told(), [VoiceEvent::Speaks(true), VoiceEvent::Speaks(false)]);
    }
}

fn stamp(time: u16) -> SendStamp {
    SendStamp { way: 0, time }
}

fn packets(newest: u16, first: u16, packets: Vec<Vec<u8>>) -> VoicePackets {
    VoicePackets { stamp: stamp(newest), newest, first, is_last: false, new: 1, packets }
}

/// Packets of speech.
fn speech(count: usize) -> Vec<Vec<u8>> {
    let mut encoder = VoiceEncoder::new().unwrap();
    let sound: Vec<i16> = (0..(count * PACKET_SAMPLES) as u64).map(test_sound).collect();
    sound.as_chunks().0.iter().map(|sound| encoder.encode(sound, 12_000).unwrap()).collect()
}

/// One end without a channel, whose loudspeaker is asked for every sound that is due.
struct Alone {
    voice: Voice,
    talk: tr2::client::direct::talk::Talk,
    channel: tr2::net::peer::channel::Channel,
    now: Instant,
    heard: Vec<HeardSound>,
}

impl Alone {
    fn new() -> Self {
        let (now, key) = (Instant::now(), credential());
        let print = key.fingerprint;
        let channel = tr2::net::peer::channel::Channel::call(&key, print, now).unwrap();
        let talk = tr2::client::direct::talk::Talk::new(Side::Caller, print, print, [0; 16]);
        let mut voice = Voice::new(now);
        voice.hear(true);
        Self { voice, talk, channel, now, heard: Vec::new() }
    }

    fn take(&mut self, packets: VoicePackets) {
        self.voice.take_datagram(&VoiceDatagram::Packets(packets).write(), self.now);
    }

    fn run(&mut self, milliseconds: u64) {
        let until = self.now + Duration::from_millis(milliseconds);
        loop {
            self.voice.exchange(&mut self.talk, &mut self.channel, self.now);
            self.heard.extend(std::iter::from_fn(|| self.voice.sound()));
            match self.voice.deadline().filter(|due| *due <= until) {
                Some(due) => self.now = self.now.max(due),
                None => break self.now = until,
            }
        }
    }

    fn origins(&self) -> Vec<SoundOrigin> {
        self.heard.iter().map(|sound| sound.origin).collect()
    }
}

#[test]
fn doubled_late_and_missing_packets_are_put_in_order_or_made_up() {
    use SoundOrigin::{MadeUp, Packet};
    let speech = speech(12);
    let mut alone = Alone::new();
    for number in [101_u16, 100, 100, 103, 101] {
        alone.take(packets(number, 100, vec![speech[usize::from(number - 100)].clone()]));
    }
    alone.run(59);
    assert_eq!(alone.heard, []);
    alone.run(122);
    // It is heard too late to be of use, and does no harm.
    alone.take(packets(102, 100, vec![speech[2].clone()]));
    alone.take(packets(104, 100, vec![speech[4].clone()]));
    alone.run(70);
    assert_eq!(alone.origins(), [Packet(100), Packet(101), MadeUp, Packet(103), Packet(104)]);
    // A packet that comes with a later one is in time.
    alone.take(VoicePackets { is_last: true, ..packets(106, 100, speech[5..7].to_vec()) });
    alone.run(500);
    assert_eq!(alone.origins()[5..], [Packet(105), Packet(106)]);
    assert_eq!(alone.voice.event(), Some(VoiceEvent::Speaks(false)));
    let due: Vec<Instant> = alone.heard.iter().map(|sound| sound.due).collect();
    let lengths = alone.heard.iter().map(|sound| sound.samples.len() as u64 * 1_000_000 / u64::from(RATE));
    assert!(due.windows(2).zip(lengths).all(|(pair, length)| pair[1] - pair[0] == Duration::from_micros(length)));
    // What was said already is not said again, and what is new is.
    alone.take(packets(106, 100, vec![speech[6].clone()]));
    alone.run(500);
    assert_eq!(alone.heard.len(), 7);
    alone.take(packets(107, 107, vec![speech[0].clone()]));
    // The wait has become longer, as one was late.
    alone.run(60);
    assert_eq!(alone.heard.len(), 7);
    alone.run(180);
    assert_eq!(alone.origins()[7], Packet(107));
    // Where nothing comes any more it is made up, then silent, and then nobody speaks.
    alone.run(3_000);
    let after: Vec<bool> =
        alone.heard[8..].iter().map(|sound| sound.samples.iter().any(|sample| *sample != 0)).collect();
    assert!((20..34).contains(&after.len()) && after[0] && after[6..].iter().all(|sounds| !sounds), "{after:?}");
    assert_eq!(alone.voice.deadline(), None);
}

#[test]
fn whatever_numbers_somebody_uses_little_waits_and_no_more_is_heard_than_time_passes() {
    let speech = speech(4);
    let mut alone = Alone::new();
    // A hundred packets for each that can be heard, in order.
    for number in 0..5_000_u16 {
        alone.take(packets(number, 0, vec![speech[usize::from(number % 4)].clone()]));
        if number % 100 == 99 {
            alone.run(40);
        }
    }
    assert!(alone.heard.len() <= 52, "{}", alone.heard.len());
    let before = alone.heard.len();
    alone.run(5_000);
    // What waits is heard, or left out, and then it is made up for a while.
    assert!(alone.heard.len() - before <= usize::from(MOST_WAITING) + 40, "{}", alone.heard.len() - before);
    // At random.
    let mut chance = Chance(8);
    let before = alone.heard.len();
    for round in 0..20_000 {
        let (newest, back) = (chance.next() as u16, chance.below(6) as u16);
        let count = 1 + chance.below(MOST_VOICE_PACKETS);
        let some = (0..count).map(|at| speech[at % 4].clone()).collect();
        let first = if chance.below(2) == 0 { newest.wrapping_sub(back) } else { chance.next() as u16 };
        let (is_last, new) = (chance.below(3) == 0, chance.below(4) as u8);
        alone.take(VoicePackets { is_last, new, ..packets(newest, first, some) });
        let noise: Vec<u8> = (0..chance.below(60)).map(|_| chance.next() as u8).collect();
        alone.voice.take_datagram(&[&[0x40 + chance.below(32) as u8], &noise[..]].concat(), alone.now);
        if round % 20 == 0 {
            alone.run(10);
        }
    }
    // Ten seconds have passed.
    let heard = alone.heard.len() - before;
    assert!((1..=275).contains(&heard), "{heard}");
    // Nobody takes what is heard, and few wait.
    for number in 0..200_u16 {
        alone.take(packets(number, 0, vec![speech[0].clone()]));
        alone.now += Duration::from_millis(40);
        alone.voice.exchange(&mut alone.talk, &mut alone.channel, alone.now);
    }
    assert!(std::iter::from_fn(|| alone.voice.sound()).count() <= 8);
    // Notes and reports of any kind.
    for round in 0..1_000 {
        alone.voice.take_note(VoiceNote::Hears(round % 2 == 0));
        let report = ReceivedPictures { newest: chance.next() as u16, decoded: chance.next() as u32 };
        let report = VoiceDatagram::Report(VoiceReport { packets: report, queue: chance.next() as u16 });
        alone.voice.take_datagram(&report.write(), alone.now);
    }
    assert!(std::iter::from_fn(|| alone.voice.event()).count() <= 3);
}

#[test]
fn a_microphone_may_give_any_amount_at_once() {
    let now = Instant::now();
    let mut voice = Voice::new(now);
    voice.take_microphone(&vec![9; 100_000], now);
    voice.take_note(VoiceNote::Hears(true));
    voice.take_microphone(&vec![9; 100_000], now);
    voice.talk(true, now);
    voice.take_microphone(&[], now);
    voice.take_microphone(&vec![9; 1_000_000], now);
    assert_eq!(voice.deadline(), None);
    voice.talk(false, now);
    // The end of what is said goes out three times, whatever becomes of the others.
    assert!(voice.deadline().is_some());
    voice.stop();
    assert_eq!(voice.deadline(), None);
}

#[test]
fn voice_datagrams_are_read_as_they_are_written() {
    let some = |count: usize| (0..count).map(|at| vec![at as u8; at + 1]).collect::<Vec<_>>();
    let whole = VoicePackets {
        stamp: SendStamp { way: 5, time: 0x1234 },
        newest: 0x0102,
        first: 0x0100,
        is_last: true,
        new: 2,
        packets: some(3),
    };
    let report = VoiceReport { packets: ReceivedPictures { newest: 7, decoded: 0xF000_0001 }, queue: 258 };
    for (datagram, written) in [
        (VoiceDatagram::Packets(whole.clone()), "4512348201020100010002010103020202"),
        (VoiceDatagram::Report(report), "500007f00000010102"),
    ] {
        let bytes = datagram.write();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, written);
        assert_eq!(VoiceDatagram::read(&bytes), Some(datagram));
        assert_eq!(VoiceDatagram::read(&bytes[..bytes.len() - 1]), None);
    }
    let read = |packets: VoicePackets| VoiceDatagram::read(&VoiceDatagram::Packets(packets).write()).is_some();
    let most = VoicePackets { first: 0, new: 4, packets: some(MOST_VOICE_PACKETS), ..whole.clone() };
    assert!(read(most.clone()));
    for wrong in [
        VoicePackets { packets: some(MOST_VOICE_PACKETS + 1), ..most.clone() },
        VoicePackets { packets: vec![], new: 0, ..most.clone() },
        // More new ones than there are, and one before the first.
        VoicePackets { new: 5, ..most.clone() },
        VoicePackets { first: 0x0100, ..most.clone() },
        VoicePackets { first: 0x0103, packets: some(1), new: 1, ..most.clone() },
    ] {
        assert!(!read(wrong.clone()) || wrong.first == 0x0103, "{wrong:?}");
    }
    let long = |length| read(VoicePackets { packets: vec![vec![1; length]], new: 1, ..most.clone() });
    assert!(long(MOST_VOICE_PACKET) && !long(MOST_VOICE_PACKET + 1));
    assert_eq!([VoiceDatagram::read(&[]), VoiceDatagram::read(&[0x40])], [None, None]);
    // Those of pictures are none of voice, and the other way round.
    assert_eq!(VoiceDatagram::read(&[0x10; 40]), None);
}
