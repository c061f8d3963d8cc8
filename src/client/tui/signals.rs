//! The signals that end, stop or resize the screen.
//!
//! Must not know: what is done about them.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use async_signal::{Signal, Signals};
use futures_lite::{StreamExt, future};

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The terminal has another size.
    Resize,
    /// Interrupt, as if by the key.
    Interrupt,
    /// Leave at once.
    Leave,
    /// Stop, to be continued.
    Stop,
}

/// The signals since they were last taken. From its making on they no longer end the process by themselves.
#[derive(Debug)]
pub struct Caught(Signals);

impl Caught {
    /// Starts catching.
    pub fn start() -> io::Result<Self> {
        let caught = [Signal::Winch, Signal::Int, Signal::Term, Signal::Hup, Signal::Quit, Signal::Tstp];
        Ok(Self(Signals::new(caught)?))
    }

    /// Takes the next one, without waiting.
    pub fn take(&mut self) -> Option<Asked> {
        match future::block_on(future::poll_once(self.0.next()))?? {
            Ok(Signal::Winch) => Some(Asked::Resize),
            Ok(Signal::Int) => Some(Asked::Interrupt),
            Ok(Signal::Tstp) => Some(Asked::Stop),
            Ok(_) => Some(Asked::Leave),
            Err(_) => None,
        }
    }
}

impl AsFd for Caught {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
