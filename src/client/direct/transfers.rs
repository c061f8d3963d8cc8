//! Files on their way, in both directions: what was offered, how far each has come, how it ends.
//!
//! A file has a stream of its own, which begins with its number. Its sender gives bytes as the stream takes them, and its
//! receiver takes them as it can write them; neither holds more than a piece in memory.
//!
//! Must not know: files on disk, or how offers are said.

use std::collections::BTreeMap;

use crate::net::peer::channel::Channel;
use crate::net::peer::events::{ChannelRead, ChannelStream};
use crate::protocol::peer::{FileOffer, MAX_FILE};

/// The most bytes of one piece.
pub const PIECE: usize = 32 * 1024;
/// The most files on their way in one direction, offers included.
pub const MAX_TRANSFERS: usize = 4;
/// Files wait for everything that people say.
const PRIORITY: i32 = -10;

/// Why a file is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferRefusal {
    /// An offer still waits for its answer.
    OneWaits,
    /// [`MAX_TRANSFERS`] are on their way.
    TooMany,
    /// It is larger than [`MAX_FILE`].
    TooLarge,
}

/// A piece of a file that the sender is to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedPiece {
    /// The number of the file.
    pub number: u32,
    /// Where the piece begins.
    pub at: u64,
    /// How many bytes it has at most.
    pub most: usize,
}

/// What comes of receiving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A piece of a file.
    Piece {
        /// The number of the file.
        number: u32,
        /// Where the piece begins.
        at: u64,
        /// The bytes, never none.
        bytes: Vec<u8>,
    },
    /// The file has arrived whole.
    Whole(u32),
    /// The file was cut, or was longer than it was offered.
    Cut(u32),
}

/// A file that we send.
#[derive(Debug)]
struct SentFile {
    size: u64,
    /// Its stream, once it was accepted.
    stream: Option<ChannelStream>,
    /// How far it was given.
    at: u64,
    /// What the stream has not taken yet.
    waiting: Vec<u8>,
    /// Whether all was given, and the stream has ended.
    whole: bool,
}

/// A file that we get.
#[derive(Debug)]
struct ReceivedFile {
    offer: FileOffer,
    accepted: bool,
    stream: Option<ChannelStream>,
    /// How far it has arrived.
    at: u64,
    whole: bool,
}

/// All files of a channel.
#[derive(Debug, Default)]
pub struct Transfers {
    outgoing: BTreeMap<u32, SentFile>,
    incoming: BTreeMap<u32, ReceivedFile>,
    /// Streams of the other side whose first bytes, a file's number, have not all arrived.
    nameless: BTreeMap<ChannelStream, Vec<u8>>,
    /// The number of our last offer.
    last: u32,
}

impl Transfers {
    /// Offers a file; returns its number.
    ///
    /// # Errors
    /// If it cannot be offered now.
    pub fn offer(&mut self, size: u64) -> Result<u32, OfferRefusal> {
        if size > MAX_FILE {
            return Err(OfferRefusal::TooLarge);
        }
        if self.outgoing.values().any(|file| file.stream.is_none()) {
            return Err(OfferRefusal::OneWaits);
        }
        if self.outgoing.len() >= MAX_TRANSFERS {
            return Err(OfferRefusal::TooMany);
        }
        self.last = self.last.wrapping_add(1);
        self.outgoing.insert(self.last, SentFile { size, stream: None, at: 0, waiting: Vec::new(), whole: false });
        Ok(self.last)
    }

    /// The other side offers a file; `false` if it offers more than it may.
    pub fn offered(&mut self, offer: FileOffer) -> bool {
        let one_waits = self.incoming.values().any(|file| !file.accepted);
        let fits = !one_waits && self.incoming.len() < MAX_TRANSFERS && !self.incoming.contains_key(&offer.number);
        if fits {
            let number = offer.number;
            self.incoming.insert(number, ReceivedFile { offer, accepted: false, stream: None, at: 0, whole: false });
        }
        fits
    }

    /// The other side's offer is accepted from a byte on; `false` if there is no such offer.
    pub fn accept(&mut self, number: u32, from: u64) -> bool {
        let Some(file) = self.incoming.get_mut(&number) else { return false };
        let can = !file.accepted && from <= file.offer.size;
        if can {
            (file.accepted, file.at) = (true, from);
        }
        can
    }

    /// Our offer was accepted: its stream begins. `false` if there is no such offer, or no stream can be had.
    pub fn accepted(&mut self, number: u32, from: u64, channel: &mut Channel) -> bool {
        let Some(file) = self.outgoing.get_mut(&number) else { return false };
        if file.stream.is_some() || from > file.size {
            return false;
        }
        let Some(stream) = channel.open(PRIORITY) else { return false };
        (file.stream, file.at, file.waiting) = (Some(stream), from, number.to_be_bytes().to_vec());
        self.write(channel);
        true
    }

