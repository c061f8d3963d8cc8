//! A store with people who talk: their messages go in, their queries come out, each as one line of text.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};

use tr2::model::{MessageId, Name, RoomName, Text, Timestamp};
use tr2::protocol::lines;
use tr2::protocol::{ChangeEvent, Envelope, Event, Query, RoomEvent, Span, Tally};
use tr2::server::ids::RoomId;
use tr2::server::store::api::Requester;
use tr2::server::store::api::{
    Alteration, Answer, ChangeDone, Changed, ConversationId, Deleted, Deletion, Job, Outcome, OwnBound, Question,
    Receipt, Recipient, Record, Revision, What,
};
use tr2::server::store::{Decisions, Opening, Options, Report, Store};

use crate::serving::PATIENCE;

/// The time of the first message; each following one is a minute later.
pub const START: i64 = 1_763_812_800_000;
pub const MINUTE: i64 = 60_000;

pub struct Chat {
    store: Option<Store>,
    reports: Receiver<Report>,
    pub opening: Opening,
    pub folder: PathBuf,
    next: u64,
    pub time: i64,
    /// Who is in which rooms.
    pub rooms: BTreeMap<String, Vec<(RoomId, RoomName)>>,
}

pub fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// A room; its number is that of the letters in its name.
pub fn room(text: &str) -> (RoomId, RoomName) {
    let number = text.bytes().fold(0, |number, byte| number * 256 + u64::from(byte));
    (RoomId(number), RoomName::parse(text).unwrap())
}

pub fn with(text: &str) -> ConversationId {
    match text {
        "everyone" => ConversationId::Everyone,
        room_name if room_name.starts_with('#') => {
            let (id, name) = room(room_name);
            ConversationId::Room(id, name)
        }
        user => ConversationId::User(name(user)),
    }
}

fn deletion_of(within: &str, id: u64) -> Deletion {
    Deletion {
        requester: Requester(7),
        reference: Some("r1".to_owned()),
        by: name("mod"),
        within: with(within),
        id: MessageId(id),
        number: MessageId(id.saturating_add(1_000_000)),
        reason: Text::line("rude"),
        spared: Vec::new(),
        time: Timestamp(START),
        outcome: None,
    }
}

/// A moderator deletes a message.
pub fn deletion(within: &str, id: u64) -> Job {
    Job::Delete(deletion_of(within, id))
}

impl Chat {
    pub fn open(folder: &Path) -> Self {
        Self::open_with(folder, Options::default(), "")
    }

    pub fn open_with(folder: &Path, options: Options, extra: &str) -> Self {
        let (sender, reports) = channel();
        let report = move |report| drop(sender.send(report));
        let opened = Store::open_with(folder, options, extra, report);
        Self::of(folder, opened.unwrap(), reports)
    }

    /// A store that watches the machine's clock.
    pub fn open_watched(folder: &Path, options: Options) -> Self {
        let (sender, reports) = channel();
        let report = move |report| drop(sender.send(report));
        Self::of(folder, Store::open_watched(folder, options, Decisions::default(), report).unwrap(), reports)
    }

    fn of(folder: &Path, (store, opening): (Store, Opening), reports: Receiver<Report>) -> Self {
        let next = opening.last_id.0 + 1;
        Self {
            store: Some(store),
            reports,
            opening,
            folder: folder.to_owned(),
            next,
            time: START,
            rooms: BTreeMap::new(),
        }
    }

    /// Closes this store properly and opens it again.
    pub fn reopen(&mut self) {
        self.close();
        let (time, rooms) = (self.time, std::mem::take(&mut self.rooms));
        *self = Self::open(&self.folder.clone());
        (self.time, self.rooms) = (time, rooms);
    }

    pub fn close(&mut self) {
        self.store.take().unwrap().close(PATIENCE);
    }

    /// A person confirms the machine's clock.
    pub fn believe_the_clock(&self) {
        self.store.as_ref().unwrap().time().believe();
    }

    pub fn submit(&self, job: Job) {
        assert!(self.store.as_ref().unwrap().submit(job));
    }

    pub fn report(&self) -> Report {
        loop {
            if let Ok(report) = self.reports.try_recv() {
                return report;
            }
            if !self.store.as_ref().is_some_and(Store::tend) {
                return self.reports.recv_timeout(PATIENCE).expect("a report");
            }
        }
    }

    pub fn receipt(&self) -> Receipt {
        match self.report() {
            Report::Stored(receipt) => receipt,
            other => panic!("{other:?}"),
        }
    }

    /// The next number of a message or a change.
    pub fn next_number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    /// The number that was given last.
    pub fn last_number(&self) -> u64 {
        self.next - 1
    }

