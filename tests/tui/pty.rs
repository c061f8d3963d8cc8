//! The main loop on a real terminal: this test binary runs itself inside a pseudo-terminal.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::mpsc;

use pty_process::Size;
use pty_process::blocking::{Command, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, Termios, tcgetattr};
use tr2::client::key::Key;
use tr2::client::msg::{Effect, Farewell, Msg};
use tr2::client::tui::event_loop::{Model, run};
use tr2::client::tui::terminal::Terminal;
use tr2::client::tui::wake::Wake;
use tr2::client::view::{Scope, StyledLine, View};
use tr2::model::{Now, Timestamp};
use tr2::sys::clock::Clock;

use crate::COLOURS;
use crate::views::chat;

/// A client that shows what it is told and leaves at Ctrl-C.
#[derive(Default)]
struct Echo {
    size: (u16, u16),
    told: Vec<String>,
    deadline: Option<Timestamp>,
}

impl Model for Echo {
    fn update(&mut self, now: Now, msg: Msg) -> Vec<Effect> {
        self.told.push(format!("{msg:?}"));
        match msg {
            Msg::Resize { cols, rows } => self.size = (cols, rows),
            Msg::Key(Key::Ctrl('c')) => return vec![Effect::Leave(Farewell::Done)],
            Msg::Key(Key::F(1)) => self.deadline = Some(now.steady),
            Msg::Key(Key::F(2)) => panic!("in the loop"),
            Msg::Key(Key::F(3)) => drop(std::thread::spawn(|| panic!("beside the loop"))),
            Msg::Key(Key::F(4)) => return vec![Effect::Disconnect, Effect::Title("a title".into())],
            Msg::Tick => self.deadline = None,
            _ => {}
        }
        Vec::new()
    }

    fn deadline(&self) -> Option<Timestamp> {
        self.deadline
    }

    fn view(&self) -> View {
        let mut view = chat(self.size.0, self.size.1);
        let skipped = self.told.len().saturating_sub(10);
        view.messages.lines =
            self.told.iter().skip(skipped).map(|told| StyledLine::of(Scope::Text, told.as_str()).into()).collect();
        view
    }
}

/// The program inside the pseudo-terminal; only the tests below run it.
#[test]
#[ignore = "runs inside the pseudo-terminal of the others"]
fn inside() {
    if std::env::var_os("TR2_TEST_INSIDE").is_none() {
        return;
    }
    let (waker, wake) = Wake::pair().unwrap();
    let (sender, inbox) = mpsc::channel();
    let mut model = Echo::default();
    let terminal = Terminal::enter(COLOURS).unwrap();
    let mut act = |_: Effect| {
        // Another thread has news and wakes the loop.
        sender.send(Msg::Line("news".into())).unwrap();
        waker.wake();
        Some(Msg::Rest("of the act".into()))
    };
    let farewell = run(terminal, &mut model, Clock::start(), &inbox, &wake, &mut act).unwrap();
    println!("farewell {farewell:?} after {}", model.told.last().unwrap());
}

struct Inside {
    pty: Option<pty_process::blocking::Pty>,
    child: std::process::Child,
    terminal: vt100::Parser,
    found: Termios,
}

impl Inside {
    fn start() -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(24, 80)).unwrap();
        let found = tcgetattr(&pty).unwrap();
        let command = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "pty::inside", "--ignored", "--nocapture", "--test-threads=1"])
            .env("TR2_TEST_INSIDE", "1")
            .env("RUST_BACKTRACE", "0");
        let child = command.spawn(pts).unwrap();
        let size = |n| NonZeroU16::new(n).unwrap();
        let mut inside = Self { pty: Some(pty), child, terminal: vt100::Parser::new(size(24), size(80), 0), found };
        inside.see("Resize");
        inside
    }

    fn send(&mut self, bytes: &[u8]) {
        self.pty.as_mut().unwrap().write_all(bytes).unwrap();
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Reads until the screen shows `text`; the end of the program ends the test.
    fn see(&mut self, text: &str) {
        while !self.terminal.screen().contents().contains(text) {
            assert!(self.read(), "{text:?} never came:\n{}", self.terminal.screen().contents());
        }
    }

    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        match self.pty.as_mut().unwrap().read(&mut bytes) {
            Ok(0) | Err(_) => false,
            Ok(count) => {
                self.terminal.process(&bytes[..count]);
                true
            }
        }
    }

    /// Reads to the end and checks that the terminal was restored.
    fn end(&mut self) -> (String, ExitStatus) {
        let modes = self.pty.as_ref().map(|pty| rustix::io::dup(pty).unwrap()).unwrap();
        while self.read() {}
        let status = self.child.wait().unwrap();
        let now = tcgetattr(&modes).unwrap();
        assert_eq!(now.local_modes, self.found.local_modes);
        assert!(now.local_modes.contains(LocalModes::ECHO | LocalModes::ICANON));
        let screen = self.terminal.screen();
        assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
        (screen.contents().clone(), status)
    }
}

#[test]
fn keys_pastes_news_and_ticks_arrive_and_leaving_restores_the_terminal() {
    let mut inside = Inside::start();
    inside.send(b"x");
    inside.see("Key(Char('x'))");
    inside.send(b"\x1b");
    inside.see("Key(Esc)");
    inside.send(b"\x1b[200~one\rtwo\x1b[201~");
    inside.see("Paste(\"one\\ntwo\")");
    inside.send(b"three\rfour\r");
    inside.see("Paste(\"three\\nfour\\n\")");
    inside.send(b"\x1bOP");
    inside.see("Tick");
    inside.send(b"\x1bOS");
    inside.see("Rest(\"of the act\")");
    inside.see("Line(\"news\")");
    inside.pty.as_ref().unwrap().resize(Size::new(20, 70)).unwrap();
    inside.see("Resize { cols: 70, rows: 20 }");
    inside.send(b"\x03");
    let (screen, status) = inside.end();
    assert!(screen.contains("farewell Done after Key(Ctrl('c'))"), "{screen}");
    assert!(status.success());
}

#[test]
fn signals_restore_the_terminal() {
    for (signal, last) in [(Signal::TERM, "Hangup"), (Signal::HUP, "Hangup"), (Signal::INT, "Key(Ctrl('c'))")] {
        let mut inside = Inside::start();
        inside.signal(signal);
        let (screen, status) = inside.end();
        assert!(screen.contains(&format!("farewell Done after {last}")), "{screen}");
        assert!(status.success());
    }
}

#[test]
fn panics_restore_the_terminal_and_are_readable() {
    for (key, message) in [(b"\x1bOQ", "in the loop"), (b"\x1bOR", "beside the loop")] {
        let mut inside = Inside::start();
        inside.send(key);
        let (screen, status) = inside.end();
        assert!(screen.contains(message), "{screen}");
        assert_eq!(status.code(), Some(101));
    }
}

#[test]
fn a_lost_terminal_ends_the_client() {
    let mut inside = Inside::start();
    inside.pty = None;
    let status = inside.child.wait().unwrap();
    assert!(status.code().is_some() || status.signal() == Some(1), "{status:?}");
}

#[test]
fn without_a_shell_to_resume_it_the_client_does_not_suspend() {
    let mut inside = Inside::start();
    inside.signal(Signal::TSTP);
    inside.send(b"y");
    inside.see("Key(Char('y'))");
    inside.send(b"\x03");
    inside.end();
}
