//! What a disk and its files tell without being read. A disk over a network may hang: none of this is for a thread that
//! others wait for.
//!
//! Must not know: what the files are.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::model::Timestamp;

/// How many bytes this user can still write on the disk of a folder; `None` if it cannot be told.
#[must_use]
pub(crate) fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

/// The length of a file in bytes: 0 if it does not exist, `None` if it cannot be told.
#[must_use]
pub(crate) fn length(file: &Path) -> Option<u64> {
    match fs::symlink_metadata(file) {
        Ok(found) => Some(found.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(0),
        Err(_) => None,
    }
}

/// When a file was last changed: the beginning of time if it does not exist, `None` if it cannot be told.
#[must_use]
pub(crate) fn changed(file: &Path) -> Option<Timestamp> {
    match fs::symlink_metadata(file) {
        Ok(found) => {
            let since = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            i64::try_from(since.as_millis()).ok().map(Timestamp)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(Timestamp(0)),
        Err(_) => None,
    }
}
