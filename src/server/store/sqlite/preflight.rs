//! Looks at the files of a history before anything opens them: whether all are there, belong to one user, and to one
//! another.
//!
//! Must not know: what is in a history (`schema`), or who may begin a new one.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::log_file::{self, LogContent};
use super::{inspect, log_loss, log_mark};
use crate::server::store::error::StoreError;
use crate::sys::users;

/// A file in the data folder into which the server writes something once there is a history.
const LOCK: &str = "lock";

/// What stands in the way of using the history at `path` for the user `owner`; `new_history` says that a lost one is to be
/// begun anew. Says whether there is a log to be put into the history.
pub(super) fn check(path: &Path, owner: u32, new_history: bool) -> Result<bool, StoreError> {
    let unusable = |path: &Path, error: io::Error| StoreError::Unusable(path.to_owned(), error.to_string());
    let (log, log_index) = (log_file::beside(path, "-wal"), log_file::beside(path, "-shm"));
    for file in [path, &log, &log_index] {
        match fs::symlink_metadata(file) {
            Ok(found) if found.is_file() && found.uid() != owner && owner != 0 => {
                return Err(StoreError::Theirs {
                    file: file.to_owned(),
                    found: users::shown(found.uid()),
                    runs_as: users::shown(owner),
                    login: users::for_commands(owner),
                });
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unusable(file, error)),
            _ => {}
        }
    }
    let missing = match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() && found.len() == 0 => "empty",
        Ok(_) => {
            return match log_file::content(path).map_err(|error| unusable(&log, error))? {
                LogContent::Foreign(why) => Err(StoreError::Mixed(path.to_owned(), log, why.to_owned(), log_index)),
                content => match log_loss::find(path).map_err(|error| unusable(&log, error))? {
                    Some(why) => {
                        // A newer tr2 may have written it: that is the reason then.
                        inspect::look(path.parent().unwrap_or(Path::new(".")))?;
                        Err(StoreError::LogLost(path.to_owned(), log, why, log_mark::place(path)))
                    }
                    None => Ok(content == LogContent::Fits),
                },
            };
        }
        Err(_) => "missing",
    };
    if fs::symlink_metadata(&log).is_ok_and(|found| found.len() > 0) {
        return Err(StoreError::LogAlone(path.to_owned(), missing, log));
    }
    let used = fs::symlink_metadata(path.with_file_name(LOCK)).is_ok_and(|found| found.len() > 0);
    if used && !new_history { Err(StoreError::Gone(path.to_owned(), missing)) } else { Ok(false) }
}
