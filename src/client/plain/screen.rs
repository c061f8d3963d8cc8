//! Where plain mode prints: standard output and standard error, with the line that is typed kept whole below.
//!
//! Must not know: what is printed.

use std::io;

use rustix::stdio::{stderr, stdout};

use super::line_edit::{LineEdit, Typed};
use super::terminal::LineTerminal;
use crate::client::key::Key;
use crate::client::traffic_meter::TrafficMeter;
use crate::sys::standard_streams::write_all;

/// The printer; with a terminal, also the line that is typed on it.
#[derive(Debug)]
pub(super) struct Printer {
    typing: Option<(LineTerminal, LineEdit)>,
    /// Whether standard output has failed.
    ended: bool,
    meter: TrafficMeter,
}

impl Printer {
    /// A printer; `typing` if lines are typed on the terminal.
    pub(super) fn new(typing: bool, meter: TrafficMeter) -> io::Result<Self> {
        let typing = if typing { Some((LineTerminal::enter()?, LineEdit::default())) } else { None };
        Ok(Self { typing, ended: false, meter })
    }

    /// Prints a line. The first failure is returned; from then on, nothing is printed.
    pub(super) fn print(&mut self, line: &str) -> io::Result<()> {
        if self.ended {
            return Ok(());
        }
        let bytes = match &self.typing {
            Some((terminal, edit)) if !edit.erase().is_empty() => {
                format!("{}{line}\n{}", edit.erase(), edit.draw(terminal.columns()))
            }
            _ => format!("{line}\n"),
        };
        self.write(&bytes)
    }

    /// Prints a line on standard error. If that is gone, nobody can be told.
    pub(super) fn complain(&mut self, line: &str) {
        if let Some((_, edit)) = &self.typing {
            let _ = write_all(stdout(), edit.erase().as_bytes());
        }
        let _ = write_all(stderr(), format!("{line}\n").as_bytes());
        let _ = self.redraw();
    }

    /// Handles a key that was typed.
    pub(super) fn key(&mut self, key: Key) -> io::Result<Typed> {
        let Some((terminal, edit)) = &mut self.typing else { return Ok(Typed::Edited) };
        let typed = edit.key(key);
        let drawn = match &typed {
            Typed::Edited => edit.draw(terminal.columns()),
            Typed::Entered(line) => LineEdit::entered(line),
            Typed::GivenUp => "^C\n".to_owned(),
            Typed::Ended | Typed::Left => String::new(),
            Typed::Suspended => {
                write_all(stdout(), edit.erase().as_bytes())?;
                terminal.suspend()?;
                edit.draw(terminal.columns())
            }
        };
        self.write(&drawn)?;
        Ok(typed)
    }

    /// Inserts pasted text; returns the lines that it completes.
    pub(super) fn paste(&mut self, text: &str) -> io::Result<Vec<String>> {
        let Some((terminal, edit)) = &mut self.typing else { return Ok(Vec::new()) };
        let lines = edit.paste(text);
        let mut drawn: String = lines.iter().map(|line| LineEdit::entered(line)).collect();
        drawn += &edit.draw(terminal.columns());
        self.write(&drawn)?;
        Ok(lines)
    }

    /// The process was stopped and goes on: takes over the terminal again.
    pub(super) fn continued(&mut self) -> io::Result<()> {
        if let Some((terminal, _)) = &self.typing {
            terminal.retake()?;
        }
        self.redraw()
    }

    fn redraw(&mut self) -> io::Result<()> {
        match &self.typing {
            Some((terminal, edit)) if !edit.erase().is_empty() => self.write(&edit.draw(terminal.columns())),
            _ => Ok(()),
        }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        let written = write_all(stdout(), text.as_bytes());
        self.meter.shown(text.len());
        self.ended |= written.is_err();
        written
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        // What the shell writes next begins on a row of its own.
        if let Some((_, edit)) = &self.typing
            && !edit.erase().is_empty()
            && !self.ended
        {
            let _ = write_all(stdout(), b"\n");
        }
    }
}
