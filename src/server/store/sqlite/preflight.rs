//! Looks at the files of a history before anything opens them: whether all are there, belong to one user, and to one
//! another.
//!
//! Must not know: what is in a history (`schema`), or who may begin a new one.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::log_file::{self, LogContent};
use super::{inspect, log_loss, log_mark};
use crate::server::store::error::StoreError;
use crate::sys::users;

/// A file in the data folder into which the server writes something once there is a history.
const LOCK: &str = "lock";

/// The pause before a history that seemed unusable is looked at again: longer than the steps of file times.
const PAUSE: Duration = Duration::from_millis(20);
/// How many times a history that goes on changing is looked at.
const TRIES: u32 = 500;

/// Looks at a history that a server may be writing: what changes while it is read may seem damaged, so a failure counts only
/// if nothing has changed since before it was found.
pub(super) fn settled<T>(path: &Path, look: impl Fn() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for _ in 1..TRIES {
        let before = stamps(path);
        let found = look();
        if found.is_ok() {
            return found;
        }
        thread::sleep(PAUSE);
        if stamps(path) == before {
            return found;
        }
    }
    look()
}

/// The length and the time of the last change of the history and of its log.
fn stamps(path: &Path) -> [Option<(u64, i64, i64)>; 2] {
    let stamp = |path: &Path| fs::symlink_metadata(path).ok().map(|it| (it.len(), it.mtime(), it.mtime_nsec()));
    [stamp(path), stamp(&log_file::beside(path, "-wal"))]
}

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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_failure_counts_only_once_nothing_changes_any_more() {
        let path = std::env::temp_dir().join(format!("tr2-settled-{}", std::process::id()));
        fs::write(&path, "").unwrap();
        let looks = Cell::new(0);
        let found = settled(&path, || {
            looks.set(looks.get() + 1);
            if looks.get() <= 3 {
                // As a server does that writes meanwhile.
                fs::write(&path, "x".repeat(looks.get())).unwrap();
            }
            Err::<(), _>(StoreError::Damaged(path.clone(), "it is read half".to_owned()))
        });
        assert!(found.is_err());
        assert_eq!(looks.get(), 4, "the first look during which nothing changed is believed");
        assert!(settled(&path, || Ok(7)).is_ok_and(|found| found == 7));
        fs::remove_file(&path).unwrap();
    }
}
