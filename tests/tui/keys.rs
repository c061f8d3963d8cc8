//! Bytes from the terminal become keys and pastes.

use tr2::client::key::Key::{self, *};
use tr2::client::msg::MouseAction::{self, *};
use tr2::client::msg::{MouseEvent, Msg};
use tr2::client::tui::answers::TerminalAnswer;
use tr2::client::tui::input::{InputParser, MAX_PASTE};
use tr2::client::view::Background;

/// Feeds each read in turn, and then reports pauses until nothing waits any more.
pub fn read(reads: &[&[u8]]) -> Vec<Msg> {
    let mut input = InputParser::default();
    let mut messages: Vec<Msg> = reads.iter().flat_map(|bytes| input.feed(bytes)).collect();
    for _ in 0..3 {
        if input.wait().is_some() {
            messages.extend(input.idle());
        }
    }
    assert_eq!(input.wait(), None);
    messages
}

/// Feeds each read in turn, with a pause after each.
fn slowly(reads: &[&[u8]]) -> Vec<Msg> {
    let mut input = InputParser::default();
    let mut messages = Vec::new();
    for bytes in reads {
        messages.extend(input.feed(bytes));
        if input.wait().is_some() {
            messages.extend(input.idle());
        }
    }
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
    // Ctrl-S and Ctrl-Q, Ctrl-Space, and the undo of Ctrl-_, Ctrl-/ and Ctrl-7.
    keys(b"\x13\x11\0\x1f", &[Ctrl('s'), Ctrl('q'), Ctrl(' '), Ctrl('_')]);
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
    keys(b"\x1b[\r\x1bO\x03", &[Alt('['), Enter, Alt('o'), Ctrl('c')]);
    keys(b"\x1b\x1b", &[Esc, Esc]);
    keys(b"\x1b\x1b\x1b[A", &[Esc, AltUp]);
    keys(b"\x1b\x1bx\x1b\x1b\r", &[Esc, Alt('x'), Esc, AltEnter]);
    keys(b"\x1bA\x1b[97;4u\x1b[65;3u", &[Alt('a'); 3]);
    keys("\x1bä".as_bytes(), &[Alt('ä')]);
}

