//! The channel between two clients, over lines of every kind on a clock of their own.

use std::time::{Duration, Instant};

use tr2::net::certificate::{self, Credential};
use tr2::net::peer::channel::{Channel, MAX_PACKET};
use tr2::net::peer::events::{ChannelEnd, ChannelEvent, ChannelRead, ChannelStream};
use tr2::net::peer::transport::SILENCE;

use crate::virtual_line::{Conditions, End, Line};

impl End for Channel {
    fn receive(&mut self, packet: &[u8], now: Instant) {
        self.receive(packet, now);
    }

    fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        let packet = self.transmit(now)?;
        assert!(packet.len() <= MAX_PACKET, "{} bytes", packet.len());
        assert!(packet[0] >= 0x40, "the bit that tells it from others");
        Some(packet)
    }

    fn deadline(&mut self) -> Option<Instant> {
        self.deadline()
    }

    fn tick(&mut self, now: Instant) {
        self.tick(now);
    }
}

pub fn credential() -> Credential {
    let key = certificate::make_key().unwrap();
    certificate::load(&certificate::self_signed(&key, "tr2").unwrap(), &key).unwrap()
}

fn pair() -> [Credential; 2] {
    [credential(), credential()]
}

fn line(seed: u64, conditions: Conditions, [caller, callee]: &[Credential; 2]) -> Line<Channel> {
    Line::new(seed, conditions, |now| {
        [
            Channel::call(caller, callee.fingerprint, now).unwrap(),
            Channel::answer(callee, caller.fingerprint, now).unwrap(),
        ]
    })
}

/// Runs until both ends are open; the time that it took.
fn open(line: &mut Line<Channel>) -> Duration {
    let mut is_open = [false; 2];
    let done = line.run(Duration::from_secs(60), |ends, _| {
        for (end, is_open) in ends.iter_mut().zip(&mut is_open) {
            while let Some(event) = end.event() {
                assert_eq!(event, ChannelEvent::Open);
                *is_open = true;
            }
        }
        is_open == [true; 2]
    });
    assert!(done, "never open");
    line.elapsed()
}

/// The value below which this many of a hundred are.
pub fn percentile(mut times: Vec<Duration>, of_a_hundred: usize) -> Duration {
    times.sort();
    times[(times.len() * of_a_hundred / 100).min(times.len() - 1)]
}

#[test]
fn a_channel_opens_within_one_and_a_half_round_trips() {
    let mut line = line(1, Conditions::of(40), &pair());
    assert_eq!(open(&mut line), Duration::from_millis(120));
    let [to, back] = line.carried;
    assert!(to.packets <= 4 && to.bytes <= 4000, "{to:?}");
    assert!(back.packets <= 4 && back.bytes <= 4000, "{back:?}");
    assert_eq!(line.ends[0].shared_secret(b"words"), line.ends[1].shared_secret(b"words"));
    assert_ne!(line.ends[0].shared_secret(b"words"), line.ends[0].shared_secret(b"other words"));
    assert!(line.ends[0].shared_secret(b"words").is_some());
}

#[test]
fn a_channel_opens_whatever_is_lost() {
    let keys = pair();
    for (loss, most) in [(50, 600), (100, 700), (200, 1200)] {
        let times = (0..40).map(|seed| open(&mut line(seed, Conditions::of(40).loss(loss), &keys))).collect();
        let p95 = percentile(times, 95);
        assert!(p95 <= Duration::from_millis(most), "{p95:?} where {loss} of 1000 are lost");
    }
}

#[test]
fn neither_side_talks_to_another_key_than_it_expects() {
    let [alice, bob] = pair();
    let mallory = credential();
    // Mallory answers for bob; mallory calls as alice.
    for (caller, called, callee, expected) in [(&alice, &bob, &mallory, &alice), (&mallory, &bob, &bob, &alice)] {
        let mut line = Line::new(1, Conditions::of(10), |now| {
            [
                Channel::call(caller, called.fingerprint, now).unwrap(),
                Channel::answer(callee, expected.fingerprint, now).unwrap(),
            ]
        });
        let mut ends = [None, None];
        let secret = |end: &Channel| end.shared_secret(b"words").is_some();
        line.run(Duration::from_secs(5), |channels, _| {
            for (channel, end) in channels.iter_mut().zip(&mut ends) {
                while let Some(event) = channel.event() {
                    if let ChannelEvent::End(how) = event {
                        *end = Some(how);
                    }
                }
            }
            false
        });
        assert_eq!(ends, [Some(ChannelEnd::WrongKey), Some(ChannelEnd::WrongKey)]);
        assert!(line.ends.iter_mut().all(|end| end.open(0).is_none()), "nothing is said");
        assert!(!line.ends.iter().all(secret));
    }
}

