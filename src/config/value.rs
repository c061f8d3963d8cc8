//! What a word that was given for an option means, or why it means nothing.
//!
//! Must not know: where the word was written.

use std::net::ToSocketAddrs as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use etcetera::BaseStrategy as _;
use log::LevelFilter;

use crate::error::Error;
use crate::model::Url;
use crate::model::url::{DEFAULT_TLS_PORT, Host};
use crate::net::listen::Place;
use crate::net::unix::Access;
use crate::server::credential::Source;
use crate::server::rules::Registration;
use crate::server::store::Durability;

/// The places behind a URL; one that others can reach in the clear only with their admin's word.
pub(super) fn resolve(url: &str, insecure: bool) -> Result<Vec<Place>, Error> {
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
pub(super) fn access(mode: Option<String>, group: Option<String>, for_all: bool) -> Result<Access, Error> {
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

pub(super) fn credential(cert: Option<String>, key: Option<String>, data: &Path) -> Result<Source, Error> {
    match (cert, key) {
        (None, None) => Ok(Source::Own(data.to_owned())),
        (Some(certificate), Some(key)) => Ok(Source::Given { certificate: certificate.into(), key: key.into() }),
        _ => Err(Error::usage("--cert and --key go together; give both, or neither for ones that are made")),
    }
}

pub(super) fn registration(word: &str) -> Result<Registration, Error> {
    match word {
        "open" => Ok(Registration::Open),
        "invite" => Ok(Registration::Invite),
        "closed" => Ok(Registration::Closed),
        _ => Err(Error::Usage(format!("--registration {word}: there are open, invite and closed"))),
    }
}

pub(super) fn data_folder(given: Option<String>) -> Result<PathBuf, Error> {
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

pub(super) fn backup(file: Option<String>) -> Result<Option<PathBuf>, Error> {
    match file {
        Some(file) if file.is_empty() => Err(Error::usage("--backup needs the name of a new file")),
        file => Ok(file.map(PathBuf::from)),
    }
}

pub(super) fn level(word: &str) -> Result<LevelFilter, Error> {
    match word {
        "off" => Ok(LevelFilter::Off),
        "error" => Ok(LevelFilter::Error),
        "warn" => Ok(LevelFilter::Warn),
        "info" => Ok(LevelFilter::Info),
        "debug" => Ok(LevelFilter::Debug),
        _ => Err(Error::Usage(format!("--log {word}: the levels are off, error, warn, info and debug"))),
    }
}

pub(super) fn durability(word: &str) -> Result<Durability, Error> {
    match word {
        "full" => Ok(Durability::Full),
        "normal" => Ok(Durability::Normal),
        "memory" => Ok(Durability::Memory),
        _ => Err(Error::Usage(format!("--durability {word}: there are full, normal and memory"))),
    }
}

pub(super) fn number<N: FromStr>(option: &str, text: Option<String>) -> Result<Option<N>, Error> {
    let needed = |text: &str| Error::Usage(format!("{option} {text}: a number from 1 on is needed"));
    text.map(|text| text.parse().map_err(|_| needed(&text))).transpose()
}
