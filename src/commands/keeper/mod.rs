//! What `tr2 serve` does instead of serving, for whoever keeps the machine: on the data of a stopped server or of a running
//! one.
//!
//! - [`orders`]: names, maintenance, the passphrase. A running server is asked through its control socket; without one, a
//!   server that listens nowhere carries the order out, so that both do the same.
//! - [`list`], [`export`]: what there is, read only. [`erase`]: what somebody said.
//! - [`backup`] and [`restore`], in the form of [`archive`]. [`found`]: the beginning of a cluster.
//!
//! Must not know: how options are written, or how the server decides.

mod archive;
mod backup;
mod erase;
mod export;
mod found;
mod list;
mod orders;
mod restore;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::config::{Sources, Task};
use crate::error::Error;
use crate::server::secrets::data_folder::{self, FolderError, FolderFound};
use crate::sys::users;

/// Does a task.
pub(super) fn run(sources: &Sources, task: Task) -> Result<(), Error> {
    match task {
        // These are done elsewhere.
        Task::Serve | Task::Check | Task::Reload => Ok(()),
        Task::Backup { file, keep, form } => backup::backup(sources, &file, keep, form),
        Task::Restore(file) => restore::restore(sources, &file),
        Task::List(what, form) => list::list(sources, what, form),
        Task::Export(name, file) => export::export(sources, &name, &file),
        Task::Erase(name, agreed) => erase::erase(sources, name, agreed),
        Task::Order(order) => orders::order(sources, &order),
        Task::RotatePassphrase => orders::rotate_passphrase(sources),
        Task::Found(agreed) => found::found(sources, agreed),
    }
}

/// The data folder of a server.
struct KeptFolder {
    data: PathBuf,
    found: FolderFound,
}

impl KeptFolder {
    /// The data folder that the command line, the configuration or the environment name.
    fn find(sources: &Sources) -> Result<Self, Error> {
        let data = sources.data().map_err(Error::usage)?;
        match data_folder::look(&data) {
            Ok(Some(found)) => Ok(Self { data, found }),
            Ok(None) => Err(Error::Failed(format!(
                "there is no data folder {}; name the server's with --data or --config",
                data.display()
            ))),
            Err(error) => Err(unreachable(error)),
        }
    }

    /// Goes on as the user to whom the folder belongs, if this is root: what is made there is that user's, and nothing that
    /// they put there can lead root elsewhere.
    fn become_owner(&self) -> Result<(), Error> {
        if rustix::process::geteuid().as_raw() == self.found.owner {
            return Ok(());
        }
        users::become_user(self.found.owner, self.found.group)
            .map_err(|error| Error::Failed(format!("cannot go on as {} ({error})", users::shown(self.found.owner))))
    }
}

/// The sentence about a folder that cannot be entered or is another user's.
fn unreachable(error: FolderError) -> Error {
    match error {
        FolderError::Theirs(folder, whose, _) => Error::Failed(format!(
            "the data folder {} belongs to {whose}; do this as {whose} or as root",
            folder.display()
        )),
        FolderError::Folder(folder, why) if why.kind() == io::ErrorKind::PermissionDenied => Error::Failed(format!(
            "the data folder {} cannot be entered; do this as the user that the server runs as, or as root",
            folder.display()
        )),
        other => Error::failed(other),
    }
}

/// Prints a line on standard output.
fn print(line: &str) -> Result<(), Error> {
    writeln!(io::stdout().lock(), "{line}").map_err(|error| cannot_print(&error))
}

fn cannot_print(error: &io::Error) -> Error {
    Error::Failed(format!("cannot write to standard output: {error}"))
}

/// The sentence about a file that cannot be written.
fn cannot_write(file: &Path, error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return Error::Failed(format!(
            "the file {} exists already, and nothing was written; name another one",
            file.display()
        ));
    }
    Error::Failed(format!("the file {} cannot be written ({error})", file.display()))
}
