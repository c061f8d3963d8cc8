//! The event loop: waits for the terminal, signals and messages; lets the model decide; draws what has changed.
//!
//! It sleeps until something happens or the model's deadline comes, and never waits for a slow terminal.
//!
//! Must not know: what the model is about.

use std::io;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::input::InputParser;
use super::screen::Screen;
use super::signals::{SignalRequest, SignalStream};
use super::terminal::Terminal;
use super::wake::Wake;
use crate::client::key::Key;
use crate::client::msg::{Effect, Farewell, Msg};
use crate::client::view::View;
use crate::model::{Now, Timestamp};
use crate::sys::clock::Clock;

/// The most messages taken from the inbox between two looks at the terminal.
const BATCH: usize = 256;
/// The least time between two frames: at most 30 a second.
const FRAME: Duration = Duration::from_millis(34);
/// The most bytes of one read of the terminal.
const READ: usize = 16 * 1024;
/// The most reads of the terminal in one turn.
const READS: usize = 16;

/// The model decides: it gets every message, and returns what the loop is to do.
pub trait Model {
    /// Handles a message; returns what is to be done.
    fn update(&mut self, now: Now, msg: Msg) -> Vec<Effect>;
    /// When it wants [`Msg::Tick`] if nothing else happens, on the steady clock.
    fn deadline(&self) -> Option<Timestamp>;
    /// The screen to show.
    fn view(&self) -> View;
}

/// Runs the screen on the terminal until the model leaves, and then restores the terminal.
///
/// `inbox` brings messages from elsewhere (their sender calls `wake` afterwards); `act` carries out effects that do not
/// concern the terminal, and returns what the model must know about that. It must not wait.
pub fn run(
    terminal: Terminal,
    model: &mut dyn Model,
    clock: Clock,
    inbox: &Receiver<Msg>,
    wake: &Wake,
    act: &mut dyn FnMut(Effect) -> Option<Msg>,
) -> io::Result<Farewell> {
    let screen = Screen::new(Box::new(terminal.tty().clone()), terminal.tty().size(), terminal.look());
    let mut turn = Loop {
        terminal,
        screen,
        signals: SignalStream::start()?,
        model,
        clock,
        act,
        input: InputParser::default(),
        input_due: None,
        ticked: None,
        drawn: None,
        changed: true,
        more_news: false,
        ended: None,
    };
    turn.resize();
    while turn.ended.is_none() {
        turn.once(inbox, wake)?;
    }
    Ok(turn.ended.take().unwrap_or(Farewell::Done))
}

struct Loop<'a> {
    terminal: Terminal,
    screen: Screen,
    signals: SignalStream,
    model: &'a mut dyn Model,
    clock: Clock,
    act: &'a mut dyn FnMut(Effect) -> Option<Msg>,
    input: InputParser,
    /// When incomplete input counts as complete.
    input_due: Option<Instant>,
    /// The time of the last tick: a deadline that stays in the past must not make the loop spin.
    ticked: Option<Instant>,
    /// The time of the last frame.
    drawn: Option<Instant>,
    /// Whether something happened since the last frame.
    changed: bool,
    /// Whether the inbox has more than the last batch.
    more_news: bool,
    /// How it ended.
    ended: Option<Farewell>,
}

/// What is ready after waiting.
struct Ready {
    input: bool,
    hung_up: bool,
    signals: bool,
}

