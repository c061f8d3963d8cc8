//! Wrapping: rows fit their width and no word is lost.

use proptest::prelude::*;
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
    }

    #[test]
    fn rows_fit_and_keep_every_word(text in "\\PC{0,80}", width in 1..30_usize) {
        let text = Text::block(&text);
        for rows in [wrap::wrap(text.as_str(), width), wrap::chop(text.as_str(), width)] {
            prop_assert!(!rows.is_empty() && rows.iter().all(|row| wrap::cells(row) <= width));
        }
        // A cluster wider than the whole row is replaced by a sign.
        if text.as_str().graphemes(true).all(|cluster| wrap::cells(cluster) <= width) {
            prop_assert_eq!(wrap::chop(text.as_str(), width).concat(), text.as_str().replace('\n', ""));
        }
        prop_assert!(wrap::cells(&wrap::fit(text.as_str(), width)) <= width);
        prop_assert_eq!(wrap::cells(&wrap::pad(text.as_str(), width)), width);
    }
}
