//! Looks at a history from outside: could a server go on from it?
//!
//! The file is read as bytes. SQLite would make the files that belong to a history, or mend what a killed process left
//! behind, and looking must change nothing.
//!
//! Must not know: whether a server runs.

use std::io::{self, Read as _};
use std::path::Path;

use super::file::FILE;
use super::format::{APPLICATION, VERSION};
use super::log_file::{HEAD, LogFile, MAGIC, number, open};
use crate::server::store::error::StoreError;

/// The offsets of the user version and the application number in it.
const VERSION_AT: usize = 60;
const APPLICATION_AT: usize = 68;
/// Looks at the history in a folder. Says whether there is one.
///
/// # Errors
/// What would stand in the way of using it.
pub fn look(folder: &Path) -> Result<bool, StoreError> {
    let path = folder.join(FILE);
    let unusable = |error: io::Error| StoreError::Unusable(path.clone(), error.to_string());
    let damaged = |why: &str| StoreError::Damaged(path.clone(), why.to_owned());
    let Some(mut file) = open(&path).map_err(unusable)? else { return Ok(false) };
    let mut head = [0; HEAD];
    match file.metadata().map_err(unusable)?.len() {
        0 => return Ok(false),
        _ => file.read_exact(&mut head).map_err(|_| damaged("it is too short"))?,
    }
    if !head.starts_with(MAGIC) {
        return Err(damaged("it is not a database"));
    }
    let newer = newest_head(&path).map_err(unusable)?;
    let head = newer.as_ref().unwrap_or(&head);
    match (number(head, APPLICATION_AT), number(head, VERSION_AT)) {
        (0, 0) => Ok(true),
        (APPLICATION, version) if version > VERSION => Err(StoreError::Newer(path, version, VERSION)),
        (APPLICATION, 1..) => Ok(true),
        _ => Err(damaged("it was made by another program")),
    }
}

/// The newest committed database header in the write-ahead log, if there is one.
fn newest_head(path: &Path) -> io::Result<Option<[u8; HEAD]>> {
    let Some(mut log) = LogFile::read(path, true)? else { return Ok(None) };
    Ok(log.page(1)?.and_then(|page| page.get(..HEAD)?.try_into().ok()))
}
