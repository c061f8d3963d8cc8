//! The connections: each with its user, and the names in use.
//!
//! - [`peer`]: one connection and its user. [`connection_state`]: its local state.
//! - [`names`]: the names in use, unique and in order of arrival. [`index`]: connections by what they have in common.
//! - [`introduction`]: a connection as other nodes of the chat learn of it.
//! - [`listing`]: the list of users. [`watch`]: silence, deadlines, and what a connection waits for.
//!
//! Must not know: who owns a name (`access`), rooms, or what users write.

mod connection_state;
mod index;
mod introduction;
mod listing;
pub mod names;
mod peer;
mod watch;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::model::{
    BanTarget, Fingerprint, FoldedName, Identity, MessageId, Name, NameKey, Origin, Role, Text, Timestamp,
};
use crate::protocol::{Dialect, Event, SessionToken};
use crate::server::broker::caller::Caller;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::user_conns::UserConns;
use crate::server::ids::{ByConn, ConnId};

use self::index::ConnectionIndex;
use self::introduction::introduced;
use self::names::Names;

pub(in crate::server::broker) use self::connection_state::{Awaits, Hold, Leaving, NameRequest, Parked};
pub use self::introduction::Introduction;
pub(in crate::server::broker) use self::peer::Peer;
pub use self::watch::CutReason;

/// The connections and their users.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::server::broker) struct Peers {
    #[serde(with = "introduced")]
    all: ByConn<Box<Peer>>,
    names: Names,
    index: ConnectionIndex,
    /// Connections that are refused at the next tick.
    shut_out: Vec<ConnId>,
    /// How often any session has gone away.
    went_away: u64,
}

impl Peers {
    // --- connections

    /// Adds a connection.
    pub(in crate::server::broker) fn connect(&mut self, conn: ConnId, origin: Origin, now: Timestamp) {
        self.all.insert(conn, Box::new(Peer::new(origin, now)));
    }

    /// A connection has proved to have a key. `false` if it is gone.
    pub(in crate::server::broker) fn prove(&mut self, conn: ConnId, key: Fingerprint) -> bool {
        let Some(peer) = self.all.get_mut(&conn) else { return false };
        // The kernel's word about a local user counts, whatever else the user has proved.
        let before = peer.identity.replace(Identity::Key(key)).filter(|_| peer.origin.ip().is_some());
        if peer.name.is_some() {
            self.index.is(conn, before, peer.identity);
        }
        true
    }

    /// A connection's first bytes told its dialect. `false` if it is gone.
    pub(in crate::server::broker) fn speak(&mut self, conn: ConnId, dialect: Dialect) -> bool {
        let peer = self.all.get_mut(&conn);
        peer.map(|peer| peer.dialect = Some(dialect)).is_some()
    }

    /// Forgets a connection.
    pub(in crate::server::broker) fn remove(&mut self, conn: ConnId) -> Option<Box<Peer>> {
        let peer = self.all.remove(&conn)?;
        self.index.forget(conn, peer.origin, peer.identity);
        Some(peer)
    }

    /// Whether nobody is connected.
    pub(in crate::server::broker) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// A connection by its number.
    pub(in crate::server::broker) fn get(&self, conn: ConnId) -> Option<&Peer> {
        self.all.get(&conn).map(|peer| &**peer)
    }

    /// All connections, in no particular order: nothing may depend on it.
    pub(in crate::server::broker) fn iter(&self) -> impl Iterator<Item = (ConnId, &Peer)> {
        self.all.iter().map(|(&conn, peer)| (conn, &**peer))
    }

    /// The user of a connection, as the one who makes the request with this label.
    ///
    /// # Errors
    /// Gives the label back if the connection has no name.
    pub(in crate::server::broker) fn caller(
        &self,
        conn: ConnId,
        reference: Option<String>,
    ) -> Result<Caller, Option<String>> {
        match self.get(conn) {
            Some(Peer { name: Some(user), role, identity, scope, .. }) => {
                let (role, proved, scope) = (*role, identity.is_some(), *scope);
                Ok(Caller { conn, user: user.clone(), reference, role, proved, scope })
            }
            Some(_) | None => Err(reference),
        }
    }

    /// Where a connection comes from.
    pub(in crate::server::broker) fn origin(&self, conn: ConnId) -> Option<Origin> {
        self.get(conn).map(Peer::origin)
    }

