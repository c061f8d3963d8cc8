//! Mentions, the bell, and the title of the window.
//!
//! Must not know: what a terminal does with them.

use std::time::Duration;

use crate::model::Timestamp;
use crate::model::search_words;

/// The least time between two rings, so that a flood does not ring all the time.
pub(crate) const BELL_PAUSE: Duration = Duration::from_secs(2);

/// Whether `text` mentions `name`: as a whole word, whatever its case and accents.
#[must_use]
pub fn mentions(text: &str, name: &str) -> bool {
    let name = search_words::fold(name);
    let goes_on = |c: char| matches!(c, '-' | '_');
    let mut from = 0;
    while let Some(rest) = text.get(from..).filter(|_| !name.is_empty()) {
        let Some(found) = search_words::find(rest, &name, false) else { return false };
        let (start, end) = (from + found.start, from + found.end);
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let after = text.get(end..).and_then(|after| after.chars().next());
        if !before.is_some_and(goes_on) && !after.is_some_and(goes_on) {
            return true;
        }
        from = end;
    }
    false
}

/// The bell, which stays silent for a while after it rang.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bell {
    rang: Option<Timestamp>,
}

impl Bell {
    /// Whether to ring now; if so, it counts as rung.
    pub fn ring(&mut self, now: Timestamp) -> bool {
        let due = self.rang.is_none_or(|rang| now.since(rang) >= BELL_PAUSE);
        if due {
            self.rang = Some(now);
        }
        due
    }
}

/// The number of unread messages, and of those that mention the user: `5 @2`.
#[must_use]
pub fn waiting(unread: usize, mentions: usize) -> String {
    let short = |count: usize| if count > 999 { "999+".to_owned() } else { count.to_string() };
    if mentions == 0 { short(unread) } else { format!("{} @{}", short(unread), short(mentions)) }
}

/// The title of the window.
#[must_use]
pub fn title(unread: usize, mentions: usize) -> String {
    if unread == 0 { "tr2".to_owned() } else { format!("tr2 ({})", waiting(unread, mentions)) }
}
