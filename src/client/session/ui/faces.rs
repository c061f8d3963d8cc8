//! The faces of a room's call on the screen: which are shown, how large, and what stands with them.
//!
//! Must not know: how pictures become cells, or where they come from.

use std::collections::BTreeSet;

use super::Ui;
use super::pictures::joined;
use super::view_source::ViewSource;
use crate::client::direct::conference::layout::{FaceGrid, GridMember, GridTile, grid};
use crate::client::session::calls::conference::OwnConference;
use crate::client::session::calls::other_member::OtherMember;
use crate::client::session::chat::Chat;
use crate::client::text::layout::{LEAST_TILE_ROWS, Layout};
use crate::client::text::wrap::{fit_line, line_cells};
use crate::client::view::{Rect, Scope, StyledLine, Tile, TileSize};
use crate::language::{conferences, pictures as say, voices};
use crate::model::{RoomName, Target};
use crate::protocol::conference::MemberNumber;
use crate::protocol::conference_packet::FaceSize;

/// A member with a place among the faces: another one, or oneself.
type FaceOf<'a> = Option<&'a OtherMember>;

/// The members in the order of the faces: oneself first, if one's camera is on.
fn members(call: &OwnConference) -> Vec<FaceOf<'_>> {
    let own = call.camera().then_some(None);
    own.into_iter().chain(call.others().iter().map(Some)).collect()
}

/// The faces in an area, whose last row is left for words.
fn faces(call: &OwnConference, area: Rect) -> FaceGrid {
    let member = |of: &FaceOf<'_>| GridMember {
        has_picture: of.is_none_or(OtherMember::has_picture),
        is_chosen: of.is_some_and(|other| call.is_prominent(other)),
    };
    let all: Vec<GridMember> = members(call).iter().map(member).collect();
    // Those who are names only have no row of the grid: they stand in the last one.
    let with_picture = all.iter().filter(|member| member.has_picture).count();
    let rows = area.height.saturating_sub(1);
    let rows = if with_picture < all.len() { rows + 1 } else { rows };
    grid(area.width, rows, &all)
}

/// The place of all faces: that of a picture and its caption below, with the gutter of the messages at the left.
fn area(layout: &Layout) -> Rect {
    let Layout { tile, tile_caption, .. } = *layout;
    if tile.is_empty() {
        return tile;
    }
    let (width, height) = (tile.width.saturating_sub(1), tile.height + tile_caption.height);
    Rect { x: tile.x + 1, width, height, ..tile }
}

/// The rows that a grid takes, with the last one for words; no fewer than a tile has.
fn rows_of(grid: &FaceGrid) -> u16 {
    let rows: BTreeSet<u16> = grid.tiles.iter().map(|tile| tile.row).collect();
    let down = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let high = grid.tiles.first().map_or(0, |tile| tile.height + 1);
    down.saturating_mul(high).saturating_add(1).max(LEAST_TILE_ROWS)
}

impl Ui {
    /// The faces of a call have their place, if it is in view, and no more rows than they need.
    pub(in crate::client::session) fn fit_faces(&mut self, chat: &Chat, call: Option<&OwnConference>) {
        self.face_rows = call.filter(|call| self.shows_faces(chat, call)).map(|call| {
            let most = area(&self.layout_with(chat, TileSize::Several(u16::MAX)).0);
            rows_of(&faces(call, most))
        });
    }

    /// The members whose faces are in view, with the sizes that they need.
    pub(in crate::client::session) fn faces_in_view(
        &self,
        chat: &Chat,
        call: Option<&OwnConference>,
    ) -> Vec<(MemberNumber, FaceSize)> {
        let Some(call) = call.filter(|call| self.shows_faces(chat, call)) else { return Vec::new() };
        let members = members(call);
        let tiles = faces(call, area(&self.layout(chat).0)).tiles.into_iter();
        tiles.filter_map(|tile| Some((members.get(tile.member)?.as_ref()?.number(), tile.size))).collect()
    }

    /// Whether the faces of a call have their place in view.
    pub(super) fn shows_faces(&self, chat: &Chat, call: &OwnConference) -> bool {
        self.picture && call.is_in() && chat.is_in_view(&Target::Room(call.room().clone()))
    }
}

