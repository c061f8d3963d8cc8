//! Pictures on a channel, over lines of every kind on a clock of their own. Most calls here have a codec that only counts: its
//! packets have heads and lengths, and a picture can be decoded if the one that it refers to was.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tr2::client::direct::pictures::codec::{CodecJob, CodecResult, EncodeJob, PictureCodec};
use tr2::client::direct::pictures::datagram::{LineReport, MOST_PACKETS, PictureDatagram, SendStamp};
use tr2::client::direct::pictures::{MOST_A_SECOND, MOST_UNDECODED, PictureEvent, Pictures};
use tr2::client::direct::talk::{Side, Talk, TalkEvent};
use tr2::media::codec::decoder::DecodedPicture;
use tr2::media::codec::packet::{PacketError, PacketHead};
use tr2::media::codec::receipts::ReceivedPictures;
use tr2::media::picture::PictureSize;
use tr2::media::test_source::test_picture;
use tr2::model::Text;
use tr2::net::peer::channel::Channel;
use tr2::net::peer::events::ChannelEvent;
use tr2::protocol::peer::PictureNote;

use crate::counting_codec::{CAMERA, Counting, tiny};
use crate::likeness::psnr;
use crate::peer::{credential, percentile};
use crate::virtual_line::{Conditions, End, Line};

enum Codec {
    Counting(Counting),
    Real(PictureCodec),
}

/// One end, with a camera and a codec thread.
struct Caller {
    channel: Channel,
    talk: Talk,
    pictures: Pictures,
    codec: Codec,
    /// How long the codec takes for a job.
    takes: Duration,
    /// What comes of its jobs, and when.
    results: VecDeque<(Instant, CodecResult)>,
    /// When the camera has its next picture, if it runs, and its number.
    camera: Option<Instant>,
    shot: u32,
    shot_at: Instant,
    /// When each picture was taken and decoded.
    coded: HashMap<u16, Instant>,
    decoded: Vec<(u16, Instant)>,
    lengths: Vec<(Instant, usize)>,
    events: Vec<(Instant, PictureEvent)>,
    said: Vec<Duration>,
    began: Instant,
    /// By how many millionths its clock is fast.
    drift: i64,
}

impl End for Caller {
    fn receive(&mut self, packet: &[u8], now: Instant) {
        self.channel.receive(packet, now);
        self.go_on(now);
    }

    fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        let packet = self.channel.transmit(now);
        if packet.is_none() {
            self.go_on(now);
            return self.channel.transmit(now);
        }
        packet
    }

    fn deadline(&mut self) -> Option<Instant> {
        let result = self.results.front().map(|(at, _)| *at);
        [self.channel.deadline(), self.camera, result].into_iter().flatten().min()
    }

    fn tick(&mut self, now: Instant) {
        self.channel.tick(now);
        if let Some(due) = self.camera.filter(|due| *due <= now) {
            let picture = match &self.codec {
                Codec::Counting(_) => tiny(),
                Codec::Real(_) => test_picture(PictureSize::new(100, 60).unwrap(), self.shot),
            };
            (self.shot, self.shot_at) = (self.shot + 1, now);
            let clock = self.clock(now);
            self.pictures.take_camera(Arc::new(picture), clock);
            self.camera = Some(due + CAMERA);
        }
        self.go_on(now);
    }
}

impl Caller {
    /// The time on its own clock.
    fn clock(&self, now: Instant) -> Instant {
        let gone = now - self.began;
        let fast = gone.as_nanos() as i64 / 1_000_000 * self.drift.abs();
        let fast = Duration::from_nanos(fast.unsigned_abs());
        self.began + if self.drift < 0 { gone - fast } else { gone + fast }
    }

