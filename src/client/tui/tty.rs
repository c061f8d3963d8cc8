//! The terminal device, opened anew, so that it can be used without blocking while the shell's own descriptors stay as
//! they are.
//!
//! Must not know: what is read or written.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::termios::{tcgetwinsize, ttyname};

/// An open terminal. Clones share the descriptor.
#[derive(Clone, Debug)]
pub(crate) struct Tty(Arc<OwnedFd>);

impl Tty {
    /// Opens the terminal of standard input, or else the controlling terminal.
    pub(crate) fn open() -> io::Result<Self> {
        let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        // By name first: not every system can poll /dev/tty.
        let named = ttyname(rustix::stdio::stdin(), Vec::new()).and_then(|name| open(name, flags, Mode::empty()));
        let fd = named.or_else(|_| open("/dev/tty", flags, Mode::empty()))?;
        Ok(Self(Arc::new(fd)))
    }

    /// The size in columns and rows. A terminal that does not know one of them, such as a serial line, says 0; it has 80
    /// columns and 24 rows.
    #[must_use]
    pub(crate) fn size(&self) -> (u16, u16) {
        let (cols, rows) = tcgetwinsize(&self.0).map_or((0, 0), |size| (size.ws_col, size.ws_row));
        (if cols == 0 { 80 } else { cols }, if rows == 0 { 24 } else { rows })
    }

    /// Waits at most `patience` for input; whether there is some.
    pub(crate) fn has_input(&self, patience: Duration) -> bool {
        let Ok(timeout) = Timespec::try_from(patience) else { return false };
        let mut waiting = [PollFd::new(&self.0, PollFlags::IN)];
        let ready = poll(&mut waiting, Some(&timeout)).is_ok_and(|count| count > 0);
        ready && waiting.iter().any(|wait| wait.revents().contains(PollFlags::IN))
    }

    /// Reads what is there: `None` if nothing is, 0 if the terminal is gone.
    pub(crate) fn read(&self, bytes: &mut [u8]) -> io::Result<Option<usize>> {
        loop {
            match rustix::io::read(&self.0, &mut *bytes) {
                Ok(count) => return Ok(Some(count)),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Writes all of `bytes`; waits for a slow terminal, but at most for `patience` at a time.
    pub(crate) fn write_patiently(&self, mut bytes: &[u8], patience: Duration) -> io::Result<()> {
        while !bytes.is_empty() {
            match rustix::io::write(&self.0, bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    let timeout = Timespec::try_from(patience).map_err(io::Error::other)?;
                    if poll(&mut [PollFd::new(&self.0, PollFlags::OUT)], Some(&timeout))? == 0 {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

impl io::Write for Tty {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(&self.0, bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsFd for Tty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
