//! `tr2 serve --restore`: verifies a backup, puts it in place of what is in the data folder, which stays beside it, and
//! verifies it again. Only on a stopped server.
//!
//! Must not know: the form of a backup (`archive`), or what is in a history.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::archive::{self, Table};
use super::backup::moment;
use super::{KeptFolder, cannot_write, print, unreachable};
use crate::commands::progress::Progress;
use crate::config::Sources;
use crate::error::Error;
use crate::net::certificate::Credential;
use crate::server::secrets::certificate::CredentialSource;
use crate::server::secrets::{cluster_key, data_folder};
use crate::server::store::{self, HISTORY_FILES};
use crate::sys::secure_files;

/// Puts a backup in place.
pub(super) fn restore(sources: &Sources, file: &Path) -> Result<(), Error> {
    let kept = folder(sources)?;
    let data = &kept.data;
    let mut backup = File::open(file)
        .map_err(|error| Error::Failed(format!("the backup {} cannot be read ({error})", file.display())))?;
    kept.become_owner()?;
    let _lock = match data_folder::lock_alone(data) {
        Err(data_folder::FolderError::Locked(_)) => return Err(runs(data)),
        lock => lock.map_err(Error::failed)?,
    };
    let progress = Progress::start("Verifying the backup and putting it in place");
    let staged = Staged::make(data)?;
    let unfit = |why: String| Error::Failed(format!("the backup {} was not restored: {why}", file.display()));
    let table = archive::read(&mut backup, Some(&staged.0)).map_err(|error| unfit(error.to_string()))?;
    examine(&staged.0).map_err(unfit)?;
    let aside = swap(data, &staged.0, &table).map_err(|error| cannot_write(data, &error))?;
    let restored = examine(data).map_err(|why| Error::Failed(format!("what was restored is not sound: {why}")))?;
    drop(progress);
    print(&report(file, &kept, &table, &restored, aside.as_deref()))
}

/// The data folder, which is made if there is none.
fn folder(sources: &Sources) -> Result<KeptFolder, Error> {
    let data = sources.data().map_err(Error::usage)?;
    let found = match data_folder::look(&data).map_err(unreachable)? {
        Some(found) => found,
        None => {
            secure_files::make_folder(&data).map_err(|error| cannot_write(&data, &error))?;
            data_folder::look(&data)
                .map_err(unreachable)?
                .ok_or_else(|| cannot_write(&data, &io::ErrorKind::NotFound.into()))?
        }
    };
    if found.in_use { Err(runs(&data)) } else { Ok(KeptFolder { data, found }) }
}

fn runs(data: &Path) -> Error {
    Error::Failed(format!(
        "a server is using the data in {}; stop it first, under systemd with 'systemctl stop tr2.socket tr2', so that it \
         stays stopped",
        data.display()
    ))
}

/// What the name of a folder for what comes out of a backup begins with.
const STAGED: &str = "restoring-";

/// A new folder within the data folder for what comes out of a backup. It is removed when this is dropped.
struct Staged(PathBuf);

impl Staged {
    /// To be made under the lock of the folder: what earlier restores left that were cut short is removed.
    fn make(data: &Path) -> Result<Self, Error> {
        let old = fs::read_dir(data).into_iter().flatten().flatten().map(|entry| entry.path());
        let is_old = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(STAGED));
        // What stays harms nobody, unless it has the name of the new one, which is told then.
        old.filter(is_old).for_each(|path| drop(fs::remove_dir_all(path)));
        let staged = Self(data.join(format!("{STAGED}{}", std::process::id())));
        DirBuilder::new().mode(0o700).create(&staged.0).map_err(|error| cannot_write(&staged.0, &error))?;
        Ok(staged)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // A folder that stays harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What was found in a folder that a server could start from.
struct SoundFolder {
    damaged: u64,
    credential: Option<Credential>,
}

/// Examines all that a start would use of a folder.
fn examine(folder: &Path) -> Result<SoundFolder, String> {
    let me = rustix::process::geteuid().as_raw();
    let history = store::examine(folder, me, false).map_err(|error| error.to_string())?;
    if !history.exists {
        return Err("it has no history".to_owned());
    }
    if !history.lost.is_empty() {
        return Err(format!("records in it are damaged ({}); restore an earlier backup", history.lost.join(", ")));
    }
    let source = CredentialSource::Own(folder.to_owned());
    let credential = source.look(me).map_err(|error| error.to_string())?;
    data_folder::look_at_passphrase(folder).map_err(|error| error.to_string())?;
    cluster_key::find(folder).map_err(|error| error.to_string())?;
    Ok(SoundFolder { damaged: history.damaged, credential })
}

/// Moves what is there aside, and what was staged in its place; returns where the old data are, if there are any. The history
/// goes first and comes last: if this is cut short, the server says that its history is gone, and does not start.
fn swap(data: &Path, staged: &Path, table: &Table) -> io::Result<Option<PathBuf>> {
    let names = || table.files.iter().map(|file| file.name.as_str());
    let aside = free_name(data.join(format!("before-restore-{}", moment())));
    let others = names().filter(|name| !HISTORY_FILES.contains(name));
    let old: Vec<&str> = HISTORY_FILES.into_iter().chain(others).collect();
    let old: Vec<&str> = old.into_iter().filter(|name| data.join(name).symlink_metadata().is_ok()).collect();
    let mut moved = Vec::new();
    let mut move_all = || {
        if !old.is_empty() {
            DirBuilder::new().mode(0o700).create(&aside)?;
        }
        for name in &old {
            fs::rename(data.join(name), aside.join(name))?;
            moved.push((aside.join(name), data.join(name)));
        }
        let (last, first): (Vec<&str>, Vec<&str>) = names().partition(|name| HISTORY_FILES.contains(name));
        File::open(staged)?.sync_all()?;
        for name in first.into_iter().chain(last) {
            fs::rename(staged.join(name), data.join(name))?;
        }
        if !old.is_empty() {
            File::open(&aside)?.sync_all()?;
        }
        File::open(data)?.sync_all()
    };
    let done = move_all();
    if done.is_err() {
        // As far as that can be done; the error says why it was not.
        moved.into_iter().rev().for_each(|(from, to)| drop(fs::rename(from, to)));
        let _ = fs::remove_dir(&aside);
    }
    done.map(|()| (!old.is_empty()).then_some(aside))
}

/// The name itself, or with a number behind it if there is such a file.
fn free_name(path: PathBuf) -> PathBuf {
    let numbered = |number: u32| {
        let mut name = path.clone().into_os_string();
        name.push(format!(".{number}"));
        PathBuf::from(name)
    };
    let mut names = std::iter::once(path.clone()).chain((1..1000).map(numbered));
    names.find(|name| name.symlink_metadata().is_err()).unwrap_or(path)
}

fn report(file: &Path, kept: &KeptFolder, table: &Table, restored: &SoundFolder, aside: Option<&Path>) -> String {
    let names: Vec<&str> = table.files.iter().map(|file| file.name.as_str()).collect();
    let mut text = format!("{} was restored to {}: {}.", file.display(), kept.data.display(), names.join(", "));
    if let Some(credential) = &restored.credential {
        text += &format!(" The server's key is {}.", credential.fingerprint);
    }
    if restored.damaged > 0 {
        text += &format!(" {} messages are damaged, as they were in the backup.", restored.damaged);
    }
    match aside {
        Some(aside) => text += &format!(" The former data are in {}.", aside.display()),
        None => text += " There were no former data.",
    }
    text + " Start the server again, under systemd with 'systemctl start tr2'."
}
