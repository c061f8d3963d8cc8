//! Opens the data of a node, and finds where it goes on; begins a log from them too.
//!
//! Must not know: how the log is read.

use std::path::PathBuf;

use ring::hmac;

use super::broker::outbox::Outbox;
use super::broker::rules::{Beginning, Rules};
use super::broker::shared_rules::SharedRules;
use super::broker::{Broker, Input, StateError};
use super::cluster::again::do_again;
use super::cluster::entry::{EntryKey, Hello, Versions};
use super::cluster::follower::Follower;
use super::cluster::lane::OwnNode;
use super::cluster::step::TurnState;
use super::cluster_start::ClusterStart;
use super::log::nats::connection::NatsOptions;
use super::secrets::cluster_key::ClusterKey;
use super::store::api::{Job, NodePlace};
use super::store::node_store::NodeStore;
use super::store::{Decisions, Opening, Options, Report, StepKept, StoreError};
use super::transport::node::NodeBeginning;
use crate::model::{Now, Timestamp};

/// The versions of the rules that this program can apply.
const VERSIONS: Versions = Versions { lowest: 1, highest: 1 };
/// The number of no user, in place of the server's own: on another machine, that may be somebody else's.
const NOBODY: u32 = u32::MAX;

/// Why a node cannot start. Its `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NodeStartError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The history is not a node's.
    #[error(
        "the history in {0} is that of a server that stands alone: begin the log from it with --found, if no other node has done \
         so; or put a backup of another node in its place, made there with tr2 serve --backup"
    )]
    NoNode(PathBuf),
    /// The state of the log cannot be read.
    #[error(
        "the history in {0} says in another form up to where this node has read the log; install the tr2 that wrote it"
    )]
    OtherForm(PathBuf),
    /// The state of the chat cannot be read.
    #[error("in the history in {0}, {1}; put a backup of another node in its place, or install the tr2 that wrote it")]
    State(PathBuf, #[source] StateError),
}

/// The data of a node.
pub(crate) struct NodeData {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// How the history is kept.
    pub(crate) options: Options,
    /// What the administrator has decided.
    pub(crate) decisions: Decisions,
    /// The rules of this node.
    pub(crate) rules: Rules,
    /// What all nodes know and nobody else.
    pub(crate) secret: ClusterKey,
}

impl NodeData {
    /// The rules of a node: `rules` but for what would be decided otherwise on another machine.
    pub(crate) fn rules(rules: &Rules, shared_logins: bool) -> Rules {
        let own_uid = if shared_logins { rules.own_uid } else { NOBODY };
        Rules { own_uid, calls: false, ..rules.clone() }
    }

    fn open(
        &self,
        report: impl Fn(Report) + Send + 'static,
    ) -> Result<(NodeStore, Opening, Option<NodePlace>), StoreError> {
        NodeStore::open(&self.folder, self.options, self.decisions, report)
    }

    /// What the broker draws its own secrets from, alike on every node.
    fn broker_secret(&self) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        let mut secret = [0; 32];
        let sum = hmac::sign(&key, b"tr2 broker");
        secret.iter_mut().zip(sum.as_ref()).for_each(|(byte, summed)| *byte = *summed);
        secret
    }

    /// The states of the log and of the chat after the last step that was kept.
    fn states(&self, place: &NodePlace) -> Result<(TurnState, Broker), NodeStartError> {
        let state = TurnState::read(&place.log).ok_or_else(|| NodeStartError::OtherForm(self.folder.clone()))?;
        let failed = |error| NodeStartError::State(self.folder.clone(), error);
        let mut broker =
            Broker::from_shared_state(self.rules.clone(), self.broker_secret(), &place.chat).map_err(failed)?;
        do_again(&mut broker, place.deeds.iter().map(Vec::as_slice)).map_err(failed)?;
        Ok((state, broker))
    }

    /// Goes on where the node stopped.
    ///
    /// # Errors
    /// Why it cannot, with what to do.
    pub(crate) fn go_on(
        &self,
        start: ClusterStart,
        report: impl Fn(Report) + Send + 'static,
    ) -> Result<NodeBeginning, NodeStartError> {
        let (mut store, _, place) = self.open(report)?;
        let place = place.ok_or_else(|| NodeStartError::NoNode(self.folder.clone()))?;
        let (state, broker) = self.states(&place)?;
        if let Some(shared) = broker.shared_rules() {
            store.does(Job::KeepFor(shared.keep));
        }
        let shared = SharedRules::of(&self.rules, self.options.keep);
        let ClusterStart { options, node, life, urls, settings, shared_logins, .. } = start;
        let hello = Hello { life, versions: VERSIONS, settings, url: urls.join(" ") };
        let own = OwnNode { node, hello };
        let follower = Follower::resumed(own, state, EntryKey::derived(&self.secret));
        let rules = self.rules.clone();
        Ok(NodeBeginning { follower, broker, store, options, rules, shared, settings, shared_logins })
    }

    /// Makes the data the beginning of a log, or of another one after that which they have read; returns the last position
    /// before it.
    ///
    /// # Errors
    /// Why it cannot be, with what to do.
    pub(crate) fn begin_log(&self, log: &NatsOptions) -> Result<u64, NodeStartError> {
        let (mut store, opening, place) = self.open(|_| {})?;
        let (state, broker) = match place {
            Some(place) => {
                let (state, broker) = self.states(&place)?;
                (state.founded_anew(), broker)
            }
            None => {
                let Opening { last_id, last_room, users, owners, facts, mut lost } = opening;
                let secret = self.broker_secret();
                let beginning = Beginning { last_id, last_room, users, owners, facts, secret };
                let mut broker = Broker::new(self.rules.clone(), beginning);
                lost.extend_from_slice(broker.facts_lost());
                if !lost.is_empty() && !self.decisions.without_damaged {
                    return Err(StoreError::records(&self.folder, &lost).into());
                }
                let shared = Input::Agreed(Box::new(SharedRules::of(&self.rules, self.options.keep)));
                let then = Now { wall: Timestamp(0), steady: Timestamp(0) };
                broker.handle_among(then, shared, &mut Outbox::default());
                (TurnState::founded(&log.names.stream), broker)
            }
        };
        let chat = broker.shared_state().map_err(|error| NodeStartError::State(self.folder.clone(), error))?;
        store.begin(&StepKept { log: &state.write(), deed: &[], chat: Some(&chat), minute: None, awaited: true });
        let kept = store.commit();
        store.close();
        let unusable = |why| StoreError::Unusable(self.folder.clone(), why);
        kept.map_err(unusable)?;
        Ok(state.position)
    }
}
