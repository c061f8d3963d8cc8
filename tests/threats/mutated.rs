//! Ten million mutated inputs through the decoder and the broker, from connections of every rank: nothing panics,
//! nobody is heard under another name, no frame comes without a cause, and nothing is done without the rank for it.
//!
//! The test compares what the broker does with a book of ranks of its own, made only from what was done before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use tr2::model::{Name, Rank, RoomRole};
use tr2::protocol::lines;
use tr2::protocol::packet;
use tr2::protocol::words::op;
use tr2::protocol::{Command, Lines, Refusal, Request, SessionCommand, Verb};
use tr2::server::broker::Input;
use tr2::server::broker::rooms::facts::{self, RoomFact};
use tr2::server::ids::ConnId;
use tr2::server::store::api::{Alteration, Job, LoggedAct, ReactionRemoval, Recipient, Update};

use tr2::model::Origin;
use tr2::protocol::Dialect;

use crate::chance::Chance;
use crate::world::{Round, Willing, World, cast, people};

/// Inputs of one world. Each world starts afresh, so that its seed reproduces it.
const INPUTS: usize = 2000;
const WORLDS: usize = 24;
const LONG_WORLDS: usize = 5000;

/// The operations that a client can request: all that the decoder knows as a request.
static OPERATIONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let asked = |operation: &&str| {
        let request = Request::parse(format!("x | server | {operation} | no data").as_bytes());
        !matches!(request, Ok(Request { command: Command::Unknown(_), .. }))
    };
    op::ALL.iter().copied().filter(asked).collect()
});

const PLACES: [&str; 7] = ["all clients", "#ops", "server", "#den", "#secret", "userp1", "#o\u{440}s"];

const DATA: [&str; 37] = [
    "reply edit react",
    "reply edit react calls",
    "id=01010101010101010101010101010101 what=chat,video key=SHA256:dXNlcnAxAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "id=02020202020202020202020202020202 what=chat key=SHA256:dXNlcnAxAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "id=01010101010101010101010101010101 yes key=SHA256:dXNlcnAxAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "id=01010101010101010101010101010101 no busy",
    "id=02020202020202020202020202020202 done",
    "leg=01010101010101010101010101010101",
    "5 +1",
    "5 +1 userp1 why",
    "5 +1 - why",
    "5 another text\\nof two lines",
    "since=3 limit=2",
    "",
    "no data",
    "hello",
    "userp1 why",
    "helperp2 for=10m why",
    "moderatorp1 why",
    "keeperp1 why",
    "on why",
    "off why",
    "1 why",
    "3 why",
    "limit=5 before=9",
    "private",
    "in=5m why",
    "off",
    "10.1.0.0/16 why",
    "uid:1001 for=1s why",
    "right",
    "userp2",
    "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA why",
    "userp1 dry-run",
    "0 why",
    "\\n\\r\\\\ a | b | c | d",
    "x | all clients | kick | userp1",
];

/// Pieces that try to change the meaning of a frame.
const SPLICES: [&[u8]; 14] = [
    b" | ",
    b"\n",
    b"\r",
    b"\0",
    b"@id=1;ref=2 ",
    b"@",
    b";ref=",
    b"\\n",
    "\u{202e}".as_bytes(),
    "\u{2028}".as_bytes(),
    b"\xc2\x85",
    b"\xff",
    b"\x1b]0;x\x07",
    b"server | all clients | broadcast | server closed",
];

/// Writes a frame with up to three mutations.
fn mutated(chance: &mut Chance, out: &mut Vec<u8>) {
    out.clear();
    let senders = ["x", "server", "keeperp1", "all clients", "#ops", ""];
    if chance.below(4) == 0 {
        out.extend_from_slice(
            [b"@ref=1 ".as_slice(), b"@id=5;time=x ", b"@ref=a\\sb;x ", b"@verified=yes ", b"@reply=5;quote=x "]
                [chance.below(5)],
        );
    }
    out.extend_from_slice(senders[chance.below(senders.len())].as_bytes());
    let fields = [
        PLACES[chance.below(PLACES.len())],
        OPERATIONS[chance.below(OPERATIONS.len())],
        DATA[chance.below(DATA.len())],
    ];
    for field in fields {
        out.extend_from_slice(b" | ");
        out.extend_from_slice(field.as_bytes());
    }
    for _ in 0..chance.below(4) {
        let at = chance.below(out.len().max(1));
        match chance.below(7) {
            0 => drop(out.splice(at..at, SPLICES[chance.below(SPLICES.len())].iter().copied())),
            1 if !out.is_empty() => out[at] ^= 1 << chance.below(8),
            2 => out.truncate(at),
            3 => drop(out.drain(at..(at + chance.below(9)).min(out.len()))),
            4 if !out.is_empty() => out[at] = u8::try_from(chance.below(256)).unwrap(),
            5 => {
                let end = (at + chance.below(40)).min(out.len());
                out.extend_from_within(at..end);
            }
            6 if chance.below(50) == 0 => out.extend(std::iter::repeat_n(b'x', 9000)),
            _ => {}
        }
    }
}

