//! Nkeys: the Ed25519 keys of NATS, written in base 32 with a checksum.
//!
//! Must not know: where a key is kept, what is signed.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

/// The first byte of a public key of a user, of which five bits make the letter U.
const USER: u8 = 20 << 3;
/// The first five bits of a seed, which make the letter S.
const SEED: u8 = 18 << 3;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A user's key, of which nothing is shown.
pub struct UserKey(Ed25519KeyPair);

impl UserKey {
    /// Reads a seed, which begins with `SU`; `None` if it is none, or mistyped.
    #[must_use]
    pub fn from_seed(seed: &str) -> Option<Self> {
        let raw = decode(seed.trim())?;
        let (rest, sum) = raw.split_last_chunk::<2>()?;
        let (&[first, second], key) = rest.split_first_chunk::<2>()?;
        let kind = (first & 7) << 5 | second >> 3;
        if crc16(rest) != u16::from_le_bytes(*sum) || first & 0xf8 != SEED || kind != USER {
            return None;
        }
        Ed25519KeyPair::from_seed_unchecked(key).ok().map(Self)
    }

    /// The public key, which begins with `U`.
    #[must_use]
    pub fn public(&self) -> String {
        let mut raw = vec![USER];
        raw.extend_from_slice(self.0.public_key().as_ref());
        raw.extend_from_slice(&crc16(&raw).to_le_bytes());
        encode(&raw)
    }

    /// The signature of what the server has drawn, as CONNECT has it.
    #[must_use]
    pub fn sign(&self, nonce: &str) -> String {
        Base64UrlUnpadded::encode_string(self.0.sign(nonce.as_bytes()).as_ref())
    }
}

impl std::fmt::Debug for UserKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserKey")
    }
}

/// Base 32 (RFC 4648) without padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        held = held << 5 | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    Some(bytes)
}

fn encode(bytes: &[u8]) -> String {
    let (mut bits, mut held, mut text) = (0_u32, 0_u32, String::new());
    let mut letter = |held: u32| {
        let at = usize::try_from(held & 31).unwrap_or_default();
        text.extend(ALPHABET.get(at).map(|letter| char::from(*letter)));
    };
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            letter(held >> bits);
        }
    }
    if bits > 0 {
        letter(held << (5 - bits));
    }
    text
}

/// CRC-16 with the polynomial 0x1021 (XMODEM).
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u16::from(*byte) << 8, |sum, _| if sum & 0x8000 == 0 { sum << 1 } else { sum << 1 ^ 0x1021 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_32_goes_both_ways() {
        for (bytes, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("fooba", "MZXW6YTB")] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text), Some(bytes.as_bytes().to_vec()));
        }
        assert_eq!(decode("M1"), None);
    }

    #[test]
    fn the_checksum_is_that_of_xmodem() {
        assert_eq!(crc16(b"123456789"), 0x31c3);
    }
}
