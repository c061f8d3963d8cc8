//! The composer: keys in, text and cursor out.

use proptest::prelude::*;
use tr2::client::key::Key;
use tr2::client::msg::SentText;
use tr2::client::text::composer::Composer;
use tr2::client::text::editor::{Editor, MAX_DRAFT};
use tr2::client::text::kill_ring::MAX_KILLS;
use tr2::client::text::recall::{MAX_RECALLED, MAX_RECALLED_BYTES, Recall};
use tr2::client::text::undo::{MAX_UNDO, MAX_UNDO_BYTES};
use tr2::client::text::wrap;
use tr2::model::text;

fn sent(place: &str, text: &str) -> SentText {
    SentText { place: place.to_owned(), text: text.to_owned() }
}

/// Plays keys: words are named keys, quoted text is typed, `Tab` completes, `Send` takes the text as sent, `in:PLACE` goes
/// to another conversation, `width:N` sets the width of its rows, `escape` is Esc.
fn write(keys: &str) -> String {
    let names: Vec<String> = ["bob", "Bobby", "carol", "Éva", "#ops", "#lab"].map(str::to_owned).to_vec();
    let (mut place, mut width) = (String::new(), 0);
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
                    composer.remember(sent(&place, &text));
                }
                "Tab" => {
                    composer.complete(&names);
                }
                "escape" => {
                    composer.escape();
                }
                name if name.starts_with("in:") => {
                    place = name[3..].to_owned();
                    composer.set_place(&place, width);
                }
                name if name.starts_with("width:") => {
                    width = name[6..].parse().unwrap();
                    composer.set_place(&place, width);
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
fn up_and_down_recall_what_was_sent_in_this_conversation() {
    let cases = [
        (r#""one" Send "two" Send Up"#, "two|"),
        (r#""one" Send "two" Send Up Up"#, "one|"),
        (r#""one" Send "two" Send Up Up Up"#, "one|"),
        (r#""one" Send "two" Send Up Up Down"#, "two|"),
        (r#""one" Send "two" Send Up Down"#, "|"),
        (r#""one" Send "draft" Up"#, "one|"),
        (r#""one" Send "draft" Up Down"#, "draft|"),
        (r#""one" Send "two" Send Up "!" Up"#, "two|"),
        (r#""one" Send "two" Send Up "!" Up Down"#, "two!|"),
        ("Up Down", "|"),
        (r#""a" Up Down"#, "a|"),
        (r#"in:bob "secret" Send in: Up"#, "|"),
        (r#"in:bob "secret" Send in: Ctrl-R "sec" Enter"#, "|"),
        (r#"in:bob "secret" Send in: Up in:bob Up"#, "secret|"),
        (r#""one" Send in:bob "two" Send in: Up Up"#, "one|"),
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
        (r#""@bo" Tab"#, "@bob |"),
        (r#""(bo" Tab"#, "(bob |"),
        (r#""hello,bo" Tab"#, "hello,bob |"),
        (r#""ask @CAR" Tab"#, "ask @carol |"),
        (r#""e" Tab"#, "Éva: |"),
        (r#""é" Tab"#, "Éva: |"),
        (r#""x@bo" Tab"#, "x@bo|"),
        (r#""/home/bo" Tab"#, "/home/bo|"),
        (r#""https://bo" Tab"#, "https://bo|"),
        (r##""in #o" Tab"##, "in #ops |"),
        (r##""#l" Tab"##, "#lab |"),
        (r##""(#l" Tab"##, "(#lab |"),
        (r##""/join #o" Tab"##, "/join #ops |"),
        (r#""/slow o" Tab"#, "/slow off |"),
        (r#""/ban --" Tab"#, "/ban --dry-run |"),
        (r#""/close-server i" Tab"#, "/close-server in |"),
        (r#""/join x pr" Tab"#, "/join x private |"),
        (r#"":smi" Tab"#, "😄|"),
        (r#"":smi" Tab Tab"#, "😃|"),
        (r#""well :rocket" Tab"#, "well 🚀|"),
        (r#""12:30" Tab"#, "12:30|"),
        (r#"":" Tab"#, ":|"),
        ("Tab", "|"),
        (r#"" " Tab"#, " |"),
    ];
    for (keys, expected) in cases {
        assert_eq!(write(keys), expected, "{keys}");
    }
}

#[test]
fn cuts_gather_and_a_cut_of_nothing_keeps_what_was_cut() {
    let cases = [
        (r#""precious" Ctrl-U Ctrl-K Ctrl-Y"#, "precious|"),
        (r#""precious" Ctrl-U Ctrl-U Ctrl-Y"#, "precious|"),
        (r#""precious" Ctrl-U Ctrl-W Alt-D Ctrl-Y"#, "precious|"),
        (r#""one two three" Ctrl-W Ctrl-W Ctrl-Y"#, "one two three|"),
        (r#""one two" Ctrl-A Alt-D Alt-D Ctrl-Y"#, "one two|"),
        (r#""one two" Ctrl-Left Ctrl-W Ctrl-K Ctrl-Y"#, "one two|"),
        (r#""one two" Ctrl-Left Ctrl-K Ctrl-U Ctrl-Y"#, "one two|"),
        (r#""one" Ctrl-W "two" Ctrl-W Ctrl-Y"#, "two|"),
        (r#""one" Ctrl-W "two" Ctrl-W Ctrl-Y Alt-Y"#, "one|"),
        (r#""one" Ctrl-W "two" Ctrl-W Ctrl-Y Alt-Y Alt-Y"#, "two|"),
        (r#""one" Ctrl-W "two" Alt-Y"#, "two|"),
        ("Ctrl-Y", "|"),
    ];
    for (keys, expected) in cases {
        assert_eq!(write(keys), expected, "{keys}");
    }
}

#[test]
fn the_ring_of_cuts_is_bounded() {
    for (cuts, oldest) in [(MAX_KILLS, "0"), (MAX_KILLS + 1, "1")] {
        let mut composer = Composer::default();
        (0..cuts).for_each(|number| composer.keep_cut(&number.to_string()));
        composer.key(Key::Ctrl('y'));
        (1..MAX_KILLS).for_each(|_| {
            composer.key(Key::Alt('y'));
        });
        assert_eq!(composer.editor().text(), oldest);
    }
}

#[test]
fn words_are_changed_and_characters_exchanged() {
    let cases = [
        (r#""ab" Ctrl-T"#, "ba|"),
        (r#""abc" Left Ctrl-T"#, "acb|"),
        (r#""ab" Home Ctrl-T"#, "|ab"),
        (r#""a" Ctrl-T"#, "a|"),
        ("Ctrl-T", "|"),
        (r#""x" Alt-Enter Ctrl-T"#, "x\n|"),
        (r#""日本" Ctrl-T"#, "本日|"),
        (r#""one two" Ctrl-A Alt-U"#, "ONE| two"),
        (r#""one TWO" Ctrl-A Alt-C Alt-C"#, "One Two|"),
        (r#""straße" Ctrl-A Alt-U"#, "STRASSE|"),
        (r#""see this" Send "x " Alt-."#, "x this|"),
        (r#""see this" Send "or that" Send "x " Alt-. Alt-."#, "x this|"),
        ("Alt-.", "|"),
    ];
    for (keys, expected) in cases {
        assert_eq!(write(keys), expected, "{keys}");
    }
}

#[test]
fn changes_are_undone() {
    let cases = [
        (r#""one two" Ctrl-_"#, "one |"),
        (r#""one two" Ctrl-_ Ctrl-_ Ctrl-_"#, "|"),
        (r#""one" Ctrl-U Ctrl-_"#, "one|"),
        (r#""one two" Ctrl-W Ctrl-_"#, "one two|"),
        (r#""ab" Ctrl-T Ctrl-_"#, "ab|"),
        (r#""bo" Tab Ctrl-_"#, "bo|"),
        (r#""one" escape escape Ctrl-_"#, "one|"),
        (r#""old" Send "new" Ctrl-R "ol" Left Ctrl-_"#, "new|"),
        ("Ctrl-_", "|"),
    ];
    for (keys, expected) in cases {
        assert_eq!(write(keys), expected, "{keys}");
    }
}

#[test]
fn esc_twice_puts_the_draft_away() {
    let cases = [
        (r#""one" escape"#, "one|"),
        (r#""one" escape escape"#, "|"),
        (r#""one" escape "!" escape"#, "one!|"),
        (r#""one" escape escape Ctrl-Y"#, "one|"),
        (r#""one" Alt-Enter "two" escape escape Ctrl-Y"#, "one\ntwo|"),
        (r#""one" escape escape escape escape Ctrl-Y"#, "one|"),
    ];
    for (keys, expected) in cases {
        assert_eq!(write(keys), expected, "{keys}");
    }
}

#[test]
fn what_was_sent_is_searched() {
    let cases = [
        (r#""disk full" Send "net down" Send Ctrl-R "disk" Right"#, "disk full|"),
        (r#""disk one" Send "disk two" Send Ctrl-R "disk" Ctrl-R Right"#, "disk one|"),
        (r#""disk one" Send "disk two" Send Ctrl-R "disk" Ctrl-R Ctrl-R Right"#, "disk one|"),
        (r#""Disk" Send Ctrl-R "dISK" Right"#, "Disk|"),
        (r#""disk" Send "mine" Ctrl-R "disk" escape"#, "mine|"),
        (r#""disk" Send "mine" Ctrl-R "disk" Ctrl-G"#, "mine|"),
        (r#""disk" Send "mine" Ctrl-R "nothing" Right"#, "mine|"),
        (r#""disk" Send "dose" Send Ctrl-R "dis" Backspace Backspace Right"#, "dose|"),
        (r#""disk" Send Ctrl-R Ctrl-R Right"#, "|"),
        (r#""disk" Send Ctrl-R "d" End "!""#, "disk!|"),
    ];
    for (keys, expected) in cases {
        assert_eq!(write(keys), expected, "{keys}");
    }
}

#[test]
fn up_and_down_move_by_rows() {
    let cases = [
        (r#"width:8 "one two three" Up "x""#, "one txwo three"),
        (r#"width:8 "one two three" Up Down "x""#, "one two threex"),
        (r#""old" Send width:8 "one two three" Up Up"#, "old|"),
        (r#""old" Send width:8 "one two three" Up Up Down"#, "one t|wo three"),
    ];
    for (keys, expected) in cases {
        assert_eq!(write(keys).replace('|', if expected.contains('|') { "|" } else { "" }), expected, "{keys}");
    }
}

#[test]
fn recalled_messages_are_bounded() {
    for (count, oldest) in [(MAX_RECALLED, "0"), (MAX_RECALLED + 1, "1")] {
        let mut composer = Composer::default();
        (0..count).for_each(|number| {
            composer.remember(sent("", &number.to_string()));
        });
        for _ in 0..count + 5 {
            composer.key(Key::Up);
        }
        assert_eq!(composer.editor().text(), oldest);
    }
    let mut recall = Recall::default();
    let text = "x".repeat(MAX_RECALLED_BYTES / 4);
    (0..4).for_each(|number| {
        recall.add(sent("", &text.replacen('x', &number.to_string(), 1)));
    });
    assert_eq!(recall.count(""), 4);
    recall.add(sent("", "y"));
    assert_eq!(recall.count(""), 4);
    assert!(recall.nth("", 3).unwrap().starts_with('1'));
}

#[test]
fn undo_is_bounded() {
    for (changes, rest) in [(MAX_UNDO, ""), (MAX_UNDO + 1, " ")] {
        let mut composer = Composer::default();
        (0..changes).for_each(|_| {
            composer.key(Key::Char(' '));
        });
        (0..changes).for_each(|_| {
            composer.key(Key::Ctrl('_'));
        });
        assert_eq!(composer.editor().text(), rest);
    }
    let mut composer = Composer::default();
    composer.insert(&"x".repeat(MAX_DRAFT - 100));
    (0..100).for_each(|_| {
        composer.key(Key::Char(' '));
    });
    let kept = MAX_UNDO_BYTES / MAX_DRAFT;
    (0..100).for_each(|_| {
        composer.key(Key::Ctrl('_'));
    });
    assert!((MAX_DRAFT - kept - 2..MAX_DRAFT - kept + 2).contains(&composer.editor().len()));
}

#[test]
fn a_draft_is_bounded() {
    let mut composer = Composer::default();
    assert!(composer.insert(&"x".repeat(MAX_DRAFT)));
    assert!(!composer.insert("y"));
    assert_eq!(composer.editor().text().len(), MAX_DRAFT);
    assert!(!composer.take_overflow());
    composer.key(Key::Char('y'));
    assert!(composer.take_overflow() && !composer.take_overflow());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_draft_stays_harmless(parts in prop::collection::vec((0..200_usize, "\\PC{0,4}|\u{1100}|\u{301}|\u{202e}|\n"), 0..40)) {
        let keys = crate::script::keys();
        let mut composer = Composer::default();
        for (key, pasted) in parts {
            composer.insert(&pasted);
            let key = keys[key % keys.len()];
            let before = composer.editor().clone();
            let letter = matches!(key, Key::Char(c) if !c.is_whitespace());
            composer.key(key);
            let moves = matches!(key, Key::Up | Key::Down | Key::Ctrl('_' | 'r')) || composer.searching().is_some();
            if composer.editor().text() != before.text() && !letter && !moves {
                let mut undone = composer.clone();
                undone.key(Key::Ctrl('_'));
                prop_assert_eq!(undone.editor(), &before);
            }
            prop_assert!(text::is_clean(&composer.editor().text()));
            let rows = composer.rows(7);
            prop_assert!(rows.row < rows.rows.len() && rows.column < 7);
            prop_assert!(rows.rows.iter().all(|row| wrap::cells(row) <= 7));
        }
    }
}

#[test]
fn tab_completes_settings_and_their_values_from_the_table() {
    let names = ["bob", "#ops"];
    let tab = |typed: &str, times: usize| {
        let mut composer = Composer::default();
        for c in typed.chars() {
            composer.key(Key::Char(c));
        }
        for _ in 0..times {
            composer.complete(&names);
        }
        composer.editor().text()
    };
    assert_eq!(tab("/set th", 1), "/set theme ");
    assert_eq!(tab("/set th", 2), "/set theme auto ", "another Tab goes on to the value");
    let themes: Vec<String> = (1..=6).map(|times| tab("/set theme ", times)).collect();
    assert_eq!(themes, ["auto", "dark", "light", "mono", "-", "auto"].map(|value| format!("/set theme {value} ")));
    assert_eq!(tab("/set theme l", 1), "/set theme light ");
    assert_eq!([tab("/set n", 1), tab("/set n", 2)], ["/set name ", "/set notify "]);
    assert_eq!(tab("/set bell ", 2), "/set bell false ");
    assert_eq!([tab("/set k", 1), tab("/set keys.ro", 1)], ["/set keys.", "/set keys.rooms "]);
    assert_eq!(tab("/set keys.rooms n", 1), "/set keys.rooms none ");
    assert_eq!(
        [tab("/set conversations.#o", 1), tab("/set conversations.#ops a", 1)],
        ["/set conversations.#ops ", "/set conversations.#ops all "]
    );
    assert_eq!([tab("/notify ", 2), tab("/notify n", 1)], ["/notify mentions ", "/notify nothing "]);
    for useless in ["/set quux", "/set theme x", "/set quux ", "/set theme dark li", "/set words ", "/notify all a"] {
        let expected = if useless == "/set words " { "/set words - " } else { useless };
        assert_eq!(tab(useless, 1), expected);
    }
}
