//! Messages move up as new ones come: the terminal scrolls them where that saves bytes, and shows what a new drawing would.

use std::num::NonZeroU16;

use proptest::collection::vec;
use proptest::prelude::*;
use tr2::client::view::{LineMark, MessageLine, Scope, StyledLine, View};

use crate::views::{chat, dialog, said};
use crate::{Bench, COLOURS};

/// A row of about so many columns, with other words for each number.
fn other_words(number: usize, columns: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qi", "ro", "su", "ta"];
    let mut mixed = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut text = String::new();
    while text.len() + 3 <= columns {
        mixed = mixed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text += SYLLABLES[(mixed >> 40) as usize % SYLLABLES.len()];
        text += if mixed >> 50 & 3 == 0 { " " } else { "" };
    }
    text
}

/// A full pane up to message `last`, of messages of so many rows each, with other words in each row.
fn long_talk(cols: u16, rows: u16, last: usize, height: usize) -> View {
    let mut view = chat(cols, rows);
    view.conversations.rows.iter_mut().for_each(|row| row.right = StyledLine::default());
    let room = usize::from(view.messages.area.height);
    let row = |n: usize| -> MessageLine {
        let text = other_words(n, 42);
        match n % height {
            0 => said("12:00", 0, "bob", &text),
            _ => StyledLine::of(Scope::Text, format!("{:17}{text}", "")).into(),
        }
    };
    view.messages.lines = (last * height - room..last * height).map(row).collect();
    view
}

#[test]
fn a_message_of_many_rows_costs_its_text_and_its_lines_but_not_the_pane() {
    for (cols, rows, beside, each) in [(80, 24, 200, 80), (120, 40, 290, 100), (40, 10, 60, 70)] {
        for height in [1, 2, 4, 5, 6] {
            let mut bench = Bench::new(cols, rows, COLOURS);
            bench.draw(long_talk(cols, rows, 50, height));
            let draw = |last| bench.draw(long_talk(cols, rows, last, height)).concat().len();
            let most = (51..60).map(draw).max().unwrap();
            // Each row has its text of 42, its hairlines and the ways between them, and moves the lists beside it.
            let bound = beside + height * each;
            println!("{most} bytes for {height} rows at {cols}x{rows}");
            assert!(most <= bound, "{most} bytes for {height} rows at {cols}x{rows}, more than {bound}");
        }
    }
}

// Some terminals leave the cursor where it is when the region is reset.
#[test]
fn after_scrolling_the_cursor_is_sent_to_the_first_cell() {
    let mut bench = Bench::new(80, 24, COLOURS);
    bench.draw(long_talk(80, 24, 50, 1));
    let frame = String::from_utf8(bench.draw(long_talk(80, 24, 51, 1)).concat()).unwrap();
    let (_, after) = frame.split_once("\x1b[r").expect("the pane is scrolled");
    assert!(after.starts_with("\x1b[H"), "{frame:?}");
}

/// What can happen between two frames.
#[derive(Clone, Debug)]
enum Change {
    /// So many rows come.
    Rows(usize),
    /// So many of the last rows go.
    Gone(usize),
    /// A row in the middle becomes another.
    Edited(usize),
    /// The conversation at this place gets another count.
    Count(usize, u16),
    /// A dialog opens, or closes.
    Dialog,
    /// The terminal gets another size.
    Size(u16, u16),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        8 => (0_usize..30).prop_map(Change::Rows),
        2 => (0_usize..12).prop_map(Change::Gone),
        2 => any::<usize>().prop_map(Change::Edited),
        2 => (0_usize..3, 0_u16..200).prop_map(|(at, count)| Change::Count(at, count)),
        1 => Just(Change::Dialog),
        1 => prop::sample::select(&[(80, 24), (120, 40), (40, 10), (61, 13), (100, 24)][..])
            .prop_map(|(cols, rows)| Change::Size(cols, rows)),
    ]
}

/// Row `n` of a talk with wide characters, right-to-left text, points, tints, and blank rows.
fn mixed_row(n: usize) -> MessageLine {
    const TEXTS: [&str; 8] = [
        "",
        "日本語のテキスト日本語のテキスト日本語のテキスト",
        "😀 a😀",
        "שָׁלוֹם, 3 קבצים",
        "مرحبا 12:30",
        "e\u{301}te\u{301}",
        "ok",
        "─── 3 new ───",
    ];
    let text = match n % 11 {
        at @ 0..8 => TEXTS[at].to_owned(),
        _ => other_words(n, 20 + n % 30),
    };
    let mark = if n.is_multiple_of(13) { LineMark::Mention } else { LineMark::None };
    let line = match n % 3 {
        0 => StyledLine::of(Scope::Text, format!("{:17}{text}", "")),
        _ => said("12:00", (n % 5) as u8, "carol", &text).line,
    };
    MessageLine { mark, line, ..MessageLine::default() }
}

/// Everything that can be seen of the cells.
fn cells(bench: &Bench) -> Vec<String> {
    let screen = bench.terminal.screen();
    let (rows, cols) = screen.size();
    let cell = |row: u16, col: u16| {
        let cell = screen.cell(row, col).unwrap();
        let blank = cell.contents().trim().is_empty();
        let (text, lines) = (cell.contents().trim().to_owned(), (cell.inverse(), cell.underline(), cell.bgcolor()));
        // A blank has no colour of text.
        let ink = (!blank).then(|| (cell.fgcolor(), cell.bold(), cell.dim()));
        format!("{row},{col}: {text:?} {lines:?} {ink:?}")
    };
    (0..rows.get())
        .flat_map(|row| (0..cols.get()).map(move |col| (row, col)))
        .map(|(row, col)| cell(row, col))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn after_any_changes_the_terminal_shows_what_a_new_drawing_shows(changes in vec(change(), 1..14)) {
        let ((mut cols, mut rows), mut asking) = ((80, 24), false);
        let mut talk: Vec<MessageLine> = (0..60).map(mixed_row).collect();
        let (mut number, mut counts) = (talk.len(), [0; 3]);
        let mut bench = Bench::new(cols, rows, COLOURS);
        for change in changes {
            match change {
                Change::Rows(more) => {
                    talk.extend((number..number + more).map(mixed_row));
                    number += more;
                }
                Change::Gone(rows) => talk.truncate((talk.len() - rows).max(48)),
                Change::Edited(at) => {
                    number += 1;
                    let at = talk.len() - 1 - at % 20;
                    talk[at] = mixed_row(number);
                }
                Change::Count(at, count) => counts[at] = count,
                Change::Dialog => asking = !asking,
                Change::Size(wide, high) => {
                    (cols, rows) = (wide, high);
                    bench.screen.resize((cols, rows));
                    bench.terminal.screen_mut().set_size(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(cols).unwrap());
                }
            }
            let mut view = if asking { dialog(cols, rows) } else { chat(cols, rows) };
            let room = usize::from(view.messages.area.height).min(talk.len());
            view.messages.lines = talk[talk.len() - room..].to_vec();
            for (row, count) in view.conversations.rows.iter_mut().zip(counts) {
                row.right = StyledLine::of(Scope::Unread, count.to_string());
            }
            bench.draw(view.clone());
            let mut fresh = Bench::new(cols, rows, COLOURS);
            fresh.draw(view);
            prop_assert_eq!(cells(&bench), cells(&fresh), "{}\n{}", bench.seen(), fresh.seen());
            prop_assert_eq!(bench.terminal.screen().cursor_position(), fresh.terminal.screen().cursor_position());
        }
    }
}
