//! Dispatches requests: each command is matched once, by family, and goes to the part that handles it.
//!
//! Must not know: how a part decides; it sees only what the part returns.

use super::access::CodeHash;
use super::caller::{Caller, Denial, say_refusal};
use super::calling::leg_is_late;
use super::messages::HistoryQuestion;
use super::moderation::modlog;
use super::peers::{Leaving, Parked, Peer};
use super::promises::Then;
use super::rooms::{Entered, Place};
use super::{Broker, Lifecycle, Outbox};
use crate::model::{Now, RoomName, Text};
use crate::protocol::words::{CALLS, NODES, OF_CLIENTS};
use crate::protocol::{
    CallCommand, ClosingCommand, Code, Command, Envelope, Event, HistoryCommand, IdentityEvent, KeyCommand,
    ModerationCommand, Refusal, Request, RoomCommand, SessionCommand, UserCommand,
};
use crate::server::ids::ConnId;
use crate::server::limits::MAX_TOKEN;
use crate::server::store::api::What;
use crate::server::telemetry::events::Note;

impl Broker {
    /// Handles a request of a connection.
    pub(super) fn request(&mut self, now: Now, conn: ConnId, request: Request, out: &mut Outbox) {
        let Request { reference, command } = match self.peers.park(conn, request) {
            Parked::No(request) => request,
            Parked::Yes => return,
            Parked::Full(request) => {
                let denial = Denial::new(Code::Busy, "Your last request is still being checked; wait for its answer.");
                return denial.tell(conn, request.reference, out);
            }
        };
        let behind = !is_kept(&command) && self.begin_behind(conn, out);
        self.command(now, conn, reference, command, out);
        self.end_behind(conn, behind, out);
    }

    fn command(&mut self, now: Now, conn: ConnId, reference: Option<String>, command: Command, out: &mut Outbox) {
        match (command, self.peers.caller(conn, reference)) {
            (Command::Session(command), caller) => {
                let reference = caller.map_or_else(|reference| reference, |caller| caller.reference);
                self.session_command(now, (conn, reference), command, out);
            }
            (Command::Call(CallCommand::Leg(_)), Err(reference)) => leg_is_late().tell(conn, reference, out),
            (_, Err(reference)) => {
                let denial = Denial::new(Code::NoName, "Give a name first: NAME | server | name | NAME");
                denial.tell(conn, reference, out);
            }
            (Command::Message(command), Ok(caller)) => self.message_command(now, caller, command, out),
            (Command::History(command), Ok(caller)) => {
                caller.conclude(self.history_command(&caller, command, out), out)
            }
            (Command::Closing(command), Ok(caller)) => {
                caller.conclude(self.closing_command(now, &caller, command, out), out)
            }
            (Command::Unknown(operation), Ok(caller)) => {
                let shown: String = operation.as_str().chars().take(MAX_TOKEN).collect();
                let text = Text::line(&format!("The server does not know the operation {shown}."));
                caller.answer(Event::UnknownOperation(text), out);
            }
            (Command::User(UserCommand::Rename(name)), Ok(caller)) => self.ask_to_rename(now, &caller, name, out),
            (command, Ok(caller)) if is_kept(&command) => self.kept_command(now, &caller, command, out),
            (command, Ok(caller)) => caller.conclude(self.other_command(now, &caller, command, out), out),
        }
    }

    /// Handles a request that changes or reads what is stored: it is answered once all that it rests on is stored.
    fn kept_command(&mut self, now: Now, caller: &Caller, command: Command, out: &mut Outbox) {
        if let Err(denial) = self.begin(caller.conn, may_change(&command), out) {
            return caller.refuse(denial, out);
        }
        caller.conclude(self.other_command(now, caller, command, out), out);
        self.conclude(now, (caller.conn, caller.reference.clone()), out);
    }

    fn other_command(&mut self, now: Now, caller: &Caller, command: Command, out: &mut Outbox) -> Result<(), Denial> {
        match command {
            Command::Room(command) => self.room_command(now, caller, command, out),
            Command::Moderation(command) => self.moderation_command(now, caller, command, out),
            Command::User(command) => self.user_command(now, caller, command, out),
            Command::Key(command) => self.key_command(now, caller, command, out),
            Command::Conference(command) => self.conference_command(now, caller, command, out),
            Command::Call(command) => self.call_command(now, caller, command, out),
            _ => Ok(()),
        }
    }

