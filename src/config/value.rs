//! The meaning of each option's word, or why it is wrong.
//!
//! Must not know: where the word was written.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::ops::RangeInclusive;
use std::path::PathBuf;

use etcetera::BaseStrategy as _;
use log::LevelFilter;

use super::given::Problem;
use crate::logging::Format;
use crate::model::ban_target::Network;
use crate::model::text::is_clean;
use crate::model::url::{DEFAULT_TLS_PORT, Host};
use crate::model::{Name, Text, Url};
use crate::net::address::ListenAddress;
use crate::server::broker::rules::Registration;
use crate::server::limits::Rate;
use crate::server::store::Durability;

/// The meaning of a word, or the problem with it.
pub(super) type Meant<T> = Result<T, Problem>;

/// The longest welcome message, in bytes.
const MAX_WELCOME: usize = 2000;

/// The addresses of a URL; plain text that other machines can reach needs the admin's consent (`insecure`).
pub(super) fn places(url: &str, insecure: bool) -> Meant<Vec<ListenAddress>> {
    let parsed = address(url)?;
    let host = match &parsed {
        Url::Unix(path) => return Ok(vec![ListenAddress::Unix(path.clone())]),
        Url::Ssh(_) => {
            let text = "ssh:// is for 'tr2 join', where sshd listens; listen at unix:PATH, which ssh connects to";
            return Err(Problem::usage(text));
        }
        Url::Tcp(host) | Url::Tls(host) => host,
    };
    let addresses = resolve(host)?;
    if matches!(parsed, Url::Tls(_)) {
        return Ok(addresses.into_iter().map(ListenAddress::Tls).collect());
    }
    match addresses.iter().find(|address| !address.ip().is_loopback()) {
        Some(address) if !insecure => Err(Problem::usage(format!(
            "{parsed} can be reached from other machines ({address}) and is not encrypted: anyone in between can read \
             and change what is said. Listen at tls://{} instead, or at tcp://127.0.0.1:{} and let people join over \
             ssh://, or add --insecure-plaintext if the network is yours alone.",
            Host { name: host.name.clone(), port: DEFAULT_TLS_PORT },
            host.port
        ))),
        _ => Ok(addresses.into_iter().map(ListenAddress::Tcp).collect()),
    }
}

/// The address of the metrics endpoint: on this machine only.
pub(super) fn metrics(url: &str) -> Meant<Vec<ListenAddress>> {
    let only_here = || Problem::usage("metrics are served to this machine only: tcp://127.0.0.1:PORT or unix:PATH");
    match address(url)? {
        Url::Unix(path) => Ok(vec![ListenAddress::Unix(path)]),
        Url::Tcp(host) => {
            let addresses = resolve(&host)?;
            if addresses.iter().all(|address| address.ip().is_loopback()) {
                Ok(addresses.into_iter().map(ListenAddress::Tcp).collect())
            } else {
                Err(only_here())
            }
        }
        Url::Tls(_) | Url::Ssh(_) => Err(only_here()),
    }
}

fn address(url: &str) -> Meant<Url> {
    url.parse().map_err(|error: crate::model::url::UrlError| Problem::usage(error.to_string()))
}

fn resolve(host: &Host) -> Meant<Vec<SocketAddr>> {
    let found = (host.name.as_str(), host.port).to_socket_addrs();
    found.map(Iterator::collect).map_err(|error| Problem::failed(format!("the address cannot be resolved: {error}")))
}

/// The permissions of a file.
pub(super) fn mode(text: &str) -> Meant<u32> {
    let mode = u32::from_str_radix(text.trim_start_matches("0o"), 8).ok().filter(|mode| *mode <= 0o777);
    mode.ok_or_else(|| Problem::usage("must be permissions in octal, such as 660"))
}

/// The number of a group.
pub(super) fn group(text: &str) -> Meant<u32> {
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    match nix::unistd::Group::from_name(text) {
        Ok(Some(group)) => Ok(group.gid.as_raw()),
        _ => Err(Problem::usage("there is no such group")),
    }
}

pub(super) fn registration(word: &str) -> Meant<Registration> {
    match word {
        "open" => Ok(Registration::Open),
        "invite" => Ok(Registration::Invite),
        "closed" => Ok(Registration::Closed),
        _ => Err(Problem::usage("must be open, invite or closed")),
    }
}

