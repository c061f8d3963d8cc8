//! The output to the terminal: one frame at a time, written as a whole, never waiting for a slow line.
//!
//! Must not know: cursive, or what is drawn.

use std::io::{self, ErrorKind, Write};
use std::time::{Duration, Instant};

use super::aside::Aside;
use super::escapes;
use super::grid::{CellStyle, Grid};
use super::hyperlinks::{LinkTable, LinkedCells};
use super::look::Look;
use super::pace::{Pace, QUESTION};
use super::scroll::Scroll;
use super::tile_cells::TileCells;
use crate::client::text::ascii::ascii;

/// The capacity for one frame, so that it is written at once.
const FRAME: usize = 64 * 1024;
/// Up to this many bytes, a frame fits one packet and one read of the terminal.
const SMALL: usize = 512;
/// Shows and hides the cursor.
const SHOW_CURSOR: &[u8] = b"\x1b[?25h";
const HIDE_CURSOR: &[u8] = b"\x1b[?25l";
/// The beginning and the end of a frame that the terminal shows at once (synchronized output).
const SYNC: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");

/// Builds frames and writes them.
pub(super) struct Output {
    sink: Box<dyn Write>,
    /// Bytes that the terminal has not taken yet. While there are any, no new frame is built.
    unsent: Vec<u8>,
    next: Grid,
    /// What the terminal shows; `None` if that is unknown, as at first and after [`Self::forget`].
    shown: Option<Grid>,
    size: (u16, u16),
    cursor: Cursor,
    shown_cursor: Option<Cursor>,
    tiles: TileCells,
    /// The links of the next frame, and all that have a number.
    linked: Vec<LinkedCells>,
    links: LinkTable,
    /// What is to be written after the frame.
    aside: Aside,
    pace: Pace,
    /// How many notifications there were.
    notifications: u32,
    look: Look,
    failed: bool,
}

/// The terminal's cursor: screen readers and input methods follow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Its column.
    pub x: u16,
    /// Its row.
    pub y: u16,
    /// Whether it is visible.
    pub visible: bool,
}

impl Output {
    /// An output to `sink`, a terminal of this size and with these capabilities.
    #[must_use]
    pub(super) fn new(sink: Box<dyn Write>, size: (u16, u16), look: Look) -> Self {
        Self {
            sink,
            unsent: Vec::with_capacity(FRAME),
            next: Grid::blank(size.0.into(), size.1.into()),
            shown: None,
            size,
            cursor: Cursor::default(),
            shown_cursor: None,
            tiles: TileCells::new(size),
            linked: Vec::new(),
            links: LinkTable::default(),
            aside: Aside::default(),
            pace: Pace::default(),
            notifications: 0,
            look,
            failed: false,
        }
    }

    /// The size in columns and rows.
    #[must_use]
    pub(super) fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Sets a new size; the next frame draws everything.
    pub(super) fn resize(&mut self, size: (u16, u16)) {
        self.size = size;
        self.next = Grid::blank(size.0.into(), size.1.into());
        self.tiles = TileCells::new(size);
        self.forget();
    }

    /// Forgets what the terminal shows; the next frame draws everything.
    pub(super) fn forget(&mut self) {
        self.shown = None;
        self.shown_cursor = None;
        self.tiles.forget();
    }

    /// Has a sequence written before the next frame.
    pub(super) fn queue(&mut self, sequence: &str) {
        self.unsent.extend_from_slice(sequence.as_bytes());
    }

    /// Drops what the terminal has not taken, because something else is to be written: the next frame draws everything.
    pub(super) fn abandon(&mut self) {
        self.unsent.clear();
        self.pace.forget();
        self.forget();
    }

    /// How much may be on its way to the terminal.
    #[must_use]
    pub(super) fn pace(&self) -> &Pace {
        &self.pace
    }

    /// The same, to tell it of an answer.
    pub(super) fn pace_mut(&mut self) -> &mut Pace {
        &mut self.pace
    }

