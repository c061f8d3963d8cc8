//! The server's data folder: closed to others, locked, with the hash of the moderator passphrase.
//!
//! Must not know: what the passphrase opens, or how messages are kept (`store`).

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::passphrase::{self, PASSPHRASE_BYTES, SALT_BYTES};
use crate::sys::{secure_files, users};

pub(super) const LOCK: &str = "lock";
/// The file with the hash of the moderator passphrase.
pub const MODERATOR: &str = "moderator";
/// What the lock says once there is a history.
const HISTORY_MADE: &str = "This folder has a history: history.db.\n";
/// What it says once there is a key.
pub(super) const KEY_MADE: &str = "It has a key: tls-key.pem.\n";
/// The longest file that is read, in bytes.
const MAX_FILE: u64 = 4096;
/// The longest secret beside it, in bytes.
const MAX_SECRET: u64 = 256 * 1024;

/// Why the data cannot be used. Its `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder cannot be made or entered.
    #[error("the data folder {0} cannot be used ({1}); name another with --data")]
    Folder(PathBuf, #[source] io::Error),
    /// Others may read the folder. The server does not close it to them: it may be theirs too.
    #[error("other users can enter the data folder {0}; run chmod 700 on it, or name another with --data")]
    Open(PathBuf),
    /// As before, and the folder is not this user's to close.
    #[error(
        "other users can enter the data folder {0}, which belongs to {1}; name a folder inside it with --data {2}, which the \
         server makes for itself"
    )]
    OpenOfOther(PathBuf, String, PathBuf),
    /// The folder, or the link that leads to it, belongs to another user, who could change its content.
    #[error(
        "the data folder {0} belongs to another user, {1}, and the server runs as {2}; start it as {1}, or name another with \
         --data"
    )]
    Theirs(PathBuf, String, String),
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
    lock: File,
    lock_path: PathBuf,
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
            return Err(theirs(folder, if secure_files::is_ours(&link) { &seen } else { &link }));
        }
        if seen.permissions().mode() & 0o077 != 0 {
            return Err(open_to_others(folder, &seen));
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
        Ok(Self { lock, lock_path: folder.join(LOCK), path, passphrase_hash, new_passphrase })
    }

    /// Saves the hash of a new passphrase, and that there are a history and a key, so that their loss is noticed. To be called once the
    /// passphrase was shown: one that nobody has seen is made again at the next start.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn keep(&self, has_history: bool, has_key: bool) -> Result<(), FolderError> {
        // If this cannot be written, only a later loss is not noticed.
        let _ = self.mark(&[(has_history, HISTORY_MADE), (has_key, KEY_MADE)]);
        match self.new_passphrase {
            None => Ok(()),
            Some(_) => secure_files::replace(&self.path, &format!("{}\n", self.passphrase_hash))
                .map_err(|error| FolderError::File(self.path.clone(), error)),
        }
    }
}

impl DataFolder {
    /// Writes into the lock what the folder has from now on.
    fn mark(&self, lines: &[(bool, &str)]) -> io::Result<()> {
        let mut text = secure_files::read(&self.lock_path, MAX_FILE)?.unwrap_or_default();
        let new: Vec<_> = lines.iter().filter(|(has, line)| *has && !text.contains(line)).collect();
        if new.is_empty() {
            return Ok(());
        }
        new.iter().for_each(|(_, line)| text.push_str(line));
        self.lock.write_all_at(text.as_bytes(), 0)?;
        self.lock.sync_all()
    }
}

/// Makes a new moderator passphrase for a folder, and keeps its hash; returns the hash and the passphrase.
///
/// # Errors
/// What stands in the way, with what to do; then the former passphrase is still right.
pub fn renew_passphrase(folder: &Path) -> Result<(String, String), FolderError> {
    let (hash, passphrase) = make_passphrase()?;
    let path = folder.join(MODERATOR);
    secure_files::replace(&path, &format!("{hash}\n"))
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|error| FolderError::File(path, error))?;
    Ok((hash, passphrase))
}

