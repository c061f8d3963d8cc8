//! Secure files: closed to other users from the moment they exist, never opened through a symbolic link, and written
//! whole or not at all.
//!
//! Must not know: what the files hold.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FlockOperation, OFlags, RenameFlags, flock, renameat_with};

use super::users;
use crate::language::files as say;

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// The permissions of the group and of others, none of which a secret may have.
const FOR_OTHERS: u32 = 0o077;
/// The permissions of the group and of others to write.
const WRITABLE_TO_OTHERS: u32 = 0o022;

/// Makes a folder, and its parents where they are missing.
///
/// # Errors
/// What the system says.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)
}

/// Makes a folder; `false` if there is something of that name already.
///
/// # Errors
/// What the system says.
pub(crate) fn make_new_folder(path: &Path) -> io::Result<bool> {
    match DirBuilder::new().mode(FOLDER_MODE).create(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a file belongs to this user or to root, who may do anything.
#[must_use]
pub(crate) fn is_ours(seen: &Metadata) -> bool {
    [rustix::process::geteuid().as_raw(), 0].contains(&seen.uid())
}

/// Reads a file of at most `most` bytes; `None` if it does not exist.
///
/// # Errors
/// The system's error; also if the file is a link, a pipe, another user's, or longer than `most` bytes.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Option<String>> {
    read_by(path, most, 0, rustix::process::geteuid().as_raw())
}

/// As [`read`], for a file of the user `owner` or of this one.
///
/// # Errors
/// As for [`read`].
pub(crate) fn read_of(path: &Path, most: u64, owner: u32) -> io::Result<Option<String>> {
    read_as(path, most, 0, owner)
}

/// As [`read_of`], for a file that other users must not be able to read.
///
/// # Errors
/// As for [`read`]; also if the file is open to others.
pub(crate) fn read_secret_of(path: &Path, most: u64, owner: u32) -> io::Result<Option<String>> {
    read_as(path, most, FOR_OTHERS, owner)
}

fn read_as(path: &Path, most: u64, open_to: u32, owner: u32) -> io::Result<Option<String>> {
    match fs::symlink_metadata(path) {
        // Root can read it, and that user may not.
        Ok(found) if owner != rustix::process::geteuid().as_raw() && found.uid() != owner => {
            Err(theirs(found.uid(), owner, path))
        }
        _ => read_by(path, most, open_to, owner),
    }
}

/// Whether a user who is not root can read a file, as far as its permissions tell.
///
/// # Errors
/// What stands in the way.
pub(crate) fn may_read(path: &Path, user: u32) -> io::Result<()> {
    let found = fs::metadata(path)?;
    let allowed = if found.uid() == user { 0o400 } else { 0o044 };
    if user == 0 || found.mode() & allowed != 0 {
        return Ok(());
    }
    let (shown, login, path) = (users::shown(user), users::for_commands(user), path.display());
    Err(io::Error::other(say::cannot_read(&shown, &login, &path)))
}

/// Whether nobody but this user and root can have written an open file, which is only to be read.
///
/// # Errors
/// It belongs to another user, or others may write to it; says what to do.
pub(crate) fn only_ours_to_write(seen: &Metadata, path: &Path) -> io::Result<()> {
    if !is_ours(seen) {
        return Err(theirs(seen.uid(), rustix::process::geteuid().as_raw(), path));
    }
    if seen.mode() & WRITABLE_TO_OTHERS != 0 {
        return Err(io::Error::other(say::others_can_write()));
    }
    Ok(())
}

/// A file is another user's; says whose, and what to do.
fn theirs(found: u32, owner: u32, path: &Path) -> io::Error {
    let (found, owner, path) = (users::shown(found), users::for_commands(owner), path.display());
    io::Error::other(say::is_theirs(&found, &owner, &path))
}

/// As [`read`], for a file that other users must not be able to read.
///
/// # Errors
/// As for [`read`]; also if the file is open to others.
pub(crate) fn read_secret(path: &Path, most: u64) -> io::Result<Option<String>> {
    read_by(path, most, FOR_OTHERS, rustix::process::geteuid().as_raw())
}

/// Writes a file, replacing the one that may be there.
///
/// # Errors
/// The system's error; then the old file is untouched.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    with_draft(path, text, |draft| fs::rename(draft, path))
}

