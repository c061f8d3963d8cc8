//! A minimal model of a chat with rooms and moderators, to compare the real broker with: who is where, in which rank,
//! and who hears what. Lines are as on the wire, without tags and without the text of refusals.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tr2::model::{Rank, RoomRole};

use super::model_changes::{Change, How, Said};
use super::model_sessions::{Asker, Session};

/// What a user does; a place is a room, or the whole server if `None`.
#[derive(Clone, Debug)]
pub enum Do {
    Say(Option<String>, bool),
    Whisper(String),
    /// One of these, as an answer to a message.
    Reply(Box<Self>, u64),
    /// A change of a message of a conversation, which may also be that with a user.
    Change(Option<String>, u64, How),
    Join(String),
    Leave(String),
    /// Leave the server, in this session.
    Exit,
    /// End the session of one's own with this number.
    End(u64),
    /// A moderation verb in a place, with its target if it has one, and a number of seconds.
    Act(&'static str, Option<String>, String, u64),
}

#[derive(Clone, Default, PartialEq, Eq)]
pub struct Room {
    pub id: u64,
    pub members: BTreeMap<String, RoomRole>,
    pub slow: u64,
    pub read_only: bool,
    /// When members spoke last, in milliseconds of the steady clock.
    said: BTreeMap<String, u64>,
}

#[derive(Clone)]
pub struct Message {
    pub from: String,
    session: u64,
    room: Option<u64>,
    to: Option<String>,
    /// The line without its text.
    head: String,
    text: String,
    loud: bool,
    reply: Option<u64>,
    /// On the wall clock.
    time: u64,
}

/// Something that waits for the store.
#[derive(Clone)]
pub enum Waiting {
    Message(Message),
    Change(Change),
}

impl Waiting {
    /// Whether a session that ends waits for it.
    pub fn holds(&self, session: u64) -> bool {
        match self {
            Self::Message(message) => message.session == session,
            Self::Change(change) => change.session == session && change.is_waited_for(),
        }
    }
}

#[derive(Clone, Default)]
pub struct Model {
    /// Who is online, and in which sessions, oldest first: at least one.
    pub here: BTreeMap<String, Vec<Session>>,
    pub rooms: BTreeMap<String, Room>,
    everyone: Room,
    pub moderators: BTreeSet<String>,
    /// The place, whether it is a mute, the target, and the end on the wall clock.
    pub bans: Vec<(Option<u64>, bool, String, Option<u64>)>,
    pub pending: VecDeque<Waiting>,
    /// All messages that are stored, in order.
    pub said: Vec<Said>,
    last_room: u64,
    /// Both clocks, in milliseconds.
    pub steady: u64,
    pub wall: u64,
    /// The number of each user's newest session.
    pub numbers: BTreeMap<String, u64>,
    /// What was heard in each session.
    pub heard: Vec<(u64, String)>,
}

pub const KEEPER: &str = "u0";

impl Model {
    pub fn room(&self, id: Option<u64>) -> Option<&Room> {
        self.rooms.values().find(|room| Some(room.id) == id)
    }

    pub fn rank(&self, who: &str, room: Option<u64>) -> Rank {
        match self.room(room).and_then(|room| room.members.get(who)) {
            _ if who == KEEPER => Rank::Keeper,
            _ if self.moderators.contains(who) => Rank::Moderator,
            Some(RoomRole::Maker) => Rank::Maker,
            Some(RoomRole::Moderator) => Rank::RoomModerator,
            _ => Rank::User,
        }
    }

    pub fn banned(&self, room: Option<u64>, mute: bool, who: &str) -> bool {
        let stands = |until: &Option<u64>| until.is_none_or(|until| self.wall < until);
        self.bans
            .iter()
            .any(|(place, kind, whom, until)| (*place, *kind) == (room, mute) && whom == who && stands(until))
    }

    /// Nobody has spoken yet.
    pub fn forget_speakers(&mut self) {
        self.rooms.values_mut().chain([&mut self.everyone]).for_each(|room| room.said.clear());
    }

    /// The store has settled what waits longest; a message gets this number.
    pub fn stored(&mut self, kept: bool, id: u64) {
        match self.pending.pop_front() {
            Some(Waiting::Message(message)) => self.message_stored(message, kept, id),
            Some(Waiting::Change(change)) => super::model_changes::settled(self, change, kept),
            None => {}
        }
    }

