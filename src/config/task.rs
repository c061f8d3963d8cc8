//! What `tr2 serve` is to do instead of serving: each of these options stands alone, with those that belong to it.
//!
//! Must not know: how any of it is done.

use std::path::PathBuf;

use crate::cli;
use crate::model::{Name, Text};
use crate::server::host_order::HostOrder;

/// What `tr2 serve` is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Serve.
    Serve,
    /// Check everything that a start would use.
    Check,
    /// Have the running server read its configuration again.
    Reload,
    /// Copy everything that a rebuilt host needs.
    Backup {
        /// The new file, or the folder for it.
        file: PathBuf,
        /// How many backups stay in that folder; all if it does not say.
        keep: Option<usize>,
        /// The form in which it is told what the backup holds, even if nobody looks; only a terminal is told without.
        form: Option<ListForm>,
    },
    /// Put a backup in place.
    Restore(PathBuf),
    /// List what there is.
    List(Listed, ListForm),
    /// Write everything by a user and to them into a new file.
    Export(Name, PathBuf),
    /// Erase what a user said; without a yes, say how much that is.
    Erase(Name, Agreed),
    /// Give the server an order.
    Order(HostOrder),
    /// Make a new moderator passphrase.
    RotatePassphrase,
    /// Begin the common log of a cluster from this server's data; without a yes, not where there is one.
    Found(Agreed),
}

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the word of the command line")]
pub enum Listed {
    Users,
    Names,
    Rooms,
    Bans,
    Moderators,
    Invitations,
    Acts,
}

/// The form of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListForm {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Whether something that cannot be undone is agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreed {
    /// With `--yes`.
    Yes,
    /// Not yet.
    No,
}

/// What those are told who are not let in during maintenance, unless they are told something else.
const MAINTENANCE: &str = "The server is being maintained; try again later.";
/// The longest such text, in bytes.
const MAX_TEXT: usize = 500;
/// The most backups that a folder can be told to keep.
const MAX_KEPT: usize = 10_000;

impl Listed {
    const ALL: [(&str, Self); 7] = [
        ("users", Self::Users),
        ("names", Self::Names),
        ("rooms", Self::Rooms),
        ("bans", Self::Bans),
        ("moderators", Self::Moderators),
        ("invitations", Self::Invitations),
        ("acts", Self::Acts),
    ];
}

/// The task that the command line asks for.
pub(super) fn task(flags: &cli::Serve) -> Result<Task, String> {
    let asked = asked(flags);
    if let [(one, _), (other, _), ..] = asked.as_slice() {
        return Err(format!("{one} and {other} cannot be asked for at once"));
    }
    let task = asked.into_iter().next();
    let name = task.as_ref().map_or("", |(option, _)| *option);
    let companions = [
        ("--keep-backups", flags.keep_backups.is_some(), "--backup"),
        ("--text", flags.text.is_some(), "--maintenance"),
    ];
    if let Some((option, _, with)) = companions.into_iter().find(|(_, given, with)| *given && *with != name) {
        return Err(format!("{option} goes with {with} only"));
    }
    if flags.yes && !["--erase", "--found"].contains(&name) {
        return Err("--yes goes with --erase or --found only".to_owned());
    }
    if flags.format.is_some() && !["--list", "--backup"].contains(&name) {
        return Err("--format goes with --list or --backup only".to_owned());
    }
    if let Some(word) = flags.file.as_ref().filter(|_| name != "--export") {
        return Err(format!("{word} is not needed; only --export takes a file beside its option"));
    }
    task.map_or(Ok(Task::Serve), |(_, task)| task)
}

