//! The terminal and who has it: we, the shell while the process is stopped, or the user's editor. What it sends becomes
//! messages here, and what it says about itself is learnt.
//!
//! Must not know: what the messages are about, or when something is drawn.

use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::time::{Duration, Instant};

use rustix::termios::Termios;

use super::answers::TerminalAnswer;
use super::external_editor::ExternalEditor;
use super::input::InputParser;
use super::look::Look;
use super::modes;
use super::screen::Screen;
use super::terminal::{Terminal, somebody_can_continue_us};
use super::tty::Tty;
use crate::client::msg::Msg;
use crate::client::traffic_meter::MeteredWriter;
use crate::language::terminal as say;

/// The most bytes of one read of the terminal.
const READ: usize = 16 * 1024;
/// How long to wait at the end for what the terminal has been asked: it would go to the shell, as if it were typed.
const ANSWERS: Duration = Duration::from_millis(200);
/// The same for its status: it has answered before, and what is on its way over a slow line comes first.
const STATUS: Duration = Duration::from_secs(2);

/// The terminal with its screen and its input.
pub(super) struct HeldTerminal {
    /// Dropped before the terminal: what runs there ends first.
    away: Option<Away>,
    terminal: Terminal,
    screen: Screen,
    look: Look,
    input: InputParser,
    /// When incomplete input has paused for long enough.
    input_due: Option<Instant>,
    /// Whether the mouse was asked for.
    mouse: bool,
    /// Whether answers of the terminal are to come.
    asked: bool,
}

/// The editor has the terminal.
struct Away {
    editor: ExternalEditor,
    /// How the line is to be restored at last.
    line: Termios,
}

impl HeldTerminal {
    /// The terminal that was taken over.
    pub(super) fn of(terminal: Terminal) -> Self {
        let look = terminal.look();
        let tty = terminal.tty().clone();
        let sink: Box<dyn io::Write> = match terminal.meter() {
            Some(meter) => Box::new(MeteredWriter::new(tty, meter.clone())),
            None => Box::new(tty),
        };
        let screen = Screen::new(sink, terminal.tty().size(), look);
        let input = InputParser::default();
        Self { away: None, terminal, screen, look, input, input_due: None, mouse: false, asked: look.emulator }
    }

    pub(super) fn tty(&self) -> &Tty {
        self.terminal.tty()
    }

    pub(super) fn screen(&mut self) -> &mut Screen {
        &mut self.screen
    }

    /// Whether the terminal has not taken everything yet.
    pub(super) fn is_behind(&self) -> bool {
        self.screen.is_behind()
    }

    /// How long the next frame has to wait, because enough is on its way; `key` if it shows what the person has just done.
    pub(super) fn until_arrived(&self, key: bool) -> Duration {
        self.screen.until_arrived(key)
    }

    /// How long pictures have to wait that were not written yet; `None` if there are none, or the editor has the terminal.
    pub(super) fn until_pictures(&self) -> Option<Duration> {
        self.screen.until_pictures().filter(|_| self.away.is_none())
    }

    /// What is known without asking.
    pub(super) fn known(&self) -> Option<Msg> {
        self.look.background.map(Msg::Background)
    }

