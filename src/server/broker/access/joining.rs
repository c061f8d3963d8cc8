//! Decides on a requested name: the terms on which it is given, the sessions that clash with it, and its new owner.
//!
//! Must not know: rooms or bans, how a login is looked up, or how a session is ended.

use std::time::Duration;

use super::comings::Visit;
use super::connection_limits::Source;
use super::invitations::InvitationId;
use super::inviting::Allowed;
use super::name_policy::{Applicant, Bind, Claim, Grant, Login, decide};
use super::owners::{Owned, Ownership, Unbound};
use super::{Access, ConnId};
use crate::model::{FoldedName, Identity, Name, NameKey, Now, Rank, Role, Timestamp, period};
use crate::protocol::Code;
use crate::server::broker::caller::Denial;
use crate::server::broker::outbox::FactChange;
use crate::server::broker::peers::Peer;
use crate::server::broker::rules::Rules;
use crate::server::limits::MAX_NAMES_OF_ONE;
use crate::server::store::api::Owner;

/// A name that may be given, before clashing sessions end.
#[derive(Debug)]
pub(in crate::server::broker) struct Admitted {
    name: Name,
    key: NameKey,
    claim: Claim,
    /// Whether the name is the applicant's login on this machine.
    is_login: bool,
    /// Whether a code lets in the applicant as a newcomer.
    newcomer: bool,
    /// The applicant's role before the name adds to it.
    role: Role,
    /// Whether the applicant is the user that the server runs as.
    is_host: bool,
    /// Whom the session counts for.
    visit: Visit,
    /// Where a name is bound from that had no owner, if that counts.
    binds_from: Option<Source>,
}

/// How an older session counts for an applicant who asks for its name, or one that looks like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server::broker) enum Obstacle {
    /// The same person's session, which they want to end.
    TakenOver,
    /// The same client's session, which is lost if the client comes again.
    Lost,
    /// The same person's session, which they did not ask to end; theirs cannot be one beside it.
    InUse,
    /// The same person's session, which goes on beside the new one.
    Beside,
    /// Another user's session, which ends for the owner.
    GivesWay,
    /// Another user's session, which stays.
    Stays,
}

/// The changes that binding a name made.
#[derive(Debug)]
pub(in crate::server::broker) struct Bound {
    /// Whose it is now.
    pub(in crate::server::broker) owner: Ownership,
    /// Whether the name belonged to another user before, or may have.
    pub(in crate::server::broker) reclaimed: bool,
    /// The owner of a name that looked like it, or that had to go for it, who lost it.
    pub(in crate::server::broker) evicted: Option<Ownership>,
    /// The id of the invitation that it was bound with.
    pub(in crate::server::broker) invitation: Option<InvitationId>,
    /// The invitations that are changed by it.
    pub(in crate::server::broker) invitations: Vec<FactChange>,
}

impl Access {
    /// Decides whether a connection may have a name, and on what terms. `time` is the trusted time.
    pub(in crate::server::broker) fn admit_name(
        &self,
        (now, time): (Now, Timestamp),
        (conn, peer): (ConnId, &Peer),
        name: Name,
        login: Login,
        rules: &Rules,
    ) -> Result<Admitted, Denial> {
        let allowed = self.inviting.allowed((now, time), conn);
        let grant = if let Allowed::Grant(grant) = &allowed { Some(grant.clone()) } else { None };
        let (identity, origin, role) = (peer.identity(), peer.origin(), peer.role());
        let applicant = Applicant { identity, origin, role, grant, login };
        let key = name.key();
        let exactly = rules.moderators.iter().find(|kept| kept.folded() == key.folded);
        let kept = exactly.or_else(|| rules.moderators.iter().find(|kept| name.passes_for(&kept.key())));
        let is_others = |owner: &&Owner| identity.is_none_or(|identity| !owner.is(identity));
        let near = self.owners.near(&key).into_iter().find(is_others);
        let owned = self.owners.find(&key);
        let claim = decide(&applicant, &name, owned, near, kept, rules)
            .map_err(|denial| if allowed == Allowed::Lapsed { too_late(denial) } else { denial })?;
        let is_host = identity == Some(Identity::Uid(rules.own_uid));
        let source = Source::of(origin);
        let visit = match (identity, claim.own) {
            (Some(identity), true) => Visit::Owned(identity, source),
            _ => Visit::Claimed(source),
        };
        let vouched = is_host || role.is_moderator() || applicant.grant == Some(Grant::Newcomer);
        if !matches!((owned, identity), (Owned::By(owner), Some(identity)) if owner.is(identity)) {
            self.is_awake(&key, time, (identity, claim.own))?;
        }
        self.is_not_changing(&key)?;
        let is_new = matches!((owned, claim.bind), (Owned::Free, Bind::Add(_))) && !vouched;
        if !is_host && let Some(wait) = self.comings.wait_to_come(visit, now.steady) {
            return Err(too_often("sessions began and ended", wait));
        }
        if is_new && let Some(wait) = self.comings.wait_to_bind(source, now.steady) {
            return Err(too_often("new names were taken", wait));
        }
        Ok(Admitted {
            name,
            key,
            claim,
            visit,
            binds_from: is_new.then_some(source),
            is_login: login == Login::Own,
            newcomer: applicant.grant == Some(Grant::Newcomer),
            role,
            is_host,
        })
    }

