//! Who a local user is: user namespaces, logins in any spelling; and how users find a socket that proves it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::serving::{Folder, Server, copy_program};

/// Two users of this machine without a login.
const ALICE: u32 = 54_322;
const MALLORY: u32 = 54_321;

/// A folder that everybody may enter, with the program and a socket's path.
struct Shared {
    folder: Folder,
    program: PathBuf,
    socket: PathBuf,
}

impl Shared {
    /// `None` where this process may not become other users or make namespaces.
    fn new(namespace: &str) -> Option<Self> {
        let may = Command::new("unshare").args([namespace, "true"]).status().is_ok_and(|status| status.success());
        if !may || !rustix::process::geteuid().is_root() {
            println!("skipped: this needs root, and namespaces");
            return None;
        }
        let folder = Folder::new();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let (program, socket) = (folder.path().join("tr2"), folder.path().join("s"));
        copy_program(&program);
        Some(Self { folder, program, socket })
    }

    /// Starts a server within namespaces of its own.
    fn serve(&self, unshare: &[&str], first: &str) -> Server {
        let mut command = Command::new("unshare");
        command
            .args(unshare)
            .args(["sh", "-c", &format!("{first} exec \"$0\" \"$@\"")])
            .arg(&self.program)
            .arg("serve");
        let listen = format!("unix:{}", self.socket.display());
        Server::run(command, Folder::new(), &["--listen", &listen, "--socket-mode", "666"])
    }

    fn join(&self, uid: u32, name: &str) -> Output {
        let mut command = Command::new("timeout");
        command.arg("20").arg(&self.program).args(["join", "--commands", "--name", name, "--server"]);
        command.arg(format!("unix:{}", self.socket.display())).env("HOME", "/dev/null/none").stdin(Stdio::null());
        command.uid(uid).gid(uid).output().unwrap()
    }

    fn joins(&self, uid: u32, name: &str) -> String {
        let output = self.join(uid, name);
        assert!(output.status.success(), "{name}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn refused(&self, uid: u32, name: &str, words: &str) {
        let output = self.join(uid, name);
        assert_eq!(output.status.code(), Some(3), "{name}: {output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{name}: {output:?}");
    }
}

#[test]
fn users_outside_the_server_s_user_namespace_prove_nothing() {
    let Some(shared) = Shared::new("--user") else { return };
    // As in a rootless container: one user has a number within, all others share one.
    let server = shared.serve(&["--user", "--map-root-user"], "");
    let said = shared.joins(ALICE, "rosa");
    assert!(said.contains("outside the server's user namespace"), "{said}");
    server.logs("event=unmapped_users");
    server.logs("name=rosa dialect=TR2.26 proof=-");
    shared.joins(MALLORY, "rosa");
    server.logs("name=rosa dialect=TR2.26 proof=-");
    // Nor are they the server's nobody, or anybody else who has a login there.
    shared.refused(MALLORY, "nobody", "is another user's login");
    shared.refused(65_534, "nobody", "is another user's login");
    // Whoever has a number is known by it.
    shared.joins(0, "carol");
    server.logs("name=carol dialect=TR2.26 proof=uid:0");
    shared.refused(MALLORY, "carol", "has an owner");
}

#[test]
fn without_a_number_the_server_s_own_user_is_not_everybody_else() {
    let Some(shared) = Shared::new("--user") else { return };
    let server = shared.serve(&["--user"], "");
    for uid in [0, MALLORY, 65_534] {
        shared.joins(uid, "dora");
        server.logs("name=dora dialect=TR2.26 proof=-");
    }
}

#[test]
fn nobody_is_somebody_where_everybody_has_a_number() {
    let Some(shared) = Shared::new("--mount") else { return };
    let server = shared.serve(&["--mount"], "");
    shared.joins(65_534, "nobody");
    server.logs("name=nobody dialect=TR2.26 proof=uid:65534");
    shared.refused(MALLORY, "nobody", "is another user's login");
}

#[test]
fn a_login_is_its_user_s_however_the_system_spells_it() {
    let Some(shared) = Shared::new("--mount") else { return };
    let passwd = shared.folder.path().join("passwd");
    let users = |more: &str| {
        fs::write(
            &passwd,
            format!(
                "root:x:0:0::/root:/bin/sh\nBbUpper:x:{ALICE}:9::/:/bin/sh\nbb.dot-ted:x:9001:9::/:/bin/sh\n\
                 bb$svc$:x:9002:9::/:/bin/sh\n1234567:x:9003:9::/:/bin/sh\njörg:x:9004:9::/:/bin/sh\n{more}"
            ),
        )
        .unwrap();
    };
    users("");
    let mount = format!("mount --bind {} /etc/passwd &&", passwd.display());
    let server = shared.serve(&["--mount"], &mount);
    for name in ["bbupper", "BBUPPER", "BbUpper", "bb.dot-ted", "BB.DOT-TED", "jörg", "JÖRG"] {
        shared.refused(MALLORY, name, "is another user's login");
    }
    for name in ["bb-upper", "BbUpper.", "_bbupper", "bbdotted", "bb.svc", "bbsvc", "l234567", "r.oot"] {
        shared.refused(MALLORY, name, "looks like another user's login");
    }
    shared.joins(ALICE, "bbupper");
    server.logs(&format!("name=bbupper dialect=TR2.26 proof=uid:{ALICE}"));
    shared.joins(9004, "JÖRG");
    shared.joins(9002, "bbsvc");
    shared.joins(MALLORY, "somebody");
    // Whoever gets a login while the server runs has it at once.
    shared.joins(MALLORY, "newcomer");
    users("NewComer:x:9005:9::/:/bin/sh\n");
    shared.refused(MALLORY, "newcomer", "is another user's login");
    shared.joins(9005, "newcomer");
    server.logs("name=newcomer dialect=TR2.26 proof=uid:9005");
}

/// A mount namespace with an empty /run, where a server of a user of its own listens at the system's path.
struct Host {
    shared: Shared,
    server: Server,
}

/// The user that the server runs as.
const SERVICE: u32 = 54_323;

impl Host {
    /// `folder` makes /run/tr2, and `mode` is that of the socket.
    fn start(folder: &str, mode: &str) -> Option<Self> {
        let shared = Shared::new("--mount")?;
        let data = Folder::new();
        std::os::unix::fs::chown(data.path(), Some(SERVICE), Some(SERVICE)).unwrap();
        let mut command = Command::new("unshare");
        let first = format!("mount -t tmpfs -o mode=755 tmpfs /run && {folder} &&");
        let serve = format!("{first} exec setpriv --reuid {SERVICE} --regid {SERVICE} --clear-groups \"$0\" \"$@\"");
        command.args(["--mount", "sh", "-c", &serve]).arg(&shared.program).arg("serve");
        let server = Server::run(command, data, &["--listen", "unix:/run/tr2/tr2.sock", "--socket-mode", mode]);
        Some(Self { shared, server })
    }

