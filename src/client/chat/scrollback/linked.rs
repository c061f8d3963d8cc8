//! Which columns of a wrapped row belong to a link.
//!
//! Must not know: what else stands in the row, or what a link does.

use std::ops::Range;

use crate::client::text::links;
use crate::client::text::wrap::cells;
use crate::client::view::LineLink;

/// The links in a row of a text: the row with the byte that it begins with, behind `indent` cells.
pub(super) fn row_links(text: &str, places: &[Range<usize>], (row, at): (&str, usize), indent: usize) -> Vec<LineLink> {
    let small = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
    let end = at + row.len();
    let link = |place: &Range<usize>| {
        let part = place.start.max(at)..place.end.min(end);
        let url = links::sanitized(text.get(place.clone())?)?;
        let start = indent + cells(text.get(at..part.start)?);
        Some(LineLink { start: small(start), width: small(cells(text.get(part)?)), url })
    };
    places.iter().filter(|place| place.start < end && place.end > at).filter_map(link).collect()
}
