//! Orders: a running server is asked through its control socket; a stopped one is started for the order alone, and
//! listens nowhere.
//!
//! Must not know: what follows from an order.

use std::io;
use std::path::Path;

use async_std::task;
use log::LevelFilter;

use super::{KeptFolder, print};
use crate::commands::explain_start;
use crate::commands::progress::Progress;
use crate::config::Sources;
use crate::error::Error;
use crate::logging;
use crate::net::control;
use crate::server::host_order::HostOrder;
use crate::server::limits::ORDER_PATIENCE;
use crate::server::run::{BoundServer, ServerSettings};
use crate::server::secrets::cluster_key;
use crate::server::secrets::data_folder::{self, DataFolder};
use crate::server::store::{self, Durability, StoreError};
use crate::sys::sd_notify::ServiceManager;

/// Has an order carried out, and prints the outcome.
pub(super) fn order(sources: &Sources, order: &HostOrder) -> Result<(), Error> {
    let text = carry_out(sources, &KeptFolder::find(sources)?, order)?;
    print(&text)
}

/// `tr2 serve --rotate-passphrase`.
pub(super) fn rotate_passphrase(sources: &Sources) -> Result<(), Error> {
    let kept = KeptFolder::find(sources)?;
    let is_node = cluster_key::is_there(&kept.data);
    if is_node && kept.found.in_use {
        return Err(Error::failed(
            "all nodes of a cluster have the same passphrase: stop all of them, do this on one, and copy its file moderator to \
             the others",
        ));
    }
    let passphrase = if kept.found.in_use {
        ask(&kept.data, control::PASSPHRASE)?
    } else {
        kept.become_owner()?;
        // Before the passphrase is another: what cannot be stored is found out while nothing has changed.
        let is_stored = sources.read()?.store.durability != Durability::Memory && !is_node;
        if is_stored && store::look(&kept.data).map_err(Error::failed)? {
            carry_out(sources, &kept, &HostOrder::EndPassphraseRights)?;
        }
        // The lock keeps a server from starting meanwhile.
        let _lock = data_folder::lock_alone(&kept.data).map_err(Error::failed)?;
        data_folder::renew_passphrase(&kept.data).map_err(Error::failed)?.1
    };
    print(&format!("The new moderator passphrase, shown only once: {passphrase}")).map_err(|error| {
        Error::Failed(format!("{error}; the passphrase is another now, which nobody has seen: do this again"))
    })?;
    if is_node {
        let file = kept.data.join(data_folder::MODERATOR);
        print(&format!("Copy {} to the other nodes before any of them is started.", file.display()))?;
    }
    Ok(())
}

/// Has an order carried out by the running server, or without one; returns what it says.
pub(super) fn carry_out(sources: &Sources, kept: &KeptFolder, order: &HostOrder) -> Result<String, Error> {
    if kept.found.in_use {
        return ask(&kept.data, &order.line());
    }
    if cluster_key::is_there(&kept.data) {
        return Err(Error::failed(
            "this server is a node of a cluster, and all nodes have to do this: start it, and then ask for it again",
        ));
    }
    let config = sources.read()?;
    if config.store.durability == Durability::Memory {
        let text =
            "nothing is stored in this folder (durability = memory), so there is nothing to change without a server";
        return Err(Error::failed(text));
    }
    kept.become_owner()?;
    let folder = DataFolder::open(&kept.data).map_err(Error::failed)?;
    if !store::look(&kept.data).map_err(Error::failed)? {
        return Err(Error::failed(StoreError::Missing(kept.data.join("history.db"))));
    }
    logging::set(config.log.min(LevelFilter::Error), config.log_format);
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(Error::failed)?;
    let settings = ServerSettings {
        data: kept.data.clone(),
        durability: config.store.durability,
        listen: Vec::new(),
        proxies: Vec::new(),
        activated_sockets: Vec::new(),
        service_manager: ServiceManager::none(),
        extra_socket_file: None,
        metrics: Vec::new(),
        access: config.access,
        acceptor: None,
        secret,
        trust_clock: sources.trusts_clock(),
        decisions: sources.decisions(),
        tuning: config.tuning(),
        passphrase_hash: folder.passphrase_hash.clone(),
        announced: None,
        cluster: None,
    };
    let progress = Progress::start("Changing the data");
    let outcome = task::block_on(async {
        let bound = BoundServer::bind(settings).map_err(explain_start)?;
        bound.carry_out(order.clone()).await.map_err(Error::failed)
    });
    drop(progress);
    outcome?.map_err(Error::Failed)
}

/// Asks the running server; returns what it says.
fn ask(data: &Path, request: &str) -> Result<String, Error> {
    let progress = Progress::start("Waiting for the server");
    let answer = control::ask(data, request, ORDER_PATIENCE);
    drop(progress);
    let answer = answer.map_err(|error| {
        let data = data.display();
        Error::Failed(if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
            format!("the server in {data} does not answer; see its log")
        } else {
            format!("the server in {data} cannot be asked ({error}); see no_control_socket in its log, or stop it and try again")
        })
    })?;
    if let Some(text) = answer.strip_prefix(control::DONE) {
        return Ok(text.trim_end().to_owned());
    }
    let why = answer.strip_prefix(control::REFUSED).map_or("", str::trim_end);
    Err(Error::Failed(match why {
        "" => "the server ended before it answered; ask again".to_owned(),
        control::UNKNOWN => {
            "the running server is of another version and does not know this request; restart it with this version"
                .to_owned()
        }
        why => why.to_owned(),
    }))
}
