//! Finds the socket file of a server on this machine, and says why one that is there cannot be used.
//!
//! A socket proves to its server who connects, so nobody else may put one in its place. In the login session's folder,
//! the socket is this user's or root's. In the system's folder, it may also be the folder's owner's: only root makes
//! folders there, and root gave it to the user that the server runs as.
//!
//! Must not know: what else a client could connect to.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use super::unix::{SOCKET, SYSTEM_FOLDER};
use crate::language::{files as say, system};
use crate::sys::user_numbers::UserNumbers;

/// Why the socket file of a server cannot be used. Its `Display` says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}", say::socket_unusable(path.display(), why))]
pub struct Unusable {
    path: PathBuf,
    why: Unfit,
}

#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("{}", say::no_socket())]
    NoSocket,
    #[error("{}", say::foreign_socket(.0))]
    Foreign(u32),
    #[error("{}", say::open_folder(.0.display()))]
    Open(PathBuf),
    #[error("{}", say::foreign_folder(folder.display(), uid))]
    ForeignFolder { folder: PathBuf, uid: u32 },
    #[error("{}", say::silent_socket())]
    Silent,
    #[error("{}", say::denied_socket())]
    Denied,
    #[error("{}", system::whole(.0))]
    System(io::Error),
}

/// The socket file of a server that answers, if there is one: in the login session's folder, or else in the system's.
/// `None` if there is none at all.
///
/// # Errors
/// Why the first one that is there cannot be used, if none can.
pub fn find(runtime_dir: Option<&str>) -> Result<Option<PathBuf>, Unusable> {
    let me = rustix::process::geteuid().as_raw();
    let session = match runtime_dir.filter(|folder| folder.starts_with('/')) {
        Some(folder) => PathBuf::from(folder),
        // As the login session would call it; cron and the like do not say.
        None => PathBuf::from(format!("/run/user/{me}")),
    };
    let places = [SocketPlace { folder: session.join("tr2"), of_system: false }, SocketPlace::system()];
    find_in(&places, Some(me).filter(|me| UserNumbers::read().tell(*me)))
}

/// A folder where a socket may be.
struct SocketPlace {
    folder: PathBuf,
    /// Whether it is the system's, which only root can have made.
    of_system: bool,
}

impl SocketPlace {
    fn system() -> Self {
        Self { folder: PathBuf::from(SYSTEM_FOLDER), of_system: true }
    }
}

fn find_in(places: &[SocketPlace], me: Option<u32>) -> Result<Option<PathBuf>, Unusable> {
    let mut unusable = None;
    for place in places {
        let path = place.folder.join(SOCKET);
        match place.look(&path, me) {
            Ok(true) => return Ok(Some(path)),
            Ok(false) => {}
            Err(why) => unusable = unusable.or(Some(Unusable { path, why })),
        }
    }
    unusable.map_or(Ok(None), Err)
}

impl SocketPlace {
    /// Whether a server answers at the path; `false` if nothing is there.
    fn look(&self, path: &Path, me: Option<u32>) -> Result<bool, Unfit> {
        let Some(folder) = seen(fs::metadata(&self.folder))? else { return Ok(false) };
        let Some(socket) = seen(fs::symlink_metadata(path))? else { return Ok(false) };
        let trusted = |uid: u32| uid == 0 || Some(uid) == me;
        if self.of_system {
            // Below the root, each folder can be replaced only by whoever may write to the one above.
            for above in self.folder.ancestors().skip(1) {
                only_root_writes(above)?;
            }
        } else if !trusted(folder.uid()) {
            return Err(Unfit::ForeignFolder { folder: self.folder.clone(), uid: folder.uid() });
        }
        if is_open(&folder) {
            return Err(Unfit::Open(self.folder.clone()));
        }
        if !socket.file_type().is_socket() {
            return Err(Unfit::NoSocket);
        }
        let of_service = self.of_system && socket.uid() == folder.uid();
        if !of_service && !trusted(socket.uid()) {
            return Err(Unfit::Foreign(socket.uid()));
        }
        match UnixStream::connect(path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Err(Unfit::Silent),
            Err(error) => Err(unfit(error)),
        }
    }
}

/// Fails unless a folder is root's, and root's alone to write to.
fn only_root_writes(folder: &Path) -> Result<(), Unfit> {
    let seen = fs::symlink_metadata(folder).map_err(unfit)?;
    if seen.uid() != 0 {
        return Err(Unfit::ForeignFolder { folder: folder.to_owned(), uid: seen.uid() });
    }
    if is_open(&seen) { Err(Unfit::Open(folder.to_owned())) } else { Ok(()) }
}

/// Whether others than a folder's owner may put files into it.
fn is_open(folder: &Metadata) -> bool {
    const WRITABLE: u32 = 0o022;
    folder.mode() & WRITABLE != 0
}

/// What is at a path; `None` for nothing.
fn seen(looked: io::Result<Metadata>) -> Result<Option<Metadata>, Unfit> {
    match looked {
        Ok(seen) => Ok(Some(seen)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(unfit(error)),
    }
}

fn unfit(error: io::Error) -> Unfit {
    if error.kind() == io::ErrorKind::PermissionDenied { Unfit::Denied } else { Unfit::System(error) }
}
