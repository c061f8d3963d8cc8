//! Takes over the terminal, and restores it whatever ends the program.
//!
//! Must not know: what is drawn in between.

use std::io;
use std::sync::{Mutex, Once, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Signal, getpgrp, getppid, getsid, kill_current_process_group};
use rustix::termios::{Action, OptionalActions, Termios, tcflow, tcgetattr, tcsetattr};

use super::look::{Look, Multiplexer};
use super::modes::TerminalModes;
use super::tty::Tty;
use crate::client::traffic_meter::TrafficMeter;

/// How long to wait for a slow terminal at each write of the sequences.
const PATIENCE: Duration = Duration::from_millis(500);

/// The terminal's former state, while it is taken over. Global, because any thread can panic.
static SAVED: Mutex<Option<SavedState>> = Mutex::new(None);

struct SavedState {
    tty: Tty,
    /// The modes of the line, as they were found.
    line: Termios,
    modes: TerminalModes,
    owner: ThreadId,
}

/// The terminal, taken over until this is dropped.
#[derive(Debug)]
pub struct Terminal {
    tty: Tty,
    look: Look,
    meter: Option<TrafficMeter>,
}

impl Terminal {
    /// Takes over the terminal of this process.
    pub fn enter(look: Look) -> io::Result<Self> {
        static HOOK: Once = Once::new();
        let terminal = Self { tty: Tty::open()?, look, meter: None };
        HOOK.call_once(restore_before_panics);
        terminal.take(None)?;
        Ok(terminal)
    }

    /// The same terminal, with a meter for what is written to it.
    #[must_use]
    pub(crate) fn metered(mut self, meter: TrafficMeter) -> Self {
        self.meter = Some(meter);
        self
    }

    /// The meter for what is written to it.
    pub(crate) fn meter(&self) -> Option<&TrafficMeter> {
        self.meter.as_ref()
    }

    /// The terminal device.
    #[must_use]
    pub(crate) fn tty(&self) -> &Tty {
        &self.tty
    }

    /// What the terminal can show.
    #[must_use]
    pub fn look(&self) -> Look {
        self.look
    }

    /// Restores the terminal, stops the process until it is continued, and takes over the terminal again. Returns whether
    /// it did: not where no shell could continue the process.
    pub(crate) fn suspend(&self) -> io::Result<bool> {
        if !somebody_can_continue_us() {
            return Ok(false);
        }
        restore();
        stop()?;
        self.take(None)?;
        Ok(true)
    }

    /// The process goes on after it was stopped without having restored the terminal: sets the modes of the line again,
    /// and returns the sequence to write. Nothing if the terminal is not taken over.
    pub(crate) fn resume(&self) -> io::Result<Option<String>> {
        self.wait_for_the_foreground()?;
        let saved = SAVED.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(SavedState { line, modes, .. }) = saved.as_ref() else { return Ok(None) };
        set_raw(&self.tty, line)?;
        Ok(Some(modes.enter(true)))
    }

    /// Restores the terminal for another program; returns how its line was found.
    pub(crate) fn hand_over(&self) -> io::Result<Termios> {
        let line = SAVED.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|saved| saved.line.clone());
        restore();
        line.map_or_else(|| Ok(tcgetattr(&self.tty)?), Ok)
    }

    /// Takes the terminal over again from that program, whatever it did to the line.
    pub(crate) fn take_back(&self, line: Termios) -> io::Result<()> {
        self.take(Some(line))
    }

    /// The terminal has said whether the wheel moved the cursor on the alternate screen when it was found.
    pub(crate) fn found_alternate_scroll(set: bool) {
        if let Some(saved) = SAVED.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            saved.modes.alternate_scroll = set;
        }
    }

    /// Takes the terminal over. The line is to be restored as `found`, or else as it is.
    fn take(&self, found: Option<Termios>) -> io::Result<()> {
        self.wait_for_the_foreground()?;
        let line = found.map_or_else(|| tcgetattr(&self.tty), Ok)?;
        let owner = std::thread::current().id();
        let Look { emulator, multiplexer, .. } = self.look;
        let modes = TerminalModes { emulator, screen: multiplexer == Multiplexer::Screen, alternate_scroll: true };
        *SAVED.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(SavedState { tty: self.tty.clone(), line: line.clone(), modes, owner });
        set_raw(&self.tty, &line)?;
        self.tty.write_patiently(modes.enter(false).as_bytes(), PATIENCE)
    }

    /// In the background, the terminal belongs to others: the system stops a process there that changes it, until the
    /// shell brings it to the foreground. This change has no effect. It fails if no shell ever will.
    fn wait_for_the_foreground(&self) -> io::Result<()> {
        loop {
            match tcflow(&self.tty, Action::OOn) {
                Err(Errno::INTR) => {}
                done => return Ok(done?),
            }
        }
    }
}

/// Has the line hand on every byte as it comes: no editing, no echo, no signals, no Ctrl-S and Ctrl-Q for itself.
fn set_raw(tty: &Tty, line: &Termios) -> io::Result<()> {
    let mut raw = line.clone();
    raw.make_raw();
    Ok(tcsetattr(tty, OptionalActions::Now, &raw)?)
}

/// Stops the whole job, until the shell continues it. SIGTSTP itself is caught, because others may send it; SIGSTOP has the
/// same effect.
pub(super) fn stop() -> io::Result<()> {
    Ok(kill_current_process_group(Signal::STOP)?)
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Restores the terminal if it is taken over; returns the thread that had taken it over.
fn restore() -> Option<ThreadId> {
    let saved = SAVED.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    // A terminal that is gone need not be restored.
    let _ = saved.tty.write_patiently(saved.modes.leave().as_bytes(), PATIENCE);
    let _ = tcsetattr(&saved.tty, OptionalActions::Now, &saved.line);
    Some(saved.owner)
}

/// Makes panics readable: the message comes after the terminal is restored. A panic in another thread than the one that
/// draws would leave a dead screen, so it ends the process.
fn restore_before_panics() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let owner = restore();
        report(panic);
        if owner.is_some_and(|owner| owner != std::thread::current().id()) {
            std::process::exit(101);
        }
    }));
}

/// Whether a shell with job control looks after our process group: without one (our group is the session leader's, or
/// our parent is init), a stopped process would sleep for ever.
pub(in crate::client) fn somebody_can_continue_us() -> bool {
    let group = getpgrp();
    let alone = getppid().is_none_or(|parent| parent.is_init());
    !alone && getsid(None).is_ok_and(|session| session != group)
}
