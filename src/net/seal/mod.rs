//! Sealing for many: a sender has a key of its own, which all who may read have, and whoever passes the packets on has not.
//!
//! The format is that of SFrame (RFC 9605), with its suite AES_128_GCM_SHA256_128.
//!
//! - `header`: the key's and the packet's numbers before each packet. [`frame_key`]: one key.
//! - [`sender`]: a sender's keys, one after the other. [`receiver`]: the keys of a sender as a receiver has them.
//!
//! Whoever has a sender's key to read could also seal with it: members of one conference trust each other so far.
//!
//! Must not know: who is given keys, how they get there, or what is sealed.

pub mod frame_key;
mod header;
pub mod receiver;
pub mod sender;
