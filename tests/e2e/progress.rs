//! Long things show on a terminal that they go on, and write nothing into a pipe.

use std::io::{Result, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tr2::commands::progress::{DELAY, Progress, frame};

use crate::person::Person;
use crate::serving::{PATIENCE, Server, TR2};

/// A terminal whose writes can be awaited.
struct Watched(Sender<String>);

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

#[test]
fn it_is_shown_within_300_ms_and_erased_at_the_end() {
    assert!(DELAY < Duration::from_millis(300));
    let (sender, shown) = channel();
    let began = Instant::now();
    let progress = Progress::on("Copying", Watched(sender));
    let frames: Vec<String> = (0..3).map(|_| shown.recv_timeout(PATIENCE).unwrap()).collect();
    assert!(began.elapsed() >= DELAY);
    drop(progress);
    assert_eq!(frames, ["\r\x1b[K| Copying…\r", "\r\x1b[K/ Copying…\r", "\r\x1b[K- Copying…\r"]);
    let last = shown.iter().last().unwrap();
    assert_eq!(last, "\r\x1b[K", "nothing is left, and nothing follows");
}

#[test]
fn the_seconds_are_counted() {
    assert_eq!(frame("x", 0, Duration::from_millis(999)), "\r\x1b[K| x…\r");
    assert_eq!(frame("x", 7, Duration::from_secs(61)), "\r\x1b[K\\ x… 61 s\r");
}

#[test]
fn a_terminal_sees_that_it_goes_on_and_a_pipe_does_not() {
    let server = Server::start(&[]);
    let data = server.data.path().display().to_string();
    let arguments = ["serve", "--reload", "--data", &data];
    server.signal(Signal::STOP);
    let mut person = Person::with(&arguments, "xterm", 24, 80);
    person.sees("Waiting for the server to reload its configuration… 1 s");
    server.signal(Signal::CONT);
    person.sees("The settings were reloaded.");
    assert_eq!(person.ends(), Some(0));
    assert_eq!(person.screen().trim(), "The settings were reloaded.");
    server.signal(Signal::STOP);
    let mut dumb = Person::with(&arguments, "dumb", 24, 80);
    let piped = Command::new(TR2).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut shown = Person::with(&arguments, "xterm", 24, 80);
    // By the time that this one shows it, the others would have.
    shown.sees("… 1 s");
    server.signal(Signal::CONT);
    assert_eq!((dumb.ends(), shown.ends()), (Some(0), Some(0)));
    assert_eq!(String::from_utf8_lossy(&dumb.raw), "The settings were reloaded.\r\n");
    let piped = piped.wait_with_output().unwrap();
    assert_eq!(
        (piped.stdout.as_slice(), piped.stderr.as_slice()),
        (b"The settings were reloaded.\n".as_slice(), b"".as_slice())
    );
}

#[test]
fn a_copy_and_a_check_leave_nothing_on_a_terminal_but_what_they_say() {
    let server = Server::start(&[]);
    let data = server.data.path().display().to_string();
    let copy = server.data.path().join("copy.db").display().to_string();
    for (arguments, said) in [
        (["serve", "--data", &data, "--backup", &copy].as_slice(), "and the copy was verified."),
        (&["serve", "--data", &data, "--check"], "addresses, certificates and data are fine"),
    ] {
        let mut person = Person::with(arguments, "xterm", 24, 200);
        assert_eq!(person.ends(), Some(0));
        let screen = person.screen();
        assert!(screen.contains(said) && screen.trim().lines().count() == 1, "{screen}");
    }
}
