//! Voice in conferences on a virtual network: who hears whom, how soon and how well, and who does not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tr2::client::direct::conference::Attendance;
use tr2::client::direct::conference::events::AttendanceEvent;
use tr2::protocol::conference::{MAX_SPEAKERS, MemberNumber};
use tr2::protocol::conference_packet::ConferencePacket;

use crate::conference::PEOPLE;
use crate::virtual_line::Conditions;
use crate::virtual_star::Star;

const NOTHING: [u16; 0] = [];

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// So many in a conference, who have no cameras, and loudspeakers all.
fn all_hear_all(people: usize, seed: u64, line: Conditions) -> Star {
    let mut star = Star::new(seed, false);
    for person in &PEOPLE[..people] {
        let seat = star.join(person, line);
        star.hear(seat, true);
    }
    star.run(seconds(2));
    for seat in &star.seats {
        assert!(seat.events.contains(&AttendanceEvent::Heard(true)), "{:?}", seat.events);
    }
    star
}

/// Packets of voice among those that the relay was sent.
fn voices(packets: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let is_voice = |packet: &&Vec<u8>| matches!(ConferencePacket::read(packet), Some(ConferencePacket::Voice(..)));
    packets.iter().filter(is_voice).cloned().collect()
}

fn told(star: &Star, seat: usize, of: u8) -> Vec<bool> {
    let speaks = |event: &AttendanceEvent| match event {
        AttendanceEvent::Speaks(MemberNumber(number), speaks) if *number == of => Some(*speaks),
        _ => None,
    };
    star.seats[seat].events.iter().filter_map(speaks).collect()
}

#[test]
fn a_voice_is_heard_by_all_who_hear_while_its_owner_speaks() {
    let mut star = Star::new(21, false);
    for person in &PEOPLE[..3] {
        star.join(person, Conditions::of(20));
    }
    star.run(seconds(1));
    star.recording = Some(Vec::new());
    star.talk(0, true);
    star.run(seconds(1));
    assert_eq!(voices(star.recording.as_ref().unwrap()), Vec::<Vec<u8>>::new(), "nobody hears");
    // One hears from now on, in the middle of what is said.
    let from = star.elapsed();
    star.hear(1, true);
    star.run(seconds(2));
    let heard = star.numbers(1, 0, from, star.elapsed());
    assert!(heard.len() >= 45, "{} of 50", heard.len());
    assert!(heard.windows(2).all(|two| two[1] == two[0] + 1), "{heard:?}");
    let first = star.seats[1].heard[&0][0].0 - from;
    // A way up and two down, of a packet and of the word that somebody hears, 40 ms of sound, and the wait of the first.
    assert!(first <= ms(3 * 20 + 20 + 40 + 40 + 60), "{first:?}");
    assert_eq!(told(&star, 1, 0), [true]);
    assert!(star.seats[2].heard.is_empty() && star.seats[0].heard.is_empty());
    // The key is let go: it is silent soon, and nothing is sent.
    star.talk(0, false);
    star.run(ms(400));
    assert_eq!(told(&star, 1, 0), [true, false]);
    let (from, sent) = (star.elapsed(), voices(star.recording.as_ref().unwrap()).len());
    star.run(seconds(1));
    assert_eq!(star.numbers(1, 0, from, star.elapsed()), NOTHING);
    assert_eq!(voices(star.recording.as_ref().unwrap()).len(), sent);
    // Without a loudspeaker anywhere nothing is sent again.
    star.hear(1, false);
    star.run(ms(200));
    star.talk(0, true);
    star.run(seconds(1));
    assert_eq!(voices(star.recording.as_ref().unwrap()).len(), sent);
    assert!(star.seats[0].events.contains(&AttendanceEvent::Heard(false)));
}

