//! Runs the line mode: one line per message on standard output, lines typed or piped on standard input.
//!
//! Must not know: what a line means, or how it looks (`print`).

use std::io::{self, BufRead, Write as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::line_reader::LineReader;
use crate::client::link::dialer::Dialer;
use crate::client::link::handle::DriverHandle;
use crate::client::msg::{Effect, Farewell, Msg, Printed};
use crate::client::session::Session;
use crate::client::text::print;
use crate::sys::clock::{self, Clock};

/// How long the connection may take for what is still to be sent at the end: a TR2.23 server takes 25 messages a second.
const FAREWELL: Duration = Duration::from_secs(300);
/// How long to sleep when the session has no deadline.
const LONG: Duration = Duration::from_secs(3600);

/// Carries out what concerns the person's files, and returns the answer; `None` for any other effect.
pub(crate) type KeptHere<'a> = &'a mut dyn FnMut(&Effect) -> Option<Msg>;

/// Chats line by line until the input has ended and the server has accepted everything, or the user leaves.
///
/// # Errors
/// If standard output cannot be written.
pub(crate) fn run(session: &mut Session, dialer: Dialer, keep: KeptHere<'_>) -> io::Result<Farewell> {
    let (mut driver, inbox, news) = DriverHandle::start(dialer, || ());
    let (permits, allowed) = sync_channel(1);
    thread::spawn(move || read_lines(io::stdin().lock(), &allowed, &news));
    let mut mode = LineMode { driver: &mut driver, keep, permits, asked: false };
    let farewell = mode.work(session, &inbox);
    drop(inbox);
    driver.end(FAREWELL);
    match farewell {
        // The reader of the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Farewell::Done),
        farewell => farewell,
    }
}

struct LineMode<'a> {
    driver: &'a mut DriverHandle,
    keep: KeptHere<'a>,
    /// Each permit lets the reader thread read one more line, so that input that the session has no room for stays
    /// unread.
    permits: SyncSender<()>,
    asked: bool,
}

impl LineMode<'_> {
    fn work(&mut self, session: &mut Session, inbox: &Receiver<Msg>) -> io::Result<Farewell> {
        let clock = Clock::start();
        let mut effects = session.start(clock.now());
        loop {
            let mut back = Vec::new();
            for effect in effects {
                match effect {
                    Effect::Print(printed) => print(&printed)?,
                    Effect::Leave(farewell) => return Ok(farewell),
                    other => back.extend((self.keep)(&other).or_else(|| self.driver.act(other))),
                }
            }
            if !back.is_empty() {
                effects = back.into_iter().flat_map(|msg| session.update(clock.now(), msg)).collect();
                continue;
            }
            if !self.asked && session.takes_lines() {
                self.asked = self.permits.try_send(()).is_ok();
            }
            let wait = session.deadline().map_or(LONG, |deadline| deadline.since(clock.now().steady));
            let msg = match inbox.recv_timeout(wait) {
                Ok(msg) => msg,
                Err(RecvTimeoutError::Timeout) => Msg::Tick,
                Err(RecvTimeoutError::Disconnected) => Msg::Hangup,
            };
            self.asked &= !matches!(msg, Msg::Line(_) | Msg::Rest(_));
            effects = session.update(clock.now(), msg);
        }
    }
}

fn print(printed: &Printed) -> io::Result<()> {
    let line = print::line(printed, clock::zone());
    if matches!(printed, Printed::Error(_)) {
        // If standard error is gone, nobody can be told.
        let _ = writeln!(io::stderr(), "{line}");
        return Ok(());
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn read_lines(input: impl BufRead, allowed: &Receiver<()>, news: &SyncSender<Msg>) {
    let mut lines = LineReader::new(input);
    while allowed.recv().is_ok() {
        let msg = lines.next_part();
        let ended = msg == Msg::EndOfInput;
        if news.send(msg).is_err() || ended {
            return;
        }
    }
}
