//! Why a node cannot go on. Its `Display` says what happened and what to do.
//!
//! Must not know: how a fault is shown.

use super::entry::NodeId;
use super::held::MAX_HELD;
use super::step::Unwelcome;

/// Why this node must stop. None of them goes away by itself: a node that starts again finds the same, but for
/// [`Fault::Unheard`] and [`Fault::NotKept`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Entries are missing.
    #[error(
        "the log goes on at position {found}, and this node needs {expected} next: it was away for longer than the log keeps \
         its entries, or the log was founded anew meanwhile; start it with a copy of another node's history, made there with \
         tr2 serve --backup"
    )]
    Gap {
        /// The position that is next.
        expected: u64,
        /// The one that came.
        found: u64,
    },
    /// A position came again.
    #[error(
        "the log gave position {found} again after {applied}: it was put back to an earlier state; stop all nodes, and found \
         the log anew with --found on the node that has applied most"
    )]
    Back {
        /// The last position that was applied.
        applied: u64,
        /// The one that came.
        found: u64,
    },
    /// The log ends before what was applied of it.
    #[error(
        "the log ends at position {newest}, and this node has applied it up to {applied}: the log has lost what it had \
         accepted; stop all nodes, and found the log anew with --found on the node that has applied most"
    )]
    Shorter {
        /// The last position that was applied.
        applied: u64,
        /// The last one in the log.
        newest: u64,
    },
    /// The log has another entry where this node has read one.
    #[error(
        "the log has another entry at position {position} than this node has read there: it has lost what it had accepted, and \
         has grown again; stop all nodes, and found the log anew with --found on the node that has applied most"
    )]
    Rewritten {
        /// The last position that was applied.
        position: u64,
    },
    /// Another node has seen more of the log than there is.
    #[error(
        "node {node} had applied the log up to position {claimed} when it wrote the entry that is now at {position}: the log \
         has lost what it had accepted; stop all nodes, and found the log anew with --found on the node that has applied most"
    )]
    LostTail {
        /// Who has seen more.
        node: NodeId,
        /// How much.
        claimed: u64,
        /// Where it says so.
        position: u64,
    },
    /// Another node has seen that the log lost something.
    #[error(
        "node {node} has read another entry at position {claimed} than the log has there now: the log has lost what it had \
         accepted; stop all nodes, and found the log anew with --found on the node that has applied most"
    )]
    Alarmed {
        /// Who has seen it.
        node: NodeId,
        /// The last position that it had read.
        claimed: u64,
    },
    /// Too much came of which other nodes do not say that they have it too.
    #[error(
        "more than {} MB of the log came after position {position}, and not all nodes that are in say that they have read the \
         same: at least one of them lags behind; start this node again once all of them keep up",
        MAX_HELD >> 20
    )]
    Unheard {
        /// The last position of which it is sure.
        position: u64,
    },
    /// As many nodes or more read another log than this one.
    #[error(
        "this node's log is not that of {others} at position {position}: an entry was altered on its way or on a disk, or \
         this history is of another log; start this node with a copy of another node's history, and if the nodes are of two \
         minds, found the log anew with --found on the one that is right"
    )]
    OtherLog {
        /// The nodes that read another one.
        others: String,
        /// Where it was noticed.
        position: u64,
    },
    /// Nothing that others say can be read.
    #[error(
        "the entries of the log up to position {position} were written with another secret than that of this node; start it \
         with a copy of another node's history and secret, made there with tr2 serve --backup"
    )]
    OtherSecret {
        /// The last of them.
        position: u64,
    },
    /// As many nodes or more decided otherwise.
    #[error(
        "this node decided otherwise than {others} up to position {position}, from the same log; start it with a copy of \
         another node's history, and report this with both nodes' logs"
    )]
    OtherDecisions {
        /// The nodes that decided otherwise.
        others: String,
        /// Where it was noticed.
        position: u64,
    },
    /// What was decided cannot be kept.
    #[error(
        "what was decided cannot be kept here ({why}); everything before it is. Users go on at the other nodes. Mend what is \
         wrong, and start this node again"
    )]
    NotKept {
        /// Why not.
        why: String,
    },
    /// A step did not come to an end.
    #[error(
        "what the log says at position {position} could not be carried out to its end; everything before it is kept. Start \
         this node again, and if it stops here again, report this with its log"
    )]
    Unfinished {
        /// The position.
        position: u64,
    },
    /// The log was founded anew without this node.
    #[error(
        "the log was founded anew from another node's history; move this node's history away, and start it with a copy of \
         that node's, made there with tr2 serve --backup"
    )]
    FoundedAnew,
    /// The log needs a newer program.
    #[error(
        "the log has an entry at position {position} that needs a newer tr2; install the version of the other nodes"
    )]
    NewerRules {
        /// The position of the entry.
        position: u64,
    },
    /// The others do not let this node in.
    #[error("this node cannot come in: {0}")]
    NotWelcome(Unwelcome),
    /// Two programs speak for one node.
    #[error(
        "another tr2 serve runs as node {0} of this cluster; stop one of them, or give it another name with --node"
    )]
    Twin(NodeId),
}

impl Fault {
    /// Whether it shows that the log lost something, which the other nodes may not have noticed.
    #[must_use]
    pub fn is_loss_seen(&self) -> bool {
        matches!(self, Self::Back { .. } | Self::Shorter { .. } | Self::Rewritten { .. })
    }
}