    fn message_stored(&mut self, message: Message, kept: bool, id: u64) {
        let Message { from, session, room, to, head, text, loud, reply, time } = message;
        let said = Said { id, from: from.clone(), room, to: to.clone(), time, text, deleted: false, reactions: vec![] };
        let quote = reply.map(|reply| {
            let answered = self.said.iter().find(|other| other.id == reply && !other.deleted);
            answered.filter(|other| other.is_beside(&said)).map(|other| format!("[{}: {}] ", other.from, other.text))
        });
        let line = format!("{head}{}", said.text);
        let plain = format!("{head}{}{}", quote.clone().flatten().unwrap_or_default(), said.text);
        let nothing_to_answer = kept && quote == Some(None);
        let (kept, code) = if nothing_to_answer { (false, "no_such_message") } else { (kept, "store_unavailable") };
        if kept {
            self.said.push(said);
        }
        let away = to.as_ref().is_some_and(|to| !self.here.contains_key(to));
        let asker = Asker { who: &from, session };
        if !kept {
            self.refuse(asker, code);
            return self.settle_leaving(session);
        }
        let hearers = match &to {
            // The sender's other sessions see it too.
            Some(to) => {
                let own = self.sessions(&from).filter(|own| from != *to && own.id != session);
                self.sessions(to).chain(own).collect()
            }
            None => self.hearers(room, (!loud).then_some(session)),
        };
        for hearer in hearers {
            self.tell_one(hearer.id, if hearer.elder { plain.clone() } else { line.clone() });
        }
        self.tell_one(session, format!("server | {from} | accepted{}", if away { " | offline" } else { "" }));
        self.settle_leaving(session);
    }

    /// A user's frame arrives.
    pub fn does(&mut self, asker: Asker<'_>, what: &Do, text: &str) {
        if self.is_heard(asker.session)
            && let Err(code) = self.try_to(asker, what, text)
        {
            self.refuse(asker, code);
        }
    }

    /// A user's frame arrives while nothing can be stored: what would change something is refused.
    pub fn does_in_vain(&mut self, asker: Asker<'_>, what: &Do, text: &str) {
        if !self.is_heard(asker.session) {
            return;
        }
        let before = self.clone();
        let code = match (self.try_to(asker, what, text), what) {
            (Err(code), _) => code,
            (Ok(()), Do::Whisper(_) | Do::Say(..) | Do::Reply(..) | Do::Change(..)) => return,
            (Ok(()), Do::Exit | Do::End(_)) => return,
            (Ok(()), Do::Join(_)) if self.rooms == before.rooms => return,
            (Ok(()), _) => {
                *self = before;
                "store_unavailable"
            }
        };
        self.refuse(asker, code);
    }

    fn try_to(&mut self, asker: Asker<'_>, what: &Do, text: &str) -> Result<(), &'static str> {
        let who = asker.who;
        match what {
            Do::Reply(said, id) => {
                self.try_to(asker, said, text)?;
                if let Some(Waiting::Message(message)) = self.pending.back_mut() {
                    message.reply = Some(*id);
                }
            }
            Do::Change(place, id, how) => {
                super::model_changes::change(self, asker, (place.as_deref(), *id), how, text)?
            }
            Do::Whisper(to) => {
                if self.rank(to, None) < Rank::Moderator {
                    self.may_be_heard(who, None)?;
                }
                self.takes(asker, (None, Some(to)), (format!("{who} | {to} | private_message | "), text), true);
            }
            Do::Say(place, loud) => {
                let room = self.place(place.as_deref())?;
                if room.is_some_and(|_| !self.room(room).is_some_and(|it| it.members.contains_key(who))) {
                    return Err("not_in_room");
                }
                self.may_speak(who, room)?;
                let op = if *loud { "broadcast" } else { "broadcast_not_me" };
                let to = place.as_deref().unwrap_or("all clients");
                self.takes(asker, (room, None), (format!("{who} | {to} | {op} | "), text), *loud);
            }
            Do::Join(name) => self.joins(who, name)?,
            Do::Leave(name) => {
                let room = self.place(Some(name))?;
                if !self.rooms[name].members.contains_key(who) {
                    return Err("not_in_room");
                }
                self.tell(who, &format!("server | {name} | left | {who}"));
                self.take_out(room, who, false);
            }
            Do::Exit => self.exits(asker.session),
            Do::End(number) => self.ends_own(asker, *number)?,
            Do::Act(verb, place, whom, seconds) => {
                super::model_moderation::act(self, asker, (verb, place.as_deref()), whom, *seconds)?
            }
        }
        Ok(())
    }

    fn takes(
        &mut self,
        Asker { who, session }: Asker<'_>,
        (room, to): (Option<u64>, Option<&String>),
        (head, text): (String, &str),
        loud: bool,
    ) {
        let (from, to, text, time) = (who.to_owned(), to.cloned(), text.to_owned(), self.wall);
        let message = Message { from, session, room, to, head, text, loud, reply: None, time };
        self.pending.push_back(Waiting::Message(message));
    }

    fn joins(&mut self, who: &str, name: &str) -> Result<(), &'static str> {
        let role = match self.rooms.get(name) {
            Some(room) if room.members.contains_key(who) => return Ok(()),
            Some(room) if self.banned(Some(room.id), false, who) && self.rank(who, None) < Rank::Moderator => {
                return Err("banned");
            }
            Some(_) => RoomRole::Member,
            None => {
                self.last_room += 1;
                self.rooms.insert(name.to_owned(), Room { id: self.last_room, ..Room::default() });
                RoomRole::Maker
            }
        };
        self.tell_all(Some(self.rooms[name].id), None, &format!("server | {name} | joined | {who}"));
        self.rooms.get_mut(name).unwrap().members.insert(who.to_owned(), role);
        Ok(())
    }

