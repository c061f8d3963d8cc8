//! Carries out the orders of whoever keeps the server's machine. An order comes from no connection, but has a number like
//! one; its outcome is told once everything that it changes is stored.
//!
//! Must not know: how orders come in, or how outcomes go out (`transport`).

use super::caller::Denial;
use super::promises::{Removal, Then};
use super::rooms::Place;
use super::rules::Registration;
use super::{Broker, Outbox};
use crate::model::name::lenient;
use crate::model::{MessageId, Name, Now, Target, Text};
use crate::protocol::{Annotations, Code, Done, Envelope, Event, RoomEvent, Verb};
use crate::server::host_order::HostOrder;
use crate::server::ids::ConnId;
use crate::server::limits::{ERASED_AND_TOLD, ERASED_AT_ONCE};
use crate::server::store::api::{ErasedPlace, Erasure, ErasureStep, HOST, Job, LoggedAct, Requester};
use crate::server::telemetry::events::Note;

impl Broker {
    /// What those are told who are not let in, while the server is being maintained.
    #[must_use]
    pub fn maintenance(&self) -> Option<&Text> {
        self.lifecycle.maintenance()
    }

    /// Carries out an order, or says why not.
    pub(super) fn order(&mut self, now: Now, conn: ConnId, order: HostOrder, out: &mut Outbox) {
        if self.lifecycle.is_closing() {
            return refuse(conn, Denial::new(Code::Busy, "the server is closing"), out);
        }
        match order {
            HostOrder::Erase(name) => self.erase(now, conn, name, out),
            HostOrder::Free(name) => self.promise(now, conn, out, |broker, out| broker.free(now, &name, out)),
            HostOrder::EndPassphraseRights => {
                let moderators = self.end_passphrase_rights(out);
                self.promise(now, conn, out, |broker, out| {
                    let invitations = broker.access.end_passphrase_invitations(out);
                    Ok(format!(
                        "Moderators who have to give the new one: {moderators}. Invitations ended: {invitations}."
                    ))
                });
            }
            HostOrder::Maintenance(text) => self.promise(now, conn, out, |broker, out| broker.maintain(text, out)),
        }
    }

    /// Makes a change whose outcome is told once it is stored.
    fn promise(
        &mut self,
        now: Now,
        conn: ConnId,
        out: &mut Outbox,
        change: impl FnOnce(&mut Self, &mut Outbox) -> Result<String, Denial>,
    ) {
        if let Err(denial) = self.begin(conn, true, out) {
            return refuse(conn, denial, out);
        }
        match change(self, out) {
            Ok(text) => self.promises.then(Then::Report(conn, text)),
            Err(denial) => refuse(conn, denial, out),
        }
        self.conclude(now, (conn, None), out);
    }

    /// Takes a name from its owner. Its past stays the former owner's, and whoever is online under it has to go.
    fn free(&mut self, now: Now, name: &Name, out: &mut Outbox) -> Result<String, Denial> {
        let Some(name) = self.access.taken_name(name.as_str()) else {
            let text = format!("nobody owns the name {name}; --list names shows those that have an owner");
            return Err(Denial::new(Code::NoSuchUser, text));
        };
        let text = "Your name was freed by whoever keeps the server.";
        let removal = Removal { denial: Denial::new(Code::Kicked, text), why: "name freed", told: Some("name freed") };
        let lost = self.free_name(&name, removal, out)?;
        log_act(now, (Verb::Free, &name), Text::line("ordered on the server's machine"), out);
        out.notes.push(Note::Freed { name: name.clone() });
        let next = match self.lifecycle.rules().registration {
            Registration::Open => "whoever joins under it next can own it, and finds nothing of its past",
            Registration::Invite => {
                "whoever joins under it next with an invitation (/invite) can own it, and finds nothing of its past"
            }
            Registration::Closed => {
                "nobody new can own it while the server is closed to new users (--registration closed)"
            }
        };
        let lost = lost.sentence().map(|rooms| format!(" {rooms}")).unwrap_or_default();
        Ok(format!("The name {name} is free; {next}.{lost}"))
    }

    fn maintain(&mut self, text: Option<Text>, out: &mut Outbox) -> Result<String, Denial> {
        let on = text.is_some();
        out.notes.push(Note::Maintenance { text: text.clone() });
        self.lifecycle.maintain(text, out);
        Ok(if on {
            "Maintenance is on: only moderators can join. Whoever is online stays.".to_owned()
        } else {
            "Maintenance is off: everybody can join again.".to_owned()
        })
    }

