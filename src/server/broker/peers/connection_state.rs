//! The local state of one connection, which concerns no other user: silence, deadlines, and what it waits for.
//!
//! Must not know: who its user is, or any other connection.

use std::time::Duration;

use crate::model::{Text, Timestamp};
use crate::protocol::Request;
use crate::server::broker::caller::Denial;
use crate::server::limits::MAX_PARKED;
use serde::{Deserialize, Serialize, Serializer};

/// The state of one connection.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::server::broker) struct ConnectionState {
    /// When it connected, or was last kept waiting by the server.
    #[serde(skip)]
    pub(super) since: Timestamp,
    /// When it last sent anything.
    #[serde(skip)]
    pub(super) heard: Timestamp,
    /// Whether it was pinged and has sent nothing since.
    #[serde(skip)]
    pub(super) pinged: bool,
    /// The check whose outcome its next requests wait for.
    #[serde(serialize_with = "shared_hold")]
    pub(super) hold: Option<Box<Hold>>,
    /// Its messages that the store has not answered for yet.
    #[serde(skip)]
    pub(super) pending: u32,
    /// Its questions that the store has not answered yet.
    #[serde(skip)]
    pub(super) questions: u32,
    /// How many questions it has asked so far. Its answers are numbered by this count, so that the numbers reveal nothing of
    /// what others ask.
    #[serde(skip)]
    pub(super) asked: u64,
    /// How it leaves once none of its messages is pending.
    #[serde(skip)]
    pub(super) leaving: Option<Box<Leaving>>,
    /// Whether it took too long, and is to be closed.
    #[serde(skip)]
    pub(super) cut: bool,
    /// Whether its client moves between nodes, and so is told where they are.
    #[serde(skip)]
    pub(super) hears_of_nodes: bool,
    /// Whether a bad frame of it was logged; one line is enough.
    #[serde(skip)]
    pub(super) told_of_bad_frame: bool,
}

/// How a connection leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) enum Leaving {
    /// It requested to leave, under this label, and gets an answer.
    Exit(Option<String>),
    /// It is gone already, for this reason.
    Gone(&'static str),
}

/// A check by a worker, and the requests that wait for its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::server::broker) struct Hold {
    /// The label of the request that is being checked.
    pub(in crate::server::broker) reference: Option<String>,
    /// What is checked.
    pub(in crate::server::broker) awaits: Awaits,
    /// Later requests, so that all are answered in order.
    #[serde(with = "frames")]
    pub(in crate::server::broker) parked: Vec<Request>,
}

/// What a connection waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::server::broker) enum Awaits {
    /// Whether its passphrase is right.
    Passphrase,
    /// Whether the requested name is a login on this machine, and whose.
    Login(NameRequest),
    /// Whether the other name that its user wants is a login on this machine, and whose.
    NewLogin(String),
    /// Whether it is stored that the requested name is its own.
    Binding,
    /// Whether it is stored that its user's name is another one, or free.
    NameChange,
    /// The refusal of this name, which comes with the next tick.
    Refusal(String, Denial),
}

/// The name that a connection asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::server::broker) struct NameRequest {
    /// The name as the person wrote it.
    pub(in crate::server::broker) name: String,
    /// Whether an older session of the same owner is to end.
    pub(in crate::server::broker) take_over: bool,
}

/// What becomes of a request while its connection waits for a check.
pub(in crate::server::broker) enum Parked {
    /// The connection waits for nothing: the request is to be handled now.
    No(Request),
    /// The request waits.
    Yes,
    /// [`MAX_PARKED`] requests wait already: this one is refused.
    Full(Request),
}

/// What a silent connection needs.
pub(super) enum KeepAlive {
    /// Nothing.
    Nothing,
    /// A ping with this token.
    Ping(Text),
    /// Closing: it did not answer a ping in time.
    Close,
}

impl ConnectionState {
    /// The state of a connection made at this moment.
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            since: now,
            heard: now,
            pinged: false,
            hold: None,
            pending: 0,
            questions: 0,
            asked: 0,
            leaving: None,
            cut: false,
            hears_of_nodes: false,
            told_of_bad_frame: false,
        }
    }

    /// Lets a request wait if the connection waits for a check; a keep-alive never does.
    pub(super) fn park(&mut self, request: Request) -> Parked {
        match self.hold.as_mut().filter(|_| !request.command.is_keep_alive()) {
            None => Parked::No(request),
            Some(hold) if hold.parked.len() >= MAX_PARKED => Parked::Full(request),
            Some(hold) => {
                hold.parked.push(request);
                Parked::Yes
            }
        }
    }

    /// Time in which the server stood still does not count as silence.
    pub(super) fn forgive(&mut self, gap: Duration, now: Timestamp) {
        self.heard = self.heard.after(gap).min(now);
        self.since = self.since.after(gap).min(now);
    }

    /// Whether its silence, counted from `now` on the steady clock, takes a ping or ends it.
    pub(super) fn due(&mut self, now: Timestamp, ping_after: Duration, cut_after: Duration) -> KeepAlive {
        let silent = now.since(self.heard);
        if silent >= cut_after {
            KeepAlive::Close
        } else if silent >= ping_after && !self.pinged {
            self.pinged = true;
            KeepAlive::Ping(Text::line(&now.0.to_string()))
        } else {
            KeepAlive::Nothing
        }
    }
}

/// Writes what a connection waits for, unless it waits on its own node alone.
fn shared_hold<S: Serializer>(hold: &Option<Box<Hold>>, serializer: S) -> Result<S::Ok, S::Error> {
    hold.as_ref().filter(|hold| hold.awaits != Awaits::Passphrase).serialize(serializer)
}

/// Writes requests as the frames that they came in.
mod frames {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::protocol::Request;

    pub(super) fn serialize<S: Serializer>(requests: &[Request], serializer: S) -> Result<S::Ok, S::Error> {
        let frame = |request: &Request| {
            let mut frame = Vec::new();
            request.write(&mut frame, "-");
            frame
        };
        requests.iter().map(frame).collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Request>, D::Error> {
        let frames = Vec::<Vec<u8>>::deserialize(deserializer)?;
        let read =
            |frame: Vec<u8>| Request::parse(frame.trim_ascii_end()).map_err(|refusal| D::Error::custom(refusal.text));
        frames.into_iter().map(read).collect()
    }
}
