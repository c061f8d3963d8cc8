//! The rules by which all nodes of a chat decide, and which hold from a place of their log on.
//!
//! Must not know: who changes them, or when.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rules::{Registration, Rules};
use crate::model::Name;
use crate::server::store::api::Retention;

/// What all nodes decide by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedRules {
    moderators: Vec<Name>,
    trust_names: bool,
    registration: Registration,
    own_uid: u32,
    passphrase_tries: u32,
    edit_seconds: u64,
    /// How long messages are kept.
    pub keep: Retention,
}

impl SharedRules {
    /// What nodes share of these rules.
    #[must_use]
    pub fn of(rules: &Rules, keep: Retention) -> Self {
        Self {
            moderators: rules.moderators.clone(),
            trust_names: rules.trust_names,
            registration: rules.registration,
            own_uid: rules.own_uid,
            passphrase_tries: rules.passphrase_tries,
            edit_seconds: rules.edit_time.as_secs(),
            keep,
        }
    }

    /// These rules in place of those of one node.
    #[must_use]
    pub fn in_place_of(&self, rules: Rules) -> Rules {
        let Self { trust_names, registration, own_uid, passphrase_tries, edit_seconds, .. } = *self;
        let edit_time = Duration::from_secs(edit_seconds);
        Rules {
            moderators: self.moderators.clone(),
            trust_names,
            registration,
            own_uid,
            passphrase_tries,
            edit_time,
            ..rules
        }
    }
}
