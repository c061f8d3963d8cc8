//! The server's key and certificate: made at the first start and kept in the data folder, or given by the admin.
//!
//! Must not know: who connects, or what TLS does with them.

use std::fs;
use std::path::{Path, PathBuf};

use super::data_folder::{KEY_MADE, LOCK};
use crate::net::certificate::{self, CertificateError, Credential};
use crate::sys::secure_files;

pub(super) const KEY: &str = "tls-key.pem";
pub(super) const CERTIFICATE: &str = "tls-cert.pem";
/// The longest file that is read, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// Where the credential comes from.
#[derive(Clone, Debug)]
pub enum CredentialSource {
    /// The data folder; missing files are made.
    Own(PathBuf),
    /// Files that the admin maintains.
    Given {
        /// The certificate chain, in PEM.
        certificate: PathBuf,
        /// The key, in PEM.
        key: PathBuf,
    },
}

/// Why there is no credential. Its `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// A file in the data folder cannot be read or written.
    #[error(
        "the file {0} cannot be used ({1}); put a copy back, or remove it and tls-cert.pem: the next start makes a new key, \
         which every client that knows the old one refuses"
    )]
    File(PathBuf, #[source] std::io::Error),
    /// A given file cannot be read.
    #[error("the file {0} cannot be used ({1}); correct it or its permissions")]
    Given(PathBuf, #[source] std::io::Error),
    /// The key of the server's own certificate is gone.
    #[error(
        "the key {0} is missing, and its certificate {1} is there; put a copy of the key back, or remove the certificate too: \
         the next start makes a new key, which every client that knows the old one refuses"
    )]
    KeyGone(PathBuf, PathBuf),
    /// Key and certificate are gone.
    #[error(
        "the key {0} and its certificate {1} are missing, although this server had them; put copies back, or remove {2} too: \
         the next start makes a new key, which every client that knows the old one refuses"
    )]
    Lost(PathBuf, PathBuf, PathBuf),
    /// The key cannot be used.
    #[error("the key {0} cannot be used: {1}")]
    Key(PathBuf, #[source] CertificateError),
    /// The certificate and the key do not work together.
    #[error("the certificate {0} cannot be used with its key: {1}")]
    Unfit(PathBuf, #[source] CertificateError),
}

impl CredentialSource {
    /// Reads the credential; makes it first if it belongs in the data folder and is missing.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn load(&self) -> Result<Credential, CredentialError> {
        match self {
            Self::Own(folder) => {
                let (certificate, key) = own(folder)?;
                fit((&folder.join(CERTIFICATE), &folder.join(KEY)), certificate.as_bytes(), key.as_bytes())
            }
            Self::Given { certificate, key } => fit((certificate, key), &read(certificate)?, &read(key)?),
        }
    }

    /// Reads the credential without making anything, for a server that runs as `owner`; `None` if it is still to be made.
    ///
    /// # Errors
    /// What would stand in the way.
    pub fn look(&self, owner: u32) -> Result<Option<Credential>, CredentialError> {
        match self {
            Self::Own(folder) => {
                let Some((certificate, key)) = seen(folder, owner)? else { return Ok(None) };
                let paths = (&*folder.join(CERTIFICATE), &*folder.join(KEY));
                fit(paths, certificate.as_bytes(), key.as_bytes()).map(Some)
            }
            Self::Given { certificate, key } => {
                for path in [certificate, key] {
                    secure_files::may_read(path, owner).map_err(|error| CredentialError::Given(path.clone(), error))?;
                }
                self.load().map(Some)
            }
        }
    }

    /// The file with the certificate.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        match self {
            Self::Own(folder) => folder.join(CERTIFICATE),
            Self::Given { certificate, .. } => certificate.clone(),
        }
    }
}

/// Puts a certificate and its key together; an error names the file that it is about.
fn fit(
    (certificate_path, key_path): (&Path, &Path),
    certificate: &[u8],
    key: &[u8],
) -> Result<Credential, CredentialError> {
    certificate::load(certificate, key).map_err(|error| match error.is_about_key() {
        true => CredentialError::Key(key_path.to_owned(), error),
        false => CredentialError::Unfit(certificate_path.to_owned(), error),
    })
}

/// The credential in the data folder, as far as it exists; missing files are not made.
fn seen(folder: &Path, owner: u32) -> Result<Option<(String, String)>, CredentialError> {
    let read = |path: &Path| {
        secure_files::read_of(path, MAX_FILE, owner).map_err(|error| CredentialError::File(path.to_owned(), error))
    };
    let (key_path, path) = (folder.join(KEY), folder.join(CERTIFICATE));
    match (read(&key_path)?, read(&path)?) {
        (None, None) => match read(&folder.join(LOCK))? {
            Some(made) if made.contains(KEY_MADE) => Err(CredentialError::Lost(key_path, path, folder.join(LOCK))),
            _ => Ok(None),
        },
        (Some(key), Some(certificate)) => Ok(Some((certificate, key))),
        (Some(key), None) => {
            let made = certificate::self_signed(&key, "tr2");
            made.map(|certificate| Some((certificate, key))).map_err(|error| CredentialError::Unfit(path, error))
        }
        // A new key would not fit the old certificate, and every client would refuse it.
        (None, Some(_)) => Err(CredentialError::KeyGone(key_path, path)),
    }
}

/// The credential in the data folder; missing files are made.
fn own(folder: &Path) -> Result<(String, String), CredentialError> {
    if let Some(seen) = seen(folder, rustix::process::geteuid().as_raw())?
        && folder.join(CERTIFICATE).symlink_metadata().is_ok()
    {
        return Ok(seen);
    }
    let key_path = folder.join(KEY);
    let key = keep(&key_path, certificate::make_key)?;
    let certificate = keep(&folder.join(CERTIFICATE), || certificate::self_signed(&key, "tr2"))?;
    Ok((certificate, key))
}

/// The content of a file, which is made if it is missing.
fn keep(path: &Path, make: impl FnOnce() -> Result<String, CertificateError>) -> Result<String, CredentialError> {
    let failed = |error| CredentialError::File(path.to_owned(), error);
    if let Some(text) = secure_files::read(path, MAX_FILE).map_err(failed)? {
        return Ok(text);
    }
    let text = make().map_err(|error| CredentialError::Unfit(path.to_owned(), error))?;
    secure_files::replace(path, &text).map_err(failed)?;
    Ok(text)
}

/// Reads a given file, which may be a link: that is the admin's decision. Around the certificates there may be text in any
/// encoding.
fn read(path: &Path) -> Result<Vec<u8>, CredentialError> {
    let failed = |error| CredentialError::Given(path.to_owned(), error);
    let seen = fs::metadata(path).map_err(failed)?;
    if !seen.is_file() || seen.len() > MAX_FILE {
        return Err(failed(std::io::Error::other("it is not a regular file, or is too long")));
    }
    fs::read(path).map_err(failed)
}
