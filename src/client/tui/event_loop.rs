//! The event loop: waits for the terminal, signals and messages; lets the model decide; draws what has changed.
//!
//! It sleeps until something happens or the model's deadline comes, and never waits for a slow terminal.
//!
//! Must not know: what the model is about.

use std::io;
use std::os::fd::AsFd as _;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::held_terminal::HeldTerminal;
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
    let mut turn = Loop {
        terminal: HeldTerminal::of(terminal),
        signals: SignalStream::start()?,
        model,
        clock,
        act,
        ticked: None,
        drawn: None,
        changed: true,
        keyed: false,
        more_news: false,
        gone: false,
        ended: None,
    };
    turn.resize();
    turn.tell(turn.terminal.known());
    while turn.ended.is_none() {
        turn.once(inbox, wake)?;
    }
    if !turn.gone {
        turn.terminal.await_answers();
    }
    Ok(turn.ended.take().unwrap_or(Farewell::Done))
}

struct Loop<'a> {
    terminal: HeldTerminal,
    signals: SignalStream,
    model: &'a mut dyn Model,
    clock: Clock,
    act: &'a mut dyn FnMut(Effect) -> Option<Msg>,
    /// The time of the last tick: a deadline that stays in the past must not make the loop spin.
    ticked: Option<Instant>,
    /// The time of the last frame.
    drawn: Option<Instant>,
    /// Whether something happened since the last frame.
    changed: bool,
    /// Whether the person did something since the last frame.
    keyed: bool,
    /// Whether the inbox has more than the last batch.
    more_news: bool,
    /// Whether the terminal is gone, or the process is to end at once.
    gone: bool,
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
        if ready.signals || self.signals.has_early() {
            self.take_signals()?;
        }
        if ready.input {
            self.read();
        } else if ready.hung_up {
            self.hang_up();
        } else if self.terminal.until_idle() == Some(Duration::ZERO) {
            let complete = self.terminal.idle();
            self.tell(complete);
        }
        if let Some(edited) = self.terminal.come_back()? {
            self.signals.forget(&[SignalRequest::Interrupt, SignalRequest::Stop]);
            self.taken_again();
            self.tell([edited]);
        }
        wake.clear();
        self.take_news(inbox);
        if self.until_tick() == Some(Duration::ZERO) {
            self.ticked = Some(Instant::now());
            self.tell([Msg::Tick]);
        }
        if self.terminal.editor().is_none() {
            self.terminal.screen().flush();
        }
        if self.until_frame() == Some(Duration::ZERO) {
            self.render();
        } else if self.until_pictures() == Some(Duration::ZERO) {
            self.terminal.screen().draw_pictures();
        }
        if self.terminal.screen().has_failed() {
            self.hang_up();
        }
        Ok(())
    }

    /// Sleeps until there is something to do.
    fn wait(&self, wake: &Wake) -> io::Result<Ready> {
        let news = (self.more_news || self.signals.has_early()).then_some(Duration::ZERO);
        let draws = [self.until_frame(), self.until_pictures()];
        let waits = [self.terminal.until_idle(), news, self.until_tick()];
        let timeout = waits.into_iter().chain(draws).flatten().min();
        let timeout =
            timeout.map(|timeout| Timespec::try_from(timeout).unwrap_or(Timespec { tv_sec: 3600, tv_nsec: 0 }));
        let editor = self.terminal.editor();
        let terminal = match (editor, self.terminal.is_behind()) {
            (Some(_), _) => PollFlags::empty(),
            (None, true) => PollFlags::IN | PollFlags::OUT,
            (None, false) => PollFlags::IN,
        };
        let [ends, resizes] = self.signals.descriptors();
        let mut waiting = [
            PollFd::new(self.terminal.tty(), terminal),
            PollFd::from_borrowed_fd(ends, PollFlags::IN),
            PollFd::from_borrowed_fd(resizes, PollFlags::IN),
            PollFd::new(wake, PollFlags::IN),
            PollFd::from_borrowed_fd(editor.unwrap_or(wake.as_fd()), PollFlags::IN),
        ];
        let interrupted = match poll(&mut waiting, timeout.as_ref()) {
            Ok(_) => false,
            // A signal has come. It is taken before anything is drawn: we may be in the background now.
            Err(Errno::INTR) => true,
            Err(error) => return Err(error.into()),
        };
        let [tty, ends, resizes, ..] = waiting.map(|wait| wait.revents());
        Ok(Ready {
            input: tty.contains(PollFlags::IN),
            hung_up: tty.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL),
            signals: interrupted || (ends | resizes).contains(PollFlags::IN),
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
        let due = self.changed && self.terminal.editor().is_none() && !self.terminal.is_behind();
        due.then(|| {
            let pause = self.drawn.map_or(Duration::ZERO, |at| FRAME.saturating_sub(at.elapsed()));
            pause.max(self.terminal.until_arrived(self.keyed))
        })
    }

    /// How long until pictures may be drawn that the last frame had to leave out, if the terminal is not behind.
    fn until_pictures(&self) -> Option<Duration> {
        self.terminal.until_pictures().filter(|_| !self.terminal.is_behind())
    }

    fn read(&mut self) {
        for _ in 0..READS {
            match self.terminal.read() {
                Ok(Some(messages)) => {
                    self.keyed |= !messages.is_empty();
                    self.tell(messages);
                }
                Ok(None) => return,
                Err(_) => return self.hang_up(),
            }
            // What comes now may be the editor's, or the shell's.
            if self.terminal.editor().is_some() || self.ended.is_some() {
                return;
            }
        }
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
                SignalRequest::Leave => self.hang_up(),
                // Meant for the editor.
                _ if self.terminal.editor().is_some() => {}
                SignalRequest::Interrupt => self.tell([Msg::Key(Key::Ctrl('c'))]),
                SignalRequest::Stop => self.suspend()?,
                SignalRequest::Continue => match self.terminal.resume() {
                    Ok(()) => self.taken_again(),
                    // The shell is gone, and the terminal with it.
                    Err(_) => self.hang_up(),
                },
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
                    Effect::Bell => self.terminal.screen().bell(),
                    Effect::Title(title) => self.terminal.screen().title(&title),
                    Effect::Redraw => self.terminal.screen().forget(),
                    Effect::Notify { title, body } => self.terminal.screen().notify(&title, &body),
                    Effect::Copy(text) => back.extend(self.terminal.screen().copy(&text).err().map(Msg::Trouble)),
                    Effect::Mouse(on) => self.terminal.take_mouse(on),
                    Effect::EditText(text) => {
                        back.extend(self.terminal.edit(&text).err().map(|why| Msg::Edited(Err(why))));
                    }
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
        self.gone = true;
        self.tell([Msg::Hangup]);
        self.ended.get_or_insert(Farewell::Done);
    }

    fn resize(&mut self) {
        let size = self.terminal.resize();
        self.tell([size]);
    }

    fn suspend(&mut self) -> io::Result<()> {
        if self.terminal.suspend()? {
            self.taken_again();
        }
        Ok(())
    }

    /// The terminal is ours again. It may have another size now, and does not show our screen.
    fn taken_again(&mut self) {
        self.signals.forget(&[SignalRequest::Continue]);
        self.resize();
    }

    fn render(&mut self) {
        self.changed = false;
        self.keyed = false;
        self.drawn = Some(Instant::now());
        let view = self.model.view();
        self.terminal.screen().draw(view);
    }
}
