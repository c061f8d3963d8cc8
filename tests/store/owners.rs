//! Owners of names, and whether the sender of a message was verified.

use rusqlite::Connection;
use tr2::model::{Fingerprint, Identity, Timestamp};
use tr2::server::store::api::{Job, Owner, Proof, Update};

use crate::chat::{Chat, name};
use crate::serving::Folder;

fn owner(of: &str, proofs: &[Identity]) -> Owner {
    let proof = |(at, &identity): (usize, &Identity)| Proof { identity, login: None, since: Timestamp(10 + at as i64) };
    Owner { name: name(of), since: Timestamp(5), proofs: proofs.iter().enumerate().map(proof).collect() }
}

#[test]
fn owners_of_names_survive_a_restart() {
    let (uid, key) = (Identity::Uid(1000), Identity::Key(Fingerprint([7; 32])));
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    assert_eq!(chat.opening.owners, []);
    for owner in [owner("Zoë", &[uid]), owner("ann", &[key]), owner("ann", &[key, uid]), owner("gone", &[uid])] {
        chat.submit(Job::Keep(Update::Own(owner)));
    }
    chat.submit(Job::Keep(Update::Own(owner("gone", &[]))));
    chat.reopen();
    assert_eq!(chat.opening.owners, [owner("ann", &[key, uid]), owner("Zoë", &[uid])]);
    // An unreadable owner leaves its name free and everything else as it is.
    chat.close();
    let path = folder.path().join("history.db");
    Connection::open(path).unwrap().execute("UPDATE proof SET identity = 'nonsense' WHERE key = 'zoë'", []).unwrap();
    let chat = Chat::open(folder.path());
    assert_eq!(chat.opening.owners, [owner("ann", &[key, uid])]);
}

#[test]
fn a_message_remembers_whether_its_sender_was_verified() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("vera", "everyone", "proved");
    chat.say("bob", "everyone", "claimed");
    let seen = |chat: &Chat| {
        let page = chat.envelopes("bob", "everyone");
        page.iter().map(|envelope| envelope.verified).collect::<Vec<_>>()
    };
    assert_eq!(seen(&chat), [true, false]);
    chat.close();
    let path = folder.path().join("history.db");
    Connection::open(path).unwrap().execute("UPDATE message SET verified = 1", []).unwrap();
    // A flipped bit does not turn an unverified sender into a verified one.
    let chat = Chat::open(folder.path());
    assert_eq!(seen(&chat), [true]);
}
