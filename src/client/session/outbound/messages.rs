//! What is sent, and what becomes of it.
//!
//! Must not know: who typed it where.

use std::time::Duration;

use crate::client::chat::entry::{Entry, Kind, Mark};
use crate::client::link::state::Connection;
use crate::client::session::history::replies::MAX_NOTED;
use crate::client::session::targets::Asked;
use crate::client::session::{Mode, Session};
use crate::model::{MessageId, Target, Text, Timestamp};
use crate::protocol::escape::escaped_len;
use crate::protocol::limits::MAX_DATA;
use crate::protocol::{Code, Command, Dialect, MessageCommand};

/// How many messages may wait to be accepted, those that are not on their way yet among them.
pub const MAX_PENDING: usize = 1000;
/// How often a message that came too fast is sent again by itself.
pub const MAX_TRIES: u32 = 5;

/// An answer that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Awaited {
    /// That a message is accepted.
    Message(Outgoing),
    /// An echo.
    Echo,
    /// The list of who is online.
    List,
    /// To be a moderator.
    Moderator,
    /// That the server closes.
    Close,
    /// Something about who somebody is.
    About,
    /// Something about a place or about people.
    Asked(Asked),
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) struct Outgoing {
    pub(in crate::client::session) target: Target,
    pub(in crate::client::session) me_too: bool,
    pub(in crate::client::session) text: Text,
    /// How often it was refused because the server could not take it just then.
    pub(in crate::client::session) tries: u32,
    /// What it is known by, to the server too: sent again under the same label, it is the same message.
    pub(in crate::client::session) label: Option<String>,
    /// Its place among all that was sent.
    pub(in crate::client::session) order: u64,
    /// Whether a server may have got it.
    pub(in crate::client::session) handed: bool,
}

impl Outgoing {
    fn command(&self) -> Command {
        let text = self.text.clone();
        match &self.target {
            Target::Everyone => Command::Message(MessageCommand::Broadcast { me_too: self.me_too, text }),
            Target::User(name) => Command::Message(MessageCommand::Private { to: name.to_string(), text }),
            Target::Room(room) => {
                Command::Message(MessageCommand::Room { room: room.to_string(), me_too: self.me_too, text })
            }
        }
    }
}

impl Session {
    /// Sends a message and shows it, or shows why not. `false` leaves the text with whoever wrote it.
    pub(in crate::client::session) fn send(&mut self, target: Target, me_too: bool, text: &str) -> bool {
        let text = Text::block(text.trim_matches('\n'));
        if text.is_blank() {
            return true;
        }
        if let Target::Room(room) = &target
            && self.connection.online().is_some()
            && self.rooms.is_outside(room)
        {
            return self.not_inside(room.clone());
        }
        let mut message = Outgoing { target, me_too, text, tries: 0, label: None, order: 0, handed: false };
        if self.mode == Mode::Plain {
            self.went(&message);
            self.say_if_away(&message.target);
            self.queue(message);
            return true;
        }
        let over = escaped_len(message.text.as_str()).saturating_sub(MAX_DATA);
        if over > 0 {
            self.complain(format!("This message is {over} bytes too long: {MAX_DATA} is the most. Send it in parts."));
            return false;
        }
        if self.pending() >= MAX_PENDING {
            self.complain(format!("{MAX_PENDING} messages are on their way; wait until some are accepted."));
            return false;
        }
        let Some(me) = self.me.clone() else {
            self.complain("You have no name yet. Ctrl-R joins.");
            return false;
        };
        let mark = match self.dialect() {
            Some(Dialect::Tr223) => {
                self.hand_over(message.clone(), Dialect::Tr223);
                Mark::Accepted
            }
            None if self.connection == Connection::Idle => Mark::NotSent { me_too, unsure: false },
            Some(Dialect::Tr226) | None => {
                let label = self.labelled(&mut message);
                self.line_up(message.clone());
                Mark::Sending(label)
            }
        };
        let Outgoing { target, text, .. } = message;
        let kind = Kind::Message { from: me, own: true, verified: self.verified, text, mark };
        let conversation = self.conversations.with(&target);
        conversation.attach();
        conversation.add(Entry { time: self.now.wall, id: None, kind });
        conversation.leave();
        self.say_if_away(&target);
        true
    }

