//! The signals that end, stop or resize the screen.
//!
//! Must not know: what is done about them.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use async_signal::{Signal, Signals};
use futures_lite::{StreamExt, future};

/// What a signal requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignalRequest {
    /// To read the terminal's size again.
    Resize,
    /// To interrupt, as Ctrl-C does.
    Interrupt,
    /// To leave at once.
    Leave,
    /// To stop until the process is continued.
    Stop,
}

/// A stream of the process's signals. While it exists, they do not end the process by themselves.
#[derive(Debug)]
pub(super) struct SignalStream(Signals);

impl SignalStream {
    /// Starts catching signals.
    pub(super) fn start() -> io::Result<Self> {
        let caught = [Signal::Winch, Signal::Int, Signal::Term, Signal::Hup, Signal::Quit, Signal::Tstp];
        Ok(Self(Signals::new(caught)?))
    }

    /// The next signal, without waiting.
    pub(super) fn take(&mut self) -> Option<SignalRequest> {
        match future::block_on(future::poll_once(self.0.next()))?? {
            Ok(Signal::Winch) => Some(SignalRequest::Resize),
            Ok(Signal::Int) => Some(SignalRequest::Interrupt),
            Ok(Signal::Tstp) => Some(SignalRequest::Stop),
            Ok(_) => Some(SignalRequest::Leave),
            Err(_) => None,
        }
    }
}

impl AsFd for SignalStream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
