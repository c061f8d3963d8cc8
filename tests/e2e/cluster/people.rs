//! People who write and read while everything around them fails: the real client as a program uses it, which finds its way
//! to another node by itself, sends again what was not accepted, and gets what it has missed.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::checker::{Outcome, Said, Seen};
use crate::serving::{Folder, PATIENCE, TR2};

/// Where people write: in turns to everyone and to a room.
const PLACES: [&str; 2] = ["everyone", "#ops"];
/// The label of the request to join the room.
const ROOM_LABEL: &str = "room";
/// How many messages of one writer may wait for their outcome.
const WINDOW: usize = 20;

/// What is known of one person.
#[derive(Default)]
pub(crate) struct Record {
    /// What they said, in order; the label of each is its place here.
    pub(crate) said: Vec<Said>,
    /// What they saw of others, in the order in which it came.
    pub(crate) view: Vec<Seen>,
    /// How many outcomes are missing.
    open: usize,
    /// How many messages were accepted.
    pub(crate) accepted: usize,
    /// When one was accepted last.
    last_accepted: Option<Instant>,
    /// The longest time without one while something was waiting, since it was asked for last.
    longest_wait: Duration,
    /// Where they are; nowhere while they are not connected.
    pub(crate) server: Option<String>,
    /// How often they came online.
    pub(crate) arrivals: usize,
    is_in_room: bool,
    /// What else the client has told, lately.
    told: Vec<String>,
    /// Whether the client has ended.
    has_ended: bool,
}

/// The record of one person, and a way to wait for its changes.
#[derive(Default)]
struct Shared(Mutex<Record>, Condvar);

/// A person; the client ends with this value.
pub(crate) struct Person {
    pub(crate) name: String,
    child: Child,
    input: Mutex<ChildStdin>,
    shared: Arc<Shared>,
    _home: Folder,
}

