//! A codec of pictures that only counts: its packets have heads and lengths, and a picture can be decoded if the one that it
//! refers to was.

use std::collections::VecDeque;
use std::time::Duration;

use tr2::client::direct::pictures::codec::{CodecJob, CodecResult, EncodeJob};
use tr2::media::codec::decoder::DecodedPicture;
use tr2::media::codec::packet::{FARTHEST_REFERENCE, PacketError, PacketHead};
use tr2::media::picture::{Picture, PictureSize};

/// A camera of 15 pictures a second.
pub const CAMERA: Duration = Duration::from_micros(66_667);

pub fn tiny() -> Picture {
    Picture::filled(PictureSize::new(8, 8).unwrap(), 0)
}

/// A codec that only counts.
#[derive(Default)]
pub struct Counting {
    decoded: VecDeque<u16>,
}

impl Counting {
    pub fn run(&mut self, job: CodecJob) -> CodecResult {
        match job {
            CodecJob::Encode(EncodeJob { stream, number, request, .. }) => {
                let back = request.reference.map_or(0, |reference| number.wrapping_sub(reference));
                let fine = f64::from(34 - i32::from(request.quantiser)) / 5.8;
                let whole = [55.0, 125.0, 330.0, 800.0][usize::from(stream)] * fine.exp2();
                let length = if back == 0 { 3.5 * whole } else { whole };
                let mut packet = [&number.to_be_bytes()[..], &[back as u8, stream << 6 | request.quantiser]].concat();
                packet.resize((length as usize).clamp(30, request.most_bytes), 7);
                let (head, _) = PacketHead::read(&packet).unwrap();
                CodecResult::Encoded(Some((head, packet)))
            }
            CodecJob::Decode(packet) => {
                let (head, _) = PacketHead::read(&packet).unwrap();
                let is_there = head.reference.is_none_or(|reference| self.decoded.contains(&reference));
                self.decoded.truncate(usize::from(FARTHEST_REFERENCE) - 1);
                CodecResult::Decoded(if is_there {
                    self.decoded.push_front(head.number);
                    Ok(DecodedPicture { head, picture: tiny() })
                } else {
                    Err(PacketError::NoReference)
                })
            }
        }
    }
}
