//! The frames on the first stream of a channel between two clients: bytes to values and back.
//!
//! A frame is a length of two bytes, that of what follows; a kind of one byte; and a body. Numbers are big-endian. A kind
//! that this program does not know is passed over, so that later programs may have more.
//!
//! Must not know: what a frame leads to.

use std::net::SocketAddr;

use super::ip_address;
use crate::model::Text;

/// The version of these frames.
pub const VERSION: u8 = 1;
/// The most bytes of a frame, its length not counted.
pub const MAX_PEER_FRAME: usize = 16 * 1024;
/// The most bytes of a text that is said directly.
pub const MAX_DIRECT_TEXT: usize = super::limits::MAX_DATA;
/// The largest file, in bytes.
pub const MAX_FILE: u64 = 4 * 1024 * 1024 * 1024;
/// The most addresses that one side tells the other at once.
pub const MAX_ADDRESSES: usize = 8;
/// The most bytes of a file's name as it is offered.
pub const MAX_OFFERED_NAME: usize = 1024;

/// Defines the kinds of frames, each with its byte.
mod kind {
    pub(super) const HELLO: u8 = 1;
    pub(super) const ANSWER: u8 = 2;
    pub(super) const REVEAL: u8 = 3;
    pub(super) const TEXT: u8 = 4;
    pub(super) const OFFER: u8 = 5;
    pub(super) const ACCEPT: u8 = 6;
    pub(super) const DECLINE: u8 = 7;
    pub(super) const WITHDRAW: u8 = 8;
    pub(super) const CHECKED: u8 = 9;
    pub(super) const BYPASS: u8 = 20;
    pub(super) const ADDRESSES: u8 = 21;
    pub(super) const CAMERA: u8 = 16;
    pub(super) const WANTED: u8 = 17;
    pub(super) const HEARS: u8 = 18;
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerFrame {
    /// The caller's first: its version, and what it commits to (see `client::direct::verification`).
    Hello {
        /// The version.
        version: u8,
        /// The commitment to the nonce that [`Self::Reveal`] has.
        commitment: [u8; 32],
    },
    /// The callee's first.
    Answer {
        /// The version.
        version: u8,
        /// The callee's nonce.
        nonce: [u8; 16],
    },
    /// The caller's second: the nonce that it had committed to.
    Reveal {
        /// The caller's nonce.
        nonce: [u8; 16],
    },
    /// Something is said.
    Text(Text),
    /// A file is offered.
    Offer(FileOffer),
    /// The file of the other side's offer is wanted, from this byte on.
    Accept {
        /// The number of the offer.
        number: u32,
        /// How many bytes of it are there already.
        from: u64,
    },
    /// The file of the other side's offer is not wanted, or no longer.
    Decline {
        /// The number of the offer.
        number: u32,
    },
    /// One's own offer no longer stands.
    Withdraw {
        /// The number of the offer.
        number: u32,
    },
    /// All of the other side's file has arrived and was checked.
    Checked {
        /// The number of the offer.
        number: u32,
        /// Whether its digest is the offered one.
        right: bool,
    },
    /// Something about pictures, which themselves go in datagrams.
    Pictures(PictureNote),
    /// Something about voice, which itself goes in datagrams.
    Voice(VoiceNote),
    /// Whether this side wants packets to bypass the server. At first it does not.
    Bypass(bool),
    /// Where this side can perhaps be reached straight: only once both sides have said [`Self::Bypass`], and at most
    /// [`MAX_ADDRESSES`].
    Addresses(Vec<SocketAddr>),
}

/// What one side lets the other know about pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureNote {
    /// Whether its camera is on. At first it is off.
    Camera(bool),
    /// The width up to which the other one's pictures are of use to it, in samples; zero: it shows none, as at first.
    Wanted(u16),
}

/// What one side lets the other know about voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoiceNote {
    /// Whether it has a loudspeaker. At first it has none, and is sent nothing.
    Hears(bool),
}

/// A file that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOffer {
    /// Its number among the offers of its side.
    pub number: u32,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 digest.
    pub digest: [u8; 32],
    /// Its name, as the other side has it.
    pub name: String,
}

/// Bytes that are no frames. Its `Display` is the end of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeerFrameError {
    /// The length is that of no frame.
    #[error("a frame of {0} bytes")]
    Length(usize),
    /// The body is not what its kind has.
    #[error("a frame of kind {0} with another body")]
    Body(u8),
}

