//! `tr2 serve --list`: what the stored data say, for people or as one JSON object a line. Reads only.
//!
//! Must not know: who is online.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{KeptFolder, cannot_print};
use crate::config::{ListForm, Listed, Sources};
use crate::error::Error;
use crate::model::{FoldedName, Name, RoomName, Timestamp, period};
use crate::protocol::InvitationLine;
use crate::server::broker::moderation::bans::Ban;
use crate::server::broker::roster::{Roster, RosterRoom};
use crate::server::ids::RoomId;
use crate::server::store::api::{LoggedAct, Owner};
use crate::server::store::{Standing, Survey};
use crate::sys::clock;

/// An entry in both forms.
struct Entry {
    text: String,
    json: Value,
}

/// Lists what was asked for.
pub(super) fn list(sources: &Sources, what: Listed, form: ListForm) -> Result<(), Error> {
    let kept = KeptFolder::find(sources)?;
    let named = if what == Listed::Moderators { sources.read()?.rules.moderators } else { Vec::new() };
    kept.become_owner()?;
    let survey = Survey::open(&kept.data).map_err(Error::failed)?;
    let standing = survey.standing().map_err(Error::failed)?;
    let roster = Roster::of(&standing.facts);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut write = |entry: Entry| {
        match form {
            ListForm::Text => writeln!(out, "{}", entry.text),
            ListForm::Json => writeln!(out, "{}", entry.json),
        }
        .map_err(|error| cannot_print(&error))
    };
    match what {
        Listed::Users => users(&standing, &roster).try_for_each(&mut write)?,
        Listed::Names => standing.owners.iter().map(|owner| name(owner, &roster)).try_for_each(&mut write)?,
        Listed::Rooms => roster.rooms.values().map(room).try_for_each(&mut write)?,
        Listed::Bans => {
            roster.bans.iter().map(|(number, ban)| ban_entry(*number, ban, &roster.rooms)).try_for_each(&mut write)?;
        }
        Listed::Moderators => moderators(&named, &roster).try_for_each(&mut write)?,
        Listed::Invitations => {
            let now = clock::wall();
            let holding = roster.invitations.iter().filter(|invitation| invitation.until > now);
            holding.map(invitation_entry).try_for_each(&mut write)?;
        }
        Listed::Acts => survey.acts(|act| write(act_entry(&act, &roster.rooms)))?,
    }
    out.flush().map_err(|error| cannot_print(&error))
}

/// The day of a moment.
fn day(time: Timestamp) -> String {
    time.rfc3339().chars().take(10).collect()
}

fn strings<T: ToString>(of: impl IntoIterator<Item = T>) -> Vec<String> {
    of.into_iter().map(|one| one.to_string()).collect()
}

fn users<'a>(standing: &'a Standing, roster: &'a Roster) -> impl Iterator<Item = Entry> + 'a {
    let owners: HashSet<FoldedName> = standing.owners.iter().map(|owner| owner.name.folded()).collect();
    standing.users.iter().map(move |user| {
        let folded = user.folded();
        let owned = owners.contains(&folded);
        let used = roster.used.get(&folded).map(|time| day(*time));
        let about = match (owned, &used) {
            (false, _) => "nobody owns the name".to_owned(),
            (true, None) => "owned".to_owned(),
            (true, Some(used)) => format!("owned, last used {used}"),
        };
        Entry { text: format!("{user}: {about}"), json: json!({"name": user.as_str(), "owned": owned, "used": used}) }
    })
}

/// A name that belongs to somebody, with what proves that. Export shows the same.
pub(super) fn name_json(owner: &Owner) -> Value {
    let proofs: Vec<Value> = owner
        .proofs
        .iter()
        .map(|proof| {
            let (identity, since) = (proof.identity.to_string(), proof.since.rfc3339());
            json!({"proof": identity, "login": proof.login, "since": since})
        })
        .collect();
    json!({"name": owner.name.as_str(), "since": owner.since.rfc3339(), "proofs": proofs})
}

fn name(owner: &Owner, roster: &Roster) -> Entry {
    let proofs = owner.proofs.iter().map(|proof| match &proof.login {
        Some(login) => format!("{} (login {login})", proof.identity),
        None => proof.identity.to_string(),
    });
    let used = roster.used.get(&owner.name.folded()).map(|time| day(*time));
    let last = used.as_ref().map(|used| format!(", last used {used}")).unwrap_or_default();
    let text = format!("{}: since {}{last}, proved by {}", owner.name, day(owner.since), strings(proofs).join(", "));
    let mut json = name_json(owner);
    if let Some(fields) = json.as_object_mut() {
        fields.insert("used".to_owned(), used.into());
    }
    Entry { text, json }
}