    fn go_on(&mut self, now: Instant) {
        let clock = self.clock(now);
        while let Some(event) = self.channel.event() {
            match event {
                ChannelEvent::Datagram(datagram) => self.pictures.take_datagram(&datagram, clock),
                event => self.talk.take(event, &mut self.channel),
            }
        }
        while let Some(event) = self.talk.event() {
            match event {
                TalkEvent::Pictures(note) => self.pictures.take_note(note),
                TalkEvent::Said(text) => {
                    let sent = Duration::from_micros(text.as_str().parse().unwrap());
                    self.said.push(now - self.began - sent);
                }
                TalkEvent::Ready(_) => {}
                other => panic!("{other:?}"),
            }
        }
        while self.results.front().is_some_and(|(at, _)| *at <= now) {
            let (_, result) = self.results.pop_front().unwrap();
            match &result {
                CodecResult::Decoded(Ok(decoded)) => self.decoded.push((decoded.head.number, now)),
                CodecResult::Encoded(Some((_, packet))) => self.lengths.push((now, packet.len())),
                _ => {}
            }
            self.pictures.done(result);
        }
        self.pictures.exchange(&mut self.talk, &mut self.channel, clock);
        while let Some(job) = self.pictures.job(clock) {
            if let CodecJob::Encode(EncodeJob { number, .. }) = &job {
                self.coded.insert(*number, self.shot_at);
            }
            let result = match &mut self.codec {
                Codec::Counting(codec) => codec.run(job),
                Codec::Real(codec) => codec.run(job),
            };
            let free = self.results.back().map_or(now, |(at, _)| *at);
            self.results.push_back((free + self.takes, result));
        }
        while let Some(event) = self.pictures.event() {
            self.events.push((now, event));
        }
    }

    /// Says when it says this.
    fn say(&mut self, now: Instant) {
        self.talk.say(Text::line(&(now - self.began).as_micros().to_string()), &mut self.channel).unwrap();
    }

    fn start_camera(&mut self, now: Instant) {
        self.pictures.turn_camera(true);
        self.camera = Some(now);
    }
}

fn line(seed: u64, conditions: Conditions, real: bool) -> Line<Caller> {
    let keys = [credential(), credential()];
    let [ours, theirs] = [keys[0].fingerprint, keys[1].fingerprint];
    let mut line = Line::new(seed, Conditions::of(20), |now| {
        let caller = |channel, talk| Caller {
            channel,
            talk,
            pictures: Pictures::new(now),
            codec: if real { Codec::Real(PictureCodec::default()) } else { Codec::Counting(Counting::default()) },
            takes: Duration::from_millis(2),
            results: VecDeque::new(),
            camera: None,
            shot: 0,
            shot_at: now,
            coded: HashMap::new(),
            decoded: Vec::new(),
            lengths: Vec::new(),
            events: Vec::new(),
            said: Vec::new(),
            began: now,
            drift: 0,
        };
        [
            caller(Channel::call(&keys[0], theirs, now).unwrap(), Talk::new(Side::Caller, ours, theirs, [1; 16])),
            caller(Channel::answer(&keys[1], ours, now).unwrap(), Talk::new(Side::Callee, theirs, ours, [2; 16])),
        ]
    });
    line.run(Duration::from_secs(2), |_, _| false);
    // What a handshake makes of a bad line is tested elsewhere.
    line.conditions = [conditions; 2];
    line
}

/// A call with pictures of a width from the first end to the second, or both ways, for so long; words once a second.
fn call(line: &mut Line<Caller>, width: u16, both: bool, seconds: u64) {
    let now = line.now();
    for (from, to) in [(0, 1), (1, 0)].into_iter().take(1 + usize::from(both)) {
        line.ends[to].pictures.want(width);
        line.ends[from].start_camera(now);
    }
    talk_on(line, seconds);
}

fn talk_on(line: &mut Line<Caller>, seconds: u64) {
    for _ in 0..seconds {
        // Not in step with the pictures.
        line.run(line.elapsed() + Duration::from_millis(1013), |_, _| false);
        let now = line.now();
        line.ends[0].say(now);
    }
    line.run(line.elapsed() + Duration::from_millis(500), |_, _| false);
}

