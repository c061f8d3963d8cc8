//! From flags, file and environment to what the server and the client are given.
//!
//! Must not know: sockets or screens; it reads one file and resolves names, and judges values.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;

use etcetera::BaseStrategy as _;
use log::LevelFilter;
use serde::Deserialize;

use crate::cli;
use crate::error::Error;
use crate::model::{Name, Url};
use crate::server::limits::{FLOOD, MAX_CONNECTIONS};
use crate::server::ratelimit::Rate;
use crate::server::store::{Durability, Keep, Options};

/// Where a server listens if nothing else is said: the original's address.
const DEFAULT_LISTEN: &str = "tcp://127.0.0.1:1234";
/// Where the client looks for a server if nothing else is said.
const DEFAULT_SERVER: &str = "tcp://localhost:1234";
/// The variable that names another.
const SERVER_VARIABLE: &str = "TR2_SERVER";
/// The longest configuration file, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// How the server is to run.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// Where to listen.
    pub listen: Vec<SocketAddr>,
    /// Where its data lies.
    pub data: PathBuf,
    /// How messages are kept.
    pub store: Options,
    /// Where to copy the data of a running server to, instead of serving.
    pub backup: Option<PathBuf>,
    /// Names kept for moderators.
    pub moderators: Vec<Name>,
    /// Whether such a name is enough.
    pub trust_names: bool,
    /// What is logged.
    pub log: LevelFilter,
    /// Connections in all.
    pub max_connections: usize,
    /// Connections from one address, if limited explicitly.
    pub max_per_address: Option<usize>,
    /// The flood limit; none is no limit.
    pub flood: Option<Rate>,
}

/// How the client is to run.
#[derive(Clone, Debug)]
pub struct JoinConfig {
    /// The name that was asked for, as written.
    pub name: Option<String>,
    /// The name of the login.
    pub login: String,
    /// The server.
    pub server: Url,
    /// Whether to do without the full screen.
    pub plain: bool,
}

/// The options of `tr2 serve` as a file gives them, under the names of the command line.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct File {
    listen: Vec<String>,
    data: Option<String>,
    durability: Option<String>,
    keep_days: Option<NonZeroU32>,
    keep_messages: Option<NonZeroU64>,
    moderator: Vec<String>,
    trust_names: bool,
    insecure_plaintext: bool,
    log: Option<String>,
    max_connections: Option<NonZeroUsize>,
    max_per_address: Option<NonZeroUsize>,
    flood: Option<String>,
}

impl ServeConfig {
    /// Puts file and flags together; flags win.
    ///
    /// # Errors
    /// [`Error::Usage`] for a value that is none, [`Error::Failed`] for what cannot be read or resolved.
    pub fn from(flags: cli::Serve) -> Result<Self, Error> {
        let file = flags.config.as_deref().map(read_file).transpose()?.unwrap_or_default();
        let listen = first_filled([flags.listen, file.listen, vec![DEFAULT_LISTEN.to_owned()]]);
        let insecure = flags.insecure_plaintext || file.insecure_plaintext;
        let mut addresses = Vec::new();
        for url in &listen {
            addresses.extend(resolve(url, insecure)?);
        }
        let moderators = first_filled([flags.moderator, file.moderator]);
        let name =
            |name: &String| Name::parse(name).map_err(|error| Error::usage(format!("--moderator {name}: {error}")));
        let trust_names = flags.trust_names || file.trust_names;
        if trust_names && moderators.is_empty() {
            return Err(Error::usage("--trust-names trusts the names given with --moderator NAME; give one"));
        }
        let max_connections = number("--max-connections", flags.max_connections)?.or(file.max_connections);
        let flood = flags.flood.or(file.flood);
        Ok(Self {
            listen: addresses,
            data: data_folder(flags.data.or(file.data))?,
            store: Options {
                durability: durability(flags.durability.or(file.durability).as_deref().unwrap_or("full"))?,
                keep: Keep {
                    days: number("--keep-days", flags.keep_days)?.or(file.keep_days).map(NonZeroU32::get),
                    messages: number("--keep-messages", flags.keep_messages)?
                        .or(file.keep_messages)
                        .map(NonZeroU64::get),
                },
            },
            backup: backup(flags.backup)?,
            moderators: moderators.iter().map(name).collect::<Result<_, _>>()?,
            trust_names,
            log: level(flags.log.or(file.log).as_deref().unwrap_or("info"))?,
            max_connections: max_connections.map_or(MAX_CONNECTIONS, NonZeroUsize::get),
            max_per_address: number("--max-per-address", flags.max_per_address)?
                .or(file.max_per_address)
                .map(NonZeroUsize::get),
            flood: match flood {
                None => Some(FLOOD),
                Some(rate) => Rate::parse(&rate).map_err(|error| Error::usage(format!("--flood {rate}: {error}")))?,
            },
        })
    }
}

