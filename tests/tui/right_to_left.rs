//! Names and text in Hebrew and Arabic. The terminal is told not to reorder them (`\x1b[8l`), because it would do so
//! across panes; so each stands in the order in which it was written, in its own cells.

use tr2::client::tui::look::{Depth, Look};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::golden::screen;
use crate::{ASCII, Bench, COLOURS};

/// Two who are online, with names as long as those of the Latin talk.
const LATIN: [&str; 2] = ["davidx", "layla"];
const RIGHT_TO_LEFT: [&str; 2] = ["דוידלב", "ليلىم"];

/// What they say, with digits, Latin letters, and points that take no cells.
const WORDS: [&str; 2] = ["שָׁלוֹם, 3 קבצים (a.txt)", "مرحبا 12:30 web3"];

/// A talk with these two, and with what alice writes back.
fn talk(names: [&str; 2], words: [&str; 2], reply: &str) -> String {
    let [one, other] = names;
    let said = |id: usize, from: &str, words: &str| {
        format!(
            "server @id={id};time=2026-11-22T11:0{id}:00Z;verified=yes {from} | all clients | broadcast_not_me | {words}\n"
        )
    };
    format!(
        "verified {one} {other}\n{}{}server @ref=5-0004;id=3 server | alice | accepted\ntype {reply}",
        said(1, one, words[0]),
        said(2, other, words[1])
    )
}

/// A Latin letter for one of another script; everything else as it is.
fn latin(c: char) -> char {
    if c.is_alphabetic() && !c.is_ascii() { 'x' } else { c }
}

/// What stands in each cell, row by row, every letter as the same one.
fn columns(bench: &Bench) -> Vec<String> {
    let letter = |c: char| if c.is_alphabetic() { 'x' } else { c };
    cells(bench).iter().map(|row| row.iter().map(|cell| cell.chars().next().map_or(' ', letter)).collect()).collect()
}

/// The cells of each row; an empty one is a blank.
fn cells(bench: &Bench) -> Vec<Vec<String>> {
    let (rows, cols) = bench.terminal.screen().size();
    let cell = |row: u16, col: u16| bench.terminal.screen().cell(row, col).map_or("", |cell| cell.contents());
    let shown = |text: &str| if text.is_empty() { " ".to_owned() } else { text.to_owned() };
    (0..rows.get()).map(|row| (0..cols.get()).map(|col| shown(cell(row, col))).collect()).collect()
}

/// Where this text stands: each row, and its first column there.
fn found(bench: &Bench, text: &str) -> Vec<(usize, usize)> {
    let there = |(row, cells): (usize, Vec<String>)| {
        let starts = cells.windows(text.width()).enumerate().filter(|(_, part)| part.concat() == text);
        starts.map(|(column, _)| (row, column)).collect::<Vec<_>>()
    };
    cells(bench).into_iter().enumerate().flat_map(there).collect()
}

#[test]
fn panes_names_and_text_keep_their_columns() {
    for size in ["80x24", "120x40", "200x60", "60x16", "40x10", "20x5"] {
        let draw = |names, words| screen(size, &talk(names, words, ""), COLOURS, None);
        // The same in Latin letters, each as wide; the points are no letters of their own.
        let latin = WORDS.map(|words| words.chars().filter(|c| c.width() != Some(0)).map(latin).collect());
        let latin: [String; 2] = latin;
        let (other, mine) = (draw(LATIN, [&latin[0], &latin[1]]), draw(RIGHT_TO_LEFT, WORDS));
        assert_eq!(columns(&mine), columns(&other), "{size}\n{}\n{}", other.seen(), mine.seen());
        for (latin, name) in LATIN.iter().zip(RIGHT_TO_LEFT) {
            assert_eq!(latin.width(), name.width(), "{name}");
            assert_eq!(found(&mine, name), found(&other, latin), "{name} at {size}\n{}", mine.seen());
        }
    }
}

#[test]
fn text_stands_in_the_order_in_which_it_was_written() {
    let mine = screen("120x40", &talk(RIGHT_TO_LEFT, WORDS, "תודה bob"), COLOURS, None);
    for text in WORDS.into_iter().chain(RIGHT_TO_LEFT).chain(["תודה bob"]) {
        assert!(!found(&mine, text).is_empty(), "{text}\n{}", mine.seen());
    }
    // Both are in the list of people and beside what they say; the names stand at the right of the same column.
    let ends = RIGHT_TO_LEFT.map(|name| found(&mine, name).last().unwrap().1 + name.width());
    assert_eq!(ends[0], ends[1], "{}", mine.seen());
    // The cursor stands after what is written, where the next character goes.
    let (_, column) = mine.terminal.screen().cursor_position();
    let (_, start) = found(&mine, "תודה bob")[0];
    assert_eq!(usize::from(column), start + "תודה bob".width(), "{}", mine.seen());
}

#[test]
fn without_unicode_a_sign_for_each_letter_keeps_the_columns_too() {
    let ascii = Look { depth: Depth::Mono, ..ASCII };
    let mine = screen("80x24", &talk(RIGHT_TO_LEFT, WORDS, ""), ascii, None);
    assert!(mine.seen().is_ascii(), "{}", mine.seen());
    let bars: Vec<usize> = mine.seen().lines().filter_map(|row| row.find('|')).collect();
    assert!(bars.len() > 20 && bars.iter().all(|column| *column == bars[0]), "{}", mine.seen());
}