impl Person {
    /// Joins the chat at one of these addresses, and its room.
    pub(crate) fn join(through: &[String], servers: &[String], name: &str) -> Self {
        let home = Folder::new();
        let mut words = through.iter().map(String::as_str).chain([TR2, "join", "--json", "--name", name]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(servers.iter().flat_map(|server| ["--server", server]));
        command.env("HOME", home.path()).env("LC_ALL", "C.UTF-8");
        for variable in ["XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
            command.env_remove(variable);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let shared = Arc::<Shared>::default();
        let reading = Arc::clone(&shared);
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                reading.change(|record| record.takes(&line));
            }
            reading.change(|record| record.has_ended = true);
        });
        let person = Self { name: name.to_owned(), child, input: Mutex::new(input), shared, _home: home };
        person.writes(&json!({"op": "join", "room": PLACES[1], "label": ROOM_LABEL}));
        person.until("to be in the room", PATIENCE, |record| record.is_in_room);
        person
    }

    fn writes(&self, request: &Value) {
        // Whoever waits for what comes of it is told that the client has ended.
        let _ = writeln!(self.input.lock().unwrap(), "{request}");
    }

    /// Says the next thing.
    pub(crate) fn says_next(&self) {
        let request = self.shared.change(|record| {
            let number = record.said.len();
            let (place, text) = (PLACES[number % PLACES.len()], format!("{number} of {}", self.name));
            record.said.push(Said { place, text: text.clone(), outcome: None });
            if record.open == 0 {
                record.last_accepted = Some(Instant::now());
            }
            record.open += 1;
            json!({"op": "say", "to": place, "text": text, "label": number.to_string()})
        });
        self.writes(&request);
    }

    /// Says one thing after the other, at a pace, while `goes_on`, and waits for the outcome of all.
    pub(crate) fn writes_on(&self, pace: Duration, goes_on: impl Fn() -> bool) {
        while goes_on() {
            let due = Instant::now() + pace;
            self.says_next();
            let full = |record: &mut Record| record.open >= WINDOW && goes_on() && !record.has_ended;
            let mut record = self.record();
            while full(&mut record) || Instant::now() < due {
                let left = due.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
                record = self.shared.1.wait_timeout(record, left).unwrap().0;
            }
        }
    }

    /// What is known of this person now.
    pub(crate) fn record(&self) -> MutexGuard<'_, Record> {
        self.shared.0.lock().unwrap()
    }

    /// The longest time without an accepted message since this was asked last.
    pub(crate) fn longest_wait(&self) -> Duration {
        self.shared.change(|record| {
            let begun = record.last_accepted.filter(|_| record.open > 0);
            let now = begun.map_or(Duration::ZERO, |begun| begun.elapsed());
            std::mem::take(&mut record.longest_wait).max(now)
        })
    }

    /// Waits until the record is so; how long that took.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, patience: Duration, is_so: impl Fn(&Record) -> bool) -> Duration {
        let begun = Instant::now();
        let waits = |record: &mut Record| !is_so(record) && !record.has_ended;
        let (record, _) = self.shared.1.wait_timeout_while(self.record(), patience, waits).unwrap();
        let Record { server, accepted, open, told, .. } = &*record;
        let state = format!("at {server:?}, {accepted} accepted, {open} open, told {told:#?}");
        let reached = is_so(&record);
        // What is read goes on being recorded.
        drop(record);
        assert!(reached, "{} waited {:?} for {what}: {state}", self.name, begun.elapsed());
        begun.elapsed()
    }

    /// Waits until everything said has an outcome.
    #[track_caller]
    pub(crate) fn settles(&self, patience: Duration) {
        self.until("all outcomes", patience, |record| record.open == 0);
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Shared {
    fn change<T>(&self, change: impl FnOnce(&mut Record) -> T) -> T {
        let changed = change(&mut self.0.lock().unwrap());
        self.1.notify_all();
        changed
    }
}

impl Record {
    /// What the client has told.
    fn takes(&mut self, line: &str) {
        let event: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
        match event["event"].as_str() {
            Some("message") => self.view.push(Seen {
                id: event["id"].as_u64().unwrap(),
                time: text("time"),
                place: text("in"),
                from: text("from"),
                text: text("text"),
            }),
            Some("accepted") if event["label"] == ROOM_LABEL => self.is_in_room = true,
            Some("accepted") => {
                self.accepted += 1;
                let now = Instant::now();
                if let Some(last) = self.last_accepted.replace(now) {
                    self.longest_wait = self.longest_wait.max(now - last);
                }
                self.answered(&text("label"), Outcome::Accepted(event["id"].as_u64().unwrap(), text("time")));
            }
            Some("refused") if text("code") == "unconfirmed" => {
                self.answered(&text("label"), Outcome::Unconfirmed);
            }
            Some("refused") => {
                self.tells(line);
                self.answered(&text("label"), Outcome::Refused(text("code")));
            }
            Some("online") => {
                self.arrivals += 1;
                self.server = Some(text("server"));
                self.tells(line);
            }
            Some("offline") => {
                self.server = None;
                self.tells(line);
            }
            Some("joined" | "left") => {}
            _ => self.tells(line),
        }
    }

    /// An outcome came. A second one for the same message is one too many.
    fn answered(&mut self, label: &str, outcome: Outcome) {
        let said = label.parse().ok().and_then(|number: usize| self.said.get_mut(number));
        let Some(said) = said else { return self.tells(&format!("{outcome:?} of {label:?}, which was never said")) };
        match &said.outcome {
            None => {
                self.open -= 1;
                said.outcome = Some(outcome);
            }
            Some(other) => {
                let twice = format!("{other:?}, and then {outcome:?}");
                said.outcome = Some(Outcome::Refused(twice));
            }
        }
    }

    fn tells(&mut self, line: &str) {
        self.told.push(line.to_owned());
        if self.told.len() > 50 {
            self.told.remove(0);
        }
    }

    /// The newest message that they saw in each place.
    pub(crate) fn newest(&self) -> BTreeMap<&str, u64> {
        self.view.iter().map(|seen| (&*seen.place, seen.id)).collect()
    }
}