    // --- erasing what somebody said

    /// Has the store erase what a user said, a slice at a time.
    fn erase(&mut self, now: Now, conn: ConnId, name: Name, out: &mut Outbox) {
        let last = self.messages.last_number();
        self.erase_more(now, Erasure::of(Requester(conn.0), name, last), out);
    }

    fn erase_more(&mut self, now: Now, erasure: Erasure, out: &mut Outbox) {
        let numbers: Vec<MessageId> = (0..ERASED_AT_ONCE).map(|_| self.messages.number_of_change(now)).collect();
        out.jobs.push(Job::Erase(Box::new(Erasure { numbers, ..erasure })));
    }

    /// A private message is gone: those of the two who still hold their names are told, in all their sessions.
    fn tell_gone(&self, (id, from): (MessageId, Name), to: Name, present: &[Name], out: &mut Outbox) {
        let Some(event) = gone_event(from, to) else { return };
        let envelope = Envelope { id: Some(id), ..Event::Room(event).into() };
        let told = present.iter().flat_map(|name| self.peers.sessions(name.as_str()));
        told.for_each(|conn| out.send(conn, &envelope));
    }

    /// The store has erased a slice: those who see its messages are told, and the next one follows.
    pub(super) fn erased(&mut self, now: Now, mut erasure: Erasure, out: &mut Outbox) {
        let conn = ConnId(erasure.requester.0);
        let marks = std::mem::take(&mut erasure.marks);
        // The newest come first. Who looks further back asks for it, and a slow line is not to be cut for this.
        let told = erasure.counts.marked + erasure.counts.expunged <= ERASED_AND_TOLD;
        for mark in marks.into_iter().filter(|_| told) {
            let place = match mark.place {
                ErasedPlace::Everyone => Place::Everyone,
                ErasedPlace::Room(room) => match self.rooms.get(room) {
                    Some(found) => Place::Room(room, found.name().clone()),
                    None => continue,
                },
                ErasedPlace::Private { to, present } => {
                    self.tell_gone((mark.id, mark.from), to, &present, out);
                    continue;
                }
            };
            let event = RoomEvent::Deleted { from: mark.from.clone(), place: place.target(), by: mark.from };
            let annotations = Annotations { change: Some(mark.number), ..Annotations::default() }.boxed();
            let envelope = Envelope { id: Some(mark.id), annotations, ..Event::Room(event).into() };
            self.rooms.say(&place, None, &envelope, out);
        }
        if let Some(why) = erasure.trouble {
            let text = format!(
                "not everything was erased ({why}); do it again for the rest. Erased so far: {}",
                erasure.counts
            );
            return refuse(conn, Denial::new(Code::StoreUnavailable, text), out);
        }
        match erasure.step {
            ErasureStep::Done { wiped } => self.promise(now, conn, out, |_, out| {
                let Erasure { name, counts, .. } = erasure;
                log_act(now, (Verb::Delete, &name), Text::line("everything that this user said was erased"), out);
                out.notes.push(Note::Erased { name, messages: counts.marked + counts.expunged });
                let rest =
                    if wiped { "" } else { " Another program reads the history: the text leaves its log with it." };
                Ok(format!("Erased: {counts}.{rest}"))
            }),
            ErasureStep::Nobody => {
                let text = format!("no user {}; --list users shows all", erasure.name);
                refuse(conn, Denial::new(Code::NoSuchUser, text), out);
            }
            ErasureStep::Messages(_) | ErasureStep::Index | ErasureStep::Labels | ErasureStep::Acts(_) => {
                self.erase_more(now, erasure, out)
            }
        }
    }
}

/// What both sides of a private conversation are told of a message that is gone without a mark: the server deleted it,
/// which no user does there.
fn gone_event(from: Name, to: Name) -> Option<RoomEvent> {
    Some(RoomEvent::Deleted { from, place: Target::User(to), by: lenient(HOST)? })
}

fn refuse(conn: ConnId, denial: Denial, out: &mut Outbox) {
    out.outcomes.push((conn, Err(denial.text)));
}

/// Adds an act to the moderation log, which tells it to nobody.
fn log_act(now: Now, (verb, subject): (Verb, &Name), reason: Text, out: &mut Outbox) {
    let Some(by) = lenient(HOST) else { return };
    let done = Done { verb, subject: Some(Text::line(subject.as_str())), time: None, on: false, reason };
    out.log(LoggedAct { time: now.wall, by, room: None, done });
}
