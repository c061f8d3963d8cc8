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
use crate::server::secrets::cluster_key;
use crate::server::secrets::data_folder::DataFolder;

/// What makes a server one of several nodes, if it is to be one; `key` is what clients remember of it.
pub(super) fn start(
    config: &ServeConfig,
    folder: &DataFolder,
    key: Option<Fingerprint>,
) -> Result<Option<ClusterStart>, Error> {
    let Some(cluster) = &config.cluster else { return alone(config) };
    Ok(Some(ClusterStart {
        options: options(cluster)?,
        node: cluster.node.clone(),
        secret: cluster_key::read(&config.data).map_err(Error::failed)?,
        urls: cluster.address.iter().map(ToString::to_string).collect(),
        shared_logins: cluster.shared_logins,
        settings: sum(config, cluster, &folder.passphrase_hash, key),
    }))
}

/// A server alone; the history of a node is that of all nodes, and would no longer be if one of them went on by itself.
fn alone(config: &ServeConfig) -> Result<Option<ClusterStart>, Error> {
    if !cluster_key::is_there(&config.data) {
        return Ok(None);
    }
    Err(Error::Failed(format!(
        "the data in {} are those of a node: start it with --cluster and --node, or remove its cluster.key first, if it is to \
         leave the cluster and serve a chat of its own",
        config.data.display()
    )))
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

/// The sum over the settings that all nodes share and that can be changed while the server runs; `None` without other
/// nodes.
pub(super) fn live_sum(config: &ServeConfig) -> Option<SettingsHash> {
    config.cluster.as_ref().map(|cluster| sum(config, cluster, "", None))
}

fn sum(config: &ServeConfig, cluster: &ClusterConfig, passphrase_hash: &str, key: Option<Fingerprint>) -> SettingsHash {
    let ServeConfig { rules, store, .. } = config;
    SharedSettings { rules, keep: store.keep, passphrase_hash, key, shared_logins: cluster.shared_logins }.sum()
}
