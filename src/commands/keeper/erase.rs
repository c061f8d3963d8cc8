//! `tr2 serve --erase`: says how much would go, and has it erased once that is agreed to.
//!
//! Must not know: how anything is erased.

use super::{KeptFolder, orders, print};
use crate::config::{Agreed, Sources};
use crate::error::Error;
use crate::model::Name;
use crate::server::host_order::HostOrder;
use crate::server::store::Survey;

/// Erases what a user said, or says how much that is.
pub(super) fn erase(sources: &Sources, name: Name, agreed: Agreed) -> Result<(), Error> {
    let kept = KeptFolder::find(sources)?;
    match agreed {
        Agreed::Yes => print(&orders::carry_out(sources, &kept, &HostOrder::Erase(name))?),
        Agreed::No => {
            kept.become_owner()?;
            let counts =
                Survey::open(&kept.data).and_then(|survey| survey.would_erase(&name)).map_err(Error::failed)?;
            let Some(counts) = counts else {
                return Err(Error::Failed(format!("no user {name}; --list users shows all")));
            };
            Err(Error::Usage(format!(
                "This would erase what {name} said: {counts}. It cannot be undone, and backups still have all of it. Nothing \
                 was erased: add --yes to do it."
            )))
        }
    }
}
