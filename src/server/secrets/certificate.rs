//! The server's own key and certificate: made at the first start and kept in the data folder, or given.
//!
//! Must not know: who connects, or what TLS does with them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::net::certificate::{self, CertificateError, Credential};
use crate::sys::secure_files as private;

const KEY: &str = "tls-key.pem";
const CERTIFICATE: &str = "tls-cert.pem";
/// The longest file that is read, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// Where the credential comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The data folder; what is missing there is made.
    Own(PathBuf),
    /// Files that somebody else takes care of.
    Given {
        /// The certificate, and those that vouch for it, in PEM.
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
        "the file {0} cannot be used ({1}); mend it, or remove it if it is in the data folder: it is made anew then"
    )]
    File(PathBuf, #[source] std::io::Error),
    /// What stands in the files is of no use.
    #[error("the certificate {0} cannot be used with its key: {1}")]
    Unfit(PathBuf, #[source] CertificateError),
}

impl Source {
    /// Reads the credential.
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

    /// Looks whether it could be read, and makes nothing.
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

/// The credential of the data folder as far as it is there; what a start would make is not made.
fn seen(folder: &Path) -> Result<Option<(String, String)>, CredentialError> {
    let read =
        |path: &Path| private::read(path, MAX_FILE).map_err(|error| CredentialError::File(path.to_owned(), error));
    let (key_path, path) = (folder.join(KEY), folder.join(CERTIFICATE));
    match (read(&key_path)?, read(&path)?) {
        (None, None) => Ok(None),
        (Some(key), Some(certificate)) => Ok(Some((certificate, key))),
        (Some(key), None) => {
            let made = certificate::self_signed(&key, "tr2");
            made.map(|certificate| Some((certificate, key))).map_err(|error| CredentialError::Unfit(path, error))
        }
        // A key that is made anew is not that of the certificate.
        (None, Some(_)) => Err(CredentialError::File(path, std::io::Error::other("its key is gone"))),
    }
}

/// The credential of the data folder, made if it is not there.
fn own(folder: &Path) -> Result<(String, String), CredentialError> {
    let key_path = folder.join(KEY);
    let key = keep(&key_path, certificate::make_key)?;
    let certificate = keep(&folder.join(CERTIFICATE), || certificate::self_signed(&key, "tr2"))?;
    Ok((certificate, key))
}

/// What a file holds; it is made if it is not there.
fn keep(path: &Path, make: impl FnOnce() -> Result<String, CertificateError>) -> Result<String, CredentialError> {
    let failed = |error| CredentialError::File(path.to_owned(), error);
    if let Some(text) = private::read(path, MAX_FILE).map_err(failed)? {
        return Ok(text);
    }
    let text = make().map_err(|error| CredentialError::Unfit(path.to_owned(), error))?;
    private::replace(path, &text).map_err(failed)?;
    Ok(text)
}

/// A given file, which may be a link: whoever gives it decides.
fn read(path: &Path) -> Result<String, CredentialError> {
    let failed = |error| CredentialError::File(path.to_owned(), error);
    let seen = fs::metadata(path).map_err(failed)?;
    if !seen.is_file() || seen.len() > MAX_FILE {
        return Err(failed(std::io::Error::other("it is no file of a fitting size")));
    }
    fs::read_to_string(path).map_err(failed)
}
