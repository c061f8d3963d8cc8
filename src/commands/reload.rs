//! SIGHUP: reads everything again that can change while the server runs, and applies it only if all of it is valid.
//!
//! Must not know: who uses the new values.

use crate::config::given::{Given, Problem, Problems};
use crate::config::{ServeConfig, Sources};
use crate::logging;
use crate::net::tls_config::Acceptor;
use crate::server::broker::tuning::Change;

/// The sources, and the words in force.
pub(super) struct Reload {
    sources: Sources,
    given: Given,
    /// The TLS acceptor, if there is one.
    acceptor: Option<Acceptor>,
}

impl Reload {
    /// For a server that runs with this configuration.
    pub(super) fn new(sources: Sources, config: ServeConfig, acceptor: Option<Acceptor>) -> Self {
        Self { sources, given: config.given, acceptor }
    }

    /// The change to apply; on a problem there is none, and the log says why.
    pub(super) fn read(&mut self) -> Option<Change> {
        let read = self.sources.read_again(&self.given).and_then(|config| self.change(config));
        read.map_err(|problems| report(&problems)).ok()
    }

    fn change(&mut self, config: ServeConfig) -> Result<Change, Problems> {
        // This comes last, because it generates what is missing of the server's own certificate.
        let shown = match &self.acceptor {
            None => None,
            Some(acceptor) => {
                let credential = config.credential.load().map_err(|error| {
                    let position = config.given.words("cert").first().and_then(|word| word.position);
                    let file = self.sources.file().map(str::to_owned);
                    Problems::new(file, vec![Problem { position, ..Problem::failed(error.to_string()) }])
                })?;
                let problems = super::review(&config.credential, &credential);
                Some((acceptor.clone(), credential, problems))
            }
        };
        let (level, format, tuning) = (config.log, config.log_format, config.tuning());
        let changed = config.given.changes(&self.given).join(",");
        self.given = config.given;
        let rest = move || {
            logging::set(level, format);
            match shown {
                Some((acceptor, credential, problems)) => {
                    problems.iter().for_each(|problem| super::log_certificate(problem));
                    acceptor.show(&credential);
                    log::info!(key:% = credential.fingerprint, changed = changed; "reloaded");
                }
                None => log::info!(changed = changed; "reloaded"),
            }
        };
        Ok(Change { tuning, rest: Box::new(rest) })
    }
}

/// Logs all problems as one line: the first problem, and their number.
fn report(problems: &Problems) {
    let Some(Problem { position, key, word, what, .. }) = problems.list.first() else { return };
    let (line, column) = (position.map(|position| position.line), position.map(|position| position.column));
    let (file, problems) = (problems.file.as_deref(), problems.list.len());
    let word = word.as_deref();
    log::error!(file = file, line = line, column = column, key = key, value = word, reason = what, problems = problems; "reload_failed");
}
