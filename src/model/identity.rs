//! Who somebody proved to be: the user of this machine whom the kernel vouches for, or the owner of a key.
//!
//! Must not know: how it was proved, or which names belong to it.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64Unpadded, Encoding as _};

/// What a fingerprint begins with, as in OpenSSH.
const PREFIX: &str = "SHA256:";
/// What the number of a user of this machine begins with.
const UID_PREFIX: &str = "uid:";

/// The SHA-256 sum of a public key, as the `SubjectPublicKeyInfo` of a certificate holds it (RFC 5280, section 4.1).
///
/// Its `Display` is `SHA256:` and the sum in base64 without padding, as people know it from SSH.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

/// A text that is no fingerprint. Its `Display` is a sentence for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("That is no fingerprint; one looks like SHA256: and 43 letters, digits, + or /.")]
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

/// Who a verified session belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identity {
    /// The user of the server's machine with this number, as the kernel says.
    Uid(u32),
    /// Whoever has the key with this fingerprint.
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
