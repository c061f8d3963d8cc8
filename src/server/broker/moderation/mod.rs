//! The part of the broker that carries out what moderators ask for. The role is looked up here, at the moment of the act.
//!
//! Must not know: which rank an act takes (`authority`), or what a ban is looked up by (`bans`).

pub mod authority;
pub mod bans;
pub(in crate::server) mod grants;
pub(in crate::server) mod ranks;

use std::time::Duration;

use super::outbox::Outbox;
use super::{Broker, say_refusal};
use crate::model::{Name, Now, Rank, RoomRole, Text, Whom};
use crate::protocol::{Act, Code, Done, Envelope, Event, Refusal, RoomEvent, Verb, Wanted};
use crate::server::broker::access::names::{Allowance, groups};
use crate::server::broker::lifecycle::facts;
use crate::server::broker::moderation::authority::{Subject, may};
use crate::server::broker::moderation::bans::{Ban, Suspect};
use crate::server::broker::moderation::ranks::Spot;
use crate::server::ids::ConnId;
use crate::server::limits::LIST_BYTES;
use crate::server::store::api::{Deletion, Job, Requester};
use crate::server::telemetry::events::Note;

type Refused = (Code, String);

/// What is told of a ban beside its reason, in bytes, at most about.
const BAN_BYTES: usize = 256;

/// Who acts, where.
pub(in crate::server) struct Actor<'a> {
    pub(in crate::server) conn: ConnId,
    pub(in crate::server) user: &'a Name,
    pub(in crate::server) reference: Option<String>,
    pub(in crate::server) spot: Spot,
}

impl Broker {
    /// Somebody wants to act on others. Every attempt leaves a line in the log, every act one in the moderators'.
    pub(in crate::server) fn act(
        &mut self,
        now: Now,
        (conn, user): (ConnId, Name),
        reference: Option<String>,
        wanted: Wanted,
        out: &mut Outbox,
    ) {
        let verb = wanted.act.verb();
        let place = Text::line(&wanted.place);
        let done = self.spot(conn, &wanted.place).and_then(|spot| {
            let actor = Actor { conn, user: &user, reference: reference.clone(), spot };
            self.carry_out(now, &actor, wanted, out)
        });
        if let Err((code, text)) = done {
            out.notes.push(Note::ActRefused { conn, name: user, verb, place, code });
            say_refusal(conn, Refusal::new(reference, code, text), out);
        }
    }

