//! Any bytes, cut anywhere, with pauses or without, give the same keys; nothing of a sequence is ever typed.

use proptest::collection::vec;
use proptest::prelude::*;
use tr2::client::key::Key;
use tr2::client::msg::Msg;
use tr2::client::tui::input::InputParser;

/// What terminals send that is no key.
const SILENT: [&[u8]; 14] = [
    b"\x1b[?62;22;52c",
    b"\x1b[>65;6800;1c",
    b"\x1b[12;40R",
    b"\x1b[?2026;2$y",
    b"\x1b[?1007;1$y",
    b"\x1b[8;24;80t",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1b]52;c;aGVsbG8=\x07",
    b"\x1bP>|tool(1.2)\x1b\\",
    b"\x1bP1$r0m\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b[97;9u",
    b"\x1b[<35;10;10M",
];

const PIECES: [&[u8]; 26] = [
    b"a",
    "é".as_bytes(),
    "日".as_bytes(),
    b"\r",
    b"\t",
    b"\x03",
    b"\x1b",
    b"\x1b[",
    b"\x1bO",
    b"\x1b]",
    b"\x1bP",
    b"\x1b[A",
    b"\x1bOc",
    b"\x1b[1;3D",
    b"\x1b[5$",
    b"\x1b[200~",
    b"\x1b[201~",
    b"\x1b[M",
    b"\x1b[<0;1;1M",
    b"\x1b[I",
    b"\x1b[1089::99;5u",
    b"\x1b[[A",
    b"\x07",
    b"\x1b\\",
    b"\x18",
    b"\xe6\x97",
];

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(&PIECES[..]).prop_map(<[u8]>::to_vec),
        2 => prop::sample::select(&SILENT[..]).prop_map(<[u8]>::to_vec),
        // A line feed after a carriage return is one line end only when both are pasted at once.
        1 => vec(any::<u8>().prop_filter("no line feed", |byte| *byte != b'\n'), 1..6),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// What a parser makes of reads, each with whether a pause follows: text, however it came, and everything else.
fn heard(reads: &[(&[u8], bool)]) -> Vec<String> {
    let mut input = InputParser::default();
    let mut messages = Vec::new();
    for (bytes, pause) in reads {
        messages.extend(input.feed(bytes));
        if *pause && input.wait().is_some() {
            messages.extend(input.idle());
        }
    }
    for _ in 0..3 {
        messages.extend(input.idle());
    }
    assert_eq!(input.wait(), None, "nothing waits for ever");
    let (mut heard, mut text) = (Vec::new(), String::new());
    for msg in messages {
        match msg {
            Msg::Key(Key::Char(c)) => text.push(c),
            Msg::Key(Key::Tab) => text.push('\t'),
            Msg::Key(Key::Enter | Key::AltEnter) if text.ends_with('\n') => {}
            Msg::Key(Key::Enter | Key::AltEnter) => text.push('\n'),
            Msg::Paste(pasted) => text.push_str(&pasted),
            other => heard.extend([std::mem::take(&mut text), format!("{other:?}")]),
        }
        while text.contains("\n\n") {
            text = text.replace("\n\n", "\n");
        }
    }
    heard.push(text);
    heard.retain(|item| !item.is_empty());
    heard
}

/// The bytes in reads that end at `cuts`, each with a pause or without. No pause follows an escape: there it would be a
/// key.
fn cut(bytes: &[u8], cuts: &[(usize, bool)]) -> Vec<(Vec<u8>, bool)> {
    let mut places: Vec<(usize, bool)> = cuts.iter().map(|(at, pause)| (at % (bytes.len() + 1), *pause)).collect();
    places.sort_unstable();
    let (mut reads, mut from) = (Vec::new(), 0);
    for (to, pause) in places.into_iter().chain([(bytes.len(), false)]) {
        let escape = bytes[..to].last() == Some(&0x1b);
        reads.push((bytes[from..to].to_vec(), pause && !escape));
        from = to;
    }
    reads
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_in_any_pieces_give_the_same_keys(bytes in bytes(), cuts in vec((any::<usize>(), any::<bool>()), 0..8)) {
        let reads = cut(&bytes, &cuts);
        let reads: Vec<(&[u8], bool)> = reads.iter().map(|(bytes, pause)| (bytes.as_slice(), *pause)).collect();
        prop_assert_eq!(heard(&reads), heard(&[(&bytes, false)]));
    }

    #[test]
    fn nothing_that_is_no_key_is_typed(
        pieces in vec(prop::sample::select(&SILENT[..]), 0..8),
        cuts in vec((any::<usize>(), any::<bool>()), 0..8),
    ) {
        let bytes = pieces.concat();
        let reads = cut(&bytes, &cuts);
        let reads: Vec<(&[u8], bool)> = reads.iter().map(|(bytes, pause)| (bytes.as_slice(), *pause)).collect();
        prop_assert_eq!(heard(&reads), Vec::<String>::new());
    }
}
