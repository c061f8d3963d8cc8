//! The server's configuration: the words of file and command line together, each of them checked.
//!
//! Must not know: how the file is written (`file`), or who uses the values.

use std::path::{Path, PathBuf};
use std::time::Duration;

use log::LevelFilter;

use super::checker::Checker;
use super::cluster::{self, ClusterConfig};
use super::file::{self, FileKind};
use super::given::{Given, Problems};
use super::keys::KEYS;
use super::task::{self, Task};
use super::value;
use super::{DEFAULT_LISTEN, RUNTIME_VARIABLE};
use crate::cli;
use crate::logging::Format;
use crate::model::ban_target::Network;
use crate::model::{Name, Text};
use crate::net::address::ListenAddress;
use crate::net::unix::{self, SocketAccess};
use crate::server::broker::rules::{Registration, Rules};
use crate::server::broker::tuning::Tuning;
use crate::server::limits::Rate;
use crate::server::limits::{
    CUT_AFTER, EDIT_TIME, FLOOD, MAX_CONNECTIONS, MAX_QUEUED, NAME_DEADLINE, PASSPHRASE_TRIES, PING_AFTER, RELAY_RATE,
    RELAY_TOTAL,
};
use crate::server::relay::RelayRates;
use crate::server::secrets::certificate::CredentialSource;
use crate::server::store::{Decisions, Options, Retention};
use crate::sys::user_numbers::UserNumbers;

/// Where a server's configuration comes from; it can be read any number of times.
#[derive(Clone, Debug)]
pub struct Sources {
    flags: cli::Serve,
    runtime_dir: Option<String>,
}

/// The server's configuration.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// The addresses to listen on.
    pub listen: Vec<ListenAddress>,
    /// Whether those are the default.
    pub listen_default: bool,
    /// Whether other machines may connect in plain text.
    pub insecure_plaintext: bool,
    /// Whether the server makes itself known to the networks that it is in.
    pub announce: bool,
    /// The default socket file, to be used if it can be made, and the permissions of its folder.
    pub spare: Option<(PathBuf, u32)>,
    /// The permissions and the group of a socket file.
    pub access: SocketAccess,
    /// The proxies that are trusted to say whose a connection is.
    pub proxies: Vec<Network>,
    /// Where the TLS credential comes from.
    pub credential: CredentialSource,
    /// The data folder.
    pub data: PathBuf,
    /// How messages are stored.
    pub store: Options,
    /// Whether the process gives up what it does not need.
    pub sandbox: bool,
    /// The log level.
    pub log: LevelFilter,
    /// The log format.
    pub log_format: Format,
    /// The addresses of the metrics endpoint.
    pub metrics: Vec<ListenAddress>,
    /// The flood limit; `None` is no limit.
    pub flood: Option<Rate>,
    /// The most bytes that may wait for one connection.
    pub slow_consumer: usize,
    /// The rules of the broker.
    pub rules: Rules,
    /// The other nodes of the chat, if there are any.
    pub cluster: Option<ClusterConfig>,
    /// The words that set all this.
    pub given: Given,
}

impl ServeConfig {
    /// The part of the configuration that can change while the server runs.
    #[must_use]
    pub fn tuning(&self) -> Tuning {
        let Self { rules, store, flood, slow_consumer, .. } = self;
        Tuning { rules: rules.clone(), keep: store.keep, shared: None, flood: *flood, slow_consumer: *slow_consumer }
    }
}

impl Sources {
    /// The sources that the command line names.
    #[must_use]
    pub fn new(flags: cli::Serve, variable: impl Fn(&str) -> Option<String>) -> Self {
        Self { flags, runtime_dir: variable(RUNTIME_VARIABLE) }
    }