    /// `tr2 join` as a user of that host, without options that name a server, after a few commands of root's.
    fn join(&self, first: &str, uid: u32, environment: &str, options: &str) -> Output {
        let pid = self.server.pid().as_raw_nonzero().get();
        let mut command = Command::new("timeout");
        command.args(["20", "nsenter", "--mount", "--target", &pid.to_string(), "sh", "-c"]);
        let user =
            format!("setpriv --reuid {uid} --regid {uid} --clear-groups env -i HOME=/dev/null/none {environment}");
        command.arg(format!("{first} exec {user} {} join --plain {options}", self.shared.program.display()));
        command.stdin(Stdio::null()).output().unwrap()
    }
}

#[test]
fn the_client_finds_the_socket_of_a_server_with_a_user_of_its_own() {
    let made = format!("install -d -m 755 -o {SERVICE} /run/tr2");
    let Some(host) = Host::start(&made, "666") else { return };
    let output = host.join("", ALICE, "", "--name rosa");
    assert!(output.status.success(), "{output:?}");
    host.server.logs(&format!("name=rosa dialect=TR2.26 proof=uid:{ALICE}"));
    // Without a name or variables that say it, the login is that of passwd.
    let output = host.join("", 1, "", "");
    assert!(output.status.success(), "{output:?}");
    host.server.logs("name=daemon dialect=TR2.26 proof=uid:1");
    let output = host.join("", 2, "LOGNAME= USER=", "");
    assert!(output.status.success(), "{output:?}");
    host.server.logs("name=bin dialect=TR2.26 proof=uid:2");
    let output = host.join("", ALICE, "", "");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("has no login name") && words.contains("--name"), "{words}");
}

#[test]
fn a_socket_that_cannot_be_used_is_told_and_nothing_less_takes_its_place() {
    let made = format!("install -d -m 755 -o {SERVICE} /run/tr2");
    let Some(host) = Host::start(&made, "600") else { return };
    let foreign = format!("chown {MALLORY} /run/tr2/tr2.sock;");
    for (first, environment, words) in [
        ("", "", "permission denied"),
        ("chmod 700 /run/tr2;", "", "permission denied"),
        ("chmod 755 /run/tr2; chmod 777 /run/tr2;", "", "other users can write to the folder /run/tr2"),
        ("chmod 755 /run/tr2; chmod 1777 /run;", "", "other users can write to the folder /run;"),
        (&format!("chmod 755 /run; {foreign}"), "", "belongs to the user with the number 54321"),
        ("rm /run/tr2/tr2.sock; touch /run/tr2/tr2.sock;", "", "it is no socket"),
    ] {
        let output = host.join(first, ALICE, environment, "--name rosa");
        assert_eq!(output.status.code(), Some(1), "{first}: {output:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("/run/tr2/tr2.sock cannot be used"), "{first}: {said}");
        assert!(said.contains(words) && said.contains("--server"), "{first}: {said}");
    }
}
