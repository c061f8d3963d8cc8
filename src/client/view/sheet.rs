//! A sheet: a text over the whole screen without a frame, one line of which is to be copied.
//!
//! Must not know: what the line is for, or how a QR code is made.

use super::{Rect, StyledLine};

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetView {
    /// The rows from the top.
    pub rows: Vec<SheetRow>,
    /// A QR code, and its area with the quiet zone.
    pub qr: Option<(Rect, QrModules)>,
    /// In the bottom row: the keys.
    pub hint: StyledLine,
}

/// One row of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// Its text.
    pub line: StyledLine,
    /// Whether the text goes on in the next row: copied from the terminal, both are one line.
    pub goes_on: bool,
}

/// The modules of a QR code: a square of dark and light ones, without its quiet zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QrModules {
    side: usize,
    dark: Vec<bool>,
}

/// The light modules on each side of a QR code (ISO/IEC 18004, section 5.3.8).
const QUIET_ZONE: usize = 4;

impl QrModules {
    /// A square of `side` modules, row by row.
    #[must_use]
    pub fn new(side: usize, dark: Vec<bool>) -> Self {
        Self { side, dark }
    }

    /// The columns that it takes with its quiet zone, a module each.
    #[must_use]
    pub fn cols(&self) -> u16 {
        u16::try_from(self.side + 2 * QUIET_ZONE).unwrap_or(u16::MAX)
    }

    /// The rows that it takes with its quiet zone, two modules each.
    #[must_use]
    pub fn rows(&self) -> u16 {
        self.cols().div_ceil(2)
    }

    /// Whether the upper and the lower module of a cell are dark.
    #[must_use]
    pub fn cell(&self, col: u16, row: u16) -> (bool, bool) {
        let row = usize::from(row) * 2;
        (self.is_dark(col.into(), row), self.is_dark(col.into(), row + 1))
    }

    fn is_dark(&self, col: usize, row: usize) -> bool {
        let at = |place: usize| place.checked_sub(QUIET_ZONE).filter(|place| *place < self.side);
        at(col).zip(at(row)).is_some_and(|(x, y)| self.dark.get(y * self.side + x) == Some(&true))
    }
}