impl Loop<'_> {
    /// Waits, handles what is there, and draws what has changed.
    fn once(&mut self, inbox: &Receiver<Msg>, wake: &Wake) -> io::Result<()> {
        let ready = self.wait(wake)?;
        if ready.signals {
            self.take_signals()?;
        }
        if ready.input {
            self.read();
        } else if ready.hung_up {
            self.hang_up();
        } else if self.input_due.is_some_and(|due| due <= Instant::now()) {
            self.input_due = None;
            let complete = self.input.idle();
            self.tell(complete);
        }
        wake.clear();
        self.take_news(inbox);
        if self.until_tick() == Some(Duration::ZERO) {
            self.ticked = Some(Instant::now());
            self.tell([Msg::Tick]);
        }
        self.screen.flush();
        if self.until_frame() == Some(Duration::ZERO) {
            self.render();
        }
        if self.screen.has_failed() {
            self.hang_up();
        }
        Ok(())
    }

    /// Sleeps until there is something to do.
    fn wait(&self, wake: &Wake) -> io::Result<Ready> {
        let input = self.input_due.map(|due| due.saturating_duration_since(Instant::now()));
        let news = self.more_news.then_some(Duration::ZERO);
        let timeout = [input, news, self.until_tick(), self.until_frame()].into_iter().flatten().min();
        let timeout =
            timeout.map(|timeout| Timespec::try_from(timeout).unwrap_or(Timespec { tv_sec: 3600, tv_nsec: 0 }));
        let terminal = if self.screen.is_behind() { PollFlags::IN | PollFlags::OUT } else { PollFlags::IN };
        let tty = self.terminal.tty();
        let mut waiting =
            [PollFd::new(tty, terminal), PollFd::new(&self.signals, PollFlags::IN), PollFd::new(wake, PollFlags::IN)];
        match poll(&mut waiting, timeout.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let [tty, signals, _] = waiting.map(|wait| wait.revents());
        Ok(Ready {
            input: tty.contains(PollFlags::IN),
            hung_up: tty.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL),
            signals: signals.contains(PollFlags::IN),
        })
    }

    /// How long until the model wants a tick.
    fn until_tick(&self) -> Option<Duration> {
        let wait = self.model.deadline()?.since(self.clock.now().steady);
        let pause = self.ticked.map_or(Duration::ZERO, |at| FRAME.saturating_sub(at.elapsed()));
        Some(wait.max(pause))
    }

    /// How long until the next frame may be drawn, if one is due and the terminal is not behind.
    fn until_frame(&self) -> Option<Duration> {
        let due = self.changed && !self.screen.is_behind();
        due.then(|| self.drawn.map_or(Duration::ZERO, |at| FRAME.saturating_sub(at.elapsed())))
    }

    fn read(&mut self) {
        let mut bytes = [0; READ];
        for _ in 0..READS {
            match self.terminal.tty().read(&mut bytes) {
                Ok(Some(0)) | Err(_) => return self.hang_up(),
                Ok(Some(count)) => {
                    let typed = self.input.feed(bytes.get(..count).unwrap_or_default());
                    self.tell(typed);
                }
                Ok(None) => break,
            }
        }
        self.input_due = self.input.wait().map(|wait| Instant::now() + wait);
    }

    fn take_news(&mut self, inbox: &Receiver<Msg>) {
        self.more_news = false;
        for _ in 0..BATCH {
            match inbox.try_recv() {
                Ok(msg) => self.tell([msg]),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return,
            }
        }
        self.more_news = true;
    }

    fn take_signals(&mut self) -> io::Result<()> {
        while let Some(request) = self.signals.take() {
            match request {
                SignalRequest::Resize => self.resize(),
                SignalRequest::Interrupt => self.tell([Msg::Key(Key::Ctrl('c'))]),
                SignalRequest::Leave => self.hang_up(),
                SignalRequest::Stop => self.suspend()?,
            }
        }
        Ok(())
    }

    /// Gives messages to the model and carries out its effects.
    fn tell(&mut self, messages: impl IntoIterator<Item = Msg>) {
        for msg in messages {
            if self.ended.is_some() {
                return;
            }
            self.changed = true;
            let mut back = Vec::new();
            for effect in self.model.update(self.clock.now(), msg) {
                match effect {
                    Effect::Bell => self.screen.bell(),
                    // The bell of the session has rung, if the person wants it to.
                    Effect::Notify { .. } => {}
                    Effect::Title(title) => self.screen.title(&title),
                    Effect::Redraw => self.screen.forget(),
                    Effect::Suspend => {
                        if self.suspend().is_err() {
                            self.ended = Some(Farewell::Done);
                        }
                    }
                    Effect::Leave(farewell) => self.ended = Some(farewell),
                    other => back.extend((self.act)(other)),
                }
            }
            if !back.is_empty() {
                self.tell(back);
            }
        }
    }

    /// The terminal is gone or the process is to end: the model gets its last message.
    fn hang_up(&mut self) {
        self.tell([Msg::Hangup]);
        self.ended.get_or_insert(Farewell::Done);
    }

    fn resize(&mut self) {
        let (cols, rows) = self.terminal.tty().size();
        self.screen.resize((cols, rows));
        self.tell([Msg::Resize { cols, rows }]);
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.terminal.suspend()?;
        // The terminal may have another size now, and does not show our screen.
        self.resize();
        Ok(())
    }

    fn render(&mut self) {
        self.changed = false;
        self.drawn = Some(Instant::now());
        self.screen.draw(self.model.view());
    }
}
