//! Plain mode for programs: one JSON object a line, in both directions. tr2-json(5) describes the objects.
//!
//! Must not know: standard streams, or what becomes of a request.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::client::direct::lines::{CallNotice, CallState, FileLine, FileState};
use crate::client::msg::{Farewell, OrderOutcome, Printed};
use crate::model::{MessageId, Reaction, RoomName, Target, Text, Timestamp};
use crate::protocol::limits::MAX_REASON;
use crate::protocol::{Act, MessageChange};

/// The longest label of a request, in bytes.
pub const MAX_LABEL: usize = 128;

/// A request of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its label, which its outcome repeats.
    pub label: Option<String>,
    /// What it asks for.
    pub op: Op,
}

/// What a program asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// To send a message.
    Say {
        /// The recipient: `everyone`, a room or a user. Without one, that of `--to`.
        to: Option<String>,
        /// The text.
        text: String,
        /// Whether a message to everyone or to a room comes back too.
        me_too: bool,
        /// The message that it answers.
        reply: Option<MessageId>,
    },
    /// To change a message of a conversation.
    Change {
        /// The conversation, as in [`Op::Say`].
        to: Option<String>,
        /// The message.
        id: MessageId,
        /// The change.
        how: MessageChange,
    },
    /// To do to a message what takes a moderator.
    Act {
        /// The conversation, as in [`Op::Say`].
        to: Option<String>,
        /// The act.
        act: Act,
        /// The reason.
        reason: Text,
    },
    /// To say something directly to a user, on the channel that is open.
    SayDirect {
        /// The user.
        to: String,
        /// The text.
        text: String,
    },
    /// To carry out a /command.
    Command(String),
    /// To leave once everything before is settled.
    Exit,
}

/// Why a line is no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongOrder {
    /// The label of the request, if it could be read.
    pub label: Option<String>,
    /// A code for programs.
    pub code: &'static str,
    /// A sentence for people.
    pub words: String,
}

/// The members of a request; others are ignored.
#[derive(Debug, Deserialize)]
struct OrderMembers {
    op: Option<String>,
    to: Option<String>,
    text: Option<String>,
    me_too: Option<bool>,
    room: Option<String>,
    line: Option<String>,
    id: Option<u64>,
    reaction: Option<String>,
    user: Option<String>,
    reason: Option<String>,
}

/// Reads a line; `None` if it is blank.
///
/// # Errors
/// Why it is no request.
pub fn order(line: &str) -> Result<Option<Order>, WrongOrder> {
    if line.trim().is_empty() {
        return Ok(None);
    }
    let wrong = |label: &Option<String>, code, words: String| WrongOrder { label: label.clone(), code, words };
    let value: Value = serde_json::from_str(line)
        .map_err(|error| wrong(&None, "bad_json", format!("This is not one JSON object in one line: {error}.")))?;
    let label = match value.get("label") {
        None | Some(Value::Null) => None,
        Some(Value::String(label)) if label.len() <= MAX_LABEL => Some(label.clone()),
        Some(_) => {
            let words = format!("A label is a string of at most {MAX_LABEL} bytes.");
            return Err(wrong(&None, "bad_request", words));
        }
    };
    if !value.is_object() {
        return Err(wrong(&None, "bad_json", "This is not a JSON object.".to_owned()));
    }
    let members: OrderMembers =
        serde_json::from_value(value).map_err(|error| wrong(&label, "bad_request", format!("{error}.")))?;
    let missing = |name: &str| wrong(&label, "bad_request", format!("The member \"{name}\" is missing."));
    let room = |name: &Option<String>| {
        let name = name.as_ref().ok_or_else(|| missing("room"))?;
        RoomName::parse(name).map_err(|error| wrong(&label, "bad_room", error.to_string()))
    };
    let OrderMembers { op, to, text, me_too, room: named, line, id, reaction, user, reason } = members;
    let id = || id.map(MessageId).ok_or_else(|| missing("id"));
    let words = |text: Option<String>| text.ok_or_else(|| missing("text"));
    let me_too = me_too.unwrap_or(false);
    let read_reaction = || {
        let written = reaction.ok_or_else(|| missing("reaction"))?;
        Reaction::parse(&written).map_err(|error| wrong(&label, "bad_reaction", error.to_string()))
    };
    let reason = match reason.map(|reason| Text::line(reason.trim())) {
        Some(reason) if reason.is_blank() => {
            return Err(wrong(&label, "reason_needed", "The reason is empty.".to_owned()));
        }
        Some(reason) if reason.as_str().len() > MAX_REASON => {
            let words = format!("A reason has at most {MAX_REASON} bytes.");
            return Err(wrong(&label, "too_long", words));
        }
        reason => reason,
    };
    let op = match op.as_deref() {
        None => return Err(missing("op")),
        Some("say") => Op::Say { to, text: words(text)?, me_too, reply: None },
        Some("direct") => Op::SayDirect { to: to.ok_or_else(|| missing("to"))?, text: words(text)? },
        Some("reply") => Op::Say { to, text: words(text)?, me_too, reply: Some(id()?) },
        Some("edit") => {
            Op::Change { to, id: id()?, how: MessageChange::Edit(Text::block(words(text)?.trim_matches('\n'))) }
        }
        Some("react") => Op::Change { to, id: id()?, how: MessageChange::React(read_reaction()?.to_string()) },
        Some("delete") => match reason {
            None => Op::Change { to, id: id()?, how: MessageChange::Retract },
            Some(reason) => Op::Act { to, act: Act::Delete(id()?), reason },
        },
        Some("unreact") => {
            let reaction = read_reaction()?;
            match reason {
                None => Op::Change { to, id: id()?, how: MessageChange::Unreact(reaction.to_string()) },
                Some(reason) => Op::Act { to, act: Act::RemoveReaction { id: id()?, reaction, of: user }, reason },
            }
        }
        Some("join") => Op::Command(format!("/join {}", room(&named)?)),
        Some("leave") => Op::Command(format!("/leave {}", room(&named)?)),
        Some("command") => match line {
            Some(line) if line.starts_with('/') && !line.contains('\n') => Op::Command(line),
            Some(_) => return Err(wrong(&label, "bad_request", "A command begins with a slash.".to_owned())),
            None => return Err(missing("line")),
        },
        Some("exit") => Op::Exit,
        Some(other) => {
            let other: String = other.chars().take(MAX_LABEL).collect();
            return Err(wrong(&label, "unknown_op", format!("There is no op \"{other}\".")));
        }
    };
    Ok(Some(Order { label, op }))
}

