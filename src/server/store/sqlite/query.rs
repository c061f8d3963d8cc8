//! Questions and their answers: what is asked is looked up by those who know how, in one moment of the history.
//!
//! Must not know: on which thread it is asked.

use std::collections::HashSet;

use rusqlite::Connection;

use super::lookup::Lookup;
use super::modlog;
use super::page;
use super::row::Found;
use super::search;
use super::summaries;
use crate::model::MessageId;
use crate::protocol::{Envelope, Event};
use crate::server::store::api::{Answer, Question, What};
use crate::server::store::error::reason;
use crate::server::store::limits::MAX_CACHED;

/// The lines of an answer as they come together.
#[derive(Debug)]
pub(in crate::server::store) struct Lines<'a> {
    question: &'a Question,
    bytes: Vec<u8>,
    /// What was left out.
    pub(in crate::server::store) damaged: Vec<MessageId>,
    /// The same of what moderators did.
    damaged_acts: Vec<i64>,
}

/// Answers, and what is remembered from one to the next.
#[derive(Debug, Default)]
pub(in crate::server::store) struct Answering {
    lookup: Lookup,
    /// Damaged messages that the log knows of.
    logged: HashSet<MessageId>,
    /// Damaged acts that it knows of.
    logged_acts: HashSet<i64>,
}

impl Answering {
    /// Answers a question.
    pub(in crate::server::store) fn answer(&mut self, conn: &Connection, question: &Question) -> Answer {
        let mut lines = Lines::new(question);
        let lookup = &mut self.lookup;
        let told = at_one_moment(conn, || match &question.what {
            What::Conversations => summaries::tell(conn, &mut lines),
            What::Page { with, span } => page::tell(conn, lookup, &mut lines, with, span),
            What::Modlog { room, whole, span } => modlog::tell(conn, &mut lines, room.as_ref(), *whole, span),
            What::Found(query) => search::tell(conn, lookup, &mut lines, query),
        });
        if told.is_err() {
            self.lookup.clear();
        }
        for id in &lines.damaged {
            if self.logged.len() < MAX_CACHED && self.logged.insert(*id) {
                log::error!(id = id.0; "message_damaged");
            }
        }
        for id in &lines.damaged_acts {
            if self.logged_acts.len() < MAX_CACHED && self.logged_acts.insert(*id) {
                log::error!(id = *id; "act_damaged");
            }
        }
        lines.end(told.map_err(|error| reason(&error)))
    }
}

/// What is read in between is all of one state, and that state is let go of in any case.
fn at_one_moment(conn: &Connection, read: impl FnOnce() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    conn.execute_batch("BEGIN")?;
    let told = read();
    let ended = conn.execute_batch("COMMIT");
    told.and(ended)
}

impl<'a> Lines<'a> {
    /// None yet.
    pub(in crate::server::store) fn new(question: &'a Question) -> Self {
        Self { question, bytes: Vec::new(), damaged: Vec::new(), damaged_acts: Vec::new() }
    }

    /// Those of an answer that has begun.
    pub(in crate::server::store) fn resume(question: &'a Question, bytes: Vec<u8>) -> Self {
        Self { bytes, ..Self::new(question) }
    }

    /// What there is, to be gone on with.
    pub(in crate::server::store) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The whole answer, or why there is none.
    pub(in crate::server::store) fn end(self, told: Result<(), String>) -> Answer {
        let Question { conn, reference, .. } = self.question;
        let lines = told.map(|()| self.bytes);
        Answer { conn: *conn, reference: reference.clone(), lines, damaged: self.damaged }
    }

    /// Who asks.
    pub(in crate::server::store) fn question(&self) -> &'a Question {
        self.question
    }

    /// Adds a line.
    pub(in crate::server::store) fn event(&mut self, event: Event) {
        write(self.question, event.into(), &mut self.bytes);
    }

    /// Adds a message, or takes note that it is damaged.
    pub(in crate::server::store) fn message(&mut self, found: Found) {
        if let Some(envelope) = self.whole(found) {
            write(self.question, envelope, &mut self.bytes);
        }
    }

    /// A line of its own.
    pub(in crate::server::store) fn line(&self, envelope: Envelope) -> Vec<u8> {
        let mut line = Vec::new();
        write(self.question, envelope, &mut line);
        line
    }

    /// Adds lines that are written already.
    pub(in crate::server::store) fn append<'l>(&mut self, lines: impl Iterator<Item = &'l Vec<u8>>) {
        lines.for_each(|line| self.bytes.extend_from_slice(line));
    }

    /// How many bytes there are.
    pub(in crate::server::store) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes note of an act that is damaged.
    pub(in crate::server::store) fn damaged_act(&mut self, id: i64) {
        self.damaged_acts.push(id);
    }

    /// A message as it is told; `None`, taken note of, if it is damaged.
    pub(in crate::server::store) fn whole(&mut self, found: Found) -> Option<Envelope> {
        match found {
            Found::Whole(record) => Some(record.envelope()),
            Found::Elsewhere => None,
            Found::Damaged(id) => {
                self.damaged.push(id);
                None
            }
        }
    }
}

fn write(question: &Question, envelope: Envelope, bytes: &mut Vec<u8>) {
    let (reference, batch) = (question.reference.clone(), Some(question.batch.clone()));
    Envelope { reference, batch, ..envelope }.write(bytes, Some(&question.user));
}
