//! The part of the broker that decides who a connection is: its name, and whether it is a moderator.
//!
//! Must not know: how a passphrase is checked, which a shell does beside the broker.

use super::broker::{Broker, say_refusal};
use super::history::Job;
use super::limits::{LIST_BYTES, MAX_CHECKS};
use super::names::groups;
use super::note::Note;
use super::outbox::Outbox;
use super::peer::{Check, ConnId};
use crate::model::name::lenient;
use crate::model::{Name, Now, Role, Text, Timestamp};
use crate::protocol::{Code, Command, Dialect, Envelope, Event, Refusal, Request};

impl Broker {
    /// A connection asks for a name. Whatever the outcome, everybody else can still join.
    pub(super) fn join(&mut self, now: Now, conn: ConnId, request: Request, out: &mut Outbox) {
        let Some(peer) = self.peers.get(&conn) else { return };
        let Request { reference, command: Command::Name(raw) } = request else { return };
        if peer.name.is_some() {
            let text = "You have a name already; leave and join again for another.";
            return say_refusal(conn, Refusal::new(reference, Code::NamedAlready, text), out);
        }
        match self.name_for(conn, &raw) {
            Ok((name, trusted)) => self.welcome(now, conn, name, trusted, reference, out),
            Err((code, text)) => self.refuse_name(conn, &raw, Refusal::new(reference, code, text), out),
        }
    }

    /// The name that is given for what was asked, and whether moderator rights come with it.
    fn name_for(&mut self, conn: ConnId, raw: &str) -> Result<(Name, bool), (Code, String)> {
        let name = Name::parse(raw).map_err(|error| (Code::BadName, error.to_string()))?;
        let Some(peer) = self.peers.get(&conn) else { return Err((Code::BadName, String::new())) };
        let key = name.key();
        let kept = self.rules.moderators.iter().map(Name::key).find(|kept| kept.clashes(&key));
        let mut trusted = false;
        if let Some(kept) = kept.filter(|_| peer.role != Role::Moderator) {
            trusted = self.rules.trust_names && peer.origin.is_loopback() && kept.folded == key.folded;
            if !trusted {
                return Err((
                    Code::NameKept,
                    format!("The name {name} is kept for a moderator; give the passphrase first."),
                ));
            }
        }
        if !self.names.give(&name, conn) {
            let text = if peer.is_original() {
                "This username is already taken. You need to connect again and use another one".to_owned()
            } else {
                format!("The name {name}, or one that looks like it, is taken; choose another.")
            };
            return Err((Code::NameTaken, text));
        }
        Ok((name, trusted))
    }

    fn welcome(
        &mut self,
        now: Now,
        conn: ConnId,
        name: Name,
        trusted: bool,
        reference: Option<String>,
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        peer.name = Some(name.clone());
        let dialect = peer.dialect.unwrap_or(Dialect::Tr226);
        let welcome = Event::welcome(&peer.origin.as_original());
        out.notes.push(Note::Joined { conn, name: name.clone(), dialect });
        if trusted {
            peer.role = Role::Moderator;
            out.notes.push(Note::Moderator { conn, name: Some(name.clone()), trusted });
        }
        if self.known.meet(&name) {
            out.jobs.push(Job::Know(name.clone()));
        }
        out.enter(conn, &name);
        out.send(conn, &Envelope { time: Some(now.wall), ..Envelope::answer(reference, welcome) });
        if trusted && dialect == Dialect::Tr226 {
            out.send(conn, &Event::Moderator(Text::line("You are a moderator.")).into());
        }
        if trusted {
            self.tell_trouble(conn, out);
        }
        self.arrive(conn, &name, out);
    }

    /// A refused name ends the connection, as in the original.
    fn refuse_name(&mut self, conn: ConnId, raw: &str, refusal: Refusal, out: &mut Outbox) {
        out.notes.push(Note::NameRefused { conn, name: raw.to_owned(), code: refusal.code });
        if self.peers.get(&conn).is_some_and(super::peer::Peer::is_original) {
            out.address(conn, lenient(raw));
            out.send(conn, &Event::NameRefused(Text::line(&refusal.text)).into());
        } else {
            say_refusal(conn, refusal, out);
        }
        out.close(conn);
        self.leave(conn, "name refused", out);
    }

    /// Who is connected, in the order in which they came, in as many frames as it takes.
    pub(super) fn list(&self, conn: ConnId, reference: Option<String>, out: &mut Outbox) {
        let batch = Some(format!("list-{conn}"));
        let frame = |event| Envelope { batch: batch.clone(), ..Envelope::answer(reference.clone(), event) };
        for group in groups(self.names.in_order(), LIST_BYTES) {
            out.send(conn, &frame(Event::Clients(group)));
        }
        out.send(conn, &frame(Event::ListEnd));
    }

    /// A connection gives the moderator passphrase.
    pub(super) fn check(
        &mut self,
        now: Timestamp,
        conn: ConnId,
        reference: Option<String>,
        passphrase: String,
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        if peer.role == Role::Moderator {
            let event = Event::Moderator(Text::line("You are a moderator already."));
            return out.send(conn, &Envelope::answer(reference, event));
        }
        let user = peer.name.as_ref().map_or_else(|| format!("connection {conn}"), |name| name.key().skeleton);
        let refused = if !peer.origin.is_loopback() {
            Some((
                Code::NotPrivate,
                "The passphrase is not taken over a line that others can read; join from the server's own machine.",
            ))
        } else if self.checks >= MAX_CHECKS {
            Some((Code::Busy, "Too many passphrases are being checked; try again in a moment."))
        } else if !self.tries.take(&user, now) {
            Some((Code::TooManyTries, "That was tried too often; wait a minute."))
        } else {
            None
        };
        if let Some((code, text)) = refused {
            out.notes.push(Note::PassphraseRefused { conn, name: peer.name.clone(), code });
            return say_refusal(conn, Refusal::new(reference, code, text), out);
        }
        peer.check = Some(Check { reference, held: Vec::new() });
        self.checks += 1;
        out.checks.push((conn, passphrase));
    }

    /// The passphrase was checked.
    pub(super) fn checked(&mut self, now: Now, conn: ConnId, right: bool, out: &mut Outbox) {
        // Counted until it is done, even if its peer went: each takes memory and time.
        self.checks = self.checks.saturating_sub(1);
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        let Some(Check { reference, held }) = peer.check.take() else { return };
        // Checking took its time; the peer is not to blame for it.
        peer.since = now.steady;
        if right {
            peer.role = Role::Moderator;
            out.notes.push(Note::Moderator { conn, name: peer.name.clone(), trusted: false });
            let event = Event::Moderator(Text::line("You are a moderator now."));
            out.send(conn, &Envelope::answer(reference, event));
            self.tell_trouble(conn, out);
        } else {
            let code = Code::WrongPassphrase;
            out.notes.push(Note::PassphraseRefused { conn, name: peer.name.clone(), code });
            let text = "That is not the moderator passphrase.";
            say_refusal(conn, Refusal::new(reference, code, text), out);
        }
        for request in held {
            self.request(now, conn, request, out);
        }
    }
}
