//! Challenges to addresses, without keeping any: each is computed from the address, and again when it comes back.
//!
//! Must not know: what an address that answered may do.

use std::net::SocketAddr;

use ring::hmac::{self, HMAC_SHA256, Key};
use subtle::ConstantTimeEq as _;

use crate::model::Timestamp;
use crate::protocol::ip_address;
use crate::protocol::leg::LegToken;

/// How long a challenge can be answered, in milliseconds; at most twice as long.
const VALID: i64 = 5000;

/// What keeps the key of challenges apart from everything else that is computed from the secret.
const LABEL: &[u8] = b"challenges of the relay";

/// Makes challenges and checks their answers.
#[derive(Debug)]
pub(super) struct Challenges(Key);

impl Challenges {
    pub(super) fn new(secret: &[u8; 32]) -> Self {
        let own = hmac::sign(&Key::new(HMAC_SHA256, secret), LABEL);
        Self(Key::new(HMAC_SHA256, own.as_ref()))
    }

    /// The challenge for an address that showed this token.
    pub(super) fn of(&self, address: SocketAddr, token: LegToken, now: Timestamp) -> [u8; 16] {
        self.at(address, token, now.0.div_euclid(VALID))
    }

    /// Whether an answer is the challenge that this address was sent a moment ago.
    pub(super) fn is_right(&self, address: SocketAddr, token: LegToken, answer: [u8; 16], now: Timestamp) -> bool {
        let period = now.0.div_euclid(VALID);
        let right = |period| bool::from(self.at(address, token, period).ct_eq(&answer));
        // Both are computed whatever the first says.
        right(period) | right(period - 1)
    }

    fn at(&self, address: SocketAddr, token: LegToken, period: i64) -> [u8; 16] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&ip_address::write(&address));
        context.update(&token.0);
        context.update(&period.to_be_bytes());
        let mut challenge = [0; 16];
        challenge.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
        challenge
    }
}
