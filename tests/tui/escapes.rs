//! Titles, notifications and the clipboard: the sequences, through multiplexers too, and that no text breaks out of them.

use tr2::client::tui::escapes::*;
use tr2::client::tui::look::{Look, Multiplexer, Notification};

use crate::COLOURS;

const HOSTILE: &str = "a\x1b\\b\x07c\u{9c}d\x1b]52;c;eA==\x07;e\n\x18\x1a\0\u{85}\u{7f}é日";

fn look(notification: Notification, multiplexer: Multiplexer) -> Look {
    Look { notification, multiplexer, ..COLOURS }
}

/// What reaches the terminal behind the multiplexer.
fn behind(multiplexer: Multiplexer, written: &str) -> String {
    match multiplexer {
        Multiplexer::None => written.to_owned(),
        Multiplexer::Tmux => {
            let inside = written.strip_prefix("\x1bPtmux;").and_then(|rest| rest.strip_suffix("\x1b\\")).unwrap();
            assert!(!inside.replace("\x1b\x1b", "").contains('\x1b'), "every escape is doubled: {inside:?}");
            inside.replace("\x1b\x1b", "\x1b")
        }
        Multiplexer::Screen => {
            let parts = written.split_inclusive("\x1b\\");
            parts
                .map(|part| {
                    assert!(part.len() <= 768, "{} bytes", part.len());
                    part.strip_prefix("\x1bP").and_then(|part| part.strip_suffix("\x1b\\")).unwrap()
                })
                .collect()
        }
    }
}

/// The control strings in what is written; there is nothing between them and no control in them.
fn strings(mut written: &str) -> Vec<&str> {
    let mut strings = Vec::new();
    while !written.is_empty() {
        let rest = written.strip_prefix("\x1b]").unwrap_or_else(|| panic!("{written:?}"));
        let end = rest.find(|c: char| c.is_control()).unwrap();
        strings.push(&rest[..end]);
        written = rest[end..].strip_prefix('\x07').or_else(|| rest[end..].strip_prefix("\x1b\\")).unwrap();
    }
    strings
}

const MULTIPLEXERS: [Multiplexer; 3] = [Multiplexer::None, Multiplexer::Tmux, Multiplexer::Screen];

#[test]
fn a_notification_has_the_form_of_its_terminal() {
    let cases = [
        (Notification::Kitty, vec!["99;i=tr2-7:d=0:p=title;bob; in #ops", "99;i=tr2-7:d=1:p=body;lunch; at 12?"]),
        (Notification::Urxvt, vec!["777;notify;bob, in #ops;lunch; at 12?"]),
        (Notification::Iterm, vec!["9;bob; in #ops: lunch; at 12?"]),
    ];
    for (way, expected) in cases {
        for multiplexer in MULTIPLEXERS {
            let written = notification("bob; in #ops", "lunch; at 12?", 7, look(way, multiplexer)).unwrap();
            assert_eq!(strings(&behind(multiplexer, &written)), expected);
        }
    }
    assert_eq!(notification("bob", "hi", 1, look(Notification::Bell, Multiplexer::None)), None);
    // Numbers at the start of OSC 9 would be a command.
    for (title, body) in [("4", ";1;50"), ("", "9;/etc"), ("4;3", ""), ("", "")] {
        let written = notification(title, body, 1, look(Notification::Iterm, Multiplexer::None)).unwrap();
        assert!(written.starts_with("\x1b]9; "), "{written:?}");
    }
}

#[test]
fn no_text_breaks_out_of_its_sequence_and_none_is_too_long() {
    for ways in [Notification::Kitty, Notification::Urxvt, Notification::Iterm] {
        for multiplexer in MULTIPLEXERS {
            for unicode in [true, false] {
                let look = Look { unicode, ..look(ways, multiplexer) };
                for text in [HOSTILE.to_owned(), "é".repeat(5000), "\x1b".repeat(5000), "日本語;".repeat(300)] {
                    let written = notification(&text, &text, u32::MAX, look).unwrap();
                    let count = if ways == Notification::Kitty { 2 } else { 1 };
                    let behind = behind(multiplexer, &written);
                    assert_eq!(strings(&behind).len(), count);
                    assert!(behind.chars().count() <= MAX_HEADLINE + MAX_BODY + 80);
                    let written = title(&text, look);
                    assert_eq!(strings(&written).len(), 1);
                    assert!(written.chars().count() <= MAX_TITLE + 6);
                    assert!(unicode || (written + &behind).is_ascii());
                }
            }
        }
    }
    assert_eq!(title("(2) bob", COLOURS), "\x1b]0;(2) bob\x1b\\");
}

#[test]
fn a_text_reaches_the_clipboard_whole_or_not_at_all() {
    let to = |multiplexer, text: &str| clipboard(text, look(Notification::Bell, multiplexer));
    assert_eq!(to(Multiplexer::None, "hello\n\x1bé").unwrap(), "\x1b]52;c;aGVsbG8Kw6k=\x07");
    // tmux may take it itself, or let it through.
    let tmux = to(Multiplexer::Tmux, "hello").unwrap();
    let through = tmux.strip_prefix("\x1b]52;c;aGVsbG8=\x07").unwrap();
    assert_eq!(behind(Multiplexer::Tmux, through), "\x1b]52;c;aGVsbG8=\x07");
    // The most base64 that fits is 74,992 bytes, for 56,244.
    let most = "x".repeat(56_244);
    for multiplexer in MULTIPLEXERS {
        let written = to(multiplexer, &most).unwrap();
        let through =
            if multiplexer == Multiplexer::Tmux { &written[written.find("\x1bP").unwrap()..] } else { &written };
        let behind = behind(multiplexer, through);
        assert_eq!(behind.len(), 74_992 + "\x1b]52;c;\x07".len());
        assert!(behind.len() <= MAX_CLIPBOARD + 10);
        let refused = to(multiplexer, &(most.clone() + "x")).unwrap_err();
        assert_eq!(refused, "The text is too long for a terminal's clipboard (56 kB); nothing was copied.");
    }
    assert!(clipboard("x", Look::LEAST).unwrap_err().contains("no clipboard"));
}
