//! The wire: bytes to values and back, in both dialects. tr2-protocol(7) is the contract.
//!
//! - Bytes: [`lines`] cuts a stream into lines, [`frame`] reads and writes one TR2.26 line with [`escape`], [`packet`]
//!   the TR2.23 packets; `dialect` tells the two apart.
//! - Requests: `command` (all that a client can ask, by family), `request` (how that is written), [`act`] (moderators' actions, with `ban_line`), `span` (a part of the
//!   history), [`query`] (a search).
//! - Events: `event` (all that a server can say), `identity` (identities, with `invitation`), `room` (rooms), `change` (edits and
//!   reactions), `call` (calls between two users; `hang_up`: why they end), [`conference`] (those of a room), `session` (the user's sessions), `annotations` (what a message carries besides its text), `refusal` (error codes); `plain` is what older
//!   clients get instead.
//! - [`peer`]: the frames between two clients, on a channel that the server cannot read. [`leg`]: how the packets of that
//!   channel go through the server; [`conference_packet`]: those of a conference,
//!   and [`conference_frame`] what its members tell each other.
//! - [`beacon`]: how a server is found on its own network. [`proxy_header`]: whose a connection is that comes through a
//!   proxy.
//! - Shared: [`words`] (the words of the wire), [`limits`], `addressing` (destinations and lists of names), `ending` (the ends of lists of messages), `hex`, `ip_address`.
//!
//! Must not know: sockets, time-outs, who is connected, or what a request leads to.

pub mod act;
pub(crate) mod addressing;
pub(crate) mod annotations;
pub(crate) mod ban_line;
pub mod beacon;
pub(crate) mod call;
pub(crate) mod change;
pub(crate) mod command;
pub mod conference;
pub mod conference_frame;
pub mod conference_packet;
pub(crate) mod dialect;
mod ending;
pub mod escape;
pub(crate) mod event;
mod fields;
pub mod frame;
mod hang_up;
mod hex;
pub(crate) mod identity;
pub(crate) mod invitation;
pub mod ip_address;
pub mod leg;
pub mod limits;
pub mod lines;
pub mod packet;
pub mod peer;
pub(crate) mod plain;
pub mod proxy_header;
pub mod query;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod room;
mod session;
pub(crate) mod span;
pub mod words;

pub use act::{Act, ActRequest, Done, Verb};
pub use annotations::{Annotations, Quote, ReplyTo};
pub use ban_line::BanLine;
pub use call::{CallAnswer, CallCommand, CallEvent, CallId, CallOffer, CallRefusal, CallWants, RelayGrant};
pub use change::{ChangeEvent, Tally};
pub use command::{
    ClosingCommand, Command, HistoryCommand, KeyCommand, MessageChange, MessageCommand, ModerationCommand, RoomCommand,
    SessionCommand, UserCommand,
};
pub use dialect::Dialect;
pub use event::{Envelope, Event, Summary};
pub use frame::{Frame, FrameError};
pub use hang_up::HangUp;
pub use identity::{IdentityEvent, Whois};
pub use invitation::{InvitationLine, InvitationMade, InvitationOrder};
pub use lines::Lines;
pub use plain::PlainForm;
pub use query::Query;
pub use refusal::{Code, Refusal};
pub use request::Request;
pub use room::{Relation, RoomEvent, RoomInfo};
pub use session::{SessionEvent, SessionLine, SessionToken};
pub use span::Span;
