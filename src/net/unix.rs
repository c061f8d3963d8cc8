//! A server's socket file, made so that nobody can reach or replace it before it is ready.
//!
//! The socket is made in a private folder, gets its permissions there, and is then moved to its path in one step. What
//! stands at that path is replaced only if it is a socket that no server uses any more.
//!
//! Must not know: who may connect, or what is said.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::sys::secure_files;

/// The longest path of a socket, in bytes (unix(7)).
const MAX_PATH: usize = 107;
/// The bytes that the private folder adds to the path of its parent.
const DRAFT: usize = 12;

/// Who may connect to a socket file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketAccess {
    /// Permissions of the file.
    pub mode: u32,
    /// Group of the file; `None` for that of the process.
    pub group: Option<u32>,
}

/// A socket file in use; it is removed when this is dropped.
#[derive(Debug)]
pub struct SocketFile {
    path: PathBuf,
    /// Device and inode of the file, by which it is known to be ours.
    seen: (u64, u64),
    _lock: File,
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
    /// An error of the system.
    #[error("{0}")]
    System(#[from] io::Error),
}

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
    let lock = secure_files::lock(&with_suffix(path, ".lock"), false)?.ok_or(SocketError::Served)?;
    let stale = look(path)?;
    let (listener, draft) = make(folder, path, access, backlog)?;
    let flags = if stale { RenameFlags::empty() } else { RenameFlags::NOREPLACE };
    let placed = match renameat_with(CWD, draft.socket(), CWD, path, flags) {
        Err(rustix::io::Errno::EXIST) => Err(SocketError::InTheWay),
        Err(error) => Err(SocketError::System(error.into())),
        Ok(()) => Ok(()),
    };
    placed?;
    let seen = fs::symlink_metadata(path)?;
    let file = SocketFile { path: path.to_owned(), seen: (seen.dev(), seen.ino()), _lock: lock };
    Ok((listener, file))
}

/// Checks that no other user can take away what is put into the folder.
fn check_folder(folder: &Path) -> Result<(), SocketError> {
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

/// The private folder in which a socket is made; it is removed when this is dropped.
struct Draft(PathBuf);

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

fn make(folder: &Path, path: &Path, access: SocketAccess, backlog: i32) -> Result<(UnixListener, Draft), SocketError> {
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

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Another server may have taken the path since; its file is not ours to remove.
        let ours = |seen: fs::Metadata| (seen.dev(), seen.ino()) == self.seen;
        if fs::symlink_metadata(&self.path).is_ok_and(ours) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
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
const SOCKET: &str = "tr2.sock";
/// The folder of a server that runs as root.
const SYSTEM_FOLDER: &str = "/run/tr2";

/// The socket file of a server on this machine that answers, if there is one: in the login session's folder or the
/// system's. Only sockets of this user and of root are tried.
#[must_use]
pub fn find(runtime_dir: Option<&str>) -> Option<PathBuf> {
    let session = runtime_dir.filter(|folder| folder.starts_with('/')).map(|folder| Path::new(folder).join("tr2"));
    let places = session.into_iter().chain([PathBuf::from(SYSTEM_FOLDER)]);
    places.map(|folder| folder.join(SOCKET)).find(|path| {
        let ours = |seen: fs::Metadata| seen.file_type().is_socket() && secure_files::is_ours(&seen);
        fs::symlink_metadata(path).is_ok_and(ours) && UnixStream::connect(path).is_ok()
    })
}
