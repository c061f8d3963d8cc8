//! Answers questions, each from one state of the history.
//!
//! Must not know: on which thread it runs.

use std::collections::HashSet;

use rusqlite::Connection;

use super::errors::reason;
use super::lookup::NameCache;
use super::modlog;
use super::page;
use super::search;
use super::summaries;
use crate::model::MessageId;
use crate::server::store::api::{Answer, Question, What};
use crate::server::store::limits::MAX_CACHED;
use crate::server::store::reply::Reply;

/// Answers questions, and caches what they have in common.
#[derive(Debug, Default)]
pub(super) struct Answerer {
    names: NameCache,
    /// Damaged messages that are logged already.
    logged: HashSet<MessageId>,
    /// Damaged acts that are logged already.
    logged_acts: HashSet<i64>,
}

impl Answerer {
    /// Answers a question.
    pub(super) fn answer(&mut self, conn: &Connection, question: &Question) -> Answer {
        let mut reply = Reply::new(question);
        let names = &mut self.names;
        names.begin();
        let result = at_one_moment(conn, || match &question.what {
            What::Conversations => summaries::write_summaries(conn, &mut reply),
            What::Page { with, span } => page::write_page(conn, names, &mut reply, with, span),
            What::Changes { with, span } => page::write_changes(conn, names, &mut reply, with, span),
            What::Modlog { room, whole, span } => modlog::write_page(conn, &mut reply, room.as_ref(), *whole, span),
            What::Found(query) => search::write_results(conn, names, &mut reply, query),
        });
        if result.is_err() {
            self.names.clear();
        }
        for id in reply.damaged() {
            if self.logged.len() < MAX_CACHED && self.logged.insert(*id) {
                log::error!(id = id.0; "message_damaged");
            }
        }
        for id in reply.damaged_acts() {
            if self.logged_acts.len() < MAX_CACHED && self.logged_acts.insert(*id) {
                log::error!(id = *id; "act_damaged");
            }
        }
        reply.finish(result.map_err(|error| reason(&error)))
    }
}

/// Runs `read` on one state of the history, and releases that state in any case.
fn at_one_moment(conn: &Connection, read: impl FnOnce() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    conn.execute_batch("BEGIN")?;
    let result = read();
    let ended = conn.execute_batch("COMMIT");
    result.and(ended)
}
