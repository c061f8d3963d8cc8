//! Random stories: six users in up to three sessions each, three rooms, answers, edits, deletions and reactions, broken
//! connections, clients that come back, slow readers, clock jumps, a full disk, a server that dies. After every step every
//! session has heard what the model says, once and in its order, and what is stored is what was accepted.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tr2::model::Origin;
use tr2::model::Timestamp;
use tr2::protocol::Dialect;
use tr2::server::broker::Input;
use tr2::server::broker::rules::Rules;
use tr2::server::ids::ConnId;
use tr2::server::store::api::{Job, Receipt, Update};

use super::model::{Do, KEEPER, Model};
use super::model_changes::{How, Said};
use super::model_sessions::{Asker, Session};
use super::mutated::told;
use super::simple_store::SimpleStore;
use crate::chance::Chance;
use crate::world::{Round, World, address, key_of, name, owner};

const STEPS: usize = 1000;
const STORIES: u64 = 200;
const LONG_STORIES: u64 = 10_000;

pub const PEOPLE: [&str; 6] = [KEEPER, "u1", "u2", "u3", "u4", "u5"];
/// Users of whose clients some do not know answers, edits and reactions.
const ELDERS: [&str; 2] = ["u1", "u4"];
/// The clients of a user, as often as each is chosen: the first is used most.
const CLIENTS: [usize; 6] = [0, 0, 0, 1, 1, 2];
/// For how long messages may be changed: the clock jumps further than that.
pub const EDIT_TIME: Duration = Duration::from_secs(1800);
const WORDS: [&str; 7] = ["+1", "ok", "a", "b", "c", "d", "e"];
const ROOMS: [&str; 3] = ["#ax", "#by", "#cz"];

/// Bytes that may wait for a user before they count as too slow.
const PATIENCE: usize = 2000;

