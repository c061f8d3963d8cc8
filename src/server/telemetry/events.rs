//! The events of the log, each with its keys and values.
//!
//! Must not know: where the log goes, or in which form (`logging`).

mod connection;

use std::borrow::Cow;
use std::fmt;

use log::kv::{Error, Key, Source, Value, VisitSource};

use crate::model::escape::Logged;
use crate::model::{Identity, MessageId, Name, Origin, RoomName, Target, Text};
use crate::protocol::invitation::looks_like_code;
use crate::protocol::{CallWants, Code, Dialect, Done, Verb};
use crate::server::ids::ConnId;

/// How many messages one line names: as many as fit into a value.
const MAX_IDS: usize = 14;

/// An event that is worth a line in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the keys of the event")]
pub enum Note {
    /// A connection was let in.
    Connected { conn: ConnId, from: Origin },
    /// A connection was not let in.
    TurnedAway { conn: ConnId, from: Origin, code: Code },
    /// A user has joined.
    Joined { conn: ConnId, from: Origin, name: Name, dialect: Dialect, proof: Option<Identity> },
    /// A connection has proved in its handshake that it holds a key.
    Proved { conn: ConnId, proof: Identity },
    /// A name now belongs to an identity to which it did not belong before.
    Bound { name: Name, proofs: usize },
    /// A moderator has invited newcomers.
    Invited { conn: ConnId, name: Name, id: String, people: u32, seconds: u64 },
    /// A newcomer has got a name with an invitation.
    InvitationUsed { name: Name, id: String },
    /// A moderator has ended an invitation of newcomers.
    InvitationRevoked { conn: ConnId, name: Name, id: String },
    /// A name was taken from its owner, on the machine.
    Freed { name: Name },
    /// What a user said was erased, on the machine.
    Erased { name: Name, messages: u64 },
    /// Only moderators are let in from now on, and others are told this; without a text, all are let in again.
    Maintenance { text: Option<Text> },
    /// Every client is sent to other nodes from now on, and told this.
    Withdrawn { text: Text },
    /// Clients stay here again.
    Returned,
    /// A name no longer belongs to an identity.
    KeyRevoked { conn: ConnId, name: Name, proof: Identity },
    /// A user took another name.
    Renamed { conn: ConnId, name: Name, to: Name },
    /// A user left for good, and their name is free.
    NameLeft { conn: ConnId, name: Name },
    /// A session was ended in favour of another one of the same user.
    TakenOver { conn: ConnId, from: Origin, name: Name },
    /// A session was ended by its user in another one.
    SessionEnded { conn: ConnId, from: Origin, name: Name },
    /// A name was refused.
    NameRefused { conn: ConnId, from: Origin, name: String, code: Code },
    /// A frame could not be understood.
    BadFrame { conn: ConnId, from: Origin, name: Option<Name>, reason: String },
    /// A message was accepted.
    Accepted { id: MessageId, from: Name, to: Target },
    /// A room was created.
    RoomMade { conn: ConnId, room: RoomName, private: bool },
    /// A moderator has acted.
    Acted { conn: ConnId, name: Name, place: Target, done: Done },
    /// An act was refused.
    ActRefused { conn: ConnId, from: Origin, name: Name, verb: Verb, place: Text, code: Code },
    /// A user calls another.
    CallBegun { conn: ConnId, name: Name, to: Name, wants: CallWants },
    /// A user has taken a call of another.
    CallAnswered { conn: ConnId, name: Name, to: Name },
    /// A user's call of another is over: why it was not taken, or why it ended.
    CallEnded { conn: ConnId, name: Name, to: Name, outcome: &'static str },
    /// A user has joined a room's call.
    ConferenceJoined { conn: ConnId, name: Name, room: RoomName },
    /// A user is out of a room's call.
    ConferenceLeft { conn: ConnId, name: Name, room: RoomName, outcome: &'static str },
    /// The server will close later.
    ClosesLater { by: Name, seconds: u64 },
    /// The server will not close after all.
    ClosingOff { by: Name },
    /// A connection has received moderator rights.
    Moderator { conn: ConnId, from: Origin, name: Option<Name>, trusted: bool },
    /// A connection has lost its moderator rights.
    ModeratorNoMore { conn: ConnId, name: Option<Name> },
    /// A passphrase was wrong, or there were too many tries.
    PassphraseRefused { conn: ConnId, from: Origin, name: Option<Name>, code: Code },
    /// A connection has ended.
    Left { conn: ConnId, from: Origin, name: Option<Name>, why: &'static str },
    /// Messages cannot be stored.
    StoreFails { reason: String },
    /// Messages can be stored again.
    StoreWorks,
    /// Stored messages were found damaged.
    Damaged { ids: Vec<MessageId> },
    /// A question about the history could not be answered.
    QuestionFailed { conn: ConnId, reason: String },
    /// The wall clock is far ahead of the known time, and is not believed.
    ClockDoubted { seconds: u64 },
    /// The wall clock is believed again.
    ClockBelieved,
    /// The wall clock went back.
    ClockWentBack { seconds: u64 },
    /// The server is closing.
    Closing { by: Option<Name> },
}

/// The connection and its user, and a room.
fn in_room<'a>(conn: ConnId, name: &'a Name, room: &'a RoomName) -> LogFields<'a> {
    vec![("conn", number(conn)), ("name", text(name.as_str())), ("room", text(room.as_str()))]
}

impl Note {
    /// How severe the event is.
    #[must_use]
    pub fn level(&self) -> log::Level {
        match self {
            Self::TurnedAway { .. }
            | Self::ClockDoubted { .. }
            | Self::ClockWentBack { .. }
            | Self::ActRefused { .. }
            | Self::BadFrame { .. }
            | Self::PassphraseRefused { .. } => log::Level::Warn,
            Self::StoreFails { .. } | Self::Damaged { .. } | Self::QuestionFailed { .. } => log::Level::Error,
            Self::Moderator { trusted: true, .. } => log::Level::Warn,
            Self::Connected { .. } | Self::Proved { .. } | Self::Left { name: None, .. } | Self::Accepted { .. } => {
                log::Level::Debug
            }
            // Who calls whom is as private as who writes to whom.
            Self::CallBegun { .. }
            | Self::CallAnswered { .. }
            | Self::CallEnded { .. }
            | Self::ConferenceJoined { .. }
            | Self::ConferenceLeft { .. } => log::Level::Debug,
            _ => log::Level::Info,
        }
    }
}

/// The value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogValue<'a> {
    /// A name, a word, or text from anybody.
    Text(Cow<'a, str>),
    /// A number.
    Number(u64),
    /// True or false.
    Switch(bool),
    /// No value.
    Nothing,
}

/// The keys of an event with their values.
type LogFields<'a> = Vec<(&'static str, LogValue<'a>)>;

fn text(text: &str) -> LogValue<'_> {
    LogValue::Text(Cow::Borrowed(text))
}

fn shown<'a>(what: impl fmt::Display) -> LogValue<'a> {
    LogValue::Text(Cow::Owned(what.to_string()))
}

fn number<'a>(conn: ConnId) -> LogValue<'a> {
    LogValue::Number(conn.0)
}

fn perhaps(name: Option<&Name>) -> LogValue<'_> {
    name.map_or(LogValue::Nothing, |name| text(name.as_str()))
}

/// The connection and its address.
fn whence<'a>(conn: ConnId, from: Origin) -> [(&'static str, LogValue<'a>); 2] {
    [("conn", number(conn)), ("from", shown(from))]
}