/// The book of ranks: who has which rank where.
struct Book {
    /// Ranks on the server, by folded name.
    server: BTreeMap<String, Rank>,
    rooms: BTreeMap<u64, BTreeMap<String, RoomRole>>,
    names: BTreeMap<ConnId, Name>,
    /// Connections that gave the right passphrase, and were made moderators.
    keepers: BTreeSet<ConnId>,
    /// The names of whoever causes the round: two if they take another one.
    own: Vec<String>,
}

impl Book {
    fn rank(&self, folded: &str, room: Option<u64>) -> Rank {
        let server = self.server.get(folded).copied().unwrap_or_default();
        let named = |conn: &ConnId| self.names.get(conn).is_some_and(|name| *name.folded() == *folded);
        let server = if self.keepers.iter().any(named) { Rank::Keeper } else { server };
        let in_room = match room.and_then(|room| self.rooms.get(&room)?.get(folded)) {
            Some(RoomRole::Maker) => Rank::Maker,
            Some(RoomRole::Moderator) => Rank::RoomModerator,
            _ => Rank::User,
        };
        server.max(in_room)
    }

    /// Whether somebody had the rank for an act of the audit log.
    fn justifies(&self, who: &str, act: &LoggedAct) -> bool {
        let (verb, room) = (act.done.verb, act.room.map(|room| room.0));
        let rank = self.rank(who, room);
        let least = match (verb, room) {
            (Verb::Grant | Verb::Revoke, None) | (Verb::Free, _) => Rank::Keeper,
            (Verb::Grant | Verb::Revoke, Some(_)) => Rank::Maker,
            (_, None) => Rank::Moderator,
            (_, Some(_)) => Rank::RoomModerator,
        };
        let about = act.done.subject.as_ref().and_then(|subject| Name::parse(subject.as_str()).ok());
        let about =
            about.filter(|_| !matches!(verb, Verb::Delete | Verb::Announce)).map(|name| String::from(name.folded()));
        match about {
            Some(about) if about == who => verb == Verb::Revoke && rank > Rank::User,
            Some(about) => rank >= least && self.rank(&about, room) < rank,
            None => rank >= least,
        }
    }

