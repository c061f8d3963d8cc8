//! A store as simple as can be, to hold a broker to: a list of messages, looked through from end to end.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};

use tr2::model::{MessageId, Name, Target, words};
use tr2::protocol::{Envelope, Event, Query, Span, Standing};
use tr2::server::broker::Input;
use tr2::server::history::{Answer, Job, Outcome, Question, Receipt, Recipient, Record, What};
use tr2::server::owners::Owner;
use tr2::server::rules::Beginning;

/// What is kept.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) fails: bool,
    records: Vec<Record>,
    users: Vec<Name>,
    owners: Vec<Owner>,
    read: BTreeMap<(String, String), MessageId>,
}

impl Shelf {
    pub(crate) fn last_id(&self) -> MessageId {
        self.records.last().map_or(MessageId(0), |record| record.id)
    }

    /// What a server goes on from.
    pub(crate) fn beginning(&self) -> Beginning {
        let (users, owners) = (self.users.clone(), self.owners.clone());
        Beginning { last_id: self.last_id(), users, owners, ..Beginning::default() }
    }

    /// All that was said to everyone, in order.
    pub(crate) fn texts(&self) -> Vec<String> {
        let everyone = |record: &&Record| matches!(record.to, Recipient::Everyone { .. });
        self.records.iter().filter(everyone).map(|record| record.text.to_string()).collect()
    }

    /// Does what is asked, and tells what came of it.
    pub(crate) fn does(&mut self, job: Job) -> Option<Input> {
        match job {
            Job::Append(records) => {
                let trouble = self.fails.then(|| "no space left on device".to_owned());
                let outcomes = records.into_iter().map(|record| self.keep(record)).collect();
                Some(Input::Stored(Receipt { outcomes, trouble }))
            }
            Job::Know(name) => {
                let last = self.all(&name, &Target::Everyone).last().map_or(MessageId(0), |record| record.id);
                self.read.insert((key(&name), String::new()), last);
                self.users.push(name);
                None
            }
            Job::Mark { user, with, id } => {
                let mark = self.read.entry((key(&user), conversation(&with))).or_default();
                *mark = id.max(*mark);
                None
            }
            Job::Own(owner) => {
                self.owners.retain(|kept| kept.name.key() != owner.name.key());
                self.owners.push(owner);
                None
            }
            Job::Keep(_) => None,
            Job::Ask(question) => Some(Input::Answered(self.answer(question))),
        }
    }

    fn keep(&mut self, record: Record) -> Outcome {
        if self.fails {
            return Outcome::Unavailable;
        }
        let same_ref = |kept: &&Record| {
            kept.reference.is_some() && kept.reference == record.reference && key(&kept.from) == key(&record.from)
        };
        match self.records.iter().find(same_ref) {
            Some(kept) if kept.text == record.text && kept.to == record.to => Outcome::Again(kept.id, kept.time),
            Some(_) => Outcome::RefUsed,
            None => {
                assert!(record.id > self.last_id(), "{record:?} comes after {}", self.last_id());
                self.records.push(record);
                Outcome::Kept
            }
        }
    }

    /// The conversation of a user, as the user may see it.
    fn all<'a>(&'a self, user: &'a Name, with: &'a Target) -> impl Iterator<Item = &'a Record> {
        self.records.iter().filter(move |record| match (&record.to, with) {
            (Recipient::Everyone { .. }, Target::Everyone) => true,
            (Recipient::User(to), Target::User(other)) => {
                let pair = BTreeSet::from([key(&record.from), key(to)]);
                pair == BTreeSet::from([key(user), key(other)])
            }
            _ => false,
        })
    }

    fn answer(&self, question: Question) -> Answer {
        let Question { conn, user, reference, batch, what } = question;
        let mut frames: Vec<Envelope> = match what {
            What::Conversations => self.conversations(&user).map(|one| Event::Conversation(one).into()).collect(),
            What::Page { with, span } => self.page(&user, &with, span),
            What::Found(query) => self.found(&user, &query),
        };
        if !matches!(frames.last().map(|frame| &frame.event), Some(Event::HistoryEnd { .. } | Event::SearchEnd { .. }))
        {
            frames.push(Event::ConversationsEnd.into());
        }
        let mut lines = Vec::new();
        for frame in frames {
            let frame = Envelope { reference: reference.clone(), batch: Some(batch.clone()), ..frame };
            frame.write(&mut lines, Some(&user));
        }
        let lines = if self.fails { Err("disk I/O error".to_owned()) } else { Ok(lines) };
        Answer { conn, reference, lines, damaged: Vec::new() }
    }

    fn page(&self, user: &Name, with: &Target, span: Span) -> Vec<Envelope> {
        let within = |record: &&Record| {
            span.since.is_none_or(|since| record.id > since) && span.before.is_none_or(|before| record.id < before)
        };
        let all: Vec<&Record> = self.all(user, with).filter(within).collect();
        let over = all.len().saturating_sub(span.limit);
        let page = if span.since.is_some() { &all[..all.len() - over] } else { &all[over..] };
        let end = Event::HistoryEnd { more: over > 0, damaged: 0 };
        page.iter().map(|record| record.envelope()).chain([end.into()]).collect()
    }

    fn found(&self, user: &Name, query: &Query) -> Vec<Envelope> {
        let mine = |record: &&Record| match &record.to {
            Recipient::Everyone { .. } => true,
            Recipient::User(to) => [to, &record.from].iter().any(|name| key(name) == key(user)),
        };
        let holds = |record: &&Record| {
            let text = words::fold(record.text.as_str());
            query.terms.iter().all(|term| words::holds(&text, &words::fold(&term.text), term.prefix))
        };
        let end = Event::SearchEnd { more: false, damaged: 0 };
        self.records.iter().rev().filter(mine).filter(holds).map(Record::envelope).chain([end.into()]).collect()
    }

    fn conversations(&self, user: &Name) -> impl Iterator<Item = Standing> {
        let others = self.users.iter().cloned().map(Target::User);
        std::iter::once(Target::Everyone).chain(others).filter_map(|with| {
            let last = self.all(user, &with).last().map_or(MessageId(0), |record| record.id);
            let read = self.read.get(&(key(user), conversation(&with))).copied().unwrap_or_default();
            let new = |record: &&Record| record.id > read && key(&record.from) != key(user);
            let unread = self.all(user, &with).filter(new).count();
            (with == Target::Everyone || last > MessageId(0)).then_some(Standing { with, last, read, unread })
        })
    }
}

fn key(name: &Name) -> String {
    name.key().folded
}

fn conversation(with: &Target) -> String {
    match with {
        Target::Everyone => String::new(),
        Target::User(name) => key(name),
    }
}
