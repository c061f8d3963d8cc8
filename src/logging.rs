//! The log: one event, one line on standard error, as text or as JSON.
//!
//! At the call, the message is the event's name and everything else a key with its value, as in `log::warn!(path:% =
//! path; "no_socket_file")`; so both formats have the same keys, and no value can end a line.
//!
//! Must not know: what is logged.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use log::kv::{Error, Key, Source, Value, VisitSource, VisitValue};
use log::{Level, LevelFilter, Log, Metadata, Record};

use super::model::Timestamp;
use crate::model::escape::{Json, Logged};
use crate::sys::clock;

/// How a log line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `key=value`, with the value in quotes where it needs them.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// The log line of an event, without its line feed.
#[must_use]
pub fn line(format: Format, time: Timestamp, level: Level, event: &str, fields: &dyn Source) -> String {
    let (time, level) = (time.rfc3339(), level.as_str().to_lowercase());
    let mut line = match format {
        Format::Text => format!("time={time} level={level} event={}", Logged(event)),
        Format::Json => format!("{{\"time\":\"{time}\",\"level\":\"{level}\",\"event\":{}", Json(event)),
    };
    // Writing to a string does not fail; a value that cannot be formatted is left out.
    let _ = fields.visit(&mut PairWriter { format, line: &mut line });
    if format == Format::Json {
        line.push('}');
    }
    line
}

/// Appends keys and values to a log line.
struct PairWriter<'a> {
    format: Format,
    line: &'a mut String,
}

impl PairWriter<'_> {
    /// Appends a value that needs no quotes in either format.
    fn bare(&mut self, value: impl fmt::Display) -> Result<(), Error> {
        Ok(write!(self.line, "{value}")?)
    }
}

impl<'kvs> VisitSource<'kvs> for PairWriter<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        match self.format {
            Format::Text => write!(self.line, " {key}=")?,
            Format::Json => write!(self.line, ",{}:", Json(key.as_str()))?,
        }
        value.visit(self)
    }
}

impl VisitValue<'_> for &mut PairWriter<'_> {
    fn visit_any(&mut self, value: Value<'_>) -> Result<(), Error> {
        let text = value.to_string();
        match self.format {
            Format::Text => self.bare(Logged(&text)),
            Format::Json => self.bare(Json(&text)),
        }
    }

    fn visit_null(&mut self) -> Result<(), Error> {
        self.bare(if self.format == Format::Text { "-" } else { "null" })
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), Error> {
        self.bare(value)
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), Error> {
        self.bare(value)
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), Error> {
        self.bare(value)
    }
}

/// Starts logging, or changes the level and the format.
pub fn set(level: LevelFilter, format: Format) {
    LOGGER.json.store(format == Format::Json, Ordering::Relaxed);
    log::set_max_level(level);
    // A logger that is set already, as in a test, stays.
    let _ = log::set_logger(&LOGGER);
}

static LOGGER: Logger = Logger { json: AtomicBool::new(false) };

struct Logger {
    json: AtomicBool,
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level() && metadata.target().starts_with("tr2")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let format = if self.json.load(Ordering::Relaxed) { Format::Json } else { Format::Text };
            let event = record.args().to_string();
            let mut line = line(format, clock::wall(), record.level(), &event, record.key_values());
            line.push('\n');
            // If standard error is gone, nobody can be told.
            let _ = io::stderr().lock().write_all(line.as_bytes());
        }
    }

    fn flush(&self) {}
}
