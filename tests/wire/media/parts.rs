//! Packets in parts: in any order, twice, never, and never more than fit.

use tr2::media::codec::packet::LARGEST_PACKET;
use tr2::media::parts::{Assembler, MOST_PARTS, cut};

use crate::chance::Chance;

const LIMIT: usize = 1_150;

fn packet(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 % 256) as u8).collect()
}

#[test]
fn what_fits_goes_in_one_with_one_byte_more() {
    for length in [0, 1, LIMIT - 1] {
        let parts = cut(&packet(length), 9, LIMIT);
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [length + 1]);
        assert_eq!(Assembler::default().take(&parts[0]), Some(packet(length)));
    }
}

#[test]
fn a_large_packet_comes_together_from_parts_in_any_order() {
    let mut chance = Chance(1);
    for (number, length) in [LIMIT, LIMIT + 1, 2 * LIMIT, 5_000, 16 * 1024].into_iter().enumerate() {
        let packet = packet(length);
        let mut parts = cut(&packet, number as u16, LIMIT);
        assert!(parts.len() > 1 && parts.iter().all(|part| part.len() <= LIMIT), "{length}");
        for at in (1..parts.len()).rev() {
            parts.swap(at, chance.below(at + 1));
        }
        let mut assembler = Assembler::default();
        let (last, others) = parts.split_last().unwrap();
        for part in others.iter().chain(others) {
            assert_eq!(assembler.take(part), None, "also if each comes twice");
        }
        assert_eq!(assembler.take(last), Some(packet));
        assert_eq!(assembler.take(last), None, "once");
    }
}

#[test]
fn what_does_not_fit_is_not_cut() {
    assert!(cut(&packet(16 * 1024 + 1), 0, 60_000).is_empty());
    assert!(cut(&packet(5_000), 0, 300).is_empty(), "more than {MOST_PARTS}");
    assert!(cut(&packet(50), 0, 3).is_empty() && cut(&packet(50), 0, 0).is_empty());
    for limit in 4..80 {
        for length in 0..200 {
            let parts = cut(&packet(length), 1, limit);
            let mut assembler = Assembler::default();
            let whole = parts.iter().filter_map(|part| assembler.take(part)).next();
            assert!(parts.is_empty() || whole == Some(packet(length)), "{length} in {limit}");
            assert!(!parts.is_empty() || length > 16 * (limit - 3) - 16, "{length} in {limit}");
        }
    }
}

#[test]
fn a_lost_part_costs_its_packet_alone() {
    let mut assembler = Assembler::default();
    let mut whole = 0;
    for number in 65_500..65_600u32 {
        let number = number as u16;
        for (which, part) in cut(&packet(3_000), number, LIMIT).iter().enumerate() {
            if which != 1 || !number.is_multiple_of(3) {
                whole += usize::from(assembler.take(part).is_some());
            }
        }
    }
    let lost = (65_500..65_600u32).filter(|number| number % 65_536 % 3 == 0).count();
    assert_eq!(whole, 100 - lost);
}

#[test]
fn nothing_is_kept_for_ever() {
    let mut assembler = Assembler::default();
    let parts = |number| cut(&packet(2_000), number, LIMIT);
    // The first parts of many: only the newest four are waited for.
    for number in 0..10 {
        assert_eq!(assembler.take(&parts(number)[0]), None);
    }
    assert_eq!(assembler.take(&parts(5)[1]), None, "five was given up");
    assert_eq!(assembler.take(&parts(7)[1]), Some(packet(2_000)));
    assert_eq!(assembler.take(&parts(6)[1]), None, "six is older than seven, which is shown");
    assert_eq!(assembler.take(&parts(9)[1]), Some(packet(2_000)));
}

#[test]
fn what_is_too_large_is_not_kept() {
    let mut assembler = Assembler::default();
    for (length, fits) in [(LARGEST_PACKET / 16, true), (LARGEST_PACKET / 16 + 1, false)] {
        let number = length as u16;
        let part = |which: u8| [&[which << 4 | 15][..], &number.to_be_bytes(), &vec![1; length]].concat();
        let whole = (0..16).filter_map(|which| assembler.take(&part(which))).count();
        assert_eq!(whole, usize::from(fits), "{length}");
    }
}

#[test]
fn parts_that_contradict_each_other_are_ignored() {
    let mut assembler = Assembler::default();
    for datagram in [&[][..], &[0x10], &[0x21, 0, 1], &[0x01], &[0x01, 0], &[0x01, 0, 1], &[0xF0, 0, 1, 2]] {
        assert_eq!(assembler.take(datagram), None, "{datagram:?}");
    }
    assert_eq!(assembler.take(&[0x01, 0, 1, 65]), None);
    assert_eq!(assembler.take(&[0x12, 0, 1, 66]), None, "of three parts, which was of two");
    assert_eq!(assembler.take(&[0x01, 0, 1, 67]), None, "the first part again, with other bytes");
    assert_eq!(assembler.take(&[0x11, 0, 1, 66]), Some(vec![65, 66]));
    let large = vec![vec![7; 9_000]; 2];
    for (which, part) in large.iter().enumerate() {
        let datagram = [&[(which as u8) << 4 | 1, 0, 9], part.as_slice()].concat();
        assert_eq!(assembler.take(&datagram), None, "together larger than any packet");
    }
}
