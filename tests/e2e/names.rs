//! The life of a name, with the real program: a person takes another one, and everything is there under it, also after a
//! restart; nobody else gets the old one; and a person leaves for good.

use std::net::SocketAddr;
use std::process::{Command, Stdio};

use rustix::process::Signal;

use crate::person::Person;
use crate::secure::{Talk, credential, tls_of};
use crate::serving::{Folder, Server, TR2};

fn serve(data: Folder) -> (Server, SocketAddr, String) {
    let socket = format!("unix:{}", data.path().join("s").display());
    let mut command = Command::new(TR2);
    command.arg("serve");
    let server = Server::run(command, data, &["--listen", "tls://127.0.0.1:0", "--listen", &socket]);
    let tls = tls_of(&server).0;
    (server, tls, socket)
}

/// All that was said to everyone.
fn past(talk: &mut Talk) -> Vec<String> {
    talk.send(b"@ref=h x | all clients | history | no data\n", true);
    let mut lines = Vec::new();
    loop {
        let line = talk.hear();
        if line.contains("history_end") {
            return lines;
        }
        lines.extend(line.contains("@ref=h").then(|| line.split_once(' ').unwrap().1.to_owned()));
    }
}

#[test]
fn a_person_takes_another_name_and_their_past_comes_with_them() {
    let (mut server, tls, socket) = serve(Folder::new());
    let mut bob = Talk::tls(tls, &credential()).join("bob");
    let mut person = Person::join(&socket, "ann");
    bob.until("joined | ann");
    person.says("hello as ann").sees("hello as ann");
    bob.until("| hello as ann");
    person.says("/rename zoe").sees("You are now zoe.");
    assert!(bob.until("left | ann").contains("why=is\\snow\\szoe"));
    bob.until("joined | zoe");
    person.says("hello as zoe");
    bob.until("zoe | all clients | broadcast_not_me | hello as zoe");
    let both =
        ["zoe | all clients | broadcast_not_me | hello as ann", "zoe | all clients | broadcast_not_me | hello as zoe"];
    assert_eq!(past(&mut bob), both);
    let mut eve = Talk::tls(tls, &credential());
    eve.ask("x | server | name | ann", "| refused | name_bound ann is now zoe; nobody else gets that name");
    let join = |name: &str| {
        let mut command = Command::new(TR2);
        command.args(["join", "--plain", "--name", name, "--server", &socket]).env("LC_ALL", "C.UTF-8");
        command.stdin(Stdio::null()).output().unwrap()
    };
    let refused = join("ann");
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("ann is now zoe: join as zoe."), "{refused:?}");
    let copy = server.data.path().join("copy.db");
    let data = server.data.path().to_str().unwrap().to_owned();
    let backup = Command::new(TR2).args(["serve", "--data", &data, "--backup"]).arg(&copy).output().unwrap();
    let told = String::from_utf8_lossy(&backup.stdout).into_owned() + &String::from_utf8_lossy(&backup.stderr);
    assert!(backup.status.success() && !told.contains("damaged"), "{told}");
    person.says("/exit").ends();
    drop((bob, eve));
    server.signal(Signal::TERM);
    server.end();
    let (_server, tls, _) = serve(std::mem::replace(&mut server.data, Folder::new()));
    let mut bob = Talk::tls(tls, &credential()).join("cem");
    assert_eq!(past(&mut bob), both);
    let mut eve = Talk::tls(tls, &credential());
    eve.ask("x | server | name | ann", "| refused | name_bound ann is now zoe; nobody else gets that name");
}

#[test]
fn a_person_leaves_for_good() {
    let (_server, tls, socket) = serve(Folder::new());
    let mut bob = Talk::tls(tls, &credential()).join("bob");
    let mut person = Person::join(&socket, "ann");
    bob.until("joined | ann");
    person.says("to remember me by");
    bob.until("to remember me by");
    person.says("/leave-server").sees("nobody gets the").types("\x1b[D\r");
    assert_eq!(person.ends(), Some(0));
    person.sees("You have left the server for good.");
    assert!(bob.until("left | ann").contains("why=left\\sfor\\sgood"));
    assert_eq!(past(&mut bob), ["ann | all clients | broadcast_not_me | to remember me by"]);
    let mut eve = Talk::tls(tls, &credential());
    eve.ask("x | server | name | ann", "| refused | name_bound The user of ann has left");
}
