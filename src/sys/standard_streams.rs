//! Reading and writing the standard streams patiently: also where another program has left them not to block.
//!
//! Must not know: what is read or written.

use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;

/// Standard input. A read waits until there is something, the input ends, or it fails.
#[derive(Clone, Copy, Debug, Default)]
pub struct PatientInput;

impl PatientInput {
    /// Waits until there is something to read, at most for `patience`; `false` if nothing came.
    ///
    /// # Errors
    /// What the system says.
    pub fn wait(patience: Option<Duration>) -> io::Result<bool> {
        wait(stdin(), PollFlags::IN, patience)
    }
}

impl Read for PatientInput {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            match rustix::io::read(stdin(), &mut *bytes) {
                Ok(count) => return Ok(count),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => drop(wait(stdin(), PollFlags::IN, None)?),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Writes all of `bytes`, for as long as it takes.
///
/// # Errors
/// What the system says.
pub fn write_all(stream: impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    let stream = stream.as_fd();
    while !bytes.is_empty() {
        match rustix::io::write(stream, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => drop(wait(stream, PollFlags::OUT, None)?),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// What the system says, without its number.
#[must_use]
pub fn words(error: &io::Error) -> String {
    let words = error.to_string();
    words.split(" (os error").next().unwrap_or_default().to_owned()
}

fn wait(stream: BorrowedFd<'_>, what: PollFlags, patience: Option<Duration>) -> io::Result<bool> {
    let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
    match poll(&mut [PollFd::new(&stream, what)], timeout.as_ref()) {
        Ok(count) => Ok(count > 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
