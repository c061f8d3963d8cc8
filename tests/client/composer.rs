//! The composer: keys in, text and cursor out.

use proptest::prelude::*;
use tr2::client::key::Key;
use tr2::client::text::composer::{Composer, MAX_RECALLED};
use tr2::client::text::editor::{Editor, MAX_DRAFT};
use tr2::client::text::wrap;
use tr2::model::Name;
use tr2::model::text;

/// Plays keys: words are named keys, quoted text is typed, `Tab` completes, `Send` takes the text as sent.
fn write(keys: &str) -> String {
    let names: Vec<Name> = ["bob", "Bobby", "carol"].iter().map(|name| Name::parse(name).unwrap()).collect();
    let mut composer = Composer::default();
    for (at, part) in keys.split('"').enumerate() {
        if at % 2 == 1 {
            part.chars().for_each(|c| {
                composer.key(Key::Char(c));
            });
            continue;
        }
        for name in part.split_whitespace() {
            match name {
                "Send" => {
                    let text = composer.swap(Editor::default()).text();
                    composer.remember(text);
                }
                "Tab" => {
                    composer.complete(names.iter());
                }
                name => {
                    composer.key(crate::script::key(name));
                }
            }
        }
    }
    format!("{}|{}", composer.editor().before(), composer.editor().after())
}

#[test]
fn common_editing_keys_work() {
    let cases = [
        (r#""hello" Ctrl-A "x""#, "x|hello"),
        (r#""hello" Ctrl-A Ctrl-E "x""#, "hellox|"),
        (r#""hello" Ctrl-B Ctrl-B Right "x""#, "hellx|o"),
        (r#""one two" Ctrl-W"#, "one |"),
        (r#""one two  " Ctrl-W Ctrl-W "#, "|"),
        (r#""one two" Ctrl-U Ctrl-Y Ctrl-Y"#, "one twoone two|"),
        (r#""one two" Ctrl-A Ctrl-K"#, "|"),
        (r#""one two" Ctrl-Left"#, "one |two"),
        (r#""one two" Ctrl-A Alt-F"#, "one| two"),
        (r#""one two" Ctrl-A Alt-D"#, "| two"),
        (r#""one two" Alt-Backspace"#, "one |"),
        (r#""ab" Home Delete"#, "|b"),
        (r#""ab" Backspace Backspace Backspace"#, "|"),
        (r#""one" Alt-Enter "two" Home Ctrl-K Backspace"#, "one|"),
        (r#""one" Alt-Enter "three" Up "x""#, "onex|\nthree"),
        (r#""three" Alt-Enter "o" Up "x" Down "y""#, "txhree\noy|"),
        (r#""e" Backspace "日本" Left "x""#, "日x|本"),
    ];
    for (keys, expected) in cases {
        assert_eq!(write(keys), expected, "{keys}");
    }
}

#[test]
fn up_and_down_recall_earlier_messages_in_an_empty_composer() {
    let cases = [
        (r#""one" Send "two" Send Up"#, "two|"),
        (r#""one" Send "two" Send Up Up"#, "one|"),
        (r#""one" Send "two" Send Up Up Up"#, "one|"),
        (r#""one" Send "two" Send Up Up Down"#, "two|"),
        (r#""one" Send "two" Send Up Down"#, "|"),
        (r#""one" Send "draft" Up"#, "draft|"),
        (r#""one" Send "two" Send Up "!" Up"#, "two!|"),
        ("Up Down", "|"),
    ];
    for (keys, expected) in cases {
        assert_eq!(write(keys), expected, "{keys}");
    }
}

#[test]
fn tab_completes_names_and_commands() {
    let cases = [
        (r#""bo" Tab"#, "bob: |"),
        (r#""bo" Tab Tab"#, "Bobby: |"),
        (r#""bo" Tab Tab Tab"#, "bob: |"),
        (r#""ask CA" Tab"#, "ask carol |"),
        (r#""zz" Tab"#, "zz|"),
        (r#""/ms" Tab"#, "/msg |"),
        (r#""/msg ca" Tab"#, "/msg carol |"),
        (r#""bo" Left Tab"#, "b|o"),
    ];
    for (keys, expected) in cases {
        assert_eq!(write(keys), expected, "{keys}");
    }
}

#[test]
fn recalled_messages_are_bounded() {
    for (sent, oldest) in [(MAX_RECALLED, "0"), (MAX_RECALLED + 1, "1")] {
        let mut composer = Composer::default();
        (0..sent).for_each(|number| composer.remember(number.to_string()));
        for _ in 0..sent + 5 {
            composer.key(Key::Up);
        }
        assert_eq!(composer.editor().text(), oldest);
    }
}

#[test]
fn a_draft_is_bounded() {
    let mut composer = Composer::default();
    assert!(composer.insert(&"x".repeat(MAX_DRAFT)));
    assert!(!composer.insert("y"));
    assert_eq!(composer.editor().text().len(), MAX_DRAFT);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_draft_stays_harmless(parts in prop::collection::vec((0..200_usize, "\\PC{0,4}|\u{1100}|\u{301}|\u{202e}|\n"), 0..40)) {
        let keys = crate::script::keys();
        let mut composer = Composer::default();
        for (key, pasted) in parts {
            composer.insert(&pasted);
            composer.key(keys[key % keys.len()]);
            prop_assert!(text::is_clean(&composer.editor().text()));
            let rows = composer.rows(7);
            prop_assert!(rows.row < rows.rows.len() && rows.column < 7);
            prop_assert!(rows.rows.iter().all(|row| wrap::cells(row) <= 7));
        }
    }
}
