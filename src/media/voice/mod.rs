//! Voice of calls: sound to small packets and back, sound files, and several speakers in one loudspeaker. All of it is pure.
//!
//! Sound is 16-bit samples of one channel, [`RATE`] a second. A packet has [`PACKET_SAMPLES`] of them.
//!
//! - [`codec`]: packets, by Opus (RFC 6716). [`mixer`]: several speakers. [`stretch`]: sound made a little longer or shorter.
//! - [`wav`]: sound files. [`test_sound`]: sound without a microphone.
//!
//! Must not know: anything else of the program; clocks, sockets, files or sound cards.

pub mod codec;
pub mod mixer;
pub mod stretch;
pub mod test_sound;
pub mod wav;

/// Samples a second.
pub const RATE: u32 = 16_000;
/// The samples of a packet: 40 ms.
pub const PACKET_SAMPLES: usize = 640;
