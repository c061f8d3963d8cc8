//! What users say, and how they change what was said: whether they may, and what follows.
//!
//! Must not know: how a message is stored, delivered or changed (`messages`).

use super::caller::{Caller, Denial};
use super::messages::{Settled, Wanted};
use super::moderation;
use super::rooms::Place;
use super::{Broker, Outbox};
use crate::model::room::ROOM_SIGN;
use crate::model::{MessageId, Now, Reaction, Text, Timestamp};
use crate::protocol::packet;
use crate::protocol::{Code, Event, MessageChange, MessageCommand};
use crate::server::store::api::{Alteration, ConversationId, OwnBound, Recipient, Revision};

impl Broker {
    pub(super) fn message_command(&mut self, now: Now, caller: Caller, command: MessageCommand, out: &mut Outbox) {
        let (to, text, reply) = match command {
            MessageCommand::Echo(text) => return caller.answer(Event::Echo(text), out),
            MessageCommand::Change { with, id, how } => {
                let done = self.change_message(now, &caller, (&with, id), how, out);
                return caller.conclude(done, out);
            }
            MessageCommand::Private { to, text, reply } => match self.access.addressee(&self.peers, &to) {
                Some(name) => match self.access.is_settled(&name) {
                    Ok(()) => (Recipient::User(name), text, reply),
                    Err(denial) => return caller.refuse(denial, out),
                },
                None => return self.no_such_user(&caller, &to, out),
            },
            MessageCommand::Broadcast { me_too, text, reply } => (Recipient::Everyone { me_too }, text, reply),
            MessageCommand::Room { room, me_too, text, reply } => match self.rooms.own(&self.peers, caller.conn, &room)
            {
                Ok(room) => (Recipient::Room { id: room.id(), name: room.name().clone(), me_too }, text, reply),
                Err(denial) => return caller.refuse(denial, out),
            },
        };
        if let Err(denial) = self.may_say(now, &caller, &to, &text) {
            return caller.refuse(denial, out);
        }
        if let Err(denial) = self.access.may_store(now, caller.conn, text.as_str().len()) {
            return caller.refuse(denial, out);
        }
        self.peers.count_pending(caller.conn);
        self.messages.post(now, caller, (to, reply), text, out);
    }

    fn may_say(&mut self, now: Now, caller: &Caller, to: &Recipient, text: &Text) -> Result<(), Denial> {
        self.lifecycle.takes_messages()?;
        self.messages.have_room(text.as_str().len())?;
        let place = match to {
            Recipient::Everyone { .. } => Place::Everyone,
            Recipient::Room { id, name, .. } => Place::Room(*id, name.clone()),
            Recipient::User(other) => return self.ranks().may_write_to(now, caller.conn, other),
        };
        self.may_be_heard(now, caller, &place)?;
        self.rooms.may_speak(now.steady, &self.peers, caller, &place)
    }

    pub(super) fn may_be_heard(&self, now: Now, caller: &Caller, place: &Place) -> Result<(), Denial> {
        self.moderation.may_be_heard(now, (&self.peers, &self.rooms), caller.conn, place)
    }

    /// Tells a sender that the recipient does not exist, in the words of their dialect.
    fn no_such_user(&self, caller: &Caller, written: &str, out: &mut Outbox) {
        let denial = if self.peers.is_original(caller.conn) {
            Denial::new(Code::NoSuchUser, packet::not_found(written).to_string())
        } else {
            self.access.no_such_user(written)
        };
        caller.refuse(denial, out);
    }

    /// A conversation as a user writes it, if they may read it.
    pub(super) fn conversation(&self, caller: &Caller, written: &str) -> Result<ConversationId, Denial> {
        if written.starts_with(ROOM_SIGN) {
            let room = self.rooms.own(&self.peers, caller.conn, written)?;
            return Ok(ConversationId::Room(room.id(), room.name().clone()));
        }
        match self.rooms.place(&self.peers, caller.conn, written) {
            Ok(place) => Ok(place.conversation()),
            Err(_) => self.access.user(&self.peers, written).map(ConversationId::User),
        }
    }