/// Creates a file; `false` if it exists already.
///
/// # Errors
/// What the system says.
pub(crate) fn create(path: &Path, text: &str) -> io::Result<bool> {
    let mut made = true;
    with_draft(path, text, |draft| match fs::hard_link(draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            made = false;
            fs::remove_file(draft)
        }
        Err(error) => Err(error),
        Ok(()) => fs::remove_file(draft),
    })?;
    Ok(made)
}

/// Gives a file that was written its name, unless there is a file of that name; the name is on the disk then.
///
/// # Errors
/// What the system says.
pub(crate) fn place_new(draft: &Path, path: &Path) -> io::Result<()> {
    match renameat_with(CWD, draft, CWD, path, RenameFlags::NOREPLACE) {
        // Not every file system can do this; a hard link does not replace anything either.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {
            fs::hard_link(draft, path).and_then(|()| fs::remove_file(draft))?;
        }
        renamed => renamed?,
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Adds `text` to a file that other users must not be able to read; a new file begins with `head`. `false`, and nothing
/// is added, if it would have more than `most` bytes then.
///
/// # Errors
/// The system's error; also if the file is a link, a pipe, another user's, or open to others.
pub(crate) fn append_secret(path: &Path, head: &str, text: &str, most: u64) -> io::Result<bool> {
    let own = rustix::process::geteuid().as_raw();
    let mut file = open(path, options().append(true).create(true), own)?;
    let seen = file.metadata()?;
    if seen.mode() & FOR_OTHERS != 0 {
        return Err(io::Error::other(say::others_can_read()));
    }
    let text = if seen.len() == 0 { [head, text].concat() } else { text.to_owned() };
    let fits = u64::try_from(text.len()).is_ok_and(|more| seen.len().saturating_add(more) <= most);
    if fits {
        file.write_all(text.as_bytes())?;
    }
    Ok(fits)
}

/// Opens a file, creating it if it is missing, and locks it until it is dropped. `None` if another process holds the
/// lock and `wait` is false.
///
/// # Errors
/// What the system says.
pub(crate) fn lock(path: &Path, wait: bool) -> io::Result<Option<File>> {
    let own = rustix::process::geteuid().as_raw();
    let file = open(path, options().read(true).write(true).create(true).truncate(false), own)?;
    let how = if wait { FlockOperation::LockExclusive } else { FlockOperation::NonBlockingLockExclusive };
    match flock(&file, how) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Writes a draft next to `path` and calls `place` to move it there.
fn with_draft(path: &Path, text: &str, place: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let draft = draft_of(path)?;
    let written = write_new(&draft, text).and_then(|()| place(&draft));
    if written.is_err() {
        // Why it failed is what matters; a draft that stays harms nobody.
        let _ = fs::remove_file(&draft);
    }
    written
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = options().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The draft's name, which is random so that nobody can have put a file in its way.
fn draft_of(path: &Path) -> io::Result<PathBuf> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let mut name = OsString::from(path);
    name.push(format!(".{:016x}.new", u64::from_ne_bytes(random)));
    Ok(name.into())
}

/// Whether another process holds the lock. Neither makes the file nor waits.
///
/// # Errors
/// What the system says.
pub(crate) fn is_locked(path: &Path) -> io::Result<bool> {
    let file = match options().read(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    match flock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => Ok(false),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Reads a file of `owner`, unless it has one of the permissions in `open_to`.
fn read_by(path: &Path, most: u64, open_to: u32, owner: u32) -> io::Result<Option<String>> {
    let file = match open(path, options().read(true), owner) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let seen = file.metadata()?;
    if seen.mode() & open_to != 0 {
        return Err(io::Error::other(say::others_can_read()));
    }
    if seen.len() > most {
        return Err(io::Error::other(say::too_large(most)));
    }
    let mut text = String::new();
    file.take(most).read_to_string(&mut text)?;
    Ok(Some(text))
}

/// Opens a regular file of this user, of `owner` or of root, and nothing else.
fn open(path: &Path, options: &OpenOptions, owner: u32) -> io::Result<File> {
    let file = options.open(path).map_err(|error| match fs::symlink_metadata(path) {
        Ok(found) if error.kind() == io::ErrorKind::PermissionDenied && found.uid() != owner => {
            theirs(found.uid(), owner, path)
        }
        _ => error,
    })?;
    let seen = file.metadata()?;
    if !seen.is_file() {
        return Err(io::Error::other(say::not_regular()));
    }
    if !is_ours(&seen) && seen.uid() != owner {
        return Err(theirs(seen.uid(), owner, path));
    }
    Ok(file)
}

/// Opens for this user alone, without following a link or waiting for the other end of a pipe.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(FILE_MODE).custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    options
}
