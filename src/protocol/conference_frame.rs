//! The frames on the channel between two members of a conference: bytes to values and back. They go on its first stream, but
//! for [`ConferenceFrame::Refresh`] and [`ConferenceFrame::Missed`], which are datagrams.
//!
//! A frame is a kind of one byte, the length of what follows in one byte, and a body. Numbers are big-endian. A kind that
//! this program does not know is passed over, so that later programs may have more.
//!
//! Must not know: what a frame leads to.

use std::fmt;

use super::conference_packet::FaceSize;

mod kind {
    pub(super) const KEY: u8 = 1;
    pub(super) const CAMERA: u8 = 2;
    pub(super) const REFRESH: u8 = 3;
    pub(super) const MISSED: u8 = 4;
}

/// A secret of 16 bytes, which is not for logs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SharedSecret(pub [u8; 16]);

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret")
    }
}

/// A frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConferenceFrame {
    /// The sender's pictures are sealed with this key from now on.
    Key {
        /// Its ID, greater than those before.
        id: u64,
        /// The base key.
        secret: SharedSecret,
    },
    /// Whether the sender's camera is on; at first it is off.
    Camera(bool),
    /// A picture of this size is wanted that the asker can decode.
    Refresh {
        /// The size.
        size: FaceSize,
        /// The newest picture that the asker has and later ones may refer to; `None` if it has none.
        has: Option<u16>,
    },
    /// Of the last packets of voice, so many of a hundred were lost on their way from the speaker; from 1 to 100.
    Missed(u8),
}

/// The bytes are no frame: nothing that follows can be read. Its `Display` is the end of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame of kind {0} with another body")]
pub struct NoConferenceFrame(u8);

impl ConferenceFrame {
    /// Appends the frame to `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Key { id, secret } => {
                out.extend([kind::KEY, 24]);
                out.extend(id.to_be_bytes());
                out.extend(secret.0);
            }
            Self::Camera(on) => out.extend([kind::CAMERA, 1, u8::from(*on)]),
            Self::Refresh { size, has: None } => out.extend([kind::REFRESH, 1, size.number()]),
            Self::Refresh { size, has: Some(has) } => {
                out.extend([kind::REFRESH, 3, size.number()]);
                out.extend(has.to_be_bytes());
            }
            Self::Missed(of_hundred) => out.extend([kind::MISSED, 1, *of_hundred]),
        }
    }

    /// Reads a body; `None` if the kind is not known.
    fn read(kind: u8, body: &[u8]) -> Result<Option<Self>, NoConferenceFrame> {
        let frame = match (kind, body) {
            (kind::KEY, body) => key(body),
            (kind::CAMERA, [on @ 0..=1]) => Some(Self::Camera(*on == 1)),
            (kind::REFRESH, [size]) => FaceSize::of(*size).map(|size| Self::Refresh { size, has: None }),
            (kind::REFRESH, [size, high, low]) => {
                let has = Some(u16::from_be_bytes([*high, *low]));
                FaceSize::of(*size).map(|size| Self::Refresh { size, has })
            }
            (kind::MISSED, [of_hundred @ 1..=100]) => Some(Self::Missed(*of_hundred)),
            (kind::CAMERA | kind::REFRESH | kind::MISSED, _) => None,
            _ => return Ok(None),
        };
        frame.map(Some).ok_or(NoConferenceFrame(kind))
    }
}

fn key(body: &[u8]) -> Option<ConferenceFrame> {
    let (id, secret) = body.split_first_chunk()?;
    let secret = SharedSecret(secret.try_into().ok()?);
    Some(ConferenceFrame::Key { id: u64::from_be_bytes(*id), secret })
}

/// Finds frames in a stream of bytes. It holds at most what it was fed and one frame.
#[derive(Debug, Default)]
pub struct ConferenceFrames {
    bytes: Vec<u8>,
}

impl ConferenceFrames {
    /// Takes bytes that have arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame; `None` if it has not arrived whole.
    ///
    /// # Errors
    /// If the bytes are no frames.
    pub fn frame(&mut self) -> Result<Option<ConferenceFrame>, NoConferenceFrame> {
        while let Some((&[kind, length], rest)) = self.bytes.split_first_chunk() {
            let length = usize::from(length);
            let Some(body) = rest.get(..length) else { return Ok(None) };
            let frame = ConferenceFrame::read(kind, body)?;
            self.bytes.drain(..2 + length);
            if frame.is_some() {
                return Ok(frame);
            }
        }
        Ok(None)
    }
}
