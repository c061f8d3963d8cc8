//! The long work of a call: to code one's own pictures, and to decode the other one's. It is a thread's, so it has nothing
//! but jobs and results.
//!
//! What a job costs is bounded by the size of the picture: 320x192 at most.
//!
//! Must not know: when a job is due, or the channel.

use std::sync::Arc;

use crate::media::codec::decoder::{DecodedPicture, PictureDecoder};
use crate::media::codec::encoder::{CodingRequest, PictureEncoder};
use crate::media::codec::packet::{PacketError, PacketHead, is_after};
use crate::media::ladder::STREAM_SIZES;
use crate::media::picture::{Picture, PictureSize};

/// Something to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum CodecJob {
    /// Code a picture.
    Encode(EncodeJob),
    /// Decode a packet.
    Decode(Vec<u8>),
}

/// A picture to be coded.
#[derive(Clone, Debug, PartialEq)]
pub struct EncodeJob {
    /// The camera's picture, of any size.
    pub picture: Arc<Picture>,
    /// Which of the [`STREAM_SIZES`] it is to have.
    pub stream: u8,
    /// Its number.
    pub number: u16,
    /// How it is to be coded.
    pub request: CodingRequest,
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq)]
pub enum CodecResult {
    /// A coded picture: what its packet says, and the packet. `None` if there is no such stream.
    Encoded(Option<(PacketHead, Vec<u8>)>),
    /// A decoded picture, or why there is none.
    Decoded(Result<DecodedPicture, PacketError>),
}

/// Does the jobs, one after the other.
#[derive(Debug, Default)]
pub struct PictureCodec {
    encoder: Option<(u8, PictureEncoder)>,
    decoder: Option<StreamDecoder>,
}

/// The decoder of the stream that the other side sends now.
#[derive(Debug)]
struct StreamDecoder {
    stream: u8,
    newest: u16,
    decoder: PictureDecoder,
}

impl PictureCodec {
    /// Does a job.
    pub fn run(&mut self, job: CodecJob) -> CodecResult {
        match job {
            CodecJob::Encode(job) => CodecResult::Encoded(self.encode(&job)),
            CodecJob::Decode(packet) => CodecResult::Decoded(self.decode(&packet)),
        }
    }

    fn encode(&mut self, job: &EncodeJob) -> Option<(PacketHead, Vec<u8>)> {
        let EncodeJob { picture, stream, number, request } = job;
        let goes_on = |(of, encoder): &(u8, PictureEncoder)| of == stream && encoder.next_number() == *number;
        if !self.encoder.as_ref().is_some_and(goes_on) {
            self.encoder = Some((*stream, PictureEncoder::new(stream_size(*stream)?, *stream, *number)?));
        }
        let (_, encoder) = self.encoder.as_mut()?;
        let coded = encoder.encode(&picture.five_to_three().scaled(encoder.size()), *request)?;
        Some((coded.head, coded.packet))
    }

    /// A key picture of another stream, newer than all before, begins it; everything else of another is refused. So there
    /// is one decoder, whatever the other side sends.
    fn decode(&mut self, packet: &[u8]) -> Result<DecodedPicture, PacketError> {
        let (head, _) = PacketHead::read(packet)?;
        if let Some(current) = self.decoder.as_mut().filter(|current| current.stream == head.stream) {
            let decoded = current.decoder.decode(packet)?;
            if is_after(head.number, current.newest) {
                current.newest = head.number;
            }
            return Ok(decoded);
        }
        if head.reference.is_some() {
            return Err(PacketError::NoReference);
        }
        if self.decoder.as_ref().is_some_and(|current| !is_after(head.number, current.newest)) {
            return Err(PacketError::Stale);
        }
        let size = stream_size(head.stream).ok_or(PacketError::Malformed)?;
        let mut decoder = PictureDecoder::new(size).ok_or(PacketError::Malformed)?;
        let decoded = decoder.decode(packet)?;
        self.decoder = Some(StreamDecoder { stream: head.stream, newest: head.number, decoder });
        Ok(decoded)
    }
}

/// The size of a stream's pictures.
fn stream_size(stream: u8) -> Option<PictureSize> {
    let (width, height) = STREAM_SIZES.get(usize::from(stream))?;
    PictureSize::new(*width, *height)
}
