//! What was sent comes back in the next run: the real binary, and the file it keeps.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use crate::person::Person;
use crate::serving::{Folder, Server};

fn url(server: &Server) -> String {
    format!("tcp://{}", server.address)
}

/// The one file of what was sent.
fn file(state: &Folder) -> PathBuf {
    let mut files = fs::read_dir(state.path().join("tr2/sent")).unwrap().map(|entry| entry.unwrap().path());
    files.find(|path| path.extension().is_none()).unwrap()
}

fn join(server: &Server, state: &Arc<Folder>) -> Person {
    let mut alice = Person::with_state(&url(server), "alice", (24, 80), state);
    alice.sees("●");
    alice
}

#[test]
fn what_was_sent_survives_the_end_of_the_client() {
    let (server, state) = (Server::start(&[]), Arc::new(Folder::new()));
    let mut alice = join(&server, &state);
    alice
        .says("first-words")
        .misses("> first-words")
        .says("second-words")
        .misses("> second-words")
        .misses("◌")
        .says("/quit");
    assert_eq!(alice.ends(), Some(0));
    let kept = file(&state);
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&kept).unwrap(), "tr2 sent 1\n\tfirst-words\n\tsecond-words\n");
    let mut alice = join(&server, &state);
    alice.types("\x12first").sees("sent \"first\" first-words");
}

#[test]
fn a_file_that_is_damaged_or_open_to_others_is_told_and_left_alone() {
    let (server, state) = (Server::start(&[]), Arc::new(Folder::new()));
    let mut alice = join(&server, &state);
    alice.says("first-words").misses("> first-words").misses("◌").says("/quit");
    alice.ends();
    let kept = file(&state);
    for (text, mode, why) in [("tr2 sent 1\nno tab\n", 0o600, "damaged;"), ("tr2 sent 1\n\thello\n", 0o644, "chmod")] {
        fs::write(&kept, text).unwrap();
        fs::set_permissions(&kept, Permissions::from_mode(mode)).unwrap();
        let mut alice = Person::with_state(&url(&server), "alice", (24, 120), &state);
        // Words of its own: what was said before is on the screen already.
        let words = format!("words-{mode}");
        alice.sees("●").sees(why).says(&words).misses(&format!("> {words}")).misses("◌");
        alice.says("/quit");
        alice.ends();
        assert_eq!(fs::read_to_string(&kept).unwrap(), text);
    }
}
