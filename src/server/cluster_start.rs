//! What a server is given to be one of several nodes of a chat, and the sum over the settings that all of them must share.
//!
//! Must not know: how the log is read, or what follows from it.

use ring::digest::{Context, SHA256};

use super::broker::rules::{Registration, Rules};
use super::cluster::entry::{NodeId, SettingsHash};
use super::log::nats::connection::NatsOptions;
use super::secrets::cluster_key::ClusterKey;
use super::store::Retention;
use crate::model::Fingerprint;
use crate::model::url::{Host, Url};
use crate::net::address::ListenAddress;

/// What a server is given to be a node.
#[derive(Debug)]
pub struct ClusterStart {
    /// How the log is reached.
    pub options: NatsOptions,
    /// Which node this is.
    pub node: NodeId,
    /// A random number of this run of the program.
    pub life: u64,
    /// What all nodes know and nobody else.
    pub secret: ClusterKey,
    /// Where clients reach this node; if none is given, [`BoundServer::bind`](super::run) adds what follows from where it
    /// listens.
    pub urls: Vec<String>,
    /// Whether all machines have the same users; otherwise a user of one is nobody on another.
    pub shared_logins: bool,
    /// The sum over the settings that all nodes share.
    pub settings: SettingsHash,
}

/// The settings that all nodes of a chat share, because what they decide follows from them.
#[derive(Clone, Copy, Debug)]
pub struct SharedSettings<'a> {
    /// The rules of the broker.
    pub rules: &'a Rules,
    /// How long messages are kept.
    pub keep: Retention,
    /// The hash of the moderator passphrase.
    pub passphrase_hash: &'a str,
    /// The key that clients remember, if there is one.
    pub key: Option<Fingerprint>,
    /// Whether all machines have the same users.
    pub shared_logins: bool,
}

impl SharedSettings<'_> {
    /// The sum over them; two nodes whose sums differ may decide otherwise than each other.
    #[must_use]
    pub fn sum(&self) -> SettingsHash {
        let Self { rules, keep, passphrase_hash, key, shared_logins } = self;
        let Rules {
            moderators,
            trust_names,
            registration,
            own_uid,
            passphrase_tries,
            edit_time,
            calls,
            // What a node does with its own connections.
            max_connections: _,
            max_per_address: _,
            note_messages: _,
            welcome: _,
            name_deadline: _,
            ping_after: _,
            cut_after: _,
            relay: _,
            nodes: _,
        } = rules;
        let registration = match registration {
            Registration::Open => "open",
            Registration::Invite => "invite",
            Registration::Closed => "closed",
        };
        let Retention { days, messages } = keep;
        let mut words: Vec<String> = vec![
            registration.to_owned(),
            trust_names.to_string(),
            // Where machines have users of their own, the server's says nothing on another one.
            shared_logins.then(|| own_uid.to_string()).unwrap_or_default(),
            passphrase_tries.to_string(),
            edit_time.as_secs().to_string(),
            calls.to_string(),
            days.map_or_else(String::new, |days| days.to_string()),
            messages.map_or_else(String::new, |messages| messages.to_string()),
            (*passphrase_hash).to_owned(),
            key.map_or_else(String::new, |key| key.to_string()),
            shared_logins.to_string(),
        ];
        words.extend(moderators.iter().map(ToString::to_string));
        let mut sum = Context::new(&SHA256);
        for word in words {
            // With its length: no two lists of words are the same bytes.
            sum.update(&u64::try_from(word.len()).unwrap_or(u64::MAX).to_be_bytes());
            sum.update(word.as_bytes());
        }
        let mut bytes = SettingsHash::default();
        bytes.iter_mut().zip(sum.finish().as_ref()).for_each(|(byte, summed)| *byte = *summed);
        bytes
    }
}

/// Where clients on other machines reach a server on a machine of this name that listens at these addresses: encrypted if
/// that is possible, and otherwise in plain text. If no other machine reaches it, the first address; `None` without any.
#[must_use]
pub(crate) fn reached_at(places: &[ListenAddress], host_name: &str) -> Option<String> {
    let at = |port| Host { name: host_name.to_owned(), port };
    let far = |place: &ListenAddress| match place {
        ListenAddress::Tcp(address) | ListenAddress::Tls(address) => {
            (!address.ip().is_loopback() && !host_name.is_empty()).then_some(address.port())
        }
        ListenAddress::Unix(_) => None,
    };
    let is_tls = |place: &&ListenAddress| matches!(place, ListenAddress::Tls(_));
    let tls = places.iter().filter(is_tls).find_map(far).map(|port| Url::Tls(at(port)).to_string());
    let tcp = || places.iter().find_map(far).map(|port| Url::Tcp(at(port)).to_string());
    tls.or_else(tcp).or_else(|| places.first().map(ToString::to_string))
}

#[cfg(test)]
mod tests {
    use super::{ListenAddress, reached_at};

    #[test]
    fn clients_elsewhere_are_told_an_address_that_they_can_reach() {
        let tcp = |address: &str| ListenAddress::Tcp(address.parse().unwrap());
        let tls = |address: &str| ListenAddress::Tls(address.parse().unwrap());
        let file = || ListenAddress::Unix("/run/tr2/tr2.sock".to_owned());
        for (places, wanted) in [
            (vec![tcp("0.0.0.0:1234"), tls("127.0.0.1:9"), tls("[::]:1235")], Some("tls://chat1:1235")),
            (vec![file(), tls("10.0.0.1:7")], Some("tls://chat1:7")),
            (vec![tcp("127.0.0.1:1"), tcp("10.0.0.1:2")], Some("tcp://chat1:2")),
            (vec![tcp("127.0.0.1:1"), tls("127.0.0.1:2")], Some("tcp://127.0.0.1:1")),
            (vec![file(), tcp("127.0.0.1:1")], Some("unix:/run/tr2/tr2.sock")),
            (vec![], None),
        ] {
            assert_eq!(reached_at(&places, "chat1").as_deref(), wanted, "{places:?}");
        }
        // A machine without a name.
        assert_eq!(reached_at(&[tls("10.0.0.1:7")], "").as_deref(), Some("tls://10.0.0.1:7"));
    }
}
