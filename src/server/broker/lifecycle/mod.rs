//! The server's lifecycle: the rules in force, and closing.
//!
//! - [`countdown`]: a planned closing. [`reload`]: new rules. [`maintenance`]: who is let in meanwhile.
//! - [`mod@census`]: counts for the metrics.
//!
//! Must not know: what is said, or where rules and facts come from.

mod census;
mod countdown;
mod maintenance;
mod reload;

use crate::model::{Name, Text, Timestamp};
use crate::protocol::Code;
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::rules::Rules;
use crate::server::broker::shared_rules::SharedRules;
use crate::server::limits::{CLOSE_PATIENCE, FORGOTTEN_AT_ONCE};
use crate::server::store::api::{Job, Update};
use crate::server::telemetry::events::Note;
use serde::{Deserialize, Serialize};

use self::countdown::Countdown;

pub(in crate::server::broker) use self::census::census;
pub(in crate::server::broker) use self::reload::{changed, role_by_rules};

/// The rules in force, and how far the server is on its way to close.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::server::broker) struct Lifecycle {
    #[serde(skip)]
    rules: Rules,
    /// The rules that all nodes share; `None` on a server that stands alone.
    shared: Option<SharedRules>,
    countdown: Option<Countdown>,
    /// What those are told who are not let in, while the server is being maintained.
    maintenance: Option<Text>,
    /// What clients are told who are sent to other nodes, while this one serves nobody.
    #[serde(skip)]
    withdrawn: Option<String>,
    /// The moment on the steady clock at which the server closes whatever is pending, once it is closing.
    closing: Option<Timestamp>,
    closed: bool,
    /// What the store is to forget because it ended with the restart.
    #[serde(skip)]
    forgotten: Vec<Update>,
    /// The facts that could not be read at the start, in a few words each.
    #[serde(skip)]
    facts_lost: Vec<String>,
}

impl Lifecycle {
    /// A running server with these rules.
    pub(in crate::server::broker) fn new(rules: Rules) -> Self {
        Self {
            rules,
            shared: None,
            countdown: None,
            maintenance: None,
            withdrawn: None,
            closing: None,
            closed: false,
            forgotten: Vec::new(),
            facts_lost: Vec::new(),
        }
    }

    /// Notes the outcome of restoring: what the store is to forget, and facts that could not be read.
    pub(in crate::server::broker) fn restored(&mut self, forgotten: Vec<Update>, facts_lost: Vec<String>) {
        (self.forgotten, self.facts_lost) = (forgotten, facts_lost);
    }

    /// The facts that could not be read at the start, in a few words each.
    pub(in crate::server::broker) fn facts_lost(&self) -> &[String] {
        &self.facts_lost
    }

    /// Has the store forget what ended with the restart, [`FORGOTTEN_AT_ONCE`] at a time.
    pub(in crate::server::broker) fn forget(&mut self, out: &mut Outbox) {
        let most = FORGOTTEN_AT_ONCE.min(self.forgotten.len());
        out.jobs.extend(self.forgotten.drain(..most).map(Job::Keep));
    }

    /// A chat that was closed is open again.
    pub(in crate::server::broker) fn open_again(&mut self) {
        if self.closed {
            (self.closed, self.closing, self.countdown) = (false, None, None);
        }
    }

    /// The rules in force.
    pub(in crate::server::broker) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The rules that all nodes share; `None` on a server that stands alone.
    pub(in crate::server::broker) fn shared(&self) -> Option<&SharedRules> {
        self.shared.as_ref()
    }

    /// Rules of one server, as they are in force beside those that all nodes share.
    pub(in crate::server::broker) fn beside_shared(&self, rules: Rules) -> Rules {
        self.shared.as_ref().map_or(rules.clone(), |shared| shared.in_place_of(rules))
    }

    /// All nodes share these rules from here on.
    pub(in crate::server::broker) fn share(&mut self, shared: SharedRules) {
        self.shared = Some(shared);
    }

    /// Puts new rules in force; returns the old ones.
    pub(in crate::server::broker) fn change_rules(&mut self, rules: Rules) -> Rules {
        std::mem::replace(&mut self.rules, rules)
    }

    /// Clients are sent elsewhere, with this sentence.
    pub(in crate::server::broker) fn withdraw(&mut self, text: String) {
        self.withdrawn = Some(text);
    }

    /// Clients stay again; `false` if they did all along.
    pub(in crate::server::broker) fn end_withdrawal(&mut self) -> bool {
        self.withdrawn.take().is_some()
    }

    /// What clients are told who are sent elsewhere; `None` while they may stay.
    pub(in crate::server::broker) fn withdrawn(&self) -> Option<&str> {
        self.withdrawn.as_deref()
    }

    /// Refuses a user who may not close the server.
    pub(in crate::server::broker) fn may_close(caller: &Caller) -> Result<(), Denial> {
        if caller.role.is_moderator() {
            return Ok(());
        }
        let text = "Only a moderator may close the server; give the moderator passphrase first.";
        Err(Denial::new(Code::NotModerator, text))
    }

    /// Refuses a message while the server is closing.
    pub(in crate::server::broker) fn takes_messages(&self) -> Result<(), Denial> {
        match self.closing {
            Some(_) => Err(Denial::new(Code::Busy, "The server is closing; this message was not accepted.")),
            None => Ok(()),
        }
    }

    /// Closes the server as soon as earlier messages are settled, or [`CLOSE_PATIENCE`] is over.
    pub(in crate::server::broker) fn begin_closing(&mut self, now: Timestamp, by: Option<Name>, out: &mut Outbox) {
        if self.closing.is_none() {
            out.notes.push(Note::Closing { by });
            self.closing = Some(now.after(CLOSE_PATIENCE));
        }
    }

    /// What was read of a state that other nodes of the chat share goes on under these rules.
    pub(in crate::server::broker) fn goes_on(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Whether the server is closing.
    pub(in crate::server::broker) fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    /// Whether the server is closing and its patience is over.
    pub(in crate::server::broker) fn is_overdue(&self, now: Timestamp) -> bool {
        self.closing.is_some_and(|until| now >= until)
    }

    /// Closes the server now; `false` if it was closed already.
    pub(in crate::server::broker) fn close(&mut self) -> bool {
        !std::mem::replace(&mut self.closed, true)
    }

    /// Whether the server has closed.
    pub(in crate::server::broker) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether something is to happen later.
    pub(in crate::server::broker) fn has_countdown(&self) -> bool {
        self.countdown.is_some()
    }
}
