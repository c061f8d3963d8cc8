//! The command line: its options, their help, and suggestions for unknown words. The help in English is what argh makes of
//! the comments here; `help` writes it in other languages.
//!
//! Must not know: what an option leads to (`config` judges the values).

mod help;
mod join;

use argh::{ArgsInfo, CommandInfoWithArgs, FromArgs};

pub use self::join::Join;
use crate::language::command_line as say;
use crate::language::{self, Language};
use crate::model::nearest;

/// The name of the program.
const PROGRAM: &str = "tr2";

/// Chat in the terminal, for people who share a machine or a network.
#[derive(Debug, FromArgs, ArgsInfo)]
#[argh(note = "'tr2 --version' prints the version; the manual is tr2(1).")]
pub(crate) struct Args {
    #[argh(subcommand)]
    /// what to do
    pub command: Subcommand,
}

#[allow(clippy::large_enum_variant, reason = "only one value of it ever exists")]
/// What the program is to do.
#[derive(Debug, FromArgs, ArgsInfo)]
#[argh(subcommand)]
pub enum Subcommand {
    /// Run a server.
    Serve(Serve),
    /// Chat.
    Join(Join),
}

/// Run a server that anyone on this machine can join.
#[derive(Clone, Debug, Default, FromArgs, ArgsInfo)]
#[argh(subcommand, name = "serve")]
pub struct Serve {
    /// address to listen on: tcp://HOST:PORT, tls://HOST:PORT or unix:PATH; may be repeated (default: tcp://127.0.0.1:1234 and a socket file for this machine)
    #[argh(option, arg_name = "url")]
    pub listen: Vec<String>,
    /// permissions of a socket file, in octal (default: 600; 666 where root serves the whole machine)
    #[argh(option, arg_name = "mode")]
    pub socket_mode: Option<String>,
    /// group of a socket file, by name or number
    #[argh(option, arg_name = "group")]
    pub socket_group: Option<String>,
    /// address of a proxy, or a network of them (ADDR/BITS), that says whose each connection is, in a header of the PROXY protocol version 2; may be repeated
    #[argh(option, arg_name = "addr/bits")]
    pub proxy_from: Vec<String>,
    /// certificate chain for tls://, in PEM (default: one that is made at the first start)
    #[argh(option, arg_name = "file")]
    pub cert: Option<String>,
    /// private key of that certificate, in PEM
    #[argh(option, arg_name = "file")]
    pub key: Option<String>,
    /// who may join under a name that nobody owns: open (anyone), invite (with a code) or closed (nobody) (default: open)
    #[argh(option, arg_name = "whom")]
    pub registration: Option<String>,
    /// folder for the server's data (default: $XDG_STATE_HOME/tr2 or ~/.local/state/tr2)
    #[argh(option, arg_name = "dir")]
    pub data: Option<String>,
    /// when a message counts as stored: full (it survives a power cut), normal (it survives a crash of the server) or memory (nothing is written) (default: full)
    #[argh(option, arg_name = "level")]
    pub durability: Option<String>,
    /// let users edit and delete their own messages for this many hours; 0: not at all (default: 24)
    #[argh(option, arg_name = "n")]
    pub edit_hours: Option<String>,
    /// delete messages and moderation log entries after this many days (default: never)
    #[argh(option, arg_name = "n")]
    pub keep_days: Option<String>,
    /// keep at most this many messages of each conversation (default: all)
    #[argh(option, arg_name = "n")]
    pub keep_messages: Option<String>,
    /// instead of serving, copy all that a rebuilt host needs to this new file, or to a new one in this folder, and verify the copy; the server may be running
    #[argh(option, arg_name = "file")]
    pub backup: Option<String>,
    /// with --backup and a folder, keep this many of the newest backups in it, and delete older ones (default: all)
    #[argh(option, arg_name = "n")]
    pub keep_backups: Option<String>,
    /// instead of serving, verify this backup and put it in place; the server has to be stopped
    #[argh(option, arg_name = "file")]
    pub restore: Option<String>,
    /// instead of serving, list users, names, rooms, bans, moderators, invitations or acts; changes nothing, and the server may be running
    #[argh(option, arg_name = "what")]
    pub list: Option<String>,
    /// form of what --list and --backup print: text or json (one object per line) (default: text; --backup without it prints to a terminal only)
    #[argh(option, arg_name = "form")]
    pub format: Option<String>,
    /// instead of serving, write everything by this user and to them into the new file that is named behind it; the server may be running
    #[argh(option, arg_name = "name")]
    pub export: Option<String>,
    /// instead of serving, erase everything that this user said; says how much that is, and needs --yes to do it; the server may be running
    #[argh(option, arg_name = "name")]
    pub erase: Option<String>,
    /// do what --erase or --found says that it would do
    #[argh(switch)]
    pub yes: bool,
    /// instead of serving, take this name from its owner, so that it can get another; the server may be running
    #[argh(option, arg_name = "name")]
    pub free: Option<String>,
    /// instead of serving, make a new moderator passphrase and print it; the server may be running
    #[argh(switch)]
    pub rotate_passphrase: bool,
    /// instead of serving, switch maintenance on or off: while it is on, only moderators can join; the server may be running
    #[argh(option, arg_name = "switch")]
    pub maintenance: Option<String>,
    /// with --maintenance on, what those are told who cannot join
    #[argh(option, arg_name = "text")]
    pub text: Option<String>,
    /// take the clock for right at this start, although it is far ahead of the time that the server knows
    #[argh(switch)]
    pub trust_clock: bool,
    /// begin a new history at this start, where the old one is gone
    #[argh(switch)]
    pub new_history: bool,
    /// take the history out of its cluster at this start, so that this server serves it alone from here on
    #[argh(switch)]
    pub alone: bool,
    /// delete damaged records of owners, bans and rooms at this start, and go on without them
    #[argh(switch)]
    pub without_damaged: bool,
    /// make the owner of this name a moderator; may be repeated
    #[argh(option, arg_name = "name")]
    pub moderator: Vec<String>,
    /// trust names that users on this machine claim without proof, as the original did
    #[argh(switch)]
    pub trust_names: bool,
    /// allow plain text at addresses that other machines can reach, although anyone in between can read and change it
    #[argh(switch)]
    pub insecure_plaintext: bool,
    /// make the server known to the networks that it is in, so that tr2 join finds it there
    #[argh(switch)]
    pub announce: bool,
    /// NATS servers that keep the common log of several nodes of one chat (nats://HOST:PORT or tls://HOST:PORT, with commas between them); may be repeated; goes with --node
    #[argh(option, arg_name = "urls")]
    pub cluster: Vec<String>,
    /// name of this node among those of the cluster (letters a-z, digits and -)
    #[argh(option, arg_name = "name")]
    pub node: Option<String>,
    /// instead of serving, begin the common log of a cluster from the data of this server, which has to be stopped; needs --yes where there is such a log
    #[argh(switch)]
    pub found: bool,
    /// read options from this file (TOML; see tr2.conf(5)); the command line wins
    #[argh(option, arg_name = "file")]
    pub config: Option<String>,
    /// instead of serving, check configuration, certificates and data, and report every problem; changes nothing, and the server may be running
    #[argh(switch)]
    pub check: bool,
    /// instead of serving, make the running server reload its configuration and certificates; fails, with the reasons, if the server refuses them
    #[argh(switch)]
    pub reload: bool,
    /// log level: off, error, warn, info or debug (default: info)
    #[argh(option, arg_name = "level")]
    pub log: Option<String>,
    /// log format: text (key=value) or json (one object per line) (default: text)
    #[argh(option, arg_name = "format")]
    pub log_format: Option<String>,
    /// where to serve OpenMetrics, to this machine only: tcp://127.0.0.1:PORT or unix:PATH (default: nowhere)
    #[argh(option, arg_name = "url")]
    pub metrics: Option<String>,
    /// most connections in total (default: 16384)
    #[argh(option, arg_name = "n")]
    pub max_connections: Option<String>,
    /// most connections from one address (default: 64; this machine's own are not counted)
    #[argh(option, arg_name = "n")]
    pub max_per_address: Option<String>,
    /// whether users can call one another: on or off (default: on)
    #[argh(option, arg_name = "switch")]
    pub calls: Option<String>,
    /// bytes a second that the server relays from each side of a call (default: 1048576)
    #[argh(option, arg_name = "bytes")]
    pub relay_rate: Option<String>,
    /// bytes a second that it relays of all calls together (default: 8388608)
    #[argh(option, arg_name = "bytes")]
    pub relay_total: Option<String>,
    /// whether the server gives up what it does not need, where the kernel has Landlock and seccomp: on or off (default: on)
    #[argh(option, arg_name = "switch")]
    pub sandbox: Option<String>,
    /// messages that one connection may send: this many at once, then this many per second, or off (default: 20/5)
    #[argh(option, arg_name = "burst/rate")]
    pub flood: Option<String>,
    /// the new file for --export
    #[argh(positional, arg_name = "file")]
    pub file: Option<String>,
}

