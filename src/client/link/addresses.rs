//! The addresses of a chat: those that the person gave and those that its nodes have told, and which is dialed next.
//!
//! Keeps true: the first address given names the chat, wherever it is reached; no address is dialed again before all others
//! have been, unless a connection held in between; and a server that another one named must prove what the others have.
//!
//! Must not know: why a connection ended, or how one is made.

use crate::client::destination::{Destination, Proved};
use crate::client::server_list::MAX_GIVEN;
use crate::model::Url;
use crate::protocol::limits::MAX_NODES;

/// The addresses of a chat.
#[derive(Clone, Debug)]
pub struct Addresses {
    home: Url,
    given: Vec<Url>,
    told: Vec<Url>,
    at: Url,
    /// Those dialed since a connection last held, or since the last wait.
    tried: Vec<Url>,
    /// Those where another server was met.
    distrusted: Vec<Url>,
    /// What the servers of this chat have proved.
    proved: Option<Proved>,
}

/// Which addresses a server may tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldNodes {
    /// Any that proves the same key, or in the clear if the server that tells them is.
    Any,
    /// Only those that prove the key which the person gave: nothing leads out of the chat.
    OfKey,
    /// None: nothing leads out of the chat, and no key was given.
    None,
}

impl Addresses {
    /// A chat at `home`, and perhaps at others.
    #[must_use]
    pub fn new(home: Url, others: &[Url]) -> Self {
        let mut given = vec![home.clone()];
        for other in others.iter().take(MAX_GIVEN) {
            if !holds(&given, other) {
                given.push(other.clone());
            }
        }
        Self {
            at: home.clone(),
            home,
            given,
            told: Vec::new(),
            tried: Vec::new(),
            distrusted: Vec::new(),
            proved: None,
        }
    }

    /// The address that names the chat.
    #[must_use]
    pub fn home(&self) -> &Url {
        &self.home
    }

    /// The address that is dialed, or where the client is.
    #[must_use]
    pub fn at(&self) -> &Url {
        &self.at
    }

    /// The addresses that the person gave.
    #[must_use]
    pub fn given(&self) -> &[Url] {
        &self.given
    }

    /// Whether the client is at another address than the one that names the chat.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.at != self.home
    }

    /// Whether there are other addresses.
    #[must_use]
    pub fn are_several(&self) -> bool {
        self.usable().count() > 1
    }

    /// Where to connect now.
    #[must_use]
    pub fn destination(&self) -> Destination {
        let given = self.given.iter().filter(|url| !is_same(url, &self.at)).cloned().collect();
        let is_told = !holds(&self.given, &self.at);
        Destination { url: self.at.clone(), chat: self.home.clone(), given, is_told, proved: self.proved }
    }

    /// The server at the present address has proved this.
    pub fn prove(&mut self, proved: Proved) {
        self.proved = Some(proved);
    }

    /// Every address may be dialed again.
    pub fn begin_round(&mut self) {
        self.tried.clear();
    }

    /// Goes to an address that was not tried yet, which `choose` picks by its place among so many; `false` if there is none.
    pub fn go_on(&mut self, choose: impl FnOnce(usize) -> usize) -> bool {
        if !holds(&self.tried, &self.at) {
            self.tried.push(self.at.clone());
        }
        let left: Vec<Url> = self.usable().filter(|url| !holds(&self.tried, url)).cloned().collect();
        // Without a choice, nothing is drawn.
        let at = if left.len() > 1 { choose(left.len()) } else { 0 };
        let Some(next) = left.get(at).or(left.first()) else { return false };
        self.at = next.clone();
        true
    }

    /// The number of addresses that were not tried yet, beside the present one.
    #[must_use]
    pub fn left(&self) -> usize {
        self.usable().filter(|url| !is_same(url, &self.at) && !holds(&self.tried, url)).count()
    }

    /// Another server was met at the present address, which is no longer dialed. `false` if there is no other address.
    pub fn distrust(&mut self) -> bool {
        self.distrusted.push(self.at.clone());
        let Some(next) = self.usable().next().cloned() else { return false };
        self.tried.push(std::mem::replace(&mut self.at, next));
        true
    }

    /// The server tells the addresses of all nodes. Only those count that are reached as it is itself, and with a key where
    /// it has one: a server in the clear has none to hold another one to, and what is on this machine, or behind ssh, is
    /// the person's to name.
    pub fn learn(&mut self, nodes: &[Url], allowed: ToldNodes) {
        let may = |node: &&Url| match (&self.at, node, allowed) {
            (_, _, ToldNodes::None) => false,
            (Url::Tls(_), Url::Tls(_), ToldNodes::Any | ToldNodes::OfKey) => self.proved.is_some(),
            (Url::Tcp(_), Url::Tcp(_), ToldNodes::Any) => true,
            (Url::Tls(_) | Url::Tcp(_) | Url::Unix(_) | Url::Ssh(_), _, ToldNodes::Any | ToldNodes::OfKey) => false,
        };
        let mut told: Vec<Url> = Vec::new();
        for node in nodes.iter().take(MAX_NODES).filter(may) {
            if !holds(&told, node) {
                told.push(node.clone());
            }
        }
        self.told = told;
    }

    fn usable(&self) -> impl Iterator<Item = &Url> {
        let told = self.told.iter().filter(|url| !holds(&self.given, url));
        self.given.iter().chain(told).filter(|url| !holds(&self.distrusted, url))
    }
}

