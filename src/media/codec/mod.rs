//! A codec for small pictures of people: at most 320x192, a few hundred bytes each, one packet a picture. Encoder and decoder
//! compute in integers alone and have the same picture to the bit.
//!
//! - [`encoder`], [`decoder`]: pictures to packets, packets to pictures. [`packet`]: the head of a packet.
//! - [`receipts`]: which picture the next one refers to, by what the receiver has. [`rate`]: how fine it is, by what it may cost.
//!
//! The format, from bits up:
//!
//! - `range`: bits with learned probabilities. `models`: which probabilities there are; `defaults`: where they begin.
//! - `unit`: what is coded; `grid`: the macroblocks of a picture, in their order; `map`: what is known of those before.
//! - `syntax`: units as bits, written once for writing, counting and reading.
//! - `square`, `tables`, `transform`: samples, the constants, cosine transform and quantiser.
//! - `inter`, `intra`: prediction from another picture, and from the samples around. `rebuild`: units to samples.
//! - `kept`: the pictures that may be referred to.
//!
//! What only the encoder does: `decide` tries what may be said about a macroblock, `search` finds vectors, `fit` finds levels that
//! are worth their bits.
//!
//! Every tool in it was published over twenty years ago or comes with VP8 (RFC 6386), whose licence is open; the files name their
//! sources. There is no filter over block edges in the loop: with H.263's (annex J), packets were larger at the same likeness.
//!
//! Must not know: where packets go, clocks, or how pictures are drawn.

pub mod decoder;
pub mod encoder;
pub mod packet;
pub mod rate;
pub mod receipts;

mod decide;
mod defaults;
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
