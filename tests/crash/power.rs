//! Power cuts: of a real store's writes, those since the last sync are kept, lost or torn. The store's promises are
//! messages to everyone and to a room, deletions, edits, reactions, facts, and the audit log.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tr2::model::{MessageId, Name, Reaction, RoomName, Text, Timestamp};
use tr2::protocol::lines;
use tr2::protocol::{ChangeEvent, Done, Envelope, Event, RoomEvent, Span, Verb};
use tr2::server::ids::RoomId;
use tr2::server::store::api::Requester;
use tr2::server::store::api::{
    Alteration, Changed, ConversationId, Deleted, Deletion, Fact, Job, LoggedAct, Outcome, OwnBound, Question,
    ReactionRemoval, Recipient, Record, Revision, Update, What,
};
use tr2::server::store::{Durability, Options, Report, Store};

use super::checker::{Kept, Witness};
use super::serving::{Folder, PATIENCE};
use super::trace::{Deed, trace};
use crate::chance::Chance;

const STATES: usize = 300;
const LONG_STATES: usize = 10_000;
/// States of each variant: enough to catch it.
const VARIANT_STATES: usize = 40;
const SENDERS: usize = 8;
const ROUNDS: usize = 60;
/// Small enough for many checkpoints of the write-ahead log within one trace.
const CHECKPOINTS: &str = "PRAGMA wal_autocheckpoint = 40";
const SECTOR: usize = 512;

/// How the store is used: properly, or in one of several faulty ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    Honest,
    /// Reports a message as accepted as soon as it is given to the store.
    Early,
    /// `synchronous` is NORMAL.
    Normal,
    /// `synchronous` is OFF.
    Off,
    /// The store does not see the ref of a message.
    Twice,
    /// Two messages of one sender are swapped on their way into the store.
    Reorder,
    /// Reports a message as deleted as soon as the store is asked to delete it.
    EarlyDeletion,
    /// Gives the store facts and audit entries only after it reports a later message.
    EarlyFact,
    /// Reports a message as edited, and reacted to, as soon as the store is asked for it.
    EarlyChange,
}

const VARIANTS: [Variant; 9] = [
    Variant::Honest,
    Variant::Early,
    Variant::Normal,
    Variant::Off,
    Variant::Twice,
    Variant::Reorder,
    Variant::EarlyDeletion,
    Variant::EarlyFact,
    Variant::EarlyChange,
];

/// How many runs end by a kill.
const KILLS: usize = 5;

/// A running store.
struct Bench {
    store: Store,
    reports: Receiver<Report>,
    variant: Variant,
    next: u64,
    facts: Vec<(String, String, String)>,
}

impl Bench {
    fn open(folder: &Path, variant: Variant, pragmas: &str) -> Result<Self, String> {
        let (sender, reports) = channel();
        let report = move |report| drop(sender.send(report));
        let durability = if variant == Variant::Normal { Durability::Normal } else { Durability::Full };
        let options = Options { durability, ..Options::default() };
        let off = if variant == Variant::Off { "; PRAGMA synchronous = OFF" } else { "" };
        let opened = Store::open_with(folder, options, &format!("{pragmas}{off}"), report);
        let (store, opening) = opened.map_err(|error| error.to_string())?;
        Ok(Self { store, reports, variant, next: opening.last_id.0 + 1, facts: opening.facts })
    }

