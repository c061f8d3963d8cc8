//! The decoder under damaged packets: none makes it panic, and it goes on after each.
//!
//! `TR2_LONG=1 cargo test --release --test wire damage` tries ten million.

use tr2::media::codec::decoder::PictureDecoder;
use tr2::media::codec::packet::PacketError;
use tr2::media::parts::Assembler;
use tr2::media::picture::PictureSize;

use super::{coded, size};
use crate::chance::Chance;

fn is_long() -> bool {
    std::env::var_os("TR2_LONG").is_some()
}

fn tries() -> usize {
    if is_long() { 10_000_000 } else { 20_000 }
}

/// A damaged copy: bits turned over, bytes set, cut off, put in, or all of it at random behind a head that is right.
fn damaged(chance: &mut Chance, packet: &[u8]) -> Vec<u8> {
    let mut bytes = packet.to_vec();
    for _ in 0..=chance.below(3) {
        let at = chance.below(bytes.len().max(1));
        match chance.below(7) {
            0..=2 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << chance.below(8)),
            3 => bytes.iter_mut().skip(at).take(4).for_each(|byte| *byte = chance.next() as u8),
            4 => bytes.truncate(at),
            5 => bytes.extend((0..chance.below(40)).map(|_| chance.next() as u8)),
            _ => bytes.iter_mut().skip(4).for_each(|byte| *byte = chance.next() as u8),
        }
    }
    bytes
}

#[test]
fn damaged_packets_neither_panic_nor_break_the_decoder() {
    try_damaged(size(24, 16), tries(), &mut Chance(11));
    // Macroblocks that are partly outside, and the smallest picture.
    try_damaged(size(50, 30), tries() / 20, &mut Chance(12));
    try_damaged(size(8, 8), tries() / 20, &mut Chance(13));
    if is_long() {
        try_damaged(size(320, 192), 20_000, &mut Chance(14));
    }
}

fn try_damaged(size: PictureSize, tries: usize, chance: &mut Chance) {
    let coded = coded(size, 6, 26);
    let mut outcomes = [0usize; 4];
    let mut decoder = PictureDecoder::new(size).unwrap();
    for round in 0..tries {
        if round % 64 == 0 {
            // The right packets are decoded as if nothing had been between them.
            decoder = PictureDecoder::new(size).unwrap();
            for (_, coded) in &coded[..3] {
                assert!(decoder.decode(&coded.packet).unwrap().picture == coded.picture);
            }
        }
        let whole = &coded[chance.below(6)].1.packet;
        let packet = damaged(chance, whole);
        match decoder.decode(&packet) {
            Ok(decoded) => {
                assert_eq!(decoded.picture.size(), size);
                outcomes[0] += 1;
            }
            Err(PacketError::Malformed) => outcomes[1] += 1,
            Err(PacketError::NoReference) => outcomes[2] += 1,
            Err(PacketError::Stale) => outcomes[3] += 1,
        }
    }
    // Each end is reached often: otherwise the damage would not get far.
    assert!(outcomes.iter().all(|count| *count * 1_000 >= tries), "{outcomes:?} at {size:?}");
}

#[test]
fn a_refused_packet_changes_nothing() {
    let coded = coded(size(16, 16), 3, 30);
    let packet = &coded[1].1.packet;
    let (mut refused, mut cuts) = (0, Vec::new());
    cuts.extend((0..packet.len()).map(|length| packet[..length].to_vec()));
    cuts.push([packet.as_slice(), &[0]].concat());
    for cut in &cuts {
        let mut decoder = PictureDecoder::new(size(16, 16)).unwrap();
        decoder.decode(&coded[0].1.packet).unwrap();
        if decoder.decode(cut).is_err() {
            refused += 1;
            for (_, coded) in &coded[1..] {
                assert!(decoder.decode(&coded.packet).unwrap().picture == coded.picture);
            }
        }
    }
    // The last bytes may be missed by nobody: the transport says whether a packet is whole.
    assert!(refused + 4 >= cuts.len(), "{refused} of {} were noticed", cuts.len());
}

#[test]
fn datagrams_of_any_kind_are_put_together_within_bounds() {
    let mut chance = Chance(3);
    let mut assembler = Assembler::default();
    for _ in 0..tries() {
        let mut datagram: Vec<u8> = (0..chance.below(1200)).map(|_| chance.next() as u8).collect();
        // Few numbers, so that parts meet.
        if let Some(number) = datagram.get_mut(1..3) {
            number.copy_from_slice(&[0, number[1] % 8]);
        }
        if let Some(packet) = assembler.take(&datagram) {
            assert!(packet.len() <= 16 * 1024);
        }
    }
}
