//! The numbers of users, spellings and conversations, which are made as they are needed.
//!
//! Must not know: when a transaction is committed.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, Result};

use super::checksum::ChecksumInput;
use super::format::EVERYONE;
use super::high_water::{self, Counter};
use super::lookup;
use super::placing::Unplaced;
use super::values::{sql_id, sql_room};
use crate::model::Name;
use crate::server::ids::RoomId;
use crate::server::store::api::{Recipient, Record};
use crate::server::store::limits::MAX_CACHED;
use crate::server::store::members::MemberSet;

/// The numbers of one spelling of a user's name.
#[derive(Clone, Debug)]
pub(super) struct InternedName {
    pub(super) user: i64,
    pub(super) name: i64,
    /// The name under which checksums of what the user says are computed.
    sealed: Arc<str>,
}

/// A cache of the numbers that were made or looked up.
#[derive(Debug, Default)]
pub(super) struct Interner {
    spelled: HashMap<Name, InternedName>,
    conversations: HashMap<MemberSet, i64>,
    /// How each user's name is shown.
    shown: HashMap<i64, Name>,
    /// The highest numbers of a user and of a conversation, once they are known.
    last_user: Option<i64>,
    last_conversation: Option<i64>,
    /// How many names are known, once that is counted.
    users: Option<usize>,
    unplaced: Unplaced,
}

/// The numbers that stand in a message's row.
#[derive(Debug)]
pub(super) struct MessageNumbers {
    pub(super) author: i64,
    pub(super) signed: i64,
    pub(super) dest: Option<i64>,
    pub(super) me_too: bool,
    pub(super) conversation: i64,
    pub(super) sum: i64,
}

impl Interner {
    /// Empties the cache: what was made was not committed.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is known of the messages that are not placed yet.
    pub(super) fn unplaced(&mut self) -> &mut Unplaced {
        &mut self.unplaced
    }

    /// Messages were placed.
    pub(super) fn placed(&mut self) {
        self.unplaced = Unplaced::default();
    }

    /// The numbers of a name; its user is added if need be.
    pub(super) fn intern(&mut self, conn: &Connection, name: &Name) -> Result<InternedName> {
        if let Some(spelled) = self.spelled.get(name) {
            return Ok(spelled.clone());
        }
        let key = name.folded();
        let (user, sealed) = match lookup::sealed(conn, &key)? {
            Some(found) => found,
            None => {
                let user = self.add_user(conn, &key, name.as_str())?;
                make_room(&mut self.shown);
                self.shown.insert(user, name.clone());
                (user, key.as_str().into())
            }
        };
        let id = conn
            .prepare_cached(
                "INSERT INTO name (user, spelling) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET user = user RETURNING id",
            )?
            .query_row((user, name.as_str()), |row| row.get(0))?;
        let spelled = InternedName { user, name: id, sealed };
        make_room(&mut self.spelled);
        self.spelled.insert(name.clone(), spelled.clone());
        Ok(spelled)
    }

    /// Adds a user, under a number that no user ever had.
    fn add_user(&mut self, conn: &Connection, key: &str, shown: &str) -> Result<i64> {
        let user = next(conn, Counter::User, &mut self.last_user)?;
        conn.prepare_cached("INSERT INTO user (id, key, shown) VALUES (?1, ?2, ?3)")?.execute((user, key, shown))?;
        self.users = self.users.map(|users| users + 1);
        Ok(user)
    }

    /// Begins a new generation of a name, by its folded form: its next holder is another user, for whom all that was said to
    /// everyone before counts as read.
    pub(super) fn renew(&mut self, conn: &Connection, key: &str) -> Result<()> {
        let Some(former) = self.retire(conn, key)? else { return Ok(()) };
        let mut select = conn.prepare_cached("SELECT shown FROM user WHERE id = ?1")?;
        let shown: String = select.query_row([former], |row| row.get(0))?;
        let holder = self.add_user(conn, key, &shown)?;
        conn.prepare_cached("INSERT INTO read (user, conversation, id) VALUES (?1, ?2, ?3)")?.execute((
            holder,
            EVERYONE,
            lookup::last_of(conn, EVERYONE)?,
        ))?;
        Ok(())
    }

    /// A user takes another name, and whoever holds that is a former holder of it. The checksums of what the user said go
    /// on being those of the first name.
    pub(super) fn rename(&mut self, conn: &Connection, from: &str, to: &Name) -> Result<()> {
        let key = to.folded();
        if *key == *from {
            return Ok(());
        }
        self.retire(conn, &key)?;
        let Some(user) = lookup::user(conn, from)? else { return Ok(()) };
        conn.prepare_cached("UPDATE user SET key = ?2, shown = ?3, sealed = coalesce(sealed, key) WHERE id = ?1")?
            .execute((user, key.as_str(), to.as_str()))?;
        self.spelled.retain(|_, spelled| spelled.user != user);
        self.shown.remove(&user);
        Ok(())
    }

    /// The present holder of a name, by its folded form, becomes a former one; returns the user's number.
    fn retire(&mut self, conn: &Connection, key: &str) -> Result<Option<i64>> {
        let Some(former) = lookup::user(conn, key)? else { return Ok(None) };
        conn.prepare_cached("UPDATE user SET retired = id WHERE id = ?1")?.execute([former])?;
        self.spelled.retain(|_, spelled| spelled.user != former);
        self.users = self.users.map(|users| users.saturating_sub(1));
        Ok(Some(former))
    }

