//! The control socket: a socket file in the data folder, through which another process of the same user, such as
//! `tr2 serve --reload`, asks the running server for something and hears the outcome.
//!
//! The folder is closed to other users and locked by the server, so that a file that stands there is a former server's.
//!
//! Must not know: what follows from a request.

use std::fs::{self, Permissions};
use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::listen::Listener;

/// Its name in the data folder.
const CONTROL: &str = "control.sock";
/// Asks for a reload.
pub(crate) const RELOAD: &str = "reload\n";
/// The answer once it is done.
pub(crate) const DONE: &str = "done\n";
/// The first line of the answer if it is not; the reasons follow.
pub(crate) const REFUSED: &str = "refused\n";

/// The longest answer that is read, in bytes.
const MAX_ANSWER: u64 = 64 * 1024;

/// The socket file; it is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct ControlFile(PathBuf);

impl Drop for ControlFile {
    fn drop(&mut self) {
        // What stays is replaced by the next server.
        let _ = fs::remove_file(&self.0);
    }
}

/// Listens in a data folder that this process has locked.
///
/// # Errors
/// What the system says; also if the path is too long for a socket.
pub(crate) fn listen(folder: &Path) -> io::Result<(Listener, ControlFile)> {
    let path = folder.join(CONTROL);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    let file = ControlFile(path);
    // Nobody else can enter the folder anyhow.
    fs::set_permissions(&file.0, Permissions::from_mode(0o600))?;
    Ok((Listener::of_file(listener, &file.0)?, file))
}

/// Asks the server of a data folder, and waits for its answer.
///
/// # Errors
/// No server answers there, or not in time.
pub(crate) fn ask(folder: &Path, request: &str, patience: Duration) -> io::Result<String> {
    let mut stream = UnixStream::connect(folder.join(CONTROL))?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    stream.write_all(request.as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    stream.take(MAX_ANSWER).read_to_string(&mut answer)?;
    Ok(answer)
}
