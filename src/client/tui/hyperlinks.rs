//! Hyperlinks (OSC 8): a small number for each link that is shown, and the sequences that begin and end one.
//!
//! Keeps true: no link can end its sequence early, and the table stays small.
//!
//! Must not know: which cells belong to a link, or what a link is about.

use std::collections::BTreeSet;
use std::io::Write as _;

use crate::client::text::links::sanitized;

/// The most links that have a number; beyond that, the numbers are given anew.
pub(super) const MAX_LINKS: usize = 256;

/// The number of a link; 0 for none.
pub(super) type LinkNumber = u32;

/// Cells of the screen that belong to a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LinkedCells {
    /// The first column.
    pub x: u16,
    /// The row.
    pub y: u16,
    /// The columns.
    pub width: u16,
    /// The link.
    pub url: String,
}

/// The links that have a number.
#[derive(Clone, Debug, Default)]
pub(super) struct LinkTable(Vec<String>);

impl LinkTable {
    /// Whether the links of a frame need numbers that an empty table could give them, and this one cannot.
    #[must_use]
    pub(super) fn lacks_room_for(&self, linked: &[LinkedCells]) -> bool {
        let urls: BTreeSet<&str> = linked.iter().map(|cells| cells.url.as_str()).collect();
        let unknown = urls.iter().filter(|url| !self.0.iter().any(|known| known == *url)).count();
        unknown > MAX_LINKS - self.0.len() && urls.len() <= MAX_LINKS
    }

    /// Forgets all links.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The number of a link; 0 if it is none that may be shown, or if the table is full.
    pub(super) fn number(&mut self, url: &str) -> LinkNumber {
        let at = self.0.iter().position(|known| known == url);
        let at = at.or_else(|| {
            // It was made harmless long before; this is the last line of defence.
            let harmless = self.0.len() < MAX_LINKS && sanitized(url).is_some_and(|clean| clean == url);
            harmless.then(|| {
                self.0.push(url.to_owned());
                self.0.len() - 1
            })
        });
        at.and_then(|at| LinkNumber::try_from(at + 1).ok()).unwrap_or(0)
    }

    /// Writes the beginning of a link, or the end of the one before. Terminals take the parts of a link, as on two rows,
    /// for one by its number.
    pub(super) fn write(&self, number: LinkNumber, out: &mut Vec<u8>) {
        let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let _ = match at.and_then(|at| self.0.get(at)) {
            Some(url) => write!(out, "\x1b]8;id={number};{url}\x1b\\"),
            None => write!(out, "\x1b]8;;\x1b\\"),
        };
    }
}
