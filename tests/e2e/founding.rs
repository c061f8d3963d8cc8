//! The beginning of a cluster: the common log in real NATS servers, the secret that all nodes share, and what a node refuses
//! because it would make its history another than the others'.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use rustix::process::Signal;

use crate::keeper::{done, keeper, refused};
use crate::nats_servers::{NatsServer, nats_program};
use crate::serving::{Folder, Peer, Server, TR2};

/// The name of the secret in a data folder.
const SECRET: &str = "cluster.key";
/// One that nobody has.
const OF_SEVENS: &str = "7777777777777777777777777777777777777777777777777777777777777777\n";

/// Where no NATS server is.
const NOWHERE: [&str; 4] = ["--cluster", "nats://127.0.0.1:1", "--node", "a"];

/// Writes a file that only this user can read.
fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    path.display().to_string()
}

/// The data of a server that has stopped.
fn used() -> Folder {
    let mut server = Server::start(&[]);
    server.signal(Signal::TERM);
    server.end();
    std::mem::replace(&mut server.data, Folder::new())
}

#[test]
fn a_node_needs_the_secret_and_does_nothing_by_itself() {
    let data = used();
    let listen = ["--listen", "tcp://127.0.0.1:0"];
    let node = [&listen[..], &NOWHERE].concat();
    refused(data.path(), &node, 1, "tr2 serve --found");
    write(data.path(), SECRET, "7777");
    refused(data.path(), &node, 1, "cluster.key is damaged");
    write(data.path(), SECRET, OF_SEVENS);
    fs::set_permissions(data.path().join(SECRET), Permissions::from_mode(0o640)).unwrap();
    refused(data.path(), &node, 1, "other users can read it");
    write(data.path(), SECRET, OF_SEVENS);
    refused(data.path(), &node, 1, "is that of a server that stands alone");
    for order in [&["--free", "ann"][..], &["--maintenance", "on"], &["--erase", "ann", "--yes"]] {
        refused(data.path(), order, 1, "is a node of a cluster, and all nodes have to do this");
    }
    let hash = || fs::read_to_string(data.path().join("moderator")).unwrap();
    let before = hash();
    let told = done(data.path(), &["--rotate-passphrase"]);
    assert!(told.contains("shown only once: ") && told.contains("/moderator to the other nodes"), "{told}");
    assert_ne!(hash(), before);
    done(data.path(), &["--list", "users"]);
}

#[test]
fn what_a_node_proves_with_is_for_itself_alone() {
    let (data, other) = (Folder::new(), Folder::new());
    write(data.path(), SECRET, OF_SEVENS);
    let serve = |text: &str| {
        let file = write(other.path(), "tr2.conf", text);
        let told = keeper(data.path(), &[&NOWHERE[..], &["--listen", "tcp://127.0.0.1:0", "--config", &file]].concat());
        assert_eq!(told.status, 1, "{told:?}");
        told.err
    };
    let open = write(other.path(), "open.creds", "SU");
    fs::set_permissions(&open, Permissions::from_mode(0o644)).unwrap();
    write(other.path(), "empty.creds", "-----BEGIN USER NKEY SEED-----\n");
    for (name, words) in [
        ("open.creds", "other users can read it"),
        ("empty.creds", "there is no user's seed in it"),
        ("none.creds", "there is no file"),
    ] {
        let told = serve(&format!("cluster-credentials = \"{name}\"\n"));
        assert!(told.starts_with("tr2: cluster-credentials: ") && told.contains(words), "{told}");
    }
}

