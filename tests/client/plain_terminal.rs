//! Plain mode at a terminal and in a pipe: the line that is typed, and what a terminal would show of a line.

use std::io::{BufReader, Error, ErrorKind, Read};
use std::num::NonZeroU16;

use tr2::client::key::Key;
use tr2::client::msg::Msg;
use tr2::client::plain::line_edit::{LineEdit, MAX_RECALLED, Typed};
use tr2::client::plain::line_reader::{LineKind, LineReader, MAX_LINE};
use tr2::client::text::codes::last_state;

fn size(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).unwrap()
}

fn typed(edit: &mut LineEdit, text: &str) {
    for c in text.chars() {
        assert_eq!(edit.key(Key::Char(c)), Typed::Edited);
    }
}

/// What a terminal of so many columns shows after a drawing, and where its cursor is.
fn shown(drawn: &str, cols: u16) -> (String, u16) {
    let mut parser = vt100::Parser::new(size(2), size(cols), 0);
    parser.process(drawn.as_bytes());
    let row = parser.screen().rows(0, cols).next().unwrap();
    let (line, column) = parser.screen().cursor_position();
    assert_eq!(line, 0, "the line stays in its row");
    (row, column)
}

#[test]
fn what_is_typed_is_drawn_again_below_what_is_printed() {
    let mut edit = LineEdit::default();
    assert_eq!(edit.erase(), "", "an empty line takes nothing away");
    typed(&mut edit, "hello wörld");
    edit.key(Key::CtrlLeft);
    let printed = format!("{}hello w{}12:00 bob: hi\r\n{}", edit.draw(40), edit.erase(), edit.draw(40));
    let mut parser = vt100::Parser::new(size(3), size(40), 0);
    parser.process(printed.as_bytes());
    let rows: Vec<String> = parser.screen().rows(0, 40).collect();
    assert_eq!(rows, ["12:00 bob: hi", "hello wörld", ""]);
    assert_eq!(parser.screen().cursor_position(), (1, 6));
}

#[test]
fn a_line_of_any_length_stays_in_one_row() {
    for (letter, width) in [("x", 1), ("日", 2), ("é", 1)] {
        for cols in [1, 2, 3, 10, 80] {
            let mut edit = LineEdit::default();
            typed(&mut edit, &letter.repeat(200));
            for _ in 0..3 {
                let (row, column) = shown(&edit.draw(cols), cols.max(2 * width));
                assert!(column < cols.max(2 * width), "{letter} {cols} {row:?}");
                edit.key(Key::Home);
            }
        }
    }
}

#[test]
fn keys_enter_give_up_and_recall() {
    let mut edit = LineEdit::default();
    typed(&mut edit, "one");
    assert_eq!(edit.key(Key::Enter), Typed::Entered("one".to_owned()));
    typed(&mut edit, "/moderator secret");
    assert_eq!(edit.key(Key::Enter), Typed::Entered("/moderator secret".to_owned()));
    typed(&mut edit, "begun");
    edit.key(Key::Up);
    assert_eq!(shown(&edit.draw(40), 40).0, "one", "a passphrase is not brought back");
    edit.key(Key::Up);
    edit.key(Key::Down);
    assert_eq!(shown(&edit.draw(40), 40).0, "begun");
    assert_eq!(edit.key(Key::Ctrl('c')), Typed::GivenUp);
    assert_eq!(edit.key(Key::Ctrl('y')), Typed::Edited);
    assert_eq!(shown(&edit.draw(40), 40).0, "begun", "what was given up can be brought back");
    edit.key(Key::Ctrl('u'));
    assert_eq!([edit.key(Key::Ctrl('d')), edit.key(Key::Ctrl('c'))], [Typed::Ended, Typed::Left]);
    assert_eq!(edit.key(Key::Ctrl('z')), Typed::Suspended);
    assert_eq!(edit.paste("a\nb\nc"), ["a", "b"]);
    assert_eq!(shown(&edit.draw(40), 40).0, "c");
    edit.key(Key::Ctrl('u'));
    for number in 0..=MAX_RECALLED {
        typed(&mut edit, &format!("line {number}"));
        edit.key(Key::Enter);
    }
    for _ in 0..=MAX_RECALLED {
        edit.key(Key::Up);
    }
    assert_eq!(shown(&edit.draw(40), 40).0, "line 1", "the oldest is forgotten");
}

