//! A connection to the socket file of a server on another machine, through the system's ssh(1).
//!
//! ssh logs in, with whatever keys, agent and questions that takes, and asks the other side's shell where the socket is;
//! then it is told to forward to that from a socket of our own, in a folder that nobody else can enter. It ends with the
//! line it is given to read.
//!
//! Must not know: what is said over it.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::net::{RecvFlags, recv};

use super::dial::Dialed;
use super::socket::Socket;
use crate::model::Text;
use crate::model::url::Login;
use crate::sys::clock::Clock;

/// What the line with the path of the socket begins with; a shell may have said other things before.
const MARK: &str = "tr2-socket:";
/// Lines that a shell may say before.
const MAX_LINES: usize = 1000;
/// The most that is read of one line, and of what ssh complains of, in bytes.
const MAX_LINE: u64 = 4096;
/// How long logging in may take where nobody is asked anything.
const LOGIN_PATIENCE: Duration = Duration::from_secs(30);
/// How long the server there may take to say its first word, until it is left to others to wait for it.
const GREETING_PATIENCE: Duration = Duration::from_secs(5);
/// How long what ssh complains of is waited for once it has ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

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
    complaints: Option<Complaints>,
}

/// What ssh complains of. A thread follows it, and ends with ssh.
#[derive(Debug)]
struct Complaints {
    last: Arc<Mutex<String>>,
    /// Whether the person sees them as they come.
    aloud: Arc<AtomicBool>,
    /// Closed once there are no more.
    ended: Receiver<()>,
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
        let master = master.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let master = match master {
            Ok(master) => master,
            Err(error) => {
                let _ = fs::remove_dir(&folder);
                return Err(no_ssh(error));
            }
        };
        let mut ends = Ends { leash: None, master, folder, complaints: None };
        ends.leash = ends.master.stdin.take();
        ends.complaints = ends.master.stderr.take().map(|stderr| Complaints::follow(stderr, prompts));
        let path = ends.find_socket(prompts)?;
        let local = ends.folder.join("s");
        let mut forward = ssh(login, &control, prompts);
        // The person's configuration has done its part; what it says of forwarding is not for this connection.
        forward.args(["-F", "none", "-O", "forward", "-L"]).arg(format!("{}:{path}", local.display()));
        forward.arg("--").arg(&login.host).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // From here on it is said below what is wrong; and the terminal is about to become the screen's.
        ends.hush();
        let nobody = || {
            let (path, host) = (Text::line(&path), &login.host);
            io::Error::other(format!(
                "nobody serves at {path} on {host}, or the sshd there does not lead to a socket \
                 (AllowStreamLocalForwarding)"
            ))
        };
        if !forward.status().map_err(no_ssh)?.success() {
            return Err(nobody());
        }
        let stream = UnixStream::connect(local)?;
        if !answers(&stream)? {
            return Err(nobody());
        }
        // Nothing is left behind then, whatever ends us.
        let _ = fs::remove_dir_all(&ends.folder);
        Ok(Self { stream: Some(stream), _ends: ends })
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
    fn find_socket(&mut self, prompts: Prompts) -> io::Result<String> {
        let stdout = self.master.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let (sender, lines) = sync_channel(1);
        each_line(stdout, move |line| sender.send(line).is_ok());
        let clock = Clock::start();
        let begun = clock.now().steady;
        for _ in 0..MAX_LINES {
            let line = match prompts {
                // Whoever is asked something takes their time.
                Prompts::Allowed => lines.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Prompts::Never => lines.recv_timeout(LOGIN_PATIENCE.saturating_sub(clock.now().steady.since(begun))),
            };
            let line = match line {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => return Err(io::ErrorKind::TimedOut.into()),
                Err(RecvTimeoutError::Disconnected) => return Err(self.why_ended(prompts)),
            };
            match line.trim_end().strip_prefix(MARK) {
                Some("") => {
                    return Err(io::Error::other("no tr2 server's socket is there; start one there: tr2 serve"));
                }
                Some(path) => return forwardable(path).map(str::to_owned),
                None => {}
            }
        }
        Err(io::Error::other("the shell there says too much before it does what it is asked"))
    }

    /// What ssh complained of last, if the person has not seen it.
    fn why_ended(&self, prompts: Prompts) -> io::Error {
        let last = self.complaints.as_ref().map(Complaints::last).unwrap_or_default();
        if prompts == Prompts::Allowed || last.is_empty() {
            io::Error::other("ssh did not get there")
        } else {
            io::Error::other(format!("ssh says: {last}"))
        }
    }

    fn hush(&self) {
        if let Some(complaints) = &self.complaints {
            complaints.aloud.store(false, Ordering::Relaxed);
        }
    }
}

impl Complaints {
    fn follow(stderr: ChildStderr, prompts: Prompts) -> Self {
        let (end, ended): (Sender<()>, _) = channel();
        let last = Arc::<Mutex<String>>::default();
        let aloud = Arc::new(AtomicBool::new(prompts == Prompts::Allowed));
        let (kept, shown) = (Arc::clone(&last), Arc::clone(&aloud));
        each_line(stderr, move |line| {
            let _held_until_the_last = &end;
            // The host there can say things here too.
            let line = Text::line(line.trim());
            if shown.load(Ordering::Relaxed) {
                // Who has closed that does not want to know.
                let _ = writeln!(io::stderr().lock(), "{line}");
            }
            if !line.as_str().is_empty() {
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = line.to_string();
            }
            true
        });
        Self { last, aloud, ended }
    }

    /// The last one, once ssh has ended.
    fn last(&self) -> String {
        // Whatever ssh has started may outlive it.
        let _ = self.ended.recv_timeout(LAST_WORDS);
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
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

/// A path that ssh takes as it stands. A colon would end it, and from `$`, `%` and `\\` ssh would make something else:
/// what is asked for there must not be able to hold what stands in the environment here.
fn forwardable(path: &str) -> io::Result<&str> {
    let special = |c: char| matches!(c, ':' | '$' | '%' | '\\') || c.is_control();
    if !path.starts_with('/') || path.contains(special) {
        return Err(io::Error::other("the path of the socket there is one that ssh would read as something else"));
    }
    Ok(path)
}

/// Has a thread read lines until there are no more, or `take` wants none.
fn each_line(source: impl Read + Send + 'static, mut take: impl FnMut(String) -> bool + Send + 'static) {
    thread::spawn(move || {
        let mut said = BufReader::new(source);
        loop {
            let mut line = Vec::new();
            let read = said.by_ref().take(MAX_LINE).read_until(b'\n', &mut line).unwrap_or(0);
            if read == 0 || !take(String::from_utf8_lossy(&line).into_owned()) {
                return;
            }
        }
    });
}

/// Whether somebody is at the other end, which is found out without taking what they say.
fn answers(stream: &UnixStream) -> io::Result<bool> {
    stream.set_read_timeout(Some(GREETING_PATIENCE))?;
    let heard = recv(stream, &mut [0; 1], RecvFlags::PEEK);
    stream.set_read_timeout(None)?;
    match heard {
        Ok((read, _)) => Ok(read > 0),
        Err(rustix::io::Errno::AGAIN) => Ok(true),
        Err(error) => Err(error.into()),
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
