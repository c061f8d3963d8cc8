//! The codec: encoder and decoder have the same picture, and it is like the source; the format does not change unnoticed;
//! references and layers.

use tr2::media::codec::decoder::PictureDecoder;
use tr2::media::codec::encoder::{CodingRequest, PictureEncoder};
use tr2::media::codec::packet::{LARGEST_PACKET, PacketError, PacketHead};
use tr2::media::picture::Picture;
use tr2::media::plane::Plane;
use tr2::media::test_source::test_picture;

use super::{after, coded, size};
use crate::chance::Chance;
use crate::likeness::{NOTHING, checksum, psnr};

/// Sizes with whole macroblocks, with halves of them, with no whole block at the edges, the smallest, and a narrow one.
const SIZES: [(usize, usize); 5] = [(32, 16), (40, 24), (50, 30), (8, 8), (8, 40)];

#[test]
fn the_decoder_has_the_encoder_s_picture_to_the_bit() {
    for (width, height) in SIZES {
        for quantiser in [0, 24, 40, 63] {
            let mut decoder = PictureDecoder::new(size(width, height)).unwrap();
            for (number, (_, coded)) in coded(size(width, height), 3, quantiser).into_iter().enumerate() {
                let decoded = decoder.decode(&coded.packet).unwrap();
                assert_eq!(decoded.head, coded.head);
                assert!(decoded.picture == coded.picture, "{width}x{height}, quantiser {quantiser}, picture {number}");
            }
        }
    }
}

#[test]
fn a_finer_quantiser_keeps_more_and_costs_more() {
    let mut last = (usize::MAX, f64::INFINITY);
    for (quantiser, least) in [(8, 45.0), (24, 38.0), (34, 32.0), (46, 24.0)] {
        let coded = coded(size(40, 24), 6, quantiser);
        let bytes: usize = coded.iter().map(|(_, coded)| coded.packet.len()).sum();
        let likeness = coded.iter().map(|(source, coded)| psnr(&source.planes()[0], &coded.picture.planes()[0]));
        let likeness = likeness.sum::<f64>() / 6.0;
        assert!(likeness > least && likeness < last.1 && bytes < last.0, "{quantiser}: {bytes} B, {likeness} dB");
        for plane in 1..3 {
            let (source, coded) = coded.last().unwrap();
            assert!(psnr(&source.planes()[plane], &coded.picture.planes()[plane]) > least - 2.0, "colours keep up");
        }
        last = (bytes, likeness);
    }
}

#[test]
fn a_picture_that_goes_on_costs_much_less_than_a_key_picture() {
    let coded = coded(size(80, 48), 3, 34);
    let lengths: Vec<usize> = coded.iter().map(|(_, coded)| coded.packet.len()).collect();
    assert!(lengths[0] < 500 && lengths[1] * 3 < lengths[0] * 2 && lengths[2] * 2 < lengths[0], "{lengths:?}");
    let mut encoder = PictureEncoder::new(size(80, 48), 0, 0).unwrap();
    let still = test_picture(size(80, 48), 0);
    encoder.encode(&still, after(&encoder, 34)).unwrap();
    let again = encoder.encode(&still, after(&encoder, 34)).unwrap();
    assert!(again.packet.len() < 40, "what does not move costs {} B", again.packet.len());
}

/// A key picture of 24x16, one that refers to it, and one that refers to that, as an encoder wrote them once.
const PACKETS: [&str; 3] = [
    "0000001acf7f3386fd8999b066b4c002db0044cc7a60654b395955a92c7420a34361fa94e90b714c9840d78c9be4b3ac93c7579c\
     b9d6e32c0020b3127b620b129c787ba3d579a693d81b833ea5b463a83bca65ee39934725cee7a385cdcd1fea932c18ed7b231d99\
     e40f9408ceeb6f69a6eb064d5c3ceb6b2703e983c683ab6c9ed96013d4bbb9a3b83cb6d3df16ae41f8116a6836a122",
    "0001011a1762a91940ebb2c97937d7dc7f246db1298b6244563ef6b24cbb0acac1afb8ec337dff7a15d2491386eaf4b5c0388213\
     c5e1",
    "0002011aefd6584316b37d954e70ddfc54a463f0ea56bc282e3923ca05fc64cef1ddccff8a3b5268b1a1360648aab9150cf327b5\
     60c80a41",
];

