//! What all nodes share of their settings, and what clients are told of the nodes.
//!
//! Must not know: what the broker does by them.

use std::collections::BTreeSet;

use super::NodeDesk;
use crate::model::{Now, Url};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::rules::Rules;
use crate::server::broker::shared_rules::SharedRules;
use crate::server::broker::tuning::Tuning;
use crate::server::cluster::step_store::Hands;

impl NodeDesk {
    /// Has clients told where all nodes are, if that has changed.
    pub(super) fn tell_nodes(&mut self, now: Now, outbox: &mut Outbox) {
        let follower = self.replica.follower();
        let urls = follower.nodes().flat_map(|(_, urls)| urls.split(' ')).filter_map(|url| url.parse().ok());
        let nodes: Vec<Url> = urls.collect();
        // A node that is not in knows of nobody.
        if follower.serves() && nodes != self.rules.nodes {
            let names: BTreeSet<String> = follower.nodes().map(|(node, _)| node.to_string()).collect();
            let lost: Vec<&str> = self.names.difference(&names).map(String::as_str).collect();
            if !lost.is_empty() {
                log::warn!(nodes = lost.join(","); "node_lost");
            }
            log::info!(nodes = names.iter().map(String::as_str).collect::<Vec<_>>().join(","); "nodes");
            self.names = names;
            let rules = Rules { nodes, ..self.rules.clone() };
            self.put_in_force(now, rules, outbox);
        }
    }

    /// Puts new settings of this node in force; those that all nodes share are given to all of them.
    pub(in crate::server::transport) fn change_settings(&mut self, now: Now, tuning: Tuning, outbox: &mut Outbox) {
        let Tuning { rules, keep, shared: settings, .. } = tuning;
        let rules = Rules { nodes: self.rules.nodes.clone(), own_uid: self.rules.own_uid, calls: false, ..rules };
        self.shared = SharedRules::of(&rules, keep);
        self.put_in_force(now, rules, outbox);
        if let Some(settings) = settings {
            self.settings = settings;
            self.replica.follower_mut().set_settings(settings);
            if self.replica.follower().turn().state().settings != Some(settings) {
                self.agree();
            }
        }
    }

    /// Has all nodes decide by this one's rules.
    pub(super) fn agree(&mut self) {
        if self.replica.agree(self.settings, self.shared.clone()) {
            log::info!("settings_shared");
        }
    }

    /// Where the nodes that are in have the settings of this one, and others were in force before, they are put in force.
    pub(super) fn agree_if_new(&mut self) {
        let follower = self.replica.follower();
        let same = follower.serves() && follower.turn().state().settings == Some(self.settings);
        if same && self.broker().shared_rules() != Some(&self.shared) {
            self.agree();
        }
    }

    pub(super) fn put_in_force(&mut self, now: Now, rules: Rules, outbox: &mut Outbox) {
        self.rules = rules;
        if let Some(store) = &mut self.steps {
            self.replica.change_rules(now, self.rules.clone(), &mut Hands { store, outbox });
        }
    }
}
