//! Power cuts: the writes of a real store, of which those since the last sync are kept, lost or torn.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tr2::model::{MessageId, Name, Text, Timestamp};
use tr2::protocol::{Envelope, Event, Span, lines};
use tr2::server::history::{Conversation, Job, Outcome, Question, Recipient, Record, What};
use tr2::server::peer::ConnId;
use tr2::server::store::{Durability, Options, Report, Store};

use super::chance::Chance;
use super::checker::{Kept, Witness};
use super::serving::{Folder, PATIENCE};
use super::trace::{Deed, trace};

const STATES: usize = 300;
const LONG_STATES: usize = 10_000;
/// States of each variant: enough to catch it.
const VARIANT_STATES: usize = 40;
const SENDERS: usize = 8;
const ROUNDS: usize = 60;
/// So that the log is brought into the database many times within one trace.
const CHECKPOINTS: &str = "PRAGMA wal_autocheckpoint = 40";
const SECTOR: usize = 512;

/// How the store is used, or misused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    Honest,
    /// Tells that a message is accepted as soon as it is given to the store.
    Early,
    /// `synchronous` is NORMAL.
    Normal,
    /// `synchronous` is OFF.
    Off,
    /// The store does not see by which label a message was sent.
    Twice,
    /// Two messages of one sender are exchanged on their way into the store.
    Reorder,
}

const VARIANTS: [Variant; 6] =
    [Variant::Honest, Variant::Early, Variant::Normal, Variant::Off, Variant::Twice, Variant::Reorder];

/// A store that is being asked and told.
struct Bench {
    store: Store,
    reports: Receiver<Report>,
    variant: Variant,
    next: u64,
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
        Ok(Self { store, reports, variant, next: opening.last_id.0 + 1 })
    }

    /// Gives messages to the store, each with a label of its own, and says what came of each.
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
                    to: Recipient::Everyone { me_too: false },
                    reference: (self.variant != Variant::Twice).then(|| format!("{number}")),
                    text: Text::block(&text(number)),
                    deleted: None,
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

    /// Everything there is, through the pages that users get.
    fn history(&self) -> Result<Vec<Kept>, String> {
        let mut kept: Vec<Kept> = Vec::new();
        loop {
            let since = MessageId(kept.last().map_or(0, |last| last.id));
            let what = What::Page { with: Conversation::Everyone, span: Span { limit: 1000, ..Span::since(since) } };
            let question = Question {
                conn: ConnId(1),
                user: name(0),
                rooms: Vec::new(),
                reference: None,
                batch: "b".into(),
                what,
            };
            assert!(self.store.submit(Job::Ask(question)));
            let Report::Answered(answer) = self.reports.recv_timeout(PATIENCE).unwrap() else { panic!("no answer") };
            if !answer.damaged.is_empty() {
                return Err(format!("{} messages are damaged", answer.damaged.len()));
            }
            let mut more = false;
            for line in lines::each(&answer.lines?) {
                let Envelope { id, time, event, .. } = Envelope::parse(line).unwrap();
                match event {
                    Event::Broadcast { from, text, .. } => kept.push(Kept {
                        id: id.unwrap().0,
                        time: time.unwrap().0.to_string(),
                        sender: from.to_string(),
                        text: text.to_string(),
                    }),
                    Event::HistoryEnd { more: goes_on, .. } => more = goes_on,
                    other => panic!("{other:?}"),
                }
            }
            if !more {
                return Ok(kept);
            }
        }
    }
}

fn name(sender: usize) -> Name {
    static NAMES: OnceLock<Vec<Name>> = OnceLock::new();
    let names = || (0..SENDERS).map(|at| Name::parse(&format!("sender{at}")).unwrap()).collect();
    NAMES.get_or_init(names)[sender].clone()
}

fn text(number: usize) -> String {
    format!("message {number} {}", "and on ".repeat(number % 60))
}

/// What is said in each round: by each sender in turn, two messages or more.
fn rounds() -> impl Iterator<Item = Vec<(usize, usize)>> {
    let mut next = [0; SENDERS];
    (0..ROUNDS).map(move |round| {
        let sender = round % SENDERS;
        let count = 2 + round % 4;
        next[sender] += count;
        (next[sender] - count..next[sender]).map(|number| (sender, number)).collect()
    })
}

/// What the tests run in a process of its own: a store at work, which says what is accepted.
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
    for round in rounds() {
        bench.say(&round, |sender, number, id, time| say(format!("accepted {sender} {number} {id} {time}"))).unwrap();
    }
    std::process::exit(0);
}

fn traced(variant: Variant) -> Vec<Deed> {
    let folder = Folder::new();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "power::inside", "--ignored", "--nocapture", "--test-threads", "1"]);
    command.env("TR2_CRASH_FOLDER", folder.path()).env("TR2_CRASH_VARIANT", format!("{variant:?}"));
    trace(command)
}

