//! What a person has done about the connection.
//!
//! Must not know: which dialog or command it comes from.

use super::Link;
use crate::client::link::state::Connection;
use crate::client::session::effects::Effects;
use crate::client::session::notice::Notice;
use crate::model::{Name, Url};

/// Something to be done about the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum LinkStep {
    /// The server is tried at once, unless it is there.
    Reconnect,
    /// The server is tried at once.
    Dial,
    /// The older session that has the name ends.
    TakeOver,
    /// The server at this address is tried.
    Server(Url),
    /// The person joins under this name.
    Name(Name),
    /// This invitation code is given; an empty one is none.
    Code(String),
    /// This passphrase is given for a reserved name; an empty one is none.
    Passphrase(String),
}

impl Link {
    /// Does it; gives what to tell the person.
    pub(in crate::client::session) fn take_step(&mut self, step: LinkStep, out: &mut Effects) -> Option<Notice> {
        match step {
            LinkStep::Reconnect => match self.connection {
                Connection::Online(_) => return Some(Notice::news("You are online.")),
                Connection::Handshaking(_) | Connection::Dialing => {}
                Connection::Idle | Connection::Waiting { .. } => self.dial(out),
            },
            LinkStep::Dial => self.dial(out),
            LinkStep::TakeOver => {
                self.take_over = true;
                self.dial(out);
            }
            LinkStep::Server(url) => {
                // Another server has not earned the passphrase of this one.
                if url != self.server {
                    self.passphrase = None;
                    self.me.verify(false);
                    self.reserved = false;
                }
                self.server = url;
                self.dial(out);
            }
            LinkStep::Name(name) => {
                self.wanted = name.to_string();
                self.me.rename(Some(name));
            }
            LinkStep::Code(code) => self.code = Some(code).filter(|code| !code.is_empty()),
            LinkStep::Passphrase(passphrase) => {
                self.reserved = !passphrase.is_empty();
                self.passphrase = Some(passphrase).filter(|passphrase| !passphrase.is_empty());
            }
        }
        None
    }
}
