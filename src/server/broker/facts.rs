//! Facts: lasting state as text in the store. Each part of the broker writes and reads its own kinds.
//!
//! Must not know: what a fact means, or where it is stored.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::Name;
use crate::server::store::api::Fact;

/// The kinds, as they are stored.
pub(in crate::server::broker) mod kind {
    /// A room, by number.
    pub(in crate::server::broker) const ROOM: &str = "room";
    /// The highest number that was given to a room.
    pub(in crate::server::broker) const LAST_ROOM: &str = "last_room";
    /// The modes of the room that everyone is in.
    pub(in crate::server::broker) const EVERYONE: &str = "everyone";
    /// A member of a room, by room and folded name.
    pub(in crate::server::broker) const MEMBER: &str = "member";
    /// A user who is invited to a room, by room and folded name.
    pub(in crate::server::broker) const INVITED: &str = "invited";
    /// A ban or a mute, by number.
    pub(in crate::server::broker) const BAN: &str = "ban";
    /// A user who was made a moderator of the server, by folded name.
    pub(in crate::server::broker) const MODERATOR: &str = "moderator";
    /// The day on which an owned name was used last, by folded name.
    pub(in crate::server::broker) const SEEN: &str = "seen";
    /// A user whom another ignores, by both folded names.
    pub(in crate::server::broker) const IGNORED: &str = "ignored";
    /// A name that rests, by folded name.
    pub(in crate::server::broker) const RESTING: &str = "resting";

    /// An invitation of newcomers, by id.
    pub(in crate::server::broker) const INVITATION: &str = "invitation";

    /// The server is being maintained; the text for those who are not let in.
    pub(in crate::server::broker) const MAINTENANCE: &str = "maintenance";

    /// The kind of this name, if there is one.
    pub(in crate::server::broker) fn known(name: &str) -> Option<&'static str> {
        let all =
            [ROOM, LAST_ROOM, EVERYONE, MEMBER, INVITED, BAN, MODERATOR, IGNORED, RESTING, INVITATION, MAINTENANCE];
        all.into_iter().find(|kind| *kind == name)
    }
}

/// A fact to store.
pub(in crate::server::broker) fn holds(kind: &'static str, key: String, value: &impl Serialize) -> Fact {
    // None of the values can fail to serialize: they hold no maps with odd keys and no errors of their own.
    Fact { kind, key, value: Some(serde_json::to_string(value).unwrap_or_default()) }
}

/// A fact to delete.
pub(in crate::server::broker) fn ends(kind: &'static str, key: String) -> Fact {
    Fact { kind, key, value: None }
}

/// Reads a value; `None` if it makes no sense.
pub(in crate::server::broker) fn read<T: DeserializeOwned>(value: &str) -> Option<T> {
    serde_json::from_str(value).ok()
}

/// Reads a value that is a name.
pub(in crate::server::broker) fn name(value: &str) -> Option<Name> {
    Name::restored(&read::<String>(value)?).ok()
}