#[test]
fn named_keys_are_recognised() {
    keys(b"\x1b[A\x1bOB\x1b[C\x1b[D", &[Up, Down, Right, Left]);
    keys(b"\x1b[1;5C\x1b[1;5D\x1b[1;3C\x1b[1;3D", &[CtrlRight, CtrlLeft, AltRight, AltLeft]);
    keys(b"\x1b[1;5A\x1b[1;5B\x1b[1;3A\x1b[1;3B", &[CtrlUp, CtrlDown, AltUp, AltDown]);
    keys(b"\x1b[1;2A\x1b[1;2B\x1b[1;4A\x1b[1;4B", &[ShiftUp, ShiftDown, AltShiftUp, AltShiftDown]);
    keys(b"\x1b[1;2C\x1b[1;2D\x1b[1;2H\x1b[1;2F", &[Right, Left, Home, End]);
    keys(b"\x1b[5;2~\x1b[6;2~\x1b[2~", &[ShiftPageUp, ShiftPageDown, Insert]);
    keys(b"\x1b[1;3H\x1b[1;3F\x1b[1;1A\x1b[1;65A\x1b[1;129A", &[AltHome, AltEnd, Up, Up, Up]);
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
fn the_keys_of_rxvt_are_recognised() {
    keys(b"\x1bOa\x1bOb\x1bOc\x1bOd", &[CtrlUp, CtrlDown, CtrlRight, CtrlLeft]);
    keys(b"\x1b[a\x1b[b\x1b[c\x1b[d", &[ShiftUp, ShiftDown, Right, Left]);
    keys(b"\x1b[7^\x1b[8^\x1b[7~\x1b[8~", &[CtrlHome, CtrlEnd, Home, End]);
    keys(
        b"\x1b[5$\x1b[6$\x1b[7$\x1b[8$\x1b[5^\x1b[6@",
        &[ShiftPageUp, ShiftPageDown, Home, End, PageUp, ShiftPageDown],
    );
    keys(b"\x1b\x1b[A\x1b\x1b[B\x1b\x1b[C\x1b\x1b[D", &[AltUp, AltDown, AltRight, AltLeft]);
    keys(b"\x1b\x1b[7~\x1b\x1b[8~\x1b\x1bOA\x1b\x1b[a", &[AltHome, AltEnd, AltUp, AltShiftUp]);
    keys(b"\x1b[2$\x1b[2^\x1b[3$\x1b[3^\x1b[23$\x1b[11^", &[Insert, Insert, Delete, Delete, F(11), F(1)]);
}

#[test]
fn the_keypad_writes_in_application_mode_and_in_kittys_codes() {
    let written = |text: &str| text.chars().map(Char).collect::<Vec<_>>();
    keys(b"\x1bOj\x1bOk\x1bOl\x1bOm\x1bOn\x1bOo\x1bOX\x1bO ", &written("*+,-./= "));
    let digits: Vec<u8> = (b'p'..=b'y').flat_map(|last| [0x1b, b'O', last]).collect();
    keys(&digits, &written("0123456789"));
    keys(b"\x1bOM\x1bOI\x1b[57414u\x1b[57414;5u", &[Enter, Tab, Enter, AltEnter]);
    let codes: String = (57399..=57413).chain([57415, 57416]).map(|code| format!("\x1b[{code}u")).collect();
    keys(codes.as_bytes(), &written("0123456789./*-+=,"));
    keys(b"\x1b[57400;3u\x1b[57417;5u\x1b[57419;3u\x1b[57421;2u", &[Alt('1'), CtrlLeft, AltUp, ShiftPageUp]);
    keys(b"\x1b[57418u\x1b[57420u\x1b[57422u\x1b[57423u\x1b[57424u", &[Right, Down, PageDown, Home, End]);
    keys(b"\x1b[57425u\x1b[57426u\x1b[57427u\x1b[57358u\x1b[57376u", &[Insert, Delete, F(13)]);
}

/// The control and Alt keys of keyboards with other letters, with and without the place.
#[test]
fn with_control_and_alt_a_key_counts_by_its_place() {
    for (letter, latin) in
        [('с', 'c'), ('ф', 'a'), ('С', 'c'), ('і', 's'), ('ψ', 'c'), ('ב', 'c'), ('ؤ', 'c'), ('ш', 'i')]
    {
        let (code, place) = (u32::from(letter), u32::from(latin));
        let control = if latin == 'i' { Tab } else { Ctrl(latin) };
        keys(format!("\x1b[{code};5u\x1b[{code}::{place};5u").as_bytes(), &[control, control]);
        keys(format!("\x1b[{code};3u\x1b[{code}::{place};3u\x1b{letter}").as_bytes(), &[Alt(latin); 3]);
        // Without, they write.
        keys(format!("\x1b[{code}u\x1b[{code}::{place}u{letter}").as_bytes(), &[Char(letter); 3]);
    }
    // Latin letters count by what they write: the key of a French Ctrl-A is at the place of q.
    keys(b"\x1b[97::113;5u\x1b[122::119;3u", &[Ctrl('a'), Alt('z')]);
    // The place decides where the standard layouts would guess another one.
    keys(b"\x1b[1092::97;5u\x1b[1072::97;5u\x1b[233::50;3u", &[Ctrl('a'), Ctrl('a'), Alt('2')]);
    keys("\x1b[246;5u\x1bö\x1b[12354;5u".as_bytes(), &[Ctrl('ö'), Alt('ö'), Ctrl('あ')]);
}

#[test]
fn shift_and_caps_lock_write_capitals() {
    keys(
        b"\x1b[97;2u\x1b[97:65;2u\x1b[97;65u\x1b[49:33;2u\x1b[49;65u",
        &[Char('A'), Char('A'), Char('A'), Char('!'), Char('1')],
    );
    keys(
        b"\x1b[45:95;6u\x1b[45;6u\x1b[47;5u\x1b[55;5u\x1b[32;5u\x1b[64;5u",
        &[Ctrl('_'), Ctrl('_'), Ctrl('_'), Ctrl('_'), Ctrl(' '), Ctrl(' ')],
    );
    keys(b"\x1b[99:67;6u\x1b[27;6;67~\x1b[47:63;4u", &[Ctrl('c'), Ctrl('c'), Alt('?')]);
}

#[test]
fn super_hyper_and_meta_neither_write_nor_move() {
    for modifier in [8, 16, 32, 8 + 1, 8 + 4, 16 + 2, 32 + 64] {
        let number = modifier + 1;
        for key in
            ["97;Nu", "1089;Nu", "13;Nu", "27;Nu", "57400;Nu", "1;NA", "1;NP", "5;N~", "15;N~", "27;N;97~", "1;NZ"]
        {
            keys(format!("\x1b[{}", key.replace('N', &number.to_string())).as_bytes(), &[]);
        }
    }
}

#[test]
fn noise_is_no_key_and_causes_no_panic() {
    keys(b"\x80\xff\xc3(", &[Char('(')]);
    keys(b"\x1b[?1;2c\x1b[0;0R\x1b[>1;2;3c\x1b[?997;1n\x1b[8;24;80t", &[]);
    keys(b"\x1b[99999999999999999999u\x1b[1;999999999999A\x1b[1;0A", &[Up, Up]);
    keys(b"\xed\xa0\x80\xf4\x90\x80\x80a", &[Char('a')]);
    // The rest of a sequence that is too long is not typed.
    for length in [62, 63, 64, 65, 1000] {
        keys(&[b"\x1b[".as_slice(), &vec![b'1'; length], b"mx"].concat(), &[Char('x')]);
    }
}

#[test]
fn control_strings_are_never_typed() {
    for begin in ["\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX"] {
        for end in ["\x07", "\x1b\\", "\x18", "\x1a"] {
            let bodies = ["", "11;rgb:1e1e/1e1e/2e2e", ">|tool 1.2", "Gi=31;OK", "two\rlines\n", "ä日"];
            for body in bodies.iter().copied().map(str::to_owned).chain([511, 512, 513, 70_000].map(|n| "z".repeat(n)))
            {
                keys(format!("{begin}{body}{end}x").as_bytes(), &[Char('x')]);
            }
        }
        // Another sequence ends it, too.
        keys(format!("{begin}cut off\x1b[Ax").as_bytes(), &[Up, Char('x')]);
        // One whose end is lost takes nothing with it for ever.
        let mut input = InputParser::default();
        input.feed(format!("{begin}lost").as_bytes());
        assert_eq!((input.idle(), input.idle()), (vec![], vec![]));
        assert_eq!(input.feed(b"x"), [Msg::Key(Char('x'))]);
    }
}

#[test]
fn a_sequence_may_pause_anywhere() {
    let up = [Msg::Key(Up), Msg::Key(Char('x'))];
    assert_eq!(slowly(&[b"\x1b[", b"Ax"]), up);
    assert_eq!(slowly(&[b"\x1bO", b"A", b"x"]), up);
    assert_eq!(slowly(&[b"\x1b[1", b";", b"1", b"A", b"x"]), up);
    assert_eq!(slowly(&[b"\x1b[5", b"~"]), [Msg::Key(PageUp)]);
    assert_eq!(slowly(&[b"\x1b[?62", b";22;52c", b"\x1b]", b"11;rgb:00", b"/00/00\x1b", b"\\"]), []);
    assert_eq!(slowly(&[b"\x1bP>", b"|x", b"\x1b\\", b"\x1b[", b"I"]), [Msg::Focus(true)]);
    assert_eq!(slowly(&[b"\xe6", b"\x97", b"\xa5"]), [Msg::Key(Char('日'))]);
    assert_eq!(slowly(&[b"\x1b[M", b" ", b"!", b"!"]), [mouse(Click, 0, 0)]);
    // After an escape that counted as a key, what can only be the rest of a sequence is not typed.
    assert_eq!(slowly(&[b"\x1b", b"[A"]), [Esc, Up].map(Msg::Key));
    assert_eq!(slowly(&[b"\x1b", b"OH"]), [Esc, Home].map(Msg::Key));
    assert_eq!(slowly(&[b"\x1b", b"[?62;22;52c"]), [Msg::Key(Esc)]);
    assert_eq!(slowly(&[b"\x1b", b"]11;rgb:0/0/0\x07"]), [Msg::Key(Esc)]);
    assert_eq!(slowly(&[b"\x1b", b"[200~a\rb\x1b[201~"]), [Msg::Key(Esc), paste("a\nb")]);
    // But what a person types is.
    assert_eq!(slowly(&[b"\x1b", b"[", b"A"]), [Esc, Char('['), Char('A')].map(Msg::Key));
    assert_eq!(slowly(&[b"\x1b", b"O", b"k"]), [Esc, Char('O'), Char('k')].map(Msg::Key));
    assert_eq!(slowly(&[b"\x1b", b"]1"]), [Esc, Char(']'), Char('1')].map(Msg::Key));
    let mut input = InputParser::default();
    input.feed(b"\x1b");
    assert_eq!((input.idle(), input.idle()), (vec![Msg::Key(Esc)], vec![]));
    assert_eq!(input.feed(b"[A"), [Char('['), Char('A')].map(Msg::Key), "long after");
}

fn mouse(action: MouseAction, x: u16, y: u16) -> Msg {
    Msg::Mouse(MouseEvent { action, x, y })
}

#[test]
fn the_mouse_is_read_from_every_kind_of_report() {
    let reports: &[(&[u8], &[Msg])] = &[
        (b"\x1b[<0;5;3M\x1b[<0;5;3m", &[mouse(Click, 4, 2)]),
        (b"\x1b[<64;1;1M\x1b[<65;200;300M", &[mouse(WheelUp, 0, 0), mouse(WheelDown, 199, 299)]),
        (
            b"\x1b[<1;1;1M\x1b[<2;1;1M\x1b[<20;1;1M",
            &[mouse(MiddleClick, 0, 0), mouse(RightClick, 0, 0), mouse(Click, 0, 0)],
        ),
        // Drags, the wheel sideways, other buttons, places that do not exist.
        (b"\x1b[<32;1;1M\x1b[<66;1;1M\x1b[<128;1;1M\x1b[<0;0;1M\x1b[<0;1;70000M\x1b[<0M\x1b[<M", &[]),
        (b"\x1b[M \x25\x23\x1b[M#\x25\x23x", &[mouse(Click, 4, 2), Msg::Key(Char('x'))]),
        (b"\x1b[M`!!\x1b[Ma\xff\xff", &[mouse(WheelUp, 0, 0), mouse(WheelDown, 222, 222)]),
        (b"\x1b[M  !\x1b[M!\x1b[A", &[Msg::Key(Up)]),
        (b"\x1b[32;5;3M\x1b[97;1;1M\x1b[35;5;3M", &[mouse(Click, 4, 2), mouse(WheelDown, 0, 0)]),
    ];
    for (bytes, expected) in reports {
        assert_eq!(&read(&[bytes]), expected, "{bytes:?}");
        assert_eq!(&read(&bytes.chunks(1).collect::<Vec<_>>()), expected, "{bytes:?}");
    }
}

#[test]
fn the_focus_is_told_in_order_with_the_keys() {
    let expected = [Msg::Key(Char('a')), Msg::Focus(false), Msg::Key(Char('b')), Msg::Focus(true), Msg::Key(Enter)];
    assert_eq!(read(&[b"a\x1b[Ob\x1b[I\r"]), expected);
}

#[test]
fn answers_of_the_terminal_are_read() {
    let answers = |bytes: &[u8]| {
        let mut input = InputParser::default();
        assert_eq!(input.feed(bytes), []);
        input.take_answers()
    };
    let version = |name: &str| TerminalAnswer::Version(name.into());
    use Background::{Dark, Light};
    for (bytes, expected) in [
        ("\x1bP>|kitty(0.35.1)\x1b\\", version("kitty(0.35.1)")),
        (&format!("\x1bP>|{}\x1b\\", "v".repeat(600)), version(&"v".repeat(64))),
        ("\x1b]11;rgb:1e1e/1e1e/2e2e\x07", TerminalAnswer::Background(Dark)),
        ("\x1b]11;rgb:ff/ff/ff\x1b\\", TerminalAnswer::Background(Light)),
        ("\x1b]11;rgba:f/f/e/8\x1b\\", TerminalAnswer::Background(Light)),
        ("\x1b]11;#fdf6e3\x07", TerminalAnswer::Background(Light)),
        ("\x1b]11;#000000000000\x07", TerminalAnswer::Background(Dark)),
        ("\x1b]11;rgb:0000/ffff/0000\x07", TerminalAnswer::Background(Light)),
        ("\x1b]11;#3f3f3f\x07", TerminalAnswer::Background(Dark)),
        ("\x1b]11;#c1c1c1\x07", TerminalAnswer::Background(Light)),
        ("\x1b[?1007;1$y", TerminalAnswer::AlternateScroll(true)),
        ("\x1b[?1007;2$y", TerminalAnswer::AlternateScroll(false)),
        ("\x1b[?64;1;2c", TerminalAnswer::Last),
    ] {
        assert_eq!(answers(bytes.as_bytes()), [expected], "{bytes:?}");
    }
    for nonsense in [
        "11;",
        "11;?",
        "11;rgb:",
        "11;rgb:1/2",
        "11;rgb:+1/2/3",
        "11;rgb:12345/1/1",
        "11;#",
        "11;#1",
        "11;#é",
        "10;rgb:0/0/0",
        // Neither dark nor light.
        "11;#4d4d4d",
        "11;#bbbbbb",
        "11;rgb:0000/0000/ffff",
    ] {
        assert_eq!(answers(format!("\x1b]{nonsense}\x07").as_bytes()), [], "{nonsense}");
    }
    assert_eq!(answers(b"\x1b[?1007;0$y\x1b[?2026;1$y\x1b[>65;1c\x1bP>|cut\x18"), []);
    assert_eq!(answers(&b"\x1b[?1c".repeat(100)).len(), 16, "no more are kept");
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
    assert_eq!(read(&[b"\x1b[200~cut off\x1b[20"]), [paste("cut off")]);
    // It may go on after a pause, and nothing of it is typed.
    let slow = slowly(&[b"\x1b[200~one\r", b"\ntwo\xe6\x97", b"\xa5\x1b[2", b"01~x"]);
    assert_eq!(slow, [paste("one"), paste("\ntwo"), paste("日"), Msg::Key(Char('x'))]);
    assert_eq!(slowly(&[b"\x1b[20", b"0~", b"one\rtwo", b"\x1b[201~"]), [paste("one\ntwo")]);
    assert_eq!(slowly(&[b"\x1b[200~\x1b", b"[201~"]), [paste("")]);
    let lost = read(&[b"\x1b[200~lost\r"]);
    assert_eq!(lost, [paste("lost"), paste("\n")]);
    let much = vec![b'a'; MAX_PASTE + 10];
    assert_eq!(read(&[b"\x1b[200~", &much, b"\x1b[201~b"]), [paste(&"a".repeat(MAX_PASTE)), Msg::Key(Char('b'))]);
    let parts = slowly(&[b"\x1b[200~", &much, &much, b"\x1b[201~b"]);
    assert_eq!(parts, [paste(&"a".repeat(MAX_PASTE)), Msg::Key(Char('b'))], "all parts together are bounded");
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

#[test]
fn once_the_terminal_has_marked_a_paste_lines_without_marks_are_typed_however_fast() {
    let typed =
        |text: &str| text.chars().map(|c| Msg::Key(if c == '\r' { Enter } else { Char(c) })).collect::<Vec<_>>();
    let mut input = InputParser::default();
    assert_eq!(input.feed(b"one\rtwo\r"), [paste("one\ntwo\n")]);
    input.idle();
    assert_eq!(input.feed(b"\x1b[200~a\rb\x1b[201~/join #a\rhello\r")[1..], typed("/join #a\rhello\r"));
    assert_eq!(input.feed(b"one\rtwo\r"), typed("one\rtwo\r"));
    assert_eq!(input.feed(b"\x1b[200~a\rb\x1b[201~"), [paste("a\nb")]);
}

#[test]
fn the_names_of_keys_are_regular() {
    let names = [
        (ShiftUp, "Shift-Up"),
        (CtrlDown, "Ctrl-Down"),
        (AltLeft, "Alt-Left"),
        (AltShiftDown, "Alt-Shift-Down"),
        (AltHome, "Alt-Home"),
        (ShiftPageUp, "Shift-PageUp"),
        (BackTab, "Shift-Tab"),
        (AltEnter, "Alt-Enter"),
        (Insert, "Insert"),
        (Ctrl('_'), "Ctrl-_"),
        (Ctrl(' '), "Ctrl-Space"),
        (Alt('m'), "Alt-M"),
        (Char(' '), "Space"),
        (F(12), "F12"),
    ];
    for (key, name) in names {
        assert_eq!(key.to_string(), name);
    }
    let stand_ins = [(ShiftUp, Up), (ShiftPageDown, PageDown), (AltRight, CtrlRight), (AltEnd, CtrlEnd)];
    for (key, stand_in) in stand_ins {
        assert_eq!((key.stand_in(), stand_in.stand_in()), (Some(stand_in), None));
    }
}
