//! The layout: where each pane goes on a screen of a given size, and where the text and the buttons stand in one.
//!
//! There is no frame: hairlines of one column stand between the panes, and none at an edge of the screen.
//!
//! Must not know: what the panes show.

use std::ops::Range;

use super::draft_rows::MAX_ROWS;
use super::wrap::{cells, line_cells};
use crate::client::view::{InputPane, Rect, TileSize};

/// Below this many columns, there are no side panes.
pub(crate) const NARROW: u16 = 60;
/// From this many columns on, there is a pane of people.
pub(crate) const WIDE: u16 = 100;
/// Below this many rows, there is no title, and no pane at the left.
pub(crate) const LOW: u16 = 12;
/// Below this many columns or rows, there is no tile.
const LEAST_FOR_TILE: (u16, u16) = (NARROW, 16);
/// The fewest rows of a tile in which a face is one, and the rows of a caption without a picture.
pub(crate) const LEAST_TILE_ROWS: u16 = 6;
const CAPTION_ROWS: u16 = 2;
/// The messages keep a third of the rows beside a small tile, and at least so many.
const LEAST_MESSAGE_ROWS: u16 = 4;
const LEAST_BESIDE_LARGE: u16 = 2;
/// The fewest columns of a caption beside its tile: the longest of its rows fits.
const LEAST_CAPTION: u16 = 20;
/// Below this many columns, the messages have no gutter.
const LEAST_WITH_GUTTER: u16 = 30;

/// The width of the conversations and the menu below [`WIDE`], and from there on.
const LIST: (u16, u16) = (16, 20);
/// The width of the pane of people.
const PEOPLE: u16 = 16;

/// What the panes hold, as far as the layout depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Rows of the draft.
    pub draft: u16,
    /// Conversations.
    pub conversations: u16,
    /// Entries of the menu.
    pub menu: u16,
    /// Whether the menu is open, over the conversations if need be.
    pub menu_open: bool,
    /// Rows that the client has to say to the person.
    pub panel: u16,
    /// Whether only the messages are shown, so that they can be copied.
    pub bare: bool,
    /// How much of the screen the tile gets, if there is one.
    pub tile: TileSize,
}

/// The areas of all panes. A pane that is not shown is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The conversations.
    pub conversations: Rect,
    /// The menu, below the conversations.
    pub menu: Rect,
    /// Whether the menu is folded into one row.
    pub menu_folded: bool,
    /// Whether a heading stands above the entries of the menu.
    pub menu_headed: bool,
    /// The row with the title of the conversation in view.
    pub title: Rect,
    /// The tile, between the title and the messages, or in place of the messages.
    pub tile: Rect,
    /// The caption of the tile, beside it or below.
    pub tile_caption: Rect,
    /// The messages, including the gutter.
    pub messages: Rect,
    /// The columns of the gutter at the left of the messages; as many stay free at the right.
    pub gutter: u16,
    /// The panel between the messages and the composer, with a line above its rows.
    pub panel: Rect,
    /// The composer.
    pub composer: Rect,
    /// The people: everybody online, or the members of a room.
    pub people: Rect,
    /// The status bar.
    pub status: Rect,
    /// The columns of the hairlines between the panes, as rectangles.
    pub hairlines: [Rect; 2],
}

impl Layout {
    /// What lies above the composer: the title, the messages and the panel. Dialogs come over the middle of it.
    #[must_use]
    pub fn above_composer(&self) -> Rect {
        Rect { height: self.composer.y.saturating_sub(self.title.y), ..self.title }
    }

    /// The layout of a screen with these contents.
    #[must_use]
    pub fn of(cols: u16, rows: u16, contents: Contents) -> Self {
        let at = |x, y, width, height| Rect { x, y, width, height };
        let body = rows.saturating_sub(1);
        let sides = cols >= NARROW && rows >= LOW && !contents.bare;
        let list = match (sides, cols >= WIDE) {
            (false, _) => 0,
            (true, false) => LIST.0,
            (true, true) => LIST.1,
        };
        let people = if sides && cols >= WIDE { PEOPLE } else { 0 };
        let hairline = |x, there| if there { at(x, 0, 1, body) } else { Rect::default() };
        let x = if list > 0 { list + 1 } else { 0 };
        let width = cols - x - if people > 0 { people + 1 } else { 0 };
        let title = u16::from(rows >= LOW);
        // The draft gets at least one row, and at most a third of the body.
        let draft = contents.draft.clamp(1, MAX_ROWS.min(body / 3).max(1)).min(body);
        let menu_headed = cols >= WIDE;
        let middle = body.saturating_sub(draft + title);
        // The newest message stays in view.
        let panel = if contents.panel > 0 { (contents.panel + 1).min(middle.saturating_sub(1)) } else { 0 };
        let room = at(x, title, width, middle - panel);
        let has_tile = cols >= LEAST_FOR_TILE.0 && rows >= LEAST_FOR_TILE.1 && !contents.bare;
        let (tile, tile_caption) = if has_tile { contents.tile.within(room) } else { Default::default() };
        // Whichever ends further down.
        let below = room.y.max(tile.y + tile.height).max(tile_caption.y + tile_caption.height);
        let (menu, menu_folded) = if list > 0 { contents.menu_rows(body, menu_headed) } else { (0, false) };
        Self {
            conversations: at(0, 0, list, if list > 0 { body - menu } else { 0 }),
            menu: at(0, body - menu, list, menu),
            menu_folded,
            menu_headed,
            title: at(x, 0, width, title.min(body)),
            tile,
            tile_caption,
            messages: at(x, below, width, (room.y + room.height).saturating_sub(below)),
            panel: at(x, title + middle - panel, width, panel),
            // Nothing else than the messages stands in the bare view.
            gutter: u16::from(width >= LEAST_WITH_GUTTER && !contents.bare),
            composer: at(x, body - draft, width, draft),
            people: if people > 0 { at(cols - people, 0, people, body) } else { Rect::default() },
            status: at(0, body, cols, rows.min(1)),
            hairlines: [hairline(list, list > 0), hairline(cols.saturating_sub(people + 1), people > 0)],
        }
    }
}

