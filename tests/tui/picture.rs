//! The picture at the top of the README: a busy room, drawn from the screen that a terminal shows.
//!
//! `UPDATE_EXPECT=1 cargo test` draws it again.

use std::fmt::Write as _;

use expect_test::expect_file;
use tr2::client::tui::palette::rgb;
use tr2::client::view::Background;

use crate::COLOURS;
use crate::golden::{BUSY, screen};

/// The size of a cell, in pixels.
const CELL: (f64, f64) = (8.4, 18.0);
/// The blank around the screen, in pixels.
const MARGIN: f64 = 12.0;

struct Tone {
    name: &'static str,
    background: Background,
    behind: [u8; 3],
    text: [u8; 3],
}

const TONES: [Tone; 2] = [
    Tone { name: "dark", background: Background::Dark, behind: [0x16, 0x18, 0x1d], text: [0xe4, 0xe6, 0xeb] },
    Tone { name: "light", background: Background::Light, behind: [0xff, 0xff, 0xff], text: [0x1c, 0x1e, 0x22] },
];

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A stretch of cells that look alike.
struct Run {
    start: u16,
    cells: u16,
    text: String,
    front: [u8; 3],
    behind: [u8; 3],
    bold: bool,
}

fn runs(screen: &vt100::Screen, row: u16, cols: u16, tone: &Tone) -> Vec<Run> {
    let colour =
        |colour: vt100::Color, own: [u8; 3]| if let vt100::Color::Idx(number) = colour { rgb(number) } else { own };
    let mut runs: Vec<Run> = Vec::new();
    for col in 0..cols {
        let Some(cell) = screen.cell(row, col) else { continue };
        let (mut front, mut behind) = (colour(cell.fgcolor(), tone.text), colour(cell.bgcolor(), tone.behind));
        if cell.inverse() {
            (front, behind) = (behind, front);
        }
        let text = if cell.contents().is_empty() && !cell.is_wide_continuation() { " " } else { cell.contents() };
        match runs.last_mut() {
            Some(run) if (run.front, run.behind, run.bold) == (front, behind, cell.bold()) => {
                run.cells += 1;
                run.text += text;
            }
            _ => runs.push(Run { start: col, cells: 1, text: text.to_owned(), front, behind, bold: cell.bold() }),
        }
    }
    runs
}

fn draw(tone: &Tone) -> String {
    let bench = screen("100x24", BUSY, COLOURS, Some(tone.background));
    let screen = bench.terminal.screen();
    let (rows, cols) = screen.size();
    let (width, height) =
        (f64::from(cols.get()) * CELL.0 + 2.0 * MARGIN, f64::from(rows.get()) * CELL.1 + 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"monospace\" font-size=\"14\">\n<title>A busy room in tr2</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        hex(tone.behind)
    );
    for row in 0..rows.get() {
        for run in runs(screen, row, cols.get(), tone) {
            let (x, y) = (MARGIN + f64::from(run.start) * CELL.0, MARGIN + f64::from(row) * CELL.1);
            let wide = f64::from(run.cells) * CELL.0;
            if run.behind != tone.behind {
                let fill = hex(run.behind);
                writeln!(
                    svg,
                    "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{}\" fill=\"{fill}\"/>",
                    CELL.1
                )
                .unwrap();
            }
            let text = run.text.trim_end();
            let lead = text.len() - text.trim_start().len();
            let shown = text.trim_start();
            if shown.is_empty() {
                continue;
            }
            let cells = shown.chars().count();
            let (x, long) = (x + lead as f64 * CELL.0, cells as f64 * CELL.0);
            let bold = if run.bold { " font-weight=\"bold\"" } else { "" };
            writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{long:.1}\" lengthAdjust=\"spacingAndGlyphs\" \
                 fill=\"{}\"{bold} xml:space=\"preserve\">{}</text>",
                y + CELL.1 * 0.75,
                hex(run.front),
                escaped(shown)
            )
            .unwrap();
        }
    }
    svg + "</svg>\n"
}

#[test]
fn the_pictures_of_the_readme_show_the_busy_room() {
    for tone in TONES {
        expect_file![format!("../../man/tr2-{}.svg", tone.name)].assert_eq(&draw(&tone));
    }
}