    fn carry_out(&mut self, now: Now, actor: &Actor<'_>, wanted: Wanted, out: &mut Outbox) -> Result<(), Refused> {
        let Wanted { act, reason, .. } = wanted;
        let verb = act.verb();
        // Before anything is looked at: who may not do it learns nothing by trying.
        self.permit(actor, verb, None)?;
        // The reason is heard by all.
        self.may_be_heard(now, actor.conn, &actor.spot)?;
        let mut done = Done { verb, subject: None, time: None, on: false, reason };
        match act {
            Act::Kick(user) => {
                let name = self.present(actor, &user)?;
                self.permit(actor, verb, Some(&name))?;
                self.kick(actor, &name, &done.reason, out);
                done.subject = Some(Text::line(name.as_str()));
            }
            Act::Ban { whom, time, dry_run } => {
                done.subject = Some(Text::line(&whom.to_string()));
                done.time = time;
                if self.ban(now, actor, whom, &done, dry_run, out)? {
                    return Ok(());
                }
            }
            Act::Unban(whom) => {
                if let Whom::Name(name) = &whom {
                    self.permit(actor, verb, Some(name))?;
                }
                self.lift(actor, false, &whom, out)?;
                done.subject = Some(Text::line(&whom.to_string()));
            }
            Act::Mute { user, time } => {
                let name = self.user_named(&user)?;
                self.permit(actor, verb, Some(&name))?;
                self.permit_all(actor, verb, &self.traits(&Whom::Name(name.clone())))?;
                done.subject = Some(Text::line(name.as_str()));
                done.time = time;
                self.put_ban(now, actor, Whom::Name(name), true, &done, out)?;
            }
            Act::Unmute(user) => {
                let name = self.user_named(&user)?;
                self.permit(actor, verb, Some(&name))?;
                self.lift(actor, true, &Whom::Name(name.clone()), out)?;
                done.subject = Some(Text::line(name.as_str()));
            }
            Act::SlowMode(pause) => {
                done.on = !pause.is_zero();
                done.time = done.on.then_some(pause);
                self.set_slow(actor, pause, out);
            }
            Act::ReadOnly(on) | Act::LockTopic(on) => {
                done.on = on;
                if let Some(modes) = self.modes_mut(&actor.spot) {
                    if verb == Verb::ReadOnly { modes.read_only = on } else { modes.locked = on }
                }
                self.tell_modes(&actor.spot, out);
            }
            Act::Delete(id) => {
                let (requester, reference, by) = (Requester(actor.conn.0), actor.reference.clone(), actor.user.clone());
                let within = actor.spot.conversation();
                let spared = self.above(actor);
                let reason = done.reason;
                let deletion = Deletion { requester, reference, by, within, id, reason, spared, outcome: None };
                out.jobs.push(Job::Delete(deletion));
                return Ok(());
            }
            Act::Announce => {}
            Act::Grant(user) | Act::Revoke(user) => {
                let name = self.user_named(&user)?;
                if verb == Verb::Grant {
                    self.grant(actor, &name, out)?;
                } else {
                    self.revoke_rights(actor, &name, out)?;
                }
                done.subject = Some(Text::line(name.as_str()));
            }
        }
        self.record(now, actor, done, out);
        Ok(())
    }

    /// Whether somebody may do it, to whom it is about.
    pub(in crate::server) fn permit(&self, actor: &Actor<'_>, verb: Verb, about: Option<&Name>) -> Result<(), Refused> {
        let room = actor.spot.room();
        let subject = about.map_or(Subject::Nobody, |name| self.subject(actor.user, name, room));
        // Until it is known whom it is about, laying down one's own rights is possible.
        let subject = if about.is_none() && verb == Verb::Revoke { Subject::Oneself } else { subject };
        may(self.rank(actor.conn, room), verb, room.is_some(), subject)
            .map_err(|denied| denied.explain(actor.spot.room_name(), about))
    }

    /// Those who do not stand lower than who acts, by name with its case folded.
    fn above(&self, actor: &Actor<'_>) -> Vec<String> {
        let room = actor.spot.room().and_then(|id| self.rooms.get(id));
        let keepers = self.rules.moderators.iter().chain(self.moderators.values());
        let here = self.named().filter(|(_, peer, _)| peer.role.is_moderator()).map(|(.., name)| name);
        let in_room = room.into_iter().flat_map(|room| room.members.values());
        let in_room = in_room.filter(|member| member.role != RoomRole::Member).map(|member| &member.name);
        let names = keepers.chain(here).chain(in_room);
        names
            .filter(|name| matches!(self.permit(actor, Verb::Delete, Some(name)), Err((Code::NotAllowed, _))))
            .filter(|name| self.subject(actor.user, name, actor.spot.room()) != Subject::Oneself)
            .map(|name| name.key().folded)
            .collect()
    }

    /// A user who is online, or who is in the room.
    fn present(&self, actor: &Actor<'_>, written: &str) -> Result<Name, Refused> {
        let name = self.user_named(written)?;
        match actor.spot.room().and_then(|id| self.rooms.get(id)) {
            Some(room) if !room.members.contains_key(&name.key().folded) => {
                Err((Code::NotInRoom, format!("{name} is not in {}.", room.name)))
            }
            None if self.names.find(name.as_str()).is_none() => {
                Err((Code::NoSuchUser, format!("{name} is not online.")))
            }
            _ => Ok(name),
        }
    }

