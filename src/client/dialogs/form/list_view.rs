//! The view of a list in a form: how many rows there are, those that fit, and the row under the cursor whole.
//!
//! Must not know: what the rows stand for, or how they are drawn.

use super::{Item, List};
use crate::client::text::names::distinct;
use crate::client::text::wrap::{CUT, cells, fit, fit_line, line_cells, wrap};
use crate::client::view::{DialogRow, ListRow, Scope, StyledLine, UNVERIFIED};
use crate::language::dialogs as say;

/// How many rows above and below those that are visible are looked at, so that no name looks like one of theirs.
const NEIGHBOURS: usize = 100;
/// What stands before the whole text of a row: that text begins below the text in the list.
const INDENT: &str = "  ";

/// The rows that there are for a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListRoom {
    /// Those for its rows.
    pub(super) rows: usize,
    /// Those below, for the whole text of the row under the cursor.
    pub(super) below: usize,
}

/// The left text of a row, cut to its room, behind the sign of an unverified user; `name` takes the place of a name.
fn left_of(item: &Item, name: String, room: usize) -> StyledLine {
    let mut left = StyledLine::of(Scope::Dim, if item.unverified { UNVERIFIED } else { "" });
    left.0.extend(item.left.0.iter().cloned());
    if let ([_], Some(last)) = (item.left.0.as_slice(), left.0.last_mut()) {
        last.text = name;
    }
    fit_line(left, room)
}

pub(super) fn list_part(list: &List, focused: bool, inner: usize, room: ListRoom, rows: &mut Vec<DialogRow>) {
    let list_rows = room.rows;
    let count = list.shown().count();
    let first = list.first_shown(list_rows);
    let hint = match (list.filter.is_empty(), count) {
        (true, 0) => list.nothing.to_string(),
        (true, 1) if !list.more => say::one_to_filter(list.what.0),
        (true, count) => say::many_to_filter(format!("{count}{}", if list.more { "+" } else { "" }), list.what.1),
        (false, count) => say::filtered(count, &list.filter),
    };
    rows.push(DialogRow::Text(StyledLine::of(Scope::Dim, fit(&hint, inner))));
    let above = first.min(NEIGHBOURS);
    let near: Vec<&Item> = list.shown().skip(first - above).take(above + list_rows + NEIGHBOURS).collect();
    // A row of one piece is a name: it stays distinct from those of the others.
    let place = |item: &&Item| match item.left.0.as_slice() {
        [name] => (name.text.clone(), left_room(item, inner).saturating_sub(usize::from(item.unverified))),
        _ => Default::default(),
    };
    let places: Vec<(String, usize)> = near.iter().map(place).collect();
    let names = distinct(&places.iter().map(|(name, room)| (name.as_str(), *room)).collect::<Vec<_>>());
    let visible = near.into_iter().zip(names).enumerate().skip(above).take(list_rows);
    rows.extend(visible.map(|(at, (item, name))| {
        let at = first - above + at;
        let left = left_of(item, name, left_room(item, inner));
        let right = right(item, inner);
        DialogRow::Choice { row: ListRow { left, right, current: false }, selected: at == list.at, focused, on: None }
    }));
    let under_cursor = list.picked().filter(|item| is_cut(item, inner));
    let whole = under_cursor.map(|item| whole(item, inner)).unwrap_or_default();
    let cut = whole.len() > room.below;
    for at in 0..room.below {
        let row = whole.get(at).map_or("", String::as_str);
        let row = if cut && at + 1 == room.below { fit(&format!("{row}{CUT}"), inner) } else { row.to_owned() };
        rows.push(DialogRow::Text(StyledLine::of(Scope::Text, row)));
    }
}

/// How many rows there are for the whole text of the row under the cursor: none if no row is cut, and otherwise as many
/// for every row, so that the dialog does not change its height with the cursor.
pub(super) fn whole_rows(list: &List, inner: usize) -> usize {
    if !list.whole || !list.shown().any(|item| is_cut(item, inner)) {
        return 0;
    }
    let longest = list.shown().max_by_key(|item| line_cells(&item.left));
    // Words may wrap so that a shorter text takes more rows than the longest.
    [longest, list.picked()].into_iter().flatten().map(|item| whole(item, inner).len()).max().unwrap_or(0)
}

fn is_cut(item: &Item, inner: usize) -> bool {
    line_cells(&item.left) > left_room(item, inner)
}

/// The whole text of a row, below the text in the list.
fn whole(item: &Item, inner: usize) -> Vec<String> {
    let indented = |row: String| format!("{INDENT}{row}");
    wrap(&item.left.text(), inner.saturating_sub(cells(INDENT))).into_iter().map(indented).collect()
}

/// The right text of a row.
fn right(item: &Item, inner: usize) -> StyledLine {
    fit_line(item.right.clone(), inner / 2)
}

/// The cells that the left text of a row has.
fn left_room(item: &Item, inner: usize) -> usize {
    let right = right(item, inner);
    inner.saturating_sub(2 + line_cells(&right) + usize::from(!right.0.is_empty()))
}
