//! What the chat says of what the server told, where others have to act on it.
//!
//! Must not know: what they do.

use crate::model::{MessageId, RoomName, Timestamp};

/// What stands beside an event of the server.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct Header {
    /// The label of the request that it answers.
    reference: Option<String>,
    /// The number of the message.
    id: Option<MessageId>,
    /// When it was said or done.
    time: Option<Timestamp>,
    /// Whether it is part of a longer answer.
    in_batch: bool,
}

impl Header {
    pub(in crate::client::session) fn new(
        reference: Option<String>,
        id: Option<MessageId>,
        time: Option<Timestamp>,
        in_batch: bool,
    ) -> Self {
        Self { reference, id, time, in_batch }
    }

    pub(in crate::client::session) fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    pub(in crate::client::session) fn id(&self) -> Option<MessageId> {
        self.id
    }

    pub(in crate::client::session) fn time(&self) -> Option<Timestamp> {
        self.time
    }

    pub(in crate::client::session) fn is_in_batch(&self) -> bool {
        self.in_batch
    }

    /// The label of the request that it answers; empty if it answers none.
    pub(in crate::client::session) fn label(&self) -> &str {
        self.reference.as_deref().unwrap_or_default()
    }
}

/// How a room stands after the server told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum RoomTold {
    /// The person is in it; whether that is new.
    Inside(RoomName, bool),
    /// The person is in it no more, though its conversation is in the list.
    Gone(RoomName),
    /// Nothing that anybody has to act on.
    Other,
}

/// What is wanted of a conversation's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Lacking {
    /// Nothing.
    Nothing,
    /// The page before the oldest known message.
    Older,
    /// What was said since the connection was cut.
    Missed,
}

/// Whether what was missed in a conversation is all there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Missed {
    /// It is.
    Whole,
    /// There is more of it.
    GoesOn,
}
