//! The two subcommands, from their configuration to their end.
//!
//! Must not know: how options are written.

use std::io::{self, Write as _};
use std::path::Path;

use async_std::task;

use crate::client;
use crate::client::msg::Farewell;
use crate::config::{JoinConfig, ServeConfig};
use crate::error::Error;
use crate::server::broker::Rules;
use crate::server::folder::Folder;
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
    let settings = Settings {
        data: config.data,
        store: config.store,
        listen: config.listen,
        rules: Rules {
            moderators: config.moderators,
            trust_names: config.trust_names,
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
        announce(&bound, folder.new_passphrase.as_deref())
            .map_err(|error| Error::Failed(format!("standard output cannot be written: {error}")))?;
        folder.keep().map_err(Error::failed)?;
        bound.serve().await.map_err(Error::failed)
    })
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
    let settings = client::run::Settings { name, server: config.server, plain: config.plain };
    match client::run::run(settings).map_err(Error::failed)? {
        Farewell::Done => Ok(()),
        Farewell::Failed(why) => Err(Error::Failed(why)),
        Farewell::Refused(why) => Err(Error::Refused(why)),
    }
}

/// What a person needs to know at the start, on standard output; everything later is log.
fn announce(bound: &Bound, new_passphrase: Option<&str>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for address in bound.addresses() {
        let server = if address.port() == crate::protocol::limits::DEFAULT_PORT && address.ip().is_loopback() {
            String::new()
        } else {
            format!(" --server tcp://{address}")
        };
        writeln!(out, "tr2 serves at tcp://{address}; join with: tr2 join --name NAME{server}")?;
    }
    if let Some(passphrase) = new_passphrase {
        writeln!(out, "The moderator passphrase, shown this once: {passphrase}")?;
    }
    out.flush()
}

fn explain_start(error: StartError) -> Error {
    let advice = match &error {
        StartError::Store(_) => "",
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
