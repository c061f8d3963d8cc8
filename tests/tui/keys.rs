//! Bytes from the terminal become keys and pastes.

use tr2::client::key::Key::{self, *};
use tr2::client::msg::Msg;
use tr2::client::tui::input::{InputParser, MAX_PASTE};

/// Feeds each read in turn, and then reports a pause.
fn read(reads: &[&[u8]]) -> Vec<Msg> {
    let mut input = InputParser::default();
    let mut messages: Vec<Msg> = reads.iter().flat_map(|bytes| input.feed(bytes)).collect();
    if input.wait().is_some() {
        messages.extend(input.idle());
    }
    assert_eq!(input.wait(), None);
    messages
}

fn keys(bytes: &[u8], expected: &[Key]) {
    let expected: Vec<Msg> = expected.iter().copied().map(Msg::Key).collect();
    assert_eq!(read(&[bytes]), expected, "{:?}", String::from_utf8_lossy(bytes));
    // The bytes may be cut anywhere, except where the cut leaves an escape on its own.
    let cut: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(read(&cut), expected, "{:?} byte by byte", String::from_utf8_lossy(bytes));
}

fn paste(text: &str) -> Msg {
    Msg::Paste(text.to_owned())
}

#[test]
fn plain_keys_are_recognised() {
    keys(b"a", &[Char('a')]);
    keys("ä日😀".as_bytes(), &[Char('ä'), Char('日'), Char('😀')]);
    keys(b"\r", &[Enter]);
    keys(b"\t", &[Tab]);
    keys(b"\x7f\x08", &[Backspace, Backspace]);
    keys(b"\x01\x1a\x1c", &[Ctrl('a'), Ctrl('z'), Ctrl('\\')]);
}

#[test]
fn a_new_line_is_recognised_from_every_terminal() {
    for bytes in [&b"\n"[..], b"\x1b\r", b"\x1b\n", b"\x1b[13;2u", b"\x1b[13;3u", b"\x1b[27;2;13~", b"\x1b[106;5u"] {
        keys(bytes, &[AltEnter]);
    }
}

#[test]
fn escape_alone_differs_from_alt() {
    keys(b"\x1b", &[Esc]);
    keys(b"\x1b[27u", &[Esc]);
    keys(b"\x1b1\x1bq", &[Alt('1'), Alt('q')]);
    keys(b"\x1b\x7f", &[AltBackspace]);
    keys(b"\x1b[", &[Alt('[')]);
    keys(b"\x1b\x1b", &[Esc, Esc]);
    keys("\x1bä".as_bytes(), &[Alt('ä')]);
}

#[test]
fn named_keys_are_recognised() {
    keys(b"\x1b[A\x1bOB\x1b[C\x1b[D", &[Up, Down, Right, Left]);
    keys(b"\x1b[1;5C\x1b[1;5D\x1b[1;3C", &[CtrlRight, CtrlLeft, CtrlRight]);
    keys(b"\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~", &[Home, End, Home, End, Home, End]);
    keys(b"\x1b[1;5H\x1b[1;5F", &[CtrlHome, CtrlEnd]);
    keys(b"\x1b[5~\x1b[6~\x1b[3~", &[PageUp, PageDown, Delete]);
    keys(b"\x1bOP\x1b[11~\x1b[[B\x1b[15~\x1b[24~", &[F(1), F(1), F(2), F(5), F(12)]);
    keys(b"\x1b[Z\x1b[9;2u", &[BackTab, BackTab]);
    keys(b"\x1b[99;5u\x1b[97;3u\x1b[57399u", &[Ctrl('c'), Alt('a'), Char('0')]);
    keys(b"\x1b[97;1:3u", &[]);
    keys(b"\x1b[109;5u\x1b[105;5u\x1b[104;5u\x1b[91;5u", &[Enter, Tab, Backspace, Esc]);
}

#[test]
fn noise_is_no_key_and_causes_no_panic() {
    keys(b"\0\x80\xff\xc3(", &[Char('(')]);
    keys(b"\x1b[?1;2c\x1b[I\x1b[O\x1b[0;0R\x1b[<0;1;1M", &[]);
    keys(b"\x1b[2~\x1b[99999999999999999999u\x1b[1;999999999999A", &[Up]);
    keys(&[b"\x1b[".as_slice(), &[b'1'; 64], b"x"].concat(), &[Char('x')]);
    keys(b"\xed\xa0\x80\xf4\x90\x80\x80a", &[Char('a')]);
    let mut byte = 1u32;
    for _ in 0..200 {
        let bytes = std::iter::repeat_with(|| {
            byte = byte.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let choices = [0x1b, b'[', b';', b'~', b'2', b'0', (byte >> 16) as u8, (byte >> 8) as u8];
            choices[(byte >> 24) as usize % choices.len()]
        });
        read(&bytes.take(300).collect::<Vec<u8>>().chunks(7).collect::<Vec<_>>());
    }
}

#[test]
fn a_marked_paste_is_one_message() {
    let text = b"\x1b[200~one\rtwo\r\nthree\x1b[A\x1b[201~x";
    let expected = [paste("one\ntwo\nthree\x1b[A"), Msg::Key(Char('x'))];
    assert_eq!(read(&[text]), expected);
    for cut in 1..text.len() {
        assert_eq!(read(&[&text[..cut], &text[cut..]]), expected, "cut at {cut}");
    }
    assert_eq!(read(&[b"\x1b[200~\x1b[201~"]), [paste("")]);
}

#[test]
fn a_marked_paste_without_end_ends_at_a_pause_and_is_bounded() {
    assert_eq!(read(&[b"\x1b[200~cut off\x1b[20"]), [paste("cut off\x1b[20")]);
    let much = vec![b'a'; MAX_PASTE + 10];
    assert_eq!(read(&[b"\x1b[200~", &much, b"\x1b[201~b"]), [paste(&"a".repeat(MAX_PASTE)), Msg::Key(Char('b'))]);
}

#[test]
fn lines_that_arrive_at_once_are_a_paste() {
    assert_eq!(read(&[b"one\rtwo\r"]), [paste("one\ntwo\n")]);
    assert_eq!(read(&[b"one\r\ntwo\tx"]), [paste("one\ntwo\tx")]);
    assert_eq!(read(&[b"one\rtw", b"o\rthree\r"]), [paste("one\ntw"), paste("o\nthree\n")]);
    assert_eq!(read(&[b"one\rtwo", b"\r"]), [paste("one\ntwo"), paste("\n")]);
}

#[test]
fn typing_ahead_is_no_paste() {
    let typed =
        |text: &str| text.chars().map(|c| Msg::Key(if c == '\r' { Enter } else { Char(c) })).collect::<Vec<_>>();
    assert_eq!(read(&[b"hello\r"]), typed("hello\r"));
    assert_eq!(read(&[b"hello\r", b"you\r"]), typed("hello\ryou\r"));
    assert_eq!(read(&[b"\x1b[A\r\x1b[B"]), [Up, Enter, Down].map(Msg::Key));
    let mut input = InputParser::default();
    input.feed(b"a\rb");
    input.idle();
    assert_eq!(input.feed(b"c\r"), typed("c\r"), "a paste is over after a pause");
}
