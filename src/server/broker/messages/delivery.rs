//! Delivers messages that the store has answered for: to their senders as replies, and to their recipients.
//!
//! Must not know: how messages are stored, or who may write.

use super::{Messages, Pending};
use crate::model::{MessageId, Name, Target, Text};
use crate::protocol::{Annotations, Code, Envelope, Event, Quote, ReplyTo, RoomEvent};
use crate::server::broker::caller::Denial;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peers::Peers;
use crate::server::broker::rooms::Rooms;
use crate::server::ids::ConnId;
use crate::server::store::api::{ConversationId, Outcome, Recipient, Record};
use crate::server::telemetry::events::Note;

/// The sender's connection of a message that the store has answered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct Settled(pub(in crate::server::broker) ConnId);

/// The health of the store, by its latest answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct Health {
    /// Why messages could not be stored.
    pub(in crate::server::broker) trouble: Option<String>,
    /// Whether any message could be stored.
    pub(in crate::server::broker) works: bool,
}

impl Messages {
    /// Settles the message that waits longest with the store's answer; `None` if none waits. With `log_each`, each
    /// message is logged.
    pub(in crate::server::broker) fn settle(
        &mut self,
        (peers, rooms): (&Peers, &Rooms),
        outcome: Outcome,
        log_each: bool,
        out: &mut Outbox,
    ) -> Option<Settled> {
        let Pending { conn, reference, record } = self.pending.pop_front()?;
        self.pending_bytes = self.pending_bytes.saturating_sub(record.text.as_str().len());
        match outcome {
            Outcome::Kept => {
                if log_each {
                    out.notes.push(accepted(&record));
                }
                self.deliver((peers, rooms), (conn, reference), (record, None), out);
            }
            Outcome::KeptReply(quote) => {
                if log_each {
                    out.notes.push(accepted(&record));
                }
                self.deliver((peers, rooms), (conn, reference), (record, Some(quote)), out);
            }
            Outcome::NoSuchMessage => {
                let text = "There is no such message there to answer, or it is deleted.";
                Denial::new(Code::NoSuchMessage, text).tell(conn, reference, out);
            }
            Outcome::Again(id, time) => {
                let accepted = Event::Accepted { offline: waits(peers, &record.to) };
                let accepted = Envelope::answer(reference, accepted);
                out.send(conn, &Envelope { id: Some(id), time: Some(time), ..accepted });
            }
            Outcome::RefUsed => {
                let text = "This ref was already used for another message; use a new one for each message.";
                Denial::new(Code::RefUsed, text).tell(conn, reference, out);
            }
            Outcome::Unavailable => {
                let text =
                    "The server cannot store messages at the moment, so this one was not delivered; try again later.";
                Denial::new(Code::StoreUnavailable, text).tell(conn, reference, out);
            }
        }
        self.forget_former();
        Some(Settled(conn))
    }

    fn deliver(
        &mut self,
        (peers, rooms): (&Peers, &Rooms),
        (conn, reference): (ConnId, Option<String>),
        (record, quote): (Record, Option<Quote>),
        out: &mut Outbox,
    ) {
        let former = matches!(&record.to, Recipient::User(to) if self.is_for_former(to, record.id));
        let accepted = Event::Accepted { offline: former || waits(peers, &record.to) };
        let (id, time, from, verified) = (Some(record.id), Some(record.time), record.from, record.verified);
        let reply = record.extra.reply.map(|id| ReplyTo { id, quote });
        let annotations = Annotations { reply, ..Annotations::default() }.boxed();
        let as_told = |event: Event| Envelope { id, time, verified, annotations, ..event.into() };
        match record.to {
            Recipient::Everyone { me_too } => {
                let event = Event::Broadcast { from, me_too, text: record.text };
                out.broadcast((!me_too).then_some(conn), &as_told(event));
            }
            // It waits for somebody who may never come.
            Recipient::User(_) if former => {}
            Recipient::User(to) => {
                let own = self.may_see_own(&from, record.id, verified).then(|| from.clone());
                let mut told: Vec<ConnId> = peers.sessions(to.as_str()).collect();
                if told.iter().any(|target| peers.is_original(*target)) {
                    // A TR2.23 client cannot report what it has read: everything that it received counts as read.
                    self.marks.insert((to.clone(), ConversationId::User(from.clone())), record.id);
                }
                let others = own.iter().flat_map(|own| peers.others(conn, own)).filter(|other| !told.contains(other));
                told.extend(others.collect::<Vec<_>>());
                if !told.is_empty() {
                    let envelope = as_told(Event::Private { from, to, text: record.text });
                    told.into_iter().for_each(|target| out.send(target, &envelope));
                }
            }
            Recipient::Room { id: room, name, me_too } => {
                let event = Event::Room(RoomEvent::Message { from, room: name, me_too, text: record.text });
                rooms.say_in_room(room, (!me_too).then_some(conn), &as_told(event), out);
            }
        }
        out.send(conn, &Envelope { id, time, ..Envelope::answer(reference, accepted) });
    }

    /// Whether the other sessions of a user see what the user said, under this number, to somebody else: whoever has got
    /// the name meanwhile has nothing to do with it.
    pub(super) fn may_see_own(&self, user: &Name, id: MessageId, verified: bool) -> bool {
        verified && !self.is_for_former(user, id)
    }

    /// Tells moderators once that the store fails, and once that it works again.
    pub(in crate::server::broker) fn diagnose(&mut self, peers: &Peers, health: Health, out: &mut Outbox) {
        if let Some(reason) = health.trouble {
            if self.sick.replace(reason.clone()).is_none() {
                peers.tell_moderators(&sick_notice(&reason), out);
                out.notes.push(Note::StoreFails { reason });
            }
        } else if health.works && self.sick.take().is_some() {
            peers.tell_moderators("Messages can be stored again.", out);
            out.notes.push(Note::StoreWorks);
        }
    }

    /// Tells a new moderator of the store's trouble, as the others were.
    pub(in crate::server::broker) fn tell_trouble(&self, conn: ConnId, out: &mut Outbox) {
        if let Some(reason) = &self.sick {
            out.send(conn, &Event::Notice(Text::line(&sick_notice(reason))).into());
        }
    }
}

/// Whether a message waits for a user who is not online.
fn waits(peers: &Peers, to: &Recipient) -> bool {
    matches!(to, Recipient::User(name) if peers.find(name.as_str()).is_none())
}

fn accepted(record: &Record) -> Note {
    let to = match &record.to {
        Recipient::Everyone { .. } => Target::Everyone,
        Recipient::User(name) => Target::User(name.clone()),
        Recipient::Room { name, .. } => Target::Room(name.clone()),
    };
    Note::Accepted { id: record.id, from: record.from.clone(), to }
}

fn sick_notice(reason: &str) -> String {
    format!("Messages cannot be stored and are refused until this is fixed: {reason}")
}
