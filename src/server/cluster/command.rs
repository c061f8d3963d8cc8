//! What nodes say to each other of their connections, as bytes: each is one command of an entry in the log.
//!
//! A passphrase is never in it, nor is an invitation code: only what came of the one, and the hash of the other.
//!
//! Must not know: when something is said, or what follows from it.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::protocol::{Command, Dialect, Request, SessionCommand};
use crate::server::broker::access::CodeHash;
use crate::server::broker::access::name_policy::Login;
use crate::server::broker::shared_rules::SharedRules;
use crate::server::broker::{CutReason, Input, Introduction};
use crate::server::host_order::HostOrder;
use crate::server::ids::ConnId;

/// Why connections end; others are unknown here, and shown as the first.
const REASONS: [&str; 6] = [
    "connection closed",
    "connection reset",
    "connection lost",
    "no TLS, or broken TLS",
    "slow consumer",
    "the server failed",
];

/// What is said of a connection.
#[derive(Serialize, Deserialize)]
enum SharedCommand {
    Introduced(Introduction),
    Speaks(Dialect),
    /// The frame of a request.
    Asked(Bytes),
    Code(Option<String>, CodeHash),
    Judged(Option<String>, bool),
    LoginOf(String),
    LookedUp(Login),
    Cut(CutReason),
    Gone(u8),
    /// The line of an order of whoever keeps the machine.
    Ordered(String),
    Agreed(SharedRules),
}

/// Writes what all nodes are to be told; `None` if it concerns this one alone.
#[must_use]
pub fn write(input: &Input) -> Option<Bytes> {
    let command = match input {
        Input::Introduced(_, known) => SharedCommand::Introduced(known.clone()),
        Input::Speaks(_, dialect) => SharedCommand::Speaks(*dialect),
        Input::Received(_, Ok(request)) => asked(request)?,
        Input::Shown(_, reference, code) => SharedCommand::Code(reference.clone(), *code),
        Input::Judged(_, reference, right) => SharedCommand::Judged(reference.clone(), *right),
        Input::LoginOf(_, login) => SharedCommand::LoginOf(login.clone()),
        Input::LookedUp(_, login) => SharedCommand::LookedUp(*login),
        Input::Cut(_, reason) => SharedCommand::Cut(*reason),
        Input::Gone(_, why) => SharedCommand::Gone(number_of(why)),
        Input::Ordered(_, order) => SharedCommand::Ordered(order.line()),
        Input::Agreed(shared) => SharedCommand::Agreed((**shared).clone()),
        Input::Connected(..)
        | Input::Proved(..)
        | Input::Received(_, Err(_))
        | Input::Disconnected(..)
        | Input::Unplugged(_)
        | Input::NodeGone(_)
        | Input::NodeCame
        | Input::Checked(..)
        | Input::Stored(_)
        | Input::Promised(_)
        | Input::Deleted(_)
        | Input::Changed(_)
        | Input::Erased(_)
        | Input::Answered(_)
        | Input::Relay(_)
        | Input::Rules(_)
        | Input::Withdraw(_)
        | Input::Return
        | Input::Behind(_)
        | Input::GoOn
        | Input::StoodStill(_)
        | Input::Clock(_)
        | Input::Tick
        | Input::Watch
        | Input::Shutdown => return None,
    };
    postcard::to_allocvec(&command).ok().map(Bytes::from)
}

fn asked(request: &Request) -> Option<SharedCommand> {
    match &request.command {
        Command::Session(SessionCommand::Moderator(_)) => None,
        Command::Session(SessionCommand::Code(code)) => {
            Some(SharedCommand::Code(request.reference.clone(), CodeHash::of(code)))
        }
        _ => {
            let mut frame = Vec::new();
            request.write(&mut frame, "-");
            Some(SharedCommand::Asked(frame.into()))
        }
    }
}

/// Reads what a node says of one of its connections; `None` for what this program does not know, which every node of its
/// version ignores.
#[must_use]
pub fn read(conn: ConnId, bytes: &[u8]) -> Option<Input> {
    Some(match postcard::from_bytes(bytes).ok()? {
        SharedCommand::Introduced(known) => Input::Introduced(conn, known),
        SharedCommand::Speaks(dialect) => Input::Speaks(conn, dialect),
        SharedCommand::Asked(frame) => Input::Received(conn, Request::parse(frame.strip_suffix(b"\n")?)),
        SharedCommand::Code(reference, code) => Input::Shown(conn, reference, code),
        SharedCommand::Judged(reference, right) => Input::Judged(conn, reference, right),
        SharedCommand::LoginOf(login) => Input::LoginOf(conn, login),
        SharedCommand::LookedUp(login) => Input::LookedUp(conn, login),
        SharedCommand::Cut(reason) => Input::Cut(conn, reason),
        SharedCommand::Gone(why) => Input::Gone(conn, reason(why)),
        SharedCommand::Ordered(line) => Input::Ordered(conn, HostOrder::parse(&line)?),
        SharedCommand::Agreed(shared) => Input::Agreed(Box::new(shared)),
    })
}

fn number_of(why: &str) -> u8 {
    REASONS.iter().position(|known| *known == why).and_then(|at| u8::try_from(at).ok()).unwrap_or_default()
}

fn reason(number: u8) -> &'static str {
    REASONS.get(usize::from(number)).or(REASONS.first()).copied().unwrap_or_default()
}