    /// Gives messages to the store, each with a ref of its own, and reports the outcome of each.
    fn say(&mut self, messages: &[(usize, usize)], mut told: impl FnMut(usize, usize, u64, i64)) -> Result<(), String> {
        let mut records: Vec<Record> = messages
            .iter()
            .map(|&(sender, number)| {
                self.next += 1;
                Record {
                    id: MessageId(self.next),
                    time: Timestamp(1_700_000_000_000 + i64::try_from(self.next).unwrap()),
                    from: name(sender),
                    verified: true,
                    to: match place(number) {
                        ConversationId::Room(id, name) => Recipient::Room { id, name, me_too: false },
                        _ => Recipient::Everyone { me_too: false },
                    },
                    reference: (self.variant != Variant::Twice).then(|| format!("{number}")),
                    text: Text::block(&text(number)),
                    deleted: None,
                    extra: Default::default(),
                }
            })
            .collect();
        if self.variant == Variant::Reorder && records.len() >= 2 {
            let (first, second) = (records[0].clone(), records[1].clone());
            (records[0].text, records[0].reference) = (second.text, second.reference);
            (records[1].text, records[1].reference) = (first.text, first.reference);
        }
        if self.variant == Variant::Early {
            for (record, &(sender, number)) in records.iter().zip(messages) {
                told(sender, number, record.id.0, record.time.0);
            }
        }
        let places: Vec<(u64, i64)> = records.iter().map(|record| (record.id.0, record.time.0)).collect();
        assert!(self.store.submit(Job::Append(records)));
        let Report::Stored(receipt) = self.reports.recv_timeout(PATIENCE).unwrap() else { panic!("no receipt") };
        if let Some(trouble) = receipt.trouble {
            return Err(trouble);
        }
        for ((outcome, &(sender, number)), (id, time)) in receipt.outcomes.into_iter().zip(messages).zip(places) {
            match outcome {
                _ if self.variant == Variant::Early => {}
                Outcome::Kept => told(sender, number, id, time),
                Outcome::Again(id, time) => told(sender, number, id.0, time.0),
                other => return Err(format!("{other:?}")),
            }
        }
        Ok(())
    }

    /// Stores the facts and the audit entry of a round.
    fn note(&self, round: usize) {
        let (kind, key, value) = ("round", "last".to_owned(), Some(round.to_string()));
        assert!(self.store.submit(Job::Keep(Update::Fact(Fact { kind, key, value }))));
        let reason = Text::line(&format!("{round}"));
        let done = Done { verb: Verb::Announce, subject: None, time: None, on: false, reason };
        let time = Timestamp(1_700_000_000_000);
        assert!(self.store.submit(Job::Keep(Update::Log(LoggedAct { time, by: name(0), room: None, done }))));
    }

    /// Deletes a message, and reports it once the store confirms.
    fn delete(&self, number: usize, id: u64, mut told: impl FnMut(u64)) -> Result<(), String> {
        let (by, reason) = (name(0), Text::line("rude"));
        let (within, id) = (place(number), MessageId(id));
        if self.variant == Variant::EarlyDeletion {
            told(id.0);
        }
        let deletion = Deletion {
            requester: Requester(1),
            reference: None,
            by,
            within,
            id,
            number: MessageId(id.0 + 1_000_000_000),
            reason,
            spared: Vec::new(),
            time: Timestamp(1_700_000_000_000),
            outcome: None,
        };
        assert!(self.store.submit(Job::Delete(deletion)));
        let Report::Deleted(deletion) = self.reports.recv_timeout(PATIENCE).unwrap() else { panic!("no report") };
        match deletion.outcome {
            Some(Deleted::Done(_)) if self.variant == Variant::EarlyDeletion => Ok(()),
            Some(Deleted::Done(_)) => {
                told(id.0);
                Ok(())
            }
            other => Err(format!("{other:?}")),
        }
    }

    /// Changes a message of a sender, and reports it once the store confirms.
    fn change(
        &self,
        (sender, number): (usize, usize),
        id: u64,
        at: u64,
        how: Alteration,
        mut told: impl FnMut(),
    ) -> Result<(), String> {
        if self.variant == Variant::EarlyChange {
            told();
        }
        let change = Revision {
            requester: Requester(1),
            reference: None,
            label: None,
            by: name(sender),
            within: place(number),
            id: MessageId(id),
            number: MessageId(id + 2_000_000_000 + at),
            time: Timestamp(1_700_000_000_000),
            how,
            own: OwnBound { since: Timestamp(0), verified: true, after: MessageId(0) },
            outcome: None,
        };
        assert!(self.store.submit(Job::Change(change)));
        let Report::Changed(change) = self.reports.recv_timeout(PATIENCE).unwrap() else { panic!("no report") };
        match change.outcome {
            Some(Changed::Done(_)) if self.variant == Variant::EarlyChange => Ok(()),
            Some(Changed::Done(_)) => {
                told();
                Ok(())
            }
            other => Err(format!("{other:?}")),
        }
    }

