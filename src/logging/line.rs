//! One event as one line, as text or as JSON.
//!
//! Must not know: what is logged, or where the line goes.

use std::fmt::{self, Write as _};

use log::Level;
use log::kv::{Error, Key, Source, Value, VisitSource, VisitValue};

use crate::model::Timestamp;
use crate::model::escape::{Json, Logged};

/// How a log line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `key=value`, with the value in quotes where it needs them.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// The log line of an event, without its line feed. Without a time it is a line for the journal, which has the time
/// itself, and begins with its priority there.
#[must_use]
pub fn line(
    format: Format,
    time: impl Into<Option<Timestamp>>,
    level: Level,
    event: &str,
    fields: &dyn Source,
) -> String {
    let mut line = time.into().map_or_else(|| priority(level), |time| begun(format, &time.rfc3339()));
    let level = level.as_str().to_lowercase();
    // Writing to a string does not fail.
    let _ = match format {
        Format::Text => write!(line, "level={level} event={}", Logged(event)),
        Format::Json => {
            let start = if line.ends_with(',') { "" } else { "{" };
            write!(line, "{start}\"level\":\"{level}\",\"event\":{}", Json(event))
        }
    };
    // Writing to a string does not fail; a value that cannot be formatted is left out.
    let _ = fields.visit(&mut PairWriter { format, line: &mut line });
    if format == Format::Json {
        line.push('}');
    }
    line
}

/// The beginning of a line that has a time.
fn begun(format: Format, time: &str) -> String {
    match format {
        Format::Text => format!("time={time} "),
        Format::Json => format!("{{\"time\":\"{time}\","),
    }
}

/// What the journal reads as the priority of a line (sd-daemon(3)).
#[must_use]
pub fn priority(level: Level) -> String {
    let priority = match level {
        Level::Error => 3,
        Level::Warn => 4,
        Level::Info => 6,
        Level::Debug | Level::Trace => 7,
    };
    format!("<{priority}>")
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
