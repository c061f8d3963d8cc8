//! Identities, and the keys of a name: whois, list, revoke.
//!
//! Must not know: how an identity is proved, or how a key is added (`inviting`).

use super::Access;
use super::owners::Ownership;
use crate::model::Identity;
use crate::protocol::{Code, IdentityEvent, Whois};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peers::{Peer, Peers};
use crate::server::store::api::{Owner, Proof};

/// A key was taken from a name.
#[derive(Debug)]
pub(in crate::server::broker) struct Revoked {
    /// Whose the name is now.
    pub(in crate::server::broker) ownership: Ownership,
    /// The identity that no longer owns it.
    pub(in crate::server::broker) identity: Identity,
}

impl Access {
    /// Tells how a user is verified, online or not; to a moderator of the server also where the user's sessions come
    /// from, because the ban of an address needs it. `calls` says whether anybody can be called.
    pub(in crate::server::broker) fn whois(
        &self,
        peers: &Peers,
        caller: &Caller,
        written: &str,
        calls: bool,
    ) -> Result<IdentityEvent, Denial> {
        let name = self.user(peers, written)?;
        let online = peers.online(written);
        let sessions = || peers.sessions(written).filter_map(|conn| peers.get(conn));
        Ok(IdentityEvent::Whois(Whois {
            proof: online.and_then(Peer::identity),
            bound: self.owners.get(&name).map(|owner| owner.since),
            online: online.map(Peer::joined),
            moderator: peers.role_of(&name).is_moderator(),
            from: sessions().filter(|_| caller.role.is_moderator()).map(Peer::origin).collect(),
            calls: calls && sessions().any(Peer::can_be_called),
            name,
        }))
    }

    /// The owner of a user's name and the user's identity, if that identity owns the name.
    pub(super) fn owner(&self, peers: &Peers, caller: &Caller) -> Result<(&Owner, Identity), Denial> {
        let identity = peers.get(caller.conn).and_then(Peer::identity);
        match (self.owners.get(&caller.user), identity) {
            (Some(owner), Some(identity)) if owner.is(identity) => Ok((owner, identity)),
            _ => {
                let name = &caller.user;
                let text = format!(
                    "{name} is unverified; join over tls://, ssh:// or the server's socket file to own the name."
                );
                Err(Denial::new(Code::NotVerified, text))
            }
        }
    }

    /// Refuses a user who does not own their name.
    pub(in crate::server::broker) fn owns(&self, peers: &Peers, caller: &Caller) -> Result<(), Denial> {
        self.owner(peers, caller).map(drop)
    }

    /// Lists the keys of a user's name.
    pub(in crate::server::broker) fn keys(&self, peers: &Peers, caller: &Caller) -> Result<Vec<IdentityEvent>, Denial> {
        let (owner, identity) = self.owner(peers, caller)?;
        let key = |proof: &Proof| IdentityEvent::Key {
            proof: proof.identity,
            since: proof.since,
            here: proof.identity == identity,
        };
        Ok(owner.proofs.iter().map(key).chain([IdentityEvent::KeysEnd]).collect())
    }

    /// Takes a key from a user's name.
    pub(in crate::server::broker) fn revoke_key(
        &mut self,
        peers: &Peers,
        caller: &Caller,
        written: &str,
        out: &mut Outbox,
    ) -> Result<Revoked, Denial> {
        let (owner, identity) = self.owner(peers, caller)?;
        let unknown = || Denial::new(Code::NoSuchKey, "Your name has no such key; /keys lists your keys.");
        let revoked = written.parse().map_err(|_| unknown())?;
        if !owner.is(revoked) {
            return Err(unknown());
        }
        if revoked == identity {
            let text = "This session uses that key; revoke it from a session with another key.";
            return Err(Denial::new(Code::NoSuchKey, text));
        }
        let name = owner.name.clone();
        let ownership = self.owners.release(&name, revoked).ok_or_else(unknown)?;
        // Codes that were made with it may be in the wrong hands too.
        self.void_codes(&name, out);
        Ok(Revoked { ownership, identity: revoked })
    }
}
