//! Carries out moderators' acts that `moderation::decide` has permitted.
//!
//! Must not know: who may do what.

use super::caller::{Caller, Denial};
use super::messages::Wanted;
use super::moderation::{ActDecision, Actor, Hits, decide, record};
use super::promises::{Removal, Then};
use super::rooms::{ModeChange, Place};
use super::sweep::Sweep;
use super::{Broker, Outbox};
use crate::model::{FoldedName, MessageId, Name, Now, RoomRole, Text};
use crate::protocol::{ActRequest, Code, Done, Event, RoomEvent};
use crate::server::ids::RoomId;
use crate::server::limits::SWEPT_AT_ONCE;
use crate::server::store::api::{Alteration, Deletion, Job, OwnBound, ReactionRemoval, Requester, Revision};
use crate::server::telemetry::events::Note;

impl Broker {
    /// A user acts on others. Every attempt leaves a line in the log, every act one in the moderation log.
    pub(super) fn act(
        &mut self,
        now: Now,
        caller: &Caller,
        wanted: ActRequest,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        let (verb, place) = (wanted.act.verb(), Text::line(&wanted.place));
        let done = self.rooms.place(&self.peers, caller.conn, &wanted.place).and_then(|place| {
            let actor = Actor { caller, place };
            let (decision, done) = decide(now, &self.ranks(), &actor, wanted)?;
            self.carry_out(now, &actor, decision, done, out)
        });
        if let Err(denial) = &done {
            let (conn, name) = (caller.conn, caller.user.clone());
            if let Some(from) = self.peers.origin(conn) {
                out.notes.push(Note::ActRefused { conn, from, name, verb, place, code: denial.code });
            }
        }
        done
    }

    fn carry_out(
        &mut self,
        now: Now,
        actor: &Actor<'_>,
        decision: ActDecision,
        done: Done,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        let Actor { caller, place } = actor;
        match decision {
            ActDecision::Kick(name) => {
                let words = format!("kicked by {}: {}", caller.user, done.reason);
                let removal = Removal {
                    denial: Denial::new(Code::Kicked, format!("You were {words}")),
                    why: "kicked",
                    told: Some("kicked"),
                };
                self.remove(place, &name, &words, removal, out);
            }
            ActDecision::Ban(ban, hits) => {
                let text = ban.explain(place.room_name(), self.moderation.time(now));
                let words = format!("banned by {}: {}", caller.user, done.reason);
                self.moderation.put(now, ban, out)?;
                let mut sweep = Sweep { place: place.clone(), text, words, hits };
                if place.room().is_some() {
                    // Those who are hit first are not members any more when the others are told.
                    self.sweep_some(sweep.take(SWEPT_AT_ONCE), out);
                }
                self.promises.then(Then::Sweep(sweep));
            }
            ActDecision::WouldBan { count, first } => {
                caller.answer(Event::Room(RoomEvent::WouldBan { count, names: first }), out);
                return Ok(());
            }
            ActDecision::Mute(ban) => {
                let ends = Then::EndCalls(place.clone(), ban.whom.clone());
                self.moderation.put(now, ban, out)?;
                self.promises.then(ends);
            }
            ActDecision::Lift(number) => self.moderation.lift(number, out),
            ActDecision::Mode(change) => {
                self.rooms.change_mode(&self.peers, place, change, out);
                if let (ModeChange::AllowCalls(false), Some(room)) = (change, place.room()) {
                    self.promises.then(Then::EndConference(room));
                }
            }
            ActDecision::Delete(id, spared) => {
                self.delete(now, actor, (id, spared), done.reason, out);
                return Ok(());
            }
            ActDecision::RemoveReaction(id, removal) => {
                return self.remove_reaction(now, actor, (id, removal), out);
            }
            ActDecision::Announce => {}
            ActDecision::Grant(name) => self.grant(place, &name, out),
            ActDecision::Revoke(name) => self.revoke(actor, &name, out),
            ActDecision::Free(name) => {
                let text = format!("{} freed the name {name}: {}", caller.user, done.reason);
                let removal =
                    Removal { denial: Denial::new(Code::Kicked, text), why: "name freed", told: Some("name freed") };
                let lost = self.free_name(&name, removal, out)?;
                if let Some(rooms) = lost.sentence() {
                    let text = format!("The name {name} is free. {rooms}");
                    out.send(caller.conn, &Event::Notice(Text::line(&text)).into());
                }
            }
        }
        record(now, &self.rooms, actor, done, out);
        Ok(())
    }

