//! The two subcommands, from their configuration to their end; `check`, `reload`, `cluster` and `keeper` are parts of
//! `tr2 serve`,
//! `check_join`, `code_prompt`, `person` and
//! `people_folders` of `tr2 join`; [`progress`] shows that a long one goes on.
//!
//! Must not know: how options are written.

mod check;
mod check_join;
mod cluster;
mod code_prompt;
mod keeper;
mod people_folders;
mod person;
pub mod progress;
pub(crate) mod reload;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use async_std::task;

pub use self::check_join::check_join;
use self::person::Person;
use self::progress::Progress;
use self::reload::Reload;
use super::cli;
use super::client;
use super::config::{self, JoinConfig, OWN_FILE_IN_FOLDER, SERVER_VARIABLE, ServeConfig, Sources, Task};
use super::error::Error;
use super::logging;
use crate::client::link::keyring::Keyring;
use crate::client::link::own_key::OwnKey;
use crate::client::link::people_list::PeopleList;
use crate::client::msg::Farewell;
use crate::client::server_list;
use crate::client::unsent_file::UnsentTexts;
use crate::language::{self, files as say, people};
use crate::model::Url;
use crate::net::address::ListenAddress;
use crate::net::beacon;
use crate::net::certificate::Credential;
use crate::net::certificate_review;
use crate::net::socket_activation::{self, ActivatedSocket};
use crate::net::tls_config::Acceptor;
use crate::net::unix;
use crate::protocol::beacon::server_name;
use crate::server::run::{Announced, BoundServer, ServerSettings, StartError};
use crate::server::secrets::certificate::CredentialSource;
use crate::server::secrets::cluster_key;
use crate::server::secrets::data_folder::DataFolder;
use crate::server::store::Durability;
use crate::server::transport::{fault, workers};
use crate::sys::clock;
use crate::sys::disk;
use crate::sys::host_name::host_name;
use crate::sys::sandbox::{self, Sandbox};
use crate::sys::sd_notify::ServiceManager;

/// What is to be said of a data folder on a disk over a network.
const NETWORK_DISK: &str = "locks and syncs may not hold there; name a folder on a disk of this machine with --data";

