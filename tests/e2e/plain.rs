//! Plain mode on real pipes, terminals and broken standard streams.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _, pipe};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::Signal;
use rustix::termios::{LocalModes, tcgetattr};

use crate::person::Person;
use crate::serving::{Folder, Peer, Server, TR2, tag};

fn url(server: &Server) -> String {
    format!("tcp://{}", server.address)
}

/// The client in plain mode, ended after 20 seconds in case it does not end by itself.
fn join(server: &Server, name: &str, options: &[&str]) -> Command {
    let mut command = Command::new("timeout");
    command
        .env("LC_ALL", "C.UTF-8")
        .args(["20", TR2, "join", "--plain", "--name", name, "--server", &url(server)])
        .args(options);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn outcome(output: &Output) -> (Option<i32>, String, String) {
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn input_that_does_not_block_is_waited_for() {
    let server = Server::start(&[]);
    let mut bob = Peer::join(server.address, "bob");
    let (read, mut write) = pipe().unwrap();
    fcntl_setfl(&read, fcntl_getfl(&read).unwrap() | OFlags::NONBLOCK).unwrap();
    let child = join(&server, "cron", &[]).stdin(Stdio::from(read)).spawn().unwrap();
    bob.until("joined | cron");
    for line in ["first", "second", "the end has no line feed"] {
        let end = if line.starts_with("the") { "" } else { "\n" };
        write!(write, "{line}{end}").unwrap();
        if !end.is_empty() {
            bob.until(line);
        }
    }
    drop(write);
    bob.until("no line feed");
    assert_eq!(outcome(&child.wait_with_output().unwrap()), (Some(0), String::new(), String::new()));
}

/// Opens a file as a standard stream.
fn file(path: &str, write: bool) -> Stdio {
    Stdio::from(File::options().read(!write).write(write).open(path).unwrap())
}

#[test]
fn every_state_of_the_standard_streams_has_a_defined_end() {
    let server = Server::start(&["--flood", "off"]);
    let mut bob = Peer::join(server.address, "bob");
    let mut number = 0;
    for (input, unreadable) in
        [("closed", false), ("null", false), ("line", false), ("folder", true), ("write-only", true)]
    {
        for out in ["closed", "null", "full", "broken", "pipe"] {
            for err in ["closed", "null", "full", "pipe"] {
                number += 1;
                let name = format!("cron{number}");
                let case = format!("{input} {out} {err}");
                let closed: String = [(input, " 0<&-"), (out, " 1>&-"), (err, " 2>&-")]
                    .iter()
                    .filter_map(|(state, words)| (*state == "closed").then_some(*words))
                    .collect();
                let mut command = Command::new("sh");
                command.args(["-c", &format!("exec timeout 20 \"$@\"{closed}"), "sh", TR2, "join", "--json"]);
                command.args(["--name", &name, "--server", &url(&server)]);
                command.stdin(match input {
                    "line" => Stdio::piped(),
                    "folder" => file("/", false),
                    "write-only" => file("/dev/null", true),
                    _ => Stdio::null(),
                });
                command.stdout(match out {
                    "full" => file("/dev/full", true),
                    "broken" => Stdio::from(pipe().unwrap().1),
                    "pipe" => Stdio::piped(),
                    _ => Stdio::null(),
                });
                command.stderr(match err {
                    "full" => file("/dev/full", true),
                    "pipe" => Stdio::piped(),
                    _ => Stdio::null(),
                });
                let mut child = command.spawn().unwrap();
                if let Some(mut line) = child.stdin.take() {
                    line.write_all(format!("{{\"op\":\"say\",\"text\":\"from {name}.\"}}\n").as_bytes()).unwrap();
                }
                let ended = child.wait_with_output().unwrap();
                let (status, said, complained) = outcome(&ended);
                let failed = unreadable || out == "full";
                assert_eq!(status, Some(i32::from(failed)), "{case}: {said} {complained}");
                if input == "line" && out != "full" && out != "broken" {
                    bob.until(&format!("from {name}."));
                }
                if err == "pipe" && failed {
                    let stream = if unreadable && out != "full" { "Standard input" } else { "Standard" };
                    assert!(complained.starts_with(&format!("tr2: {stream}")), "{case}: {complained}");
                }
                if out == "pipe" {
                    let last = said.lines().last().unwrap();
                    assert!(last.contains("\"event\":\"end\""), "{case}: {said}");
                }
            }
        }
    }
}

#[test]
fn what_was_read_is_sent_although_nobody_reads_the_output() {
    let server = Server::start(&[]);
    let mut bob = Peer::join(server.address, "bob");
    let (read, write) = pipe().unwrap();
    let mut child =
        join(&server, "cron", &["--json"]).stdin(Stdio::piped()).stdout(Stdio::from(write)).spawn().unwrap();
    let mut said = BufReader::new(read);
    let mut first = String::new();
    said.read_line(&mut first).unwrap();
    assert!(first.contains("\"event\":\"online\""), "{first}");
    drop(said);
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{{\"op\":\"say\",\"text\":\"a last word\"}}").unwrap();
    bob.until("a last word");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0), "although the input has not ended");
    drop(input);
}

#[test]
fn a_piped_line_with_a_slash_is_text() {
    let server = Server::start(&[]);
    let mut bob = Peer::join(server.address, "bob");
    let mut child = join(&server, "cron", &[]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"/etc/passwd changed\n10%\r100%\r\n\x1b[31mred\x1b[m\n").unwrap();
    for line in ["/etc/passwd changed", "100%", "red"] {
        assert!(bob.until("broadcast_not_me").ends_with(&format!("| {line}")));
    }
    assert_eq!(outcome(&child.wait_with_output().unwrap()), (Some(0), String::new(), String::new()));
}

#[test]
fn a_script_waits_for_a_word_and_reads_the_last_messages() {
    let server = Server::start(&[]);
    let mut bob = Peer::join(server.address, "bob");
    let mut child = join(&server, "ci", &["--wait", "YES"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"deploy?\n").unwrap();
    bob.until("deploy?");
    bob.say("bob | all clients | broadcast_not_me | no");
    bob.say("bob | all clients | broadcast_not_me | well, yes");
    let (status, said, _) = outcome(&child.wait_with_output().unwrap());
    assert_eq!(status, Some(0));
    assert!(said.contains(" ~bob: no\n") && said.ends_with(" ~bob: well, yes\n"), "{said}");
    let (status, said, _) = outcome(&join(&server, "ann", &["--tail", "2"]).output().unwrap());
    let said: Vec<&str> = said.lines().map(|line| &line[6..]).collect();
    assert_eq!((status, said), (Some(0), vec!["~bob: no", "~bob: well, yes"]));
    let (status, _, complained) =
        outcome(&join(&server, "ann", &["--wait", "never", "--timeout", "1"]).output().unwrap());
    assert_eq!((status, complained.as_str()), (Some(1), "tr2: Nobody said \"never\" within 1 s.\n"));
    for wrong in [["--tail", "0"], ["--tail", "1001"], ["--timeout", "5"], ["--to", "no|name"], ["--to", "#"]] {
        assert_eq!(join(&server, "ann", &wrong).output().unwrap().status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_program_speaks_json_both_ways() {
    let server = Server::start(&[]);
    let mut child = join(&server, "bot", &["--json"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut next = |wanted: &str| loop {
        let mut line = String::new();
        assert!(output.read_line(&mut line).unwrap() > 0, "no {wanted}");
        let event: serde_json::Value = serde_json::from_str(&line).unwrap();
        if event["event"] == wanted {
            return event;
        }
    };
    assert_eq!(next("online")["name"], "bot");
    let mut bob = Peer::join(server.address, "bob");
    assert_eq!(next("joined")["names"][0], "bob");
    bob.say("bob | all clients | broadcast_not_me | bot: ping");
    let heard = next("message");
    assert_eq!(
        (&heard["text"], &heard["mention"], &heard["in"]),
        (&"bot: ping".into(), &true.into(), &"everyone".into())
    );
    writeln!(input, "{}", serde_json::json!({"op": "say", "to": heard["in"], "text": "pong", "label": "1"})).unwrap();
    let accepted = next("accepted");
    assert_eq!(accepted["label"], "1");
    assert!(accepted["id"].as_u64() > heard["id"].as_u64());
    writeln!(input, "{}", serde_json::json!({"op": "say", "to": "nobody", "text": "x", "label": "2"})).unwrap();
    let refused = next("refused");
    assert_eq!((&refused["label"], &refused["code"]), (&"2".into(), &"no_such_user".into()));
    writeln!(input, "{{\"op\":\"exit\"}}").unwrap();
    assert_eq!(next("end")["status"], 3);
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[test]
fn a_program_changes_messages_and_people_in_plain_mode_read_it() {
    let server = Server::start(&[]);
    let mut bob = Peer::join(server.address, "bob");
    let mut reader = join(&server, "reader", &[]).stdin(Stdio::piped()).spawn().unwrap();
    let open = reader.stdin.take().unwrap();
    // Whoever comes later has not heard what is reacted to.
    bob.until("| joined | reader");
    let mut lines = BufReader::new(reader.stdout.take().unwrap()).lines().map_while(Result::ok);
    // Without the time in front.
    let mut read = |wanted: &str| {
        let line = lines.find(|line| line.split_once(' ').is_some_and(|(_, line)| line == wanted));
        assert!(line.is_some(), "nobody reads: {wanted}");
    };
    let mut child = join(&server, "bot", &["--json"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut next = |wanted: &str| loop {
        let mut line = String::new();
        assert!(output.read_line(&mut line).unwrap() > 0, "no {wanted}");
        let event: serde_json::Value = serde_json::from_str(&line).unwrap();
        if event["event"] == wanted {
            return event;
        }
    };
    next("online");
    bob.say("bob | server | capabilities | reply edit react");
    let said = bob.ask("@ref=1 bob | all clients | broadcast_not_me | deploy done", "| accepted");
    let asked = next("message")["id"].clone();
    assert_eq!(tag(&said, "id"), asked.to_string());
    let mut ask = |request: serde_json::Value| writeln!(input, "{request}").unwrap();
    let json = |op: &str, id: &serde_json::Value, more: serde_json::Value| {
        let mut request = serde_json::json!({ "op": op, "id": id, "label": op });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    ask(json("react", &asked, serde_json::json!({ "reaction": "+1" })));
    assert_eq!(next("accepted")["label"], "react");
    read("~bot reacted +1 to: \"deploy done\"");
    ask(json("reply", &asked, serde_json::json!({ "text": "thanks" })));
    let answer = next("accepted")["id"].clone();
    read("~bot: [bob: deploy done] thanks");
    ask(json("edit", &answer, serde_json::json!({ "text": "thanks a lot" })));
    assert_eq!(next("accepted")["label"], "edit");
    read("~bot: edited: thanks a lot");
    bob.say(&format!("bob | all clients | react | {answer} ok"));
    let reacted = next("reacted");
    assert_eq!((&reacted["id"], &reacted["from"], &reacted["reaction"]), (&answer, &"bob".into(), &"ok".into()));
    ask(json("unreact", &asked, serde_json::json!({ "reaction": "+1" })));
    assert_eq!(next("accepted")["label"], "unreact");
    read("~bot took back +1 from: \"deploy done\"");
    ask(json("delete", &answer, serde_json::json!({})));
    assert_eq!(next("accepted")["label"], "delete");
    read("~bot deleted a message");
    ask(json("edit", &asked, serde_json::json!({ "text": "not mine" })));
    assert_eq!(next("refused")["code"], "not_yours");
    ask(json("delete", &asked, serde_json::json!({ "reason": "not allowed" })));
    assert_eq!(next("refused")["code"], "not_moderator");
    bob.say(&format!("bob | all clients | retract | {asked}"));
    let deleted = next("deleted");
    assert_eq!((&deleted["id"], &deleted["by"]), (&asked, &"bob".into()));
    ask(serde_json::json!({ "op": "exit" }));
    assert_eq!(next("end")["status"], 3);
    assert_eq!(child.wait().unwrap().code(), Some(3));
    drop(open);
    assert_eq!(reader.wait().unwrap().code(), Some(0));
}

#[test]
fn what_arrives_does_not_break_the_line_that_is_typed() {
    let server = Server::start(&[]);
    let mut bob = Peer::join(server.address, "bob");
    let arguments = ["join", "--plain", "--name", "alice", "--server", &url(&server)];
    let mut alice = Person::with(&arguments, "xterm-256color", 10, 40);
    bob.until("joined | alice");
    alice.types("half a lin").sees("half a lin");
    bob.say("bob | all clients | broadcast_not_me | alice: hi");
    // The terminal may show the message before the line that is written again below it.
    alice.until("the line below the message", |screen| {
        let rows: Vec<&str> = screen.lines().filter(|row| !row.is_empty()).collect();
        matches!(rows[..], [.., above, line] if above.ends_with("[mention] ~bob: alice: hi") && line == "half a lin")
    });
    alice.types("e\r");
    assert!(bob.until("broadcast_not_me").ends_with("| half a line"));
    alice.types("/list\r").sees("Online: ~alice, ~bob").types("unfinished\x03").sees("^C").types("\x04");
    assert_eq!(alice.ends(), Some(0));
}

#[test]
fn the_terminal_of_a_typed_line_is_given_back_whatever_ends_it() {
    let server = Server::start(&[]);
    for ending in ["eof", "ctrl-c", "term", "hup", "int", "exit", "closing"] {
        let (pty, pts) = pty_process::blocking::open().unwrap();
        // A second descriptor of the terminal stays open here, to look at its modes.
        let modes = || tcgetattr(&pty).unwrap().local_modes;
        let name = format!("alice{ending}");
        let command = pty_process::blocking::Command::new(TR2);
        let command =
            command.env("LC_ALL", "C.UTF-8").args(["join", "--plain", "--name", &name, "--server", &url(&server)]);
        let before = modes();
        assert!(before.contains(LocalModes::ICANON | LocalModes::ECHO));
        let mut child = command.env("TERM", "xterm").spawn(pts).unwrap();
        let mut bob = Peer::join(server.address, &format!("bob{ending}"));
        bob.say("x | all clients | broadcast_not_me | marker");
        let mut shown = Vec::new();
        let mut bytes = [0; 4096];
        while !text(&shown).contains("marker") {
            let count = (&pty).read(&mut bytes).unwrap();
            shown.extend_from_slice(&bytes[..count]);
        }
        assert!(!modes().intersects(LocalModes::ICANON | LocalModes::ECHO), "{ending}");
        let signal = |signal| rustix::process::kill_process(rustix::process::Pid::from_child(&child), signal).unwrap();
        match ending {
            "eof" => (&pty).write_all(b"\x04").unwrap(),
            "ctrl-c" => (&pty).write_all(b"\x03").unwrap(),
            "term" => signal(Signal::TERM),
            "hup" => signal(Signal::HUP),
            "int" => signal(Signal::INT),
            "exit" => (&pty).write_all(b"/exit\r").unwrap(),
            _ => (&pty).write_all(b"half a line\x15/exit\r").unwrap(),
        }
        assert_eq!(child.wait().unwrap().code(), Some(0), "{ending}");
        assert_eq!(modes(), before, "{ending}");
    }
}

#[test]
fn a_dumb_terminal_edits_the_line_itself() {
    let server = Server::start(&[]);
    let mut bob = Peer::join(server.address, "bob");
    let mut alice = Person::with(&["join", "--name", "alice", "--server", &url(&server)], "dumb", 10, 40);
    bob.until("joined | alice");
    bob.say("bob | all clients | broadcast_not_me | hello");
    alice.sees("bob: hello").types("hi there\n");
    assert!(bob.until("broadcast_not_me").ends_with("| hi there"));
    alice.types("/exit\n");
    assert_eq!(alice.ends(), Some(0));
    assert!(!text(&alice.raw).contains('\x1b'), "no escape sequence is written");
}

#[test]
fn times_are_those_of_the_zone_that_the_environment_names() {
    let server = Server::start(&[]);
    let mut bob = Peer::join(server.address, "bob");
    bob.say("bob | all clients | broadcast_not_me | marker");
    let tail = |zone: &str| {
        let output = join(&server, "ann", &["--tail", "1"]).env("TZ", zone).output().unwrap();
        text(&output.stdout)[..5].to_owned()
    };
    let minutes = |clock: &str| clock[..2].parse::<i32>().unwrap() * 60 + clock[3..].parse::<i32>().unwrap();
    let utc = minutes(&tail("UTC0"));
    for (zone, offset) in [("IST-5:30", 330), ("<-03>3", -180), ("<+1245>-12:45", 765)] {
        assert_eq!(minutes(&tail(zone)), (utc + offset).rem_euclid(24 * 60), "{zone}");
    }
}

#[test]
fn what_waits_outlives_the_terminal_and_the_process() {
    let server = Server::start(&[]);
    let home = Folder::new();
    let state = home.path().display().to_string();
    let variables = [("TERM", "xterm-256color"), ("XDG_STATE_HOME", state.as_str())];
    let arguments = ["join", "--name", "alice", "--server", &url(&server)];
    let file = home.path().join("tr2/unsent.json");
    for signal in [Signal::HUP, Signal::TERM] {
        let mut alice = Person::with_env(&arguments, &variables, 24, 80);
        alice.sees("●");
        server.signal(Signal::STOP);
        alice.says("still on its way").sees("◌").types("half a line").sees("half a line").signal(signal);
        assert_eq!(alice.ends(), Some(1), "{signal:?}");
        let last = format!("tr2: 1 message was not sent, and kept in {} for the next start.", file.display());
        assert!(text(&alice.raw).contains(&last), "{}", text(&alice.raw));
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        server.signal(Signal::CONT);
        let mut other = Person::with_env(&["join", "--name", "bob", "--server", &url(&server)], &variables, 24, 80);
        other.sees("●").types("\x03").sees("Leave").types("\x03");
        assert_eq!(other.ends(), Some(0), "what is another's is not given to bob");
        let mut alice = Person::with_env(&arguments, &variables, 24, 80);
        alice.sees("1 message was not sent last time;").sees("it may have arrived.").sees("> still on its way");
        alice.sees("half a line").types("\x15\x08\x15").misses("half a line").misses("> still");
        alice.types("\x03").sees("Leave").types("\x03");
        assert_eq!(alice.ends(), Some(0));
    }
}

/// A client whose line the stopped server cannot accept any more is ended by a signal: its status and standard error.
fn ended_with_a_line(server: &Server, state: &Path, names: [&str; 2], signal: Signal) -> (Option<i32>, String) {
    let mut command = Command::new(TR2);
    command
        .env("LC_ALL", "C.UTF-8")
        .args(["join", "--commands", "--name", names[0], "--server", &url(server)])
        .env("XDG_STATE_HOME", state);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut bob = Peer::join(server.address, names[1]);
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"arrived\n").unwrap();
    bob.until("arrived");
    server.signal(Signal::STOP);
    // The help comes at once, and after the line before it was taken.
    input.write_all(b"too late\n/help\n").unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("/exit") {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0, "no help");
    }
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), signal).unwrap();
    let ended = child.wait_with_output().unwrap();
    server.signal(Signal::CONT);
    (ended.status.code(), text(&ended.stderr))
}

#[test]
fn what_a_pipe_has_read_outlives_the_process() {
    let server = Server::start(&[]);
    let home = Folder::new();
    let file = home.path().join("tr2/unsent.json");
    // Each has names of its own: the server may not have noticed yet that the last ones are gone.
    for (signal, names) in [(Signal::TERM, ["cron1", "bob1"]), (Signal::HUP, ["cron2", "bob2"])] {
        let (status, complained) = ended_with_a_line(&server, home.path(), names, signal);
        assert_eq!(status, Some(1), "{complained}");
        assert!(complained.contains(" not sent, and kept in "), "{complained}");
        assert!(std::fs::read_to_string(&file).unwrap().contains("\"too late\""));
        std::fs::remove_file(&file).unwrap();
    }
    // Where nothing can be kept, that is said.
    std::fs::remove_dir_all(home.path().join("tr2")).unwrap();
    std::fs::write(home.path().join("tr2"), "in the way").unwrap();
    let (status, complained) = ended_with_a_line(&server, home.path(), ["cron3", "bob3"], Signal::TERM);
    assert_eq!(status, Some(1), "{complained}");
    assert!(complained.contains(" not sent, and not kept: "), "{complained}");
}

#[test]
fn the_status_has_the_real_bytes_of_the_last_minute() {
    let server = Server::start(&[]);
    let mut child = join(&server, "cron", &["--commands"]).stdin(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "/status").unwrap();
    let (status, said, errors) = outcome(&child.wait_with_output().unwrap());
    assert_eq!((status, errors), (Some(0), String::new()));
    let bytes = said.split_once("In the last minute: ").map(|(_, bytes)| bytes.trim_end());
    let counts: Vec<u64> =
        bytes.unwrap().split(", ").map(|count| count.split(' ').next().unwrap().parse().unwrap()).collect();
    // A greeting and a name have gone over the line, and nothing was printed yet.
    assert!(counts[0] > 50 && counts[1] > 10 && counts[2] == 0, "{said}");
}
