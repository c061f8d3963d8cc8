//! The help of a command in the language of the process, laid out as argh lays out the English one.
//!
//! Must not know: what an option means.

use std::fmt::Write as _;

use argh::{CommandInfoWithArgs, FlagInfo, FlagInfoKind, Optionality};

use crate::language::{self, Language, help};

/// The column in which descriptions begin.
const DESCRIPTIONS_AT: usize = 20;
/// The longest line, in characters; a longer word has a line of its own.
const WIDTH: usize = 80;
/// The option that argh adds to each command, and how argh shows it.
const HELP: (&str, &str) = ("--help", "--help, help");

/// The help of a command; the name of the program itself is `tr2`.
pub(super) fn render(name: &str, command: &CommandInfoWithArgs) -> String {
    let said = |option: &str, english: &str| translated(name, option, english);
    let shown = || command.flags.iter().filter(|flag| !flag.hidden && flag.long != HELP.0);
    let mut out = format!("{} tr2", help::usage());
    if name != super::PROGRAM {
        out += &format!(" {name}");
    }
    shown().for_each(|option| out += &usage(option));
    for positional in command.positionals {
        let _ = write!(out, " [--] [<{}>]", positional.name);
    }
    if !command.commands.is_empty() {
        out += " <command> [<args>]";
    }
    let _ = write!(out, "\n\n{}", said(help::COMMAND, command.description));
    if !command.positionals.is_empty() {
        let _ = write!(out, "\n\n{}", help::positionals());
    }
    for positional in command.positionals {
        describe(&mut out, positional.name, &said(positional.name, positional.description));
    }
    let _ = write!(out, "\n\n{}", help::options());
    shown().for_each(|option| describe(&mut out, option.long, &said(option.long, option.description)));
    let own = command.flags.iter().find(|flag| flag.long == HELP.0);
    own.into_iter().for_each(|own| describe(&mut out, HELP.1, &said(own.long, own.description)));
    if !command.commands.is_empty() {
        let _ = write!(out, "\n\n{}", help::commands());
    }
    for sub in &command.commands {
        describe(&mut out, sub.command.name, &said(sub.command.name, sub.command.description));
    }
    if !command.notes.is_empty() {
        let _ = write!(out, "\n\n{}", help::notes());
    }
    for note in command.notes {
        let _ = write!(out, "\n  {}", said(help::NOTE, note));
    }
    out + "\n"
}

/// A description in the language of the process. Without a translation it stays English; a test demands all of them.
fn translated(command: &str, option: &str, english: &str) -> String {
    match language::current() {
        Language::English => english.trim().to_owned(),
        Language::Portuguese | Language::PlainPortuguese => {
            help::portuguese(command, option).unwrap_or_else(|| english.trim().to_owned())
        }
    }
}

/// An option in the line of usage, such as ` [--name <name>]`.
fn usage(option: &FlagInfo) -> String {
    let several = if matches!(option.optionality, Optionality::Repeating) { "..." } else { "" };
    let shown = match option.kind {
        FlagInfoKind::Switch => option.long.to_owned(),
        FlagInfoKind::Option { arg_name } => format!("{} <{arg_name}{several}>", option.long),
    };
    if matches!(option.optionality, Optionality::Required) { format!(" {shown}") } else { format!(" [{shown}]") }
}

/// Adds a name and its description, wrapped beside it or, where the name is long, below it.
fn describe(out: &mut String, name: &str, description: &str) {
    let mut line = format!("  {name}");
    let flush = |line: &mut String, out: &mut String| {
        out.push('\n');
        out.push_str(line);
        *line = " ".repeat(DESCRIPTIONS_AT);
    };
    if line.len() < DESCRIPTIONS_AT {
        line += &" ".repeat(DESCRIPTIONS_AT - line.len());
    } else {
        flush(&mut line, out);
    }
    let mut first = true;
    for word in description.split(' ') {
        if !first && line.chars().count() + 1 + word.chars().count() > WIDTH {
            flush(&mut line, out);
            first = true;
        }
        if !first {
            line.push(' ');
        }
        line.push_str(word);
        first = false;
    }
    flush(&mut line, out);
}
