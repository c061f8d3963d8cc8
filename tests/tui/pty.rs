//! The main loop on a real terminal: this test binary runs itself inside a pseudo-terminal.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::mpsc;

use pty_process::Size;
use pty_process::blocking::{Command, open};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, Termios, tcgetattr};
use tr2::client::key::Key;
use tr2::client::msg::{Effect, Farewell, Msg};
use tr2::client::tui::event_loop::{Model, run};
use tr2::client::tui::terminal::Terminal;
use tr2::client::tui::wake::Wake;
use tr2::client::view::{Scope, StyledLine, TileSize, View};
use tr2::media::picture::PictureSize;
use tr2::media::test_source::test_picture;
use tr2::model::{Now, Timestamp};
use tr2::sys::clock::Clock;

use crate::COLOURS;
use crate::views::{chat, tiled};

/// How long a test waits for something that must happen.
const PATIENCE: Timespec = Timespec { tv_sec: 20, tv_nsec: 0 };

/// A client that shows what it is told and leaves at Ctrl-C.
#[derive(Default)]
struct Echo {
    size: (u16, u16),
    told: Vec<String>,
    deadline: Option<Timestamp>,
    /// Whether everything on the screen changes with each tick, without end.
    flooding: bool,
    /// The number of the picture of a call; there is another with each tick, without end.
    picture: Option<u32>,
}

impl Model for Echo {
    fn update(&mut self, now: Now, msg: Msg) -> Vec<Effect> {
        if self.picture.is_none() || msg != Msg::Tick {
            self.told.push(format!("{msg:?}"));
        }
        match msg {
            Msg::Resize { cols, rows } => self.size = (cols, rows),
            Msg::Key(Key::Ctrl('c')) => return vec![Effect::Leave(Farewell::Done)],
            Msg::Key(Key::F(1)) => self.deadline = Some(now.steady),
            Msg::Key(Key::F(2)) => panic!("in the loop"),
            Msg::Key(Key::F(3)) => drop(std::thread::spawn(|| panic!("beside the loop"))),
            Msg::Key(Key::F(4)) => return vec![Effect::Disconnect, Effect::Title("a title".into())],
            Msg::Key(Key::F(5)) => return vec![Effect::EditText("a draft\nof two lines".into())],
            Msg::Key(Key::F(6)) => return vec![Effect::Mouse(true)],
            Msg::Key(Key::F(7)) => return vec![Effect::Mouse(false)],
            Msg::Key(Key::F(8)) => {
                let notify = Effect::Notify { title: "bob".into(), body: "lunch?".into() };
                return vec![notify, Effect::Copy("copied".into()), Effect::Copy("x".repeat(100_000))];
            }
            Msg::Key(Key::F(9)) => return vec![Effect::Suspend],
            Msg::Key(Key::F(10)) => (self.flooding, self.deadline) = (true, Some(now.steady)),
            Msg::Key(Key::F(11)) => (self.picture, self.deadline) = (Some(0), Some(now.steady)),
            Msg::Tick if self.picture.is_some() => {
                self.deadline = Some(now.steady);
                self.picture = self.picture.map(|number| number + 1);
            }
            Msg::Tick if self.flooding => {
                self.deadline = Some(now.steady);
                let letter = char::from(b'a' + u8::try_from(self.told.len() % 26).unwrap_or(0));
                self.told.extend(std::iter::repeat_n(String::from(letter).repeat(60), 10));
            }
            Msg::Tick => self.deadline = None,
            _ => {}
        }
        Vec::new()
    }

    fn deadline(&self) -> Option<Timestamp> {
        self.deadline
    }

