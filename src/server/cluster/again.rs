//! Does again what was done since the state of a chat was last kept, without the log, and without doing any of it to the
//! store once more: a start comes from there to where the node stopped.
//!
//! Must not know: how deeds are kept.

use std::collections::VecDeque;

use super::deed::Deed;
use super::kept_report::KeptReport;
use super::step_store::{Hands, StepDone, StepStore, store_all};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::{Broker, Input, StateError};
use crate::server::store::api::Job;

/// Has a broker do again what was done, each deed as its bytes, in their order.
///
/// # Errors
/// One of them cannot be read, or does not lead where it led.
pub fn do_again<'a>(broker: &mut Broker, deeds: impl IntoIterator<Item = &'a [u8]>) -> Result<(), StateError> {
    let mut outbox = Outbox::default();
    for bytes in deeds {
        let mut deed = Deed::read(bytes)?;
        let mut told = ToldStore { reports: std::mem::take(&mut deed.reports).into(), strayed: false };
        let mut hands = Hands { store: &mut told, outbox: &mut outbox };
        for (then, input) in deed.begins().into_iter().chain(deed.inputs()) {
            broker.handle_among(then, input, hands.outbox);
            store_all(broker, then, &mut hands, &mut Vec::new());
        }
        // Nobody hears what is said: no connection is here yet.
        outbox.notes.clear();
        outbox.outcomes.clear();
        if told.strayed || !told.reports.is_empty() || !broker.is_settled() {
            return Err(StateError::Unreadable("what was decided since it was kept leads elsewhere now".to_owned()));
        }
    }
    Ok(())
}

/// The store of a broker that does again what was done: it does nothing, and reports what was reported.
#[derive(Debug)]
struct ToldStore {
    reports: VecDeque<KeptReport>,
    /// Whether a job came that was not reported on then.
    strayed: bool,
}

impl StepStore for ToldStore {
    fn does(&mut self, job: Job) -> Option<Input> {
        if !KeptReport::follows(&job) {
            return None;
        }
        let report = self.reports.pop_front().and_then(|report| report.again(job));
        self.strayed |= report.is_none();
        report
    }

    fn reached(&mut self, _: &StepDone<'_>) {}
}