    /// A message with the next number, at the next minute.
    pub fn record(&mut self, from: &str, to: &str, text: &str) -> Record {
        let (id, time) = (MessageId(self.next), Timestamp(self.time));
        self.next += 1;
        self.time += MINUTE;
        let to = match with(to) {
            ConversationId::Everyone => Recipient::Everyone { me_too: false },
            ConversationId::User(name) => Recipient::User(name),
            ConversationId::Room(id, name) => Recipient::Room { id, name, me_too: false },
        };
        let (from, verified, text) = (name(from), from == "vera", Text::block(text));
        Record { id, time, from, verified, to, reference: None, text, deleted: None, extra: Default::default() }
    }

    /// From now on a user is in a room.
    pub fn join(&mut self, user: &str, name: &str) {
        self.rooms.entry(user.to_owned()).or_default().push(room(name));
    }

    pub fn leave(&mut self, user: &str, name: &str) {
        self.rooms.entry(user.to_owned()).or_default().retain(|known| *known != room(name));
    }

    /// An answer to a message, which must be stored; returns its id.
    pub fn answer_to(&mut self, id: u64, from: &str, to: &str, text: &str) -> Outcome {
        let mut record = self.record(from, to, text);
        record.extra.reply = Some(MessageId(id));
        self.keep(vec![record]).outcomes.remove(0)
    }

    /// A change of a message by a user who is not verified and has been here from the beginning.
    pub fn change(&mut self, by: &str, within: &str, id: u64, how: Alteration) -> Revision {
        let (requester, number) = (Requester(7), MessageId(self.next_number()));
        let reference = Some(format!("change-{}", number.0));
        let own = OwnBound { since: Timestamp(0), verified: by == "vera", after: MessageId(0) };
        let (by, within, id, time) = (name(by), with(within), MessageId(id), Timestamp(self.time));
        let label = reference.clone();
        Revision { requester, reference, label, by, within, id, number, time, how, own, outcome: None }
    }

    /// Makes a change, and says what came of it.
    pub fn changed(&self, change: Revision) -> Changed {
        self.submit(Job::Change(change.clone()));
        match self.report() {
            Report::Changed(done) => {
                assert_eq!(Revision { outcome: None, ..done.clone() }, change);
                done.outcome.unwrap()
            }
            other => panic!("{other:?}"),
        }
    }

    /// Makes a change that must be made.
    pub fn alter(&mut self, by: &str, within: &str, id: u64, how: Alteration) -> ChangeDone {
        let change = self.change(by, within, id, how);
        match self.changed(change) {
            Changed::Done(done) => done,
            other => panic!("{other:?}"),
        }
    }

