//! The log: one event, one line on standard error, as text or as JSON.
//!
//! At the call, the message is the event's name and everything else a key with its value, as in `log::warn!(path:% =
//! path; "no_socket_file")`; so both formats have the same keys, and no value can end a line.
//!
//! - [`line`](mod@line): one event as a line.
//!
//! A server writes its log from a thread of its own ([`start`]): whoever reads it, or does not, stops nobody else.
//!
//! Must not know: what is logged.

pub mod line;

use std::io::{self, Write as _};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{panic, thread};

use log::kv::Source;
use log::{Level, LevelFilter, Log, Metadata, Record};

pub use self::line::{Format, line};
use crate::server::limits::{LOG_GRACE, LOG_QUEUE};
use crate::sys::line_writer::{LineWriter, write_all};
use crate::sys::{clock, journal};

/// Starts logging, or changes the level and the format.
pub fn set(level: LevelFilter, format: Format) {
    LOGGER.json.store(format == Format::Json, Ordering::Relaxed);
    log::set_max_level(level);
    // A logger that is set already, as in a test, stays.
    let _ = log::set_logger(&LOGGER);
}

/// From now on, lines are written by a thread of their own, and a panic is a line too.
///
/// # Errors
/// The system has no thread for it.
pub fn start() -> io::Result<()> {
    let stderr = rustix::stdio::stderr();
    let work = move || {
        WRITER
            .work(|lines| write_all(stderr, lines), |count| LOGGER.line(Level::Warn, "log_dropped", &("count", count)));
    };
    thread::Builder::new().name("log".into()).spawn(work)?;
    STARTED.store(true, Ordering::Release);
    panic::set_hook(Box::new(|panicked| {
        let place = panicked.location().map(ToString::to_string);
        let reason = panicked.payload_as_str();
        log::error!(place = place, reason = reason; "panicked");
    }));
    Ok(())
}

/// Writes a line that is no event, such as the reason why the program ends.
pub fn say(line: &str) {
    let priority = if is_journal() { line::priority(Level::Error) } else { String::new() };
    write(format!("{priority}{line}\n"));
}

/// Waits until the log is written, at most for [`LOG_GRACE`].
pub fn finish() {
    finish_within(LOG_GRACE);
}

/// Waits until the log is written, for a limited time.
pub fn finish_within(patience: Duration) {
    if STARTED.load(Ordering::Acquire) {
        WRITER.finish(patience);
    }
}

static WRITER: LineWriter = LineWriter::new(LOG_QUEUE);
static STARTED: AtomicBool = AtomicBool::new(false);
static LOGGER: Logger = Logger { json: AtomicBool::new(false) };

fn is_journal() -> bool {
    static JOURNAL: OnceLock<bool> = OnceLock::new();
    *JOURNAL.get_or_init(journal::is_stderr)
}

fn write(line: String) {
    if STARTED.load(Ordering::Acquire) {
        WRITER.push(&line);
    } else {
        // If standard error is gone, nobody can be told.
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }
}

struct Logger {
    json: AtomicBool,
}

impl Logger {
    /// A line for standard error, with its line feed.
    fn line(&self, level: Level, event: &str, fields: &dyn Source) -> String {
        let format = if self.json.load(Ordering::Relaxed) { Format::Json } else { Format::Text };
        let time = (!is_journal()).then(clock::wall);
        line(format, time, level, event, fields) + "\n"
    }
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level() && metadata.target().starts_with("tr2")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            write(self.line(record.level(), &record.args().to_string(), record.key_values()));
        }
    }

    fn flush(&self) {
        finish();
    }
}
