//! Makes a change of what is kept besides messages, and says what held before.
//!
//! Must not know: which changes are made together, or who is told of them (`writer`).

use rusqlite::{Connection, Result};

use super::intern::Interner;
use super::{ended_rooms, facts, modlog, owners};
use crate::server::store::api::{LoggedAct, Update};

/// Makes a change; an act gets the number after `newest_act`. Returns the change that puts back what held before; acts
/// have none, as they go by number, nor have ends of rooms.
pub(super) fn make(
    conn: &Connection,
    interner: &mut Interner,
    newest_act: &mut i64,
    change: &Update,
) -> Result<Option<Update>> {
    match change {
        Update::Own(owner) => {
            let before = owners::get(conn, &owner.name)?;
            owners::put(conn, interner, owner)?;
            Ok(Some(Update::Own(before)))
        }
        Update::Rename { from, to } => {
            owners::rename(conn, interner, from, to)?;
            Ok(Some(Update::Rename { from: to.clone(), to: from.clone() }))
        }
        Update::Fact(fact) => {
            let before = facts::get(conn, fact)?;
            facts::put(conn, fact)?;
            Ok(Some(Update::Fact(before)))
        }
        Update::Log(act) => {
            log(conn, newest_act, act)?;
            Ok(None)
        }
        Update::EndRoom(room) => {
            interner.forget_room(*room);
            ended_rooms::note(conn, *room)?;
            Ok(None)
        }
    }
}

/// Appends an act to the moderation log, numbered one above `newest_act`.
pub(super) fn log(conn: &Connection, newest_act: &mut i64, act: &LoggedAct) -> Result<()> {
    *newest_act += 1;
    modlog::put(conn, *newest_act, act)
}
