//! The file that keeps the order of a person's conversations on a server, for the next run. Only its owner can read it.
//!
//! Must not know: how an order comes about.

use std::io;
use std::path::{Path, PathBuf};

use super::msg::{KeptArrangement, Msg};
use super::text::arrangement_lines;
use super::text::sent_lines::name_of;
use crate::language::terminal as say;
use crate::sys::secure_files;

/// The largest file, in bytes: more than the longest names take.
const MAX_FILE: u64 = 256 * 1024;

/// The folder of these files, and whether they can be used.
#[derive(Debug)]
pub(in crate::client) struct ArrangementFiles {
    /// `None` if there is no home folder, or a file could not be used: then nothing is kept.
    folder: Option<PathBuf>,
    /// Whether the person was told already that such files cannot be used.
    told: bool,
}

impl ArrangementFiles {
    pub(in crate::client) fn new(folder: Option<PathBuf>, told: bool) -> Self {
        Self { folder, told }
    }

    /// The order of this person's conversations on this server; or what the person must be told: a file that is damaged
    /// begins anew, and one that cannot be used is left alone. `None` if there is none.
    pub(in crate::client) fn load(&mut self, name: &str, server: &str) -> Option<Msg> {
        let path = self.folder.as_ref()?.join(name_of(name, server));
        let file = match secure_files::read_secret(&path, MAX_FILE) {
            Ok(file) => file?,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Some(damaged(&path)),
            Err(error) => return self.give_up(&path, &error),
        };
        Some(arrangement_lines::read(&file).map_or_else(|_| damaged(&path), Msg::Arrangement))
    }

    /// Replaces an order; returns what the person must be told if that fails, which happens once.
    pub(in crate::client) fn keep(&mut self, kept: &KeptArrangement) -> Option<Msg> {
        let folder = self.folder.as_ref()?;
        let path = folder.join(name_of(&kept.name, &kept.server.to_string()));
        let written = secure_files::make_folder(folder)
            .and_then(|()| secure_files::replace(&path, &arrangement_lines::written(&kept.places)));
        written.err().and_then(|error| self.give_up(&path, &error))
    }

    fn give_up(&mut self, path: &Path, error: &io::Error) -> Option<Msg> {
        self.folder = None;
        (!self.told).then(|| Msg::Trouble(say::order_not_kept(path.display(), error)))
    }
}

fn damaged(path: &Path) -> Msg {
    Msg::Trouble(say::order_damaged(path.display()))
}
