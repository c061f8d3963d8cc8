//! The four words that two people compare, to be sure that nobody stands between them.
//!
//! The words come from both keys, from a secret that only the two ends of a channel share, and from a nonce of each side.
//! The caller commits to its nonce before it knows the callee's. So whoever stands between them, with a channel to each,
//! has one try in 2^64 to make both sides' words the same, and no way to search for keys or nonces that do.
//!
//! Must not know: how the words are shown or compared.

use ring::digest::{Context, SHA256};

use crate::model::Fingerprint;
use crate::model::proquint::proquints;

/// What the words come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ingredients {
    /// The caller's key.
    pub caller: Fingerprint,
    /// The callee's key.
    pub callee: Fingerprint,
    /// The secret of the channel.
    pub secret: [u8; 32],
    /// The caller's nonce.
    pub caller_nonce: [u8; 16],
    /// The callee's nonce.
    pub callee_nonce: [u8; 16],
}

/// The label of the channel's secret.
pub const SECRET_LABEL: &[u8] = b"EXPORTER-tr2-words";

/// What a caller commits to its nonce with.
#[must_use]
pub fn commitment(nonce: &[u8; 16]) -> [u8; 32] {
    digest(&[b"tr2 commitment\n", nonce])
}

/// The words, such as `lusab-babad-gutih-tugad`.
#[must_use]
pub fn words(from: &Ingredients) -> String {
    let Ingredients { caller, callee, secret, caller_nonce, callee_nonce } = from;
    let sum = digest(&[b"tr2 words\n", &caller.0, &callee.0, secret, caller_nonce, callee_nonce]);
    proquints(sum.first_chunk::<8>().map_or(&[], |eight| eight))
}

/// The digest of parts whose lengths are fixed.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    parts.iter().for_each(|part| context.update(part));
    let mut sum = [0; 32];
    sum.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    sum
}
