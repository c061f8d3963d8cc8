//! An act is weighed: whether its user may do it, to whom, and what follows. Nothing is changed here.
//!
//! Must not know: how what follows is carried out.

use super::bans::Ban;
use super::{Actor, Standing};
use crate::model::{FoldedName, MessageId, Name, Now, Rank, RoomRole, Text, Whom};
use crate::protocol::{Act, Code, Done, Verb, Wanted};
use crate::server::broker::caller::Denial;
use crate::server::broker::peers::Peer;
use crate::server::broker::rooms::ModeChange;

/// What an act that is permitted comes to.
#[derive(Debug)]
pub(in crate::server::broker) enum Decision {
    /// A user leaves, and may come back.
    Kick(Name),
    /// A ban comes into force and affects these users.
    Ban(Ban, Vec<Name>),
    /// A ban would affect these users; nothing is done.
    WouldBan(Vec<Name>),
    /// A mute comes into force.
    Mute(Ban),
    /// A ban or a mute of this number is lifted.
    Lift(u64),
    /// A mode of the scope changes.
    Mode(ModeChange),
    /// A message is deleted, unless one of these users, by folded name, said it.
    Delete(MessageId, Vec<FoldedName>),
    /// Everybody there is told the reason, and no more.
    Announce,
    /// A user becomes a moderator of the scope.
    Grant(Name),
    /// A user is a moderator of the scope no longer.
    Revoke(Name),
}

/// Decides about an act: what follows, and what is written down of it.
///
/// # Errors
/// Why it is refused.
pub(in crate::server::broker) fn decide(
    now: Now,
    standing: &Standing<'_>,
    actor: &Actor<'_>,
    wanted: Wanted,
) -> Result<(Decision, Done), Denial> {
    let Wanted { act, reason, .. } = wanted;
    let verb = act.verb();
    // Before anything is looked at: who may not do it learns nothing by trying.
    standing.permit(actor, verb, None)?;
    // The reason is heard by all.
    standing.moderation.may_be_heard(now, (standing.peers, standing.rooms), actor.caller.conn, &actor.scope)?;
    let mut done = Done { verb, subject: None, time: None, on: false, reason };
    let named = |name: &Name| Some(Text::line(name.as_str()));
    let decision = match act {
        Act::Kick(user) => {
            let name = standing.present(actor, &user)?;
            standing.permit(actor, verb, Some(&name))?;
            done.subject = named(&name);
            Decision::Kick(name)
        }
        Act::Ban { whom, time, dry_run } => {
            done.subject = Some(Text::line(&whom.to_string()));
            done.time = time;
            standing.ban(now, actor, whom, &done, dry_run)?
        }
        Act::Unban(whom) => {
            if let Whom::Name(name) = &whom {
                standing.permit(actor, verb, Some(name))?;
            }
            done.subject = Some(Text::line(&whom.to_string()));
            standing.lift(actor, false, &whom)?
        }
        Act::Mute { user, time } => {
            let name = standing.access.user(standing.peers, &user)?;
            standing.permit(actor, verb, Some(&name))?;
            let whom = Whom::Name(name);
            let traits = standing.traits(&whom);
            standing.permit_all(actor, verb, &traits)?;
            done.subject = Some(Text::line(&whom.to_string()));
            done.time = time;
            Decision::Mute(new_ban(now, actor, traits, true, &done))
        }
        Act::Unmute(user) => {
            let name = standing.access.user(standing.peers, &user)?;
            standing.permit(actor, verb, Some(&name))?;
            done.subject = named(&name);
            standing.lift(actor, true, &Whom::Name(name))?
        }
        Act::SlowMode(pause) => {
            done.on = !pause.is_zero();
            done.time = done.on.then_some(pause);
            Decision::Mode(ModeChange::Slow(pause))
        }
        Act::ReadOnly(on) => {
            done.on = on;
            Decision::Mode(ModeChange::ReadOnly(on))
        }
        Act::LockTopic(on) => {
            done.on = on;
            Decision::Mode(ModeChange::LockTopic(on))
        }
        Act::Delete(id) => Decision::Delete(id, standing.above(actor)),
        Act::Announce => Decision::Announce,
        Act::Grant(user) => {
            let name = standing.access.user(standing.peers, &user)?;
            standing.may_grant(actor, &name)?;
            done.subject = named(&name);
            Decision::Grant(name)
        }
        Act::Revoke(user) => {
            let name = standing.access.user(standing.peers, &user)?;
            standing.may_revoke(actor, &name)?;
            done.subject = named(&name);
            Decision::Revoke(name)
        }
    };
    Ok((decision, done))
}