/// A line of output, without its final line feed.
#[must_use]
pub fn line(printed: &Printed) -> String {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| drop(object.insert(name.to_owned(), value));
    match printed {
        Printed::Message { id, time, from, verified, to, text, reply, mention, old } => {
            put("event", json!("message"));
            put("id", json!(id.map(|id| id.0)));
            put("time", json!(time.rfc3339()));
            put("in", json!(place(to)));
            put("from", json!(from.as_str()));
            put("verified", json!(verified));
            put("private", json!(matches!(to, Target::User(_))));
            put("mention", json!(mention));
            put("old", json!(old));
            put("text", json!(text.as_str()));
            if let Some(reply) = reply {
                let quote = reply.quote.as_ref();
                let (from, words) = (quote.map(|quote| quote.from.as_str()), quote.map(|quote| quote.words.as_str()));
                put("reply_to", json!({ "id": reply.id.0, "from": from, "text": words }));
            }
        }
        Printed::Edited { id, time, from, verified, to, text } => {
            put("event", json!("edited"));
            put("id", json!(id.map(|id| id.0)));
            put("time", json!(time.rfc3339()));
            put("in", json!(place(to)));
            put("from", json!(from.as_str()));
            put("verified", json!(verified));
            put("text", json!(text.as_str()));
        }
        Printed::Deleted { id, time, from, by, to, .. } => {
            put("event", json!("deleted"));
            put("id", json!(id.0));
            put("time", json!(time.rfc3339()));
            put("in", json!(place(to)));
            put("from", json!(from.as_str()));
            put("by", json!(by.as_str()));
        }
        Printed::Reacted { id, time, by, verified, to, author, reaction, on, count, removed_by, .. } => {
            put("event", json!(if *on { "reacted" } else { "unreacted" }));
            put("id", json!(id.map(|id| id.0)));
            put("time", json!(time.rfc3339()));
            put("in", json!(place(to)));
            put("from", json!(by.as_str()));
            put("verified", json!(verified));
            put("author", json!(author.as_str()));
            put("reaction", json!(reaction.as_str()));
            put("count", json!(count));
            if let Some(moderator) = removed_by {
                put("removed_by", json!(moderator.as_str()));
            }
        }
        Printed::Found { time, from, verified, to, text } => {
            put("event", json!("found"));
            put("time", json!(time.rfc3339()));
            put("in", json!(place(to)));
            put("from", json!(from.as_str()));
            put("verified", json!(verified));
            put("text", json!(text.as_str()));
        }
        Printed::Presence { time, place: at, names, came, why } => {
            put("event", json!(if *came { "joined" } else { "left" }));
            put("time", json!(time.rfc3339()));
            put("in", json!(place(at)));
            put("names", names.iter().map(|name| json!(name.as_str())).collect());
            if let Some(why) = why {
                put("reason", json!(why.as_str()));
            }
        }
        Printed::Direct { time, from, verified, text } => {
            put("event", json!("direct"));
            put("time", json!(time.rfc3339()));
            put("from", json!(from.as_str()));
            put("verified", json!(verified));
            put("text", json!(text.as_str()));
        }
        Printed::Call(time, line) => call(*time, line, &mut put),
        Printed::File(time, line) => file(*time, line, &mut put),
        Printed::Outcome(label, outcome) => {
            let event = if matches!(outcome, OrderOutcome::Accepted { .. }) { "accepted" } else { "refused" };
            put("event", json!(event));
            put("label", json!(label));
            match outcome {
                OrderOutcome::Accepted { id, time, offline } => {
                    put("id", json!(id.map(|id| id.0)));
                    put("time", json!(time.map(Timestamp::rfc3339)));
                    put("offline", json!(offline));
                }
                OrderOutcome::Refused(code, text) => {
                    put("code", json!(code));
                    put("text", json!(text.as_str()));
                }
            }
        }
        Printed::Online { name, again, server } => {
            put("event", json!("online"));
            put("name", json!(name.as_str()));
            put("again", json!(again));
            put("server", json!(server.to_string()));
        }
        Printed::Offline(why) => {
            put("event", json!("offline"));
            put("text", json!(why.as_str()));
        }
        Printed::New => put("event", json!("new")),
        Printed::Notice(time, text) => {
            put("event", json!("notice"));
            put("time", json!(time.rfc3339()));
            put("text", json!(text.as_str()));
        }
        Printed::Error(text) => {
            put("event", json!("error"));
            put("text", json!(text.as_str()));
        }
    }
    Value::Object(object).to_string()
}

