//! From flags, file and environment to what the server and the client are given.
//!
//! Must not know: sockets or screens; it reads one file and resolves names, and judges values.

use std::net::ToSocketAddrs as _;
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use etcetera::BaseStrategy as _;
use log::LevelFilter;
use serde::Deserialize;

use crate::cli;
use crate::error::Error;
use crate::model::url::{DEFAULT_TLS_PORT, Host, Login};
use crate::model::{Fingerprint, Name, Url};
use crate::net::listen::Place;
use crate::net::unix::{self, Access};
use crate::server::credential::Source;
use crate::server::limits::{FLOOD, MAX_CONNECTIONS};
use crate::server::ratelimit::Rate;
use crate::server::rules::Registration;
use crate::server::store::{Durability, Keep, Options};

/// Where a server listens if nothing else is said: the original's address.
const DEFAULT_LISTEN: &str = "tcp://127.0.0.1:1234";
/// Where the client looks for a server if nothing else is said, and no socket file is served here.
const DEFAULT_SERVER: &str = "tcp://localhost:1234";
/// The variable with the folder of the session's sockets.
const RUNTIME_VARIABLE: &str = "XDG_RUNTIME_DIR";
/// The variable that names another.
const SERVER_VARIABLE: &str = "TR2_SERVER";
/// The longest configuration file, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// How the server is to run.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// Where to listen.
    pub listen: Vec<Place>,
    /// The socket file to listen at as well, if that can be, and the permissions of its folder.
    pub spare: Option<(PathBuf, u32)>,
    /// Who may reach a socket file.
    pub access: Access,
    /// Where the credential for TLS comes from.
    pub credential: Source,
    /// Who may come under a name that belongs to nobody.
    pub registration: Registration,
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
    /// The name of the login, where the server is.
    pub login: String,
    /// The server.
    pub server: Url,
    /// The key that the server must have.
    pub fingerprint: Option<Fingerprint>,
    /// The file with the person's own key.
    pub identity: PathBuf,
    /// The list of known servers.
    pub known_servers: PathBuf,
    /// A code that lets one in.
    pub code: Option<String>,
    /// Whether an older session of one's own is to end.
    pub take_over: bool,
    /// Whether to do without the full screen.
    pub plain: bool,
}

