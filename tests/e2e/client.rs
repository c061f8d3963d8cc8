//! The real client on a terminal and on pipes, against the real server and against a TR2.23 server.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use rustix::process::Signal;

use crate::original::OriginalServer;
use crate::person::Person;
use crate::serving::{Folder, Peer, Server, TR2};

const ESC: &str = "\x1b";
const F2: &str = "\x1bOQ";
const F5: &str = "\x1b[15~";
const ALT_ENTER: &str = "\x1b\r";

fn url(server: &Server) -> String {
    format!("tcp://{}", server.address)
}

/// The address of a port without a server.
fn nowhere() -> String {
    format!("tcp://{}", TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap())
}

/// Runs the line mode with this input.
fn plain(server: &str, name: &str, input: &str) -> Output {
    let mut command = Command::new(TR2);
    command
        .env("LC_ALL", "C.UTF-8")
        .args(["join", "--commands", "--name", name, "--server", server])
        .env("XDG_CONFIG_HOME", "/dev/null/none");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A client that gives up early does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn two_people_talk_in_public_and_in_private() {
    let server = Server::start(&[]);
    let (mut alice, mut bob) = (Person::join(&url(&server), "alice"), Person::at(&url(&server), "bob", 10, 40));
    alice.sees("2 people");
    bob.sees("●").says("good morning");
    alice.sees("good morning").types("first").sees("first").types(ALT_ENTER).types("second").sees("second").types("\r");
    bob.sees("first").sees("second").says("/msg alice psst");
    alice.sees("@1").types("\x1b2").sees("psst").misses("@1");
}

#[test]
fn a_server_that_dies_and_restarts_loses_and_duplicates_nothing() {
    let mut server = Server::start(&[]);
    let (mut alice, mut bob) = (Person::join(&url(&server), "alice"), Person::join(&url(&server), "bob"));
    alice.sees("2 people").says("one");
    bob.sees("one");
    server.signal(Signal::KILL);
    server.end();
    alice.sees("reconnecting").says("two").sees("two queued");
    let address = format!("tcp://{}", server.address);
    let data = std::mem::replace(&mut server.data, Folder::new());
    let mut command = Command::new(TR2);
    command.args(["serve", "--listen", &address]);
    // The default address counts as one more.
    let _server = Server::run(command, data, &[]);
    alice.types("\x12").sees("●").misses("queued").misses("◌");
    bob.types("\x12").sees("●").sees("two");
    for person in [&alice, &bob] {
        let screen = person.screen();
        assert_eq!(screen.matches(" one").count() + screen.matches(" two").count(), 2, "{screen}");
    }
    let mut carol = Person::join(&address, "carol");
    carol.sees("one").sees("two").types("\x06").sees("Find").types("TWO\r").sees("[two]").types("\r").sees("found");
}

#[test]
fn a_message_waits_for_who_is_away() {
    let server = Server::start(&[]);
    let mut bob = Person::join(&url(&server), "bob");
    bob.sees("●").types("\x03").sees("Leave").types("\x03");
    bob.ends();
    let mut alice = Person::join(&url(&server), "alice");
    alice.sees("●").says("/msg bob for later").sees("offline and will see this");
    let mut bob = Person::join(&url(&server), "bob");
    bob.sees("@1").types("\x1b2").sees("new").sees("for later");
}

#[test]
fn a_pipe_gets_no_history_but_can_search_it() {
    let server = Server::start(&[]);
    assert!(plain(&url(&server), "cron", "the backup ran\n").status.success());
    let output = plain(&url(&server), "cron", "/search backup\n");
    let said = text(&output.stdout);
    assert!(said.ends_with("[everyone] ~cron: the backup ran\n") && said.matches("backup").count() == 1, "{said}");
}

#[test]
fn a_moderator_closes_the_server_from_the_menu() {
    let mut server = Server::start(&[]);
    let (passphrase, mut alice) = (server.passphrase(), Person::join(&url(&server), "alice"));
    alice.sees("●").types(F2).types("6").sees("assphrase").types(&passphrase).types("\r");
    alice.sees("Close the server").types("\x1b[D").types("\r").sees("reconnecting");
    assert_eq!(server.end().0.code(), Some(0));
    alice.types("\x03").sees("Leave").types("\x03");
    assert_eq!(alice.ends(), Some(0));
    assert!(alice.raw.ends_with(b"\x1b[?1049l\x1b[23;0t"), "the terminal is given back");
}

#[test]
fn a_taken_name_leads_to_another_one() {
    let server = Server::start(&[]);
    let _alice = Peer::join(server.address, "alice");
    let mut second = Person::join(&url(&server), "Alice");
    second.sees("taken").types("\x15carla\r").sees("●").sees("carla");
}

#[test]
fn an_unreachable_server_leads_to_another_one() {
    let server = Server::start(&[]);
    let gone = nowhere();
    let mut alice = Person::join(&gone, "alice");
    alice.sees("listening there");
    alice.types(ESC).sees("You are not online").types(F5).sees("listening there");
    alice.signal(Signal::TERM);
    assert_eq!(alice.ends(), Some(0));
    drop(server);
}

#[test]
fn the_client_reconnects_to_a_restarted_server_and_keeps_the_draft() {
    let mut server = Server::start(&[]);
    let listen = url(&server);
    let mut alice = Person::join(&listen, "alice");
    alice.sees("●").types("half a though").sees("though");
    server.signal(Signal::TERM);
    server.end();
    alice.sees("reconnecting").types("t").sees("thought");
    let mut command = Command::new(TR2);
    command.args(["serve", "--listen", &listen]);
    let again = Server::run(command, Folder::new(), &[]);
    alice.sees("●").types("\r");
    let mut bob = Peer::join(again.address, "bob");
    alice.sees("bob").says("whole");
    bob.until("whole");
}

#[test]
fn a_tr223_server_is_spoken_to_in_its_own_dialect() {
    let server = OriginalServer::start();
    let (mut alice, mut bob) = (Person::join(&server.url(), "alice"), Person::join(&server.url(), "bob"));
    alice.sees("TR2.23").says("hello");
    bob.sees("TR2.23").sees("hello").says("/msg alice psst");
    alice.sees("@1").says("/echo heard");
    alice.sees("Echo: heard").says("/msg zed lost").sees("(zed)").misses("3 zed").types("\x19").sees("> lost");
}

#[test]
fn hostile_text_reaches_no_terminal() {
    let server = Server::start(&[]);
    let mut alice = Person::join(&url(&server), "alice");
    alice.sees("●");
    let mut mallory = Peer::join(server.address, "mallory");
    for poison in [
        "\u{1100}\u{1100}\u{1100}",
        &format!("e{}", "\u{301}".repeat(500)),
        "\u{202e}drow\u{2066}",
        "\u{e0041}\u{200d}\u{feff}",
        "\u{9b}31m",
    ] {
        mallory.say(&format!("mallory | all clients | broadcast_not_me | {poison}"));
    }
    mallory.send(b"mallory | all clients | broadcast_not_me | \x1b]52;c;cG9pc29u\x07\n");
    mallory.say("mallory | all clients | broadcast_not_me | antidote");
    alice.sees("antidote");
    let written = text(&alice.raw);
    for bad in ["\x1b]52", "\u{202e}", "\u{2066}", "\u{9b}", "\u{200d}", "\u{1100}\u{1100}\u{1100}"] {
        assert!(!written.contains(bad), "{bad:?} was written to the terminal");
    }
    assert!(!written.contains(&"\u{301}".repeat(5)), "combining marks pile up");
}

#[test]
fn the_terminal_is_restored_when_the_process_is_terminated() {
    for signal in [Signal::TERM, Signal::HUP] {
        let server = Server::start(&[]);
        let mut alice = Person::join(&url(&server), "alice");
        alice.sees("●").signal(signal);
        assert_eq!(alice.ends(), Some(0));
        assert!(alice.raw.ends_with(b"\x1b[?1049l\x1b[23;0t"), "after {signal:?}");
        server.logs("event=left");
    }
}

#[test]
fn piped_lines_arrive_in_order_and_the_client_leaves() {
    let server = Server::start(&["--flood", "1000/1000"]);
    let mut bob = Peer::join(server.address, "bob");
    let lines: Vec<String> = (0..300).map(|number| format!("line {number}")).collect();
    let output = plain(&url(&server), "cron", &(lines.join("\n") + "\n"));
    assert!(output.status.success(), "{}", text(&output.stderr));
    for line in &lines {
        let heard = bob.until("broadcast_not_me");
        assert!(heard.ends_with(line), "{heard:?} instead of {line:?}");
    }
    bob.until("left | cron");
}

#[test]
fn line_mode_prints_what_is_said() {
    let server = Server::start(&[]);
    let mut command = Command::new(TR2);
    command.env("LC_ALL", "C.UTF-8").args(["join", "--name", "eve", "--server", &url(&server)]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    server.logs("event=joined");
    let mut bob = Peer::join(server.address, "bob");
    bob.say("bob | all clients | broadcast_not_me | hello\\nworld");
    bob.ask("@ref=1 bob | eve | private_message | psst", "accepted");
    let mut printed = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    while !printed.contains("psst") {
        assert!(output.read_line(&mut printed).unwrap() > 0, "it ends after {printed:?}");
    }
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(printed.contains(" ~bob: hello\n    world\n"), "{printed}");
    assert!(printed.contains(" ~bob -> you: psst\n"), "{printed}");
}

#[test]
fn closing_the_server_ends_the_client() {
    let mut server = Server::start(&[]);
    let passphrase = server.passphrase();
    let closing = plain(&url(&server), "root", &format!("/close-server {passphrase}\n"));
    assert_eq!((closing.status.code(), text(&closing.stderr)), (Some(0), String::new()));
    assert!(text(&closing.stdout).ends_with("* The server was closed.\n"), "{}", text(&closing.stdout));
    assert_eq!(server.end().0.code(), Some(0));
}

#[test]
fn line_mode_reports_failures_by_its_exit_status() {
    let server = Server::start(&[]);
    let _alice = Peer::join(server.address, "alice");
    let taken = plain(&url(&server), "alice", "hello\n");
    assert_eq!((taken.status.code(), text(&taken.stdout).as_str()), (Some(3), ""));
    assert!(text(&taken.stderr).contains("taken"));
    let bad = plain(&url(&server), "no|name", "");
    assert_eq!(bad.status.code(), Some(3));
    let gone = nowhere();
    let nobody = plain(&gone, "alice", "");
    assert_eq!(nobody.status.code(), Some(1));
    let expected =
        format!("tr2: No answer from {gone}: no server is listening there. Start a server with: tr2 serve\n");
    assert_eq!(text(&nobody.stderr), expected);
    let hung_up = OriginalServer::start().url();
    let nobody = plain(&hung_up, "alice", "");
    assert!(text(&nobody.stderr).contains(": it closed the connection at once."), "{}", text(&nobody.stderr));
}

#[test]
fn piped_lines_reach_a_tr223_server_before_the_client_leaves() {
    let server = OriginalServer::start();
    let mut bob = Person::join(&server.url(), "bob");
    bob.sees("TR2.23");
    let lines: Vec<String> = (0..75).map(|number| format!("line {number}")).collect();
    let output = plain(&server.url(), "cron", &(lines.join("\n") + "\n"));
    assert!(output.status.success(), "{}", text(&output.stderr));
    bob.sees("line 74").sees("line 73").sees("line 70");
}