    /// One's own file is no longer sent; `false` if there is no such file.
    pub fn forget_outgoing(&mut self, number: u32, channel: &mut Channel) -> bool {
        let file = self.outgoing.remove(&number);
        let was = file.is_some();
        if let Some(stream) = file.filter(|file| !file.whole).and_then(|file| file.stream) {
            channel.abandon(stream);
        }
        was
    }

    /// The other side's file is no longer received; `false` if there is no such file.
    pub fn forget_incoming(&mut self, number: u32, channel: &mut Channel) -> bool {
        let file = self.incoming.remove(&number);
        let was = file.is_some();
        if let Some(stream) = file.and_then(|file| file.stream) {
            channel.abandon(stream);
        }
        was
    }

    /// The digest of the other side's file, if it has arrived whole.
    #[must_use]
    pub fn digest(&self, number: u32) -> Option<[u8; 32]> {
        self.incoming.get(&number).filter(|file| file.whole).map(|file| file.offer.digest)
    }

    /// How far a file has come: the bytes that were given or have arrived, and all of it.
    #[must_use]
    pub fn progress(&self, ours: bool, number: u32) -> Option<(u64, u64)> {
        if ours {
            self.outgoing.get(&number).map(|file| (file.at, file.size))
        } else {
            self.incoming.get(&number).map(|file| (file.at, file.offer.size))
        }
    }

    /// The piece that is to be given next: only once its stream has taken the one before.
    #[must_use]
    pub fn wanted(&self) -> Option<WantedPiece> {
        let (number, file) = self
            .outgoing
            .iter()
            .find(|(_, file)| file.stream.is_some() && !file.whole && file.waiting.is_empty() && file.at < file.size)?;
        let most = usize::try_from(file.size - file.at).unwrap_or(PIECE).min(PIECE);
        Some(WantedPiece { number: *number, at: file.at, most })
    }

    /// Gives the piece that [`Self::wanted`] names; never more bytes than it says.
    pub fn give(&mut self, number: u32, bytes: &[u8], channel: &mut Channel) {
        if let Some(file) = self.outgoing.get_mut(&number) {
            let most = usize::try_from(file.size - file.at).unwrap_or(usize::MAX);
            let bytes = bytes.get(..bytes.len().min(most)).unwrap_or_default();
            file.waiting.extend_from_slice(bytes);
            file.at += bytes.len() as u64;
        }
        self.write(channel);
    }

    /// Writes what streams take now; returns the numbers of files that the other side gave up.
    pub fn write(&mut self, channel: &mut Channel) -> Vec<u32> {
        let mut lost = Vec::new();
        for (number, file) in &mut self.outgoing {
            let Some(stream) = file.stream.filter(|_| !file.whole) else { continue };
            match channel.write(stream, &file.waiting) {
                Some(taken) => drop(file.waiting.drain(..taken)),
                None => lost.push(*number),
            }
            if file.waiting.is_empty() && file.at >= file.size {
                channel.finish(stream);
                file.whole = true;
            }
        }
        lost
    }

    /// The other side has opened a stream for a file.
    pub fn opened(&mut self, stream: ChannelStream) {
        self.nameless.insert(stream, Vec::new());
    }

    /// Takes the next piece of the other side's files. `None` if there is nothing now.
    pub fn receive(&mut self, channel: &mut Channel) -> Option<Received> {
        self.name_streams(channel);
        let number = self.incoming.iter().find_map(|(number, file)| {
            let stream = file.stream.filter(|_| !file.whole)?;
            Some((*number, channel.read(stream, PIECE))).filter(|(_, read)| *read != ChannelRead::Nothing)
        });
        let (number, read) = number?;
        let file = self.incoming.get_mut(&number)?;
        let left = file.offer.size - file.at;
        match read {
            ChannelRead::Bytes(bytes) if bytes.len() as u64 <= left => {
                let at = file.at;
                file.at += bytes.len() as u64;
                Some(Received::Piece { number, at, bytes })
            }
            ChannelRead::End if left == 0 => {
                file.whole = true;
                Some(Received::Whole(number))
            }
            ChannelRead::Nothing => None,
            ChannelRead::Bytes(_) | ChannelRead::End | ChannelRead::Lost => {
                self.forget_incoming(number, channel);
                Some(Received::Cut(number))
            }
        }
    }

    /// Reads the numbers at the beginning of streams. A stream for a file that nobody wants is given up.
    fn name_streams(&mut self, channel: &mut Channel) {
        let Self { nameless, incoming, .. } = self;
        nameless.retain(|stream, first| {
            while first.len() < 4 {
                match channel.read(*stream, 4 - first.len()) {
                    ChannelRead::Bytes(bytes) => first.extend(bytes),
                    ChannelRead::Nothing => return true,
                    ChannelRead::End | ChannelRead::Lost => return false,
                }
            }
            let number = first.first_chunk().map(|first| u32::from_be_bytes(*first));
            let file = number.and_then(|number| incoming.get_mut(&number));
            match file.filter(|file| file.accepted && file.stream.is_none()) {
                Some(file) => file.stream = Some(*stream),
                None => channel.abandon(*stream),
            }
            false
        });
    }
}
