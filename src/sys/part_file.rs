//! A file that arrives piece by piece. Until it is whole, it is a hidden file beside its place, `.NAME.MARK.part`, which only
//! this user can read, and which one process at a time may write. Then it gets a name that no other file has.
//!
//! Must not know: where the pieces come from, or how they are checked.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, RenameFlags, flock, fstatvfs, renameat_with};
use rustix::io::Errno;

use super::secure_files::is_ours;
use crate::language::channels as say;
use crate::model::Timestamp;
use crate::model::file_name::FileName;

/// The hexadecimal digits of a mark.
const MARK_DIGITS: usize = 32;
/// The most entries of a folder that are looked at for old files.
const MOST_LOOKED_AT: usize = 100_000;
/// The permissions: this user reads and writes, nobody runs it.
const MODE: u32 = 0o600;

/// A file that arrives.
#[derive(Debug)]
pub struct PartFile {
    file: File,
    folder: PathBuf,
    path: PathBuf,
    /// How many bytes of it are here.
    length: u64,
}

impl PartFile {
    /// How many bytes of a file are here from an earlier try.
    #[must_use]
    pub fn here(folder: &Path, name: &str, mark: &str) -> u64 {
        let found = fs::symlink_metadata(path_of(folder, name, mark));
        found.ok().filter(|found| found.is_file() && is_ours(found)).map_or(0, |found| found.len())
    }

    /// Opens it, to be written up to `size` bytes; one that is longer begins anew. `None` while another process has it.
    ///
    /// # Errors
    /// What the system says, that there is no room for it, or that there is something else in its place.
    pub fn open(folder: &Path, name: &str, mark: &str, size: u64) -> io::Result<Option<Self>> {
        let path = path_of(folder, name, mark);
        let mut options = OpenOptions::new();
        // Not through a link, and without waiting for the other end of a pipe.
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
        options.read(true).write(true).create(true).truncate(false).mode(MODE).custom_flags(flags);
        let file = options.open(&path)?;
        let found = file.metadata()?;
        if !found.is_file() || found.uid() != rustix::process::geteuid().as_raw() || found.nlink() != 1 {
            return Err(io::Error::other(say::part_is_taken(path.display())));
        }
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        // Another process may have finished it between the two.
        if fs::symlink_metadata(&path).is_ok_and(|now| (now.dev(), now.ino()) != (found.dev(), found.ino())) {
            return Ok(None);
        }
        file.set_permissions(Permissions::from_mode(MODE))?;
        let mut length = file.metadata()?.len();
        if length > size {
            file.set_len(0)?;
            length = 0;
        }
        let part = Self { file, folder: folder.to_owned(), path, length };
        if let Err(error) = part.has_room(size - length) {
            part.leave();
            return Err(error);
        }
        Ok(Some(part))
    }

    /// How many bytes of it are here.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads some of what is here, at most as much as fits; nothing at the end.
    ///
    /// # Errors
    /// What the system says.
    pub fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(buffer, at)
    }

    /// Adds bytes at its end.
    ///
    /// # Errors
    /// What the system says.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, self.length)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Gives it the first of the names that no other file in the folder has; returns its path.
    ///
    /// # Errors
    /// What the system says; `AlreadyExists` if all names are taken.
    pub fn place(self, names: impl Iterator<Item = String>) -> io::Result<PathBuf> {
        self.file.sync_all()?;
        for name in names {
            let place = self.folder.join(OsStr::new(&name));
            match rename_new(&self.path, &place) {
                Ok(()) => {
                    // The file is here in any case; whether its name survives a power cut is up to the file system then.
                    let _ = File::open(&self.folder).and_then(|folder| folder.sync_all());
                    return Ok(place);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(Errno::EXIST.into())
    }

    /// Deletes it.
    pub fn delete(self) {
        // What cannot be deleted is a hidden file that nobody needs.
        let _ = fs::remove_file(&self.path);
    }

    /// Leaves what is here for a later try; nothing at all is not worth a file.
    pub fn leave(self) {
        if self.length == 0 {
            self.delete();
        }
    }

    /// Whether the file system has room for so many bytes more, as far as it says.
    fn has_room(&self, bytes: u64) -> io::Result<()> {
        let Ok(found) = fstatvfs(&self.file) else { return Ok(()) };
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        if bytes > free {
            return Err(io::Error::other(say::no_room(mebibytes(bytes), mebibytes(free))));
        }
        Ok(())
    }
}

/// Deletes the files of this user in a folder that were to become whole, but to which nothing was added since the wall clock
/// showed `before`. Whatever else is there stays, and so does a file that a process has open.
pub fn delete_old(folder: &Path, before: Timestamp) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.take(MOST_LOOKED_AT).flatten() {
        if entry.file_name().to_str().is_some_and(is_part_name) {
            // What cannot be deleted stays.
            let _ = delete_if_old(&entry.path(), before);
        }
    }
}

fn delete_if_old(path: &Path, before: Timestamp) -> io::Result<()> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let found = file.metadata()?;
    let is_part = found.is_file() && found.uid() == rustix::process::geteuid().as_raw() && found.nlink() == 1;
    if !is_part || found.mtime().saturating_mul(1000) >= before.0 {
        return Ok(());
    }
    // Whoever has it locked goes on with it.
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    fs::remove_file(path)
}

/// Whether a file has such a name as [`path_of`] makes.
fn is_part_name(name: &str) -> bool {
    let within = name.strip_prefix('.').and_then(|name| name.strip_suffix(".part"));
    let Some((name, mark)) = within.and_then(|within| within.rsplit_once('.')) else { return false };
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    mark.len() == MARK_DIGITS && mark.bytes().all(is_digit) && FileName::harmless(name).as_str() == name
}

fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1024 * 1024)
}

fn path_of(folder: &Path, name: &str, mark: &str) -> PathBuf {
    folder.join(format!(".{name}.{mark}.part"))
}

/// Renames a file to a name that no other has.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    let here = rustix::fs::CWD;
    match renameat_with(here, from, here, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        // Not every file system can do it at once; a second name and then no first one comes to the same.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            fs::hard_link(from, to)?;
            fs::remove_file(from)
        }
        Err(error) => Err(error.into()),
    }
}