/// The cameras stop, and what is on its way arrives.
fn come_to_rest(line: &mut Line<Caller>) {
    line.ends.iter_mut().for_each(|end| end.camera = None);
    line.run(line.elapsed() + Duration::from_secs(1), |_, _| false);
}

/// Of a thousand pictures that the first end coded, how many the second never decoded; and the times from the camera to
/// there.
fn outcome(line: &Line<Caller>) -> (usize, Vec<Duration>) {
    let [from, to] = &line.ends;
    let coded = |number| from.coded.get(number);
    let times = to.decoded.iter().filter_map(|(number, at)| Some(*at - *coded(number)?)).collect::<Vec<_>>();
    let lost = from.coded.len() - times.len();
    (lost * 1000 / from.coded.len(), times)
}

#[test]
fn pictures_arrive_and_their_size_follows_the_line() {
    let mut line = line(1, Conditions::of(40), false);
    call(&mut line, 80, false, 60);
    come_to_rest(&mut line);
    let (frozen, times) = outcome(&line);
    assert!(frozen == 0 && times.len() > 850, "{frozen}, {}", times.len());
    // The way takes 40 ms, coding and decoding two each.
    assert_eq!(
        (percentile(times.clone(), 50), percentile(times, 99)),
        (Duration::from_millis(44), Duration::from_millis(44))
    );
    let rung = line.ends[0].pictures.sent().unwrap();
    assert_eq!((rung.bytes_a_second, rung.pictures_a_second, rung.stream), (3_200, 15, 1), "as large as it is wanted");
    let events = &line.ends[1].events;
    assert_eq!(events[0].1, PictureEvent::Camera(true));
    assert_eq!(
        line.ends[0].events.iter().map(|(_, event)| event.clone()).collect::<Vec<_>>(),
        [PictureEvent::Watched(true)]
    );
    let shown = events.iter().filter(|(_, event)| matches!(event, PictureEvent::Shown(_))).count();
    assert_eq!(shown, line.ends[1].decoded.len(), "in order, each is shown");
}

#[test]
fn few_pictures_freeze_where_packets_are_lost() {
    for (loss, most, most_time) in [(0, 0, 80), (10, 3, 80), (50, 10, 140), (100, 30, 210)] {
        // The keys of a channel are random, and with them which packets are lost: what holds is said of five runs together.
        let (mut sent, mut fewest) = (0, usize::MAX);
        let all: usize = (0..5)
            .map(|seed| {
                let mut line = line(seed, Conditions::of(40).jitter(30).loss(loss), false);
                call(&mut line, 80, false, 120);
                come_to_rest(&mut line);
                let (frozen, times) = outcome(&line);
                let p95 = percentile(times, 95);
                // One that comes with the next is a picture later, and so on.
                assert!(p95 <= Duration::from_millis(most_time), "{p95:?} where {loss} of 1000 are lost");
                let count = line.ends[0].coded.len();
                (sent, fewest) = (sent + count, fewest.min(count));
                frozen
            })
            .sum();
        println!("{loss} of 1000 packets are lost: {} of 1000 pictures freeze, {fewest} sent at least", all / 5);
        // The camera gave 1,800; a line that loses at random is not full, and takes all of them but for a start.
        assert!(sent > 5 * 1700, "loss at random makes little smaller: {sent} in five where {loss} of 1000 are lost");
        assert!(fewest >= 1530, "too few in one run: {fewest} where {loss} of 1000 are lost");
        assert!(all <= 5 * most, "{} of 1000 freeze where {loss} of 1000 are lost", all / 5);
    }
    // Half of all: little is left, but it goes on, and nobody begins anew all the time.
    let mut line = line(5, Conditions::of(40).loss(500), false);
    call(&mut line, 80, false, 120);
    assert!(line.ends[0].pictures.sent().unwrap().bytes_a_second <= 450 && line.ends[1].decoded.len() > 60);
}