#[test]
fn nobody_who_answers_and_nobody_who_calls_are_told() {
    let keys = pair();
    let mut line = line(1, Conditions::of(10).loss(1000), &keys);
    let mut ends = Vec::new();
    line.run(SILENCE * 2, |channels, _| {
        for channel in channels {
            ends.extend(channel.event());
        }
        ends.len() == 2
    });
    assert_eq!(ends, [ChannelEvent::End(ChannelEnd::Silent), ChannelEvent::End(ChannelEnd::Silent)]);
    assert!(line.elapsed() <= SILENCE + Duration::from_secs(1), "{:?}", line.elapsed());
}

#[test]
fn a_line_that_dies_is_noticed_and_one_that_is_silent_is_not_taken_for_dead() {
    let mut line = line(1, Conditions::of(10), &pair());
    open(&mut line);
    let quiet = line.run(SILENCE * 4, |ends, _| ends.iter_mut().any(|end| end.event().is_some()));
    assert!(!quiet, "signs of life keep it");
    line.conditions = [Conditions::of(10).loss(1000); 2];
    let from = line.elapsed();
    let mut over = 0;
    let silent = ChannelEvent::End(ChannelEnd::Silent);
    line.run(from + SILENCE * 2, |ends, _| {
        over += ends.iter_mut().filter_map(Channel::event).filter(|event| *event == silent).count();
        over == 2
    });
    assert_eq!(over, 2);
    assert!(line.elapsed() - from <= SILENCE + Duration::from_secs(11), "{:?}", line.elapsed() - from);
}

#[test]
fn the_one_who_closes_and_the_other_know() {
    let mut line = line(1, Conditions::of(10), &pair());
    open(&mut line);
    let now = line.now();
    line.ends[0].close(now);
    let mut ends = [None, None];
    line.run(Duration::from_secs(10), |channels, _| {
        for (channel, end) in channels.iter_mut().zip(&mut ends) {
            *end = end.take().or_else(|| channel.event());
        }
        channels.iter().all(Channel::is_over)
    });
    let end = |end| Some(ChannelEvent::End(end));
    assert_eq!(ends, [end(ChannelEnd::Closed), end(ChannelEnd::ClosedByPeer)]);
    assert!(line.ends.iter().all(Channel::is_over));
}

/// Sends pictures from the first end, one every 66 ms, and words on a stream once a second; the second end reads. `file`
/// is written to a stream of the least priority as fast as it goes.
#[derive(Default)]
struct Traffic {
    picture: usize,
    every: Duration,
    file: bool,
    next: Duration,
    next_words: Duration,
    sent: usize,
    words: Option<ChannelStream>,
    bulk: Option<ChannelStream>,
    pictures: Vec<Duration>,
    said: Vec<Duration>,
    transferred: usize,
}

impl Traffic {
    fn step(&mut self, ends: &mut [Channel; 2], elapsed: Duration) {
        let [from, to] = ends;
        if self.words.is_none() {
            self.words = from.open(10);
            self.bulk = self.file.then(|| from.open(-10)).flatten();
        }
        let stamp = (elapsed.as_micros() as u64).to_be_bytes();
        if elapsed >= self.next && self.picture > 0 {
            self.next = elapsed + self.every;
            self.sent += 1;
            let mut picture = stamp.to_vec();
            picture.resize(self.picture, 7);
            assert!(from.send_datagram(picture));
        }
        if elapsed >= self.next_words {
            self.next_words = elapsed + Duration::from_secs(1);
            assert_eq!(from.write(self.words.unwrap(), &stamp), Some(8));
        }
        if let Some(bulk) = self.bulk {
            while from.write(bulk, &[0; 4096]).unwrap() > 0 {}
        }
        while from.event().is_some() {}
        let since = |stamp: &[u8]| elapsed - Duration::from_micros(u64::from_be_bytes(stamp[..8].try_into().unwrap()));
        let mut readable = Vec::new();
        while let Some(event) = to.event() {
            match event {
                ChannelEvent::Datagram(picture) => self.pictures.push(since(&picture)),
                ChannelEvent::Stream(stream) | ChannelEvent::Readable(stream) => readable.push(stream),
                _ => {}
            }
        }
        for stream in readable {
            while let ChannelRead::Bytes(bytes) = to.read(stream, 64 * 1024) {
                match Some(stream) == self.words {
                    true => self.said.extend(bytes.chunks(8).map(since)),
                    false => self.transferred += bytes.len(),
                }
            }
        }
    }

