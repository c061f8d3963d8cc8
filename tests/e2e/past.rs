//! Whose the past is, with the real program: a login takes its name back over the socket file from a remote user who owned
//! it and wrote privately (S19, F3); a room that has ended (F20); a deleted message in the files (S36).

use std::fs;
use std::time::{Duration, Instant};

use nix::unistd::{Uid, User};

use crate::secure::{Talk, credential, tls_of};
use crate::serving::{Folder, Server, tag};

/// All lines of an answer.
fn answer(talk: &mut Talk, asked: &str, end: &str) -> Vec<String> {
    talk.send(format!("{asked}\n").as_bytes(), true);
    let mut lines = Vec::new();
    while lines.last().is_none_or(|line: &String| !line.contains(end)) {
        lines.push(talk.hear());
        assert_ne!(lines.last().unwrap(), "", "the connection ends before {end:?}");
    }
    lines
}

/// All that a user finds of their talk with another.
fn past(talk: &mut Talk, with: &str) -> String {
    let mut told = answer(talk, &format!("x | {with} | history | limit=50"), "| history_end");
    told.extend(answer(talk, "x | server | conversations | no data", "| conversations_end"));
    for query in ["pin", &format!("in:{with}"), &format!("from:{with}")] {
        told.extend(answer(talk, &format!("x | server | search | {query}"), "| search_end"));
    }
    told.join("\n")
}

#[test]
fn a_login_that_takes_its_name_back_sees_nothing_of_the_former_owner() {
    let Some(login) = User::from_uid(Uid::effective()).unwrap().map(|user| user.name) else {
        return println!("skipped: this user has no login");
    };
    let folder = Folder::new();
    let socket = folder.path().join("s");
    let unix = format!("unix:{}", socket.display());
    let server = Server::start(&["--listen", "tls://127.0.0.1:0", "--listen", &unix]);
    let tls = tls_of(&server).0;
    let remote = credential();
    let mut former = Talk::tls(tls, &remote).join(&login);
    let mut anna = Talk::tls(tls, &credential()).join("anna");
    anna.ask(&format!("@ref=1 anna | {login} | private_message | my pin is 1234"), "| accepted");
    former.until("| private_message | my pin is 1234");
    former.ask(&format!("@ref=1 {login} | anna | private_message | the pin, noted"), "| accepted");
    anna.until("noted");
    former.ask("x | anna | read | 1", "| read |");
    drop(former);
    anna.until("| left |");
    let mut owner = Talk::unix(socket.to_str().unwrap()).join(&login);
    let told = past(&mut owner, "anna");
    assert!(!told.contains("pin") && !told.contains("anna |") && !told.contains(" anna"), "{told}");
    // The label of the former owner is theirs to use.
    owner.ask(&format!("@ref=1 {login} | anna | private_message | hello from here"), "| accepted");
    let told = past(&mut anna, &login);
    for words in ["my pin is 1234", "the pin, noted", "hello from here"] {
        assert!(told.contains(words), "{told}");
    }
    let told = past(&mut owner, "anna");
    assert!(told.contains("hello from here") && !told.contains("pin"), "{told}");
    // The former owner is out.
    let mut back = Talk::tls(tls, &remote);
    back.ask(&format!("x | server | name | {login}"), "| refused |");
}

#[test]
fn what_is_deleted_and_what_has_ended_leaves_the_files() {
    let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let data = server.data.path().to_owned();
    let mut anna = Talk::tls(tls_of(&server).0, &credential()).join("anna");
    anna.ask("x | #den | join_room | private", "| room |");
    let deleted = anna.ask("@ref=1 anna | #den | broadcast | zyxrosebudwvu is the word", "| accepted");
    anna.ask("@ref=2 anna | #den | broadcast | zyxvioletwvu is another", "| accepted");
    let id = tag(&deleted, "id").to_owned();
    let gone = |word: &str| {
        let start = Instant::now();
        loop {
            let files = fs::read_dir(&data).unwrap().filter_map(|file| fs::read(file.unwrap().path()).ok());
            let held = files.filter(|bytes| bytes.windows(word.len()).any(|window| window == word.as_bytes())).count();
            if held == 0 {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(10), "{word} stays in {held} files");
            std::thread::yield_now();
        }
    };
    anna.ask(&format!("x | #den | delete | {id} a slip"), "| deleted |");
    gone("zyxrosebudwvu");
    anna.ask("x | #den | leave_room | no data", "| left |");
    gone("zyxvioletwvu");
    anna.ask("x | #den | join_room | private", "| room |");
    let told = answer(&mut anna, "x | #den | history | limit=5", "| history_end");
    assert_eq!(told.len(), 1, "{told:?}");
}