    /// Everything there is, through the pages that users get.
    fn history(&self) -> Result<Vec<Kept>, String> {
        let mut kept = Vec::new();
        for with in [place(0), place(1)] {
            self.pages(
                |span| What::Page { with: with.clone(), span },
                |id, time, event| {
                    let (sender, text, deleted) = match event {
                        Event::Change(ChangeEvent::Reactions(all)) => {
                            let kept: &mut Kept = kept.last_mut().unwrap();
                            kept.reactions = all.iter().map(|it| format!("{}:{}", it.count, it.reaction)).collect();
                            return;
                        }
                        Event::Broadcast { from, text, .. } => (from, text, false),
                        Event::Room(RoomEvent::Message { from, text, .. }) => (from, text, false),
                        Event::Room(RoomEvent::Deleted { from, .. }) => (from, Text::default(), true),
                        other => panic!("{other:?}"),
                    };
                    let (time, sender, text) = (time.0.to_string(), sender.to_string(), text.to_string());
                    kept.push(Kept { id: id.0, time, sender, text, deleted, reactions: Vec::new() });
                },
            )?;
        }
        kept.sort_by_key(|kept| kept.id);
        Ok(kept)
    }

    /// What is wrong with the stored facts, given that this many rounds were reported as done.
    fn forgotten(&self, rounds: usize) -> Result<Vec<String>, String> {
        let mut faults = Vec::new();
        let held = self.facts.iter().find_map(|(_, _, round)| round.parse::<usize>().ok());
        if held.map_or(0, |round| round + 1) < rounds {
            faults.push(format!("forgotten: of {rounds} rounds, {held:?} is remembered"));
        }
        let mut acts: Vec<String> = Vec::new();
        self.pages(
            |span| What::Modlog { room: None, whole: true, span },
            |_, _, event| {
                let Event::Room(RoomEvent::Acted { done, .. }) = event else { panic!("{event:?}") };
                // Deletions are looked at with their messages, and so are removed reactions.
                if !matches!(done.verb, Verb::Delete | Verb::RemoveReaction) {
                    acts.push(done.reason.to_string());
                }
            },
        )?;
        if acts.len() < rounds || acts.iter().enumerate().any(|(round, act)| *act != round.to_string()) {
            faults.push(format!("acts: {rounds} rounds were told, of which {acts:?} are written down"));
        }
        Ok(faults)
    }

    /// All pages of a query, from the oldest on.
    fn pages(
        &self,
        what: impl Fn(Span) -> What,
        mut tell: impl FnMut(MessageId, Timestamp, Event),
    ) -> Result<(), String> {
        let mut since = MessageId(0);
        loop {
            let question = Question {
                requester: Requester(1),
                user: name(0),
                rooms: vec![room()],
                reference: None,
                batch: "b".into(),
                plain: false,
                what: what(Span { limit: 1000, ..Span::since(since) }),
            };
            assert!(self.store.submit(Job::Ask(question)));
            let Report::Answered(answer) = self.reports.recv_timeout(PATIENCE).unwrap() else { panic!("no answer") };
            if !answer.damaged.is_empty() {
                return Err(format!("{} messages are damaged", answer.damaged.len()));
            }
            for line in lines::each(&answer.lines?) {
                let Envelope { id, time, event, .. } = Envelope::parse(line).unwrap();
                match event {
                    Event::HistoryEnd { more: false, .. } | Event::Room(RoomEvent::ModlogEnd { more: false }) => {
                        return Ok(());
                    }
                    Event::HistoryEnd { .. } | Event::Room(RoomEvent::ModlogEnd { .. }) => {}
                    event => {
                        since = id.unwrap();
                        tell(since, time.unwrap_or_default(), event);
                    }
                }
            }
        }
    }
}

fn room() -> (RoomId, RoomName) {
    (RoomId(7), RoomName::parse("#ops").unwrap())
}

/// The destination of a message.
fn place(number: usize) -> ConversationId {
    let (id, name) = room();
    if number.is_multiple_of(2) { ConversationId::Everyone } else { ConversationId::Room(id, name) }
}

fn name(sender: usize) -> Name {
    static NAMES: OnceLock<Vec<Name>> = OnceLock::new();
    let names = || (0..SENDERS).map(|at| Name::parse(&format!("sender{at}")).unwrap()).collect();
    NAMES.get_or_init(names)[sender].clone()
}

fn text(number: usize) -> String {
    format!("message {number} {}", "and on ".repeat(number % 60))
}