#[test]
fn a_backup_of_a_node_has_the_secret() {
    let (data, new, out) = (used(), Folder::new(), Folder::new());
    let file = out.path().join("node.tar").display().to_string();
    write(data.path(), SECRET, OF_SEVENS);
    done(data.path(), &["--backup", &file]);
    let told = done(new.path(), &["--restore", &file]);
    assert!(told.contains("history.db, moderator, cluster.key"), "{told}");
    let secret = new.path().join(SECRET);
    assert_eq!(fs::read_to_string(&secret).unwrap(), OF_SEVENS);
    assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    // One that is no secret is not put in place.
    write(data.path(), SECRET, "no secret");
    let damaged = out.path().join("damaged.tar").display().to_string();
    done(data.path(), &["--backup", &damaged]);
    refused(new.path(), &["--restore", &damaged], 1, "cluster.key is damaged");
    assert_eq!(fs::read_to_string(&secret).unwrap(), OF_SEVENS);
}

#[test]
fn a_log_is_begun_once_and_again_only_with_a_yes() {
    let Some(program) = nats_program() else { return };
    let servers = NatsServer::three(&program, "");
    let urls = servers.each_ref().map(NatsServer::url).join(",");
    let monitors = servers.each_ref().map(|server| format!("{:?}", server.monitor())).join(", ");
    let (data, other) = (Folder::new(), Folder::new());
    let config = write(other.path(), "tr2.conf", &format!("cluster-chat = \"lab\"\ncluster-monitors = [{monitors}]\n"));
    let node = ["--cluster", &urls, "--node", "a", "--listen", "tls://127.0.0.1:0", "--config", &config];
    let with = |options: &[&'static str]| [&node[..], options].concat();

    refused(data.path(), &with(&["--check"]), 1, "cluster-chat: the stream tr2-lab: the stream does not exist");
    let told = done(data.path(), &with(&["--found"]));
    for words in ["The log tr2-lab was begun", "--backup", "--restore", "a --node of its own", "shown only once: "] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let files = ["cluster.key", "moderator", "tls-key.pem", "tls-cert.pem"].map(|name| data.path().join(name));
    let before = files.each_ref().map(|file| fs::read_to_string(file).unwrap());
    let told = done(data.path(), &with(&["--check"]));
    let is_right = "the log tr2-lab on 3 NATS servers is as it should be";
    assert!(told.contains(is_right), "{told}");
    if rustix::process::geteuid().is_root() {
        // The data of a service, which its user owns, are looked at by root.
        let belongs_to =
            |user: &str| assert!(Command::new("chown").args(["-R", user]).arg(data.path()).status().unwrap().success());
        belongs_to("12345");
        let told = done(data.path(), &with(&["--check"]));
        assert!(told.contains(is_right), "{told}");
        belongs_to("0");
    }

    refused(data.path(), &["--listen", "tcp://127.0.0.1:0"], 1, "or once with --alone");
    let misnamed = ["--cluster", &urls, "--node", "A.example.org", "--check"];
    let told = keeper(data.path(), &misnamed).err;
    assert!(told.contains("the name of a node") && !told.contains("--alone"), "{told}");
    refused(data.path(), &with(&["--found"]), 1, "there is a log of this name already: tr2-lab, with 0 entries");
    let told = done(data.path(), &with(&["--found", "--yes"]));
    assert!(told.contains("was begun") && !told.contains("passphrase"), "{told}");
    assert_eq!(files.map(|file| fs::read_to_string(file).unwrap()), before, "what the nodes share stays as it is");
}

#[test]
fn the_permissions_in_the_manual_are_enough_for_all_that_is_asked() {
    let Some(program) = nats_program() else { return };
    let manual = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("man/tr2-cluster.7")).unwrap();
    let from = manual.find("\naccounts {\n").unwrap();
    let accounts = manual[from..].split("\n.Ed\n").next().unwrap();
    let engine = NatsServer::alone(&program, accounts);
    let (data, other) = (Folder::new(), Folder::new());
    // The seed of the key in the manual.
    let seed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY\n";
    write(other.path(), "nats.seed", &format!("{seed}UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4\n"));
    let config = write(other.path(), "tr2.conf", "cluster-credentials = \"nats.seed\"\n");
    let url = engine.url();
    let node = ["--cluster", &url, "--node", "a", "--listen", "tcp://127.0.0.1:0", "--config", &config];
    done(data.path(), &[&node[..], &["--found"]].concat());
    done(data.path(), &[&node[..], &["--found", "--yes"]].concat());
    let told = keeper(data.path(), &[&node[..], &["--check"]].concat()).err;
    let lines: Vec<&str> = told.lines().collect();
    let [replicas, monitors] = lines[..] else { panic!("{told}") };
    assert!(replicas.contains("cluster-chat: the stream tr2-main is kept on 1 servers"), "{told}");
    assert!(
        monitors.contains("cluster-monitors: whether") && monitors.contains("no address of a monitoring port is given"),
        "{told}"
    );
    // Nobody without the key is let in.
    let stranger = ["--cluster", &url, "--node", "a", "--listen", "tcp://127.0.0.1:0", "--found"];
    refused(data.path(), &stranger, 1, "Authorization Violation");
}