impl Standing<'_> {
    /// A user who is online, or a member of the room.
    fn present(&self, actor: &Actor<'_>, written: &str) -> Result<Name, Denial> {
        let name = self.access.user(self.peers, written)?;
        match actor.scope.room().and_then(|id| self.rooms.get(id)) {
            Some(room) if room.member(&name.folded()).is_none() => {
                Err(Denial::new(Code::NotInRoom, format!("{name} is not in {}.", room.name())))
            }
            None if self.peers.find(name.as_str()).is_none() => {
                Err(Denial::new(Code::NoSuchUser, format!("{name} is not online.")))
            }
            _ => Ok(name),
        }
    }

    fn ban(&self, now: Now, actor: &Actor<'_>, whom: Whom, done: &Done, dry_run: bool) -> Result<Decision, Denial> {
        if !whom.is_name() && self.rooms.rank(self.peers, actor.caller.conn, None) < Rank::Moderator {
            let text =
                "In a room people are banned by name; what the owner of a name has proved with is banned with it.";
            return Err(Denial::new(Code::NotAllowed, text));
        }
        let traits = self.traits(&whom);
        let hits = self.hits(actor, &traits);
        if dry_run {
            return Ok(Decision::WouldBan(hits));
        }
        if let Whom::Name(name) = &whom {
            self.permit(actor, Verb::Ban, Some(name))?;
        }
        for name in &hits {
            self.permit(actor, Verb::Ban, Some(name))?;
        }
        self.permit_all(actor, Verb::Ban, &traits)?;
        Ok(Decision::Ban(new_ban(now, actor, traits, false, done), hits))
    }

    fn lift(&self, actor: &Actor<'_>, mute: bool, whom: &Whom) -> Result<Decision, Denial> {
        let number = self.moderation.bans.about(actor.scope.room(), mute, whom);
        number.map(Decision::Lift).ok_or_else(|| {
            let what = if mute { "mute" } else { "ban" };
            Denial::new(Code::NoSuchBan, format!("No {what} of {whom} is in force there; /bans lists them."))
        })
    }

    fn may_grant(&self, actor: &Actor<'_>, name: &Name) -> Result<(), Denial> {
        self.permit(actor, Verb::Grant, Some(name))?;
        match actor.scope.room().and_then(|id| self.rooms.get(id)) {
            Some(room) if room.member(&name.folded()).is_none() => {
                Err(Denial::new(Code::NotInRoom, format!("{name} is not in {}.", room.name())))
            }
            None if !self.access.is_owned(name) => {
                let text = format!("{name} has not proved who they are, so another could have these rights instead.");
                Err(Denial::new(Code::NotVerified, text))
            }
            _ => Ok(()),
        }
    }

    fn may_revoke(&self, actor: &Actor<'_>, name: &Name) -> Result<(), Denial> {
        self.permit(actor, Verb::Revoke, Some(name))?;
        let user = name.folded();
        match actor.scope.room().and_then(|id| self.rooms.get(id)) {
            Some(room) => match room.member(&user).filter(|member| member.role != RoomRole::Member) {
                Some(_) => Ok(()),
                None => Err(Denial::new(Code::NotAllowed, format!("{name} is no moderator of {}.", room.name()))),
            },
            None => {
                let here = self.peers.online(name.as_str()).map(Peer::role);
                if self.moderation.is_granted(&user) || here.is_some_and(|role| role.is_moderator()) {
                    return Ok(());
                }
                Err(Denial::new(Code::NotAllowed, format!("{name} is no moderator of the server.")))
            }
        }
    }
}

/// A ban or a mute of a user who is known by these traits.
fn new_ban(now: Now, actor: &Actor<'_>, traits: Vec<Whom>, mute: bool, done: &Done) -> Ban {
    Ban {
        room: actor.scope.room(),
        mute,
        whom: traits,
        by: actor.caller.user.clone(),
        until: done.time.map(|time| now.wall.after(time)),
        reason: done.reason.clone(),
    }
}
