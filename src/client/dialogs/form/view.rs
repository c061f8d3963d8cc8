//! The view of a form at the size of the screen.
//!
//! Must not know: what the form is for, or how it is drawn.

use std::ops::Range;

use super::list_view::{ListRoom, list_part, whole_rows};
use super::{Button, Form, FormField, FormPart, Glossary};
use crate::client::text::layout::{LOW, centred};
use crate::client::text::wrap::{cells, fit, pad, take_end, wrap};
use crate::client::view::{DialogRow, DialogView, ListRow, Rect, Scope, StyledLine};

/// The widest dialog, in cells, including its border.
const WIDEST: u16 = 60;
/// The widest help, in the same way.
const WIDEST_READ: u16 = 100;
/// The width of the column of terms, and the least width of a form that has one, in cells.
pub(super) const WORDS: usize = 22;
const PAIRS_BESIDE: usize = 44;
/// The cells that a button takes besides its label, including the gap to the next one; and that gap.
const BUTTON: usize = 6;
const BUTTON_GAP: usize = 2;
/// The fewest rows that must remain above the rows pinned to the end of a form.
const LEAST_ABOVE: usize = 2;
/// The most rows of a list.
const LIST_ROWS: usize = 10;

impl Form {
    /// The form, over the middle of an area of a screen.
    #[must_use]
    pub fn view(&self, cols: u16, rows: u16, over: Rect) -> DialogView {
        let (inner, most) = self.inner(cols, rows);
        if inner == 0 || most == 0 {
            return DialogView { title: self.title.clone(), ..DialogView::default() };
        }
        let shown: Vec<DialogRow> = match self.glossary() {
            Some(glossary) => glossary.visible(inner, most, self.scroll),
            None => self.shown_rows(inner, most).into_iter().map(|(_, row)| row).collect(),
        };
        let outer = u16::try_from(shown.len()).unwrap_or(0).saturating_add(2);
        let area = centred((self.outer_width(cols), outer), over, (cols, rows));
        DialogView { area, title: fit(&self.title, inner), rows: shown }
    }

    /// The rows that fit, each with its index among all.
    pub(super) fn shown_rows(&self, inner: usize, most: usize) -> Vec<(usize, DialogRow)> {
        let (all, wanted) = self.all_rows(inner, most);
        let mut all: Vec<(usize, DialogRow)> = all.into_iter().enumerate().collect();
        let height = all.len().min(most);
        let below = self.kept_below(inner, all.len(), height);
        let kept = all.split_off(all.len() - below);
        let height = height - below;
        let first = self.first_row(&all, wanted, height);
        let cut = self.reads() && first + height < all.len();
        let with_cursor = |row: &&(usize, DialogRow)| matches!(row.1, DialogRow::Buttons(_, Some(_)));
        let buttons = if cut { all.iter().rfind(with_cursor).or(all.last()).cloned() } else { None };
        let mut shown: Vec<(usize, DialogRow)> = all.into_iter().skip(first).take(height).collect();
        // The buttons stay in view, however long the text is.
        if let (Some(buttons), Some(last), true) = (buttons, shown.last_mut(), height > 1) {
            *last = buttons;
        }
        shown.extend(kept);
        shown
    }

    /// The glossary of the form, if it is one.
    pub(super) fn glossary(&self) -> Option<&Glossary> {
        self.parts.iter().find_map(|part| if let FormPart::Glossary(glossary) = part { Some(glossary) } else { None })
    }

    /// The rows that a page scrolls: all that are visible but one, to continue reading from.
    #[must_use]
    pub(in crate::client::dialogs) fn page(&self, cols: u16, rows: u16) -> usize {
        let (_, most) = self.inner(cols, rows);
        most.saturating_sub(2 + usize::from(self.glossary().is_none())).max(1)
    }

    /// The part that a row belongs to, given its index among all, and its index in that part.
    pub(super) fn part_of_row(&self, at: usize, inner: usize, most: usize) -> Option<(usize, usize)> {
        let list_room = self.list_room(inner, most);
        let mut start = 0;
        for (index, part) in self.parts.iter().enumerate() {
            let mut rows = Vec::new();
            part_rows(part, false, inner, list_room, &mut rows);
            if at < start + rows.len() {
                return Some((index, at - start));
            }
            start += rows.len();
        }
        None
    }

