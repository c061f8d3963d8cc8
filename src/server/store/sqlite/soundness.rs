//! Checks the structure of a history after its server was killed: a log that is of another history would spoil it.
//!
//! Must not know: what the tables hold.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;

use rusqlite::{Connection, ErrorCode};

use super::errors::{reason, store_error};
use super::history_id;
use super::log_file::beside;
use crate::server::store::error::StoreError;
use crate::server::store::limits::SOUNDNESS_TIME;

/// Checks for a limited time; what is not found by then counts as sound. `id` is the number in the main file.
pub(super) fn check(conn: &Connection, path: &Path, id: Option<i64>) -> Result<(), StoreError> {
    let found = history_id::of(conn).ok().flatten();
    if id.zip(found).is_some_and(|(id, found)| id != found) {
        return Err(mixed(path, history_id::OTHER));
    }
    let (done, waiting) = channel::<()>();
    let interrupt = conn.get_interrupt_handle();
    let timer = thread::Builder::new().name("soundness".to_owned()).spawn(move || {
        if waiting.recv_timeout(SOUNDNESS_TIME) == Err(RecvTimeoutError::Timeout) {
            interrupt.interrupt();
        }
    });
    let timer = timer.map_err(StoreError::Thread)?;
    let found = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    drop(done);
    // It ends at once, and cannot panic.
    let _ = timer.join();
    let why = match found {
        Ok(found) if found == "ok" => return Ok(()),
        Ok(found) => found.replace(char::is_control, " "),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => return Ok(()),
            Some(ErrorCode::DatabaseCorrupt) => reason(&error),
            _ => return Err(store_error(path, &error)),
        },
    };
    Err(mixed(path, &why))
}

/// A history and its log do not belong together.
pub(super) fn mixed(path: &Path, why: &str) -> StoreError {
    StoreError::Mixed(path.to_owned(), beside(path, "-wal"), why.to_owned(), beside(path, "-shm"))
}

/// What trust rests on, and what gives users their numbers: an index that leads nowhere would make somebody a newcomer.
const READ_WHOLE: [&str; 5] = ["user", "owner", "proof", "fact", "meta"];

/// Checks the small tables and their indexes as a whole.
pub(super) fn check_small_tables(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    for table in READ_WHOLE {
        let found = conn.query_row(&format!("PRAGMA integrity_check({table})"), [], |row| row.get::<_, String>(0));
        let found = found.map_err(|error| store_error(path, &error))?;
        if found != "ok" {
            return Err(StoreError::Damaged(path.to_owned(), found.replace(char::is_control, " ")));
        }
    }
    Ok(())
}
