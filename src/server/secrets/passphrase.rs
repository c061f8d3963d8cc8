//! The moderator passphrase: how it is made, hashed and checked, and how often it may be tried.
//!
//! Must not know: where its hash is kept, or where randomness and time come from.

use std::collections::HashMap;

use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::model::Timestamp;
use crate::model::proquint::proquints;
use crate::server::in_order;
use crate::server::limits::{MAX_PASSPHRASE, PASSPHRASE_TRIES, PASSPHRASE_USERS, PASSPHRASE_WINDOW};

/// Random bytes in a passphrase: 80 bits.
pub(in crate::server) const PASSPHRASE_BYTES: usize = 10;
/// Bytes of salt in its hash.
pub(super) const SALT_BYTES: usize = 16;

/// Makes a passphrase that can be read out, such as `lusab-babad-gutih-tugad-mupov`.
#[must_use]
pub fn passphrase(random: [u8; PASSPHRASE_BYTES]) -> String {
    proquints(&random)
}

/// The part of a passphrase that counts: case, spaces and hyphens do not.
pub(in crate::server) fn canonical(passphrase: &str) -> String {
    passphrase.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Hashes a passphrase with argon2id, 19 MiB and two passes, into a PHC string. Slow on purpose.
///
/// # Errors
/// argon2 refuses its parameters; it does not refuse those used here.
pub fn hash(passphrase: &str, salt: [u8; SALT_BYTES]) -> Result<String, argon2::password_hash::Error> {
    let hash: PasswordHash = Argon2::default().hash_password_with_salt(canonical(passphrase).as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// The memory that a check fills. The next check uses it again: an allocator may keep what many checks give back in
/// pieces.
#[derive(Debug, Default)]
pub struct HashMemory(Vec<Block>);

/// Whether a passphrase is the one that was hashed. Slow on purpose.
#[must_use]
pub fn verify(passphrase: &str, hash: &str, memory: &mut HashMemory) -> bool {
    passphrase.len() <= MAX_PASSPHRASE && matches(passphrase, hash, memory).unwrap_or(false)
}

/// `None` for a hash that was not made here.
fn matches(passphrase: &str, hash: &str, memory: &mut HashMemory) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    let (salt, expected) = hash.salt.as_ref().zip(hash.hash.as_ref())?;
    let params = Params::try_from(&hash).ok()?;
    memory.0.resize(params.block_count(), Block::new());
    let algorithm = Algorithm::new(hash.algorithm.as_str()).ok()?;
    let version = hash.version.map_or(Some(Version::default()), |version| Version::try_from(version).ok())?;
    let mut found = vec![0; expected.as_ref().len()];
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(canonical(passphrase).as_bytes(), salt.as_ref(), &mut found, &mut memory.0)
        .ok()?;
    Some(found.ct_eq(expected.as_ref()).into())
}

/// Whether a text is a hash that [`verify`] can use.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    PasswordHash::new(text).is_ok()
}

/// Counts tries of a secret for each place they come from, across names and connections.
#[derive(Debug, Serialize, Deserialize)]
pub struct Tries {
    #[serde(serialize_with = "in_order::map")]
    counts: HashMap<String, (u32, Timestamp)>,
    most: u32,
}

impl Default for Tries {
    fn default() -> Self {
        Self { counts: HashMap::new(), most: PASSPHRASE_TRIES }
    }
}

impl Tries {
    /// Changes how many tries are allowed in a window.
    pub fn allow(&mut self, most: u32) {
        self.most = most;
    }

    /// Counts a try; `false` if it is one too many for now.
    pub fn take(&mut self, place: &str, now: Timestamp) -> bool {
        self.take_times(1, place, now)
    }

    /// As [`Tries::take`], for a place that has so many times the tries of another.
    pub fn take_times(&mut self, times: u32, place: &str, now: Timestamp) -> bool {
        if self.counts.len() >= PASSPHRASE_USERS && !self.counts.contains_key(place) {
            self.make_room(now);
        }
        let (count, since) = self.counts.entry(place.to_owned()).or_insert((0, now));
        if now.since(*since) >= PASSPHRASE_WINDOW {
            (*count, *since) = (0, now);
        }
        *count = count.saturating_add(1);
        *count <= self.most.saturating_mul(times)
    }

    /// Forgets what is over; if nothing is, the places that tried least, so that those who try much gain nothing by it.
    fn make_room(&mut self, now: Timestamp) {
        self.counts.retain(|_, (_, since)| now.since(*since) < PASSPHRASE_WINDOW);
        if self.counts.len() >= PASSPHRASE_USERS {
            // Some at a time, as finding them takes a look at all.
            let mut places: Vec<_> = self.counts.iter().map(|(place, counted)| (*counted, place.clone())).collect();
            places.sort_unstable();
            for (_, place) in places.into_iter().take(PASSPHRASE_USERS / 100) {
                self.counts.remove(&place);
            }
        }
    }

    /// Takes the last try back, since it was right.
    pub fn forgive(&mut self, place: &str) {
        if let Some((count, _)) = self.counts.get_mut(place) {
            *count = count.saturating_sub(1);
        }
    }
}
