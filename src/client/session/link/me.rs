//! The person's identity on the server: the name, and whether the session has proved that it is theirs.
//!
//! Must not know: how a name is acquired or proved.

use crate::client::chat::lookup_keys::folded;
use crate::model::Name;

/// The person's own name, also with its case folded, because every message is compared with it.
#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Me {
    name: Option<Name>,
    key: String,
    verified: bool,
    /// The words of their own that call the person.
    words: Vec<String>,
    /// All words that call the person.
    called: Vec<String>,
}

impl Me {
    pub(in crate::client::session) fn new(name: Option<Name>) -> Self {
        let key = name.as_ref().map(folded).unwrap_or_default();
        let mut me = Self { name, key, ..Self::default() };
        me.call();
        me
    }

    /// Sets the words of their own that call the person.
    pub(in crate::client::session) fn set_words(&mut self, words: &[String]) {
        self.words = words.to_vec();
        self.call();
    }

    fn call(&mut self) {
        self.called = self.name.iter().map(ToString::to_string).chain(self.words.iter().cloned()).collect();
    }

    /// Changes the name but not whether it is verified. Returns whether the name is really another one.
    pub(in crate::client::session) fn rename(&mut self, name: Option<Name>) -> bool {
        let key = name.as_ref().map(folded).unwrap_or_default();
        let other = key != self.key;
        (self.name, self.key) = (name, key);
        self.call();
        other
    }

    pub(in crate::client::session) fn verify(&mut self, verified: bool) {
        self.verified = verified;
    }

    pub(in crate::client::session) fn name(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    pub(in crate::client::session) fn is(&self, name: &Name) -> bool {
        self.name.as_ref() == Some(name) || folded(name) == self.key
    }

    /// The words that call the person, wherever they stand in a message.
    pub(in crate::client::session) fn called(&self) -> &[String] {
        &self.called
    }

    pub(in crate::client::session) fn is_verified(&self) -> bool {
        self.verified
    }
}