    /// For so long, in steps of a millisecond at most.
    fn run(&mut self, line: &mut Line<Channel>, time: Duration) {
        let until = line.elapsed() + time;
        self.next_words = self.next_words.max(line.elapsed());
        let began = line.now() - line.elapsed();
        while line.elapsed() < until {
            let to = (line.elapsed() + Duration::from_millis(5)).min(until);
            line.run(to, |ends, now| {
                self.step(ends, now - began);
                false
            });
        }
    }
}

const PICTURE_TIME: Duration = Duration::from_millis(66);

#[test]
fn pictures_arrive_soon_where_packets_are_lost_and_overtake_each_other() {
    let keys = pair();
    for (loss, most_lost) in [(0, 3), (50, 80), (100, 140), (200, 250)] {
        let mut line = line(3, Conditions::of(40).jitter(30).loss(loss), &keys);
        open(&mut line);
        let mut traffic = Traffic { picture: 600, every: PICTURE_TIME, ..Traffic::default() };
        traffic.run(&mut line, Duration::from_secs(40));
        let lost = 1000 - 1000 * traffic.pictures.len() / traffic.sent;
        assert!(lost <= most_lost, "{lost} of 1000 lost");
        let p99 = percentile(traffic.pictures, 99);
        assert!(p99 <= Duration::from_millis(85), "{p99:?} where {loss} of 1000 are lost");
    }
}

#[test]
fn words_and_pictures_do_not_wait_for_a_file() {
    let mut line = line(4, Conditions::of(20).rate(125_000), &pair());
    open(&mut line);
    let mut traffic = Traffic { picture: 600, every: PICTURE_TIME, file: true, ..Traffic::default() };
    traffic.run(&mut line, Duration::from_secs(30));
    let (pictures, said) = (percentile(traffic.pictures, 95), percentile(traffic.said, 95));
    let rate = traffic.transferred / 30;
    assert!(pictures <= Duration::from_millis(100), "pictures {pictures:?}");
    assert!(said <= Duration::from_millis(100), "words {said:?}");
    assert!(rate >= 90_000, "{rate} bytes a second");
}

#[test]
fn a_file_fills_a_fast_line() {
    let mut line = line(5, Conditions::of(10).rate(2_500_000), &pair());
    open(&mut line);
    let mut traffic = Traffic { file: true, ..Traffic::default() };
    traffic.run(&mut line, Duration::from_secs(5));
    let rate = traffic.transferred / 5;
    assert!(rate >= 1_800_000, "{rate} bytes a second");
}

#[test]
fn the_way_may_change_under_a_channel_and_nothing_is_lost() {
    let mut line = line(6, Conditions::of(40), &pair());
    open(&mut line);
    let mut traffic = Traffic { picture: 600, every: PICTURE_TIME, ..Traffic::default() };
    traffic.run(&mut line, Duration::from_secs(2));
    line.conditions = [Conditions::of(5); 2];
    let now = line.now();
    for end in &mut line.ends {
        end.way_changed(now);
    }
    traffic.picture = 600;
    traffic.run(&mut line, Duration::from_secs(2));
    traffic.picture = 0;
    traffic.run(&mut line, Duration::from_secs(1));
    assert_eq!(traffic.pictures.len(), traffic.sent);
    assert!(traffic.sent >= 56);
    assert_eq!(*traffic.pictures.last().unwrap(), Duration::from_millis(5));
    assert_eq!(traffic.said.len(), 5);
}

