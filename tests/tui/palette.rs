//! The colours of the screen can be read: contrast as WCAG 2 computes it.

use tr2::client::tui::answers;
use tr2::client::tui::look::{Depth, Look};
use tr2::client::tui::palette::{DARK, ERROR_BADGE, LIGHT, MENTION_BADGE, Palette, rgb};
use tr2::client::view::{Background, LineMark, MessageLine, Scope, StyledLine, View};

use crate::golden::{STATES, screen};
use crate::{Bench, COLOURS, views};

/// The least contrast of text.
const LEAST: f64 = 4.5;

const BLACK: [u8; 3] = [0, 0, 0];
const WHITE: [u8; 3] = [255, 255, 255];
/// The backgrounds of solarized.
const SOLARIZED: [[u8; 3]; 2] = [[0x00, 0x2b, 0x36], [0xfd, 0xf6, 0xe3]];

/// What is known of the background, and which ones it may be.
const BACKGROUNDS: [(Option<Background>, &[[u8; 3]]); 3] = [
    (Some(Background::Dark), &[BLACK, SOLARIZED[0]]),
    (Some(Background::Light), &[WHITE, SOLARIZED[1]]),
    (None, &[BLACK, WHITE, SOLARIZED[0], SOLARIZED[1]]),
];

/// What terminals make of the sixteen colours.
const SIXTEEN: [(&str, [u32; 16]); 6] = [
    (
        "xterm",
        [
            0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
            0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
        ],
    ),
    (
        "Linux console",
        [
            0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555, 0xff5555,
            0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
        ],
    ),
    (
        "solarized",
        [
            0x073642, 0xdc322f, 0x859900, 0xb58900, 0x268bd2, 0xd33682, 0x2aa198, 0xeee8d5, 0x002b36, 0xcb4b16,
            0x586e75, 0x657b83, 0x839496, 0x6c71c4, 0x93a1a1, 0xfdf6e3,
        ],
    ),
    (
        "tango",
        [
            0x000000, 0xcc0000, 0x4e9a06, 0xc4a000, 0x3465a4, 0x75507b, 0x06989a, 0xd3d7cf, 0x555753, 0xef2929,
            0x8ae234, 0xfce94f, 0x729fcf, 0xad7fa8, 0x34e2e2, 0xeeeeec,
        ],
    ),
    (
        "Windows",
        [
            0x0c0c0c, 0xc50f1f, 0x13a10e, 0xc19c00, 0x0037da, 0x881798, 0x3a96dd, 0xcccccc, 0x767676, 0xe74856,
            0x16c60c, 0xf9f1a5, 0x3b78ff, 0xb4009e, 0x61d6d6, 0xf2f2f2,
        ],
    ),
    (
        "macOS",
        [
            0x000000, 0x990000, 0x00a600, 0x999900, 0x0000b2, 0xb200b2, 0x00a6b2, 0xbfbfbf, 0x666666, 0xe50000,
            0x00d900, 0xe5e500, 0x0000ff, 0xe500e5, 0x00e5e5, 0xe5e5e5,
        ],
    ),
];

fn luminance(rgb: [u8; 3]) -> f64 {
    let linear = rgb.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_colour_can_be_read_on_its_backgrounds_and_on_the_tint() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01, "the formula is right");
    for (palette, (_, backgrounds)) in [&DARK, &LIGHT].into_iter().zip(BACKGROUNDS) {
        let Palette { names, dim, focus, mention, error, tint, text } = *palette;
        let tint = rgb(tint);
        assert!(contrast(rgb(text), tint) >= LEAST, "text on the tint");
        for colour in names.into_iter().chain([dim, focus, mention, error]) {
            for background in backgrounds.iter().chain([&tint]) {
                let ratio = contrast(rgb(colour), *background);
                assert!(ratio >= LEAST, "{colour} on {background:?}: {ratio:.2}");
            }
        }
    }
    for badge in [MENTION_BADGE, ERROR_BADGE] {
        assert!(contrast(rgb(badge.text), rgb(badge.behind)) >= LEAST, "{badge:?}");
    }
}

