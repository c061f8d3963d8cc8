//! What calls the user: the bell, and the title of the window.
//!
//! Must not know: what a terminal does with either.

use std::time::Duration;

use crate::model::Timestamp;

/// Between two bells at least this long, so that a flood does not ring for ever.
pub const BELL_PAUSE: Duration = Duration::from_secs(2);

/// Whether `text` calls `name`: the name stands there as a word, whatever the case.
#[must_use]
pub fn mentions(text: &str, name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(&name).any(|(at, found)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(letter) && !after.is_some_and(letter)
    })
}

/// The bell, which keeps still for a while after ringing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bell {
    rang: Option<Timestamp>,
}

impl Bell {
    /// Whether to ring now.
    pub fn ring(&mut self, now: Timestamp) -> bool {
        let due = self.rang.is_none_or(|rang| now.since(rang) >= BELL_PAUSE);
        if due {
            self.rang = Some(now);
        }
        due
    }
}

/// The title of the window: how many messages wait.
#[must_use]
pub fn title(unread: usize) -> String {
    if unread == 0 { "tr2".to_owned() } else { format!("tr2 ({unread})") }
}