    /// Handles the requests that waited for a check.
    pub(super) fn go_on(&mut self, now: Now, conn: ConnId, parked: Vec<Request>, out: &mut Outbox) {
        for request in parked {
            self.request(now, conn, request, out);
        }
    }

    /// Refuses what is no request, or came too soon, after the answers to earlier ones.
    pub(super) fn refuse_frame(&mut self, conn: ConnId, refusal: Refusal, out: &mut Outbox) {
        let behind = self.begin_behind(conn, out);
        // Filters such as fail2ban count these lines, and clients send at once what waited during an outage.
        let is_frame = matches!(refusal.code, Code::RateLimited | Code::Busy);
        if !is_frame && let Some((from, name)) = self.peers.first_bad_frame(conn) {
            let reason = format!("{}: {}", refusal.code, refusal.text);
            out.notes.push(Note::BadFrame { conn, from, name, reason });
        }
        say_refusal(conn, refusal, out);
        self.end_behind(conn, behind, out);
    }

    // --- requests that need no name

    fn session_command(
        &mut self,
        now: Now,
        (conn, reference): (ConnId, Option<String>),
        command: SessionCommand,
        out: &mut Outbox,
    ) {
        match command {
            SessionCommand::Name(name) => self.ask_for_name(now, (conn, reference), (name, false), out),
            SessionCommand::TakeOver(name) => self.ask_for_name(now, (conn, reference), (name, true), out),
            SessionCommand::Token(_) if self.peers.folded(conn).is_some() => {
                let text = "The session of a client is told to the server before the name.";
                Denial::new(Code::NotAllowed, text).tell(conn, reference, out);
            }
            SessionCommand::Token(token) => self.peers.set_token(conn, token),
            SessionCommand::Code(code) => self.take_code(now, (conn, reference), CodeHash::of(&code), out),
            SessionCommand::Moderator(passphrase) => self.check_passphrase(now, (conn, reference), passphrase, out),
            SessionCommand::Ping(token) if token.as_str().len() > MAX_TOKEN => {
                let text = format!("The token of a ping has at most {MAX_TOKEN} bytes.");
                Denial::new(Code::TooLong, text).tell(conn, reference, out);
            }
            SessionCommand::Ping(token) => out.send(conn, &Envelope::answer(reference, Event::Pong(token))),
            SessionCommand::Pong(_) => {}
            SessionCommand::Capabilities(words) => {
                let names = |wanted: &str| words.as_str().split(' ').any(|word| word == wanted);
                if OF_CLIENTS.iter().all(|wanted| names(wanted)) {
                    out.understand(conn);
                }
                if names(NODES) {
                    self.set_hears_of_nodes(conn, out);
                }
                if names(CALLS) {
                    self.peers.set_callable(conn);
                    self.tell_calls_of_rooms(conn, out);
                    self.ring_here_too(now, conn, out);
                }
            }
            SessionCommand::Exit => self.leave(conn, Leaving::Exit(reference), out),
        }
    }

    // --- history

    fn history_command(&mut self, caller: &Caller, command: HistoryCommand, out: &mut Outbox) -> Result<(), Denial> {
        let question = match command {
            HistoryCommand::Conversations => HistoryQuestion::conversations(),
            HistoryCommand::Page { with, span } => {
                HistoryQuestion::page(What::Page { with: self.conversation(caller, &with)?, span })
            }
            HistoryCommand::Changes { with, span } => {
                HistoryQuestion::changes(What::Changes { with: self.conversation(caller, &with)?, span })
            }
            HistoryCommand::Modlog { place, span } => {
                HistoryQuestion::modlog(modlog(&self.peers, &self.rooms, caller, &place, span)?)
            }
            HistoryCommand::Search(text) => HistoryQuestion::search(&text)?,
            HistoryCommand::Read { with, id } => {
                let with = self.conversation(caller, &with)?;
                let told = Event::Read { with: with.target(), id };
                self.messages.mark(caller, with, id, out)?;
                self.tell_others(caller, &told.into(), out);
                return Ok(());
            }
        };
        let rooms = self.rooms.of_connection(caller.conn, &caller.user.folded());
        let number = if self.messages.may_ask() { self.peers.count_question(caller.conn) } else { None };
        let Some(number) = number else {
            let text = "Too many history requests are in progress; try again in a moment.";
            return Err(Denial::new(Code::Busy, text));
        };
        self.messages.ask(caller, rooms, (question, number), out);
        Ok(())
    }

