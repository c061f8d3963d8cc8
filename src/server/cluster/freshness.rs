//! Whether a node's picture of the chat is new enough to be shown.
//!
//! It is as old as the newest own entry that has come back: that was appended then, and everything that others had been told
//! by then stands before it. So a node knows its age without comparing clocks, and whether it hears nothing, is not heard,
//! or is slow makes no difference.
//!
//! Must not know: what time it is.

use std::time::Duration;

/// From this age on, users are told.
pub const NOTICE_AFTER: Duration = Duration::from_secs(3);
/// From this age on, users are sent to another node.
pub const ELSEWHERE_AFTER: Duration = Duration::from_secs(10);

/// What follows from the age of a node's picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// It is new enough.
    Fresh,
    /// Users are told that this node is out of touch, and messages wait.
    Notice,
    /// Users are sent to another node, and nobody is let in.
    Elsewhere,
}

impl Freshness {
    /// What follows from an age; `None` if the node is not in.
    #[must_use]
    pub fn of(age: Option<Duration>) -> Self {
        match age {
            None => Self::Elsewhere,
            Some(age) if age >= ELSEWHERE_AFTER => Self::Elsewhere,
            Some(age) if age >= NOTICE_AFTER => Self::Notice,
            Some(_) => Self::Fresh,
        }
    }
}
