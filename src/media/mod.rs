//! Pictures and voice of calls. Pictures: from a camera's bytes to small packets, and from packets to the cells of a terminal.
//! All of it is pure: bytes, numbers and times go in, values come out.
//!
//! - [`plane`], [`picture`]: samples, and pictures of three planes; scaling and cropping. [`colours`]: samples to red, green and
//!   blue, and to the nearest of a terminal's colours.
//! - [`y4m`]: YUV4MPEG2, as programs for cameras write it. [`test_source`]: pictures without a camera.
//! - [`codec`]: pictures to packets and back. [`parts`]: packets that are larger than a datagram.
//! - [`ladder`]: how much is sent, and how large, by what the line takes. [`loss_cause`]: whether it loses packets because it
//!   is full.
//! - [`cells`]: pictures to cells.
//! - [`voice`]: sound to packets and back.
//!
//! A picture on its way: [`y4m`] or [`test_source`] gives it, [`picture::Picture::five_to_three`] and
//! [`picture::Picture::scaled`] make it as large as [`ladder::Ladder::rung`] says, [`codec::receipts::ReferenceChooser`] and
//! [`codec::rate::RateControl`] say how [`codec::encoder::PictureEncoder`] is to code it, and [`parts::cut`] makes datagrams of the
//! packet. At the other end [`parts::Assembler`], [`codec::decoder::PictureDecoder`] and [`cells::TileDrawer`] take over, and
//! what [`codec::receipts::ReceivedCount`] reports goes back.
//!
//! Must not know: anything else of the program; clocks, sockets, files or terminals.

pub mod cells;
pub mod codec;
pub mod colours;
pub mod ladder;
pub mod loss_cause;
pub mod parts;
pub mod picture;
pub mod plane;
pub mod test_source;
pub mod voice;
pub mod y4m;
