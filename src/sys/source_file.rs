//! A file of this user that is read piece by piece: a regular one, because everything else has no size or no end.
//!
//! Must not know: where the pieces go.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;

use crate::language::files as say;

/// A file that is read.
#[derive(Debug)]
pub struct SourceFile {
    file: File,
    size: u64,
}

impl SourceFile {
    /// Opens it.
    ///
    /// # Errors
    /// What the system says, or that it is no regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        // A pipe must not be waited for, and a terminal must not become ours.
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
        let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
        let found = file.metadata()?;
        if found.is_dir() {
            return Err(rustix::io::Errno::ISDIR.into());
        }
        if !found.is_file() {
            return Err(io::Error::other(say::not_regular()));
        }
        Ok(Self { file, size: found.len() })
    }

    /// How many bytes it had when it was opened.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads some of it, at most as much as fits; nothing at the end.
    ///
    /// # Errors
    /// What the system says.
    pub fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(buffer, at)
    }
}
