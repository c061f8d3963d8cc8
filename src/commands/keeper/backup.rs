//! `tr2 serve --backup`: everything that a rebuilt host needs, in one file that only its owner can read. The server may be
//! running.
//!
//! Must not know: how the history is copied, or the form of the file.

use std::fs::{self, File};
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::archive::{self, FORM, Part, PartContent, Table};
use super::{KeptFolder, cannot_write, print};
use crate::commands::progress::Progress;
use crate::config::{ListForm, Sources};
use crate::error::Error;
use crate::logging;
use crate::server::secrets::certificate::CredentialSource;
use crate::server::secrets::{self, data_folder};
use crate::server::store::{self, HISTORY};
use crate::sys::{clock, secure_files};

/// What the name of a backup begins and ends with that is made in a folder; the time stands between.
const BEFORE: &str = "tr2-";
const AFTER: &str = ".tar";

/// Makes a backup, and prints what it holds: to a terminal, or where a form is asked for.
pub(super) fn backup(sources: &Sources, file: &Path, keep: Option<usize>, form: Option<ListForm>) -> Result<(), Error> {
    let config = sources.read()?;
    logging::set(config.log, config.log_format);
    let kept = KeptFolder::find(sources)?;
    let folder = file.is_dir().then_some(file);
    if keep.is_some() && folder.is_none() {
        return Err(Error::Usage(format!("--keep-backups needs a folder, and {} is none", file.display())));
    }
    let file = folder.map_or_else(|| file.to_owned(), |folder| folder.join(format!("{BEFORE}{}{AFTER}", moment())));
    let progress = Progress::start("Copying the data and verifying the copy");
    let made = BackupDraft::of(&file).make(&kept, &file);
    drop(progress);
    let (table, bytes) = made?;
    let deleted = match (folder, keep) {
        (Some(folder), Some(keep)) => delete_old(folder, keep, &file)?,
        _ => 0,
    };
    // Nothing that is the server's user's may lead root elsewhere, and the mark is theirs like the rest of the folder.
    kept.become_owner()?;
    if let Err(error) = store::backup_mark::leave(&kept.data, clock::wall()) {
        log::warn!(reason:% = error; "backup_not_marked");
    }
    let given = match &config.credential {
        CredentialSource::Given { certificate, .. } => Some(certificate.display().to_string()),
        CredentialSource::Own(_) => None,
    };
    let names: Vec<&str> = table.files.iter().map(|file| file.name.as_str()).collect();
    match form {
        Some(ListForm::Json) => print(
            &json!({
                "file": file.display().to_string(), "bytes": bytes, "messages": table.messages,
                "damaged": table.damaged, "files": names, "elsewhere": given, "deleted": deleted,
            })
            .to_string(),
        ),
        None if !io::stdout().is_terminal() => Ok(()),
        None | Some(ListForm::Text) => {
            let (shown, size, names) = (file.display(), bytes / 1024, names.join(", "));
            let mut text = format!(
                "{} messages and all that belongs to them were copied to {shown} ({size} KiB: {names}), and the copy was \
                 verified.",
                table.messages
            );
            if table.damaged > 0 {
                text += &format!(" Of these messages, {} are damaged, as they are in the history.", table.damaged);
            }
            if let Some(certificate) = given {
                text += &format!(" The certificate {certificate} and its key are not in it: they are kept elsewhere.");
            }
            if deleted > 0 {
                text += &format!(" Older backups deleted: {deleted}.");
            }
            print(&text)
        }
    }
}

/// The present time, as names of files have it.
pub(super) fn moment() -> String {
    clock::wall().rfc3339().chars().take(19).filter(|c| *c != ':').chain(['Z']).collect()
}

/// The files of a backup that is being made, which are removed when this is dropped.
struct BackupDraft {
    history: PathBuf,
    archive: PathBuf,
}

impl Drop for BackupDraft {
    fn drop(&mut self) {
        // What is no longer of use, or was never made.
        let _ = fs::remove_file(&self.history);
        let _ = fs::remove_file(&self.archive);
    }
}

impl BackupDraft {
    /// Beside the backup, hidden, and unique to this process.
    fn of(file: &Path) -> Self {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let hidden = |end: &str| file.with_file_name(format!(".{name}.{}{end}", std::process::id()));
        Self { history: hidden(".db"), archive: hidden(AFTER) }
    }

    fn make(&self, kept: &KeptFolder, file: &Path) -> Result<(Table, u64), Error> {
        if file.symlink_metadata().is_ok() {
            return Err(cannot_write(file, &io::ErrorKind::AlreadyExists.into()));
        }
        let done = store::backup(&kept.data, &self.history)
            .map_err(|error| Error::failed(error.renamed(&self.history, file)))?;
        let failed = |error: io::Error| cannot_write(file, &error);
        let history = File::open(&self.history).map_err(failed)?;
        let mut parts = vec![Part { name: HISTORY, content: PartContent::File(history) }];
        for name in secrets::FILES {
            let secret = data_folder::read_secret(&kept.data.join(name), kept.found.owner).map_err(Error::failed)?;
            parts.extend(secret.map(|text| Part { name, content: PartContent::Text(text) }));
        }
        let table = Table {
            form: FORM,
            tr2: env!("CARGO_PKG_VERSION").to_owned(),
            made: clock::wall().rfc3339(),
            messages: done.messages,
            damaged: done.damaged,
            files: archive::describe(&parts).map_err(failed)?,
        };
        let made = archive::create(&self.archive).map_err(failed)?;
        archive::write(&made, &table, &parts).map_err(failed)?;
        let read = File::open(&self.archive).map_err(failed).and_then(|mut made| {
            archive::read(&mut made, None).map_err(|error| {
                Error::Failed(format!("the copy {} is damaged ({error}), and was not kept", file.display()))
            })
        })?;
        if read != table {
            return Err(Error::Failed(format!("the copy {} is damaged, and was not kept", file.display())));
        }
        secure_files::place_new(&self.archive, file).map_err(failed)?;
        let bytes = made.metadata().map_err(failed)?.len();
        Ok((table, bytes))
    }
}

/// Deletes all but `keep` of the backups that were made in a folder: the one just made stays, and the newest of the others.
/// Those from a time that is still to come were made by a wrong clock, and go first. Returns how many that were; other files
/// stay.
fn delete_old(folder: &Path, keep: usize, made: &Path) -> Result<usize, Error> {
    let failed = |error: io::Error| Error::Failed(format!("older backups in {} stay ({error})", folder.display()));
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        names.extend(name.to_str().filter(|name| is_ours(name)).map(str::to_owned));
    }
    let made = made.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    names.retain(|name| name != made);
    // Their names sort as their times do.
    names.sort_unstable_by_key(|name| (name.as_str() < made, name.clone()));
    let old = (names.len() + 1).saturating_sub(keep);
    for name in names.iter().take(old) {
        fs::remove_file(folder.join(name)).map_err(failed)?;
    }
    Ok(old)
}

/// Whether a name is one that [`backup`] gives in a folder.
fn is_ours(name: &str) -> bool {
    let time = name.strip_prefix(BEFORE).and_then(|rest| rest.strip_suffix(AFTER));
    time.is_some_and(|time| {
        let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
        time.chars().map(digits).collect::<String>() == "0000-00-00T000000Z"
    })
}
