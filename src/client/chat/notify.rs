//! What calls the person: mentions, the rules of what notifies, the bell, and the title of the window.
//!
//! Must not know: what a terminal does with them.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::client::settings::setting_key::place_key;
use crate::client::settings::{NotifyLevel, Settings};
use crate::model::search_words;
use crate::model::{Target, Timestamp};

/// The least time between two rings, so that a flood does not ring all the time.
pub(crate) const BELL_PAUSE: Duration = Duration::from_secs(2);

/// The most conversations that notify within that time.
pub const MAX_TOLD: usize = 50;

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

/// Decides what calls the person, by their rules and by whether they look.
#[derive(Clone, Debug, Default)]
pub struct Notifier {
    bell: Bell,
    /// The conversations that notified a moment ago.
    told: Vec<(String, Timestamp)>,
    level: NotifyLevel,
    /// The rules of conversations, by key.
    rules: BTreeMap<String, NotifyLevel>,
    rings: bool,
    content: bool,
    undisturbed: bool,
    /// Whether the terminal has the focus, if it has said so.
    focus: Option<bool>,
}

/// How the person is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Whether the bell rings.
    pub rings: bool,
    /// Whether a notification is shown.
    pub notifies: bool,
}

impl Notifier {
    /// Takes the person's settings.
    pub fn adopt(&mut self, settings: &Settings) {
        (self.level, self.rings, self.content) = (settings.notify, settings.bell, settings.notify_content);
        self.rules = settings.conversations.iter().map(|(place, level)| (place_key(place), *level)).collect();
    }

    /// Sets whether nothing calls the person.
    pub fn set_undisturbed(&mut self, undisturbed: bool) {
        self.undisturbed = undisturbed;
    }

    /// Whether nothing calls the person.
    #[must_use]
    pub fn is_undisturbed(&self) -> bool {
        self.undisturbed
    }

    /// Whether a notification carries the text of the message.
    #[must_use]
    pub fn shows_content(&self) -> bool {
        self.content
    }

    /// The terminal got or lost the focus. Returns whether the person looks again.
    pub fn focus(&mut self, focus: bool) -> bool {
        let away = self.looks_elsewhere();
        self.focus = Some(focus);
        away && focus
    }

    /// Whether the person surely looks elsewhere.
    #[must_use]
    pub fn looks_elsewhere(&self) -> bool {
        self.focus == Some(false)
    }

    /// Whether the terminal has said that it has the focus.
    #[must_use]
    pub fn surely_looks(&self) -> bool {
        self.focus == Some(true)
    }

    /// Whether a message of somebody else calls the person, by the rules.
    #[must_use]
    pub fn concerns(&self, place: &Target, mention: bool) -> bool {
        match self.rules.get(&place_key(place)).copied().unwrap_or(self.level) {
            NotifyLevel::All => true,
            NotifyLevel::Mentions => mention || matches!(place, Target::User(_)),
            NotifyLevel::Nothing => false,
        }
    }

    /// Calls the person about a conversation: the bell rings at most once in [`BELL_PAUSE`], and a conversation notifies
    /// at most once in that time, and so do at most [`MAX_TOLD`] of them.
    pub fn call(&mut self, place: &Target, now: Timestamp) -> Call {
        if self.undisturbed {
            return Call { rings: false, notifies: false };
        }
        self.told.retain(|(_, at)| now.since(*at) < BELL_PAUSE);
        let key = place_key(place);
        let notifies = self.told.len() < MAX_TOLD && !self.told.iter().any(|(told, _)| *told == key);
        if notifies {
            self.told.push((key, now));
        }
        Call { rings: self.rings && self.bell.ring(now), notifies }
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
