//! The screen: what a terminal shows after the real bytes, how few they are, and what keys and pastes become.
//!
//! | what is tested                                     | where                  |
//! | -------------------------------------------------- | ---------------------- |
//! | whole screens as text                              | `screens`              |
//! | rooms and moderation on the screen, at three sizes | `rooms_and_moderation` |
//! | the bytes that are written: few, whole, harmless   | `bytes`                |
//! | the contrast of the colours                       | `palette`              |
//! | whole screens of a session, one file a state       | `golden`               |
//! | the pictures of the README                         | `picture`              |
//! | what may be on its way over a slow line            | `pace`                 |
//! | keys, pastes, the mouse, answers                   | `keys`                 |
//! | any bytes, cut anywhere, with pauses               | `stream`               |
//! | what the environment says about the terminal       | `look`                 |
//! | titles, notifications, the clipboard               | `escapes`              |
//! | the loop on a real terminal line                   | `pty`                  |
//! | Hebrew and Arabic: columns, order                  | `right_to_left`        |
//! | pictures of calls                                  | `tiles`                |
//! | rows that move: few bytes, and nothing wrong       | `scrolling`            |
//! | the sheet with a line to be copied, QR codes        | `sheets`               |
//! | helper: views made by hand                         | `views`                |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they saw, and why they were skipped")]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "each file uses a part of what is shared")]

#[path = "../common/chance.rs"]
mod chance;
#[path = "../common/paint.rs"]
mod paint;
#[path = "../common/script.rs"]
mod script;

mod bytes;
mod escapes;
mod golden;
mod keys;
mod look;
mod pace;
mod palette;
mod picture;
mod pty;
mod right_to_left;
mod rooms_and_moderation;
mod screens;
mod scrolling;
mod sheets;
mod stream;
mod tiles;
mod views;

use std::cell::RefCell;
use std::io::{self, Write};
use std::num::NonZeroU16;
use std::rc::Rc;

use tr2::client::tui::look::{Depth, Look};
use tr2::client::tui::screen::Screen;
use tr2::client::view::View;

pub const COLOURS: Look = Look { depth: Depth::Palette, unicode: true, emulator: true, ..Look::LEAST };
pub const ASCII: Look = Look::LEAST;

/// A fake terminal, which holds what was written until it is taken.
#[derive(Clone, Default)]
pub struct Line(Rc<RefCell<Vec<Vec<u8>>>>);

impl Line {
    pub fn take(&self) -> Vec<Vec<u8>> {
        self.0.take()
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A screen and the terminal that shows it.
pub struct Bench {
    pub screen: Screen,
    pub line: Line,
    pub terminal: vt100::Parser,
}

impl Bench {
    pub fn new(cols: u16, rows: u16, look: Look) -> Self {
        let line = Line::default();
        let screen = Screen::new(Box::new(line.clone()), (cols, rows), look);
        let least = |size: u16| NonZeroU16::new(size.max(1)).unwrap();
        Self { screen, line, terminal: vt100::Parser::new(least(rows), least(cols), 0) }
    }

    /// Draws a view and returns its writes.
    pub fn draw(&mut self, view: View) -> Vec<Vec<u8>> {
        self.screen.draw(view);
        let writes = self.line.take();
        writes.iter().for_each(|bytes| self.terminal.process(bytes));
        writes
    }

    /// The visible rows, with the cursor's position below.
    pub fn seen(&self) -> String {
        let screen = self.terminal.screen();
        let (_, cols) = screen.size();
        let text: String = screen.rows(0, cols.get()).map(|row| row.trim_end().to_owned() + "\n").collect();
        // The last line has no blank in front, so that the blanks of the others count.
        if screen.hide_cursor() {
            text + "cursor: hidden\n"
        } else {
            let (row, column) = screen.cursor_position();
            text + &format!("cursor: column {column}, row {row}\n")
        }
    }
}