    /// The width of the dialog on a screen of this width, with its border. What is only read has more room where there is.
    fn outer_width(&self, cols: u16) -> u16 {
        let widest = if self.glossary().is_some() { (cols / 4 * 3).clamp(WIDEST, WIDEST_READ) } else { WIDEST };
        cols.min(widest)
    }

    /// The most columns and rows for text inside the border.
    pub(super) fn inner(&self, cols: u16, rows: u16) -> (usize, usize) {
        let widest = Rect { width: self.outer_width(cols), ..Rect::default() };
        // Who reads the help still sees the status bar.
        let free = u16::from(self.glossary().is_some() && rows >= LOW);
        (usize::from(widest.text_width()), usize::from(rows.saturating_sub(2 + free)))
    }

    /// Limits the scroll position to the end, so that the next key upwards has an effect.
    pub fn stop_at_end(&mut self, cols: u16, rows: u16) {
        let (inner, most) = self.inner(cols, rows);
        if self.scroll == 0 || inner == 0 || most == 0 {
            return;
        }
        if let Some(glossary) = self.glossary() {
            self.scroll = self.scroll.min(glossary.last_scroll(inner, most));
        } else {
            self.scroll = self.scroll.min(self.all_rows(inner, most).0.len().saturating_sub(most));
        }
    }

    /// Whether the form is only text with buttons below.
    fn reads(&self) -> bool {
        self.parts.iter().all(|part| !matches!(part, FormPart::Field(_) | FormPart::List(_) | FormPart::Radio { .. }))
    }

    /// All rows, and the range of those of the part that has the focus.
    fn all_rows(&self, inner: usize, most: usize) -> (Vec<DialogRow>, Range<usize>) {
        let list_room = self.list_room(inner, most);
        let mut all = Vec::new();
        let mut wanted = 0..0;
        for (at, part) in self.parts.iter().enumerate() {
            let start = all.len();
            let focused = at == self.focus;
            part_rows(part, focused, inner, list_room, &mut all);
            if focused {
                wanted = start..all.len();
            }
        }
        (all, wanted)
    }

    /// How many rows are pinned to the end of a form that is too long: its note and its buttons.
    fn kept_below(&self, inner: usize, all: usize, height: usize) -> usize {
        let end = self.parts.iter().position(|part| matches!(part, FormPart::Note(_) | FormPart::Buttons { .. }));
        if self.reads() || all <= height {
            return 0;
        }
        let mut rows = Vec::new();
        for part in self.parts.iter().skip(end.unwrap_or(self.parts.len())) {
            part_rows(part, false, inner, ListRoom { rows: 1, below: 0 }, &mut rows);
        }
        // If they leave no room for the fields, nothing is pinned and everything scrolls.
        if rows.len() + LEAST_ABOVE <= height { rows.len() } else { 0 }
    }

    /// The rows that are left for a list.
    pub(super) fn list_room(&self, inner: usize, most: usize) -> ListRoom {
        let mut others = Vec::new();
        let mut below = 0;
        for part in &self.parts {
            match part {
                FormPart::List(list) => below = whole_rows(list, inner),
                part => part_rows(part, false, inner, ListRoom { rows: 0, below: 0 }, &mut others),
            }
        }
        let room = most.saturating_sub(others.len() + 1);
        let below = below.min(room.saturating_sub(LEAST_ABOVE));
        ListRoom { rows: (room - below).clamp(1, LIST_ROWS), below }
    }

    /// The first row shown, such that the part that has the focus is in view.
    fn first_row(&self, all: &[(usize, DialogRow)], wanted: Range<usize>, height: usize) -> usize {
        let last_first = all.len().saturating_sub(height);
        if self.reads() && last_first > 0 {
            return self.scroll.min(last_first);
        }
        // Prefer the row of the part that the cursor is on: a list may be taller than the dialog.
        let cursor = all.iter().enumerate().skip(wanted.start).take(wanted.len());
        let row = cursor.filter(|(_, (_, row))| has_cursor(row)).map(|(at, _)| at).next().unwrap_or(wanted.start);
        wanted.end.max(row + 1).saturating_sub(height).min(row).min(last_first)
    }
}

fn has_cursor(row: &DialogRow) -> bool {
    match row {
        DialogRow::Text(_) => false,
        DialogRow::Field { cursor, .. } => cursor.is_some(),
        DialogRow::Choice { selected, focused, .. } => *selected && *focused,
        DialogRow::Buttons(_, at) => at.is_some(),
    }
}

