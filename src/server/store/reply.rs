//! The reply to a question while it is written, as TR2.26 lines.
//!
//! Must not know: where what it says was found (`sqlite`, `memory`).

use super::api::{Answer, Question};
use super::limits::MAX_UNREAD;
use crate::model::{BanTarget, MessageId, Name, Target, Timestamp};
use crate::protocol::{ChangeEvent, Done, Envelope, Event, PlainForm, RoomEvent, Summary, Tally};

/// A reply that is being written.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    question: &'a Question,
    bytes: Vec<u8>,
    /// Messages that were left out because they are damaged.
    damaged: Vec<MessageId>,
    /// Acts that were left out because they are damaged, by number.
    damaged_acts: Vec<i64>,
}

impl<'a> Reply<'a> {
    /// An empty reply.
    pub(super) fn new(question: &'a Question) -> Self {
        Self { question, bytes: Vec::new(), damaged: Vec::new(), damaged_acts: Vec::new() }
    }

    /// A reply that has begun with these bytes.
    pub(super) fn resume(question: &'a Question, bytes: Vec<u8>) -> Self {
        Self { bytes, ..Self::new(question) }
    }

    /// The bytes so far, to be resumed later.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The whole answer, or why there is none.
    pub(super) fn finish(self, result: Result<(), String>) -> Answer {
        let Question { requester, reference, .. } = self.question;
        let lines = result.map(|()| self.bytes);
        Answer { requester: *requester, reference: reference.clone(), lines, damaged: self.damaged }
    }

    /// The question that is answered.
    pub(super) fn question(&self) -> &'a Question {
        self.question
    }

    /// Adds a line for an event.
    pub(super) fn add_event(&mut self, event: Event) {
        self.add_envelope(event.into());
    }

    /// Adds a line for a message or an act.
    pub(super) fn add_envelope(&mut self, envelope: Envelope) {
        write(self.question, envelope, &mut self.bytes);
    }

    /// A line of this reply, which is not added to it.
    pub(super) fn line(&self, envelope: Envelope) -> Vec<u8> {
        let mut line = Vec::new();
        write(self.question, envelope, &mut line);
        line
    }

    /// The lines of a message and of the reactions to it.
    pub(super) fn lines(&self, envelope: Envelope, reactions: Vec<Tally>) -> Vec<u8> {
        let id = envelope.id;
        let mut lines = self.line(envelope);
        if !reactions.is_empty() {
            let event = Event::Change(ChangeEvent::Reactions(reactions));
            lines.append(&mut self.line(Envelope { id, ..event.into() }));
        }
        lines
    }

    /// Adds lines that [`Reply::line`] has written.
    pub(super) fn add_lines<'l>(&mut self, lines: impl Iterator<Item = &'l Vec<u8>>) {
        lines.for_each(|line| self.bytes.extend_from_slice(line));
    }

    /// The length so far, in bytes.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Records that a message was left out because it is damaged.
    pub(super) fn leave_out(&mut self, id: MessageId) {
        self.damaged.push(id);
    }

    /// Records that an act was left out because it is damaged.
    pub(super) fn leave_out_act(&mut self, id: i64) {
        self.damaged_acts.push(id);
    }

    /// The messages that were left out.
    pub(super) fn damaged(&self) -> &[MessageId] {
        &self.damaged
    }

    /// The acts that were left out.
    pub(super) fn damaged_acts(&self) -> &[i64] {
        &self.damaged_acts
    }
}

fn write(question: &Question, envelope: Envelope, bytes: &mut Vec<u8>) {
    let envelope = match if question.plain { envelope.plain() } else { PlainForm::Same } {
        PlainForm::Same => envelope,
        PlainForm::Nothing => return,
        PlainForm::Instead(plain) => {
            let Envelope { id, time, verified, .. } = envelope;
            Envelope { id, time, verified, ..*plain }
        }
    };
    let (reference, batch) = (question.reference.clone(), Some(question.batch.clone()));
    Envelope { reference, batch, ..envelope }.write(bytes, Some(&question.user));
}

/// Adds the conversation with an earlier holder of the same name: to the user at the other end both are one.
pub(super) fn add_summary(newer: &mut Summary, older: &Summary) {
    newer.last = newer.last.max(older.last);
    newer.read = newer.read.max(older.read);
    newer.unread = (newer.unread + older.unread).min(MAX_UNREAD);
}

/// An act of a moderator as a user may see it: `whole`, or without addresses and keys.
pub(super) fn act_envelope(
    (id, time): (MessageId, Timestamp),
    by: Name,
    place: &Target,
    mut done: Done,
    whole: bool,
) -> Envelope {
    let is_name = |whom: &str| whom.parse().is_ok_and(|whom: BanTarget| whom.is_name());
    done.subject = done.subject.filter(|subject| whole || is_name(subject.as_str()));
    let event = Event::Room(RoomEvent::Acted { by, place: place.clone(), done });
    Envelope { id: Some(id), time: Some(time), ..event.into() }
}
