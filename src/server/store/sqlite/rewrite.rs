//! Rewrites the row of a message that changes, with its words in the search index and its reactions; and puts back what
//! was there before.
//!
//! Must not know: who may change what (`change`, `delete`), or when it is committed (`writer`).

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::change_labels;
use super::lookup::NameCache;
use super::reactions::{self, ReactionRow, Which};
use super::row::{self, Participants};
use super::search_index;
use super::values::sql_id;
use crate::model::{MessageId, Timestamp};

/// What of a row can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RowBefore {
    id: i64,
    body: String,
    reply: Option<i64>,
    edited: Option<i64>,
    changed: i64,
    deleted: Option<i64>,
    sum: i64,
    reactions: Vec<ReactionRow>,
    /// Whose reactions these are, if they are those of one user.
    whose: Option<i64>,
}

impl RowBefore {
    /// What a row holds now, with all reactions or those of one user, if others do not change.
    pub(super) fn of(conn: &Connection, id: i64, whose: Option<i64>) -> Result<Option<Self>> {
        let mut select =
            conn.prepare_cached("SELECT body, reply, edited, changed, deleted, sum FROM message WHERE id = ?1")?;
        let found = select.query_row([id], |row| {
            let (body, reply, edited) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (changed, deleted, sum, reactions) = (row.get(3)?, row.get(4)?, row.get(5)?, Vec::new());
            Ok(Self { id, body, reply, edited, changed, deleted, sum, reactions, whose })
        });
        let reactions = reactions::of(conn, id, whose.map_or(Which::All, Which::Of))?;
        Ok(found.optional()?.map(|found| Self { reactions, ..found }))
    }

    /// Puts it back. A message that is gone meanwhile stays gone.
    pub(super) fn put_back(&self, conn: &Connection) -> Result<()> {
        let mut names = NameCache::default();
        search_index::remove(conn, &mut names, self.id)?;
        match self.whose {
            Some(user) => drop(reactions::clear_of(conn, self.id, user)?),
            None => reactions::clear(conn, self.id)?,
        }
        let written = conn
            .prepare_cached(
                "UPDATE message SET body = ?2, reply = ?3, edited = ?4, changed = ?5, deleted = ?6, sum = ?7 WHERE id = ?1",
            )?
            .execute((self.id, &self.body, self.reply, self.edited, self.changed, self.deleted, self.sum))?;
        if written == 0 {
            return Ok(());
        }
        search_index::put_back(conn, &mut names, self.id)?;
        self.reactions.iter().try_for_each(|row| reactions::insert(conn, self.id, row))
    }
}

/// A message whose row was read whole is to change.
#[derive(Debug)]
pub(super) struct Rewrite<'a> {
    pub(super) id: MessageId,
    pub(super) number: MessageId,
    pub(super) participants: Option<&'a Participants>,
}

impl Rewrite<'_> {
    /// Gives it another text.
    pub(super) fn edit(&self, conn: &Connection, names: &mut NameCache, text: &str, time: Timestamp) -> Result<()> {
        search_index::remove(conn, names, sql_id(self.id))?;
        conn.prepare_cached("UPDATE message SET body = ?2, edited = ?3 WHERE id = ?1")?.execute((
            sql_id(self.id),
            text,
            time.0,
        ))?;
        search_index::put_back(conn, names, sql_id(self.id))?;
        self.seal(conn, names)
    }

    /// Puts a mark in its place: nothing of what it said stays. `by` is the number of the spelling of who did it.
    pub(super) fn erase(&self, conn: &Connection, names: &mut NameCache, by: i64) -> Result<()> {
        search_index::remove(conn, names, sql_id(self.id))?;
        reactions::clear(conn, sql_id(self.id))?;
        change_labels::erase(conn, sql_id(self.id), None)?;
        conn.prepare_cached("UPDATE message SET body = '', reply = NULL, edited = NULL, deleted = ?2 WHERE id = ?1")?
            .execute((sql_id(self.id), by))?;
        self.seal(conn, names)
    }

    /// Its reactions have changed.
    pub(super) fn touch(&self, conn: &Connection, names: &mut NameCache) -> Result<()> {
        self.seal(conn, names)
    }

    /// Gives the row the number of the change, and its checksum.
    fn seal(&self, conn: &Connection, names: &mut NameCache) -> Result<()> {
        let id = sql_id(self.id);
        conn.prepare_cached("UPDATE message SET changed = ?2 WHERE id = ?1")?.execute((id, sql_id(self.number)))?;
        if let Some(sum) = row::sum_of(conn, names, id, self.participants)? {
            conn.prepare_cached("UPDATE message SET sum = ?2 WHERE id = ?1")?.execute((id, sum))?;
        }
        Ok(())
    }
}
