//! A server that is one of several nodes of a chat: what was given for that, and the files that it names.
//!
//! Must not know: what the log is for, or how its servers are asked.

use std::fs;
use std::path::{Path, PathBuf};

use super::checker::Checker;
use super::given::Problem;
use super::value::Meant;
use crate::model::Url;
use crate::net::late_tls::Authorities;
use crate::server::broker::rules::Rules;
use crate::server::cluster::entry::{MAX_URL, NodeId};
use crate::server::log::nats::connection::NatsOptions;
use crate::server::log::nats::dial::NatsAccess;
use crate::server::log::nats::login::{NatsCredentials, NatsUrl};
use crate::server::log::nats::stream::StreamNames;
use crate::server::store::Durability;
use crate::sys::secure_files;

/// The key that makes a server a node.
const CLUSTER: &str = "cluster";
/// The keys that mean nothing without it.
const OTHERS: [&str; 7] = [
    "node",
    "cluster-chat",
    "cluster-credentials",
    "cluster-ca",
    "cluster-monitors",
    "cluster-address",
    "cluster-logins",
];
/// The name of a chat that was not given one.
const CHAT: &str = "main";
/// The longest file that is read, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// What makes a server one of several nodes.
#[derive(Clone, Debug)]
pub struct ClusterConfig {
    /// The NATS servers that keep the log.
    pub servers: Vec<NatsUrl>,
    /// The name of this node.
    pub node: NodeId,
    /// The names that are derived from that of the chat.
    pub names: StreamNames,
    /// The file with what this node proves to the NATS servers.
    pub credentials: Option<PathBuf>,
    /// The file with the authorities that vouch for NATS servers.
    pub ca: Option<PathBuf>,
    /// The monitoring ports of the NATS servers.
    pub monitors: Vec<String>,
    /// Where clients reach this node; empty for what follows from where it listens.
    pub address: Vec<Url>,
    /// Whether all machines have the same users.
    pub shared_logins: bool,
}

impl ClusterConfig {
    /// How the log is reached, by a server that runs as `owner`: reads the files, and draws a new inbox.
    ///
    /// # Errors
    /// A file cannot be used, with its key.
    pub fn options(&self, owner: u32) -> Result<NatsOptions, Problem> {
        let credentials = self.credentials.as_deref().map(|path| credentials(path, owner)).transpose();
        let authorities = self.ca.as_deref().map(authorities).transpose();
        let access = NatsAccess {
            credentials: credentials.map_err(|what| about("cluster-credentials", what))?,
            authorities: authorities.map_err(|what| about("cluster-ca", what))?,
            name: format!("tr2 {}", self.node),
        };
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| Problem::failed(error.to_string()))?;
        let inbox = format!("_INBOX.{:032x}", u128::from_be_bytes(random));
        Ok(NatsOptions { urls: self.servers.clone(), names: self.names.clone(), access, inbox })
    }
}

fn about(key: &'static str, what: String) -> Problem {
    Problem { key: Some(key), ..Problem::failed(what) }
}

fn credentials(path: &Path, owner: u32) -> Result<NatsCredentials, String> {
    let shown = path.display();
    let text = match secure_files::read_secret_of(path, MAX_FILE, owner) {
        Ok(Some(text)) => text,
        Ok(None) => return Err(format!("there is no file {shown}")),
        Err(error) => return Err(format!("the file {shown} cannot be used: {error}")),
    };
    NatsCredentials::parse(&text).map_err(|error| format!("the file {shown} cannot be used: {error}"))
}

/// Certificates are no secret, and the file may be a link.
fn authorities(path: &Path) -> Result<Authorities, String> {
    let failed = |why: String| format!("the file {} cannot be used: {why}", path.display());
    let seen = fs::metadata(path).map_err(|error| failed(error.to_string()))?;
    if !seen.is_file() || seen.len() > MAX_FILE {
        return Err(failed("it is not a regular file, or is too long".to_owned()));
    }
    let pem = fs::read(path).map_err(|error| failed(error.to_string()))?;
    Authorities::from_pem(&pem).map_err(|error| failed(error.to_string()))
}

