//! The tokens of legs: each is computed from a secret, so that nobody can guess one, and the broker needs no randomness.
//!
//! Must not know: who gets which token.

use ring::hmac::{self, HMAC_SHA256, Key};

use crate::protocol::CallId;
use crate::protocol::leg::LegToken;
use crate::server::relay::RelayId;

/// What keeps these tokens apart from everything else that is computed from the secret.
const LABEL: &[u8] = b"leg of a call";

/// Makes tokens.
#[derive(Debug)]
pub(super) struct LegTokens(Key);

impl LegTokens {
    pub(super) fn new(secret: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, secret))
    }

    /// The tokens of the caller's leg and of the callee's. No two calls that are relayed have the same number.
    pub(super) fn of(&self, call: CallId, relay: RelayId) -> [LegToken; 2] {
        [0, 1].map(|side| {
            let mut context = hmac::Context::with_key(&self.0);
            context.update(LABEL);
            context.update(&call.0);
            context.update(&relay.0.to_be_bytes());
            context.update(&[side]);
            let mut token = [0; 16];
            token.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
            LegToken(token)
        })
    }
}
