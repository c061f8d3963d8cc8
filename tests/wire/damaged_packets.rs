//! Packets that were damaged on their way, or made up: every reader of packets and frames, the two ends of a channel, and
//! the members of a conference take them for nothing, answer with no more than they got, and go on.
//!
//! `TR2_LONG=1 cargo test --release --test wire damaged_packets` tries ten million.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tr2::client::direct::conference::events::AttendanceEvent;
use tr2::client::direct::exchange::Exchange;
use tr2::client::direct::orders::{ChannelNews, ChannelOrder};
use tr2::client::direct::pictures::datagram::PictureDatagram;
use tr2::client::direct::talk::Side;
use tr2::client::direct::voice::datagram::VoiceDatagram;
use tr2::model::Text;
use tr2::net::ways::candidate::Candidates;
use tr2::protocol::CallId;
use tr2::protocol::conference_frame::{ConferenceFrame, ConferenceFrames, SharedSecret};
use tr2::protocol::conference_packet::{ConferencePacket, FaceSize};
use tr2::protocol::leg::{LegPacket, LegStream, LegToken, MAX_LEG_PACKET, write_on_stream};
use tr2::protocol::peer::{PeerFrame, PeerFrames};

use crate::chance::Chance;
use crate::peer::credential;
use crate::virtual_line::Conditions;
use crate::virtual_star::Star;

const CALL: CallId = CallId([7; 16]);

fn tries() -> usize {
    if std::env::var_os("TR2_LONG").is_some() { 10_000_000 } else { 30_000 }
}

/// A packet, or some of one, as it may come from anybody.
fn damaged(all: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut packet = all[chance.below(all.len())].clone();
    for _ in 0..=chance.below(4) {
        let length = packet.len();
        match chance.below(8) {
            _ if length == 0 => packet.push(chance.next().to_le_bytes()[0]),
            0 | 1 => packet[chance.below(length)] ^= 1 << chance.below(8),
            2 => packet[chance.below(length)] = chance.next().to_le_bytes()[0],
            3 => packet.truncate(chance.below(length)),
            4 => packet.insert(chance.below(length), chance.next().to_le_bytes()[0]),
            5 => _ = packet.remove(chance.below(length)),
            6 => {
                let other = &all[chance.below(all.len())];
                packet.truncate(chance.below(length));
                packet.extend(&other[chance.below(other.len())..]);
            }
            // As it is: heard by somebody on the way, and sent again.
            _ => {}
        }
    }
    packet.truncate(MAX_LEG_PACKET);
    packet
}

/// Has two ends exchange what they have for each other, and keeps it.
fn pump(ends: &mut [Exchange; 2], now: Instant, kept: &mut Vec<Vec<u8>>) -> usize {
    let mut sent = 0;
    for at in [0, 1, 0, 1] {
        ends[at].tick(now);
        while let Some(packet) = ends[at].transmit(now) {
            ends[1 - at].receive(&packet, now);
            sent += packet.len();
            kept.push(packet);
        }
    }
    sent
}

fn news(end: &mut Exchange, now: Instant) -> Vec<ChannelNews> {
    std::iter::from_fn(|| end.news(now)).collect()
}

#[test]
fn a_channel_goes_on_whatever_comes_beside_it() {
    let (mut now, mut kept) = (Instant::now(), Vec::new());
    let keys = [credential(), credential()];
    let end = |side, own: usize| {
        Exchange::new(CALL, side, &keys[own], keys[1 - own].fingerprint, [own as u8; 16], Candidates::Others, now)
    };
    let mut ends = [end(Side::Caller, 0).unwrap(), end(Side::Callee, 1).unwrap()];
    for _ in 0..50 {
        now += Duration::from_millis(10);
        pump(&mut ends, now, &mut kept);
    }
    let ready = |news: &[ChannelNews]| news.iter().any(|news| matches!(news, ChannelNews::Ready(..)));
    assert!(ready(&news(&mut ends[0], now)) && ready(&news(&mut ends[1], now)));
    let mut chance = Chance(1);
    let (mut received, mut answered, mut unused) = (0, 0, Vec::new());
    for number in 0..tries() / 2 {
        let packet = damaged(&kept, &mut chance);
        received += packet.len();
        let at = number % 2;
        ends[at].receive(&packet, now);
        while let Some(answer) = ends[at].transmit(now) {
            answered += answer.len();
        }
        if number % 1000 == 0 {
            now += Duration::from_millis(10);
            answered += pump(&mut ends, now, &mut unused);
            unused.clear();
        }
    }
    assert!(answered <= received, "{answered} bytes for {received}");
    ends[0].order(ChannelOrder::Say(CALL, Text::line("still here")), now);
    for _ in 0..20 {
        now += Duration::from_millis(10);
        pump(&mut ends, now, &mut unused);
    }
    let said = ChannelNews::Said(CALL, Text::line("still here"));
    assert_eq!(news(&mut ends[1], now), [said]);
    assert!(!ends[0].has_ended() && !ends[1].has_ended());
}

