//! The part of the broker that sees to it that a request reaches the part that deals with it.
//!
//! Must not know: what any of them leads to, beyond a line or two.

use super::broker::{Broker, say_refusal};
use super::history::Recipient;
use super::limits::{MAX_HELD, MAX_TOKEN};
use super::outbox::Outbox;
use super::peer::{ConnId, Leaving};
use crate::model::{Name, Now, Text};
use crate::protocol::{Code, Command, Envelope, Event, Refusal, Request};

impl Broker {
    /// A connection asks for something.
    pub(super) fn request(&mut self, now: Now, conn: ConnId, request: Request, out: &mut Outbox) {
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
            Command::CloseServer => {
                if self.peers.get(&conn).is_some_and(|peer| peer.role.is_moderator()) {
                    self.close(now.steady, Some(from), out);
                } else {
                    let text = "Only a moderator may close the server; give the moderator passphrase first.";
                    say_refusal(conn, Refusal::new(reference, Code::NotModerator, text), out);
                }
            }
            Command::Unknown(operation) => {
                let shown: String = operation.as_str().chars().take(MAX_TOKEN).collect();
                let text = Text::line(&format!("The server does not know the operation {shown}."));
                out.send(conn, &Envelope::answer(reference, Event::UnknownOperation(text)));
            }
            Command::Conversations | Command::History { .. } | Command::Read { .. } | Command::Search(_) => {
                self.look_back((conn, from), reference, command, out);
            }
            Command::Whois(_) | Command::Keys | Command::RevokeKey(_) | Command::InviteKey | Command::Invite => {
                self.care_for_keys(now, (conn, from), reference, command, out);
            }
            Command::CloseLater { .. }
            | Command::CallOff
            | Command::JoinRoom { .. }
            | Command::LeaveRoom(_)
            | Command::Rooms
            | Command::Members(_)
            | Command::Topic { .. }
            | Command::InviteToRoom { .. }
            | Command::RoomMessage { .. }
            | Command::Act(_)
            | Command::Bans(_)
            | Command::Modlog { .. }
            | Command::Away(_)
            | Command::Ignore(_)
            | Command::Unignore(_)
            | Command::Ignored => {
                let text = "This server has one room, which everyone is in.";
                say_refusal(conn, Refusal::new(reference, Code::NoSuchRoom, text), out);
            }
            // Dealt with before a name is asked for.
            Command::Name(_) | Command::TakeOver(_) | Command::Code(_) | Command::Moderator(_) => {}
            Command::Ping(_) | Command::Pong(_) | Command::Exit => {}
        }
    }
}