/// One client of a user, with a token of its own.
type Client = (&'static str, usize);

struct Story {
    world: World<SimpleStore>,
    model: Model,
    chance: Chance,
    /// Whose connections there are.
    conns: BTreeMap<ConnId, Client>,
    /// Frames on their way to the server, in order for each connection.
    lines: BTreeMap<ConnId, VecDeque<(Do, String)>>,
    /// Bytes on their way to a client.
    unread: BTreeMap<ConnId, usize>,
    /// Jobs that the store has not done yet.
    waiting: VecDeque<Job>,
    said: usize,
    log: Vec<String>,
    /// How often each kind of line was heard.
    kinds: BTreeMap<String, usize>,
}

impl Story {
    fn new(seed: u64) -> Self {
        let rules = Rules {
            max_connections: 1000,
            own_uid: 42,
            moderators: vec![name(KEEPER)],
            edit_time: EDIT_TIME,
            ..Rules::default()
        };
        // All users are known and verified; one was made a moderator.
        let mut simple_store = SimpleStore::default();
        for who in PEOPLE {
            simple_store.does(Job::Keep(Update::Own(owner(who))));
            simple_store.does(Job::Know(name(who)));
        }
        let granted = tr2::server::broker::moderation::facts::moderator(&name("u1"), true);
        simple_store.does(Job::Keep(Update::Fact(granted)));
        let world = World::new(rules, simple_store.beginning(), simple_store);
        let mut model = Model::default();
        model.wall = u64::try_from(world.now.wall.0).unwrap();
        model.moderators.insert("u1".to_owned());
        Self {
            world,
            model,
            chance: Chance(seed),
            conns: BTreeMap::new(),
            lines: BTreeMap::new(),
            unread: BTreeMap::new(),
            waiting: VecDeque::new(),
            said: 0,
            log: Vec::new(),
            kinds: BTreeMap::new(),
        }
    }

    fn somebody(&mut self) -> &'static str {
        PEOPLE[self.chance.below(PEOPLE.len())]
    }

    /// The newest connection of a client: one that has come back may not have ended its last one yet.
    fn conn_of(&self, client: Client) -> Option<ConnId> {
        self.conns.iter().rev().find(|(_, other)| **other == client).map(|(conn, _)| *conn)
    }

    fn place(&mut self) -> Option<String> {
        let at = self.chance.below(ROOMS.len() + 1);
        ROOMS.get(at).map(|room| (*room).to_owned())
    }

    fn whim(&mut self, who: &str) -> Do {
        let whom = self.somebody().to_owned();
        let room = ROOMS[self.chance.below(ROOMS.len())].to_owned();
        match self.chance.below(38) {
            0..7 => Do::Say(self.place(), self.chance.below(2) == 0),
            7..9 => Do::Whisper(whom),
            9 => Do::Reply(Box::new(Do::Say(self.place(), self.chance.below(2) == 0)), self.some_message()),
            24 => Do::Reply(Box::new(Do::Whisper(whom)), self.some_message()),
            25..36 => self.some_change(who, whom),
            10..14 => Do::Join(room),
            14 => Do::Leave(room),
            36 if self.chance.below(2) == 0 => Do::Exit,
            36 | 37 => Do::End(self.chance.below(5) as u64 + 1),
            _ => {
                let verbs = [
                    "kick",
                    "ban",
                    "unban",
                    "unban",
                    "mute",
                    "unmute",
                    "unmute",
                    "slow_mode",
                    "slow_mode",
                    "read_only",
                    "read_only",
                    "allow_calls",
                    "announce",
                    "grant",
                    "grant",
                    "revoke",
                ];
                let verb = verbs[self.chance.below(verbs.len())];
                let (place, whom) = match self.lifted(verb) {
                    Some((place, whom)) if self.chance.below(2) == 0 => (place, whom),
                    _ => (self.place(), whom),
                };
                // A keeper by configuration stays keeper, whatever rights they give up.
                let own = verb == "revoke" && who == KEEPER && whom == KEEPER;
                Do::Act(if own { "announce" } else { verb }, place, whom, [0, 0, 3, 20, 200][self.chance.below(5)])
            }
        }
    }

    /// What there is to lift: where, and from whom.
    fn lifted(&self, verb: &str) -> Option<(Option<String>, String)> {
        let is_it = |mute: bool| if mute { verb == "unmute" } else { verb == "unban" };
        let (id, _, whom, _) = self.model.bans.iter().find(|(_, mute, ..)| is_it(*mute))?;
        let room = self.model.rooms.iter().find(|(_, room)| Some(room.id) == *id);
        Some((room.map(|(name, _)| name.clone()), whom.clone()))
    }

    /// A message: the first that there is, so that some things happen to it often, or one of the latest.
    fn some_message(&mut self) -> u64 {
        let (first, back) = (self.chance.below(3) == 0, self.chance.below(6));
        let said = &self.model.said;
        let said = if first { said.first() } else { said.iter().rev().nth(back) };
        said.map_or(17, |said| said.id)
    }

    /// A change of a message, mostly where it was said.
    fn some_change(&mut self, who: &str, whom: String) -> Do {
        // One user reacts to one message again and again, until that is too much.
        let fond = who == KEEPER && self.chance.below(4) > 0;
        let first = self.model.said.iter().find(|said| said.to.is_none() && said.room.is_none() && !said.deleted);
        let id = first.filter(|_| fond).map(|said| said.id);
        let id = id.unwrap_or_else(|| self.some_message());
        let said = self.model.said.iter().find(|said| said.id == id).cloned();
        let said = said.as_ref();
        let room = said.and_then(|said| self.model.rooms.iter().find(|(_, room)| Some(room.id) == said.room));
        let other = |said: &Said| said.to.clone().map(|to| if to == who { said.from.clone() } else { to });
        let there = room.map(|(name, _)| name.clone()).or_else(|| other(said?));
        let place = match self.chance.below(8) {
            _ if fond => there,
            0 => self.place(),
            1 => Some(whom.clone()),
            _ => there,
        };
        let word = WORDS[self.chance.below(WORDS.len())];
        let unused = |word: &&&str| said.is_some_and(|said| !said.reactions.contains(&(who.to_owned(), **word)));
        let word = WORDS.iter().find(unused).filter(|_| fond).copied().unwrap_or(word);
        let how = match self.chance.below(16) {
            _ if fond => How::React(word),
            0..4 => How::Edit,
            4 => How::Retract,
            5..12 => How::React(word),
            12 => How::Unreact(word),
            13 => How::Delete,
            14 => How::Remove(word, None),
            _ => How::Remove(word, Some(whom)),
        };
        // Moderators do nothing in what two users say to each other.
        let private = place.as_ref().is_some_and(|place| !place.starts_with('#'));
        let acts = matches!(how, How::Delete | How::Remove(..));
        Do::Change(place.filter(|_| !(private && acts)), id, how)
    }

    fn frame(&self, what: &Do, text: &str) -> String {
        let on = |seconds: &u64| if *seconds > 0 { "on" } else { "off" };
        match what {
            Do::Reply(said, id) => format!("@reply={id} {}", self.frame(said, text)),
            Do::Change(place, id, how) => {
                format!("x | {} | {}", place.as_deref().unwrap_or("all clients"), how.request(*id, text))
            }
            Do::Whisper(to) => format!("x | {to} | private_message | {text}"),
            Do::Say(place, loud) => {
                let op = if *loud { "broadcast" } else { "broadcast_not_me" };
                format!("x | {} | {op} | {text}", place.as_deref().unwrap_or("all clients"))
            }
            Do::Join(room) => format!("x | {room} | join_room"),
            Do::Leave(room) => format!("x | {room} | leave_room"),
            Do::Exit => "x | server | exit".to_owned(),
            Do::End(number) => format!("x | server | end_session | {number}"),
            Do::Act(verb, place, whom, seconds) => {
                let time = if *seconds > 0 { format!(" for={seconds}s") } else { String::new() };
                let data = match *verb {
                    "ban" | "mute" => format!("{whom}{time}"),
                    "slow_mode" => seconds.to_string(),
                    "read_only" | "allow_calls" => on(seconds).to_owned(),
                    "announce" => String::new(),
                    _ => whom.clone(),
                };
                let data = format!("{data} why");
                format!("x | {} | {verb} | {}", place.as_deref().unwrap_or("all clients"), data.trim())
            }
        }
    }

    fn step(&mut self) {
        let who = self.somebody();
        let here: Vec<ConnId> =
            self.conns.iter().filter(|(_, client)| client.0 == who).map(|(conn, _)| *conn).collect();
        let conn = if here.is_empty() { None } else { Some(here[self.chance.below(here.len())]) };
        match self.chance.below(100) {
            0..10 => {
                let client = CLIENTS[self.chance.below(CLIENTS.len())];
                self.comes((who, client));
            }
            10..43 => {
                let what = self.whim(who);
                self.said += 1;
                let text = format!("said {}", self.said);
                if let Some(conn) = conn {
                    self.lines.entry(conn).or_default().push_back((what, text));
                }
            }
            43..75 => {
                if let Some(conn) = conn
                    && let Some((what, text)) = self.lines.get_mut(&conn).and_then(VecDeque::pop_front)
                {
                    let frame = self.frame(&what, &text);
                    self.log.push(format!("{who} by {}> {frame}", conn.0));
                    let asker = Asker { who, session: conn.0 };
                    if self.world.keeper.fails {
                        self.model.does_in_vain(asker, &what, &text);
                    } else {
                        self.model.does(asker, &what, &text);
                    }
                    self.says(conn, &frame);
                }
            }
            75..77 => conn.into_iter().for_each(|conn| self.cut(conn, "connection lost")),
            77..83 => self.unread.clear(),
            83..86 => self.passes(),
            86..88 => {
                self.log.push("tick".to_owned());
                self.model.ticks();
                self.input(Input::Tick);
            }
            88..89 if self.chance.below(3) == 0 => self.restarts(),
            89..91 => self.world.keeper.fails = self.chance.below(8) == 0,
            _ => self.stores(),
        }
        // A client that does not read is cut.
        let slow = self.unread.iter().filter(|(_, bytes)| **bytes > PATIENCE).map(|(conn, _)| *conn);
        slow.collect::<Vec<_>>().into_iter().for_each(|conn| self.cut(conn, "slow consumer"));
    }

    fn says(&mut self, conn: ConnId, frame: &str) {
        self.input(Input::Received(conn, tr2::protocol::Request::parse(frame.as_bytes())));
    }

    /// A client joins. Sometimes it has lost a connection of which the server does not know that yet.
    fn comes(&mut self, client: Client) {
        if self.conn_of(client).is_some() && self.chance.below(20) > 0 {
            return;
        }
        let (who, number) = client;
        let conn = self.world.connect(Origin::Tls(address(9)), Some(key_of(who)), Dialect::Tr226);
        self.log.push(format!("{client:?} comes by {}", conn.0));
        self.conns.insert(conn, client);
        let elder = ELDERS.contains(&who) && self.chance.below(3) > 0;
        if !elder {
            self.says(conn, "x | server | capabilities | reply edit react");
        }
        self.says(conn, &format!("x | server | session | {:032x}", number + 1));
        self.model.comes(who, Session::new(conn.0, number, elder));
        self.says(conn, &format!("x | server | name | {who}"));
    }

    fn cut(&mut self, conn: ConnId, why: &'static str) {
        self.log.push(format!("{:?} is cut, by {}: {why}", self.conns.remove(&conn), conn.0));
        self.lines.remove(&conn);
        self.unread.remove(&conn);
        self.model.goes(conn.0);
        self.input(Input::Disconnected(conn, why));
    }

    /// Time passes, and the wall clock may be set.
    fn passes(&mut self) {
        let pause = [10, 700, 3000, 25_000][self.chance.below(4)];
        let jump = if self.chance.below(5) == 0 { [-3_600_000, 3_600_000][self.chance.below(2)] } else { 0 };
        self.log.push(format!("{pause} ms go by, and {jump}"));
        // The server looks at its clock once a second.
        for second in 0..=pause / 1000 {
            let part = if second < pause / 1000 { 1000 } else { pause % 1000 };
            let now = &mut self.world.now;
            now.steady = now.steady.after(Duration::from_millis(part));
            now.wall = Timestamp(now.wall.0 + i64::try_from(part).unwrap() + if second == 0 { jump } else { 0 });
            (self.model.steady, self.model.wall) =
                (u64::try_from(now.steady.0).unwrap(), u64::try_from(now.wall.0).unwrap());
            if part == 1000 {
                self.model.ticks();
                self.input(Input::Tick);
            }
        }
    }

    /// The store does a job.
    fn stores(&mut self) {
        let Some(job) = self.waiting.pop_front() else { return };
        let kept = !self.world.keeper.fails;
        self.log.push(format!("stored: {kept}"));
        self.settle(&job, kept);
        let answer = self.world.keeper.does(job).unwrap();
        if let Input::Stored(Receipt { outcomes, .. }) = &answer {
            assert!(outcomes.iter().all(|it| (*it == tr2::server::store::api::Outcome::Unavailable) != kept));
        }
        self.input(answer);
    }

    /// The model settles what a job is about.
    fn settle(&mut self, job: &Job, kept: bool) {
        match job {
            Job::Append(records) => records.iter().for_each(|record| self.model.stored(kept, record.id.0)),
            _ => self.model.stored(kept, 0),
        }
    }

    fn restarts(&mut self) {
        self.log.push("restart".to_owned());
        // Some waiting jobs reached the disk, but nobody was told.
        for _ in 0..self.chance.below(3) {
            if let Some(job) = self.waiting.pop_front() {
                self.settle(&job, !self.world.keeper.fails);
                self.world.keeper.does(job);
            }
        }
        self.waiting.clear();
        self.conns.clear();
        self.lines.clear();
        self.unread.clear();
        self.model.restarts();
        self.model.heard();
        let beginning = self.world.keeper.beginning();
        self.world.restart(beginning);
    }

    fn input(&mut self, input: Input) {
        self.world.broker.handle(self.world.now, input, &mut self.world.outbox);
        let mut jobs = VecDeque::from(std::mem::take(&mut self.world.outbox.jobs));
        while let Some(job) = jobs.pop_front() {
            match job {
                Job::Append(_) | Job::Change(_) | Job::Delete(_) => self.waiting.push_back(job),
                Job::Promise(_) => {
                    let answer = self.world.keeper.does(job).unwrap();
                    self.world.broker.handle(self.world.now, answer, &mut self.world.outbox);
                    jobs.extend(std::mem::take(&mut self.world.outbox.jobs));
                }
                job => drop(self.world.keeper.does(job)),
            }
        }
        let mut round = Round::default();
        self.world.hand_out(&mut round);
        let mut expected: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        for (session, line) in self.model.heard() {
            expected.entry(session).or_default().push(line);
        }
        let mut heard: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        let mut gone = Vec::new();
        for (conn, bytes, closing) in &round.heard {
            let Some((who, _)) = self.conns.get(conn) else {
                assert!(bytes.is_empty(), "somebody who is gone hears something");
                continue;
            };
            *self.unread.entry(*conn).or_default() += bytes.len();
            let lines: Vec<String> = round.of(*conn).filter_map(essence).collect();
            for line in &lines {
                *self.kinds.entry(kind_of(line, who)).or_default() += 1;
            }
            if !lines.is_empty() {
                heard.insert(conn.0, lines);
            }
            gone.extend(closing.then_some(*conn));
        }
        assert_eq!(heard, expected, "{:#?}", &self.log[self.log.len().saturating_sub(40)..]);
        for conn in gone {
            self.conns.remove(&conn);
            self.lines.remove(&conn);
            self.unread.remove(&conn);
            self.input(Input::Disconnected(conn, "connection closed"));
        }
    }
}

