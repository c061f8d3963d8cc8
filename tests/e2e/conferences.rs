//! Calls of rooms with the real program: faces come, stay and go, on every screen.

use std::process::Command;

use rustix::process::Signal;

use crate::person::Person;
use crate::serving::{Folder, Server, TR2};

const F5: &str = "\x1b[15~";
const F7: &str = "\x1b[18~";

/// Somebody in the room, with a key of their own and a camera.
struct Attendee {
    person: Person,
    _home: Folder,
}

fn attend(server: &str, name: &str) -> Attendee {
    let home = Folder::new();
    let folder = home.path().to_str().unwrap();
    let variables = [("XDG_DATA_HOME", folder), ("XDG_STATE_HOME", folder)];
    let arguments = ["join", "--name", name, "--server", server, "--camera", "test", "--sound", "none"];
    let mut person = Person::with_env(&arguments, &variables, 24, 80);
    person.sees("●").says("/join #ops").sees("2 #ops");
    Attendee { person, _home: home }
}

/// The rows in which faces stand, and what stands there: half blocks where there is a picture.
fn has_faces(screen: &str) -> bool {
    screen.lines().take(12).any(|row| row.contains('▀') || row.contains('▄'))
}

/// Whether somebody's face stands there, with the name below it.
fn has_face_of(screen: &str, name: &str) -> bool {
    let is_named = |row: &str| row.split_whitespace().any(|word| word == name) && !row.contains("F7");
    has_faces(screen) && screen.lines().take(13).any(|row| row.split('│').nth(1).is_some_and(is_named))
}

#[test]
fn three_see_one_another_and_whoever_leaves_is_gone_from_every_screen() {
    let folder = Folder::new();
    let unix = format!("unix:{}", folder.path().join("s").display());
    let server = Server::start(&["--listen", &unix]);
    let tcp = format!("tcp://{}", server.address);
    let mut alice = attend(&tcp, "alice");
    let mut bob = attend(&unix, "bob");
    alice.person.says("/call #ops").sees("You have begun a call");
    bob.person.sees("There is a call here, with alice").says("/call #ops").sees("You are in the call of #ops");
    alice.person.sees("bob joined the call.").types(F7).sees("● camera");
    bob.person.sees("~alice").until("a face", has_faces).types(F7).sees("● camera");
    alice.person.until("bob's face", |screen| has_face_of(screen, "bob"));
    // Somebody comes later, and sees both, larger at a key.
    let mut carol = attend(&tcp, "carol");
    carol.person.says("/call #ops").until("both", |screen| has_face_of(screen, "~alice") && has_face_of(screen, "bob"));
    carol.person.sees("your camera is off").types(F5).sees("F5 small").until("faces", has_faces).types("\x1b");
    // Words go into the room as ever.
    carol.person.misses("F5 small").says("good morning");
    alice.person.sees("good morning");
    // Who leaves is gone at once, and so is who dies.
    bob.person.says("/hangup").sees("You left the call of #ops.").misses("● camera");
    alice.person.sees("bob left the call.").until("no bob", |screen| !has_face_of(screen, "bob"));
    carol.person.sees("bob left the call.").sees("2 in a call");
    alice.person.signal(Signal::KILL);
    carol.person.sees("alice left the call.").until("no face", |screen| !has_faces(screen));
    carol.person.says("/hangup");
    bob.person.sees("The call is over.");
}

#[test]
fn a_call_of_a_room_ends_with_the_server_and_is_joined_again() {
    let mut server = Server::start(&[]);
    let url = format!("tcp://{}", server.address);
    let (mut alice, mut bob) = (attend(&url, "alice"), attend(&url, "bob"));
    alice.person.says("/call #ops").types(F7).sees("your camera is on");
    bob.person.says("/call #ops").sees("~alice").until("a face", has_faces);
    server.signal(Signal::KILL);
    server.end();
    for person in [&mut alice.person, &mut bob.person] {
        person.sees("with it the call").misses("● camera").until("no face", |screen| !has_faces(screen));
    }
    let data = std::mem::replace(&mut server.data, Folder::new());
    let mut command = Command::new(TR2);
    command.args(["serve", "--listen", &url]);
    let _server = Server::run(command, data, &[]);
    alice
        .person
        .sees("Online again")
        .says("/call #ops")
        .sees("You have begun a call")
        .types(F7)
        .sees("your camera is on");
    bob.person.sees("There is a call here").says("/call #ops").sees("~alice").until("a face", has_faces);
}
