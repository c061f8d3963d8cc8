//! `tr2 serve --export`: everything by a user and to them, one JSON object a line, in a file for nobody else. Reads only.
//!
//! Must not know: who may ask for it.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::list::{act_json, name_json};
use super::{KeptFolder, cannot_write, print};
use crate::commands::progress::Progress;
use crate::config::Sources;
use crate::error::Error;
use crate::model::{Name, Timestamp};
use crate::server::broker::roster::Roster;
use crate::server::store::api::{Recipient, Record};
use crate::server::store::{Saying, StoreError, Survey};

/// Writes everything by a user and to them into a new file.
pub(super) fn export(sources: &Sources, name: &Name, file: &Path) -> Result<(), Error> {
    let kept = KeptFolder::find(sources)?;
    // Made before anything is read, and by whoever asks: root's file stays root's.
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let made = made.map_err(|error| cannot_write(file, &error))?;
    let done = kept.become_owner().and_then(|()| write(&kept, name, file, &made));
    if done.is_err() {
        // It is of no use to anybody; why that is so is what matters.
        let _ = fs::remove_file(file);
    }
    print(&format!("{} lines about {name} were written to {}.", done?, file.display()))
}

fn write(kept: &KeptFolder, name: &Name, file: &Path, made: &File) -> Result<u64, Error> {
    let progress = Progress::start("Reading the history");
    let survey = Survey::open(&kept.data).map_err(Error::failed)?;
    let standing = survey.standing().map_err(Error::failed)?;
    let roster = Roster::of(&standing.facts);
    let (user, mut lines) = (name.folded(), 0_u64);
    let mut out = BufWriter::new(made);
    let mut put = |kind: &str, mut value: Value| {
        if let Some(fields) = value.as_object_mut() {
            fields.insert("kind".to_owned(), kind.into());
        }
        lines += 1;
        writeln!(out, "{value}").map_err(|error| cannot_write(file, &error))
    };
    for owner in standing.owners.iter().filter(|owner| owner.name.folded() == user) {
        put("name", name_json(owner))?;
    }
    for room in roster.rooms.values() {
        if let Some((_, role)) = room.members.iter().find(|(member, _)| member.folded() == user) {
            put("room", json!({"room": room.name.to_string(), "role": role.to_string()}))?;
        }
        if room.invited.iter().any(|invited| invited.folded() == user) {
            put("invited", json!({"room": room.name.to_string()}))?;
        }
    }
    for (who, whom) in roster.ignored.iter().filter(|(who, _)| *who == user) {
        put("ignores", json!({"name": who.as_str(), "whom": whom.as_str()}))?;
    }
    for (ban, _) in roster.bans.values() {
        let about =
            ban.whom.iter().any(|whom| Name::restored(&whom.to_string()).is_ok_and(|name| name.folded() == user));
        if about || ban.by.folded() == user {
            let (until, whom) = (ban.until.map(Timestamp::rfc3339), ban.whom.iter().map(ToString::to_string));
            let whom: Vec<String> = whom.collect();
            let value = json!({"mute": ban.mute, "whom": whom, "by": ban.by.as_str(), "until": until, "reason": ban.reason.as_str()});
            put("ban", value)?;
        }
    }
    let rooms = roster.rooms.iter().map(|(id, room)| (*id, room.name.clone())).collect();
    let there = survey.sayings(name, rooms, |saying| match saying {
        Saying::Message(record, reactions) => put("message", message_json(&record, &reactions)),
        Saying::Damaged(id) => put("damaged", json!({"id": id.0})),
        Saying::Reaction(id, text) => put("reaction", json!({"message": id.0, "reaction": text})),
    })?;
    if !there && standing.owners.iter().all(|owner| owner.name.folded() != user) {
        return Err(Error::Failed(format!("no user {name}; --list users shows all")));
    }
    survey.acts(|act| {
        let about = act.done.subject.as_ref().and_then(|subject| Name::restored(subject.as_str()).ok());
        if act.by.folded() == user || about.is_some_and(|name| name.folded() == user) {
            put("act", act_json(&act, &roster.rooms))?;
        }
        Ok::<_, Error>(())
    })?;
    drop(progress);
    out.flush().and_then(|()| made.sync_all()).map_err(|error| cannot_write(file, &error))?;
    Ok(lines)
}

fn message_json(record: &Record, reactions: &[(Name, String)]) -> Value {
    let to = match &record.to {
        Recipient::Everyone { .. } => "everyone".to_owned(),
        Recipient::User(name) => name.to_string(),
        Recipient::Room { name, .. } => name.to_string(),
    };
    let private = matches!(record.to, Recipient::User(_));
    let reactions: Vec<Value> =
        reactions.iter().map(|(name, text)| json!({"from": name.as_str(), "reaction": text})).collect();
    json!({
        "id": record.id.0, "time": record.time.rfc3339(), "from": record.from.as_str(), "to": to, "private": private,
        "verified": record.verified, "text": record.text.as_str(), "reply_to": record.extra.reply.map(|id| id.0),
        "edited": record.extra.edited.map(Timestamp::rfc3339),
        "deleted_by": record.deleted.as_ref().map(ToString::to_string), "reactions": reactions,
    })
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::failed(error)
    }
}
