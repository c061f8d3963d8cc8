//! Runs the line mode: one line per message on standard output, lines typed or piped on standard input.
//!
//! Must not know: what a line means, or how it looks (`print`, `json`).

use std::collections::VecDeque;
use std::io::{self, IsTerminal as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use async_signal::{Signal, Signals};
use futures_lite::{StreamExt as _, future};

use super::input;
use super::line_edit::Typed;
use super::line_reader::LineKind;
use super::screen::Printer;
use crate::client::channels::handle::{ChannelTools, Channels};
use crate::client::link::handle::DriverHandle;
use crate::client::msg::{Effect, Farewell, Msg, Printed, Unsent};
use crate::client::session::Session;
use crate::client::settings::Times;
use crate::client::text::ascii::{Charset, ascii};
use crate::client::text::{json, print};
use crate::client::traffic_meter::TrafficMeter;
use crate::language::system::words;
use crate::language::terminal as say;
use crate::sys::clock::{Clock, LocalZone};

/// How long the connection may take for what is still to be sent at the end: a TR2.23 server takes 25 messages a second.
const FAREWELL: Duration = Duration::from_secs(300);
/// How long the channels to others may take to close.
const CHANNEL_FAREWELL: Duration = Duration::from_secs(1);
/// How long to sleep when the session has no deadline.
const LONG: Duration = Duration::from_secs(3600);

/// Carries out what concerns the person's files, and returns the answer; `None` for any other effect.
pub(crate) type KeptHere<'a> = &'a mut dyn FnMut(&Effect) -> Option<Msg>;

/// How lines look and come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineStyle {
    /// Piped text, for people and scripts.
    Text,
    /// The same, and lines are typed on a terminal that can move its cursor.
    Typed,
    /// JSON, for programs.
    Json,
}

/// Chats line by line until the input has ended and the server has accepted everything, or the user leaves.
///
/// # Errors
/// If the terminal or the system fails.
pub(crate) fn run(
    session: &mut Session,
    tools: ChannelTools,
    clock: Clock,
    zone: LocalZone,
    (style, troubles): (LineStyle, Vec<String>),
    keep: KeptHere<'_>,
) -> io::Result<(Farewell, Vec<Unsent>)> {
    let meter = TrafficMeter::new(clock);
    let (mut driver, inbox, news) = DriverHandle::start(tools.dialer.clone(), meter.clone(), || ());
    let mut channels = Channels::new(tools, driver.outlet());
    channels.delete_old_parts();
    if style == LineStyle::Typed {
        // Nothing waits yet: there is room.
        troubles.into_iter().for_each(|words| drop(news.try_send(Msg::Trouble(words))));
    }
    let (permits, allowed) = sync_channel(1);
    let printer = Printer::new(style == LineStyle::Typed, meter)?;
    catch_signals(style == LineStyle::Typed, news.clone())?;
    thread::spawn(move || match style {
        LineStyle::Text => input::read_lines(LineKind::Output, &allowed, &news),
        LineStyle::Json => input::read_lines(LineKind::Raw, &allowed, &news),
        LineStyle::Typed => input::read_keys(&news),
    });
    let waiting = VecDeque::new();
    let mut mode = LineMode {
        driver: &mut driver,
        channels: &mut channels,
        keep,
        permits,
        asked: false,
        clock,
        zone,
        style,
        printer,
        waiting,
        kept: Vec::new(),
    };
    let farewell = mode.work(session, &inbox);
    if let Ok(farewell) = &farewell
        && style == LineStyle::Json
    {
        // Nobody can be told if this fails.
        let _ = mode.printer.print(&json::last_line(farewell));
    }
    let kept = std::mem::take(&mut mode.kept);
    drop(mode);
    drop(inbox);
    channels.end(CHANNEL_FAREWELL);
    driver.end(FAREWELL);
    Ok((farewell?, kept))
}

struct LineMode<'a> {
    driver: &'a mut DriverHandle,
    channels: &'a mut Channels,
    keep: KeptHere<'a>,
    /// Each permit lets the reader thread read one more line, so that input that the session has no room for stays
    /// unread.
    permits: SyncSender<()>,
    asked: bool,
    clock: Clock,
    zone: LocalZone,
    style: LineStyle,
    printer: Printer,
    /// Typed lines that the session has no room for yet: at most those of one paste.
    waiting: VecDeque<String>,
    /// What is to be kept for the next start.
    kept: Vec<Unsent>,
}

