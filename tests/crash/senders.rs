//! Those who write while the server is killed: each user in several sessions, and what each session has seen.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Mutex;

use super::checker::{Kept, Witness};
use super::serving::{PATIENCE, tag};
use crate::count::Count;

/// Unanswered messages of one session, at most.
const PIPELINE: usize = 64;

/// One session of a user, across all lives of the server.
pub struct Sender {
    pub user: String,
    /// Which of the user's sessions it is.
    session: usize,
    said: usize,
    /// Unaccepted messages, in order.
    open: VecDeque<usize>,
    /// What it has seen, to everyone and in the room; its own messages are seen once they are accepted.
    seen: [BTreeMap<u64, Kept>; 2],
    /// Up to which message nothing is missing there.
    since: [u64; 2],
}

/// What is heard over one connection.
#[derive(Default)]
struct Heard {
    /// Messages, beside those of pages.
    messages: BTreeSet<u64>,
    /// Whether everything of before has been read, to everyone and in the room.
    caught_up: [bool; 2],
}

impl Sender {
    pub fn new(user: usize, session: usize) -> Self {
        let (open, seen, since) = Default::default();
        Self { user: format!("sender{user}"), session, said: 0, open, seen, since }
    }

    /// As whom a witness knows who has said this: each session has an order of its own.
    pub fn witnessed(user: &str, text: &str) -> String {
        match text.split(' ').nth(3) {
            Some(session) if text.starts_with("message ") => format!("{user} in {session}"),
            _ => user.to_owned(),
        }
    }

    fn text(&self, number: usize) -> String {
        format!("message {number} in {} with | a bar", self.session)
    }

    /// What it has seen, in order.
    pub fn view(&self) -> Vec<Kept> {
        let mut view: Vec<Kept> = self.seen.iter().flat_map(BTreeMap::values).cloned().collect();
        view.sort_by_key(|kept| kept.id);
        view
    }

    /// Resends unaccepted messages and sends new ones, until the server is gone or, without `more`, all are accepted and
    /// all of before is seen.
    pub fn work(&mut self, socket: &Path, witness: &Mutex<Witness>, count: &Count, more: bool) {
        let Ok(mut stream) = UnixStream::connect(socket) else { return };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        // Half a line is the end of a server.
        let mut lines = std::iter::from_fn(|| {
            let mut line = String::new();
            reader.read_line(&mut line).ok().and_then(|_| line.strip_suffix('\n').map(str::to_owned))
        });
        // The sessions of a user use the same labels: what tells them apart is the token.
        let mut out = format!("x | server | session | {:032x}\n", self.session + 1);
        out += &format!("x | server | capabilities | reply edit react\nx | server | name | {}\n", self.user);
        // Whether a name is a login is looked up, and meanwhile few requests may wait.
        if stream.write_all(out.as_bytes()).is_err()
            || !lines.any(|line| line.contains(" | connection_confirmation | "))
        {
            return;
        }
        out = "x | #ops | join_room\n".to_owned();
        for &number in &self.open {
            out += &self.frame(number);
        }
        out += &(self.ask_page(0) + &self.ask_page(1));
        let mut heard = Heard::default();
        loop {
            while more && self.open.len() < PIPELINE {
                let text = self.text(self.said);
                witness.lock().unwrap().says(&Self::witnessed(&self.user, &text), &text);
                out += &self.frame(self.said);
                self.open.push_back(self.said);
                self.said += 1;
            }
            if stream.write_all(out.as_bytes()).is_err() {
                return;
            }
            out.clear();
            if self.open.is_empty() && !more && heard.caught_up == [true; 2] {
                return;
            }
            let Some(line) = lines.next() else { return };
            assert!(!line.contains("| refused |"), "{line}");
            if line.ends_with("| accepted") {
                let kept = self.accepted(&line);
                witness.lock().unwrap().accepted(
                    &Self::witnessed(&self.user, &kept.text),
                    &kept.text,
                    kept.id,
                    &kept.time,
                );
                count.add_one();
                self.sees(usize::from(in_room(&kept.text)), kept, &mut heard);
            } else if let Some(at) = (0..2).find(|at| line.contains(&format!("ref=page{at};"))) {
                out += &self.pages(at, &line, &mut heard);
            } else if line.contains(" | broadcast_not_me | ") {
                let at = usize::from(line.contains(" | #ops | broadcast_not_me | "));
                self.sees(at, Kept::read(&line), &mut heard);
            }
        }
    }

    /// A message of this session is accepted.
    fn accepted(&mut self, line: &str) -> Kept {
        let number: usize = tag(line, "ref").parse().unwrap();
        let at = self.open.iter().position(|open| *open == number);
        self.open.remove(at.unwrap_or_else(|| panic!("accepted twice in {}: {line}", self.session)));
        Kept {
            id: tag(line, "id").parse().unwrap(),
            time: tag(line, "time").to_owned(),
            sender: self.user.clone(),
            text: self.text(number),
            deleted: false,
            reactions: Vec::new(),
        }
    }

    /// A message arrives, or one's own is accepted.
    fn sees(&mut self, at: usize, kept: Kept, heard: &mut Heard) {
        assert!(heard.messages.insert(kept.id), "heard twice in {} of {}: {kept:?}", self.session, self.user);
        if heard.caught_up[at] {
            self.since[at] = kept.id;
        }
        self.seen[at].insert(kept.id, kept);
    }

    /// A line of a page; returns what is to be asked next.
    fn pages(&mut self, at: usize, line: &str, heard: &mut Heard) -> String {
        if line.contains(" | history_end") {
            if line.ends_with("more") {
                return self.ask_page(at);
            }
            heard.caught_up[at] = true;
            self.since[at] = self.seen[at].last_key_value().map_or(0, |(id, _)| *id);
        } else if !line.contains(" | reactions | ") {
            let kept = Kept::read(line);
            self.since[at] = kept.id;
            self.seen[at].insert(kept.id, kept);
        }
        String::new()
    }

    fn ask_page(&self, at: usize) -> String {
        let place = ["all clients", "#ops"][at];
        format!("@ref=page{at} x | {place} | history | limit=1000 since={}\n", self.since[at])
    }

    fn frame(&self, number: usize) -> String {
        let text = self.text(number);
        let place = if in_room(&text) { "#ops" } else { "all clients" };
        format!("@ref={number} x | {place} | broadcast_not_me | {text}\n")
    }
}

/// Whether a message goes to the room: every other one does.
pub fn in_room(text: &str) -> bool {
    text.split(' ').nth(1).is_some_and(|number| !number.parse::<u64>().unwrap().is_multiple_of(2))
}
