//! The tokens of legs: each is computed from a secret, so that nobody can guess one, and the broker needs no randomness.
//!
//! Must not know: who gets which token.

use ring::hmac::{self, HMAC_SHA256, Key};

use crate::protocol::CallId;
use crate::protocol::leg::LegToken;
use crate::server::relay::RelayId;

/// What keeps these tokens apart from everything else that is computed from the secret.
const LABEL: &[u8] = b"leg of a call";
/// And those of conferences from those of calls of two.
const MEMBER_LABEL: &[u8] = b"leg in a conference";

/// Makes tokens.
#[derive(Debug)]
pub(super) struct LegTokens(Key);

impl LegTokens {
    pub(super) fn new(secret: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, secret))
    }

    /// The tokens of the caller's leg and of the callee's. No two calls that are relayed have the same number.
    pub(super) fn of(&self, call: CallId, relay: RelayId) -> [LegToken; 2] {
        [0, 1].map(|side| self.make(LABEL, call, relay, &[side]))
    }

    /// The token of the leg that a conference gives as its `count`th.
    pub(super) fn of_member(&self, call: CallId, relay: RelayId, count: u64) -> LegToken {
        self.make(MEMBER_LABEL, call, relay, &count.to_be_bytes())
    }

    fn make(&self, label: &[u8], call: CallId, relay: RelayId, which: &[u8]) -> LegToken {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(label);
        context.update(&call.0);
        context.update(&relay.0.to_be_bytes());
        context.update(which);
        let mut token = [0; 16];
        token.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
        LegToken(token)
    }
}
