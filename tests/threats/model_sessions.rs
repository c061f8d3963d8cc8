//! Sessions in the model: how a user's begin and end, and what is heard in each of them.

use tr2::model::Rank;

use super::model::Model;

/// A user's presence over one connection.
#[derive(Clone, Copy)]
pub struct Session {
    /// The number of its connection.
    pub id: u64,
    /// Which of the user's clients it belongs to: one that comes back ends the session that it lost.
    pub client: usize,
    /// Its number among the user's own, counted since the user came online.
    number: u64,
    /// Whether that client knows no answers, edits and reactions.
    pub elder: bool,
    /// When something was last heard in it, in milliseconds of the steady clock.
    heard: u64,
    /// Whether its connection is gone while something that it asked for is not stored yet.
    leaving: bool,
    /// Whether the user has left in it, and hears the end of it once all that it asked for is stored.
    exits: bool,
}

/// Who asks for something, and in which session.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    pub who: &'a str,
    pub session: u64,
}

impl Session {
    pub fn new(id: u64, client: usize, elder: bool) -> Self {
        Self { id, client, number: 0, elder, heard: 0, leaving: false, exits: false }
    }
}

impl Model {
    // --- what is heard

    /// What was heard in each session since this was called last, in order.
    pub fn heard(&mut self) -> Vec<(u64, String)> {
        std::mem::take(&mut self.heard)
    }

    /// A line is heard in one session, if it is still there.
    pub fn tell_one(&mut self, session: u64, line: String) {
        if self.session(session).is_some_and(|(_, it)| !it.leaving) {
            self.heard.push((session, line));
        }
    }

    /// A line is heard in all sessions of a user.
    pub fn tell(&mut self, who: &str, line: &str) {
        let sessions: Vec<u64> = self.sessions(who).map(|session| session.id).collect();
        sessions.into_iter().for_each(|session| self.tell_one(session, line.to_owned()));
    }

    /// A line is heard by everyone in a place, except in one session.
    pub fn tell_all(&mut self, room: Option<u64>, except: Option<u64>, line: &str) {
        let hearers = self.hearers(room, except);
        hearers.into_iter().for_each(|session| self.tell_one(session.id, line.to_owned()));
    }

    /// A session is refused what it asked for.
    pub fn refuse(&mut self, asker: Asker<'_>, code: &str) {
        self.tell_one(asker.session, format!("server | {} | refused | {code}", asker.who));
    }

    /// The sessions of everyone in a place, except one.
    pub fn hearers(&self, room: Option<u64>, except: Option<u64>) -> Vec<Session> {
        let there = |who: &String| room.is_none() || self.room(room).is_some_and(|it| it.members.contains_key(who));
        let sessions = self.here.iter().filter(|(who, _)| there(who)).flat_map(|(_, sessions)| sessions);
        sessions.filter(|session| Some(session.id) != except).copied().collect()
    }

