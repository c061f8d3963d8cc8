//! Puts text and borders on the screen, cut to their areas, never with half a wide character.
//!
//! Must not know: panes or dialogs.

use cursive::Printer;
use cursive::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::look::{Depth, Look};
use super::theme::{QrInk, Theme, plain};
use crate::client::view::{Rect, Scope, StyledLine, View};
use crate::model::text::MAX_CLUSTER_CELLS;

/// What `…` becomes in ASCII: in a sentence, and where it stands for what was cut off, which no name ends with.
const ASCII_DOTS: &str = ".";
const ASCII_CUT: &str = "~";

/// The screen to paint on.
pub(super) struct Painter<'a, 'b, 'c> {
    printer: &'a Printer<'b, 'c>,
    look: Look,
    /// The styles.
    pub theme: Theme,
    qr_ink: Option<QrInk>,
}

impl<'a, 'b, 'c> Painter<'a, 'b, 'c> {
    /// Paints with `printer`, within the capabilities of `look`.
    #[must_use]
    pub(super) fn new(printer: &'a Printer<'b, 'c>, look: Look, view: &View) -> Self {
        let background = view.background.or(look.background);
        let theme = Theme::new(look, background, view.colourless);
        let depth = if view.colourless { Depth::Mono } else { look.depth };
        Self { printer, look, theme, qr_ink: Theme::qr_ink(depth, background).filter(|_| look.unicode) }
    }

    /// How a QR code is drawn; `None` if it cannot be.
    #[must_use]
    pub(super) fn qr_ink(&self) -> Option<QrInk> {
        self.qr_ink
    }

    /// A drawing character, or its substitute in ASCII.
    #[must_use]
    pub(super) fn sign(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.look.unicode { unicode } else { ascii }
    }

    /// Puts text at a position, cut to `room` columns; returns how many it took.
    pub(super) fn text(&self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        self.put((x, y), room, text, style, ASCII_DOTS)
    }

    /// Puts text at a position as [`Self::text`] does, where `…` stands for what was cut off: in ASCII too, it does not
    /// look like the whole.
    pub(super) fn name(&self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        self.put((x, y), room, text, style, ASCII_CUT)
    }

    fn put(&self, (x, y): (u16, u16), room: u16, text: &str, style: Style, dots: &'static str) -> u16 {
        let mut used = 0;
        let mut shown = String::with_capacity(text.len());
        for cluster in text.graphemes(true) {
            let cluster = self.harmless(cluster, dots);
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
        self.spans((x, y), room, line, over, |_| false)
    }

    /// Puts a line of names and states at a position as [`Self::line`] does. A state is a sentence, and a name may be cut.
    pub(super) fn states(&self, x: u16, y: u16, room: u16, line: &StyledLine) -> u16 {
        self.spans((x, y), room, line, None, |scope| !matches!(scope, Scope::Error | Scope::Dim))
    }

    /// Puts a line at a position; `is_name` says in which scopes `…` stands for what was cut off.
    fn spans(
        &self,
        (x, y): (u16, u16),
        room: u16,
        line: &StyledLine,
        over: Option<Style>,
        is_name: fn(Scope) -> bool,
    ) -> u16 {
        let mut used = 0;
        for span in &line.0 {
            let style = over.unwrap_or_else(|| self.theme.scope(span.scope));
            let room = room.saturating_sub(used);
            let dots = if is_name(span.scope) { ASCII_CUT } else { ASCII_DOTS };
            let took = self.put((x.saturating_add(used), y), room, &span.text, style, dots);
            used += took;
            if took < width(&span.text) {
                break;
            }
        }
        used
    }

    /// Puts a line at a position as [`Self::line`] does, on the tint, which fills the whole room.
    pub(super) fn line_on_tint(&self, x: u16, y: u16, room: u16, line: &StyledLine) {
        let mut used = 0;
        for span in &line.0 {
            let style = self.theme.tinted(self.theme.scope(span.scope));
            used += self.text(x.saturating_add(used), y, room.saturating_sub(used), &span.text, style);
        }
        let rest = room.saturating_sub(used);
        self.fill(x.saturating_add(used), y, rest, " ", self.theme.tinted(plain()));
    }

    /// Puts a line of names at a position as [`Self::line`] does, with `…` at its end if it was cut.
    pub(super) fn shortened(&self, x: u16, y: u16, room: u16, line: &StyledLine, over: Option<Style>) {
        let fits = width_of(line) <= room;
        let used = self.spans((x, y), if fits { room } else { room.saturating_sub(1) }, line, over, |_| true);
        if !fits && room > 0 {
            let last = line.0.last().map_or_else(plain, |span| self.theme.scope(span.scope));
            self.name(x.saturating_add(used), y, 1, "…", over.unwrap_or(last));
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

    /// Draws a border along the inner edge of an area, with a title in it; returns the area inside.
    pub(super) fn frame(&self, area: Rect, title: &str) -> Rect {
        if area.width < 2 || area.height < 2 {
            return area;
        }
        let (style, across) = (self.theme.border(), area.width - 2);
        let (right, bottom) = (area.x.saturating_add(area.width - 1), area.y.saturating_add(area.height - 1));
        for (y, left_corner, right_corner) in [(area.y, "┌", "┐"), (bottom, "└", "┘")] {
            self.text(area.x, y, 1, self.sign(left_corner, "+"), style);
            self.fill(area.x + 1, y, across, self.sign("─", "-"), style);
            self.text(right, y, 1, self.sign(right_corner, "+"), style);
        }
        for y in area.y + 1..bottom {
            self.text(area.x, y, 1, self.sign("│", "|"), style);
            self.text(right, y, 1, self.sign("│", "|"), style);
        }
        let inner = inner(area);
        let room = inner.width.saturating_sub(2);
        if !title.is_empty() && room > 0 {
            self.text(inner.x, area.y, 1, " ", plain());
            let used = self.name(inner.x + 1, area.y, room, title, self.theme.title());
            self.text(inner.x + 1 + used, area.y, 1, " ", plain());
        }
        inner
    }

    /// A cluster that is safe to print: the text was cleaned long before, this is the last line of defence.
    fn harmless<'t>(&self, cluster: &'t str, dots: &'static str) -> &'t str {
        if cluster.chars().any(char::is_control) || cluster.width() > MAX_CLUSTER_CELLS {
            return self.sign("\u{fffd}", "?");
        }
        if self.look.unicode {
            return cluster;
        }
        match cluster {
            "─" | "–" | "—" | "·" => "-",
            "│" => "|",
            "…" => dots,
            "•" | "★" | "●" | "✓" => "*",
            "◌" | "○" => "o",
            "›" | "▸" | "▌" => ">",
            "┌" | "┐" | "└" | "┘" => "+",
            "↑" => "^",
            "↓" => "v",
            "\u{fffd}" => "?",
            other => other,
        }
    }
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
