//! The bytes that one connection receives in a round: the shared bytes and those of its rooms, and the edits where it
//! differs from them.
//!
//! Must not know: who sends what, or sockets.

use std::ops::Range;
use std::sync::Arc;

use super::room_tracks::{RoomTrack, RoomTracks};
use crate::model::Name;
use crate::protocol::Dialect;

/// The capacity for edits that a plan retains between rounds.
const KEPT_EDITS: usize = 2;

/// The capacity for the rooms of a round that a plan retains between rounds.
const KEPT_TRACKS: usize = 4;

/// Every piece of a room, from its first on.
const EVERY_PIECE: Range<usize> = 0..usize::MAX;

/// What one connection receives in this round.
#[derive(Debug)]
pub struct DeliveryPlan {
    pub(in crate::server) dialect: Dialect,
    /// Whether its client knows replies, edits and reactions.
    pub(in crate::server) understands: bool,
    /// The user's name, or the requested name while there is none.
    pub(in crate::server) name: Option<Name>,
    /// The offset in the shared bytes from which it receives them; `None` if it receives no broadcasts.
    pub(in crate::server) hears_from: Option<usize>,
    edits: Vec<Edit>,
    /// The tracks of its rooms, once the round is complete.
    tracks: Vec<usize>,
    /// The pieces of rooms that it may receive.
    pieces: Range<usize>,
    pub(in crate::server) packets: Vec<Arc<[u8]>>,
    /// Whether packets were written in earlier rounds.
    pub(in crate::server) has_had_packets: bool,
    /// The length of its private bytes in this round.
    pub(in crate::server) bytes: usize,
    pub(in crate::server) closing: bool,
    pub(in crate::server) touched: bool,
    /// Whether it receives anything besides `accepted` replies.
    pub(in crate::server) prompt: bool,
}

/// A moment of a round: how much was said to many before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) struct RoundMoment {
    /// The length of the shared bytes.
    pub(super) at: usize,
    /// The number of the next piece that is said in a room.
    pub(super) pieces: usize,
}

/// A place where a connection differs from what is said to many.
#[derive(Debug)]
struct Edit {
    when: RoundMoment,
    what: Splice,
}

#[derive(Debug)]
enum Splice {
    /// Inserts this range of the private bytes.
    Insert(Range<usize>),
    /// Skips this many shared bytes.
    Skip(usize),
    /// Leaves out the next piece of a room.
    Miss,
}

impl Default for DeliveryPlan {
    fn default() -> Self {
        Self {
            dialect: Dialect::Tr226,
            understands: false,
            name: None,
            hears_from: None,
            edits: Vec::new(),
            tracks: Vec::new(),
            pieces: EVERY_PIECE,
            packets: Vec::new(),
            has_had_packets: false,
            bytes: 0,
            closing: false,
            touched: false,
            prompt: false,
        }
    }
}

impl DeliveryPlan {
    /// Whether it receives packets instead of lines.
    #[must_use]
    pub fn is_original(&self) -> bool {
        self.dialect == Dialect::Tr223
    }

    /// Whether this round alone has more bytes for it than may wait for it (`most`); the rest was left out.
    #[must_use]
    pub fn is_over(&self, most: usize) -> bool {
        self.bytes > most
    }

    /// Whether this round must reach it at once: it has more than `accepted` replies, which may be coalesced.
    #[must_use]
    pub fn is_prompt(&self) -> bool {
        self.prompt
    }