impl JoinConfig {
    /// Puts flags and environment together; flags win.
    ///
    /// # Errors
    /// [`Error::Usage`] for a server address that is none.
    pub fn from(flags: cli::Join, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let server = flags.server.or_else(|| variable(SERVER_VARIABLE).filter(|server| !server.is_empty()));
        let login = ["LOGNAME", "USER"].into_iter().find_map(variable).unwrap_or_default();
        Ok(Self {
            name: flags.name,
            login,
            server: server.as_deref().unwrap_or(DEFAULT_SERVER).parse().map_err(Error::usage)?,
            plain: flags.plain,
        })
    }
}

fn first_filled<const N: usize>(lists: [Vec<String>; N]) -> Vec<String> {
    lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default()
}

fn read_file(path: &str) -> Result<File, Error> {
    let failed = |what: String| Error::Failed(format!("the configuration {path} cannot be read: {what}"));
    let size = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
    if size > MAX_FILE {
        return Err(failed(format!("it has {size} bytes, more than {MAX_FILE}")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    toml::from_str(&text).map_err(|error| Error::Usage(format!("the configuration {path} is wrong: {error}")))
}

/// The addresses behind a URL; one that others can reach only with their admin's word.
fn resolve(url: &str, insecure: bool) -> Result<Vec<SocketAddr>, Error> {
    let parsed: Url = url.parse().map_err(Error::usage)?;
    let addresses: Vec<SocketAddr> = (parsed.host.as_str(), parsed.port)
        .to_socket_addrs()
        .map_err(|error| Error::Failed(format!("the address {parsed} cannot be found: {error}")))?
        .collect();
    match addresses.iter().find(|address| !address.ip().is_loopback()) {
        Some(address) if !insecure => Err(Error::Usage(format!(
            "{parsed} can be reached from other machines ({address}), and nothing on that line is private: anyone in \
             between can read and change what is said. Listen at tcp://127.0.0.1:{} and let people come over SSH, or \
             add --insecure-plaintext if the network is yours alone.",
            parsed.port
        ))),
        _ => Ok(addresses),
    }
}

fn data_folder(given: Option<String>) -> Result<PathBuf, Error> {
    if let Some(folder) = given {
        if folder.is_empty() {
            return Err(Error::usage("--data needs the name of a folder"));
        }
        return Ok(PathBuf::from(folder));
    }
    let base = etcetera::base_strategy::Xdg::new()
        .map_err(|_| Error::usage("there is no home folder for the data; name one with --data DIR"))?;
    base.state_dir()
        .map(|folder| folder.join("tr2"))
        .ok_or_else(|| Error::usage("there is no folder for the data; name one with --data DIR"))
}

fn backup(file: Option<String>) -> Result<Option<PathBuf>, Error> {
    match file {
        Some(file) if file.is_empty() => Err(Error::usage("--backup needs the name of a new file")),
        file => Ok(file.map(PathBuf::from)),
    }
}

fn level(word: &str) -> Result<LevelFilter, Error> {
    match word {
        "off" => Ok(LevelFilter::Off),
        "error" => Ok(LevelFilter::Error),
        "warn" => Ok(LevelFilter::Warn),
        "info" => Ok(LevelFilter::Info),
        "debug" => Ok(LevelFilter::Debug),
        _ => Err(Error::Usage(format!("--log {word}: the levels are off, error, warn, info and debug"))),
    }
}

fn durability(word: &str) -> Result<Durability, Error> {
    match word {
        "full" => Ok(Durability::Full),
        "normal" => Ok(Durability::Normal),
        "memory" => Ok(Durability::Memory),
        _ => Err(Error::Usage(format!("--durability {word}: there are full, normal and memory"))),
    }
}

fn number<N: FromStr>(option: &str, text: Option<String>) -> Result<Option<N>, Error> {
    let needed = |text: &str| Error::Usage(format!("{option} {text}: a number from 1 on is needed"));
    text.map(|text| text.parse().map_err(|_| needed(&text))).transpose()
}
