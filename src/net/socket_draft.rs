//! A socket file in the making: made in a private folder, and moved to its path in one step.
//!
//! Must not know: who may connect, or what becomes of the file.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::sys::secure_files;

/// The longest path of a socket, in bytes (unix(7)).
pub(super) const MAX_PATH: usize = 107;
/// The bytes that the private folder adds to the path of its parent.
pub(super) const DRAFT: usize = 12;

/// Who may connect to a socket file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketAccess {
    /// Permissions of the file.
    pub mode: u32,
    /// Group of the file; `None` for that of the process.
    pub group: Option<u32>,
}

/// Why a socket file could not be made. Its `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// Another server listens there.
    #[error("another server is listening there; stop it, or choose another path with --listen")]
    Served,
    /// Something else stands there.
    #[error("another file is in the way; remove it, or choose another path with --listen")]
    InTheWay,
    /// Other users may change what is in the folder.
    #[error("other users can write to the folder {0}; run chmod go-w on it, or choose another path with --listen")]
    Open(PathBuf),
    /// The folder does not exist.
    #[error("the folder {0} does not exist; create it with mkdir, or choose another path with --listen")]
    NoFolder(PathBuf),
    /// The path is too long.
    #[error("the path is too long for a socket; choose one of at most {} bytes with --listen", MAX_PATH - DRAFT)]
    TooLong,
    /// The service manager made it.
    #[error("it is the service manager's: restart its socket unit")]
    NotOurs,
    /// An error of the system.
    #[error("{0}")]
    System(#[from] io::Error),
}

/// Locks a path for this server.
pub(super) fn lock_beside(path: &Path) -> Result<File, SocketError> {
    secure_files::lock(&lock_path(path), false)?.ok_or(SocketError::Served)
}

/// The file that is locked while a server listens at a path.
pub(super) fn lock_path(path: &Path) -> PathBuf {
    with_suffix(path, ".lock")
}

/// Moves a socket to its path, where only something `stale` may be.
pub(super) fn place(draft: &Draft, path: &Path, stale: bool) -> Result<(), SocketError> {
    let flags = if stale { RenameFlags::empty() } else { RenameFlags::NOREPLACE };
    match renameat_with(CWD, draft.socket(), CWD, path, flags) {
        Err(rustix::io::Errno::EXIST) => Err(SocketError::InTheWay),
        Err(error) => Err(SocketError::System(error.into())),
        Ok(()) => Ok(()),
    }
}

/// Checks that no other user can take away what is put into the folder.
pub(super) fn check_folder(folder: &Path) -> Result<(), SocketError> {
    const WRITABLE: u32 = 0o022;
    const STICKY: u32 = 0o1000;
    // A link to the folder can be trusted as far as its owner.
    let link = match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(SocketError::NoFolder(folder.to_owned())),
        link => link?,
    };
    let seen = fs::metadata(folder)?;
    if !secure_files::is_ours(&link)
        || !secure_files::is_ours(&seen)
        || seen.mode() & WRITABLE != 0 && seen.mode() & STICKY == 0
    {
        return Err(SocketError::Open(folder.to_owned()));
    }
    Ok(())
}

/// The private folder in which a socket is made; it is removed when this is dropped.
pub(super) struct Draft(PathBuf);

impl Draft {
    fn socket(&self) -> PathBuf {
        self.0.join("s")
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Normally it is gone, because it was moved to its path; what cannot be removed harms nobody.
        let _ = fs::remove_file(self.socket());
        let _ = fs::remove_dir(&self.0);
    }
}

pub(super) fn make(
    folder: &Path,
    path: &Path,
    access: SocketAccess,
    backlog: i32,
) -> Result<(UnixListener, Draft), SocketError> {
    let mut random = [0; 4];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let draft = folder.join(format!(".{:08x}", u32::from_ne_bytes(random)));
    if draft.as_os_str().len() + 2 > MAX_PATH || path.as_os_str().len() > MAX_PATH {
        return Err(SocketError::TooLong);
    }
    DirBuilder::new().mode(0o700).create(&draft)?;
    let draft = Draft(draft);
    let listener = UnixListener::bind(draft.socket())?;
    if let Some(group) = access.group {
        chown(draft.socket(), None, Some(group))?;
    }
    fs::set_permissions(draft.socket(), fs::Permissions::from_mode(access.mode))?;
    rustix::net::listen(&listener, backlog).map_err(io::Error::from)?;
    listener.set_nonblocking(true)?;
    Ok((listener, draft))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
