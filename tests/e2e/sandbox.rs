//! The sandbox: what a server can still do in it, and what it cannot.

use std::fs;
use std::process::Command;

use rustix::process::Signal;

use crate::secure::Talk;
use crate::serving::{Folder, Server, TR2};

/// What this kernel has, as the log's first line says it.
fn sandbox_of(server: &Server) -> String {
    let started = server.logs("event=started");
    started.rsplit("sandbox=").next().unwrap().to_owned()
}

/// The value of a line in the status of each thread of a process (proc_pid_status(5)).
fn of_all_threads(server: &Server, key: &str) -> Vec<String> {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.pid().as_raw_nonzero())).unwrap();
    let status = tasks.map(|task| fs::read_to_string(task.unwrap().path().join("status")).unwrap());
    let value = |status: String| status.lines().find_map(|line| line.strip_prefix(key)).unwrap().trim().to_owned();
    status.map(value).collect()
}

// F27: every thread is in it, also those that TLS, the store and the directory of users run on.
#[test]
fn every_thread_of_a_server_is_in_its_sandbox_unless_that_is_off() {
    for switch in ["on", "off"] {
        let server = Server::start(&["--sandbox", switch, "--listen", "tls://127.0.0.1:0"]);
        let said = sandbox_of(&server);
        Talk::tcp(server.address).join("alice").ask("@ref=1 x | all clients | broadcast | hello", "| accepted");
        let seccomp = of_all_threads(&server, "Seccomp:");
        assert!(seccomp.len() > 3, "{seccomp:?}");
        let expected = if said.contains("seccomp") { "2" } else { "0" };
        assert!(seccomp.iter().all(|mode| mode == expected), "{said}: {seccomp:?}");
        if switch == "off" {
            assert_eq!(said, "none");
        } else if said != "landlock,seccomp" {
            println!("skipped in part: this kernel has {said}");
        }
    }
}

#[test]
fn what_a_server_does_it_can_do_in_the_sandbox() {
    let folder = Folder::new();
    let run = folder.path().join("run");
    fs::create_dir(&run).unwrap();
    let (socket, config) = (run.join("s"), folder.path().join("tr2.conf"));
    let elsewhere = Folder::new();
    let key = tr2::net::certificate::make_key().unwrap();
    let chain = tr2::net::certificate::self_signed(&key, "test").unwrap();
    let (cert_file, key_file) = (elsewhere.path().join("cert.pem"), elsewhere.path().join("key.pem"));
    fs::write(&config, "# all\n").unwrap();
    let listen = format!("unix:{}", socket.display());
    let options = ["--listen", &listen, "--listen", "tls://127.0.0.1:0", "--config", config.to_str().unwrap()];
    let mut server = Server::start(&options);
    // The login of whoever joins is looked up, the message is stored.
    let mut ann = Talk::unix(socket.to_str().unwrap()).join("ann");
    ann.ask("@ref=1 x | all clients | broadcast | hello", "| accepted");
    // A certificate from anywhere.
    fs::write(&cert_file, chain).unwrap();
    fs::write(&key_file, key).unwrap();
    fs::write(&config, format!("cert = \"{}\"\nkey = \"{}\"\n", cert_file.display(), key_file.display())).unwrap();
    let ask = |what: &[&str]| {
        Command::new(TR2).arg("serve").args(what).arg("--data").arg(server.data.path()).output().unwrap()
    };
    let done = ask(&["--reload"]);
    assert!(done.status.success(), "{done:?}");
    // A copy is made by a process of its own.
    let copy = folder.path().join("copy.db");
    let done = ask(&["--backup", copy.to_str().unwrap()]);
    assert!(done.status.success() && copy.exists(), "{done:?}");
    server.signal(Signal::TERM);
    assert_eq!(server.end().0.code(), Some(0));
    assert!(!socket.exists(), "its socket file is removed");
    assert!(!server.data.path().join("control.sock").exists());
}

// F27: the C parts of the program notice when they write over the end of a buffer.
#[test]
fn the_c_parts_are_hardened() {
    let others = std::env::var("CFLAGS").is_ok_and(|flags| !flags.contains("-fstack-protector"));
    if cfg!(not(all(target_os = "linux", target_env = "gnu"))) || others {
        return println!("skipped: another C library, or flags of one's own");
    }
    let program = fs::read(TR2).unwrap();
    let has = |symbol: &[u8]| program.windows(symbol.len()).any(|window| window == symbol);
    assert!(has(b"__stack_chk_fail\0"), "no stack protector");
    assert!(has(b"__memcpy_chk\0") || has(b"__snprintf_chk\0") || has(b"__strcpy_chk\0"), "nothing is fortified");
}
