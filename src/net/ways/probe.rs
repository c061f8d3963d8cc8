//! The packets that find a way: 24 bytes each, of which the other side chooses none. The answer is as long as the question.
//!
//! A kind of one byte, a number of seven, and 16 bytes of an HMAC-SHA256 over the sender, kind and number, under a key that
//! both ends of the channel derive from it: nobody else can make a probe or its answer, and none can be turned round.
//!
//! Must not know: where packets go, or when.

use ring::hmac::{self, HMAC_SHA256, Key};
use subtle::ConstantTimeEq as _;

/// How long a probe is, in bytes.
pub const PROBE: usize = 24;
/// The label under which the channel's secret for probes is exported.
pub const SECRET_LABEL: &[u8] = b"EXPORTER-tr2-ways";
/// Where the kind and number end.
const HEAD: usize = 8;

mod kind {
    /// Above those of `protocol::leg`, which come to the same socket.
    pub(super) const ASKS: u8 = 0x10;
    pub(super) const ANSWERS: u8 = 0x11;
}

/// A probe, by its number among those of the side that asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// Answer this.
    Asks(u64),
    /// The answer.
    Answers(u64),
}

/// Makes and reads the probes of one channel, for one of its sides.
#[derive(Debug)]
pub struct ProbeKey {
    key: Key,
    caller: bool,
}

impl ProbeKey {
    /// The key of the caller, or of the callee, from the secret that both share.
    #[must_use]
    pub fn new(secret: &[u8; 32], caller: bool) -> Self {
        Self { key: Key::new(HMAC_SHA256, secret), caller }
    }

    /// Whether a packet may be a probe, and is none of a channel's.
    #[must_use]
    pub fn may_be_probe(packet: &[u8]) -> bool {
        packet.first().is_some_and(|kind| matches!(*kind, kind::ASKS | kind::ANSWERS))
    }

    /// A probe of ours. Numbers go up to 2⁵⁶ - 1.
    #[must_use]
    pub fn write(&self, probe: Probe) -> Vec<u8> {
        let (kind, number) = match probe {
            Probe::Asks(number) => (kind::ASKS, number),
            Probe::Answers(number) => (kind::ANSWERS, number),
        };
        let [_, number @ ..] = number.to_be_bytes();
        let mut packet = vec![kind];
        packet.extend(number);
        let tag = self.tag(self.caller, &packet);
        packet.extend(tag);
        packet
    }

    /// Reads a probe of the other side; `None` if it is none.
    #[must_use]
    pub fn read(&self, packet: &[u8]) -> Option<Probe> {
        if packet.len() != PROBE {
            return None;
        }
        let (head, tag) = packet.split_at_checked(HEAD)?;
        let (&kind, number) = head.split_first()?;
        if !matches!(kind, kind::ASKS | kind::ANSWERS) || !bool::from(self.tag(!self.caller, head).ct_eq(tag)) {
            return None;
        }
        let number = number.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        Some(if kind == kind::ASKS { Probe::Asks(number) } else { Probe::Answers(number) })
    }

    fn tag(&self, by_caller: bool, head: &[u8]) -> [u8; PROBE - HEAD] {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(&[u8::from(by_caller)]);
        context.update(head);
        let mut tag = [0; PROBE - HEAD];
        tag.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
        tag
    }
}