/// The options of `tr2 serve` as a file gives them, under the names of the command line.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct File {
    listen: Vec<String>,
    socket_mode: Option<String>,
    socket_group: Option<String>,
    cert: Option<String>,
    key: Option<String>,
    registration: Option<String>,
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
    pub fn from(flags: cli::Serve, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let file = flags.config.as_deref().map(read_file).transpose()?.unwrap_or_default();
        let listen = first_filled([flags.listen, file.listen]);
        let spare = if listen.is_empty() { unix::default_place(variable(RUNTIME_VARIABLE).as_deref()) } else { None };
        let listen = first_filled([listen, vec![DEFAULT_LISTEN.to_owned()]]);
        let insecure = flags.insecure_plaintext || file.insecure_plaintext;
        let mut places = Vec::new();
        for url in &listen {
            places.extend(resolve(url, insecure)?);
        }
        let for_all = spare.as_ref().is_some_and(|(_, folder)| folder & 0o005 != 0);
        let access = access(flags.socket_mode.or(file.socket_mode), flags.socket_group.or(file.socket_group), for_all)?;
        let data = data_folder(flags.data.or(file.data))?;
        let credential = credential(flags.cert.or(file.cert), flags.key.or(file.key), &data)?;
        let registration = registration(flags.registration.or(file.registration).as_deref().unwrap_or("open"))?;
        let moderators = first_filled([flags.moderator, file.moderator]);
        let name =
            |name: &String| Name::parse(name).map_err(|error| Error::usage(format!("--moderator {name}: {error}")));
        let trust_names = flags.trust_names || file.trust_names;
        let max_connections = number("--max-connections", flags.max_connections)?.or(file.max_connections);
        let flood = flags.flood.or(file.flood);
        Ok(Self {
            listen: places,
            spare,
            access,
            credential,
            registration,
            data,
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
        let login = ["LOGNAME", "USER"].into_iter().find_map(&variable).unwrap_or_default();
        let server = match server {
            Some(server) => server.parse().map_err(Error::usage)?,
            None => match unix::find(variable(RUNTIME_VARIABLE).as_deref()) {
                Some(path) => Url::Unix(path.display().to_string()),
                None => DEFAULT_SERVER.parse().map_err(Error::usage)?,
            },
        };
        // Who one is there is the account there.
        let login = match &server {
            Url::Ssh(Login { user: Some(user), .. }) => user.clone(),
            _ => login,
        };
        let fingerprint = flags.fingerprint.map(|key| key.parse::<Fingerprint>()).transpose();
        let fingerprint = fingerprint.map_err(|error| Error::usage(format!("--fingerprint: {error}")))?;
        if fingerprint.is_some() && !matches!(server, Url::Tls(_)) {
            return Err(Error::usage(format!("--fingerprint is for tls://; {server} has no key")));
        }
        let folder = etcetera::base_strategy::Xdg::new().map(|base| base.data_dir().join("tr2"));
        let folder = match folder {
            Ok(folder) => folder,
            Err(_) if matches!(server, Url::Tls(_)) => {
                return Err(Error::usage("there is no home folder for your keys; set HOME"));
            }
            Err(_) => PathBuf::new(),
        };
        Ok(Self {
            name: flags.name,
            login,
            server,
            fingerprint,
            identity: flags.identity.map_or_else(|| folder.join("identity"), PathBuf::from),
            known_servers: folder.join("known_servers"),
            code: flags.code,
            take_over: flags.take_over,
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

/// The places behind a URL; one that others can reach in the clear only with their admin's word.
fn resolve(url: &str, insecure: bool) -> Result<Vec<Place>, Error> {
    let parsed: Url = url.parse().map_err(Error::usage)?;
    let host = match &parsed {
        Url::Unix(path) => return Ok(vec![Place::Unix(path.clone())]),
        Url::Ssh(_) => {
            let text = "ssh:// is for 'tr2 join': sshd is what listens; listen at unix:PATH, which ssh leads to";
            return Err(Error::usage(text));
        }
        Url::Tcp(host) | Url::Tls(host) => host,
    };
    let addresses = (host.name.as_str(), host.port)
        .to_socket_addrs()
        .map_err(|error| Error::Failed(format!("the address {parsed} cannot be found: {error}")))?;
    if matches!(parsed, Url::Tls(_)) {
        return Ok(addresses.map(Place::Tls).collect());
    }
    let addresses: Vec<_> = addresses.collect();
    match addresses.iter().find(|address| !address.ip().is_loopback()) {
        Some(address) if !insecure => Err(Error::Usage(format!(
            "{parsed} can be reached from other machines ({address}), and nothing on that line is private: anyone in \
             between can read and change what is said. Listen at tls://{} instead, or at tcp://127.0.0.1:{} and let \
             people come over ssh://, or add --insecure-plaintext if the network is yours alone.",
            Host { name: host.name.clone(), port: DEFAULT_TLS_PORT },
            host.port
        ))),
        _ => Ok(addresses.into_iter().map(Place::Tcp).collect()),
    }
}

/// Who may reach a socket file; `for_all` is whether it is the one of the whole machine.
fn access(mode: Option<String>, group: Option<String>, for_all: bool) -> Result<Access, Error> {
    let mode = match mode {
        None if for_all => 0o666,
        None => 0o600,
        Some(text) => u32::from_str_radix(text.trim_start_matches("0o"), 8)
            .ok()
            .filter(|mode| *mode <= 0o777)
            .ok_or_else(|| Error::Usage(format!("--socket-mode {text}: permissions in octal, such as 660")))?,
    };
    let number = |text: String| match text.parse() {
        Ok(number) => Ok(number),
        Err(_) => match nix::unistd::Group::from_name(&text) {
            Ok(Some(group)) => Ok(group.gid.as_raw()),
            _ => Err(Error::Usage(format!("--socket-group {text}: there is no such group"))),
        },
    };
    Ok(Access { mode, group: group.map(number).transpose()? })
}

fn credential(cert: Option<String>, key: Option<String>, data: &Path) -> Result<Source, Error> {
    match (cert, key) {
        (None, None) => Ok(Source::Own(data.to_owned())),
        (Some(certificate), Some(key)) => Ok(Source::Given { certificate: certificate.into(), key: key.into() }),
        _ => Err(Error::usage("--cert and --key go together; give both, or neither for ones that are made")),
    }
}

fn registration(word: &str) -> Result<Registration, Error> {
    match word {
        "open" => Ok(Registration::Open),
        "invite" => Ok(Registration::Invite),
        "closed" => Ok(Registration::Closed),
        _ => Err(Error::Usage(format!("--registration {word}: there are open, invite and closed"))),
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
