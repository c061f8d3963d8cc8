//! What a running server can be told to go by from now on.
//!
//! Must not know: how it was read, or who carries it out.

use super::rules::Rules;
use crate::server::limits::Rate;
use crate::server::store::api::Retention;

/// Everything that can change while the server runs; it changes together.
#[derive(Clone, Debug)]
pub struct Tuning {
    /// What the broker goes by.
    pub rules: Rules,
    /// How long messages are kept.
    pub keep: Retention,
    /// The flood limit; none is no limit.
    pub flood: Option<Rate>,
    /// Bytes that may wait for one connection.
    pub slow_consumer: usize,
}

/// A change that was read and found good.
pub struct Change {
    /// What the server goes by.
    pub tuning: Tuning,
    /// What else is to be done once it does; it cannot fail.
    pub rest: Box<dyn FnOnce() + Send>,
}