/// The path of a file or folder.
pub(super) fn path(text: &str) -> Meant<PathBuf> {
    match text {
        "" => Err(Problem::usage("must not be empty")),
        _ if text.starts_with('~') => {
            Err(Problem::usage("'~' stands for a home folder only in a shell; write the whole path, from / on"))
        }
        _ => Ok(PathBuf::from(text)),
    }
}

/// The default data folder.
pub(super) fn data_folder() -> Meant<PathBuf> {
    let folder = etcetera::base_strategy::Xdg::new().ok().and_then(|base| base.state_dir());
    let none = || Problem::usage("there is no home folder for the data; name one with --data DIR");
    folder.map(|folder| folder.join("tr2")).ok_or_else(none)
}

pub(super) fn level(word: &str) -> Meant<LevelFilter> {
    match word {
        "off" => Ok(LevelFilter::Off),
        "error" => Ok(LevelFilter::Error),
        "warn" => Ok(LevelFilter::Warn),
        "info" => Ok(LevelFilter::Info),
        "debug" => Ok(LevelFilter::Debug),
        _ => Err(Problem::usage("must be off, error, warn, info or debug")),
    }
}

pub(super) fn log_format(word: &str) -> Meant<Format> {
    match word {
        "text" => Ok(Format::Text),
        "json" => Ok(Format::Json),
        _ => Err(Problem::usage("must be text or json")),
    }
}

pub(super) fn durability(word: &str) -> Meant<Durability> {
    match word {
        "full" => Ok(Durability::Full),
        "normal" => Ok(Durability::Normal),
        "memory" => Ok(Durability::Memory),
        _ => Err(Problem::usage("must be full, normal or memory")),
    }
}

pub(super) fn flood(word: &str) -> Meant<Option<Rate>> {
    Rate::parse(word).map_err(|error| Problem::usage(error.to_string()))
}

pub(super) fn name(word: &str) -> Meant<Name> {
    Name::parse(word).map_err(|error| Problem::usage(error.to_string()))
}

/// The message to users who join.
pub(super) fn welcome(text: &str) -> Meant<Option<Text>> {
    let text = text.trim_end();
    if text.len() > MAX_WELCOME {
        return Err(Problem::usage(format!("a welcome has at most {MAX_WELCOME} bytes")));
    }
    if !is_clean(text) {
        return Err(Problem::usage("a welcome may not contain control characters or invisible ones"));
    }
    Ok((!text.is_empty()).then(|| Text::block(text)))
}

/// The addresses of proxies; an address without a length is that one alone.
pub(super) fn network(text: &str) -> Meant<Network> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let network = address.parse().ok().and_then(|address: IpAddr| {
        let all = if address.is_ipv4() { 32 } else { 128 };
        Network::new(address, bits.map_or(Some(all), |bits| bits.parse().ok())?)
    });
    match network {
        None => Err(Problem::usage("must be an address or a network, such as 127.0.0.1 or 10.1.2.0/24")),
        Some(all) if all.prefix() == 0 => Err(Problem::usage(
            "would let anybody claim any address; name the addresses of the proxies, such as 127.0.0.1",
        )),
        Some(network) => Ok(network),
    }
}

pub(super) fn switch(word: &str) -> Meant<bool> {
    Ok(word == "true")
}

pub(super) fn on_or_off(word: &str) -> Meant<bool> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(Problem::usage("must be on or off")),
    }
}

/// A number within bounds.
pub(super) fn number<N>(range: RangeInclusive<N>) -> impl Fn(&str) -> Meant<N>
where
    N: TryFrom<i128> + TryInto<i128> + PartialOrd + Copy,
{
    move |word| {
        let number = word.parse::<i128>().ok().and_then(|number| N::try_from(number).ok());
        number.filter(|number| range.contains(number)).ok_or_else(|| {
            let bound = |bound: &N| (*bound).try_into().unwrap_or(i128::MAX);
            let (low, high): (i128, i128) = (bound(range.start()), bound(range.end()));
            // The largest number of its type is not a bound to tell anybody.
            let needed = if high >= i128::from(u32::MAX) {
                format!("must be a number, {low} or more")
            } else {
                format!("must be a number from {low} to {high}")
            };
            Problem::usage(needed)
        })
    }
}