fn part_rows(part: &FormPart, focused: bool, inner: usize, list_room: ListRoom, rows: &mut Vec<DialogRow>) {
    match part {
        FormPart::Text(text) => {
            rows.extend(wrap(text, inner).into_iter().map(|row| DialogRow::Text(StyledLine::of(Scope::Text, row))));
        }
        FormPart::Note(text) => {
            rows.extend(wrap(text, inner).into_iter().map(|row| DialogRow::Text(StyledLine::of(Scope::Pending, row))));
        }
        FormPart::Heading(text) => rows.push(DialogRow::Text(StyledLine::of(Scope::Heading, fit(text, inner)))),
        FormPart::Pair(word, meaning) => pair(word, meaning, WORDS, inner, rows),
        // A form with a glossary has nothing else.
        FormPart::Glossary(_) => {}
        FormPart::Field(field) => rows.push(field_row(field, focused, inner)),
        FormPart::List(list) => list_part(list, focused, inner, list_room, rows),
        FormPart::Radio { choices, on, marked } => {
            rows.extend(choices.iter().enumerate().map(|(at, (_, choice))| DialogRow::Choice {
                row: ListRow {
                    left: StyledLine::of(Scope::Text, fit(choice, inner.saturating_sub(if *marked { 4 } else { 2 }))),
                    ..ListRow::default()
                },
                selected: at == *on,
                focused,
                on: marked.then_some(at == *on),
            }))
        }
        FormPart::Buttons { buttons, at } => button_rows(buttons, at.filter(|_| focused), inner, rows),
    }
}

/// A term with its meaning beside it, in a column of terms of this width, or below it.
pub(super) fn pair(word: &str, meaning: &str, column: usize, inner: usize, rows: &mut Vec<DialogRow>) {
    let beside = inner >= PAIRS_BESIDE && cells(word) < column;
    let indent = if beside { column } else { 2.min(inner - 1) };
    let mut head = if beside { pad(word, column) } else { String::new() };
    if !beside {
        rows.push(DialogRow::Text(StyledLine::of(Scope::Key, fit(word, inner))));
        head = " ".repeat(indent);
    }
    for row in wrap(meaning, inner - indent) {
        rows.push(DialogRow::Text(StyledLine::of(Scope::Key, &*head).and(Scope::Text, row)));
        head = " ".repeat(indent);
    }
}

/// The part of a field's text around its cursor.
fn field_row(field: &FormField, focused: bool, inner: usize) -> DialogRow {
    let label = fit(&field.label, inner / 2);
    // One cell stays free for the cursor behind the text, one between label and text.
    let room = inner.saturating_sub(cells(&label) + 2).max(1);
    let dots = |text: &str| if field.secret { "•".repeat(text.chars().count()) } else { text.replace('\n', " ") };
    let (before, after) = (dots(field.editor.before()), dots(field.editor.after()));
    let before = take_end(&before, room).to_owned();
    let column = cells(&before);
    let text = before + &crate::client::text::wrap::take(&after, room - column);
    DialogRow::Field { label, text, cursor: focused.then(|| u16::try_from(column).unwrap_or(u16::MAX)) }
}

/// The number of buttons in each of their rows.
pub(super) fn button_rows_of(buttons: &[Button], inner: usize) -> impl Iterator<Item = usize> {
    let mut rows = Vec::new();
    button_rows(buttons, None, inner, &mut rows);
    rows.into_iter().map(|row| if let DialogRow::Buttons(labels, _) = row { labels.len() } else { 0 })
}

/// Buttons side by side, in as many rows as they need.
fn button_rows(buttons: &[Button], at: Option<usize>, inner: usize, rows: &mut Vec<DialogRow>) {
    let (mut row, mut used, mut first) = (Vec::new(), 0, 0);
    let here = |at: Option<usize>, first: usize, count: usize| at?.checked_sub(first).filter(|at| *at < count);
    for Button { label, .. } in buttons {
        let width = cells(label) + BUTTON;
        if used + width > inner + BUTTON_GAP && !row.is_empty() {
            let row = std::mem::take(&mut row);
            let count = row.len();
            rows.push(DialogRow::Buttons(row, here(at, first, count)));
            (used, first) = (0, first + count);
        }
        row.push(label.clone());
        used += width;
    }
    let count = row.len();
    rows.push(DialogRow::Buttons(row, here(at, first, count)));
}
