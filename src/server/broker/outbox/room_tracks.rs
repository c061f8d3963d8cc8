//! What a round says in rooms: the bytes of each room lie together once, with the list of those who hear them.
//!
//! A track is one room with one list of hearers: when somebody comes or goes within the round, what is said from then on
//! is another track. All tracks together keep the order in which their pieces were said.
//!
//! Must not know: sockets, or where a connection differs from the others (`delivery_plan`).

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::sync::Arc;

use super::hearers::Hearers;
use crate::server::ids::{ConnHasher, ConnId, RoomId};
use crate::server::limits::ROUND_BYTES;

/// Tracks that are kept for later rounds, so that their buffers are used again.
const KEPT_TRACKS: usize = 64;

/// The tracks of a round, and their pieces in the order in which they were said.
#[derive(Debug, Default)]
pub(super) struct RoomTracks {
    tracks: Vec<RoomTrack>,
    pieces: Vec<RoomPiece>,
    /// The newest track of each room.
    newest: HashMap<RoomId, usize, BuildHasherDefault<ConnHasher>>,
    spare: Vec<RoomTrack>,
}

/// One room's bytes of a round, for the same hearers.
#[derive(Debug, Default)]
pub(super) struct RoomTrack {
    hearers: Hearers,
    bytes: Arc<Vec<u8>>,
    /// The numbers of its pieces.
    pieces: Vec<usize>,
}

/// One event of a room.
#[derive(Clone, Debug)]
pub(super) struct RoomPiece {
    /// The number of its track.
    pub(super) track: usize,
    /// How many shared bytes were said before it.
    pub(super) at: usize,
    /// Where it lies in the bytes of its track.
    pub(super) range: Range<usize>,
}

impl RoomTracks {
    /// How many pieces were said so far: the number of the next one.
    pub(super) fn said(&self) -> usize {
        self.pieces.len()
    }

    /// Whether nothing was said in rooms.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Says something in a room, after `at` shared bytes; `write` appends its bytes. Returns how many there were.
    pub(super) fn say(
        &mut self,
        room: RoomId,
        hearers: &Hearers,
        at: usize,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> usize {
        let number = self.track(room, hearers);
        let Some(track) = self.tracks.get_mut(number) else { return 0 };
        // Nobody else holds the bytes of a round that is not written yet.
        let bytes = Arc::make_mut(&mut track.bytes);
        let start = bytes.len();
        write(bytes);
        let range = start..bytes.len();
        let length = range.len();
        track.pieces.push(self.pieces.len());
        self.pieces.push(RoomPiece { track: number, at, range });
        length
    }

    fn track(&mut self, room: RoomId, hearers: &Hearers) -> usize {
        if let Some(&number) = self.newest.get(&room)
            && self.tracks.get(number).is_some_and(|track| track.hearers.is_same(hearers))
        {
            return number;
        }
        let number = self.tracks.len();
        self.tracks.push(RoomTrack { hearers: hearers.clone(), ..self.spare.pop().unwrap_or_default() });
        self.newest.insert(room, number);
        number
    }

    /// The tracks, in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &RoomTrack> {
        self.tracks.iter()
    }

    /// A track by its number.
    pub(super) fn get(&self, number: usize) -> Option<&RoomTrack> {
        self.tracks.get(number)
    }

    /// A piece by its number.
    pub(super) fn piece(&self, number: usize) -> Option<&RoomPiece> {
        self.pieces.get(number)
    }

    /// Prepares for the next round. Buffers to which nothing refers any longer are used again.
    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.newest.clear();
        for mut track in self.tracks.drain(..) {
            if self.spare.len() < KEPT_TRACKS
                && let Some(bytes) = Arc::get_mut(&mut track.bytes)
                && bytes.capacity() <= ROUND_BYTES
            {
                bytes.clear();
                track.pieces.clear();
                self.spare.push(RoomTrack { hearers: Hearers::default(), ..track });
            }
        }
    }
}

impl RoomTrack {
    /// Those who hear it.
    pub(super) fn hearers(&self) -> impl Iterator<Item = ConnId> + '_ {
        self.hearers.iter()
    }

    /// How many they are.
    pub(super) fn audience(&self) -> usize {
        self.hearers.len()
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> &Arc<Vec<u8>> {
        &self.bytes
    }

    /// The numbers of its pieces, in order.
    pub(super) fn pieces(&self) -> &[usize] {
        &self.pieces
    }
}
