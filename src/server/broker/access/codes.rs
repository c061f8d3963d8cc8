//! Codes that can be read out and typed: how they are drawn, and the hash that is all that is kept of one.
//!
//! Must not know: what a code allows, or where the secret comes from.

use ring::digest::{SHA256, digest};
use ring::hmac;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::server::secrets::passphrase::{PASSPHRASE_BYTES, canonical, passphrase};

/// Draws codes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Codes {
    /// The key that codes are drawn with; nobody else may know it.
    #[serde(skip, default = "no_secret")]
    secret: hmac::Key,
    drawn: u64,
}

/// The hash of a code. Codes are random enough that a fast hash protects them.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct CodeHash([u8; 32]);

impl Codes {
    /// What was read goes on with this secret.
    pub(super) fn goes_on(&mut self, secret: [u8; 32]) {
        self.secret = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    }

    /// Codes drawn from `secret`, which must be random.
    pub(super) fn new(secret: [u8; 32]) -> Self {
        Self { secret: hmac::Key::new(hmac::HMAC_SHA256, &secret), drawn: 0 }
    }

    /// Another code, and a random number that says nothing of it.
    pub(super) fn draw(&mut self) -> (String, u16) {
        self.drawn += 1;
        let drawn = hmac::sign(&self.secret, &self.drawn.to_be_bytes());
        let mut bytes = drawn.as_ref().iter().copied();
        let random = [(); PASSPHRASE_BYTES].map(|()| bytes.next().unwrap_or_default());
        (passphrase(random), bytes.take(2).fold(0, |number, byte| number << 8 | u16::from(byte)))
    }
}

impl CodeHash {
    /// The hash of a code, however it is typed.
    #[must_use]
    pub fn of(code: &str) -> Self {
        let mut hash = [0; 32];
        let digest = digest(&SHA256, canonical(code).as_bytes());
        hash.iter_mut().zip(digest.as_ref()).for_each(|(byte, digest)| *byte = *digest);
        Self(hash)
    }

    /// Whether both are the same; takes the same time in any case.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// The hash as hexadecimal digits.
    pub(super) fn written(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads what [`CodeHash::written`] wrote; `None` for anything else.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.len() != 64 {
            return None;
        }
        let mut hash = [0; 32];
        for (at, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(hash))
    }
}

/// The key until the secret is known.
fn no_secret() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &[])
}
