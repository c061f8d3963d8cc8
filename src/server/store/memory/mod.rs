//! The history where nothing is written to a disk: bounded, and gone with the process.
//!
//! It does the jobs that the writer does to a file, and its answers are the same; `recall` and `seeking` find what is
//! asked for.
//!
//! Must not know: who waits for what is told.

pub(in crate::server::store) mod query;
pub(in crate::server::store) mod search;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::atomic::Ordering;

use self::search::Search;
use super::api::{Acted, Conversation, Deleted, Deletion, Job, Outcome, Question, Receipt, Recipient, Record, What};
use super::limits::{
    MAX_ACTS_IN_MEMORY, MAX_BYTES_IN_MEMORY, MAX_CACHED, MAX_IN_MEMORY, MAX_USERS, PRUNE_EVERY, SEARCH_SLICE,
};
use super::{Done, Keep, Report};
use crate::model::{FoldedName, MessageId, Name, Text, Timestamp};
use crate::server::store::sqlite::append::not_new;
use crate::server::store::sqlite::lookup::Members;
use crate::server::store::sqlite::prune::DAY;
use crate::sys::clock::Clock;

/// What is kept.
#[derive(Debug, Default)]
pub(super) struct Memory {
    keep: Keep,
    pub(super) messages: BTreeMap<MessageId, Kept>,
    /// The numbers of the messages of each conversation that has some.
    pub(super) conversations: HashMap<Members, BTreeSet<MessageId>>,
    /// The number of each author's message of a label.
    labels: HashMap<i64, HashMap<String, MessageId>>,
    /// Up to where each has read.
    pub(super) read: HashMap<(i64, Members), MessageId>,
    /// How each user is shown; a user's number is the place here.
    shown: Vec<Name>,
    /// Users by their names with case folded, and some of them by how they are spelled.
    by_key: HashMap<FoldedName, i64>,
    by_spelling: HashMap<Name, i64>,
    /// What moderators did, by number.
    pub(super) acts: BTreeMap<MessageId, Acted>,
    /// The highest number that a message had, and an act.
    newest: MessageId,
    newest_act: MessageId,
    /// Bytes of text.
    bytes: usize,
    /// Whether it was told that no more users can be known.
    full: bool,
}

/// A message.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) record: Record,
    pub(super) author: i64,
    pub(super) members: Members,
}

/// A store that keeps all in memory, at work: what it is given it does at once, but for questions.
pub(super) struct Keeper {
    memory: Memory,
    clock: Clock,
    prune_at: Timestamp,
    /// What is not answered yet, but for searches.
    questions: VecDeque<Question>,
    searches: VecDeque<Search>,
    report: Box<dyn Fn(Report) + Send>,
}

impl Keeper {
    /// One that keeps nothing yet.
    pub(super) fn new(keep: Keep, report: impl Fn(Report) + Send + 'static) -> Self {
        let clock = Clock::start();
        Self {
            memory: Memory { keep, ..Memory::default() },
            prune_at: clock.now().steady.after(PRUNE_EVERY),
            clock,
            questions: VecDeque::new(),
            searches: VecDeque::new(),
            report: Box::new(report),
        }
    }

    /// Does a job.
    pub(super) fn take(&mut self, job: Job, done: &Done) {
        match job {
            Job::KeepFor(keep) => {
                self.memory.keep = keep;
                self.memory.forget_old(self.clock.now().wall);
            }
            Job::Ask(question) if matches!(question.what, What::Found(_)) => {
                self.searches.push_back(Search::new(question));
            }
            Job::Ask(question) => self.questions.push_back(question),
            job => {
                done.committed.fetch_add(1, Ordering::Relaxed);
                self.memory.take(job).into_iter().for_each(&self.report);
            }
        }
    }

    /// Answers a question, and goes on with a search for a moment. Says whether there is more.
    pub(super) fn tend(&mut self) -> bool {
        let now = self.clock.now();
        if now.steady >= self.prune_at {
            self.memory.forget_old(now.wall);
            self.prune_at = now.steady.after(PRUNE_EVERY);
        }
        if let Some(question) = self.questions.pop_front() {
            (self.report)(Report::Answered(query::answer(&self.memory, &question)));
        }
        let slice = Clock::start();
        let enough = || slice.elapsed() >= SEARCH_SLICE;
        if let Some(answer) = self.searches.front_mut().and_then(|search| search.go_on(&self.memory, enough)) {
            self.searches.pop_front();
            (self.report)(Report::Answered(answer));
        }
        !self.questions.is_empty() || !self.searches.is_empty()
    }
}

