//! Long lists in several frames: names by groups, and a bound on one answer.
//!
//! Must not know: what is listed, or for whom.

use crate::model::Name;
use crate::server::limits::LIST_TOTAL;

/// The bytes that one answer may still take; a full one holds [`LIST_TOTAL`].
#[derive(Clone, Copy, Debug)]
pub struct Allowance(usize);

impl Default for Allowance {
    fn default() -> Self {
        Self(LIST_TOTAL)
    }
}

impl Allowance {
    /// Takes this many bytes; `false` if they do not fit, and from then on nothing fits.
    pub fn takes(&mut self, bytes: usize) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// Cuts names into groups whose joined length stays within `bytes`; at least one group, which may be empty.
pub fn groups<'a>(names: impl Iterator<Item = &'a Name>, bytes: usize) -> Vec<Vec<Name>> {
    each_group(names, bytes).collect()
}

/// As [`groups`], but takes only as many names as the groups that are asked for have.
pub fn each_group<'a>(names: impl Iterator<Item = &'a Name>, bytes: usize) -> impl Iterator<Item = Vec<Name>> {
    let mut names = names.peekable();
    let mut first = true;
    std::iter::from_fn(move || {
        if !std::mem::take(&mut first) && names.peek().is_none() {
            return None;
        }
        let mut group = Vec::new();
        let mut length = 0;
        while let Some(name) = names.next_if(|name| group.is_empty() || length + cost(name) <= bytes) {
            length += cost(name);
            group.push(name.clone());
        }
        Some(group)
    })
}

/// The bytes of a name in a group.
fn cost(name: &Name) -> usize {
    name.as_str().len() + 2
}
