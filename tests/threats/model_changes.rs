//! Changes of messages in the model: who may edit, delete and react to what, what becomes of it, and who hears of it.

use tr2::model::Rank;
use tr2::server::store::limits::{MAX_REACTIONS, MAX_REACTIONS_OF_ONE};

use super::model::{Model, Waiting};
use super::model_sessions::Asker;

/// What is done to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    Edit,
    Retract,
    React(&'static str),
    Unreact(&'static str),
    /// A moderator deletes it.
    Delete,
    /// A moderator removes a reaction of a user, or of everybody.
    Remove(&'static str, Option<String>),
}

impl How {
    fn is_act(&self) -> bool {
        matches!(self, Self::Delete | Self::Remove(..))
    }
}

/// A conversation as whoever asks sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Within {
    Everyone,
    Room(u64),
    User(String),
}

/// A message that is stored.
#[derive(Clone, Debug)]
pub struct Said {
    pub id: u64,
    pub from: String,
    pub room: Option<u64>,
    pub to: Option<String>,
    /// On the wall clock.
    pub time: u64,
    pub text: String,
    pub deleted: bool,
    /// Who put which, in this order.
    pub reactions: Vec<(String, &'static str)>,
}

impl Said {
    fn is_in(&self, within: &Within, by: &str) -> bool {
        match within {
            Within::Everyone => self.room.is_none() && self.to.is_none(),
            Within::Room(room) => self.room == Some(*room),
            Within::User(other) => match self.to.as_deref() {
                Some(to) => [(self.from.as_str(), to), (to, self.from.as_str())].contains(&(by, other)),
                None => false,
            },
        }
    }

    /// Whether both are in the same conversation.
    pub fn is_beside(&self, other: &Self) -> bool {
        let pair = |said: &Self| {
            said.to.clone().map(|to| if to < said.from { (to, said.from.clone()) } else { (said.from.clone(), to) })
        };
        self.room == other.room && pair(self) == pair(other)
    }

    fn count(&self, word: &str) -> usize {
        self.reactions.iter().filter(|(_, other)| *other == word).count()
    }
}

/// A change that waits for the store.
#[derive(Clone)]
pub struct Change {
    pub by: String,
    pub session: u64,
    /// As it was written.
    place: String,
    within: Within,
    id: u64,
    how: How,
    text: String,
    /// Own messages of before may not be changed any more.
    since: u64,
    /// Whose messages and reactions must stay.
    spared: Vec<String>,
}

impl Change {
    /// Whether its user leaves only once it is settled.
    pub fn is_waited_for(&self) -> bool {
        self.how != How::Delete
    }
}

/// A user asks for a change.
pub fn change(
    model: &mut Model,
    Asker { who: by, session }: Asker<'_>,
    (place, id): (Option<&str>, u64),
    how: &How,
    text: &str,
) -> Result<(), &'static str> {
    let user = place.filter(|place| !place.starts_with('#'));
    let room = if user.is_some() { None } else { model.place(place)? };
    let within = match (user, room) {
        (Some(user), _) => Within::User(user.to_owned()),
        (None, Some(room)) => Within::Room(room),
        (None, None) => Within::Everyone,
    };
    let is_member = room.is_none() || model.rooms.values().any(|it| Some(it.id) == room && it.members.contains_key(by));
    let rank = model.rank(by, room);
    match how {
        How::Delete | How::Remove(..) => {
            if rank < if room.is_some() { Rank::RoomModerator } else { Rank::Moderator } {
                return Err("not_moderator");
            }
            model.may_be_heard(by, room)?;
            if let How::Remove(_, Some(whom)) = how
                && (whom == by || model.rank(whom, room) >= rank)
            {
                return Err("not_allowed");
            }
        }
        _ if !is_member => return Err("not_in_room"),
        How::Retract | How::Unreact(_) => {}
        How::Edit | How::React(_) => match user {
            Some(user) if model.rank(user, None) < Rank::Moderator => model.may_be_heard(by, None)?,
            Some(_) => {}
            None if *how == How::Edit => model.may_speak(by, room)?,
            None => {
                model.may_be_heard(by, room)?;
                if rank == Rank::User && model.modes(room).read_only {
                    return Err("read_only");
                }
            }
        },
    }
    let people = super::stories::PEOPLE.iter().filter(|who| **who != by && model.rank(who, room) >= rank);
    let change = Change {
        by: by.to_owned(),
        session,
        place: place.unwrap_or("all clients").to_owned(),
        within,
        id,
        how: how.clone(),
        text: text.to_owned(),
        since: model.wall.saturating_sub(super::stories::EDIT_TIME.as_millis() as u64),
        spared: people.map(|who| (*who).to_owned()).collect(),
    };
    model.pending.push_back(Waiting::Change(change));
    Ok(())
}

/// The store has settled a change.
pub fn settled(model: &mut Model, change: Change, kept: bool) {
    let asker = Asker { who: &change.by, session: change.session };
    let done = if kept { make(model, &change) } else { Err("store_unavailable") };
    match done {
        Err(code) => model.refuse(asker, code),
        Ok(Told { line, plain, fresh, act }) => {
            let sees = |who: &String| match &change.within {
                Within::Everyone => true,
                Within::Room(room) => model.rooms.values().any(|it| it.id == *room && it.members.contains_key(who)),
                // The other sessions of whoever asked see what was said to others, too.
                Within::User(other) => who == other || *who == change.by,
            };
            // A deletion by a moderator is told to those who are there, the moderator included.
            let answered = change.how != How::Delete;
            let mut hearers = Vec::new();
            for (who, sessions) in &model.here {
                let told = fresh && sees(who);
                hearers.extend(sessions.iter().filter(|it| told || answered && it.id == change.session).copied());
            }
            for hearer in hearers {
                let line = if hearer.elder { plain.clone() } else { Some(line.clone()) };
                line.into_iter().for_each(|line| model.tell_one(hearer.id, line));
            }
            if let Some(data) = act {
                let room = if let Within::Room(room) = change.within { Some(room) } else { None };
                model.acted(asker, room, &change.place, &data);
            }
        }
    }
    if change.is_waited_for() {
        model.settle_leaving(change.session);
    }
}

/// What is told of a change.
struct Told {
    line: String,
    /// The same for a client that does not know changes.
    plain: Option<String>,
    /// Whether others are told.
    fresh: bool,
    /// The entry of the moderation log.
    act: Option<String>,
}

fn make(model: &mut Model, change: &Change) -> Result<Told, &'static str> {
    let Change { by, place, within, id, how, text, since, spared, .. } = change;
    let there = |said: &&mut Said| said.id == *id && !said.deleted && said.is_in(within, by);
    let said = model.said.iter_mut().find(there).ok_or("no_such_message")?;
    if matches!(how, How::Edit | How::Retract) {
        if said.from != *by {
            return Err("not_yours");
        }
        if said.time < *since {
            return Err("too_late");
        }
    }
    let private = matches!(within, Within::User(_));
    let operation = if private { "private_message" } else { "broadcast_not_me" };
    let words = |text: String| Some(format!("{by} | {place} | {operation} | {text}"));
    let from = said.from.clone();
    let deleted = format!("{from} | {place} | deleted | {by}");
    Ok(match how {
        How::Edit => {
            let fresh = said.text != *text;
            said.text.clone_from(text);
            let line = format!("{by} | {place} | edited | {text}");
            Told { line, plain: words(format!("edited: {text}")), fresh, act: None }
        }
        How::Retract => {
            (said.deleted, said.text) = (true, String::new());
            said.reactions.clear();
            let plain = if private { words("deleted a message".to_owned()) } else { Some(deleted.clone()) };
            Told { line: deleted, plain, fresh: true, act: None }
        }
        How::React(word) => {
            let own = said.reactions.iter().filter(|(who, _)| who == by).count();
            let fresh = !said.reactions.contains(&(by.clone(), word));
            let mut different: Vec<&str> = said.reactions.iter().map(|(_, word)| *word).collect();
            different.sort_unstable();
            different.dedup();
            let many = different.len() >= MAX_REACTIONS && said.count(word) == 0;
            if fresh && (own >= MAX_REACTIONS_OF_ONE || many) {
                return Err("too_many_reactions");
            }
            said.reactions.extend(fresh.then(|| (by.clone(), *word)));
            let line = format!("{by} | {place} | reacted | on {} {word} {from}", said.count(word));
            Told { line, plain: words(format!("reacted to {from}: {word}")), fresh, act: None }
        }
        How::Unreact(word) => {
            let before = said.reactions.len();
            said.reactions.retain(|reaction| *reaction != (by.clone(), *word));
            let line = format!("{by} | {place} | reacted | off {} {word} {from}", said.count(word));
            Told { line, plain: None, fresh: said.reactions.len() < before, act: None }
        }
        How::Delete if spared.contains(&from) => return Err("not_allowed"),
        How::Delete => {
            (said.deleted, said.text) = (true, String::new());
            said.reactions.clear();
            let act = Some(format!("delete {from} - off"));
            Told { line: deleted.clone(), plain: Some(deleted), fresh: true, act }
        }
        How::Remove(word, whose) => {
            let goes = |(who, other): &(String, &str)| other == word && whose.as_ref().is_none_or(|whose| whose == who);
            let of: Vec<String> = said.reactions.iter().filter(|it| goes(it)).map(|(who, _)| who.clone()).collect();
            if of.is_empty() {
                return Err("no_such_reaction");
            }
            if of.iter().any(|who| spared.contains(who)) {
                return Err("not_allowed");
            }
            said.reactions.retain(|it| !goes(it));
            let one = of.first().filter(|_| of.len() == 1);
            let (who, subject) = (one.unwrap_or(by), one.map_or("-", String::as_str));
            let line = format!("{who} | {place} | reacted | off {} {word} {from} {by}", said.count(word));
            Told { line, plain: None, fresh: true, act: Some(format!("remove_reaction {subject} - off")) }
        }
    })
}

impl How {
    /// The operation and the data of its request.
    pub fn request(&self, id: u64, text: &str) -> String {
        let why = if self.is_act() { " why" } else { "" };
        match self {
            Self::Edit => format!("edit | {id} {text}"),
            Self::Retract => format!("retract | {id}"),
            Self::React(word) => format!("react | {id} {word}"),
            Self::Unreact(word) => format!("unreact | {id} {word}"),
            Self::Delete => format!("delete | {id}{why}"),
            Self::Remove(word, whose) => {
                format!("remove_reaction | {id} {word} {}{why}", whose.as_deref().unwrap_or("-"))
            }
        }
    }
}