#[test]
fn words_do_not_wait_for_pictures_on_thin_lines() {
    for (rate, both, most_words, most_pictures) in
        [(8_000, true, 150, 150), (4_000, false, 150, 200), (4_000, true, 150, 200), (2_000, false, 250, 350)]
    {
        let (mut words, mut pictures) = (Vec::new(), Vec::new());
        for seed in 0..3 {
            let mut line = line(seed, Conditions::of(30).rate(rate), false);
            call(&mut line, 320, both, 120);
            come_to_rest(&mut line);
            assert_eq!(line.ends[1].said.len(), 120);
            words.extend(line.ends[1].said.clone());
            pictures.extend(outcome(&line).1);
        }
        let (words, pictures) = (percentile(words, 95), percentile(pictures, 95));
        println!("{rate} B/s, both ways {both}: words {words:?}, pictures {pictures:?} at 95 %");
        assert!(words <= Duration::from_millis(most_words), "words {words:?} at {rate} B/s");
        assert!(pictures <= Duration::from_millis(most_pictures), "pictures {pictures:?} at {rate} B/s");
    }
}

#[test]
fn a_line_that_drops_at_once_what_is_over_its_rate_is_not_filled() {
    for (rate, most_sent, most_frozen, most_words) in
        [(8_000, 105, 60, 400), (4_000, 105, 120, 1_100), (2_000, 115, 200, 1_100)]
    {
        let (mut words, mut sent, mut frozen) = (Vec::new(), 0, 0);
        for seed in 0..3 {
            let mut line = line(seed, Conditions::of(40).policed(rate, 1_500), false);
            let before = line.carried[0].bytes;
            call(&mut line, 320, false, 120);
            sent += (line.carried[0].bytes - before) / 122;
            come_to_rest(&mut line);
            frozen += outcome(&line).0;
            words.extend(line.ends[1].said.clone());
        }
        let (words, sent, frozen) = (percentile(words, 95), sent / 3, frozen / 3);
        println!("{rate} B/s without a queue: {sent} B/s sent, words {words:?} at 95 %, {frozen} of 1000 freeze");
        assert!(sent * 100 <= rate * most_sent, "{sent} B/s where {rate} go through");
        assert!(frozen <= most_frozen, "{frozen} of 1000 at {rate} B/s");
        assert!(words <= Duration::from_millis(most_words), "{words:?} at {rate} B/s");
    }
}

#[test]
fn a_wide_line_is_used_and_a_file_beside_takes_nothing_from_words() {
    let mut line = line(2, Conditions::of(20).rate(125_000), false);
    call(&mut line, 320, true, 60);
    assert_eq!(line.ends[0].pictures.sent().unwrap().bytes_a_second, 16_000);
    line.ends[1].said.clear();
    line.ends[1].decoded.clear();
    line.ends[0].coded.clear();
    let channel = &mut line.ends[0].channel;
    let bulk = channel.open(-10).unwrap();
    for _ in 0..20 {
        for _ in 0..200 {
            while line.ends[0].channel.write(bulk, &[0; 4096]).unwrap() > 0 {}
            let until = line.elapsed() + Duration::from_millis(5);
            line.run(until, |_, _| false);
        }
        let now = line.now();
        line.ends[0].say(now);
    }
    come_to_rest(&mut line);
    let (frozen, times) = outcome(&line);
    let (words, pictures) = (percentile(line.ends[1].said.clone(), 95), percentile(times, 95));
    let rung = line.ends[0].pictures.sent();
    println!("beside a file: words {words:?}, pictures {pictures:?} at 95 %, {frozen} of 1000 freeze, {rung:?}");
    assert!(words <= Duration::from_millis(100) && pictures <= Duration::from_millis(120), "{words:?}, {pictures:?}");
    assert!(frozen <= 20, "{frozen}");
}

