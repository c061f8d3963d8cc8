//! What is found where servers and stream are not as they should be, and what to do.
//!
//! Must not know: how it is asked.

use serde_json::Value;

use super::super::MAX_ENTRY;
use super::server_info::ServerInfo;
use super::stream::{MAX_MESSAGE, REPLICAS, StreamInfo, StreamNames};

/// The oldest release of NATS that is good enough: those before it have lost streams when they were killed.
pub const OLDEST_RELEASE: (u32, u32) = (2, 14);
/// The largest difference between two clocks that is not worth a word, in seconds.
pub const MAX_CLOCK_DIFFERENCE: u64 = 2;
/// The share of its space from which on a stream is nearly full, in percent.
pub const NEARLY_FULL: u64 = 80;

/// Something that is not as it should be. Its `Display` says what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogFinding {
    /// A server cannot be used.
    #[error("{0}")]
    Server(String),
    /// A server is too old.
    #[error("NATS server {server} has version {version}; install 2.14 or later, as older ones lose entries")]
    OldServer {
        /// What it is called.
        server: String,
        /// Its version.
        version: String,
    },
    /// The stream cannot be asked about.
    #[error("the stream {stream}: {why}")]
    Stream {
        /// Its name.
        stream: String,
        /// The end of the sentence.
        why: String,
    },
    /// A setting of the stream.
    #[error("the stream {stream} has {setting} {found} instead of {wanted}; change it with: nats stream edit {stream}")]
    Setting {
        /// Its name.
        stream: String,
        /// What the setting is called.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it should be.
        wanted: String,
    },
    /// The stream is on too few servers.
    #[error(
        "the stream {stream} is kept on {found} servers; with fewer than {REPLICAS}, confirmed messages are lost with one. \
         Change it with: nats stream edit {stream} --replicas {REPLICAS}"
    )]
    Replicas {
        /// Its name.
        stream: String,
        /// On how many.
        found: u64,
    },
    /// One of the stream's servers is away or behind.
    #[error(
        "the copy of the stream on NATS server {server} {state}; until that is mended, the loss of another stops the chat"
    )]
    Replica {
        /// What it is called.
        server: String,
        /// The end of the sentence.
        state: &'static str,
    },
    /// The stream has no leader.
    #[error("the stream has no leader: fewer than two of its three servers are there; start them")]
    NoLeader,
    /// The stream is nearly full.
    #[error(
        "the stream is full to {percent} percent, and takes nothing once it is full; give it more space with: \
         nats stream edit --max-bytes"
    )]
    NearlyFull {
        /// How full.
        percent: u64,
    },
    /// A server confirms what is not on its disk.
    #[error(
        "NATS server {server} confirms entries before they are on its disk; put sync_interval: always into the block \
         jetstream of its configuration, and start it again"
    )]
    NotSynced {
        /// What it is called, or its monitoring address.
        server: String,
    },
    /// Whether a server confirms what is not on its disk is not known.
    #[error("whether a NATS server confirms entries before they are on its disk is not known: {why}")]
    SyncUnknown {
        /// The end of the sentence.
        why: String,
    },
    /// Two clocks differ.
    #[error("the clocks of this machine and of the stream's leader differ by {seconds} seconds; set both by NTP")]
    Clock {
        /// By how much.
        seconds: u64,
    },
}

impl LogFinding {
    /// Whether a node should not start.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            // Another server may be there.
            Self::Server(_) | Self::Replica { .. } | Self::NearlyFull { .. } => false,
            Self::SyncUnknown { .. } | Self::Clock { .. } => false,
            Self::OldServer { .. } | Self::Stream { .. } | Self::Setting { .. } => true,
            Self::Replicas { .. } | Self::NoLeader | Self::NotSynced { .. } => true,
        }
    }
}

/// What there is to say of a server.
#[must_use]
pub fn of_server(info: &ServerInfo) -> Option<LogFinding> {
    let is_old = info.release().is_none_or(|release| release < OLDEST_RELEASE);
    is_old.then(|| LogFinding::OldServer { server: info.name.clone(), version: info.version.clone() })
}

/// What there is to say of a stream.
#[must_use]
pub fn of_stream(names: &StreamNames, info: &StreamInfo) -> Vec<LogFinding> {
    let setting = |name: &str| info.config.get(name).cloned().unwrap_or_default();
    let number = |name: &str| setting(name).as_u64().unwrap_or_default();
    let mut found = Vec::new();
    let replicas = number("num_replicas");
    if replicas < REPLICAS {
        found.push(LogFinding::Replicas { stream: names.stream.clone(), found: replicas });
    }
    let republish = serde_json::json!({ "src": names.appends, "dest": names.live });
    let wanted = [
        ("subjects", Value::from(vec![names.appends.clone()])),
        ("retention", Value::from("limits")),
        ("storage", Value::from("file")),
        ("discard", Value::from("new")),
        ("allow_direct", Value::from(true)),
        ("republish", republish),
    ];
    for (name, wanted) in wanted {
        if setting(name) != wanted {
            let [found_one, wanted] = [setting(name), wanted].map(|value| value.to_string());
            let stream = names.stream.clone();
            found.push(LogFinding::Setting { stream, setting: name, found: found_one, wanted });
        }
    }
    let max_message = setting("max_msg_size").as_i64().unwrap_or(-1);
    let least = i64::try_from(MAX_ENTRY).unwrap_or(i64::MAX).saturating_add(4096);
    if (0..least).contains(&max_message) {
        let [found_one, wanted] = [max_message.to_string(), MAX_MESSAGE.to_string()];
        let stream = names.stream.clone();
        found.push(LogFinding::Setting { stream, setting: "max_msg_size", found: found_one, wanted });
    }
    found.extend(of_replicas(&info.cluster, replicas));
    let most = number("max_bytes");
    let percent = info.bytes.saturating_mul(100).checked_div(most).unwrap_or_default();
    if percent >= NEARLY_FULL && most != u64::MAX {
        found.push(LogFinding::NearlyFull { percent });
    }
    found
}

fn of_replicas(cluster: &Value, replicas: u64) -> Vec<LogFinding> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let flag = |value: &Value, key: &str| value.get(key).and_then(Value::as_bool).unwrap_or_default();
    let mut found = Vec::new();
    if text(cluster, "leader").is_empty() && replicas > 1 {
        found.push(LogFinding::NoLeader);
    }
    for replica in cluster.get("replicas").and_then(Value::as_array).into_iter().flatten() {
        let state = if flag(replica, "offline") {
            "is not there"
        } else if flag(replica, "current") {
            continue;
        } else {
            "is behind"
        };
        found.push(LogFinding::Replica { server: text(replica, "name"), state });
    }
    found
}

/// What there is to say of what a server's monitoring port answers to `/varz`.
#[must_use]
pub fn of_monitor(address: &str, answer: &[u8]) -> Option<LogFinding> {
    let unknown = |why: &str| Some(LogFinding::SyncUnknown { why: format!("{address} {why}") });
    let Ok(value) = serde_json::from_slice::<Value>(answer) else {
        return unknown("does not answer as the monitoring port of a NATS server");
    };
    let Some(config) = value.pointer("/jetstream/config").filter(|config| config.is_object()) else {
        return unknown("says that JetStream is off");
    };
    let is_synced = config.get("sync_always").and_then(Value::as_bool).unwrap_or_default();
    let name = value.get("server_name").and_then(Value::as_str).unwrap_or(address).to_owned();
    (!is_synced).then_some(LogFinding::NotSynced { server: name })
}
