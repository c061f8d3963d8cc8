//! Text from others is harmless once cleaned, whatever it contains; so are names and logged values.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use tr2::model::escape::Logged;
use tr2::model::name::lenient;
use tr2::model::search_words::holds;
use tr2::model::text::{MAX_CLUSTER_CELLS, MAX_MARKS, is_clean, is_harmless};
use tr2::model::{Name, Text};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cleans a text, checks that the result is harmless, and returns it.
fn cleaned(raw: &str) -> String {
    let text = Text::block(raw);
    let clean = text.as_str();
    assert!(clean.chars().all(|c| c == '\n' || !c.is_control()), "{raw:?} -> {clean:?}");
    let wide = clean.graphemes(true).find(|cluster| cluster.width() > MAX_CLUSTER_CELLS);
    assert_eq!(wide, None, "{raw:?} -> {clean:?}");
    assert_eq!(Text::block(clean).as_str(), clean, "cleaned twice: {raw:?}");
    assert!(is_clean(clean), "{raw:?} -> {clean:?}");
    let line = Text::line(raw);
    assert!(!line.as_str().contains('\n'), "{raw:?}");
    assert_eq!(Text::line(line.as_str()), line, "cleaned twice: {raw:?}");
    clean.to_owned()
}

#[test]
fn text_is_cleaned() {
    let cases: &[(&str, &str)] = &[
        ("", ""),
        ("plain ~ text\nof two lines", "plain ~ text\nof two lines"),
        ("olá, 世界, приве́т, 👍🏽, 🇵🇹", "olá, 世界, приве́т, 👍🏽, 🇵🇹"),
        ("a\tb", "a    b"),
        ("a\r\nb", "a\nb"),
        ("\x1b]52;c;ZXZpbA==\x07", "\u{FFFD}]52;c;ZXZpbA==\u{FFFD}"),
        ("\x1b[31mred", "\u{FFFD}[31mred"),
        ("\u{9B}31m", "\u{FFFD}31m"),
        ("\u{9D}0;title\u{9C}", "\u{FFFD}0;title\u{FFFD}"),
        ("a\u{202E}cba", "a\u{FFFD}cba"),
        ("\u{2066}a\u{2069}", "\u{FFFD}a\u{FFFD}"),
        ("a\u{200B}b\u{200D}c\u{FEFF}d\u{2060}e\u{AD}f", "abcdef"),
        ("a\u{E0041}\u{E007F}b", "ab"),
        ("a\u{2028}b\u{2029}c", "a\nb\nc"),
        ("a\u{85}b", "a\u{FFFD}b"),
        ("\u{FFF9}a\u{FFFA}b\u{FFFB}", "ab"),
        ("\u{FDD0}\u{1FFFE}", "\u{FFFD}\u{FFFD}"),
        ("\u{1100}\u{1100}\u{1100}", "\u{FFFD}"),
        ("한\u{1100}\u{1161}", "한\u{1100}\u{1161}"),
        ("नमस्ते, क्या, श्री", "नमस्ते, क्या, श्री"),
        ("\u{1100}\u{1100}", "\u{1100}\u{1100}"),
    ];
    for (raw, clean) in cases {
        assert_eq!(cleaned(raw), *clean, "{raw:?}");
    }
}

#[test]
fn every_control_character_is_removed() {
    for code in (0..0x20).chain(0x7F..0xA0) {
        let control = char::from_u32(code).unwrap();
        let clean = cleaned(&format!("a{control}b"));
        let expected = match control {
            '\n' => "a\nb",
            '\r' => "ab",
            '\t' => "a    b",
            _ => "a\u{FFFD}b",
        };
        assert_eq!(clean, expected, "{code:#x}");
    }
}

#[test]
fn combining_marks_are_limited_wherever_they_are() {
    let kept = format!("a{}", "\u{301}".repeat(MAX_MARKS));
    for raw in [
        kept.clone(),
        format!("a{}", "\u{301}".repeat(MAX_MARKS + 1)),
        format!("a{}", "\u{301}".repeat(500)),
        format!("a{}", "\u{301}\u{200D}".repeat(500)),
        format!("a{}", "\u{FE0F}\u{301}\u{200B}".repeat(500)),
        format!("a{}", "\u{301}\r".repeat(500)),
    ] {
        assert_eq!(cleaned(&raw), kept, "{raw:?}");
    }
}

/// Characters of every kind that the filter handles, and some that it leaves alone.
fn nasty() -> impl Strategy<Value = String> {
    let nasty = "a \n\t\r\u{0}\u{1b}\u{85}\u{9b}\u{300}\u{301}\u{34f}\u{61c}\u{94d}\u{915}\u{937}\u{93f}\u{93e}\u{1100}\u{1161}\u{11a8}\u{115f}\u{200b}\u{200c}\u{200d}\u{202e}\u{2028}\u{2067}\u{fe0f}\u{20e3}\u{feff}\u{1f468}\u{1f3fd}\u{1f1f5}\u{e0041}\u{e01ef}\u{fff9}\u{fdd0}\u{e33}\u{102b}\u{102d}\u{16fe4}\u{1d165}漢";
    let nasty: Vec<char> = nasty.chars().collect();
    prop::collection::vec(prop_oneof![4 => prop::sample::select(nasty), 1 => any::<char>()], 0..40)
        .prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_text_is_harmless_once_cleaned(raw in nasty()) {
        cleaned(&raw);
    }

    #[test]
    fn any_name_is_refused_or_harmless(raw in nasty()) {
        for name in Name::parse(&raw).into_iter().chain(lenient(&raw)) {
            prop_assert_eq!(Text::line(name.as_str()).to_string(), name.to_string());
        }
    }

    #[test]
    fn any_logged_value_is_one_harmless_line(raw in nasty()) {
        let shown = Logged(&raw).to_string();
        prop_assert!(shown.chars().all(|c| !c.is_control()), "{:?}", shown);
        prop_assert!(shown.chars().all(is_harmless), "{:?}", shown);
    }
}

#[test]
fn words_are_found_at_their_beginning_in_linear_time() {
    for (text, wanted, prefix, held) in [
        ("a a a b", "a a b", false, true),
        ("a a a b", "a b a", false, false),
        ("one two", "wo", false, false),
        ("one two", "tw", false, false),
        ("one two", "tw", true, true),
        ("one two", "one t", true, true),
        ("one two", "one", false, true),
        ("one two", "two", false, true),
        ("ones one", "one", false, true),
        ("\u{e4}\u{f6} \u{fc}", "\u{fc}", false, true),
        ("\u{e4}\u{f6} \u{fc}", "\u{f6}", true, false),
        ("", "a", true, false),
    ] {
        assert_eq!(holds(text, wanted, prefix), held, "{wanted:?} in {text:?}");
    }
    // Texts and queries of the maximum length; a naive search would take tens of milliseconds for each.
    let start = Instant::now();
    for (part, wanted) in [("a", "a".repeat(500)), ("ab", "ab".repeat(200)), ("a ", format!("{}b", "a ".repeat(200)))] {
        let text = part.repeat(7168 / part.len());
        (0..100).for_each(|_| assert!(!holds(text.trim(), &wanted, false)));
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
