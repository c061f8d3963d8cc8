//! The codec for small pictures of people.
//!
//! Must not know: where packets go, clocks, or how pictures are drawn.

pub mod decoder;
pub mod encoder;
pub mod packet;

mod deblock;
mod decide;
mod fit;
mod grid;
mod inter;
mod intra;
mod kept;
mod map;
mod models;
mod range;
mod rebuild;
mod search;
mod square;
mod syntax;
mod tables;
mod transform;
mod unit;