    /// The label of a message, which it has from now on.
    fn labelled(&mut self, message: &mut Outgoing) -> String {
        let label = message.label.take().unwrap_or_else(|| self.label());
        if message.order == 0 {
            message.order = self.counter;
        }
        message.label = Some(label.clone());
        label
    }

    /// Gives the server a message. In TR2.23 that is all there is to it.
    pub(in crate::client::session) fn hand_over(&mut self, mut message: Outgoing, dialect: Dialect) {
        let waited = message.label.is_some();
        let label = self.labelled(&mut message);
        message.handed = true;
        let command = message.command();
        if dialect == Dialect::Tr226 {
            return self.ask_as(&label, command, Some(Awaited::Message(message)));
        }
        self.ask_as(&label, command, None);
        if waited && self.mode == Mode::Screen {
            self.conversations.with(&message.target).accept(&label, None, None);
        }
    }

    /// The connection is gone. With a server that knows what is sent again, what was not accepted waits for it; with
    /// another it may have arrived or not. Says for how many messages nobody knows.
    pub(in crate::client::session) fn keep_or_fail(&mut self) -> usize {
        let mut messages: Vec<(String, Outgoing)> = Vec::new();
        for (label, awaited) in std::mem::take(&mut self.awaited) {
            if let Awaited::Message(message) = awaited {
                messages.push((label, message));
            }
        }
        messages.sort_by_key(|(_, message)| message.order);
        if self.abilities.history {
            self.put_back(messages.into_iter().map(|(_, message)| message));
            return 0;
        }
        for (label, message) in &messages {
            self.not_sent(label, message, "The connection was lost before the server had accepted it.", true);
        }
        messages.len()
    }

    /// We are back, under another name or with a server that cannot know what is sent again: what it may have got
    /// before is not sent by itself.
    pub(in crate::client::session) fn give_up_handed(&mut self) {
        for message in self.take_handed() {
            let label = message.label.clone().unwrap_or_default();
            self.not_sent(&label, &message, "The connection was lost before the server had accepted it.", true);
        }
    }

    /// How many messages were taken from the person and are not accepted yet.
    pub(in crate::client::session) fn pending(&self) -> usize {
        self.in_flight() + self.input.waiting()
    }

    /// How many messages wait to be accepted.
    pub(in crate::client::session) fn in_flight(&self) -> usize {
        self.awaited.values().filter(|awaited| matches!(awaited, Awaited::Message(_))).count()
    }

    pub(in crate::client::session) fn accepted(
        &mut self,
        reference: Option<String>,
        id: Option<MessageId>,
        time: Option<Timestamp>,
        offline: bool,
    ) {
        self.input.progress(self.now.steady);
        let awaited = reference.as_ref().and_then(|label| self.awaited.get(label));
        let target = match awaited {
            Some(Awaited::Message(message)) => message.target.clone(),
            _ => return,
        };
        self.settle(reference.as_deref(), id, time);
        let told = std::mem::replace(&mut self.talk(&target).told_offline, offline);
        if offline && !told {
            let words = format!("{target} is offline and will see this when back.");
            if self.mode == Mode::Plain { self.tell(words) } else { self.remark(&target, &words) }
        }
    }

    /// A message of ours has its place; `false` if none is on its way under this label.
    pub(in crate::client::session) fn settle(
        &mut self,
        reference: Option<&str>,
        id: Option<MessageId>,
        time: Option<Timestamp>,
    ) -> bool {
        let Some(reference) = reference else { return false };
        let Some(Awaited::Message(message)) = self.awaited.get(reference) else { return false };
        let (target, text) = (message.target.clone(), message.text.clone());
        self.awaited.remove(reference);
        if let (Mode::Plain, Some(from), Some(_)) = (self.mode, self.me.clone(), id)
            && !matches!(target, Target::User(_))
        {
            let (time, verified) = (time.unwrap_or(self.now.wall), self.verified);
            let kind = Kind::Message { from, own: true, verified, text, mark: Mark::Accepted };
            self.talk(&target).note(Entry { time, id, kind }, MAX_NOTED);
        }
        if let Some(at) = self.conversations.position(&target)
            && let Some(conversation) = self.conversations.iter_mut().nth(at)
        {
            conversation.accept(reference, id, time);
            conversation.reach.saw(id);
        }
        true
    }

