//! Pictures among the panes: where they are, that the terminal shows them as they are meant, and that nothing of them is left
//! behind, whatever comes over or under them.

use std::time::Duration;

use expect_test::{Expect, expect};
use tr2::client::tui::look::{Depth, Look};
use tr2::client::view::{Background, PictureStyle, TileSize, View};
use tr2::media::cells::{CellDrawing, ColourDepth, TileCell, TileColour, TileDrawer, fitting};
use tr2::media::picture::{Picture, PictureSize};
use tr2::media::test_source::test_picture;

use crate::chance::Chance;
use crate::views::{dialog, said, tiled};
use crate::{ASCII, Bench, COLOURS};

const RGB: Look = Look { depth: Depth::True, ..COLOURS };

fn size(width: usize, height: usize) -> PictureSize {
    PictureSize::new(width, height).unwrap()
}

fn camera(number: u32) -> Picture {
    test_picture(size(80, 48), number)
}

/// A terminal that answers at once: what is written for a view, in the end.
fn draw(bench: &mut Bench, view: View) -> Vec<u8> {
    bench.screen.trust_answers();
    let mut written = bench.draw(view).concat();
    while bench.screen.is_asking() || bench.screen.until_pictures().is_some() {
        bench.screen.answered();
        bench.screen.draw_pictures();
        let more = bench.line.take().concat();
        bench.terminal.process(&more);
        written.extend(more);
    }
    written
}

/// A grey picture: in characters it is one area of one sign.
fn grey() -> Picture {
    Picture::filled(size(80, 48), 120)
}

fn check(cols: u16, rows: u16, tile: TileSize, picture: Option<Picture>, expected: Expect) {
    let mut bench = Bench::new(cols, rows, COLOURS);
    let mut view = tiled(cols, rows, tile, picture);
    view.picture_style = PictureStyle::Text;
    draw(&mut bench, view);
    expected.assert_eq(&bench.seen());
}