    /// Deletes a message, and says what came of it.
    pub fn delete(&self, by: &str, within: &str, id: u64) -> Deleted {
        self.submit(Job::Delete(Deletion { by: name(by), ..deletion_of(within, id) }));
        match self.report() {
            Report::Deleted(deletion) => {
                let told = (deletion.requester, deletion.reference.as_deref(), deletion.by, deletion.id.0);
                assert_eq!(told, (Requester(7), Some("r1"), name(by), id));
                deletion.outcome.unwrap()
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn keep(&self, records: Vec<Record>) -> Receipt {
        self.submit(Job::Append(records));
        self.receipt()
    }

    /// Sends a message, which must be stored; returns its id.
    pub fn say(&mut self, from: &str, to: &str, text: &str) -> u64 {
        let record = self.record(from, to, text);
        let id = record.id.0;
        assert_eq!(self.keep(vec![record]), Receipt { outcomes: vec![Outcome::Kept], trouble: None });
        id
    }

    /// Many messages at once.
    pub fn say_all(&mut self, said: impl IntoIterator<Item = (String, String, String)>) {
        let records: Vec<_> = said.into_iter().map(|(from, to, text)| self.record(&from, &to, &text)).collect();
        let count = records.len();
        assert_eq!(self.keep(records).outcomes, vec![Outcome::Kept; count]);
    }

    pub fn know(&self, user: &str) {
        self.submit(Job::Know(name(user)));
    }

    pub fn mark(&self, user: &str, with: &str, id: u64) {
        self.submit(Job::Mark { user: name(user), with: self::with(with), id: MessageId(id) });
    }

    /// Waits until all earlier jobs are written.
    pub fn settle(&self) {
        assert_eq!(self.keep(Vec::new()), Receipt::default());
    }

    pub fn question(&self, user: &str, what: What) -> Job {
        let (requester, reference) = (Requester(7), Some("r1".to_owned()));
        let (rooms, user) = (self.rooms.get(user).cloned().unwrap_or_default(), name(user));
        Job::Ask(Question { requester, user, rooms, reference, batch: "b1".to_owned(), plain: false, what })
    }

    pub fn answer(&self, user: &str, what: What) -> Answer {
        self.submit(self.question(user, what));
        match self.report() {
            Report::Answered(answer) => {
                assert_eq!((answer.requester, answer.reference.as_deref()), (Requester(7), Some("r1")));
                answer
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn ask(&self, user: &str, what: What) -> Vec<String> {
        shown(&self.answer(user, what).lines.unwrap())
    }

    /// What has changed in a conversation since a change.
    pub fn changes(&self, user: &str, with: &str, since: u64) -> Vec<String> {
        self.ask(user, What::Changes { with: self::with(with), span: Span::since(MessageId(since)) })
    }

    /// All of a conversation, as its users see it.
    pub fn envelopes(&self, user: &str, with: &str) -> Vec<Envelope> {
        let lines = self.answer(user, What::Page { with: self::with(with), span: Span::default() }).lines.unwrap();
        let all = lines::each(&lines).map(|line| Envelope::parse(line).unwrap());
        all.filter(|envelope| envelope.id.is_some()).collect()
    }

    pub fn page(&self, user: &str, with: &str, span: Span) -> Vec<String> {
        self.ask(user, What::Page { with: self::with(with), span })
    }

    pub fn find(&self, user: &str, query: &str) -> Vec<String> {
        let query = Query::parse(query, &tr2::model::Zone::default()).unwrap();
        self.ask(user, What::Found(query))
    }

    pub fn conversations(&self, user: &str) -> Vec<String> {
        self.ask(user, What::Conversations)
    }

    /// Waits until all messages are in the search index, as another connection sees it.
    pub fn indexed(&self) {
        let conn = self.sqlite();
        let behind =
            "SELECT count(*) FROM message WHERE id > coalesce((SELECT value FROM meta WHERE key = 'indexed'), 0)";
        wait_for(|| conn.query_row(behind, [], |row| row.get::<_, i64>(0)).unwrap() == 0);
    }

    /// A connection of another program.
    pub fn sqlite(&self) -> rusqlite::Connection {
        let conn = rusqlite::Connection::open(self.folder.join("history.db")).unwrap();
        conn.busy_timeout(PATIENCE).unwrap();
        conn
    }

    pub fn count(&self) -> i64 {
        self.sqlite().query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap()
    }
}

/// Waits for what the store's thread does in the background. It asks again and again: nothing announces a commit of
/// another connection.
pub fn wait_for(mut done: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "it does not happen");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// The frames of an answer, each in a few words.
pub fn shown(lines: &[u8]) -> Vec<String> {
    let lines = lines.strip_suffix(b"\n").expect("lines");
    lines.split(|&byte| byte == b'\n').map(line).collect()
}

fn line(line: &[u8]) -> String {
    let envelope = Envelope::parse(line).unwrap();
    assert_eq!((envelope.reference.as_deref(), envelope.batch.as_deref()), (Some("r1"), Some("b1")));
    let id = envelope.id.unwrap_or_default();
    let end = |more: bool, damaged: usize| {
        format!(
            "end{}{}",
            if more { " more" } else { "" },
            if damaged > 0 { format!(" -{damaged}") } else { String::new() }
        )
    };
    let about = envelope.annotations.unwrap_or_default();
    let reply = about.reply.map(|reply| match reply.quote {
        Some(quote) => format!(" (to {}: {} {})", reply.id, quote.from, quote.words),
        None => format!(" (to {})", reply.id),
    });
    let edited = about.edited.map(|_| " (edited)");
    let rest = format!("{}{}", reply.unwrap_or_default(), edited.unwrap_or_default());
    let said = match envelope.event {
        Event::Broadcast { from, text, me_too } => format!("{id} {from}{}: {text}", if me_too { "+" } else { "" }),
        Event::Private { from, to, text } => format!("{id} {from} to {to}: {text}"),
        Event::HistoryEnd { more, damaged } | Event::SearchEnd { more, damaged } => end(more, damaged),
        Event::Conversation(standing) => {
            format!("{} {}/{} {}", standing.with, standing.read, standing.last, standing.unread)
        }
        Event::ConversationsEnd => "end".to_owned(),
        Event::Room(RoomEvent::Message { from, room, me_too, text }) => {
            format!("{id} {from}{} in {room}: {text}", if me_too { "+" } else { "" })
        }
        Event::Room(RoomEvent::Deleted { from, place, by }) => format!("{id} {from} in {place}, deleted by {by}"),
        Event::Room(RoomEvent::Acted { by, place, done }) => format!("{id} {by} in {place}: {}", done.data()),
        Event::Room(RoomEvent::ModlogEnd { more }) => end(more, 0),
        Event::Change(ChangeEvent::Reactions(all)) => {
            let tally = |it: &Tally| format!("{}{}{}", it.count, if it.mine { "!" } else { "" }, it.reaction);
            format!("{id} {}", all.iter().map(tally).collect::<Vec<_>>().join(" "))
        }
        Event::Change(ChangeEvent::End { more, damaged }) => end(more, damaged),
        other => panic!("{other:?}"),
    };
    said + &rest
}
