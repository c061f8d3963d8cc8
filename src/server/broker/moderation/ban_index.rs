//! The bans or the mutes of one place, looked up by name, identity and network without walking through them.
//!
//! Must not know: when a ban expires, or whose it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::net::IpAddr;

use crate::model::ban_target::Network;
use crate::model::{BanTarget, Identity, Name, NameKey, Origin};
use crate::server::in_order;
use serde::{Deserialize, Serialize};

/// A user, as bans are looked up for them.
#[derive(Clone, Copy, Debug)]
pub struct Suspect<'a> {
    /// The keys of the name.
    pub key: &'a NameKey,
    /// The proved identity, if any.
    pub identity: Option<Identity>,
    /// The address or local user that they connect from.
    pub origin: Origin,
}

/// The numbers of bans by what they are about.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct BanIndex {
    numbers: BTreeSet<u64>,
    #[serde(serialize_with = "in_order::map")]
    by_name: HashMap<String, BTreeSet<u64>>,
    #[serde(serialize_with = "in_order::map")]
    by_identity: HashMap<Identity, BTreeSet<u64>>,
    #[serde(serialize_with = "in_order::map")]
    by_network: HashMap<Network, BTreeSet<u64>>,
    /// How many banned networks there are of each length of prefix, IPv4 and IPv6 apart: an address is looked up once for
    /// each length, however many networks are banned.
    prefixes: BTreeMap<(bool, u8), usize>,
}

/// The keys under which a name is indexed.
fn keys_of(key: &NameKey) -> [String; 2] {
    [format!("f{}", key.folded), format!("s{}", key.skeleton)]
}

/// The keys under which a name is indexed.
pub(super) fn name_keys(name: &Name) -> [String; 2] {
    keys_of(&name.key())
}

impl BanIndex {
    /// The numbers, lowest first.
    pub(super) fn numbers(&self) -> &BTreeSet<u64> {
        &self.numbers
    }

    /// Adds a ban of these traits.
    pub(super) fn add(&mut self, number: u64, whom: &[BanTarget]) {
        self.numbers.insert(number);
        for whom in whom {
            match whom {
                BanTarget::Name(name) => keys_of(&name.key()).into_iter().for_each(|key| {
                    self.by_name.entry(key).or_default().insert(number);
                }),
                BanTarget::Identity(identity) => {
                    self.by_identity.entry(*identity).or_default().insert(number);
                }
                BanTarget::Network(network) => {
                    if !self.by_network.contains_key(network) {
                        *self.prefixes.entry((network.is_ipv4(), network.prefix())).or_default() += 1;
                    }
                    self.by_network.entry(*network).or_default().insert(number);
                }
            }
        }
    }

    /// Removes a ban of these traits.
    pub(super) fn remove(&mut self, number: u64, whom: &[BanTarget]) {
        self.numbers.remove(&number);
        for whom in whom {
            match whom {
                BanTarget::Name(name) => {
                    keys_of(&name.key()).iter().for_each(|key| drop_from(&mut self.by_name, key, number));
                }
                BanTarget::Identity(identity) => drop_from(&mut self.by_identity, identity, number),
                BanTarget::Network(network) => {
                    let before = self.by_network.contains_key(network);
                    drop_from(&mut self.by_network, network, number);
                    let length = (network.is_ipv4(), network.prefix());
                    if before
                        && !self.by_network.contains_key(network)
                        && let Some(count) = self.prefixes.get_mut(&length)
                    {
                        *count -= 1;
                        if *count == 0 {
                            self.prefixes.remove(&length);
                        }
                    }
                }
            }
        }
    }

    /// The bans that have exactly this trait, or a name that looks like it.
    pub(super) fn about(&self, whom: &BanTarget) -> impl Iterator<Item = u64> {
        let sets: Vec<&BTreeSet<u64>> = match whom {
            BanTarget::Name(name) => keys_of(&name.key()).iter().filter_map(|key| self.by_name.get(key)).collect(),
            BanTarget::Identity(identity) => self.by_identity.get(identity).into_iter().collect(),
            BanTarget::Network(network) => self.by_network.get(network).into_iter().collect(),
        };
        sets.into_iter().flatten().copied()
    }

    /// The bans that have a name with one of these keys.
    pub(super) fn named(&self, keys: &[String; 2]) -> impl Iterator<Item = u64> {
        keys.iter().filter_map(|key| self.by_name.get(key)).flatten().copied()
    }

    /// The bans that a user falls under.
    pub(super) fn of(&self, who: Suspect<'_>) -> impl Iterator<Item = u64> {
        let names = keys_of(who.key);
        let by_name = names.iter().filter_map(|key| self.by_name.get(key));
        let uid = if let Origin::Unix(uid) = who.origin { Some(Identity::Uid(uid)) } else { None };
        let by_identity = who.identity.into_iter().chain(uid).filter_map(|whose| self.by_identity.get(&whose));
        let by_network = who.origin.ip().into_iter().flat_map(|ip| self.networks_of(ip));
        let sets: Vec<&BTreeSet<u64>> = by_name.chain(by_identity).chain(by_network).collect();
        sets.into_iter().flatten().copied()
    }

    fn networks_of(&self, ip: IpAddr) -> impl Iterator<Item = &BTreeSet<u64>> {
        let lengths = self.prefixes.keys().filter(move |(v4, _)| *v4 == ip.is_ipv4());
        lengths.filter_map(move |(_, length)| self.by_network.get(&Network::with_prefix(ip, *length)?))
    }
}

fn drop_from<K: Hash + Eq>(sets: &mut HashMap<K, BTreeSet<u64>>, key: &K, number: u64) {
    if let Some(numbers) = sets.get_mut(key) {
        numbers.remove(&number);
        if numbers.is_empty() {
            sets.remove(key);
        }
    }
}
