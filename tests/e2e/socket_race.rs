//! The race for a new socket file. The test runs in a process of its own: a process that starts others shares its open
//! files with them for a moment, and the other tests start many.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use tr2::net::unix::{SocketAccess, bind};

use crate::alone::is_alone;
use crate::serving::Folder;

const PRIVATE: SocketAccess = SocketAccess { mode: 0o600, group: None };

/// The user id of an unprivileged stranger.
const STRANGER: u32 = 54321;

#[test]
fn another_user_cannot_win_the_race_for_a_new_socket() {
    if !is_alone("socket_race::another_user_cannot_win_the_race_for_a_new_socket", "") {
        return;
    }
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can try what another user can do");
        return;
    }
    let folder = Folder::new();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let path = folder.path().join("s");
    rustix::process::umask(rustix::fs::Mode::empty());
    // Tries to connect without a pause, at the path and at anything new in the folder.
    let script = r#"
import glob, socket, sys
print("ready", flush=True)
while True:
    for path in [sys.argv[1] + "/s"] + glob.glob(sys.argv[1] + "/.*/s"):
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(path)
            print("in", flush=True)
        except OSError:
            pass
        s.close()
"#;
    let mut command = Command::new("python3");
    command.args(["-c", script]).arg(folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(mut child) = command.uid(STRANGER).gid(STRANGER).spawn() else {
        println!("skipped: no python3 to try it with");
        return;
    };
    let mut said = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut ready = String::new();
    std::io::BufRead::read_line(&mut said, &mut ready).unwrap();
    assert_eq!(ready, "ready\n");
    for round in 0..200 {
        let (listener, file) = bind(&path, PRIVATE, 5).unwrap();
        assert!(listener.accept().is_err(), "somebody came in in round {round}");
        // A killed server leaves its file.
        drop(listener);
        let aside = folder.path().join("aside");
        if round % 2 == 0 {
            fs::rename(&path, &aside).unwrap();
        }
        drop(file);
        if round % 2 == 0 {
            fs::rename(&aside, &path).unwrap();
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut said, &mut rest).unwrap();
    assert_eq!(rest, "");
}