#[test]
fn of_twelve_who_speak_four_are_heard_and_the_next_when_one_ceases() {
    let mut star = all_hear_all(12, 22, Conditions::of(30).jitter(20));
    for seat in 0..12 {
        star.talk(seat, true);
        star.run(ms(100));
    }
    let (from, before) = (star.elapsed(), star.seats[11].carried[1].bytes);
    star.run(seconds(3));
    let to = star.elapsed();
    for hearer in 0..12 {
        for of in (0..12).filter(|of| *of != hearer) {
            let heard = star.numbers(hearer, of, from, to).len();
            let expected = if of < MAX_SPEAKERS { 70..=80 } else { 0..=0 };
            assert!(expected.contains(&heard), "{hearer} hears {heard} packets of {of}");
        }
    }
    let down = (star.seats[11].carried[1].bytes - before) * 1000 / (to - from).as_millis() as u64;
    println!("four voices take one who hears {down} B/s");
    assert!(down <= 16_000, "{down} B/s");
    // The fifth is heard once the first has ceased.
    star.talk(0, false);
    star.run(seconds(1));
    let from = star.elapsed();
    star.run(seconds(1));
    let speaking: Vec<usize> = (0..11).filter(|of| !star.numbers(11, *of, from, star.elapsed()).is_empty()).collect();
    assert_eq!(speaking.len(), MAX_SPEAKERS, "{speaking:?}");
    assert!(!speaking.contains(&0));
}

#[test]
fn lost_and_late_packets_are_hardly_missed() {
    for (people, loss, jitter, least) in [(3, 0, 40, 990), (3, 50, 40, 980), (12, 50, 20, 980), (3, 100, 20, 950)] {
        let mut star = all_hear_all(people, 23, Conditions::of(30).jitter(jitter).loss(loss));
        // By then all channels are open: a handshake that loses packets takes seconds.
        star.run(seconds(8));
        star.talk(0, true);
        star.run(seconds(4));
        let from = star.elapsed();
        star.run(seconds(20));
        let to = star.elapsed();
        for hearer in 1..people {
            let heard = star.numbers(hearer, 0, from, to);
            let permille = heard.len() * 1000 / 500;
            if hearer == 1 {
                println!("{people} members, {loss} of 1000 lost on each line: {permille} of 1000 packets heard");
            }
            assert!(permille >= least, "{hearer} of {people} hears {permille} with {loss} of 1000 lost");
            assert!(heard.windows(2).all(|two| two[1] > two[0]), "each once, in turn");
        }
    }
}

#[test]
fn whoever_comes_late_hears_at_once() {
    let mut star = all_hear_all(11, 24, Conditions::of(40).jitter(10));
    star.talk(3, true);
    star.run(seconds(1));
    let from = star.elapsed();
    let late = star.join(&PEOPLE[11], Conditions::of(40).jitter(10));
    star.hear(late, true);
    star.run(seconds(2));
    let first = star.seats[late].heard[&3][0].0 - from;
    println!("whoever comes late hears after {first:?}");
    assert!(first <= ms(800), "{first:?}");
    let heard = star.numbers(late, 3, from + first, star.elapsed());
    assert!(heard.len() >= 25 && heard.windows(2).all(|two| two[1] == two[0] + 1), "{heard:?}");
}

#[test]
fn keys_change_without_a_word_lost() {
    let mut star = all_hear_all(3, 25, Conditions::of(25));
    star.talk(0, true);
    star.run(seconds(1));
    let from = star.elapsed();
    for person in &PEOPLE[3..9] {
        let seat = star.join(person, Conditions::of(25));
        star.hear(seat, true);
        star.run(ms(60));
    }
    star.leave(5);
    star.run(seconds(2));
    let heard = star.numbers(1, 0, from, star.elapsed());
    assert!(heard.len() >= 55 && heard.windows(2).all(|two| two[1] == two[0] + 1), "{heard:?}");
}

