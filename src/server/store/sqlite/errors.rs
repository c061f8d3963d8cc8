//! What an error of SQLite means for the people and the jobs that wait.
//!
//! Must not know: what was to be written or read.

use std::path::Path;

use rusqlite::{Error, ErrorCode, ffi};
use rustix::process::{Resource, getrlimit};

use crate::server::store::error::StoreError;

/// Why the history at `path` cannot be used.
pub(super) fn store_error(path: &Path, error: &Error) -> StoreError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StoreError::Damaged(path, reason(error)),
        _ => StoreError::Unusable(path, reason(error)),
    }
}

/// The files of the history are not those that were opened.
pub(super) fn moved(why: String) -> Error {
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_READONLY_DBMOVED), Some(why))
}

/// Whether the files of the history are not those that were opened. The connection still has the right ones.
fn is_moved(error: &Error) -> bool {
    matches!(error, Error::SqliteFailure(code, _) if code.extended_code == ffi::SQLITE_READONLY_DBMOVED)
}

/// An error in a few words, on one line.
pub(super) fn reason(error: &Error) -> String {
    let text = match error.sqlite_error_code() {
        _ if is_moved(error) => {
            format!("{error}; put the right files back, or stop the server, repair its data folder, and start it again")
        }
        Some(ErrorCode::DiskFull) => "the disk is full".to_owned(),
        Some(ErrorCode::ReadOnly) => "the history is read-only".to_owned(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "another program is using the history".to_owned(),
        Some(ErrorCode::SystemIoFailure) if getrlimit(Resource::Fsize).current.is_some() => {
            "the disk has failed, or a file may not become longer (ulimit -f)".to_owned()
        }
        Some(ErrorCode::SystemIoFailure) => format!("the disk has failed: {error}"),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => "the history is damaged".to_owned(),
        _ => error.to_string(),
    };
    text.replace(char::is_control, " ")
}

/// Whether an error concerns only the row that was being written.
pub(super) fn is_local(error: &Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch)
    )
}

/// Whether a connection is as good as before this error.
pub(super) fn is_passing(error: &Error) -> bool {
    is_moved(error)
        || matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
        )
}

/// Whether what failed together may succeed apart: a part of the history is damaged, the disk is not.
pub(super) fn may_spare_others(error: &Error) -> bool {
    !is_passing(error)
        && !matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::SystemIoFailure | ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::NotADatabase)
        )
}
