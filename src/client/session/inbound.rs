//! What the server says while online.
//!
//! Must not know: the handshake (`net`), or how anything is shown.

use super::{Mode, Session};
use crate::client::chat::conversation::Anchor;
use crate::client::chat::entry::{Entry, Kind, Mark};
use crate::client::chat::notify;
use crate::client::link::state::Connection;
use crate::client::msg::Effect;
use crate::client::session::outbound::messages::Awaited;
use crate::model::{MessageId, Name, Target, Text, Timestamp};
use crate::protocol::packet;
use crate::protocol::{Command, Dialect, Envelope, Event, Request, RoomEvent, SessionCommand};

/// What stands beside what a frame says.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pub(super) reference: Option<String>,
    pub(super) id: Option<MessageId>,
    pub(super) time: Option<Timestamp>,
    pub(super) batch: Option<String>,
}

impl Session {
    pub(super) fn heard(&mut self, envelope: Envelope) {
        let Envelope { reference, id, time, batch, verified, event } = envelope;
        match event {
            Event::Private { from, to, text } => {
                let target = Target::User(if self.is_me(&from) { to } else { from.clone() });
                self.said(Frame { reference, id, time, batch }, (from, verified), target, text);
            }
            Event::Broadcast { from, text, .. } => {
                self.said(Frame { reference, id, time, batch }, (from, verified), Target::Everyone, text);
            }
            Event::Room(RoomEvent::Message { from, room, text, .. }) => {
                self.said(Frame { reference, id, time, batch }, (from, verified), Target::Room(room), text);
            }
            Event::Room(event) => self.room_event(Frame { reference, id, time, batch }, event),
            Event::Accepted { offline } => self.accepted(reference, id, time, offline),
            Event::Refused(code, text) => self.refused(reference, code, &text),
            Event::Echo(text) => {
                self.answered(reference.as_deref(), |awaited| *awaited == Awaited::Echo);
                self.tell(format!("Echo: {text}"));
            }
            Event::UnknownOperation(text) => {
                self.answered(reference.as_deref(), |awaited| *awaited == Awaited::Echo);
                self.complain(format!("The server cannot do that: {text}"));
            }
            Event::Notice(text) => self.notice(&text),
            Event::Clients(names) => self.clients(reference, names, verified),
            Event::ListEnd => self.list_end(reference),
            Event::Joined(names) => self.joined(&names, verified),
            Event::Left(names, why) => self.gone(&names, why),
            Event::Moderator(text) => self.moderator(reference, &text),
            Event::About(about) => self.about(reference.as_deref(), about),
            Event::Away(name, text) => self.turned_away(reference.as_deref(), &name, &text),
            Event::Ignored(names) => self.told_ignored(reference.as_deref(), names),
            Event::Demoted(text) => self.demoted(&text),
            Event::Closed => {
                self.emit(Effect::Disconnect);
                self.lost("The server was closed.");
            }
            Event::Ping(token) => self.emit(Effect::Send(Request::bare(Command::Session(SessionCommand::Pong(token))))),
            Event::Pong(token) => self.pong(&token),
            Event::Conversation(standing) => self.standing(reference.as_deref(), standing),
            Event::ConversationsEnd | Event::HistoryEnd { .. } => self.answer_ends(reference.as_deref(), &event),
            Event::SearchEnd { more, damaged } => self.search_ends(reference.as_deref(), more, damaged),
            Event::Read { .. } => {}
            Event::Greeting(_) | Event::Welcome(_) | Event::NameRefused(_) | Event::Exited(_) | Event::Unknown(_) => {}
        }
    }

    /// What the server tells; in TR2.23 also that a message found nobody.
    fn notice(&mut self, text: &Text) {
        if self.dialect() == Some(Dialect::Tr223) {
            let missed = |name: &Name| packet::not_found(name.as_str()) == *text;
            let of = |target: &Target| matches!(target, Target::User(name) if missed(name));
            if let Some(conversation) = self.conversations.iter_mut().find(|conversation| of(&conversation.target)) {
                conversation.fail_last();
            }
            self.missed(of);
        }
        self.tell(text);
    }

