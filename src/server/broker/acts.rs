//! Carries out moderators' acts that `moderation::decide` has permitted.
//!
//! Must not know: who may do what.

use super::caller::{Caller, Denial};
use super::moderation::{ActDecision, Actor, decide, record};
use super::paging::groups;
use super::rooms::Place;
use super::sessions::Removal;
use super::{Broker, Outbox};
use crate::model::{FoldedName, MessageId, Name, Now, Role, RoomRole, Text};
use crate::protocol::{ActRequest, Code, Done, Event, RoomEvent};
use crate::server::limits::LIST_BYTES;
use crate::server::store::api::{Deletion, Job, Requester};
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
                let text = ban.explain(place.room_name(), now.wall);
                let words = format!("banned by {}: {}", caller.user, done.reason);
                self.moderation.put(ban, out)?;
                for name in hits {
                    let denial = Denial::new(Code::Banned, text.clone());
                    self.remove(place, &name, &words, Removal { denial, why: "banned", told: Some("banned") }, out);
                }
            }
            ActDecision::WouldBan(hits) => {
                let names = groups(hits.iter(), LIST_BYTES).into_iter().next().unwrap_or_default();
                caller.answer(Event::Room(RoomEvent::WouldBan { count: hits.len(), names }), out);
                return Ok(());
            }
            ActDecision::Mute(ban) => self.moderation.put(ban, out)?,
            ActDecision::Lift(number) => self.moderation.lift(number, out),
            ActDecision::Mode(change) => self.rooms.change_mode(&self.peers, place, change, out),
            ActDecision::Delete(id, spared) => {
                self.delete(actor, id, spared, done.reason, out);
                return Ok(());
            }
            ActDecision::Announce => {}
            ActDecision::Grant(name) => self.grant(place, &name, out),
            ActDecision::Revoke(name) => self.revoke(actor, &name, out),
        }
        record(now, &self.rooms, actor, done, out);
        Ok(())
    }

    /// Takes a user out of a room, or off the server.
    fn remove(&mut self, place: &Place, name: &Name, words: &str, removal: Removal<'_>, out: &mut Outbox) {
        match place.room() {
            Some(room) => {
                let ended = self.rooms.take_out(&self.peers, room, &name.folded(), Some(&Text::line(words)), out);
                self.end_rooms(ended, out);
            }
            None => {
                if let Some(conn) = self.peers.find(name.as_str()) {
                    self.end_session(conn, removal, out);
                }
            }
        }
    }

    /// Has the store delete a message; the deletion is announced once the store has answered.
    fn delete(&mut self, actor: &Actor<'_>, id: MessageId, spared: Vec<FoldedName>, reason: Text, out: &mut Outbox) {
        let Caller { conn, user: by, reference, .. } = actor.caller.clone();
        let within = actor.place.conversation();
        out.jobs.push(Job::Delete(Deletion {
            requester: Requester(conn.0),
            reference,
            by,
            within,
            id,
            reason,
            spared,
            outcome: None,
        }));
    }

    fn grant(&mut self, place: &Place, name: &Name, out: &mut Outbox) {
        match place.room() {
            Some(room) => self.rooms.appoint(&self.peers, room, name, RoomRole::Moderator, out),
            None => {
                self.moderation.grant(name, out);
                let online = self.peers.find(name.as_str());
                if let Some(conn) = online.filter(|conn| self.peers.has_proved(*conn)) {
                    self.promote(conn, Role::Moderator, "You are now a moderator.", out);
                }
            }
        }
    }

    /// Ends the user's moderator rights at once.
    fn revoke(&mut self, actor: &Actor<'_>, name: &Name, out: &mut Outbox) {
        if let Some(room) = actor.place.room() {
            return self.rooms.appoint(&self.peers, room, name, RoomRole::Member, out);
        }
        let own = actor.caller.user.folded() == name.folded();
        self.moderation.revoke(name, out);
        // Codes that they made for others may be in the wrong hands.
        self.access.void_codes(name);
        let online = self.peers.find(name.as_str());
        if let Some(conn) = online.filter(|conn| self.peers.role(*conn).is_moderator()) {
            self.peers.set_role(conn, Role::User);
            self.peers.set_passphrase(conn, false);
            self.lifecycle.end_countdown_of(name, &actor.caller.user, out);
            let text = if own { "You gave up your moderator rights." } else { "You are no longer a moderator." };
            out.send(conn, &Event::Demoted(Text::line(text)).into());
        }
    }
}
