//! The control socket: a socket file in the data folder, through which another process of the same user, such as
//! `tr2 serve --reload`, asks the running server for something and hears the outcome.
//!
//! The folder is closed to other users and locked by the server, so that a file that stands there is a former server's.
//!
//! Must not know: what follows from a request.

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::listen::{Listener, WatchedFile};
use super::unix::{SocketAccess, SocketError};

/// Its name in the data folder.
const CONTROL: &str = "control.sock";
/// Asks for a reload. Every request is one line.
pub(crate) const RELOAD: &str = "reload";
/// Asks for a new moderator passphrase.
pub(crate) const PASSPHRASE: &str = "passphrase";
/// The first line of the answer once it is done; what is to be told follows.
pub(crate) const DONE: &str = "done\n";
/// The first line of the answer if it is not; the reasons follow.
pub(crate) const REFUSED: &str = "refused\n";
/// The reason why a request is refused that the server does not know.
pub(crate) const UNKNOWN: &str = "this server knows no such request";
/// The longest request, in bytes.
pub(crate) const MAX_REQUEST: usize = 8 * 1024;

/// The longest answer that is read, in bytes.
const MAX_ANSWER: u64 = 64 * 1024;

/// Listens in a data folder that this process has locked; the socket file is removed when nobody holds the
/// [`WatchedFile`] any more, and made again if somebody else removes it.
///
/// # Errors
/// Why the socket file could not be made; also if its path is too long for a socket.
pub(crate) fn listen(folder: &Path, backlog: i32) -> io::Result<(Listener, WatchedFile)> {
    let path = folder.join(CONTROL);
    let text = path.to_str().ok_or(io::ErrorKind::InvalidInput)?;
    // Nobody else can enter the folder anyhow.
    let access = SocketAccess { mode: 0o600, group: None };
    Listener::unix(text, access, backlog).map_err(|error| match error {
        SocketError::System(error) => error,
        SocketError::TooLong => io::Error::other(format!("the path {text} is too long for a socket")),
        other => io::Error::other(other.to_string()),
    })
}

/// Asks the server of a data folder with one line, and waits for its answer.
///
/// # Errors
/// No server answers there, or not in time.
pub(crate) fn ask(folder: &Path, request: &str, patience: Duration) -> io::Result<String> {
    let mut stream = UnixStream::connect(folder.join(CONTROL))?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    stream.write_all(format!("{request}\n").as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    stream.take(MAX_ANSWER).read_to_string(&mut answer)?;
    Ok(answer)
}
