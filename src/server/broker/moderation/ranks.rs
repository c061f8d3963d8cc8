//! The ranks of users in each place, and the users a ban would affect: the read-only input of a decision about an act.
//!
//! Must not know: which rank an act takes (`authority`), or how an act is carried out.

use std::collections::BTreeMap;

use super::authority::{Subject, may};
use super::{Actor, Moderation};
use crate::model::{BanTarget, FoldedName, Name, Rank, Role};
use crate::protocol::{Code, Verb};
use crate::server::broker::access::Access;
use crate::server::broker::caller::Denial;
use crate::server::broker::paging::each_group;
use crate::server::broker::peers::Peers;
use crate::server::broker::rooms::Rooms;
use crate::server::broker::rules::Rules;
use crate::server::ids::{ConnId, RoomId};
use crate::server::limits::LIST_BYTES;

/// Up to this many users whom a ban affects, the rank of each is looked up.
const FEW_HITS: usize = 64;

/// Those whom a ban affects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) enum Hits {
    /// Of the whole server: the connections of users who are online, in the order of their numbers.
    Online(Vec<ConnId>),
    /// Members of a room.
    Members(Vec<Name>),
}

impl Hits {
    /// How many they are.
    pub(in crate::server::broker) fn len(&self) -> usize {
        match self {
            Self::Online(conns) => conns.len(),
            Self::Members(names) => names.len(),
        }
    }

    /// Takes those from a place in the order on.
    pub(in crate::server::broker) fn split_off(&mut self, at: usize) -> Self {
        match self {
            Self::Online(conns) => Self::Online(conns.split_off(at)),
            Self::Members(names) => Self::Members(names.split_off(at)),
        }
    }
}

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
        let here = self.peers.sessions(name.as_str()).map(|conn| self.rooms.rank(self.peers, conn, room));
        let here = here.max().unwrap_or(Rank::User);
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

    /// The users who may rank above others there: there are few of them, however many users there are.
    fn raised(&self, actor: &Actor<'_>) -> impl Iterator<Item = &'a Name> + use<'a> {
        let room = actor.place.room().and_then(|id| self.rooms.get(id));
        let in_room = room.into_iter().flat_map(|room| room.raised()).map(|member| &member.name);
        let keepers = self.rules.moderators.iter().chain(self.moderation.moderators.values());
        keepers.chain(self.peers.moderators().map(|(_, name)| name)).chain(in_room)
    }

    /// The users, by folded name, whose messages the user who acts may not delete because they rank as high or higher.
    pub(super) fn above(&self, actor: &Actor<'_>) -> Vec<FoldedName> {
        self.raised(actor)
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
    pub(super) fn hits(&self, actor: &Actor<'_>, traits: &[BanTarget]) -> Hits {
        let Some(room) = actor.place.room().and_then(|id| self.rooms.get(id)) else {
            let mut conns: Vec<ConnId> = traits.iter().flat_map(|whom| self.peers.described(whom)).collect();
            conns.sort_unstable();
            conns.dedup();
            conns.retain(|conn| traits.len() == 1 || self.peers.get(*conn).is_some_and(|peer| peer.name().is_some()));
            return Hits::Online(conns);
        };
        let online = traits.iter().flat_map(|whom| self.peers.described(whom));
        let online = online.filter_map(|conn| self.peers.get(conn)?.name());
        let away = traits.iter().flat_map(|whom| -> Vec<&Name> {
            match whom {
                BanTarget::Name(banned) => {
                    self.rooms.alike(room.id(), &banned.key()).into_iter().map(|member| &member.name).collect()
                }
                BanTarget::Identity(identity) => self.access.names_of(*identity).collect(),
                BanTarget::Network(_) => Vec::new(),
            }
        });
        let members = online.chain(away).filter_map(|name| {
            let user = name.folded();
            let name = room.member(&user)?.name.clone();
            Some((user, name))
        });
        Hits::Members(members.collect::<BTreeMap<_, _>>().into_values().collect())
    }

    /// The first of those whom a ban affects, in order, as many as fit a frame.
    pub(super) fn first_names(&self, hits: &Hits) -> Vec<Name> {
        let first = match hits {
            Hits::Online(conns) => {
                each_group(conns.iter().filter_map(|conn| self.peers.get(*conn)?.name()), LIST_BYTES).next()
            }
            Hits::Members(names) => each_group(names.iter(), LIST_BYTES).next(),
        };
        first.unwrap_or_default()
    }

    /// Whether a ban is allowed on everyone whom it affects.
    pub(super) fn permit_hits(&self, actor: &Actor<'_>, hits: &Hits) -> Result<(), Denial> {
        let permit = |name: &Name| self.permit(actor, Verb::Ban, Some(name));
        let conns = match hits {
            Hits::Members(names) => return names.iter().try_for_each(permit),
            Hits::Online(conns) => conns,
        };
        if conns.len() <= FEW_HITS {
            return conns.iter().filter_map(|conn| self.peers.get(*conn)?.name()).try_for_each(permit);
        }
        // Of many, only those count who may rank above others.
        let is_hit = |name: &&Name| self.peers.sessions(name.as_str()).any(|conn| conns.binary_search(&conn).is_ok());
        self.raised(actor).chain([&actor.caller.user]).filter(is_hit).try_for_each(permit)
    }
}
