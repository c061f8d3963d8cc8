//! The stream of a chat: its names, its settings, and the requests and answers of JetStream about it.
//!
//! Must not know: sockets, when something is asked.

use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use bytes::Bytes;
use serde_json::{Value, json};

use super::frames::Delivery;

/// The longest name of a chat, in bytes.
pub const MAX_CHAT: usize = 32;
/// On how many servers an entry is kept.
pub const REPLICAS: u64 = 3;
/// How much a stream keeps.
pub const MAX_BYTES: u64 = 32 << 30;
/// How long a stream keeps an entry.
pub const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// The largest message that a stream takes: an entry, its header, and what NATS may count to it.
pub const MAX_MESSAGE: u64 = 768 * 1024;

/// The header that has a message refused by any stream but the one it is meant for.
pub const EXPECTED_STREAM: &str = "Nats-Expected-Stream";
/// The header of a delivered entry with its place in the stream.
pub const SEQUENCE: &str = "Nats-Sequence";

/// There is no such stream.
const NO_STREAM: u64 = 10059;
/// There are not enough servers.
const NO_PEERS: u64 = 10005;
/// The servers have no leader, and so make no streams and say nothing of them.
const NO_LEADER: u64 = 10008;
/// There is no such message.
const NO_MESSAGE: u64 = 10037;

/// The names that belong to a chat: all are derived from its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamNames {
    /// The stream.
    pub stream: String,
    /// The subject to which entries are published.
    pub appends: String,
    /// The subject to which the stream publishes again what it has taken.
    pub live: String,
}

/// A name that no stream can be called after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of the chat has 1 to {MAX_CHAT} letters a-z, digits, - and _")]
pub struct ChatNameError;

impl StreamNames {
    /// The names of a chat.
    ///
    /// # Errors
    /// If subjects cannot have such a name in them.
    pub fn of(chat: &str) -> Result<Self, ChatNameError> {
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        if chat.is_empty() || chat.len() > MAX_CHAT || !chat.bytes().all(legal) {
            return Err(ChatNameError);
        }
        let [stream, appends, live] = [format!("tr2-{chat}"), format!("tr2.{chat}.log"), format!("tr2.{chat}.live")];
        Ok(Self { stream, appends, live })
    }

    fn api(&self, request: &str) -> String {
        format!("$JS.API.{request}.{}", self.stream)
    }

    /// Where the stream is asked about.
    #[must_use]
    pub fn info(&self) -> String {
        self.api("STREAM.INFO")
    }

    /// Where the stream is made.
    #[must_use]
    pub fn create(&self) -> String {
        self.api("STREAM.CREATE")
    }

    /// Where any replica is asked for entries.
    #[must_use]
    pub fn direct(&self) -> String {
        self.api("DIRECT.GET")
    }

    /// Where the leader is asked for one entry.
    #[must_use]
    pub fn from_leader(&self) -> String {
        self.api("STREAM.MSG.GET")
    }

    /// Where old entries are deleted.
    #[must_use]
    pub fn purge(&self) -> String {
        self.api("STREAM.PURGE")
    }

    /// Where the stream is deleted.
    #[must_use]
    pub fn delete(&self) -> String {
        self.api("STREAM.DELETE")
    }

    /// The settings with which the stream is made, on this many servers, with this number for its first entry.
    #[must_use]
    pub fn settings(&self, replicas: u64, first: u64) -> String {
        let settings = json!({
            "name": self.stream, "description": "tr2: what the nodes of one chat are asked", "subjects": [self.appends],
            "retention": "limits", "storage": "file", "num_replicas": replicas, "discard": "new",
            "max_bytes": MAX_BYTES, "max_age": nanoseconds(MAX_AGE), "max_msg_size": MAX_MESSAGE, "max_msgs": -1,
            "max_msgs_per_subject": -1, "max_consumers": -1, "allow_direct": true, "deny_delete": true,
            "deny_purge": false, "first_seq": first, "republish": { "src": self.appends, "dest": self.live },
        });
        settings.to_string()
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// A request for entries from this one on, with this many at most, and this many bytes.
#[must_use]
pub fn batch_request(from: u64, most: usize, most_bytes: usize) -> String {
    json!({ "seq": from, "batch": most, "max_bytes": most_bytes }).to_string()
}

/// A request for one entry.
#[must_use]
pub fn one_request(seq: u64) -> String {
    json!({ "seq": seq }).to_string()
}

/// Why JetStream did not do as it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamFault {
    /// Nobody is there to answer: no server with JetStream, or no leader of the stream.
    #[error("no NATS server answers for the stream: it has no leader, or JetStream is off")]
    NoResponder,
    /// There is no such stream.
    #[error("the stream does not exist; one node has to make it with --found")]
    NoStream,
    /// There is no such entry.
    #[error("the stream has no such entry")]
    NoMessage,
    /// There are not enough servers for a stream.
    #[error("not enough NATS servers with JetStream are there, or know of each other; start all of them")]
    NoPeers,
    /// The servers have just started, or too few of them reach each other.
    #[error("the NATS servers have no leader; start all of them, and see that they reach each other")]
    NoLeader,
    /// It says why.
    #[error("NATS refuses: {0}")]
    Refused(String),
    /// It does not say what an answer says.
    #[error("NATS gives an answer that cannot be understood")]
    Malformed,
}

/// The state of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamInfo {
    /// When it was made: two streams with one name differ in it.
    pub created: String,
    /// The first entry that it has, or would have.
    pub first: u64,
    /// The last entry that it has had.
    pub last: u64,
    /// What it has used, in bytes.
    pub bytes: u64,
    /// Its settings, as JSON.
    pub config: Value,
    /// Its servers, as JSON.
    pub cluster: Value,
    /// The wall clock of its leader.
    pub time: Option<String>,
}

