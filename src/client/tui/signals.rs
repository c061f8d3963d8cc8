//! The signals that end, stop or resize the screen.
//!
//! Must not know: what is done about them.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};

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
    /// To go on after the process was stopped, perhaps by a signal that cannot be caught.
    Continue,
}

/// A stream of the process's signals. While it exists, they do not end the process by themselves.
#[derive(Debug)]
pub(super) struct SignalStream {
    /// Those that end or stop the screen: a queue of their own, because a queue that is full loses what comes.
    ends: Signals,
    /// Those that come in any number, while a window is dragged to another size.
    resizes: Signals,
    /// Those that were taken before their time.
    early: VecDeque<SignalRequest>,
}

impl SignalStream {
    /// Starts catching signals.
    pub(super) fn start() -> io::Result<Self> {
        let ends = [Signal::Int, Signal::Term, Signal::Hup, Signal::Quit, Signal::Tstp, Signal::Cont];
        Ok(Self { ends: Signals::new(ends)?, resizes: Signals::new([Signal::Winch])?, early: VecDeque::new() })
    }

    /// The next signal, without waiting.
    pub(super) fn take(&mut self) -> Option<SignalRequest> {
        self.early.pop_front().or_else(|| self.newest())
    }

    /// Drops the waiting requests of these kinds: they have been met, or were meant for another program.
    pub(super) fn forget(&mut self, kinds: &[SignalRequest]) {
        let waiting: VecDeque<_> = std::iter::from_fn(|| self.take()).collect();
        self.early = waiting.into_iter().filter(|request| !kinds.contains(request)).collect();
    }

    /// Whether there are requests that the descriptor no longer shows.
    pub(super) fn has_early(&self) -> bool {
        !self.early.is_empty()
    }

    /// What becomes readable when a signal comes.
    pub(super) fn descriptors(&self) -> [BorrowedFd<'_>; 2] {
        [self.ends.as_fd(), self.resizes.as_fd()]
    }

    fn newest(&mut self) -> Option<SignalRequest> {
        request(&mut self.ends).or_else(|| request(&mut self.resizes))
    }
}

/// What the next signal of a queue requests, without waiting.
fn request(signals: &mut Signals) -> Option<SignalRequest> {
    future::block_on(async {
        match future::poll_once(signals.next()).await?? {
            Ok(Signal::Winch) => Some(SignalRequest::Resize),
            Ok(Signal::Int) => Some(SignalRequest::Interrupt),
            Ok(Signal::Tstp) => Some(SignalRequest::Stop),
            Ok(Signal::Cont) => Some(SignalRequest::Continue),
            Ok(_) => Some(SignalRequest::Leave),
            Err(_) => None,
        }
    })
}
