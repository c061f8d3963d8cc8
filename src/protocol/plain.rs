//! What a client gets that does not know replies, edits and reactions: the same as text.
//!
//! Must not know: which clients these are, or who hears what.

use super::annotations::Quote;
use super::change::ChangeEvent;
use super::event::{Envelope, Event};
use super::room::RoomEvent;
use super::words::SERVER;
use crate::model::{Name, Target, Text};

/// What takes the place of a frame for a client that does not know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlainForm {
    /// The frame itself.
    Same,
    /// Nothing.
    Nothing,
    /// Another frame.
    Instead(Box<Envelope>),
}

impl Envelope {
    /// What a client gets that does not know replies, edits and reactions. Whoever asked for one of these gets the answer
    /// as it is.
    #[must_use]
    pub fn plain(&self) -> PlainForm {
        let quote = self.annotations.as_deref().and_then(|about| about.reply.as_ref()?.quote.as_ref());
        match &self.event {
            Event::Change(ChangeEvent::Reactions(_)) => PlainForm::Nothing,
            Event::Change(_) if self.reference.is_some() => PlainForm::Same,
            Event::Change(ChangeEvent::Edited { from, place, text }) => said(from, place, &format!("edited: {text}")),
            Event::Change(ChangeEvent::Reacted { by, place, to, reaction, on: true, .. }) => {
                said(by, place, &format!("reacted to {to}: {reaction}"))
            }
            Event::Change(ChangeEvent::Reacted { on: false, .. }) => PlainForm::Nothing,
            Event::Change(ChangeEvent::End { .. }) => PlainForm::Same,
            // A private message that was erased: such a client cannot take it from its screen.
            Event::Room(RoomEvent::Deleted { place: Target::User(_), by, .. }) if by.as_str() == SERVER => {
                PlainForm::Nothing
            }
            Event::Room(RoomEvent::Deleted { from, place: place @ Target::User(_), .. })
                if self.reference.is_none() =>
            {
                said(from, place, "deleted a message")
            }
            event => quote.and_then(|quote| quoted(event, quote)).map_or(PlainForm::Same, |event| {
                PlainForm::Instead(Box::new(Self { event, annotations: None, ..self.clone() }))
            }),
        }
    }
}

/// A message with a short quote before it.
fn quoted(event: &Event, quote: &Quote) -> Option<Event> {
    let with = |text: &Text| Text::block(&format!("[{}: {}] {text}", quote.from, quote.words));
    Some(match event.clone() {
        Event::Private { from, to, text } => Event::Private { from, to, text: with(&text) },
        Event::Broadcast { from, me_too, text } => Event::Broadcast { from, me_too, text: with(&text) },
        Event::Room(RoomEvent::Message { from, room, me_too, text }) => {
            Event::Room(RoomEvent::Message { from, room, me_too, text: with(&text) })
        }
        _ => return None,
    })
}

/// A user's words about a message. They come from the user: nothing in them may pass for words of the server.
fn said(from: &Name, place: &Target, words: &str) -> PlainForm {
    let (from, text) = (from.clone(), Text::block(words));
    let event = match place {
        Target::Everyone => Event::Broadcast { from, me_too: false, text },
        Target::User(to) => Event::Private { from, to: to.clone(), text },
        Target::Room(room) => Event::Room(RoomEvent::Message { from, room: room.clone(), me_too: false, text }),
    };
    PlainForm::Instead(Box::new(event.into()))
}