/// A line without tags and without the text of a refusal; `None` for lines that only describe the present state.
fn essence(line: &str) -> Option<String> {
    let fields = if line.starts_with('@') { line.split_once(' ')?.1 } else { line };
    let mut parts = fields.splitn(4, " | ");
    let (sender, to, operation, data) = (parts.next()?, parts.next()?, parts.next()?, parts.next().unwrap_or(""));
    match operation {
        "refused" => Some(format!("{sender} | {to} | refused | {}", data.split(' ').next()?)),
        "private_message" if sender == "server" => None,
        "broadcast" | "broadcast_not_me" | "private_message" | "act" | "accepted" | "joined" | "left" | "edited"
        | "deleted" | "reacted" | "exit" | "end_session" => Some(fields.to_owned()),
        "room" | "connection_confirmation" | "moderator" | "demoted" | "ping" | "pong" | "name" => None,
        other => panic!("what is {other}: {line}"),
    }
}

/// The operation of a line that a user hears, with the verb or the code where it has one.
fn kind_of(line: &str, who: &str) -> String {
    let mut fields = line.split(" | ");
    let (sender, to) = (fields.next().unwrap(), fields.next().unwrap());
    let operation = fields.next().unwrap();
    match operation {
        // The user said it in another session.
        "broadcast_not_me" | "private_message" if sender == who && to != who => format!("own {operation}"),
        "act" | "refused" => format!("{operation} {}", fields.next().unwrap().split(' ').next().unwrap()),
        _ => operation.to_owned(),
    }
}

