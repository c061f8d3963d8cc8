//! The server's data folder: closed to others, locked, with the hash of the moderator passphrase.
//!
//! Must not know: what the passphrase opens, or how messages are kept (`store`).

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::passphrase::{self, PASSPHRASE_BYTES, SALT_BYTES};
use crate::sys::secure_files;

const LOCK: &str = "lock";
const MODERATOR: &str = "moderator";
/// The longest file that is read, in bytes.
const MAX_FILE: u64 = 4096;

/// Why the data cannot be used. Its `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder cannot be made or entered.
    #[error("the data folder {0} cannot be used ({1}); name another with --data")]
    Folder(PathBuf, #[source] io::Error),
    /// Others may read the folder. The server does not close it to them: it may be theirs too.
    #[error("other users can enter the data folder {0}; run chmod 700 on it, or name another with --data")]
    Open(PathBuf),
    /// The folder, or the link that leads to it, belongs to another user, who could change its content.
    #[error("the data folder {0} belongs to another user; name another with --data")]
    Theirs(PathBuf),
    /// A file cannot be read or written.
    #[error("the file {0} cannot be used ({1}); correct its permissions, or name another folder with --data")]
    File(PathBuf, #[source] io::Error),
    /// Another server has the lock.
    #[error("another server is using the data in {0}; stop it, or name another folder with --data")]
    Locked(PathBuf),
    /// The file does not hold a hash.
    #[error("the file {0} is damaged; remove it, and the next start makes a new moderator passphrase")]
    Damaged(PathBuf),
    /// The system gives no random bytes, or argon2 refuses its parameters.
    #[error("a moderator passphrase could not be generated ({0})")]
    Passphrase(String),
}

/// The data folder of a running server; no other server uses it until this is dropped.
#[derive(Debug)]
pub struct DataFolder {
    _lock: File,
    path: PathBuf,
    /// The argon2id hash of the moderator passphrase.
    pub passphrase_hash: String,
    /// The passphrase itself, if it was made just now: it is shown once.
    pub new_passphrase: Option<String>,
}

impl DataFolder {
    /// Opens the folder, making what is missing.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn open(folder: &Path) -> Result<Self, FolderError> {
        let in_folder = |error| FolderError::Folder(folder.to_owned(), error);
        secure_files::make_folder(folder).map_err(in_folder)?;
        let (link, seen) = (fs::symlink_metadata(folder).map_err(in_folder)?, fs::metadata(folder).map_err(in_folder)?);
        if !secure_files::is_ours(&link) || !secure_files::is_ours(&seen) {
            return Err(FolderError::Theirs(folder.to_owned()));
        }
        if seen.permissions().mode() & 0o077 != 0 {
            return Err(FolderError::Open(folder.to_owned()));
        }
        let lock = lock(&folder.join(LOCK), folder)?;
        let path = folder.join(MODERATOR);
        let (passphrase_hash, new_passphrase) =
            match secure_files::read(&path, MAX_FILE).map_err(|error| FolderError::File(path.clone(), error))? {
                Some(hash) if passphrase::is_hash(hash.trim()) => (hash.trim().to_owned(), None),
                Some(_) => return Err(FolderError::Damaged(path)),
                None => {
                    let (hash, passphrase) = make_passphrase()?;
                    (hash, Some(passphrase))
                }
            };
        Ok(Self { _lock: lock, path, passphrase_hash, new_passphrase })
    }

    /// Saves the hash of a new passphrase. To be called once the passphrase was shown: one that nobody has seen is made
    /// again at the next start.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn keep(&self) -> Result<(), FolderError> {
        match self.new_passphrase {
            None => Ok(()),
            Some(_) => secure_files::replace(&self.path, &format!("{}\n", self.passphrase_hash))
                .map_err(|error| FolderError::File(self.path.clone(), error)),
        }
    }
}

/// Looks at the folder as it is, and changes nothing. Says whether it exists.
///
/// # Errors
/// What would stand in the way of using it, except for another running server.
pub fn look(folder: &Path) -> Result<bool, FolderError> {
    let in_folder = |error: io::Error| FolderError::Folder(folder.to_owned(), error);
    let may = |path: &Path| access(path, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| in_folder(error.into()));
    let seen = match fs::metadata(folder) {
        Ok(seen) => seen,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let above = folder.ancestors().skip(1).find(|above| above.symlink_metadata().is_ok());
            let above = above.unwrap_or(Path::new("."));
            if !fs::metadata(above).map_err(in_folder)?.is_dir() {
                return Err(in_folder(io::ErrorKind::NotADirectory.into()));
            }
            return may(above).map(|()| false);
        }
        Err(error) => return Err(in_folder(error)),
    };
    if !seen.is_dir() {
        return Err(in_folder(io::ErrorKind::NotADirectory.into()));
    }
    if seen.permissions().mode() & 0o077 != 0 {
        return Err(FolderError::Open(folder.to_owned()));
    }
    may(folder)?;
    let path = folder.join(MODERATOR);
    match secure_files::read(&path, MAX_FILE) {
        Ok(Some(hash)) if !passphrase::is_hash(hash.trim()) => Err(FolderError::Damaged(path)),
        Ok(_) => Ok(true),
        Err(error) => Err(FolderError::File(path, error)),
    }
}

fn lock(path: &Path, folder: &Path) -> Result<File, FolderError> {
    let lock = secure_files::lock(path, false).map_err(|error| FolderError::File(path.to_owned(), error))?;
    lock.ok_or_else(|| FolderError::Locked(folder.to_owned()))
}

fn make_passphrase() -> Result<(String, String), FolderError> {
    let (mut random, mut salt) = ([0; PASSPHRASE_BYTES], [0; SALT_BYTES]);
    let fill = |bytes: &mut [u8]| getrandom::fill(bytes).map_err(|error| FolderError::Passphrase(error.to_string()));
    fill(&mut random)?;
    fill(&mut salt)?;
    let passphrase = passphrase::passphrase(random);
    let hash = passphrase::hash(&passphrase, salt).map_err(|error| FolderError::Passphrase(error.to_string()))?;
    Ok((hash, passphrase))
}
