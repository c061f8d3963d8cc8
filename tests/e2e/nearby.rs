//! Servers that make themselves known to the networks that they are in.

use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::serving::{Folder, Server, TR2};

/// A network with an address of its own.
const NETWORK: &str = "ip link add v0 type veth peer name v1 && ip addr add 10.9.8.7/24 dev v0 && ip link set v0 up \
                       && ip link set v1 up && ip link set lo up && exec \"$@\"";

#[test]
fn a_client_that_reaches_no_server_hears_of_one_on_its_network() {
    let may = Command::new("unshare").args(["--net", "sh", "-c", &NETWORK.replace("exec \"$@\"", "true")]).output();
    if !may.is_ok_and(|tried| tried.status.success()) {
        return println!("skipped: no network can be made here, which takes root, unshare and ip");
    }
    let mut command = Command::new("unshare");
    command.args(["--net", "sh", "-c", NETWORK, "sh", TR2, "serve", "--announce"]);
    let server = Server::run(command, Folder::new(), &["--listen", "tls://0.0.0.0:0"]);
    let mut client = Command::new("nsenter")
        .arg(format!("--net=/proc/{}/ns/net", server.pid().as_raw_nonzero()))
        .args([TR2, "join", "--plain", "--name", "alice"])
        .env("HOME", Folder::new().path())
        .env_remove("TR2_SERVER")
        .env_remove("XDG_RUNTIME_DIR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = String::new();
    client.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(client.wait().unwrap().code(), Some(1), "{told}");
    assert!(told.contains("Listening for 5 seconds"), "{told}");
    let known = told.lines().find(|line| line.contains("tr2 join --server tls://10.9.8.7:"));
    assert!(known.is_some_and(|line| line.contains("SHA256:")), "{told}");
}

#[test]
fn a_server_that_only_this_machine_reaches_is_not_announced() {
    let folder = Folder::new();
    let refused = Command::new(TR2)
        .args(["serve", "--announce", "--listen", "tcp://127.0.0.1:0", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(told.contains("announce needs an address that other machines can reach"), "{told}");
}
