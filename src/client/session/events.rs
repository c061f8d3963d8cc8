//! What the server says while online.
//!
//! Must not know: the handshake (`net`), or how anything is shown.

use super::outgoing::Awaited;
use super::{Mode, Session};
use crate::client::connection::Connection;
use crate::client::conversation::Anchor;
use crate::client::dialogs::{self, Dialog};
use crate::client::entry::{Entry, Kind, Mark};
use crate::client::msg::{Effect, Printed};
use crate::client::notify;
use crate::client::people::{MAX_USERS, People};
use crate::client::plain;
use crate::model::{MessageId, Name, Role, Target, Text, Timestamp};
use crate::protocol::packet;
use crate::protocol::{Command, Dialect, Envelope, Event, Request};

impl Session {
    pub(super) fn heard(&mut self, envelope: Envelope) {
        let Envelope { reference, id, time, batch, verified, event } = envelope;
        match event {
            Event::Private { from, to, text } => {
                let target = Target::User(if self.is_me(&from) { to } else { from.clone() });
                match batch {
                    Some(_) => self.remembered(reference.as_deref(), id, time, (from, verified), (target, text)),
                    None => self.incoming(reference, id, time, (from, verified), target, text),
                }
            }
            Event::Broadcast { from, text, .. } if batch.is_some() => {
                self.remembered(reference.as_deref(), id, time, (from, verified), (Target::Everyone, text));
            }
            Event::Broadcast { from, text, .. } => {
                self.incoming(reference, id, time, (from, verified), Target::Everyone, text);
            }
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
            // Told to whoever asked for one of them, which this client does not.
            Event::Room(_) | Event::Away(..) | Event::Ignored(_) | Event::Demoted(_) => {}
            Event::Closed => {
                self.emit(Effect::Disconnect);
                self.lost("The server was closed.");
            }
            Event::Ping(token) => self.emit(Effect::Send(Request::bare(Command::Pong(token)))),
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
            self.missed(missed);
        }
        self.tell(text);
    }

    fn incoming(
        &mut self,
        reference: Option<String>,
        id: Option<MessageId>,
        time: Option<Timestamp>,
        (from, verified): (Name, bool),
        target: Target,
        text: Text,
    ) {
        let own = self.is_me(&from);
        let time = time.unwrap_or(self.now.wall);
        if self.mode == Mode::Plain {
            let reach = &mut self.conversations.with(&target).reach;
            if reach.hole.is_some() && !own {
                // It comes once more, in its place, with what was missed before it.
                reach.again = true;
                return;
            }
            reach.saw(id);
            // What one typed is there already; a broadcast with oneself is asked for.
            if !own || target == Target::Everyone {
                self.emit(Effect::Print(Printed::Message { time, from, verified, to: target, text }));
            }
            return;
        }
        // TR2.23 sends what we sent back without a sign by which to know it; it stands there already.
        if own && self.dialect() == Some(Dialect::Tr223) {
            return;
        }
        if own && reference.is_some() && self.settle(reference.as_deref(), id, Some(time)) {
            return;
        }
        let private = target != Target::Everyone;
        let call = !own && (private || self.me.as_ref().is_some_and(|me| notify::mentions(text.as_str(), me.as_str())));
        let entry = Entry { time, id, kind: Kind::Message { from, own, verified, text, mark: Mark::Accepted } };
        let conversation = self.conversations.with(&target);
        if conversation.reach.detached {
            // It belongs behind what is not loaded, and is loaded with it.
            conversation.reach.saw(id);
            conversation.reach.again = true;
        } else if !conversation.add(entry) {
            return;
        }
        let scrolled = conversation.anchor != Anchor::Bottom;
        let in_view = self.conversations.position(&target) == Some(self.conversations.index());
        if !in_view && !own {
            self.conversations.with(&target).count_unread();
        }
        if call && (!in_view || scrolled) && self.bell.ring(self.now.steady) {
            self.emit(Effect::Bell);
        }
    }

