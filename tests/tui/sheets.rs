//! The sheet with a line to be copied: no frame, one line for the terminal, and a QR code that can be scanned.

use expect_test::expect_file;
use std::fmt::Write as _;
use tr2::client::tui::look::{Depth, Look};
use tr2::client::view::{Background, View};

use crate::script::Play;
use crate::{ASCII, Bench, COLOURS};

const SERVER: &str = "tls://chat.example.org";
const KEY: &str = "SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI";
const CODE: &str = "lusab-babad-gutih-tugad-mupov";

/// The sheet of a new device at a size.
fn sheet(size: &str) -> View {
    let mut play = Play::new(&format!("start name=alice server={SERVER}"));
    for step in [
        &format!("start name=alice server={SERVER}"),
        &format!("server-key {KEY}"),
        &format!("size {size}"),
        "calls",
        "say /invite-key",
        &format!("server @ref=5-0006 server | alice | invited | 600 {CODE}"),
    ] {
        play.step(step);
    }
    play.session.view()
}

fn shown(size: &str, look: Look, background: Option<Background>) -> Bench {
    let view = View { background, ..sheet(size) };
    let mut bench = Bench::new(view.cols, view.rows, look);
    // Behind it was something else.
    let mut before = Play::new("start name=alice");
    ["start name=alice", &format!("size {size}"), "online bob", "many 50"].iter().for_each(|step| before.step(step));
    bench.draw(before.session.view());
    bench.draw(view);
    bench
}

#[test]
fn the_sheet_looks_right_at_every_size() {
    let mut all = String::new();
    for size in ["80x24", "80x40", "60x16", "40x10", "20x5"] {
        writeln!(all, "== {size}\n{}", shown(size, COLOURS, Some(Background::Dark)).seen()).unwrap();
    }
    expect_file!["golden/new-device.txt"].assert_eq(&all);
}

#[test]
fn what_a_terminal_copies_is_one_line() {
    let line = format!("tr2 join --name alice --server {SERVER}:1235 --fingerprint {KEY} --code {CODE}");
    // At these widths the line is cut in a word, at a blank, and before one.
    for cols in (20..160).chain([200]) {
        let bench = shown(&format!("{cols}x24"), COLOURS, Some(Background::Dark));
        let text = bench.terminal.screen().contents();
        assert!(text.lines().any(|row| row.trim_end() == line), "{cols} columns: {text}");
    }
}

/// The colours of the cells of the QR code, and the text of its rows.
fn code(bench: &Bench) -> (Vec<(vt100::Color, vt100::Color)>, Vec<String>) {
    let screen = bench.terminal.screen();
    let mut colours = Vec::new();
    let mut rows = Vec::new();
    for row in 3..32 {
        let cells: Vec<_> = (0..57).map(|col| screen.cell(row, col).unwrap()).collect();
        colours.extend(cells.iter().map(|cell| (cell.fgcolor(), cell.bgcolor())));
        rows.push(cells.iter().map(|cell| if cell.contents().is_empty() { " " } else { cell.contents() }).collect());
    }
    colours.dedup();
    (colours, rows)
}

#[test]
fn the_qr_code_is_dark_on_light_on_every_background() {
    let black_on_white = [(vt100::Color::Idx(16), vt100::Color::Idx(231))];
    let (_, rows) = code(&shown("80x40", COLOURS, None));
    // A finder: seven by seven, in a quiet zone of four.
    assert!(rows[2].starts_with("    █▀▀▀▀▀█") && rows[0].trim().is_empty(), "{}", rows.join("\n"));
    for background in [Some(Background::Dark), Some(Background::Light), None] {
        for depth in [Depth::Palette, Depth::True] {
            let (colours, same) = code(&shown("80x40", Look { depth, ..COLOURS }, background));
            assert_eq!((colours.as_slice(), &same), (&black_on_white[..], &rows), "{depth:?} {background:?}");
        }
    }
    let sixteen = code(&shown("80x40", Look { depth: Depth::Sixteen, ..COLOURS }, None));
    assert_eq!(sixteen, (vec![(vt100::Color::Idx(0), vt100::Color::Idx(7))], rows.clone()));
    // Without colours, the light modules are what is drawn on a dark background, and the dark ones on a light one.
    let mono = Look { depth: Depth::Mono, ..COLOURS };
    let turned: Vec<String> = rows.iter().map(|row| row.chars().map(inverted).collect()).collect();
    assert_eq!(code(&shown("80x40", mono, Some(Background::Dark))).1, turned);
    assert_eq!(code(&shown("80x40", mono, Some(Background::Light))).1, rows);
    for (look, background) in [(mono, None), (ASCII, Some(Background::Dark))] {
        assert!(code(&shown("80x40", look, background)).1.iter().all(|row| row.trim().is_empty()), "none is drawn");
    }
}

fn inverted(cell: char) -> char {
    match cell {
        '█' => ' ',
        '▀' => '▄',
        '▄' => '▀',
        _ => '█',
    }
}

#[test]
fn the_chat_is_as_before_once_the_sheet_is_closed() {
    let mut play = Play::new("start name=alice");
    let mut bench = Bench::new(80, 24, COLOURS);
    for step in ["start name=alice", "size 80x24", "calls", "many 40"] {
        play.step(step);
    }
    bench.draw(play.session.view());
    let before = bench.seen();
    for step in ["say /invite-key", &format!("server @ref=5-0006 server | alice | invited | 600 {CODE}")] {
        play.step(step);
    }
    bench.draw(play.session.view());
    assert!(bench.seen().contains("tr2 join --name alice"), "{}", bench.seen());
    play.step("key Esc");
    bench.draw(play.session.view());
    assert_eq!(bench.seen(), before);
}
