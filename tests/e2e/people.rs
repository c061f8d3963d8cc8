//! One account for several people: who is new, who has lost their passphrase, and who is whom in the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::person::{Launch, Person};
use crate::serving::{Folder, Server};

/// An account, and a server that it goes to.
struct Account {
    home: Arc<Folder>,
    server: Server,
    options: Vec<String>,
}

impl Account {
    fn new() -> Self {
        let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
        let (address, key) = crate::secure::tls_of(&server);
        let home = Arc::new(Folder::new());
        let people = home.path().join("people").display().to_string();
        let (address, key) = (format!("tls://{address}"), key.to_string());
        let options = ["--people", &people, "--server", &address, "--fingerprint", &key].map(str::to_owned).to_vec();
        Self { home, server, options }
    }

    fn terminal(&self) -> Person {
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        Person::at_home(&self.home, &options, Launch::default())
    }

    fn people(&self) -> PathBuf {
        self.home.path().join("people")
    }

    /// Somebody new, who gives a name and a passphrase.
    fn comes(&self, name: &str, passphrase: &str) -> Person {
        let mut person = self.terminal();
        person.sees("Your name").says(name);
        gives_new_passphrase(&mut person, passphrase);
        person.sees(&format!("● {name}"));
        person
    }
}

fn gives_new_passphrase(person: &mut Person, passphrase: &str) {
    person.sees("at least 8").types(&format!("{passphrase}\r")).sees("Once more").types(&format!("{passphrase}\r"));
}

/// The keys there, by the name of their folder.
fn keys(people: &Path) -> Vec<String> {
    let folders = fs::read_dir(people).unwrap().map(|entry| entry.unwrap().path());
    let mut keys: Vec<String> = folders
        .filter(|folder| folder.join("key").is_file())
        .map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    keys.sort();
    keys
}

#[test]
fn whoever_lost_the_passphrase_starts_anew_once_the_server_agrees() {
    let account = Account::new();
    let mut alice = account.comes("alice", "correct horse");
    let old = fs::read(account.people().join("alice/key")).unwrap();
    // The server does not agree: everything stays as it is.
    let mut lost = account.terminal();
    lost.sees("1  alice").says("1").sees("Passphrase of alice").types("\r").sees("Start anew as alice").says("y");
    gives_new_passphrase(&mut lost, "battery staple");
    lost.sees("Join under another name").sees("Code:").types("\x1b").misses("Code:").says("/exit");
    lost.ends();
    assert_eq!(keys(&account.people()), ["alice"]);
    assert_eq!(fs::read(account.people().join("alice/key")).unwrap(), old);
    assert_eq!(fs::read_dir(account.people()).unwrap().count(), 1);
    // With a code from where the person still is, it does.
    alice.says("/invite-key").sees("--code");
    let screen = alice.screen().replace(['\n', '│', ' '], "");
    let code: String = screen.split("--code").nth(1).unwrap().chars().take(29).collect();
    let mut lost = account.terminal();
    lost.sees("1  alice").says("alice").sees("Passphrase of alice").types("\r").sees("Start anew as alice").says("y");
    gives_new_passphrase(&mut lost, "battery staple");
    lost.sees("Join under another name").types("\x1b[B").says(&code).sees("● alice").says("/exit");
    lost.ends();
    assert_eq!(keys(&account.people()), ["alice-2"]);
    assert_eq!(fs::read(account.people().join("alice/key.old-1")).unwrap(), old);
    let mut again = account.terminal();
    again.sees("1  alice").sees("2  somebody new").says("1").sees("Passphrase of alice").types("battery staple\r");
    again.sees("● alice");
}

#[test]
fn the_menu_has_people_by_the_name_that_they_got() {
    let account = Account::new();
    // Somebody else has the name, with another key.
    let elsewhere = Account { home: Arc::new(Folder::new()), server: Server::start(&[]), options: Vec::new() };
    let people = elsewhere.people().display().to_string();
    let options = [&["--people".to_owned(), people], &account.options[2..]].concat();
    let elsewhere = Account { options, ..elsewhere };
    let _anna = elsewhere.comes("anna", "correct horse");
    let mut new = account.terminal();
    new.sees("Your name").says("anna");
    gives_new_passphrase(&mut new, "battery staple");
    new.sees("has an owner").types("b\r\r").sees("● annab").says("/exit");
    new.ends();
    let mut again = account.terminal();
    again.sees("1  annab").sees("2  somebody new");
    // A text that is no name is not shown, and a new name is offered to be that of somebody new.
    again.types("my secret!\r").sees("A name is made of");
    again.says("carl").sees("Are you new here, as carl?").types("n\r").sees("Your number");
    again.says("carl").sees("Are you new here, as carl?").types("y\r");
    gives_new_passphrase(&mut again, "battery staple");
    again.sees("● carl");
}
