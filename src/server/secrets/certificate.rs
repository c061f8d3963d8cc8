//! The server's key and certificate: made at the first start and kept in the data folder, or given by the admin.
//!
//! Must not know: who connects, or what TLS does with them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::net::certificate::{self, CertificateError, Credential};
use crate::sys::secure_files;

const KEY: &str = "tls-key.pem";
const CERTIFICATE: &str = "tls-cert.pem";
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
    /// A file cannot be read or written.
    #[error(
        "the file {0} cannot be used ({1}); repair it, or remove it if it is in the data folder: the next start makes a new one"
    )]
    File(PathBuf, #[source] std::io::Error),
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
        let (path, chain, key) = match self {
            Self::Own(folder) => {
                let (certificate, key) = own(folder)?;
                (folder.join(CERTIFICATE), certificate, key)
            }
            Self::Given { certificate, key } => (certificate.clone(), read(certificate)?, read(key)?),
        };
        certificate::load(&chain, &key).map_err(|error| CredentialError::Unfit(path, error))
    }

    /// Checks whether the credential could be read, without making anything.
    ///
    /// # Errors
    /// What would stand in the way.
    pub fn look(&self) -> Result<(), CredentialError> {
        let Self::Own(folder) = self else { return self.load().map(|_| ()) };
        let Some((chain, key)) = seen(folder)? else { return Ok(()) };
        let loaded = certificate::load(&chain, &key);
        loaded.map(|_| ()).map_err(|error| CredentialError::Unfit(folder.join(CERTIFICATE), error))
    }
}

/// The credential in the data folder, as far as it exists; missing files are not made.
fn seen(folder: &Path) -> Result<Option<(String, String)>, CredentialError> {
    let read =
        |path: &Path| secure_files::read(path, MAX_FILE).map_err(|error| CredentialError::File(path.to_owned(), error));
    let (key_path, path) = (folder.join(KEY), folder.join(CERTIFICATE));
    match (read(&key_path)?, read(&path)?) {
        (None, None) => Ok(None),
        (Some(key), Some(certificate)) => Ok(Some((certificate, key))),
        (Some(key), None) => {
            let made = certificate::self_signed(&key, "tr2");
            made.map(|certificate| Some((certificate, key))).map_err(|error| CredentialError::Unfit(path, error))
        }
        // A new key would not fit the old certificate.
        (None, Some(_)) => Err(CredentialError::File(path, std::io::Error::other("its key is missing"))),
    }
}

/// The credential in the data folder; missing files are made.
fn own(folder: &Path) -> Result<(String, String), CredentialError> {
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

/// Reads a given file. It may be a link: that is the admin's decision.
fn read(path: &Path) -> Result<String, CredentialError> {
    let failed = |error| CredentialError::File(path.to_owned(), error);
    let seen = fs::metadata(path).map_err(failed)?;
    if !seen.is_file() || seen.len() > MAX_FILE {
        return Err(failed(std::io::Error::other("it is not a regular file, or is too long")));
    }
    fs::read_to_string(path).map_err(failed)
}
