//! A slow line between a program and the terminal: what comes at one end leaves the other later, and only so much a
//! second. Like SSH, it takes everything at once, so the program never notices that its output is waiting.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// What a terminal answers to the question for its attributes, and to that for its status.
const ANSWERS: [(&[u8], &[u8]); 2] = [(b"\x1b[c", b"\x1b[?62;4c"), (b"\x1b[5n", b"\x1b[0n")];
/// The bytes that travel together.
const PIECE: usize = 100;

/// A line.
#[derive(Clone, Copy)]
pub struct SlowLine {
    /// Bytes a second towards the terminal.
    pub rate: u64,
    /// From one end to the other; a round trip takes twice as long.
    pub delay: Duration,
    /// Whether the terminal at its end answers questions.
    pub answers: bool,
}

impl SlowLine {
    /// Lays the line: takes what the program writes and the way to its input; gives the same at the terminal's end.
    pub fn lay(
        self,
        written: Receiver<Vec<u8>>,
        input: impl Fn(&[u8]) + Send + 'static,
    ) -> (Receiver<Vec<u8>>, Sender<Vec<u8>>) {
        let (shown, at_terminal) = channel();
        let (typed, to_carry) = channel::<Vec<u8>>();
        let (stamped, to_deliver) = channel::<(Instant, Vec<u8>)>();
        let (keys, to_program) = channel::<(Instant, Vec<u8>)>();
        std::thread::spawn(move || {
            for bytes in written {
                let _ = stamped.send((Instant::now(), bytes));
            }
        });
        let answers = keys.clone();
        std::thread::spawn(move || {
            for bytes in to_carry {
                let _ = keys.send((Instant::now() + self.delay, bytes));
            }
        });
        std::thread::spawn(move || {
            for (due, bytes) in to_program {
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                input(&bytes);
            }
        });
        std::thread::spawn(move || {
            let (mut free, mut seen) = (Instant::now(), Vec::new());
            for (at, bytes) in to_deliver {
                for piece in bytes.chunks(PIECE) {
                    free = free.max(at) + Duration::from_micros(piece.len() as u64 * 1_000_000 / self.rate);
                    std::thread::sleep((free + self.delay).saturating_duration_since(Instant::now()));
                    if shown.send(piece.to_vec()).is_err() {
                        return;
                    }
                    seen.extend_from_slice(piece);
                    for (question, answer) in ANSWERS {
                        if let Some(at) = seen.windows(question.len()).position(|bytes| bytes == question) {
                            seen.drain(..at + question.len());
                            if self.answers {
                                let _ = answers.send((Instant::now() + self.delay, answer.to_vec()));
                            }
                        }
                    }
                    seen.drain(..seen.len().saturating_sub(8));
                }
            }
        });
        (at_terminal, typed)
    }
}
