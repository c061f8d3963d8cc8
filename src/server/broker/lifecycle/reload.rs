//! New rules come into force: finds the users whose role they change.
//!
//! Must not know: where rules come from, or when they are read.

use std::collections::BTreeSet;

use crate::model::Role;
use crate::server::broker::peers::{Peer, Peers};
use crate::server::broker::rules::Rules;
use crate::server::ids::ConnId;

/// The connections whose users are moderators by one set of rules and not by the other, in the order of their numbers.
pub(in crate::server::broker) fn changed(peers: &Peers, before: &Rules, after: &Rules) -> Vec<ConnId> {
    let named = before.moderators.iter().chain(&after.moderators).flat_map(|name| peers.sessions(name.as_str()));
    let conns: BTreeSet<ConnId> = named.collect();
    let differs = |peer: &Peer| is_moderator(peer, before) != is_moderator(peer, after);
    conns.into_iter().filter(|conn| peers.get(*conn).is_some_and(differs)).collect()
}

/// The role of a user by these rules; `granted` says whether the owner of the name was made a moderator.
pub(in crate::server::broker) fn role_by_rules(peer: &Peer, rules: &Rules, granted: bool) -> Role {
    if is_moderator(peer, rules) || peer.gave_passphrase() {
        Role::Keeper
    } else if granted && peer.has_proved() {
        Role::Moderator
    } else {
        Role::User
    }
}

/// Whether a user has moderator rights by the name that they have, as `access::name_policy` decides for newcomers.
fn is_moderator(peer: &Peer, rules: &Rules) -> bool {
    let Some(name) = peer.name() else { return false };
    let folded = name.folded();
    let believed = rules.trust_names && peer.origin().is_local();
    (peer.has_proved() || believed) && rules.moderators.iter().any(|kept| kept.folded() == folded)
}