    /// Compares a round that one connection caused with the book, then updates the book.
    fn check(&mut self, conn: ConnId, rightly: bool, round: &Round) {
        let name = self.names.get(&conn).cloned();
        let joined = round.notes.iter().find_map(|note| match note {
            tr2::server::telemetry::events::Note::Joined { conn: who, name, .. } if *who == conn => Some(name.clone()),
            _ => None,
        });
        let name = name.or_else(|| joined.clone());
        let who = name.as_ref().map(|name| String::from(name.folded())).unwrap_or_default();
        let rank_before = self.rank(&who, None);
        let changes = || round.jobs.iter().flat_map(Job::changes);
        let acts: Vec<&LoggedAct> =
            changes().filter_map(|change| if let Update::Log(act) = change { Some(act) } else { None }).collect();
        // By the ranks that there were before: an act may end them.
        for act in &acts {
            assert_eq!(*act.by.folded(), *who, "an act in another's name: {act:?}");
            let rank = self.rank(&who, act.room.map(|room| room.0));
            assert!(self.justifies(&who, act), "{who}, {rank:?}, did {act:?}");
        }
        self.own = vec![who.clone()];
        for change in changes() {
            if let Update::Rename { to, .. } = change {
                self.rename(&who, &to.name.folded());
                self.own.push(to.name.folded().into());
            }
        }
        for change in changes() {
            match change {
                Update::Own(owner) => {
                    let freed = frees(&acts, &owner.name.folded()) && owner.proofs.is_empty();
                    assert!(freed || *owner.name.folded() == *who, "another's name is bound");
                }
                Update::Rename { from, to } => {
                    assert_eq!((&*from.name.folded(), &from.proofs), (&*who, &to.proofs), "another's name changes");
                }
                Update::Fact(fact) => self.keep(&who, fact.kind, &fact.key, fact.value.as_deref(), &acts),
                Update::EndRoom(room) => {
                    let members = self.rooms.get(&room.0).map_or(0, |members| members.len());
                    assert_eq!(members, 0, "what was said in a room goes while it has members");
                }
                Update::Log(_) => {}
            }
        }
        for job in &round.jobs {
            match job {
                Job::Append(records) => {
                    for record in records {
                        assert_eq!(*record.from.folded(), *who, "a forged sender: {record:?}");
                        if let Recipient::Room { id, .. } = &record.to {
                            assert!(self.rooms.get(&id.0).is_some_and(|room| room.contains_key(&who)), "{record:?}");
                        }
                    }
                }
                Job::Delete(deletion) => {
                    assert_eq!(*deletion.by.folded(), *who);
                    let room = match &deletion.within {
                        tr2::server::store::api::ConversationId::Room(id, _) => Some(id.0),
                        _ => None,
                    };
                    let least = if room.is_some() { Rank::RoomModerator } else { Rank::Moderator };
                    assert!(self.rank(&who, room) >= least, "{who} deletes {deletion:?}");
                }
                Job::Change(change) if change.is_removal() => {
                    assert_eq!(*change.by.folded(), *who, "a change in another's name: {change:?}");
                    let room = change.within.room().map(|room| room.0);
                    let least = if room.is_some() { Rank::RoomModerator } else { Rank::Moderator };
                    let rank = self.rank(&who, room);
                    assert!(rank >= least, "{who} removes {change:?}");
                    if let Alteration::Remove(ReactionRemoval { of: Some(of), .. }) = &change.how {
                        assert!(self.rank(&of.folded(), room) < rank, "{who} removes {change:?}");
                    }
                }
                Job::Change(change) => {
                    assert_eq!(*change.by.folded(), *who, "a change in another's name: {change:?}");
                    if let tr2::server::store::api::ConversationId::Room(id, _) = &change.within {
                        assert!(self.rooms.get(&id.0).is_some_and(|room| room.contains_key(&who)), "{change:?}");
                    }
                }
                Job::Ask(question) => assert_eq!(*question.user.folded(), *who),
                Job::Know(name) => assert_eq!(*name.folded(), *who),
                // Marks are gathered, and kept when the next has something to do.
                Job::Mark { .. } | Job::KeepFor(_) => {}
                // Only whoever keeps the machine can order it.
                Job::Erase(erasure) => panic!("{who} erases {erasure:?}"),
                // Their changes are looked at above.
                Job::Promise(_) | Job::Keep(_) | Job::GoOn => {}
            }
        }
        let removes = |job: &Job| matches!(job, Job::Change(change) if change.is_removal());
        let deletes = |job: &Job| matches!(job, Job::Delete(_)) || removes(job);
        let acted = !acts.is_empty() || round.jobs.iter().any(deletes);
        let retracts = |job: &Job| matches!(job, Job::Change(change) if change.how == Alteration::Retract);
        let retracted = round.jobs.iter().any(retracts);
        for (to, bytes, _) in &round.heard {
            self.hear((name.as_ref(), rank_before), *to == conn, bytes, (acted, retracted));
        }
        // The right passphrase is refused all the same where others could read it.
        let became = round
            .heard
            .iter()
            .any(|(to, bytes, _)| *to == conn && lines::each(bytes).any(|line| fields(line)[2] == op::MODERATOR));
        assert!(!became || rightly || joined.is_some() || rank_before > Rank::User, "{who} became a moderator");
        if rightly && became {
            self.keepers.insert(conn);
        }
        if let Some(joined) = joined {
            self.names.insert(conn, joined);
        }
    }