    /// Sends for the list of who is online.
    pub(super) fn ask_list(&mut self) {
        let under_way = self.awaited.values().any(|awaited| *awaited == Awaited::List);
        if !under_way && self.connection.online().is_some() {
            self.ask(Command::ListClients, Some(Awaited::List));
        }
    }

    fn clients(&mut self, reference: Option<String>, names: Vec<Name>, verified: bool) {
        let listing = self.listing.get_or_insert_default();
        let room = MAX_USERS.saturating_sub(listing.len());
        listing.extend(names.into_iter().take(room).map(|name| (name, verified)));
        if self.dialect() == Some(Dialect::Tr223) {
            self.list_end(reference);
        }
    }

    fn list_end(&mut self, reference: Option<String>) {
        self.answered(reference.as_deref(), |awaited| *awaited == Awaited::List);
        self.people = People::default();
        for (name, verified) in self.listing.take().unwrap_or_default() {
            self.people.add(name.clone());
            self.people.verify(&name, verified);
        }
        self.people_changed();
        if std::mem::take(&mut self.print_list) {
            let marked = |name: &Name| format!("{name}{}", plain::mark(self.people.is_verified(name)));
            let names: Vec<String> = self.people.iter().map(marked).collect();
            let words = format!("Online: {}", names.join(", "));
            self.tell(words);
        }
    }

    fn joined(&mut self, names: &[Name], verified: bool) {
        for name in names {
            let target = Target::User(name.clone());
            if let Some(at) = self.conversations.position(&target)
                && let Some(conversation) = self.conversations.iter_mut().nth(at)
            {
                conversation.told_offline = false;
            }
            if let Some(listing) = self.listing.as_mut().filter(|listing| listing.len() < MAX_USERS) {
                listing.push((name.clone(), verified));
            }
            self.people.add(name.clone());
            self.people.verify(name, verified);
        }
        let others: Vec<Name> = names.iter().filter(|name| !self.is_me(name)).cloned().collect();
        self.presence(&others, true, None);
    }

    fn gone(&mut self, names: &[Name], why: Option<Text>) {
        for name in names {
            if let Some(listing) = &mut self.listing {
                listing.retain(|(listed, _)| listed != name);
            }
            self.people.remove(name);
        }
        self.presence(names, false, why);
    }

    fn presence(&mut self, names: &[Name], came: bool, why: Option<Text>) {
        self.people_changed();
        if names.is_empty() {
            return;
        }
        if self.mode == Mode::Screen {
            return self.conversations.with(&Target::Everyone).presence(self.now.wall, names, came);
        }
        let names: Vec<&str> = names.iter().map(Name::as_str).collect();
        let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
        self.tell(format!("{} {}{why}", names.join(", "), if came { "joined" } else { "left" }));
    }

    fn people_changed(&mut self) {
        self.online_at = self.online_at.min(self.people.len().saturating_sub(1));
        if matches!(self.dialog, Some((Dialog::Clients, _))) {
            let others = self.online_others();
            if let Some((_, form)) = &mut self.dialog {
                form.set_list(others);
                form.mark(|name| self.people.is_verified(name));
            }
        }
    }

    /// Everybody online but us.
    pub(super) fn online_others(&self) -> Vec<Name> {
        self.people.iter().filter(|name| !self.is_me(name)).cloned().collect()
    }

    fn moderator(&mut self, reference: Option<String>, text: &Text) {
        self.role = Role::Moderator;
        self.answered(reference.as_deref(), |awaited| *awaited == Awaited::Moderator);
        if !std::mem::take(&mut self.closing) {
            return self.tell(text);
        }
        match self.mode {
            Mode::Plain => self.close_server(),
            Mode::Screen => self.ask_close(),
        }
    }

    pub(super) fn ask_close(&mut self) {
        let form = dialogs::close(&self.server.to_string(), self.online_others().len());
        self.open(Dialog::Close, form);
    }

    pub(super) fn close_server(&mut self) {
        let tr226 = self.dialect() == Some(Dialect::Tr226);
        self.ask(Command::CloseServer, tr226.then_some(Awaited::Close));
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
    fn answered(&mut self, reference: Option<&str>, fits: impl Fn(&Awaited) -> bool) {
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
