//! Makes a change of what is kept besides messages, and says what held before.
//!
//! Must not know: which changes are made together, or who is told of them (`writer`).

use rusqlite::{Connection, Result};

use super::{facts, modlog, owners};
use crate::server::store::api::{LoggedAct, Update};

/// Makes a change; an act gets the number after `newest_act`. Returns the change that puts back what held before; acts
/// have none, as they go by number.
pub(super) fn make(conn: &Connection, newest_act: &mut i64, change: &Update) -> Result<Option<Update>> {
    match change {
        Update::Own(owner) => {
            let before = owners::get(conn, &owner.name)?;
            owners::put(conn, owner)?;
            Ok(Some(Update::Own(before)))
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
    }
}

/// Adds an act to the moderation log, under the number after `newest_act`.
pub(super) fn log(conn: &Connection, newest_act: &mut i64, act: &LoggedAct) -> Result<()> {
    *newest_act += 1;
    modlog::put(conn, *newest_act, act)
}