/// `tr2 serve`.
///
/// # Errors
/// Why the server could not start or had to end.
pub fn serve(sources: Sources) -> Result<(), Error> {
    let sockets = socket_activation::take().map_err(Error::failed)?;
    match sources.task().map_err(Error::usage)? {
        Task::Serve => {}
        Task::Check => return check::check(&sources),
        Task::Reload => return reload::ask(&sources.data().map_err(Error::usage)?),
        task => return keeper::run(&sources, task),
    }
    let mut config = sources.read()?;
    logging::set(config.log, config.log_format);
    listen_where_activated(&mut config, &sockets)?;
    let manager =
        ServiceManager::find().map_err(|error| Error::Failed(format!("NOTIFY_SOCKET cannot be used: {error}")))?;
    let folder = DataFolder::open(&config.data).map_err(Error::failed)?;
    if let Some(kind) = disk::network(&config.data) {
        log::warn!(data:% = config.data.display(), reason = format!("{kind}: {NETWORK_DISK}"); "data_on_network_disk");
    }
    raise_file_limit();
    if cfg!(debug_assertions) && std::env::var_os("TR2_FAULTS").is_some() {
        fault::arm();
    }
    let tls = sockets.iter().any(|socket| matches!(socket, ActivatedSocket::Tls(_)));
    let shown = if tls || config.listen.iter().any(|place| matches!(place, ListenAddress::Tls(_))) {
        let credential = config.credential.load().map_err(Error::failed)?;
        review(&config.credential, &credential).iter().for_each(|problem| log_certificate(problem));
        Some((Acceptor::new(&credential).map_err(Error::failed)?, credential))
    } else {
        None
    };
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(Error::failed)?;
    let key = shown.as_ref().and_then(|(_, credential)| cluster::pinned(credential));
    let settings = ServerSettings {
        data: config.data.clone(),
        durability: config.store.durability,
        listen: config.listen.clone(),
        activated_sockets: sockets,
        service_manager: manager,
        extra_socket_file: config.spare.clone().and_then(spare_place),
        metrics: config.metrics.clone(),
        access: config.access,
        proxies: config.proxies.clone(),
        acceptor: shown.as_ref().map(|(acceptor, _)| acceptor.clone()),
        secret,
        trust_clock: sources.trusts_clock(),
        decisions: sources.decisions(),
        tuning: config.tuning(),
        passphrase_hash: folder.passphrase_hash.clone(),
        announced: config.announce.then(|| Announced { name: server_name(&host_name()), key }),
        cluster: cluster::start(&config, &folder, key)?,
    };
    if settings.tuning.rules.trust_names {
        log::warn!(reason = "anyone who joins from this machine under a moderator's name is a moderator"; "trusting_names");
    }
    if config.announce && settings.activated_sockets.is_empty() && !beacon::can_announce(&settings.listen) {
        return Err(Error::usage(
            "announce needs an address that other machines can reach, such as --listen tls://0.0.0.0:1235",
        ));
    }
    // Threads inherit it, so it comes before the first one.
    let sandbox = if config.sandbox { sandbox::enter(&writable(&settings)) } else { Sandbox::default() };
    logging::start().map_err(|error| Error::Failed(format!("the log has no thread to be written by: {error}")))?;
    let _ignored =
        workers::ignore_signals().map_err(|error| Error::Failed(format!("signals cannot be handled: {error}")))?;
    let data = config.data.clone();
    task::block_on(async {
        // A history of an older version is converted here.
        let progress = Progress::start("Opening the history");
        let bound = BoundServer::bind(settings).map_err(explain_start);
        drop(progress);
        let bound = bound?;
        announce(&bound, shown.as_ref().map(|(_, credential)| credential), folder.new_passphrase.as_deref())
            .map_err(|error| Error::Failed(format!("cannot write to standard output: {error}")))?;
        if sources.decisions().alone && config.cluster.is_none() {
            cluster_key::remove(&config.data).map_err(Error::failed)?;
        }
        let own_key = shown.is_some() && matches!(config.credential, CredentialSource::Own(_));
        folder.keep(config.store.durability != Durability::Memory, own_key).map_err(Error::failed)?;
        log_start(&bound, &data, sandbox);
        let mut reload =
            Reload::new(sources, config, shown.map(|(acceptor, _)| acceptor), folder.passphrase_hash.clone());
        bound.serve(move || reload.read()).await.map_err(Error::failed)
    })
}

/// With sockets from the service manager, the server does not listen on the default address, nor once more on theirs
/// where the configuration names them too. In plain text, only loopback addresses are allowed without consent.
fn listen_where_activated(config: &mut ServeConfig, sockets: &[ActivatedSocket]) -> Result<(), Error> {
    for socket in sockets {
        let passed = socket.address().map_err(Error::failed)?;
        config.listen.retain(|named| !socket_activation::is_same(&passed, named));
        if let ListenAddress::Tcp(address) = passed
            && !address.ip().is_loopback()
            && !config.insecure_plaintext
        {
            return Err(Error::Usage(format!(
                "the socket from the service manager at tcp://{address} can be reached from other machines and is not \
                 encrypted; name it tls (FileDescriptorName=tls), or add --insecure-plaintext if the network is yours \
                 alone."
            )));
        }
    }
    if !sockets.is_empty() && config.listen_default {
        (config.listen, config.spare) = (Vec::new(), None);
    }
    Ok(())
}

/// What the keeper of the certificate should know, as sentences.
fn review(source: &CredentialSource, credential: &Credential) -> Vec<String> {
    let problems = certificate_review::problems(credential, clock::wall());
    let named = |problem: String| format!("the certificate {}: {problem}", source.file().display());
    problems.into_iter().map(named).collect()
}

fn log_certificate(problem: &str) {
    log::warn!(reason = problem; "certificate_problem");
}