/// A view with every kind of text, on the tint too.
fn every_scope() -> View {
    let mut view = views::panel(120, 40);
    let scopes = [
        Scope::Text,
        Scope::Dim,
        Scope::Pending,
        Scope::Own,
        Scope::Heading,
        Scope::Unread,
        Scope::Key,
        Scope::Mention,
        Scope::Focus,
        Scope::Error,
    ];
    let names = (0..12).flat_map(|hue| [Scope::Name(hue), Scope::BoldName(hue)]);
    let all = |mark: LineMark| {
        let line = scopes.into_iter().chain(names.clone());
        let line = line.fold(StyledLine::default(), |line, scope| line.and(scope, "ab"));
        MessageLine { mark, line, ..MessageLine::default() }
    };
    view.messages.lines = [LineMark::None, LineMark::Mention, LineMark::Picked].map(all).into();
    view
}

/// A colour that is not the terminal's own.
fn seen(colour: vt100::Color, sixteen: &[u32; 16]) -> Option<[u8; 3]> {
    match colour {
        vt100::Color::Default => None,
        vt100::Color::Idx(number @ 16..) => Some(rgb(number)),
        vt100::Color::Idx(number) => {
            let [_, red, green, blue] = sixteen[usize::from(number)].to_be_bytes();
            Some([red, green, blue])
        }
        vt100::Color::Rgb(red, green, blue) => Some([red, green, blue]),
    }
}

/// Looks at every cell with text; returns how many have colours.
fn check_contrast(bench: &Bench, backgrounds: &[[u8; 3]], what: &str) -> usize {
    let (rows, cols) = bench.terminal.screen().size();
    let mut coloured = 0;
    for (row, col) in (0..rows.get()).flat_map(|row| (0..cols.get()).map(move |col| (row, col))) {
        let Some(cell) = bench.terminal.screen().cell(row, col) else { continue };
        let text = cell.contents();
        if text.trim().is_empty() {
            continue;
        }
        assert!(!cell.dim() || "│─|-+".contains(text), "{what}: {text} is faint, which is half the contrast or less");
        for (name, sixteen) in &SIXTEEN {
            let (front, behind) = (seen(cell.fgcolor(), sixteen), seen(cell.bgcolor(), sixteen));
            let Some(front) = front else {
                assert!(behind.is_none(), "{what}: {text} has the terminal's own colour on one of ours");
                continue;
            };
            coloured += 1;
            let mine = behind.as_slice();
            for behind in if mine.is_empty() { backgrounds } else { mine } {
                let ratio = contrast(front, *behind);
                assert!(ratio >= LEAST, "{what}, {name}: {text} is {front:?} on {behind:?}, {ratio:.2}");
            }
        }
    }
    coloured
}

#[test]
fn what_is_drawn_can_be_read_whatever_is_known_of_the_terminal() {
    for depth in [Depth::Mono, Depth::Sixteen, Depth::Palette, Depth::True] {
        for (background, possible) in BACKGROUNDS {
            let (look, what) = (Look { depth, ..COLOURS }, format!("{depth:?}, {background:?}"));
            let mut coloured = 0;
            for view in [every_scope(), views::chat(120, 40), views::scrolled(120, 40), views::dialog(120, 40)] {
                let mut bench = Bench::new(120, 40, look);
                bench.draw(View { background, ..view });
                coloured += check_contrast(&bench, possible, &what);
            }
            for (name, script) in STATES {
                coloured +=
                    check_contrast(&screen("120x40", script, look, background), possible, &(what.clone() + name));
            }
            let none = depth == Depth::Mono || (depth == Depth::Sixteen && background != Some(Background::Dark));
            assert_eq!(coloured == 0, none, "{what}");
        }
    }
}