    /// A user changes a message, if they may; the store knows whose it is and how old.
    fn change_message(
        &mut self,
        now: Now,
        caller: &Caller,
        (with, id): (&str, MessageId),
        how: MessageChange,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        let within = self.conversation(caller, with)?;
        let how = alteration(how)?;
        let bytes = Revision::text_bytes_of(&how);
        self.lifecycle.takes_messages()?;
        self.messages.have_room(bytes)?;
        let since = match how {
            Alteration::Edit(_) | Alteration::Retract => self.changeable_since(now)?,
            Alteration::React(_) | Alteration::Unreact(_) | Alteration::Remove(_) => Timestamp(0),
        };
        match &how {
            // Whoever may not speak may still take back what they said.
            Alteration::Retract | Alteration::Unreact(_) => {}
            // No user asks for it in this way: it is an act of a moderator.
            Alteration::Remove(_) => {}
            Alteration::Edit(_) | Alteration::React(_) => {
                let counts = matches!(how, Alteration::Edit(_));
                self.may_alter(now, caller, &within, counts)?;
                self.access.may_store(now, caller.conn, bytes)?;
            }
        }
        let after = self.peers.get(caller.conn).map(super::peers::Peer::joined_after).unwrap_or_default();
        let own = OwnBound { since, verified: caller.proved, after };
        self.peers.count_pending(caller.conn);
        self.messages.take_change(now, caller, Wanted { within, id, how, own }, out);
        Ok(())
    }

    /// The store has changed a message, or not.
    pub(super) fn message_changed(&mut self, change: Revision, out: &mut Outbox) {
        let act = change.outcome.as_ref().and_then(|outcome| change.act(outcome));
        let Settled(conn) = self.messages.changed((&self.peers, &self.rooms), &change, out);
        if let Some(act) = act {
            moderation::removed((&self.peers, &self.rooms), &change, act, out);
        }
        if let Some(leaving) = self.peers.settle(conn) {
            self.finish_leaving(conn, leaving, out);
        }
        self.close_if_settled(out);
    }

    /// Since when messages may still be edited or deleted by their senders.
    fn changeable_since(&self, now: Now) -> Result<Timestamp, Denial> {
        let time = self.lifecycle.rules().edit_time;
        if time.is_zero() {
            let text = "Messages cannot be edited or deleted on this server; a moderator can delete them.";
            return Err(Denial::new(Code::NotAllowed, text));
        }
        let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        Ok(Timestamp(now.wall.0.saturating_sub(millis)))
    }

    /// Whether a user may put words on what was said in a conversation; what counts as a message is subject to slow mode.
    fn may_alter(&mut self, now: Now, caller: &Caller, within: &ConversationId, counts: bool) -> Result<(), Denial> {
        let place = match within {
            ConversationId::User(other) => {
                self.access.is_settled(other)?;
                return self.ranks().may_write_to(now, caller.conn, other);
            }
            ConversationId::Everyone | ConversationId::Room(..) => Place::of(within),
        };
        self.may_be_heard(now, caller, &place)?;
        if counts {
            self.rooms.may_speak(now.steady, &self.peers, caller, &place)
        } else {
            self.rooms.may_write(&self.peers, caller, &place)
        }
    }
}

/// What a user wants done to a message.
fn alteration(how: MessageChange) -> Result<Alteration, Denial> {
    let reaction =
        |written: &str| Reaction::parse(written).map_err(|error| Denial::new(Code::BadReaction, error.to_string()));
    Ok(match how {
        MessageChange::Edit(text) if text.is_blank() => {
            return Err(Denial::new(Code::BadFrame, "An edited message needs a text; delete the message instead."));
        }
        MessageChange::Edit(text) => Alteration::Edit(text),
        MessageChange::Retract => Alteration::Retract,
        MessageChange::React(written) => Alteration::React(reaction(&written)?),
        MessageChange::Unreact(written) => Alteration::Unreact(reaction(&written)?),
    })
}
