//! A server's socket file, made so that nobody can reach or replace it before it is ready.
//!
//! The socket is made in a private folder, gets its permissions there, and is then moved to its path in one step. What
//! stands at that path is replaced only if it is a socket that no server uses any more.
//!
//! Must not know: who may connect, or what is said.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use super::socket_draft::{DRAFT, MAX_PATH, check_folder, lock_beside, make, place};
pub use super::socket_draft::{SocketAccess, SocketError};
use super::socket_file::SocketFile;

/// Makes the folder of a socket if it is missing, with permissions `mode`.
///
/// # Errors
/// An error of the system.
pub fn make_folder(folder: &Path, mode: u32) -> io::Result<()> {
    match DirBuilder::new().mode(mode).create(folder) {
        Ok(()) => fs::set_permissions(folder, fs::Permissions::from_mode(mode)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Listens at a socket file.
///
/// # Errors
/// Why not, and what to do.
pub fn bind(path: &Path, access: SocketAccess, backlog: i32) -> Result<(UnixListener, SocketFile), SocketError> {
    let folder = path.parent().ok_or(SocketError::InTheWay)?;
    check_folder(folder)?;
    // Of two servers that start at once, one fails here without waiting.
    let lock = lock_beside(path)?;
    let stale = look(path)?;
    let (listener, draft) = make(folder, path, access, backlog)?;
    place(&draft, path, stale)?;
    Ok((listener, SocketFile::made(path, access, backlog, lock)?))
}

/// Checks whether a server could listen at a path, without changing anything. Whether one does so already is checked
/// unless it `runs`.
///
/// # Errors
/// What stands in the way.
pub fn look_at(path: &Path, runs: bool) -> Result<(), SocketError> {
    let folder = path.parent().ok_or(SocketError::InTheWay)?;
    check_folder(folder)?;
    if folder.as_os_str().len() + DRAFT > MAX_PATH || path.as_os_str().len() > MAX_PATH {
        return Err(SocketError::TooLong);
    }
    match fs::symlink_metadata(path) {
        Ok(seen) if runs => may_replace(&seen),
        Ok(_) => look(path).map(|_| ()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Allows only a socket of this user to be replaced.
fn may_replace(seen: &fs::Metadata) -> Result<(), SocketError> {
    let ours = seen.file_type().is_socket() && seen.uid() == rustix::process::geteuid().as_raw();
    if ours { Ok(()) } else { Err(SocketError::InTheWay) }
}

/// What stands at the path: nothing (`false`), or a socket of this user that no server uses (`true`).
fn look(path: &Path) -> Result<bool, SocketError> {
    let seen = match fs::symlink_metadata(path) {
        Ok(seen) => seen,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    may_replace(&seen)?;
    match UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        // A server is there, or is there but too busy to answer.
        _ => Err(SocketError::Served),
    }
}

/// The default path of a server's socket, and the permissions of its folder: that of the login session, or of the
/// system for root.
#[must_use]
pub fn default_place(runtime_dir: Option<&str>) -> Option<(PathBuf, u32)> {
    let session = runtime_dir.filter(|folder| folder.starts_with('/'));
    if let Some(folder) = session {
        return Some((Path::new(folder).join("tr2").join(SOCKET), 0o700));
    }
    rustix::process::geteuid().is_root().then(|| (Path::new(SYSTEM_FOLDER).join(SOCKET), 0o755))
}

/// The name of a socket file in its folder.
pub(super) const SOCKET: &str = "tr2.sock";
/// The folder of a server that runs as root.
pub(super) const SYSTEM_FOLDER: &str = "/run/tr2";
