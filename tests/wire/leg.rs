//! Packets on a leg, over UDP and over a stream.

use proptest::prelude::*;
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
            prop_assert!((1..=MAX_LEG_PACKET).contains(&packet.len()) && packet[0] >= 0x40);
        }
        prop_assert!(!matches!(stream.packet(), Ok(Some(_))));
    }
}