#[test]
fn a_small_tile_at_80x24() {
    check(
        80,
        24,
        TileSize::Small,
        Some(grey()),
        expect![[r#"
             1 everyone     │ everyone                                             3 people
             2 bob       @2 │ ========================================  bob
             3 a-very-… 117 │ ========================================  by the server
                            │ ========================================
                            │ ========================================
                            │ ========================================
                            │ ========================================
                            │ ========================================
                            │ ========================================
                            │ ========================================
                            │ ========================================
                            │ ========================================
                            │ ========================================
                            │
             1 Echo         │ ── Sunday 22 November ───────────────────────────────────────
             2 List clients │ 12:01       bob  good morning
             3 Private mes… │ 12:02       you  did the backup run?
             4 Broadcast    │                  second line of the same
             5 Exit         │ ── 3 new ────────────────────────────────────────────────────
             6 Close server │ 12:04       bob  yes, see #ops
             7 Search       │▌12:05     carol  alice: 日本語のテキスト and 😀 too
             8 Rooms        │ 12:06       you  thanks ◌
             9 Moderate     │ > see you at
             ● alice  2 bob @2                                           Ctrl-K go  F1 keys
            cursor: column 30, row 22
        "#]],
    );
}

#[test]
fn a_small_tile_without_a_picture_at_80x24() {
    check(
        80,
        24,
        TileSize::Small,
        None,
        expect![[r#"
             1 everyone     │ everyone                                             3 people
             2 bob       @2 │                                           bob
             3 a-very-… 117 │                                           by the server
                            │
                            │
                            │
                            │
                            │                camera off
                            │
                            │
                            │
                            │
                            │
                            │
             1 Echo         │ ── Sunday 22 November ───────────────────────────────────────
             2 List clients │ 12:01       bob  good morning
             3 Private mes… │ 12:02       you  did the backup run?
             4 Broadcast    │                  second line of the same
             5 Exit         │ ── 3 new ────────────────────────────────────────────────────
             6 Close server │ 12:04       bob  yes, see #ops
             7 Search       │▌12:05     carol  alice: 日本語のテキスト and 😀 too
             8 Rooms        │ 12:06       you  thanks ◌
             9 Moderate     │ > see you at
             ● alice  2 bob @2                                           Ctrl-K go  F1 keys
            cursor: column 30, row 22
        "#]],
    );
}

#[test]
fn a_large_tile_at_80x24() {
    check(
        80,
        24,
        TileSize::Large,
        Some(grey()),
        expect![[r#"
             1 everyone     │ everyone                                             3 people
             2 bob       @2 │ ============================================================
             3 a-very-… 117 │ ============================================================
                            │ ============================================================
                            │ ============================================================
                            │ ============================================================
                            │ ============================================================
                            │ ============================================================
                            │ ============================================================
                            │ ============================================================
                            │ ============================================================
                            │ ============================================================
                            │ ============================================================
                            │ ============================================================
             1 Echo         │ ============================================================
             2 List clients │ ============================================================
             3 Private mes… │ ============================================================
             4 Broadcast    │ ============================================================
             5 Exit         │ ============================================================
             6 Close server │ bob
             7 Search       │▌12:05     carol  alice: 日本語のテキスト and 😀 too
             8 Rooms        │ 12:06       you  thanks ◌
             9 Moderate     │ > see you at
             ● alice  2 bob @2                                           Ctrl-K go  F1 keys
            cursor: column 30, row 22
        "#]],
    );
}

#[test]
fn a_small_tile_at_60x16() {
    check(
        60,
        16,
        TileSize::Small,
        Some(grey()),
        expect![[r#"
             1 everyone     │ everyone                         3 people
             2 bob       @2 │ ====================  bob
             3 a-very-… 117 │ ====================  by the server
                            │ ====================
                            │ ====================
                            │ ====================
             1 Echo         │ ====================
             2 List clients │ 12:01       bob  good morning
             3 Private mes… │ 12:02       you  did the backup run?
             4 Broadcast    │                  second line of the same
             5 Exit         │ ── 3 new ────────────────────────────────
             6 Close server │ 12:04       bob  yes, see #ops
             7 Search       │▌12:05     carol  alice: 日本語のテキスト
             8 Rooms        │ 12:06       you  thanks ◌
             9 Moderate     │ > see you at
             ● alice  2 bob @2                       Ctrl-K go  F1 keys
            cursor: column 30, row 14
        "#]],
    );
}

#[test]
fn a_large_tile_at_120x40() {
    check(
        120,
        40,
        TileSize::Large,
        Some(grey()),
        expect![[r#"
             1 everyone         │ everyone                                                                3 people │ 3 online
             2 bob           @2 │ ================================================================================ │ alice      you
             3 a-very-long… 117 │ ================================================================================ │ bob
                                │ ================================================================================ │ ~carol
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ ================================================================================ │
                                │ bob                                                                              │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
             Menu               │                                                                                  │
             1 Echo             │ ── Sunday 22 November ────────────────────────────────────────────────────────── │
             2 List clients     │ 12:01       bob  good morning                                                    │
             3 Private message  │ 12:02       you  did the backup run?                                             │
             4 Broadcast        │                  second line of the same                                         │
             5 Exit             │ ── 3 new ─────────────────────────────────────────────────────────────────────── │
             6 Close server     │ 12:04       bob  yes, see #ops                                                   │
             7 Search           │▌12:05     carol  alice: 日本語のテキスト and 😀 too                              │
             8 Rooms            │ 12:06       you  thanks ◌                                                        │
             9 Moderate         │ > see you at                                                                     │
             ● alice  2 bob @2                                                                                   Ctrl-K go  F1 keys
            cursor: column 34, row 38
        "#]],
    );
}

#[test]
fn smaller_screens_show_no_picture() {
    for (cols, rows) in [(59, 24), (80, 15), (40, 10), (20, 5), (0, 0)] {
        for size in [TileSize::Small, TileSize::Large] {
            let view = tiled(cols, rows, size, Some(camera(0)));
            assert!(view.tiles[0].area.is_empty() && view.tiles[0].caption_area.is_empty(), "{cols}x{rows}");
            let mut with = Bench::new(cols, rows, COLOURS);
            with.draw(view);
            let mut without = Bench::new(cols, rows, COLOURS);
            without.draw(tiled(cols, rows, TileSize::None, None));
            assert_eq!(with.seen(), without.seen());
        }
    }
}

fn colour(colour: TileColour) -> vt100::Color {
    match colour {
        TileColour::Own => vt100::Color::Default,
        TileColour::Indexed(index) => vt100::Color::Idx(index),
        TileColour::Rgb(colour) => vt100::Color::Rgb(colour.red, colour.green, colour.blue),
    }
}

/// What the terminal shows in a cell, if that is what is meant: which of two colours is ink does not matter.
fn is_shown(cell: &vt100::Cell, meant: TileCell) -> bool {
    let symbol = if cell.contents().is_empty() { " " } else { cell.contents() };
    let is = |meant: TileCell| {
        let (ink, paper) = (cell.fgcolor() == colour(meant.ink), cell.bgcolor() == colour(meant.paper));
        symbol == meant.symbol.to_string() && (ink || meant.symbol == ' ') && (paper || meant.symbol == '█')
    };
    is(meant) || meant.swapped().is_some_and(is)
}

#[test]
fn the_terminal_shows_each_style_as_it_is_meant() {
    use CellDrawing::{Ascii, HalfBlocks, Quadrants};
    use ColourDepth::{Ansi16, Ansi256, Rgb};
    let sixteen = Look { depth: Depth::Sixteen, ..COLOURS };
    let mono = Look { depth: Depth::Mono, ..COLOURS };
    for (look, style, drawing, depth, hold) in [
        (RGB, PictureStyle::Auto, HalfBlocks, Rgb, 8),
        (COLOURS, PictureStyle::Auto, HalfBlocks, Ansi256, 16),
        (sixteen, PictureStyle::Auto, Ascii, Ansi16, 16),
        (mono, PictureStyle::Auto, Ascii, Ansi16, 16),
        (mono, PictureStyle::Rgb, Ascii, Ansi16, 16),
        (ASCII, PictureStyle::Palette, Ascii, Ansi16, 16),
        (COLOURS, PictureStyle::Rgb, HalfBlocks, Rgb, 8),
        (RGB, PictureStyle::Palette, HalfBlocks, Ansi256, 16),
        (COLOURS, PictureStyle::Sixteen, HalfBlocks, Ansi16, 16),
        (COLOURS, PictureStyle::Quadrants, Quadrants, Ansi256, 16),
        (RGB, PictureStyle::Quadrants, Quadrants, Rgb, 8),
        (RGB, PictureStyle::Text, Ascii, Ansi16, 16),
    ] {
        for tile in [TileSize::Small, TileSize::Large] {
            let mut bench = Bench::new(80, 24, look);
            let area = tiled(80, 24, tile, None).tiles[0].area;
            let (columns, rows) = fitting(size(80, 48), area.width.into(), area.height.into());
            let mut drawer = TileDrawer::new(columns, rows, drawing, depth, hold);
            let (left, top) = (usize::from(area.x) + (usize::from(area.width) - columns) / 2, usize::from(area.y));
            for number in 0..8 {
                let mut view = tiled(80, 24, tile, Some(camera(3 * number)));
                view.picture_style = style;
                draw(&mut bench, view);
                drawer.draw(&camera(3 * number));
                let top = top + (usize::from(area.height) - rows) / 2;
                for (at, meant) in drawer.cells().enumerate() {
                    let (x, y) = ((left + at % columns) as u16, (top + at / columns) as u16);
                    let cell = bench.terminal.screen().cell(y, x).unwrap();
                    assert!(is_shown(cell, meant), "{style:?}, picture {number}, at {x}, {y}: {cell:?}, not {meant:?}");
                }
            }
        }
    }
}

#[test]
fn a_dark_face_is_dark_on_a_bright_background_too() {
    let bright = Picture::filled(size(80, 48), 220);
    let mut signs = Vec::new();
    for background in [Background::Dark, Background::Light] {
        let mut bench = Bench::new(80, 24, COLOURS);
        let mut view = tiled(80, 24, TileSize::Small, Some(bright.clone()));
        (view.picture_style, view.background) = (PictureStyle::Text, Some(background));
        draw(&mut bench, view.clone());
        let cell = bench.terminal.screen().cell(view.tiles[0].area.y + 2, view.tiles[0].area.x + 2).unwrap();
        signs.push(cell.contents().to_owned());
    }
    assert_eq!(signs, ["@", " "]);
}

#[test]
fn no_pictures_are_drawn_where_the_person_wants_none() {
    let mut bench = Bench::new(80, 24, COLOURS);
    let mut view = tiled(80, 24, TileSize::Small, Some(camera(0)));
    view.picture_style = PictureStyle::Off;
    draw(&mut bench, view.clone());
    assert!(bench.seen().contains("camera off"), "the note stands there");
    assert_eq!(bench.screen.until_pictures(), None);
    view.picture_style = PictureStyle::Auto;
    draw(&mut bench, view.clone());
    assert!(bench.seen().contains('▀') && !bench.seen().contains("camera off"));
    view.picture_style = PictureStyle::Off;
    draw(&mut bench, view);
    assert!(bench.seen().contains("camera off") && !bench.seen().contains('▀'));
}

#[test]
fn the_words_of_every_style_choose_it() {
    for (word, style) in PictureStyle::WORDS {
        assert_eq!(PictureStyle::named(word), Some(style));
    }
    assert_eq!(PictureStyle::named("AUTO"), None);
}

/// Cells as they look: a blank has no ink, and what is the same with ink and paper changed over is the same.
fn looks(bench: &Bench) -> Vec<(String, vt100::Color, vt100::Color, bool)> {
    let screen = bench.terminal.screen();
    let (rows, cols) = screen.size();
    let cells = (0..rows.get()).flat_map(|row| (0..cols.get()).map(move |col| (row, col)));
    cells
        .map(|(row, col)| {
            let cell = screen.cell(row, col).unwrap();
            let (ink, paper) = (cell.fgcolor(), cell.bgcolor());
            match cell.contents() {
                "" | " " => (" ".to_owned(), vt100::Color::Default, paper, cell.inverse()),
                "█" => (" ".to_owned(), vt100::Color::Default, ink, cell.inverse()),
                "▄" => ("▀".to_owned(), paper, ink, cell.inverse()),
                text => (text.to_owned(), ink, paper, cell.inverse()),
            }
        })
        .collect()
}

/// Whether two terminals show the same.
fn assert_same(one: &Bench, other: &Bench, what: &str) {
    for (at, (one, other)) in looks(one).into_iter().zip(looks(other)).enumerate() {
        assert_eq!(one, other, "{what}, at column {}, row {}", at % 80, at / 80);
    }
    assert_eq!(one.seen().lines().last(), other.seen().lines().last(), "{what}");
}

/// A view with some of everything, by chance.
fn any_view(chance: &mut Chance, messages: &mut usize) -> View {
    let tile = [TileSize::None, TileSize::Small, TileSize::Small, TileSize::Large][chance.below(4)];
    // A grey picture has no shades that would stay while they hardly change.
    let shade = [30, 90, 150, 210][chance.below(4)];
    let sides = [(80, 48), (40, 24), (64, 64)][chance.below(3)];
    let picture = (chance.below(5) > 0).then(|| Picture::filled(size(sides.0, sides.1), shade));
    let mut view = tiled(80, 24, tile, picture);
    if tile == TileSize::Large && chance.below(2) == 0 {
        // Another one over its corner, as large as it gets.
        let mut own = view.tiles[0].clone();
        own.area.x += 30;
        own.area.width = [10, 20][chance.below(2)];
        own.picture = Some(Picture::filled(size(80, 48), [60, 120, 180][chance.below(3)]).into());
        (own.caption_area, own.caption) = Default::default();
        view.tiles.push(own);
    }
    *messages += chance.below(3);
    let room = usize::from(view.messages.area.height);
    let count = (*messages).min(room);
    view.messages.lines = (*messages - count..*messages)
        .map(|n| {
            said(
                "12:00",
                (n % 3) as u8,
                ["bob", "carol", "日本"][n % 3],
                &format!("message {n} 日本語 {}", "x".repeat(n % 30)),
            )
        })
        .collect();
    if chance.below(4) == 0 {
        view.dialog = dialog(80, 24).dialog;
        let dialog = view.dialog.as_mut().unwrap();
        dialog.area.x = chance.below(30) as u16;
        dialog.area.y = chance.below(10) as u16;
        view.composer.focused = false;
    }
    view
}

#[test]
fn whatever_comes_over_or_under_a_picture_nothing_of_it_is_left() {
    let mut chance = Chance(7);
    let mut messages = 0;
    let mut bench = Bench::new(80, 24, COLOURS);
    let mut scrolled = 0;
    for step in 0..300 {
        let what = match chance.below(12) {
            0 => {
                bench.screen.resize((80, 24));
                "a resize"
            }
            1 => {
                bench.terminal.process(b"\x1b[5;20Hgarbage\x1b[41m\x1b[K\x1b[m");
                bench.screen.forget();
                "Ctrl-L"
            }
            _ => "the next frame",
        };
        let view = any_view(&mut chance, &mut messages);
        let written = draw(&mut bench, view.clone());
        scrolled += usize::from(written.windows(3).any(|bytes| bytes == b"\x1b[r"));
        let mut fresh = Bench::new(80, 24, COLOURS);
        draw(&mut fresh, view.clone());
        assert_same(&bench, &fresh, &format!("step {step}, {what}"));
        assert_eq!(draw(&mut bench, view), b"", "drawn again, nothing is written");
    }
    assert!(scrolled > 10, "messages are scrolled beside pictures: {scrolled} times");
}

#[test]
fn a_message_below_a_picture_costs_what_it_costs_without_one() {
    let texts = ["good morning to you", "did the backup run?", "yes, see #ops", "who restarts the build?"];
    let lines = |from: usize, count: usize| {
        let line = |n: usize| said(&format!("{n:02}:00"), (n % 3) as u8, ["bob", "carol", "dave"][n % 3], texts[n % 4]);
        (from..from + count).map(line).collect()
    };
    let mut bench = Bench::new(80, 24, COLOURS);
    let picture = camera(0);
    let frame = |from: usize| {
        let mut view = tiled(80, 24, TileSize::Small, Some(picture.clone()));
        let room = usize::from(view.messages.area.height);
        view.messages.lines = lines(from, room);
        view
    };
    // The same picture each time: not another that looks the same.
    let mut view = frame(0);
    draw(&mut bench, view.clone());
    for from in 1..20 {
        let tiles = std::mem::take(&mut view.tiles);
        view = frame(from);
        view.tiles = tiles;
        let bytes = draw(&mut bench, view.clone());
        assert!(bytes.len() <= 270, "{} bytes: {:?}", bytes.len(), String::from_utf8_lossy(&bytes));
        assert!(String::from_utf8_lossy(&bytes).contains("\x1b[r"), "it is scrolled");
    }
}

#[test]
fn nothing_but_our_own_sequences_reaches_the_terminal() {
    let mut chance = Chance(3);
    for style in
        [PictureStyle::Rgb, PictureStyle::Palette, PictureStyle::Sixteen, PictureStyle::Quadrants, PictureStyle::Text]
    {
        let mut bench = Bench::new(80, 24, RGB);
        for _ in 0..5 {
            let noise = (0..40 * 24).map(|_| chance.next() as u8).collect();
            let plane = tr2::media::plane::Plane::from_samples(40, 24, noise).unwrap();
            let mut view = tiled(80, 24, TileSize::Large, Picture::grey(size(40, 24), plane));
            view.picture_style = style;
            let written = String::from_utf8(draw(&mut bench, view)).unwrap();
            let mut rest = written.as_str();
            while let Some(at) = rest.find(|c: char| c.is_control()) {
                rest = rest[at..].strip_prefix("\r\n").unwrap_or_else(|| {
                    let tail = rest[at..].strip_prefix("\x1b[").expect("a sequence of ours");
                    let tail = tail.trim_start_matches(['?', ';', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
                    assert!(tail.starts_with(['m', 'H', 'C', 'X', 'J', 'h', 'l', 'r', 'n']), "{tail:.9}");
                    &tail[1..]
                });
            }
        }
    }
}

/// Bytes a second of a talking head in a tile, at 15 pictures a second.
fn bytes_a_second(look: Look, style: PictureStyle) -> usize {
    let mut bench = Bench::new(80, 24, look);
    let frame = |number| {
        let mut view = tiled(80, 24, TileSize::Small, Some(camera(number)));
        view.picture_style = style;
        view
    };
    draw(&mut bench, frame(0));
    (1..=30).map(|number| draw(&mut bench, frame(number)).len()).sum::<usize>() / 2
}

#[test]
fn a_small_tile_costs_the_terminal_little() {
    for (look, style, most) in
        [(COLOURS, PictureStyle::Auto, 25_000), (RGB, PictureStyle::Auto, 80_000), (COLOURS, PictureStyle::Text, 6_000)]
    {
        let bytes = bytes_a_second(look, style);
        println!("{style:?}: {bytes} B/s");
        assert!(bytes <= most, "{style:?}: {bytes} B/s");
    }
}

#[test]
fn text_does_not_wait_for_pictures_and_no_more_than_one_picture_is_on_its_way() {
    let mut bench = Bench::new(80, 24, RGB);
    bench.screen.trust_answers();
    let frame = |number| tiled(80, 24, TileSize::Large, Some(camera(number)));
    let first = bench.draw(frame(0)).concat();
    assert!(first.ends_with(b"\x1b[?2026l\x1b[5n"), "asked after the picture");
    while bench.screen.is_asking() {
        bench.screen.answered();
    }
    let second = String::from_utf8(bench.draw(frame(1)).concat()).unwrap();
    assert!(second.matches("\x1b[5n").count() == 1 && second.len() > 4096, "{} bytes", second.len());
    // The next waits for the answer; what is typed does not.
    let mut view = frame(2);
    view.composer.lines[0].0[0].text.push('!');
    view.composer.cursor = Some((11, 0));
    assert_eq!(bench.screen.until_arrived(true), Duration::ZERO);
    let text = bench.draw(view.clone()).concat();
    assert!(text.len() < 100 && bench.seen().contains("see you at!"), "{} bytes", text.len());
    assert!(bench.screen.until_pictures().unwrap() > Duration::from_secs(5));
    bench.screen.draw_pictures();
    assert!(bench.line.take().is_empty());
    // Meanwhile there are newer ones: the newest is written, once.
    let mut newest = frame(9);
    newest.composer = view.composer.clone();
    assert!(bench.draw(newest).is_empty());
    bench.screen.answered();
    assert_eq!(bench.screen.until_pictures(), Some(Duration::ZERO));
    bench.screen.draw_pictures();
    let written = bench.line.take().concat();
    bench.terminal.process(&written);
    assert!(written.len() > 1000);
    assert_eq!(bench.screen.until_pictures(), None);
    // When the tile goes, nothing of it comes later.
    assert!(bench.draw(tiled(80, 24, TileSize::None, None)).concat().len() > 100);
    assert!(!bench.seen().contains('▀'));
}

#[test]
fn a_terminal_that_does_not_answer_gets_few_pictures() {
    let mut bench = Bench::new(80, 24, RGB);
    let frame = |number| tiled(80, 24, TileSize::Small, Some(camera(number)));
    assert!(!bench.draw(frame(0)).is_empty());
    assert!(bench.draw(frame(1)).is_empty());
    let wait = bench.screen.until_pictures().unwrap();
    assert!(wait > Duration::from_millis(100) && wait <= Duration::from_millis(250), "{wait:?}");
}
