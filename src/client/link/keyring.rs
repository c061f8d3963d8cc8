//! The user's own key and the list of known servers: two files that only this user can read.
//!
//! Must not know: whether a key is trusted (`trust`), or how one is proved.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::known_list::{KnownList, ListWords};
use super::own_key::OwnKey;
use super::trust::{self, Expected, KeyCheck, KnownServer};
use crate::client::destination::{Destination, Proved};
use crate::language::connecting as say;
use crate::model::url::Host;
use crate::model::{Fingerprint, Url};
use crate::net::dial::Security;
use crate::net::tls_config::Judge;

/// What is said of the list.
const WORDS: ListWords = ListWords {
    made: "There is a list of known servers.\n",
    missing: |lock| say::list_is_missing(lock.display()),
    empty: |lock| say::list_is_empty(lock.display()),
};

/// Where the keys are stored.
#[derive(Clone, Debug)]
pub struct Keyring {
    /// The user's key.
    pub identity: OwnKey,
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
    expected: Expected,
    judged: Mutex<Option<JudgedKey>>,
}

/// The key that a server presented, and what was decided about it.
#[derive(Clone, Copy, Debug)]
struct JudgedKey {
    key_check: KeyCheck,
    shown: Fingerprint,
    vouched: bool,
}

impl Keyring {
    /// What is needed to dial a server over TLS. After the handshake, the meeting tells what was decided.
    ///
    /// # Errors
    /// If a file cannot be read, or a key cannot be made.
    pub(crate) fn meet(&self, host: &Host, there: &Destination) -> io::Result<(Security, Arc<Meeting>)> {
        let list = self.read()?;
        let known = trust::find(&list, host);
        let of_given = |url: &Url| if let Url::Tls(host) = url { trust::find(&list, host) } else { None };
        let expected = Expected::of(there.proved, there.is_told, there.given.iter().find_map(of_given));
        let meeting = Arc::new(Meeting { pin: self.pin, known, expected, judged: Mutex::new(None) });
        let judge = Arc::<Meeting>::clone(&meeting);
        Ok((Security { credential: self.identity.credential()?, judge }, meeting))
    }

    /// Remembers a new server, once it has proved its key; returns what to tell the user.
    ///
    /// # Errors
    /// If the list cannot be written; [`io::ErrorKind::InvalidData`] if the server became known under another key
    /// meanwhile.
    pub(crate) fn remember(&self, host: &Host, meeting: &Meeting) -> io::Result<Option<String>> {
        let Some(KeyCheck::First(known)) = meeting.key_check() else { return Ok(None) };
        self.list().change(|list| {
            checked(list).map_err(|error| self.list().failed(&error))?;
            let now = trust::find(list, host);
            if now != meeting.known && now != Some(known) && self.pin.is_none() {
                return Err(io::Error::new(io::ErrorKind::InvalidData, say::met_meanwhile()));
            }
            Ok(trust::with(list, host, known))
        })?;
        // There is nothing to compare for the person where another address of the chat has proved the same key.
        let is_new = meeting.known.is_none() && !matches!(meeting.expected, Expected::Key(_));
        Ok(is_new.then(|| trust::first_sentence(host, known)))
    }

    /// What to tell the user about a server that is not trusted.
    #[must_use]
    pub(crate) fn distrust(&self, host: &Host, meeting: &Meeting) -> Option<String> {
        match meeting.key_check() {
            Some(KeyCheck::Changed { known, shown }) => {
                Some(trust::changed_sentence(host, known, shown, &self.known_servers.display().to_string()))
            }
            Some(KeyCheck::Stranger { known, shown }) => Some(trust::stranger_sentence(host, known, shown)),
            Some(KeyCheck::Same | KeyCheck::First(_)) | None => None,
        }
    }

    /// Looks at both files, and changes nothing; returns what is wrong with them. A missing key is made when it is needed.
    #[must_use]
    pub(crate) fn look(&self) -> Vec<io::Error> {
        [self.identity.look(), self.read().map(drop)].into_iter().filter_map(Result::err).collect()
    }

    /// Reads the list of known servers. A damaged line is an error: its server would pass for a new one.
    fn read(&self) -> io::Result<String> {
        let list = self.list().read()?;
        checked(&list).map_err(|error| self.list().failed(&error))?;
        Ok(list)
    }

    fn list(&self) -> KnownList<'_> {
        KnownList { path: &self.known_servers, words: WORDS }
    }
}

/// Whether every line of the list can be read.
fn checked(list: &str) -> io::Result<()> {
    trust::unreadable_line(list).map_or(Ok(()), |number| Err(io::Error::other(say::damaged_line(number))))
}

impl Meeting {
    /// What the server has proved, if it is trusted.
    pub(crate) fn proved(&self) -> Option<Proved> {
        let JudgedKey { key_check, shown: key, vouched } = self.judged()?;
        match key_check {
            KeyCheck::First(KnownServer::Key(_)) => Some(Proved { key, vouched: false }),
            KeyCheck::First(KnownServer::Authority) => Some(Proved { key, vouched: true }),
            KeyCheck::Same => {
                let by_key = matches!(self.pin.map(KnownServer::Key).or(self.known), Some(KnownServer::Key(_)));
                // What another address has proved is as good.
                let vouched = vouched || matches!(self.expected, Expected::Vouched(Some(_)));
                Some(Proved { key, vouched: vouched && !by_key })
            }
            KeyCheck::Changed { .. } | KeyCheck::Stranger { .. } => None,
        }
    }

    fn key_check(&self) -> Option<KeyCheck> {
        Some(self.judged()?.key_check)
    }

    fn judged(&self) -> Option<JudgedKey> {
        *self.judged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Judge for Meeting {
    fn judge(&self, shown: Fingerprint, vouched: &dyn Fn() -> bool) -> bool {
        let key_check = trust::check_node(self.expected, (self.pin, self.known), shown, vouched);
        let judged = JudgedKey { key_check, shown, vouched: vouched() };
        *self.judged.lock().unwrap_or_else(PoisonError::into_inner) = Some(judged);
        matches!(key_check, KeyCheck::Same | KeyCheck::First(_))
    }
}