/// The blanks between two buttons, in cells.
const BUTTON_GAP: u16 = 2;

/// The columns of buttons with these labels, centred in a row of this width.
#[must_use]
pub fn button_spans(labels: &[String], width: u16) -> Vec<Range<u16>> {
    let wide = |label: &String| small(cells(label)).saturating_add(4);
    let all = labels.iter().fold(0, |sum: u16, label| sum.saturating_add(wide(label)).saturating_add(BUTTON_GAP));
    let mut x = width.saturating_sub(all.saturating_sub(BUTTON_GAP)) / 2;
    let span = |label| {
        let start = x.min(width);
        let end = x.saturating_add(wide(label)).min(width);
        x = end.saturating_add(BUTTON_GAP);
        start..end
    };
    labels.iter().map(span).collect()
}

/// The area of the prompt and the text of a composer, one column from the edge where there is room, and the width of the
/// prompt.
#[must_use]
pub fn text_area(pane: &InputPane) -> (Rect, u16) {
    let prompt = small(cells(&pane.prompt));
    let heading = u16::from(!pane.heading.0.is_empty()).min(pane.area.height);
    let cursor = pane.cursor.map_or(0, |(column, _)| column.saturating_add(1));
    let widest = pane.lines.iter().map(line_cells).max().map_or(0, small).max(cursor);
    let pad = u16::from(prompt.saturating_add(widest) < pane.area.width);
    let Rect { x, y, width, height } = pane.area;
    (
        Rect { x: x.saturating_add(pad), y: y + heading, width: width.saturating_sub(pad), height: height - heading },
        prompt,
    )
}

fn small(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// A box of this size over the middle of an area, on a screen of a size; where the area is too low for it, over the
/// middle of the screen.
#[must_use]
pub fn centred((width, height): (u16, u16), over: Rect, (cols, rows): (u16, u16)) -> Rect {
    let middle = |start: u16, room: u16, size: u16, all: u16| {
        // The box may be wider than the area, but never leaves the screen.
        let at = (i32::from(start) + (i32::from(room) - i32::from(size)) / 2).max(0);
        u16::try_from(at).unwrap_or(0).min(all.saturating_sub(size))
    };
    let (start, room) = if height <= over.height { (over.y, over.height) } else { (0, rows) };
    Rect { x: middle(over.x, over.width, width, cols), y: middle(start, room, height, rows), width, height }
}

impl TileSize {
    /// The areas of a tile and its caption within the middle of the screen; empty if there is no room.
    fn within(self, Rect { x, y, width, height }: Rect) -> (Rect, Rect) {
        let most = height.saturating_sub(height.div_ceil(3).max(LEAST_MESSAGE_ROWS));
        // As large as its width lets it be; its caption has a row below.
        let whole = width * 3 / 10 + 1;
        match self {
            Self::None => Default::default(),
            Self::Caption if CAPTION_ROWS > most => Default::default(),
            Self::Caption => (Rect::default(), Rect { x, y, width, height: CAPTION_ROWS }),
            Self::Small => {
                let below = whole.min(most);
                // With a caption beside it, it is less wide, but has that row.
                let beside = (width.saturating_sub(LEAST_CAPTION + 2) * 3 / 10).min(most);
                if beside >= LEAST_TILE_ROWS && beside * 5 > below.saturating_sub(1) * 4 {
                    // The picture has the gutter of the messages.
                    let columns = columns_of(beside);
                    let caption = Rect { x: x + columns + 2, width: width - columns - 2, y, height: beside };
                    return (Rect { x: x + 1, y, width: columns, height: beside }, caption);
                }
                captioned_below(Rect { x, y, width, height: below })
            }
            Self::Several(rows) => captioned_below(Rect { x, y, width, height: rows.min(most) }),
            // The newest message is always in view.
            Self::Large => {
                captioned_below(Rect { x, y, width, height: whole.min(height.saturating_sub(LEAST_BESIDE_LARGE)) })
            }
        }
    }
}

/// The columns of a picture of so many rows: five to three, in cells that are twice as high as wide.
fn columns_of(rows: u16) -> u16 {
    rows * 10 / 3
}

/// A tile in an area whose last row is its caption; neither in one that is too low.
fn captioned_below(area: Rect) -> (Rect, Rect) {
    if area.height < LEAST_TILE_ROWS {
        return Default::default();
    }
    let height = area.height - 1;
    (Rect { height, ..area }, Rect { y: area.y + height, height: 1, ..area })
}

impl Contents {
    /// The rows of the menu in a column of this height, and whether it is folded into one.
    fn menu_rows(self, height: u16, headed: bool) -> (u16, bool) {
        // A blank row stands between the conversations and the menu.
        let whole = self.menu.saturating_add(u16::from(headed));
        let roomy = self.conversations.saturating_add(1).saturating_add(whole) <= height;
        let open = whole <= height.saturating_sub(2);
        if roomy || self.menu_open && open {
            (whole, false)
        } else if self.menu_open {
            (height.saturating_sub(2), false)
        } else {
            (1, true)
        }
    }
}
