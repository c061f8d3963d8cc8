//! Mentions, the bell, and the title of the window.
//!
//! Must not know: what a terminal does with them.

use std::time::Duration;

use crate::model::Timestamp;
use crate::model::search_words;

/// The least time between two rings, so that a flood does not ring all the time.
pub(crate) const BELL_PAUSE: Duration = Duration::from_secs(2);

/// Whether `text` mentions `name`: as a whole word, whatever its case and accents, that is no part of an address, a path
/// or another word.
#[must_use]
pub fn mentions(text: &str, name: &str) -> bool {
    let name = search_words::fold(name);
    let mut from = 0;
    while let Some(rest) = text.get(from..).filter(|_| !name.is_empty()) {
        let Some(found) = search_words::find(rest, &name, false) else { return false };
        let (start, end) = (from + found.start, from + found.end);
        if let (Some(before), Some(after)) = (text.get(..start), text.get(end..))
            && stands_alone(before, after)
            && !is_sign(before, after, text.get(start..end).unwrap_or_default())
        {
            return true;
        }
        from = end;
    }
    false
}

/// Whether a word between these two texts is a word of its own.
fn stands_alone(before: &str, after: &str) -> bool {
    // The whole run without blanks up to the word: in an address, nobody is called.
    let run = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    if run.contains("://") || run.starts_with("www.") {
        return false;
    }
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (mut back, mut ahead) = (before.chars().rev(), after.chars());
    let (last, next) = (back.next(), ahead.next());
    let (previous, second) = (back.next(), ahead.next());
    let free_before = match last {
        Some('-' | '_' | '/' | '\\' | '=' | '$' | '#' | '%' | '&') => false,
        // `bob@alice` is an address, `@alice` is not; `a.alice` is a file, `a::alice` code, `d'alice` one word.
        Some('.' | '@' | '\'' | '’') => !word(previous),
        Some(':') => !word(previous) && previous != Some(':'),
        _ => true,
    };
    let free_after = match next {
        Some('-' | '_' | '/' | '\\' | '=' | '+' | '#') => false,
        Some('.' | '@') => !word(second),
        Some(':') => !matches!(second, Some('/' | '\\' | ':')),
        // `alice's` calls alice, `g'night` does not call g.
        Some('\'' | '’') => !word(second) || matches!(second, Some('s' | 'S')) && !word(ahead.next()),
        _ => true,
    };
    free_before && free_after
}

/// Whether a word of one letter in brackets is a sign, such as `(c)`.
fn is_sign(before: &str, after: &str, word: &str) -> bool {
    word.chars().count() == 1 && before.ends_with(['(', '[']) && after.starts_with([')', ']'])
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
