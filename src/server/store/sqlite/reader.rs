//! The thread that answers questions, on a connection of its own that cannot write: no question holds up a message.
//!
//! Must not know: what waits to be written.

use std::sync::mpsc::{Receiver, Sender};

use rusqlite::Connection;

use super::errors::{moved, reason};
use super::file::HistoryFile;
use super::query::Answerer;
use super::watch::FileWatch;
use crate::server::store::api::{Answer, Question, Report};

/// The channel to the reader; `None` ends it.
pub(super) type QuestionSender = Sender<Option<Question>>;

/// Answers questions until the end comes.
pub(super) fn run(
    (file, mut watch): (HistoryFile, FileWatch),
    conn: Connection,
    questions: &Receiver<Option<Question>>,
    report: impl Fn(Report),
) {
    let mut conn = Some(conn);
    let mut answerer = Answerer::default();
    while let Ok(Some(question)) = questions.recv() {
        let opened = match conn.take() {
            Some(conn) => Ok(conn),
            // Another file may be in its place by now.
            None => watch.look_at_history().map_err(moved).and_then(|()| file.open_to_read()),
        };
        let answer = match opened {
            Ok(opened) => {
                let answer = answerer.answer(&opened, &question);
                // After an error the next question opens the file anew.
                conn = answer.lines.is_ok().then_some(opened);
                answer
            }
            Err(error) => Answer {
                requester: question.requester,
                reference: question.reference,
                lines: Err(reason(&error)),
                damaged: Vec::new(),
            },
        };
        report(Report::Answered(answer));
    }
}
