//! The commands that wait until the node's next entry can be written, and how many of each connection's are not decided yet.
//!
//! Must not know: which entry is under way.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;

use super::entry::{COMMAND_HEAD, LogCommand, MAX_COMMAND, Purpose, SettingsHash};

/// The most bytes that may wait.
pub const MAX_WAITING: usize = 8 * 1024 * 1024;
/// A command of at most this many bytes is always accepted. The end of a connection is that short, and each connection has only
/// one.
const ALWAYS_FITS: usize = 4;

/// Why something cannot be said in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LaneError {
    /// The node is not in.
    #[error("this node is not in the cluster at the moment")]
    Outside,
    /// Too much waits already.
    #[error("too much waits to be said")]
    Full,
    /// It fits into no entry.
    #[error("the request is too long")]
    TooLong,
}

/// The commands that wait, in their order.
#[derive(Debug, Default)]
pub(super) struct WaitingCommands {
    queue: VecDeque<(Option<SettingsHash>, LogCommand)>,
    bytes: usize,
    /// How many commands of each connection wait, are under way, or are not decided.
    open: HashMap<u64, usize>,
}

impl WaitingCommands {
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn open(&self, conn: u64) -> usize {
        self.open.get(&conn).copied().unwrap_or(0)
    }

    /// Adds a command, which may bring new settings for all nodes.
    pub(super) fn add(&mut self, settings: Option<SettingsHash>, conn: u64, bytes: Bytes) -> Result<(), LaneError> {
        let length = bytes.len() + COMMAND_HEAD;
        if length > MAX_COMMAND {
            return Err(LaneError::TooLong);
        }
        if bytes.len() > ALWAYS_FITS && self.bytes + length > MAX_WAITING {
            return Err(LaneError::Full);
        }
        self.bytes += length;
        self.queue.push_back((settings, LogCommand { conn, bytes }));
        *self.open.entry(conn).or_default() += 1;
        Ok(())
    }

    /// Takes as much as one entry may hold.
    pub(super) fn gather(&mut self) -> (Purpose, Vec<LogCommand>) {
        let (mut commands, mut bytes, mut purpose) = (Vec::new(), 0, Purpose::Commands);
        while let Some((settings, command)) = self.queue.front() {
            let (settings, length) = (*settings, command.bytes.len() + COMMAND_HEAD);
            // New settings have an entry of their own.
            if bytes + length > MAX_COMMAND || (settings.is_some() && !commands.is_empty()) {
                break;
            }
            bytes += length;
            commands.extend(self.queue.pop_front().map(|(_, command)| command));
            if let Some(hash) = settings {
                purpose = Purpose::Settings(hash);
                break;
            }
        }
        self.bytes -= bytes;
        (purpose, commands)
    }

    /// Takes down that these are decided.
    pub(super) fn decided(&mut self, commands: &[LogCommand]) {
        for command in commands {
            if let Some(open) = self.open.get_mut(&command.conn) {
                *open -= 1;
                if *open == 0 {
                    self.open.remove(&command.conn);
                }
            }
        }
    }
}
