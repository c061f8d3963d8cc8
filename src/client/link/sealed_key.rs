//! A person's key as a text that only the person's passphrase opens: for accounts that several people share, where the
//! system cannot keep one person's file from another.
//!
//! The key is encrypted with ChaCha20-Poly1305 (RFC 8439) under a key that Argon2id (RFC 9106) makes of the passphrase.
//!
//! Must not know: where the text is kept, who asks for the passphrase, or where randomness comes from.

use argon2::{Algorithm, Argon2, Params, Version};
use base64ct::{Base64, Encoding as _};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// The first line of the text, which is sealed with the key: with other parameters, it is another line.
const HEAD: &str = "tr2-sealed-key:argon2id:65536:3:chacha20-poly1305\n";
/// Bytes of salt.
const SALT_BYTES: usize = 16;
/// Random bytes that [`seal`] needs.
pub(crate) const RANDOM_BYTES: usize = SALT_BYTES + NONCE_LEN;
/// KiB of memory and passes over it: about a quarter of a second.
const COST: (u32, u32) = (64 * 1024, 3);
/// Bytes of a key of ChaCha20-Poly1305.
const KEY_BYTES: usize = 32;

/// Why a sealed key was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sealed {
    /// It was sealed with another passphrase, or is damaged.
    OtherPassphrase,
    /// The text is no sealed key of this program.
    Unknown,
}

/// Seals a key, given as PEM. The random bytes must not be used twice.
pub(crate) fn seal(pem: &str, passphrase: &str, random: [u8; RANDOM_BYTES]) -> Option<String> {
    let (salt, nonce) = random.split_at_checked(SALT_BYTES)?;
    let mut sealed = pem.as_bytes().to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    key_of(passphrase, salt)?.seal_in_place_append_tag(nonce, Aad::from(HEAD), &mut sealed).ok()?;
    let all = [&random[..], &sealed].concat();
    Some(format!("{HEAD}{}\n", Base64::encode_string(&all)))
}

/// Opens a sealed key; returns it as PEM.
///
/// # Errors
/// Why it stays closed.
pub(crate) fn unseal(text: &str, passphrase: &str) -> Result<String, Sealed> {
    let body = text.strip_prefix(HEAD).ok_or(Sealed::Unknown)?;
    let all = Base64::decode_vec(body.trim_end()).map_err(|_| Sealed::Unknown)?;
    let (salt, rest) = all.split_at_checked(SALT_BYTES).ok_or(Sealed::Unknown)?;
    let (nonce, sealed) = rest.split_at_checked(NONCE_LEN).ok_or(Sealed::Unknown)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Sealed::Unknown)?;
    let mut sealed = sealed.to_vec();
    let key = key_of(passphrase, salt).ok_or(Sealed::Unknown)?;
    let pem = key.open_in_place(nonce, Aad::from(HEAD), &mut sealed).map_err(|_| Sealed::OtherPassphrase)?;
    String::from_utf8(pem.to_vec()).map_err(|_| Sealed::Unknown)
}

fn key_of(passphrase: &str, salt: &[u8]) -> Option<LessSafeKey> {
    let (memory, passes) = COST;
    let params = Params::new(memory, passes, 1, Some(KEY_BYTES)).ok()?;
    let mut key = [0; KEY_BYTES];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::default(), params);
    argon2.hash_password_into(passphrase.as_bytes(), salt, &mut key).ok()?;
    UnboundKey::new(&CHACHA20_POLY1305, &key).ok().map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn a_sealed_key_is_opened_by_its_passphrase_alone_and_whole() {
        let sealed = seal("the key\n", "correct horse", [7; RANDOM_BYTES]).unwrap();
        assert!(!sealed.contains("the key"));
        assert_eq!(unseal(&sealed, "correct horse").as_deref(), Ok("the key\n"));
        assert_eq!(unseal(&sealed, "Correct horse"), Err(Sealed::OtherPassphrase));
        let all = Base64::decode_vec(sealed.strip_prefix(HEAD).unwrap().trim_end()).unwrap();
        // A byte of the salt, of the nonce, of the key and of the tag.
        for at in [0, SALT_BYTES, RANDOM_BYTES, all.len() - 1] {
            let mut other = all.clone();
            other[at] ^= 1;
            let text = format!("{HEAD}{}", Base64::encode_string(&other));
            assert_eq!(unseal(&text, "correct horse"), Err(Sealed::OtherPassphrase), "byte {at}");
        }
        let short = format!("{HEAD}{}", Base64::encode_string(&all[..RANDOM_BYTES - 1]));
        for text in
            ["", HEAD, "-----BEGIN PRIVATE KEY-----\n", sealed.trim_start_matches('t'), &short, &format!("{HEAD}%%%")]
        {
            assert_eq!(unseal(text, "correct horse"), Err(Sealed::Unknown), "{text:?}");
        }
        assert_ne!(seal("the key\n", "correct horse", [8; RANDOM_BYTES]).unwrap(), sealed);
    }
}
