//! The part of the broker that passes on what is asked of the past, and what was read of it.
//!
//! Must not know: how anything is found (`store`).

use chrono::{FixedOffset, Offset as _, Utc};

use crate::model::{MessageId, Name};
use crate::protocol::{Code, Command, Envelope, Event, Query, Refusal};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::{Broker, say_refusal};
use crate::server::ids::ConnId;
use crate::server::limits::{MAX_MARKS, MAX_QUESTIONS, MAX_QUESTIONS_OF_ONE};
use crate::server::store::api::{Answer, Conversation, Job, Question, Requester, What};
use crate::server::telemetry::events::Note;

impl Broker {
    /// A user asks for something of the past, or says what was read of it.
    pub(in crate::server) fn look_back(
        &mut self,
        (conn, user): (ConnId, Name),
        reference: Option<String>,
        command: Command,
        out: &mut Outbox,
    ) {
        let (kind, what) = match command {
            Command::Conversations => ("conversations", What::Conversations),
            Command::History { with, span } => match self.conversation(conn, &with) {
                Ok(with) => ("history", What::Page { with, span }),
                Err((code, text)) => return say_refusal(conn, Refusal::new(reference, code, text), out),
            },
            Command::Modlog { place, span } => match self.modlog(conn, &place, span) {
                Ok(what) => ("modlog", what),
                Err((code, text)) => return say_refusal(conn, Refusal::new(reference, code, text), out),
            },
            Command::Search(text) => match Query::parse(text.as_str(), utc()) {
                Ok(query) => ("search", What::Found(query)),
                Err(error) => {
                    return say_refusal(conn, Refusal::new(reference, Code::BadQuery, error.to_string()), out);
                }
            },
            Command::Read { with, id } => match self.conversation(conn, &with) {
                Ok(with) => return self.mark((conn, user), reference, with, id, out),
                Err((code, text)) => return say_refusal(conn, Refusal::new(reference, code, text), out),
            },
            _ => return,
        };
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        if peer.questions >= MAX_QUESTIONS_OF_ONE || self.questions >= MAX_QUESTIONS {
            let text = "Too much of the past is being looked up; ask again once there is an answer.";
            return say_refusal(conn, Refusal::new(reference, Code::Busy, text), out);
        }
        peer.questions += 1;
        self.questions += 1;
        self.asked += 1;
        // What was read is known before it is asked for.
        self.flush_marks(out);
        let batch = format!("{kind}-{}", self.asked);
        let rooms = self.rooms_of(conn);
        out.jobs.push(Job::Ask(Question { requester: Requester(conn.0), user, rooms, reference, batch, what }));
    }

    fn mark(
        &mut self,
        (conn, user): (ConnId, Name),
        reference: Option<String>,
        with: Conversation,
        id: MessageId,
        out: &mut Outbox,
    ) {
        let id = id.min(self.last_id);
        if self.marks.len() >= MAX_MARKS {
            let text = "Too much is being marked as read; try again in a moment.";
            return say_refusal(conn, Refusal::new(reference, Code::Busy, text), out);
        }
        let marked = self.marks.entry((user, with.clone())).or_insert(id);
        *marked = id.max(*marked);
        out.send(conn, &Envelope::answer(reference, Event::Read { with: with.target(), id }));
    }

    /// Has it remembered what was read since this was last done.
    pub(in crate::server) fn flush_marks(&mut self, out: &mut Outbox) {
        for ((user, with), id) in std::mem::take(&mut self.marks) {
            out.jobs.push(Job::Mark { user, with, id });
        }
    }

    /// The store has an answer.
    pub(in crate::server) fn answered(&mut self, answer: Answer, out: &mut Outbox) {
        let Answer { requester, reference, lines, damaged } = answer;
        let conn = ConnId(requester.0);
        self.questions = self.questions.saturating_sub(1);
        let new: Vec<MessageId> =
            damaged.into_iter().filter(|id| self.damaged.len() < MAX_MARKS && self.damaged.insert(*id)).collect();
        if !new.is_empty() {
            let are =
                if new.len() == 1 { "1 stored message is" } else { &format!("{} stored messages are", new.len()) };
            self.tell_moderators(&format!("{are} damaged and not shown; the server's log says which."), out);
            out.notes.push(Note::Damaged { ids: new });
        }
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        peer.questions = peer.questions.saturating_sub(1);
        match lines {
            Ok(lines) => out.send_lines(conn, &lines),
            Err(reason) => {
                let text = "The server cannot look at its history at present; try again later.";
                say_refusal(conn, Refusal::new(reference, Code::StoreUnavailable, text), out);
                out.notes.push(Note::QuestionFailed { conn, reason });
            }
        }
    }
}

/// A query's days come as moments from who knows the asker's zone; bare ones are UTC's.
fn utc() -> FixedOffset {
    Utc.fix()
}
