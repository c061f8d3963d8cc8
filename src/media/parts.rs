//! Packets of pictures that are larger than a datagram: cut into parts, and put together again from parts that come in any
//! order, twice, or never.
//!
//! ```text
//! byte 0       bits 7-4: which part, from 0; bits 3-0: how many parts, less one
//! bytes 1, 2   the packet's number, if there is more than one part
//! then         the part's bytes
//! ```
//!
//! Must not know: what the packets hold.

use std::collections::VecDeque;

use super::codec::packet::{LARGEST_PACKET, is_after};

/// The most parts of a packet.
pub const MOST_PARTS: usize = 16;
/// What a part has before its bytes, at most.
const PART_HEAD: usize = 3;
/// Packets that are put together at the same time, at most.
const MOST_OPEN: usize = 4;

/// The datagrams of a packet, none longer than a limit; none at all if it does not fit into [`MOST_PARTS`] of them.
#[must_use]
pub fn cut(packet: &[u8], number: u16, limit: usize) -> Vec<Vec<u8>> {
    if packet.len() < limit && packet.len() <= LARGEST_PACKET {
        return vec![[&[0], packet].concat()];
    }
    let room = limit.saturating_sub(PART_HEAD).max(1);
    let count = packet.len().div_ceil(room);
    if count > MOST_PARTS || limit <= PART_HEAD || packet.len() > LARGEST_PACKET {
        return Vec::new();
    }
    // Of even length, so that none is lost more easily than another.
    let [high, low] = number.to_be_bytes();
    let parts = packet.chunks(packet.len().div_ceil(count.max(1)).max(1));
    let last = parts.len().saturating_sub(1) as u8;
    parts.zip(0u8..).map(|(part, which)| [&[which << 4 | last, high, low], part].concat()).collect()
}

/// A packet of which parts have come.
#[derive(Debug)]
struct OpenPacket {
    number: u16,
    parts: Vec<Option<Vec<u8>>>,
}

/// Puts packets together.
#[derive(Debug, Default)]
pub struct Assembler {
    /// At most [`MOST_OPEN`].
    open: VecDeque<OpenPacket>,
    /// The newest packet that was completed from parts.
    completed: Option<u16>,
}

impl Assembler {
    /// Takes a datagram, and gives the packet that it completes. What is no part of a packet is ignored.
    pub fn take(&mut self, datagram: &[u8]) -> Option<Vec<u8>> {
        let (first, rest) = datagram.split_first()?;
        let (which, count) = (usize::from(first >> 4), usize::from(first & 15) + 1);
        if which >= count || rest.len() > LARGEST_PACKET {
            return None;
        }
        if count == 1 {
            return Some(rest.to_vec());
        }
        let (number, part) = rest.split_first_chunk().map(|(number, part)| (u16::from_be_bytes(*number), part))?;
        if self.completed.is_some_and(|completed| !is_after(number, completed)) || part.is_empty() {
            return None;
        }
        let at = self.find(number, count)?;
        let open = self.open.get_mut(at)?;
        if open.parts.len() != count {
            return None;
        }
        open.parts.get_mut(which)?.get_or_insert_with(|| part.to_vec());
        let size: usize = open.parts.iter().flatten().map(Vec::len).sum();
        if size > LARGEST_PACKET {
            self.open.remove(at);
            return None;
        }
        if open.parts.iter().any(Option::is_none) {
            return None;
        }
        let packet = self.open.remove(at)?;
        self.completed = Some(number);
        // What is older comes too late to be shown.
        self.open.retain(|open| is_after(open.number, number));
        Some(packet.parts.into_iter().flatten().flatten().collect())
    }

    /// Where a packet is kept; a new one takes the place of the oldest, unless it is older still.
    fn find(&mut self, number: u16, count: usize) -> Option<usize> {
        if let Some(at) = self.open.iter().position(|open| open.number == number) {
            return Some(at);
        }
        if self.open.len() >= MOST_OPEN {
            let oldest = (0..self.open.len()).reduce(|one, other| {
                let number = |at: usize| self.open.get(at).map_or(0, |open| open.number);
                if is_after(number(one), number(other)) { other } else { one }
            })?;
            if self.open.get(oldest).is_some_and(|open| is_after(open.number, number)) {
                return None;
            }
            self.open.remove(oldest);
        }
        self.open.push_back(OpenPacket { number, parts: vec![None; count] });
        Some(self.open.len() - 1)
    }
}
