//! The place of a call's picture on the screen, and what stands beside it.
//!
//! Must not know: how pictures become cells, or where they come from.

use super::Ui;
use super::view_source::ViewSource;
use crate::client::key::Key;
use crate::client::session::calls::call::UserCall;
use crate::client::session::chat::Chat;
use crate::client::text::layout::{Contents, Layout};
use crate::client::text::wrap::{fit_line, line_cells};
use crate::client::view::{PictureStyle, Rect, Scope, StyledLine, Tile, TileSize};
use crate::language::{pictures as say, voices};

/// The fewest and the most rows of one's own picture.
const OWN_ROWS: (u16, u16) = (4, 6);
/// Samples of a picture for each cell of its width: cells have one or two, and twice as many look better.
const SAMPLES: u16 = 2;

impl Ui {
    /// A call with pictures has its place in view, or has none; and one of them is there, or none yet.
    pub(in crate::client::session) fn place_picture(&mut self, there: bool, any: bool) {
        self.picture = there && self.picture_style != PictureStyle::Off;
        self.blank = !any;
        self.large &= self.picture;
    }

    /// Makes the picture large, or small again; `false` if there is none.
    pub(in crate::client::session) fn turn_large(&mut self) -> bool {
        let there = self.picture && !self.blank;
        self.large = there && !self.large;
        there
    }

    /// The width up to which the picture in view is of use, or would be if it came, in samples; 0 if there is no room for one.
    pub(in crate::client::session) fn picture_width(&self, chat: &Chat) -> u16 {
        if !self.picture {
            return 0;
        }
        let tile = if self.large { TileSize::Large } else { TileSize::Small };
        let Rect { width, height, .. } = self.layout_with(chat, tile).0.tile;
        // Beside a picture that fills the height there may be room, where it is not of use.
        width.min(widest(height)).saturating_mul(SAMPLES)
    }

    /// Whether there is room for a picture on the screen.
    pub(in crate::client::session) fn has_room_for_picture(&self, chat: &Chat) -> bool {
        let contents = Contents { tile: TileSize::Small, ..self.contents(chat) };
        !Layout::of(self.cols, self.rows, contents).tile.is_empty()
    }

    pub(super) fn tile_size(&self) -> TileSize {
        match (self.picture, self.blank, self.large) {
            (false, ..) => TileSize::None,
            (true, true, _) => TileSize::Caption,
            (true, false, false) => self.face_rows.map_or(TileSize::Small, TileSize::Several),
            (true, false, true) => TileSize::Large,
        }
    }
}

