//! The bytes written to the terminal: few, complete, and free of anything that text could smuggle in.

use std::cell::RefCell;
use std::io::{self, ErrorKind, Write};
use std::rc::Rc;

use tr2::client::text::wrap;
use tr2::client::tui::look::{Look, Multiplexer, Notification};
use tr2::client::tui::screen::Screen;
use tr2::client::view::{LineLink, ListRow, MessageLine, Scope, StyledLine as Row, View};

use crate::views::{chat, chooser, dialog, layout, panel, said, scrolled};
use crate::{ASCII, Bench, COLOURS};

/// As [`talk`], with nothing unread elsewhere.
fn quiet(cols: u16, rows: u16, last: usize, shown: usize) -> View {
    let mut view = talk(cols, rows, last, shown);
    view.conversations.rows.iter_mut().for_each(|row| row.right = Row::default());
    view
}

/// The chat with as many messages as fit, `shown` at most, up to message `last`.
fn talk(cols: u16, rows: u16, last: usize, shown: usize) -> View {
    let mut view = chat(cols, rows);
    let room = usize::from(layout(cols, rows).messages.height).min(shown);
    let texts =
        ["good morning", "did the backup run?", "yes, see #ops", "ok", "who restarts the build?", "I do, at ten"];
    view.messages.lines = (last - room..last)
        .map(|n| said(&format!("12:{:02}", n / 3 % 60), (n % 3) as u8, ["bob", "carol", "dave"][n % 3], texts[n % 6]))
        .collect();
    view
}

#[test]
fn an_idle_frame_writes_nothing() {
    let mut bench = Bench::new(80, 24, COLOURS);
    assert_eq!(bench.draw(chat(80, 24)).len(), 1, "the first frame is one write");
    assert_eq!(bench.draw(chat(80, 24)), Vec::<Vec<u8>>::new());
}

#[test]
fn a_typed_character_writes_few_bytes() {
    let mut bench = Bench::new(80, 24, COLOURS);
    let mut view = chat(80, 24);
    bench.draw(view.clone());
    view.composer.lines = vec![Row::of(Scope::Text, "see you at 9")];
    view.composer.cursor = Some((12, 0));
    let bytes = bench.draw(view).concat().len();
    assert!(bytes <= 64, "{bytes} bytes");
}

/// The most bytes that one new message writes, of 29 in a row.
fn bytes_per_message(cols: u16, rows: u16, shown: usize, talk: fn(u16, u16, usize, usize) -> View) -> usize {
    let mut bench = Bench::new(cols, rows, COLOURS);
    bench.draw(talk(cols, rows, 100, shown));
    let frames = (101..130).map(|last| bench.draw(talk(cols, rows, last, shown)));
    frames.inspect(|writes| assert_eq!(writes.len(), 1)).map(|writes| writes.concat().len()).max().unwrap()
}

#[test]
fn a_new_message_writes_few_bytes() {
    let bounds = [
        ("beside few others", bytes_per_message(80, 24, 8, talk), 270),
        ("in a full pane", bytes_per_message(80, 24, usize::MAX, quiet), 270),
        ("in a full pane, with counts", bytes_per_message(80, 24, usize::MAX, talk), 300),
        ("on a wide screen", bytes_per_message(120, 40, usize::MAX, talk), 400),
        ("without side panes", bytes_per_message(40, 10, usize::MAX, talk), 150),
        ("on a large screen", bytes_per_message(200, 60, usize::MAX, talk), 400),
    ];
    for (place, bytes, bound) in bounds {
        println!("{bytes} bytes {place}");
        assert!(bytes <= bound, "{bytes} bytes {place}");
    }
}

#[test]
fn drawing_the_difference_equals_drawing_everything() {
    let mut bench = Bench::new(80, 24, COLOURS);
    for view in [
        chat(80, 24),
        dialog(80, 24),
        scrolled(80, 24),
        talk(80, 24, 99, 30),
        chooser(80, 24),
        talk(80, 24, 100, 30),
        chat(80, 24),
    ] {
        bench.draw(view.clone());
        let mut fresh = Bench::new(80, 24, COLOURS);
        fresh.draw(view);
        let (after, anew) = (bench.terminal.screen(), fresh.terminal.screen());
        for row in 0..24 {
            for column in 0..80 {
                let (a, b) = (after.cell(row, column).unwrap(), anew.cell(row, column).unwrap());
                assert_eq!(a.contents().trim(), b.contents().trim(), "at {row}, {column}");
                if !b.contents().trim().is_empty() || b.inverse() || b.underline() {
                    assert_eq!(
                        (a.fgcolor(), a.bold(), a.dim()),
                        (b.fgcolor(), b.bold(), b.dim()),
                        "at {row}, {column}"
                    );
                }
                assert_eq!((a.inverse(), a.underline()), (b.inverse(), b.underline()), "at {row}, {column}");
            }
        }
        assert_eq!(bench.seen(), fresh.seen());
    }
}

