//! The list of known people: whose key is whose, as they were met on channels.
//!
//! Must not know: what follows from another key, or how a line looks (`direct::known_people`).

use std::io;
use std::path::PathBuf;

use super::known_list::{KnownList, ListWords, MAX_LIST};
use crate::client::direct::known_people::{self, KnownPerson};
use crate::language::connecting as say;
use crate::model::{Name, Url};
use crate::net::dial_failure::DialFailure;

const WORDS: ListWords = ListWords {
    made: "There is a list of known people.\n",
    missing: |lock| say::people_are_missing(lock.display()),
    empty: |lock| say::people_are_empty(lock.display()),
};

/// The list, for one server.
#[derive(Clone, Debug)]
pub struct PeopleList {
    /// The file; empty if there is no home folder.
    pub path: PathBuf,
    /// The server.
    pub server: Url,
}

impl PeopleList {
    /// The people who are known on the server, and what is wrong with the list. What can be read of it counts.
    #[must_use]
    pub fn load(&self) -> (Vec<KnownPerson>, Option<String>) {
        if self.path.as_os_str().is_empty() {
            return (Vec::new(), None);
        }
        match self.list().read() {
            Ok(list) => {
                let damaged = known_people::unreadable_line(&list).map(say::damaged_person);
                let trouble = damaged.map(|why| explained(&self.list().failed(&io::Error::other(why))));
                (known_people::on_server(&list, &self.server), trouble)
            }
            Err(error) => (Vec::new(), Some(explained(&error))),
        }
    }

    /// Remembers a person.
    ///
    /// # Errors
    /// A sentence: the list cannot be written, or is full.
    pub fn remember(&self, person: &KnownPerson) -> Result<(), String> {
        self.change(|list| known_people::with(list, &self.server, person))
    }

    /// Forgets the person of a name.
    ///
    /// # Errors
    /// A sentence: the list cannot be written.
    pub fn forget(&self, name: &Name) -> Result<(), String> {
        self.change(|list| known_people::without(list, &self.server, name))
    }

    fn change(&self, change: impl FnOnce(&str) -> String) -> Result<(), String> {
        if self.path.as_os_str().is_empty() {
            return Err(say::no_home_folder().to_owned());
        }
        let list = self.list();
        let changed = list.change(|before| {
            let text = change(before);
            if text.len() > MAX_LIST {
                return Err(list.failed(&io::Error::other(say::people_are_too_many())));
            }
            Ok(text)
        });
        changed.map_err(|error| explained(&error))
    }

    fn list(&self) -> KnownList<'_> {
        KnownList { path: &self.path, words: WORDS }
    }
}

fn explained(error: &io::Error) -> String {
    say::people_unusable(DialFailure::of(error).why)
}
