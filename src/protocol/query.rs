//! Search queries: words, `"words in a row"`, `from:NAME`, `in:NAME`, `before:DAY`, `after:DAY`.
//!
//! Must not know: how the search works, or what the user may see.

use std::fmt;

use chrono::NaiveDate;

use crate::model::{Timestamp, Zone};

/// The most words and phrases in one query.
pub(crate) const MAX_TERMS: usize = 16;

/// A search query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The words and phrases that a message must contain, all of them.
    pub terms: Vec<Term>,
    /// The sender, as written.
    pub from: Option<String>,
    /// The conversation, as written: `everyone` or a user's name.
    pub within: Option<String>,
    /// Sent before this moment.
    pub before: Option<Timestamp>,
    /// Sent at this moment or later.
    pub after: Option<Timestamp>,
}

/// A word or a phrase. Case and accents do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The text, without quotes.
    pub text: String,
    /// Whether its end may be the beginning of a longer word, as a `*` behind it says.
    pub prefix: bool,
}

/// Why a query was refused. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// It has nothing to search for.
    #[error("Give a word to search for; from:NAME, in:NAME, before:DAY and after:DAY narrow the search.")]
    Empty,
    /// It has more than `MAX_TERMS`.
    #[error("A search has at most {MAX_TERMS} words.")]
    TooMany,
    /// It has something that is neither a day nor a moment.
    #[error("Not a date: {0}. Use YYYY-MM-DD.")]
    Day(String),
}

impl Query {
    /// Reads a query whose days are those of `zone`. `before:` a day means before it begins, `after:` means from its
    /// beginning on. Words lose the signs at their ends.
    ///
    /// # Errors
    /// What is wrong with the query.
    pub fn parse(text: &str, zone: &Zone) -> Result<Self, QueryError> {
        let mut query = Self::default();
        for (word, quoted) in words(text) {
            match word.split_once(':').filter(|(_, value)| !quoted && !value.is_empty()) {
                Some(("from", name)) => query.from = Some(name.to_owned()),
                Some(("in", name)) => query.within = Some(name.to_owned()),
                Some(("before", day)) => query.before = Some(moment(day, zone)?),
                Some(("after" | "since", day)) => query.after = Some(moment(day, zone)?),
                _ => query.terms.extend(Term::of(word)),
            }
        }
        match query.terms.len() {
            0 if query.from.is_none() && query.within.is_none() && query.before.is_none() && query.after.is_none() => {
                Err(QueryError::Empty)
            }
            terms if terms > MAX_TERMS => Err(QueryError::TooMany),
            _ => Ok(query),
        }
    }
}

impl fmt::Display for Query {
    /// The query as sent over the wire: [`Query::parse`] reads it back in any time zone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words: Vec<String> = Vec::new();
        for Term { text, prefix } in &self.terms {
            let quoted = if text.contains(|c: char| c.is_whitespace() || c == ':') {
                format!("\"{text}\"")
            } else {
                text.clone()
            };
            words.push(if *prefix { quoted + "*" } else { quoted });
        }
        words.extend(self.from.iter().map(|name| format!("from:{name}")));
        words.extend(self.within.iter().map(|name| format!("in:{name}")));
        words.extend(self.before.iter().map(|time| format!("before:{}", time.rfc3339())));
        words.extend(self.after.iter().map(|time| format!("after:{}", time.rfc3339())));
        f.write_str(&words.join(" "))
    }
}

impl Term {
    fn of(word: &str) -> Option<Self> {
        let prefix = word.ends_with('*');
        let text = word.trim_matches(|c: char| !c.is_alphanumeric());
        (!text.is_empty()).then(|| Self { text: text.to_owned(), prefix })
    }
}

/// Splits into words; what stands in quotes is one word, and a missing quote is added at the end. A `*` right behind a
/// closing quote belongs to the word.
fn words(text: &str) -> Vec<(&str, bool)> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, quoted, tail) = match rest.strip_prefix('"') {
            Some(inside) => {
                let end = inside.find('"').unwrap_or(inside.len());
                let tail = inside.get(end..).unwrap_or_default();
                let star = tail.starts_with("\"*");
                let tail = tail.trim_start_matches('"').trim_start_matches('*');
                let length = rest.len() - tail.len();
                // With its star, if there is one, for `Term::of`.
                let shown = if star { rest.get(..length) } else { inside.get(..end) };
                (shown.unwrap_or_default(), true, tail)
            }
            None => {
                let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
                let (word, tail) = rest.split_at(end);
                (word, false, tail)
            }
        };
        words.push((word, quoted));
        rest = tail.trim_start();
    }
    words
}

/// The beginning of a day, or a moment in RFC 3339.
fn moment(text: &str, zone: &Zone) -> Result<Timestamp, QueryError> {
    if let Some(time) = Timestamp::parse(text) {
        return Ok(time);
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map(|day| zone.start_of(day))
        .map_err(|_| QueryError::Day(text.to_owned()))
}