#[test]
fn what_all_nodes_share_changes_by_the_log_and_holds_for_what_was_decided_after_it() {
    let Some(program) = nats_program() else { return };
    let (engine, data, other) = (NatsServer::alone(&program, ""), Folder::new(), Folder::new());
    let rewrite = |text: &str| write(other.path(), "tr2.conf", text);
    let config = rewrite("registration = \"open\"\n");
    let url = engine.url();
    let node = ["--cluster", &url, "--node", "a", "--config", &config];
    done(data.path(), &[&node[..], &["--found"]].concat());
    let start = |data: Folder| {
        let mut command = Command::new(TR2);
        command.arg("serve");
        Server::run(command, data, &node)
    };
    let asks = |server: &Server, name: &str, words: &str| {
        let mut peer = Peer::connect(server.address);
        peer.say(&format!("{name} | server | name | {name}"));
        peer.until(words);
        peer
    };
    let mut server = start(data);
    drop(asks(&server, "ann", "connection_confirmation"));

    rewrite("registration = \"closed\"\n");
    server.signal(Signal::HUP);
    server.logs("event=settings_shared");
    server.logs("event=reloaded");
    drop(asks(&server, "ben", "registration_closed"));

    // A start decides once more as was decided then, whatever the file says by now.
    rewrite("registration = \"open\"\n");
    server.signal(Signal::KILL);
    server.end();
    let mut server = start(std::mem::replace(&mut server.data, Folder::new()));
    server.logs("event=settings_shared");
    let mut cat = asks(&server, "cat", "connection_confirmation");
    assert!(cat.ask("cat | server | list_clients | no data", "list_end").contains("cat"));
    server.signal(Signal::KILL);
    server.end();
    let server = start(std::mem::replace(&mut server.data, Folder::new()));
    server.logs("event=in_touch");

    refused(
        server.data.path(),
        &["--rotate-passphrase"],
        1,
        "all nodes of a cluster have the same passphrase: stop all of them",
    );
}

