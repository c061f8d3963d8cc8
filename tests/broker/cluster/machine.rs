//! What the simulated nodes agree on: unique names, words that are said once, and connections that end. A stand-in for the
//! broker, small enough to be checked.

use std::collections::BTreeMap;

use tr2::server::cluster::entry::{LogCommand, NodeId};
use tr2::server::cluster::step::{LogStep, Verdict};

use crate::cluster::chat::Chat;

/// A connection, for all nodes.
pub type ConnKey = (NodeId, u64, u64);

/// What a connection is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The word with this number, by this client, counts.
    Accepted { client: u64, word: u64 },
    /// Whether the name is this connection's now.
    Named(bool),
    /// It is closed.
    Closed,
}

/// What a step did.
#[derive(Debug, Default)]
pub struct Done {
    /// The answers, by connection of the node that said the entry.
    pub answers: Vec<(u64, Answer)>,
    /// The connections that are closed by it: the seat of the node of each, and its number there.
    pub closed: Vec<(u16, u64)>,
    /// The words that count from here on: client and number.
    pub words: Vec<(u64, u64)>,
}

/// Something that each node does alike.
#[derive(Clone)]
pub enum Machine {
    /// A small stand-in, which sees more of what must not come.
    Register(Register),
    /// The real broker.
    Chat(Box<Chat>),
}

impl Machine {
    /// The state before the first step, of the real broker or of its stand-in.
    pub fn new(is_chat: bool) -> Self {
        if is_chat { Self::Chat(Box::new(Chat::new())) } else { Self::Register(Register::new()) }
    }

    /// Carries out a step.
    ///
    /// # Errors
    /// Something came that must not come.
    pub fn carry_out(&mut self, step: &LogStep) -> Result<Done, String> {
        match self {
            Self::Register(register) => register.carry_out(step),
            Self::Chat(chat) => chat.carry_out(step),
        }
    }

    /// Ends an epoch.
    pub fn end(&mut self, node: &NodeId, (seat, epoch): (u16, u64)) {
        match self {
            Self::Register(register) => register.end(node, epoch),
            Self::Chat(chat) => chat.end(seat),
        }
    }

    /// A sum over the state and all that led to it.
    pub fn sum(&self) -> u64 {
        match self {
            Self::Register(register) => register.sum(),
            Self::Chat(chat) => chat.sum(),
        }
    }
}

/// The state of the chat.
#[derive(Clone, Debug)]
pub struct Register {
    /// The living epoch of each node.
    epochs: BTreeMap<NodeId, u64>,
    /// Who has which name.
    names: BTreeMap<u64, ConnKey>,
    /// The last word of each client.
    words: BTreeMap<u64, u64>,
    /// How many commands came from each connection.
    counts: BTreeMap<ConnKey, u64>,
    sum: u64,
}

impl Register {
    fn mix(&mut self, number: u64) {
        self.sum = (self.sum.rotate_left(5) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn command(&mut self, key: &ConnKey, command: &LogCommand, done: &mut Done) -> Result<(), String> {
        let text = std::str::from_utf8(&command.bytes).unwrap();
        let words: Vec<&str> = text.split(' ').collect();
        let number = |at: usize| words[at].parse::<u64>().unwrap();
        let count = self.counts.entry(key.clone()).or_default();
        if number(1) != *count {
            return Err(format!("{key:?} said {text:?} as its command number {count}"));
        }
        *count += 1;
        let answer = match words[0] {
            "word" => {
                let (client, word) = (number(2), number(3));
                let last = self.words.entry(client).or_default();
                if word > *last + 1 {
                    return Err(format!("client {client} said word {word} after {last}"));
                }
                if word == *last + 1 {
                    *last = word;
                    done.words.push((client, word));
                    self.mix(client << 32 | word);
                }
                Answer::Accepted { client, word }
            }
            "name" => {
                let name = number(2);
                let is_free = self.names.get(&name).is_none_or(|holder| holder == key);
                if is_free {
                    self.names.retain(|_, holder| holder != key);
                    self.names.insert(name, key.clone());
                    self.mix(name << 16 | command.conn);
                }
                Answer::Named(is_free)
            }
            "bye" => {
                self.names.retain(|_, holder| holder != key);
                self.counts.remove(key);
                self.mix(command.conn);
                return Ok(());
            }
            other => panic!("what is {other:?}?"),
        };
        done.answers.push((command.conn, answer));
        Ok(())
    }
}

impl Register {
    fn new() -> Self {
        let empty = BTreeMap::new;
        Self { epochs: BTreeMap::new(), names: empty(), words: BTreeMap::new(), counts: BTreeMap::new(), sum: 1 }
    }

    fn carry_out(&mut self, step: &LogStep) -> Result<Done, String> {
        for ended in &step.ended {
            if self.epochs.get(&ended.node) != Some(&ended.epoch) {
                return Err(format!("{}.{} ends, and is not alive", ended.node, ended.epoch));
            }
            self.end(&ended.node, ended.epoch);
        }
        if step.tick {
            self.tick(step.time.0.div_euclid(1000));
        }
        let mut done = Done::default();
        match &step.verdict {
            Verdict::CameIn { sender, .. } => {
                if let Some(epoch) = self.epochs.insert(sender.node.clone(), sender.epoch) {
                    return Err(format!("{}.{} comes in beside {epoch}", sender.node, sender.epoch));
                }
                self.mix(sender.epoch);
            }
            Verdict::Counts { sender, commands, .. } => {
                if self.epochs.get(&sender.node) != Some(&sender.epoch) {
                    return Err(format!("{}.{} speaks, and is not alive", sender.node, sender.epoch));
                }
                self.mix(sender.n);
                for command in commands {
                    let key = (sender.node.clone(), sender.epoch, command.conn);
                    self.command(&key, command, &mut done)?;
                }
            }
            Verdict::Left { .. } | Verdict::TurnedAway { .. } | Verdict::Nothing { .. } => {}
        }
        Ok(done)
    }

    fn tick(&mut self, second: i64) {
        self.mix(second.cast_unsigned());
    }

    fn end(&mut self, node: &NodeId, epoch: u64) {
        if self.epochs.get(node) == Some(&epoch) {
            self.epochs.remove(node);
            self.names.retain(|_, (holder, ..)| holder != node);
            self.counts.retain(|(holder, ..), _| holder != node);
            self.mix(epoch);
        }
    }

    fn sum(&self) -> u64 {
        self.sum
    }
}
