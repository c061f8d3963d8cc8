//! Decides on an act: whether its user may do it, to whom, and what follows. Changes nothing.
//!
//! Must not know: how the outcome is carried out.

use super::bans::Ban;
use super::ranks::Hits;
use super::{Actor, Ranks};
use crate::model::{BanTarget, FoldedName, MessageId, Name, Now, Rank, RoomRole, Text, Timestamp};
use crate::protocol::{Act, ActRequest, Code, Done, Verb};
use crate::server::broker::caller::Denial;
use crate::server::broker::peers::Peer;
use crate::server::broker::rooms::{ModeChange, Place};
use crate::server::limits::MAX_MODERATORS;
use crate::server::store::api::ReactionRemoval;

/// The outcome of a permitted act.
#[derive(Debug)]
pub(in crate::server::broker) enum ActDecision {
    /// A user is disconnected, and may rejoin.
    Kick(Name),
    /// A ban comes into force and affects these users.
    Ban(Ban, Hits),
    /// A ban would affect so many users, these first; nothing is done.
    WouldBan {
        /// How many.
        count: usize,
        /// Some of them.
        first: Vec<Name>,
    },
    /// A mute comes into force.
    Mute(Ban),
    /// A ban or a mute of this number is lifted.
    Lift(u64),
    /// A mode of the place changes.
    Mode(ModeChange),
    /// A message is deleted, unless one of these users, by folded name, sent it.
    Delete(MessageId, Vec<FoldedName>),
    /// A reaction is taken from a message.
    RemoveReaction(MessageId, ReactionRemoval),
    /// All users there receive the reason, and nothing else happens.
    Announce,
    /// A user becomes a moderator of the place.
    Grant(Name),
    /// A user is no longer a moderator of the place.
    Revoke(Name),
    /// A name no longer has an owner, or no longer rests.
    Free(Name),
}

/// Decides on an act; returns the outcome and the entry for the moderation log.
///
/// # Errors
/// Why it is refused.
pub(in crate::server::broker) fn decide(
    now: Now,
    ranks: &Ranks<'_>,
    actor: &Actor<'_>,
    wanted: ActRequest,
) -> Result<(ActDecision, Done), Denial> {
    let ActRequest { act, reason, .. } = wanted;
    let verb = act.verb();
    // Before anything is looked up: a user without the right learns nothing by trying.
    ranks.permit(actor, verb, None)?;
    // All users see the reason.
    ranks.moderation.may_be_heard(now, (ranks.peers, ranks.rooms), actor.caller.conn, &actor.place)?;
    let mut done = Done { verb, subject: None, time: None, on: false, reason };
    let named = |name: &Name| Some(Text::line(name.as_str()));
    let decision = match act {
        Act::Kick(user) => {
            let name = ranks.present(actor, &user)?;
            ranks.permit(actor, verb, Some(&name))?;
            done.subject = named(&name);
            ActDecision::Kick(name)
        }
        Act::Ban { whom, time, dry_run } => {
            done.subject = Some(Text::line(&whom.to_string()));
            done.time = time;
            ranks.ban(now, actor, whom, &done, dry_run)?
        }
        Act::Unban(whom) => {
            if let BanTarget::Name(name) = &whom {
                ranks.permit(actor, verb, Some(name))?;
            }
            done.subject = Some(Text::line(&whom.to_string()));
            ranks.lift(actor, false, &whom)?
        }
        Act::Mute { user, time } => {
            let name = ranks.access.user(ranks.peers, &user)?;
            ranks.permit(actor, verb, Some(&name))?;
            let whom = BanTarget::Name(name);
            let traits = ranks.traits(&whom);
            ranks.permit_all(actor, verb, &traits)?;
            done.subject = Some(Text::line(&whom.to_string()));
            done.time = time;
            ActDecision::Mute(new_ban(ranks.moderation.time(now), actor, traits, true, &done))
        }
        Act::Unmute(user) => {
            let name = ranks.access.user(ranks.peers, &user)?;
            ranks.permit(actor, verb, Some(&name))?;
            done.subject = named(&name);
            ranks.lift(actor, true, &BanTarget::Name(name))?
        }
        Act::SlowMode(pause) => {
            done.on = !pause.is_zero();
            done.time = done.on.then_some(pause);
            ActDecision::Mode(ModeChange::Slow(pause))
        }
        Act::ReadOnly(on) => {
            done.on = on;
            ActDecision::Mode(ModeChange::ReadOnly(on))
        }
        Act::LockTopic(on) => {
            done.on = on;
            ActDecision::Mode(ModeChange::LockTopic(on))
        }
        Act::AllowCalls(on) => {
            if actor.place == Place::Everyone {
                let text = "Only a room has a call of its own; name the room whose calls are meant.";
                return Err(Denial::new(Code::BadRoom, text));
            }
            done.on = on;
            ActDecision::Mode(ModeChange::AllowCalls(on))
        }
        Act::Delete(id) => ActDecision::Delete(id, ranks.above(actor)),
        Act::RemoveReaction { id, reaction, of } => {
            let of = of.map(|of| ranks.access.user(ranks.peers, &of)).transpose()?;
            if let Some(name) = &of {
                ranks.permit(actor, verb, Some(name))?;
            }
            // The user may rank higher under a name that looks the same.
            let (spared, reason) = (ranks.above(actor), done.reason.clone());
            ActDecision::RemoveReaction(id, ReactionRemoval { reaction, of, spared, reason })
        }
        Act::Announce => ActDecision::Announce,
        Act::Grant(user) => {
            let name = ranks.access.user(ranks.peers, &user)?;
            ranks.may_grant(actor, &name)?;
            done.subject = named(&name);
            ActDecision::Grant(name)
        }
        Act::Revoke(user) => {
            let name = ranks.access.user(ranks.peers, &user)?;
            ranks.may_revoke(actor, &name)?;
            done.subject = named(&name);
            ActDecision::Revoke(name)
        }
        Act::Free(written) => {
            let name = ranks.access.taken_name(&written).ok_or_else(|| {
                let text = format!("The name {} has no owner, and does not rest.", Text::line(&written));
                Denial::new(Code::NoSuchUser, text)
            })?;
            ranks.permit(actor, verb, Some(&name))?;
            if actor.place != Place::Everyone {
                return Err(Denial::new(Code::BadRoom, "A name is one of the whole server, not of a room."));
            }
            done.subject = named(&name);
            ActDecision::Free(name)
        }
    };
    Ok((decision, done))
}

