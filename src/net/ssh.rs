//! A connection to a server's socket file on another machine, through the system's ssh(1).
//!
//! A first ssh logs in, with the keys, agent and questions that this takes, and asks the remote shell where the socket
//! is. A second one asks the first to forward to that socket from one of our own, in a folder that nobody else can
//! enter. The first ssh ends when its standard input does.
//!
//! Must not know: what is sent over the connection.

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

use super::socket::Socket;
use crate::language::files as say;
use crate::model::Text;
use crate::model::url::SshLogin;
use crate::sys::clock::Clock;

/// The prefix of the line with the path of the socket; a shell may print other lines before it.
const MARK: &str = "tr2-socket:";
/// The most lines that a shell may print before.
const MAX_LINES: usize = 1000;
/// The most that is read of one line, in bytes.
const MAX_LINE: u64 = 4096;
/// How long logging in may take when ssh may not ask questions.
const LOGIN_PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait here for the server's first word, before the connection is taken to be good.
const GREETING_PATIENCE: Duration = Duration::from_secs(5);
/// How long to wait for ssh's last error message once it has ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Whether ssh may ask the user questions, on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prompts {
    /// It may: nothing else uses the terminal yet.
    Allowed,
    /// It must work without.
    Never,
}

/// A connection through ssh. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Tunnel {
    stream: Option<UnixStream>,
    _ends: Ends,
}

/// What has to be ended, in this order.
#[derive(Debug)]
struct Ends {
    /// The standard input of the first ssh, which ends with it.
    leash: Option<ChildStdin>,
    master: Child,
    folder: PathBuf,
    complaints: Option<Complaints>,
}

/// The error messages of ssh. A thread reads them, and ends with ssh.
#[derive(Debug)]
struct Complaints {
    last: Arc<Mutex<String>>,
    /// Whether the user sees them as they come.
    aloud: Arc<AtomicBool>,
    /// Disconnected once there are no more.
    ended: Receiver<()>,
}

impl Tunnel {
    /// Logs in and connects. Blocks until that is done.
    ///
    /// # Errors
    /// What ssh reports, or that the socket does not exist.
    pub(crate) fn open(login: &SshLogin, prompts: Prompts) -> io::Result<Self> {
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
        // The user's configuration was applied at login; its forwarding options are not for this connection.
        forward.args(["-F", "none", "-O", "forward", "-L"]).arg(format!("{}:{path}", local.display()));
        forward.arg("--").arg(&login.host).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // From here on, errors are reported below; and the terminal is about to become the screen's.
        ends.hush();
        let nobody = || {
            let (path, host) = (Text::line(&path), &login.host);
            io::Error::other(say::nobody_behind_ssh(&path, host))
        };
        if !forward.status().map_err(no_ssh)?.success() {
            return Err(nobody());
        }
        let stream = UnixStream::connect(local)?;
        if !answers(&stream)? {
            return Err(nobody());
        }
        // Then nothing is left behind, however this process ends.
        let _ = fs::remove_dir_all(&ends.folder);
        Ok(Self { stream: Some(stream), _ends: ends })
    }

    /// Takes the connection out; it ends when the tunnel is dropped.
    ///
    /// # Errors
    /// An error of the system, or that the connection was taken already.
    pub(crate) fn take_socket(&mut self) -> io::Result<Socket> {
        let stream = self.stream.take().ok_or(io::ErrorKind::NotConnected)?;
        Socket::new(stream.into())
    }
}

impl Ends {
    /// Reads from the remote shell where the socket is.
    fn find_socket(&mut self, prompts: Prompts) -> io::Result<String> {
        let stdout = self.master.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let (sender, lines) = sync_channel(1);
        each_line(stdout, move |line| sender.send(line).is_ok());
        let clock = Clock::start();
        let begun = clock.now().steady;
        for _ in 0..MAX_LINES {
            let line = match prompts {
                // A user who is asked something takes their time.
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
                    return Err(io::Error::other(say::no_socket_there()));
                }
                Some(path) => return forwardable(path).map(str::to_owned),
                None => {}
            }
        }
        Err(io::Error::other(say::shell_prints_too_much()))
    }

    /// The last error message of ssh, unless the user has seen it.
    fn why_ended(&self, prompts: Prompts) -> io::Error {
        let last = self.complaints.as_ref().map(Complaints::last).unwrap_or_default();
        if prompts == Prompts::Allowed || last.is_empty() {
            io::Error::other(say::ssh_failed())
        } else {
            io::Error::other(say::ssh_says(&last))
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
            // These lines, too, may come from the other host.
            let line = Text::line(line.trim());
            if shown.load(Ordering::Relaxed) {
                // If standard error is gone, nobody can be told.
                let _ = writeln!(io::stderr().lock(), "{line}");
            }
            if !line.as_str().is_empty() {
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = line.to_string();
            }
            true
        });
        Self { last, aloud, ended }
    }

    /// The last error message, once ssh has ended.
    fn last(&self) -> String {
        // A process that ssh has started may outlive it.
        let _ = self.ended.recv_timeout(LAST_WORDS);
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        drop(self.leash.take());
        // It may have ended already; either way it is gone now.
        let _ = self.master.kill();
        let _ = self.master.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Checks that ssh takes a path literally. A colon would end it, and ssh would expand `$`, `%` and `\\`: the other host
/// must not be able to find out what this machine's environment holds.
fn forwardable(path: &str) -> io::Result<&str> {
    let special = |c: char| matches!(c, ':' | '$' | '%' | '\\') || c.is_control();
    if !path.starts_with('/') || path.contains(special) {
        return Err(io::Error::other(say::remote_path_unfit()));
    }
    Ok(path)
}

/// Starts a thread that reads lines until there are no more, or until `take` returns false.
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

/// Whether a server answers; peeks, so that its first words stay unread.
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

fn ssh(login: &SshLogin, control: &Path, prompts: Prompts) -> Command {
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

/// The remote command: prints where the socket is, and then waits for the end of its input.
fn script(path: Option<&str>) -> String {
    let places = match path {
        Some(path) => format!("'{}'", path.replace('\'', r"'\''")),
        None => r#""${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/tr2/tr2.sock" /run/tr2/tr2.sock"#.to_owned(),
    };
    let inner = format!(
        "for s in {places}; do if [ -S \"$s\" ]; then echo \"{MARK}$s\"; exec cat >/dev/null; fi; done; echo {MARK}"
    );
    // Whatever the account's shell is, it can start sh.
    format!("exec sh -c '{}'", inner.replace('\'', r"'\''"))
}

/// Makes a folder for the control socket that nobody else can enter.
fn make_folder() -> io::Result<PathBuf> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let folder = std::env::temp_dir().join(format!("tr2-{:016x}", u64::from_ne_bytes(random)));
    fs::DirBuilder::new().mode(0o700).create(&folder)?;
    Ok(folder)
}

fn no_ssh(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => io::Error::other(say::no_ssh()),
        _ => error,
    }
}