impl ViewSource<'_> {
    /// The faces of the call of the room in view.
    pub(super) fn faces(&self, layout: Layout) -> Vec<Tile> {
        let call = self.calls.conference().filter(|call| self.ui.shows_faces(self.chat, call));
        let area = area(&layout);
        let Some(call) = call.filter(|_| !area.is_empty()) else { return Vec::new() };
        let (members, grid) = (members(call), faces(call, area));
        let talks = call.voices().talk();
        let face = |tile: &GridTile| members.get(tile.member).map(|of| self.face(*of, talks, *tile, area));
        let mut tiles: Vec<Tile> = grid.tiles.iter().filter_map(face).collect();
        let row = Rect { y: area.y + area.height - 1, height: 1, ..area };
        // Where not all names fit, whoever speaks is among those that do.
        let named = || grid.names.iter().filter_map(|at| members.get(*at).copied());
        let speaks = |of: &FaceOf<'_>| of.is_some_and(OtherMember::speaks);
        let names = named().filter(speaks).chain(named().filter(|of| !speaks(of)));
        let caption = vec![self.faces_caption(call, names, usize::from(area.width))];
        tiles.push(Tile { caption_area: row, caption, ..Tile::default() });
        tiles
    }

    /// Who speaks in the room's call that we are in, unless the faces in view say it, or the names below them.
    pub(super) fn speaking_in(&self, room: &RoomName, layout: &Layout) -> Option<String> {
        let call = self.calls.conference().filter(|call| call.room().folded() == room.folded())?;
        if self.ui.shows_faces(self.chat, call) && !area(layout).is_empty() {
            return None;
        }
        let names: Vec<&str> =
            call.others().iter().filter(|other| other.speaks()).map(|other| other.name().as_str()).collect();
        (!names.is_empty()).then(|| voices::speaking(names.join(", ")))
    }

    fn face(&self, of: FaceOf<'_>, talks: bool, tile: GridTile, within: Rect) -> Tile {
        let (x, y) = (within.x + tile.column, within.y + tile.row);
        let area = Rect { x, y, width: tile.width, height: tile.height };
        let (picture, name) = match of {
            Some(other) => (other.newest(), StyledLine::of(Scope::Text, marked(other))),
            None => (self.calls.own_picture(), StyledLine::of(Scope::Own, conferences::own_face())),
        };
        let name = match of {
            Some(other) if other.speaks() => name.and(Scope::Focus, format!(" {}", voices::speaks())),
            None if talks => StyledLine::of(Scope::Focus, voices::you_speak()),
            Some(_) | None => name,
        };
        Tile {
            area,
            picture: picture.cloned(),
            note: StyledLine::of(Scope::Dim, "…"),
            caption_area: Rect { y: y + tile.height, height: 1, ..area },
            caption: vec![fit_line(name, usize::from(tile.width))],
        }
    }

    /// Who has no face, what one's own camera does, and the keys.
    fn faces_caption<'a>(
        &self,
        call: &OwnConference,
        names: impl Iterator<Item = FaceOf<'a>>,
        width: usize,
    ) -> StyledLine {
        let names = names.flatten().enumerate().fold(StyledLine::default(), |line, (at, other)| {
            let line = line.and(Scope::Dim, format!("{}{}", if at > 0 { ", " } else { "" }, marked(other)));
            if other.speaks() { line.and(Scope::Focus, format!(" {}", voices::speaks())) } else { line }
        });
        let own = match (call.is_seen(), call.is_sent(), call.camera()) {
            (true, ..) => StyledLine::of(Scope::Focus, format!("● {}", say::own_camera_on())),
            (false, true, _) => StyledLine::of(Scope::Text, format!("○ {}", say::own_camera_on())),
            (false, false, true) => StyledLine::of(Scope::Pending, say::own_camera_starts()),
            (false, false, false) => StyledLine::of(Scope::Dim, say::own_camera_off()),
        };
        let [camera, size] = self.picture_keys();
        let rows = [
            joined([own.clone(), camera.clone(), self.talk_key(), size.clone(), names.clone()]),
            // The names are worth more than a key that stands in the words with which the call began.
            joined([own, camera, size, names]),
        ];
        let [full, short] = rows;
        fit_line(if line_cells(&full) <= width { full } else { short }, width)
    }
}

/// A name, marked if the server has not verified it.
fn marked(other: &OtherMember) -> String {
    format!("{}{}", if other.is_verified() { "" } else { "~" }, other.name())
}
