//! The numbers of messages: they grow from message to message, are never given twice, and say nothing but the time.
//!
//! A number counts nothing: whoever sees the numbers of two messages cannot tell from them how many others, which they may
//! not see, were sent in between. Each millisecond has [`NUMBERS_OF_A_MILLISECOND`] numbers, more than there are messages,
//! and within it the numbers leave gaps that only this server can foresee. When the wall clock goes back, the numbers go on
//! by the steady clock.
//!
//! Must not know: what is sent, or to whom.

use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::model::{MessageId, Now, Timestamp};
use crate::server::limits::NUMBERS_OF_A_MILLISECOND;

/// Gives the numbers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Numbering {
    /// The highest number that was given.
    last: MessageId,
    /// The time in milliseconds that numbers follow, which never goes back; and when that was, on the steady clock.
    time: i64,
    at: Option<Timestamp>,
    /// The key that gaps are drawn with.
    #[serde(skip, default = "no_key")]
    key: hmac::Key,
    /// How many times gaps were drawn, and those that are left of the last time.
    drawn: u64,
    gaps: Vec<u8>,
}

impl Numbering {
    /// Goes on after this number; `secret` is random and known to nobody else.
    pub(super) fn new(last: MessageId, secret: &[u8; 32]) -> Self {
        Self {
            last,
            time: i64::try_from(last.0 / NUMBERS_OF_A_MILLISECOND).unwrap_or(i64::MAX),
            at: None,
            key: key_of(secret),
            drawn: 0,
            gaps: Vec::new(),
        }
    }

    /// What was read goes on with this secret.
    pub(super) fn goes_on(&mut self, secret: &[u8; 32]) {
        self.key = key_of(secret);
    }

    /// The highest number that was given.
    pub(super) fn last(&self) -> MessageId {
        self.last
    }

    /// The next number.
    pub(super) fn next(&mut self, now: Now) -> MessageId {
        let passed = self.at.map_or(0, |at| now.steady.0.saturating_sub(at.0).max(0));
        (self.time, self.at) = (self.time.saturating_add(passed).max(now.wall.0), Some(now.steady));
        let first = u64::try_from(self.time).unwrap_or(0).saturating_mul(NUMBERS_OF_A_MILLISECOND);
        let gap = u64::from(self.gap());
        self.last = MessageId(if self.last.0 < first {
            // A quarter of the numbers, so that the first message of a millisecond cannot be told from the next ones.
            first.saturating_add(gap)
        } else {
            self.last.0.saturating_add(2 + gap % 8)
        });
        self.last
    }

    fn gap(&mut self) -> u8 {
        if self.gaps.is_empty() {
            self.drawn += 1;
            self.gaps.extend_from_slice(hmac::sign(&self.key, &self.drawn.to_be_bytes()).as_ref());
        }
        self.gaps.pop().unwrap_or_default()
    }
}

fn key_of(secret: &[u8; 32]) -> hmac::Key {
    let secret = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let own = hmac::sign(&secret, b"gaps between the numbers of messages");
    hmac::Key::new(hmac::HMAC_SHA256, own.as_ref())
}

/// The key until the secret is known.
fn no_key() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &[])
}
