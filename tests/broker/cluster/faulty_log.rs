//! A log in memory that does to entries what real ones do: delays, doubles, loses and reorders them on their way in, stands
//! still, and, where it is told to, loses what it had taken.

use bytes::Bytes;

use crate::chance::Chance;

/// How appends fare.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    /// Appends of 100 that never arrive.
    pub lost: usize,
    /// Appends of 100 that arrive twice.
    pub doubled: usize,
    /// Appends of 100 that take up to ten seconds.
    pub late: usize,
}

pub const FINE: Weather = Weather { lost: 0, doubled: 0, late: 0 };

/// The log.
#[derive(Default)]
pub struct FaultyLog {
    /// The position before the first entry.
    base: u64,
    entries: Vec<Bytes>,
    /// When each entry was taken, in milliseconds.
    times: Vec<i64>,
    /// It takes nothing and tells nothing before this moment.
    stands_until: i64,
    /// One entry that one node is told otherwise: node, position, bit.
    flipped: Option<(usize, u64, usize)>,
}

impl FaultyLog {
    /// When copies of an append will arrive.
    pub fn arrivals(&self, now: i64, weather: Weather, chance: &mut Chance) -> Vec<i64> {
        let mut arrivals = Vec::new();
        if chance.below(100) < weather.lost {
            return arrivals;
        }
        let copies = if chance.below(100) < weather.doubled { 2 } else { 1 };
        for _ in 0..copies {
            let longest = if chance.below(100) < weather.late { 10_000 } else { 15 };
            arrivals.push(now.max(self.stands_until) + 1 + chance.below(longest) as i64);
        }
        arrivals
    }

    /// Takes an entry, unless it stands still; then when it goes on.
    pub fn take(&mut self, now: i64, bytes: &Bytes) -> Result<(), i64> {
        if now < self.stands_until {
            return Err(self.stands_until);
        }
        self.entries.push(bytes.clone());
        self.times.push(now);
        Ok(())
    }

    pub fn stand_still(&mut self, until: i64) {
        self.stands_until = self.stands_until.max(until);
    }

    pub fn stands(&self, now: i64) -> bool {
        now < self.stands_until
    }

    /// The last position.
    pub fn newest(&self) -> u64 {
        self.base + self.entries.len() as u64
    }

    /// The entry at a position, as a node is told it.
    pub fn get(&self, node: usize, position: u64) -> Option<Bytes> {
        let bytes = self.entries.get(self.index(position)?)?;
        match self.flipped {
            Some((of, at, bit)) if of == node && at == position => {
                let mut altered = bytes.to_vec();
                let bit = bit % (altered.len() * 8);
                altered[bit / 8] ^= 1 << (bit % 8);
                Some(altered.into())
            }
            _ => Some(bytes.clone()),
        }
    }

    fn index(&self, position: u64) -> Option<usize> {
        usize::try_from(position.checked_sub(self.base + 1)?).ok()
    }

    /// Is made anew: its next position is the one after this.
    pub fn found(&mut self, position: u64) {
        *self = Self { base: position, ..Self::default() };
    }

    /// Tells everybody the same again.
    pub fn mend(&mut self) {
        self.flipped = None;
    }

    /// When the entry at a position was taken.
    pub fn time_of(&self, position: u64) -> Option<i64> {
        self.times.get(self.index(position)?).copied()
    }

    /// Forgets all that comes after a position, without a word.
    pub fn forget_after(&mut self, position: u64) {
        let left = usize::try_from(position - self.base).unwrap();
        self.entries.truncate(left);
        self.times.truncate(left);
    }

    /// Tells one node one entry with one bit flipped.
    pub fn flip(&mut self, node: usize, position: u64, bit: usize) {
        self.flipped = Some((node, position, bit));
    }
}
