//! Taking the terminal over, and giving it back as it was found, whatever ends the program.
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

/// Alternate screen, bracketed paste.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[0m\x1b[2J";
/// The same for emulators, keeping the window's title and asking for keys that can be told apart.
const ENTER_EMULATOR: &str = "\x1b[22;0t\x1b[?1049h\x1b[>1u\x1b[?2004h\x1b[0m\x1b[2J";
/// Ends a frame that may have been cut short, then undoes [`ENTER`]. The main screen is not cleared; on terminals that
/// have no other screen, what follows begins below ours.
const LEAVE: &str = "\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h\x1b[999;1H\r\n\x1b[?1049l";
/// Undoes [`ENTER_EMULATOR`].
const LEAVE_EMULATOR: &str = "\x1b[?2026l\x1b[0m\x1b[<u\x1b[?2004l\x1b[?25h\x1b[999;1H\r\n\x1b[?1049l\x1b[23;0t";
/// How long a slow terminal is waited for at each write of these.
const PATIENCE: Duration = Duration::from_millis(500);

/// How the terminal was found, while it is taken over. Global, because a panic can come from any thread.
static FOUND: Mutex<Option<Found>> = Mutex::new(None);

struct Found {
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

    /// The line to it.
    #[must_use]
    pub fn tty(&self) -> &Tty {
        &self.tty
    }

    /// What it can show.
    #[must_use]
    pub fn look(&self) -> Look {
        self.look
    }

    /// Gives the terminal back, sleeps until the process is continued, and takes the terminal again. Where no shell
    /// could continue it, nothing happens.
    pub fn suspend(&self) -> io::Result<()> {
        if !somebody_can_continue_us() {
            return Ok(());
        }
        restore();
        // SIGTSTP itself is caught, for those who send it from outside; this one has the same effect on us.
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
        *FOUND.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Found { tty: self.tty.clone(), modes, emulator, owner });
        tcsetattr(&self.tty, OptionalActions::Now, &raw)?;
        self.tty.write_patiently(if emulator { ENTER_EMULATOR } else { ENTER }.as_bytes(), PATIENCE)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back if it is taken; says which thread had taken it.
fn restore() -> Option<ThreadId> {
    let found = FOUND.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    // A terminal that is gone needs nothing any more.
    let leave = if found.emulator { LEAVE_EMULATOR } else { LEAVE };
    let _ = found.tty.write_patiently(leave.as_bytes(), PATIENCE);
    let _ = tcsetattr(&found.tty, OptionalActions::Now, &found.modes);
    Some(found.owner)
}

/// Makes panics readable: the message comes after the screen is given back. A panic beside the thread that draws
/// would leave a dead screen, so it ends the process.
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

/// Whether a shell with job control looks after our process group: in the group of a session's leader, or with
/// nobody above, a stopped process would sleep for ever.
fn somebody_can_continue_us() -> bool {
    let group = getpgrp();
    let alone = getppid().is_none_or(|parent| parent.is_init());
    !alone && getsid(None).is_ok_and(|session| session != group)
}
