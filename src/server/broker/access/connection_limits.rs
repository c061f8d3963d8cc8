//! How many connections there may be: in all, and from one address or local user.
//!
//! Must not know: names.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::Origin;
use crate::protocol::Code;
use crate::server::limits::{KEPT_FOR_KEEPERS, KEPT_FOR_LOGINS, LEFT_BY_LOOPBACK, MAX_PER_ADDRESS, SMALL_SERVER};
use serde::{Deserialize, Serialize};

/// The number of the user who may do everything on this machine.
const ROOT: u32 = 0;

/// The open connections, counted.
#[derive(Debug, Default)]
pub struct Admission {
    max: usize,
    /// The admin's limit; without one, [`MAX_PER_ADDRESS`] for other machines and for each local user.
    max_per_address: Option<usize>,
    all: usize,
    /// The server's own user, who has no limit of their own.
    own_uid: u32,
    by_source: HashMap<Source, usize>,
}

impl Admission {
    /// Counts no connection yet.
    #[must_use]
    pub fn new(max: usize, max_per_address: Option<usize>, own_uid: u32) -> Self {
        Self { max, max_per_address, all: 0, own_uid, by_source: HashMap::new() }
    }

    /// Sets new limits; open connections stay.
    pub fn limit(&mut self, max: usize, max_per_address: Option<usize>) {
        (self.max, self.max_per_address) = (max, max_per_address);
    }

    /// Counts a connection in, or says which limit it exceeds.
    ///
    /// # Errors
    /// [`Code::ServerFull`] or [`Code::TooManyConnections`].
    pub fn enter(&mut self, origin: Origin) -> Result<(), Code> {
        let source = Source::of(origin);
        let from_here = self.by_source.get(&source).copied().unwrap_or(0);
        // Beyond the limit, each login may come once, and those who keep the server may.
        let kept = match source {
            Source::User(uid) if uid == self.own_uid || uid == ROOT => KEPT_FOR_LOGINS + KEPT_FOR_KEEPERS,
            Source::User(_) if from_here == 0 => KEPT_FOR_LOGINS,
            _ => 0,
        };
        if self.all >= self.max.saturating_add(kept) {
            return Err(Code::ServerFull);
        }
        let limit = match self.max_per_address {
            Some(limit) => limit,
            None if origin == Origin::Unix(self.own_uid) => usize::MAX,
            // All users of this machine may come from there, but not in the place of everybody else.
            None if source.is_local_network() => self.max - self.max.saturating_sub(SMALL_SERVER) / LEFT_BY_LOOPBACK,
            None => MAX_PER_ADDRESS,
        };
        if from_here >= limit {
            return Err(Code::TooManyConnections);
        }
        self.all += 1;
        *self.by_source.entry(source).or_default() += 1;
        Ok(())
    }

    /// Counts a connection out.
    pub fn leave(&mut self, origin: Origin) {
        self.all = self.all.saturating_sub(1);
        let source = Source::of(origin);
        if let Some(count) = self.by_source.get_mut(&source) {
            *count -= 1;
            if *count == 0 {
                self.by_source.remove(&source);
            }
        }
    }
}

/// The IPv6 /48 of a connection, as text: what one customer is given at most. `None` where there is none.
#[must_use]
pub fn site_of(origin: Origin) -> Option<String> {
    match Source::of(origin) {
        Source::Network(IpAddr::V6(ip)) => Some(format!("{}/48", prefix(ip, 48))),
        Source::Network(IpAddr::V4(_)) | Source::Loopback | Source::User(_) | Source::Unmapped => None,
    }
}

/// The network or local user of a connection, as text: what tries and connections are counted by.
#[must_use]
pub fn network_of(origin: Origin) -> String {
    match Source::of(origin) {
        Source::Network(ip) => ip.to_string(),
        Source::Loopback => Ipv4Addr::LOCALHOST.to_string(),
        Source::User(uid) => format!("uid:{uid}"),
        Source::Unmapped => Origin::Unmapped.to_string(),
    }
}

/// Where connections come from, as they are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum Source {
    /// An IPv4 address, or an IPv6 /64, which is what one household or host is given.
    Network(IpAddr),
    /// This machine, over any of its loopback addresses.
    Loopback,
    /// A local user, by number.
    User(u32),
    /// All local users without a number here, who cannot be told apart.
    Unmapped,
}

impl Source {
    /// Where a connection comes from.
    pub(super) fn of(origin: Origin) -> Self {
        match (origin, origin.ip()) {
            (Origin::Unix(uid), _) => Self::User(uid),
            (Origin::Unmapped, _) => Self::Unmapped,
            // All loopback addresses of proxies' machines, none of which is this machine.
            (Origin::Proxied { .. }, Some(ip)) if ip.is_loopback() => Self::Network(Ipv4Addr::UNSPECIFIED.into()),
            (_, Some(ip)) if ip.is_loopback() => Self::Loopback,
            (_, Some(IpAddr::V6(ip))) => Self::Network(IpAddr::V6(prefix(ip, 64))),
            (_, Some(ip)) => Self::Network(ip),
            (_, None) => Self::Loopback,
        }
    }

    /// Whether it is this machine, whoever uses it.
    pub(super) fn is_local_network(self) -> bool {
        self == Self::Loopback
    }
}

/// The first `bits` bits of an address.
fn prefix(ip: Ipv6Addr, bits: u32) -> Ipv6Addr {
    (u128::from(ip) & !u128::MAX.checked_shr(bits).unwrap_or(0)).into()
}