#[test]
fn the_way_may_change_and_no_picture_is_lost() {
    let mut line = line(6, Conditions::of(40), false);
    call(&mut line, 80, true, 20);
    for delay in [5, 70, 5] {
        line.conditions = [Conditions::of(delay); 2];
        let now = line.now();
        for end in &mut line.ends {
            end.channel.way_changed(now);
            end.pictures.way_changed();
        }
        talk_on(&mut line, 10);
        assert_eq!(line.ends[0].pictures.sent().unwrap().bytes_a_second, 3_200, "a longer way is no queue");
    }
    come_to_rest(&mut line);
    let (frozen, times) = outcome(&line);
    assert_eq!((frozen, times.len()), (0, line.ends[0].coded.len()));
    assert_eq!(times.last(), Some(&Duration::from_millis(9)));
}

#[test]
fn nothing_leaves_before_the_camera_is_on_and_somebody_shows_it() {
    let mut line = line(1, Conditions::of(20), false);
    let now = line.now();
    let bytes = line.carried[0].bytes;
    // The camera runs, but was not turned on.
    line.ends[1].pictures.want(80);
    line.ends[0].camera = Some(now);
    line.run(Duration::from_secs(10), |_, _| false);
    assert!(line.ends[0].coded.is_empty() && line.ends[0].pictures.sent().is_none());
    // It is on, but nobody shows it.
    line.ends[1].pictures.want(0);
    line.run(Duration::from_secs(11), |_, _| false);
    line.ends[0].pictures.turn_camera(true);
    line.run(Duration::from_secs(20), |_, _| false);
    assert!(line.ends[0].coded.is_empty() && line.ends[0].pictures.sent().is_none());
    assert!(line.carried[0].bytes < bytes + 1_000, "{:?}", line.carried[0]);
    line.ends[1].pictures.want(80);
    talk_on(&mut line, 5);
    assert!(line.ends[1].decoded.len() > 40);
    // It is turned off while a picture is coded: that one never leaves, and none is shown after the word of it.
    line.ends[0].takes = Duration::from_millis(40);
    talk_on(&mut line, 2);
    let mut is_coding = false;
    line.run(line.elapsed() + Duration::from_secs(1), |ends, _| {
        is_coding = !ends[0].results.is_empty();
        is_coding
    });
    assert!(is_coding);
    line.ends[0].pictures.turn_camera(false);
    let (coded, off, carried) = (line.ends[0].coded.len(), line.now(), line.carried[0].bytes);
    talk_on(&mut line, 2);
    let after = line.carried[0].bytes - carried;
    talk_on(&mut line, 2);
    // Beyond what is carried while nothing happens there is the word of it, which is shorter than a picture.
    let (quiet, picture) = (line.carried[0].bytes - carried - after, line.ends[0].lengths.last().unwrap().1);
    assert!(after < quiet + picture as u64, "{after} bytes, {quiet} without the word, a picture has {picture}");
    let Caller { decoded, events, .. } = &line.ends[1];
    assert!(line.ends[0].coded.len() == coded && decoded.len() == coded - 1, "{} of {coded}", decoded.len());
    assert_eq!(events.last().unwrap().1, PictureEvent::Camera(false));
    assert!(decoded.last().unwrap().1 < off);
    // And on again: the picture before is there still, so no key picture is needed.
    line.ends[0].pictures.turn_camera(true);
    talk_on(&mut line, 2);
    assert!(line.ends[1].decoded.len() > coded + 10);
    // A key picture would be three times as long as the one before.
    let lengths: Vec<usize> = line.ends[0].lengths.iter().map(|(_, length)| *length).collect();
    assert!(lengths[coded] < 2 * lengths[coded - 1], "{:?}", &lengths[coded - 3..]);
}

