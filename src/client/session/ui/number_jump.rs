//! A jump to a conversation by a number of up to two digits.
//!
//! Two digits go there, and one with Enter or after a pause; Esc gives up, and any other key does what it does otherwise.
//!
//! Must not know: which conversations there are.

use std::time::Duration;

use crate::client::key::Key;
use crate::model::Timestamp;

/// How long a second digit is waited for.
pub const DIGIT_PAUSE: Duration = Duration::from_secs(1);

/// The number as far as it is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum NumberJump {
    /// None is being typed.
    #[default]
    Idle,
    /// No digit yet.
    Begun,
    /// The first digit, and when it counts alone.
    Digit(usize, Timestamp),
}

/// What a key is to the jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JumpKey {
    /// Nothing: it is handled as usual.
    Other,
    /// A part of it.
    Taken,
    /// Its end, with this number.
    Go(usize),
}

impl NumberJump {
    /// Begins.
    pub(super) fn begin(&mut self) {
        *self = Self::Begun;
    }

    /// Handles a key.
    pub(super) fn key(&mut self, key: Key, now: Timestamp) -> JumpKey {
        let digit = if let Key::Char(c) = key { c.to_digit(10) } else { None };
        let digit = digit.and_then(|digit| usize::try_from(digit).ok());
        match (std::mem::take(self), digit, key) {
            (Self::Idle, ..) => JumpKey::Other,
            (Self::Begun, Some(digit), _) => {
                *self = Self::Digit(digit, now.after(DIGIT_PAUSE));
                JumpKey::Taken
            }
            (Self::Digit(first, _), Some(digit), _) => JumpKey::Go(10 * first + digit),
            (Self::Digit(first, _), None, Key::Enter) => JumpKey::Go(first),
            (Self::Begun, None, Key::Enter) | (Self::Begun | Self::Digit(..), None, Key::Esc) => JumpKey::Taken,
            (Self::Begun | Self::Digit(..), None, _) => JumpKey::Other,
        }
    }

    /// The number, if its only digit has stood long enough.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<usize> {
        let Self::Digit(number, until) = *self else { return None };
        if now < until {
            return None;
        }
        *self = Self::Idle;
        Some(number)
    }

    /// When the only digit counts alone.
    pub(super) fn deadline(self) -> Option<Timestamp> {
        if let Self::Digit(_, until) = self { Some(until) } else { None }
    }

    /// What is shown of it in front of the draft; `None` if none is being typed.
    pub(super) fn shown(self) -> Option<String> {
        match self {
            Self::Idle => None,
            Self::Begun => Some("go to number> ".to_owned()),
            Self::Digit(digit, _) => Some(format!("go to {digit}> ")),
        }
    }
}
