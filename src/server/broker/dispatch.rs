//! The part of the broker that sees to it that a request reaches the part that deals with it.
//!
//! Must not know: what any of them leads to, beyond a line or two.

use super::outbox::Outbox;
use super::peer::Leaving;
use super::{Broker, say_refusal};
use crate::model::{Name, Now, Text};
use crate::protocol::{Code, Command, Envelope, Event, Refusal, Request};
use crate::server::ids::ConnId;
use crate::server::limits::{MAX_HELD, MAX_TOKEN};
use crate::server::store::api::Recipient;

impl Broker {
    /// A connection asks for something.
    pub(in crate::server) fn request(&mut self, now: Now, conn: ConnId, request: Request, out: &mut Outbox) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        if let Some(hold) = peer.hold.as_mut().filter(|_| !request.command.is_keep_alive()) {
            if hold.held.len() < MAX_HELD {
                return hold.held.push(request);
            }
            let text = "What you asked for is being checked; wait for the answer.";
            return say_refusal(conn, Refusal::new(request.reference, Code::Busy, text), out);
        }
        match request.command {
            Command::Name(_) | Command::TakeOver(_) => self.join(now, conn, request, out),
            Command::Code(code) => self.take_code(now, conn, request.reference, &code, out),
            Command::Moderator(passphrase) => self.check(now.steady, conn, request.reference, passphrase, out),
            Command::Ping(token) if token.as_str().len() > MAX_TOKEN => {
                let text = format!("The token of a ping has at most {MAX_TOKEN} bytes.");
                say_refusal(conn, Refusal::new(request.reference, Code::TooLong, text), out);
            }
            Command::Ping(token) => out.send(conn, &Envelope::answer(request.reference, Event::Pong(token))),
            Command::Pong(_) => {}
            Command::Exit => self.leave_after(conn, Leaving::Exit(request.reference), out),
            command => match peer.name.clone() {
                Some(from) => self.command(now, (conn, from), request.reference, command, out),
                None => {
                    let text = "Give a name first: NAME | server | name | NAME";
                    say_refusal(conn, Refusal::new(request.reference, Code::NoName, text), out);
                }
            },
        }
    }

    /// What only a user may ask.
    fn command(
        &mut self,
        now: Now,
        (conn, from): (ConnId, Name),
        reference: Option<String>,
        command: Command,
        out: &mut Outbox,
    ) {
        match command {
            Command::Echo(text) => out.send(conn, &Envelope::answer(reference, Event::Echo(text))),
            Command::ListClients => self.list(conn, reference, out),
            Command::Private { to, text } => self.say_to(now, (conn, from), reference, (&to, text), out),
            Command::Broadcast { me_too, text } => {
                self.say(now, (conn, from), reference, (Recipient::Everyone { me_too }, text), out);
            }
            Command::RoomMessage { room, me_too, text } => match self.own_room(conn, &room) {
                Ok(room) => {
                    let to = Recipient::Room { id: room.id, name: room.name.clone(), me_too };
                    self.say(now, (conn, from), reference, (to, text), out);
                }
                Err(refused) => refuse(conn, reference, refused, out),
            },
            Command::Act(wanted) => self.act(now, (conn, from), reference, wanted, out),
            Command::Rooms => self.list_rooms(conn, reference, out),
            Command::Ignored => self.tell_ignored((conn, &from), reference, out),
            command @ (Command::JoinRoom { .. }
            | Command::LeaveRoom(_)
            | Command::Members(_)
            | Command::Topic { .. }
            | Command::InviteToRoom { .. }
            | Command::Bans(_)
            | Command::Away(_)
            | Command::Ignore(_)
            | Command::Unignore(_)
            | Command::CloseLater { .. }
            | Command::CallOff) => {
                if let Err(refused) = self.try_to(now, (conn, from), reference.clone(), command, out) {
                    refuse(conn, reference, refused, out);
                }
            }
            Command::CloseServer => match self.may_close(conn) {
                Ok(()) => self.close(now.steady, Some(from), out),
                Err(refused) => refuse(conn, reference, refused, out),
            },
            Command::Unknown(operation) => {
                let shown: String = operation.as_str().chars().take(MAX_TOKEN).collect();
                let text = Text::line(&format!("The server does not know the operation {shown}."));
                out.send(conn, &Envelope::answer(reference, Event::UnknownOperation(text)));
            }
            Command::Conversations
            | Command::History { .. }
            | Command::Read { .. }
            | Command::Search(_)
            | Command::Modlog { .. } => {
                self.look_back((conn, from), reference, command, out);
            }
            Command::Whois(_) | Command::Keys | Command::RevokeKey(_) | Command::InviteKey | Command::Invite => {
                self.care_for_keys(now, (conn, from), reference, command, out);
            }
            // Dealt with before a name is asked for.
            Command::Name(_) | Command::TakeOver(_) | Command::Code(_) | Command::Moderator(_) => {}
            Command::Ping(_) | Command::Pong(_) | Command::Exit => {}
        }
    }
    /// What may be refused for a reason.
    fn try_to(
        &mut self,
        now: Now,
        (conn, from): (ConnId, Name),
        reference: Option<String>,
        command: Command,
        out: &mut Outbox,
    ) -> Result<(), (Code, String)> {
        let user = (conn, &from);
        match command {
            Command::JoinRoom { room, private } => self.join_room(now, user, reference, (&room, private), out),
            Command::LeaveRoom(room) => self.leave_room(user, reference, &room, out),
            Command::Members(room) => self.list_members(conn, reference, &room, out),
            Command::Topic { place, text } => self.set_topic(now, user, reference, (&place, text), out),
            Command::InviteToRoom { room, user: whom } => {
                self.invite_to_room(now, user, reference, (&room, &whom), out)
            }
            Command::Bans(place) => self.list_bans(now, user, reference, &place, out),
            Command::Away(text) => self.go_or_come_back(now, user, reference, text, out),
            Command::Ignore(whom) => self.ignore(user, reference, &whom, out),
            Command::Unignore(whom) => self.unignore(user, reference, &whom, out),
            Command::CloseLater { after, reason } => {
                self.close_later(now.steady, (conn, from), reference, (after, reason), out)
            }
            Command::CallOff => self.call_off((conn, from), reference, out),
            _ => Ok(()),
        }
    }
}

fn refuse(conn: ConnId, reference: Option<String>, (code, text): (Code, String), out: &mut Outbox) {
    say_refusal(conn, Refusal::new(reference, code, text), out);
}
