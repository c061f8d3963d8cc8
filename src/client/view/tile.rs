//! Tiles: pictures among the panes.
//!
//! Must not know: how pictures become cells, or how they reach the terminal.

use std::sync::Arc;

use super::{Rect, StyledLine};
use crate::media::picture::Picture;

/// A picture with a caption.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tile {
    /// The area of the picture, in the middle of which it keeps its proportions.
    pub area: Rect,
    /// The picture.
    pub picture: Option<Arc<Picture>>,
    /// What stands in its place while there is none, such as that the camera is off.
    pub note: StyledLine,
    /// The area of the caption.
    pub caption_area: Rect,
    /// Whose picture it is, and what else there is to know; as many rows as fit are shown.
    pub caption: Vec<StyledLine>,
}

/// How much of the screen a tile gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TileSize {
    /// None of it.
    #[default]
    None,
    /// Its caption alone, while there is no picture.
    Caption,
    /// What leaves the messages at least a third.
    Small,
    /// The same for several, whose captions stand below them, but no more than so many rows.
    Several(u16),
    /// All of the middle, in place of the messages.
    Large,
}

/// How pictures are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PictureStyle {
    /// As the terminal can, as far as is known.
    #[default]
    Auto,
    /// Half blocks in 24-bit colours.
    Rgb,
    /// Half blocks in 256 colours.
    Palette,
    /// Half blocks in 16 colours.
    Sixteen,
    /// Quadrants: finer than half blocks, in as many colours as there are.
    Quadrants,
    /// Characters by brightness.
    Text,
    /// Not at all.
    Off,
}

impl PictureStyle {
    /// The styles with the words that choose them.
    pub const WORDS: [(&str, Self); 7] = [
        ("auto", Self::Auto),
        ("true", Self::Rgb),
        ("256", Self::Palette),
        ("16", Self::Sixteen),
        ("quadrants", Self::Quadrants),
        ("text", Self::Text),
        ("off", Self::Off),
    ];

    /// The style that a word chooses.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, style)| *style)
    }
}
