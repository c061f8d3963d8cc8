//! Whose key is known on this server.
//!
//! Must not know: calls, or where the list is stored.

use super::OwnCalls;
use crate::client::direct::known_people::KnownPerson;
use crate::model::{Fingerprint, Name, Url};

/// What is known of a key that somebody says, or proves, to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum PersonCheck {
    /// It is the known key; whether two people have compared their words.
    Same { compared: bool },
    /// Nothing was known of this person.
    First,
    /// Another key is known.
    Other(Fingerprint),
}

impl PersonCheck {
    /// The word for programs.
    pub(in crate::client::session) fn word(self) -> &'static str {
        match self {
            Self::Same { compared: true } => "compared",
            Self::Same { compared: false } => "seen",
            Self::First => "first",
            Self::Other(_) => "other",
        }
    }
}

/// The people who are known on the server that the person has turned to. Their number has no bound but that each has spoken
/// with the person.
#[derive(Clone, Debug)]
pub(super) struct KnownPeople {
    server: Url,
    known: Vec<KnownPerson>,
}

impl KnownPeople {
    pub(super) fn new(server: Url, known: Vec<KnownPerson>) -> Self {
        Self { server, known }
    }

    /// Whether the list is that of this server. It comes soon after the person turns to another one.
    pub(super) fn is_of(&self, server: &Url) -> bool {
        self.server == *server
    }

    pub(super) fn find(&self, name: &Name) -> Option<&KnownPerson> {
        let folded = name.folded();
        self.known.iter().find(|known| known.name.folded() == folded)
    }

    /// Compares a key with the known one.
    pub(super) fn check(&self, server: &Url, name: &Name, key: Fingerprint) -> PersonCheck {
        match self.find(name).filter(|_| self.is_of(server)) {
            None => PersonCheck::First,
            Some(known) if known.key == key => PersonCheck::Same { compared: known.verified },
            Some(known) => PersonCheck::Other(known.key),
        }
    }

    /// Knows a person from now on. Returns whether that is to be kept.
    pub(super) fn remember(&mut self, server: &Url, person: &KnownPerson) -> bool {
        if !self.is_of(server) || self.find(&person.name) == Some(person) {
            return false;
        }
        self.forget(&person.name);
        self.known.push(person.clone());
        true
    }

    /// Forgets a person; `false` if nobody was known under this name.
    pub(super) fn forget(&mut self, name: &Name) -> bool {
        let (before, folded) = (self.known.len(), name.folded());
        self.known.retain(|known| known.name.folded() != folded);
        self.known.len() < before
    }
}

impl OwnCalls {
    /// Whether it is known who is known on this server.
    pub(in crate::client::session) fn knows_people_of(&self, server: &Url) -> bool {
        self.people.is_of(server)
    }

    /// The person has turned to another server, where these are known.
    pub(in crate::client::session) fn turn_to(&mut self, server: Url, known: Vec<KnownPerson>) {
        self.people = KnownPeople::new(server, known);
    }
}
