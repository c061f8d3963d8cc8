//! The part of the broker that tells who somebody is, and lets people care for the keys of their names.
//!
//! Must not know: how an identity is proved, or when a code runs out (`invitations`).

use super::invitations::Grant;
use crate::model::{Identity, Name, Now, Text};
use crate::protocol::{About, Code, Command, Envelope, Event, Refusal, Whois};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::rules::Registration;
use crate::server::broker::{Broker, say_refusal};
use crate::server::ids::ConnId;
use crate::server::limits::INVITATION_LIFE;
use crate::server::store::api::Job;
use crate::server::store::api::{Owner, Proof};
use crate::server::telemetry::events::Note;

impl Broker {
    /// A user asks about identities.
    pub(in crate::server) fn care_for_keys(
        &mut self,
        now: Now,
        (conn, user): (ConnId, Name),
        reference: Option<String>,
        command: Command,
        out: &mut Outbox,
    ) {
        let done = match command {
            Command::Whois(name) => self.whois(&name).map(|about| vec![about]),
            Command::Keys => self.keys(conn, &user),
            Command::RevokeKey(proof) => self.revoke(conn, &user, &proof, out).map(|about| vec![about]),
            Command::InviteKey => self.invite_key(now, conn, &user).map(|about| vec![about]),
            Command::Invite => self.invite(now, conn, &user).map(|about| vec![about]),
            _ => return,
        };
        match done {
            Ok(said) => {
                for about in said {
                    out.send(conn, &Envelope::answer(reference.clone(), Event::About(about)));
                }
            }
            Err((code, text)) => say_refusal(conn, Refusal::new(reference, code, text), out),
        }
    }

    fn whois(&self, written: &str) -> Result<About, (Code, String)> {
        let online = self.names.find(written).and_then(|conn| self.peers.get(&conn));
        let name = online.and_then(|peer| peer.name.clone()).or_else(|| self.known.find(written).cloned());
        let name = name.or_else(|| Some(self.owners.get(&Name::parse(written).ok()?)?.name.clone()));
        let Some(name) = name else {
            let text = format!("There is no user {}; the list shows who is online.", Text::line(written));
            return Err((Code::NoSuchUser, text));
        };
        Ok(About::Whois(Whois {
            proof: online.and_then(|peer| peer.identity),
            bound: self.owners.get(&name).map(|owner| owner.since),
            online: online.map(|peer| peer.joined),
            moderator: online.is_some_and(|peer| peer.role.is_moderator()),
            name,
        }))
    }

    /// The name of a user who has proved to own it, and what proved it.
    fn owner(&self, conn: ConnId, user: &Name) -> Result<(&Owner, Identity), (Code, String)> {
        let identity = self.peers.get(&conn).and_then(|peer| peer.identity);
        let owner = self.owners.get(user);
        match (owner, identity) {
            (Some(owner), Some(identity)) if owner.is(identity) => Ok((owner, identity)),
            _ => Err((
                Code::NotVerified,
                format!(
                    "The name {user} is only claimed here; join over tls://, ssh:// or the server's socket file to own it."
                ),
            )),
        }
    }

    fn keys(&self, conn: ConnId, user: &Name) -> Result<Vec<About>, (Code, String)> {
        let (owner, identity) = self.owner(conn, user)?;
        let key =
            |proof: &Proof| About::Key { proof: proof.identity, since: proof.since, here: proof.identity == identity };
        Ok(owner.proofs.iter().map(key).chain([About::KeysEnd]).collect())
    }

    fn revoke(&mut self, conn: ConnId, user: &Name, proof: &str, out: &mut Outbox) -> Result<About, (Code, String)> {
        let (owner, identity) = self.owner(conn, user)?;
        let unknown = || (Code::NoSuchKey, "Your name has no such key; /keys lists those it has.".to_owned());
        let revoked = proof.parse().map_err(|_| unknown())?;
        if !owner.is(revoked) {
            return Err(unknown());
        }
        if revoked == identity {
            let text = "You are here with that key; revoke it from a session that has another.";
            return Err((Code::NoSuchKey, text.to_owned()));
        }
        let name = owner.name.clone();
        if let Some(owner) = self.owners.release(&name, revoked) {
            out.jobs.push(Job::Own(owner));
        }
        // Codes that were made with it may be in the wrong hands too.
        self.invitations.forget(&name);
        out.notes.push(Note::KeyRevoked { conn, name, proof: revoked });
        let online = self.names.find(user.as_str()).filter(|&other| other != conn);
        let theirs = |other: &ConnId| self.peers.get(other).is_some_and(|peer| peer.identity == Some(revoked));
        if let Some(other) = online.filter(theirs) {
            self.displace(other, "The key of this session was revoked.", false, out);
        }
        Ok(About::KeyRevoked(revoked))
    }

    fn invite_key(&mut self, now: Now, conn: ConnId, user: &Name) -> Result<About, (Code, String)> {
        let name = self.owner(conn, user)?.0.name.clone();
        self.make_code(now, &name, Grant::Key(name.clone()))
    }

    fn invite(&mut self, now: Now, conn: ConnId, user: &Name) -> Result<About, (Code, String)> {
        if self.peers.get(&conn).is_none_or(|peer| !peer.role.is_moderator()) {
            let text = "Only a moderator may invite somebody new; /invite-key makes a code for another key of yours.";
            return Err((Code::NotModerator, text.to_owned()));
        }
        if self.rules.registration == Registration::Closed {
            let text = "This server takes nobody new, so a code would be of no use; see --registration.";
            return Err((Code::RegistrationClosed, text.to_owned()));
        }
        self.make_code(now, user, Grant::Newcomer)
    }

    fn make_code(&mut self, now: Now, by: &Name, grant: Grant) -> Result<About, (Code, String)> {
        let made = self.invitations.make(by, grant, now.steady).map_err(|_| {
            let text = "Too many codes wait to be used; they run out within ten minutes.";
            (Code::TooManyInvitations, text.to_owned())
        })?;
        Ok(About::Invited { seconds: INVITATION_LIFE.as_secs(), code: Text::line(&made) })
    }

    /// A connection brings a code.
    pub(in crate::server) fn take_code(
        &mut self,
        now: Now,
        conn: ConnId,
        reference: Option<String>,
        code: &str,
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        let (named, proved) = (peer.name.is_some(), peer.identity.is_some());
        let tries = format!("code from {}", super::connection_limits::network_of(peer.origin));
        let refused = if named {
            Some((Code::NamedAlready, "You are in already; a code is for whoever has no name yet."))
        } else if !proved {
            Some((Code::NotVerified, "A code is for a key; come over tls://, ssh:// or the server's socket file."))
        } else if !self.tries.take(&tries, now.steady) {
            Some((Code::TooManyTries, "That was tried too often; wait a minute."))
        } else if let Some(ticket) = self.invitations.find(code, now.steady) {
            self.tries.forgive(&tries);
            peer.ticket = Some(ticket);
            None
        } else {
            Some((Code::WrongCode, "That code cannot be used: it is wrong, or used, or older than ten minutes."))
        };
        match refused {
            Some((code, text)) => {
                out.notes.push(Note::PassphraseRefused { conn, name: None, code });
                say_refusal(conn, Refusal::new(reference, code, text), out);
            }
            None => {
                let about = About::CodeTaken(Text::line("The code is good; give your name."));
                out.send(conn, &Envelope::answer(reference, Event::About(about)));
            }
        }
    }
}