    /// The path of the file, if one was named.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.flags.config.as_deref()
    }

    /// What is to be done.
    ///
    /// # Errors
    /// Options that do not go together, or mean nothing.
    pub fn task(&self) -> Result<Task, String> {
        task::task(&self.flags)
    }

    /// Whether the administrator has confirmed that the clock is right.
    #[must_use]
    pub fn trusts_clock(&self) -> bool {
        self.flags.trust_clock
    }

    /// What the administrator has decided about data that cannot be used as it is.
    #[must_use]
    pub fn decisions(&self) -> Decisions {
        Decisions {
            new_history: self.flags.new_history,
            alone: self.flags.alone,
            without_damaged: self.flags.without_damaged,
        }
    }

    /// The data folder alone, whatever is wrong with the rest.
    ///
    /// # Errors
    /// There is no folder to be had from command line, file and environment.
    pub fn data(&self) -> Result<PathBuf, String> {
        let named = |given: &Given| given.words("data").last().map(|word| word.text.clone());
        let on_the_file = || self.file().and_then(|path| file::read(path, &FILE).0).as_ref().and_then(named);
        let default = || value::data_folder().map_err(|problem| problem.what);
        self.flags.data.clone().or_else(on_the_file).map_or_else(default, |folder| Ok(folder.into()))
    }

    /// Reads and checks everything.
    ///
    /// # Errors
    /// All problems.
    pub fn read(&self) -> Result<ServeConfig, Problems> {
        self.read_with(None)
    }

    /// As [`Sources::read`], for a running server whose words were `before`.
    ///
    /// # Errors
    /// All problems, and all changes that need a restart.
    pub fn read_again(&self, before: &Given) -> Result<ServeConfig, Problems> {
        self.read_with(Some(before))
    }

    /// The configuration as far as it can be understood, together with all problems.
    #[must_use]
    pub fn look(&self) -> (Option<ServeConfig>, Problems) {
        self.look_with(None)
    }

    fn read_with(&self, before: Option<&Given>) -> Result<ServeConfig, Problems> {
        match self.look_with(before) {
            (Some(config), problems) if problems.list.is_empty() => Ok(config),
            (_, problems) => Err(problems),
        }
    }

    fn look_with(&self, before: Option<&Given>) -> (Option<ServeConfig>, Problems) {
        let file = self.file().map(str::to_owned);
        let (given, problems) =
            self.file().map_or_else(|| (Some(Given::default()), Vec::new()), |path| file::read(path, &FILE));
        // If the file cannot be parsed, nothing is checked and no host name resolved.
        let Some(mut given) = given else { return (None, Problems::new(file, problems)) };
        self.put_flags(&mut given);
        let folder = self.file().and_then(|file| Path::new(file).parent());
        let mut checker = Checker { given: &given, folder, problems };
        if let Some(before) = before.filter(|_| checker.problems.is_empty()) {
            checker.problems.extend(given.fixed_changes(before));
        }
        let config = checker.check(self.runtime_dir.as_deref(), before.is_some());
        let problems = Problems::new(file, checker.problems);
        (config.map(|config| ServeConfig { given, ..config }), problems)
    }

    fn put_flags(&self, given: &mut Given) {
        let flags = self.flags.clone();
        let on = |switch: bool| switch.then(|| "true".to_owned());
        given.put_flags("listen", flags.listen);
        given.put_flags("socket-mode", flags.socket_mode);
        given.put_flags("socket-group", flags.socket_group);
        given.put_flags("proxy-from", flags.proxy_from);
        given.put_flags("cert", flags.cert);
        given.put_flags("key", flags.key);
        given.put_flags("registration", flags.registration);
        given.put_flags("data", flags.data);
        given.put_flags("durability", flags.durability);
        given.put_flags("edit-hours", flags.edit_hours);
        given.put_flags("keep-days", flags.keep_days);
        given.put_flags("keep-messages", flags.keep_messages);
        given.put_flags("moderator", flags.moderator);
        given.put_flags("trust-names", on(flags.trust_names));
        given.put_flags("insecure-plaintext", on(flags.insecure_plaintext));
        given.put_flags("announce", on(flags.announce));
        given.put_flags("log", flags.log);
        given.put_flags("log-format", flags.log_format);
        given.put_flags("metrics", flags.metrics);
        given.put_flags("max-connections", flags.max_connections);
        given.put_flags("max-per-address", flags.max_per_address);
        given.put_flags("flood", flags.flood);
        given.put_flags("calls", flags.calls);
        given.put_flags("relay-rate", flags.relay_rate);
        given.put_flags("relay-total", flags.relay_total);
        given.put_flags("sandbox", flags.sandbox);
        given.put_flags("cluster", flags.cluster);
        given.put_flags("node", flags.node);
    }
}

