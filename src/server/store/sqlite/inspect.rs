//! Looks at a history from outside: could a server go on from it?
//!
//! The file is read as bytes. SQLite would make the files that belong to a history, or mend what a killed process left
//! behind, and looking must change nothing.
//!
//! Must not know: whether a server runs.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::file::FILE;
use super::format::{APPLICATION, VERSION};
use crate::server::store::error::StoreError;

/// The length of a database header in bytes (SQLite file format, section 1.3).
const HEAD: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
/// The offsets of the user version and the application number in it.
const VERSION_AT: usize = 60;
const APPLICATION_AT: usize = 68;
/// The lengths of the write-ahead log's header and of each frame's header (section 4).
const LOG_HEAD: usize = 32;
const PAGE_HEAD: usize = 24;
/// Frames of the log that are read at most.
const MAX_PAGES: usize = 1_000_000;

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

/// Opens a plain file for reading; `None` if it does not exist.
fn open(path: &Path) -> io::Result<Option<File>> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) if file.metadata()?.is_file() => Ok(Some(file)),
        Ok(_) => Err(io::Error::other("it is not a regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The newest committed database header in the write-ahead log, if there is one.
fn newest_head(path: &Path) -> io::Result<Option<[u8; HEAD]>> {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    let Some(mut log) = open(&PathBuf::from(name))? else { return Ok(None) };
    let mut start = [0; LOG_HEAD];
    if !read_whole(&mut log, &mut start)? {
        return Ok(None);
    }
    let (page_size, salt) = (number(&start, 8), start.get(16..24).unwrap_or_default());
    if !(512..=65_536).contains(&page_size) {
        return Ok(None);
    }
    let (mut seen, mut committed) = (None, None);
    for page in 0..MAX_PAGES as u64 {
        let at = LOG_HEAD as u64 + page * (PAGE_HEAD as u64 + page_size.unsigned_abs());
        let mut both = [0; PAGE_HEAD + HEAD];
        log.seek(SeekFrom::Start(at))?;
        // Frames of an older log have another salt.
        if !read_whole(&mut log, &mut both)? || both.get(8..16) != Some(salt) {
            break;
        }
        if number(&both, 0) == 1 {
            seen = both.get(PAGE_HEAD..).and_then(|head| head.try_into().ok());
        }
        if number(&both, 4) != 0 {
            committed = seen;
        }
    }
    Ok(committed)
}

/// Fills a buffer; `false` if the file ends before.
fn read_whole(file: &mut File, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reads four bytes, most significant first.
fn number(bytes: &[u8], at: usize) -> i64 {
    let four = bytes.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok());
    i64::from(u32::from_be_bytes(four.unwrap_or_default()))
}