fn room(room: &RosterRoom) -> Entry {
    let mut about = vec![if room.private { "private" } else { "open" }.to_owned()];
    if room.read_only {
        about.push("only moderators write".to_owned());
    }
    if !room.slow.is_zero() {
        about.push(format!("slow mode {}", period::shown(room.slow)));
    }
    let members = room.members.iter().map(|(name, role)| format!("{name} ({role})"));
    about.push(format!("members: {}", strings(members).join(", ")));
    if !room.invited.is_empty() {
        about.push(format!("invited: {}", strings(&room.invited).join(", ")));
    }
    if !room.topic.is_blank() {
        about.push(format!("topic: {}", room.topic));
    }
    let members: Vec<Value> =
        room.members.iter().map(|(name, role)| json!({"name": name.as_str(), "role": role.to_string()})).collect();
    let json = json!({
        "room": room.name.to_string(), "private": room.private, "read_only": room.read_only,
        "slow_seconds": room.slow.as_secs(), "topic": room.topic.as_str(), "members": members,
        "invited": strings(&room.invited),
    });
    Entry { text: format!("{}: {}", room.name, about.join("; ")), json }
}

fn place(room: Option<RoomId>, rooms: &BTreeMap<RoomId, RosterRoom>) -> Option<&RoomName> {
    Some(&rooms.get(&room?)?.name)
}

fn ban_entry(number: u64, (ban, made): &(Ban, Option<Timestamp>), rooms: &BTreeMap<RoomId, RosterRoom>) -> Entry {
    let kind = if ban.mute { "mute" } else { "ban" };
    let room = place(ban.room, rooms).map(ToString::to_string);
    let until = ban.until.map_or_else(|| "for good".to_owned(), |until| format!("until {}", until.rfc3339()));
    let within = room.as_ref().map(|room| format!(" in {room}")).unwrap_or_default();
    let whom = strings(&ban.whom);
    let text = format!("{kind} {number}{within}: {}, by {}, {until}: {}", whom.join(", "), ban.by, ban.reason);
    let json = json!({
        "kind": kind, "number": number, "room": room, "whom": whom, "by": ban.by.as_str(),
        "made": made.map(Timestamp::rfc3339), "until": ban.until.map(Timestamp::rfc3339), "reason": ban.reason.as_str(),
    });
    Entry { text, json }
}

fn moderators<'a>(named: &'a [Name], roster: &'a Roster) -> impl Iterator<Item = Entry> + 'a {
    let entry = |name: &Name, by: &str, text: &str| Entry {
        text: format!("{name}: {text}"),
        json: json!({"name": name.as_str(), "by": by}),
    };
    let named = named.iter().map(move |name| entry(name, "configuration", "named in the configuration"));
    named.chain(roster.moderators.iter().map(move |name| entry(name, "moderator", "made one by a moderator")))
}

fn invitation_entry(InvitationLine { id, by, people, used, until }: &InvitationLine) -> Entry {
    let until = until.rfc3339();
    let json = json!({
        "invitation": id.as_str(), "by": by.as_str(), "people": people, "used": used, "until": until,
    });
    Entry { text: format!("{id}: {used} of {people} came in, until {until}, by {by}"), json }
}

/// An act of a moderator. Export shows the same.
pub(super) fn act_json(act: &LoggedAct, rooms: &BTreeMap<RoomId, RosterRoom>) -> Value {
    json!({
        "time": act.time.rfc3339(), "by": act.by.as_str(), "room": place(act.room, rooms).map(ToString::to_string),
        "act": act.done.verb.as_str(), "subject": act.done.subject.as_ref().map(ToString::to_string),
        "seconds": act.done.time.map(|time| time.as_secs()), "on": act.done.on, "reason": act.done.reason.as_str(),
    })
}

fn act_entry(act: &LoggedAct, rooms: &BTreeMap<RoomId, RosterRoom>) -> Entry {
    let within = match (act.room, place(act.room, rooms)) {
        (None, _) => String::new(),
        (Some(_), Some(room)) => format!(" {room}"),
        (Some(_), None) => " (a room that ended)".to_owned(),
    };
    // An announcement may have several lines.
    let sentence = act.done.sentence(act.by.as_str()).replace('\n', " ");
    Entry { text: format!("{}{within}: {sentence}", act.time.rfc3339()), json: act_json(act, rooms) }
}