impl Checker<'_> {
    /// The configuration; problems are collected. A running server does not resolve its addresses again.
    fn check(&mut self, runtime_dir: Option<&str>, runs: bool) -> Option<ServeConfig> {
        let insecure_plaintext = self.one("insecure-plaintext", value::switch).unwrap_or(false);
        let listen_default = self.given.words("listen").is_empty();
        let spare = if listen_default { unix::default_place(runtime_dir) } else { None };
        let (mut listen, mut metrics) = (Vec::new(), Vec::new());
        if !runs {
            listen = self.each("listen", |url| value::places(url, insecure_plaintext)).concat();
            metrics = self.each("metrics", value::metrics).concat();
        }
        if listen_default {
            listen = self.needed(value::places(DEFAULT_LISTEN, false)).unwrap_or_default();
        }
        let announce = self.one("announce", value::switch).unwrap_or(false);
        let for_all = spare.as_ref().is_some_and(|(_, folder)| folder & 0o005 != 0);
        let mode = self.one("socket-mode", value::mode).unwrap_or(if for_all { 0o666 } else { 0o600 });
        let access = SocketAccess { mode, group: self.one("socket-group", value::group) };
        let data = match self.path("data") {
            Some(folder) => Some(folder),
            None if self.given.words("data").is_empty() => self.needed(value::data_folder()),
            None => None,
        };
        let (cert, key) = (self.path("cert"), self.path("key"));
        let credential = match (cert, key) {
            (Some(certificate), Some(key)) => Some(CredentialSource::Given { certificate, key }),
            (None, None) => data.clone().map(CredentialSource::Own),
            (cert, _) => {
                let alone = if cert.is_some() { "cert" } else { "key" };
                self.complain(alone, "cert and key go together; give both, or neither to have them generated");
                None
            }
        };
        let keep = Retention {
            days: self.one("keep-days", value::number(1..=u32::MAX)),
            messages: self.one("keep-messages", value::number(1..=u64::MAX)),
        };
        let durability = self.one("durability", value::durability).unwrap_or_default();
        let log = self.one("log", value::level).unwrap_or(LevelFilter::Info);
        let (cluster, mut rules) = (cluster::cluster(self, insecure_plaintext), self.rules(log));
        if cluster.is_some() {
            cluster::suit(self, durability, &mut rules);
        }
        Some(ServeConfig {
            listen,
            listen_default,
            insecure_plaintext,
            announce,
            spare,
            access,
            proxies: self.each("proxy-from", value::network),
            sandbox: self.one("sandbox", value::on_or_off).unwrap_or(true),
            log,
            log_format: self.one("log-format", value::log_format).unwrap_or_default(),
            metrics,
            flood: self.one("flood", value::flood).unwrap_or(Some(FLOOD)),
            slow_consumer: self.one("slow-consumer", value::number(SLOW_CONSUMER)).unwrap_or(MAX_QUEUED),
            rules,
            cluster,
            store: Options { durability, keep },
            given: Given::default(),
            credential: credential?,
            data: data?,
        })
    }

    fn rules(&mut self, log: LevelFilter) -> Rules {
        let mut seconds = |key, or| self.one(key, value::number(1..=SECONDS)).map_or(or, Duration::from_secs);
        let name_deadline = seconds("name-deadline", NAME_DEADLINE);
        let (ping_after, cut_after) = (seconds("ping-after", PING_AFTER), seconds("cut-after", CUT_AFTER));
        if ping_after >= cut_after {
            let alone = if self.given.words("cut-after").is_empty() { "ping-after" } else { "cut-after" };
            let (ping, cut) = (ping_after.as_secs(), cut_after.as_secs());
            self.complain(alone, &format!("ping-after ({ping}) must be less than cut-after ({cut})"));
        }
        let moderators: Vec<Name> = self.each("moderator", value::name);
        let welcome: Option<Text> = self.one("welcome", value::welcome).flatten();
        Rules {
            moderators,
            welcome,
            trust_names: self.one("trust-names", value::switch).unwrap_or(false),
            registration: self.one("registration", value::registration).unwrap_or(Registration::Open),
            own_uid: UserNumbers::read().somebody(rustix::process::geteuid().as_raw()),
            max_connections: self.one("max-connections", value::number(1..=usize::MAX)).unwrap_or(MAX_CONNECTIONS),
            max_per_address: self.one("max-per-address", value::number(1..=usize::MAX)),
            note_messages: log >= LevelFilter::Debug,
            passphrase_tries: self.one("passphrase-tries", value::number(1..=1000)).unwrap_or(PASSPHRASE_TRIES),
            calls: self.one("calls", value::on_or_off).unwrap_or(true),
            relay: self.relay_rates(),
            edit_time: self.one("edit-hours", value::number(0..=EDIT_HOURS)).map_or(EDIT_TIME, hours),
            nodes: Vec::new(),
            name_deadline,
            ping_after,
            cut_after,
        }
    }

    fn relay_rates(&mut self) -> RelayRates {
        let mut rate = |key, or| self.one(key, value::number(RELAYED)).map_or(or, a_second_at_once);
        let (leg, all) = (rate("relay-rate", RELAY_RATE), rate("relay-total", RELAY_TOTAL));
        if leg.per_second > all.per_second {
            let alone = if self.given.words("relay-total").is_empty() { "relay-rate" } else { "relay-total" };
            let (leg, all) = (leg.per_second, all.per_second);
            self.complain(alone, &format!("relay-rate ({leg}) must be at most relay-total ({all})"));
        }
        RelayRates { leg, all }
    }
}

/// So many bytes a second, of which those of one second may come at once.
fn a_second_at_once(bytes: u32) -> Rate {
    Rate { burst: bytes, per_second: bytes }
}

fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 60 * 60)
}

/// The server's file. It may be anybody's: whoever starts the server names it.
const FILE: FileKind =
    FileKind { keys: &KEYS, tables: &[], manual: "tr2.conf(5)", private: false, ends_with_line_feed: true };
/// The longest time for which messages can be edited, in hours: ten years.
const EDIT_HOURS: u64 = 10 * 365 * 24;
/// The longest period that an admin can set, in seconds.
const SECONDS: u64 = 24 * 60 * 60;
/// The bounds of `relay-rate` and `relay-total`, in bytes a second: a call with small pictures, and more than any network.
const RELAYED: std::ops::RangeInclusive<u32> = 8 * 1024..=1024 * 1024 * 1024;
/// The bounds of `slow-consumer`: at least one reply of full length.
const SLOW_CONSUMER: std::ops::RangeInclusive<usize> = 128 * 1024..=64 * 1024 * 1024;
