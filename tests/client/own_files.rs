//! The person's own key and the list of known people, as files.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use tr2::client::direct::known_people::{self, KnownPerson};
use tr2::client::link::own_key::OwnKey;
use tr2::client::link::people_list::PeopleList;
use tr2::model::{Fingerprint, Name, Url};
use tr2::net::certificate;

/// A name in the folder for temporary files that nothing has.
fn new_place(name: &str) -> PathBuf {
    let place = std::env::temp_dir().join(format!("tr2-own-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&place);
    place
}

fn person(name: &str, key: u8, verified: bool) -> KnownPerson {
    KnownPerson { name: Name::parse(name).unwrap(), key: Fingerprint([key; 32]), verified }
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

#[test]
fn people_are_known_by_server_and_name_however_it_is_spelled() {
    let (here, there) = (url("tcp://localhost"), url("unix:/run/my socket"));
    let mut list = String::from("# mine\n\n");
    for (server, known) in [
        (&here, person("alice", 1, false)),
        (&there, person("alice", 2, true)),
        (&here, person("bob", 3, true)),
        (&here, person("Alice", 4, true)),
    ] {
        list = known_people::with(&list, server, &known);
    }
    assert_eq!(known_people::on_server(&list, &here), [person("bob", 3, true), person("Alice", 4, true)]);
    assert_eq!(known_people::on_server(&list, &there), [person("alice", 2, true)]);
    assert_eq!(known_people::on_server(&list, &url("tls://localhost")), []);
    assert!(list.starts_with("# mine\n\n"));
    assert_eq!(known_people::unreadable_line(&list), None);
    // A damaged line is found, and stays where it is; of two about one name, the first counts.
    let twice = format!("carol what\n{list}alice {} verified tcp://localhost:1234\n", Fingerprint([9; 32]));
    assert_eq!(known_people::unreadable_line(&twice), Some(1));
    assert_eq!(known_people::on_server(&twice, &here).len(), 2);
    assert!(known_people::with(&twice, &here, &person("dave", 5, false)).starts_with("carol what\n"));
    for line in ["alice", "a b c d", "alice SHA256:x verified tcp://localhost:1234", "<alice> x seen y"] {
        assert_eq!(known_people::unreadable_line(line), Some(1), "{line}");
    }
    let mark = format!("alice {} trusted tcp://localhost:1234", Fingerprint([9; 32]));
    assert_eq!(known_people::unreadable_line(&mark), Some(1));
}

#[test]
fn the_list_of_people_is_private_and_its_loss_or_damage_is_told() {
    let folder = new_place("people");
    let list = PeopleList { path: folder.join("known_people"), server: url("tcp://localhost") };
    assert_eq!(list.load(), (vec![], None));
    assert!(!folder.exists(), "looking makes nothing");
    list.remember(&person("alice", 1, false)).unwrap();
    list.remember(&person("bob", 2, true)).unwrap();
    list.remember(&person("alice", 1, true)).unwrap();
    list.remember(&person("mallory", 6, false)).unwrap();
    list.forget(&Name::parse("Mallory").unwrap()).unwrap();
    list.forget(&Name::parse("nobody").unwrap()).unwrap();
    let known = vec![person("bob", 2, true), person("alice", 1, true)];
    assert_eq!(list.load(), (known.clone(), None));
    assert_eq!(fs::metadata(&list.path).unwrap().permissions().mode() & 0o777, 0o600);
    // Damage: what can be read still counts, and is kept.
    let text = fs::read_to_string(&list.path).unwrap();
    fs::write(&list.path, format!("{text}nonsense\n")).unwrap();
    let (found, trouble) = list.load();
    assert_eq!(found, known);
    let trouble = trouble.unwrap();
    assert!(trouble.contains("line 3 is damaged"), "{trouble}");
    list.remember(&person("carol", 3, false)).unwrap();
    assert!(fs::read_to_string(&list.path).unwrap().contains("\nnonsense\ncarol "));
    // Loss: everybody would pass for somebody new.
    for words in ["it is empty", "it is missing"] {
        if words == "it is empty" {
            fs::write(&list.path, "").unwrap();
        } else {
            fs::remove_file(&list.path).unwrap();
        }
        let (found, trouble) = list.load();
        let trouble = trouble.unwrap();
        assert!(found.is_empty() && trouble.contains(words) && trouble.contains("known_people.lock"), "{trouble}");
        let refused = list.remember(&person("dave", 4, false)).unwrap_err();
        assert!(refused.contains(words), "{refused}");
    }
    fs::remove_file(folder.join("known_people.lock")).unwrap();
    // As many as fit into the file, and not one more.
    let line = |number: usize| known_people::with("", &list.server, &person(&format!("p{number:06}"), 1, true));
    let (length, most) = (line(0).len(), 1024 * 1024);
    let full: String = (0..most / length - 1).map(line).collect();
    fs::write(&list.path, format!("{full}#{}\n", "x".repeat(most - full.len() - length - 2))).unwrap();
    list.remember(&person("p999999", 1, true)).unwrap();
    assert_eq!(fs::metadata(&list.path).unwrap().len(), most as u64);
    let refused = list.remember(&person("p999998", 1, true)).unwrap_err();
    assert!(refused.contains("it is full"), "{refused}");
    // Without a home folder nothing is kept, and that is said.
    let homeless = PeopleList { path: PathBuf::new(), server: url("tcp://localhost") };
    assert_eq!(homeless.load(), (vec![], None));
    assert!(homeless.remember(&person("alice", 1, true)).is_err());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_own_key_is_told_without_being_written_and_is_the_same_once_it_is() {
    let folder = new_place("key");
    let key = OwnKey::at(folder.join("identity"));
    let told = key.announce().unwrap();
    assert_eq!(key.clone().announce().unwrap(), told);
    assert!(!folder.exists());
    assert_eq!(key.announced_credential().unwrap().fingerprint, told);
    assert_eq!(fs::metadata(folder.join("identity")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(OwnKey::at(folder.join("identity")).announce().unwrap(), told);
    assert!(!format!("{key:?}").contains("PRIVATE"));
    // Another process was faster: its key is the one, and nobody is told another.
    fs::remove_file(folder.join("identity")).unwrap();
    let late = OwnKey::at(folder.join("identity"));
    late.announce().unwrap();
    fs::write(folder.join("identity"), certificate::make_key().unwrap()).unwrap();
    fs::set_permissions(folder.join("identity"), fs::Permissions::from_mode(0o600)).unwrap();
    let other = OwnKey::at(folder.join("identity")).announce().unwrap();
    assert_eq!(late.credential().unwrap().fingerprint, other);
    let error = late.announced_credential().unwrap_err().to_string();
    assert!(error.contains("another one than when you joined"), "{error}");
    // What others can read is no secret, and without a home folder there is no key.
    fs::set_permissions(folder.join("identity"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(key.announce().unwrap_err().to_string().contains("other users can read it"));
    assert!(OwnKey::at(PathBuf::new()).announce().unwrap_err().to_string().contains("home folder"));
    fs::remove_dir_all(folder).unwrap();
}
