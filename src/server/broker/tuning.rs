//! The settings that can change while the server runs.
//!
//! Must not know: how the settings were read, or which code puts them in force.

use super::rules::Rules;
use crate::server::limits::Rate;
use crate::server::store::api::Retention;

/// All settings that can change while the server runs; they change together.
#[derive(Clone, Debug)]
pub struct Tuning {
    /// The rules of the broker.
    pub rules: Rules,
    /// How long messages are kept.
    pub keep: Retention,
    /// The sum over the settings that all nodes share; `None` on a server that stands alone.
    pub shared: Option<[u8; 32]>,
    /// The flood limit; `None` is no limit.
    pub flood: Option<Rate>,
    /// The bytes that may wait for one connection.
    pub slow_consumer: usize,
}

/// New settings that were read and are valid.
pub struct Change {
    /// The settings.
    pub tuning: Tuning,
    /// Runs once the settings are in force; it cannot fail.
    pub rest: Box<dyn FnOnce() + Send>,
}
