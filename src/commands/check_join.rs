//! `tr2 join --check`: checks everything that joining would use and that can be seen from here. Changes nothing.
//!
//! Must not know: how anything is used afterwards.

use std::io::{self, Write as _};

use crate::cli;
use crate::client::link::keyring::Keyring;
use crate::client::link::own_key::OwnKey;
use crate::client::link::people_list::PeopleList;
use crate::config::JoinConfig;
use crate::error::Error;
use crate::language::{self, configuration as say};
use crate::model::Url;

/// Reports the problems, or what was found to be in order.
///
/// # Errors
/// All problems.
pub fn check_join(flags: cli::Join, variable: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
    let (config, file, mut errors) = JoinConfig::look(flags, variable);
    if let Some(config) = &config {
        language::set(config.language);
    }
    let mut there = vec![file.unwrap_or_else(|| say::no_file().to_owned())];
    let mut server = None;
    if let Some(config) = config {
        server = Some(config.server.to_string());
        let people = PeopleList { path: config.known_people.clone(), server: config.server.clone() };
        errors.extend(people.load().1.map(Error::Failed));
        // Over the other transports no key is used to join.
        if matches!(config.server, Url::Tls(_)) {
            let JoinConfig { identity, known_servers, fingerprint, .. } = config;
            let keyring = Keyring { identity: OwnKey::at(identity), known_servers, pin: fingerprint };
            errors.extend(keyring.look().into_iter().map(Error::failed));
            there.extend([say::your_key().to_owned(), say::known_servers().to_owned()]);
        }
    }
    if errors.is_empty() {
        let checked = there.join(", ");
        let fine = match server {
            Some(server) => say::fine_with_server(checked, server),
            None => say::fine(checked),
        };
        return writeln!(io::stdout(), "{fine}").map_err(|error| Error::Failed(say::cannot_print(&error)));
    }
    let misused = errors.iter().any(|error| matches!(error, Error::Usage(_)));
    let text = errors.iter().map(Error::to_string).collect::<Vec<_>>().join("\n");
    Err(if misused { Error::Usage(text) } else { Error::Failed(text) })
}