    /// A message, now or as a part of an answer.
    fn said(&mut self, frame: Frame, (from, verified): (Name, bool), target: Target, text: Text) {
        let own = self.is_me(&from);
        let kind = Kind::Message { from, own, verified, text, mark: Mark::Accepted };
        match frame.batch {
            Some(_) => self.remembered(frame, target, kind),
            None => self.incoming(frame, target, kind),
        }
    }

    fn incoming(&mut self, frame: Frame, target: Target, kind: Kind) {
        let Frame { reference, id, time, .. } = frame;
        // What is said in a room that one is not in, or not any more, is not for one to see.
        if matches!(&target, Target::Room(room) if !self.rooms.is_inside(room)) {
            return;
        }
        let time = time.unwrap_or(self.now.wall);
        let entry = Entry { time, id, kind: kind.hidden(&|name| self.ignored.has(name)) };
        let (own, hidden) = match &entry.kind {
            Kind::Message { own, .. } => (*own, false),
            _ => (false, true),
        };
        if self.mode == Mode::Plain {
            return self.incoming_plain(target, entry, own);
        }
        // TR2.23 sends what we sent back without a sign by which to know it; it stands there already.
        if own && self.dialect() == Some(Dialect::Tr223) {
            return;
        }
        if own && reference.is_some() && self.settle(reference.as_deref(), id, Some(time)) {
            return;
        }
        // Somebody who is ignored begins no conversation.
        if hidden && self.conversations.position(&target).is_none() {
            return;
        }
        let mention = self.mentions_me(&entry);
        let call = !own && !hidden && (mention || matches!(target, Target::User(_)));
        let conversation = self.conversations.with(&target);
        if conversation.reach.detached {
            // It belongs behind what is not loaded, and is loaded with it.
            conversation.reach.saw(id);
            conversation.reach.again = true;
        } else if !conversation.add(entry) {
            return;
        }
        let scrolled = conversation.anchor != Anchor::Bottom;
        let in_view = self.is_in_view(&target);
        if !in_view && !own && !hidden {
            self.conversations.with(&target).count_unread(mention);
        }
        if call && (!in_view || scrolled) {
            self.ring();
        }
    }

    fn incoming_plain(&mut self, target: Target, entry: Entry, own: bool) {
        let conversation = self.conversations.with(&target);
        if conversation.reach.hole.is_some() && !own {
            // It comes once more, in its place, with what was missed before it.
            conversation.reach.again = true;
            return;
        }
        conversation.reach.saw(entry.id);
        // What one typed is there already; a broadcast with oneself is asked for.
        if !own || !matches!(target, Target::User(_)) {
            self.print(&target, entry);
        }
    }

    /// Whether a message of somebody else's calls us by our name.
    pub(super) fn mentions_me(&self, entry: &Entry) -> bool {
        let Kind::Message { own: false, text, .. } = &entry.kind else { return false };
        self.me.as_ref().is_some_and(|me| notify::mentions(text.as_str(), me.as_str()))
    }

    fn pong(&mut self, token: &Text) {
        let now = self.now.steady;
        if let Connection::Online(online) = &mut self.connection
            && let Some((_, sent)) = online.ping.take_if(|(sent, _)| sent == token.as_str())
        {
            online.round_trip = Some(now.since(sent));
        }
    }

    /// Takes an awaited answer off the list: by its label, or in a dialect without labels the first that fits.
    pub(super) fn answered(&mut self, reference: Option<&str>, fits: impl Fn(&Awaited) -> bool) {
        match reference {
            Some(reference) => drop(self.awaited.remove(reference)),
            None => {
                let first = self.awaited.iter().find(|(_, awaited)| fits(awaited)).map(|(label, _)| label.clone());
                if let Some(label) = first {
                    self.awaited.remove(&label);
                }
            }
        }
    }
}
