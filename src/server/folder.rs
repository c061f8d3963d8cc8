//! The folder of the server's data: closed to others, locked, with the hash of the moderator passphrase.
//!
//! Must not know: what the passphrase opens, or how messages are kept (`store`).

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};

use super::auth::{self, PASSPHRASE_BYTES, SALT_BYTES};

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
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
    /// Others may look into the folder. It is not closed to them here: it may be theirs too.
    #[error("others may look into the data folder {0}; close it with chmod 700, or name another with --data")]
    Open(PathBuf),
    /// A file cannot be read or written.
    #[error("the file {0} cannot be used ({1}); mend its permissions, or name another folder with --data")]
    File(PathBuf, #[source] io::Error),
    /// Another server has the lock.
    #[error("another server uses the data in {0}; stop it, or name another folder with --data")]
    Locked(PathBuf),
    /// The hash is none.
    #[error("the file {0} is damaged; remove it, and the next start makes a new moderator passphrase")]
    Damaged(PathBuf),
    /// The system gives no randomness, or argon2 refuses.
    #[error("no moderator passphrase could be made ({0})")]
    Passphrase(String),
}

/// The data of a running server; nobody else uses it until it is dropped.
#[derive(Debug)]
pub struct Folder {
    _lock: File,
    path: PathBuf,
    /// The argon2id hash of the moderator passphrase.
    pub passphrase_hash: String,
    /// The passphrase itself, if it was made just now: to be shown once.
    pub new_passphrase: Option<String>,
}

impl Folder {
    /// Opens the data in `folder`, making what is missing.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn open(folder: &Path) -> Result<Self, FolderError> {
        let in_folder = |error| FolderError::Folder(folder.to_owned(), error);
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder).map_err(in_folder)?;
        if fs::metadata(folder).map_err(in_folder)?.permissions().mode() & 0o077 != 0 {
            return Err(FolderError::Open(folder.to_owned()));
        }
        let lock = lock(&folder.join(LOCK), folder)?;
        let path = folder.join(MODERATOR);
        let (passphrase_hash, new_passphrase) = match read(&path)? {
            Some(hash) if auth::is_hash(hash.trim()) => (hash.trim().to_owned(), None),
            Some(_) => return Err(FolderError::Damaged(path)),
            None => {
                let (hash, passphrase) = make_passphrase()?;
                (hash, Some(passphrase))
            }
        };
        Ok(Self { _lock: lock, path, passphrase_hash, new_passphrase })
    }

    /// Keeps the hash of a passphrase that was made just now. To be called once the passphrase was shown: one that
    /// nobody has seen is made again at the next start.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn keep(&self) -> Result<(), FolderError> {
        match self.new_passphrase {
            None => Ok(()),
            Some(_) => {
                write(&self.path, &self.passphrase_hash).map_err(|error| FolderError::File(self.path.clone(), error))
            }
        }
    }
}

fn lock(path: &Path, folder: &Path) -> Result<File, FolderError> {
    let file = options().read(true).write(true).create(true).truncate(false).open(path);
    let file = file.map_err(|error| FolderError::File(path.to_owned(), error))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(FolderError::Locked(folder.to_owned())),
        Err(error) => Err(FolderError::File(path.to_owned(), error.into())),
    }
}

fn make_passphrase() -> Result<(String, String), FolderError> {
    let (mut random, mut salt) = ([0; PASSPHRASE_BYTES], [0; SALT_BYTES]);
    let fill = |bytes: &mut [u8]| getrandom::fill(bytes).map_err(|error| FolderError::Passphrase(error.to_string()));
    fill(&mut random)?;
    fill(&mut salt)?;
    let passphrase = auth::passphrase(random);
    let hash = auth::hash(&passphrase, salt).map_err(|error| FolderError::Passphrase(error.to_string()))?;
    Ok((hash, passphrase))
}

fn read(path: &Path) -> Result<Option<String>, FolderError> {
    let failed = |error| FolderError::File(path.to_owned(), error);
    let file = match options().read(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut text = String::new();
    file.take(MAX_FILE).read_to_string(&mut text).map_err(failed)?;
    Ok(Some(text))
}

/// Writes a file so that it is there whole or not at all.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = options().write(true).create(true).truncate(true).open(&draft)?;
    file.set_permissions(fs::Permissions::from_mode(FILE_MODE))?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

/// For this user alone, and never through a link.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(FILE_MODE).custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    options
}