    /// The terminal has said more about itself.
    pub(super) fn learn(&mut self, look: Look) {
        self.look = look;
    }

    /// Begins the next frame: it is blank. Cursive leaves out the half of a wide cluster whose other half something lies over.
    pub(super) fn begin(&mut self) {
        self.next.clear();
    }

    /// Puts a cluster into the next frame: in ASCII where the terminal takes nothing else.
    pub(super) fn put(&mut self, x: usize, y: usize, text: &str, width: usize, style: CellStyle) {
        if self.look.unicode {
            self.next.put(x, y, text, width, style);
        } else {
            self.next.put(x, y, &ascii(text), width, style);
        }
    }

    /// Sets the cursor for the next frame.
    pub(super) fn place_cursor(&mut self, cursor: Cursor) {
        self.cursor = cursor;
    }

    /// Says which cells of the next frame belong to links.
    pub(super) fn set_links(&mut self, linked: Vec<LinkedCells>) {
        self.linked = if self.look.hyperlinks { linked } else { Vec::new() };
    }

    /// Says which rows of the frames from now on go on in the next row.
    pub(super) fn set_joined(&mut self, rows: Vec<usize>) {
        self.next.set_joined(rows);
    }

    /// The pictures, to say what they are to be.
    pub(super) fn tiles_mut(&mut self) -> &mut TileCells {
        &mut self.tiles
    }

    /// How long pictures that were not written yet have to wait for the terminal; `None` if there are none.
    #[must_use]
    pub(super) fn until_pictures(&self) -> Option<Duration> {
        self.tiles.is_stale().then(|| self.pace.wait_for_pictures(Instant::now()))
    }

    /// Gives the links of the next frame their numbers.
    fn number_links(&mut self) {
        if self.links.lacks_room_for(&self.linked) {
            self.links.clear();
            if let Some(shown) = &mut self.shown {
                shown.forget_links();
            }
        }
        let linked = std::mem::take(&mut self.linked).into_iter();
        let numbered: Vec<_> = linked.map(|cells| (cells.clone(), self.links.number(&cells.url))).collect();
        self.next.set_links(&numbered);
    }

    /// Rings the bell.
    pub(super) fn bell(&mut self) {
        self.aside.bell();
    }

    /// Sets the title of the window.
    pub(super) fn title(&mut self, title: &str) {
        if self.look.emulator {
            self.aside.title(escapes::title(title, self.look));
        }
    }

    /// Shows a notification, or rings the bell.
    pub(super) fn notify(&mut self, title: &str, body: &str) {
        self.notifications = self.notifications.wrapping_add(1);
        let sequence = escapes::notification(title, body, self.notifications, self.look);
        if let Some(sequence) = sequence {
            self.aside.notification(sequence);
        }
    }

    /// Puts a text into the clipboard.
    ///
    /// # Errors
    /// If that cannot be done. The sentence says why.
    pub(super) fn copy(&mut self, text: &str) -> Result<(), String> {
        self.aside.clipboard(escapes::clipboard(text, self.look)?);
        Ok(())
    }

    /// Completes the frame and writes what has changed; writes nothing if nothing has.
    pub(super) fn finish(&mut self) {
        let start = self.unsent.len();
        self.frame();
        self.aside.append_to(&mut self.unsent);
        if self.pace.wrote(self.unsent.len() - start, Instant::now()) {
            self.unsent.extend_from_slice(QUESTION);
        }
        self.pictures();
        self.flush();
    }

