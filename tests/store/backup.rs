//! Backups of a live history: complete, from one moment, readable by the owner only, and never over another file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tr2::protocol::Span;
use tr2::server::store::backup;
use tr2::server::store::{Durability, Options};

use crate::chat::Chat;
use crate::count::Count;
use crate::serving::Folder;

#[test]
fn a_backup_holds_every_message_stored_before_it_began() {
    let folder = Folder::new();
    let target = Folder::new();
    let mut chat = Chat::open(folder.path());
    let kept = Count::default();
    let copies = std::thread::scope(|scope| {
        let copying = scope.spawn(|| {
            // More than a search returns.
            kept.wait_for(150);
            (0..3)
                .map(|n| {
                    let before = kept.get();
                    let file = target.path().join(format!("copy{n}"));
                    let done = backup(folder.path(), &file).unwrap();
                    assert!(done.messages >= before);
                    assert_eq!((done.damaged, done.bytes), (0, fs::metadata(&file).unwrap().len()));
                    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
                    (file, done)
                })
                .collect::<Vec<_>>()
        });
        while !copying.is_finished() {
            kept.set(chat.say("alice", "everyone", "some words"));
        }
        copying.join().unwrap()
    });
    // Nothing else is left in the folder, and each copy is a history of its own.
    assert_eq!(fs::read_dir(target.path()).unwrap().count(), copies.len());
    for (file, done) in copies {
        let other = Folder::new();
        fs::copy(&file, other.path().join("history.db")).unwrap();
        let mut chat = Chat::open(other.path());
        assert_eq!(chat.opening.last_id.0, done.messages);
        assert_eq!(chat.page("bob", "everyone", Span::newest(50)).len(), 51);
        assert_eq!(chat.find("bob", "words").last().unwrap(), "end more");
        chat.say("alice", "everyone", "and on");
    }
}

#[test]
fn a_backup_overwrites_nothing() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "hi");
    let file = folder.path().join("precious");
    fs::write(&file, "precious").unwrap();
    let refused = backup(folder.path(), &file).unwrap_err().to_string();
    assert!(refused.ends_with("precious exists already, and nothing was written; name another one"), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), b"precious");
    let itself = folder.path().join("history.db");
    assert!(backup(folder.path(), &itself).is_err());
    let nowhere = folder.path().join("nowhere/copy");
    let refused = backup(folder.path(), &nowhere).unwrap_err().to_string();
    assert!(refused.contains("cannot be written"), "{refused}");
}

#[test]
fn without_a_history_there_is_no_backup() {
    let folder = Folder::new();
    let file = folder.path().join("copy");
    let refusal = || backup(folder.path(), &file).unwrap_err().to_string();
    assert!(refusal().contains("there is no history"), "{}", refusal());
    let memory = Options { durability: Durability::Memory, ..Options::default() };
    Chat::open_with(folder.path(), memory, "").say("alice", "everyone", "hi");
    assert!(refusal().contains("there is no history"), "{}", refusal());
    fs::write(folder.path().join("history.db"), "garbage, of some length: ".repeat(50)).unwrap();
    assert!(refusal().contains("is damaged or not a tr2 history"), "{}", refusal());
    assert!(!file.exists());
}

#[test]
fn the_history_of_a_stopped_server_is_backed_up_too() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "hi");
    chat.close();
    let done = backup(folder.path(), &folder.path().join("copy")).unwrap();
    assert_eq!(done.messages, 1);
}