    pub(in crate::client::session) fn refused(&mut self, reference: Option<String>, code: Code, text: &Text) {
        let label = reference.unwrap_or_default();
        if self.past_refused(&label, code) || self.search_refused(&label, text.as_str()) {
            return;
        }
        if code == Code::TakenOver {
            return self.taken_over(text);
        }
        // With a label it is the answer to something that was asked for, such as to join a room.
        if label.is_empty() && matches!(code, Code::Kicked | Code::Banned) {
            return self.removed(text);
        }
        match self.awaited.remove(&label) {
            Some(Awaited::Message(message)) => self.message_refused(&label, message, code, text),
            Some(Awaited::Moderator) if self.mode == Mode::Screen => self.ask_passphrase(text.as_str()),
            Some(Awaited::Asked(asked)) => self.not_done(asked, text),
            Some(Awaited::List) => {
                self.listing = None;
                self.complain(text);
            }
            Some(Awaited::Close | Awaited::Moderator) => {
                self.closing = false;
                self.input.failed(true);
                self.complain(text);
            }
            // What has no label is of our own making, such as a ping: nobody waits for it.
            None if label.is_empty() && code == Code::RateLimited => {}
            Some(Awaited::Echo | Awaited::About) | None => self.complain(text),
        }
    }

    fn message_refused(&mut self, label: &str, mut message: Outgoing, code: Code, text: &Text) {
        let too_fast = matches!(code, Code::RateLimited | Code::Busy | Code::StoreUnavailable);
        if too_fast && message.tries < MAX_TRIES {
            let wait = Duration::from_secs(1 << message.tries);
            let target = message.target.clone();
            message.tries += 1;
            if self.input.hold(message, self.now.steady, wait) && self.mode == Mode::Screen {
                let words = match code {
                    Code::StoreUnavailable => {
                        "The server cannot store messages at present; what is marked is tried again."
                    }
                    _ => "The server takes messages slowly; what is marked is on its way.",
                };
                self.remark(&target, words);
            }
            return;
        }
        self.not_sent(label, &message, text.as_str(), false);
        if matches!(code, Code::NoSuchUser | Code::NoSuchRoom | Code::NotInRoom) {
            self.missed(|target| message.target == *target);
        }
        if self.mode == Mode::Screen && !(too_fast && self.input.gave_up()) {
            self.remark(&message.target, &format!("Not sent: {text} Alt-R sends it again."));
        }
        self.input.failed(true);
    }

    /// A message did not get there: marked on the screen, told in plain mode.
    pub(in crate::client::session) fn not_sent(&mut self, label: &str, message: &Outgoing, why: &str, unsure: bool) {
        if self.mode == Mode::Plain {
            self.input.failed(false);
            return self.complain(format!("{why} Not sent: {}", message.text));
        }
        if let Some(at) = self.conversations.position(&message.target)
            && let Some(conversation) = self.conversations.iter_mut().nth(at)
        {
            conversation.fail(label, message.me_too, unsure);
        }
    }

    /// Sends again what is marked in the conversation in view.
    pub(in crate::client::session) fn resend(&mut self) {
        if self.dialect().is_none() {
            return self.tell("You are not online; what is marked can be sent again once you are.");
        }
        let conversation = self.conversations.current_mut();
        let target = conversation.target.clone();
        let marked = conversation.take_not_sent();
        if marked.is_empty() {
            return self.tell("Nothing in this conversation waits to be sent again.");
        }
        let mut refused = false;
        for entry in marked {
            refused = refused || !self.send_again(&target, &entry);
            if refused {
                self.conversations.with(&target).add(entry);
            }
        }
    }

    fn send_again(&mut self, target: &Target, entry: &Entry) -> bool {
        match &entry.kind {
            Kind::Message { text, mark: Mark::NotSent { me_too, .. }, .. } => {
                self.send(target.clone(), *me_too, text.as_str())
            }
            _ => false,
        }
    }
}
