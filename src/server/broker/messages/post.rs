//! The part of the broker that takes a message from its sender to those who should see it: its place in the order first,
//! then the store, and only then anybody's screen.
//!
//! Must not know: how messages are kept, or how what is asked of the past is answered (`past`).

use crate::model::{MessageId, Name, Now, Target, Text};
use crate::protocol::packet;
use crate::protocol::{Code, Envelope, Event, Refusal, RoomEvent};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peer::Leaving;
use crate::server::broker::{Broker, say_refusal};
use crate::server::ids::ConnId;
use crate::server::limits::{MAX_PENDING, MAX_PENDING_BYTES, MUCH_PENDING};
use crate::server::store::api::{Conversation, Outcome, Receipt, Recipient, Record};
use crate::server::telemetry::events::Note;

/// A message that the store has not answered for yet.
#[derive(Debug)]
pub(in crate::server) struct Pending {
    conn: ConnId,
    record: Record,
}

impl Broker {
    /// Whether so much waits for the store that nothing more should be taken for a while.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.pending.len() >= MAX_PENDING / 2 || self.pending_bytes >= MAX_PENDING_BYTES / 2
    }

    /// Whether many messages wait for the store.
    #[must_use]
    pub fn awaits_many(&self) -> bool {
        self.pending.len() >= MUCH_PENDING
    }

    /// A user has something to say to one other.
    pub(in crate::server) fn say_to(
        &mut self,
        now: Now,
        sender: (ConnId, Name),
        reference: Option<String>,
        (to, text): (&str, Text),
        out: &mut Outbox,
    ) {
        let online = self.names.find(to).and_then(|conn| self.peers.get(&conn)?.name.clone());
        match online.or_else(|| self.known.find(to).cloned()) {
            Some(name) => self.say(now, sender, reference, (Recipient::User(name), text), out),
            None => self.no_such_user(sender.0, reference, to, out),
        }
    }

    /// Gives a message its place in the order, and to the store. Ids follow the clock, so that they grow across restarts
    /// even where nothing is kept.
    pub(in crate::server) fn say(
        &mut self,
        now: Now,
        (conn, from): (ConnId, Name),
        reference: Option<String>,
        (to, text): (Recipient, Text),
        out: &mut Outbox,
    ) {
        let bytes = text.as_str().len();
        let refusal = if self.closing.is_some() {
            Some("The server is closing; this message was not taken.")
        } else if self.pending.len() >= MAX_PENDING || self.pending_bytes + bytes > MAX_PENDING_BYTES {
            Some("The server's disk is too slow for all that is said; send it again in a moment.")
        } else {
            None
        };
        if let Some(text) = refusal {
            return say_refusal(conn, Refusal::new(reference, Code::Busy, text), out);
        }
        if let Err((code, text)) = self.may_speak(now, (conn, &from), reference.as_ref(), &to) {
            return say_refusal(conn, Refusal::new(reference, code, text), out);
        }
        self.last_id = MessageId(self.last_id.0.saturating_add(1).max(u64::try_from(now.wall.0).unwrap_or(0)));
        let verified = self.peers.get(&conn).is_some_and(|peer| peer.identity.is_some());
        let (id, time) = (self.last_id, now.wall);
        let record = Record { id, time, from, verified, to, reference, text, deleted: None };
        out.append(record.clone());
        self.pending_bytes += bytes;
        self.pending.push_back(Pending { conn, record });
        if let Some(peer) = self.peers.get_mut(&conn) {
            peer.pending += 1;
        }
    }

    pub(in crate::server) fn no_such_user(&self, conn: ConnId, reference: Option<String>, to: &str, out: &mut Outbox) {
        let original = self.is_original(conn);
        let text = if original {
            packet::not_found(to).to_string()
        } else {
            format!("There is no user {}; the list shows who is online.", Text::line(to))
        };
        say_refusal(conn, Refusal::new(reference, Code::NoSuchUser, text), out);
    }

    /// The store tells what became of the messages that wait longest.
    pub(in crate::server) fn stored(&mut self, receipt: Receipt, out: &mut Outbox) {
        let works = receipt.outcomes.iter().any(|outcome| *outcome != Outcome::Unavailable);
        for outcome in receipt.outcomes {
            let Some(Pending { conn, record }) = self.pending.pop_front() else { break };
            self.pending_bytes = self.pending_bytes.saturating_sub(record.text.as_str().len());
            self.settle(conn, record, outcome, out);
            if let Some(peer) = self.peers.get_mut(&conn) {
                peer.pending = peer.pending.saturating_sub(1);
                self.leave_if_settled(conn, out);
            }
        }
        self.diagnose(receipt.trouble, works, out);
        if self.pending.is_empty() && self.closing.is_some() {
            self.close_now(out);
        }
    }

    fn settle(&mut self, conn: ConnId, record: Record, outcome: Outcome, out: &mut Outbox) {
        match outcome {
            Outcome::Kept => self.deliver(conn, record, out),
            Outcome::Again(id, time) => {
                let accepted = Event::Accepted { offline: self.waits(&record.to) };
                let accepted = Envelope::answer(record.reference, accepted);
                out.send(conn, &Envelope { id: Some(id), time: Some(time), ..accepted });
            }
            Outcome::RefUsed => {
                let text = "You have given this ref to another message before; give each message its own.";
                say_refusal(conn, Refusal::new(record.reference, Code::RefUsed, text), out);
            }
            Outcome::Unavailable => {
                let text = "The server cannot store messages at present, so nobody has seen this one; try again later.";
                say_refusal(conn, Refusal::new(record.reference, Code::StoreUnavailable, text), out);
            }
        }
    }

    fn deliver(&mut self, conn: ConnId, record: Record, out: &mut Outbox) {
        if self.rules.note_messages {
            let to = match &record.to {
                Recipient::Everyone { .. } => Target::Everyone,
                Recipient::User(name) => Target::User(name.clone()),
                Recipient::Room { name, .. } => Target::Room(name.clone()),
            };
            out.notes.push(Note::Accepted { id: record.id, from: record.from.clone(), to });
        }
        let accepted = Event::Accepted { offline: self.waits(&record.to) };
        let (id, time, from, verified) = (Some(record.id), Some(record.time), record.from, record.verified);
        let event = match record.to {
            Recipient::Everyone { me_too } => {
                let event = Event::Broadcast { from, me_too, text: record.text };
                out.broadcast((!me_too).then_some(conn), &Envelope { id, time, verified, ..event.into() });
                None
            }
            Recipient::User(to) => {
                let target = self.names.find(to.as_str());
                if target.is_some_and(|target| self.is_original(target)) {
                    self.marks.insert((to.clone(), Conversation::User(from.clone())), record.id);
                }
                target.map(|target| (target, Event::Private { from, to, text: record.text }))
            }
            Recipient::Room { id: room, name, me_too } => {
                let event = Event::Room(RoomEvent::Message { from, room: name, me_too, text: record.text });
                self.say_in_room(
                    room,
                    (!me_too).then_some(conn),
                    &Envelope { id, time, verified, ..event.into() },
                    out,
                );
                None
            }
        };
        if let Some((target, event)) = event {
            out.send(target, &Envelope { id, time, verified, ..event.into() });
        }
        out.send(conn, &Envelope { id, time, ..Envelope::answer(record.reference, accepted) });
    }

    /// Whether a message waits for a user who is not online.
    fn waits(&self, to: &Recipient) -> bool {
        matches!(to, Recipient::User(name) if self.names.find(name.as_str()).is_none())
    }

    /// Says once that the store fails, and once that it works again.
    fn diagnose(&mut self, trouble: Option<String>, works: bool, out: &mut Outbox) {
        if let Some(reason) = trouble {
            if self.sick.replace(reason.clone()).is_none() {
                self.tell_moderators(&sick_notice(&reason), out);
                out.notes.push(Note::StoreFails { reason });
            }
        } else if works && self.sick.take().is_some() {
            self.tell_moderators("Messages are stored again.", out);
            out.notes.push(Note::StoreWorks);
        }
    }

    /// A connection is a moderator's now: what the others were told.
    pub(in crate::server) fn tell_trouble(&self, conn: ConnId, out: &mut Outbox) {
        if let Some(reason) = &self.sick {
            out.send(conn, &Event::Notice(Text::line(&sick_notice(reason))).into());
        }
    }

    pub(in crate::server) fn tell_moderators(&self, words: &str, out: &mut Outbox) {
        let mut moderators: Vec<ConnId> = self
            .peers
            .iter()
            .filter(|(_, peer)| peer.role.is_moderator() && peer.name.is_some())
            .map(|(&conn, _)| conn)
            .collect();
        moderators.sort_unstable();
        for conn in moderators {
            out.send(conn, &Event::Notice(Text::line(words)).into());
        }
    }

    /// A connection goes, once what it said is settled: nobody is told that someone left and then what they said before.
    pub(in crate::server) fn leave_after(&mut self, conn: ConnId, leaving: Leaving, out: &mut Outbox) {
        if let Some(peer) = self.peers.get_mut(&conn) {
            peer.leaving = Some(Box::new(leaving));
            self.leave_if_settled(conn, out);
        }
    }

    fn leave_if_settled(&mut self, conn: ConnId, out: &mut Outbox) {
        let Some(peer) = self.peers.get_mut(&conn).filter(|peer| peer.pending == 0) else { return };
        match peer.leaving.take().map(|leaving| *leaving) {
            None => {}
            Some(Leaving::Gone(why)) => self.leave(conn, why, out),
            Some(Leaving::Exit(reference)) => {
                let farewell = Event::Exited(Text::line("client disconnected"));
                out.send(conn, &Envelope::answer(reference, farewell));
                out.close(conn);
                self.leave(conn, "exit", out);
            }
        }
    }
}

fn sick_notice(reason: &str) -> String {
    format!("Messages cannot be stored and are refused until this is mended: {reason}")
}