/// The text that an edit gives a message.
fn edited(number: usize, how: u64) -> String {
    format!("message {number} changed {how}")
}

/// The messages of each round: from each sender in turn, two messages or more.
fn rounds() -> impl Iterator<Item = Vec<(usize, usize)>> {
    let mut next = [0; SENDERS];
    (0..ROUNDS).map(move |round| {
        let sender = round % SENDERS;
        let count = 2 + round % 4;
        next[sender] += count;
        (next[sender] - count..next[sender]).map(|number| (sender, number)).collect()
    })
}

/// The tests run this in a process of its own: a store at work, which prints what is accepted.
#[test]
#[ignore = "the tests of power cuts run it"]
fn inside() {
    let Some(folder) = std::env::var_os("TR2_CRASH_FOLDER") else { return };
    let wanted = std::env::var("TR2_CRASH_VARIANT").unwrap();
    let variant = VARIANTS.into_iter().find(|variant| format!("{variant:?}") == wanted).unwrap();
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}").unwrap();
        out.flush().unwrap();
    };
    say("ready".to_owned());
    std::io::stdin().read_line(&mut String::new()).unwrap();
    let mut bench = Bench::open(Path::new(&folder), variant, CHECKPOINTS).unwrap();
    for (at, round) in rounds().enumerate() {
        if variant != Variant::EarlyFact {
            bench.note(at);
        }
        let (mut first, mut last) = (None, None);
        bench
            .say(&round, |sender, number, id, time| {
                say(format!("accepted {sender} {number} {id} {time}"));
                first.get_or_insert(id);
                last = Some((number, id));
            })
            .unwrap();
        say(format!("round {at}"));
        if variant == Variant::EarlyFact {
            bench.note(at);
        }
        let (sender, number) = round[0];
        let id = first.unwrap();
        // Not in every round: each is a commit.
        let changes = at.is_multiple_of(3);
        for how in 0..if changes { 2 } else { 0 } {
            say(format!("edits {number} {id} {how}"));
            let edit = Alteration::Edit(Text::block(&edited(number, how)));
            bench.change(round[0], id, how, edit, || say(format!("edited {number} {id} {how}"))).unwrap();
        }
        for (at, (word, on)) in [(1, true), (2, true), (1, true), (1, false), (3, true)].into_iter().enumerate() {
            if !changes {
                break;
            }
            let reaction = Reaction::parse(&word.to_string()).unwrap();
            let on_or_off = usize::from(on);
            // A moderator removes the last one again.
            let removal = |reaction| ReactionRemoval {
                reaction,
                of: Some(name(sender)),
                spared: Vec::new(),
                reason: Text::line("rude"),
            };
            let how = if on { Alteration::React(reaction) } else { Alteration::Remove(removal(reaction)) };
            say(format!("reacts {id} {word} {on_or_off}"));
            let told = || say(format!("reacted {id} {word} {on_or_off}"));
            bench.change(round[0], id, 10 + at as u64, how, told).unwrap();
        }
        if let Some((number, id)) = last {
            say(format!("deletes {number} {id}"));
            bench.delete(number, id, |id| say(format!("deleted {id}"))).unwrap();
        }
    }
    std::process::exit(0);
}

/// A store at work, in a process of its own.
fn at_work(folder: &Folder, variant: Variant) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "power::inside", "--ignored", "--nocapture", "--test-threads", "1"]);
    command.env("TR2_CRASH_FOLDER", folder.path()).env("TR2_CRASH_VARIANT", format!("{variant:?}"));
    command
}

fn traced(variant: Variant) -> Vec<Deed> {
    trace(at_work(&Folder::new(), variant))
}

/// What the store reported.
#[derive(Clone, Debug)]
struct Told {
    witness: Witness,
    /// How many rounds were done.
    rounds: usize,
}

impl Told {
    /// Nothing has been reported yet.
    fn nothing() -> Self {
        let mut witness = Witness::default();
        rounds().flatten().for_each(|(sender, number)| witness.says(name(sender).as_str(), &text(number)));
        Self { witness, rounds: 0 }
    }