    /// Whether a connection speaks TR2.23.
    pub(in crate::server::broker) fn is_original(&self, conn: ConnId) -> bool {
        self.get(conn).is_some_and(Peer::is_original)
    }

    /// Whether a connection's user is verified.
    pub(in crate::server::broker) fn has_proved(&self, conn: ConnId) -> bool {
        self.get(conn).is_some_and(Peer::has_proved)
    }

    /// The role of a connection's user on the server.
    pub(in crate::server::broker) fn role(&self, conn: ConnId) -> Role {
        self.get(conn).map_or(Role::User, Peer::role)
    }

    /// A connection's name with its case folded, once it has one.
    pub(in crate::server::broker) fn folded(&self, conn: ConnId) -> Option<FoldedName> {
        Some(self.get(conn)?.name.as_ref()?.folded())
    }

    // --- names

    /// The number of users.
    pub(in crate::server::broker) fn users(&self) -> usize {
        self.names.len()
    }

    /// The connection of the oldest session of the user whose name this is, in any case.
    pub(in crate::server::broker) fn find(&self, written: &str) -> Option<ConnId> {
        self.names.find(written).map(UserConns::first)
    }

    /// The connections of the sessions of the user whose name this is, in any case, oldest session first.
    pub(in crate::server::broker) fn sessions(&self, written: &str) -> impl Iterator<Item = ConnId> + '_ {
        self.names.find(written).into_iter().flat_map(UserConns::iter)
    }

    /// The connections of a user's other sessions.
    pub(in crate::server::broker) fn others(&self, conn: ConnId, user: &Name) -> impl Iterator<Item = ConnId> + '_ {
        self.sessions(user.as_str()).filter(move |other| *other != conn)
    }

    /// The oldest session of the user whose name this is, in any case, if they are online.
    pub(in crate::server::broker) fn online(&self, written: &str) -> Option<&Peer> {
        self.get(self.find(written)?)
    }

    /// The highest role that the user whose name this is has in any session.
    pub(in crate::server::broker) fn role_of(&self, user: &Name) -> Role {
        self.sessions(user.as_str()).map(|conn| self.role(conn)).max().unwrap_or(Role::User)
    }

    /// The connections whose names clash with this one: those of at most two users.
    pub(in crate::server::broker) fn clashing(&self, key: &NameKey) -> Vec<ConnId> {
        self.names.clashing(key)
    }

    /// The connections whose names do not clash with this one, but differ from it by separators at most.
    pub(in crate::server::broker) fn near(&self, key: &NameKey) -> Vec<ConnId> {
        self.names.near(key)
    }

    /// Gives a connection a name, unless it or one that looks like it is in use.
    pub(in crate::server::broker) fn give_name(&mut self, conn: ConnId, name: &Name, is_login: bool) -> bool {
        let verified = self.has_proved(conn);
        if !self.names.give(name, conn, verified) {
            return false;
        }
        if let Some(peer) = self.all.get_mut(&conn) {
            (peer.is_login, peer.number) = (is_login, 1);
        }
        true
    }

    /// Makes a connection another session of the user who has a name. `false` if nobody has it any longer.
    pub(in crate::server::broker) fn join_name(&mut self, conn: ConnId, name: &Name, is_login: bool) -> bool {
        let Some(number) = self.names.join(name, conn) else { return false };
        if let Some(peer) = self.all.get_mut(&conn) {
            (peer.is_login, peer.number) = (is_login, number);
        }
        true
    }

    /// Notes that the user of a connection joined under its name, at this time of the wall clock and after this message.
    pub(in crate::server::broker) fn enter(&mut self, conn: ConnId, name: &Name, (now, after): (Timestamp, MessageId)) {
        if let Some(peer) = self.all.get_mut(&conn) {
            peer.name = Some(name.clone());
            (peer.joined, peer.joined_after) = (now, after);
            self.index.open(conn, peer.origin, peer.identity);
        }
    }

    /// Takes the name of a connection that stays open a little longer; the name itself is still in use.
    pub(in crate::server::broker) fn take_name(&mut self, conn: ConnId) -> Option<Name> {
        let peer = self.all.get_mut(&conn)?;
        self.index.close(conn, peer.origin, peer.identity);
        peer.name.take()
    }

    /// A session of the user of a name has ended. The last one frees the name: then it says whether the user was verified.
    pub(in crate::server::broker) fn leave_name(&mut self, conn: ConnId, name: &Name) -> Option<bool> {
        self.names.leave(name, conn)
    }

    /// The connections whose users a target describes, in the order of their numbers.
    pub(in crate::server::broker) fn described(&self, whom: &BanTarget) -> Vec<ConnId> {
        let mut conns: Vec<ConnId> = match whom {
            BanTarget::Name(name) => self.names.clashing(&name.key()),
            BanTarget::Identity(identity) => self.index.of_identity(*identity).collect(),
            BanTarget::Network(network) => self.index.of_network(*network).collect(),
        };
        conns.sort_unstable();
        conns.dedup();
        conns
    }

    /// The moderators of the server who are online, in the order of their connections' numbers.
    pub(in crate::server::broker) fn moderators(&self) -> impl Iterator<Item = (ConnId, &Name)> {
        self.index.moderators().filter_map(|conn| Some((conn, self.get(conn)?.name.as_ref()?)))
    }

    // --- the state of users

    /// Sets the role of a connection's user.
    pub(in crate::server::broker) fn set_role(&mut self, conn: ConnId, role: Role) {
        if let Some(peer) = self.all.get_mut(&conn) {
            peer.role = role;
            self.index.moderates(conn, role.is_moderator());
        }
    }

    /// A connection's user gave the moderator passphrase, or lost what it gained them.
    pub(in crate::server::broker) fn set_passphrase(&mut self, conn: ConnId, gave: bool) {
        if let Some(peer) = self.all.get_mut(&conn) {
            peer.passphrase = gave;
        }
    }

    /// A user is away in one session, or back with a blank text.
    pub(in crate::server::broker) fn set_away(&mut self, conn: ConnId, text: &Text) {
        self.went_away += 1;
        if let Some(peer) = self.all.get_mut(&conn) {
            (peer.away, peer.went_away) = (text.clone(), self.went_away);
        }
    }

    /// Finds out whether a user is away, which takes that they are in every session; returns the away message that others
    /// see from now on, blank for none, if that is new. Of several messages, the newest counts.
    pub(in crate::server::broker) fn update_away(&mut self, user: &Name) -> Option<Text> {
        let peers: Vec<&Peer> = self.sessions(user.as_str()).filter_map(|conn| self.get(conn)).collect();
        let newest = peers.iter().max_by_key(|peer| peer.went_away).map(|peer| peer.away.clone());
        let text = newest.filter(|_| peers.iter().all(|peer| !peer.away.is_blank())).unwrap_or_default();
        self.names.mark_away(user, &text).then_some(text)
    }

    /// The away message that others see of a user; blank while the user is present.
    pub(in crate::server::broker) fn away_as_seen(&self, user: &Name) -> Text {
        self.names.away_of(user)
    }

    /// A user is not to be disturbed, and is away with this message; a blank one ends that.
    pub(in crate::server::broker) fn mark_undisturbed(&mut self, user: &Name, text: Text) {
        self.names.mark_undisturbed(user, text);
    }

    /// The away message of a user who is not to be disturbed.
    pub(in crate::server::broker) fn undisturbed(&self, user: &Name) -> Option<&Text> {
        self.names.undisturbed(user)
    }

    /// The client of a connection is to be known by this when it comes back.
    pub(in crate::server::broker) fn set_token(&mut self, conn: ConnId, token: SessionToken) {
        if let Some(peer) = self.all.get_mut(&conn) {
            (peer.token, peer.scope) = (Some(token), Some(scope_of(token)));
        }
    }

    /// The client of a connection has said that it can be called.
    pub(in crate::server::broker) fn set_callable(&mut self, conn: ConnId) {
        if let Some(peer) = self.all.get_mut(&conn) {
            peer.calls = true;
        }
    }

    /// Whether the client of a connection can be called.
    pub(in crate::server::broker) fn can_be_called(&self, conn: ConnId) -> bool {
        self.get(conn).is_some_and(Peer::can_be_called)
    }

    // --- moderators

    /// Sends a notice to the moderators of the server who are online.
    pub(in crate::server::broker) fn tell_moderators(&self, words: &str, out: &mut Outbox) {
        for (conn, _) in self.moderators() {
            out.send(conn, &Event::Notice(Text::line(words)).into());
        }
    }
}

/// A number that tells nothing of the token.
fn scope_of(token: SessionToken) -> u64 {
    digest(&SHA256, &token.0).as_ref().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
