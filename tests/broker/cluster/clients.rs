//! The clients of the simulated nodes: each says numbered words, again through another node until they are accepted.

use std::collections::VecDeque;

/// A client.
#[derive(Debug, Default)]
pub struct Client {
    /// The node and the connection that it is on.
    pub home: Option<(usize, u64)>,
    /// The number of its next command on that connection.
    count: u64,
    /// Its last word.
    last: u64,
    /// Its words that were not accepted yet.
    open: VecDeque<u64>,
}

impl Client {
    /// Whether it has a word to say.
    pub fn is_patient(&self) -> bool {
        self.open.len() < 6
    }

    /// Whether all that it said was accepted.
    pub fn is_content(&self) -> bool {
        self.open.is_empty()
    }

    /// Begins a connection; the commands that it says first there.
    pub fn connect(&mut self, me: u64, node: usize, conn: u64, name: u64) -> Vec<String> {
        self.home = Some((node, conn));
        self.count = 0;
        let mut said = vec![self.numbered("name", &[name, me])];
        for word in self.open.clone() {
            said.push(self.numbered("word", &[me, word]));
        }
        said
    }

    /// Says a new word.
    pub fn speak(&mut self, me: u64) -> String {
        self.last += 1;
        self.open.push_back(self.last);
        self.numbered("word", &[me, self.last])
    }

    /// Wants another name.
    pub fn rename(&mut self, name: u64) -> String {
        self.numbered("name", &[name])
    }

    /// Says that it goes.
    pub fn leave(&mut self) -> String {
        self.home = None;
        self.numbered("bye", &[])
    }

    /// Takes down that a word was accepted.
    pub fn hear(&mut self, word: u64) {
        self.open.retain(|open| *open != word);
    }

    /// The last word it said.
    pub fn last(&self) -> u64 {
        self.last
    }

    fn numbered(&mut self, what: &str, rest: &[u64]) -> String {
        let count = self.count;
        self.count += 1;
        rest.iter().fold(format!("{what} {count}"), |text, number| format!("{text} {number}"))
    }
}
