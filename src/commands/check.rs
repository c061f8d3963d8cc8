//! `tr2 serve --check`: checks everything that a start would use, and reports all problems. Changes nothing.
//!
//! Must not know: how anything is used afterwards.

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::path::Path;

use async_std::task;

use super::progress::Progress;
use super::{NETWORK_DISK, explain_start, review};
use crate::config::given::{Given, Problem, Problems};
use crate::config::{ServeConfig, Sources};
use crate::error::Error;
use crate::model::Url;
use crate::model::url::{DEFAULT_TLS_PORT, Host};
use crate::net::address::ListenAddress;
use crate::net::unix;
use crate::server::broker::Broker;
use crate::server::broker::rules::Beginning;
use crate::server::cluster_start::reached_at;
use crate::server::log::nats::check as nats;
use crate::server::log::nats::findings::LogFinding;
use crate::server::node_start::NodeStartError;
use crate::server::run::StartError;
use crate::server::secrets::certificate::CredentialSource;
use crate::server::secrets::cluster_key;
use crate::server::secrets::data_folder::{self as folder, FolderFound};
use crate::server::store::{self, Decisions, Durability, StoreError};
use crate::sys::host_name::host_name;
use crate::sys::{clock, disk, users};

/// Reports the problems, or what was found to be in order.
pub(super) fn check(sources: &Sources) -> Result<(), Error> {
    let progress = Progress::start("Checking configuration, certificates and data");
    let (config, Problems { mut list, .. }) = sources.look();
    let mut there = Vec::new();
    if let Some(config) = config {
        let mut is_node = false;
        let found = look_at_data(&config, sources.decisions(), &mut is_node, (&mut list, &mut there));
        let owner = found.map_or_else(|| rustix::process::geteuid().as_raw(), |found| found.owner);
        look_at_credential(&config, owner, &mut list);
        look_at_sockets(&config, found.is_some_and(|found| found.in_use), &mut list);
        look_at_cluster(&config, (owner, is_node), &mut list, &mut there);
    }
    drop(progress);
    if list.is_empty() {
        let file = sources.file().map(|file| format!("{file}, ")).unwrap_or_default();
        let text = format!("{file}addresses, certificates and data are fine; {}.", there.join("; "));
        return writeln!(io::stdout(), "{text}")
            .map_err(|error| Error::Failed(format!("cannot write to standard output: {error}")));
    }
    let misused = list.iter().any(Problem::is_misuse);
    let problems = Problems::new(sources.file().map(str::to_owned), list);
    let text = problems.lines().collect::<Vec<_>>().join("\n");
    Err(if misused { Error::Usage(text) } else { Error::Failed(text) })
}

/// A problem with what an option refers to.
fn about(given: &Given, key: &'static str, named: &str, what: impl ToString) -> Problem {
    let words = given.words(key);
    let word = words.iter().find(|word| word.text == named).or(words.first());
    Problem {
        position: word.and_then(|word| word.position),
        key: word.map(|_| key),
        ..Problem::failed(what.to_string())
    }
}

/// Looks at the data, and whether it is a node's; returns whose it is and whether a server uses it, if it could be told.
fn look_at_data(
    config: &ServeConfig,
    decisions: Decisions,
    is_node: &mut bool,
    (list, there): (&mut Vec<Problem>, &mut Vec<String>),
) -> Option<FolderFound> {
    let named = config.data.display().to_string();
    let found = match folder::look(&config.data) {
        Ok(Some(found)) => found,
        Ok(None) => {
            there.push(format!("the first start creates the data folder {named}"));
            return None;
        }
        Err(error) => {
            list.push(about(&config.given, "data", &named, error));
            return None;
        }
    };
    let whose = if rustix::process::geteuid().as_raw() == found.owner {
        String::new()
    } else if users::login(found.owner).is_some() {
        format!(" and belongs to {}", users::shown(found.owner))
    } else {
        // A container or a service may run as any number.
        format!(" and belongs to {}, which is no user of this machine", users::shown(found.owner))
    };
    there.push(format!("the data is in {named}{whose}"));
    if let Some(kind) = disk::network(&config.data) {
        there.push(format!("it is on a disk over a network ({kind}): {NETWORK_DISK}"));
    }
    if found.in_use {
        there.push("a running server uses it, and addresses that are in use count as its own".to_owned());
    }
    if config.store.durability != Durability::Memory {
        *is_node = look_at_history(config, found.owner, decisions, list);
    }
    Some(found)
}

/// Looks at the history; says whether it is a node's.
fn look_at_history(config: &ServeConfig, owner: u32, decisions: Decisions, list: &mut Vec<Problem>) -> bool {
    let named = config.data.display().to_string();
    let examined = match store::examine(&config.data, owner, decisions.new_history) {
        Ok(examined) => examined,
        Err(error) => {
            list.push(about(&config.given, "data", &named, error));
            // What it is, nobody knows.
            return true;
        }
    };
    // Where it is given and wrong, that is said already.
    let says_cluster =
        config.cluster.is_some() || list.iter().any(|problem| matches!(problem.key, Some("cluster" | "node")));
    if !says_cluster && examined.is_node && !decisions.alone {
        let history = config.data.join(store::HISTORY);
        list.push(about(&config.given, "data", &named, StoreError::OfNode(history)));
    }
    let beginning = Beginning { facts: examined.facts, ..Beginning::default() };
    let broker = Broker::new(config.rules.clone(), beginning);
    let lost: Vec<String> = examined.lost.iter().chain(broker.facts_lost()).cloned().collect();
    if !lost.is_empty() && !decisions.without_damaged {
        list.push(about(&config.given, "data", &named, StoreError::records(&config.data, &lost)));
    }
    if examined.damaged > 0 {
        let what = format!(
            "{} messages in {named} are damaged, and are left out wherever somebody asks for them; a backup from before may \
             still have them",
            examined.damaged
        );
        list.push(about(&config.given, "data", &named, what));
    }
    examined.is_node
}