impl LineMode<'_> {
    fn work(&mut self, session: &mut Session, inbox: &Receiver<Msg>) -> io::Result<Farewell> {
        let mut effects = session.start(self.clock.now());
        loop {
            let mut back = Vec::new();
            for effect in effects {
                match effect {
                    Effect::Print(printed) => back.extend(self.print(&printed, session.times())),
                    Effect::Keep(unsent) => self.kept = unsent,
                    Effect::Leave(farewell) => return Ok(farewell),
                    other => {
                        let answer = (self.keep)(&other).or_else(|| self.channels.act(&other));
                        back.extend(answer.or_else(|| self.driver.act(other)));
                    }
                }
            }
            if session.takes_lines()
                && let Some(line) = self.waiting.pop_front()
            {
                back.push(Msg::Line(line));
            }
            if back.is_empty() {
                back.extend(self.next(session, inbox)?);
            }
            effects = Vec::new();
            for msg in back {
                effects.extend(self.update(session, msg));
            }
        }
    }

    /// Waits for the next message.
    fn next(&mut self, session: &Session, inbox: &Receiver<Msg>) -> io::Result<Vec<Msg>> {
        if !self.asked && session.takes_lines() {
            self.asked = self.permits.try_send(()).is_ok();
        }
        let wait = session.deadline().map_or(LONG, |deadline| deadline.since(self.clock.now().steady));
        let msg = match inbox.recv_timeout(wait) {
            Ok(msg) => msg,
            Err(RecvTimeoutError::Timeout) => Msg::Tick,
            Err(RecvTimeoutError::Disconnected) => Msg::Hangup,
        };
        self.asked &= !matches!(msg, Msg::Line(_) | Msg::Rest(_));
        match msg {
            Msg::Key(key) => Ok(match self.printer.key(key)? {
                Typed::Entered(line) => {
                    self.waiting.push_back(line);
                    Vec::new()
                }
                Typed::Ended => vec![Msg::EndOfInput],
                Typed::Left => vec![Msg::Hangup],
                Typed::Edited | Typed::GivenUp | Typed::Suspended => Vec::new(),
            }),
            Msg::Paste(text) => {
                self.waiting.extend(self.printer.paste(&text)?);
                Ok(Vec::new())
            }
            Msg::Continued => {
                self.printer.continued()?;
                Ok(vec![Msg::Continued])
            }
            msg => Ok(vec![msg]),
        }
    }

    fn update(&mut self, session: &mut Session, msg: Msg) -> Vec<Effect> {
        let now = self.clock.now();
        let renewed = self.zone.renewed(now).cloned();
        let mut effects = renewed.map(|zone| session.update(now, Msg::Zone(zone))).unwrap_or_default();
        effects.extend(session.update(now, msg));
        effects
    }

    /// Prints a line; returns what the session must be told if that fails.
    fn print(&mut self, printed: &Printed, times: Times) -> Option<Msg> {
        let written = if self.style == LineStyle::Json {
            self.printer.print(&json::line(printed))
        } else {
            let line = print::line(printed, self.zone.zone(), times);
            let charset = Charset::of(|name| std::env::var(name).ok());
            let shown = |terminal: bool| if charset.needs_ascii(terminal) { ascii(&line) } else { (&*line).into() };
            if matches!(printed, Printed::Error(_)) {
                self.printer.complain(&shown(io::stderr().is_terminal()));
                return None;
            }
            self.printer.print(&shown(io::stdout().is_terminal()))
        };
        match written {
            Ok(()) => None,
            // The reader of the output has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Some(Msg::OutputEnded(None)),
            Err(error) => Some(Msg::OutputEnded(Some(say::output_unwritable(words(&error))))),
        }
    }
}

/// Has signals told to the session: those that ask to end, and on a terminal also those of job control.
fn catch_signals(typed: bool, news: SyncSender<Msg>) -> io::Result<()> {
    let mut caught = vec![Signal::Term, Signal::Hup];
    if typed {
        caught.extend([Signal::Int, Signal::Quit, Signal::Cont]);
    }
    let mut signals = Signals::new(caught)?;
    thread::spawn(move || {
        while let Some(Ok(signal)) = future::block_on(signals.next()) {
            let msg = if signal == Signal::Cont { Msg::Continued } else { Msg::Hangup };
            if news.send(msg).is_err() {
                return;
            }
        }
    });
    Ok(())
}
