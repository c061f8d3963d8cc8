//! Reloading: reads everything again that can change while the server runs, and applies it only if all of it is valid.
//! The certificate is read again even then: what keeps a setting from changing must not let a certificate expire.
//!
//! Also `tr2 serve --reload`, which asks a running server for it and tells the outcome.
//!
//! Must not know: who uses the new values.

use std::io::{self, Write as _};
use std::path::Path;

use super::cluster;
use super::progress::Progress;
use crate::config::given::{Given, Problem, Problems};
use crate::config::{ServeConfig, Sources};
use crate::error::Error;
use crate::logging;
use crate::net::control;
use crate::net::tls_config::Acceptor;
use crate::server::broker::tuning::{Change, Tuning};
use crate::server::limits::RELOAD_PATIENCE;
use crate::server::secrets::certificate::CredentialSource;

/// The sources, and what is in force.
pub(super) struct Reload {
    sources: Sources,
    given: Given,
    /// Where the certificate in force comes from.
    credential: CredentialSource,
    /// The TLS acceptor, if there is one.
    acceptor: Option<Acceptor>,
    /// The hash of the moderator passphrase, which all nodes of a cluster share.
    passphrase_hash: String,
}

impl Reload {
    /// For a server that runs with this configuration.
    pub(super) fn new(
        sources: Sources,
        config: ServeConfig,
        acceptor: Option<Acceptor>,
        passphrase_hash: String,
    ) -> Self {
        Self { sources, given: config.given, credential: config.credential, acceptor, passphrase_hash }
    }

    /// The change to apply; on a problem there is none, and the log says why, as the error does.
    pub(super) fn read(&mut self) -> Result<Change, String> {
        let read = match self.sources.read_again(&self.given) {
            Ok(config) => self.change(config),
            Err(problems) => {
                self.renew();
                Err(problems)
            }
        };
        read.map_err(|problems| {
            report(&problems);
            problems.lines().collect::<Vec<_>>().join("\n")
        })
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
        let key = shown.as_ref().and_then(|(_, credential, _)| cluster::pinned(credential));
        let shared = cluster::sum_of(&config, &self.passphrase_hash, key);
        let (level, format, tuning) = (config.log, config.log_format, Tuning { shared, ..config.tuning() });
        let changed = config.given.changes(&self.given).join(",");
        (self.given, self.credential) = (config.given, config.credential);
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

    /// Reads the certificate in force again, although the settings stay as they are.
    fn renew(&self) {
        let Some(acceptor) = &self.acceptor else { return };
        match self.credential.load() {
            Ok(credential) if acceptor.shows(&credential) => {}
            Ok(credential) => {
                acceptor.show(&credential);
                log::info!(key:% = credential.fingerprint; "certificate_renewed");
            }
            Err(error) => log::error!(reason:% = error; "certificate_kept"),
        }
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

/// `tr2 serve --reload`: asks the server of a data folder.
pub(super) fn ask(data: &Path) -> Result<(), Error> {
    let progress = Progress::start("Waiting for the server to reload its configuration");
    let answer = control::ask(data, control::RELOAD, RELOAD_PATIENCE);
    drop(progress);
    let answer = answer.map_err(|error| {
        let data = data.display();
        Error::Failed(if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
            format!("the server in {data} does not answer within {} seconds; see its log", RELOAD_PATIENCE.as_secs())
        } else {
            format!("no server answers in {data} ({error}); name its data folder with --data")
        })
    })?;
    if answer == control::DONE {
        return writeln!(io::stdout(), "The settings were reloaded.")
            .map_err(|error| Error::Failed(format!("cannot write to standard output: {error}")));
    }
    let reasons = answer.strip_prefix(control::REFUSED).map_or("", str::trim_end);
    let reasons = if reasons.is_empty() { "the server ended before it answered" } else { reasons };
    Err(Error::Failed(format!("{reasons}\nThe settings were not reloaded; what was in force still is.")))
}
