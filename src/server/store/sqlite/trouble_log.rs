//! What the log says of trouble with the history: its beginning once, and its end only when something that was asked for has
//! been stored since. To undo what was refused, and upkeep that finds nothing to do, can succeed on a full disk too.
//!
//! Must not know: what is stored, or what the broker and people are told.

use rusqlite::Error;

use super::errors::reason;

/// What the log says already.
#[derive(Debug, Default)]
pub(super) struct TroubleLog {
    /// That the history fails.
    fails: bool,
    /// That something refused may have stayed on the disk.
    unsure: bool,
}

impl TroubleLog {
    /// Something failed.
    pub(super) fn failed(&mut self, error: &Error) {
        if !std::mem::replace(&mut self.fails, true) {
            log::error!(reason:% = reason(error); "history_fails");
        }
    }

    /// Something refused may have stayed on the disk for now.
    pub(super) fn unsure(&mut self, error: &Error) {
        if !std::mem::replace(&mut self.unsure, true) {
            log::warn!(reason:% = reason(error); "history_unsure");
        }
    }

    /// Something that was asked for is stored.
    pub(super) fn stored(&mut self) {
        if std::mem::take(self).fails {
            log::warn!("history_works_again");
        }
    }
}
