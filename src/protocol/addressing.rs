//! How conversations and lists of names are written.
//!
//! Must not know: which operations carry them.

use super::words::ALL_CLIENTS;
use crate::model::name::lenient;
use crate::model::room::ROOM_SIGN;
use crate::model::{Name, RoomName, Target};

/// The destination of a conversation's messages.
#[must_use]
pub(crate) fn destination(target: &Target) -> &str {
    match target {
        Target::Everyone => ALL_CLIENTS,
        Target::User(name) => name.as_str(),
        Target::Room(room) => room.as_str(),
    }
}

/// Reads a destination.
#[must_use]
pub(crate) fn target(written: &str) -> Option<Target> {
    if written == ALL_CLIENTS {
        Some(Target::Everyone)
    } else if written.starts_with(ROOM_SIGN) {
        RoomName::parse(written).ok().map(Target::Room)
    } else {
        lenient(written).map(Target::User)
    }
}

/// Joins names.
pub(super) fn join(names: &[Name], between: &str) -> String {
    let mut joined = String::with_capacity(names.iter().map(|name| name.as_str().len() + 2).sum());
    for name in names {
        if !joined.is_empty() {
            joined.push_str(between);
        }
        joined.push_str(name.as_str());
    }
    joined
}
