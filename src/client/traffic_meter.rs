//! The meter of bytes, shared by all who read and write them.
//!
//! Must not know: what the bytes are, or who asks for them.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use super::traffic::{LastMinute, Traffic};
use crate::sys::clock::Clock;

/// A handle on the meter; all clones count into the same one.
#[derive(Clone, Debug)]
pub struct TrafficMeter {
    clock: Clock,
    counts: Arc<Mutex<MeterCounts>>,
}

#[derive(Debug, Default)]
struct MeterCounts {
    received: LastMinute,
    sent: LastMinute,
    shown: LastMinute,
}

impl TrafficMeter {
    /// A meter that has counted nothing.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, counts: Arc::default() }
    }

    /// Bytes came from the server.
    pub fn received(&self, bytes: usize) {
        self.count(bytes, |counts| &mut counts.received);
    }

    /// Bytes went to the server.
    pub fn sent(&self, bytes: usize) {
        self.count(bytes, |counts| &mut counts.sent);
    }

    /// Bytes were written to the terminal, or to standard output.
    pub fn shown(&self, bytes: usize) {
        self.count(bytes, |counts| &mut counts.shown);
    }

    fn count(&self, bytes: usize, which: fn(&mut MeterCounts) -> &mut LastMinute) {
        let now = self.clock.now().steady;
        which(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner)).add(now, bytes);
    }

    /// What the last minute brought.
    #[must_use]
    pub fn last_minute(&self) -> Traffic {
        let now = self.clock.now().steady;
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        Traffic { received: counts.received.total(now), sent: counts.sent.total(now), shown: counts.shown.total(now) }
    }
}

/// A writer whose bytes count as shown.
pub(crate) struct MeteredWriter<W> {
    sink: W,
    meter: TrafficMeter,
}

impl<W: Write> MeteredWriter<W> {
    /// A writer to `sink`.
    pub(crate) fn new(sink: W, meter: TrafficMeter) -> Self {
        Self { sink, meter }
    }
}

impl<W: Write> Write for MeteredWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.sink.write(bytes)?;
        self.meter.shown(written);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}