    /// A user takes another name, with all ranks.
    fn rename(&mut self, from: &str, to: &str) {
        let mut ranks: Vec<&mut BTreeMap<String, RoomRole>> = self.rooms.values_mut().collect();
        for room in &mut ranks {
            if let Some(role) = room.remove(from) {
                room.insert(to.to_owned(), role);
            }
        }
        if let Some(rank) = self.server.remove(from) {
            self.server.insert(to.to_owned(), rank);
        }
    }

    /// Checks that a change of a fact has a reason.
    fn keep(&mut self, who: &str, kind: &str, key: &str, value: Option<&str>, acts: &[&LoggedAct]) {
        let acted = |verbs: &[Verb]| acts.iter().any(|act| verbs.contains(&act.done.verb));
        let (room, member) = key.split_once(' ').map_or((None, ""), |(room, name)| (room.parse::<u64>().ok(), name));
        for act in acts {
            // Rights of unverified users are not stored.
            let role = if act.done.verb == Verb::Grant { RoomRole::Moderator } else { RoomRole::Member };
            if let (Verb::Grant | Verb::Revoke, Some(room), Some(whom)) = (act.done.verb, act.room, &act.done.subject) {
                let whom = Name::parse(whom.as_str()).unwrap().folded().into();
                self.rooms.entry(room.0).or_default().insert(whom, role);
            }
        }
        match (kind, value) {
            ("room", Some(_)) => {
                let members = self.rooms.entry(key.parse().unwrap()).or_default();
                if members.is_empty() {
                    members.insert(who.to_owned(), RoomRole::Maker);
                }
            }
            ("member", Some(value)) => {
                let Some(RoomFact::Member(_, entry)) = facts::read(kind, key, value) else { panic!("{value}") };
                let members = self.rooms.entry(room.unwrap()).or_default();
                let before = members.get(member).copied();
                let own = self.own.iter().any(|own| own == member);
                let made = members.is_empty() && entry.role == RoomRole::Maker && own;
                let came = own && before.is_none() && entry.role == RoomRole::Member;
                // An unverified user loses their rights when they leave.
                let resigned = entry.role == RoomRole::Member && before.is_some() && own;
                let changed = acted(&[Verb::Grant, Verb::Revoke, Verb::Kick, Verb::Ban]);
                let same = before == Some(entry.role);
                assert!(
                    made || came || resigned || changed || same,
                    "{who}: {member} becomes {entry:?}, was {before:?}"
                );
                let role = if entry.proved { entry.role } else { before.unwrap_or(entry.role) };
                members.insert(member.to_owned(), role);
            }
            ("member", None) => {
                let own = self.own.iter().any(|own| own == member);
                let may = own || frees(acts, member) || acted(&[Verb::Kick, Verb::Ban]);
                assert!(may, "{who} takes {member} out of a room");
                let members = self.rooms.entry(room.unwrap()).or_default();
                members.remove(member);
            }
            ("moderator", value) => {
                // With another name, or a name that is free, rights go or stay as they were.
                let is = self.server.get(key) == Some(&Rank::Moderator);
                let own = self.own.iter().any(|own| own == key);
                let same = if value.is_some() { is && self.own.len() > 1 } else { own || frees(acts, key) };
                assert!(same || acted(&[Verb::Grant, Verb::Revoke]), "{who} makes moderators");
                self.server.insert(key.to_owned(), if value.is_some() { Rank::Moderator } else { Rank::User });
            }
            ("ban", _) => {
                let room_ended = value.is_none();
                assert!(room_ended || acted(&[Verb::Ban, Verb::Mute]), "{who} bans without an act");
            }
            ("everyone", _) => {
                let moderator = self.rank(who, None) >= Rank::Moderator;
                assert!(moderator, "{who} changes how everyone's room is");
            }
            _ => {}
        }
    }