#[test]
fn a_line_comes_as_its_last_state() {
    let cases = [
        ("plain text", "plain text"),
        ("10%\r20%\r100% done", "100% done"),
        ("10%\r20%\r", "20%"),
        ("\u{1b}[31mred\u{1b}[0m and \u{1b}[1;38;5;200mmore\u{1b}[m", "red and more"),
        ("\u{1b}]0;title\u{7}text", "text"),
        ("\u{1b}]8;;https://example.org\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
        ("\u{9b}31mred", "red"),
        ("a\u{1b}(Bb\u{1b}=c", "abc"),
        ("N\u{8}NA\u{8}A", "NA"),
        ("50%\r\u{1b}[K", ""),
        ("cut \u{1b}[31", "cut [31"),
        ("cut \u{1b}", "cut "),
        ("日本\r語", "語"),
        ("", ""),
    ];
    for (line, expected) in cases {
        assert_eq!(last_state(line), expected, "{line:?}");
    }
}

fn parts(input: &[u8]) -> Vec<Msg> {
    let mut lines = LineReader::new(input, LineKind::Output);
    std::iter::from_fn(|| Some(lines.next_part()).filter(|msg| *msg != Msg::EndOfInput)).collect()
}

#[test]
fn a_progress_bar_of_any_length_is_one_short_line() {
    let line = |text: &str| Msg::Line(text.to_owned());
    let bar: String = (0..100_000).map(|step| format!("step {step}\r")).collect();
    assert!(bar.len() > 10 * MAX_LINE);
    assert_eq!(parts(format!("{bar}done\nnext\n").as_bytes()), [line("done"), line("next")]);
    assert_eq!(parts(bar.as_bytes()), [line("step 99999")]);
    for cut in 1..5 {
        let coloured = format!("{}\u{1b}[31mred\n", "x".repeat(MAX_LINE - cut));
        let written: String = parts(coloured.as_bytes())
            .into_iter()
            .map(|msg| match msg {
                Msg::Line(text) | Msg::Rest(text) => text,
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(written.ends_with("xred"), "a colour that is cut at {cut} is still one");
    }
    let mut raw = LineReader::new(b"a\rb\x1b[1mc\n".as_slice(), LineKind::Raw);
    assert_eq!(raw.next_part(), line("a\rb\u{1b}[1mc"));
}

/// Input that fails after some bytes.
struct Failing(&'static [u8], Option<ErrorKind>);

impl Read for Failing {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            return self.1.map_or(Ok(0), |kind| Err(Error::from(kind)));
        }
        self.0.read(bytes)
    }
}

#[test]
fn input_that_fails_sends_no_half_line() {
    for kind in [ErrorKind::WouldBlock, ErrorKind::IsADirectory, ErrorKind::Other] {
        let mut lines = LineReader::new(BufReader::new(Failing(b"one\ntwo", Some(kind))), LineKind::Output);
        assert_eq!(lines.next_part(), Msg::Line("one".to_owned()));
        let failed = lines.next_part();
        assert!(
            matches!(&failed, Msg::InputFailed(why) if why.starts_with("Standard input cannot be read: ")),
            "{failed:?}"
        );
        assert_eq!(lines.next_part(), Msg::EndOfInput);
    }
    let mut lines = LineReader::new(BufReader::new(Failing(b"one\ntwo", None)), LineKind::Output);
    assert_eq!([lines.next_part(), lines.next_part()], ["one", "two"].map(|line| Msg::Line(line.to_owned())));
}