/// The default socket file; `None`, with a log line, if its folder cannot be made.
fn spare_place((path, folder_mode): (PathBuf, u32)) -> Option<String> {
    let folder = path.parent()?;
    match unix::make_folder(folder, folder_mode) {
        Ok(()) => Some(path.display().to_string()),
        Err(error) => {
            log::warn!(path:% = path.display(), reason:% = error; "no_socket_file");
            None
        }
    }
}

/// `tr2 join --people`: asks who is there, and goes on with their key and what is theirs.
///
/// # Errors
/// As for [`join`]; also if nobody shows who they are.
pub fn join_person(mut flags: cli::Join, variable: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
    let dir = PathBuf::from(flags.people.take().unwrap_or_default());
    let named =
        if flags.server.is_empty() { variable(SERVER_VARIABLE).into_iter().collect() } else { flags.server.clone() };
    // The addresses are of one kind.
    let server = server_list::read(&named).ok().and_then(|urls| urls.into_iter().next());
    if !matches!(server, Some(Url::Tls(_))) {
        return Err(Error::usage(people::needs_tls()));
    }
    let Person { name, mut folder, key } = person::ask(&dir)?;
    (flags.name, flags.confined) = (Some(name.to_string()), true);
    let own = folder.path().join(OWN_FILE_IN_FOLDER);
    if own.exists() {
        flags.config = Some(own.display().to_string());
    }
    let mut config = JoinConfig::from(flags, variable)?;
    config.keep_in(folder.path());
    language::set(config.language);
    join_with(config, key, &mut |name| {
        let kept = folder.let_in(name);
        kept.err().map(|why| people::key_not_kept(folder.path().display(), why))
    })
}

/// `tr2 join`.
///
/// # Errors
/// What ended the chat, other than the user's wish.
pub fn join(mut config: JoinConfig) -> Result<(), Error> {
    let key = OwnKey::at(std::mem::take(&mut config.identity));
    join_with(config, key, &mut |_| None)
}

fn join_with(mut config: JoinConfig, identity: OwnKey, let_in: client::run::LetIn<'_>) -> Result<(), Error> {
    let file = config.settings.file.take();
    config.settings.file = file.as_deref().map(config::shown_path);
    let mut keep = |key: &str, value: Option<&str>| {
        let file = file.as_deref().ok_or(say::no_folder())?;
        config::save(file, key, value).map(|()| config::shown_path(file))
    };
    let name = config.name.unwrap_or(config.login);
    let keyring = Keyring { identity, known_servers: config.known_servers, pin: config.fingerprint };
    let people = PeopleList { path: config.known_people, server: config.server.clone() };
    let unsent = UnsentTexts { path: config.unsent, server: config.server.to_string(), name: name.clone() };
    let settings = client::run::ClientSettings {
        name,
        unsent,
        server: config.server,
        others: config.others,
        server_named: config.server_named,
        keyring,
        code: code_prompt::code(config.code)?,
        take_over: config.take_over,
        confined: config.confined,
        plain: config.plain,
        lines: config.lines,
        sent: config.sent,
        arrangements: config.arrangements,
        settings: config.settings,
        people,
        downloads: config.downloads,
        home: config.home,
    };
    match client::run::run(settings, &mut keep, let_in).map_err(Error::failed)? {
        Farewell::Done => Ok(()),
        // If standard error is gone, so is whoever would read it.
        Farewell::Told(words) => {
            let _ = writeln!(io::stderr(), "{words}");
            Ok(())
        }
        Farewell::Failed(why) => Err(Error::Failed(why)),
        Farewell::Refused(why) => Err(Error::Refused(why)),
    }
}