#[test]
fn a_conference_goes_on_whatever_comes_beside_it() {
    let mut star = Star::new(3, false);
    for _ in 0..3 {
        let seat = star.join(&Arc::new(credential()), Conditions::of(10));
        star.turn_on(seat);
        star.hear(seat, true);
    }
    star.talk(0, true);
    star.run(Duration::from_millis(500));
    (0..3).for_each(|seat| star.show_all(seat));
    star.recording = Some(Vec::new());
    star.run(Duration::from_secs(2));
    let heard = star.recording.take().unwrap();
    let mut chance = Chance(2);
    for number in 0..tries() / 4 {
        let packet = damaged(&heard, &mut chance);
        let now = star.now();
        star.seats[number % 3].attendance.receive(&packet, now);
        // Whoever answers does so on its line.
        if number % 5_000 == 0 {
            star.run(Duration::from_millis(20));
        }
    }
    let seen = |star: &Star| -> usize { star.seats.iter().flat_map(|seat| seat.seen.values()).map(Vec::len).sum() };
    star.run(Duration::from_secs(2));
    let (from, before) = (star.elapsed(), seen(&star));
    star.run(Duration::from_secs(2));
    assert!(seen(&star) >= before + 60, "{before}, then {}", seen(&star));
    let voice = star.numbers(1, 0, from, star.elapsed()).len();
    assert!(voice >= 45, "{voice} packets of voice of 50");
    let lost = |seat: usize| star.seats[seat].events.iter().filter(|event| matches!(event, AttendanceEvent::Lost(..)));
    assert_eq!((0..3).map(|seat| lost(seat).count()).sum::<usize>(), 0);
}

#[test]
fn no_reader_minds_what_it_reads() {
    let mut framed = Vec::new();
    let mut frames = Vec::new();
    for frame in [
        ConferenceFrame::Key { id: 3, secret: SharedSecret([5; 16]) },
        ConferenceFrame::Camera(true),
        ConferenceFrame::Refresh { size: FaceSize::Medium, has: Some(7) },
        ConferenceFrame::Missed(7),
    ] {
        frame.write(&mut frames);
    }
    let mut peer = Vec::new();
    for frame in [
        PeerFrame::Hello { version: 1, commitment: [1; 32] },
        PeerFrame::Answer { version: 1, nonce: [2; 16] },
        PeerFrame::Text(Text::line("hello there")),
        PeerFrame::Accept { number: 1, from: 9 },
    ] {
        frame.write(&mut peer);
    }
    write_on_stream(&[0x40; 30], &mut framed);
    write_on_stream(&ConferencePacket::Wants(1, Vec::new()).write(), &mut framed);
    let mut all = vec![
        LegPacket::Bind(LegToken([1; 16])).write(),
        LegPacket::Challenge([2; 16]).write(),
        LegPacket::Answer(LegToken([1; 16]), [2; 16]).write(),
        LegPacket::Bound("[::1]:1234".parse().unwrap()).write(),
        frames,
        peer,
        framed,
    ];
    // The first byte of a datagram is its kind.
    all.extend((0..=255).map(|kind| (0..60).map(|at| if at == 0 { kind } else { at }).collect::<Vec<u8>>()));
    let mut chance = Chance(3);
    for _ in 0..tries() / 4 {
        let packet = damaged(&all, &mut chance);
        let _ = (LegPacket::read(&packet), ConferencePacket::read(&packet));
        let _ = (PictureDatagram::read(&packet), VoiceDatagram::read(&packet));
        let mut frames = ConferenceFrames::default();
        frames.feed(&packet);
        while let Ok(Some(_)) = frames.frame() {}
        let mut frames = PeerFrames::default();
        frames.feed(&packet);
        while let Ok(Some(_)) = frames.frame() {}
        let mut stream = LegStream::default();
        stream.feed(&packet);
        while let Ok(Some(_)) = stream.packet() {}
    }
}

/// One packet that says it comes from the server, and that nobody shows our face, stops no face for long.
#[test]
fn false_news_of_the_server_are_believed_for_a_moment_only() {
    for ahead in [1_u8, 2, 60, 126, 127] {
        let mut star = Star::new(4, false);
        for _ in 0..2 {
            let seat = star.join(&Arc::new(credential()), Conditions::of(10));
            star.turn_on(seat);
        }
        star.run(Duration::from_millis(500));
        (0..2).for_each(|seat| star.show_all(seat));
        star.run(Duration::from_secs(1));
        let now = star.now();
        // Some of them are ahead of the server's own count, wherever that is.
        for serial in [ahead, ahead.wrapping_add(90)] {
            star.seats[0].attendance.receive(&[kind_of_wanted(), 99, serial, 0], now);
        }
        star.run(Duration::from_millis(3_500));
        let before = star.seats[1].seen[&0].len();
        star.run(Duration::from_secs(1));
        let seen = star.seats[1].seen[&0].len() - before;
        assert!(seen >= 5, "{ahead}: {seen} pictures in a second");
    }
}

/// The first byte of a packet that tells what others show of us.
fn kind_of_wanted() -> u8 {
    let is_wanted = |kind: &u8| matches!(ConferencePacket::read(&[*kind, 0, 0, 0]), Some(ConferencePacket::Wanted(_)));
    (0..=255).find(is_wanted).unwrap()
}
