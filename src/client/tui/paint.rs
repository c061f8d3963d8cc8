//! Putting text and borders on the screen, cut to their places, wide characters never in half.
//!
//! Must not know: panes or dialogs.

use cursive::Printer;
use cursive::style::{Effect, Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::look::Look;
use super::theme::{Theme, plain, with};
use crate::client::view::{Rect, StyledLine};
use crate::model::text::MAX_CLUSTER_CELLS;

/// A screen to paint on.
pub struct Painter<'a, 'b, 'c> {
    printer: &'a Printer<'b, 'c>,
    look: Look,
    /// The styles to paint in.
    pub theme: Theme,
}

impl<'a, 'b, 'c> Painter<'a, 'b, 'c> {
    /// Paints by `printer` within the means of `look`.
    #[must_use]
    pub fn new(printer: &'a Printer<'b, 'c>, look: Look) -> Self {
        Self { printer, look, theme: Theme { colours: look.colours } }
    }

    /// A drawing character, or what stands for it where there are none.
    #[must_use]
    pub fn sign(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.look.unicode { unicode } else { ascii }
    }

    /// Puts text at a place, cut to `room` columns; says how many it took.
    pub fn text(&self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        let mut used = 0;
        let mut shown = String::with_capacity(text.len());
        for cluster in text.graphemes(true) {
            let cluster = self.harmless(cluster);
            let width = u16::try_from(cluster.width()).unwrap_or(u16::MAX);
            if width > room - used {
                break;
            }
            used += width;
            shown.push_str(cluster);
        }
        if used > 0 {
            self.printer.with_style(style, |printer| printer.print((x, y), &shown));
        }
        used
    }

    /// Puts a line of spans at a place, cut to `room` columns; says how many it took. In `over`, if there is one, the
    /// spans lose their own styles.
    pub fn line(&self, x: u16, y: u16, room: u16, line: &StyledLine, over: Option<Style>) -> u16 {
        let mut used = 0;
        for span in &line.0 {
            let style = over.unwrap_or_else(|| self.theme.scope(span.scope));
            let room = room.saturating_sub(used);
            let took = self.text(x.saturating_add(used), y, room, &span.text, style);
            used += took;
            if took < width(&span.text) {
                break;
            }
        }
        used
    }

    /// Puts a line at a place as [`Self::line`] does, with a sign at its end if it had to be cut.
    pub fn shortened(&self, x: u16, y: u16, room: u16, line: &StyledLine, over: Option<Style>) {
        let fits = width_of(line) <= room;
        let used = self.line(x, y, if fits { room } else { room.saturating_sub(1) }, line, over);
        if !fits && room > 0 {
            self.text(x.saturating_add(used), y, 1, "…", over.unwrap_or_else(plain));
        }
    }

    /// Puts a line where it belongs: a column from the edge if there is room for it, at the edge if it needs all.
    pub fn padded(&self, area: Rect, y: u16, line: &StyledLine, over: Option<Style>) {
        let pad = pad(area.width, width_of(line));
        self.line(area.x.saturating_add(pad), y, area.width.saturating_sub(pad), line, over);
    }

    /// Fills a row with one narrow character.
    pub fn fill(&self, x: u16, y: u16, width: u16, with: &str, style: Style) {
        let row = with.repeat(width.into());
        self.text(x, y, width, &row, style);
    }

    /// Blanks an area.
    pub fn clear(&self, area: Rect) {
        for y in area.y..area.y.saturating_add(area.height) {
            self.fill(area.x, y, area.width, " ", plain());
        }
    }

    /// Writes what stands in the border of an area; says what is left inside it.
    pub fn labels(&self, area: Rect, labels: &Labels<'_>) -> Rect {
        if area.width < 2 || area.height < 2 {
            return area;
        }
        let inner = inner(area);
        let room = inner.width.saturating_sub(2);
        if !labels.title.is_empty() && room > 0 {
            let used = self.text(inner.x + 1, area.y, room, labels.title, self.theme.title(labels.focused));
            self.text(inner.x, area.y, 1, " ", plain());
            self.text(inner.x + 1 + used, area.y, 1, " ", plain());
        }
        if let Some(note) = labels.note {
            self.note(inner, area.y, room, note);
        }
        inner
    }

    /// Text in a border, at its right end.
    fn note(&self, inner: Rect, y: u16, room: u16, note: &str) {
        let x = inner.x + inner.width.saturating_sub(width(note).min(room) + 3).min(inner.width);
        self.text(x, y, 1, " ", plain());
        let used = self.text(x + 1, y, room, note, with(plain(), Effect::Bold));
        self.text(x + 1 + used, y, 1, " ", plain());
    }

    /// What a terminal shows in one place: the text was cleaned long before, this is the last door.
    fn harmless<'t>(&self, cluster: &'t str) -> &'t str {
        if cluster.chars().any(char::is_control) || cluster.width() > MAX_CLUSTER_CELLS {
            return self.sign("\u{fffd}", "?");
        }
        if self.look.unicode {
            return cluster;
        }
        match cluster {
            "─" | "–" | "—" | "·" => "-",
            "│" => "|",
            "…" => ".",
            "•" | "✓" => "*",
            "›" | "▸" | "▌" => ">",
            "↑" => "^",
            "↓" => "v",
            "\u{fffd}" => "?",
            other => other,
        }
    }
}

/// What stands in the upper border of an area.
#[derive(Clone, Copy, Debug, Default)]
pub struct Labels<'a> {
    /// To the left.
    pub title: &'a str,
    /// To the right.
    pub note: Option<&'a str>,
    /// Whether keys go into the area.
    pub focused: bool,
}

/// An area without its border.
#[must_use]
pub fn inner(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(1),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// The columns that text takes.
#[must_use]
pub fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// The columns that a line takes.
#[must_use]
pub fn width_of(line: &StyledLine) -> u16 {
    line.0.iter().fold(0, |sum: u16, span| sum.saturating_add(width(&span.text)))
}

/// How far from the edge content of a width stands.
#[must_use]
pub fn pad(room: u16, content: u16) -> u16 {
    u16::from(content < room)
}
