//! One key, and what is sealed and opened with it (RFC 9605, sections 4.4.2 to 4.4.4).
//!
//! Must not know: whose key it is, or which counters were used.

use std::fmt;

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::header::SealHeader;

/// The bytes of a base key.
pub const BASE_KEY: usize = 16;
/// The most bytes that sealing adds: the header, and the tag of AES-GCM.
pub const MAX_SEAL: usize = 17 + 16;
/// The number of the suite AES_128_GCM_SHA256_128 (RFC 9605, section 8.1).
const SUITE: u16 = 4;

/// Keys cannot be made: the system has no randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system has no randomness")]
pub struct NoRandomness;

/// The secret from which a key comes, as it is given to those who may read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BaseKey(pub [u8; BASE_KEY]);

impl BaseKey {
    /// A random one.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; BASE_KEY];
        SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(Self(bytes))
    }
}

/// A secret is not for logs.
impl fmt::Debug for BaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BaseKey")
    }
}

/// A key with its ID.
#[derive(Debug)]
pub struct FrameKey {
    id: u64,
    key: LessSafeKey,
    salt: [u8; NONCE_LEN],
}

/// So many bytes of output of HKDF.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

impl FrameKey {
    /// The key of an ID and a base key; `None` if the cryptography fails, which it never does.
    #[must_use]
    pub fn new(id: u64, base: &BaseKey) -> Option<Self> {
        let secret = Salt::new(HKDF_SHA256, &[]).extract(&base.0);
        let derive = |label: &[u8], out: &mut [u8]| {
            let info = [label, &id.to_be_bytes(), &SUITE.to_be_bytes()];
            secret.expand(&info, Bytes(out.len())).and_then(|derived| derived.fill(out)).ok()
        };
        let (mut key, mut salt) = ([0; 16], [0; NONCE_LEN]);
        derive(b"SFrame 1.0 Secret key ", &mut key)?;
        derive(b"SFrame 1.0 Secret salt ", &mut salt)?;
        Some(Self { id, key: LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?), salt })
    }

    /// Its ID.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Seals a packet; `metadata` stands elsewhere in the clear, and cannot be changed either. No counter may be used twice.
    #[must_use]
    pub fn seal(&self, counter: u64, metadata: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let header = SealHeader { key: self.id, counter }.write();
        let mut sealed = plain.to_vec();
        let aad = Aad::from([&header, metadata].concat());
        self.key.seal_in_place_append_tag(self.nonce(counter), aad, &mut sealed).ok()?;
        Some([header, sealed].concat())
    }

    /// Opens a packet with its counter; `None` if it was not sealed with this key and these metadata.
    #[must_use]
    pub fn open(&self, metadata: &[u8], sealed: &[u8]) -> Option<(u64, Vec<u8>)> {
        let (SealHeader { key, counter }, length) = SealHeader::read(sealed)?;
        let (header, sealed) = sealed.split_at_checked(length).filter(|_| key == self.id)?;
        let mut plain = sealed.to_vec();
        let aad = Aad::from([header, metadata].concat());
        let length = self.key.open_in_place(self.nonce(counter), aad, &mut plain).ok()?.len();
        plain.truncate(length);
        Some((counter, plain))
    }

    fn nonce(&self, counter: u64) -> Nonce {
        let mut nonce = self.salt;
        let counter = counter.to_be_bytes();
        nonce.iter_mut().rev().zip(counter.iter().rev()).for_each(|(to, byte)| *to ^= byte);
        Nonce::assume_unique_for_key(nonce)
    }
}

/// The ID of the key with which a packet is sealed, as its header says.
#[must_use]
pub fn key_of(sealed: &[u8]) -> Option<u64> {
    SealHeader::read(sealed).map(|(header, _)| header.key)
}
