//! Where the faces of a conference stand in an area of cells: a grid with the number of columns that makes them largest, and
//! which size of picture each needs. Whoever has no picture, or no room for one, is a name.
//!
//! A cell is twice as high as wide, and a face five units wide for three of height.
//!
//! Must not know: who the members are, how cells are drawn, or what a terminal can show.

use crate::protocol::conference::MAX_CONFERENCE;
use crate::protocol::conference_packet::FaceSize;

/// The most faces.
pub const MAX_FACES: usize = MAX_CONFERENCE;
/// A face below this is not worth its bytes: cells wide and high.
pub const LEAST_FACE: (u16, u16) = (10, 3);
/// The row below each face that has its name.
const NAME_ROW: u16 = 1;
/// The column between two faces.
const GAP: u16 = 1;
/// From so many cells of width on, a face gains by the next size.
const MEDIUM_FROM: u16 = 50;
const LARGE_FROM: u16 = 100;
/// Up to so many faces, each may have the next size; of more, only the one that was chosen or talks.
const FEW: usize = 4;

/// A member that may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridMember {
    /// Whether it sends pictures.
    pub has_picture: bool,
    /// Whether it talks, or was chosen.
    pub is_chosen: bool,
}

/// A face in the grid: its picture, below which its name has a row of the same width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridTile {
    /// Which of the members.
    pub member: usize,
    /// The first column of the picture, from 0.
    pub column: u16,
    /// The first row of the picture, from 0.
    pub row: u16,
    /// Its width in cells.
    pub width: u16,
    /// Its height in cells, without the name.
    pub height: u16,
    /// The size of picture to ask for.
    pub size: FaceSize,
}

/// A grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaceGrid {
    /// The faces, row by row.
    pub tiles: Vec<GridTile>,
    /// Those who are names only, in the last row.
    pub names: Vec<usize>,
}

/// The grid of members in an area of columns and rows.
#[must_use]
pub fn grid(columns: u16, rows: u16, members: &[GridMember]) -> FaceGrid {
    let with_picture = |chosen: bool| {
        let is = move |member: &GridMember| member.has_picture && member.is_chosen == chosen;
        members.iter().enumerate().filter(move |(_, member)| is(member)).map(|(at, _)| at)
    };
    // The chosen ones have a place before the others; all stand in the order of the members.
    let faces: Vec<usize> = with_picture(true).chain(with_picture(false)).take(MAX_FACES).collect();
    let fits = (1..=faces.len()).rev().find_map(|count| {
        // A row for names, unless all have a face.
        let rows = if count < members.len() { rows.saturating_sub(1) } else { rows };
        best(columns, rows, count).map(|shape| (count, rows, shape))
    });
    let Some((count, rows, shape)) = fits else {
        return FaceGrid { tiles: Vec::new(), names: (0..members.len()).collect() };
    };
    let mut shown: Vec<usize> = faces.into_iter().take(count).collect();
    shown.sort_unstable();
    let is_chosen = |at: usize| members.get(at).is_some_and(|member| member.is_chosen);
    let tiles =
        (0..).zip(&shown).map(|(place, &member)| shape.tile((columns, rows), (place, count), member, is_chosen));
    let names = (0..members.len()).filter(|at| !shown.contains(at)).collect();
    FaceGrid { tiles: tiles.collect(), names }
}

/// How a grid is cut.
#[derive(Clone, Copy, Debug)]
struct Shape {
    across: u16,
    down: u16,
    /// Of the pictures.
    width: u16,
    height: u16,
}

/// The shape with the largest faces; `None` if they are below [`LEAST_FACE`]. Of two alike, the one with fewer columns.
fn best(columns: u16, rows: u16, count: usize) -> Option<Shape> {
    let count = u16::try_from(count).ok()?;
    let shapes = (1..=count).map(|across| {
        let down = count.div_ceil(across);
        let (width, height) =
            five_to_three(((columns + GAP) / across).saturating_sub(GAP), (rows / down).saturating_sub(NAME_ROW));
        Shape { across, down, width, height }
    });
    let large = shapes.filter(|shape| shape.width >= LEAST_FACE.0 && shape.height >= LEAST_FACE.1);
    large.reduce(|one, other| if other.area() > one.area() { other } else { one })
}

/// The largest face within so many cells.
fn five_to_three(columns: u16, rows: u16) -> (u16, u16) {
    let (columns, rows) = (u32::from(columns), u32::from(rows));
    // 5 to 3 samples, two samples to a cell's height: 10 to 3 cells.
    let (width, height) = if columns * 3 > rows * 10 { (rows * 10 / 3, rows) } else { (columns, columns * 3 / 10) };
    (u16::try_from(width).unwrap_or(u16::MAX), u16::try_from(height).unwrap_or(u16::MAX))
}

impl Shape {
    fn area(self) -> u32 {
        u32::from(self.width) * u32::from(self.height)
    }

    /// The face at a place among so many, in the middle of its part of the area.
    fn tile(
        self,
        (columns, rows): (u16, u16),
        (place, count): (u16, usize),
        member: usize,
        is_chosen: impl Fn(usize) -> bool,
    ) -> GridTile {
        let (across, down) = (place % self.across, place / self.across);
        let (wide, high) = ((columns + GAP) / self.across, rows / self.down);
        // The last row stands in the middle, too.
        let in_row = self.across.min(u16::try_from(count).unwrap_or(0).saturating_sub(down * self.across));
        let indent = (self.across - in_row) * wide / 2;
        let column = indent + across * wide + wide.saturating_sub(GAP).saturating_sub(self.width) / 2;
        let row = down * high + high.saturating_sub(NAME_ROW).saturating_sub(self.height) / 2;
        let is_large = self.width >= MEDIUM_FROM;
        let size = match count {
            1 if self.width >= LARGE_FROM => FaceSize::Large,
            _ if is_chosen(member) || is_large && count <= FEW => FaceSize::Medium,
            _ => FaceSize::Small,
        };
        GridTile { member, column, row, width: self.width, height: self.height, size }
    }
}
