//! The order of conversations, as the lines of a file: a head, then one line for each place.
//!
//! Must not know: files, or how an order is used.

use crate::model::Target;

/// The most places of an order.
pub const MAX_NUMBERED: usize = 500;
/// The first line: it says what the file is.
pub const HEAD: &str = "tr2 conversations 1";

/// The whole file.
#[must_use]
pub fn written(places: &[Target]) -> String {
    let places = places.iter().take(MAX_NUMBERED).map(ToString::to_string);
    std::iter::once(HEAD.to_owned()).chain(places).map(|line| line + "\n").collect()
}

/// Reads a whole file, of which no more than [`MAX_NUMBERED`] places are taken.
///
/// # Errors
/// The number of the first line that is none.
pub fn read(file: &str) -> Result<Vec<Target>, usize> {
    let mut lines = file.strip_suffix('\n').unwrap_or(file).split('\n').enumerate();
    if lines.next().map(|(_, head)| head) != Some(HEAD) {
        return Err(1);
    }
    lines.take(MAX_NUMBERED).map(|(at, line)| Target::restored(line).ok_or(at + 1)).collect()
}
