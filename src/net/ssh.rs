//! A connection to the socket file of a server on another machine, through the system's ssh(1).
//!
//! ssh logs in, with whatever keys, agent and questions that takes, and asks the other side's shell where the socket is;
//! then it is told to forward to that from a socket of our own, in a folder that nobody else can enter. It ends with the
//! line it is given to read.
//!
//! Must not know: what is said over it.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use super::dial::Dialed;
use super::socket::Socket;
use crate::model::Text;
use crate::model::url::Login;

/// What the line with the path of the socket begins with; a shell may have said other things before.
const MARK: &str = "tr2-socket:";
/// Lines that a shell may say before.
const MAX_LINES: usize = 1000;
/// The most that is read of one line, and of what ssh complains of, in bytes.
const MAX_LINE: u64 = 4096;

/// Whether ssh may ask the person something, on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompts {
    /// It may: nothing else uses the terminal yet.
    Allowed,
    /// It must get along without.
    Never,
}

/// A connection that ssh carries. It ends when this is dropped.
#[derive(Debug)]
pub struct Tunnel {
    stream: Option<UnixStream>,
    _ends: Ends,
}

/// What is to be ended, in this order.
#[derive(Debug)]
struct Ends {
    /// The first ssh reads it, and ends with it.
    leash: Option<ChildStdin>,
    master: Child,
    folder: PathBuf,
}

impl Tunnel {
    /// Logs in and connects. Blocks for as long as that takes.
    ///
    /// # Errors
    /// What ssh says, or that no server's socket is there.
    pub fn open(login: &Login, prompts: Prompts) -> io::Result<Self> {
        let folder = make_folder()?;
        let control = folder.join("c");
        let mut master = ssh(login, &control, prompts);
        master.args(["-o", "ControlMaster=yes", "-o", "ClearAllForwardings=yes", "-T"]);
        master.arg("--").arg(&login.host).arg(script(login.path.as_deref()));
        let stderr = if prompts == Prompts::Allowed { Stdio::inherit() } else { Stdio::piped() };
        let master = match master.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr).spawn() {
            Ok(master) => master,
            Err(error) => {
                let _ = fs::remove_dir(&folder);
                return Err(no_ssh(error));
            }
        };
        let mut ends = Ends { leash: None, master, folder };
        ends.leash = ends.master.stdin.take();
        let path = ends.find_socket()?;
        let local = ends.folder.join("s");
        let mut forward = ssh(login, &control, prompts);
        forward.args(["-O", "forward", "-L"]).arg(format!("{}:{path}", local.display()));
        forward.arg("--").arg(&login.host).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if !forward.status().map_err(no_ssh)?.success() {
            return Err(io::Error::other(
                "sshd there does not forward to a socket; ask for AllowStreamLocalForwarding",
            ));
        }
        Ok(Self { stream: Some(UnixStream::connect(local)?), _ends: ends })
    }

    /// The connection, with what carries it.
    ///
    /// # Errors
    /// What the system says.
    pub fn into_dialed(mut self) -> io::Result<Dialed> {
        let stream = self.stream.take().ok_or(io::ErrorKind::NotConnected)?;
        Ok(Dialed { socket: Socket::new(stream.into())?, tunnel: Some(self) })
    }
}

impl Ends {
    /// Reads what the other side's shell says of the socket.
    fn find_socket(&mut self) -> io::Result<String> {
        let stdout = self.master.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut said = BufReader::new(stdout);
        for _ in 0..MAX_LINES {
            let mut line = Vec::new();
            if said.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
                return Err(self.why_ended());
            }
            let line = String::from_utf8_lossy(&line);
            match line.trim_end().strip_prefix(MARK) {
                Some("") => {
                    return Err(io::Error::other("no tr2 server's socket is there; start one there: tr2 serve"));
                }
                // A colon would end the path where ssh reads it.
                Some(path) if path.contains(':') => {
                    return Err(io::Error::other("the path of the socket there holds a colon"));
                }
                Some(path) => return Ok(path.to_owned()),
                None => {}
            }
        }
        Err(io::Error::other("the shell there says too much before it does what it is asked"))
    }

    /// What ssh complained of, if we may see it: otherwise the person has.
    fn why_ended(&mut self) -> io::Error {
        let mut said = String::new();
        if let Some(stderr) = self.master.stderr.take() {
            // What is not text has nothing to say.
            let _ = stderr.take(MAX_LINE).read_to_string(&mut said);
        }
        match said.lines().map(str::trim).rfind(|line| !line.is_empty()) {
            Some(last) => io::Error::other(format!("ssh says: {}", Text::line(last))),
            None => io::Error::other("ssh did not get there"),
        }
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        drop(self.leash.take());
        // Gone already, or gone now: either is what is wanted.
        let _ = self.master.kill();
        let _ = self.master.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn ssh(login: &Login, control: &Path, prompts: Prompts) -> Command {
    let mut command = Command::new("ssh");
    command.arg("-S").arg(control).args(["-o", "ControlPersist=no", "-o", "RemoteCommand=none"]);
    command.args(["-o", "RequestTTY=no", "-o", "ServerAliveInterval=20", "-o", "ServerAliveCountMax=3"]);
    if prompts == Prompts::Never {
        command.args(["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]);
    }
    if let Some(user) = &login.user {
        command.arg("-l").arg(user);
    }
    if let Some(port) = login.port {
        command.arg("-p").arg(port.to_string());
    }
    command
}

/// Says where the socket is, and then waits until nobody is at the other end any more.
fn script(path: Option<&str>) -> String {
    let places = match path {
        Some(path) => format!("'{}'", path.replace('\'', r"'\''")),
        None => r#""${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/tr2/tr2.sock" /run/tr2/tr2.sock"#.to_owned(),
    };
    let inner = format!(
        "for s in {places}; do if [ -S \"$s\" ]; then echo \"{MARK}$s\"; exec cat >/dev/null; fi; done; echo {MARK}"
    );
    // Whatever shell the account has, sh understands it.
    format!("exec sh -c '{}'", inner.replace('\'', r"'\''"))
}

/// A folder for the control socket that nobody else can enter.
fn make_folder() -> io::Result<PathBuf> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let folder = std::env::temp_dir().join(format!("tr2-{:016x}", u64::from_ne_bytes(random)));
    fs::DirBuilder::new().mode(0o700).create(&folder)?;
    Ok(folder)
}

fn no_ssh(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => io::Error::other("there is no ssh on this machine; install OpenSSH's client"),
        _ => error,
    }
}
