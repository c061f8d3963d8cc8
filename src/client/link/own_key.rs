//! The person's own key: a file that only they can read. It is made when it is first needed.
//!
//! Its fingerprint may be needed long before the key itself. So where there is no file, a key is made in memory, and the
//! file is written only once the key is used.
//!
//! Must not know: to whom the key is proved.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::language::command_line;
use crate::language::connecting as say;
use crate::language::system::words;
use crate::model::Fingerprint;
use crate::net::certificate::{self, Credential};
use crate::net::dial_failure::{DialFailure, DialFault};
use crate::sys::secure_files;

/// The longest file that is read, in bytes.
const MAX_KEY_FILE: u64 = 1024 * 1024;
/// What a certificate of one's own names.
const COMMON_NAME: &str = "tr2";

/// The key, and where it is stored. Clones are the same key.
#[derive(Clone)]
pub struct OwnKey {
    path: PathBuf,
    /// The key as PEM, if the file does not hold it as it is.
    held: Option<Arc<str>>,
    state: Arc<Mutex<KeyState>>,
}

#[derive(Default)]
struct KeyState {
    /// The key as PEM, if it was made here and is not stored yet.
    made: Option<String>,
    /// The key that others were told.
    announced: Option<Fingerprint>,
}

impl OwnKey {
    /// The key in this file; empty if there is no home folder.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self { path, held: None, state: Arc::default() }
    }

    /// A key that was read already, as PEM, and is in this file in another form.
    #[must_use]
    pub fn held(path: PathBuf, pem: String) -> Self {
        Self { path, held: Some(pem.into()), state: Arc::default() }
    }

    /// The fingerprint of the key, which others are told. Writes nothing.
    ///
    /// # Errors
    /// If the file cannot be read, or no key can be made.
    pub fn announce(&self) -> io::Result<Fingerprint> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match self.stored()? {
            Some(key) => key,
            None => self.made(&mut state)?,
        };
        let fingerprint = self.load(&key)?.fingerprint;
        state.announced = Some(fingerprint);
        Ok(fingerprint)
    }

    /// The key itself, stored from now on.
    ///
    /// # Errors
    /// If the file cannot be read or written, or no key can be made.
    pub fn credential(&self) -> io::Result<Credential> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match self.stored()? {
            Some(key) => key,
            None => {
                let made = self.made(&mut state)?;
                if let Some(folder) = self.path.parent() {
                    secure_files::make_folder(folder).map_err(|error| self.failed(error))?;
                }
                secure_files::create(&self.path, &made).map_err(|error| self.failed(error))?;
                // The key of this process, or of another one that was faster.
                self.stored()?.unwrap_or_default()
            }
        };
        state.made = None;
        self.load(&key)
    }

    /// As [`Self::credential`], for whoever was told the key.
    ///
    /// # Errors
    /// Likewise; also if it is another one than was told.
    pub fn announced_credential(&self) -> io::Result<Credential> {
        let credential = self.credential()?;
        let announced = self.state.lock().unwrap_or_else(PoisonError::into_inner).announced;
        match announced {
            Some(announced) if announced != credential.fingerprint => {
                Err(self.failed(io::Error::other(say::own_key_changed())))
            }
            _ => Ok(credential),
        }
    }

    /// Looks at the file, and changes nothing. A missing one is made when it is needed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn look(&self) -> io::Result<()> {
        self.stored()?.map_or(Ok(()), |key| {
            certificate::self_signed(&key, COMMON_NAME).map(drop).map_err(|error| self.unfit(&error))
        })
    }

    fn stored(&self) -> io::Result<Option<String>> {
        if let Some(held) = &self.held {
            return Ok(Some(held.to_string()));
        }
        if self.path.as_os_str().is_empty() {
            return Err(io::Error::other(command_line::no_home_for_keys()));
        }
        secure_files::read_secret(&self.path, MAX_KEY_FILE).map_err(|error| self.failed(error))
    }

    /// The key that was made here, which is made now if there is none.
    fn made(&self, state: &mut KeyState) -> io::Result<String> {
        if let Some(made) = &state.made {
            return Ok(made.clone());
        }
        let made = certificate::make_key().map_err(|error| self.unfit(&error))?;
        state.made = Some(made.clone());
        Ok(made)
    }

    fn load(&self, key: &str) -> io::Result<Credential> {
        let chain = certificate::self_signed(key, COMMON_NAME).map_err(|error| self.unfit(&error))?;
        certificate::load(&chain, key).map_err(|error| self.unfit(&error))
    }

    fn unfit(&self, error: &certificate::CertificateError) -> io::Error {
        self.failed(io::Error::other(error.to_string()))
    }

    fn failed(&self, error: io::Error) -> io::Error {
        unusable(&self.path, &error)
    }
}

/// A secret is not for logs.
impl fmt::Debug for OwnKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnKey").field("path", &self.path).finish_non_exhaustive()
    }
}

/// One of the person's own files cannot be used.
pub(super) fn unusable(path: &Path, error: &io::Error) -> io::Error {
    DialFailure::new(DialFault::OwnFile, say::unusable_file(path.display(), words(error))).into_error()
}