    /// The editor that has the terminal, if one has; readable when it has ended.
    pub(super) fn editor(&self) -> Option<BorrowedFd<'_>> {
        self.away.as_ref().map(|away| away.editor.as_fd())
    }

    /// Reads once: `None` if nothing is there. An error, if the terminal is gone.
    pub(super) fn read(&mut self) -> io::Result<Option<Vec<Msg>>> {
        let mut bytes = [0; READ];
        let messages = match self.tty().read(&mut bytes)? {
            Some(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Some(count) => Some(self.take(bytes.get(..count).unwrap_or_default())),
            None => None,
        };
        self.input_due = self.input.wait().map(|wait| Instant::now() + wait);
        Ok(messages)
    }

    /// How long until input that has begun counts as complete.
    pub(super) fn until_idle(&self) -> Option<Duration> {
        self.input_due.map(|due| due.saturating_duration_since(Instant::now()))
    }

    /// Nothing more came in time.
    pub(super) fn idle(&mut self) -> Vec<Msg> {
        let complete = self.input.idle();
        self.input_due = self.input.wait().map(|wait| Instant::now() + wait);
        complete
    }

    fn take(&mut self, bytes: &[u8]) -> Vec<Msg> {
        let mut messages = self.input.feed(bytes);
        for answer in self.input.take_answers() {
            match answer {
                TerminalAnswer::Version(version) => {
                    self.look = self.look.told(&version);
                    self.screen.learn(self.look);
                }
                TerminalAnswer::Background(background) => messages.push(Msg::Background(background)),
                TerminalAnswer::AlternateScroll(set) => Terminal::found_alternate_scroll(set),
                TerminalAnswer::Last => {
                    self.asked = false;
                    self.screen.trust_answers();
                }
                TerminalAnswer::Status => self.screen.answered(),
            }
        }
        messages
    }

    /// Takes the size of the terminal.
    pub(super) fn resize(&mut self) -> Msg {
        let (cols, rows) = self.tty().size();
        self.screen.resize((cols, rows));
        Msg::Resize { cols, rows }
    }

    /// Stops the process until it is continued, unless the editor has the terminal; returns whether all is to be drawn
    /// anew.
    pub(super) fn suspend(&mut self) -> io::Result<bool> {
        if self.away.is_some() {
            return Ok(false);
        }
        if somebody_can_continue_us() {
            self.await_status();
        }
        self.screen.abandon();
        let stopped = self.terminal.suspend()?;
        self.asked |= stopped && self.look.emulator;
        self.take_mouse(self.mouse);
        Ok(true)
    }

    /// The process was stopped without having given the terminal back, and others may have used it.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        self.screen.abandon();
        if let Some(enter) = self.terminal.resume()? {
            self.screen.queue(&enter);
        }
        self.take_mouse(self.mouse);
        Ok(())
    }

    /// Takes the mouse from the terminal, or gives it back.
    pub(super) fn take_mouse(&mut self, on: bool) {
        if self.look.emulator && (on || self.mouse) && self.away.is_none() {
            self.screen.queue(modes::mouse(on));
        }
        self.mouse = on;
    }

    /// Leaves the screen to the user's editor. If that fails, returns a sentence that says why.
    pub(super) fn edit(&mut self, text: &str) -> Result<(), String> {
        if self.away.is_some() {
            return Err(say::editor_is_open().to_owned());
        }
        self.await_status();
        self.screen.abandon();
        let line = self.terminal.hand_over().map_err(|error| say::terminal_lost(&error))?;
        self.input = InputParser::default();
        self.input_due = None;
        match ExternalEditor::start(text) {
            Ok(editor) => self.away = Some(Away { editor, line }),
            Err(why) => {
                self.terminal.take_back(line).map_err(|error| say::why_terminal_lost(&why, &error))?;
                self.take_mouse(self.mouse);
                return Err(why);
            }
        }
        Ok(())
    }

    /// Takes the terminal over again once the editor has ended, and returns what it made of the text.
    pub(super) fn come_back(&mut self) -> io::Result<Option<Msg>> {
        let Some(edited) = self.away.as_mut().and_then(|away| away.editor.finished()) else { return Ok(None) };
        let Some(Away { line, .. }) = self.away.take() else { return Ok(None) };
        self.terminal.take_back(line)?;
        self.asked = self.look.emulator;
        self.take_mouse(self.mouse);
        Ok(Some(Msg::Edited(edited)))
    }

    /// Waits a little for answers that are still to come; what is typed meanwhile is lost.
    pub(super) fn await_answers(&mut self) {
        self.await_status();
        self.await_while(ANSWERS, |held| held.asked);
    }

    /// Waits for the answer to the question for the terminal's status, likewise.
    fn await_status(&mut self) {
        self.await_while(STATUS, |held| held.screen.is_asking());
    }

    fn await_while(&mut self, patience: Duration, expected: impl Fn(&Self) -> bool) {
        let until = Instant::now() + patience;
        while self.away.is_none() && expected(self) {
            self.screen.flush();
            let rest = until.saturating_duration_since(Instant::now());
            if rest.is_zero() || !self.tty().has_input(rest) || !matches!(self.read(), Ok(Some(_))) {
                return;
            }
        }
    }
}