impl PeerFrame {
    /// Appends the frame to `out`. Whoever makes a frame keeps to the limits above: the other side ends the channel at one
    /// that does not.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut body = Vec::new();
        let kind = match self {
            Self::Hello { version, commitment } => {
                body.push(*version);
                body.extend(commitment);
                kind::HELLO
            }
            Self::Answer { version, nonce } => {
                body.push(*version);
                body.extend(nonce);
                kind::ANSWER
            }
            Self::Reveal { nonce } => {
                body.extend(nonce);
                kind::REVEAL
            }
            Self::Text(text) => {
                body.extend(text.as_str().bytes());
                kind::TEXT
            }
            Self::Offer(FileOffer { number, size, digest, name }) => {
                body.extend(number.to_be_bytes());
                body.extend(size.to_be_bytes());
                body.extend(digest);
                body.extend(name.bytes());
                kind::OFFER
            }
            Self::Accept { number, from } => {
                body.extend(number.to_be_bytes());
                body.extend(from.to_be_bytes());
                kind::ACCEPT
            }
            Self::Decline { number } => {
                body.extend(number.to_be_bytes());
                kind::DECLINE
            }
            Self::Withdraw { number } => {
                body.extend(number.to_be_bytes());
                kind::WITHDRAW
            }
            Self::Bypass(wanted) => {
                body.push(u8::from(*wanted));
                kind::BYPASS
            }
            Self::Addresses(addresses) => {
                body.extend(addresses.iter().flat_map(ip_address::write));
                kind::ADDRESSES
            }
            Self::Checked { number, right } => {
                body.extend(number.to_be_bytes());
                body.push(u8::from(*right));
                kind::CHECKED
            }
            Self::Pictures(PictureNote::Camera(on)) => {
                body.push(u8::from(*on));
                kind::CAMERA
            }
            Self::Pictures(PictureNote::Wanted(width)) => {
                body.extend(width.to_be_bytes());
                kind::WANTED
            }
            Self::Voice(VoiceNote::Hears(hears)) => {
                body.push(u8::from(*hears));
                kind::HEARS
            }
        };
        // Frames within the limits are far below what a length of two bytes can say.
        out.extend(u16::try_from(body.len() + 1).unwrap_or(u16::MAX).to_be_bytes());
        out.push(kind);
        out.append(&mut body);
    }

    /// Reads a frame without its length; `None` if its kind is not known.
    fn read(bytes: &[u8]) -> Result<Option<Self>, PeerFrameError> {
        let (&kind, rest) = bytes.split_first().ok_or(PeerFrameError::Length(0))?;
        let mut body = Body(rest);
        let frame = match kind {
            kind::HELLO => {
                body.byte().zip(body.array()).map(|(version, commitment)| Self::Hello { version, commitment })
            }
            kind::ANSWER => body.byte().zip(body.array()).map(|(version, nonce)| Self::Answer { version, nonce }),
            kind::REVEAL => body.array().map(|nonce| Self::Reveal { nonce }),
            kind::TEXT => body.text(MAX_DIRECT_TEXT).map(|text| Self::Text(Text::block(text))),
            kind::OFFER => body.offer().map(Self::Offer),
            kind::ACCEPT => body.number().zip(body.size()).map(|(number, from)| Self::Accept { number, from }),
            kind::DECLINE => body.number().map(|number| Self::Decline { number }),
            kind::WITHDRAW => body.number().map(|number| Self::Withdraw { number }),
            kind::BYPASS => body.byte().filter(|wanted| *wanted <= 1).map(|wanted| Self::Bypass(wanted == 1)),
            kind::ADDRESSES => body.addresses().map(Self::Addresses),
            kind::CHECKED => match body.number().zip(body.byte()) {
                Some((number, right @ 0..=1)) => Some(Self::Checked { number, right: right == 1 }),
                _ => None,
            },
            kind::CAMERA => body.byte().filter(|on| *on <= 1).map(|on| Self::Pictures(PictureNote::Camera(on == 1))),
            kind::HEARS => {
                body.byte().filter(|hears| *hears <= 1).map(|hears| Self::Voice(VoiceNote::Hears(hears == 1)))
            }
            kind::WANTED => body.array().map(|width| Self::Pictures(PictureNote::Wanted(u16::from_be_bytes(width)))),
            _ => return Ok(None),
        };
        frame.filter(|_| body.0.is_empty()).map(Some).ok_or(PeerFrameError::Body(kind))
    }
}

/// What is left of a body.
struct Body<'a>(&'a [u8]);

impl<'a> Body<'a> {
    fn addresses(&mut self) -> Option<Vec<SocketAddr>> {
        let (addresses, rest) = self.0.as_chunks();
        self.0 = rest;
        (addresses.len() <= MAX_ADDRESSES).then(|| addresses.iter().copied().map(ip_address::read).collect())
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    fn number(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    fn size(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// All that is left, as text.
    fn text(&mut self, most: usize) -> Option<&'a str> {
        let bytes = std::mem::take(&mut self.0);
        std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty() && text.len() <= most)
    }

    fn offer(&mut self) -> Option<FileOffer> {
        let (number, size, digest) = (self.number()?, self.size()?, self.array()?);
        let name = self.text(MAX_OFFERED_NAME)?.to_owned();
        (size <= MAX_FILE).then_some(FileOffer { number, size, digest, name })
    }
}

/// Finds frames in a stream of bytes.
#[derive(Debug, Default)]
pub struct PeerFrames {
    bytes: Vec<u8>,
}

impl PeerFrames {
    /// Takes bytes that have arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame; `None` if it has not arrived whole.
    ///
    /// # Errors
    /// If the bytes are no frames. Nothing that follows can be read.
    pub fn frame(&mut self) -> Result<Option<PeerFrame>, PeerFrameError> {
        while let Some((length, rest)) = self.bytes.split_first_chunk() {
            let length = usize::from(u16::from_be_bytes(*length));
            if length == 0 || length > MAX_PEER_FRAME {
                return Err(PeerFrameError::Length(length));
            }
            let Some(frame) = rest.get(..length) else { return Ok(None) };
            let frame = PeerFrame::read(frame)?;
            self.bytes.drain(..2 + length);
            if frame.is_some() {
                return Ok(frame);
            }
        }
        Ok(None)
    }
}
