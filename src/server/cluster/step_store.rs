//! What a node carries out its decisions with: a store that does each job at once and keeps a step as a whole, and what is
//! said to connections.
//!
//! Must not know: how anything is stored, or what is decided.

use super::deed::Deed;
use super::kept_report::KeptReport;
use super::step::TurnState;
use crate::model::Now;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::{Broker, Input};
use crate::server::store::api::Job;

/// Where a node keeps what its steps lead to.
pub trait StepStore {
    /// Does a job, and reports on it at once; a question is answered later, by an [`Input::Answered`].
    fn does(&mut self, job: Job) -> Option<Input>;

    /// A step is carried out: it is kept as a whole, or not at all.
    fn reached(&mut self, step: &StepDone<'_>);
}

/// A step that was carried out.
#[derive(Clone, Copy, Debug)]
pub struct StepDone<'a> {
    /// The state of the log after it.
    pub state: &'a TurnState,
    /// What was done, to be done again at a start that begins from an earlier state.
    pub deed: &'a Deed,
    /// Whether the log's time has entered another minute.
    pub minute: bool,
    /// The state of the chat after it, about once a second: a start can begin from here.
    pub chat: Option<&'a [u8]>,
    /// Whether connections of this node wait for what it leads to.
    pub awaited: bool,
}

/// What a node carries out its decisions with.
#[derive(Debug)]
pub struct Hands<'a, S> {
    /// Where it keeps what they lead to.
    pub store: &'a mut S,
    /// Where it puts what is said to its connections.
    pub outbox: &'a mut Outbox,
}

/// Has the store do the broker's jobs, until none follows from what it reports.
pub(super) fn store_all<S: StepStore>(
    broker: &mut Broker,
    now: Now,
    hands: &mut Hands<'_, S>,
    reports: &mut Vec<KeptReport>,
) {
    loop {
        let jobs: Vec<Job> = hands.outbox.take_jobs().collect();
        if jobs.is_empty() && !broker.has_more() {
            return;
        }
        for report in jobs.into_iter().filter_map(|job| hands.store.does(job)) {
            reports.extend(KeptReport::of(&report));
            broker.handle_among(now, report, hands.outbox);
        }
        if broker.has_more() {
            broker.handle_among(now, Input::GoOn, hands.outbox);
        }
    }
}
