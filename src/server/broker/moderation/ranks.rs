//! The ranks of users in each place, and the users a ban would affect: the read-only input of a decision about an act.
//!
//! Must not know: which rank an act takes (`authority`), or how an act is carried out.

use super::authority::{Subject, may};
use super::{Actor, Moderation};
use crate::model::{BanTarget, FoldedName, Name, Rank, Role, RoomRole};
use crate::protocol::{Code, Verb};
use crate::server::broker::access::Access;
use crate::server::broker::caller::Denial;
use crate::server::broker::peers::Peers;
use crate::server::broker::rooms::Rooms;
use crate::server::broker::rules::Rules;
use crate::server::ids::{ConnId, RoomId};

/// The parts of the broker that determine ranks.
#[derive(Clone, Copy, Debug)]
pub(in crate::server::broker) struct Ranks<'a> {
    pub(super) rules: &'a Rules,
    pub(super) peers: &'a Peers,
    pub(super) access: &'a Access,
    pub(super) rooms: &'a Rooms,
    pub(super) moderation: &'a Moderation,
}

impl<'a> Ranks<'a> {
    /// Reads ranks from these parts.
    pub(in crate::server::broker) fn new(
        rules: &'a Rules,
        peers: &'a Peers,
        access: &'a Access,
        rooms: &'a Rooms,
        moderation: &'a Moderation,
    ) -> Self {
        Self { rules, peers, access, rooms, moderation }
    }

    /// The rank of the user who acts.
    pub(super) fn rank(&self, actor: &Actor<'_>) -> Rank {
        self.rooms.rank(self.peers, actor.caller.conn, actor.place.room())
    }

    /// The rank of the user of a name, online or not.
    pub(super) fn rank_of(&self, name: &Name, room: Option<RoomId>) -> Rank {
        let key = name.key();
        let here = self.peers.find(name.as_str());
        let here = here.map_or(Rank::User, |conn| self.rooms.rank(self.peers, conn, room));
        let role = if self.rules.moderators.iter().any(|kept| kept.key().clashes(&key)) {
            Role::Keeper
        } else if self.moderation.is_granted(&key.folded) {
            Role::Moderator
        } else {
            Role::User
        };
        let member = room.and_then(|room| self.rooms.get(room)?.member(&key.folded));
        here.max(Rank::of(role, member.map(|member| member.role)))
    }

    /// The user `name` as the target of the user who acts.
    pub(super) fn subject(&self, actor: &Actor<'_>, name: &Name) -> Subject {
        if actor.caller.user.folded() == name.folded() {
            return Subject::Oneself;
        }
        Subject::Other(self.rank_of(name, actor.place.room()))
    }

    /// Whether the user who acts may do this act to its target.
    pub(super) fn permit(&self, actor: &Actor<'_>, verb: Verb, about: Option<&Name>) -> Result<(), Denial> {
        let subject = match about {
            Some(name) => self.subject(actor, name),
            // As long as the target is unknown, it may be the user giving up their own rights.
            None if verb == Verb::Revoke => Subject::Oneself,
            None => Subject::Nobody,
        };
        may(self.rank(actor), verb, actor.place.room().is_some(), subject).map_err(|denied| {
            let (code, text) = denied.explain(actor.place.room_name(), about);
            Denial::new(code, text)
        })
    }

    /// Whether the act is allowed on every user it affects, under any of their names.
    pub(super) fn permit_all(&self, actor: &Actor<'_>, verb: Verb, traits: &[BanTarget]) -> Result<(), Denial> {
        for whom in traits {
            if let BanTarget::Identity(identity) = whom {
                self.access.names_of(*identity).try_for_each(|name| self.permit(actor, verb, Some(name)))?;
            }
        }
        Ok(())
    }

    /// The users, by folded name, whose messages the user who acts may not delete because they rank as high or higher.
    pub(super) fn above(&self, actor: &Actor<'_>) -> Vec<FoldedName> {
        let room = actor.place.room().and_then(|id| self.rooms.get(id));
        let keepers = self.rules.moderators.iter().chain(self.moderation.moderators.values());
        let here = self.peers.named().filter(|(_, peer, _)| peer.role().is_moderator()).map(|(.., name)| name);
        let in_room = room.into_iter().flat_map(|room| room.members());
        let in_room = in_room.filter(|member| member.role != RoomRole::Member).map(|member| &member.name);
        let names = keepers.chain(here).chain(in_room);
        names
            .filter(|name| {
                self.permit(actor, Verb::Delete, Some(name)).is_err_and(|denial| denial.code == Code::NotAllowed)
            })
            .filter(|name| self.subject(actor, name) != Subject::Oneself)
            .map(|name| name.folded())
            .collect()
    }

    /// The traits by which a user is banned: for a name's owner also the identities, so that another name does not help.
    pub(super) fn traits(&self, whom: &BanTarget) -> Vec<BanTarget> {
        let mut traits = vec![whom.clone()];
        if let BanTarget::Name(name) = whom {
            let online = self.peers.online(name.as_str()).and_then(|peer| peer.identity());
            let mut proofs = self.access.proofs_of(name);
            proofs.extend(online.filter(|identity| !proofs.contains(identity)));
            traits.extend(proofs.into_iter().map(BanTarget::Identity));
        }
        traits
    }

    /// The users whom a ban affects: of those online, or of the members of the room.
    pub(super) fn hits(&self, actor: &Actor<'_>, traits: &[BanTarget]) -> Vec<Name> {
        let fits = |conn: ConnId| {
            self.peers.get(conn).is_some_and(|peer| {
                let key = peer.name().map(Name::key);
                traits.iter().any(|whom| whom.fits(key.as_ref(), peer.identity(), peer.origin()))
            })
        };
        let Some(room) = actor.place.room().and_then(|id| self.rooms.get(id)) else {
            return self.peers.named().filter(|(conn, ..)| fits(*conn)).map(|(.., name)| name.clone()).collect();
        };
        let away = |name: &Name| {
            let (key, proofs) = (name.key(), self.access.proofs_of(name));
            traits.iter().any(|whom| match whom {
                BanTarget::Name(banned) => banned.key().clashes(&key),
                BanTarget::Identity(identity) => proofs.contains(identity),
                BanTarget::Network(_) => false,
            })
        };
        let members = room.members().map(|member| &member.name);
        members.filter(|name| self.peers.find(name.as_str()).is_some_and(fits) || away(name)).cloned().collect()
    }
}
