//! From numbers to names: who sent a message, to whom, and who sees it.
//!
//! None of these change once they are committed, so they can be cached; except for the names that users have taken since
//! they spoke, which are cached for one question.
//!
//! Must not know: how names get their numbers (`intern`).

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::format::EVERYONE;
use super::values::{room_id, sql_room};
use crate::model::Name;
use crate::model::name::lenient;
use crate::server::store::limits::{MAX_CACHED, MAX_HOLDERS};
use crate::server::store::members::MemberSet;

/// A cache of what was looked up.
#[derive(Debug, Default)]
pub(super) struct NameCache {
    names: HashMap<i64, Option<Name>>,
    keys: HashMap<i64, Option<Arc<str>>>,
    members: HashMap<i64, Option<MemberSet>>,
    /// The present names of users who have taken another one.
    renamed: HashMap<i64, Option<Name>>,
    /// The version of a history that is not of the newest one.
    older: Option<i64>,
}

impl NameCache {
    /// For a history of this version.
    pub(super) fn of_version(version: i64) -> Self {
        Self { older: Some(version), ..Self::default() }
    }

    /// Empties the cache: what was read may not have been committed.
    pub(super) fn clear(&mut self) {
        *self = Self { older: self.older, ..Self::default() };
    }

    /// Another question begins: users may have taken other names.
    pub(super) fn begin(&mut self) {
        self.renamed.clear();
    }

    /// Whether the history is of this version or a newer one.
    fn is_from(&self, version: i64) -> bool {
        self.older.is_none_or(|older| older >= version)
    }

    /// The spelling that has this number.
    pub(super) fn name(&mut self, conn: &Connection, id: i64) -> Result<Option<Name>> {
        recall(&mut self.names, id, || {
            let mut select = conn.prepare_cached("SELECT spelling FROM name WHERE id = ?1")?;
            let spelling = select.query_row([id], text).optional()?.flatten();
            Ok(spelling.as_deref().and_then(lenient).filter(|name| Some(name.as_str()) == spelling.as_deref()))
        })
    }

    /// The folded name of a user that the checksums of what they said cover: the first one that they had.
    pub(super) fn key(&mut self, conn: &Connection, id: i64) -> Result<Option<Arc<str>>> {
        let key = if self.is_from(9) { "coalesce(sealed, key)" } else { "key" };
        recall(&mut self.keys, id, || {
            let mut select = conn.prepare_cached(&format!("SELECT {key} FROM user WHERE id = ?1"))?;
            Ok(select.query_row([id], text).optional()?.flatten().map(Arc::from))
        })
    }

    /// The present name of a user who has taken another one.
    pub(super) fn renamed(&mut self, conn: &Connection, id: i64) -> Result<Option<Name>> {
        if !self.is_from(9) {
            return Ok(None);
        }
        recall(&mut self.renamed, id, || {
            let mut select = conn.prepare_cached("SELECT shown FROM user WHERE id = ?1 AND sealed IS NOT NULL")?;
            Ok(select.query_row([id], text).optional()?.flatten().as_deref().and_then(lenient))
        })
    }

    /// The members of a conversation.
    pub(super) fn members(&mut self, conn: &Connection, id: i64) -> Result<Option<MemberSet>> {
        if id == EVERYONE {
            return Ok(Some(MemberSet::Everyone));
        }
        let room = if self.is_from(4) { "room" } else { "NULL" };
        recall(&mut self.members, id, || {
            let mut select =
                conn.prepare_cached(&format!("SELECT low, high, {room} FROM conversation WHERE id = ?1"))?;
            let found: Option<(Option<i64>, Option<i64>, Option<i64>)> =
                select.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
            Ok(match found {
                Some((Some(low), Some(high), None)) => Some(MemberSet::Two(low, high)),
                Some((None, None, Some(room))) => Some(MemberSet::Room(room_id(room))),
                _ => None,
            })
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

/// The text of a column; `None` if it is not text any more.
fn text(row: &rusqlite::Row<'_>) -> Result<Option<String>> {
    Ok(row.get_ref(0)?.as_str().ok().map(str::to_owned))
}

/// The number of the present holder of a name, by folded name.
pub(super) fn user(conn: &Connection, key: &str) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM user WHERE key = ?1 AND retired = 0")?
        .query_row([key], |row| row.get(0))
        .optional()
}

/// How a user's name is shown.
pub(super) fn shown(conn: &Connection, user: i64) -> Result<Option<Name>> {
    let mut select = conn.prepare_cached("SELECT shown FROM user WHERE id = ?1")?;
    let shown: Option<String> = select.query_row([user], |row| row.get(0)).optional()?;
    Ok(shown.as_deref().and_then(lenient))
}

/// The number of a user, as [`user`] finds it, and the folded name that the checksums of their messages cover.
pub(super) fn sealed(conn: &Connection, key: &str) -> Result<Option<(i64, Arc<str>)>> {
    conn.prepare_cached("SELECT id, coalesce(sealed, key) FROM user WHERE key = ?1 AND retired = 0")?
        .query_row([key], |row| Ok((row.get(0)?, row.get::<_, String>(1)?.into())))
        .optional()
}

/// The numbers of everybody who ever held a name, the present holder first and then the latest.
pub(super) fn holders(conn: &Connection, key: &str) -> Result<Vec<i64>> {
    let mut select =
        conn.prepare_cached("SELECT id FROM user WHERE key = ?1 ORDER BY retired > 0, id DESC LIMIT ?2")?;
    select.query_map((key, MAX_HOLDERS), |row| row.get(0))?.collect()
}

/// The conversations of a user with everybody who ever held a name.
pub(super) fn conversations_with(conn: &Connection, user: i64, key: &str) -> Result<Vec<(i64, MemberSet)>> {
    let all = holders(conn, key)?.into_iter().map(|holder| {
        // A user's talk to themselves is theirs alone.
        let members = MemberSet::two(user, holder);
        Ok(conversation(conn, members)?.map(|id| (id, members)))
    });
    all.filter_map(Result::transpose).collect()
}

/// The number of a conversation; `None` if nothing was ever said in it.
pub(super) fn conversation(conn: &Connection, members: MemberSet) -> Result<Option<i64>> {
    match members {
        MemberSet::Everyone => Ok(Some(EVERYONE)),
        MemberSet::Two(low, high) => conn
            .prepare_cached("SELECT id FROM conversation WHERE low = ?1 AND high = ?2")?
            .query_row([low, high], |row| row.get(0))
            .optional(),
        MemberSet::Room(room) => conn
            .prepare_cached("SELECT id FROM conversation WHERE room = ?1")?
            .query_row([sql_room(room)], |row| row.get(0))
            .optional(),
    }
}

/// How far a user has read a conversation.
pub(super) fn read_mark(conn: &Connection, user: i64, conversation: i64) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM read WHERE user = ?1 AND conversation = ?2")?
        .query_row([user, conversation], |row| row.get(0))
        .optional()
}

/// The newest message of a conversation; 0 if it has none.
pub(super) fn last_of(conn: &Connection, conversation: i64) -> Result<i64> {
    conn.prepare_cached("SELECT id FROM located WHERE conversation = ?1 ORDER BY id DESC LIMIT 1")?
        .query_row([conversation], |row| row.get(0))
        .optional()
        .map(Option::unwrap_or_default)
}