    /// The sessions of a user, oldest first.
    pub fn sessions(&self, who: &str) -> impl Iterator<Item = Session> + '_ {
        self.here.get(who).into_iter().flatten().copied()
    }

    fn session(&mut self, id: u64) -> Option<(String, &mut Session)> {
        let all = self.here.iter_mut().flat_map(|(who, sessions)| sessions.iter_mut().map(move |it| (who, it)));
        all.into_iter().find(|(_, session)| session.id == id).map(|(who, session)| (who.clone(), session))
    }

    /// Something is heard in a session. `false` if it is not there any more, or its user has left.
    pub fn is_heard(&mut self, id: u64) -> bool {
        let steady = self.steady;
        let session = self.session(id).filter(|(_, session)| !session.exits);
        session.map(|(_, session)| session.heard = steady).is_some()
    }

    // --- how they begin and end

    /// A session begins, or is told why not. The others hear only of the user's first.
    pub fn comes(&mut self, who: &str, session: Session) {
        if self.banned(None, false, who) && self.rank(who, None) < Rank::Moderator {
            return self.heard.push((session.id, "server | client | refused | banned".to_owned()));
        }
        let lost = self.sessions(who).find(|other| other.client == session.client);
        if let Some(lost) = lost {
            self.refuse(Asker { who, session: lost.id }, "elsewhere");
            self.forget(lost.id);
        }
        let beside = self.here.contains_key(who);
        // A user may have entered a room thanks to rights that they no longer have.
        let above = self.rank(who, None) >= Rank::Moderator;
        let entered = self.rooms.values().filter(|room| room.members.contains_key(who)).map(|room| room.id);
        let out: Vec<u64> = entered.filter(|room| !above && self.banned(Some(*room), false, who)).collect();
        out.into_iter().for_each(|room| self.take_out(Some(room), who, beside));
        let number = self.numbers.entry(who.to_owned()).or_default();
        *number += 1;
        let session = Session { number: *number, heard: self.steady, ..session };
        self.here.entry(who.to_owned()).or_default().push(session);
        if lost.is_none() && !beside {
            self.tell_all(None, Some(session.id), &format!("server | all clients | joined | {who}"));
        }
    }

    /// The connection of a session breaks; the session ends once what it asked for is settled.
    pub fn goes(&mut self, id: u64) {
        if let Some((_, session)) = self.session(id) {
            session.leaving = true;
        }
        self.settle_leaving(id);
    }

    /// A user leaves, in one session.
    pub fn exits(&mut self, id: u64) {
        if let Some((_, session)) = self.session(id) {
            session.exits = true;
        }
        self.settle_leaving(id);
    }

    /// A user ends another session.
    pub fn ends_own(&mut self, asker: Asker<'_>, number: u64) -> Result<(), &'static str> {
        let Some(other) = self.sessions(asker.who).find(|session| session.number == number) else {
            return Err("no_such_session");
        };
        if other.id == asker.session {
            return Err("not_allowed");
        }
        self.refuse(Asker { session: other.id, ..asker }, "taken_over");
        self.ends(other.id);
        self.tell_one(asker.session, format!("server | {} | end_session | {number}", asker.who));
        Ok(())
    }

    pub fn settle_leaving(&mut self, id: u64) {
        let Some((who, session)) = self.session(id) else { return };
        let (leaves, exits) = (session.leaving, session.exits);
        if !(leaves || exits) || self.pending.iter().any(|it| it.holds(id)) {
            return;
        }
        if exits {
            self.tell_one(id, format!("server | {who} | exit | client disconnected"));
        }
        self.ends(id);
    }

    /// A session ends. The others hear of it if it was the user's last one.
    fn ends(&mut self, id: u64) {
        if let Some(who) = self.forget(id).filter(|who| !self.here.contains_key(who)) {
            self.tell_all(None, None, &format!("server | all clients | left | {who}"));
        }
    }

    /// Forgets a session; whose it was.
    fn forget(&mut self, id: u64) -> Option<String> {
        let (who, _) = self.session(id)?;
        let sessions = self.here.get_mut(&who)?;
        sessions.retain(|session| session.id != id);
        if sessions.is_empty() {
            self.here.remove(&who);
            self.numbers.remove(&who);
        }
        Some(who)
    }

    /// A user is removed from the server, in all sessions.
    pub fn expels(&mut self, who: &str, code: &str) {
        let sessions: Vec<u64> = self.sessions(who).map(|session| session.id).collect();
        for session in sessions {
            self.refuse(Asker { who, session }, code);
            self.ends(session);
        }
    }

    /// A tick: bans expire, and sessions that were silent for too long are cut.
    pub fn ticks(&mut self) {
        let (wall, steady) = (self.wall, self.steady);
        self.bans.retain(|(.., until)| until.is_none_or(|until| wall < until));
        let is_late = |session: &&Session| !session.leaving && !session.exits && steady - session.heard >= 90_000;
        let late = |(who, sessions): (&String, &Vec<Session>)| {
            sessions.iter().filter(is_late).map(|session| (session.id, who.clone())).collect::<Vec<_>>()
        };
        let mut late: Vec<(u64, String)> = self.here.iter().flat_map(late).collect();
        late.sort();
        for (session, who) in late {
            self.refuse(Asker { who: &who, session }, "too_slow");
            self.ends(session);
        }
    }

    /// The server dies and restarts; unstored messages and all connections are lost.
    pub fn restarts(&mut self) {
        (self.here, self.numbers, self.pending) = Default::default();
        self.forget_speakers();
    }
}