fn sum_of(picture: &Picture) -> String {
    let sum = picture.planes().iter().fold(NOTHING, |sum, plane| checksum(sum, plane.samples()));
    format!("{sum:016x}")
}

#[test]
fn the_format_does_not_change_unnoticed() {
    let mut decoder = PictureDecoder::new(size(24, 16)).unwrap();
    let sums = PACKETS.map(|digits| {
        let bytes = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap());
        decoder.decode(&bytes.collect::<Vec<u8>>()).map(|decoded| sum_of(&decoded.picture))
    });
    // Whoever changes one of these changes the format: peers of another version see nothing any more, so that the version in
    // the head of packets has to change as well.
    assert_eq!(sums.map(Result::unwrap), ["822b38f4dca7b959", "843150c361721081", "631194967fc6e894"]);
}

#[test]
fn the_encoder_does_not_change_unnoticed() {
    let sums = [(32, 16), (50, 30)].map(|(width, height)| {
        let coded = coded(size(width, height), 4, 30);
        let sum = coded.iter().fold(NOTHING, |sum, (_, coded)| checksum(sum, &coded.packet));
        format!("{sum:016x} {}", sum_of(&coded[3].1.picture))
    });
    // It may choose better, and these change: then `cargo bench --bench media` shows by how much.
    assert_eq!(sums, ["d9ae8d311b7184c9 a276409cfb4ea28d", "6f2c9d7121ca96d5 3134849680b2259b"]);
}

#[test]
fn a_packet_is_no_longer_than_it_may_be() {
    let small = size(40, 24);
    let mut chance = Chance(5);
    let samples = (0..40 * 24).map(|_| chance.next() as u8).collect();
    let noise = Picture::grey(small, Plane::from_samples(40, 24, samples).unwrap()).unwrap();
    for (most_bytes, at_most) in [(usize::MAX, 2_000), (700, 700), (300, 300), (0, 100)] {
        let mut encoder = PictureEncoder::new(small, 0, 0).unwrap();
        let request = CodingRequest { reference: None, is_leaf: false, quantiser: 8, most_bytes };
        let coded = encoder.encode(&noise, request).unwrap();
        assert!(coded.packet.len() <= at_most, "{} B", coded.packet.len());
        assert_eq!(coded.head.quantiser == 8, most_bytes > 700, "{most_bytes}");
        assert!(PictureDecoder::new(small).unwrap().decode(&coded.packet).unwrap().picture == coded.picture);
    }
}

#[test]
fn only_pictures_of_the_size_agreed_on_are_coded() {
    assert!(PictureEncoder::new(size(322, 192), 0, 0).is_none() && PictureDecoder::new(size(320, 194)).is_none());
    let mut encoder = PictureEncoder::new(size(40, 24), 0, 0).unwrap();
    assert!(encoder.encode(&test_picture(size(40, 26), 0), after(&encoder, 30)).is_none());
    assert_eq!(encoder.next_number(), 0);
}

