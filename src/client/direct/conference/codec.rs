//! The long work of a conference: to code one's own face in each size, and to decode the others'. It is a thread's, so it
//! has nothing but jobs and results.
//!
//! What a job costs is bounded by the size of the pictures: 160x96 at most.
//!
//! Must not know: when a job is due, or who the members are.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::media::codec::decoder::{DecodedPicture, PictureDecoder};
use crate::media::codec::encoder::{CodingRequest, PictureEncoder};
use crate::media::codec::packet::{PacketError, PacketHead};
use crate::media::ladder::STREAM_SIZES;
use crate::media::picture::{Picture, PictureSize};
use crate::protocol::conference::MemberNumber;
use crate::protocol::conference_packet::FaceSize;

/// Something to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum FaceJob {
    /// Code a picture in a size, as the one of this number.
    Encode(FaceSize, u16, Arc<Picture>, CodingRequest),
    /// Decode a packet of a member.
    Decode(MemberNumber, FaceSize, Vec<u8>),
    /// A member is gone.
    Forget(MemberNumber),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum FaceResult {
    /// What the packet says, and the packet; `None` if the picture cannot be coded.
    Encoded(FaceSize, Option<(PacketHead, Vec<u8>)>),
    /// A picture of a member, or why there is none.
    Decoded(MemberNumber, FaceSize, Result<DecodedPicture, PacketError>),
    /// The member is forgotten.
    Forgotten,
}

/// Does the jobs, one after the other.
#[derive(Debug, Default)]
pub struct FaceCodec {
    encoders: BTreeMap<FaceSize, PictureEncoder>,
    decoders: BTreeMap<MemberNumber, (FaceSize, PictureDecoder)>,
}

impl FaceCodec {
    /// Does a job.
    pub fn run(&mut self, job: FaceJob) -> FaceResult {
        match job {
            FaceJob::Encode(size, number, picture, request) => {
                FaceResult::Encoded(size, self.encode(size, number, &picture, request))
            }
            FaceJob::Decode(of, size, packet) => FaceResult::Decoded(of, size, self.decode(of, size, &packet)),
            FaceJob::Forget(of) => {
                self.decoders.remove(&of);
                FaceResult::Forgotten
            }
        }
    }

    fn encode(
        &mut self,
        size: FaceSize,
        number: u16,
        picture: &Picture,
        request: CodingRequest,
    ) -> Option<(PacketHead, Vec<u8>)> {
        if self.encoders.get(&size).is_none_or(|encoder| encoder.next_number() != number) {
            self.encoders.insert(size, PictureEncoder::new(samples(size)?, size.number(), number)?);
        }
        let encoder = self.encoders.get_mut(&size)?;
        let coded = encoder.encode(&picture.five_to_three().scaled(encoder.size()), request)?;
        Some((coded.head, coded.packet))
    }

    fn decode(&mut self, of: MemberNumber, size: FaceSize, packet: &[u8]) -> Result<DecodedPicture, PacketError> {
        let (head, _) = PacketHead::read(packet)?;
        if head.stream != size.number() {
            return Err(PacketError::Malformed);
        }
        if self.decoders.get(&of).is_none_or(|(before, _)| *before != size) {
            let decoder = samples(size).and_then(PictureDecoder::new).ok_or(PacketError::Malformed)?;
            self.decoders.insert(of, (size, decoder));
        }
        let (_, decoder) = self.decoders.get_mut(&of).ok_or(PacketError::Malformed)?;
        decoder.decode(packet)
    }
}

/// The size of the pictures.
fn samples(size: FaceSize) -> Option<PictureSize> {
    let (width, height) = STREAM_SIZES.get(usize::from(size.number()))?;
    PictureSize::new(*width, *height)
}
