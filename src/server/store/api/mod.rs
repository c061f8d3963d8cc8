//! What the store is given and what it reports: the words that it shares with the broker.
//!
//! - `message`: a message as it is kept, and the receipt for it.
//! - `change`: a change of a message by a user; `change_label`: what is kept of it under its label.
//! - `erasure`: what a user said is erased.
//! - `job`: everything that can be given to the store.
//! - `question`: what a user asks of the history, and the answer.
//! - `node_place`: what a node keeps of the log that it shares with others.
//! - `owner`: whose a name is. `requester`: where an answer is to go.
//! - `opening`: how a store is opened, what it finds then, and what it reports while it works.
//!
//! Must not know: how anything is kept (`sqlite`, `memory`), or who is connected (`broker`).

mod change;
mod change_label;
mod erasure;
mod job;
mod message;
mod node_place;
mod opening;
mod owner;
mod question;
mod requester;

pub use self::change::{Alteration, ChangeAgain, ChangeDone, Changed, OwnBound, ReactionRemoval, Revision};
pub(in crate::server::store) use self::change_label::{ChangeKind, ChangeLabel};
pub use self::erasure::{ErasedMark, ErasedPlace, Erasure, ErasureCounts, ErasureStep};
pub use self::job::{Deleted, Deletion, Fact, HOST, Job, LoggedAct, Retention, Update};
pub use self::message::{ConversationId, Kept, Outcome, Receipt, Recipient, Record, RecordExtra};
pub use self::node_place::NodePlace;
pub use self::opening::{Decisions, Durability, Opening, Options, Report};
pub use self::owner::{Owner, Proof, changes_hands};
pub use self::question::{Answer, Question, What};
pub use self::requester::Requester;