    fn kick(&mut self, actor: &Actor<'_>, name: &Name, reason: &Text, out: &mut Outbox) {
        let words = format!("kicked by {}: {reason}", actor.user);
        match actor.spot.room() {
            Some(room) => self.take_out(room, &name.key().folded, Some(&Text::line(&words)), out),
            None => {
                if let Some(conn) = self.names.find(name.as_str()) {
                    self.expel(conn, Code::Kicked, &format!("You were {words}"), "kicked", out);
                }
            }
        }
    }

    /// Bans, or tells whom it would hit; `true` if that is all.
    fn ban(
        &mut self,
        now: Now,
        actor: &Actor<'_>,
        whom: Whom,
        done: &Done,
        dry_run: bool,
        out: &mut Outbox,
    ) -> Result<bool, Refused> {
        if !whom.is_name() && self.rank(actor.conn, None) < Rank::Moderator {
            let text =
                "In a room people are banned by name; what the owner of a name has proved with is banned with it.";
            return Err((Code::NotAllowed, text.to_owned()));
        }
        let traits = self.traits(&whom);
        let hits = self.hits(actor, &traits);
        if dry_run {
            let names = groups(hits.iter(), LIST_BYTES).into_iter().next().unwrap_or_default();
            let event = RoomEvent::WouldBan { count: hits.len(), names };
            out.send(actor.conn, &Envelope::answer(actor.reference.clone(), Event::Room(event)));
            return Ok(true);
        }
        if let Whom::Name(name) = &whom {
            self.permit(actor, Verb::Ban, Some(name))?;
        }
        for name in &hits {
            self.permit(actor, Verb::Ban, Some(name))?;
        }
        self.permit_all(actor, Verb::Ban, &traits)?;
        let ban = self.put_ban(now, actor, whom, false, done, out)?;
        let text = ban.explain(actor.spot.room_name(), now.wall);
        for name in hits {
            match actor.spot.room() {
                Some(room) => {
                    let why = Text::line(&format!("banned by {}: {}", actor.user, done.reason));
                    self.take_out(room, &name.key().folded, Some(&why), out);
                }
                None => {
                    if let Some(conn) = self.names.find(name.as_str()) {
                        self.expel(conn, Code::Banned, &text, "banned", out);
                    }
                }
            }
        }
        Ok(false)
    }

    /// What somebody is known by: a name's owner by what proves it, too, so that another name does not help.
    fn traits(&self, whom: &Whom) -> Vec<Whom> {
        let mut traits = vec![whom.clone()];
        if let Whom::Name(name) = whom {
            let online = self.names.find(name.as_str()).and_then(|conn| self.peers.get(&conn)?.identity);
            let mut proofs = self.proofs_of(name);
            proofs.extend(online.filter(|identity| !proofs.contains(identity)));
            traits.extend(proofs.into_iter().map(Whom::Identity));
        }
        traits
    }

    /// Whether somebody may do it to all whom it is about, under whatever name they come.
    fn permit_all(&self, actor: &Actor<'_>, verb: Verb, traits: &[Whom]) -> Result<(), Refused> {
        for whom in traits {
            if let Whom::Identity(identity) = whom {
                self.owners.names_of(*identity).try_for_each(|name| self.permit(actor, verb, Some(name)))?;
            }
        }
        Ok(())
    }

    /// Whom it hits: of those online, or of those in the room.
    fn hits(&self, actor: &Actor<'_>, traits: &[Whom]) -> Vec<Name> {
        let fits = |conn: ConnId| {
            let peer = self.peers.get(&conn);
            peer.is_some_and(|peer| {
                traits.iter().any(|whom| whom.fits(self.key_of(conn).as_ref(), peer.identity, peer.origin))
            })
        };
        let Some(room) = actor.spot.room().and_then(|id| self.rooms.get(id)) else {
            return self.named().filter(|(conn, ..)| fits(*conn)).map(|(.., name)| name.clone()).collect();
        };
        let away = |name: &Name| {
            let (key, proofs) = (name.key(), self.proofs_of(name));
            traits.iter().any(|whom| match whom {
                Whom::Name(banned) => banned.key().clashes(&key),
                Whom::Identity(identity) => proofs.contains(identity),
                Whom::Network(_) => false,
            })
        };
        let members = room.members.values().map(|member| &member.name);
        members.filter(|name| self.names.find(name.as_str()).is_some_and(fits) || away(name)).cloned().collect()
    }

