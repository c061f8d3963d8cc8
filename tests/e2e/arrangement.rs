//! The numbers of conversations stay the same in the next run: the real binary, and the file it keeps.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use crate::person::Person;
use crate::serving::{Folder, Server};

fn url(server: &Server) -> String {
    format!("tcp://{}", server.address)
}

/// The one file of the order.
fn file(state: &Folder) -> PathBuf {
    let mut files = fs::read_dir(state.path().join("tr2/conversations")).unwrap();
    let only = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none(), "one file and no draft of it");
    only
}

fn join(server: &Server, state: &Arc<Folder>) -> Person {
    let mut alice = Person::with_state(&url(server), "alice", (24, 100), state);
    alice.sees("●");
    alice
}

/// A server where alice is in two rooms, the second of which has the newer message.
fn talk(state: &Arc<Folder>) -> Server {
    let server = Server::start(&[]);
    let mut alice = join(&server, state);
    alice.says("/join #zoo").sees("2 #zoo").says("hello").sees("you  hello").misses("◌");
    alice.says("/join #ant").sees("3 #ant").says("hello").sees("you  hello").misses("◌").says("/quit");
    assert_eq!(alice.ends(), Some(0));
    server
}

#[test]
fn conversations_keep_their_numbers_in_the_next_run() {
    let state = Arc::new(Folder::new());
    let server = talk(&state);
    let kept = file(&state);
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&kept).unwrap(), "tr2 conversations 1\n#zoo\n#ant\n");
    let mut alice = join(&server, &state);
    alice.sees("2 #zoo").sees("3 #ant");
}

#[test]
fn a_damaged_file_begins_anew_and_one_open_to_others_is_left_alone() {
    let state = Arc::new(Folder::new());
    let server = talk(&state);
    let kept = file(&state);
    fs::write(&kept, "tr2 conversations 1\n\u{1}\n").unwrap();
    let mut alice = join(&server, &state);
    alice.sees("is damaged").sees("2 #").sees("3 #").says("/quit");
    assert_eq!(alice.ends(), Some(0));
    let anew = fs::read_to_string(&kept).unwrap();
    assert!(anew.contains("#zoo\n") && anew.contains("#ant\n"), "{anew:?}");
    fs::set_permissions(&kept, Permissions::from_mode(0o644)).unwrap();
    let mut alice = join(&server, &state);
    alice.sees("chmod").says("/join #bee").sees("4 #bee").says("/quit");
    assert_eq!(alice.ends(), Some(0));
    assert_eq!(fs::read_to_string(&kept).unwrap(), anew);
}