    /// Writes the pictures behind the text, if the line has taken those before. They are a frame of their own: the terminal
    /// shows one only once it is complete, and text must not wait for pictures.
    fn pictures(&mut self) {
        if self.until_pictures().is_none_or(|wait| !wait.is_zero()) {
            return;
        }
        let start = self.unsent.len();
        self.unsent.extend_from_slice(SYNC.0);
        let visible = self.cursor.visible;
        if visible {
            self.unsent.extend_from_slice(HIDE_CURSOR);
        }
        let before = self.unsent.len();
        self.tiles.write(&mut self.unsent);
        if self.unsent.len() == before {
            return self.unsent.truncate(start);
        }
        if let Some(shown) = &mut self.shown {
            shown.set_pictures(self.tiles.cells());
        }
        let _ = write!(self.unsent, "\x1b[{};{}H", self.cursor.y.saturating_add(1), self.cursor.x.saturating_add(1));
        if visible {
            self.unsent.extend_from_slice(SHOW_CURSOR);
        }
        self.unsent.extend_from_slice(SYNC.1);
        if self.pace.wrote_pictures(self.unsent.len() - start, Instant::now()) {
            self.unsent.extend_from_slice(QUESTION);
        }
    }

    fn frame(&mut self) {
        self.number_links();
        self.tiles.release();
        self.next.set_pictures(self.tiles.cells());
        let start = self.unsent.len();
        self.unsent.extend_from_slice(SYNC.0);
        let body = self.unsent.len();
        let was_visible = self.shown_cursor.is_some_and(|cursor| cursor.visible);
        if self.shown_cursor.is_none_or(|cursor| cursor.visible) {
            self.unsent.extend_from_slice(HIDE_CURSOR);
        }
        let hidden = self.unsent.len();
        match &mut self.shown {
            Some(shown) => {
                let scroll = Scroll::find(shown, &self.next);
                let home = scroll.is_some();
                if let Some(scroll) = scroll {
                    scroll.write(&mut self.unsent);
                    shown.scroll(scroll.rows, scroll.by);
                }
                self.next.write_difference(shown, home, &self.links, &mut self.unsent);
            }
            None => {
                self.unsent.extend_from_slice(b"\x1b[m\x1b[H\x1b[2J");
                let blank = Grid::blank(self.size.0.into(), self.size.1.into());
                self.next.write_difference(&blank, true, &self.links, &mut self.unsent);
            }
        }
        let painted = self.unsent.len() > hidden;
        if painted {
            self.shown = Some(self.next.clone());
        } else {
            self.unsent.truncate(start);
        }
        let Cursor { x, y, visible } = self.cursor;
        if painted || self.shown_cursor != Some(self.cursor) {
            let _ = write!(self.unsent, "\x1b[{};{}H", y.saturating_add(1), x.saturating_add(1));
            let seen = self.shown_cursor.is_some_and(|cursor| cursor.visible) && !painted;
            if visible != seen {
                self.unsent.extend_from_slice(if visible { SHOW_CURSOR } else { HIDE_CURSOR });
            }
            self.shown_cursor = Some(self.cursor);
        }
        if !painted {
            return;
        }
        // A small frame arrives at once without being told to, and the cursor is not seen on its way.
        if self.unsent.len() - start <= SMALL && self.cursor.visible && was_visible {
            let shown = self.unsent.len() - SHOW_CURSOR.len();
            self.unsent.truncate(shown);
            self.unsent.drain(start..hidden);
        } else if self.unsent.len() - start <= SMALL {
            self.unsent.drain(start..body);
        } else {
            self.unsent.extend_from_slice(SYNC.1);
        }
    }

    /// Writes as much as the terminal takes now.
    pub(super) fn flush(&mut self) {
        while !self.unsent.is_empty() && !self.failed {
            match self.sink.write(&self.unsent) {
                Ok(0) => self.failed = true,
                Ok(count) => drop(self.unsent.drain(..count.min(self.unsent.len()))),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => self.fail(&error),
            }
        }
    }

    /// Whether the terminal has not taken everything yet.
    #[must_use]
    pub(super) fn is_behind(&self) -> bool {
        !self.unsent.is_empty() && !self.failed
    }

    /// Whether writing failed: the terminal is gone.
    #[must_use]
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    fn fail(&mut self, error: &io::Error) {
        log::debug!("the terminal cannot be written: {error}");
        self.failed = true;
        self.unsent.clear();
    }
}