    fn view(&self) -> View {
        let (cols, rows) = self.size;
        let picture = self.picture.map(|number| test_picture(PictureSize::new(80, 48).unwrap(), number));
        let mut view = match picture {
            Some(picture) => tiled(cols, rows, TileSize::Small, Some(picture)),
            None => chat(cols, rows),
        };
        let skipped = self.told.len().saturating_sub(if self.picture.is_some() { 6 } else { 10 });
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
    let mut model = Echo { told: vec![format!("pid {}.", std::process::id())], ..Echo::default() };
    let terminal = Terminal::enter(COLOURS).unwrap();
    let mut act = |_: Effect| {
        // Another thread has news and wakes the loop.
        sender.send(Msg::Line("news".into())).unwrap();
        waker.wake();
        Some(Msg::Rest("of the act".into()))
    };
    let farewell = run(terminal, &mut model, Clock::start(), &inbox, &wake, &mut act).unwrap();
    // What follows is written by the test program, which waits for a terminal that takes nothing.
    if let Some(socket) = std::env::var_os("TR2_TEST_ENDED") {
        UnixStream::connect(socket).unwrap();
    }
    println!("farewell {farewell:?} after {}", model.told.last().unwrap());
}

/// The arguments with which the test program runs itself.
const INSIDE: [&str; 5] = ["--exact", "pty::inside", "--ignored", "--nocapture", "--test-threads=1"];

struct Inside {
    pty: Option<pty_process::blocking::Pty>,
    child: std::process::Child,
    terminal: vt100::Parser,
    /// Everything that was written.
    raw: Vec<u8>,
    found: Termios,
}

impl Inside {
    fn start() -> Self {
        Self::start_with((24, 80), &[])
    }

    /// On a terminal of some rows and columns, with these variables.
    fn start_with((rows, cols): (u16, u16), variables: &[(&str, &str)]) -> Self {
        let command = Command::new(std::env::current_exe().unwrap()).args(INSIDE);
        let mut inside = Self::spawn((rows, cols), command, variables);
        inside.see("Resize");
        inside
    }

    /// In a shell with job control.
    fn in_shell(shell: &str, variables: &[(&str, &str)]) -> Self {
        let command = Command::new(shell).env("PS1", "> ").env("ENV", "/dev/null");
        let command = if shell.ends_with("bash") { command.args(["--norc", "--noprofile"]) } else { command };
        let command = command.arg("-i");
        let mut inside = Self::spawn((24, 80), command, variables);
        let program = std::env::current_exe().unwrap();
        inside.see("> ");
        inside.send(format!("clear; '{}' {}\n", program.display(), INSIDE.join(" ")).as_bytes());
        inside.see("Resize");
        inside
    }