#[allow(clippy::large_enum_variant, reason = "only one value of it ever exists")]
/// The result of reading a command line.
#[derive(Debug)]
pub enum Invocation {
    /// Run a command.
    Run(Subcommand),
    /// Print this text on standard output.
    Print(String),
}

/// The sentence about a command line that is not UTF-8.
#[must_use]
pub fn not_utf8() -> &'static str {
    say::not_utf8()
}

/// The sentence about a standard output that takes nothing.
#[must_use]
pub fn cannot_print(error: &std::io::Error) -> String {
    say::cannot_print(error)
}

/// The language that a command line asks for with `--lang`, if it is one that the program speaks.
#[must_use]
pub fn language(words: &[String]) -> Option<Language> {
    let words = normalise(words);
    let mut after = words.iter().skip_while(|word| *word != "join").skip_while(|word| *word != "--lang");
    after.nth(1).and_then(|name| Language::named(name))
}

/// Reads a command line, given without the program's own name.
///
/// # Errors
/// What is wrong, and which word may have been meant.
pub fn parse(words: &[String]) -> Result<Invocation, String> {
    let words = normalise(words);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.first().is_some_and(|word| matches!(*word, "--version" | "-V")) {
        return Ok(Invocation::Print(format!("tr2 {}\n", env!("CARGO_PKG_VERSION"))));
    }
    if words.is_empty() {
        return Err(say::no_command().to_owned());
    }
    match Args::from_args(&[PROGRAM], &words) {
        Ok(args) => Ok(Invocation::Run(args.command)),
        Err(exit) if exit.status.is_ok() => Ok(Invocation::Print(match language::current() {
            Language::English => exit.output,
            Language::Portuguese | Language::PlainPortuguese => help(command_asked(&words).unwrap_or(PROGRAM)),
        })),
        Err(exit) => Err(explain(&words, exit.output.trim())),
    }
}

