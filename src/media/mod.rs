//! Pictures of video calls.
//!
//! Must not know: anything else of the program.

pub mod codec;
pub mod picture;
pub mod plane;
pub mod test_source;
pub mod y4m;