#[test]
fn a_picture_may_refer_to_any_of_the_last_fifteen() {
    let small = size(16, 16);
    let mut encoder = PictureEncoder::new(small, 0, 0).unwrap();
    let mut decoder = PictureDecoder::new(small).unwrap();
    for number in 0..40u16 {
        let reference = number.checked_sub(1 + number % 15);
        let request = CodingRequest { reference, is_leaf: false, quantiser: 30, most_bytes: LARGEST_PACKET };
        let coded = encoder.encode(&test_picture(small, number.into()), request).unwrap();
        assert_eq!(coded.head.reference, reference, "{number}");
        assert!(decoder.decode(&coded.packet).unwrap().picture == coded.picture, "{number}");
    }
    // Farther back nothing is kept: a key picture.
    let request = CodingRequest { reference: Some(40 - 16), is_leaf: false, quantiser: 30, most_bytes: LARGEST_PACKET };
    assert_eq!(encoder.encode(&test_picture(small, 40), request).unwrap().head.reference, None);
}

#[test]
fn numbers_count_on_beyond_the_largest() {
    let small = size(16, 16);
    let mut encoder = PictureEncoder::new(small, 3, 65_530).unwrap();
    let mut decoder = PictureDecoder::new(small).unwrap();
    for number in 0..20 {
        let coded = encoder.encode(&test_picture(small, number), after(&encoder, 40)).unwrap();
        let decoded = decoder.decode(&coded.packet).unwrap();
        assert_eq!(u32::from(decoded.head.number), (65_530 + number) % 65_536);
        assert_eq!((decoded.head.stream, decoded.head.reference.is_some()), (3, number > 0));
        assert!(decoded.picture == coded.picture);
    }
}

#[test]
fn nobody_misses_a_leaf() {
    let small = size(40, 24);
    let mut encoder = PictureEncoder::new(small, 0, 0).unwrap();
    let mut whole = PictureDecoder::new(small).unwrap();
    let mut half = PictureDecoder::new(small).unwrap();
    for number in 0..8u16 {
        let is_leaf = number % 2 == 1;
        let reference = number.checked_sub(if is_leaf { 1 } else { 2 });
        let request = CodingRequest { reference, is_leaf, quantiser: 34, most_bytes: LARGEST_PACKET };
        let coded = encoder.encode(&test_picture(small, number.into()), request).unwrap();
        assert_eq!(PacketHead::read(&coded.packet).unwrap().0.is_leaf, is_leaf);
        assert!(whole.decode(&coded.packet).unwrap().picture == coded.picture);
        if !is_leaf {
            assert!(half.decode(&coded.packet).unwrap().picture == coded.picture, "without the leaves");
        }
    }
    // A leaf is not kept: whoever asks for it gets a key picture.
    let request = CodingRequest { reference: Some(7), is_leaf: false, quantiser: 34, most_bytes: LARGEST_PACKET };
    assert_eq!(encoder.encode(&test_picture(small, 8), request).unwrap().head.reference, None);
}

#[test]
fn what_is_missing_old_or_double_is_said_and_the_decoder_goes_on() {
    let small = size(16, 16);
    let packets: Vec<Vec<u8>> = coded(small, 20, 30).into_iter().map(|(_, coded)| coded.packet).collect();
    let mut decoder = PictureDecoder::new(small).unwrap();
    assert_eq!(decoder.decode(&packets[1]), Err(PacketError::NoReference));
    for packet in &packets {
        decoder.decode(packet).unwrap();
        assert_eq!(decoder.decode(packet), Err(PacketError::Stale));
    }
    assert_eq!(decoder.decode(&packets[0]), Err(PacketError::Stale));
    // One that was late is taken as long as it may be of use.
    let mut decoder = PictureDecoder::new(small).unwrap();
    let mut encoder = PictureEncoder::new(small, 0, 0).unwrap();
    let mut send = |number: u16, reference: Option<u16>| {
        let request = CodingRequest { reference, is_leaf: false, quantiser: 30, most_bytes: LARGEST_PACKET };
        encoder.encode(&test_picture(small, number.into()), request).unwrap().packet
    };
    let sent = [send(0, None), send(1, Some(0)), send(2, Some(0)), send(3, Some(1))];
    for number in [0, 2, 1, 3] {
        assert_eq!(decoder.decode(&sent[number]).map(|decoded| usize::from(decoded.head.number)), Ok(number));
    }
}