impl Memory {
    fn take(&mut self, job: Job) -> Option<Report> {
        match job {
            Job::Append(records) => return Some(Report::Stored(self.append(records))),
            Job::Delete(deletion) => {
                let outcome = Some(self.delete(&deletion));
                return Some(Report::Deleted(Deletion { outcome, ..deletion }));
            }
            Job::Know(name) => self.know(&name),
            Job::Mark { user, with, id } => self.mark(&user, &with, id),
            Job::Log(act) => self.log(act),
            // Whatever holds is the broker's to know for as long as this process runs.
            Job::Own(_) | Job::Keep(_) => {}
            // Done by the keeper: they are nothing that is kept.
            Job::KeepFor(_) | Job::Ask(_) => {}
        }
        None
    }

    fn append(&mut self, records: Vec<Record>) -> Receipt {
        let mut receipt = Receipt::default();
        for record in records {
            let outcome = if record.id > self.newest {
                self.keep(record)
            } else {
                receipt.trouble.get_or_insert_with(|| not_new(record.id));
                Outcome::Unavailable
            };
            receipt.outcomes.push(outcome);
        }
        receipt
    }

    fn keep(&mut self, record: Record) -> Outcome {
        let author = self.user_of(&record.from);
        if self.shown_as(author) != Some(&record.from) {
            self.show(author, &record.from);
        }
        let members = match &record.to {
            Recipient::Everyone { .. } => Members::All,
            Recipient::User(to) => Members::two(author, self.user_of(to)),
            Recipient::Room { id, .. } => Members::Room(*id),
        };
        if let Some(reference) = &record.reference {
            let labels = self.labels.entry(author).or_default();
            if let Some(earlier) = labels.get(reference).and_then(|id| self.messages.get(id)) {
                return earlier.again(members, &record);
            }
            labels.insert(reference.clone(), record.id);
        }
        self.newest = record.id;
        self.bytes += record.text.as_str().len();
        self.conversations.entry(members).or_default().insert(record.id);
        self.messages.insert(record.id, Kept { record, author, members });
        self.forget_what_is_too_much(members);
        Outcome::Kept
    }

    fn forget_what_is_too_much(&mut self, members: Members) {
        while self.messages.len() > MAX_IN_MEMORY || self.bytes > MAX_BYTES_IN_MEMORY {
            let Some((&oldest, _)) = self.messages.first_key_value() else { return };
            self.forget(oldest);
        }
        let Some(most) = self.keep.messages else { return };
        while let Some(ids) = self.conversations.get(&members).filter(|ids| ids.len() as u64 > most) {
            let Some(&oldest) = ids.first() else { return };
            self.forget(oldest);
        }
    }

    /// Forgets what is not to be kept any longer.
    fn forget_old(&mut self, now: Timestamp) {
        if let Some(days) = self.keep.days {
            let since = now.0.saturating_sub(DAY.saturating_mul(days.into()));
            let old = self.messages.iter().filter(|(_, kept)| kept.record.time.0 < since).map(|(&id, _)| id);
            old.collect::<Vec<_>>().into_iter().for_each(|id| self.forget(id));
        }
        for members in self.conversations.keys().copied().collect::<Vec<_>>() {
            self.forget_what_is_too_much(members);
        }
        // Up to where something was read that is not there any more is of no use.
        let conversations = &self.conversations;
        self.read.retain(|(_, members), _| *members == Members::All || conversations.contains_key(members));
    }

    fn forget(&mut self, id: MessageId) {
        let Some(Kept { record, author, members }) = self.messages.remove(&id) else { return };
        self.bytes -= record.text.as_str().len();
        if let Some(ids) = self.conversations.get_mut(&members) {
            ids.remove(&id);
            if ids.is_empty() {
                self.conversations.remove(&members);
            }
        }
        if let Some((reference, labels)) = record.reference.zip(self.labels.get_mut(&author)) {
            labels.remove(&reference);
            if labels.is_empty() {
                self.labels.remove(&author);
            }
        }
    }

