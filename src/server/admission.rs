//! Who may connect at all: so many in all, and so many from one address.
//!
//! Must not know: names.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use super::limits::MAX_PER_ADDRESS;
use crate::protocol::Code;

/// Where a connection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin(pub SocketAddr);

impl Origin {
    /// Whether it is this machine, so that nobody in between can read or change what is sent.
    #[must_use]
    pub fn is_loopback(self) -> bool {
        self.ip().is_loopback()
    }

    /// The address; an IPv4 address in IPv6 dress is taken for what it is.
    #[must_use]
    pub fn ip(self) -> IpAddr {
        self.0.ip().to_canonical()
    }

    /// As the original writes an address in Python: `('127.0.0.1', 46352)`.
    #[must_use]
    pub fn as_original(self) -> String {
        format!("('{}', {})", self.ip(), self.0.port())
    }
}

/// The open connections, counted.
#[derive(Debug)]
pub struct Admission {
    max: usize,
    /// As the admin set it; without, [`MAX_PER_ADDRESS`] for other machines only.
    max_per_address: Option<usize>,
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Admission {
    /// Nobody yet.
    #[must_use]
    pub fn new(max: usize, max_per_address: Option<usize>) -> Self {
        Self { max, max_per_address, all: 0, by_address: HashMap::new() }
    }

    /// Counts a connection in, or says which limit it is over.
    ///
    /// # Errors
    /// [`Code::ServerFull`] or [`Code::TooManyConnections`].
    pub fn enter(&mut self, origin: Origin) -> Result<(), Code> {
        if self.all >= self.max {
            return Err(Code::ServerFull);
        }
        let from_here = self.by_address.get(&network(origin)).copied().unwrap_or(0);
        let limit = match self.max_per_address {
            Some(limit) => limit,
            None if origin.is_loopback() => usize::MAX,
            None => MAX_PER_ADDRESS,
        };
        if from_here >= limit {
            return Err(Code::TooManyConnections);
        }
        self.all += 1;
        *self.by_address.entry(network(origin)).or_default() += 1;
        Ok(())
    }

    /// Counts a connection out.
    pub fn leave(&mut self, origin: Origin) {
        self.all = self.all.saturating_sub(1);
        if let Some(count) = self.by_address.get_mut(&network(origin)) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&network(origin));
            }
        }
    }
}

/// What counts as one address: an IPv4 address, or an IPv6 /64, which is what one household or host is given.
fn network(origin: Origin) -> IpAddr {
    match origin.ip() {
        IpAddr::V6(ip) if !ip.is_loopback() => IpAddr::V6((u128::from(ip) & !u128::from(u64::MAX)).into()),
        ip => ip,
    }
}