    /// Whether there is room to bind the name to the applicant; returns the name that has to go for it, if one has to:
    /// nobody has used it for long, and it `may_go`.
    pub(in crate::server::broker) fn has_room(
        &self,
        now: Now,
        admitted: &Admitted,
        may_go: impl Fn(&Name) -> bool,
    ) -> Result<Option<Name>, Denial> {
        let Bind::Add(identity) = admitted.claim.bind else { return Ok(None) };
        let is_own = self.owners.get(&admitted.name).is_some_and(|owner| owner.is(identity));
        if !is_own && self.names_and_rests(identity) >= MAX_NAMES_OF_ONE {
            return Err(self.no_room(identity, Unbound::TooManyNames));
        }
        match self.owners.has_room(&admitted.name, identity) {
            Ok(()) => Ok(None),
            Err(Unbound::Full) => {
                let may_go = |user: &FoldedName| self.owners.named(user).is_some_and(&may_go);
                let stale = self.usage.stale(now.wall, may_go);
                let stale = stale.and_then(|user| self.owners.named(&user).cloned());
                stale.map(Some).ok_or_else(|| self.no_room(identity, Unbound::Full))
            }
            Err(why) => Err(self.no_room(identity, why)),
        }
    }

    fn no_room(&self, identity: Identity, why: Unbound) -> Denial {
        match why {
            Unbound::TooManyNames => {
                let names: Vec<&str> = self.owners.names_of(identity).map(Name::as_str).collect();
                let text = if names.len() < MAX_NAMES_OF_ONE {
                    let names = names.join(", ");
                    format!(
                        "You have {MAX_NAMES_OF_ONE} names already, with those that you have left and that still rest. \
                         Join under one of these: {names}."
                    )
                } else {
                    format!("You own {MAX_NAMES_OF_ONE} names already: {}. Join under one of them.", names.join(", "))
                };
                Denial::new(Code::TooManyNames, text)
            }
            Unbound::Full => Denial::new(Code::ServerFull, "The server has no room for more names."),
            Unbound::TooManyProofs => {
                Denial::new(Code::TooManyNames, "This name has too many keys; revoke one with /revoke-key first.")
            }
        }
    }

    /// Binds a name that is to be given, and uses up the code that allowed it; `None` if it need not be bound. The code
    /// waits for [`Access::settle_code`]. A `stale` name has to go for it.
    pub(in crate::server::broker) fn bind(
        &mut self,
        now: Now,
        conn: ConnId,
        admitted: &Admitted,
        stale: Option<Name>,
    ) -> Option<Bound> {
        let Admitted { name, claim, newcomer, binds_from, .. } = admitted;
        if claim.bind == Bind::Not {
            return None;
        }
        let stale = stale.and_then(|name| {
            self.usage.forget(&name.folded());
            self.owners.free(&name)
        });
        if let Some(source) = binds_from {
            self.comings.bind(*source, now.steady);
        }
        let (login, mut invitations) = (self.logins.get(&conn).cloned(), Vec::new());
        let (owner, reclaimed, evicted) = match claim.bind {
            Bind::Not => return None,
            Bind::Add(identity) => (self.owners.bind(name, (identity, login), now.wall), false, stale),
            Bind::Alone(identity) => {
                // Codes of the former owner would let them in again.
                invitations.extend(self.inviting.forget(name));
                let evicted = self.owners.evict_look_alike(&admitted.key);
                if let Some(evicted) = &evicted {
                    invitations.extend(self.inviting.forget(&evicted.owner.name));
                    self.usage.forget(&evicted.owner.name.folded());
                }
                (self.owners.reclaim(name, (identity, login), now.wall), true, evicted)
            }
        };
        let used = matches!(claim.bind, Bind::Add(_)) && (claim.own || *newcomer);
        let (invitation, change) = self.inviting.take(conn, used).unzip();
        invitations.extend(change);
        Some(Bound { owner, reclaimed, evicted, invitation, invitations })
    }

