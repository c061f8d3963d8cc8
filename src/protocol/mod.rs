//! The wire: bytes to values and back, for both dialects. tr2-protocol(7) is the contract.
//!
//! Reading order: [`frame`] (TR2.26 lines), [`packet`] (TR2.23 packets), [`command`] and [`request`] (what clients ask),
//! [`event`] (what the server says); [`span`] and [`query`] are what is asked of the past, [`about`] is what is said of
//! who somebody is, [`room`] of rooms, and [`act`] is what moderators do.
//!
//! Must not know: sockets, time-outs, who is connected, or what a request leads to.

pub mod about;
pub mod act;
pub mod command;
pub mod dialect;
pub mod escape;
pub mod event;
pub mod frame;
pub mod limits;
pub mod lines;
pub mod packet;
pub mod place;
pub mod query;
pub mod refusal;
pub mod request;
pub mod room;
pub mod span;
pub mod words;

pub use about::{About, Whois};
pub use act::{Act, Done, Verb, Wanted};
pub use command::{
    ClosingCommand, Command, HistoryCommand, KeyCommand, MessageCommand, ModerationCommand, RoomCommand,
    SessionCommand, UserCommand,
};
pub use dialect::Dialect;
pub use event::{Envelope, Event, Standing};
pub use frame::{Frame, FrameError};
pub use lines::Lines;
pub use query::Query;
pub use refusal::{Code, Refusal};
pub use request::Request;
pub use room::{Place, RoomEvent, RoomInfo};
pub use span::Span;