#[test]
fn whoever_has_left_is_not_heard_and_hears_nothing() {
    let mut star = all_hear_all(4, 26, Conditions::of(30));
    star.talk(0, true);
    star.talk(3, true);
    star.run(seconds(2));
    assert!(!star.seats[0].heard[&3].is_empty() && !star.seats[3].heard[&0].is_empty());
    // The server hands on everything to the one who leaves, and from it, as it did before.
    star.leave(3);
    star.listener = Some(3);
    star.run(ms(60));
    let after = star.elapsed();
    star.recording = Some(Vec::new());
    let mut passed_on = 0;
    for _ in 0..100 {
        star.run(ms(20));
        let now = star.now();
        let sent = voices(&star.recording.replace(Vec::new()).unwrap());
        for packet in sent.iter().filter(|packet| packet[1] == 3) {
            passed_on += 1;
            (0..3).for_each(|seat| star.seat(seat).receive(packet, now));
        }
    }
    assert!(passed_on >= 45, "{passed_on} packets of one who left");
    // What waited to be heard when the key changed may be heard to its end.
    for of in 0..3 {
        let heard = star.numbers(3, of, after + ms(150), star.elapsed());
        assert_eq!(heard, NOTHING, "one who left hears {of}");
        assert_eq!(star.numbers(of, 3, after, star.elapsed()), NOTHING, "{of} hears one who left");
    }
    assert!(star.numbers(1, 0, after, star.elapsed()).len() >= 48);
}

#[test]
fn what_is_sealed_with_an_old_key_is_not_heard() {
    let mut star = all_hear_all(3, 27, Conditions::of(10));
    star.recording = Some(Vec::new());
    // Nothing of this reaches 1.
    star.seats[1].lines[1] = Conditions::of(10).loss(1000);
    star.talk(0, true);
    star.run(seconds(2));
    star.talk(0, false);
    star.run(ms(500));
    let sealed = voices(&star.recording.take().unwrap());
    assert!(sealed.len() >= 45);
    star.seats[1].lines[1] = Conditions::of(10);
    star.run(ms(500));
    let play = |star: &mut Star, packets: &[Vec<u8>]| {
        let from = star.elapsed();
        for packet in packets {
            let now = star.now();
            star.seat(1).receive(packet, now);
            star.run(ms(40));
        }
        star.numbers(1, 0, from, star.elapsed()).len()
    };
    assert!(play(&mut star, &sealed[..20]) >= 15, "until the key changes it is heard");
    star.join(&PEOPLE[3], Conditions::of(10));
    star.run(seconds(2));
    assert_eq!(play(&mut star, &sealed[20..]), 0);
    // The newcomer has no key for it either.
    let now = star.now();
    star.hear(3, true);
    sealed.iter().for_each(|packet| star.seat(3).receive(packet, now));
    star.run(seconds(1));
    assert!(star.seats[3].heard.is_empty());
    // With the new one it goes on.
    let from = star.elapsed();
    star.talk(0, true);
    star.run(seconds(1));
    assert!(star.numbers(1, 0, from, star.elapsed()).len() >= 20);
}

#[test]
fn a_server_that_knows_no_voice_is_asked_rarely_and_sent_none() {
    let mut now = Instant::now();
    let mut attendance = Attendance::new(Arc::clone(&PEOPLE[0]), MemberNumber(0), now).unwrap();
    attendance.hear(true, now);
    attendance.talk(true, now);
    let (mut asked, mut voice) = (0, 0);
    for _ in 0..1000 {
        now += ms(20);
        attendance.take_microphone(&[1000; 320], now);
        attendance.tick(now);
        while let Some(packet) = attendance.transmit(now) {
            match ConferencePacket::read(&packet) {
                Some(ConferencePacket::Hears(_, true)) => asked += 1,
                Some(ConferencePacket::Voice(..)) => voice += 1,
                _ => {}
            }
        }
    }
    assert!((3..=10).contains(&asked) && voice == 0, "asked {asked} times, and {voice} packets of voice");
}
