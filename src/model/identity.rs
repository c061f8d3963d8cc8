//! What a user has proved to be: a user of this machine, on the kernel's word, or the owner of a key.
//!
//! Must not know: how it was proved, or which names belong to it.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64Unpadded, Encoding as _};

use serde::{Deserialize, Serialize};

/// The prefix of a fingerprint, as in OpenSSH.
const PREFIX: &str = "SHA256:";
/// The prefix of a Unix user number.
const UID_PREFIX: &str = "uid:";

/// The SHA-256 digest of a public key, taken over the certificate's `SubjectPublicKeyInfo` (RFC 5280, section 4.1).
///
/// Its `Display` is `SHA256:` and the digest in base64 without padding, as in SSH.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fingerprint(pub [u8; 32]);

/// The text is not a fingerprint. Its `Display` is a sentence for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Not a fingerprint; one is SHA256: and 43 letters, digits, + or /.")]
pub struct NoFingerprint;

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        let sum = text.trim().strip_prefix(PREFIX).ok_or(NoFingerprint)?;
        let mut bytes = [0; 32];
        match Base64Unpadded::decode(sum.trim_end_matches('='), &mut bytes) {
            Ok(all) if all.len() == 32 => Ok(Self(bytes)),
            _ => Err(NoFingerprint),
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", Base64Unpadded::encode_string(&self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The identity of a verified session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Identity {
    /// The user of the server's machine with this number, on the kernel's word.
    Uid(u32),
    /// The owner of the key with this fingerprint.
    Key(Fingerprint),
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uid(uid) => write!(f, "{UID_PREFIX}{uid}"),
            Self::Key(key) => key.fmt(f),
        }
    }
}

impl FromStr for Identity {
    type Err = NoFingerprint;

    /// Takes what `Display` writes: `uid:1000` or `SHA256:…`.
    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        match text.trim().strip_prefix(UID_PREFIX) {
            Some(uid) => uid.parse().map(Self::Uid).map_err(|_| NoFingerprint),
            None => text.parse().map(Self::Key),
        }
    }
}
