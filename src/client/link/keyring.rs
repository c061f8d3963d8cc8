//! The user's own key and the list of known servers: two files that only this user can read.
//!
//! Must not know: whether a key is trusted (`trust`), or how one is proved.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::trust::{self, KeyCheck, KnownServer};
use crate::language::connecting as say;
use crate::language::system::words;
use crate::model::Fingerprint;
use crate::model::url::Host;
use crate::net::certificate::{self, Credential};
use crate::net::dial::Security;
use crate::net::dial_failure::{DialFailure, DialFault};
use crate::net::tls_config::Judge;
use crate::sys::secure_files;

/// What the lock says once there is a list.
const LIST_MADE: &[u8] = b"There is a list of known servers.\n";
/// The longest file that is read, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

/// Where the keys are stored.
#[derive(Clone, Debug)]
pub struct Keyring {
    /// The file with the user's key.
    pub identity: PathBuf,
    /// The list of known servers.
    pub known_servers: PathBuf,
    /// The key that the server must have, if the user gave one.
    pub pin: Option<Fingerprint>,
}

/// A server's key and what was decided about it, for the length of a handshake.
#[derive(Debug)]
pub(crate) struct Meeting {
    pin: Option<Fingerprint>,
    known: Option<KnownServer>,
    key_check: Mutex<Option<KeyCheck>>,
}

impl Keyring {
    /// What is needed to dial a server over TLS. After the handshake, the meeting tells what was decided.
    ///
    /// # Errors
    /// If a file cannot be read, or a key cannot be made.
    pub(crate) fn meet(&self, host: &Host) -> io::Result<(Security, Arc<Meeting>)> {
        let known = trust::find(&self.list()?, host);
        let meeting = Arc::new(Meeting { pin: self.pin, known, key_check: Mutex::new(None) });
        let judge = Arc::<Meeting>::clone(&meeting);
        Ok((Security { credential: self.credential()?, judge }, meeting))
    }

    /// Remembers a new server, once it has proved its key; returns what to tell the user.
    ///
    /// # Errors
    /// If the list cannot be written; [`io::ErrorKind::InvalidData`] if the server became known under another key
    /// meanwhile.
    pub(crate) fn remember(&self, host: &Host, meeting: &Meeting) -> io::Result<Option<String>> {
        let Some(KeyCheck::First(known)) = meeting.key_check() else { return Ok(None) };
        let failed = |error: io::Error| self.failed(&self.known_servers, error);
        if let Some(folder) = self.known_servers.parent() {
            secure_files::make_folder(folder).map_err(failed)?;
        }
        // Locked until the list is written: another client may meet a server at the same time.
        let mut lock = secure_files::lock(&self.lock_path(), true).map_err(failed)?;
        let list = self.list()?;
        let now = trust::find(&list, host);
        if now != meeting.known && now != Some(known) && self.pin.is_none() {
            let words = say::met_meanwhile();
            return Err(io::Error::new(io::ErrorKind::InvalidData, words));
        }
        secure_files::replace(&self.known_servers, &trust::with(&list, host, known)).map_err(failed)?;
        if let Some(lock) = lock.as_mut().filter(|lock| lock.metadata().is_ok_and(|found| found.len() == 0)) {
            // If this cannot be written, only a later loss of the list is not noticed.
            let _ = lock.write_all(LIST_MADE);
        }
        Ok(meeting.known.is_none().then(|| trust::first_sentence(host, known)))
    }

    /// What to tell the user about a server that is not trusted.
    #[must_use]
    pub(crate) fn distrust(&self, host: &Host, meeting: &Meeting) -> Option<String> {
        match meeting.key_check() {
            Some(KeyCheck::Changed { known, shown }) => {
                Some(trust::changed_sentence(host, known, shown, &self.known_servers.display().to_string()))
            }
            _ => None,
        }
    }

    /// Looks at both files, and changes nothing; returns what is wrong with them. A missing key is made when it is needed.
    #[must_use]
    pub(crate) fn look(&self) -> Vec<io::Error> {
        let unfit = |error: certificate::CertificateError| io::Error::other(error.to_string());
        let key = match secure_files::read_secret(&self.identity, MAX_FILE) {
            Ok(Some(key)) => certificate::self_signed(&key, "tr2").map(drop).map_err(unfit),
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        let key = key.map_err(|error| self.failed(&self.identity, error));
        [key, self.list().map(drop)].into_iter().filter_map(Result::err).collect()
    }

    /// The user's key; it is made when it is first needed.
    fn credential(&self) -> io::Result<Credential> {
        let failed = |error: io::Error| self.failed(&self.identity, error);
        let unfit = |error: certificate::CertificateError| failed(io::Error::other(error.to_string()));
        let key = match secure_files::read_secret(&self.identity, MAX_FILE).map_err(failed)? {
            Some(key) => key,
            None => {
                if let Some(folder) = self.identity.parent() {
                    secure_files::make_folder(folder).map_err(failed)?;
                }
                secure_files::create(&self.identity, &certificate::make_key().map_err(unfit)?).map_err(failed)?;
                // The key of this process, or of another one that was faster.
                secure_files::read_secret(&self.identity, MAX_FILE).map_err(failed)?.unwrap_or_default()
            }
        };
        certificate::load(&certificate::self_signed(&key, "tr2").map_err(unfit)?, &key).map_err(unfit)
    }

    /// Reads the list of known servers. If it is lost or empty although servers were remembered, that is an error: each of
    /// them would pass for a new one.
    fn list(&self) -> io::Result<String> {
        let failed = |error: io::Error| self.failed(&self.known_servers, error);
        let lock = self.lock_path();
        // Read before the list: another client may be making both, and makes the list first.
        let made = secure_files::read(&lock, MAX_FILE).map_err(failed)?.is_some_and(|text| !text.is_empty());
        let list = secure_files::read(&self.known_servers, MAX_FILE).map_err(failed)?;
        if made && list.as_ref().is_none_or(String::is_empty) {
            let lock = lock.display();
            let words = if list.is_some() { say::list_is_empty(lock) } else { say::list_is_missing(lock) };
            return Err(failed(io::Error::other(words)));
        }
        let list = list.unwrap_or_default();
        match trust::unreadable_line(&list) {
            Some(number) => {
                let words = say::damaged_line(number);
                Err(failed(io::Error::other(words)))
            }
            None => Ok(list),
        }
    }

    /// The file that is locked while the list changes.
    fn lock_path(&self) -> PathBuf {
        let mut path = self.known_servers.as_os_str().to_owned();
        path.push(".lock");
        path.into()
    }

    fn failed(&self, path: &std::path::Path, error: io::Error) -> io::Error {
        let why = say::unusable_file(path.display(), words(&error));
        DialFailure::new(DialFault::OwnFile, why).into_error()
    }
}

impl Meeting {
    fn key_check(&self) -> Option<KeyCheck> {
        *self.key_check.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Judge for Meeting {
    fn judge(&self, shown: Fingerprint, vouched: &dyn Fn() -> bool) -> bool {
        let key_check = trust::check(self.pin, self.known, shown, vouched);
        *self.key_check.lock().unwrap_or_else(PoisonError::into_inner) = Some(key_check);
        !matches!(key_check, KeyCheck::Changed { .. })
    }
}
