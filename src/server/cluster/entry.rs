//! An entry of the log: what one node says at once. Its bytes are our own format, strict and bounded, and end with a keyed
//! hash, so that nobody without the cluster's secret can speak for a node.
//!
//! ```text
//! format 1 | purpose 1 | founding 4 | node 1+N | epoch 8 | n 8 | stamp 8
//! | applied: position 8, chain 32, digest 1 or 1+8+8
//! | hello: life 8, versions 2+2, settings 32, url 2+N    or  settings: 32
//! | commands 4: (connection 8, length 4, bytes) …
//! | HMAC-SHA256 of all this 32
//! ```
//! Numbers are big-endian. There is one way to write an entry, and nothing else is read.
//!
//! Must not know: which entries count, and what a command means.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use ring::hmac;
use serde::{Deserialize, Serialize};

use super::chain::ChainValue;
use super::entry_bytes::{EntryError, EntryReader, EntryWriter};
use crate::model::time::Timestamp;

/// The longest entry, in bytes.
pub const MAX_ENTRY: usize = 512 * 1024;
/// The longest command: it fits into an entry, whatever else that holds.
pub const MAX_COMMAND: usize = MAX_ENTRY - 1024;
/// What a command takes in an entry beside its own bytes.
pub const COMMAND_HEAD: usize = 12;
/// The longest name of a node.
pub const MAX_NODE_ID: usize = 32;
/// The longest URL that a node can have for its clients.
pub const MAX_URL: usize = 512;
/// The format that this program writes and reads.
const FORMAT: u8 = 1;
const MAC: usize = 32;

/// The name of a node: 1 to 32 of `a-z`, `0-9`, `-`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NodeId(Arc<str>);

impl NodeId {
    /// Reads a name; `None` if it has no or too many characters, or others.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        ((1..=MAX_NODE_ID).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for NodeId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is no name of a node"))
    }
}

impl From<NodeId> for String {
    fn from(node: NodeId) -> Self {
        node.as_str().to_owned()
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The versions of the rules that a program can apply, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The lowest.
    pub lowest: u16,
    /// The highest.
    pub highest: u16,
}

/// A sum over what a node has decided up to a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The position.
    pub position: u64,
    /// The sum.
    pub sum: u64,
}

/// What the appender of an entry had applied when it wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The last position.
    pub position: u64,
    /// The chain's value there.
    pub chain: ChainValue,
    /// The newest sum over its decisions, if it has one.
    pub digest: Option<Digest>,
}

/// The hash of the settings that all nodes must share.
pub type SettingsHash = [u8; 32];

/// What the first entry of an epoch says of its node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// A random number of this run of the program: tells it from other runs that would take the same epoch.
    pub life: u64,
    /// The versions of the rules that it can apply.
    pub versions: Versions,
    /// The hash of the settings that all must share.
    pub settings: SettingsHash,
    /// Where clients reach it.
    pub url: String,
}

/// What an entry is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To say what connections ask for; without a command, that the node lives.
    Commands,
    /// The beginning of an epoch; without commands.
    Hello(Hello),
    /// The end of an epoch, as planned; without commands.
    Farewell,
    /// The end of an epoch whose node has seen that the log lost something. Whoever finds that it claims another log believes it.
    Alarm,
    /// New settings that all share from here on, with the commands that bring them.
    Settings(SettingsHash),
}

/// What a connection asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogCommand {
    /// The number of the connection on its node.
    pub conn: u64,
    /// The request; opaque here.
    pub bytes: Bytes,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// How often the log was founded when this was written. A node that was left over from an earlier log is known by it.
    pub founding: u32,
    /// Who says it.
    pub node: NodeId,
    /// In which epoch of that node.
    pub epoch: u64,
    /// The entry's number in the epoch: 0 is the hello.
    pub n: u64,
    /// The appender's wall clock.
    pub stamp: Timestamp,
    /// What the appender had applied.
    pub applied: Applied,
    /// What it is for.
    pub purpose: Purpose,
    /// What connections ask for, in their order.
    pub commands: Vec<LogCommand>,
}

/// The key of the hash that ends each entry.
#[derive(Clone)]
pub struct EntryKey(hmac::Key);

impl EntryKey {
    /// The key that belongs to a cluster's secret.
    #[must_use]
    pub fn derived(secret: &[u8]) -> Self {
        let own = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), b"tr2 log entry");
        Self(hmac::Key::new(hmac::HMAC_SHA256, own.as_ref()))
    }
}

impl fmt::Debug for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EntryKey")
    }
}