    /// Puts a ban or a mute in force.
    fn put_ban(
        &mut self,
        now: Now,
        actor: &Actor<'_>,
        whom: Whom,
        mute: bool,
        done: &Done,
        out: &mut Outbox,
    ) -> Result<Ban, Refused> {
        let ban = Ban {
            room: actor.spot.room(),
            mute,
            whom: self.traits(&whom),
            by: actor.user.clone(),
            until: done.time.map(|time| now.wall.after(time)),
            reason: done.reason.clone(),
        };
        let (number, before) = self.bans.add(ban.clone()).map_err(|_| {
            (Code::TooManyBans, "Too many bans and mutes are in force already; lift some with /unban.".to_owned())
        })?;
        if let Some(before) = before {
            self.keep(facts::no_ban(before), out);
        }
        self.keep(facts::ban(number, &ban), out);
        Ok(ban)
    }

    fn lift(&mut self, actor: &Actor<'_>, mute: bool, whom: &Whom, out: &mut Outbox) -> Result<(), Refused> {
        let number = self.bans.about(actor.spot.room(), mute, whom).ok_or_else(|| {
            let what = if mute { "mute" } else { "ban" };
            (Code::NoSuchBan, format!("No {what} of {whom} is in force there; /bans lists them."))
        })?;
        self.bans.remove(number);
        self.keep(facts::no_ban(number), out);
        Ok(())
    }

    fn set_slow(&mut self, actor: &Actor<'_>, pause: Duration, out: &mut Outbox) {
        if let Some(modes) = self.modes_mut(&actor.spot) {
            modes.slow = pause;
            modes.said.clear();
        }
        self.tell_modes(&actor.spot, out);
    }

    fn tell_modes(&mut self, spot: &Spot, out: &mut Outbox) {
        self.keep_modes(spot, out);
        let told = Event::Room(RoomEvent::Told(self.info(spot, None)));
        self.say_at(spot, None, &told.into(), out);
    }

    /// Which bans and mutes are in force in a place.
    pub(in crate::server) fn list_bans(
        &self,
        now: Now,
        (conn, user): (ConnId, &Name),
        reference: Option<String>,
        written: &str,
        out: &mut Outbox,
    ) -> Result<(), Refused> {
        let actor = Actor { conn, user, reference: reference.clone(), spot: self.spot(conn, written)? };
        self.permit(&actor, Verb::Unban, None)?;
        let batch = Some(format!("bans-{conn}"));
        let frame =
            |event| Envelope { batch: batch.clone(), ..Envelope::answer(reference.clone(), Event::Room(event)) };
        let (mut allowance, mut more) = (Allowance::default(), false);
        for ban in self.bans.of(actor.spot.room()).filter(|ban| ban.until.is_none_or(|until| now.wall < until)) {
            let line = ban.line();
            if allowance.takes(BAN_BYTES + line.reason.as_str().len()) {
                out.send(conn, &frame(RoomEvent::Ban { place: actor.spot.target(), line }));
            } else {
                more = true;
            }
        }
        out.send(conn, &frame(RoomEvent::BansEnd { more }));
        Ok(())
    }

    /// Bans whose time is over are forgotten.
    pub(in crate::server) fn forget_bans(&mut self, now: Now, out: &mut Outbox) {
        for number in self.bans.over(now.wall) {
            self.bans.remove(number);
            self.keep(facts::no_ban(number), out);
        }
    }

    /// Whether somebody who comes in is banned from the server. Who keeps it cannot be.
    pub(in crate::server) fn not_banned(&self, now: Now, rank: Rank, who: Suspect<'_>) -> Result<(), Refused> {
        match self.bans.find(None, false, who, now.wall) {
            Some(ban) if rank < Rank::Moderator => Err((Code::Banned, ban.explain(None, now.wall))),
            _ => Ok(()),
        }
    }
}