#[test]
fn after_a_reset_the_screen_is_drawn_whole() {
    let mut bench = Bench::new(80, 24, COLOURS);
    let first = bench.draw(chat(80, 24)).concat().len();
    bench.terminal.process(b"\x1b[3;3Hgarbage");
    bench.screen.forget();
    assert_eq!(bench.draw(chat(80, 24)).concat().len(), first);
    assert!(!bench.seen().contains("garbage"));
}

#[test]
fn no_size_panics() {
    let views: [fn(u16, u16) -> View; 5] = [chat, scrolled, dialog, chooser, panel];
    let small = (0..=8).flat_map(|cols| (0..=6).map(move |rows| (cols, rows)));
    let edges =
        [19, 20, 21, 59, 60, 61, 75, 76].into_iter().flat_map(|cols| [7, 8, 12, 13, 14].map(|rows| (cols, rows)));
    for (cols, rows) in small.chain(edges).chain([(500, 200), (1, 200), (500, 1), (u16::MAX, 1)]) {
        for view in views {
            for look in [COLOURS, ASCII] {
                Bench::new(cols, rows, look).draw(view(cols, rows));
                // The terminal can be smaller or larger than the view made for it.
                Bench::new(cols / 2, rows / 2, look).draw(view(cols, rows));
                Bench::new(80, 24, look).draw(view(cols, rows));
            }
        }
    }
}

#[test]
fn wide_characters_are_never_cut_in_half() {
    for text in [
        "日本語日本語日本語日本語日本語日本語",
        "a日本語日本語日本語日本語日本語日本語",
        "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
    ] {
        for cols in (3..70).chain(98..104) {
            let mut bench = Bench::new(cols, 12, COLOURS);
            let mut view = chat(cols, 12);
            view.messages.lines = vec![Row::of(Scope::Text, text).into(); 3];
            view.messages.title = Row::of(Scope::Text, text);
            view.conversations.rows = vec![ListRow { left: Row::of(Scope::Text, text), ..ListRow::default() }];
            bench.draw(view.clone());
            // Painting over half a character leaves nothing behind.
            view.messages.lines = vec![Row::of(Scope::Text, format!("x{text}")).into(); 3];
            bench.draw(view.clone());
            let mut fresh = Bench::new(cols, 12, COLOURS);
            fresh.draw(view);
            assert_eq!(bench.seen(), fresh.seen());
            for line in chat(cols, 12).hairlines.into_iter().filter(|line| !line.is_empty()) {
                let seen = bench.terminal.screen().cell(1, line.x).unwrap().contents().to_owned();
                assert_eq!(seen, "│", "at {} of {cols}", line.x);
            }
        }
    }
}

#[test]
fn a_dialog_over_half_of_a_wide_character_leaves_nothing_of_what_was_there() {
    for edge in 0..4 {
        let mut bench = Bench::new(80, 24, COLOURS);
        let mut view = dialog(80, 24);
        view.messages.lines = vec![Row::of(Scope::Text, "日本語".repeat(9)).into(); 20];
        bench.draw(view.clone());
        let area = &mut view.dialog.as_mut().unwrap().area;
        (area.x, area.y) = (area.x - 9 + edge, area.y + 3);
        bench.draw(view.clone());
        let mut fresh = Bench::new(80, 24, COLOURS);
        fresh.draw(view);
        assert_eq!(bench.seen(), fresh.seen());
    }
}