    /// Whether the connection ends after this round.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing
    }

    /// The packets of a TR2.23 connection, to be written with pauses between them.
    #[must_use]
    pub fn packets(&self) -> &[Arc<[u8]>] {
        &self.packets
    }

    /// Inserts a range of the private bytes.
    pub(in crate::server) fn insert(&mut self, when: RoundMoment, range: Range<usize>) {
        self.bytes += range.len();
        match self.edits.last_mut() {
            Some(Edit { when: last, what: Splice::Insert(before) }) if *last == when && before.end == range.start => {
                before.end = range.end;
            }
            _ => self.edits.push(Edit { when, what: Splice::Insert(range) }),
        }
    }

    /// Skips this many of the shared bytes.
    pub(in crate::server) fn skip(&mut self, when: RoundMoment, length: usize) {
        self.edits.push(Edit { when, what: Splice::Skip(length) });
    }

    /// Leaves out the next piece that is said in a room.
    pub(super) fn miss(&mut self, when: RoundMoment) {
        self.edits.push(Edit { when, what: Splice::Miss });
    }

    /// Receives no further shared bytes, and nothing more of what is said in rooms.
    pub(super) fn end(&mut self, when: RoundMoment) {
        self.skip(when, usize::MAX);
        self.pieces.end = self.pieces.end.min(when.pieces);
    }

    /// Receives lines instead of packets from now on; returns the packets of this round.
    pub(super) fn begin_lines(&mut self, when: RoundMoment) -> Vec<Arc<[u8]>> {
        self.hears_from = self.hears_from.and(Some(when.at));
        self.pieces.start = when.pieces;
        // What it skipped of the shared bytes before, it does not receive anyway.
        self.edits.retain(|edit| matches!(edit.what, Splice::Insert(_)));
        if self.closing {
            self.end(when);
        }
        self.prompt = true;
        std::mem::take(&mut self.packets)
    }

    /// Takes a track of a room, unless it hears none of its pieces; says whether it does.
    pub(super) fn hear(&mut self, number: usize, track: &RoomTrack) -> bool {
        let all = self.edits.is_empty() && self.pieces == EVERY_PIECE;
        let hears = self.dialect == Dialect::Tr226 && (all || track.pieces().iter().any(|piece| self.hears(*piece)));
        if hears {
            self.tracks.push(number);
        }
        hears
    }

    /// Whether it hears a piece of a room that it is in.
    fn hears(&self, piece: usize) -> bool {
        let later = self.edits.partition_point(|edit| edit.when.pieces < piece);
        let same = self.edits.iter().skip(later).take_while(|edit| edit.when.pieces == piece);
        self.pieces.contains(&piece) && !same.into_iter().any(|edit| matches!(edit.what, Splice::Miss))
    }

    /// Its slices of the shared and the private bytes and of those of its rooms, in the order in which they were said.
    pub(super) fn stretches<'a>(
        &'a self,
        shared: &'a Arc<Vec<u8>>,
        (rooms, private): (&'a RoomTracks, &'a [u8]),
        mut say: impl FnMut(Stretch<'a>),
    ) {
        if let ([], [only]) = (self.edits.as_slice(), self.tracks.as_slice())
            && (shared.is_empty() || self.hears_from.is_none())
            && self.pieces == EVERY_PIECE
            && let Some(track) = rooms.get(*only)
        {
            return say(Stretch::Shared(track.bytes(), 0..track.bytes().len()));
        }
        // A TR2.23 user receives packets; only bytes from before its dialect was known are here.
        let hears = self.hears_from.is_some() && self.dialect == Dialect::Tr226;
        let mut at = self.hears_from.unwrap_or(0);
        let mut pieces = self.heard(rooms).into_iter().peekable();
        let mut edits = self.edits.iter().peekable();
        let mut joined = Gathered { last: None, say: &mut say };
        loop {
            // An edit was made before the pieces that were said later.
            let edit = edits.next_if(|edit| pieces.peek().is_none_or(|piece| edit.when.pieces <= *piece));
            let piece = if edit.is_none() { pieces.next() } else { None };
            let piece = piece.and_then(|number| rooms.piece(number));
            let Some(when) = edit.map(|edit| edit.when.at).or(piece.map(|piece| piece.at)) else { break };
            if hears && when > at {
                joined.say(Stretch::Shared(shared, at..when.min(shared.len())));
            }
            at = at.max(when);
            match edit.map(|edit| &edit.what) {
                Some(Splice::Insert(range)) => joined.say(Stretch::Own(private.get(range.clone()).unwrap_or_default())),
                Some(Splice::Skip(length)) => at = at.saturating_add(*length),
                Some(Splice::Miss) => drop(pieces.next_if(|piece| edit.is_some_and(|edit| edit.when.pieces == *piece))),
                None => {}
            }
            if let Some(piece) = piece
                && let Some(track) = rooms.get(piece.track)
            {
                joined.say(Stretch::Shared(track.bytes(), piece.range.clone()));
            }
        }
        if hears && at < shared.len() {
            joined.say(Stretch::Shared(shared, at..shared.len()));
        }
        joined.end();
    }

    /// The numbers of the pieces of its rooms, in order.
    fn heard(&self, rooms: &RoomTracks) -> Vec<usize> {
        let tracks = self.tracks.iter().filter_map(|number| rooms.get(*number));
        let mut heard: Vec<usize> =
            tracks.flat_map(RoomTrack::pieces).copied().filter(|piece| self.pieces.contains(piece)).collect();
        if self.tracks.len() > 1 {
            heard.sort_unstable();
        }
        heard
    }

    /// Resets the plan after its round was written.
    pub(in crate::server) fn end_round(&mut self) {
        // A closing connection receives nothing more.
        self.hears_from = self.hears_from.filter(|_| !self.closing).and(Some(0));
        self.edits.clear();
        // Most connections receive few private bytes for a long time.
        self.edits.shrink_to(KEPT_EDITS);
        self.tracks.clear();
        self.tracks.shrink_to(KEPT_TRACKS);
        self.pieces = if self.closing { 0..0 } else { EVERY_PIECE };
        self.has_had_packets |= !std::mem::take(&mut self.packets).is_empty();
        self.bytes = 0;
        (self.touched, self.prompt) = (false, false);
    }
}

/// A slice of bytes for one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch<'a> {
    /// From bytes that several connections receive: those for everyone, or those of a room.
    Shared(&'a Arc<Vec<u8>>, Range<usize>),
    /// From its private bytes.
    Own(&'a [u8]),
}

impl<'a> Stretch<'a> {
    /// The bytes themselves.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Shared(shared, range) => shared.get(range.clone()).unwrap_or_default(),
            Self::Own(own) => own,
        }
    }
}

/// Passes stretches on; those that lie behind one another in the same bytes become one.
struct Gathered<'a, 'b, F> {
    last: Option<Stretch<'a>>,
    say: &'b mut F,
}

impl<'a, F: FnMut(Stretch<'a>)> Gathered<'a, '_, F> {
    fn say(&mut self, stretch: Stretch<'a>) {
        if let (Some(Stretch::Shared(last, range)), Stretch::Shared(bytes, more)) = (&mut self.last, &stretch)
            && Arc::ptr_eq(last, bytes)
            && range.end == more.start
        {
            range.end = more.end;
            return;
        }
        self.last.replace(stretch).into_iter().for_each(&mut self.say);
    }

    fn end(self) {
        self.last.into_iter().for_each(self.say);
    }
}