#[test]
fn another_size_begins_with_a_key_picture_and_is_shown_at_once() {
    let mut line = line(1, Conditions::of(20), false);
    call(&mut line, 40, false, 20);
    assert_eq!(line.ends[0].pictures.sent().unwrap().stream, 0);
    let before = line.ends[1].decoded.len();
    line.ends[1].pictures.want(160);
    talk_on(&mut line, 60);
    assert_eq!(line.ends[0].pictures.sent().unwrap().stream, 2, "larger, as the line takes it");
    line.ends[1].pictures.want(40);
    talk_on(&mut line, 3);
    assert_eq!(line.ends[0].pictures.sent().unwrap().stream, 0);
    come_to_rest(&mut line);
    let (frozen, times) = outcome(&line);
    assert!(frozen == 0 && times.len() > before + 600, "{frozen}");
    assert!(percentile(times, 99) <= Duration::from_millis(30));
}

#[test]
fn a_slow_machine_makes_fewer_pictures_and_none_of_them_late() {
    let mut line = line(1, Conditions::of(20), false);
    line.ends[0].takes = Duration::from_millis(180);
    line.ends[1].takes = Duration::from_millis(90);
    call(&mut line, 80, false, 30);
    come_to_rest(&mut line);
    let (frozen, times) = outcome(&line);
    let count = line.ends[0].coded.len();
    assert!((140..175).contains(&count) && frozen <= 10, "{count} pictures, {frozen} of 1000 freeze");
    // The newest of the camera is there for one time of it, and then coded, carried and decoded.
    assert!(percentile(times, 99) <= Duration::from_millis(67 + 180 + 20 + 90));
    assert_eq!(line.ends[0].pictures.sent().unwrap().bytes_a_second, 3_200, "the line is not to blame");
}

#[test]
fn clocks_that_run_apart_are_no_queue() {
    for drift in [-100, 100] {
        let mut line = line(1, Conditions::of(40).jitter(20), false);
        line.ends[0].drift = drift;
        call(&mut line, 80, true, 900);
        for end in &line.ends {
            assert_eq!(end.pictures.sent().unwrap().bytes_a_second, 3_200, "{drift} millionths");
        }
    }
}

#[test]
fn a_line_that_dies_for_a_while_is_taken_up_again() {
    let mut line = line(1, Conditions::of(40), false);
    call(&mut line, 80, false, 20);
    line.conditions = [Conditions::of(40).loss(1000); 2];
    line.run(line.elapsed() + Duration::from_secs(15), |_, _| false);
    let rung = line.ends[0].pictures.sent().unwrap();
    assert!(rung.bytes_a_second <= 450, "{rung:?}");
    line.conditions = [Conditions::of(40); 2];
    let (again, before) = (line.now(), line.ends[1].decoded.len());
    talk_on(&mut line, 60);
    let first = line.ends[1].decoded[before].1;
    assert!(first - again <= Duration::from_secs(8), "{:?}", first - again);
    assert!(line.ends[0].pictures.sent().unwrap().bytes_a_second >= 2_000);
}

#[test]
fn what_is_shown_is_what_the_camera_saw() {
    let mut line = line(1, Conditions::of(20).jitter(20).loss(50), true);
    call(&mut line, 40, true, 3);
    for end in &line.ends {
        let shown = end.events.iter().rev().find_map(|(_, event)| match event {
            PictureEvent::Shown(picture) => Some(picture.clone()),
            _ => None,
        });
        let shown = shown.unwrap();
        assert_eq!((shown.size().width(), shown.size().height()), (40, 24));
        let other = &line.ends[usize::from(std::ptr::eq(end, &line.ends[0]))];
        let best = (other.shot.saturating_sub(12)..other.shot).map(|number| {
            let source = test_picture(PictureSize::new(100, 60).unwrap(), number).scaled(shown.size());
            psnr(&source.planes()[0], &shown.planes()[0])
        });
        let best = best.fold(0.0, f64::max);
        assert!(best > 26.0, "{best} dB");
    }
}

