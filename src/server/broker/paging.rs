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
    let mut groups = Vec::new();
    let mut group: Vec<Name> = Vec::new();
    let mut length = 0;
    for name in names {
        let more = name.as_str().len() + 2;
        if length + more > bytes && !group.is_empty() {
            groups.push(std::mem::take(&mut group));
            length = 0;
        }
        length += more;
        group.push(name.clone());
    }
    groups.push(group);
    groups
}
