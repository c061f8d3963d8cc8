//! Messages that are changed by users: edited, deleted by their senders, reacted to, rid of a reaction by moderators. The
//! change gets a number, is stored, and is told only then.
//!
//! Must not know: who may speak where (`moderation`, `rooms`), or whose a message is (the store).

use std::collections::BTreeSet;

use super::{Messages, Settled};
use crate::model::{MessageId, Now, Timestamp};
use crate::protocol::{Annotations, ChangeEvent, Code, Envelope, Event, RoomEvent};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peers::Peers;
use crate::server::broker::rooms::Rooms;
use crate::server::ids::ConnId;
use crate::server::store::api::{
    Alteration, ChangeAgain, ChangeDone, Changed, ConversationId, Job, OwnBound, Requester, Revision,
};

/// A change that a user wants.
#[derive(Debug)]
pub(in crate::server::broker) struct Wanted {
    /// The conversation in which the message was said.
    pub(in crate::server::broker) within: ConversationId,
    /// The message.
    pub(in crate::server::broker) id: MessageId,
    /// What is to be done.
    pub(in crate::server::broker) how: Alteration,
    /// Which messages are the user's own.
    pub(in crate::server::broker) own: OwnBound,
}

impl Messages {
    /// Takes a change.
    pub(in crate::server::broker) fn take_change(
        &mut self,
        now: Now,
        caller: &Caller,
        wanted: Wanted,
        out: &mut Outbox,
    ) {
        let Wanted { within, id, how, own } = wanted;
        let (label, Caller { conn, user: by, reference, .. }) = (caller.stored_label(), caller.clone());
        let (requester, number, time) = (Requester(conn.0), self.number_of_change(now), now.wall);
        let change = Revision { requester, reference, label, by, within, id, number, time, how, own, outcome: None };
        self.changing += 1;
        self.pending_bytes += change.text_bytes();
        out.jobs.push(Job::Change(change));
    }

    /// The number of a change: messages and changes have numbers in one order.
    pub(in crate::server::broker) fn number_of_change(&mut self, now: Now) -> MessageId {
        self.numbering.next(now)
    }

    /// The highest number that was given.
    pub(in crate::server::broker) fn last_number(&self) -> MessageId {
        self.numbering.last()
    }

    /// The store has made a change, or not: those who see the message are told.
    pub(in crate::server::broker) fn changed(
        &mut self,
        (peers, rooms): (&Peers, &Rooms),
        change: &Revision,
        out: &mut Outbox,
    ) -> Settled {
        self.changing = self.changing.saturating_sub(1);
        self.pending_bytes = self.pending_bytes.saturating_sub(change.text_bytes());
        let conn = ConnId(change.requester.0);
        match &change.outcome {
            Some(Changed::Done(done)) => {
                let envelope = told(change, (done, change.number, change.time), peers.has_proved(conn));
                if done.fresh {
                    self.tell((peers, rooms), change, done, (conn, &envelope), out);
                }
                // The answer to a moderator is the act itself.
                let reference = change.reference.clone().filter(|_| !change.is_removal());
                out.send(conn, &Envelope { reference, ..envelope });
            }
            // The same answer as the first time; everybody else has been told.
            Some(Changed::Again(first)) => {
                let ChangeAgain { done, number, time } = first.as_ref();
                let envelope = told(change, (done, *number, *time), peers.has_proved(conn));
                out.send(conn, &Envelope { reference: change.reference.clone(), ..envelope });
            }
            outcome => denial(outcome.as_ref()).tell(conn, change.reference.clone(), out),
        }
        self.forget_former();
        Settled(conn)
    }

    /// Tells everybody who sees the message, but not the user who asked.
    fn tell(
        &self,
        (peers, rooms): (&Peers, &Rooms),
        change: &Revision,
        done: &ChangeDone,
        (conn, envelope): (ConnId, &Envelope),
        out: &mut Outbox,
    ) {
        match &change.within {
            ConversationId::Everyone => out.broadcast(Some(conn), envelope),
            ConversationId::Room(room, _) => rooms.say_in_room(*room, Some(conn), envelope, out),
            ConversationId::User(other) => {
                // Whoever has got the name meanwhile has nothing to do with what was said before.
                let same = done.present && !self.is_for_former(other, change.number);
                let theirs = same.then(|| peers.sessions(other.as_str())).into_iter().flatten();
                let own = self.may_see_own(&change.by, change.number, change.own.verified);
                let own = own.then(|| peers.sessions(change.by.as_str())).into_iter().flatten();
                let told: BTreeSet<ConnId> = theirs.chain(own).filter(|target| *target != conn).collect();
                told.into_iter().for_each(|target| out.send(target, envelope));
            }
        }
    }
}

/// What is told of a change that has this number and was made at this time.
fn told(change: &Revision, (done, number, time): (&ChangeDone, MessageId, Timestamp), by_verified: bool) -> Envelope {
    let Revision { by, within, id, how, .. } = change;
    let place = within.target();
    let event = match how {
        Alteration::Edit(text) => {
            Event::Change(ChangeEvent::Edited { from: done.from.clone(), place, text: text.clone() })
        }
        Alteration::Retract => Event::Room(RoomEvent::Deleted { from: done.from.clone(), place, by: by.clone() }),
        Alteration::React(reaction) | Alteration::Unreact(reaction) => Event::Change(ChangeEvent::Reacted {
            by: by.clone(),
            place,
            to: done.from.clone(),
            reaction: reaction.clone(),
            on: matches!(how, Alteration::React(_)),
            count: done.count,
            removed_by: None,
        }),
        Alteration::Remove(removal) => Event::Change(ChangeEvent::Reacted {
            by: done.removed.as_ref().unwrap_or(by).clone(),
            place,
            to: done.from.clone(),
            reaction: removal.reaction.clone(),
            on: false,
            count: done.count,
            removed_by: Some(by.clone()),
        }),
    };
    let annotations = Annotations { change: done.fresh.then_some(number), ..Annotations::default() }.boxed();
    // Whoever had put a reaction there that is removed has said nothing now.
    let verified = by_verified && !change.is_removal();
    Envelope { id: Some(*id), time: Some(time), verified, annotations, ..event.into() }
}

/// Why a change was not made.
fn denial(outcome: Option<&Changed>) -> Denial {
    let (code, text) = match outcome {
        Some(Changed::NotThere) => (Code::NoSuchMessage, "There is no such message there, or it is already gone."),
        Some(Changed::NotYours) => (Code::NotYours, "You can edit and delete only your own messages."),
        Some(Changed::TooLate) => (Code::TooLate, "This message is too old to be edited or deleted."),
        Some(Changed::TooMany) => {
            (Code::TooManyReactions, "This message has too many reactions, or too many of yours.")
        }
        Some(Changed::NoSuchReaction) => {
            (Code::NoSuchReaction, "There is no such reaction there, or it is already gone.")
        }
        Some(Changed::Spared(from)) => {
            let text = format!("That reaction is also by {from}, whose rank here is the same as yours or higher.");
            return Denial::new(Code::NotAllowed, text);
        }
        Some(Changed::RefUsed) => {
            (Code::RefUsed, "This ref was already used for another change; use a new one for each change.")
        }
        Some(Changed::Unavailable | Changed::Done(_) | Changed::Again(_)) | None => {
            (Code::StoreUnavailable, "The server cannot change its history at the moment; try again later.")
        }
    };
    Denial::new(code, text)
}