/// Prints on standard output what an admin needs to know at the start; everything later goes to the log.
fn announce(bound: &BoundServer, shown: Option<&Credential>, new_passphrase: Option<&str>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for place in bound.places() {
        match &place {
            ListenAddress::Tcp(address)
                if address.port() == crate::protocol::limits::DEFAULT_PORT && address.ip().is_loopback() =>
            {
                writeln!(out, "tr2 serves at {place}; join with: tr2 join --name NAME")?;
            }
            ListenAddress::Tls(address) => {
                // Where an authority vouches for the name, the key may change with each renewal, and needs no pin.
                let vouched = shown.and_then(certificate_review::vouched_for);
                let key = match shown {
                    Some(credential) if vouched.is_none() => format!(" --fingerprint {}", credential.fingerprint),
                    _ => String::new(),
                };
                let name = vouched.and_then(|names| names.into_iter().find(|name| !name.contains('*')));
                let server = match name {
                    Some(name) => format!("tls://{name}:{}", address.port()),
                    // An unspecified address (0.0.0.0) is no address to connect to.
                    None if address.ip().is_unspecified() || key.is_empty() => format!("tls://HOST:{}", address.port()),
                    None => place.to_string(),
                };
                writeln!(out, "tr2 serves at {place}; join with: tr2 join --name NAME --server {server}{key}")?;
            }
            _ => writeln!(out, "tr2 serves at {place}; join with: tr2 join --name NAME --server {place}")?,
        }
    }
    for place in bound.metrics() {
        match &place {
            ListenAddress::Unix(_) => writeln!(out, "OpenMetrics at {place}, over HTTP: /metrics")?,
            ListenAddress::Tcp(address) | ListenAddress::Tls(address) => {
                writeln!(out, "OpenMetrics at http://{address}/metrics")?;
            }
        }
    }
    if let Some(text) = bound.maintenance() {
        writeln!(
            out,
            "Maintenance is on: only moderators can join, until tr2 serve --maintenance off. Others are told: {text}"
        )?;
    }
    if let Some(passphrase) = new_passphrase {
        writeln!(out, "The moderator passphrase, shown only once: {passphrase}")?;
    }
    out.flush()
}

/// The first line of the log: which version serves where.
fn log_start(bound: &BoundServer, data: &Path, sandbox: Sandbox) {
    let list = |places: &mut dyn Iterator<Item = ListenAddress>| {
        let places: Vec<String> = places.map(|place| place.to_string()).collect();
        (!places.is_empty()).then(|| places.join(","))
    };
    let (listen, metrics) = (list(&mut bound.places()), list(&mut bound.metrics()));
    log::info!(version = env!("CARGO_PKG_VERSION"), listen = listen, metrics = metrics, data:% = data.display(), sandbox:% = sandbox; "started");
    if let Some(text) = bound.maintenance() {
        log::warn!(on = true, text = text.as_str(); "maintenance");
    }
}

/// The folders in which the server writes while it runs: that of its data, those of its socket files, and those above
/// these, in which it makes a folder of a socket file anew.
fn writable(settings: &ServerSettings) -> Vec<PathBuf> {
    let named = settings.listen.iter().chain(&settings.metrics).filter_map(|place| match place {
        ListenAddress::Unix(path) => Some(path),
        ListenAddress::Tcp(_) | ListenAddress::Tls(_) => None,
    });
    let mut folders = vec![settings.data.clone()];
    for path in named.chain(&settings.extra_socket_file) {
        let mut above = Path::new(path).ancestors().skip(1);
        folders.extend(above.next().map(Path::to_owned));
        // Not the system's own folders, such as /run, in which much else is.
        folders.extend(above.next().filter(|folder| folder.components().count() > 2).map(Path::to_owned));
    }
    folders
}

fn explain_start(error: StartError) -> Error {
    let advice = match &error {
        StartError::Data(_) | StartError::Socket(..) | StartError::ActivatedSocket(_) | StartError::Signals(_) => "",
        StartError::Address(_, cause) => match cause.kind() {
            io::ErrorKind::AddrInUse => {
                "; another program is listening there, perhaps another tr2 serve: choose another address with --listen"
            }
            io::ErrorKind::PermissionDenied => "; only root may use ports below 1024: choose another with --listen",
            io::ErrorKind::AddrNotAvailable => "; this machine has no such address: choose another with --listen",
            _ => "",
        },
    };
    Error::Failed(format!("{error}{advice}"))
}

/// Raises the number of connections to the most that the system allows this process.
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }) {
        log::warn!(reason:% = error; "file_limit_kept");
    }
}