    /// The number of an existing room; `None` is the whole server.
    pub fn place(&self, name: Option<&str>) -> Result<Option<u64>, &'static str> {
        name.map_or(Ok(None), |name| self.rooms.get(name).map(|room| Some(room.id)).ok_or("no_such_room"))
    }

    pub fn modes(&mut self, room: Option<u64>) -> &mut Room {
        self.rooms.values_mut().find(|it| Some(it.id) == room).unwrap_or(&mut self.everyone)
    }

    /// Moderators of the server cannot be silenced.
    pub fn may_be_heard(&self, who: &str, room: Option<u64>) -> Result<(), &'static str> {
        let muted = self.banned(None, true, who) || room.is_some() && self.banned(room, true, who);
        if muted && self.rank(who, None) < Rank::Moderator { Err("muted") } else { Ok(()) }
    }

    pub fn may_speak(&mut self, who: &str, room: Option<u64>) -> Result<(), &'static str> {
        self.may_be_heard(who, room)?;
        let (above, steady) = (self.rank(who, room) > Rank::User, self.steady);
        let modes = self.modes(room);
        if above || !modes.read_only && modes.slow == 0 {
            return Ok(());
        }
        if modes.read_only {
            return Err("read_only");
        }
        if modes.said.get(who).is_some_and(|last| steady - last < modes.slow * 1000) {
            return Err("slow_mode");
        }
        modes.said.insert(who.to_owned(), steady);
        Ok(())
    }

    /// A user leaves a room; they are told themselves if they were removed.
    pub fn take_out(&mut self, room: Option<u64>, who: &str, told: bool) {
        let name = self.rooms.iter().find(|(_, it)| Some(it.id) == room).unwrap().0.clone();
        let it = self.rooms.get_mut(&name).unwrap();
        it.members.remove(who);
        let empty = it.members.is_empty();
        let line = format!("server | {name} | left | {who}");
        self.tell_all(room, None, &line);
        if told {
            self.tell(who, &line);
        }
        if empty {
            self.rooms.remove(&name);
            self.said.retain(|said| said.room != room);
            self.bans.retain(|(place, ..)| *place != room);
        }
    }

    pub fn set_ban(&mut self, room: Option<u64>, mute: bool, whom: &str, seconds: u64) {
        self.lift(room, mute, whom);
        let until = (seconds > 0).then(|| self.wall + seconds * 1000);
        self.bans.push((room, mute, whom.to_owned(), until));
    }

    pub fn lift(&mut self, room: Option<u64>, mute: bool, whom: &str) -> bool {
        let before = self.bans.len();
        self.bans.retain(|(place, kind, who, _)| (*place, *kind, who.as_str()) != (room, mute, whom));
        before > self.bans.len()
    }

    pub fn slows(&mut self, room: Option<u64>, seconds: u64) {
        let modes = self.modes(room);
        modes.slow = seconds;
        modes.said.clear();
    }

    /// An act is in the moderation log: its answer goes to the session that asked, and the others hear of it.
    pub fn acted(&mut self, by: Asker<'_>, room: Option<u64>, place: &str, data: &str) {
        let line = format!("{} | {place} | act | {data} why", by.who);
        self.tell_one(by.session, line.clone());
        self.tell_all(room, Some(by.session), &line);
    }
}