/// Words that were said into a line that loses all, in both directions, arrive soon after it heals: whether one side changes
/// its way, or the line is well again by itself and the other side says something.
#[test]
fn words_said_into_a_silence_arrive_as_soon_as_it_ends() {
    // After a short silence, the timer of the side that did not change its way runs out soon by itself.
    for (silence, changes, most) in
        [(3, true, 3_000), (6, true, 200), (9, true, 200), (20, true, 200), (9, false, 9_000)]
    {
        let mut line = line(8, Conditions::of(20), &pair());
        open(&mut line);
        let streams = [line.ends[0].open(0).unwrap(), line.ends[1].open(0).unwrap()];
        let mut heard = [0; 2];
        let say = |line: &mut Line<Channel>, who: usize| {
            assert_eq!(line.ends[who].write(streams[who], b"words"), Some(5));
        };
        let mut listen = |ends: &mut [Channel; 2]| {
            for (who, end) in ends.iter_mut().enumerate() {
                while end.event().is_some() {}
                while let ChannelRead::Bytes(bytes) = end.read(streams[1 - who], 100) {
                    heard[who] += bytes.len();
                }
            }
            heard
        };
        (0..2).for_each(|who| say(&mut line, who));
        assert!(line.run(Duration::from_secs(5), |ends, _| listen(ends) == [5; 2]));
        line.conditions = [Conditions::of(20).loss(1000); 2];
        (0..2).for_each(|who| say(&mut line, who));
        let from = line.elapsed();
        line.run(from + Duration::from_secs(silence), |ends, _| listen(ends) != [5; 2]);
        line.conditions = [Conditions::of(20); 2];
        let now = line.now();
        match changes {
            true => line.ends[0].way_changed(now),
            false => say(&mut line, 0),
        }
        let from = line.elapsed();
        let most = Duration::from_millis(most);
        let all = [10, if changes { 10 } else { 15 }];
        let done = line.run(from + most, |ends, _| listen(ends) == all);
        assert!(done, "after {silence} s of silence, changed: {changes}: {heard:?} of {all:?}");
        println!("{silence} s, changed: {changes}: {:?}", line.elapsed() - from);
    }
}

#[test]
fn streams_carry_everything_in_order_whatever_the_line_does() {
    let mut line = line(7, Conditions::of(30).jitter(40).loss(100), &pair());
    open(&mut line);
    let data: Vec<u8> = (0..200_000_u32).flat_map(|n| n.to_be_bytes()).collect();
    let (mut written, mut stream, mut read, mut ended, mut delivered) = (0, None, Vec::new(), false, false);
    let done = line.run(Duration::from_secs(600), |[from, to], _| {
        let id = *stream.get_or_insert_with(|| from.open(0).unwrap());
        if written < data.len() {
            written += from.write(id, &data[written..]).unwrap();
            if written == data.len() {
                from.finish(id);
            }
        }
        while let Some(event) = from.event() {
            delivered |= event == ChannelEvent::Delivered(id);
        }
        while to.event().is_some() {}
        loop {
            match to.read(id, 10_000) {
                ChannelRead::Bytes(bytes) => read.extend(bytes),
                ChannelRead::End => ended = true,
                ChannelRead::Nothing | ChannelRead::Lost => break,
            }
        }
        ended && delivered
    });
    assert!(done && read == data, "{} of {} bytes", read.len(), data.len());
}

#[test]
fn a_stream_that_is_given_up_is_known_to_be() {
    let mut line = line(8, Conditions::of(10), &pair());
    open(&mut line);
    let stream = line.ends[0].open(0).unwrap();
    assert_eq!(line.ends[0].write(stream, b"half a"), Some(6));
    let mut theirs = None;
    assert!(line.run(Duration::from_secs(1), |[_, to], _| {
        while let Some(event) = to.event() {
            if let ChannelEvent::Stream(stream) = event {
                theirs = Some(stream);
            }
        }
        theirs.is_some()
    }));
    let theirs = theirs.unwrap();
    assert_eq!(line.ends[1].read(theirs, 100), ChannelRead::Bytes(b"half a".to_vec()));
    line.ends[1].abandon(theirs);
    assert!(line.run(Duration::from_secs(2), |[from, _], _| from.write(stream, b"x").is_none()));
    assert_eq!(line.ends[0].read(stream, 100), ChannelRead::Lost);
    assert_eq!(line.ends[1].read(theirs, 100), ChannelRead::Lost);
}