/// The help of a command, or of the program itself, in the language of the process.
#[must_use]
pub fn help(command: &str) -> String {
    let all = info();
    match all.commands.iter().find(|sub| sub.command.name == command) {
        Some(sub) => help::render(command, &sub.command),
        None => help::render(PROGRAM, &all),
    }
}

/// The command whose help is asked for: `tr2 --help join` is `tr2 join --help`.
fn command_asked<'a>(words: &[&'a str]) -> Option<&'a str> {
    let word = words.iter().find(|word| !matches!(**word, "--help" | "help"))?;
    info().commands.iter().any(|sub| sub.command.name == *word).then_some(*word)
}

/// Rewrites what argh does not know: it takes `--option value` and `--help` alone, but people also write
/// `--option=value` and `-h`. argh also takes the bare word `help`; a value that follows an option is left alone, so
/// that a user can have that name.
fn normalise(words: &[String]) -> Vec<String> {
    let mut normal = Vec::with_capacity(words.len());
    for word in words {
        match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => normal.extend([option.to_owned(), value.to_owned()]),
            _ if word == "-h" => normal.push("--help".to_owned()),
            _ => normal.push(word.clone()),
        }
    }
    normal
}

fn explain(words: &[&str], problem: &str) -> String {
    let (known, command): (Vec<String>, &str) = match command_of(words) {
        Some(info) => (options_of(&info), info.name),
        None => (info().commands.iter().map(|command| command.command.name.to_owned()).collect(), ""),
    };
    let unknown = if command.is_empty() {
        words.iter().find(|word| !known.iter().any(|known| known == *word))
    } else {
        words.iter().skip(1).find(|word| word.starts_with('-') && !known.iter().any(|known| known == *word))
    };
    let meant = unknown.and_then(|word| nearest(word, &known).map(|known| (word, known)));
    let help = if command.is_empty() { "tr2 --help".to_owned() } else { format!("tr2 {command} --help") };
    match (unknown, meant) {
        (_, Some((word, known))) => say::did_you_mean(word, known, help),
        (Some(word), None) => say::unknown_word(word, help),
        (None, None) => {
            let first = problem.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
            say::explained(translated(&first).unwrap_or(first), help)
        }
    }
}

