//! The face of one other member: its pictures are put together and decoded in turn, and what is missing is asked for.
//!
//! Must not know: keys, channels, how packets are decoded, or where the face is shown.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::media::codec::decoder::DecodedPicture;
use crate::media::codec::packet::{PacketError, is_after};
use crate::media::parts::Assembler;
use crate::media::picture::Picture;
use crate::protocol::conference_frame::ConferenceFrame;
use crate::protocol::conference_packet::FaceSize;

/// The most packets that wait to be decoded: the oldest are dropped, and asked for again.
pub const MAX_UNDECODED: usize = 4;
/// What is missing is asked for again after so long.
const ASK_AGAIN: Duration = Duration::from_millis(300);

/// What is needed to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Nothing,
    /// A picture that needs no other, or only one that we have.
    Refresh,
}

/// The face of one other member.
#[derive(Debug)]
pub(super) struct Face {
    camera: bool,
    wanted: Option<FaceSize>,
    assembler: Assembler,
    undecoded: VecDeque<Vec<u8>>,
    is_decoding: bool,
    /// The number of the newest picture that was shown, and of the newest to which others may refer.
    shown: Option<u16>,
    base: Option<u16>,
    need: Need,
    /// It is asked for then, and not before.
    ask_from: Instant,
}

impl Face {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            camera: false,
            wanted: None,
            assembler: Assembler::default(),
            undecoded: VecDeque::new(),
            is_decoding: false,
            shown: None,
            base: None,
            need: Need::Nothing,
            ask_from: now,
        }
    }

    pub(super) fn camera(&self) -> bool {
        self.camera
    }

    /// The camera is on or off.
    pub(super) fn turn(&mut self, on: bool) {
        self.camera = on;
    }

    /// It is shown in this size from now on, or not at all.
    pub(super) fn want(&mut self, size: Option<FaceSize>, now: Instant) {
        if self.wanted != size {
            self.wanted = size;
            self.assembler = Assembler::default();
            self.undecoded.clear();
            (self.shown, self.base, self.ask_from) = (None, None, now);
            self.need = if size.is_some() { Need::Refresh } else { Need::Nothing };
        }
    }

    /// Whether it is shown in this size.
    pub(super) fn wants(&self, size: FaceSize) -> bool {
        self.wanted == Some(size)
    }

    /// Takes a part of a picture, opened.
    pub(super) fn take(&mut self, part: &[u8]) {
        if let Some(packet) = self.assembler.take(part) {
            self.undecoded.push_back(packet);
            if self.undecoded.len() > MAX_UNDECODED {
                self.undecoded.pop_front();
            }
        }
    }

    /// The next packet to be decoded.
    pub(super) fn job(&mut self) -> Option<(FaceSize, Vec<u8>)> {
        let size = self.wanted.filter(|_| !self.is_decoding)?;
        let packet = self.undecoded.pop_front()?;
        self.is_decoding = true;
        Some((size, packet))
    }

    /// Takes what came of it; the picture, if it is to be shown.
    pub(super) fn decoded(
        &mut self,
        size: FaceSize,
        result: Result<DecodedPicture, PacketError>,
    ) -> Option<Arc<Picture>> {
        self.is_decoding = false;
        if Some(size) != self.wanted {
            return None;
        }
        match result {
            Ok(DecodedPicture { head, picture }) => {
                if !head.is_leaf && self.base.is_none_or(|base| is_after(head.number, base)) {
                    self.base = Some(head.number);
                    self.need = Need::Nothing;
                }
                let is_newer = self.shown.is_none_or(|shown| is_after(head.number, shown));
                is_newer.then(|| {
                    self.shown = Some(head.number);
                    Arc::new(picture)
                })
            }
            Err(PacketError::NoReference) => {
                self.need = Need::Refresh;
                None
            }
            Err(PacketError::Malformed | PacketError::Stale) => None,
        }
    }

    /// What is to be asked of the member now.
    pub(super) fn ask(&mut self, now: Instant) -> Option<ConferenceFrame> {
        let size = self.wanted.filter(|_| self.ask_at().is_some_and(|at| at <= now))?;
        self.ask_from = now + ASK_AGAIN;
        Some(ConferenceFrame::Refresh { size, has: self.base })
    }

    /// When something is to be asked, once there is a key. Not while a packet waits that may be what is needed.
    pub(super) fn ask_at(&self) -> Option<Instant> {
        let is_idle = self.undecoded.is_empty() && !self.is_decoding;
        let asks = self.need == Need::Refresh && is_idle && self.camera;
        asks.then_some(self.ask_from)
    }
}