    /// Checks what one connection hears because of another.
    fn hear(
        &self,
        (by, rank_before): (Option<&Name>, Rank),
        is_own: bool,
        bytes: &[u8],
        (acted, retracted): (bool, bool),
    ) {
        assert!(bytes.is_empty() || bytes.ends_with(b"\n"), "half a frame");
        // A newcomer hears of earlier events.
        let greeted = lines::each(bytes).any(|line| line.windows(25).any(|it| it == b"| connection_confirmation"));
        for line in lines::each(bytes) {
            let text = std::str::from_utf8(line).unwrap();
            assert!(!text.chars().any(char::is_control), "{text:?}");
            let [sender, to, operation, data] = fields(line);
            let listed = is_own && operation == op::AWAY && text.contains("batch=list-");
            let own = by.is_some_and(|name| name.as_str() == sender);
            // The server's name for a user without a name.
            let nobody = is_own && sender == "client";
            // The sender of a deleted message, and whoever had put a removed reaction on one.
            let deleted = [op::DELETED, op::REACTED].contains(&operation) && acted;
            let greeted = is_own && operation == op::CLOSING && greeted;
            assert!(sender == "server" || greeted || own || listed || nobody || deleted, "{by:?} is heard as {text}");
            if [op::ACT, op::DELETED].contains(&operation) {
                // Everybody may delete what they said themselves.
                assert!(acted || operation == op::DELETED && own && retracted, "{by:?}: {text}");
            }
            if text.contains("why=kicked") || text.contains("why=banned") {
                assert!(acted, "{by:?}: {text}");
            }
            if [op::CLOSING, op::CLOSING_OFF].contains(&operation)
                || [sender, to, operation, data] == ["server", "all clients", "broadcast", "server closed"]
            {
                // Whoever gives up their rights calls off what they announced.
                let rank = by.map_or(Rank::User, |name| self.rank(&name.key().folded, None)).max(rank_before);
                assert!(greeted || rank >= Rank::Moderator, "{by:?}: {text}");
            }
        }
    }
}

/// Whether a keeper frees this name.
fn frees(acts: &[&LoggedAct], name: &str) -> bool {
    let about = |act: &&&LoggedAct| {
        let subject = act.done.subject.as_ref().and_then(|subject| Name::parse(subject.as_str()).ok());
        act.done.verb == Verb::Free && subject.is_some_and(|subject| *subject.folded() == *name)
    };
    acts.iter().any(|act| about(&act))
}

/// The sender, the destination, the operation and the data of a frame; some have no data.
fn fields(line: &[u8]) -> [&str; 4] {
    let text = std::str::from_utf8(line).unwrap();
    let fields = text.strip_prefix('@').map_or(text, |rest| rest.split_once(' ').unwrap().1);
    let mut parts = fields.splitn(4, " | ");
    let head = [(); 3].map(|()| parts.next().unwrap());
    [head[0], head[1], head[2], parts.next().unwrap_or_default()]
}

/// Whether a request gives the right passphrase.
fn gives_passphrase(request: &Result<Request, Refusal>) -> bool {
    matches!(request, Ok(Request { command: Command::Session(SessionCommand::Moderator(passphrase)), .. }) if passphrase == "right")
}

/// A world with users of all ranks, a connection without a name, an unverified user, and a TR2.23 client.
struct Stage {
    world: World<Willing>,
    book: Book,
    conns: Vec<(ConnId, Option<String>)>,
    claims: usize,
}

impl Stage {
    fn new() -> Self {
        let (rules, beginning) = cast();
        let mut book = Book {
            server: BTreeMap::new(),
            rooms: BTreeMap::new(),
            names: BTreeMap::new(),
            keepers: BTreeSet::new(),
            own: Vec::new(),
        };
        for (rank, who) in people() {
            let role = match rank {
                Rank::RoomModerator => RoomRole::Moderator,
                Rank::Maker => RoomRole::Maker,
                _ => RoomRole::Member,
            };
            book.rooms.entry(1).or_default().insert(who.clone(), role);
            if rank >= Rank::Moderator {
                book.server.insert(who, rank);
            }
        }
        let world = World::new(rules, beginning, Willing);
        let mut stage = Self { world, book, conns: Vec::new(), claims: 0 };
        for (_, who) in people() {
            stage.enter(Some(who));
        }
        for _ in 0..3 {
            stage.enter(None);
        }
        stage
    }

    fn enter(&mut self, who: Option<String>) {
        let conn = match &who {
            Some(who) => {
                let conn = self.world.join(who);
                self.book.names.insert(conn, crate::world::name(who));
                conn
            }
            None => {
                self.claims += 1;
                let origin = Origin::Tcp(crate::world::address(self.claims as u64));
                let dialect = if self.claims.is_multiple_of(2) { Dialect::Tr223 } else { Dialect::Tr226 };
                let conn = self.world.connect(origin, None, dialect);
                if !self.claims.is_multiple_of(3) {
                    let round = self.world.say(conn, &format!("x | server | name | claim{}", self.claims));
                    self.book.check(conn, false, &round);
                }
                conn
            }
        };
        self.conns.push((conn, who));
    }

