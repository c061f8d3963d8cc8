//! Takes over the terminal, and restores it whatever ends the program.
//!
//! Must not know: what is drawn in between.

use std::io;
use std::sync::{Mutex, Once, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

use rustix::process::{Signal, getpgrp, getppid, getsid, kill_current_process_group};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use super::look::Look;
use super::tty::Tty;

/// Enters the alternate screen, with bracketed paste.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[0m\x1b[2J";
/// The same for emulators: also saves the window title and asks for unambiguous key reports.
const ENTER_EMULATOR: &str = "\x1b[22;0t\x1b[?1049h\x1b[>1u\x1b[?2004h\x1b[0m\x1b[2J";
/// Ends a frame that may have been cut short, then undoes [`ENTER`]. The main screen is not cleared; on terminals
/// without an alternate screen, what follows begins below ours.
const LEAVE: &str = "\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h\x1b[999;1H\r\n\x1b[?1049l";
/// Undoes [`ENTER_EMULATOR`].
const LEAVE_EMULATOR: &str = "\x1b[?2026l\x1b[0m\x1b[<u\x1b[?2004l\x1b[?25h\x1b[999;1H\r\n\x1b[?1049l\x1b[23;0t";
/// How long to wait for a slow terminal at each write of these.
const PATIENCE: Duration = Duration::from_millis(500);

/// The terminal's former state, while it is taken over. Global, because any thread can panic.
static SAVED: Mutex<Option<SavedState>> = Mutex::new(None);

struct SavedState {
    tty: Tty,
    modes: Termios,
    emulator: bool,
    owner: ThreadId,
}

/// The terminal, taken over until this is dropped.
#[derive(Debug)]
pub struct Terminal {
    tty: Tty,
    look: Look,
}

impl Terminal {
    /// Takes over the terminal of this process.
    pub fn enter(look: Look) -> io::Result<Self> {
        static HOOK: Once = Once::new();
        let terminal = Self { tty: Tty::open()?, look };
        HOOK.call_once(restore_before_panics);
        terminal.take()?;
        Ok(terminal)
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

    /// Restores the terminal, stops the process until it is continued, and takes over the terminal again. Does nothing
    /// where no shell could continue the process.
    pub(crate) fn suspend(&self) -> io::Result<()> {
        if !somebody_can_continue_us() {
            return Ok(());
        }
        restore();
        // SIGTSTP itself is caught, because others may send it; SIGSTOP has the same effect on this process.
        let stopped = kill_current_process_group(Signal::STOP);
        self.take()?;
        Ok(stopped?)
    }

    fn take(&self) -> io::Result<()> {
        let modes = tcgetattr(&self.tty)?;
        let mut raw = modes.clone();
        raw.make_raw();
        let owner = std::thread::current().id();
        let emulator = self.look.emulator;
        *SAVED.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(SavedState { tty: self.tty.clone(), modes, emulator, owner });
        tcsetattr(&self.tty, OptionalActions::Now, &raw)?;
        self.tty.write_patiently(if emulator { ENTER_EMULATOR } else { ENTER }.as_bytes(), PATIENCE)
    }
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
    let leave = if saved.emulator { LEAVE_EMULATOR } else { LEAVE };
    let _ = saved.tty.write_patiently(leave.as_bytes(), PATIENCE);
    let _ = tcsetattr(&saved.tty, OptionalActions::Now, &saved.modes);
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
