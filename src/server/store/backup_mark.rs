//! The mark that a backup leaves in the data folder, for whoever watches the age of the last one.
//!
//! It counts by its time of change, so that nothing has to be read from it.
//!
//! Must not know: how a backup is made, or who watches.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::Timestamp;
use crate::sys::secure_files;

/// The file, within the data folder.
const MARK: &str = "last-backup";

/// Where the mark is.
#[must_use]
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(MARK)
}

/// Leaves the mark: a backup was made `now`.
///
/// # Errors
/// What the system says.
pub(crate) fn leave(folder: &Path, now: Timestamp) -> io::Result<()> {
    secure_files::replace(&path(folder), &format!("The last backup was made at {}.\n", now.rfc3339()))
}