/// The lines that all stories together must produce to be meaningful.
const KINDS: [&str; 48] = [
    "accepted",
    "act allow_calls",
    "act announce",
    "act ban",
    "act delete",
    "act grant",
    "act kick",
    "act mute",
    "act read_only",
    "act remove_reaction",
    "act revoke",
    "act slow_mode",
    "act unban",
    "act unmute",
    "broadcast",
    "broadcast_not_me",
    "deleted",
    "edited",
    "end_session",
    "exit",
    "joined",
    "left",
    "own broadcast_not_me",
    "own private_message",
    "private_message",
    "reacted",
    "refused bad_room",
    "refused banned",
    "refused kicked",
    "refused elsewhere",
    "refused muted",
    "refused no_such_ban",
    "refused no_such_message",
    "refused no_such_reaction",
    "refused no_such_room",
    "refused no_such_session",
    "refused not_allowed",
    "refused not_in_room",
    "refused not_moderator",
    "refused not_yours",
    "refused read_only",
    "refused slow_mode",
    "refused store_unavailable",
    "refused no_such_user",
    "refused taken_over",
    "refused too_late",
    "refused too_many_reactions",
    "refused too_slow",
];

fn play(seed: u64) -> BTreeMap<String, usize> {
    let mut story = Story::new(seed);
    for _ in 0..STEPS {
        story.step();
    }
    let everyone = story.model.said.iter().filter(|said| said.room.is_none() && said.to.is_none());
    let accepted: Vec<&String> = everyone.map(|said| &said.text).collect();
    let simple_store = story.world.keeper.texts();
    assert_eq!(
        accepted,
        simple_store.iter().collect::<Vec<_>>(),
        "what is kept is what was accepted, once, in its order, as it was last changed"
    );
    for said in &story.model.said {
        let reactions: Vec<(String, String)> =
            said.reactions.iter().map(|(who, word)| (who.clone(), (*word).to_owned())).collect();
        let kept = story.world.keeper.reactions(said.id);
        assert!(kept.as_ref().is_none_or(|kept| *kept == reactions), "{said:?}: {kept:?}");
    }
    story.kinds
}

