//! The program: reads the command line, runs the command, and turns the result into an exit status.
//!
//! Must not know: anything else.

use std::io::{self, Write};
use std::process::ExitCode;

use tr2::cli::{self, Invocation, Subcommand};
use tr2::commands;
use tr2::config::{JoinConfig, Sources};
use tr2::error::Error;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                // If standard error is gone, nobody can be told.
                let _ = writeln!(io::stderr(), "tr2: {line}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}

fn run() -> Result<(), Error> {
    let variable = |name: &str| std::env::var(name).ok();
    let words = std::env::args_os()
        .skip(1)
        .map(|word| word.into_string().map_err(|_| Error::usage("the command line is not UTF-8 text")))
        .collect::<Result<Vec<_>, _>>()?;
    match cli::parse(&words).map_err(Error::Usage)? {
        Invocation::Print(text) => match io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::Failed(format!("cannot write to standard output: {error}")))
            }
            _ => Ok(()),
        },
        Invocation::Run(Subcommand::Serve(flags)) => commands::serve(Sources::new(flags, variable)),
        Invocation::Run(Subcommand::Join(flags)) => commands::join(JoinConfig::from(flags, variable)?),
    }
}
