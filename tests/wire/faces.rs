//! Where the faces of a conference stand.

use tr2::client::direct::conference::layout::{FaceGrid, GridMember, LEAST_FACE, MAX_FACES, grid};
use tr2::protocol::conference_packet::FaceSize;

const FACE: GridMember = GridMember { has_picture: true, is_chosen: false };
const CHOSEN: GridMember = GridMember { has_picture: true, is_chosen: true };
const NAME: GridMember = GridMember { has_picture: false, is_chosen: false };

/// Checks that nothing overlaps or leaves the area, and that everybody is there once.
fn checked(columns: u16, rows: u16, members: &[GridMember]) -> FaceGrid {
    let grid = grid(columns, rows, members);
    let mut taken = vec![vec![false; columns.into()]; rows.into()];
    for tile in &grid.tiles {
        assert!(tile.width >= LEAST_FACE.0 && tile.height >= LEAST_FACE.1, "{tile:?}");
        for row in tile.row..=tile.row + tile.height {
            for column in tile.column..tile.column + tile.width {
                let cell = &mut taken[usize::from(row)][usize::from(column)];
                assert!(!std::mem::replace(cell, true), "{tile:?} in {columns}x{rows} of {}", members.len());
            }
        }
    }
    if !grid.names.is_empty() {
        assert!(taken.last().is_none_or(|row| !row.contains(&true)), "the last row is for names");
    }
    let mut all: Vec<usize> = grid.tiles.iter().map(|tile| tile.member).chain(grid.names.clone()).collect();
    all.sort_unstable();
    assert!(all.iter().copied().eq(0..members.len()), "{all:?}");
    grid
}

/// Columns and rows of the grid, and the size of its faces.
fn shape(grid: &FaceGrid) -> (usize, usize, u16, u16) {
    let mut columns: Vec<u16> =
        grid.tiles.iter().filter(|tile| tile.row == grid.tiles[0].row).map(|t| t.column).collect();
    columns.dedup();
    let mut rows: Vec<u16> = grid.tiles.iter().map(|tile| tile.row).collect();
    rows.dedup();
    grid.tiles.first().map_or((0, 0, 0, 0), |tile| (columns.len(), rows.len(), tile.width, tile.height))
}

#[test]
fn the_number_of_columns_makes_faces_largest() {
    let areas = [(40, 10), (80, 24), (120, 40), (200, 60)];
    let found =
        areas.map(|(columns, rows)| [1, 2, 4, 11].map(|faces| shape(&checked(columns, rows, &vec![FACE; faces]))));
    // Columns and rows of faces; columns and rows of cells of each.
    assert_eq!(
        found,
        [
            [(1, 1, 30, 9), (2, 1, 19, 5), (2, 2, 13, 4), (3, 2, 10, 3)],
            [(1, 1, 76, 23), (2, 1, 39, 11), (2, 2, 36, 11), (4, 3, 19, 5)],
            [(1, 1, 120, 36), (1, 2, 63, 19), (2, 2, 59, 17), (3, 4, 30, 9)],
            [(1, 1, 196, 59), (2, 1, 99, 29), (2, 2, 96, 29), (4, 3, 49, 14)],
        ]
    );
}

#[test]
fn where_there_is_no_room_for_all_some_are_names() {
    // 40x10 has room for six faces of 12x3, below each its name, and a row for the others.
    let grid_of_12 = checked(40, 10, &[FACE; 12]);
    assert_eq!(shape(&grid_of_12), (3, 2, 10, 3));
    assert_eq!(grid_of_12.names, [6, 7, 8, 9, 10, 11]);
    // Who talks has a face, wherever they are in the list.
    let mut members = [FACE; 12];
    members[9] = CHOSEN;
    let grid_of_12 = checked(40, 10, &members);
    assert!(grid_of_12.tiles.iter().any(|tile| tile.member == 9 && tile.size == FaceSize::Medium));
    for (columns, rows) in [(0, 0), (9, 24), (80, 3), (1, 1), (10, 3)] {
        assert_eq!(checked(columns, rows, &[FACE, CHOSEN]).names, [0, 1], "{columns}x{rows}");
    }
    assert_eq!(checked(10, 4, &[FACE]).tiles.len(), 1);
    assert_eq!(checked(80, 24, &[]), FaceGrid::default());
    assert_eq!(checked(200, 60, &[FACE; MAX_FACES + 1]).names, [MAX_FACES]);
}

#[test]
fn who_sends_nothing_is_a_name() {
    let grid = checked(80, 24, &[FACE, NAME, FACE, NAME]);
    assert_eq!(grid.tiles.iter().map(|tile| tile.member).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(grid.names, [1, 3]);
    assert_eq!(checked(80, 24, &[NAME, NAME]).tiles, []);
}

#[test]
fn no_more_is_asked_for_than_can_be_seen() {
    use FaceSize::{Large, Medium, Small};
    let sizes = |columns, rows, members: &[GridMember]| {
        checked(columns, rows, members).tiles.iter().map(|tile| tile.size).collect::<Vec<_>>()
    };
    assert_eq!(sizes(40, 10, &[FACE]), [Small]);
    assert_eq!(sizes(80, 24, &[FACE]), [Medium]);
    assert_eq!(sizes(200, 60, &[FACE]), [Large]);
    assert_eq!(sizes(200, 60, &[FACE; 4]), [Medium; 4]);
    assert_eq!(sizes(200, 60, &[FACE; 5]), [Small; 5]);
    assert_eq!(sizes(80, 24, &[FACE, CHOSEN, FACE]), [Small, Medium, Small]);
    // Whatever is shown, the bytes are bounded: about 1.5, 3 and 6 kB/s each.
    for faces in 1..=11 {
        for (columns, rows) in [(80, 24), (120, 40), (200, 60), (400, 200)] {
            let mut members = vec![FACE; faces];
            members[0] = CHOSEN;
            let bytes: usize =
                sizes(columns, rows, &members).iter().map(|size| [1500, 3000, 6000][usize::from(size.number())]).sum();
            assert!(bytes <= 20_000, "{faces} at {columns}x{rows}: {bytes}");
        }
    }
}

#[test]
fn every_area_and_number_of_members_has_a_grid() {
    for columns in (0..220).step_by(7) {
        for rows in (0..70).step_by(3) {
            for count in 0..=13 {
                let members: Vec<_> = (0..count).map(|at| [FACE, NAME, CHOSEN, FACE][at * columns % 4]).collect();
                checked(columns as u16, rows, &members);
            }
        }
    }
}
