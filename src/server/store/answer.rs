//! Questions and their answers: what is asked is looked up by those who know how, in one moment of the history.
//!
//! Must not know: on which thread it is asked.

use std::collections::HashSet;

use rusqlite::{Connection, Result};

use super::error::reason;
use super::limits::MAX_CACHED;
use super::lookup::Lookup;
use super::row::Found;
use super::{found, page, standing};
use crate::model::MessageId;
use crate::protocol::{Envelope, Event};
use crate::server::history::{Answer, Question, Record, What};

/// The lines of an answer as they come together.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    question: &'a Question,
    bytes: Vec<u8>,
    /// What was left out.
    pub(super) damaged: Vec<MessageId>,
}

/// Answers, and what is remembered from one to the next.
#[derive(Debug, Default)]
pub(super) struct Answering {
    lookup: Lookup,
    /// Damaged messages that the log knows of.
    logged: HashSet<MessageId>,
}

impl Answering {
    /// Answers a question.
    pub(super) fn answer(&mut self, conn: &Connection, question: &Question) -> Answer {
        let mut lines = Lines { question, bytes: Vec::new(), damaged: Vec::new() };
        let lookup = &mut self.lookup;
        let told = at_one_moment(conn, || match &question.what {
            What::Conversations => standing::tell(conn, &mut lines),
            What::Page { with, span } => page::tell(conn, lookup, &mut lines, with, span),
            // Nothing of the kind is kept yet.
            What::Modlog { .. } => {
                lines.event(Event::Room(crate::protocol::RoomEvent::ModlogEnd { more: false }));
                Ok(())
            }
            What::Found(query) => found::tell(conn, lookup, &mut lines, query),
        });
        if told.is_err() {
            self.lookup.clear();
        }
        for id in &lines.damaged {
            if self.logged.len() < MAX_CACHED && self.logged.insert(*id) {
                log::error!(id = id.0; "message_damaged");
            }
        }
        Answer {
            conn: question.conn,
            reference: question.reference.clone(),
            damaged: lines.damaged,
            lines: told.map(|()| lines.bytes).map_err(|error| reason(&error)),
        }
    }
}

/// What is read in between is all of one state, and that state is let go of in any case.
fn at_one_moment(conn: &Connection, read: impl FnOnce() -> Result<()>) -> Result<()> {
    conn.execute_batch("BEGIN")?;
    let told = read();
    let ended = conn.execute_batch("COMMIT");
    told.and(ended)
}

impl<'a> Lines<'a> {
    /// Who asks.
    pub(super) fn question(&self) -> &'a Question {
        self.question
    }

    /// Adds a line.
    pub(super) fn event(&mut self, event: Event) {
        self.write_to(event.into(), None);
    }

    /// Adds a message, or takes note that it is damaged.
    pub(super) fn message(&mut self, found: Found) {
        if let Some(record) = self.whole(found) {
            self.write_to(record.envelope(), None);
        }
    }

    /// A message as a line of its own; `None`, taken note of, if it is damaged.
    pub(super) fn line(&mut self, found: Found) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        let record = self.whole(found)?;
        self.write_to(record.envelope(), Some(&mut line));
        Some(line)
    }

    /// Adds lines that are written already.
    pub(super) fn append<'l>(&mut self, lines: impl Iterator<Item = &'l Vec<u8>>) {
        lines.for_each(|line| self.bytes.extend_from_slice(line));
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    fn whole(&mut self, found: Found) -> Option<Record> {
        match found {
            Found::Whole(record) => Some(record),
            Found::Damaged(id) => {
                self.damaged.push(id);
                None
            }
        }
    }

    fn write_to(&mut self, envelope: Envelope, line: Option<&mut Vec<u8>>) {
        let (reference, batch) = (self.question.reference.clone(), Some(self.question.batch.clone()));
        let envelope = Envelope { reference, batch, ..envelope };
        envelope.write(line.unwrap_or(&mut self.bytes), Some(&self.question.user));
    }
}
