//! The sheet: a new code in the line that joins with it, without a frame, so that copying takes the line alone; and as a QR
//! code where there is room.
//!
//! Must not know: what a code is for, or how anything is drawn.

use super::Ui;
use crate::client::action::Action;
use crate::client::key::Key;
use crate::client::session::ui::intent::Intent;
use crate::client::text::qr::qr_of;
use crate::client::text::wrap::{cells, fit, take, wrap};
use crate::client::view::{QrModules, Rect, Scope, SheetRow, SheetView, StyledLine};
use crate::language::inviting as say;

/// A line to be copied, with what there is to say about it.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct Sheet {
    before: String,
    line: String,
    after: Vec<String>,
    qr: Option<QrModules>,
    /// Whether the QR code is shown alone.
    alone: bool,
    copied: bool,
}

impl Sheet {
    /// A sheet with this line; `scans` says whether its QR code is of use, too.
    pub(in crate::client::session) fn new(before: String, line: String, after: Vec<String>, scans: bool) -> Self {
        let qr = if scans { qr_of(&line) } else { None };
        Self { before, line, after, qr, alone: false, copied: false }
    }

    /// Whether the QR code fits on a screen of this size alone, and not below the text.
    fn turns(&self, cols: u16, rows: u16) -> bool {
        let text = Self { alone: false, ..self.clone() };
        self.qr.as_ref().is_some_and(|qr| fits(qr, 0, cols, rows)) && text.view(cols, rows).qr.is_none()
    }

    /// The sheet as it is drawn on a screen of this size, in cells.
    fn view(&self, cols: u16, rows: u16) -> SheetView {
        let (width, height) = (usize::from(cols), usize::from(rows.saturating_sub(1)));
        let plain = |row: String| SheetRow { line: StyledLine::of(Scope::Text, row), goes_on: false };
        let area = |qr: &QrModules, y: u16| Rect { x: 0, y, width: qr.cols(), height: qr.rows() };
        let qr = self.qr.as_ref();
        if self.alone
            && let Some(qr) = qr.filter(|qr| fits(qr, 0, cols, rows))
        {
            return SheetView { rows: Vec::new(), qr: Some((area(qr, 0), qr.clone())), hint: self.hint(width, true) };
        }
        // The line is whole on any screen that has room for it; what is said about it gives way.
        let line = pieces(&self.line, width);
        let mut shown: Vec<SheetRow> = wrap(&self.before, width).into_iter().map(plain).collect();
        shown.truncate(height.saturating_sub(line.len()));
        let last = line.len().saturating_sub(1);
        shown.extend(line.into_iter().enumerate().map(|(at, row)| SheetRow {
            goes_on: at < last && cells(&row) == width,
            line: StyledLine::of(Scope::Own, row),
        }));
        for words in &self.after {
            let words = wrap(words, width);
            if shown.len() + words.len() <= height {
                shown.extend(words.into_iter().map(plain));
            }
        }
        shown.truncate(height);
        let below = u16::try_from(shown.len()).unwrap_or(u16::MAX);
        let under = qr.filter(|qr| fits(qr, below, cols, rows));
        let other = under.is_none() && qr.is_some_and(|qr| fits(qr, 0, cols, rows));
        let mut hint = self.hint(width, other);
        if let Some(qr) = qr.filter(|_| under.is_none() && !other) {
            let words = say::no_room_for_qr(qr.cols(), qr.rows() + 1);
            if cells(&hint.text()) + cells(&words) + 3 <= width {
                hint = hint.and(Scope::Dim, format!(" · {words}"));
            }
        }
        SheetView { rows: shown, qr: under.map(|qr| (area(qr, below), qr.clone())), hint }
    }

    /// The keys; with `turns`, also the one for the QR code.
    fn hint(&self, width: usize, turns: bool) -> StyledLine {
        let mut words = say::sheet_keys().to_owned();
        if turns {
            words = format!("{words} · {}", if self.alone { say::q_text() } else { say::q_qr() });
        }
        if self.copied {
            words = format!("{} · {words}", say::copied());
        }
        StyledLine::of(Scope::Dim, fit(&words, width))
    }
}

impl Ui {
    /// Shows a sheet, over everything.
    pub(in crate::client::session) fn show_sheet(&mut self, sheet: Sheet) {
        self.sheet = Some(sheet);
    }

    /// Whether a sheet is shown.
    pub(in crate::client::session) fn has_sheet(&self) -> bool {
        self.sheet.is_some()
    }

    /// The sheet as it is shown.
    pub(super) fn sheet_view(&self) -> Option<SheetView> {
        self.sheet.as_ref().map(|sheet| sheet.view(self.cols, self.rows))
    }

    /// Handles a key while a sheet is shown; `None` if there is none.
    pub(super) fn sheet_key(&mut self, key: Key) -> Option<Intent> {
        let sheet = self.sheet.as_mut()?;
        match key {
            Key::Char('c') => {
                sheet.copied = true;
                return Some(Intent::Copy(sheet.line.clone()));
            }
            Key::Char('q') if sheet.turns(self.cols, self.rows) => sheet.alone = !sheet.alone,
            Key::Esc | Key::Enter => self.sheet = None,
            Key::Ctrl('c') => {
                self.sheet = None;
                return Some(Intent::AskExit);
            }
            Key::Ctrl('l') => return Some(Intent::Run(Action::Redraw)),
            Key::Ctrl('z') => return Some(Intent::Run(Action::Suspend)),
            _ => {}
        }
        Some(Intent::Nothing)
    }
}

/// Whether a QR code fits from this row on, above the bottom row.
fn fits(qr: &QrModules, y: u16, cols: u16, rows: u16) -> bool {
    qr.cols() <= cols && y.saturating_add(qr.rows()) < rows
}

/// A line cut at the edge of the screen, wherever that is in a word.
fn pieces(line: &str, width: usize) -> Vec<String> {
    let (mut rest, mut rows) = (line, Vec::new());
    while !rest.is_empty() {
        let row = take(rest, width);
        let Some(left) = rest.get(row.len()..).filter(|left| left.len() < rest.len()) else { break };
        rows.push(row);
        rest = left;
    }
    rows
}