    /// Whether something is done in slices, and not done yet.
    #[must_use]
    pub fn has_more(&self) -> bool {
        !self.sweeps.are_done()
    }

    /// Removes some of those whom a ban hits; the others follow in later rounds.
    pub(super) fn sweep(&mut self, out: &mut Outbox) {
        if let Some(slice) = self.sweeps.next(SWEPT_AT_ONCE) {
            self.sweep_some(slice, out);
        }
    }

    fn sweep_some(&mut self, Sweep { place, text, words, hits }: Sweep, out: &mut Outbox) {
        let removal =
            || Removal { denial: Denial::new(Code::Banned, text.clone()), why: "banned", told: Some("banned") };
        match (hits, place.room()) {
            (Hits::Online(conns), _) => conns.into_iter().for_each(|conn| self.end_session(conn, removal(), out)),
            (Hits::Members(names), Some(room)) => {
                names.into_iter().for_each(|name| self.take_out(room, &name, &words, out));
            }
            (Hits::Members(_), None) => {}
        }
    }

    /// Takes a user out of a room, or off the server once that is in the moderation log.
    fn remove(&mut self, place: &Place, name: &Name, words: &str, removal: Removal, out: &mut Outbox) {
        match place.room() {
            Some(room) => self.take_out(room, name, words, out),
            None => self.promises.then(Then::End(name.clone(), removal)),
        }
    }

    fn take_out(&mut self, room: RoomId, name: &Name, words: &str, out: &mut Outbox) {
        let ended = self.rooms.take_out(room, &name.folded(), Some(&Text::line(words)), out);
        self.end_rooms(ended, out);
    }

    /// Has the store delete a message; the deletion is announced once the store has answered.
    fn delete(
        &mut self,
        now: Now,
        actor: &Actor<'_>,
        (id, spared): (MessageId, Vec<FoldedName>),
        reason: Text,
        out: &mut Outbox,
    ) {
        let Caller { conn, user: by, reference, .. } = actor.caller.clone();
        let within = actor.place.conversation();
        let number = self.messages.number_of_change(now);
        out.jobs.push(Job::Delete(Deletion {
            requester: Requester(conn.0),
            reference,
            by,
            within,
            id,
            number,
            reason,
            spared,
            time: now.wall,
            outcome: None,
        }));
    }

    /// Has the store take a reaction from a message; that is announced once the store has answered.
    fn remove_reaction(
        &mut self,
        now: Now,
        actor: &Actor<'_>,
        (id, removal): (MessageId, ReactionRemoval),
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        self.lifecycle.takes_messages()?;
        let (within, how) = (actor.place.conversation(), Alteration::Remove(removal));
        self.messages.have_room(Revision::text_bytes_of(&how))?;
        // The message may be anybody's.
        let own = OwnBound { since: now.wall, verified: false, after: id };
        self.peers.count_pending(actor.caller.conn);
        self.messages.take_change(now, actor.caller, Wanted { within, id, how, own }, out);
        Ok(())
    }

    fn grant(&mut self, place: &Place, name: &Name, out: &mut Outbox) {
        match place.room() {
            Some(room) => self.rooms.appoint(&self.peers, room, name, RoomRole::Moderator, out),
            None => {
                self.moderation.grant(name, out);
                for conn in self.peers.sessions(name.as_str()).filter(|conn| self.peers.has_proved(*conn)) {
                    self.promises.then(Then::Promote(conn));
                }
            }
        }
    }

    /// Ends the user's moderator rights.
    fn revoke(&mut self, actor: &Actor<'_>, name: &Name, out: &mut Outbox) {
        if let Some(room) = actor.place.room() {
            return self.rooms.appoint(&self.peers, room, name, RoomRole::Member, out);
        }
        self.moderation.revoke(name, out);
        // Codes that they made for others may be in the wrong hands.
        self.access.void_codes(name, out);
        self.demote(name, &actor.caller.user);
    }
}
