//! The terminal on which a line is typed in plain mode: it sends keys one by one and does not show them, until this is
//! dropped or the program panics.
//!
//! Must not know: what the keys do.

use std::io;
use std::sync::{Mutex, Once, PoisonError};

use rustix::process::{Signal, kill_current_process_group};
use rustix::stdio::{stdin, stdout};
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize, tcsetattr,
};

use crate::client::tui::terminal::somebody_can_continue_us;

/// The columns of a terminal that does not know.
const COLUMNS: u16 = 80;

/// The terminal's former modes, while it is taken over. Global, because any thread can panic.
static SAVED: Mutex<Option<Termios>> = Mutex::new(None);

/// The terminal, taken over until this is dropped.
#[derive(Debug)]
pub(super) struct LineTerminal;

impl LineTerminal {
    /// Takes over the terminal of standard input.
    pub(super) fn enter() -> io::Result<Self> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let report = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                restore();
                report(panic);
            }));
        });
        take()?;
        Ok(Self)
    }

    /// Restores the terminal, stops the process until it is continued, and takes over the terminal again. Does nothing
    /// where no shell could continue the process.
    pub(super) fn suspend(&self) -> io::Result<()> {
        if !somebody_can_continue_us() {
            return Ok(());
        }
        restore();
        let stopped = kill_current_process_group(Signal::STOP);
        take()?;
        Ok(stopped?)
    }

    /// Takes over the terminal again after somebody else has stopped and continued the process.
    pub(super) fn retake(&self) -> io::Result<()> {
        restore();
        take()
    }

    /// The width, in columns.
    pub(super) fn columns(&self) -> u16 {
        tcgetwinsize(stdout()).map_or(COLUMNS, |size| if size.ws_col == 0 { COLUMNS } else { size.ws_col })
    }
}

impl Drop for LineTerminal {
    fn drop(&mut self) {
        restore();
    }
}

fn take() -> io::Result<()> {
    let modes = tcgetattr(stdin())?;
    let mut ours = modes.clone();
    ours.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
    ours.input_modes -= InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::IXON;
    ours.special_codes[SpecialCodeIndex::VMIN] = 1;
    ours.special_codes[SpecialCodeIndex::VTIME] = 0;
    *SAVED.lock().unwrap_or_else(PoisonError::into_inner) = Some(modes);
    Ok(tcsetattr(stdin(), OptionalActions::Now, &ours)?)
}

fn restore() {
    if let Some(modes) = SAVED.lock().unwrap_or_else(PoisonError::into_inner).take() {
        // A terminal that is gone need not be restored.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &modes);
    }
}
