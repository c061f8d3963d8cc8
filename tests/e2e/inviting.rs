//! From a code to being in: invited people, another device, and a server that is killed in between.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rustix::process::Signal;

use crate::serving::{Folder, Server, TR2};

/// A server for invited people, with a socket file for its own user, who is a moderator there.
struct Invited {
    server: Server,
    /// The options that reach it over TLS, as its first lines say.
    tls: Vec<String>,
}

fn serve(data: Folder) -> Invited {
    let mut command = Command::new(TR2);
    command.arg("serve");
    let socket = format!("unix:{}/sock", data.path().display());
    let options =
        ["--listen", "tls://127.0.0.1:0", "--listen", &socket, "--registration", "invite", "--moderator", "host"];
    let server = Server::run(command, data, &options);
    let line = loop {
        let line = server.printed.recv_timeout(crate::serving::PATIENCE).unwrap();
        if line.contains("tls://") {
            break line;
        }
    };
    let words = line.split("--server ").nth(1).unwrap().split(' ');
    Invited { tls: [vec!["--server".to_owned()], words.map(str::to_owned).collect()].concat(), server }
}

/// Runs a command in a home of its own, with this input; ended after 20 seconds in case it does not end by itself.
fn run(home: &Path, program: &[&str], input: &str) -> Output {
    let mut child = Command::new("timeout")
        .arg("20")
        .args(program)
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_STATE_HOME", home.join("state"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env_remove("SSL_CERT_FILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A client that does not get in does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

impl Invited {
    /// A client with a key of its own.
    fn join(&self, home: &Folder, name: &str, options: &[&str], input: &str) -> (Option<i32>, String) {
        let tls = self.tls.iter().map(String::as_str);
        let program = [TR2, "join", "--name", name].into_iter().chain(tls).chain(options.iter().copied());
        said(&run(home.path(), &program.collect::<Vec<_>>(), input))
    }

    /// What the server's own user is told.
    fn asks(&self, line: &str) -> String {
        let home = Folder::new();
        let socket = format!("unix:{}/sock", self.server.data.path().display());
        let program = [TR2, "join", "--commands", "--name", "host", "--server", &socket];
        let (status, said) = said(&run(home.path(), &program, &format!("{line}\n")));
        assert_eq!(status, Some(0), "{said}");
        said
    }

    /// The server is killed, and starts again on the same data.
    fn restart(mut self) -> Self {
        let data = std::mem::replace(&mut self.server.data, Folder::new());
        self.server.signal(Signal::KILL);
        self.server.end();
        serve(data)
    }
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&[&*output.stdout, &output.stderr].concat()).into_owned())
}

/// The line that joins, among what was said.
fn line_of(said: &str) -> &str {
    said.lines()
        .map(str::trim)
        .find(|line| line.starts_with("tr2 join "))
        .unwrap_or_else(|| panic!("no line in {said}"))
}

#[test]
fn a_code_lets_two_in_over_a_crash_and_one_line_brings_another_device() {
    let invited = serve(Folder::new());
    let [ann, bob, cat, laptop] = [(); 4].map(|()| Folder::new());
    let (status, told) = invited.join(&ann, "ann", &[], "hello\n");
    assert_eq!((status, told.contains("by invitation only")), (Some(3), true), "{told}");
    let made = invited.asks("/invite 2 1h");
    assert!(made.contains("Lets 2 new people in, within 1 hour:"), "{made}");
    assert!(made.contains("/sock is for this machine only; elsewhere,"), "{made}");
    let code = line_of(&made).split("--code ").nth(1).unwrap().to_owned();
    // The code comes first from the pipe, and what is behind it is said.
    assert_eq!(invited.join(&ann, "ann", &["--code", "-"], &format!("{code}\nhello from ann\n")).0, Some(0));
    let invited = invited.restart();
    let listed = invited.asks("/invitations");
    assert!(listed.contains(": 1 of 2 used, until ") && listed.contains(", by host"), "{listed}");
    assert_eq!(invited.join(&bob, "bob", &["--code", &code], "hello from bob\n").0, Some(0));
    let (status, told) = invited.join(&cat, "cat", &["--code", &code], "hello\n");
    assert_eq!(status, Some(3), "{told}");
    assert!(told.contains("This code was for 2 people, who have all come in; ask for another one."), "{told}");
    // Whoever is in comes again with the same line, and says something that the others can read.
    let (status, told) = invited.join(&ann, "ann", &["--code", &code, "--commands"], "/invite-key\n");
    assert_eq!(status, Some(0), "{told}");
    let line = line_of(&told);
    assert!(
        line.contains(" --name ann --server tls://127.0.0.1:") && line.contains(" --fingerprint SHA256:"),
        "{line}"
    );
    // The line as a shell takes it.
    let program = line.replacen("tr2", TR2, 1);
    let output = run(laptop.path(), &["sh", "-c", &format!("{program} --tail 9")], "");
    let (status, told) = said(&output);
    assert_eq!(status, Some(0), "{told}");
    assert!(told.contains("hello from ann") && told.contains("hello from bob"), "{told}");
    // From then on the laptop needs no code, and nobody else gets in with it.
    assert_eq!(invited.join(&laptop, "ann", &[], "from the laptop\n").0, Some(0));
    assert_eq!(said(&run(cat.path(), &["sh", "-c", &program], "")).0, Some(3));
    assert!(invited.asks("/invitations").contains(": 2 of 2 used, "));
}
