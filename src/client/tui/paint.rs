//! Puts text and borders on the screen, cut to their areas, never with half a wide character.
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

/// The screen to paint on.
pub(super) struct Painter<'a, 'b, 'c> {
    printer: &'a Printer<'b, 'c>,
    look: Look,
    /// The styles.
    pub theme: Theme,
}

impl<'a, 'b, 'c> Painter<'a, 'b, 'c> {
    /// Paints with `printer`, within the capabilities of `look`.
    #[must_use]
    pub(super) fn new(printer: &'a Printer<'b, 'c>, look: Look) -> Self {
        Self { printer, look, theme: Theme { colours: look.colours() } }
    }

    /// A drawing character, or its substitute in ASCII.
    #[must_use]
    pub(super) fn sign(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.look.unicode { unicode } else { ascii }
    }

    /// Puts text at a position, cut to `room` columns; returns how many it took.
    pub(super) fn text(&self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
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

    /// Puts a line of spans at a position, cut to `room` columns; returns how many it took. `over` replaces the spans'
    /// own styles.
    pub(super) fn line(&self, x: u16, y: u16, room: u16, line: &StyledLine, over: Option<Style>) -> u16 {
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

    /// Puts a line at a position as [`Self::line`] does, with `…` at its end if it was cut.
    pub(super) fn shortened(&self, x: u16, y: u16, room: u16, line: &StyledLine, over: Option<Style>) {
        let fits = width_of(line) <= room;
        let used = self.line(x, y, if fits { room } else { room.saturating_sub(1) }, line, over);
        if !fits && room > 0 {
            self.text(x.saturating_add(used), y, 1, "…", over.unwrap_or_else(plain));
        }
    }

    /// Puts a line into an area: one column from the edge if there is room for that, else at the edge.
    pub(super) fn padded(&self, area: Rect, y: u16, line: &StyledLine, over: Option<Style>) {
        let pad = pad(area.width, width_of(line));
        self.line(area.x.saturating_add(pad), y, area.width.saturating_sub(pad), line, over);
    }

    /// Fills a row with one narrow character.
    pub(super) fn fill(&self, x: u16, y: u16, width: u16, with: &str, style: Style) {
        let row = with.repeat(width.into());
        self.text(x, y, width, &row, style);
    }

    /// Blanks an area.
    pub(super) fn clear(&self, area: Rect) {
        for y in area.y..area.y.saturating_add(area.height) {
            self.fill(area.x, y, area.width, " ", plain());
        }
    }

    /// Writes the labels in the border of an area; returns the area inside the border.
    pub(super) fn labels(&self, area: Rect, labels: &Labels<'_>) -> Rect {
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

    /// Writes a note in a border, at its right end.
    fn note(&self, inner: Rect, y: u16, room: u16, note: &str) {
        let x = inner.x + inner.width.saturating_sub(width(note).min(room) + 3).min(inner.width);
        self.text(x, y, 1, " ", plain());
        let used = self.text(x + 1, y, room, note, with(plain(), Effect::Bold));
        self.text(x + 1 + used, y, 1, " ", plain());
    }

    /// A cluster that is safe to print: the text was cleaned long before, this is the last line of defence.
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

/// The labels in the upper border of an area.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Labels<'a> {
    /// The title, at the left.
    pub title: &'a str,
    /// The note, at the right.
    pub note: Option<&'a str>,
    /// Whether keys go to the area.
    pub focused: bool,
}

/// An area without its border.
#[must_use]
pub(super) fn inner(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(1),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// The width of a text, in columns.
#[must_use]
pub(super) fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// The width of a line, in columns.
#[must_use]
pub(super) fn width_of(line: &StyledLine) -> u16 {
    line.0.iter().fold(0, |sum: u16, span| sum.saturating_add(width(&span.text)))
}

/// How many columns of space to leave in front of content of this width.
#[must_use]
pub(super) fn pad(room: u16, content: u16) -> u16 {
    u16::from(content < room)
}
