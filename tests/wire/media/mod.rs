//! Pictures of calls.
//!
//! | what is tested                                                            | where       |
//! | ------------------------------------------------------------------------- | ----------- |
//! | sizes, scaling, cropping; the test pattern                                | `pictures`  |
//! | the reader of YUV4MPEG2                                                   | `y4m`       |
//! | the codec: what it keeps of a picture, its format, references, layers     | `codec`     |
//! | the codec under damaged packets                                           | `damage`    |
//! | which picture is referred to, what is lost with a packet                  | `receipts`  |
//! | the ladder and the rate                                                   | `ladder`    |
//! | packets in parts                                                          | `parts`     |
//! | cells                                                                     | `cells`     |
//! | voice: its codec, damaged packets, sound files, several speakers          | `voice`     |

mod cells;
mod codec;
mod damage;
mod ladder;
mod parts;
mod pictures;
mod receipts;
mod voice;
mod y4m;

use tr2::media::codec::encoder::{CodedPicture, CodingRequest, PictureEncoder};
use tr2::media::codec::packet::LARGEST_PACKET;
use tr2::media::picture::{Picture, PictureSize};
use tr2::media::test_source::test_picture;

fn size(width: usize, height: usize) -> PictureSize {
    PictureSize::new(width, height).unwrap()
}

/// Asks for a picture that refers to the one before it.
fn after(encoder: &PictureEncoder, quantiser: u8) -> CodingRequest {
    CodingRequest {
        reference: Some(encoder.next_number().wrapping_sub(1)),
        is_leaf: false,
        quantiser,
        most_bytes: LARGEST_PACKET,
    }
}

/// The first pictures of the test pattern, each referring to the one before.
fn coded(size: PictureSize, count: u32, quantiser: u8) -> Vec<(Picture, CodedPicture)> {
    let mut encoder = PictureEncoder::new(size, 0, 0).unwrap();
    let source = (0..count).map(|number| test_picture(size, number));
    source.map(|picture| (picture.clone(), encoder.encode(&picture, after(&encoder, quantiser)).unwrap())).collect()
}
