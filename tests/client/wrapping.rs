//! Wrapping: rows fit their width and no word is lost.

use proptest::prelude::*;
use tr2::client::text::draft_rows::{at_cell, rows, vertical};
use tr2::client::text::wrap;
use tr2::model::Text;
use unicode_segmentation::UnicodeSegmentation as _;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
    #[test]
    fn the_first_row_leaves_room_for_its_prefix(text in "[a-c日 ]{0,60}", width in 3..40_usize, taken in 0..40_usize) {
        let taken = taken.min(width - 1);
        let rows = wrap::wrap_after(taken, &text, width);
        prop_assert!(wrap::cells(&rows[0]) + taken <= width, "{rows:?}");
        prop_assert!(rows.iter().all(|row| wrap::cells(row) <= width), "{rows:?}");
        prop_assert_eq!(rows.concat().replace(' ', ""), text.replace(' ', ""));
        let mut end = 0;
        for (row, at) in wrap::wrap_placed(taken, &text, width) {
            prop_assert!(end <= at && text[at..].starts_with(&row), "{row:?} is not at {at} of {text:?}");
            end = at + row.len();
        }
    }

    #[test]
    fn rows_fit_and_keep_every_word(text in "\\PC{0,80}", width in 1..30_usize) {
        let text = Text::block(&text);
        let draft = rows(text.as_str(), text.as_str().len(), width);
        for rows in [&wrap::wrap(text.as_str(), width), &draft.rows] {
            prop_assert!(!rows.is_empty() && rows.iter().all(|row| wrap::cells(row) <= width));
        }
        // A cluster wider than the whole row is replaced by a sign.
        if text.as_str().graphemes(true).all(|cluster| wrap::cells(cluster) <= width) {
            prop_assert_eq!(draft.rows.concat(), text.as_str().replace('\n', ""));
        }
        prop_assert!(wrap::cells(&wrap::fit(text.as_str(), width)) <= width);
        prop_assert_eq!(wrap::cells(&wrap::pad(text.as_str(), width)), width);
    }

    #[test]
    fn every_place_in_a_draft_has_a_cell_of_its_own(text in "[a-c日 \n]{0,60}", width in 3..30_usize) {
        let places = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]);
        let cells: Vec<(usize, usize, usize)> = places.map(|at| (at, rows(&text, at, width))).map(|(at, rows)| (rows.row, rows.column, at)).collect();
        prop_assert!(cells.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)), "{cells:?}");
        // A click on the cell of a place goes there, and one beyond the text to its end.
        for (row, column, at) in &cells {
            prop_assert_eq!(at_cell(&text, width, *row, *column), *at);
        }
        prop_assert_eq!(at_cell(&text, width, usize::MAX, usize::MAX), text.len());
    }

    #[test]
    fn up_and_down_reach_every_row(text in "[a-c日 \n]{0,60}", width in 3..30_usize) {
        let last = rows(&text, text.len(), width);
        let mut at = text.len();
        for row in (0..last.row).rev() {
            at = vertical(&text, at, width, false).unwrap();
            prop_assert_eq!(rows(&text, at, width).row, row);
        }
        prop_assert_eq!(vertical(&text, at, width, false), None);
        for row in 1..=last.row {
            at = vertical(&text, at, width, true).unwrap();
            prop_assert_eq!(rows(&text, at, width).row, row);
        }
        prop_assert_eq!(vertical(&text, at, width, true), None);
    }
}

#[test]
fn a_draft_breaks_between_words() {
    let cases: [(&str, usize, &[&str]); 8] = [
        ("one two three", 8, &["one two ", "three"]),
        ("one two three", 9, &["one two ", "three"]),
        ("abcdefgh", 5, &["abcd", "efgh"]),
        ("abcdefgh", 9, &["abcdefgh"]),
        ("abcdefgh", 8, &["abcdefg", "h"]),
        ("one\n\ntwo", 8, &["one", "", "two"]),
        ("日本語", 5, &["日本", "語"]),
        ("日本語", 1, &["…", "…", "…", ""]),
    ];
    for (text, width, expected) in cases {
        assert_eq!(rows(text, text.len(), width).rows, expected, "{text:?} in {width}");
    }
}
