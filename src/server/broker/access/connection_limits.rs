//! How many connections there may be: in all, and from one address or local user.
//!
//! Must not know: names.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::Origin;
use crate::protocol::Code;
use crate::server::limits::MAX_PER_ADDRESS;

/// The open connections, counted.
#[derive(Debug)]
pub struct Admission {
    max: usize,
    /// The admin's limit; without one, [`MAX_PER_ADDRESS`] for other machines only.
    max_per_address: Option<usize>,
    all: usize,
    /// The server's own user, who has no limit either.
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
        if self.all >= self.max {
            return Err(Code::ServerFull);
        }
        let from_here = self.by_source.get(&source(origin)).copied().unwrap_or(0);
        let limit = match self.max_per_address {
            Some(limit) => limit,
            None if origin == Origin::Unix(self.own_uid) => usize::MAX,
            None if origin.ip().is_some() && origin.is_local() => usize::MAX,
            None => MAX_PER_ADDRESS,
        };
        if from_here >= limit {
            return Err(Code::TooManyConnections);
        }
        self.all += 1;
        *self.by_source.entry(source(origin)).or_default() += 1;
        Ok(())
    }

    /// Counts a connection out.
    pub fn leave(&mut self, origin: Origin) {
        self.all = self.all.saturating_sub(1);
        if let Some(count) = self.by_source.get_mut(&source(origin)) {
            *count -= 1;
            if *count == 0 {
                self.by_source.remove(&source(origin));
            }
        }
    }
}

/// The IPv6 /48 of a connection, as text: what one customer is given at most. `None` where there is none.
#[must_use]
pub fn site_of(origin: Origin) -> Option<String> {
    match source(origin) {
        Source::Network(IpAddr::V6(ip)) => Some(format!("{}/48", prefix(ip, 48))),
        Source::Network(IpAddr::V4(_)) | Source::User(_) | Source::Unmapped => None,
    }
}

/// The network or local user of a connection, as text: what tries and connections are counted by.
#[must_use]
pub fn network_of(origin: Origin) -> String {
    match source(origin) {
        Source::Network(ip) => ip.to_string(),
        Source::User(uid) => format!("uid:{uid}"),
        Source::Unmapped => Origin::Unmapped.to_string(),
    }
}

/// The key that connections are counted by.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Source {
    /// An IPv4 address, or an IPv6 /64, which is what one household or host is given. All loopback addresses are one.
    Network(IpAddr),
    /// A local user, by number.
    User(u32),
    /// All local users without a number here, who cannot be told apart.
    Unmapped,
}

fn source(origin: Origin) -> Source {
    match (origin, origin.ip()) {
        (Origin::Unix(uid), _) => Source::User(uid),
        (Origin::Unmapped, _) => Source::Unmapped,
        (_, Some(ip)) if ip.is_loopback() => Source::Network(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        (_, Some(IpAddr::V6(ip))) => Source::Network(IpAddr::V6(prefix(ip, 64))),
        (_, ip) => Source::Network(ip.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))),
    }
}

/// The first `bits` bits of an address.
fn prefix(ip: Ipv6Addr, bits: u32) -> Ipv6Addr {
    (u128::from(ip) & !u128::MAX.checked_shr(bits).unwrap_or(0)).into()
}