/// All tasks that are asked for, each with its option.
fn asked(flags: &cli::Serve) -> Vec<(&'static str, Result<Task, String>)> {
    let mut asked = Vec::new();
    if flags.check {
        asked.push(("--check", Ok(Task::Check)));
    }
    if flags.reload {
        asked.push(("--reload", Ok(Task::Reload)));
    }
    if let Some(file) = &flags.backup {
        asked.push(("--backup", backup(file, flags.keep_backups.as_deref(), flags.format.as_deref())));
    }
    if let Some(file) = &flags.restore {
        asked.push(("--restore", path("--restore", file).map(Task::Restore)));
    }
    if let Some(what) = &flags.list {
        asked.push(("--list", list(what, flags.format.as_deref())));
    }
    if let Some(whom) = &flags.export {
        let file = flags.file.as_deref().unwrap_or_default();
        let told = "--export needs a name and a new file: --export alice alice.json";
        let task = name("--export", whom).and_then(|name| {
            let file = path("--export", file).map_err(|_| told.to_owned())?;
            Ok(Task::Export(name, file))
        });
        asked.push(("--export", task));
    }
    let agreed = if flags.yes { Agreed::Yes } else { Agreed::No };
    if let Some(whom) = &flags.erase {
        asked.push(("--erase", name("--erase", whom).map(|name| Task::Erase(name, agreed))));
    }
    if let Some(whom) = &flags.free {
        asked.push(("--free", name("--free", whom).map(|name| Task::Order(HostOrder::Free(name)))));
    }
    if flags.rotate_passphrase {
        asked.push(("--rotate-passphrase", Ok(Task::RotatePassphrase)));
    }
    if flags.found {
        asked.push(("--found", Ok(Task::Found(agreed))));
    }
    if let Some(switch) = &flags.maintenance {
        asked.push(("--maintenance", maintenance(switch, flags.text.as_deref())));
    }
    asked
}

fn path(option: &str, written: &str) -> Result<PathBuf, String> {
    if written.is_empty() { Err(format!("{option} needs the name of a file")) } else { Ok(written.into()) }
}

fn name(option: &str, written: &str) -> Result<Name, String> {
    Name::restored(written).map_err(|error| format!("{option} needs the name of a user: {error}"))
}

fn backup(file: &str, keep: Option<&str>, form: Option<&str>) -> Result<Task, String> {
    let file = path("--backup", file).map_err(|_| "--backup needs the name of a new file, or a folder".to_owned())?;
    let number = |word: &str| word.parse().ok().filter(|keep| (1..=MAX_KEPT).contains(keep));
    let keep =
        keep.map(|word| number(word).ok_or_else(|| format!("--keep-backups needs a number from 1 to {MAX_KEPT}")));
    Ok(Task::Backup { file, keep: keep.transpose()?, form: form.map(named_form).transpose()? })
}

fn named_form(word: &str) -> Result<ListForm, String> {
    match word {
        "text" => Ok(ListForm::Text),
        "json" => Ok(ListForm::Json),
        _ => Err("--format is text or json".to_owned()),
    }
}

fn list(what: &str, form: Option<&str>) -> Result<Task, String> {
    let form = form.map(named_form).transpose()?.unwrap_or_default();
    let found = Listed::ALL.into_iter().find(|(word, _)| *word == what);
    found.map(|(_, listed)| Task::List(listed, form)).ok_or_else(|| {
        let words: Vec<&str> = Listed::ALL.iter().map(|(word, _)| *word).collect();
        format!("--list takes one of these: {}", words.join(", "))
    })
}

fn maintenance(switch: &str, text: Option<&str>) -> Result<Task, String> {
    let text = match (switch, text) {
        ("on", text) => {
            let text = Text::line(text.unwrap_or(MAINTENANCE));
            if text.is_blank() || text.as_str().len() > MAX_TEXT {
                return Err(format!("--text needs at most {MAX_TEXT} bytes, and something to read"));
            }
            Some(text)
        }
        ("off", None) => None,
        ("off", Some(_)) => return Err("--text goes with --maintenance on".to_owned()),
        _ => return Err("--maintenance is on or off".to_owned()),
    };
    Ok(Task::Order(HostOrder::Maintenance(text)))
}
