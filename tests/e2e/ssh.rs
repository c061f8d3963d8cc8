//! `ssh://` against a real sshd on loopback, with keys made for the test. Needs OpenSSH's server on the machine.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use rustix::process::{Pid, Signal, kill_process};

use crate::person::{Launch, Person};
use crate::secure::Talk;
use crate::serving::{Folder, PATIENCE, Server, TR2};

/// A private sshd, and an ssh that knows it and no other.
pub(crate) struct Sshd {
    child: Child,
    port: u16,
    folder: Folder,
    user: String,
    /// Its log.
    log: Arc<Mutex<String>>,
}

impl Sshd {
    /// Starts it; `None` where there is no sshd.
    pub(crate) fn start() -> Option<Self> {
        let program = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].into_iter().find(|path| Path::new(path).exists());
        let Some(program) = program else {
            println!("skipped: no sshd on this machine");
            return None;
        };
        let folder = Folder::new();
        let at = |name: &str| folder.path().join(name);
        for name in ["host", "user", "other", "guest"] {
            let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(at(name)).status();
            assert!(made.unwrap().success());
        }
        // The second key leads to a host that answers what it likes.
        let trap = r#"command="echo 'tr2-socket:/x/${TR2_TEST_SECRET}/%h'; exec cat >/dev/null""#;
        let [user, guest] = ["user.pub", "guest.pub"].map(|name| fs::read_to_string(at(name)).unwrap());
        fs::write(at("authorized"), format!("{user}{trap} {guest}")).unwrap();
        // Nobody else takes the port meanwhile: the system gives out other ports first.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let authorized = at("authorized");
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
             UsePAM no\nPermitRootLogin yes\n",
            at("host").display(),
            authorized.display()
        );
        fs::write(at("sshd_config"), config).unwrap();
        if rustix::process::geteuid().is_root() {
            fs::create_dir_all("/run/sshd").unwrap();
        }
        let mut child = Command::new(program);
        child.args(["-D", "-e", "-f"]).arg(at("sshd_config")).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = child.spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("Server listening") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "sshd does not start");
        }
        let log = Arc::<Mutex<String>>::default();
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            said.lines().map_while(Result::ok).for_each(|line| kept.lock().unwrap().push_str(&line))
        });
        let host_key = fs::read_to_string(at("host.pub")).unwrap();
        fs::write(at("known_hosts"), format!("[127.0.0.1]:{port} {host_key}")).unwrap();
        for (bin, key) in [("bin", "user"), ("wrong", "other"), ("trap", "guest")] {
            let config = format!(
                "IdentityFile {}\nUserKnownHostsFile {}\nIdentitiesOnly yes\nPasswordAuthentication no\n\
                 KbdInteractiveAuthentication no\n",
                at(key).display(),
                at("known_hosts").display()
            );
            fs::write(at(&format!("{bin}.conf")), config).unwrap();
            fs::create_dir(at(bin)).unwrap();
            let ssh = at(bin).join("ssh");
            let script = format!("#!/bin/sh\nexec /usr/bin/ssh -F {} \"$@\"\n", at(&format!("{bin}.conf")).display());
            fs::write(&ssh, script).unwrap();
            fs::set_permissions(&ssh, fs::Permissions::from_mode(0o700)).unwrap();
        }
        fs::create_dir(at("tmp")).unwrap();
        let user = nix::unistd::User::from_uid(nix::unistd::Uid::effective()).unwrap().unwrap().name;
        Some(Self { child, port, folder, user, log })
    }

    /// The address of a socket file there.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("ssh://{}@127.0.0.1:{}{path}", self.user, self.port)
    }

    /// Lines for a shell, after which its ssh is that in `bin`.
    pub(crate) fn environment(&self, bin: &str) -> String {
        let at = |name: &str| self.folder.path().join(name).display().to_string();
        format!("PATH='{}':\"$PATH\"; TMPDIR='{}'; export PATH TMPDIR", at(bin), at("tmp"))
    }

    /// `tr2 join --plain` through this sshd, to a path there; `bin` is where its ssh lies.
    fn join(&self, bin: &str, path: &str) -> Command {
        let mut command = self.join_unnamed(bin, path);
        command.args(["--name", "ann"]);
        command
    }

    /// The variables of a client whose ssh is that in `bin`.
    pub(crate) fn variables(&self, bin: &str) -> [(&'static str, OsString); 2] {
        let mut places: OsString = self.folder.path().join(bin).into();
        places.push(":");
        places.push(std::env::var_os("PATH").unwrap());
        [("PATH", places), ("TMPDIR", self.folder.path().join("tmp").into())]
    }

    fn join_unnamed(&self, bin: &str, path: &str) -> Command {
        let server = self.url(path);
        let mut command = Command::new("timeout");
        command.args(["20", TR2, "join", "--commands", "--server", &server]);
        command.envs(self.variables(bin));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The current sessions: children of sshd.
    fn sessions(&self) -> Vec<Pid> {
        let children = format!("/proc/{0}/task/{0}/children", self.child.id());
        let children = fs::read_to_string(children).unwrap();
        children.split_whitespace().filter_map(|pid| Pid::from_raw(pid.parse().unwrap())).collect()
    }

    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        fs::read_dir(self.folder.path().join("tmp")).unwrap().map(|file| file.unwrap().path()).collect()
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        for session in self.sessions() {
            let _ = kill_process(session, Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn finish(mut command: Command, line: &str) -> Output {
    let mut child = command.spawn().unwrap();
    let _ = writeln!(child.stdin.take().unwrap(), "{line}");
    child.wait_with_output().unwrap()
}

#[test]
fn a_user_joins_through_ssh_under_their_account_name() {
    let Some(sshd) = Sshd::start() else { return };
    let folder = Folder::new();
    let path = folder.path().join("it's a socket");
    let path = path.to_str().unwrap();
    let server = Server::start(&["--listen", &format!("unix:{path}")]);
    let mut bob = Talk::unix(path).join("bob");
    let output = finish(sshd.join("bin", path), "hello from afar\n/whois");
    assert!(output.status.success(), "{output:?}");
    let heard = bob.until("hello from afar");
    assert!(heard.contains("verified=yes ann"), "{heard}");
    server.logs(&format!("name=ann dialect=TR2.26 proof=uid:{}", rustix::process::geteuid().as_raw()));
    assert_eq!(sshd.leftovers(), Vec::<PathBuf>::new());
    // Without a name the client gets the account's name there, not the one here.
    let mut command = sshd.join_unnamed("bin", path);
    command.env("LOGNAME", "somebody");
    assert!(finish(command, "hello").status.success());
    server.logs(&format!("name={} dialect=TR2.26", sshd.user));
    // Nobody serves there, and another key is refused.
    let output = finish(sshd.join("bin", "/nowhere/at/all"), "hello");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("there is no tr2 server's socket on that machine"),
        "{output:?}"
    );
    let output = finish(sshd.join("wrong", path), "hello");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(sshd.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn an_unserved_socket_is_distinguished_from_a_server() {
    let Some(sshd) = Sshd::start() else { return };
    let folder = Folder::new();
    let path = folder.path().join("s");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let output = finish(sshd.join("bin", path.to_str().unwrap()), "hello");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains(&format!("no server is listening at {} on 127.0.0.1", path.display())), "{words}");
    assert_eq!(words.lines().count(), 1, "{words}");
    assert_eq!(sshd.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn ssh_writes_nothing_over_the_screen() {
    let Some(sshd) = Sshd::start() else { return };
    let folder = Folder::new();
    let path = folder.path().join("s");
    let path = path.to_str().unwrap();
    let _server = Server::start(&["--listen", &format!("unix:{path}")]);
    let mut bob = Talk::unix(path).join("bob");
    let mut child = sshd.join("bin", path).spawn().unwrap();
    let mut typed = child.stdin.take().unwrap();
    writeln!(typed, "before").unwrap();
    bob.until("before");
    // Nothing is left behind, however the test ends.
    assert_eq!(sshd.leftovers(), Vec::<PathBuf>::new());
    for session in sshd.sessions() {
        kill_process(session, Signal::KILL).unwrap();
    }
    writeln!(typed, "after").unwrap();
    bob.until("after");
    drop(typed);
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!words.contains("closed by remote host"), "{words}");
}

#[test]
fn a_host_cannot_read_the_environment_through_its_path() {
    let Some(sshd) = Sshd::start() else { return };
    let mut command = sshd.join("trap", "");
    command.env("TR2_TEST_SECRET", "hunter2");
    let output = finish(command, "hello");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("characters that ssh would interpret"), "{output:?}");
    assert!(!sshd.log.lock().unwrap().contains("hunter2"));
    assert_eq!(sshd.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn a_broken_ssh_connection_is_restored() {
    let Some(sshd) = Sshd::start() else { return };
    let folder = Folder::new();
    let path = folder.path().join("s");
    let path = path.to_str().unwrap();
    let _server = Server::start(&["--listen", &format!("unix:{path}")]);
    let mut bob = Talk::unix(path).join("bob");
    let mut child = sshd.join("bin", path).spawn().unwrap();
    let mut typed = child.stdin.take().unwrap();
    writeln!(typed, "before").unwrap();
    bob.until("before");
    for session in sshd.sessions() {
        kill_process(session, Signal::KILL).unwrap();
    }
    writeln!(typed, "after").unwrap();
    bob.until("after");
    drop(typed);
    assert!(child.wait().unwrap().success());
    assert_eq!(sshd.leftovers(), Vec::<PathBuf>::new());
    // The sshd itself still works, so it was the session that broke.
    TcpStream::connect_timeout(&([127, 0, 0, 1], sshd.port).into(), PATIENCE).unwrap();
}

// The manual's recipe for people who share an account: what proves who is who is a key of each, not the account.
#[test]
fn people_who_share_an_account_do_not_share_an_inbox() {
    let Some(sshd) = Sshd::start() else { return };
    let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let (address, _) = crate::secure::tls_of(&server);
    let at = |name: &str| sshd.folder.path().join(name);
    let people = [("alice", "alice"), ("bob", "bob"), ("mallory", "alice")];
    let mut lines = String::new();
    for (key, name) in people {
        let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(at(key)).status();
        assert!(made.unwrap().success());
        let public = fs::read_to_string(at(&format!("{key}.pub"))).unwrap();
        lines += &format!(
            "restrict,pty,command=\"P={}; export XDG_CONFIG_HOME=$P XDG_DATA_HOME=$P XDG_STATE_HOME=$P; exec {TR2} join \
             --plain --name {name} --server tls://{address}\" {public}",
            at(&format!("{key}.tr2")).display(),
        );
    }
    fs::write(at("authorized"), lines).unwrap();
    let ssh = |key: &str| {
        let mut command = Command::new("timeout");
        command.args(["20", "/usr/bin/ssh", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"]);
        command.arg("-o").arg(format!("UserKnownHostsFile={}", at("known_hosts").display()));
        command.arg("-i").arg(at(key)).args(["-F", "none", "-p", &sshd.port.to_string()]);
        // What is asked for does not matter: the key says what runs.
        command.arg(format!("{}@127.0.0.1", sshd.user)).arg("cat /etc/passwd");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let mut alice = ssh("alice");
    server.logs("name=alice dialect=TR2.26 proof=SHA256:");
    let mut bob = ssh("bob");
    server.logs("name=bob dialect=TR2.26 proof=SHA256:");
    // A third key neither takes over the name nor is shown anything.
    let output = ssh("mallory").wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("has an owner"), "{output:?}");
    let mut heard = BufReader::new(bob.stdout.take().unwrap());
    writeln!(alice.stdin.take().unwrap(), "/msg bob between us two").unwrap();
    let mut line = String::new();
    while !line.contains("between us two") {
        line.clear();
        assert!(heard.read_line(&mut line).unwrap() > 0, "bob hears nothing");
        assert!(!line.contains("/etc/passwd") && !line.contains("root:"), "{line}");
    }
    assert!(alice.wait_with_output().unwrap().status.success());
    drop(bob.stdin.take());
    assert!(bob.wait().unwrap().success());
    // Each has a key and known servers of their own.
    for (key, _) in people {
        for file in ["identity", "known_servers"] {
            let path = at(&format!("{key}.tr2")).join("tr2").join(file);
            assert!(path.is_file(), "{}", path.display());
        }
    }
}

// The manual's recipe for one account and one key: the chat asks who is there.
#[test]
fn one_account_asks_who_is_there_and_nobody_throws_anybody_out() {
    let Some(sshd) = Sshd::start() else { return };
    let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let (address, key) = crate::secure::tls_of(&server);
    let at = |name: &str| sshd.folder.path().join(name);
    let people = at("people");
    let public = fs::read_to_string(at("user.pub")).unwrap();
    let command = format!("{TR2} join --people {} --server tls://{address} --fingerprint {key}", people.display());
    fs::write(at("authorized"), format!("restrict,pty,command=\"env LC_ALL=C.UTF-8 {command}\" {public}")).unwrap();
    let (known, user, port) =
        (format!("UserKnownHostsFile={}", at("known_hosts").display()), at("user"), sshd.port.to_string());
    let login = format!("{}@127.0.0.1", sshd.user);
    let options = ["-tt", "-F", "none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", &known];
    let program = [&["/usr/bin/ssh"], &options[..], &["-i", user.to_str().unwrap(), "-p", &port, &login]].concat();
    let ssh = || {
        let launch = Launch { through: &program, ..Launch::default() };
        Person::at_home(&Arc::new(Folder::new()), &["whatever is asked for"], launch)
    };
    let mut alice = ssh();
    alice.sees("Your name:").says("alice").sees("passphrase").types("short\r").sees("too short");
    alice.types("correct horse\r").sees("Once more").types("correct house\r").sees("not the same");
    alice.types("correct horse\r").sees("Once more").types("correct horse\r").sees("● alice");
    let mut bob = ssh();
    bob.sees("1  alice").sees("somebody new").says("2").sees("Your name").says("Alice").sees("here already");
    bob.says("bob")
        .sees("passphrase")
        .types("battery staple\r")
        .sees("Once more")
        .types("battery staple\r")
        .sees("2 people");
    bob.says("/msg alice between us two");
    alice.sees("@1").types("\x1b2").sees("between us two").says("and from me");
    bob.types("\x1b2").sees("and from me");
    // What leads out of the chat is closed.
    for command in ["\x1be", "\x1a", "/call alice\r", "/send alice /etc/passwd\r", "/camera\r"] {
        bob.types(command).sees("starts no other programs").types("\x1b").misses("starts no other programs");
    }
    // A second terminal of alice's, and somebody who only says that they are alice.
    let mut other = ssh();
    other.sees("2  bob").says("alice").sees("Passphrase of alice").types("battery staple\r").sees("not the passphrase");
    other.types("correct horse\r").sees("● alice").types("\x1b2").sees("between us two").sees("and from me");
    other.says("from the second terminal");
    for person in [&mut alice, &mut bob] {
        person.sees("from the second terminal");
    }
    let mut mallory = ssh();
    mallory.sees("Who are you?").says("1");
    for _ in 0..3 {
        mallory.sees("Passphrase of alice").types("open sesame\r");
    }
    mallory.sees("three times");
    assert_eq!(mallory.ends(), Some(3));
    for file in ["alice", "bob"].map(|name| people.join(name).join("key")) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!fs::read_to_string(&file).unwrap().contains("PRIVATE KEY"));
    }
}