#[test]
fn a_peer_has_only_so_many_streams() {
    let mut line = line(9, Conditions::of(10), &pair());
    open(&mut line);
    let opened = (0..100).map_while(|_| line.ends[0].open(0)).count();
    assert_eq!(opened, 8);
}

#[test]
fn what_is_no_packet_of_the_channel_changes_nothing() {
    let mut line = line(10, Conditions::of(10), &pair());
    let now = line.now();
    let mut chance = crate::chance::Chance(11);
    for _ in 0..2000 {
        let noise: Vec<u8> = (0..chance.below(2000)).map(|_| chance.next() as u8).collect();
        line.ends[chance.below(2)].receive(&noise, now);
    }
    assert_eq!(open(&mut line), Duration::from_millis(30));
    let now = line.now();
    let (mut came, mut back) = (0, 0);
    for _ in 0..2000 {
        let noise: Vec<u8> = (0..chance.below(2000)).map(|_| chance.next() as u8).collect();
        came += noise.len();
        let end = &mut line.ends[chance.below(2)];
        end.receive(&noise, now);
        back += std::iter::from_fn(|| end.transmit(now)).map(|packet| packet.len()).sum::<usize>();
    }
    assert!(back <= 2 * MAX_PACKET + came / 100, "nobody is flooded by way of us: {back} bytes for {came}");
    let mut traffic = Traffic { picture: 600, every: PICTURE_TIME, ..Traffic::default() };
    traffic.run(&mut line, Duration::from_secs(1));
    assert!(traffic.pictures.len() + 2 >= traffic.sent && traffic.sent > 10);
}

#[test]
fn an_old_packet_means_nothing_a_second_time() {
    let mut line = line(12, Conditions::of(10), &pair());
    open(&mut line);
    let now = line.now();
    assert!(line.ends[0].send_datagram(b"once".to_vec()));
    let packet = line.ends[0].transmit(now).unwrap();
    for _ in 0..3 {
        line.ends[1].receive(&packet, now);
    }
    assert_eq!(line.ends[1].event(), Some(ChannelEvent::Datagram(b"once".to_vec())));
    assert_eq!(line.ends[1].event(), None);
}

#[test]
fn urgent_datagrams_go_before_all_others_that_wait_and_of_too_many_the_newest_are_left() {
    let mut line = line(13, Conditions::of(20), &pair());
    open(&mut line);
    // As if the line had become very long: the window fills.
    line.conditions = [Conditions::of(3_000); 2];
    let run = |line: &mut Line<Channel>, milliseconds| {
        let mut came = Vec::new();
        line.run(line.elapsed() + Duration::from_millis(milliseconds), |ends, _| {
            while let Some(event) = ends[1].event() {
                if let ChannelEvent::Datagram(datagram) = event {
                    came.push(datagram[0]);
                }
            }
            false
        });
        came
    };
    for number in 0..60 {
        assert!(line.ends[0].send_datagram(vec![number; 1_000]));
        run(&mut line, 20);
    }
    for number in 100..110 {
        assert!(line.ends[0].send_urgent_datagram(vec![number; 400]));
    }
    assert!(line.ends[0].waiting_datagrams() > 4_000);
    assert!(!line.ends[0].send_urgent_datagram(vec![0; MAX_PACKET]), "larger than a packet");
    let came = run(&mut line, 20_000);
    assert!((10..50).contains(&came.iter().filter(|number| **number < 56).count()), "{came:?}");
    // One may have been given to the connection before.
    let after: Vec<u8> = came.iter().copied().skip_while(|number| *number < 100).collect();
    assert!(after.ends_with(&[57, 58, 59]) || after.ends_with(&[58, 59]), "{came:?}");
    assert_eq!(after[..5], [105, 106, 107, 108, 109], "{came:?}");
    assert_eq!(line.ends[0].waiting_datagrams(), 0);
}
