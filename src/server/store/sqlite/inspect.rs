//! A look at a history from outside: whether a server could go on from it.
//!
//! The file is read as bytes. SQLite would make the files that belong to a history, or mend what a kill left behind, and
//! a look changes nothing.
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

/// The beginning of a file of SQLite (its file format, section 1.3): so many bytes are looked at.
const HEAD: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where the version and the application stand in it.
const VERSION_AT: usize = 60;
const APPLICATION_AT: usize = 68;
/// The heads of the log of writes and of each page in it (section 4).
const LOG_HEAD: usize = 32;
const PAGE_HEAD: usize = 24;
/// Pages of the log that are looked at.
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
        return Err(damaged("it is no database"));
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

/// A plain file, for reading; none if it is not there.
fn open(path: &Path) -> io::Result<Option<File>> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) if file.metadata()?.is_file() => Ok(Some(file)),
        Ok(_) => Err(io::Error::other("it is no plain file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The head of the file as the log of writes has it, where it was committed there last.
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
        // What is left of an older log has another salt.
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

/// Fills a buffer; `false` if there is not so much.
fn read_whole(file: &mut File, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Four bytes, the highest first.
fn number(bytes: &[u8], at: usize) -> i64 {
    let four = bytes.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok());
    i64::from(u32::from_be_bytes(four.unwrap_or_default()))
}