/// What was given of a cluster, if anything; `insecure` allows plain text between machines.
pub(super) fn cluster(checker: &mut Checker<'_>, insecure: bool) -> Option<ClusterConfig> {
    let given = checker.given;
    let is_given = |key: &str| !given.words(key).is_empty();
    if !is_given(CLUSTER) {
        for key in OTHERS.into_iter().filter(|key| is_given(key)) {
            checker.complain(key, "goes with cluster, which names the NATS servers of the common log");
        }
        return None;
    }
    let servers = servers(checker, insecure);
    if !is_given("node") {
        checker.complain(CLUSTER, "goes with node, a name for this server that no other node has");
    }
    let node = checker.one("node", node);
    let names = checker.one("cluster-chat", chat);
    let names = if is_given("cluster-chat") { names } else { StreamNames::of(CHAT).ok() };
    let ca = checker.path("cluster-ca");
    if ca.is_some() && !servers.iter().any(|server| server.tls) {
        checker.complain("cluster-ca", "is for NATS servers at tls://, and there is none in cluster");
    }
    let address = checker.each("cluster-address", address);
    if address.iter().map(|url| url.to_string().len() + 1).sum::<usize>() > MAX_URL {
        checker.complain("cluster-address", &format!("has more than {MAX_URL} bytes in all"));
    }
    let (credentials, monitors) = (checker.path("cluster-credentials"), checker.each("cluster-monitors", monitor));
    let shared_logins = checker.one("cluster-logins", logins).unwrap_or(false);
    let (node, names) = (node?, names?);
    Some(ClusterConfig { servers, node, names, credentials, ca, monitors, address, shared_logins })
}

/// What a node cannot have, and what it has otherwise than a server alone.
pub(super) fn suit(checker: &mut Checker<'_>, durability: Durability, rules: &mut Rules) {
    if durability == Durability::Memory {
        checker
            .complain("durability", "memory keeps nothing, and each node of a cluster has the history on its own disk");
    }
    if rules.calls && !checker.given.words("calls").is_empty() {
        checker.complain("calls", "there are no calls in a cluster in this version; set it to off, or leave it out");
    }
    rules.calls = false;
}

fn servers(checker: &mut Checker<'_>, insecure: bool) -> Vec<NatsUrl> {
    let before = checker.problems.len();
    let servers = checker.each(CLUSTER, |word| word.split(',').map(|url| server(url, insecure)).collect());
    // A password must not end up in a log.
    for problem in checker.problems.iter_mut().skip(before) {
        problem.word = problem.word.take().map(|word| without_passwords(&word));
    }
    let servers: Vec<NatsUrl> = servers.into_iter().flat_map(|servers: Vec<NatsUrl>| servers).collect();
    let mut places: Vec<String> = servers.iter().map(ToString::to_string).collect();
    places.sort_unstable();
    if let Some(twice) = places.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first()) {
        checker.complain(CLUSTER, &format!("{twice} is given twice"));
    }
    servers
}

fn without_passwords(word: &str) -> String {
    let shown = |url: &str| match (url.split_once("://"), url.rsplit_once('@')) {
        (_, None) => url.to_owned(),
        (Some((scheme, _)), Some((_, place))) => format!("{scheme}://…@{place}"),
        (None, Some((_, place))) => format!("…@{place}"),
    };
    word.split(',').map(shown).collect::<Vec<_>>().join(",")
}

fn server(url: &str, insecure: bool) -> Meant<NatsUrl> {
    let server: NatsUrl = url.parse().map_err(|error| Problem::usage(format!("{error}")))?;
    if !server.tls && !server.host.is_loopback() && !insecure {
        return Err(Problem::usage(format!(
            "{server} is on another machine and is not encrypted: anyone in between can read what is said. Give the NATS \
             servers certificates and write tls://, or add insecure-plaintext if the network is yours alone."
        )));
    }
    Ok(server)
}

fn node(word: &str) -> Meant<NodeId> {
    NodeId::parse(word).ok_or_else(|| Problem::usage("the name of a node has 1 to 32 letters a-z, digits and -"))
}

fn chat(word: &str) -> Meant<StreamNames> {
    StreamNames::of(word).map_err(|error| Problem::usage(error.to_string()))
}

fn monitor(word: &str) -> Meant<String> {
    let place = word.strip_prefix("http://").map(|place| format!("tcp://{}", place.trim_end_matches('/')));
    match place.map(|place| place.parse()) {
        Some(Ok(Url::Tcp(_))) => Ok(word.to_owned()),
        _ => Err(Problem::usage("must be http://HOST:PORT, the address of a NATS server's monitoring port")),
    }
}

fn address(word: &str) -> Meant<Url> {
    let url: Url = word.parse().map_err(|error: crate::model::url::UrlError| Problem::usage(error.to_string()))?;
    if url.to_string().contains(char::is_whitespace) {
        return Err(Problem::usage("an address that clients are told has no spaces in it"));
    }
    Ok(url)
}

fn logins(word: &str) -> Meant<bool> {
    match word {
        "apart" => Ok(false),
        "shared" => Ok(true),
        _ => Err(Problem::usage("must be apart or shared")),
    }
}