    fn delete(&mut self, deletion: &Deletion) -> Deleted {
        let within = match &deletion.within {
            Conversation::Everyone => Members::All,
            Conversation::Room(id, _) => Members::Room(*id),
            // What two users say to each other is their own matter.
            Conversation::User(_) => return Deleted::NotThere,
        };
        let there = |kept: &&mut Kept| kept.members == within && kept.record.deleted.is_none();
        let Some(Kept { record, .. }) = self.messages.get_mut(&deletion.id).filter(there) else {
            return Deleted::NotThere;
        };
        if deletion.spared.contains(&record.from.folded()) {
            return Deleted::Spared(record.from.clone());
        }
        self.bytes -= record.text.as_str().len();
        (record.text, record.deleted) = (Text::default(), Some(deletion.by.clone()));
        Deleted::Done(record.from.clone())
    }

    /// Makes a user known, for whom everything said to everyone so far counts as read.
    fn know(&mut self, name: &Name) {
        if self.user(name).is_none() && self.shown.len() >= MAX_USERS {
            if !std::mem::replace(&mut self.full, true) {
                log::warn!("users_full");
            }
            return;
        }
        let user = self.user_of(name);
        self.show(user, name);
        let last = self.last_of(Members::All);
        self.read.entry((user, Members::All)).or_insert(last);
    }

    /// Remembers how far a user has read, up to the newest message there is.
    fn mark(&mut self, user: &Name, with: &Conversation, id: MessageId) {
        let Some(user) = self.user(user) else { return };
        let Some(members) = self.members(user, with).filter(|members| self.conversations.contains_key(members)) else {
            return;
        };
        let id = id.min(self.last_of(members));
        let mark = self.read.entry((user, members)).or_default();
        *mark = id.max(*mark);
    }

    fn log(&mut self, act: Acted) {
        self.newest_act = MessageId(self.newest_act.0 + 1);
        self.acts.insert(self.newest_act, act);
        if self.acts.len() > MAX_ACTS_IN_MEMORY {
            self.acts.pop_first();
        }
    }

    /// The number of a user, if there is one.
    pub(super) fn user(&self, name: &Name) -> Option<i64> {
        self.by_spelling.get(name).or_else(|| self.by_key.get(&name.folded())).copied()
    }

    /// The number of a user, who is made if there is none.
    fn user_of(&mut self, name: &Name) -> i64 {
        if let Some(&user) = self.by_spelling.get(name) {
            return user;
        }
        let next = i64::try_from(self.shown.len()).unwrap_or(i64::MAX);
        let user = *self.by_key.entry(name.folded()).or_insert(next);
        if user == next {
            self.shown.push(name.clone());
        }
        if self.by_spelling.len() >= MAX_CACHED {
            self.by_spelling.clear();
        }
        self.by_spelling.insert(name.clone(), user);
        user
    }

    /// How a user is shown.
    pub(super) fn shown_as(&self, user: i64) -> Option<&Name> {
        self.shown.get(usize::try_from(user).ok()?)
    }

    fn show(&mut self, user: i64, name: &Name) {
        if let Some(shown) = usize::try_from(user).ok().and_then(|user| self.shown.get_mut(user)) {
            shown.clone_from(name);
        }
    }

    /// Who sees a conversation of a user's; `None` where the other is not known.
    pub(super) fn members(&self, user: i64, with: &Conversation) -> Option<Members> {
        match with {
            Conversation::Everyone => Some(Members::All),
            Conversation::User(other) => Some(Members::two(user, self.user(other)?)),
            Conversation::Room(room, _) => Some(Members::Room(*room)),
        }
    }

    /// The newest message of a conversation; 0 if it has none.
    pub(super) fn last_of(&self, members: Members) -> MessageId {
        self.conversations.get(&members).and_then(BTreeSet::last).copied().unwrap_or_default()
    }
}

impl Kept {
    /// What becomes of a message whose label this one has.
    fn again(&self, members: Members, record: &Record) -> Outcome {
        let loud =
            |to: &Recipient| matches!(to, Recipient::Everyone { me_too: true } | Recipient::Room { me_too: true, .. });
        // What a deleted message said cannot be compared any more.
        let said = self.record.deleted.is_some() || self.record.text == record.text;
        if said && self.members == members && loud(&self.record.to) == loud(&record.to) {
            Outcome::Again(self.record.id, self.record.time)
        } else {
            Outcome::RefUsed
        }
    }
}