impl LogEntry {
    /// The entry's bytes.
    ///
    /// # Errors
    /// It would be too long, or could not be read again.
    pub fn write(&self, key: &EntryKey) -> Result<Bytes, EntryError> {
        let commands: usize = self.commands.iter().map(|command| command.bytes.len() + COMMAND_HEAD).sum();
        let mut writer = EntryWriter::with_capacity(commands + 256);
        let purpose = match &self.purpose {
            Purpose::Commands => 0,
            Purpose::Hello(_) => 1,
            Purpose::Farewell => 2,
            Purpose::Settings(_) => 3,
            Purpose::Alarm => 4,
        };
        writer.u8(FORMAT).u8(purpose).u32(self.founding).short(self.node.as_str().as_bytes());
        writer.u64(self.epoch).u64(self.n).u64(self.stamp.0.cast_unsigned());
        writer.u64(self.applied.position).bytes(&self.applied.chain.0);
        match self.applied.digest {
            None => writer.u8(0),
            Some(digest) => writer.u8(1).u64(digest.position).u64(digest.sum),
        };
        match &self.purpose {
            Purpose::Commands | Purpose::Farewell | Purpose::Alarm => {}
            Purpose::Settings(hash) => drop(writer.bytes(hash)),
            Purpose::Hello(hello) => {
                let Versions { lowest, highest } = hello.versions;
                writer.u64(hello.life).u16(lowest).u16(highest).bytes(&hello.settings);
                writer.u16(u16::try_from(hello.url.len()).unwrap_or(u16::MAX)).bytes(hello.url.as_bytes());
            }
        }
        writer.u32(u32::try_from(self.commands.len()).unwrap_or(u32::MAX));
        for command in &self.commands {
            let length = u32::try_from(command.bytes.len()).unwrap_or(u32::MAX);
            writer.u64(command.conn).u32(length).bytes(&command.bytes);
        }
        self.check()?;
        let mut bytes = writer.finish();
        bytes.extend_from_slice(hmac::sign(&key.0, &bytes).as_ref());
        if bytes.len() > MAX_ENTRY {
            return Err(EntryError::TooLong(bytes.len()));
        }
        Ok(bytes.into())
    }

    /// Reads an entry. The bytes of its commands are shared with `bytes`.
    ///
    /// # Errors
    /// It is not whole, was not written with this key, or is not as an entry must be.
    pub fn read(bytes: &Bytes, key: &EntryKey) -> Result<Self, EntryError> {
        if bytes.len() > MAX_ENTRY {
            return Err(EntryError::TooLong(bytes.len()));
        }
        // Nothing of what a stranger wrote is looked at.
        let signed = bytes.len().checked_sub(MAC).and_then(|end| bytes.split_at_checked(end));
        let (body, mac) = signed.ok_or(EntryError::NotOurs)?;
        hmac::verify(&key.0, body, mac).map_err(|_| EntryError::NotOurs)?;
        let mut reader = EntryReader::new(bytes.slice(..body.len()));
        let format = reader.u8()?;
        if format > FORMAT {
            return Err(EntryError::NewerFormat(format));
        }
        if format != FORMAT {
            return Err(EntryError::Malformed("its format is too old"));
        }
        let purpose = reader.u8()?;
        let founding = reader.u32()?;
        let node = NodeId::parse(&reader.short_text()?).ok_or(EntryError::Malformed("the name of its node"))?;
        let (epoch, n, stamp) = (reader.u64()?, reader.u64()?, Timestamp(reader.u64()?.cast_signed()));
        let (position, chain) = (reader.u64()?, ChainValue(reader.array()?));
        let digest = match reader.u8()? {
            0 => None,
            1 => Some(Digest { position: reader.u64()?, sum: reader.u64()? }),
            _ => return Err(EntryError::Malformed("whether it has a digest")),
        };
        let purpose = match purpose {
            0 => Purpose::Commands,
            1 => Purpose::Hello(Hello {
                life: reader.u64()?,
                versions: Versions { lowest: reader.u16()?, highest: reader.u16()? },
                settings: reader.array()?,
                url: reader.long_text()?,
            }),
            2 => Purpose::Farewell,
            3 => Purpose::Settings(reader.array()?),
            4 => Purpose::Alarm,
            _ => return Err(EntryError::Malformed("its purpose")),
        };
        let mut commands = Vec::new();
        // The number is believed as far as there are bytes: each command takes some.
        for _ in 0..reader.u32()? {
            let (conn, length) = (reader.u64()?, reader.u32()?);
            commands.push(LogCommand { conn, bytes: reader.take(usize::try_from(length).unwrap_or(usize::MAX))? });
        }
        reader.end()?;
        let applied = Applied { position, chain, digest };
        let entry = Self { founding, node, epoch, n, stamp, applied, purpose, commands };
        entry.check()?;
        Ok(entry)
    }

    /// What must hold beyond the form, when writing and when reading.
    fn check(&self) -> Result<(), EntryError> {
        let is_hello = matches!(self.purpose, Purpose::Hello(_));
        if is_hello != (self.n == 0) {
            return Err(EntryError::Malformed("a hello has the number 0, and nothing else has"));
        }
        let is_silent = is_hello || matches!(self.purpose, Purpose::Farewell | Purpose::Alarm);
        if is_silent && !self.commands.is_empty() {
            return Err(EntryError::Malformed("commands where there can be none"));
        }
        if self.applied.digest.is_some_and(|digest| digest.position > self.applied.position) {
            return Err(EntryError::Malformed("a digest of what was not applied"));
        }
        if let Purpose::Hello(hello) = &self.purpose {
            if hello.versions.lowest > hello.versions.highest {
                return Err(EntryError::Malformed("its versions"));
            }
            if hello.url.len() > MAX_URL || hello.url.chars().any(|c| c.is_control() || c.is_whitespace()) {
                return Err(EntryError::Malformed("its URL"));
            }
        }
        Ok(())
    }
}
