//! Who asks for something, and how they are answered or refused.
//!
//! Must not know: what is asked, or which part of the broker deals with it.

use crate::model::{Name, Role, Text};
use crate::protocol::{Code, Envelope, Event, Refusal};
use crate::server::broker::outbox::Outbox;
use crate::server::ids::ConnId;

/// A user who asks for something, as the connection says and not the frame.
#[derive(Clone, Debug)]
pub(in crate::server::broker) struct Caller {
    /// The connection that asks.
    pub(in crate::server::broker) conn: ConnId,
    /// The user's name.
    pub(in crate::server::broker) user: Name,
    /// The label of the request, which comes back on every answer.
    pub(in crate::server::broker) reference: Option<String>,
    /// The user's role on the server at the moment of the request.
    pub(in crate::server::broker) role: Role,
    /// Whether the user has proved who they are.
    pub(in crate::server::broker) proved: bool,
}

/// Why a request is refused: a stable word for programs and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct Denial {
    /// The stable word.
    pub(in crate::server::broker) code: Code,
    /// The sentence.
    pub(in crate::server::broker) text: String,
}

impl Denial {
    /// A refusal with this word and this sentence.
    pub(in crate::server::broker) fn new(code: Code, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// Tells a connection, under the label of its request.
    pub(in crate::server::broker) fn tell(self, conn: ConnId, reference: Option<String>, out: &mut Outbox) {
        say_refusal(conn, Refusal::new(reference, self.code, self.text), out);
    }
}

impl Caller {
    /// Answers the request.
    pub(in crate::server::broker) fn answer(&self, event: Event, out: &mut Outbox) {
        out.send(self.conn, &Envelope::answer(self.reference.clone(), event));
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

/// Tells a connection that something was not done.
pub(in crate::server::broker) fn say_refusal(conn: ConnId, refusal: Refusal, out: &mut Outbox) {
    let event = Event::Refused(refusal.code, Text::line(&refusal.text));
    out.send(conn, &Envelope::answer(refusal.reference, event));
}