/// Whether two addresses are the same: the case of a host name does not matter, that of a path does.
fn is_same(one: &Url, other: &Url) -> bool {
    match (one, other) {
        (Url::Tcp(one), Url::Tcp(other)) | (Url::Tls(one), Url::Tls(other)) => {
            one.port == other.port && one.name.eq_ignore_ascii_case(&other.name)
        }
        (one, other) => one == other,
    }
}

fn holds(list: &[Url], url: &Url) -> bool {
    list.iter().any(|other| is_same(other, url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Fingerprint;

    fn url(text: &str) -> Url {
        text.parse().unwrap_or_else(|_| Url::Unix(text.to_owned()))
    }

    fn urls(text: &str) -> Vec<Url> {
        text.split_whitespace().map(url).collect()
    }

    fn proved() -> Proved {
        Proved { key: Fingerprint([1; 32]), vouched: false }
    }

    /// The addresses that are gone through, from the present one on.
    fn round(addresses: &mut Addresses) -> String {
        let mut gone = vec![addresses.at().to_string()];
        while addresses.go_on(|_| 0) {
            gone.push(addresses.at().to_string());
        }
        gone.join(" ")
    }

    #[test]
    fn every_address_is_tried_once_a_round() {
        let mut addresses = Addresses::new(url("tls://a"), &urls("tls://b tls://A tls://b:7 tls://b"));
        assert_eq!(round(&mut addresses), "tls://a:1235 tls://b:1235 tls://b:7");
        assert!(!addresses.go_on(|_| 0));
        addresses.begin_round();
        assert_eq!(round(&mut addresses), "tls://b:7 tls://a:1235 tls://b:1235");
        assert_eq!(addresses.home(), &url("tls://a"));
        addresses.begin_round();
        assert!(addresses.go_on(|count| count - 1));
        assert_eq!(addresses.at(), &url("tls://b:7"));
        assert!(addresses.go_on(|_| 99));
        assert_eq!((addresses.at(), addresses.left()), (&url("tls://a"), 0));
    }

    #[test]
    fn what_is_told_counts_only_if_it_is_as_safe_and_not_too_much() {
        let told = "tls://b tcp://c tls://B:1235 unix:/x ssh://d tls://a";
        let cases = [
            ("tls://a", true, ToldNodes::Any, "tls://a:1235 tls://b:1235"),
            ("tls://a", true, ToldNodes::OfKey, "tls://a:1235 tls://b:1235"),
            ("tls://a", true, ToldNodes::None, "tls://a:1235"),
            ("tls://a", false, ToldNodes::Any, "tls://a:1235"),
            ("tcp://a", false, ToldNodes::Any, "tcp://a:1234 tcp://c:1234"),
            ("tcp://a", false, ToldNodes::OfKey, "tcp://a:1234"),
            ("unix:/a", false, ToldNodes::Any, "unix:/a"),
            ("ssh://a", false, ToldNodes::Any, "ssh://a"),
        ];
        for (at, keyed, allowed, expected) in cases {
            let mut addresses = Addresses::new(url(at), &[]);
            if keyed {
                addresses.prove(proved());
            }
            addresses.learn(&urls(told), allowed);
            assert_eq!(round(&mut addresses), expected, "{at} {allowed:?}");
        }
        let mut addresses = Addresses::new(url("tcp://a"), &[]);
        let many: Vec<Url> = (1..=100).map(|port| url(&format!("tcp://n:{port}"))).collect();
        addresses.learn(&many, ToldNodes::Any);
        assert_eq!(addresses.usable().count(), 1 + MAX_NODES);
        addresses.learn(&[], ToldNodes::Any);
        assert!(!addresses.are_several());
    }

    #[test]
    fn a_server_that_was_told_is_held_to_the_key_and_one_that_is_distrusted_is_left_out() {
        let mut addresses = Addresses::new(url("tls://a"), &urls("tls://b"));
        addresses.prove(proved());
        addresses.learn(&urls("tls://c"), ToldNodes::Any);
        assert!(addresses.go_on(|_| 1));
        let there = addresses.destination();
        assert_eq!((there.url, there.is_told, there.proved), (url("tls://c"), true, Some(proved())));
        assert_eq!((there.chat, there.given), (url("tls://a"), urls("tls://a tls://b")));
        assert!(addresses.distrust());
        assert!(!addresses.destination().is_told);
        addresses.learn(&urls("tls://C tls://d"), ToldNodes::Any);
        addresses.begin_round();
        assert_eq!(round(&mut addresses), "tls://a:1235 tls://b:1235 tls://d:1235");
        assert!(addresses.distrust() && addresses.distrust());
        assert!(!addresses.distrust());
    }
}
