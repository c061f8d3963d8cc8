//! The faces of a room's call on the screen: which are shown, how large, and what stands with them.
//!
//! Must not know: how pictures become cells, or where they come from.

use super::Ui;
use super::pictures::joined;
use super::view_source::ViewSource;
use crate::client::direct::conference::layout::{FaceGrid, GridMember, GridTile, grid};
use crate::client::session::calls::conference::{OtherMember, OwnConference};
use crate::client::session::chat::Chat;
use crate::client::text::layout::Layout;
use crate::client::text::wrap::fit_line;
use crate::client::view::{Rect, Scope, StyledLine, Tile};
use crate::language::{conferences, pictures as say};
use crate::model::Target;
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
    let member =
        |of: &FaceOf<'_>| GridMember { has_picture: of.is_none_or(OtherMember::has_picture), is_chosen: false };
    let all: Vec<GridMember> = members(call).iter().map(member).collect();
    // Those who are names only have no row of the grid: they stand in the last one.
    let with_picture = all.iter().filter(|member| member.has_picture).count();
    let rows = area.height.saturating_sub(1);
    let rows = if with_picture < all.len() { rows + 1 } else { rows };
    grid(area.width, rows, &all)
}

/// The place of all faces: that of a picture and its caption.
fn area(layout: &Layout) -> Rect {
    let Layout { tile, tile_caption, title, .. } = *layout;
    if tile.is_empty() {
        return tile;
    }
    let bottom = (tile.y + tile.height).max(tile_caption.y + tile_caption.height);
    Rect { width: (title.x + title.width).saturating_sub(tile.x), height: bottom - tile.y, ..tile }
}

impl Ui {
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
        let face = |tile: &GridTile| members.get(tile.member).map(|of| self.face(*of, *tile, area));
        let mut tiles: Vec<Tile> = grid.tiles.iter().filter_map(face).collect();
        let row = Rect { y: area.y + area.height - 1, height: 1, ..area };
        let names = grid.names.iter().filter_map(|at| members.get(*at).copied());
        let caption = vec![self.faces_caption(call, names, usize::from(area.width))];
        tiles.push(Tile { caption_area: row, caption, ..Tile::default() });
        tiles
    }

    fn face(&self, of: FaceOf<'_>, tile: GridTile, within: Rect) -> Tile {
        let (x, y) = (within.x + tile.column, within.y + tile.row);
        let area = Rect { x, y, width: tile.width, height: tile.height };
        let (picture, name) = match of {
            Some(other) => (other.newest(), marked(other)),
            None => (self.calls.own_picture(), conferences::own_face().to_owned()),
        };
        let scope = if of.is_some() { Scope::Text } else { Scope::Own };
        Tile {
            area,
            picture: picture.cloned(),
            note: StyledLine::of(Scope::Dim, "…"),
            caption_area: Rect { y: y + tile.height, height: 1, ..area },
            caption: vec![fit_line(StyledLine::of(scope, name), usize::from(tile.width))],
        }
    }

    /// Who has no face, what one's own camera does, and the keys.
    fn faces_caption<'a>(
        &self,
        call: &OwnConference,
        names: impl Iterator<Item = FaceOf<'a>>,
        width: usize,
    ) -> StyledLine {
        let names: Vec<String> = names.flatten().map(marked).collect();
        let names = StyledLine::of(Scope::Dim, names.join(", "));
        let own = match (call.is_seen(), call.camera()) {
            (true, _) => StyledLine::of(Scope::Focus, format!("● {}", say::own_camera_on())),
            (false, true) => StyledLine::of(Scope::Pending, say::own_camera_starts()),
            (false, false) => StyledLine::of(Scope::Dim, say::own_camera_off()),
        };
        let [camera, size] = self.picture_keys();
        fit_line(joined([own, camera, size, names]), width)
    }
}

/// A name, marked if the server has not verified it.
fn marked(other: &OtherMember) -> String {
    format!("{}{}", if other.is_verified() { "" } else { "~" }, other.name())
}