    fn spawn((rows, cols): (u16, u16), command: Command, variables: &[(&str, &str)]) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(rows, cols)).unwrap();
        let found = tcgetattr(&pty).unwrap();
        let command = command.env("TR2_TEST_INSIDE", "1").env("RUST_BACKTRACE", "0").env("TERM", "xterm");
        let child = command.envs(variables.iter().copied()).spawn(pts).unwrap();
        let size = |n: u16, most| NonZeroU16::new(n.max(most)).unwrap();
        let terminal = vt100::Parser::new(size(rows, 24), size(cols, 80), 0);
        Self { pty: Some(pty), child, terminal, raw: Vec::new(), found }
    }

    /// The process of the client.
    fn pid(&self) -> Pid {
        let screen = self.terminal.screen().contents();
        let number = screen.split("pid ").nth(1).and_then(|rest| rest.split('.').next()).unwrap();
        Pid::from_raw(number.parse().unwrap()).unwrap()
    }

    fn written(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.raw).contains(text)
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
        let pty = self.pty.as_mut().unwrap();
        let waiting = poll(&mut [PollFd::new(&*pty, PollFlags::IN)], Some(&PATIENCE)).unwrap();
        assert!(waiting > 0, "nothing came for long:\n{}", self.terminal.screen().contents());
        match pty.read(&mut bytes) {
            Ok(0) | Err(_) => false,
            Ok(count) => {
                self.raw.extend_from_slice(&bytes[..count]);
                self.terminal.process(&bytes[..count]);
                true
            }
        }
    }

    /// Reads until nothing comes for the time of some frames.
    fn drain(&mut self) {
        let frames = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
        while poll(&mut [PollFd::new(self.pty.as_ref().unwrap(), PollFlags::IN)], Some(&frames)).unwrap() > 0 {
            assert!(self.read());
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
    inside.send(b"three\rfour\r");
    inside.see("Paste(\"three\\nfour\\n\")");
    inside.send(b"\x1b[200~one\rtwo\x1b[201~");
    inside.see("Paste(\"one\\ntwo\")");
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

#[test]
fn a_terminal_that_does_not_know_its_size_has_80_columns_and_24_rows() {
    for (found, taken) in [((0, 0), (80, 24)), ((0, 70), (70, 24)), ((20, 0), (80, 20))] {
        let mut inside = Inside::start_with(found, &[]);
        inside.see(&format!("Resize {{ cols: {}, rows: {} }}", taken.0, taken.1));
        inside.pty.as_ref().unwrap().resize(Size::new(22, 75)).unwrap();
        inside.see("Resize { cols: 75, rows: 22 }");
        inside.pty.as_ref().unwrap().resize(Size::new(0, 0)).unwrap();
        inside.see("Resize { cols: 80, rows: 24 }");
        inside.send(b"\x03");
        inside.end();
    }
}

#[test]
fn the_terminal_is_asked_and_what_it_says_is_used() {
    let mut inside = Inside::start();
    assert!(inside.written("\x1b[>q\x1b]11;?\x1b\\\x1b[c"), "it was asked");
    // What another program may have left behind: insert mode, origin mode, a region, no wrapping, other characters, the
    // mouse, application keys; and what is not wanted: a wheel that types, text that is reordered.
    for set in
        ["\x1b[4l\x1b[?6l\x1b[r\x1b[?7h\x0f\x1b(B\x1b[0m", "\x1b[?9;1000;", "\x1b[?1;66;69l", "\x1b[?1007l", "\x1b[8l"]
    {
        assert!(inside.written(set), "{set:?}");
    }
    inside.send(b"\x1bP>|foot(1.16)\x1b\\\x1b]11;rgb:ff");
    inside.send(b"ff/ffff/ffff\x1b\\\x1b[?1007;2$y\x1b[?62;4c");
    inside.see("Background(Light)");
    inside.send(b"\x1b[O\x1b[I");
    inside.see("Focus(false)");
    inside.see("Focus(true)");
    inside.send(b"\x1b[19~");
    inside.see("Trouble(\"The text is too long");
    assert!(inside.written("\x1b]52;c;Y29waWVk\x07\x1b]777;notify;bob;lunch?\x07"));
    // Ctrl-S and Ctrl-Q arrive.
    inside.send(b"\x13\x11");
    inside.see("Key(Ctrl('s'))");
    inside.see("Key(Ctrl('q'))");
    inside.send(b"\x03");
    let (screen, _) = inside.end();
    assert!(screen.contains("farewell Done after Key(Ctrl('c'))"), "{screen}");
    assert!(!inside.written("\x1b[?1007h"), "the wheel is as it was found");
}

#[test]
fn a_slow_line_is_not_filled_and_keys_go_before_the_rest() {
    let mut inside = Inside::start();
    // It answers questions, and its last answer never comes.
    inside.send(b"\x1b[?62;4c\x1b[21~");
    while !inside.written("\x1b[5n") {
        assert!(inside.read());
    }
    inside.drain();
    let before = inside.raw.len();
    inside.drain();
    assert_eq!(inside.raw.len(), before, "everything waits for the answer");
    inside.send(b"q");
    while inside.raw.len() == before {
        assert!(inside.read(), "a key shows at once");
    }
    inside.drain();
    let after = inside.raw.len();
    inside.send(b"\x1b[0n");
    while inside.raw.len() == after {
        assert!(inside.read(), "it goes on");
    }
    inside.send(b"\x03\x1b[0n\x1b[0n");
    let (screen, _) = inside.end();
    assert!(screen.contains("farewell Done"), "{screen}");
}

#[test]
fn on_a_slow_line_one_picture_is_on_its_way_and_keys_do_not_wait_for_it() {
    let mut inside = Inside::start();
    inside.send(b"\x1b[?62;4c\x1b[23~");
    while !inside.written("\x1b[5n") {
        assert!(inside.read());
    }
    // The frame of text is confirmed, and then one picture is written, without an answer.
    inside.send(b"\x1b[0n");
    inside.drain();
    let before = inside.raw.len();
    inside.drain();
    assert_eq!(inside.raw.len(), before, "the next picture waits for the answer");
    assert!(inside.terminal.screen().contents().contains('▀'));
    inside.send(b"q");
    inside.see("Char('q')");
    inside.drain();
    let after = inside.raw.len();
    assert!(after - before < 600, "{} bytes: text alone", after - before);
    let pictures = |inside: &Inside| inside.raw.windows(12).filter(|bytes| bytes == b"\x1b[?2026l\x1b[5n").count();
    let count = pictures(&inside);
    for _ in 0..3 {
        inside.send(b"\x1b[0n");
        inside.drain();
    }
    assert!(inside.raw.len() > after + 500 && pictures(&inside) > count, "it goes on");
    inside.send(b"\x03\x1b[0n\x1b[0n\x1b[0n\x1b[0n");
    let (screen, _) = inside.end();
    assert!(screen.contains("farewell Done"), "{screen}");
}

#[test]
fn answers_that_come_when_the_client_leaves_do_not_go_to_the_shell() {
    let mut inside = Inside::start();
    inside.send(b"\x03\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62;4c");
    let (screen, _) = inside.end();
    assert!(screen.contains("farewell Done after Key(Ctrl('c'))"), "{screen}");
    assert!(inside.written("\x1b[?1007h"), "the wheel works as it does by default");
}

#[test]
fn the_mouse_is_taken_only_when_asked_for_and_always_given_back() {
    let mut inside = Inside::start_with((24, 150), &[]);
    assert!(!inside.written("\x1b[?1000;1006h") && inside.written("\x1b[?1007l"));
    inside.send(b"\x1b[17~");
    inside.see("Key(F(6))");
    assert!(inside.written("\x1b[?1000;1006h"));
    inside.send(b"\x1b[<64;3;4M");
    inside.see("Mouse(MouseEvent { action: WheelUp, x: 2, y: 3 })");
    inside.raw.clear();
    inside.send(b"\x1b[18~");
    inside.see("Key(F(7))");
    assert!(inside.written("\x1b[?1000;1006l"));
    inside.send(b"\x1b[17~");
    inside.see("Key(F(6))");
    inside.raw.clear();
    inside.signal(Signal::TERM);
    inside.end();
    for off in ["\x1b[?1000;1006l", "\x1b[?1004l", "\x1b[8h", "\x1b[<u", "\x1b[?1049l", "\x1b(B", "\x1b[?7h"] {
        assert!(inside.written(off), "{off:?}");
    }
}

#[test]
fn the_editor_of_the_user_gets_the_text_and_the_screen_comes_back() {
    let folder = std::env::temp_dir().join(format!("tr2-editing-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let folder = folder.to_str().unwrap();
    let good = "f() { stat -c %a \"$1\" \"${1%/*}\"; stty -a | grep -o ' icanon'; echo and a third >> \"$1\"; }; f";
    let big = "f() { head -c 1048577 /dev/zero > \"$1\"; }; f";
    let most = "f() { head -c 1048576 /dev/zero | tr '\\0' x > \"$1\"; }; f";
    for (variable, editor, expected) in [
        ("VISUAL", good, "Edited(Ok(\"a draft\\nof two lines"),
        ("EDITOR", "", "Edited(Err(\"No editor is set: set VISUAL or EDITOR"),
        ("EDITOR", "true", "Edited(Ok(\"a draft\\nof two lines\"))"),
        ("EDITOR", "false", "Edited(Err(\"The editor false ended with status 1."),
        ("EDITOR", "/no/such/editor -x", "Edited(Err(\"There is no editor /no/such/editor -x"),
        ("EDITOR", "rm", "Edited(Err(\"The edited text cannot be read"),
        ("EDITOR", big, "Edited(Err(\"The edited text is longer than 1048576 bytes"),
        ("EDITOR", most, "Edited(Ok(\"xxxx"),
        ("EDITOR", "kill -9 $$;", "Edited(Err(\"The editor kill -9 $$; was killed"),
    ] {
        let mut inside =
            Inside::start_with((24, 150), &[("VISUAL", ""), (variable, editor), ("XDG_RUNTIME_DIR", folder)]);
        inside.send(b"\x1b[15~");
        inside.see(expected);
        if editor == good {
            assert!(inside.written("600\r\n700\r\n icanon"), "a private file, and the line as it was found");
        }
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "nothing is left behind by {editor}");
        inside.send(b"z");
        inside.see("Key(Char('z'))");
        inside.send(b"\x03");
        inside.end();
    }
    std::fs::remove_dir(folder).unwrap();
}

#[test]
fn while_the_editor_runs_the_client_goes_on_and_leaves_the_terminal_alone() {
    let folder = std::env::temp_dir().join(format!("tr2-waiting-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let editor = "f() { echo editing; read line; echo \"$line\" > \"$1\"; echo written; read more; }; f";
    let variables = [("VISUAL", editor), ("XDG_RUNTIME_DIR", folder.to_str().unwrap())];
    let mut inside = Inside::start_with((24, 150), &variables);
    inside.send(b"\x1b[15~");
    inside.see("editing");
    inside.raw.clear();
    // A resize, an interrupt and what is typed are the editor's own.
    inside.pty.as_ref().unwrap().resize(Size::new(24, 149)).unwrap();
    inside.send(b"from the keyboard\n");
    inside.see("written");
    assert!(!inside.written("\x1b"), "{:?}", String::from_utf8_lossy(&inside.raw));
    inside.send(b"\n");
    inside.see("Edited(Ok(\"from the keyboard\"))");
    // The end of the process ends the editor, and the file goes.
    inside.send(b"\x1b[15~");
    inside.see("editing");
    inside.signal(Signal::TERM);
    inside.end();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    std::fs::remove_dir(folder).unwrap();
}

#[test]
fn after_a_stop_that_cannot_be_caught_the_client_takes_the_terminal_in_the_foreground() {
    for shell in ["/bin/sh", "/bin/bash"] {
        if !std::path::Path::new(shell).exists() {
            println!("skipped: there is no {shell}");
            continue;
        }
        let mut inside = Inside::in_shell(shell, &[]);
        let client = inside.pid();
        for key in ["y", "z"] {
            kill_process(client, Signal::STOP).unwrap();
            inside.see("Stopped");
            // In the background it must neither draw nor read.
            inside.raw.clear();
            inside.send(b"clear; bg; echo be''hind\n");
            inside.see("behind");
            inside.send(b"clear; jobs; echo list''ed\n");
            inside.see("listed");
            assert!(!inside.written("\x1b[?1049h"), "{:?}", String::from_utf8_lossy(&inside.raw));
            inside.send(b"fg\n");
            inside.see("pid ");
            inside.send(key.as_bytes());
            inside.see(&format!("Key(Char('{key}'))"));
            assert!(!inside.terminal.screen().contents().contains("listed"), "the screen is drawn anew");
            assert!(inside.terminal.screen().alternate_screen());
            let modes = tcgetattr(inside.pty.as_ref().unwrap()).unwrap().local_modes;
            assert!(!modes.intersects(LocalModes::ECHO | LocalModes::ICANON), "the keys are ours");
        }
        // The same with the key that stops it.
        inside.send(b"\x1b[20~");
        inside.see("Stopped");
        inside.send(b"clear; fg\n");
        inside.see("pid ");
        inside.send(b"\x03");
        inside.see("farewell Done");
        inside.send(b"clear; stty -a\n");
        inside.see(" icanon");
        assert!(!inside.terminal.screen().alternate_screen());
        inside.send(b"exit\n");
        while inside.read() {}
        inside.child.wait().unwrap();
    }
}

#[test]
fn an_editor_that_stops_stops_the_job_and_goes_on_with_it() {
    let editor = "f() { kill -TSTP $$; echo continued > \"$1\"; }; f";
    let mut inside = Inside::in_shell("/bin/sh", &[("VISUAL", editor)]);
    inside.send(b"\x1b[15~");
    inside.see("Stopped");
    inside.send(b"clear; echo in the sh''ell\n");
    inside.see("in the shell");
    inside.send(b"fg\n");
    inside.see("Edited(Ok(\"continued\"))");
    inside.send(b"z");
    inside.see("Key(Char('z'))");
    inside.send(b"\x03");
    inside.see("farewell Done");
    inside.send(b"exit\n");
    while inside.read() {}
    inside.child.wait().unwrap();
}

#[test]
fn a_terminal_that_takes_nothing_does_not_keep_the_client_from_ending() {
    let socket = std::env::temp_dir().join(format!("tr2-ended-{}", std::process::id()));
    let listener = UnixListener::bind(&socket).unwrap();
    let mut inside = Inside::start_with((24, 80), &[("TR2_TEST_ENDED", socket.to_str().unwrap())]);
    // What is written and not read fills the line.
    for _ in 0..200 {
        inside.send(b"\x1bOP\x1b[19~");
        inside.pty.as_ref().unwrap().resize(Size::new(24, 79)).unwrap();
        inside.pty.as_ref().unwrap().resize(Size::new(24, 80)).unwrap();
    }
    inside.signal(Signal::TERM);
    let ended = poll(&mut [PollFd::new(&listener, PollFlags::IN)], Some(&PATIENCE)).unwrap();
    std::fs::remove_file(&socket).unwrap();
    assert!(ended > 0, "it did not end");
    while inside.read() {}
    let status = inside.child.wait().unwrap();
    assert!(status.success(), "{status:?}");
}
