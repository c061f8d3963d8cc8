//! The thread that answers questions, from a connection of its own that cannot write: no question holds up a message.
//!
//! Must not know: what waits to be written.

use std::sync::mpsc::Receiver;

use rusqlite::Connection;

use super::file::Disk;
use super::query::Answering;
use crate::server::store::Report;
use crate::server::store::api::{Answer, Question};
use crate::server::store::error::reason;

/// Answers what comes, until an end comes.
pub(in crate::server::store) fn run(
    disk: &Disk,
    conn: Connection,
    questions: &Receiver<Option<Question>>,
    report: impl Fn(Report),
) {
    let mut conn = Some(conn);
    let mut answering = Answering::default();
    while let Ok(Some(question)) = questions.recv() {
        let opened = match conn.take() {
            Some(conn) => Ok(conn),
            None => disk.reading(),
        };
        let answer = match opened {
            Ok(opened) => {
                let answer = answering.answer(&opened, &question);
                // After an error the next question is asked anew from the bottom up.
                conn = answer.lines.is_ok().then_some(opened);
                answer
            }
            Err(error) => Answer {
                conn: question.conn,
                reference: question.reference,
                lines: Err(reason(&error)),
                damaged: Vec::new(),
            },
        };
        report(Report::Answered(answer));
    }
}