impl Ranks<'_> {
    /// A user who is online, or a member of the room.
    fn present(&self, actor: &Actor<'_>, written: &str) -> Result<Name, Denial> {
        let name = self.access.user(self.peers, written)?;
        match actor.place.room().and_then(|id| self.rooms.get(id)) {
            Some(room) if room.member(&name.folded()).is_none() => {
                Err(Denial::new(Code::NotInRoom, format!("{name} is not in {}.", room.name())))
            }
            None if self.peers.find(name.as_str()).is_none() => {
                Err(Denial::new(Code::NoSuchUser, format!("{name} is not online.")))
            }
            _ => Ok(name),
        }
    }

    fn ban(
        &self,
        now: Now,
        actor: &Actor<'_>,
        whom: BanTarget,
        done: &Done,
        dry_run: bool,
    ) -> Result<ActDecision, Denial> {
        if !whom.is_name() && self.rooms.rank(self.peers, actor.caller.conn, None) < Rank::Moderator {
            let text = "A room bans users by name; the keys and logins that own the name are banned with it.";
            return Err(Denial::new(Code::NotAllowed, text));
        }
        let traits = self.traits(&whom);
        let hits = self.hits(actor, &traits);
        if dry_run {
            return Ok(ActDecision::WouldBan { count: hits.len(), first: self.first_names(&hits) });
        }
        if let BanTarget::Name(name) = &whom {
            self.permit(actor, Verb::Ban, Some(name))?;
        }
        self.permit_hits(actor, &hits)?;
        self.permit_all(actor, Verb::Ban, &traits)?;
        Ok(ActDecision::Ban(new_ban(self.moderation.time(now), actor, traits, false, done), hits))
    }

    fn lift(&self, actor: &Actor<'_>, mute: bool, whom: &BanTarget) -> Result<ActDecision, Denial> {
        let number = self.moderation.bans.about(actor.place.room(), mute, whom);
        number.map(ActDecision::Lift).ok_or_else(|| {
            let what = if mute { "mute" } else { "ban" };
            Denial::new(Code::NoSuchBan, format!("There is no {what} of {whom} there; /bans lists those in force."))
        })
    }

    fn may_grant(&self, actor: &Actor<'_>, name: &Name) -> Result<(), Denial> {
        self.permit(actor, Verb::Grant, Some(name))?;
        match actor.place.room().and_then(|id| self.rooms.get(id)) {
            Some(room) if room.member(&name.folded()).is_none() => {
                Err(Denial::new(Code::NotInRoom, format!("{name} is not in {}.", room.name())))
            }
            Some(room) if room.raised().take(MAX_MODERATORS).count() >= MAX_MODERATORS => {
                let text = format!("{} has {MAX_MODERATORS} moderators already; /revoke one first.", room.name());
                Err(Denial::new(Code::NotAllowed, text))
            }
            None if !self.access.is_owned(name) => {
                let text = format!("{name} is unverified, so anyone could use these rights under that name.");
                Err(Denial::new(Code::NotVerified, text))
            }
            _ => Ok(()),
        }
    }

    fn may_revoke(&self, actor: &Actor<'_>, name: &Name) -> Result<(), Denial> {
        self.permit(actor, Verb::Revoke, Some(name))?;
        let user = name.folded();
        match actor.place.room().and_then(|id| self.rooms.get(id)) {
            Some(room) => match room.member(&user).filter(|member| member.role != RoomRole::Member) {
                Some(_) => Ok(()),
                None => Err(Denial::new(Code::NotAllowed, format!("{name} is not a moderator of {}.", room.name()))),
            },
            None => {
                let here = self.peers.online(name.as_str()).map(Peer::role);
                if self.moderation.is_granted(&user) || here.is_some_and(|role| role.is_moderator()) {
                    return Ok(());
                }
                Err(Denial::new(Code::NotAllowed, format!("{name} is not a moderator of the server.")))
            }
        }
    }
}

/// A ban or a mute of a user who is known by these traits.
fn new_ban(time: Timestamp, actor: &Actor<'_>, traits: Vec<BanTarget>, mute: bool, done: &Done) -> Ban {
    Ban {
        room: actor.place.room(),
        mute,
        whom: traits,
        by: actor.caller.user.clone(),
        until: done.time.map(|span| time.after(span)),
        reason: done.reason.clone(),
    }
}
