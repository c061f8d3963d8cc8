//! Which picture is referred to: nobody waits for a picture that will not come, and a lost packet costs its own picture and those
//! sent before the sender heard of it.

use std::collections::VecDeque;

use tr2::media::codec::decoder::PictureDecoder;
use tr2::media::codec::encoder::{CodingRequest, PictureEncoder};
use tr2::media::codec::packet::{LARGEST_PACKET, PacketHead};
use tr2::media::codec::receipts::{ReceivedCount, ReceivedPictures, ReferenceChooser};
use tr2::media::test_source::test_picture;

use super::size;
use crate::chance::Chance;

fn head(number: u16, reference: Option<u16>) -> PacketHead {
    PacketHead { number, reference, is_leaf: false, stream: 0, quantiser: 30 }
}

/// The report of somebody who decoded some pictures, and got others that could not be decoded.
fn report(decoded: &[u16], others: &[u16]) -> ReceivedPictures {
    let mut count = ReceivedCount::default();
    decoded.iter().for_each(|number| count.came(*number, true));
    others.iter().for_each(|number| count.came(*number, false));
    count.report().unwrap()
}

#[test]
fn a_report_says_which_of_the_last_pictures_were_decoded() {
    assert_eq!(ReceivedCount::default().report(), None);
    let (yes, no) = (Some(true), Some(false));
    let said = |decoded: &[u16], others: &[u16], numbers: &[u16]| -> Vec<Option<bool>> {
        numbers.iter().map(|number| report(decoded, others).has(*number)).collect()
    };
    assert_eq!(said(&[5, 8, 7], &[], &[5, 6, 7, 8, 9]), [yes, no, yes, yes, None]);
    assert_eq!(said(&[5], &[7], &[5, 6, 7, 8]), [yes, no, no, None], "seven came, and was of no use");
    assert_eq!(said(&[5, 7], &[5, 7], &[5, 6, 7]), [yes, no, yes], "what came twice");
    // Beyond the largest number, and after a long gap.
    assert_eq!(said(&[65_534, 1], &[], &[65_534, 65_535, 0, 1]), [yes, no, no, yes]);
    assert_eq!(said(&[10, 50], &[], &[10, 18, 19, 50]), [None, None, no, yes]);
    assert_eq!(said(&[19, 50], &[], &[19, 50]), [yes, yes]);
    assert_eq!(said(&[50, 10], &[], &[10]), [None], "too old to be told");
    let sent = report(&[0x1233, 0x1234], &[]).to_bytes();
    assert_eq!(sent, [0x12, 0x34, 0, 0, 0, 3]);
    assert_eq!(ReceivedPictures::from_bytes(sent), report(&[0x1233, 0x1234], &[]));
}

#[test]
fn the_one_before_as_long_as_nothing_is_lost() {
    let mut chooser = ReferenceChooser::default();
    assert_eq!(chooser.choose(0), None, "a key picture first");
    for number in 0..100u16 {
        assert_eq!(chooser.choose(number), number.checked_sub(1));
        chooser.sent(&head(number, number.checked_sub(1)));
    }
    chooser.begin_anew();
    assert_eq!(chooser.choose(100), None);
}

#[test]
fn after_a_loss_the_newest_that_the_receiver_has() {
    let mut chooser = ReferenceChooser::default();
    for number in 0..10u16 {
        chooser.sent(&head(number, number.checked_sub(1)));
    }
    chooser.received(report(&[0, 1, 2], &[]));
    assert_eq!(chooser.choose(10), Some(9), "nothing says yet that three will not come");
    chooser.received(report(&[0, 1, 2], &[4]));
    assert_eq!(chooser.choose(10), Some(2), "three was lost, and four to nine need it");
    chooser.received(report(&[0, 1, 2, 3, 4], &[]));
    assert_eq!(chooser.choose(10), Some(9), "three came late");
    let mut chooser = ReferenceChooser::default();
    for (number, reference) in [(0, None), (1, Some(0)), (2, Some(1)), (3, Some(1)), (4, Some(3))] {
        chooser.sent(&head(number, reference));
    }
    chooser.received(report(&[0, 1, 3], &[]));
    assert_eq!(chooser.choose(5), Some(4));
    chooser.sent(&head(5, Some(2)));
    assert_eq!(chooser.choose(6), Some(4), "five refers to two, which is lost");
    chooser.received(report(&[0, 1, 2, 3], &[]));
    assert_eq!(chooser.choose(6), Some(5), "two came late");
    assert_eq!(chooser.choose(40), None, "all are out of reach");
}

/// What of a hundred pictures could not be shown, and how many key pictures were made, if a packet in so many is lost and the
/// sender hears of each picture three later.
fn lossy_call(one_in: usize) -> (usize, usize) {
    let small = size(8, 8);
    let mut chance = Chance(9);
    let (mut encoder, mut chooser) = (PictureEncoder::new(small, 0, 0).unwrap(), ReferenceChooser::default());
    let (mut decoder, mut count) = (PictureDecoder::new(small).unwrap(), ReceivedCount::default());
    let (mut reports, mut frozen, mut keys) = (VecDeque::new(), 0, 0);
    for number in 0..100u16 {
        let reference = chooser.choose(number);
        let request = CodingRequest { reference, is_leaf: false, quantiser: 40, most_bytes: LARGEST_PACKET };
        let coded = encoder.encode(&test_picture(small, number.into()), request).unwrap();
        chooser.sent(&coded.head);
        keys += usize::from(coded.head.reference.is_none());
        match (chance.below(one_in) != 0 || number == 0).then(|| decoder.decode(&coded.packet)) {
            Some(Ok(decoded)) => {
                assert!(decoded.picture == coded.picture);
                count.came(number, true);
            }
            Some(Err(_)) => {
                count.came(number, false);
                frozen += 1;
            }
            None => frozen += 1,
        }
        reports.extend(count.report());
        if reports.len() > 3 {
            chooser.received(reports.pop_front().unwrap());
        }
    }
    (frozen, keys)
}

#[test]
fn lost_packets_freeze_few_pictures_and_cost_no_key_picture() {
    assert_eq!(lossy_call(1_000_000), (0, 1));
    let (frozen, keys) = lossy_call(20);
    assert!((1..=25).contains(&frozen) && keys == 1, "5 %: {frozen} frozen, {keys} key pictures");
    let (frozen, keys) = lossy_call(5);
    assert!((20..=60).contains(&frozen) && keys <= 2, "20 %: {frozen} frozen, {keys} key pictures");
}
