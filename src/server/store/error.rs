//! Why the store cannot be opened or copied.
//!
//! Must not know: what was to be written or read.

use std::io;
use std::path::{Path, PathBuf};

/// Why the history cannot be used. Its `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be opened, read or written.
    #[error(
        "the history {0} cannot be used ({1}); correct its permissions, repair its disk, or name another folder with --data"
    )]
    Unusable(PathBuf, String),
    /// It is not a history of tr2, or damaged at its root.
    #[error(
        "the file {0} is damaged or not a tr2 history ({1}); move it away, and put a backup in its place if there is one"
    )]
    Damaged(PathBuf, String),
    /// The folder was used before, and its history is not there.
    #[error(
        "the history {0} is {1}, although this folder was used before; put it back, put a backup in its place, or start once \
         with --new-history to begin a new one"
    )]
    Gone(PathBuf, &'static str),
    /// The log of a history is there, and the history is not.
    #[error(
        "the history {0} is {1}, but its log {2} is there; put the history back, or move the log away and put a backup in \
         place of the history"
    )]
    LogAlone(PathBuf, &'static str, PathBuf),
    /// The history and its log are not of one piece.
    #[error(
        "the history {0} and its log {1} do not belong together ({2}); if the history is a backup that was put in place, move \
         the log and {3} away; else put the right history back"
    )]
    Mixed(PathBuf, PathBuf, String, PathBuf),
    /// The server was killed, and its log has lost what was stored last.
    #[error(
        "the log {1} of the history {0} is not whole ({2}), and what was stored last is only there, bans and names among it; \
         put the log or a backup back, or remove {3} to start without it"
    )]
    LogLost(PathBuf, PathBuf, &'static str, PathBuf),
    /// Records that trust rests on are damaged.
    #[error(
        "records in the data folder {0} are damaged ({1}); without them somebody may get a name, a room or rights that are \
         not theirs: put a backup in place of history.db, or start once with --without-damaged to delete these records"
    )]
    Records(PathBuf, String),
    /// It is the history of a node, and the server is to stand alone.
    #[error(
        "the history {0} is that of a node of a cluster; start the server with --cluster and --node, or once with --alone to \
         have it serve alone from here on"
    )]
    OfNode(PathBuf),
    /// A node cannot go on from it.
    #[error(
        "the history {0} says no longer up to where this node has read the log; put a backup in its place, of this node or of \
         another one"
    )]
    PlaceLost(PathBuf),
    /// It cannot be read whole.
    #[error(
        "the history {0} could not be examined ({1}); try again, or free some space in the folder for temporary files"
    )]
    Unexamined(PathBuf, String),
    /// Another user's file.
    #[error("the file {file} belongs to {found}, and the server runs as {runs_as}; run chown {login} {file} as root")]
    Theirs {
        /// The file.
        file: PathBuf,
        /// Whose it is.
        found: String,
        /// Who should own it.
        runs_as: String,
        /// The same, as chown takes it.
        login: String,
    },
    /// A later tr2 has written it.
    #[error(
        "the history {0} was written by a newer tr2 (version {1}; this one supports up to {2}); start the newer one, or name another folder with --data"
    )]
    Newer(PathBuf, i64, i64),
    /// An earlier tr2 has written it, and it is only to be read.
    #[error(
        "the history {0} was written by an older tr2 (version {1}; this one reads version {2}); start the server once, which \
         converts it"
    )]
    Older(PathBuf, i64, i64),
    /// An older history could not be copied before its form changes.
    #[error(
        "the history {0} was written by an older tr2 and could not be backed up before the upgrade ({1}); free some disk space, and start again"
    )]
    Aside(PathBuf, String),
    /// There is nothing to copy.
    #[error("there is no history {0} yet; name the server's folder with --data")]
    Missing(PathBuf),
    /// The copy would replace something.
    #[error("the file {0} exists already, and nothing was written; name another one")]
    Exists(PathBuf),
    /// The copy cannot be written.
    #[error("the copy {0} cannot be written ({1}), and was not kept")]
    Copy(PathBuf, String),
    /// The copy is not sound.
    #[error("the copy {0} is damaged ({1}), and was not kept; the history itself may be damaged")]
    Unsound(PathBuf, String),
    /// A thread cannot be started.
    #[error("the history cannot be served ({0}); free some memory or processes, and start again")]
    Thread(#[source] io::Error),
}

impl StoreError {
    /// These records of a data folder are damaged.
    #[must_use]
    pub fn records(folder: &Path, records: &[String]) -> Self {
        Self::Records(folder.to_owned(), Self::some(records))
    }

    /// Some of these records, with their number.
    #[must_use]
    pub fn some(records: &[String]) -> String {
        let shown = records.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        if records.len() > 5 { format!("{shown} and {} more", records.len() - 5) } else { shown }
    }

    /// The same error, about `to` where it was about the draft `from`.
    #[must_use]
    pub fn renamed(self, from: &Path, to: &Path) -> Self {
        let named = |path: PathBuf| if path == from { to.to_owned() } else { path };
        match self {
            Self::Exists(path) => Self::Exists(named(path)),
            Self::Copy(path, why) => Self::Copy(named(path), why),
            Self::Unsound(path, why) => Self::Unsound(named(path), why),
            other => other,
        }
    }
}