fn look_at_credential(config: &ServeConfig, owner: u32, list: &mut Vec<Problem>) {
    let key = match &config.credential {
        CredentialSource::Given { .. } => "cert",
        CredentialSource::Own(_) if config.listen.iter().any(|place| matches!(place, ListenAddress::Tls(_))) => "data",
        CredentialSource::Own(_) => return,
    };
    match config.credential.look(owner) {
        Ok(None) => {}
        Ok(Some(credential)) => {
            for problem in review(&config.credential, &credential) {
                list.push(about(&config.given, key, "", problem));
            }
        }
        Err(error) => list.push(about(&config.given, key, "", error)),
    }
}

/// Listens at every address at once, and stops again. What a running server of the same data has taken is its own.
fn look_at_sockets(config: &ServeConfig, runs: bool, list: &mut Vec<Problem>) {
    let (mut bound, mut named) = (Vec::new(), Vec::new());
    for (key, places) in [("listen", &config.listen), ("metrics", &config.metrics)] {
        for place in places {
            let mut complain = |what: String| list.push(about(&config.given, key, &place.to_string(), what));
            if let Some(same) = same_place(place) {
                if named.contains(&same) {
                    complain(format!("cannot listen at {place}: this address is given twice; choose another one"));
                    continue;
                }
                named.push(same);
            }
            match place {
                ListenAddress::Unix(path) => {
                    if let Err(error) = unix::look_at(Path::new(path), runs) {
                        complain(explain_start(StartError::Socket(path.clone(), error)).to_string());
                    }
                }
                ListenAddress::Tcp(address) | ListenAddress::Tls(address) => match TcpListener::bind(address) {
                    Ok(listener) => bound.push(listener),
                    Err(error) if runs && error.kind() == io::ErrorKind::AddrInUse => {}
                    Err(error) => complain(explain_start(StartError::Address(place.clone(), error)).to_string()),
                },
            }
        }
    }
}

/// Asks the NATS servers of a node whether they and the log are as they should be.
fn look_at_cluster(
    config: &ServeConfig,
    (owner, is_node): (u32, bool),
    list: &mut Vec<Problem>,
    there: &mut Vec<String>,
) {
    let Some(cluster) = &config.cluster else { return };
    // Also where the key is not given: it is the one to look at.
    let mut complain = |key, what: String| list.push(Problem { key: Some(key), ..about(&config.given, key, "", what) });
    let reached = reached_at(&config.listen, &host_name()).and_then(|url| url.parse::<Url>().ok());
    let is_here = |host: &Host| host.is_loopback();
    let is_only_here = |url: &Url| match url {
        Url::Tcp(host) | Url::Tls(host) => is_here(host),
        Url::Unix(_) => true,
        Url::Ssh(_) => false,
    };
    if let Some(url) = reached.filter(is_only_here)
        && cluster.address.is_empty()
        && !cluster.servers.iter().all(|server| is_here(&server.host))
    {
        let what = format!(
            "the clients of other nodes are told that this one is at {url}, which only this machine reaches; listen at \
             tls://0.0.0.0:{DEFAULT_TLS_PORT}, or name its address with cluster-address"
        );
        complain("cluster-address", what);
    }
    let options = match cluster.options(owner) {
        Ok(options) => options,
        Err(problem) => return complain(problem.key.unwrap_or("cluster"), problem.what),
    };
    let findings = task::block_on(nats::check(&options, &cluster.monitors, clock::wall));
    if findings.is_empty() {
        // There is a log, and a start would be refused.
        if let Err(error) = cluster_key::read_of(&config.data, owner) {
            complain("data", error.to_string());
        } else if !is_node {
            complain("data", NodeStartError::NoNode(config.data.clone()).to_string());
        }
        let (stream, servers) = (&options.names.stream, cluster.servers.len());
        there.push(format!("the log {stream} on {servers} NATS servers is as it should be"));
    }
    for finding in findings {
        complain(key_of(&finding), finding.to_string());
    }
}

/// The key that something about the log is to be told under.
fn key_of(finding: &LogFinding) -> &'static str {
    match finding {
        LogFinding::NotSynced { .. } | LogFinding::SyncUnknown { .. } => "cluster-monitors",
        LogFinding::Server(_) | LogFinding::OldServer { .. } | LogFinding::Clock { .. } => "cluster",
        LogFinding::Stream { .. }
        | LogFinding::Setting { .. }
        | LogFinding::Replicas { .. }
        | LogFinding::Replica { .. }
        | LogFinding::NoLeader
        | LogFinding::NearlyFull { .. } => "cluster-chat",
    }
}

/// What two addresses cannot share; `None` if the system chooses the port.
fn same_place(place: &ListenAddress) -> Option<String> {
    match place {
        ListenAddress::Unix(path) => Some(path.clone()),
        ListenAddress::Tcp(address) | ListenAddress::Tls(address) => (address.port() != 0).then(|| address.to_string()),
    }
}