#[test]
fn text_cannot_reach_the_terminal_as_a_command() {
    let hostile = [
        "\x1b[2J",
        "\x1b]52;c;aGk=\x07",
        "\x1b]0;title\x1b\\",
        "\u{9b}31m",
        "\u{7f}\u{8}\r\n\t",
        "\0",
        "\x0e",
        "\u{85}",
        "\u{1100}\u{1100}\u{1100}",
        "a\u{301}\u{301}\u{301}\u{301}",
        "\u{202e}abc",
        "\u{feff}\u{200b}",
        "क्ष्क्ष्क्ष्क्ष्क्ष्क्ष्क्ष्",
    ];
    for text in hostile {
        let mut bench = Bench::new(80, 24, COLOURS);
        let fill = |text: &str| {
            let mut view = dialog(80, 24);
            view.messages.lines = vec![Row::of(Scope::Text, text).into()];
            view.messages.title = Row::of(Scope::Text, text);
            view.status.left = Row::of(Scope::Text, text);
            view.composer.lines = vec![Row::of(Scope::Text, text)];
            view.composer.prompt = text.into();
            view.menu.title = Row::of(Scope::Text, text);
            view.composer.note = text.into();
            view.menu.rows =
                vec![ListRow { left: Row::of(Scope::Text, text), right: Row::of(Scope::Text, text), current: true }];
            view.dialog.as_mut().unwrap().title = text.into();
            view
        };
        let written = String::from_utf8(bench.draw(fill(text)).concat()).expect("UTF-8");
        let mut rest = written.as_str();
        while let Some(at) = rest.find(|c: char| c.is_control()) {
            rest = &rest[at..];
            if let Some(tail) = rest.strip_prefix("\r\n") {
                rest = tail;
                continue;
            }
            let ours = rest
                .strip_prefix("\x1b[")
                .map(|tail| tail.trim_start_matches(['?', ';', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']));
            rest = match ours {
                Some(tail) if tail.starts_with(['m', 'H', 'C', 'X', 'J', 'h', 'l']) => &tail[1..],
                _ => panic!("{text:?} came through: {rest:?}"),
            };
        }
    }
    // The screen moves to the next row by a line feed; no text does.
    let mut view = chat(80, 24);
    view.messages.lines = vec![Row::of(Scope::Text, "a\r\nb").into()];
    let written = String::from_utf8(Bench::new(80, 24, COLOURS).draw(view).concat()).unwrap();
    assert!(written.contains("a\u{fffd}") && !written.contains("a\r\nb"), "{written:?}");
}

#[test]
fn bell_and_title_come_after_the_frame_and_are_harmless() {
    let mut bench = Bench::new(80, 24, COLOURS);
    bench.draw(chat(80, 24));
    bench.screen.bell();
    bench.screen.bell();
    bench.screen.title("(2) bob\x1b\\\x07\u{9c}rm -rf\n");
    assert_eq!(bench.draw(chat(80, 24)), [b"\x07\x1b]0;(2) bob\\rm -rf\x1b\\".to_vec()]);
    let mut console = Bench::new(80, 24, ASCII);
    console.draw(chat(80, 24));
    console.screen.title("no title here");
    assert_eq!(console.draw(chat(80, 24)), Vec::<Vec<u8>>::new());
}

#[test]
fn nothing_above_ascii_reaches_a_terminal_that_is_not_utf_8() {
    for text in
        ["ě2J ě1;1H ě7m OWNED", "ĝ0;title", "日本語 😀 é", "│ ─ … ✓ ● ◌ ★ ▌", "\u{9b}2J", "a\u{301}\u{301}", "\u{fffd}"]
    {
        for view in [chat, scrolled, dialog, chooser] {
            for emulator in [true, false] {
                let mut bench = Bench::new(80, 24, Look { emulator, ..ASCII });
                let mut view = view(80, 24);
                view.messages.lines.push(Row::of(Scope::Text, text).into());
                view.messages.title = Row::of(Scope::Text, text);
                view.composer.lines = vec![Row::of(Scope::Text, text)];
                view.status.left = Row::of(Scope::Text, text);
                view.conversations.rows.push(ListRow { left: Row::of(Scope::Text, text), ..ListRow::default() });
                bench.screen.title(text);
                bench.screen.notify(text, text);
                let written = bench.draw(view).concat();
                assert!(written.iter().all(|byte| *byte < 0x7f), "{text:?}: {}", String::from_utf8_lossy(&written));
            }
        }
    }
}

#[test]
fn what_comes_beside_the_frame_is_bounded_while_the_terminal_takes_nothing() {
    let mut bench = Bench::new(80, 24, Look { notification: Notification::Urxvt, ..COLOURS });
    bench.draw(chat(80, 24));
    for n in 0..1000 {
        bench.screen.title(&format!("title {n}"));
        bench.screen.notify("bob", &format!("message {n}"));
        bench.screen.copy(&format!("text {n}")).unwrap();
        bench.screen.bell();
    }
    let written = String::from_utf8(bench.draw(chat(80, 24)).concat()).unwrap();
    let notified = |n: usize| format!("\x1b]777;notify;bob;message {n}\x07");
    let expected = ["\x07\x1b]0;title 999\x1b\\\x1b]52;c;dGV4dCA5OTk=\x07".to_owned()];
    assert_eq!(written, expected.into_iter().chain((996..1000).map(notified)).collect::<String>());
    assert!(bench.screen.copy(&"x".repeat(60_000)).is_err());
    let tmux = Look { notification: Notification::Urxvt, multiplexer: Multiplexer::Tmux, ..COLOURS };
    let mut inside = Bench::new(80, 24, tmux);
    inside.draw(chat(80, 24));
    inside.screen.notify("bob", "hi");
    let written = inside.draw(chat(80, 24)).concat();
    assert_eq!(written, b"\x1bPtmux;\x1b\x1b]777;notify;bob;hi\x07\x1b\\");
    let mut plain = Bench::new(80, 24, COLOURS);
    plain.draw(chat(80, 24));
    plain.screen.notify("bob", "hi");
    assert!(plain.draw(chat(80, 24)).is_empty(), "the bell rings when it is told to");
}

/// A terminal that takes a few bytes at a time, and then nothing until the next try.
#[derive(Clone, Default)]
struct Slow(Rc<RefCell<(Vec<u8>, bool)>>);

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (taken, full) = &mut *self.0.borrow_mut();
        *full = !*full;
        if !*full {
            return Err(ErrorKind::WouldBlock.into());
        }
        taken.extend(&bytes[..bytes.len().min(100)]);
        Ok(bytes.len().min(100))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_slow_terminal_is_never_waited_for_and_loses_nothing() {
    let slow = Slow::default();
    let mut screen = Screen::new(Box::new(slow.clone()), (80, 24), COLOURS);
    screen.draw(chat(80, 24));
    let mut rounds = 0;
    while screen.is_behind() {
        screen.flush();
        rounds += 1;
    }
    assert!(rounds > 10);
    assert_eq!(slow.0.borrow().0, Bench::new(80, 24, COLOURS).draw(chat(80, 24)).concat());
}

/// A terminal that is gone.
struct Cut;

impl Write for Cut {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_lost_terminal_is_reported() {
    let mut screen = Screen::new(Box::new(Cut), (80, 24), COLOURS);
    screen.draw(chat(80, 24));
    assert!(screen.has_failed() && !screen.is_behind());
    screen.draw(dialog(80, 24));
}

/// What is written for a view in which these columns of the last message are a link.
fn linked(bench: &mut Bench, url: &str, start: u16, width: u16, change: impl Fn(&mut View)) -> String {
    let mut view = chat(80, 24);
    let last = view.messages.lines.last_mut().unwrap();
    last.links = vec![LineLink { start, width, url: url.to_owned() }];
    change(&mut view);
    without_styles(&String::from_utf8(bench.draw(view).concat()).unwrap())
}

/// What is written, without the change to the plain style.
fn without_styles(written: &str) -> String {
    written.replace("\x1b[m", "")
}

#[test]
fn a_link_is_written_once_and_only_where_the_terminal_knows_links() {
    const URL: &str = "https://x.org/a;b?c=d";
    let knows = Look { hyperlinks: true, ..COLOURS };
    let mut bench = Bench::new(80, 24, knows);
    let written = linked(&mut bench, URL, 17, 6, |_| {});
    assert_eq!(
        written.matches(&format!("\x1b]8;id=1;{URL}\x1b\\thanks\x1b[1C\x1b]8;;\x1b\\")).count(),
        1,
        "{written:?}"
    );
    assert_eq!(written.matches("\x1b]8;").count(), 2, "{written:?}");
    assert_eq!(linked(&mut bench, URL, 17, 6, |_| {}), "", "an idle frame writes nothing");
    assert_eq!(linked(&mut Bench::new(80, 24, COLOURS), URL, 17, 6, |_| {}).matches("\x1b]").count(), 0);
    // Under a dialog there is no link, and what a dialog leaves of one is one.
    let covers = linked(&mut bench, URL, 0, 60, |view| {
        let mut below = dialog(80, 24);
        let dialog = below.dialog.as_mut().unwrap();
        dialog.area.y = view.messages.area.y + view.messages.area.height - 5;
        view.dialog = below.dialog;
    });
    assert_eq!(covers.matches("\x1b]8;id=1;").count(), 1, "only beside it: {covers:?}");
}

#[test]
fn a_link_over_two_rows_is_one_link_and_a_line_without_links_costs_nothing_more() {
    let knows = Look { hyperlinks: true, ..COLOURS };
    let row = |text: &str, url: &str| MessageLine {
        links: vec![LineLink { start: 0, width: text.len() as u16, url: url.to_owned() }],
        ..Row::of(Scope::Text, text).into()
    };
    let mut bench = Bench::new(80, 24, knows);
    let mut view = chat(80, 24);
    view.messages.lines = ["https://x.org/", "long"].map(|text| row(text, "https://x.org/long")).to_vec();
    view.messages.lines.push(row("https://y.org", "https://y.org"));
    let written = without_styles(&String::from_utf8(bench.draw(view).concat()).unwrap());
    assert!(written.contains("\x1b]8;id=1;https://x.org/long\x1b\\https://x.org/"), "{written:?}");
    assert!(written.contains("\x1b]8;id=2;https://y.org\x1b\\https://y.org\r\n"), "{written:?}");
    assert!(written.matches("\x1b]8;id=1;").count() <= 2, "{written:?}");
    for (cols, rows) in [(80, 24), (120, 40), (40, 10)] {
        let (mut plain, mut able) = (Bench::new(cols, rows, COLOURS), Bench::new(cols, rows, knows));
        for last in 100..130 {
            let view = talk(cols, rows, last, usize::MAX);
            assert_eq!(plain.draw(view.clone()), able.draw(view), "at {cols}x{rows}");
        }
    }
}

#[test]
fn no_link_ends_its_sequence_and_however_many_there_were_each_is_right() {
    let knows = Look { hyperlinks: true, ..COLOURS };
    for url in
        ["https://x.org/\x1b\\\x1b[2J", "file:///etc/passwd", "javascript:x", "https://x.org/\u{9c}", "", "https://"]
    {
        let written = linked(&mut Bench::new(80, 24, knows), url, 17, 6, |_| {});
        assert!(!written.contains("\x1b]"), "{url:?}: {written:?}");
    }
    let mut bench = Bench::new(80, 24, knows);
    for n in 0..1000 {
        let url = format!("https://x.org/{n}");
        let written = linked(&mut bench, &url, 17, 6, |_| {});
        let number = written.split("\x1b]8;id=").nth(1).unwrap().split(';').next().unwrap().parse::<usize>().unwrap();
        assert!(number <= 256 && written.contains(&format!(";{url}\x1b\\thanks")), "{written:?}");
    }
}

#[test]
fn a_new_message_with_a_link_costs_its_link_and_those_above_cost_nothing() {
    const URL: &str = "https://x.org/abc";
    let view = |last: usize, linked: bool| {
        let mut view = quiet(80, 24, last, usize::MAX);
        for line in &mut view.messages.lines {
            line.line = std::mem::take(&mut line.line).and(Scope::Text, format!(" {URL}"));
            let start = wrap::line_cells(&line.line) - URL.len();
            let link = LineLink { start: start as u16, width: URL.len() as u16, url: URL.to_owned() };
            line.links = linked.then_some(link).into_iter().collect();
        }
        view
    };
    let most = |linked: bool| {
        let mut bench = Bench::new(80, 24, Look { hyperlinks: true, ..COLOURS });
        bench.draw(view(100, linked));
        (101..130).map(|last| bench.draw(view(last, linked)).concat().len()).max().unwrap()
    };
    let (plain, linked) = (most(false), most(true));
    println!("{plain} bytes without links, {linked} with");
    assert!(linked <= plain + URL.len() + "\x1b]8;id=1;\x1b\\\x1b]8;;\x1b\\".len(), "{plain} and {linked} bytes");
}
