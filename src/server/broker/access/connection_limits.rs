//! Who may connect at all: so many in all, and so many from one address or user of this machine.
//!
//! Must not know: names.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::model::Origin;
use crate::protocol::Code;
use crate::server::limits::MAX_PER_ADDRESS;

/// The open connections, counted.
#[derive(Debug)]
pub struct Admission {
    max: usize,
    /// As the admin set it; without, [`MAX_PER_ADDRESS`] for other machines only.
    max_per_address: Option<usize>,
    all: usize,
    /// The server's own user, who is not counted either.
    own_uid: u32,
    by_place: HashMap<Place, usize>,
}

impl Admission {
    /// Nobody yet.
    #[must_use]
    pub fn new(max: usize, max_per_address: Option<usize>, own_uid: u32) -> Self {
        Self { max, max_per_address, all: 0, own_uid, by_place: HashMap::new() }
    }

    /// So many from now on; nobody who is in is counted out for it.
    pub fn limit(&mut self, max: usize, max_per_address: Option<usize>) {
        (self.max, self.max_per_address) = (max, max_per_address);
    }

    /// Counts a connection in, or says which limit it is over.
    ///
    /// # Errors
    /// [`Code::ServerFull`] or [`Code::TooManyConnections`].
    pub fn enter(&mut self, origin: Origin) -> Result<(), Code> {
        if self.all >= self.max {
            return Err(Code::ServerFull);
        }
        let from_here = self.by_place.get(&place(origin)).copied().unwrap_or(0);
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
        *self.by_place.entry(place(origin)).or_default() += 1;
        Ok(())
    }

    /// Counts a connection out.
    pub fn leave(&mut self, origin: Origin) {
        self.all = self.all.saturating_sub(1);
        if let Some(count) = self.by_place.get_mut(&place(origin)) {
            *count -= 1;
            if *count == 0 {
                self.by_place.remove(&place(origin));
            }
        }
    }
}

/// Where somebody comes from, as coarse as it takes to count them.
#[must_use]
pub fn network_of(origin: Origin) -> String {
    match place(origin) {
        Place::Network(ip) => ip.to_string(),
        Place::User(uid) => format!("uid:{uid}"),
    }
}

/// What connections are counted by.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Place {
    /// An IPv4 address, or an IPv6 /64, which is what one household or host is given.
    Network(IpAddr),
    /// A user of this machine.
    User(u32),
}

fn place(origin: Origin) -> Place {
    match (origin, origin.ip()) {
        (Origin::Unix(uid), _) => Place::User(uid),
        (_, Some(IpAddr::V6(ip))) if !ip.is_loopback() => {
            Place::Network(IpAddr::V6((u128::from(ip) & !u128::from(u64::MAX)).into()))
        }
        (_, ip) => Place::Network(ip.unwrap_or(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST))),
    }
}
