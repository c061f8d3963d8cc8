//! The program: reads the command line, runs the command, and turns the result into an exit status.
//!
//! Must not know: anything else.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use tr2::cli::{self, Invocation, Subcommand};
use tr2::client::text::ascii::Charset;
use tr2::commands;
use tr2::config::{JoinConfig, Sources};
use tr2::error::Error;
use tr2::language::{self, Language};
use tr2::logging;

fn main() -> ExitCode {
    // Also when a panic ends the program.
    let _log = WrittenLog;
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error.to_string().lines().for_each(|line| logging::say(&format!("tr2: {line}")));
            ExitCode::from(error.exit_code())
        }
    }
}

/// Has the log written when it is dropped, at the end of the program.
struct WrittenLog;

impl Drop for WrittenLog {
    fn drop(&mut self) {
        logging::finish();
    }
}

fn run() -> Result<(), Error> {
    let variable = |name: &str| std::env::var(name).ok();
    if Charset::of(variable).needs_ascii(io::stdout().is_terminal()) {
        language::take_accents_off();
    }
    language::set(Language::of(variable));
    let words = std::env::args_os()
        .skip(1)
        .map(|word| word.into_string().map_err(|_| Error::usage(cli::not_utf8())))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(language) = cli::language(&words) {
        language::set(language);
    }
    match cli::parse(&words).map_err(Error::Usage)? {
        Invocation::Print(text) => match io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Failed(cli::cannot_print(&error))),
            _ => Ok(()),
        },
        Invocation::Run(Subcommand::Serve(flags)) => {
            // What a server says is for logs and for whoever keeps it.
            language::set(Language::English);
            commands::serve(Sources::new(flags, variable))
        }
        Invocation::Run(Subcommand::Join(flags)) if flags.check => commands::check_join(flags, variable),
        Invocation::Run(Subcommand::Join(flags)) if flags.people.is_some() => commands::join_person(flags, variable),
        Invocation::Run(Subcommand::Join(flags)) => {
            let config = JoinConfig::from(flags, variable)?;
            // Programs read the same in every language.
            language::set(if config.lines.json { Language::English } else { config.language });
            commands::join(config)
        }
    }
}
