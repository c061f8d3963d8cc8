//! A server's socket file while it is in use: looked at now and then, and made anew if somebody removes it.
//!
//! Programs that clean up remove files that nobody has touched for long; the server would be out of reach from then on.
//!
//! Must not know: who connects, or who is told.

use std::fs::{self, DirBuilder, File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use super::socket_draft::{SocketAccess, SocketError, check_folder, lock_beside, lock_path, make, place};

/// A socket file in use; one that the server made is removed when this is dropped.
#[derive(Debug)]
pub struct SocketFile {
    path: PathBuf,
    /// By which the file is known to be the one that was made.
    seen: FileId,
    /// The last thing that was told of it.
    told: Told,
    /// What is needed to make it again; `None` if the service manager made it.
    own: Option<OwnFile>,
}

/// Device and inode of a file.
type FileId = (u64, u64);

#[derive(Debug)]
struct OwnFile {
    access: SocketAccess,
    backlog: i32,
    /// Permissions of the folder.
    folder_mode: u32,
    lock: File,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Nothing,
    Lost,
    Replaced(FileId),
}

/// What has become of a socket file.
#[derive(Debug)]
pub enum FileNews {
    /// It was gone, and is there again: connections come from this listener from now on.
    Made(UnixListener),
    /// It is gone and could not be made again, for this reason; that is tried each time.
    Lost(String),
    /// Another file is in its place.
    Replaced,
    /// It is there again without the server's doing.
    Back,
}

impl SocketFile {
    /// A file that was just made at a path.
    pub(super) fn made(path: &Path, access: SocketAccess, backlog: i32, lock: File) -> io::Result<Self> {
        let folder_mode =
            path.parent().map_or(Ok(0o700), |folder| fs::metadata(folder).map(|seen| seen.mode() & 0o7777))?;
        let own = Some(OwnFile { access, backlog, folder_mode, lock });
        Ok(Self { path: path.to_owned(), seen: id(&fs::symlink_metadata(path)?), told: Told::Nothing, own })
    }

    /// A file that the service manager made; `None` if there is none.
    pub(super) fn given(path: &str) -> Option<Self> {
        let seen = id(&fs::symlink_metadata(path).ok()?);
        Some(Self { path: path.into(), seen, told: Told::Nothing, own: None })
    }

    /// Looks whether it is still there, and makes it again if it is gone. Returns what has changed since the last look.
    pub fn look(&mut self) -> Option<FileNews> {
        let seen = match fs::symlink_metadata(&self.path) {
            Ok(seen) => id(&seen),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return match self.make_again() {
                    Ok(listener) => self.tell(Told::Nothing, FileNews::Made(listener)),
                    Err(error) => self.lost(&error),
                };
            }
            Err(error) => return self.lost(&error.into()),
        };
        if seen != self.seen {
            (self.told != Told::Replaced(seen)).then(|| self.tell(Told::Replaced(seen), FileNews::Replaced))?
        } else if self.told != Told::Nothing {
            self.tell(Told::Nothing, FileNews::Back)
        } else {
            None
        }
    }

    fn lost(&mut self, error: &SocketError) -> Option<FileNews> {
        (self.told != Told::Lost).then(|| self.tell(Told::Lost, FileNews::Lost(error.to_string())))?
    }

    fn tell(&mut self, told: Told, news: FileNews) -> Option<FileNews> {
        self.told = told;
        Some(news)
    }

    fn make_again(&mut self) -> Result<UnixListener, SocketError> {
        let Some(own) = &mut self.own else { return Err(SocketError::NotOurs) };
        let folder = self.path.parent().ok_or(SocketError::InTheWay)?;
        match DirBuilder::new().mode(own.folder_mode).create(folder) {
            Ok(()) => fs::set_permissions(folder, Permissions::from_mode(own.folder_mode))?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
        check_folder(folder)?;
        // The lock may be gone with the folder.
        let same = |there: &Metadata, held: &Metadata| id(there) == id(held);
        let there = fs::symlink_metadata(lock_path(&self.path));
        if !there.is_ok_and(|there| own.lock.metadata().is_ok_and(|held| same(&there, &held))) {
            own.lock = lock_beside(&self.path)?;
        }
        let (listener, draft) = make(folder, &self.path, own.access, own.backlog)?;
        place(&draft, &self.path, false)?;
        self.seen = id(&fs::symlink_metadata(&self.path)?);
        Ok(listener)
    }

    /// Removes the file, if the server made it and it is still that one.
    pub(crate) fn remove(&mut self) {
        // Another server may have taken the path since; its file is not ours to remove.
        let ours = |seen: Metadata| id(&seen) == self.seen;
        if self.own.take().is_some() && fs::symlink_metadata(&self.path).is_ok_and(ours) {
            let _ = fs::remove_file(&self.path);
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        self.remove();
    }
}

fn id(seen: &Metadata) -> FileId {
    (seen.dev(), seen.ino())
}
