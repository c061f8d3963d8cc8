//! A glossary: terms and their meanings below headings, filtered by typing. It only explains; nothing in it is picked.
//!
//! Must not know: what the terms stand for.

use super::view::{WORDS, pair};
use crate::client::key::Key;
use crate::client::text::wrap::{cells, fit, wrap};
use crate::client::view::{DialogRow, Scope, StyledLine};
use crate::model::Text;

/// The longest filter, in bytes.
const MAX_FILTER: usize = 60;
/// The widest term that counts as short, and the blanks behind it, in cells.
const SHORT: usize = 16;
const GAP: usize = 2;

/// Terms under headings.
#[derive(Clone, Debug, Default)]
pub struct Glossary {
    /// The noun for its terms.
    pub what: &'static str,
    /// A text in front of the first heading, while nothing is filtered.
    pub note: String,
    /// The sections, in order.
    pub sections: Vec<GlossarySection>,
    /// The filter: words that an entry must contain to be shown.
    pub filter: String,
}

/// A heading, and what stands below it.
#[derive(Clone, Debug, Default)]
pub struct GlossarySection {
    /// The heading.
    pub title: String,
    /// The terms, each with its meaning.
    pub entries: Vec<(String, String)>,
}

impl Glossary {
    /// The sections with the entries that pass the filter; no empty ones.
    #[must_use]
    pub fn shown<'a>(&'a self) -> Vec<(&'a str, Vec<&'a (String, String)>)> {
        let filter = self.filter.trim().to_lowercase();
        let words: Vec<&str> = filter.split_whitespace().collect();
        let all = || self.sections.iter().flat_map(|section| &section.entries);
        // Words that stand together somewhere are not looked for one by one.
        let whole = all().any(|entry| has(entry, &filter));
        let fits = |entry: &&(String, String)| {
            if whole { has(entry, &filter) } else { words.iter().all(|word| has(entry, word)) }
        };
        let fit = |section: &'a GlossarySection| section.entries.iter().filter(fits).collect::<Vec<_>>();
        let sections = self.sections.iter().map(|section| (section.title.as_str(), fit(section)));
        sections.filter(|(_, entries)| !entries.is_empty()).collect()
    }

    /// The number of entries that pass the filter.
    fn count(&self) -> usize {
        self.shown().iter().map(|(_, entries)| entries.len()).sum()
    }

    /// Handles a key; `false` if it does not change the filter.
    pub(super) fn key(&mut self, key: Key) -> bool {
        match key {
            Key::Char(c) if self.filter.len() < MAX_FILTER => {
                self.filter.push(c);
                self.filter = Text::line(self.filter.trim_start()).to_string();
            }
            Key::Backspace => drop(self.filter.pop()),
            Key::Ctrl('u') => self.filter.clear(),
            _ => return false,
        }
        true
    }

    /// The rows below the first one.
    fn rows(&self, inner: usize) -> Vec<DialogRow> {
        let mut rows = Vec::new();
        if self.filter.trim().is_empty() && !self.note.is_empty() {
            let note = wrap(&self.note, inner).into_iter();
            rows.extend(note.map(|row| DialogRow::Text(StyledLine::of(Scope::Dim, row))));
        }
        for (title, entries) in self.shown() {
            if !rows.is_empty() {
                rows.push(DialogRow::Text(StyledLine::default()));
            }
            rows.push(DialogRow::Text(StyledLine::of(Scope::Dim, fit(title, inner))));
            let column = self.column(title);
            entries.into_iter().for_each(|(word, meaning)| pair(word, meaning, column, inner, &mut rows));
        }
        rows
    }

    /// The width of the column of terms in a section: one for all sections with nothing but short terms.
    fn column(&self, title: &str) -> usize {
        let widest = |section: &GlossarySection| section.entries.iter().map(|(word, _)| cells(word)).max().unwrap_or(0);
        let is_short = |section: &&GlossarySection| widest(section) <= SHORT;
        if !self.sections.iter().filter(is_short).any(|section| section.title == title) {
            return WORDS;
        }
        self.sections.iter().filter(is_short).map(widest).max().unwrap_or(SHORT) + GAP
    }

    /// How far it can be scrolled where `height` rows fit.
    pub(super) fn last_scroll(&self, inner: usize, height: usize) -> usize {
        self.rows(inner).len().saturating_sub(height.saturating_sub(1))
    }

    /// The rows that are visible: the first one says what is filtered and stays; the others are scrolled by `scroll`. The
    /// height does not change with the filter.
    pub(super) fn visible(&self, inner: usize, most: usize, scroll: usize) -> Vec<DialogRow> {
        let rows = self.rows(inner);
        let whole = Self { filter: String::new(), ..self.clone() }.rows(inner).len();
        let height = (whole + 1).min(most);
        let scroll = scroll.min(self.last_scroll(inner, height));
        let below = rows.len().saturating_sub(scroll + height.saturating_sub(1));
        let mut shown = vec![DialogRow::Text(StyledLine::of(Scope::Dim, self.hint(inner, below > 0)))];
        shown.extend(rows.into_iter().skip(scroll));
        shown.resize(height, DialogRow::Text(StyledLine::default()));
        shown
    }

    /// How many entries there are, and what to type, as far as there is room.
    fn hint(&self, inner: usize, more: bool) -> String {
        let (count, what) = (self.count(), self.what);
        let filter = self.filter.as_str();
        let words = match (filter.trim().is_empty(), count) {
            (true, count) => vec![format!("{count} {what}"), "type to filter".to_owned()],
            (false, 0) => vec![format!("Nothing matches \"{filter}\".")],
            (false, count) => vec![format!("{count} with \"{filter}\"")],
        };
        let words: Vec<String> = words.into_iter().chain(more.then(|| "PageDown for more".to_owned())).collect();
        let fits = |count: &usize| cells(&words.get(..*count).unwrap_or_default().join(" · ")) <= inner;
        let count = (1..=words.len()).rev().find(fits).unwrap_or(1);
        fit(&words.get(..count).unwrap_or_default().join(" · "), inner)
    }
}

/// Whether an entry has a text in it. Who looks for `ctrl k` or `donotdisturb` means what is written with hyphens.
fn has((word, meaning): &(String, String), wanted: &str) -> bool {
    let text = format!("{word} {meaning}").to_lowercase();
    text.contains(wanted) || text.replace('-', " ").contains(wanted) || text.replace('-', "").contains(wanted)
}
