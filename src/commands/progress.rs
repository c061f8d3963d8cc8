//! Shows on the terminal that something long goes on: a sign that turns, and the seconds. A pipe gets nothing.
//!
//! Must not know: what goes on.

use std::io::{self, IsTerminal as _, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What takes less time is not shown.
pub const DELAY: Duration = Duration::from_millis(200);
/// The time between two drawings.
const EVERY: Duration = Duration::from_millis(100);
/// The turning sign; any terminal has these letters.
const SIGNS: [char; 4] = ['|', '/', '-', '\\'];
/// Clears the row; what is printed next takes its place.
const ERASE: &str = "\r\x1b[K";

/// Something that goes on, until this is dropped.
#[derive(Debug)]
pub struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    /// Begins to show on standard error what goes on, if that is a terminal that can move its cursor.
    #[must_use]
    pub fn start(words: &'static str) -> Self {
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        if dumb || !io::stderr().is_terminal() {
            return Self(None);
        }
        Self::on(words, io::stderr())
    }

    /// Begins to show on `terminal` what goes on.
    #[must_use]
    pub fn on(words: &'static str, mut terminal: impl Write + Send + 'static) -> Self {
        let (stop, stopped) = channel();
        let shown = thread::Builder::new().spawn(move || {
            let mut step = 0;
            while stopped.recv_timeout(if step == 0 { DELAY } else { EVERY }) == Err(RecvTimeoutError::Timeout) {
                let elapsed = DELAY + EVERY * step;
                // If nobody can be shown anything, the work goes on all the same.
                let _ = terminal.write_all(frame(words, step, elapsed).as_bytes()).and_then(|()| terminal.flush());
                step += 1;
            }
            if step > 0 {
                let _ = terminal.write_all(ERASE.as_bytes()).and_then(|()| terminal.flush());
            }
        });
        Self(shown.ok().map(|shown| (stop, shown)))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, shown)) = self.0.take() {
            drop(stop);
            // It has nothing to say.
            let _ = shown.join();
        }
    }
}

/// One drawing. It ends at the beginning of the row, so that a line of the log that comes meanwhile overwrites it.
#[must_use]
pub fn frame(words: &str, step: u32, elapsed: Duration) -> String {
    let sign = SIGNS.iter().cycle().nth(step as usize % SIGNS.len()).copied().unwrap_or_default();
    let seconds = match elapsed.as_secs() {
        0 => String::new(),
        seconds => format!(" {seconds} s"),
    };
    format!("{ERASE}{sign} {words}…{seconds}\r")
}