    fn hear(&mut self, line: &str) {
        let mut words = line.split(' ');
        let word = words.next().unwrap_or_default();
        let numbers: Vec<u64> = words.map_while(|number| number.parse().ok()).collect();
        let small = |number: u64| usize::try_from(number).unwrap();
        match (word, &numbers[..]) {
            ("accepted", &[sender, number, id, time]) => {
                let sender = name(small(sender));
                self.witness.accepted(sender.as_str(), &text(small(number)), id, &time.to_string());
            }
            ("deletes", &[number, id]) => self.witness.deletes(id, &text(small(number))),
            ("deleted", &[id]) => self.witness.deleted(id),
            ("edits", &[number, id, how]) => {
                self.witness.edits(id, &text(small(number)), &edited(small(number), how));
            }
            ("edited", &[number, id, how]) => self.witness.edited(id, &edited(small(number), how)),
            ("reacts", &[id, word, on]) => self.witness.reacts(id, &word.to_string(), on == 1),
            ("reacted", &[id, word, on]) => self.witness.reacted(id, &word.to_string(), on == 1),
            ("round", &[at]) => self.rounds = small(at) + 1,
            _ => {}
        }
    }
}

/// A file as it may look after a power cut.
#[derive(Clone, Debug, Default)]
struct File {
    synced: Vec<u8>,
    was_synced: bool,
    since: Vec<Deed>,
}

impl File {
    fn apply(bytes: &mut Vec<u8>, deed: &Deed) {
        match deed {
            Deed::Write(_, at, written) => {
                let end = at + written.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes[*at..end].copy_from_slice(written);
            }
            Deed::Truncate(_, len) => bytes.resize(*len, 0),
            _ => {}
        }
    }

    fn sync(&mut self) {
        let since = std::mem::take(&mut self.since);
        since.iter().for_each(|deed| Self::apply(&mut self.synced, deed));
        self.was_synced = true;
    }

    /// A possible state on the disk: everything synced, and random parts of the rest.
    fn after_cut(&self, chance: &mut Chance) -> Option<Vec<u8>> {
        if !self.was_synced && chance.below(2) == 0 {
            return None;
        }
        let mut bytes = self.synced.clone();
        for deed in &self.since {
            match (deed, chance.below(3)) {
                (_, 0) => {}
                (Deed::Write(name, at, written), 1) => {
                    for (sector, part) in written.chunks(SECTOR).enumerate() {
                        if chance.below(2) == 0 {
                            Self::apply(&mut bytes, &Deed::Write(name.clone(), at + sector * SECTOR, part.to_vec()));
                        }
                    }
                }
                _ => Self::apply(&mut bytes, deed),
            }
        }
        Some(bytes)
    }
}

/// The disk after a power cut that follows these deeds, and what was reported until then.
fn cut(deeds: &[Deed], chance: &mut Chance) -> (BTreeMap<String, Vec<u8>>, Told) {
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    let mut told = Told::nothing();
    for deed in deeds {
        match deed {
            Deed::Write(file, ..) | Deed::Truncate(file, _) => {
                files.entry(file.clone()).or_default().since.push(deed.clone());
            }
            Deed::Sync(file) if files.contains_key(file) => files.get_mut(file).unwrap().sync(),
            Deed::Sync(_) => {}
            Deed::Remove(file) => drop(files.remove(file)),
            Deed::Say(line) => told.hear(line),
        }
    }
    // The file that connections share as memory is made anew.
    files.retain(|file, _| !file.ends_with("-shm"));
    let left = files.iter().filter_map(|(name, file)| Some((name.clone(), file.after_cut(chance)?))).collect();
    (left, told)
}

/// The faults that a real store shows on a disk.
fn faults(disk: &BTreeMap<String, Vec<u8>>, told: Told, variant: Variant) -> Vec<String> {
    let folder = Folder::new();
    for (name, bytes) in disk {
        let new = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.path().join(name));
        new.unwrap().write_all(bytes).unwrap();
    }
    judge(&folder, told, variant).unwrap_or_else(|why| vec![why])
}