    /// Replaces a connection that has ended by a new one.
    fn replace(&mut self, at: usize) {
        let (conn, _) = self.conns.swap_remove(at);
        self.world.round(Input::Disconnected(conn, "connection closed"));
        self.book.names.remove(&conn);
        self.enter(None);
    }
}

/// Plays one world. Returns the numbers of inputs, of frames in them, and of acts carried out.
fn play(seed: u64) -> (usize, usize, usize) {
    let mut chance = Chance(seed);
    let mut stage = Stage::new();
    let (mut bytes, mut whole) = (Vec::new(), Vec::new());
    let (mut frames, mut acts) = (0, 0);
    for _ in 0..INPUTS {
        mutated(&mut chance, &mut bytes);
        let at = chance.below(stage.conns.len());
        let conn = stage.conns[at].0;
        if chance.below(20) == 0 {
            // As a TR2.23 client sends it.
            for packet in packet::cut(&bytes) {
                let request = packet::read_request(packet);
                let rightly = gives_passphrase(&request);
                let round = stage.world.round(Input::Received(conn, request));
                stage.book.check(conn, rightly, &round);
                frames += 1;
            }
        } else {
            let mut decoder = Lines::new();
            whole.clear();
            bytes.push(b'\n');
            decoder.push(&bytes, &mut whole);
            for line in lines::each(&whole) {
                let request = Request::parse(line);
                let rightly = gives_passphrase(&request);
                let round = stage.world.round(Input::Received(conn, request));
                stage.book.check(conn, rightly, &round);
                frames += 1;
                let is_log = |change: &&Update| matches!(change, Update::Log(_));
                acts += round.jobs.iter().flat_map(Job::changes).filter(is_log).count();
                let gone: BTreeSet<ConnId> =
                    round.heard.iter().filter(|(.., ends)| *ends).map(|(conn, ..)| *conn).collect();
                for gone in gone {
                    if let Some(at) = stage.conns.iter().position(|(conn, _)| *conn == gone) {
                        stage.replace(at);
                    }
                }
            }
        }
        // Users of rank who have left for good, or have another name, do nothing more.
        let ranked = stage.conns.iter().filter(|(_, who)| who.is_some()).count();
        if stage.world.broker.is_closed() || ranked < people().count() * 3 / 4 {
            stage = Stage::new();
        }
    }
    (INPUTS, frames, acts)
}

// T5, T6, T7, T9, T29 (the server's side), and B13: 10,000,000 mutated inputs through decoder and broker.
#[test]
fn ten_million_mutated_inputs_forge_nothing_and_need_the_rank_for_every_act() {
    let worlds = if super::long() { LONG_WORLDS } else { WORLDS };
    let begun = std::time::Instant::now();
    let sum = |many: Vec<(usize, usize, usize)>| {
        many.into_iter().fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2))
    };
    let (inputs, frames, acts) = if let Some(seed) = super::seed() {
        play(seed)
    } else {
        let halves = [0, 1].map(|half| {
            std::thread::spawn(move || {
                let seeds = (0..worlds).filter(|seed| seed % 2 == half);
                seeds
                    .map(|seed| told(seed as u64, play))
                    .fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2))
            })
        });
        sum(halves.into_iter().map(|half| half.join().unwrap()).collect())
    };
    println!("{inputs} inputs, {frames} frames, {acts} acts carried out, in {:?}", begun.elapsed());
    assert!(OPERATIONS.len() >= 46, "{OPERATIONS:?}");
    assert!(acts > inputs / 1000, "what is never allowed shows nothing");
}

/// Plays a seed, and prints it if it fails.
pub fn told<T>(seed: u64, play: impl FnOnce(u64) -> T + std::panic::UnwindSafe) -> T {
    match std::panic::catch_unwind(|| play(seed)) {
        Ok(played) => played,
        Err(failure) => {
            println!("the seed is {seed}: TR2_SEED={seed} plays it again");
            std::panic::resume_unwind(failure)
        }
    }
}
