//! `tr2 serve --found`: begins the common log of a cluster from the data of one server, which is stopped meanwhile.
//!
//! Must not know: what the log holds, or how it is made.

use async_std::task;

use super::{KeptFolder, print};
use crate::commands::cluster;
use crate::commands::progress::Progress;
use crate::config::{Agreed, Sources};
use crate::error::Error;
use crate::logging;
use crate::server::founding::found_from;
use crate::server::node_start::NodeData;
use crate::server::secrets::certificate::CredentialSource;
use crate::server::secrets::cluster_key;
use crate::server::secrets::data_folder::{self, DataFolder};

/// Begins the log, and prints what is to be done next.
pub(super) fn found(sources: &Sources, agreed: Agreed) -> Result<(), Error> {
    let config = sources.read()?;
    logging::set(config.log, config.log_format);
    let cluster = config.cluster.as_ref().ok_or_else(|| {
        Error::usage("--found needs the NATS servers and a name for this node: --cluster tls://HOST:PORT,… --node NAME")
    })?;
    if data_folder::look(&config.data).map_err(super::unreachable)?.is_some() {
        KeptFolder::find(sources)?.become_owner()?;
    }
    let folder = DataFolder::open(&config.data).map_err(Error::failed)?;
    let options = cluster::options(cluster)?;
    // All nodes show clients the same key, and what is missing of it is made here.
    config.credential.load().map_err(Error::failed)?;
    cluster_key::make(&config.data).map_err(Error::failed)?;
    let data = NodeData {
        folder: config.data.clone(),
        options: config.store,
        decisions: sources.decisions(),
        rules: NodeData::rules(&config.rules, cluster.shared_logins),
        secret: cluster_key::read(&config.data).map_err(Error::failed)?,
    };
    let progress = Progress::start("Beginning the common log");
    let founded = task::block_on(found_from(&options, agreed == Agreed::Yes, || {
        data.begin_log(&options).map_err(|error| error.to_string())
    }));
    drop(progress);
    founded.map_err(Error::failed)?;
    print(&format!(
        "The log {} was begun from the data in {}.\n\
         Next: start this node. Then, for each other machine, make a backup here with tr2 serve --backup FILE, carry the file \
         over, put it in place there with tr2 serve --restore FILE, and start tr2 there with the same --cluster and a --node of \
         its own.",
        options.names.stream,
        config.data.display()
    ))?;
    if let Some(passphrase) = &folder.new_passphrase {
        print(&format!("The moderator passphrase, shown only once: {passphrase}"))?;
    }
    folder.keep(true, matches!(config.credential, CredentialSource::Own(_))).map_err(Error::failed)
}