    // --- rooms

    fn room_command(
        &mut self,
        now: Now,
        caller: &Caller,
        command: RoomCommand,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        match command {
            RoomCommand::Join { room, private } => self.join_room(now, caller, (&room, private), out),
            RoomCommand::Leave(room) => {
                let ended = self.rooms.leave(&self.peers, caller, &room, out)?;
                self.end_rooms(ended, out);
                Ok(())
            }
            RoomCommand::List => {
                self.rooms.list(&self.peers, caller, out);
                Ok(())
            }
            RoomCommand::Members(room) => self.rooms.list_members(&self.peers, caller, &room, out),
            RoomCommand::Topic { place, text } => {
                let place = self.rooms.topic_place(&self.peers, caller, &place)?;
                self.may_be_heard(now, caller, &place)?;
                self.rooms.set_topic(&self.peers, caller, &place, text, out)
            }
            RoomCommand::Invite { room, user } => {
                let place = self.rooms.inviting_place(&self.peers, caller, &room)?;
                self.may_be_heard(now, caller, &place)?;
                let whom = self.access.user(&self.peers, &user)?;
                let owned = self.access.is_owned(&whom);
                self.rooms.invite(&self.peers, caller, &place, (&whom, owned), out)
            }
        }
    }

    fn join_room(
        &mut self,
        now: Now,
        caller: &Caller,
        (written, private): (&str, bool),
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        let name = RoomName::parse(written).map_err(|error| Denial::new(Code::BadRoom, error.to_string()))?;
        let found = self.rooms.find(&name).and_then(|id| self.rooms.get(id));
        let ban = found.and_then(|room| {
            let ban = self.moderation.ban_of(now, &self.peers, caller.conn, Some(room.id()), false)?;
            Some(Denial::new(Code::Banned, ban.explain(Some(room.name()), self.moderation.time(now))))
        });
        let Entered { joined, ended } = self.rooms.join(&self.peers, caller, (name, private), ban, out)?;
        self.end_rooms(ended, out);
        if let Some(conversation) = joined {
            // Older messages count as read.
            self.messages.mark_all(&caller.user, conversation);
            for conn in self.peers.sessions(caller.user.as_str()) {
                self.tell_calls_of_rooms(conn, out);
            }
        }
        Ok(())
    }

    fn moderation_command(
        &mut self,
        now: Now,
        caller: &Caller,
        command: ModerationCommand,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        match command {
            ModerationCommand::Act(wanted) => self.act(now, caller, wanted, out),
            ModerationCommand::Bans(place) => self.ranks().list_bans(now, caller, &place, out),
        }
    }

    // --- users and their keys

    fn user_command(
        &mut self,
        now: Now,
        caller: &Caller,
        command: UserCommand,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        match command {
            UserCommand::List => self.peers.list(caller, out),
            UserCommand::Whois(name) => {
                let about = self.access.whois(&self.peers, caller, &name, self.lifecycle.rules().calls)?;
                caller.answer(Event::Identity(about), out);
            }
            UserCommand::Away(text) => {
                if !text.is_blank() {
                    self.may_be_heard(now, caller, &Place::Everyone)?;
                }
                self.turn_away(caller, text, out);
            }
            UserCommand::Undisturbed(text) => {
                if !text.is_blank() {
                    self.may_be_heard(now, caller, &Place::Everyone)?;
                }
                self.set_undisturbed(caller, text, out);
            }
            UserCommand::Sessions => self.list_sessions(caller, out),
            UserCommand::EndSession(number) => self.end_own_session(caller, number, out)?,
            UserCommand::Ignore(name) => {
                self.access.ignore(&self.peers, caller, &name, out)?;
                self.tell_others(caller, &self.access.ignored(&caller.user).into(), out);
            }
            UserCommand::Unignore(name) => {
                self.access.unignore(caller, &name, out)?;
                self.tell_others(caller, &self.access.ignored(&caller.user).into(), out);
            }
            UserCommand::Ignored => self.access.tell_ignored(caller, out),
            UserCommand::LeaveServer => self.leave_for_good(now, caller, out)?,
            UserCommand::Rename(name) => self.ask_to_rename(now, caller, name, out),
        }
        Ok(())
    }

