//! From numbers to names: who said a message, to whom, and who sees it.
//!
//! None of it ever changes once it is committed, so that what was looked up is remembered.
//!
//! Must not know: how names got their numbers (`register`).

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::limits::MAX_CACHED;
use super::schema::EVERYONE;
use crate::model::Name;
use crate::model::name::lenient;

/// What was looked up before.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    names: HashMap<i64, Option<Name>>,
    keys: HashMap<i64, Option<Arc<str>>>,
    members: HashMap<i64, Option<Members>>,
}

/// Who sees a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Members {
    /// Everyone.
    All,
    /// Two users, or one twice.
    Two(i64, i64),
}

impl Members {
    /// Whether a user is one of them.
    pub(super) fn include(self, user: Option<i64>) -> bool {
        match self {
            Self::All => true,
            Self::Two(low, high) => user.is_some_and(|user| user == low || user == high),
        }
    }
}

impl Lookup {
    /// Forgets everything: what was seen was not committed.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// A spelling.
    pub(super) fn name(&mut self, conn: &Connection, id: i64) -> Result<Option<Name>> {
        recall(&mut self.names, id, || {
            let mut select = conn.prepare_cached("SELECT spelling FROM name WHERE id = ?1")?;
            let spelling = select.query_row([id], text).optional()?.flatten();
            Ok(spelling.as_deref().and_then(lenient).filter(|name| Some(name.as_str()) == spelling.as_deref()))
        })
    }

    /// What makes a user unique.
    pub(super) fn key(&mut self, conn: &Connection, id: i64) -> Result<Option<Arc<str>>> {
        recall(&mut self.keys, id, || {
            let mut select = conn.prepare_cached("SELECT key FROM user WHERE id = ?1")?;
            Ok(select.query_row([id], text).optional()?.flatten().map(Arc::from))
        })
    }

    /// Who sees a conversation.
    pub(super) fn members(&mut self, conn: &Connection, id: i64) -> Result<Option<Members>> {
        if id == EVERYONE {
            return Ok(Some(Members::All));
        }
        recall(&mut self.members, id, || {
            let mut select = conn.prepare_cached("SELECT low, high FROM conversation WHERE id = ?1")?;
            let pair: Option<(Option<i64>, Option<i64>)> =
                select.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            Ok(pair.and_then(|(low, high)| Some(Members::Two(low?, high?))))
        })
    }
}

fn recall<V: Clone>(known: &mut HashMap<i64, V>, id: i64, look: impl FnOnce() -> Result<V>) -> Result<V> {
    if let Some(value) = known.get(&id) {
        return Ok(value.clone());
    }
    let value = look()?;
    if known.len() >= MAX_CACHED {
        known.clear();
    }
    known.insert(id, value.clone());
    Ok(value)
}

/// Text as it stands there; `None` if it is none any more.
fn text(row: &rusqlite::Row<'_>) -> Result<Option<String>> {
    Ok(row.get_ref(0)?.as_str().ok().map(str::to_owned))
}

/// The number of a user, by key.
pub(super) fn user(conn: &Connection, key: &str) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM user WHERE key = ?1")?.query_row([key], |row| row.get(0)).optional()
}

/// The number of the conversation of two users.
pub(super) fn conversation(conn: &Connection, one: i64, other: i64) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM conversation WHERE low = ?1 AND high = ?2")?
        .query_row([one.min(other), one.max(other)], |row| row.get(0))
        .optional()
}

/// How far a user has read a conversation.
pub(super) fn read_mark(conn: &Connection, user: i64, conversation: i64) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM read WHERE user = ?1 AND conversation = ?2")?
        .query_row([user, conversation], |row| row.get(0))
        .optional()
}

/// The newest message of a conversation; 0 if it has none.
pub(super) fn last_of(conn: &Connection, conversation: i64) -> Result<i64> {
    conn.prepare_cached("SELECT coalesce(max(id), 0) FROM message WHERE conversation = ?1")?
        .query_row([conversation], |row| row.get(0))
}
