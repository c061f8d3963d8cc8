//! History requests: passed on to the store, and answered.
//!
//! Must not know: how the store finds messages, or who may read what.

use super::Messages;
use crate::model::{MessageId, RoomName, Text, Zone};
use crate::protocol::{Code, Query};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peers::Peers;
use crate::server::ids::{ConnId, RoomId};
use crate::server::limits::{MAX_MARKS, MAX_QUESTIONS};
use crate::server::store::api::{Answer, Job, Question, Requester, What};
use crate::server::telemetry::events::Note;

/// A question for the store, with the word that labels its answer.
#[derive(Debug)]
pub(in crate::server::broker) struct HistoryQuestion {
    word: &'static str,
    what: What,
}

impl HistoryQuestion {
    /// The user's conversations.
    pub(in crate::server::broker) fn conversations() -> Self {
        Self { word: "conversations", what: What::Conversations }
    }

    /// A part of a conversation.
    pub(in crate::server::broker) fn page(what: What) -> Self {
        Self { word: "history", what }
    }

    /// The changes of a conversation.
    pub(in crate::server::broker) fn changes(what: What) -> Self {
        Self { word: "changes", what }
    }

    /// A part of a moderation log.
    pub(in crate::server::broker) fn modlog(what: What) -> Self {
        Self { word: "modlog", what }
    }

    /// A search, as the user wrote it. Days stand as moments in it, written by a client that knows the user's zone; bare
    /// days are those of UTC.
    pub(in crate::server::broker) fn search(text: &Text) -> Result<Self, Denial> {
        let query = Query::parse(text.as_str(), &Zone::default());
        let query = query.map_err(|error| Denial::new(Code::BadQuery, error.to_string()))?;
        Ok(Self { word: "search", what: What::Found(query) })
    }
}

impl Messages {
    /// Whether another question may be asked: [`MAX_QUESTIONS`] can be open.
    pub(in crate::server::broker) fn may_ask(&self) -> bool {
        self.questions < MAX_QUESTIONS
    }

    /// Asks the store for a user who is in these rooms; `number` counts the questions of the user's connection.
    pub(in crate::server::broker) fn ask(
        &mut self,
        caller: &Caller,
        rooms: Vec<(RoomId, RoomName)>,
        (question, number): (HistoryQuestion, u64),
        out: &mut Outbox,
    ) {
        self.questions += 1;
        // The store has the newest read marks before it answers.
        self.save_marks_of(&caller.user, out);
        let HistoryQuestion { word, what } = question;
        let batch = format!("{word}-{number}");
        let Caller { conn, user, reference, .. } = caller.clone();
        let plain = !out.understands(conn);
        out.jobs.push(Job::Ask(Question { requester: Requester(conn.0), user, rooms, reference, batch, plain, what }));
    }

    /// The store has answered a question.
    pub(in crate::server::broker) fn answered(&mut self, peers: &Peers, answer: Answer, out: &mut Outbox) {
        let Answer { requester, reference, lines, damaged } = answer;
        let conn = ConnId(requester.0);
        self.questions = self.questions.saturating_sub(1);
        let new: Vec<MessageId> =
            damaged.into_iter().filter(|id| self.damaged.len() < MAX_MARKS && self.damaged.insert(*id)).collect();
        if !new.is_empty() {
            let are =
                if new.len() == 1 { "1 stored message is" } else { &format!("{} stored messages are", new.len()) };
            peers.tell_moderators(&format!("{are} damaged and not shown; see the server's log."), out);
            out.notes.push(Note::Damaged { ids: new });
        }
        if peers.get(conn).is_none() {
            return;
        }
        match lines {
            Ok(lines) => out.send_lines(conn, &lines),
            Err(reason) => {
                let text = "The server cannot read its history at the moment; try again later.";
                Denial::new(Code::StoreUnavailable, text).tell(conn, reference, out);
                out.notes.push(Note::QuestionFailed { conn, reason });
            }
        }
    }
}
