//! The modes of a room and their changes: topic, slow mode, read-only, locked topic, calls off.
//!
//! Must not know: mutes and bans (`moderation`), or what users write.

use std::time::Duration;

use super::{Place, Rooms, facts};
use crate::model::{Rank, Text, Timestamp, period};
use crate::protocol::{Code, Event, RoomEvent};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::{FactChange, Outbox};
use crate::server::broker::peers::Peers;
use crate::server::ids::RoomId;
use crate::server::store::api::Fact;

/// A change of one mode by a moderator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server::broker) enum ModeChange {
    /// The time between two messages of one user; zero is none.
    Slow(Duration),
    /// Whether only moderators may write.
    ReadOnly(bool),
    /// Whether only moderators may set the topic.
    LockTopic(bool),
    /// Whether the room may have a call.
    AllowCalls(bool),
}

impl Rooms {
    /// Whether the modes of a place let a user write now; if so, slow mode counts the message.
    pub(in crate::server::broker) fn may_speak(
        &mut self,
        now: Timestamp,
        peers: &Peers,
        caller: &Caller,
        place: &Place,
    ) -> Result<(), Denial> {
        let free = self.modes(place).is_none_or(super::room::Modes::is_free);
        if free || self.rank(peers, caller.conn, place.room()) > Rank::User {
            return Ok(());
        }
        self.may_write(peers, caller, place)?;
        let target = place.target();
        let Some(modes) = self.modes(place) else { return Ok(()) };
        let user = caller.user.folded();
        if let Some((last, label)) = modes.said.get(&user) {
            let left = modes.slow.saturating_sub(now.since(*last));
            // A message that is resent under its label does not count twice.
            let again = label.is_some() && *label == caller.stored_label();
            if !left.is_zero() && !again {
                let left = Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0));
                let text = format!(
                    "Slow mode: {} between two messages to {target}; wait {} s.",
                    period::shown(modes.slow),
                    left.as_secs()
                );
                return Err(Denial::new(Code::SlowMode, text));
            }
        }
        self.change_modes(place, |modes| modes.said.insert(user, (now, caller.stored_label())));
        Ok(())
    }

    /// Whether a place lets a user write at all.
    pub(in crate::server::broker) fn may_write(
        &self,
        peers: &Peers,
        caller: &Caller,
        place: &Place,
    ) -> Result<(), Denial> {
        let closed = self.modes(place).is_some_and(|modes| modes.read_only);
        if !closed || self.rank(peers, caller.conn, place.room()) > Rank::User {
            return Ok(());
        }
        let text = format!("Only moderators may write to {} at the moment.", place.target());
        Err(Denial::new(Code::ReadOnly, text))
    }

    /// Whether calls are allowed in a room.
    pub(in crate::server::broker) fn may_have_call(&self, room: RoomId) -> bool {
        self.get(room).is_some_and(|room| !room.modes.no_calls)
    }

    /// Forgets messages that are too old for slow mode to matter.
    pub(in crate::server::broker) fn forget_speakers(&mut self, now: Timestamp) {
        self.everyone.modes.forget_speakers(now);
        for id in self.registry.index().slow.clone() {
            if let Some(mut room) = self.registry.get_mut(id) {
                room.modes.forget_speakers(now);
            }
        }
    }

    /// The place whose topic a user wants to set, if the user may.
    pub(in crate::server::broker) fn topic_place(
        &self,
        peers: &Peers,
        caller: &Caller,
        written: &str,
    ) -> Result<Place, Denial> {
        let place = self.place(peers, caller.conn, written)?;
        if place.room().is_some() && self.rank(peers, caller.conn, place.room()) < Rank::Moderator {
            self.own(peers, caller.conn, written)?;
        }
        Ok(place)
    }

    /// A user sets the topic.
    pub(in crate::server::broker) fn set_topic(
        &mut self,
        peers: &Peers,
        caller: &Caller,
        place: &Place,
        text: Text,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        // Everyone's topic is the whole server's: it is locked from the beginning.
        let locked = *place == Place::Everyone || self.modes(place).is_some_and(|modes| modes.locked);
        let silent = self.modes(place).is_some_and(|modes| modes.read_only);
        if (locked || silent) && self.rank(peers, caller.conn, place.room()) == Rank::User {
            let text = format!("Only moderators may set the topic of {}.", place.target());
            return Err(Denial::new(Code::NotAllowed, text));
        }
        let before = self.modes_fact(place);
        self.change_modes(place, |modes| modes.topic = text.clone());
        out.change(FactChange::of(before, self.modes_fact(place)));
        let topic = Event::Room(RoomEvent::Topic { by: caller.user.clone(), place: place.target(), text });
        caller.answer(topic.clone(), out);
        self.say(place, Some(caller.conn), &topic.into(), out);
        Ok(())
    }

    /// A moderator changes a mode; all users there are told.
    pub(in crate::server::broker) fn change_mode(
        &mut self,
        peers: &Peers,
        place: &Place,
        change: ModeChange,
        out: &mut Outbox,
    ) {
        let before = self.modes_fact(place);
        self.change_modes(place, |modes| {
            modes.said_before.clear();
            match change {
                ModeChange::Slow(pause) => {
                    modes.slow = pause;
                    modes.said_before = std::mem::take(&mut modes.said);
                }
                ModeChange::ReadOnly(on) => modes.read_only = on,
                ModeChange::LockTopic(on) => modes.locked = on,
                ModeChange::AllowCalls(on) => modes.no_calls = !on,
            }
        });
        out.change(FactChange::of(before, self.modes_fact(place)));
        let told = Event::Room(RoomEvent::Told(self.info(peers, place, None)));
        self.say(place, None, &told.into(), out);
    }

    /// The modes of the place as they are stored.
    fn modes_fact(&self, place: &Place) -> Fact {
        match place.room().and_then(|id| self.registry.get(id)) {
            Some(room) => facts::room(room),
            None => facts::everyone(&self.everyone.modes),
        }
    }
}