/// What argh says, in the language of the process; `None` for what is not known here. It says it in English only, and not as a
/// value.
fn translated(problem: &str) -> Option<String> {
    if let Some(option) = problem.strip_prefix("No value provided for option '") {
        return Some(say::needs_value(option.trim_end_matches("'.")));
    }
    if let Some(word) = problem.strip_prefix("Unrecognized argument: ") {
        return Some(say::unneeded(word));
    }
    let option = problem.strip_prefix("Error parsing option '")?;
    let (option, rest) = option.split_once("' with value '")?;
    rest.ends_with("duplicate values provided").then(|| say::given_twice(option))
}

/// The known word nearest to a mistyped one, if any is near.
#[must_use]
pub fn nearest<'a>(wrong: &str, known: &'a [String]) -> Option<&'a str> {
    nearest::nearest(wrong, known.iter().map(String::as_str), nearest::half)
}

fn command_of(words: &[&str]) -> Option<CommandInfoWithArgs> {
    let name = words.first()?;
    info().commands.into_iter().map(|sub| sub.command).find(|command| command.name == *name)
}

fn options_of(command: &CommandInfoWithArgs) -> Vec<String> {
    command.flags.iter().map(|flag| flag.long.to_owned()).collect()
}

fn info() -> CommandInfoWithArgs {
    Args::get_args_info()
}

/// Every option of each subcommand; the tests compare the man pages with them.
#[must_use]
pub fn options() -> Vec<(String, Vec<String>)> {
    info().commands.into_iter().map(|sub| (sub.command.name.to_owned(), options_of(&sub.command))).collect()
}

/// An option, for whoever writes completions for shells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionFacts {
    /// Its name, with the dashes.
    pub name: &'static str,
    /// What its value is called, if it takes one.
    pub value: Option<&'static str>,
    /// Whether it may be given several times.
    pub repeats: bool,
    /// Its help, in English.
    pub help: &'static str,
}

/// Each subcommand, with its help in English and its options.
#[must_use]
pub fn facts() -> Vec<(&'static str, &'static str, Vec<OptionFacts>)> {
    let fact = |flag: &argh::FlagInfo<'static>| OptionFacts {
        name: flag.long,
        value: match flag.kind {
            argh::FlagInfoKind::Switch => None,
            argh::FlagInfoKind::Option { arg_name } => Some(arg_name),
        },
        repeats: matches!(flag.optionality, argh::Optionality::Repeating),
        help: flag.description,
    };
    let of_one = |sub: argh::SubCommandInfo| {
        let CommandInfoWithArgs { name, description, flags, .. } = sub.command;
        (name, description, flags.iter().map(fact).collect())
    };
    info().commands.into_iter().map(of_one).collect()
}
