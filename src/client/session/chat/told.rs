//! Values that the chat exchanges with other parts.
//!
//! Must not know: what the other parts do with them.

use crate::client::chat::entry::EntryExtra;
use crate::model::{MessageId, RoomName, Timestamp};

/// The fields that accompany an event of the server.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct Header {
    /// The label of the request that it answers.
    reference: Option<String>,
    /// The number of the message.
    id: Option<MessageId>,
    /// The time of the event.
    time: Option<Timestamp>,
    /// Whether the event is part of a longer answer.
    in_batch: bool,
    /// What the message carries besides its text.
    extra: Option<Box<EntryExtra>>,
}

impl Header {
    pub(in crate::client::session) fn new(
        reference: Option<String>,
        id: Option<MessageId>,
        time: Option<Timestamp>,
        in_batch: bool,
    ) -> Self {
        Self { reference, id, time, in_batch, extra: None }
    }

    /// The same, with what the message carries besides its text.
    pub(in crate::client::session) fn carrying(self, extra: Option<Box<EntryExtra>>) -> Self {
        Self { extra, ..self }
    }

    /// What the message carries besides its text.
    pub(in crate::client::session) fn extra(&self) -> Option<Box<EntryExtra>> {
        self.extra.clone()
    }

    /// The number of the message's last change.
    pub(in crate::client::session) fn change(&self) -> Option<MessageId> {
        self.extra.as_ref()?.changed
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

/// The effect of a room's description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum RoomTold {
    /// The person is in the room; whether that is new.
    Inside(RoomName, bool),
    /// The person is no longer in the room, which is still among the conversations.
    Gone(RoomName),
    /// Nothing that concerns other parts.
    Other,
}

/// The part of a conversation's history to request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Lacking {
    /// Nothing.
    Nothing,
    /// A page of older messages.
    Older,
    /// The messages since the connection was lost.
    Missed,
}

/// Whether all missed messages of a conversation are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Missed {
    /// They are.
    Whole,
    /// There is more of it.
    GoesOn,
}
