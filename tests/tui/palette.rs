//! The colours of the screen can be read: contrast as WCAG 2 computes it.

use tr2::client::tui::palette::{DARK, LIGHT, Palette, rgb};
use tr2::client::view::{Background, View};

use crate::{Bench, COLOURS, views};

/// The least contrast of text.
const LEAST: f64 = 4.5;

/// Black and solarized's dark background; white and its light one.
const BACKGROUNDS: [(&Palette, [[u8; 3]; 2]); 2] =
    [(&DARK, [[0, 0, 0], [0x00, 0x2b, 0x36]]), (&LIGHT, [[255, 255, 255], [0xfd, 0xf6, 0xe3]])];

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
    for (palette, backgrounds) in BACKGROUNDS {
        let Palette { names, dim, focus, mention, error, tint } = *palette;
        for colour in names.into_iter().chain([dim, focus, mention, error]) {
            for background in backgrounds.into_iter().chain([rgb(tint)]) {
                let ratio = contrast(rgb(colour), background);
                assert!(ratio >= LEAST, "{colour} on {background:?}: {ratio:.2}");
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