/// Reads the JSON of an answer.
///
/// # Errors
/// What NATS says is wrong.
fn answer(message: &Delivery) -> Result<Value, StreamFault> {
    if let Some((503, _)) = message.status() {
        return Err(StreamFault::NoResponder);
    }
    let value: Value = serde_json::from_slice(&message.payload).map_err(|_| StreamFault::Malformed)?;
    let Some(error) = value.get("error") else { return Ok(value) };
    Err(match error.get("err_code").and_then(Value::as_u64) {
        Some(NO_STREAM) => StreamFault::NoStream,
        Some(NO_MESSAGE) => StreamFault::NoMessage,
        Some(NO_PEERS) => StreamFault::NoPeers,
        Some(NO_LEADER) => StreamFault::NoLeader,
        Some(_) | None => {
            let why = error.get("description").and_then(Value::as_str).unwrap_or("no reason is given");
            // It stands in a line of a log.
            StreamFault::Refused(why.chars().filter(|c| !c.is_control()).take(200).collect())
        }
    })
}

/// Reads an answer that says no more than that something is done.
///
/// # Errors
/// What NATS says is wrong.
pub fn done(message: &Delivery) -> Result<(), StreamFault> {
    answer(message).map(drop)
}

/// Reads what is said of a stream, also when it is made.
///
/// # Errors
/// What NATS says is wrong.
pub fn stream_info(message: &Delivery) -> Result<StreamInfo, StreamFault> {
    let value = answer(message)?;
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let state = value.get("state").ok_or(StreamFault::Malformed)?;
    let number = |key: &str| state.get(key).and_then(Value::as_u64).ok_or(StreamFault::Malformed);
    Ok(StreamInfo {
        created: text("created").ok_or(StreamFault::Malformed)?,
        first: number("first_seq")?,
        last: number("last_seq")?,
        bytes: number("bytes")?,
        config: value.get("config").cloned().unwrap_or_default(),
        cluster: value.get("cluster").cloned().unwrap_or_default(),
        time: text("ts"),
    })
}

/// Reads the answer to an append: its place.
///
/// # Errors
/// What NATS says is wrong.
pub fn append_answer(message: &Delivery, names: &StreamNames) -> Result<u64, StreamFault> {
    let value = answer(message)?;
    let is_ours = value.get("stream").and_then(Value::as_str) == Some(&names.stream);
    let place = value.get("seq").and_then(Value::as_u64).filter(|place| *place > 0 && is_ours);
    place.ok_or(StreamFault::Malformed)
}

/// One answer to a request for entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// An entry, at a place.
    Entry(u64, Bytes),
    /// No more follow, for this reason if one is given.
    Done(Option<StreamFault>),
}

/// Reads one answer of any replica to a request for entries.
#[must_use]
pub fn batch_answer(message: &Delivery) -> Fetched {
    match message.status() {
        // The end of a batch, or nothing there from that place on.
        Some((204 | 404, _)) => Fetched::Done(None),
        Some((503, _)) => Fetched::Done(Some(StreamFault::NoResponder)),
        Some((_, text)) => Fetched::Done(Some(StreamFault::Refused(text.to_owned()))),
        None => match message.number(SEQUENCE) {
            Some(place) => Fetched::Entry(place, message.payload.clone()),
            None => Fetched::Done(Some(StreamFault::Malformed)),
        },
    }
}

/// Reads the leader's answer to a request for one entry: its place, and what it says.
///
/// # Errors
/// What NATS says is wrong.
pub fn one_answer(message: &Delivery) -> Result<(u64, Bytes), StreamFault> {
    let value = answer(message)?;
    let message = value.get("message").ok_or(StreamFault::Malformed)?;
    let place = message.get("seq").and_then(Value::as_u64).ok_or(StreamFault::Malformed)?;
    // An empty message has no data.
    let data = message.get("data").and_then(Value::as_str).unwrap_or_default();
    Ok((place, Base64::decode_vec(data).map_err(|_| StreamFault::Malformed)?.into()))
}
