//! The user who makes a request, and the answers and refusals to them.
//!
//! Must not know: what is requested, or which part of the broker handles it.

use crate::model::{Name, Role, Text};
use crate::protocol::{Code, Envelope, Event, Refusal};
use crate::server::broker::outbox::Outbox;
use crate::server::ids::ConnId;
use serde::{Deserialize, Serialize};

/// The user who makes a request, taken from the connection and not from the frame.
#[derive(Clone, Debug)]
pub(in crate::server::broker) struct Caller {
    /// The connection.
    pub(in crate::server::broker) conn: ConnId,
    /// The user's name.
    pub(in crate::server::broker) user: Name,
    /// The label of the request, which comes back on every answer.
    pub(in crate::server::broker) reference: Option<String>,
    /// The user's role on the server at the moment of the request.
    pub(in crate::server::broker) role: Role,
    /// Whether the user is verified.
    pub(in crate::server::broker) proved: bool,
    /// Sets the labels of the user's client apart from those of the user's other clients, if it has a token.
    pub(in crate::server::broker) scope: Option<u64>,
}

/// A refusal: a stable code for programs and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::server::broker) struct Denial {
    /// The stable code.
    pub(in crate::server::broker) code: Code,
    /// The sentence.
    pub(in crate::server::broker) text: String,
    /// Whether the refusal comes with the next tick: who waits for it comes less often.
    pub(in crate::server::broker) waits: bool,
}

impl Denial {
    /// A refusal with this code and this sentence.
    pub(in crate::server::broker) fn new(code: Code, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), waits: false }
    }

    /// The same refusal, with the next tick.
    pub(in crate::server::broker) fn at_next_tick(self) -> Self {
        Self { waits: true, ..self }
    }

    /// Sends an event to a connection, under the label of its request.
    pub(in crate::server::broker) fn tell(self, conn: ConnId, reference: Option<String>, out: &mut Outbox) {
        say_refusal(conn, Refusal::new(reference, self.code, self.text), out);
    }
}

impl Caller {
    /// Answers the request.
    pub(in crate::server::broker) fn answer(&self, event: Event, out: &mut Outbox) {
        out.send(self.conn, &Envelope::answer(self.reference.clone(), event));
    }

    /// The label under which what is asked for is stored, and known if it is asked for again: another client of the user
    /// may use the same one.
    pub(in crate::server::broker) fn stored_label(&self) -> Option<String> {
        let reference = self.reference.as_ref()?;
        Some(self.scope.map_or_else(|| reference.clone(), |scope| format!("{scope:016x} {reference}")))
    }

    /// Refuses the request.
    pub(in crate::server::broker) fn refuse(&self, denial: Denial, out: &mut Outbox) {
        denial.tell(self.conn, self.reference.clone(), out);
    }

    /// Refuses the request if it was not carried out.
    pub(in crate::server::broker) fn conclude(&self, done: Result<(), Denial>, out: &mut Outbox) {
        if let Err(denial) = done {
            self.refuse(denial, out);
        }
    }
}

/// Sends a refusal to a connection.
pub(in crate::server::broker) fn say_refusal(conn: ConnId, refusal: Refusal, out: &mut Outbox) {
    let event = Event::Refused(refusal.code, Text::line(&refusal.text));
    out.send(conn, &Envelope::answer(refusal.reference, event));
}
