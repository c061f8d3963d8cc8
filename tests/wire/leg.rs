//! Packets on a leg, over UDP and over a stream.

use proptest::prelude::*;
use tr2::protocol::conference::{MAX_CONFERENCE, MemberNumber};
use tr2::protocol::conference_packet::{
    Audience, ConferencePacket, FaceSize, Listeners, PictureHead, Want, WantedFaces, is_later,
};
use tr2::protocol::leg::{LegPacket, LegStream, LegToken, MAX_LEG_PACKET, write_on_stream};

#[test]
fn packets_over_udp_are_what_was_written_and_no_longer_or_shorter() {
    let channel = [0x40, 1, 2, 3];
    let token = LegToken([7; 16]);
    for packet in [
        LegPacket::Bind(token),
        LegPacket::Challenge([1; 16]),
        LegPacket::Answer(token, [2; 16]),
        LegPacket::Bound("192.0.2.7:4000".parse().unwrap()),
        LegPacket::Bound("[2001:db8::7]:65535".parse().unwrap()),
        LegPacket::Channel(&channel),
    ] {
        let bytes = packet.write();
        assert_eq!(LegPacket::read(&bytes), Some(packet));
        if packet != LegPacket::Channel(&channel) {
            assert_eq!(LegPacket::read(&[&bytes[..], &[0]].concat()), None);
            assert_eq!(LegPacket::read(&bytes[..bytes.len() - 1]), None);
        }
    }
    assert_eq!(LegPacket::read(&[]), None);
    assert_eq!(LegPacket::read(&[0x3f]), None);
    let conference = |first, size| LegPacket::read(&vec![first; size]).is_some();
    assert_eq!([0x0f, 0x10, 0x1f, 0x20].map(|first| conference(first, 5)), [false, true, true, false]);
    assert!(conference(0x10, MAX_LEG_PACKET) && !conference(0x10, MAX_LEG_PACKET + 1));
    assert_eq!(LegPacket::read(&vec![0x40; MAX_LEG_PACKET + 1]), None);
    assert!(LegPacket::read(&vec![0x40; MAX_LEG_PACKET]).is_some());
}

#[test]
fn a_token_is_32_digits_and_stays_out_of_logs() {
    let token = LegToken([0xab; 16]);
    assert_eq!(token.to_string(), "ab".repeat(16));
    assert_eq!(token.to_string().parse(), Ok(token));
    assert_eq!(format!("{token:?}"), "LegToken");
    for bad in ["", "ab", &"ab".repeat(17), &"g0".repeat(16), &"é".repeat(16), &format!("+{}", "a".repeat(31))] {
        assert!(bad.parse::<LegToken>().is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn a_stream_gives_back_the_packets_wherever_it_is_cut(sizes in prop::collection::vec(1_usize..=MAX_LEG_PACKET, 1..20), cut in 1_usize..3000) {
        let packets: Vec<Vec<u8>> = sizes.iter().map(|&size| vec![0x40 | (size as u8 & 0x3f); size]).collect();
        let mut bytes = Vec::new();
        packets.iter().for_each(|packet| write_on_stream(packet, &mut bytes));
        let (mut stream, mut read) = (LegStream::default(), Vec::new());
        for piece in bytes.chunks(cut) {
            stream.feed(piece);
            while let Some(packet) = stream.packet().unwrap() {
                read.push(packet);
            }
        }
        prop_assert_eq!(read, packets);
    }

    #[test]
    fn any_bytes_on_a_stream_are_packets_or_its_end(bytes: Vec<u8>) {
        let mut stream = LegStream::default();
        stream.feed(&bytes);
        while let Ok(Some(packet)) = stream.packet() {
            prop_assert!((1..=MAX_LEG_PACKET).contains(&packet.len()) && matches!(packet[0], 0x10..=0x1f | 0x40..));
        }
        prop_assert!(!matches!(stream.packet(), Ok(Some(_))));
    }
}

#[test]
fn packets_of_a_conference_are_what_was_written() {
    let want = |of, size, lower_only| Want { of: MemberNumber(of), size, lower_only };
    let everyone = (0..MAX_CONFERENCE as u8).map(|of| want(of, FaceSize::Small, of % 2 == 0)).collect();
    let mut audience = Audience::default();
    audience.add(FaceSize::Small, true);
    audience.add(FaceSize::Large, false);
    assert_eq!(FaceSize::ALL.map(|size| audience.of(size)), [(true, false), (false, false), (true, true)]);
    let mut packets = vec![
        ConferencePacket::Pair(MemberNumber(255), b"x"),
        ConferencePacket::Wants(9, vec![]),
        ConferencePacket::Wants(0, everyone),
        ConferencePacket::Wanted(WantedFaces { count: 200, serial: 7, audience }),
        ConferencePacket::Wanted(WantedFaces { count: 0, serial: 255, audience: Audience::default() }),
        ConferencePacket::Voice(MemberNumber(0), b"x"),
        ConferencePacket::Hears(255, true),
        ConferencePacket::Hears(0, false),
        ConferencePacket::Heard(Listeners { count: 3, serial: 4, any: true }),
        ConferencePacket::Heard(Listeners { count: 0, serial: 255, any: false }),
    ];
    for size in FaceSize::ALL {
        for upper in [false, true] {
            packets.push(ConferencePacket::Picture(PictureHead { from: MemberNumber(3), size, upper }, b"sealed"));
        }
    }
    for packet in packets {
        let bytes = packet.write();
        assert!(matches!(LegPacket::read(&bytes), Some(LegPacket::Conference(_))));
        assert_eq!(ConferencePacket::read(&bytes), Some(packet));
    }
    for bad in [
        &b""[..],
        b"\x10",
        b"\x10\x01",
        b"\x11\x01\x00",
        b"\x11\x01\xc0x",
        b"\x11\x01\x01x",
        b"\x12\x00\x01",
        b"\x12\x00\x01\xe0",
        b"\x12\x00\x01\x00\x01\x40",
        b"\x13\x00\x00",
        b"\x13\x00\x00\x00\x00",
        b"\x14\x00",
        b"\x15\x00",
        b"\x15\x00\x02",
        b"\x15\x00\x01\x00",
        b"\x16\x00\x00",
        b"\x16\x00\x00\x02",
        b"\x16\x00\x00\x00\x00",
        b"\x17\x00\x00",
        b"\x40\x00\x00",
    ] {
        assert_eq!(ConferencePacket::read(bad), None, "{bad:?}");
    }
    assert!(is_later(0, 255) && is_later(127, 0) && !is_later(128, 0) && !is_later(5, 5) && !is_later(255, 0));
    let many = |count: u8| [vec![0x12, 0], (0..count).flat_map(|of| [of, 0]).collect()].concat();
    assert!(ConferencePacket::read(&many(12)).is_some() && ConferencePacket::read(&many(13)).is_none());
}