fn judge(folder: &Folder, told: Told, variant: Variant) -> Result<Vec<String>, String> {
    let Told { mut witness, rounds: over } = told;
    // Only the writing store may be faulty; the one that reads is correct, and need not sync.
    let variant = if variant == Variant::Twice { Variant::Twice } else { Variant::Normal };
    let mut bench = Bench::open(folder.path(), variant, "")?;
    let mut faults = witness.faults(&bench.history()?, false);
    faults.extend(bench.forgotten(over)?);
    let sound = integrity(folder.path());
    if sound != "ok" {
        faults.push(format!("integrity_check: {sound}"));
    }
    // A sender who has not heard `accepted` sends the message again.
    let all: Vec<(usize, usize)> = rounds().flatten().collect();
    bench.say(&all, |sender, number, id, time| {
        witness.accepted(name(sender).as_str(), &text(number), id, &time.to_string());
    })?;
    faults.extend(witness.faults(&bench.history()?, true));
    bench.store.close(Duration::from_secs(20));
    Ok(faults)
}

/// The database's own integrity check. A database too damaged for it reports an error.
fn integrity(folder: &Path) -> String {
    let checked = rusqlite::Connection::open(folder.join("history.db"))
        .and_then(|conn| conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)));
    checked.unwrap_or_else(|error| error.to_string())
}

/// How many of `states` random states of a variant have faults, and the faults of the first.
fn caught(variant: Variant, states: usize) -> (usize, Vec<String>) {
    let deeds = traced(variant);
    let said = deeds.iter().filter(|deed| matches!(deed, Deed::Say(line) if line.starts_with("accepted"))).count();
    assert_eq!(said, rounds().flatten().count(), "everything was accepted in the end");
    let checkpoints = deeds.windows(2).filter(|pair| {
        matches!(pair, [Deed::Sync(log), Deed::Write(base, ..)] if log.ends_with("-wal") && base == "history.db")
    });
    assert!(variant == Variant::Off || checkpoints.count() >= 3, "the log was brought into the database");
    let mut chance = Chance(variant as u64 + 1);
    let mut count = 0;
    let mut first = Vec::new();
    for state in 0..states {
        let at = chance.below(deeds.len() + 1);
        let (disk, told) = cut(&deeds[..at], &mut chance);
        let faults = faults(&disk, told, variant);
        if !faults.is_empty() {
            count += 1;
            if first.is_empty() {
                first = [vec![format!("state {state}, cut behind {at} of {}", deeds.len())], faults].concat();
            }
        }
    }
    (count, first)
}

#[test]
#[cfg_attr(not(target_arch = "x86_64"), ignore = "system calls are traced on x86-64 only")]
fn a_power_cut_at_any_moment_loses_and_duplicates_nothing_accepted() {
    let states = if super::long() { LONG_STATES } else { STATES };
    let (count, first) = caught(Variant::Honest, states);
    assert_eq!(count, 0, "of {states}: {first:#?}");
}

#[test]
#[cfg_attr(not(target_arch = "x86_64"), ignore = "system calls are traced on x86-64 only")]
fn a_power_cut_while_the_history_is_created_only_delays_its_creation() {
    let deeds = traced(Variant::Honest);
    let first = deeds.iter().position(|deed| matches!(deed, Deed::Say(line) if line.starts_with("accepted"))).unwrap();
    let mut chance = Chance(7);
    for at in (0..=first).chain(0..=first) {
        let (disk, told) = cut(&deeds[..at], &mut chance);
        assert_eq!(faults(&disk, told, Variant::Honest), [""; 0], "cut behind {at} of {first}: {disk:?}");
    }
}

#[test]
fn a_store_killed_at_any_moment_keeps_its_promises() {
    let mut chance = Chance(9);
    for _ in 0..KILLS {
        let folder = Folder::new();
        let mut child = at_work(&folder, Variant::Honest).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"go\n").unwrap();
        let mut told = Told::nothing();
        let until = chance.below(rounds().flatten().count());
        let mut heard = 0;
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            told.hear(&line);
            heard += 1;
            if heard == until {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert_eq!(judge(&folder, told, Variant::Honest), Ok(Vec::new()), "killed after {until} lines");
    }
}

#[test]
#[cfg_attr(not(target_arch = "x86_64"), ignore = "system calls are traced on x86-64 only")]
fn every_weaker_store_is_caught() {
    for variant in VARIANTS.into_iter().filter(|variant| *variant != Variant::Honest) {
        let (count, _) = caught(variant, VARIANT_STATES);
        println!("{variant:?}: caught in {count} of {VARIANT_STATES} states");
        assert!(count > 0, "{variant:?} passes for an honest store");
    }
}