/// The connection and its address, then other fields: what people write comes after the address, so that a program that
/// matches a line from its beginning cannot take their words for an address.
fn after<'a, const N: usize>(conn: ConnId, from: Origin, rest: [(&'static str, LogValue<'a>); N]) -> LogFields<'a> {
    whence(conn, from).into_iter().chain(rest).collect()
}

/// The connection and the two users of a call, then another field.
fn call<'a, const N: usize>(
    conn: ConnId,
    name: &'a Name,
    to: &'a Name,
    rest: [(&'static str, LogValue<'a>); N],
) -> LogFields<'a> {
    let users = [("conn", number(conn)), ("name", text(name.as_str())), ("to", text(to.as_str()))];
    users.into_iter().chain(rest).collect()
}

impl Note {
    /// The name of the event, and its keys with their values: what every form of the log is made of.
    #[must_use]
    pub fn fields(&self) -> (&'static str, LogFields<'_>) {
        match self {
            Self::Connected { conn, from } => ("connected", whence(*conn, *from).to_vec()),
            Self::TurnedAway { conn, from, code } => {
                ("turned_away", after(*conn, *from, [("code", text(code.as_str()))]))
            }
            Self::Joined { conn, from, name, dialect, proof } => {
                let proof = proof.as_ref().map_or(LogValue::Nothing, shown);
                let rest = [("name", text(name.as_str())), ("dialect", shown(dialect)), ("proof", proof)];
                ("joined", after(*conn, *from, rest))
            }
            Self::Proved { conn, proof } => ("proved", vec![("conn", number(*conn)), ("proof", shown(proof))]),
            Self::Bound { name, proofs } => {
                ("name_bound", vec![("name", text(name.as_str())), ("proofs", LogValue::Number(*proofs as u64))])
            }
            Self::Invited { conn, name, id, people, seconds } => {
                let (people, seconds) = (LogValue::Number((*people).into()), LogValue::Number(*seconds));
                let who = [("conn", number(*conn)), ("name", text(name.as_str()))];
                let what = [("invitation", text(id)), ("people", people), ("seconds", seconds)];
                ("invited", who.into_iter().chain(what).collect())
            }
            Self::InvitationUsed { name, id } => {
                ("invitation_used", vec![("name", text(name.as_str())), ("invitation", text(id))])
            }
            Self::InvitationRevoked { conn, name, id } => {
                let (name, id) = (text(name.as_str()), text(id));
                ("invitation_revoked", vec![("conn", number(*conn)), ("name", name), ("invitation", id)])
            }
            Self::Freed { name } => ("name_freed", vec![("name", text(name.as_str()))]),
            Self::Erased { name, messages } => {
                ("erased", vec![("name", text(name.as_str())), ("messages", LogValue::Number(*messages))])
            }
            Self::Maintenance { text: said } => {
                let shown = said.as_ref().map_or(LogValue::Nothing, |said| text(said.as_str()));
                ("maintenance", vec![("on", LogValue::Switch(said.is_some())), ("text", shown)])
            }
            Self::Withdrawn { text: said } => ("withdrawn", vec![("text", text(said.as_str()))]),
            Self::Returned => ("returned", Vec::new()),
            Self::KeyRevoked { conn, name, proof } => {
                let (name, proof) = (text(name.as_str()), shown(proof));
                ("key_revoked", vec![("conn", number(*conn)), ("name", name), ("proof", proof)])
            }
            Self::Renamed { conn, name, to } => {
                let (name, to) = (text(name.as_str()), text(to.as_str()));
                ("renamed", vec![("conn", number(*conn)), ("name", name), ("to", to)])
            }
            Self::NameLeft { conn, name } => {
                ("name_left", vec![("conn", number(*conn)), ("name", text(name.as_str()))])
            }
            Self::TakenOver { conn, from, name } => {
                ("taken_over", after(*conn, *from, [("name", text(name.as_str()))]))
            }
            Self::SessionEnded { conn, from, name } => {
                ("session_ended", after(*conn, *from, [("name", text(name.as_str()))]))
            }
            Self::NameRefused { conn, from, name, code } => {
                // A code that was typed in the place of a name is still a secret.
                let name = if looks_like_code(name) { LogValue::Nothing } else { text(name) };
                ("name_refused", after(*conn, *from, [("name", name), ("code", text(code.as_str()))]))
            }
            Self::BadFrame { conn, from, name, reason } => {
                ("bad_frame", after(*conn, *from, [("name", perhaps(name.as_ref())), ("reason", text(reason))]))
            }
            Self::Accepted { id, from, to } => {
                ("accepted", vec![("id", LogValue::Number(id.0)), ("from", text(from.as_str())), ("to", shown(to))])
            }
            Self::Moderator { conn, from, name, trusted } => {
                let (name, trusted) = (perhaps(name.as_ref()), LogValue::Switch(*trusted));
                ("moderator", after(*conn, *from, [("name", name), ("trusted", trusted)]))
            }
            Self::ModeratorNoMore { conn, name } => {
                ("moderator_no_more", vec![("conn", number(*conn)), ("name", perhaps(name.as_ref()))])
            }
            Self::PassphraseRefused { conn, from, name, code } => {
                let (name, code) = (perhaps(name.as_ref()), text(code.as_str()));
                ("passphrase_refused", after(*conn, *from, [("name", name), ("code", code)]))
            }
            Self::RoomMade { conn, room, private } => {
                let (room, private) = (text(room.as_str()), LogValue::Switch(*private));
                ("room_made", vec![("conn", number(*conn)), ("room", room), ("private", private)])
            }
            Self::Acted { conn, name, place, done } => {
                let subject = done.subject.as_ref().map_or(LogValue::Nothing, |subject| text(subject.as_str()));
                let seconds = done.time.map_or(LogValue::Nothing, |time| LogValue::Number(time.as_secs()));
                let mut fields = vec![("conn", number(*conn)), ("name", text(name.as_str())), ("place", shown(place))];
                fields.extend([("act", text(done.verb.as_str())), ("subject", subject), ("seconds", seconds)]);
                fields.extend([("on", LogValue::Switch(done.on)), ("reason", text(done.reason.as_str()))]);
                ("act", fields)
            }
            Self::ActRefused { conn, from, name, verb, place, code } => {
                let (name, place) = (("name", text(name.as_str())), ("place", text(place.as_str())));
                let rest = [name, place, ("act", text(verb.as_str())), ("code", text(code.as_str()))];
                ("act_refused", after(*conn, *from, rest))
            }
            Self::CallBegun { conn, name, to, wants } => {
                ("call_begun", call(*conn, name, to, [("what", shown(wants))]))
            }
            Self::CallAnswered { conn, name, to } => ("call_answered", call(*conn, name, to, [])),
            Self::CallEnded { conn, name, to, outcome } => {
                ("call_ended", call(*conn, name, to, [("outcome", text(outcome))]))
            }
            Self::ConferenceJoined { conn, name, room } => ("conference_joined", in_room(*conn, name, room)),
            Self::ConferenceLeft { conn, name, room, outcome } => {
                let mut fields = in_room(*conn, name, room);
                fields.push(("outcome", text(outcome)));
                ("conference_left", fields)
            }
            Self::ClosesLater { by, seconds } => {
                ("closes_later", vec![("by", text(by.as_str())), ("seconds", LogValue::Number(*seconds))])
            }
            Self::ClosingOff { by } => ("closing_off", vec![("by", text(by.as_str()))]),
            Self::Left { conn, from, name, why } => {
                ("left", after(*conn, *from, [("name", perhaps(name.as_ref())), ("why", text(why))]))
            }
            Self::StoreFails { reason } => ("store_fails", vec![("reason", text(reason))]),
            Self::StoreWorks => ("store_works", Vec::new()),
            Self::Damaged { ids } => {
                let named: Vec<String> = ids.iter().take(MAX_IDS).map(ToString::to_string).collect();
                (
                    "damaged_messages",
                    vec![("count", LogValue::Number(ids.len() as u64)), ("ids", shown(named.join(",")))],
                )
            }
            Self::QuestionFailed { conn, reason } => {
                ("question_failed", vec![("conn", number(*conn)), ("reason", text(reason))])
            }
            Self::ClockDoubted { seconds } => ("clock_doubted", vec![("ahead", LogValue::Number(*seconds))]),
            Self::ClockBelieved => ("clock_believed", Vec::new()),
            Self::ClockWentBack { seconds } => ("clock_went_back", vec![("by", LogValue::Number(*seconds))]),
            Self::Closing { by } => ("closing", vec![("by", perhaps(by.as_ref()))]),
        }
    }