// B14 and B15, T7, T16, T25, T31: 10,000 stories of 1,000 steps, compared with the model after each step.
#[test]
fn ten_thousand_random_stories_match_the_model() {
    if let Some(seed) = super::seed() {
        return println!("story {seed}: {:?}", play(seed));
    }
    let stories = if super::long() { LONG_STORIES } else { STORIES };
    let begun = std::time::Instant::now();
    let halves = [0, 1].map(|half| {
        std::thread::spawn(move || {
            (0..stories).filter(|seed| seed % 2 == half).map(|seed| told(seed, play)).collect::<Vec<_>>()
        })
    });
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, count) in halves.into_iter().flat_map(|half| half.join().unwrap()).flatten() {
        *kinds.entry(kind).or_default() += count;
    }
    println!("{stories} stories of {STEPS} steps in {:?}: {kinds:?}", begun.elapsed());
    let missing: Vec<&str> = KINDS.into_iter().filter(|kind| !kinds.contains_key(*kind)).collect();
    assert!(missing.is_empty(), "never heard: {missing:?}");
}

// B14: the same seed plays the same story.
#[test]
fn a_story_is_reproducible_from_its_seed() {
    let log = || {
        let mut story = Story::new(7);
        (0..STEPS).for_each(|_| story.step());
        story.log
    };
    assert_eq!(log(), log());
}