/// Keeps a server from using a folder, until what is returned is dropped.
///
/// # Errors
/// What stands in the way, with what to do.
pub fn lock_alone(folder: &Path) -> Result<File, FolderError> {
    lock(&folder.join(LOCK), folder)
}

/// Reads a secret file, which is the user `owner`'s or root's; `None` if there is none.
///
/// # Errors
/// It cannot be used, with what to do.
pub fn read_secret(path: &Path, owner: u32) -> Result<Option<String>, FolderError> {
    let read = secure_files::read_of(path, MAX_SECRET, owner);
    read.map_err(|error| FolderError::File(path.to_owned(), error))
}

/// Looks at the hash of the moderator passphrase, if there is one.
///
/// # Errors
/// It cannot be used, with what to do.
pub fn look_at_passphrase(folder: &Path) -> Result<(), FolderError> {
    let path = folder.join(MODERATOR);
    match secure_files::read(&path, MAX_FILE) {
        Ok(Some(hash)) if !passphrase::is_hash(hash.trim()) => Err(FolderError::Damaged(path)),
        Ok(_) => Ok(()),
        Err(error) => Err(FolderError::File(path, error)),
    }
}

/// A data folder that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderFound {
    /// The user that its server runs as: this one, or, if root looks, the one that it belongs to.
    pub owner: u32,
    /// The group of the folder.
    pub group: u32,
    /// Whether a server is using it.
    pub in_use: bool,
}

/// Looks at the folder as it is, and changes nothing; `None` if it does not exist.
///
/// # Errors
/// What would stand in the way of using it, except for another running server.
pub fn look(folder: &Path) -> Result<Option<FolderFound>, FolderError> {
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
            return may(above).map(|()| None);
        }
        Err(error) => return Err(in_folder(error)),
    };
    if !seen.is_dir() {
        return Err(in_folder(io::ErrorKind::NotADirectory.into()));
    }
    if seen.permissions().mode() & 0o077 != 0 {
        return Err(open_to_others(folder, &seen));
    }
    let me = rustix::process::geteuid().as_raw();
    let owner = if me == 0 { seen.uid() } else { me };
    let link = fs::symlink_metadata(folder).map_err(in_folder)?;
    if let Some(other) = [&link, &seen].into_iter().find(|found| ![owner, 0].contains(&found.uid())) {
        return Err(theirs(folder, other));
    }
    may(folder)?;
    for name in [LOCK, MODERATOR] {
        let path = folder.join(name);
        let read = secure_files::read_of(&path, MAX_FILE, owner);
        match read.map_err(|error| FolderError::File(path.clone(), error))? {
            Some(hash) if name == MODERATOR && !passphrase::is_hash(hash.trim()) => {
                return Err(FolderError::Damaged(path));
            }
            _ => {}
        }
    }
    let lock = folder.join(LOCK);
    let in_use = secure_files::is_locked(&lock).map_err(|error| FolderError::File(lock, error))?;
    Ok(Some(FolderFound { owner, group: seen.gid(), in_use }))
}

/// The folder belongs to another user; says whose it is.
fn theirs(folder: &Path, seen: &fs::Metadata) -> FolderError {
    let me = users::shown(rustix::process::geteuid().as_raw());
    FolderError::Theirs(folder.to_owned(), users::shown(seen.uid()), me)
}

/// Other users can enter the folder; says what its owner, and who is not its owner, can do.
fn open_to_others(folder: &Path, seen: &fs::Metadata) -> FolderError {
    let me = rustix::process::geteuid();
    if seen.uid() == me.as_raw() || me.is_root() {
        FolderError::Open(folder.to_owned())
    } else {
        FolderError::OpenOfOther(folder.to_owned(), users::shown(seen.uid()), folder.join("tr2"))
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