    /// Writes the event to the log.
    pub fn log(&self) {
        let level = self.level();
        if level <= log::max_level() {
            let (event, fields) = self.fields();
            let pairs = KeyValues(fields);
            let mut record = log::Record::builder();
            let record = record.level(level).target(module_path!()).key_values(&pairs);
            log::logger().log(&record.args(format_args!("{event}")).build());
        }
    }
}

/// Keys and values as the `log` crate takes them.
struct KeyValues<'a>(LogFields<'a>);

impl Source for KeyValues<'_> {
    fn visit<'kvs>(&'kvs self, visitor: &mut dyn VisitSource<'kvs>) -> Result<(), Error> {
        for (key, field) in &self.0 {
            let value = match field {
                LogValue::Text(text) => Value::from(&**text),
                LogValue::Number(number) => Value::from(*number),
                LogValue::Switch(on) => Value::from(*on),
                LogValue::Nothing => Value::null(),
            };
            visitor.visit_pair(Key::from_str(key), value)?;
        }
        Ok(())
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (event, fields) = self.fields();
        write!(f, "event={event}")?;
        fields.iter().try_for_each(|(key, field)| match field {
            LogValue::Text(text) => write!(f, " {key}={}", Logged(text)),
            LogValue::Number(number) => write!(f, " {key}={number}"),
            LogValue::Switch(on) => write!(f, " {key}={on}"),
            LogValue::Nothing => write!(f, " {key}=-"),
        })
    }
}