/// What happened with a call.
fn call(time: Timestamp, line: &CallNotice, put: &mut impl FnMut(&str, Value)) {
    let CallNotice { with, state, text, verified, wants, key, known, words } = line;
    put("event", json!("call"));
    put("time", json!(time.rfc3339()));
    put("with", json!(with.as_str()));
    let (word, reason) = match state {
        CallState::Calling => ("calling", None),
        CallState::Ringing => ("ringing", None),
        CallState::Rings => ("rings", None),
        CallState::Answered => ("answered", None),
        CallState::Open => ("open", None),
        CallState::Way => ("way", None),
        CallState::Compared => ("compared", None),
        CallState::OwnCamera(true) => ("own_camera_on", None),
        CallState::OwnCamera(false) => ("own_camera_off", None),
        CallState::TheirCamera(true) => ("camera_on", None),
        CallState::TheirCamera(false) => ("camera_off", None),
        CallState::Sound(true) => ("sound_on", None),
        CallState::Sound(false) => ("sound_off", None),
        CallState::Ended(reason) => ("ended", Some(*reason)),
    };
    put("state", json!(word));
    put("text", json!(text.as_str()));
    let wants = wants.map(|wants| wants.to_string().split(',').map(str::to_owned).collect::<Vec<_>>());
    let more = [
        ("reason", reason.map(|reason| json!(reason))),
        ("verified", verified.map(|verified| json!(verified))),
        ("what", wants.map(|wants| json!(wants))),
        ("key", key.map(|key| json!(key.to_string()))),
        ("known", known.map(|known| json!(known))),
        ("words", words.as_ref().map(|words| json!(words))),
    ];
    more.into_iter().filter_map(|(name, value)| Some((name, value?))).for_each(|(name, value)| put(name, value));
}

/// What happened with a file that goes directly.
fn file(time: Timestamp, line: &FileLine, put: &mut impl FnMut(&str, Value)) {
    let FileLine { with, state, text, name, size, done, number, digest } = line;
    let (word, path) = match state {
        FileState::Offered => ("offered", None),
        FileState::Moving => ("moving", None),
        FileState::Sent => ("sent", None),
        FileState::Saved(path) => ("saved", Some(path.display().to_string())),
        FileState::Declined => ("declined", None),
        FileState::Withdrawn => ("withdrawn", None),
        FileState::Wrong => ("wrong", None),
        FileState::Failed => ("failed", None),
        FileState::Cut => ("cut", None),
    };
    put("event", json!("file"));
    put("time", json!(time.rfc3339()));
    put("with", json!(with.as_str()));
    put("state", json!(word));
    put("incoming", json!(number.is_some()));
    put("name", json!(name));
    put("size", json!(size));
    put("done", json!(done));
    put("text", json!(text.as_str()));
    if let Some(path) = path {
        put("path", json!(path));
    }
    if let Some(digest) = digest {
        put("sha256", json!(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()));
    }
}

/// The last line of output: how it ended, with the exit status.
#[must_use]
pub fn last_line(farewell: &Farewell) -> String {
    let (status, text) = match farewell {
        Farewell::Done => (0, None),
        Farewell::Told(words) => (0, Some(words)),
        Farewell::Failed(why) => (1, Some(why)),
        Farewell::Refused(why) => (3, Some(why)),
    };
    json!({ "event": "end", "status": status, "text": text }).to_string()
}

/// A conversation as a program writes it in `to`.
fn place(target: &Target) -> String {
    target.to_string()
}