/// A file, as it may be after a power cut.
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

    /// What the disk may have of it: all that was synced, and of the rest what chance wills.
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

/// The disk after a cut behind so many deeds, and what was accepted until then.
fn cut(deeds: &[Deed], chance: &mut Chance) -> (BTreeMap<String, Vec<u8>>, Witness) {
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    let mut witness = Witness::default();
    rounds().flatten().for_each(|(sender, number)| witness.says(name(sender).as_str(), &text(number)));
    for deed in deeds {
        match deed {
            Deed::Write(file, ..) | Deed::Truncate(file, _) => {
                files.entry(file.clone()).or_default().since.push(deed.clone());
            }
            Deed::Sync(file) if files.contains_key(file) => files.get_mut(file).unwrap().sync(),
            Deed::Sync(_) => {}
            Deed::Remove(file) => drop(files.remove(file)),
            Deed::Say(line) => accept(&mut witness, line),
        }
    }
    // The memory that connections share is made anew.
    files.retain(|file, _| !file.ends_with("-shm"));
    let left = files.iter().filter_map(|(name, file)| Some((name.clone(), file.after_cut(chance)?))).collect();
    (left, witness)
}

fn accept(witness: &mut Witness, line: &str) {
    let Some(rest) = line.strip_prefix("accepted ") else { return };
    let numbers: Vec<u64> = rest.split(' ').map(|number| number.parse().unwrap()).collect();
    let [sender, number, id, time] = numbers[..] else { panic!("{line}") };
    let sender = name(usize::try_from(sender).unwrap());
    witness.accepted(sender.as_str(), &text(usize::try_from(number).unwrap()), id, &time.to_string());
}

/// What is wrong with what a real store makes of a disk.
fn faults(disk: &BTreeMap<String, Vec<u8>>, mut witness: Witness, variant: Variant) -> Vec<String> {
    judge(disk, &mut witness, variant).unwrap_or_else(|why| vec![why])
}

fn judge(disk: &BTreeMap<String, Vec<u8>>, witness: &mut Witness, variant: Variant) -> Result<Vec<String>, String> {
    let folder = Folder::new();
    for (name, bytes) in disk {
        let new = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.path().join(name));
        new.unwrap().write_all(bytes).unwrap();
    }
    // How it came about is what counts; the store that finds it is an honest one, and need not wait for this disk.
    let variant = if variant == Variant::Twice { Variant::Twice } else { Variant::Normal };
    let mut bench = Bench::open(folder.path(), variant, "")?;
    let mut faults = witness.faults(&bench.history()?, false);
    let conn = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
    let sound: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    drop(conn);
    if sound != "ok" {
        faults.push(format!("integrity_check: {sound}"));
    }
    // Whoever did not hear that a message is accepted sends it again.
    let all: Vec<(usize, usize)> = rounds().flatten().collect();
    bench.say(&all, |sender, number, id, time| {
        witness.accepted(name(sender).as_str(), &text(number), id, &time.to_string());
    })?;
    faults.extend(witness.faults(&bench.history()?, true));
    bench.store.close(Duration::from_secs(20));
    Ok(faults)
}

/// How many of so many states of a variant have faults; and the first of them.
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
        let (disk, witness) = cut(&deeds[..at], &mut chance);
        let faults = faults(&disk, witness, variant);
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
fn cut_at_any_moment_nothing_accepted_is_lost_or_doubled() {
    let states = if super::long() { LONG_STATES } else { STATES };
    let (count, first) = caught(Variant::Honest, states);
    assert_eq!(count, 0, "of {states}: {first:#?}");
}

#[test]
#[cfg_attr(not(target_arch = "x86_64"), ignore = "system calls are traced on x86-64 only")]
fn cut_while_the_history_is_being_made_it_is_made_the_next_time() {
    let deeds = traced(Variant::Honest);
    let first = deeds.iter().position(|deed| matches!(deed, Deed::Say(line) if line.starts_with("accepted"))).unwrap();
    let mut chance = Chance(7);
    for at in (0..=first).chain(0..=first) {
        let (disk, witness) = cut(&deeds[..at], &mut chance);
        assert_eq!(faults(&disk, witness, Variant::Honest), [""; 0], "cut behind {at} of {first}: {disk:?}");
    }
}

#[test]
#[cfg_attr(not(target_arch = "x86_64"), ignore = "system calls are traced on x86-64 only")]
fn every_store_that_does_less_is_caught() {
    for variant in VARIANTS.into_iter().filter(|variant| *variant != Variant::Honest) {
        let (count, _) = caught(variant, VARIANT_STATES);
        println!("{variant:?}: caught in {count} of {VARIANT_STATES} states");
        assert!(count > 0, "{variant:?} passes for an honest store");
    }
}
