//! What a server that is one of several nodes is given, and what all nodes must share of its configuration.
//!
//! Must not know: what the nodes do with it.

use crate::config::given::Problems;
use crate::config::{ClusterConfig, ServeConfig};
use crate::error::Error;
use crate::model::Fingerprint;
use crate::net::certificate::Credential;
use crate::net::certificate_review;
use crate::server::cluster::entry::SettingsHash;
use crate::server::cluster_start::{ClusterStart, SharedSettings};
use crate::server::log::nats::connection::NatsOptions;
use crate::server::node_start::NodeData;
use crate::server::secrets::cluster_key;
use crate::server::secrets::data_folder::DataFolder;

/// What makes a server one of several nodes, if it is to be one; `key` is what clients remember of it.
pub(super) fn start(
    config: &ServeConfig,
    folder: &DataFolder,
    key: Option<Fingerprint>,
) -> Result<Option<ClusterStart>, Error> {
    let Some(cluster) = &config.cluster else { return Ok(None) };
    let mut life = [0; 8];
    getrandom::fill(&mut life).map_err(Error::failed)?;
    Ok(Some(ClusterStart {
        life: u64::from_le_bytes(life),
        options: options(cluster)?,
        node: cluster.node.clone(),
        secret: cluster_key::read(&config.data).map_err(Error::failed)?,
        urls: cluster.address.iter().map(ToString::to_string).collect(),
        shared_logins: cluster.shared_logins,
        settings: sum(config, cluster, &folder.passphrase_hash, key),
    }))
}

/// How the log is reached, by a server that runs as this user.
pub(super) fn options(cluster: &ClusterConfig) -> Result<NatsOptions, Error> {
    let own = rustix::process::geteuid().as_raw();
    cluster.options(own).map_err(|problem| Problems::new(None, vec![problem]).into())
}

/// The key that clients remember; `None` where an authority vouches for the name, and the key may change with each renewal.
pub(super) fn pinned(credential: &Credential) -> Option<Fingerprint> {
    certificate_review::vouched_for(credential).is_none().then_some(credential.fingerprint)
}

/// The sum over the settings that all nodes share, `key` among them, which clients remember; `None` on a server that stands
/// alone.
pub(super) fn sum_of(config: &ServeConfig, passphrase_hash: &str, key: Option<Fingerprint>) -> Option<SettingsHash> {
    config.cluster.as_ref().map(|cluster| sum(config, cluster, passphrase_hash, key))
}

fn sum(config: &ServeConfig, cluster: &ClusterConfig, passphrase_hash: &str, key: Option<Fingerprint>) -> SettingsHash {
    let rules = &NodeData::rules(&config.rules, cluster.shared_logins);
    SharedSettings { rules, keep: config.store.keep, passphrase_hash, key, shared_logins: cluster.shared_logins }.sum()
}