    /// A connection comes under the name that it was given.
    pub(in crate::server::broker) fn comes(&mut self, now: Now, conn: ConnId, admitted: &Admitted) {
        self.comings.come(conn, admitted.visit, now.steady);
    }

    /// What the session `other` means for an applicant whose name clashes with its name.
    pub(in crate::server::broker) fn obstacle(
        &self,
        admitted: &Admitted,
        (applicant, take_over): (&Peer, bool),
        other: &Peer,
    ) -> Obstacle {
        let Admitted { key, claim, is_login, .. } = admitted;
        let same_name = other.name().is_some_and(|name| name.folded() == key.folded);
        let owner = other.name().and_then(|name| self.owners.get(name));
        let owns = |identity| owner.is_some_and(|owner| owner.is(identity));
        let same_owner = claim.own && same_name && other.identity().is_some_and(owns);
        if same_owner && !matches!(claim.bind, Bind::Alone(_)) {
            return match () {
                () if take_over => Obstacle::TakenOver,
                () if applicant.comes_back_as(other) => Obstacle::Lost,
                // TR2.23 knows nothing of another session of oneself.
                () if applicant.is_original() || other.is_original() => Obstacle::InUse,
                () => Obstacle::Beside,
            };
        }
        // Who only claims a name has no other proof that it is their own session that was lost.
        if same_name && applicant.comes_back_as(other) && !applicant.has_proved() && !other.has_proved() {
            return Obstacle::Lost;
        }
        if claim.own && (same_name || !other.has_proved() || *is_login && !other.is_login()) {
            return Obstacle::GivesWay;
        }
        Obstacle::Stays
    }
}

/// The refusal of somebody whose code was right when they showed it.
fn too_late(denial: Denial) -> Denial {
    if !matches!(denial.code, Code::InvitationNeeded | Code::NameBound) {
        return denial;
    }
    let text = "Your code has been used up by others, or has ended, in the meantime; ask for another one.";
    Denial::new(Code::CodeUsedUp, text)
}

/// The refusal of too much from one place within a while.
pub(super) fn too_often(what: &str, wait: Duration) -> Denial {
    let wait = period::shown(Duration::from_secs(wait.as_secs() + 1));
    let text = format!("Too many {what} from where you are; try again in {wait}.");
    Denial::new(Code::Busy, text).at_next_tick()
}

impl Admitted {
    /// The name.
    pub(in crate::server::broker) fn name(&self) -> &Name {
        &self.name
    }

    /// The keys of the name.
    pub(in crate::server::broker) fn key(&self) -> &NameKey {
        &self.key
    }

    /// Whether the name is the applicant's login on this machine.
    pub(in crate::server::broker) fn is_login(&self) -> bool {
        self.is_login
    }

    /// Whether rights that were granted to the owner of the name are the applicant's.
    pub(in crate::server::broker) fn inherits(&self) -> bool {
        self.claim.own && !matches!(self.claim.bind, Bind::Alone(_))
    }

    /// The role that comes with the name; `granted` says whether its owner was made a moderator.
    pub(in crate::server::broker) fn role(&self, granted: bool) -> Role {
        if self.claim.moderator {
            Role::Keeper
        } else if granted {
            Role::Moderator
        } else {
            Role::User
        }
    }

    /// Whether another session, whose name differs from this one by separators at most, stays and keeps the name from
    /// the applicant. Owners come in, whatever others are called.
    pub(in crate::server::broker) fn is_kept_out_by(&self, other: &Peer, identity: Option<Identity>) -> bool {
        !self.claim.own && (identity.is_none() || identity != other.identity())
    }

    /// The rank that decides whether a ban holds for the applicant.
    pub(in crate::server::broker) fn rank(&self, granted: bool) -> Rank {
        if self.claim.moderator || self.is_host {
            return Rank::Keeper;
        }
        Rank::of(if granted { Role::Moderator } else { self.role }, None)
    }
}

/// What somebody is told whose session ends for the owner of a name.
pub(in crate::server::broker) fn gives_way(name: &Name) -> String {
    format!("The owner of the name {name} has joined; join under another name.")
}

/// The refusal of a name that is in use, or looks like one in use.
pub(in crate::server::broker) fn taken(name: &Name, original: bool) -> Denial {
    let text = if original {
        "This username is already taken. You need to connect again and use another one".to_owned()
    } else {
        format!("The name {name}, or one that looks like it, is taken; choose another name.")
    };
    Denial::new(Code::NameTaken, text)
}