#[test]
fn a_node_from_before_the_log_was_begun_anew_stops_and_says_what_to_do() {
    let Some(program) = nats_program() else { return };
    let (engine, first, old, out) = (NatsServer::alone(&program, ""), Folder::new(), Folder::new(), Folder::new());
    let url = engine.url();
    let node = ["--cluster", &url, "--node", "a"];
    let with = |options: &[&'static str]| [&node[..], options].concat();
    let serve = |data: Folder, node: &[&str]| {
        let mut command = Command::new(TR2);
        command.arg("serve");
        Server::run(command, data, node)
    };
    done(first.path(), &with(&["--listen", "tcp://127.0.0.1:0", "--found"]));
    let file = out.path().join("node.tar").display().to_string();
    done(first.path(), &["--backup", &file]);
    done(old.path(), &["--restore", &file]);
    let mut server = serve(first, &node);
    server.logs("event=in_touch");
    server.signal(Signal::TERM);
    assert_eq!(server.end().0.code(), Some(0));
    done(server.data.path(), &with(&["--listen", "tcp://127.0.0.1:0", "--found", "--yes"]));
    let mut late = serve(old, &["--cluster", &url, "--node", "b"]);
    let why = late.logs("event=node_stopped");
    assert!(why.contains("a copy of another node's history"), "{why}");
    assert_eq!(late.end().0.code(), Some(1));
    let again = serve(std::mem::replace(&mut server.data, Folder::new()), &node);
    again.logs("event=in_touch");
}

#[test]
fn a_second_node_of_one_name_and_one_with_another_secret_stop_and_the_first_goes_on() {
    let Some(program) = nats_program() else { return };
    let (engine, first, twin, other) = (NatsServer::alone(&program, ""), Folder::new(), Folder::new(), Folder::new());
    let (url, out) = (engine.url(), Folder::new());
    let node = ["--cluster", &url, "--node", "a"];
    let serve = |data: Folder, node: &[&str]| {
        let mut command = Command::new(TR2);
        command.arg("serve");
        Server::run(command, data, node)
    };
    done(first.path(), &[&node[..], &["--listen", "tcp://127.0.0.1:0", "--found"]].concat());
    let file = out.path().join("node.tar").display().to_string();
    done(first.path(), &["--backup", &file]);
    for data in [&twin, &other] {
        done(data.path(), &["--restore", &file]);
    }
    let server = serve(first, &node);
    server.logs("event=in_touch");
    let mut ann = Peer::join(server.address, "ann");
    let mut says = |count: usize, text: &str| {
        for at in 0..count {
            ann.ask(&format!("@ref={text}{at} ann | all clients | broadcast | {text}"), "| accepted");
        }
    };
    // More entries than may be read with the wrong secret.
    says(20, "one");

    write(other.path(), SECRET, OF_SEVENS);
    let mut stranger = serve(other, &["--cluster", &url, "--node", "b"]);
    let why = stranger.logs("event=node_stopped");
    assert!(why.contains("were written with another secret"), "{why}");
    assert_eq!(stranger.end().0.code(), Some(1));

    let mut second = serve(twin, &node);
    let why = second.logs("event=node_stopped");
    assert!(why.contains("another tr2 serve runs as node a"), "{why}");
    assert_eq!(second.end().0.code(), Some(1));
    says(1, "still here");
}

#[test]
fn an_address_that_leads_clients_to_their_own_machine_is_told() {
    let data = Folder::new();
    // It is reached here, and does not look so.
    let far = ["--insecure-plaintext", "--cluster", "nats://[::ffff:127.0.0.1]:1", "--node", "a", "--check"];
    let words = "cluster-address: the clients of other nodes are told that this one is at tcp://127.0.0.1:";
    let told = keeper(data.path(), &far).err;
    assert!(told.contains(words) && told.contains("is not reached"), "{told}");
    let named = [&far[..], &["--listen", "tls://0.0.0.0:0"]].concat();
    assert!(!keeper(data.path(), &named).err.contains("cluster-address"), "the name of the machine is told");
    let near = [&NOWHERE[..], &["--check"]].concat();
    assert!(!keeper(data.path(), &near).err.contains("cluster-address"), "all of it is on one machine");
}

#[test]
fn nothing_is_begun_from_the_data_of_a_running_server() {
    let server = Server::start(&[]);
    refused(server.data.path(), &[&NOWHERE[..], &["--found"]].concat(), 1, "another server is using the data");
    assert!(!server.data.path().join(SECRET).exists());
    // Where no NATS server answers, that is said.
    let data = Folder::new();
    refused(data.path(), &[&NOWHERE[..], &["--found"]].concat(), 1, "nats://127.0.0.1:1 is not reached");
    let output = Command::new(TR2).args(["serve", "--found"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