/// A line on which the first end is somebody whose program does as it likes, and the second wants pictures.
fn rogue() -> Line<Caller> {
    let mut line = line(1, Conditions::of(5), false);
    line.ends[1].pictures.want(80);
    line
}

pub(crate) fn packet(number: u16, back: u8, stream: u8) -> Vec<u8> {
    [&number.to_be_bytes()[..], &[back, stream << 6 | 30], &[7; 40]].concat()
}

#[test]
fn whoever_sends_too_much_is_not_decoded_more_often() {
    let mut line = rogue();
    let (mut number, began) = (0_u16, line.elapsed());
    while line.elapsed() < began + Duration::from_secs(4) {
        for _ in 0..4 {
            let stamp = SendStamp { way: 0, time: number };
            let packets = (0..3).map(|at| packet(number + at, 0, (number % 4) as u8)).collect();
            number = number.wrapping_add(3);
            line.ends[0].channel.send_datagram(PictureDatagram::Packets { stamp, packets }.write());
        }
        line.run(line.elapsed() + Duration::from_millis(10), |_, _| false);
    }
    let decoded = line.ends[1].decoded.len();
    assert!(number > 4_000 && decoded <= (MOST_A_SECOND * 5) as usize, "{decoded} of {number}");
    assert!(decoded >= (MOST_A_SECOND * 3) as usize, "{decoded}");
}

#[test]
fn packets_wait_for_the_codec_up_to_a_limit() {
    let now = Instant::now();
    let mut pictures = Pictures::new(now);
    let datagram = |number| {
        let part = [&[0], &packet(number, 0, 1)[..]].concat();
        PictureDatagram::Part { stamp: SendStamp { way: 0, time: 0 }, part }.write()
    };
    pictures.take_datagram(&datagram(1), now);
    assert_eq!(pictures.job(now), None, "nobody wants to see it");
    pictures.want(80);
    for number in 0..=MOST_UNDECODED as u16 {
        pictures.take_datagram(&datagram(number), now);
        pictures.take_datagram(&datagram(number), now);
    }
    let mut done = Vec::new();
    while let Some(job) = pictures.job(now) {
        assert_eq!(pictures.job(now), None, "one at a time");
        let CodecJob::Decode(packet) = job else { panic!() };
        let (head, _) = PacketHead::read(&packet).unwrap();
        done.push(head.number);
        pictures.done(CodecResult::Decoded(Ok(DecodedPicture { head, picture: tiny() })));
    }
    assert_eq!(done, (0..MOST_UNDECODED as u16).collect::<Vec<_>>(), "each once, in order");
    // The one too many was not decoded, and may come again.
    pictures.take_datagram(&datagram(MOST_UNDECODED as u16), now);
    assert!(pictures.job(now).is_some());
    // What was not asked for changes nothing.
    pictures.done(CodecResult::Encoded(None));
    let events: Vec<_> = std::iter::from_fn(|| pictures.event()).collect();
    assert_eq!(events, [PictureEvent::Shown(Arc::new(tiny()))], "only the newest is left");
    pictures.take_note(PictureNote::Camera(false));
    assert_eq!(pictures.event(), None, "it was not on");
    for n in 0..999 {
        pictures.take_note(PictureNote::Camera(n % 2 == 0));
        pictures.take_note(PictureNote::Wanted(n % 2));
    }
    let events: Vec<_> = std::iter::from_fn(|| pictures.event()).collect();
    assert_eq!(events, [PictureEvent::Camera(true), PictureEvent::Watched(false)], "the newest of each");
    pictures.take_note(PictureNote::Camera(false));
    pictures.take_datagram(&datagram(100), now);
    assert_eq!(pictures.job(now), None, "the camera is off");
}

