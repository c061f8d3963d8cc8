//! The writing side of a node: each job is done at once, within a transaction that also takes the node's place in the log
//! that it shares with others. So the history is as it was before a step or as it is after it, and knows which.
//!
//! Nothing is tried again here: a node that cannot write stops, and goes on from what it has kept.
//!
//! Must not know: what a step is, or who waits for what it leads to.

use rusqlite::Result;

use super::Writer;
use crate::model::Timestamp;
use crate::server::store::api::{ErasureStep, Job, Question, Report, Retention};
use crate::server::store::limits::{INDEX_MOST, INDEX_NOW, PLACE_NOW, WIPE_AFTER};
use crate::server::store::sqlite::batch::erases;
use crate::server::store::sqlite::errors::reason;
use crate::server::store::sqlite::{log_pruning, node_place};

/// What was done is kept beside the state of the chat until it has so many bytes, or as many as that state.
const MOST_DEEDS: usize = 256 * 1024;

/// What a step leaves besides what its jobs do.
#[derive(Clone, Copy, Debug)]
pub struct StepKept<'a> {
    /// The state of the log after it.
    pub log: &'a [u8],
    /// What was done.
    pub deed: &'a [u8],
    /// The state of the chat after it, if it is known.
    pub chat: Option<&'a [u8]>,
    /// The log's time, where it has entered another minute: then old messages are looked for.
    pub minute: Option<Timestamp>,
    /// Whether a connection of this node waits for it, and so relies on the disk of this machine.
    pub awaited: bool,
}

/// The writing side of a node.
pub(in crate::server::store) struct StepWriter {
    /// Nobody is told of anything by it: what fails here ends the node.
    writer: Writer<fn(Report)>,
    keep: Retention,
    /// Questions that are asked once everything before them is committed.
    questions: Vec<Question>,
    /// The bytes of the deeds that are kept, and of the state of the chat before them; `None` if none is kept yet.
    kept: Option<(usize, usize)>,
    /// Whether a text was taken out of the history that a deed may still have.
    erased: bool,
    /// The last state of the log of this transaction.
    log: Vec<u8>,
    /// Whether what is awaited is to survive a power cut of this machine.
    syncs: bool,
    /// Whether this transaction holds anything that is awaited.
    awaited: bool,
}

impl StepWriter {
    /// Wraps a writer that has no thread and does not sync its commits; `syncs` says whether awaited steps are synced. `kept`
    /// holds the size in bytes of the stored deeds and of the stored state of the chat; `None` if nothing is stored yet.
    pub(in crate::server::store::sqlite) fn new(
        writer: Writer<fn(Report)>,
        (keep, syncs): (Retention, bool),
        kept: Option<(usize, usize)>,
    ) -> Self {
        let (questions, log) = (Vec::new(), Vec::new());
        Self { writer, keep, questions, kept, erased: false, log, syncs, awaited: false }
    }

    /// Does a job, and reports on it at once; a question is answered after the next commit.
    pub(in crate::server::store) fn does(&mut self, job: Job) -> Result<Option<Report>, String> {
        self.do_job(job).map_err(|error| reason(&error))
    }

    fn do_job(&mut self, job: Job) -> Result<Option<Report>> {
        let job = match job {
            Job::Ask(question) => {
                self.questions.push(question);
                return Ok(None);
            }
            Job::KeepFor(keep) => {
                self.keep = keep;
                return Ok(None);
            }
            job => job,
        };
        let mut report = self.writer.transactions.step(&job)?;
        self.writer.count_kept(report.as_slice());
        if erases(&job) {
            self.erased = true;
            self.writer.wipe_within(WIPE_AFTER);
        }
        if let Some(Report::Erased(erasure)) = &mut report
            && let ErasureStep::Done { wiped } = &mut erasure.step
        {
            // It is before long; every node has to say the same.
            *wiped = true;
        }
        Ok(report)
    }

    /// The next state of the chat is kept, whatever is kept before it.
    pub(in crate::server::store) fn begin_anew(&mut self) {
        self.kept = None;
    }

    /// A step is carried out.
    pub(in crate::server::store) fn reached(&mut self, step: &StepKept<'_>) -> Result<(), String> {
        self.keep_step(step).map_err(|error| reason(&error))
    }

    fn keep_step(&mut self, step: &StepKept<'_>) -> Result<()> {
        let keep = self.keep;
        if let Some(time) = step.minute
            && self.writer.transactions.within(|_, conn| log_pruning::minute(conn, keep, time))?
        {
            self.erased = true;
            self.writer.wipe_within(WIPE_AFTER);
        }
        self.log.clear();
        self.log.extend_from_slice(step.log);
        self.awaited |= step.awaited;
        let due = self.erased || self.kept.is_none_or(|(deeds, chat)| deeds >= MOST_DEEDS.max(chat));
        match step.chat.filter(|_| due) {
            Some(chat) => {
                self.writer.transactions.within(|_, conn| node_place::put_chat(conn, chat))?;
                (self.kept, self.erased) = (Some((0, chat.len())), false);
            }
            None => {
                self.writer.transactions.within(|_, conn| node_place::add_deed(conn, step.deed))?;
                self.kept = self.kept.map(|(deeds, chat)| (deeds + step.deed.len(), chat));
            }
        }
        Ok(())
    }

    /// Commits what was done since the last commit, and sees to it that it is on the disk if it is awaited; says whether it is.
    pub(in crate::server::store) fn commit(&mut self) -> Result<bool, String> {
        let log = std::mem::take(&mut self.log);
        let put = if log.is_empty() {
            Ok(())
        } else {
            self.writer.transactions.within(|_, conn| node_place::put_log(conn, &log))
        };
        let done = put.and_then(|()| self.writer.transactions.commit_steps());
        done.map_err(|error| reason(&error))?;
        for question in self.questions.drain(..) {
            // A reader that is gone answers nothing, and is missed when the node ends.
            let _ = self.writer.questions.send(Some(question));
        }
        let awaited = std::mem::take(&mut self.awaited) && self.syncs;
        if awaited {
            self.writer.transactions.sync_steps()?;
        }
        Ok(awaited)
    }

    /// Whether so many messages are not placed, or not in the search index, that they cannot wait until little is said.
    pub(in crate::server::store) fn is_behind(&self) -> bool {
        self.writer.unplaced >= PLACE_NOW || self.writer.unindexed >= INDEX_NOW
    }

    /// Spends some milliseconds, between two commits, on work that nobody waits for. Says whether there is more of it.
    pub(in crate::server::store) fn tend(&mut self) -> Result<bool, String> {
        let writer = &mut self.writer;
        if let Some(trouble) = writer.transactions.find_trouble() {
            return Err(trouble);
        }
        writer.look_at_clock();
        writer.wipe_if_due();
        // Neither waits for the other: where much is said, both have to keep up.
        if writer.unplaced > 0 {
            writer.place(PLACE_NOW);
        }
        if writer.unindexed > 0 {
            writer.index(INDEX_MOST);
        }
        Ok(writer.unplaced > 0 || writer.unindexed > 0)
    }

    /// Ends. What was not committed is undone.
    pub(in crate::server::store) fn close(self) {
        let Writer { mut transactions, questions, .. } = self.writer;
        let _ = questions.send(None);
        // What it began is undone with its connection.
        if transactions.give_up_steps() {
            transactions.close();
        }
    }
}
