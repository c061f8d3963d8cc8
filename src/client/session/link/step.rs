//! Steps of the person that concern the connection.
//!
//! Must not know: which dialog or command a step comes from.

use super::Link;
use crate::client::link::addresses::Addresses;
use crate::client::link::state::Connection;
use crate::client::session::effects::Effects;
use crate::client::session::notice::Notice;
use crate::language::{connecting as say, people};
use crate::model::{Name, Url};

/// A step that concerns the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum LinkStep {
    /// Dials at once, unless online.
    Reconnect,
    /// Dials at once.
    Dial,
    /// Dials to take over from the sessions that have the name.
    TakeOver,
    /// Dials again after the session was taken over, or ended in another one.
    ComeBack,
    /// Dials the server at this address.
    Server(Url),
    /// Changes the requested name.
    Name(Name),
    /// Sets the invitation code; an empty one clears it.
    Code(String),
    /// Sets the passphrase for a reserved name, or for maintenance; an empty one clears it.
    Passphrase(String),
}

impl Link {
    /// Dials at once if a wait goes on.
    pub(in crate::client::session) fn hurry(&mut self, out: &mut Effects) {
        if self.is_waiting() {
            self.dial(out);
        }
    }

    /// The person has another name: dials at once, to join under it.
    pub(in crate::client::session) fn take_new_name(&mut self, name: Name, out: &mut Effects) {
        self.wanted = name.to_string();
        self.me.rename(Some(name));
        self.newly_named = true;
        self.dial(out);
    }

    /// Whether this is the first join since the person took another name.
    pub(in crate::client::session) fn is_newly_named(&mut self) -> bool {
        std::mem::take(&mut self.newly_named)
    }

    /// Carries out a step; returns a notice for the person.
    pub(in crate::client::session) fn take_step(&mut self, step: LinkStep, out: &mut Effects) -> Option<Notice> {
        match step {
            LinkStep::Reconnect => match self.connection {
                Connection::Online(_) => return Some(Notice::news(say::you_are_online())),
                Connection::Handshaking(_) | Connection::Dialing { .. } => {}
                Connection::Idle | Connection::Waiting { .. } => self.dial(out),
            },
            LinkStep::Dial => self.dial(out),
            LinkStep::TakeOver => {
                self.take_over = true;
                self.dial(out);
            }
            LinkStep::ComeBack => {
                // Where there can be several sessions, the others go on.
                self.take_over = !self.abilities.sessions;
                self.dial(out);
            }
            LinkStep::Server(url) if self.confined && url != *self.server() => {
                return Some(Notice::trouble(people::one_server()));
            }
            LinkStep::Server(url) => {
                // The passphrase of one server must not go to another.
                if url != *self.server() {
                    self.passphrase = None;
                    // Nor a code that one of them has seen; one that none has seen may be for the other.
                    self.code.take_if(|_| std::mem::take(&mut self.code_shown));
                    self.me.verify(false);
                    self.reserved = None;
                    self.addresses = Addresses::new(url, &[]);
                }
                self.dial(out);
            }
            LinkStep::Name(name) => {
                self.wanted = name.to_string();
                self.me.rename(Some(name));
            }
            LinkStep::Code(code) => {
                self.code = Some(code).filter(|code| !code.is_empty());
                self.code_shown = false;
            }
            LinkStep::Passphrase(passphrase) => {
                self.reserved = self.reserved.filter(|_| !passphrase.is_empty());
                self.passphrase = Some(passphrase).filter(|passphrase| !passphrase.is_empty());
            }
        }
        None
    }
}