    /// How many names are known.
    pub(super) fn users(&mut self, conn: &Connection) -> Result<usize> {
        if let Some(users) = self.users {
            return Ok(users);
        }
        let users = conn.query_row("SELECT count(*) FROM user WHERE retired = 0", [], |row| row.get(0))?;
        Ok(*self.users.insert(users))
    }

    /// Forgets the number of a conversation that is deleted.
    pub(super) fn forget_room(&mut self, room: RoomId) {
        self.conversations.remove(&MemberSet::Room(room));
    }

    /// Whether a name's numbers are cached.
    pub(super) fn knows(&self, name: &Name) -> bool {
        self.spelled.contains_key(name)
    }

    /// How a user's name is shown.
    pub(super) fn shown(&self, conn: &Connection, user: i64) -> Result<Option<Name>> {
        if let Some(name) = self.shown.get(&user) {
            return Ok(Some(name.clone()));
        }
        lookup::shown(conn, user)
    }

    /// The numbers of a user who is here: the name is shown as it is spelled now.
    pub(super) fn intern_present(&mut self, conn: &Connection, name: &Name) -> Result<InternedName> {
        let spelled = self.intern(conn, name)?;
        if self.shown.get(&spelled.user) != Some(name) {
            conn.prepare_cached("UPDATE user SET shown = ?2 WHERE id = ?1 AND shown <> ?2")?
                .execute((spelled.user, name.as_str()))?;
            make_room(&mut self.shown);
            self.shown.insert(spelled.user, name.clone());
        }
        Ok(spelled)
    }

    /// The number of a conversation, which is added if need be.
    fn conversation(&mut self, conn: &Connection, members: MemberSet) -> Result<i64> {
        if members == MemberSet::Everyone {
            return Ok(EVERYONE);
        }
        if let Some(&id) = self.conversations.get(&members) {
            return Ok(id);
        }
        let id = match lookup::conversation(conn, members)? {
            Some(id) => id,
            None => {
                let (low, high, room) = match members {
                    MemberSet::Everyone => (None, None, None),
                    MemberSet::Two(low, high) => (Some(low), Some(high), None),
                    MemberSet::Room(room) => (None, None, Some(sql_room(room))),
                };
                let id = next(conn, Counter::Conversation, &mut self.last_conversation)?;
                let mut insert =
                    conn.prepare_cached("INSERT INTO conversation (id, low, high, room) VALUES (?1, ?2, ?3, ?4)")?;
                insert.execute((id, low, high, room))?;
                id
            }
        };
        make_room(&mut self.conversations);
        self.conversations.insert(members, id);
        Ok(id)
    }

    /// The numbers of a message, and its checksum.
    pub(super) fn numbers(&mut self, conn: &Connection, record: &Record) -> Result<MessageNumbers> {
        let author = self.intern_present(conn, &record.from)?;
        let (dest, me_too) = match &record.to {
            Recipient::User(to) => (Some((to, self.intern(conn, to)?)), false),
            Recipient::Everyone { me_too } | Recipient::Room { me_too, .. } => (None, *me_too),
        };
        let mut between = ["", ""];
        let members = match (&dest, &record.to) {
            (Some((_, dest)), _) => {
                // In the order of the users' numbers, as in the conversation's row.
                between = if author.user <= dest.user {
                    [&author.sealed, &dest.sealed]
                } else {
                    [&dest.sealed, &author.sealed]
                };
                MemberSet::two(author.user, dest.user)
            }
            (None, Recipient::Room { id, .. }) => MemberSet::Room(*id),
            (None, _) => MemberSet::Everyone,
        };
        let conversation = self.conversation(conn, members)?;
        let sum = ChecksumInput {
            id: sql_id(record.id),
            time: record.time.0,
            author: &author.sealed,
            signed: record.from.as_str(),
            dest: dest.as_ref().map(|(to, _)| to.as_str()),
            me_too,
            verified: record.verified,
            reference: record.reference.as_deref(),
            body: record.text.as_str(),
            between,
            room: if let MemberSet::Room(room) = members { Some(room) } else { None },
            deleted: None,
            reply: record.extra.reply.map(sql_id),
            edited: record.extra.edited.map(|time| time.0),
            changed: record.extra.changed.map_or(0, sql_id),
        }
        .sum();
        let dest = dest.map(|(_, dest)| dest.name);
        Ok(MessageNumbers { author: author.user, signed: author.name, dest, me_too, conversation, sum })
    }
}

/// The next number, which is kept: it is never given again.
fn next(conn: &Connection, counter: Counter, last: &mut Option<i64>) -> Result<i64> {
    let highest = match *last {
        Some(last) => last,
        None => high_water::highest(conn, counter)?,
    };
    let number = highest.saturating_add(1);
    high_water::put(conn, counter.key(), number)?;
    Ok(*last.insert(number))
}

fn make_room<K, V>(known: &mut HashMap<K, V>) {
    if known.len() >= MAX_CACHED {
        known.clear();
    }
}