#[test]
fn the_codec_has_one_decoder_whatever_comes() {
    let mut sender = PictureCodec::default();
    let mut receiver = PictureCodec::default();
    let picture = Arc::new(test_picture(PictureSize::new(100, 60).unwrap(), 0));
    let mut encode = |stream: u8, number: u16, reference: Option<u16>| {
        let request =
            tr2::media::codec::encoder::CodingRequest { reference, is_leaf: false, quantiser: 40, most_bytes: 3_000 };
        let job = EncodeJob { picture: Arc::clone(&picture), stream, number, request };
        match sender.run(CodecJob::Encode(job)) {
            CodecResult::Encoded(coded) => coded,
            CodecResult::Decoded(_) => panic!(),
        }
    };
    let mut decode = |packet: &[u8]| match receiver.run(CodecJob::Decode(packet.to_vec())) {
        CodecResult::Decoded(decoded) => decoded.map(|decoded| decoded.picture.size().width()),
        CodecResult::Encoded(_) => panic!(),
    };
    let (_, first) = encode(0, 9, None).unwrap();
    let (head, second) = encode(0, 10, Some(9)).unwrap();
    assert_eq!(head.reference, Some(9));
    let (head, other) = encode(1, 11, Some(10)).unwrap();
    assert_eq!((head.reference, head.number, head.stream), (None, 11, 1), "of another size, a key picture");
    let (_, next) = encode(1, 12, Some(11)).unwrap();
    assert!(encode(7, 13, None).is_none(), "no such stream");
    assert_eq!(decode(&second), Err(PacketError::NoReference));
    assert_eq!(decode(&first), Ok(40));
    assert_eq!(decode(&next), Err(PacketError::NoReference), "of a stream whose key picture did not come");
    assert_eq!(decode(&second), Ok(40));
    assert_eq!(decode(&second), Err(PacketError::Stale));
    assert_eq!(decode(&other), Ok(80));
    assert_eq!(decode(&first), Err(PacketError::Stale), "a key picture of the stream before, too late");
    assert_eq!(decode(&next), Ok(80));
    assert_eq!(decode(b"x"), Err(PacketError::Malformed));
}

#[test]
fn datagrams_are_read_as_they_are_written_and_any_bytes_are_harmless() {
    let stamp = SendStamp { way: 5, time: 0x1234 };
    let pictures = ReceivedPictures { newest: 7, decoded: 0xF0F0_0001 };
    let packets = ReceivedPictures { newest: 8, decoded: 1 };
    let datagrams = [
        (PictureDatagram::Part { stamp, part: vec![0, 1, 2] }, "151234000102"),
        (PictureDatagram::Packets { stamp, packets: vec![vec![1, 2], vec![], vec![3]] }, "251234000201020000000103"),
        (PictureDatagram::Report(LineReport { pictures, packets, queue: 258 }), "300007f0f000010008000000010102"),
    ];
    for (datagram, begins) in datagrams {
        let bytes = datagram.write();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(hex == begins, "{hex}");
        assert_eq!(PictureDatagram::read(&bytes), Some(datagram));
        if bytes[0] >> 4 != 1 {
            assert_eq!(PictureDatagram::read(&bytes[..bytes.len() - 1]), None);
        }
    }
    let too_many = PictureDatagram::Packets { stamp, packets: vec![vec![1]; MOST_PACKETS + 1] };
    assert_eq!(PictureDatagram::read(&too_many.write()), None);
    assert_eq!(PictureDatagram::read(&[0x20, 0, 0]), None, "no packets");
    let mut line = rogue();
    let mut chance = crate::chance::Chance(4);
    for _ in 0..3_000 {
        let mut noise: Vec<u8> = (0..chance.below(90)).map(|_| chance.next() as u8).collect();
        if let Some(first) = noise.first_mut() {
            *first = (1 + chance.below(3) as u8) << 4;
        }
        for end in &mut line.ends {
            end.pictures.take_datagram(&noise, Instant::now());
        }
    }
    call(&mut line, 80, false, 10);
    assert!(line.ends[1].said.len() == 10);
}
