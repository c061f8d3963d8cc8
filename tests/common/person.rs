//! A person at a terminal: the real client in a pseudo-terminal, and what its screen shows.

use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::process::{Pid, Signal, kill_process};

use crate::serving::{Folder, PATIENCE, TR2};

/// The client on a screen; killed with this value.
pub(crate) struct Person {
    child: Child,
    keys: Arc<Pty>,
    output: Receiver<Vec<u8>>,
    /// The way to the program, where a line lies between it and the terminal.
    line: Option<Sender<Vec<u8>>>,
    /// Where it keeps what was sent, if the test looks after that.
    _state: Option<Arc<Folder>>,
    screen: vt100::Parser,
    /// Everything that was written to the terminal.
    pub(crate) raw: Vec<u8>,
    /// How much of it was looked through for questions to the terminal, if that answers any.
    answered: Option<usize>,
}

/// What the terminal is asked, and what it answers: what it is, and how it is.
const QUESTIONS: [(&[u8], &[u8]); 2] = [(b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[5n", b"\x1b[0n")];

/// What else a client is started with.
#[derive(Default)]
pub(crate) struct Launch<'a> {
    /// The program that starts it, such as `nsenter`, with its arguments.
    pub(crate) through: &'a [&'a str],
    /// Variables of its environment.
    pub(crate) variables: &'a [(&'a str, &'a str)],
    /// Its standard input, in place of the terminal.
    pub(crate) input: Option<Stdio>,
}

impl Person {
    /// Opens the chat at a server, on a screen of 80 columns and 24 rows.
    pub(crate) fn join(server: &str, name: &str) -> Self {
        Self::at(server, name, 24, 80)
    }

    /// Opens the chat on a screen of a size.
    pub(crate) fn at(server: &str, name: &str, rows: u16, cols: u16) -> Self {
        Self::with_state(server, name, (rows, cols), &Arc::new(Folder::new()))
    }

    /// Opens the chat on a screen of a size, with a folder for what was sent.
    pub(crate) fn with_state(server: &str, name: &str, (rows, cols): (u16, u16), state: &Arc<Folder>) -> Self {
        let folder = state.path().to_str().unwrap().to_owned();
        let variables = [("LC_ALL", "C.UTF-8"), ("XDG_STATE_HOME", folder.as_str())];
        let mut person = Self::run(&["join", "--name", name, "--server", server], rows, cols, &variables);
        person._state = Some(Arc::clone(state));
        person
    }

    /// Opens the chat on a screen of a size, with these variables in its environment.
    pub(crate) fn with_variables(server: &str, name: &str, rows: u16, cols: u16, variables: &[(&str, &str)]) -> Self {
        Self::run(&["join", "--name", name, "--server", server], rows, cols, variables)
    }

    /// Runs `tr2 join` with these arguments in a home of its own, on a terminal of 80 columns, 24 rows and 256 colours that
    /// answers questions as real ones do.
    pub(crate) fn at_home(home: &Arc<Folder>, arguments: &[&str], launch: Launch<'_>) -> Self {
        let at = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
        let (folder, data, state) = (at(""), at("data"), at("state"));
        let own = [("HOME", &*folder), ("XDG_DATA_HOME", &data), ("XDG_STATE_HOME", &state), ("LC_ALL", "C.UTF-8")];
        // What the terminal of whoever runs the test can do does not matter.
        let variables = [&own[..], &[("COLORTERM", ""), ("NO_COLOR", "")], launch.variables].concat();
        let program = [launch.through, &[TR2, "join"]].concat();
        let mut person = Self::start(&[&program[..], arguments].concat(), (24, 80), &variables, launch.input);
        person._state = Some(Arc::clone(home));
        person.answered = Some(0);
        person
    }

    /// Runs the program with these arguments on a terminal of a kind and a size.
    pub(crate) fn with(arguments: &[&str], term: &str, rows: u16, cols: u16) -> Self {
        Self::with_env(arguments, &[("TERM", term)], rows, cols)
    }

    /// Runs the program with these arguments and variables on a terminal of a size.
    pub(crate) fn with_env(arguments: &[&str], variables: &[(&str, &str)], rows: u16, cols: u16) -> Self {
        let utf8: &[(&str, &str)] = &[("LC_ALL", "C.UTF-8")];
        Self::run(arguments, rows, cols, &[utf8, variables].concat())
    }

    fn run(arguments: &[&str], rows: u16, cols: u16, variables: &[(&str, &str)]) -> Self {
        Self::start(&[&[TR2], arguments].concat(), (rows, cols), variables, None)
    }

    fn start(words: &[&str], (rows, cols): (u16, u16), variables: &[(&str, &str)], input: Option<Stdio>) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(rows, cols)).unwrap();
        let mut command = Command::new(words[0]).args(&words[1..]).env("TERM", "xterm-256color");
        if let Some(input) = input {
            command = command.stdin(input);
        }
        let child = command
            .env("XDG_STATE_HOME", "/dev/null/none")
            .env("XDG_CONFIG_HOME", "/dev/null/none")
            .envs(variables.iter().copied())
            .spawn(pts)
            .unwrap();
        let keys = Arc::new(pty);
        let reading = Arc::clone(&keys);
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = (&*reading).read(&mut bytes) {
                if sender.send(bytes[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        let size = |cells| NonZeroU16::new(cells).unwrap();
        Self {
            child,
            keys,
            output,
            line: None,
            _state: None,
            screen: vt100::Parser::new(size(rows), size(cols), 0),
            raw: Vec::new(),
            answered: None,
        }
    }

    /// Lays a line between the program and the terminal: from what the program writes and the way to its input to the
    /// same at the terminal's end.
    pub(crate) fn over<Lay>(mut self, lay: Lay) -> Self
    where
        Lay: FnOnce(Receiver<Vec<u8>>, Box<dyn Fn(&[u8]) + Send>) -> (Receiver<Vec<u8>>, Sender<Vec<u8>>),
    {
        let pty = Arc::clone(&self.keys);
        let written = std::mem::replace(&mut self.output, channel().1);
        let (shown, typed) = lay(written, Box::new(move |keys| drop((&*pty).write_all(keys))));
        (self.output, self.line) = (shown, Some(typed));
        self
    }

    /// Sends raw input: characters and escape sequences of keys.
    pub(crate) fn types(&mut self, keys: &str) -> &mut Self {
        match &self.line {
            Some(line) => line.send(keys.as_bytes().to_vec()).unwrap(),
            None => (&*self.keys).write_all(keys.as_bytes()).unwrap(),
        }
        self
    }

    /// Types a line, then presses Enter in a write of its own, as a person does.
    pub(crate) fn says(&mut self, text: &str) -> &mut Self {
        let shown = text.rsplit(' ').next().unwrap().to_owned();
        self.types(text).sees(&shown).types("\r")
    }

    /// Waits until the screen shows a text.
    #[track_caller]
    pub(crate) fn sees(&mut self, text: &str) -> &mut Self {
        self.waits(&format!("{text:?} to come"), |screen| screen.contains(text))
    }

    /// Waits until the screen no longer shows a text.
    #[track_caller]
    pub(crate) fn misses(&mut self, text: &str) -> &mut Self {
        self.waits(&format!("{text:?} to go"), |screen| !screen.contains(text))
    }

    /// Waits until the screen is as it should be: `what` is for whoever waits in vain.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, there: impl Fn(&str) -> bool) -> &mut Self {
        self.waits(what, there)
    }

    #[track_caller]
    fn waits(&mut self, what: &str, there: impl Fn(&str) -> bool) -> &mut Self {
        self.shows(what, |screen| there(&screen.contents()))
    }

    /// Waits until the cells of the screen are as they are to be; it is looked each time that something was written.
    #[track_caller]
    pub(crate) fn shows(&mut self, what: &str, is_so: impl FnMut(&vt100::Screen) -> bool) -> &mut Self {
        assert!(self.shows_within(PATIENCE, is_so), "waited for {what}:\n{}", self.screen());
        self
    }

    /// The same within a time; returns whether it came to that.
    pub(crate) fn shows_within(&mut self, time: Duration, mut is_so: impl FnMut(&vt100::Screen) -> bool) -> bool {
        let start = Instant::now();
        while !is_so(self.screen.screen()) {
            match self.output.recv_timeout(time.saturating_sub(start.elapsed())) {
                Ok(bytes) => self.show(&bytes),
                Err(_) => return false,
            }
        }
        true
    }

    /// Reads what is written to the terminal for this long.
    pub(crate) fn idles(&mut self, time: Duration) {
        let start = Instant::now();
        while let Ok(bytes) = self.output.recv_timeout(time.saturating_sub(start.elapsed())) {
            self.show(&bytes);
        }
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The rows of the screen.
    pub(crate) fn screen(&self) -> String {
        self.screen.screen().contents()
    }

    /// The cells of the screen.
    pub(crate) fn cells(&self) -> &vt100::Screen {
        self.screen.screen()
    }

    /// Sends the process a signal.
    pub(crate) fn signal(&mut self, signal: Signal) -> &mut Self {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        self
    }

    /// Waits for the end; its exit status, `None` if a signal killed it.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> Option<i32> {
        loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(bytes) => self.show(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("waited for the end:\n{}", self.screen()),
            }
        }
        self.child.wait().unwrap().code()
    }

    fn show(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.screen.process(bytes);
        self.answer();
    }

    /// Answers the questions to the terminal that are new.
    fn answer(&mut self) {
        let Some(mut at) = self.answered else { return };
        while at < self.raw.len() {
            let rest = &self.raw[at..];
            match QUESTIONS.iter().find(|(question, _)| rest.starts_with(question)) {
                Some((question, answer)) => {
                    at += question.len();
                    // Whoever has ended wants no answer.
                    let _ = (&*self.keys).write_all(answer);
                }
                // A question may not be whole yet.
                None if QUESTIONS.iter().any(|(question, _)| question.starts_with(rest)) => break,
                None => at += 1,
            }
        }
        self.answered = Some(at);
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
