//! `tr2 serve --check`: checks everything that a start would use, and reports all problems. Changes nothing.
//!
//! Must not know: how anything is used afterwards.

use std::io::{self, Write as _};
use std::path::Path;

use crate::config::given::{Given, Problem, Problems};
use crate::config::{ServeConfig, Sources};
use crate::error::Error;
use crate::net::address::ListenAddress;
use crate::net::unix;
use crate::server::secrets::certificate::CredentialSource;
use crate::server::secrets::data_folder as folder;
use crate::server::store::{self, Durability};

/// Reports the problems, or what was found to be in order.
pub(super) fn check(sources: &Sources) -> Result<(), Error> {
    let (config, Problems { mut list, .. }) = sources.look();
    let mut there = Vec::new();
    if let Some(config) = config {
        look_at_data(&config, &mut list, &mut there);
        look_at_credential(&config, &mut list);
        look_at_sockets(&config, &mut list);
    }
    if list.is_empty() {
        let file = sources.file().map(|file| format!("{file}, ")).unwrap_or_default();
        let text = format!("{file}addresses, certificates and data are fine; {}.", there.join("; "));
        return writeln!(io::stdout(), "{text}")
            .map_err(|error| Error::Failed(format!("cannot write to standard output: {error}")));
    }
    let misused = list.iter().any(Problem::is_misuse);
    let problems = Problems::new(sources.file().map(str::to_owned), list);
    let text = problems.lines().collect::<Vec<_>>().join("\n");
    Err(if misused { Error::Usage(text) } else { Error::Failed(text) })
}

/// A problem with what an option refers to.
fn about(given: &Given, key: &'static str, named: &str, what: impl ToString) -> Problem {
    let words = given.words(key);
    let word = words.iter().find(|word| word.text == named).or(words.first());
    Problem {
        position: word.and_then(|word| word.position),
        key: word.map(|_| key),
        ..Problem::failed(what.to_string())
    }
}

fn look_at_data(config: &ServeConfig, list: &mut Vec<Problem>, there: &mut Vec<String>) {
    let named = config.data.display().to_string();
    match folder::look(&config.data) {
        Ok(true) => there.push(format!("the data is in {named}")),
        Ok(false) => return there.push(format!("the first start creates the data folder {named}")),
        Err(error) => return list.push(about(&config.given, "data", &named, error)),
    }
    if config.store.durability == Durability::Memory {
        return;
    }
    match store::look(&config.data) {
        Ok(_) => {}
        Err(error) => list.push(about(&config.given, "data", &named, error)),
    }
}

fn look_at_credential(config: &ServeConfig, list: &mut Vec<Problem>) {
    let key = match &config.credential {
        CredentialSource::Given { .. } => "cert",
        CredentialSource::Own(_) if config.listen.iter().any(|place| matches!(place, ListenAddress::Tls(_))) => "data",
        CredentialSource::Own(_) => return,
    };
    if let Err(error) = config.credential.look() {
        list.push(about(&config.given, key, "", error));
    }
}

fn look_at_sockets(config: &ServeConfig, list: &mut Vec<Problem>) {
    for (key, places) in [("listen", &config.listen), ("metrics", &config.metrics)] {
        for place in places {
            if let ListenAddress::Unix(path) = place
                && let Err(error) = unix::look_at(Path::new(path))
            {
                list.push(about(&config.given, key, &place.to_string(), format!("cannot listen at {place}: {error}")));
            }
        }
    }
}
