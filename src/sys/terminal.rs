//! The terminal that the program was started on, which may be closed while the program runs.
//!
//! Must not know: what the terminal shows.

use std::os::fd::BorrowedFd;

use rustix::io::Errno;
use rustix::stdio::{stderr, stdin, stdout};
use rustix::termios::{isatty, tcgetattr};

/// Which of the standard streams were a terminal at the start.
#[derive(Clone, Debug)]
pub(crate) struct StartTerminal(Vec<BorrowedFd<'static>>);

impl StartTerminal {
    /// The terminal of this process; without one, it is never gone.
    pub(crate) fn find() -> Self {
        Self([stdin(), stdout(), stderr()].into_iter().filter(|fd| isatty(fd)).collect())
    }

    /// Whether there was a terminal, and it has been closed since.
    pub(crate) fn is_gone(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|fd| matches!(tcgetattr(fd), Err(Errno::IO)))
    }
}
