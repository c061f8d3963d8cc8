//! Reads a history for whoever keeps the machine: users, owners, facts and acts, and everything by one user and to them. A
//! server may go on writing meanwhile.
//!
//! Must not know: what facts mean (`broker`), or in which form anything is shown.

use std::path::Path;

use rusqlite::{Connection, Result};

use super::errors::{reason, store_error};
use super::facts;
use super::file::HistoryFile;
use super::format::{self, VERSION};
use super::lookup::{self, NameCache};
use super::modlog;
use super::owners;
use super::preflight;
use super::reactions::{self, Which};
use super::row::{self, COLUMNS, Participants, RowContent};
use super::threads::users;
use super::values::message_id;
use crate::model::{MessageId, Name, RoomName};
use crate::server::ids::RoomId;
use crate::server::store::api::{Durability, ErasureCounts, LoggedAct, Owner, Record};
use crate::server::store::error::StoreError;
use crate::server::store::members::MemberSet;

/// A history that is only read, as it was at one moment.
#[derive(Debug)]
pub struct Survey {
    conn: Connection,
    file: HistoryFile,
}

/// Users, owners and facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// All known users, as they spelled their names last.
    pub users: Vec<Name>,
    /// All names that belong to somebody.
    pub owners: Vec<Owner>,
    /// All facts in force, each as kind, key and value.
    pub facts: Vec<(String, String, String)>,
}

/// Something that a user said or was told, or did to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saying {
    /// A message by the user, or one to them alone, with everybody's reactions to it.
    Message(Record, Vec<(Name, String)>),
    /// A message that is damaged.
    Damaged(MessageId),
    /// A reaction of the user to a message of somebody else.
    Reaction(MessageId, String),
}

/// The present holder of a name.
struct Holder {
    user: i64,
    rooms: Vec<(RoomId, RoomName)>,
}

impl Survey {
    /// Opens the history in a folder.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let file = HistoryFile::new(folder, Durability::Full, "");
        let path = file.path();
        if path.symlink_metadata().map_or(true, |found| found.len() == 0) {
            return Err(StoreError::Missing(path.to_owned()));
        }
        let owner = rustix::process::geteuid().as_raw();
        preflight::settled(path, || preflight::check(path, owner, true))?;
        let conn = file.open_to_read().map_err(|error| store_error(path, &error))?;
        match format::version(&conn, path)? {
            0 => return Err(StoreError::Missing(path.to_owned())),
            VERSION => {}
            version => return Err(StoreError::Older(path.to_owned(), version, VERSION)),
        }
        conn.execute_batch("BEGIN").map_err(|error| store_error(path, &error))?;
        Ok(Self { conn, file })
    }

    fn failed(&self, error: &rusqlite::Error) -> StoreError {
        StoreError::Unusable(self.file.path().to_owned(), reason(error))
    }

    /// Users, owners and facts.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn standing(&self) -> Result<Standing, StoreError> {
        let read = || {
            let (owners, _) = owners::all(&self.conn)?;
            let (facts, _) = facts::all(&self.conn, false)?;
            Ok(Standing { users: users(&self.conn)?, owners, facts })
        };
        read().map_err(|error| self.failed(&error))
    }

    /// All acts, in their order.
    ///
    /// # Errors
    /// The history cannot be read, or what `each` says.
    pub fn acts<E: From<StoreError>>(&self, each: impl FnMut(LoggedAct) -> Result<(), E>) -> Result<(), E> {
        modlog::each(&self.conn, each, |error| self.failed(&error).into())
    }

    /// Everything that the present holder of a name said, and what others said to them alone, in order. Says whether
    /// there is such a user.
    ///
    /// # Errors
    /// The history cannot be read, or what `each` says.
    pub fn sayings<E: From<StoreError>>(
        &self,
        name: &Name,
        rooms: Vec<(RoomId, RoomName)>,
        mut each: impl FnMut(Saying) -> Result<(), E>,
    ) -> Result<bool, E> {
        let failed = |error: rusqlite::Error| E::from(self.failed(&error));
        let Some(user) = lookup::user(&self.conn, &name.folded()).map_err(failed)? else { return Ok(false) };
        let holder = Holder { user, rooms };
        let mut names = NameCache::default();
        let columns = format!("SELECT {COLUMNS}, conversation FROM message ORDER BY id");
        let mut select = self.conn.prepare(&columns).map_err(failed)?;
        let mut rows = select.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            for saying in self.sayings_in(&mut names, row, &holder).map_err(failed)? {
                each(saying)?;
            }
        }
        Ok(true)
    }

    fn sayings_in(&self, names: &mut NameCache, row: &rusqlite::Row<'_>, holder: &Holder) -> Result<Vec<Saying>> {
        let (id, author, conversation): (i64, i64, i64) =
            (row.get(0)?, row.get(row::AUTHOR)?, row.get(row::CONVERSATION)?);
        let members = names.members(&self.conn, conversation)?;
        let private = matches!(members, Some(MemberSet::Two(low, high)) if low == holder.user || high == holder.user);
        let mut all = reactions::of(&self.conn, id, Which::All)?;
        if !private && author != holder.user {
            all.retain(|row| row.user() == holder.user);
            return Ok(all.iter().map(|row| Saying::Reaction(message_id(id), row.text().to_owned())).collect());
        }
        let participants = members.map(|members| Participants::of(&self.conn, names, members)).transpose()?.flatten();
        Ok(match row::read(&self.conn, names, row, participants.as_ref(), &holder.rooms)? {
            RowContent::Whole(record) => {
                let mut shown = Vec::new();
                for row in all {
                    let name = lookup::shown(&self.conn, row.user())?;
                    shown.extend(name.map(|name| (name, row.text().to_owned())));
                }
                vec![Saying::Message(record, shown)]
            }
            RowContent::Elsewhere => Vec::new(),
            RowContent::Damaged(id) => vec![Saying::Damaged(id)],
        })
    }

    /// How much an erasure of what a user said would erase; `None` if there is no such user.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn would_erase(&self, name: &Name) -> Result<Option<ErasureCounts>, StoreError> {
        let count = || {
            let Some(user) = lookup::user(&self.conn, &name.folded())? else { return Ok(None) };
            let private = "conversation IN (SELECT id FROM conversation WHERE low = ?1 OR high = ?1)";
            let one = |sql: &str| self.conn.query_row(sql, [user], |row| row.get::<_, u64>(0));
            Ok(Some(ErasureCounts {
                marked: one(&format!(
                    "SELECT count(*) FROM message WHERE author = ?1 AND deleted IS NULL AND NOT {private}"
                ))?,
                expunged: one(&format!("SELECT count(*) FROM message WHERE {private}"))?,
                reactions: one(&format!(
                    "SELECT count(*) FROM reaction JOIN message ON message.id = reaction.message
                     WHERE user = ?1 AND (author <> ?1 OR deleted IS NOT NULL) AND NOT {private}"
                ))?,
                acts: modlog::count_reasons(&self.conn, &name.folded())?,
            }))
        };
        count().map_err(|error: rusqlite::Error| self.failed(&error))
    }
}