#[test]
fn the_tint_of_a_mention_is_a_rectangle() {
    let mention = |text: &str| MessageLine {
        mark: LineMark::Mention,
        line: StyledLine::of(Scope::Text, text),
        ..MessageLine::default()
    };
    for (cols, rows) in [(120, 40), (80, 24), (60, 16), (40, 10), (20, 5)] {
        let mut view = views::chat(cols, rows);
        let (area, gutter) = (view.messages.area, view.messages.gutter);
        let room = area.width - 2 * gutter;
        view.messages.lines = vec![mention("short"), mention(&"x".repeat(room.into())), mention("")];
        for background in [Background::Dark, Background::Light] {
            let mut bench = Bench::new(cols, rows, COLOURS);
            bench.draw(View { background: Some(background), ..view.clone() });
            let tinted = |row: u16, col: u16| {
                bench.terminal.screen().cell(row, col).is_some_and(|cell| cell.bgcolor() != vt100::Color::Default)
            };
            for (row, col) in (0..rows).flat_map(|row| (0..cols).map(move |col| (row, col))) {
                let mentioned = (area.y + area.height - 3..area.y + area.height).contains(&row);
                let inside = mentioned && (area.x..area.x + area.width - gutter).contains(&col);
                assert_eq!(tinted(row, col), inside, "{cols}x{rows}, row {row}, column {col}");
            }
        }
    }
}

#[test]
fn names_have_colours_of_their_own() {
    for palette in [DARK, LIGHT] {
        let mut names = palette.names.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), palette.names.len());
    }
}

#[test]
fn the_chosen_background_chooses_the_colours_and_no_colours_means_none() {
    for view in [views::chat(120, 40), views::dialog(80, 24), views::panel(80, 24)] {
        let bytes = |(background, colourless): (Option<Background>, bool)| {
            let mut bench = Bench::new(view.cols, view.rows, COLOURS);
            let bytes = bench.draw(View { background, colourless, ..view.clone() }).concat();
            String::from_utf8(bytes).unwrap()
        };
        let mono = bytes((Some(Background::Dark), true));
        // Numbers of colours follow 38 and 48, or are 30 to 47 themselves.
        let parts = mono.split("\x1b[").filter_map(|rest| rest.split_once('m')).filter(|(set, _)| !set.contains(' '));
        let numbers: Vec<u8> = parts.flat_map(|(set, _)| set.split(';').filter_map(|n| n.parse().ok())).collect();
        assert!(
            numbers.contains(&1) && !numbers.iter().any(|number| matches!(number, 30..=38 | 40..=48)),
            "{numbers:?}"
        );
        let [dark, light] = [Background::Dark, Background::Light].map(|background| bytes((Some(background), false)));
        assert!(dark.contains("38;5;") && light.contains("38;5;"));
        assert!(dark != light && dark != mono && light != mono, "three palettes");
    }
}

#[test]
fn what_is_dim_is_never_fainter_than_the_text_of_a_terminal_that_is_faint_itself() {
    // Solarized, with the least contrast of the common themes: its own text is below what ours has, and stays its own.
    let own = [[0x83, 0x94, 0x96], [0x65, 0x7b, 0x83]];
    for ((palette, background), own) in [&DARK, &LIGHT].into_iter().zip(SOLARIZED).zip(own) {
        let (dim, text) = (contrast(rgb(palette.dim), background), contrast(own, background));
        assert!(dim > text && text < 4.8, "{dim:.2} beside {text:.2}");
    }
}

#[test]
fn on_every_background_that_a_terminal_names_the_colours_can_be_told_from_it() {
    let steps = || (0..=255_u8).step_by(17);
    let mut known = [0; 3];
    for background in steps().flat_map(|red| steps().flat_map(move |green| steps().map(move |blue| [red, green, blue])))
    {
        let [red, green, blue] = background;
        let palette = match answers::background(&format!("rgb:{red:02x}/{green:02x}/{blue:02x}")) {
            Some(Background::Dark) => &DARK,
            Some(Background::Light) => &LIGHT,
            None => {
                known[2] += 1;
                continue;
            }
        };
        known[usize::from(palette == &LIGHT)] += 1;
        let Palette { names, dim, focus, mention, error, .. } = *palette;
        for colour in names.into_iter().chain([dim, focus, mention, error]) {
            let ratio = contrast(rgb(colour), background);
            assert!(ratio >= 3.0, "{colour} on {background:?}: {ratio:.2}");
        }
    }
    assert!(known.iter().all(|count| *count > 200), "{known:?}");
}
