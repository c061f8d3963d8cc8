//! A connection whose first frame asks for a leg: it carries packets from then on, and no frames.
//!
//! Must not know: which legs there are.

use memchr::memmem;

use crate::net::socket::Socket;
use crate::protocol::leg::LegToken;
use crate::protocol::{CallCommand, Command, Request, lines};
use crate::server::ids::ConnId;

/// A connection that has shown a leg's token.
#[derive(Debug)]
pub struct ShownLeg {
    /// The connection.
    pub conn: ConnId,
    /// Its socket.
    pub socket: Socket,
    /// The token.
    pub token: LegToken,
    /// The label of the request.
    pub reference: Option<String>,
    /// What was read after the frame.
    pub rest: Vec<u8>,
}

impl ShownLeg {
    /// Reads the first bytes of a connection; `None` if their first line is something else.
    #[must_use]
    pub fn read(conn: ConnId, socket: &Socket, first: &[u8]) -> Option<Self> {
        let (line, rest) = first.split_at_checked(memchr::memchr(b'\n', first)? + 1)?;
        // Nearly every other connection begins with a name.
        memmem::find(line, b"relay")?;
        let Request { reference, command } = Request::parse(lines::each(line).next()?).ok()?;
        let Command::Call(CallCommand::Leg(token)) = command else { return None };
        Some(Self { conn, socket: socket.clone(), token, reference, rest: rest.to_vec() })
    }
}