    fn key_command(&mut self, now: Now, caller: &Caller, command: KeyCommand, out: &mut Outbox) -> Result<(), Denial> {
        let time = self.moderation.time(now);
        let told = match command {
            KeyCommand::List => self.access.keys(&self.peers, caller)?,
            KeyCommand::Revoke(proof) => vec![self.revoke_key(caller, &proof, out)?],
            KeyCommand::Invite => return self.access.invite_key(now, &self.peers, caller, out),
            KeyCommand::InviteNewcomers(wanted) => {
                let registration = self.lifecycle.rules().registration;
                let by_passphrase = self.peers.get(caller.conn).is_some_and(Peer::gave_passphrase);
                return self.access.invite(time, (caller, by_passphrase), registration, wanted, out);
            }
            KeyCommand::Invitations => return self.access.list_invitations(time, caller, out),
            KeyCommand::RevokeInvitation(id) => return self.access.revoke_invitation(time, caller, &id, out),
        };
        for about in told {
            caller.answer(Event::Identity(about), out);
        }
        Ok(())
    }

    fn revoke_key(&mut self, caller: &Caller, written: &str, out: &mut Outbox) -> Result<IdentityEvent, Denial> {
        let revoked = self.access.revoke_key(&self.peers, caller, written, out)?;
        let (name, identity) = (revoked.ownership.owner.name.clone(), revoked.identity);
        self.keep_owner(revoked.ownership, out);
        out.notes.push(Note::KeyRevoked { conn: caller.conn, name, proof: identity });
        let theirs = |other: &ConnId| self.peers.get(*other).is_some_and(|peer| peer.identity() == Some(identity));
        for other in self.peers.others(caller.conn, &caller.user).filter(theirs) {
            self.promises.then(Then::Displace(other, "The key of this session was revoked."));
        }
        Ok(IdentityEvent::KeyRevoked(identity))
    }

    // --- the end of the server

    fn closing_command(
        &mut self,
        now: Now,
        caller: &Caller,
        command: ClosingCommand,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        match command {
            ClosingCommand::Now => {
                Lifecycle::may_close(caller)?;
                self.close(now, Some(caller.user.clone()), out);
                Ok(())
            }
            ClosingCommand::Later { after, reason } => {
                self.lifecycle.close_later(now.steady, caller, (after, reason), out)
            }
            ClosingCommand::CallOff => self.lifecycle.call_off(caller, out),
        }
    }
}

/// Whether a request is about what is stored beside messages.
fn is_kept(command: &Command) -> bool {
    match command {
        Command::Room(_) | Command::Moderation(_) => true,
        Command::User(command) => !matches!(
            command,
            UserCommand::Away(_) | UserCommand::Undisturbed(_) | UserCommand::Sessions | UserCommand::EndSession(_)
        ),
        Command::Key(command) => !matches!(command, KeyCommand::Invite),
        _ => false,
    }
}

/// Whether a request may change what is stored.
fn may_change(command: &Command) -> bool {
    match command {
        Command::Room(command) => !matches!(command, RoomCommand::List | RoomCommand::Members(_)),
        Command::Moderation(command) => matches!(command, ModerationCommand::Act(_)),
        Command::User(command) => matches!(
            command,
            UserCommand::Ignore(_) | UserCommand::Unignore(_) | UserCommand::Rename(_) | UserCommand::LeaveServer
        ),
        Command::Key(command) => {
            matches!(command, KeyCommand::Revoke(_) | KeyCommand::InviteNewcomers(_) | KeyCommand::RevokeInvitation(_))
        }
        _ => false,
    }
}