impl ViewSource<'_> {
    /// The picture of the call in view, and one's own; or the faces of the room's.
    pub(super) fn tiles(&self, layout: Layout) -> Vec<Tile> {
        let name = self.chat.current().venue.direct();
        let call = name.and_then(|name| self.calls.with(name)).filter(|_| !layout.tile_caption.is_empty());
        let Some(call) = call else { return self.faces(layout) };
        let note = if call.pictures().theirs() { say::waits_for_picture() } else { say::camera_off_short() };
        let theirs = Tile {
            area: layout.tile,
            picture: call.pictures().newest().cloned(),
            note: fit_line(StyledLine::of(Scope::Dim, note), layout.tile.width.into()),
            caption_area: layout.tile_caption,
            caption: self.caption(call, layout),
        };
        let own = self.calls.own_picture().filter(|_| call.pictures().are_sent());
        let own = own.zip(own_area(layout, theirs.caption.len()));
        let own = own.map(|(picture, area)| Tile { area, picture: Some(picture.clone()), ..Tile::default() });
        [theirs].into_iter().chain(own).collect()
    }

    /// The keys of the camera and of the size.
    pub(super) fn picture_keys(&self) -> [StyledLine; 2] {
        let size = if self.ui.large { say::small_key() } else { say::large_key() };
        [(Key::F(7), say::camera_key()), (Key::F(5), size)].map(|(key, does)| self.key_and_word(key, does))
    }

    /// The key to speak.
    pub(super) fn talk_key(&self) -> StyledLine {
        self.key_and_word(Key::F(8), voices::talk_key())
    }

    fn key_and_word(&self, key: Key, does: &str) -> StyledLine {
        let key = self.ui.bindings.instead_of(key).unwrap_or(key);
        StyledLine::of(Scope::Key, key.to_string()).and(Scope::Dim, format!(" {does}"))
    }

    /// Whose picture it is, which way it goes, and the keys: in a column beside it, in a row below, or in two without it.
    fn caption(&self, call: &UserCall, layout: Layout) -> Vec<StyledLine> {
        let area = layout.tile_caption;
        let width = usize::from(area.width);
        let mark = if call.is_verified() { "" } else { "~" };
        let name = StyledLine::of(Scope::Heading, format!("{mark}{}", call.name()));
        let speaks = if call.voices().speaks() { format!(" {}", voices::speaks()) } else { String::new() };
        let name = name.and(Scope::Focus, speaks);
        let way = self.direct_state(call.name()).unwrap_or_default();
        let pictures = call.pictures();
        let own = match (pictures.leave(), pictures.are_sent(), pictures.ours()) {
            (true, ..) => StyledLine::of(Scope::Focus, format!("● {}", say::own_camera_on())),
            (false, true, _) => StyledLine::of(Scope::Text, format!("○ {}", say::own_camera_on())),
            (false, false, true) => StyledLine::of(Scope::Pending, say::own_camera_starts()),
            (false, false, false) => StyledLine::of(Scope::Dim, say::own_camera_off()),
        };
        let [camera, size] = self.picture_keys();
        let talk = self.talk_key();
        let way = StyledLine::of(Scope::Dim, way);
        let voice = if call.voices().talk() {
            StyledLine::of(Scope::Focus, format!("● {}", voices::you_speak()))
        } else {
            StyledLine::default()
        };
        let fitting = |rows: Vec<StyledLine>| rows.into_iter().find(|row| line_cells(row) <= width);
        let lines = if layout.tile.is_empty() {
            // The title has the way, too.
            let first = [joined([name.clone(), way, voice.clone()]), joined([name.clone(), voice])];
            let keys = [joined([own, camera.clone(), talk.clone()]), joined([camera, talk])];
            vec![fitting(first.into()).unwrap_or(name), fitting(keys.into()).unwrap_or_default()]
        } else if area.height > 1 {
            let both = joined([camera.clone(), talk.clone()]);
            let fits = line_cells(&both) < width;
            let keys = if fits { vec![both, size] } else { vec![camera, talk, size] };
            [vec![name, way, own, voice], keys].concat()
        } else {
            // What does not fit goes: the title has the way, and the bottom row the camera. The keys stand nowhere else.
            let rows = [
                joined([name.clone(), way, own.clone(), camera.clone(), talk.clone(), size.clone()]),
                joined([name.clone(), own.clone(), camera.clone(), talk, size.clone()]),
                joined([name.clone(), own, camera.clone(), size.clone()]),
            ];
            vec![fitting(rows.into()).unwrap_or_else(|| joined([name, camera, size]))]
        };
        lines.into_iter().map(|line| fit_line(line, width)).collect()
    }
}

/// Pieces of a row, as far as there is something in them.
pub(super) fn joined(pieces: impl IntoIterator<Item = StyledLine>) -> StyledLine {
    let is_there = |piece: &StyledLine| piece.0.iter().any(|span| !span.text.is_empty());
    let beside = |left: StyledLine, right: StyledLine| {
        let mut line = left.and(Scope::Text, "  ");
        line.0.extend(right.0);
        line
    };
    pieces.into_iter().filter(is_there).reduce(beside).unwrap_or_default()
}

/// How wide a picture of so many rows is: five to three, in cells that are twice as high as wide.
fn widest(rows: u16) -> u16 {
    rows.saturating_mul(10) / 3
}

/// Where one's own picture stands, five units wide for three of height: at the foot of a caption with so many rows of words,
/// or in a corner of the other one's picture.
fn own_area(Layout { tile, tile_caption: caption, .. }: Layout, words: usize) -> Option<Rect> {
    let (least, most) = OWN_ROWS;
    if caption.height == 1 {
        let rows = (tile.height * 3 / 10).min(most);
        // The picture keeps its proportions, in the middle of the tile.
        let (width, whole) = (widest(rows), widest(tile.height).min(tile.width));
        let right = tile.x + tile.width.saturating_sub(whole) / 2 + whole;
        let (x, y) = (right.saturating_sub(width), tile.y + tile.height - rows);
        return (rows >= least && width < whole).then_some(Rect { x, y, width, height: rows });
    }
    let free = caption.height.saturating_sub(u16::try_from(words).unwrap_or(u16::MAX));
    // Below the words, which have a blank before them; and one at the edge.
    let rows = free.min(most).min(caption.width.saturating_sub(2) * 3 / 10);
    let (x, y) = (caption.x + 1, caption.y + caption.height - rows);
    let area = Rect { x, y, width: widest(rows), height: rows };
    (rows >= least).then_some(area)
}
