//! The two subcommands, from their configuration to their end.
//!
//! Must not know: how options are written.

use std::io::{self, Write as _};
use std::path::Path;

use async_std::task;

use crate::client;
use crate::client::keyring::Keyring;
use crate::client::msg::Farewell;
use crate::config::{JoinConfig, ServeConfig};
use crate::error::Error;
use crate::model::Fingerprint;
use crate::net::listen::Place;
use crate::net::tls_config::Acceptor;
use crate::net::unix;
use crate::server::credential::Source;
use crate::server::fault;
use crate::server::folder::Folder;
use crate::server::rules::Rules;
use crate::server::run::{Bound, Settings, StartError};
use crate::server::store;

/// `tr2 serve`.
///
/// # Errors
/// What stands in the way of serving.
pub fn serve(config: ServeConfig) -> Result<(), Error> {
    start_log(config.log);
    if let Some(file) = config.backup {
        return copy(&config.data, &file);
    }
    let folder = Folder::open(&config.data).map_err(Error::failed)?;
    raise_file_limit();
    if cfg!(debug_assertions) && std::env::var_os("TR2_FAULTS").is_some() {
        fault::arm();
    }
    let shown = if config.listen.iter().any(|place| matches!(place, Place::Tls(_))) {
        let credential = config.credential.load().map_err(Error::failed)?;
        Some((Acceptor::new(&credential).map_err(Error::failed)?, credential.fingerprint))
    } else {
        None
    };
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(Error::failed)?;
    let settings = Settings {
        data: config.data,
        store: config.store,
        listen: config.listen,
        spare: config.spare.and_then(spare_place),
        access: config.access,
        acceptor: shown.as_ref().map(|(acceptor, _)| acceptor.clone()),
        secret,
        rules: Rules {
            moderators: config.moderators,
            trust_names: config.trust_names,
            registration: config.registration,
            own_uid: rustix::process::geteuid().as_raw(),
            max_connections: config.max_connections,
            max_per_address: config.max_per_address,
            note_messages: config.log >= log::LevelFilter::Debug,
        },
        flood: config.flood,
        passphrase_hash: folder.passphrase_hash.clone(),
    };
    if settings.rules.trust_names {
        log::warn!("event=trusting_names reason=\"whoever joins from this machine under a moderator's name is one\"");
    }
    task::block_on(async {
        let bound = Bound::bind(settings).map_err(explain_start)?;
        announce(&bound, shown.as_ref().map(|(_, key)| *key), folder.new_passphrase.as_deref())
            .map_err(|error| Error::Failed(format!("standard output cannot be written: {error}")))?;
        folder.keep().map_err(Error::failed)?;
        let acceptor = shown.map(|(acceptor, _)| acceptor);
        bound.serve(move || reload(&config.credential, acceptor.as_ref())).await.map_err(Error::failed)
    })
}

/// The socket file that every server would listen at; nothing, with a line in the log, if its folder cannot be made.
fn spare_place((path, folder_mode): (std::path::PathBuf, u32)) -> Option<String> {
    let folder = path.parent()?;
    match unix::make_folder(folder, folder_mode) {
        Ok(()) => Some(path.display().to_string()),
        Err(error) => {
            log::warn!("event=no_socket_file path={} reason=\"{error}\"", path.display());
            None
        }
    }
}

/// Shows a new credential, if there is one and it is good; otherwise the old one stays.
fn reload(credential: &Source, acceptor: Option<&Acceptor>) {
    let Some(acceptor) = acceptor else {
        return log::info!("event=reloaded reason=\"there is no certificate to read\"");
    };
    match credential.load() {
        Ok(credential) => {
            acceptor.show(&credential);
            log::info!("event=reloaded key={}", credential.fingerprint);
        }
        Err(error) => {
            log::error!("event=reload_failed reason={}", crate::model::escape::Logged(&error.to_string()));
        }
    }
}

/// `tr2 serve --backup`.
fn copy(data: &Path, file: &Path) -> Result<(), Error> {
    let done = store::backup(data, file).map_err(Error::failed)?;
    let size = done.bytes / 1024;
    let mut out = io::stdout().lock();
    writeln!(out, "{} messages copied to {} ({size} KiB), and the copy checked.", done.messages, file.display())
        .map_err(|error| Error::Failed(format!("standard output cannot be written: {error}")))
}

/// `tr2 join`.
///
/// # Errors
/// What ended the chat other than the person's wish.
pub fn join(config: JoinConfig) -> Result<(), Error> {
    let name = config.name.unwrap_or(config.login);
    let keyring = Keyring { identity: config.identity, known_servers: config.known_servers, pin: config.fingerprint };
    let settings = client::run::Settings {
        name,
        server: config.server,
        keyring,
        code: config.code,
        take_over: config.take_over,
        plain: config.plain,
    };
    match client::run::run(settings).map_err(Error::failed)? {
        Farewell::Done => Ok(()),
        Farewell::Failed(why) => Err(Error::Failed(why)),
        Farewell::Refused(why) => Err(Error::Refused(why)),
    }
}

/// What a person needs to know at the start, on standard output; everything later is log.
fn announce(bound: &Bound, key: Option<Fingerprint>, new_passphrase: Option<&str>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for place in bound.places() {
        match &place {
            Place::Tcp(address)
                if address.port() == crate::protocol::limits::DEFAULT_PORT && address.ip().is_loopback() =>
            {
                writeln!(out, "tr2 serves at {place}; join with: tr2 join --name NAME")?;
            }
            Place::Tls(address) => {
                let key = key.map(|key| format!(" --fingerprint {key}")).unwrap_or_default();
                // An address that stands for all of this machine's leads nobody here.
                let server = if address.ip().is_unspecified() {
                    format!("tls://HOST:{}", address.port())
                } else {
                    place.to_string()
                };
                writeln!(out, "tr2 serves at {place}; join with: tr2 join --name NAME --server {server}{key}")?;
            }
            _ => writeln!(out, "tr2 serves at {place}; join with: tr2 join --name NAME --server {place}")?,
        }
    }
    if let Some(passphrase) = new_passphrase {
        writeln!(out, "The moderator passphrase, shown this once: {passphrase}")?;
    }
    out.flush()
}

fn explain_start(error: StartError) -> Error {
    let advice = match &error {
        StartError::Store(_) | StartError::Socket(..) => "",
        StartError::Address(_, cause) => match cause.kind() {
            io::ErrorKind::AddrInUse => {
                "; another program listens there, perhaps another tr2 serve: choose another with --listen"
            }
            io::ErrorKind::PermissionDenied => "; ports below 1024 are root's: choose another with --listen",
            io::ErrorKind::AddrNotAvailable => "; this machine has no such address: choose another with --listen",
            _ => "",
        },
    };
    Error::Failed(format!("{error}{advice}"))
}

/// One line for each event on standard error, with the time and how important it is.
fn start_log(level: log::LevelFilter) {
    let mut builder = env_logger::Builder::new();
    builder.filter(None, log::LevelFilter::Off).filter(Some("tr2"), level);
    builder.format(|line, record| {
        let time = crate::net::clock::wall().rfc3339();
        let level = record.level().as_str().to_lowercase();
        writeln!(line, "time={time} level={level} {}", record.args())
    });
    // A logger that is there already, as in a test, stays.
    let _ = builder.try_init();
}

/// As many connections as the system lets this process have, not only as many as it starts with.
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }) {
        log::warn!("event=file_limit_kept reason=\"{error}\"");
    }
}
