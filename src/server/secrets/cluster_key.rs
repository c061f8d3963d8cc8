//! The secret that all nodes of a cluster share: the node that founds the cluster makes it, and backups bring it to the
//! others.
//!
//! Must not know: what is signed with it.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::sys::secure_files;

pub(super) const CLUSTER_KEY: &str = "cluster.key";
/// The longest file that is read, in bytes.
const MAX_FILE: u64 = 4096;
/// The length of the secret, in bytes.
const KEY_BYTES: usize = 32;

/// The secret of a cluster.
pub type ClusterKey = [u8; KEY_BYTES];

/// Why there is no secret. Its `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ClusterKeyError {
    /// The file cannot be read or written.
    #[error("the file {0} cannot be used ({1}); correct its permissions, or put a copy of another node's in its place")]
    File(PathBuf, #[source] std::io::Error),
    /// It does not hold a secret.
    #[error("the file {0} is damaged; put a copy of another node's in its place")]
    Damaged(PathBuf),
    /// The folder is not a node's.
    #[error(
        "there is no {0}, which all nodes of a cluster have: bring this one a backup of a node that is in it, with tr2 serve \
         --backup there and tr2 serve --restore here; or if there is no node yet, begin the cluster with tr2 serve --found"
    )]
    Missing(PathBuf),
    /// The system gives no random bytes.
    #[error("the secret of the cluster could not be made ({0})")]
    Random(String),
}

/// The secret in a data folder.
///
/// # Errors
/// The folder has no secret that can be used; the error says what to do.
pub fn read(folder: &Path) -> Result<ClusterKey, ClusterKeyError> {
    read_of(folder, rustix::process::geteuid().as_raw())
}

/// The same for a server that runs as the user `owner`.
///
/// # Errors
/// The folder has no secret that this server can use; the error says what to do.
pub fn read_of(folder: &Path, owner: u32) -> Result<ClusterKey, ClusterKeyError> {
    find_of(folder, owner)?.ok_or_else(|| ClusterKeyError::Missing(folder.join(CLUSTER_KEY)))
}

/// Removes the secret from a data folder, if there is one.
///
/// # Errors
/// It is still there.
pub fn remove(folder: &Path) -> Result<(), ClusterKeyError> {
    let path = folder.join(CLUSTER_KEY);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ClusterKeyError::File(path, error)),
        _ => Ok(()),
    }
}

/// The secret in a data folder, if there is one.
///
/// # Errors
/// There is one that cannot be used, with what to do.
pub fn find(folder: &Path) -> Result<Option<ClusterKey>, ClusterKeyError> {
    find_of(folder, rustix::process::geteuid().as_raw())
}

fn find_of(folder: &Path, owner: u32) -> Result<Option<ClusterKey>, ClusterKeyError> {
    let path = folder.join(CLUSTER_KEY);
    match secure_files::read_secret_of(&path, MAX_FILE, owner) {
        Ok(None) => Ok(None),
        Ok(Some(text)) => parse(text.trim()).map(Some).ok_or(ClusterKeyError::Damaged(path)),
        Err(error) => Err(ClusterKeyError::File(path, error)),
    }
}

/// Whether a data folder is a node's.
#[must_use]
pub fn is_there(folder: &Path) -> bool {
    folder.join(CLUSTER_KEY).symlink_metadata().is_ok()
}

/// The secret in a data folder, which is made if there is none.
///
/// # Errors
/// There is none that can be used, with what to do.
pub fn make(folder: &Path) -> Result<ClusterKey, ClusterKeyError> {
    if let Some(key) = find(folder)? {
        return Ok(key);
    }
    let mut key = ClusterKey::default();
    getrandom::fill(&mut key).map_err(|error| ClusterKeyError::Random(error.to_string()))?;
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).chain(["\n".to_owned()]).collect();
    let path = folder.join(CLUSTER_KEY);
    secure_files::replace(&path, &text)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|error| ClusterKeyError::File(path, error))?;
    Ok(key)
}

fn parse(text: &str) -> Option<ClusterKey> {
    let mut key = ClusterKey::default();
    if text.len() != 2 * KEY_BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(key)
}
