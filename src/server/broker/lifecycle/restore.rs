//! Restores the stored state at the start: rooms and their members, bans, moderators, ignored users.
//!
//! Must not know: where it is stored, or how each part writes it.

use crate::server::broker::access::Access;
use crate::server::broker::facts::kind;
use crate::server::broker::moderation::Moderation;
use crate::server::broker::rooms::{Rooms, facts as room_facts};
use crate::server::store::api::Fact;

/// Gives each part its facts, as kind, key and value. Returns the facts to delete because they no longer hold, and the
/// number of facts that could not be read.
pub(in crate::server::broker) fn restore(
    kept: Vec<(String, String, String)>,
    (access, rooms, moderation): (&mut Access, &mut Rooms, &mut Moderation),
) -> (Vec<Fact>, usize) {
    let (mut of_rooms, mut lost) = (Vec::new(), 0);
    for (kind, key, value) in kept {
        let read = match kind.as_str() {
            kind::BAN => moderation.restore_ban(&key, &value),
            kind::MODERATOR => moderation.restore_moderator(&value),
            kind::IGNORED => access.restore_ignored(&key, &value),
            kind => room_facts::read(kind, &key, &value).map(|fact| of_rooms.push(fact)).is_some(),
        };
        lost += usize::from(!read);
    }
    let mut forgotten = Vec::new();
    for (ended, facts) in rooms.restore(of_rooms) {
        forgotten.extend(moderation.forget_room(ended));
        forgotten.extend(facts);
    }
    (forgotten, lost)
}
