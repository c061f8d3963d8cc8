//! From flags, file and environment to what the server and the client are given.
//!
//! Must not know: sockets or screens; it reads one file and resolves names, and judges values.

mod file;
mod join;
mod value;

use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use log::LevelFilter;

pub use self::join::JoinConfig;
use crate::cli;
use crate::error::Error;
use crate::model::Name;
use crate::net::listen::Place;
use crate::net::unix::{self, Access};
use crate::server::credential::Source;
use crate::server::limits::{FLOOD, MAX_CONNECTIONS};
use crate::server::ratelimit::Rate;
use crate::server::rules::Registration;
use crate::server::store::{Keep, Options};

/// Where a server listens if nothing else is said: the original's address.
const DEFAULT_LISTEN: &str = "tcp://127.0.0.1:1234";
/// The variable with the folder of the session's sockets.
const RUNTIME_VARIABLE: &str = "XDG_RUNTIME_DIR";

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

impl ServeConfig {
    /// Puts file and flags together; flags win.
    ///
    /// # Errors
    /// [`Error::Usage`] for a value that is none, [`Error::Failed`] for what cannot be read or resolved.
    pub fn from(flags: cli::Serve, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let file = flags.config.as_deref().map(file::read).transpose()?.unwrap_or_default();
        let listen = first_filled([flags.listen, file.listen]);
        let spare = if listen.is_empty() { unix::default_place(variable(RUNTIME_VARIABLE).as_deref()) } else { None };
        let listen = first_filled([listen, vec![DEFAULT_LISTEN.to_owned()]]);
        let insecure = flags.insecure_plaintext || file.insecure_plaintext;
        let mut places = Vec::new();
        for url in &listen {
            places.extend(value::resolve(url, insecure)?);
        }
        let for_all = spare.as_ref().is_some_and(|(_, folder)| folder & 0o005 != 0);
        let access =
            value::access(flags.socket_mode.or(file.socket_mode), flags.socket_group.or(file.socket_group), for_all)?;
        let data = value::data_folder(flags.data.or(file.data))?;
        let credential = value::credential(flags.cert.or(file.cert), flags.key.or(file.key), &data)?;
        let registration = value::registration(flags.registration.or(file.registration).as_deref().unwrap_or("open"))?;
        let moderators = first_filled([flags.moderator, file.moderator]);
        let name =
            |name: &String| Name::parse(name).map_err(|error| Error::usage(format!("--moderator {name}: {error}")));
        let trust_names = flags.trust_names || file.trust_names;
        let max_connections = value::number("--max-connections", flags.max_connections)?.or(file.max_connections);
        let flood = flags.flood.or(file.flood);
        Ok(Self {
            listen: places,
            spare,
            access,
            credential,
            registration,
            data,
            store: Options {
                durability: value::durability(flags.durability.or(file.durability).as_deref().unwrap_or("full"))?,
                keep: Keep {
                    days: value::number("--keep-days", flags.keep_days)?.or(file.keep_days).map(NonZeroU32::get),
                    messages: value::number("--keep-messages", flags.keep_messages)?
                        .or(file.keep_messages)
                        .map(NonZeroU64::get),
                },
            },
            backup: value::backup(flags.backup)?,
            moderators: moderators.iter().map(name).collect::<Result<_, _>>()?,
            trust_names,
            log: value::level(flags.log.or(file.log).as_deref().unwrap_or("info"))?,
            max_connections: max_connections.map_or(MAX_CONNECTIONS, NonZeroUsize::get),
            max_per_address: value::number("--max-per-address", flags.max_per_address)?
                .or(file.max_per_address)
                .map(NonZeroUsize::get),
            flood: match flood {
                None => Some(FLOOD),
                Some(rate) => Rate::parse(&rate).map_err(|error| Error::usage(format!("--flood {rate}: {error}")))?,
            },
        })
    }
}

fn first_filled<const N: usize>(lists: [Vec<String>; N]) -> Vec<String> {
    lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default()
}
