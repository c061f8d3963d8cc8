//! Whom a ban or a mute is about: a name, an identity, or a network.
//!
//! Must not know: who is connected, or what happens to those it matches.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::{Identity, Name, NameKey, Origin};
use serde::{Deserialize, Serialize};

/// The prefix length of the IPv6 network that one household or host has.
const V6_PREFIX: u8 = 64;

/// One or more users, told by one trait.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BanTarget {
    /// Everyone under this name, or one that looks like it.
    Name(Name),
    /// The owner of this identity.
    Identity(Identity),
    /// Everyone who connects from this network.
    Network(Network),
}

/// A network: all addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// The text names nobody. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' cannot be banned; give a name, SHA256:…, uid:NUMBER, an address such as 192.0.2.7, or a network such as 2001:db8::/64."
)]
pub struct NoBanTarget(String);

impl Network {
    /// The addresses whose first `prefix` bits equal those of `address`; an IPv4-mapped IPv6 address counts as IPv4.
    /// `None` if `prefix` is too long.
    #[must_use]
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        let (address, prefix) = match (address, address.to_canonical()) {
            (IpAddr::V6(_), canonical @ IpAddr::V4(_)) => (canonical, prefix.checked_sub(96)?),
            _ => (address, prefix),
        };
        let masked = match address {
            IpAddr::V4(v4) => IpAddr::V4((u32::from(v4) & u32::try_from(mask(prefix, 32)?).ok()?).into()),
            IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & mask(prefix, 128)?).into()),
        };
        Some(Self { address: masked, prefix })
    }

    /// The network of one host or household: an IPv4 address, or an IPv6 /64.
    #[must_use]
    pub fn of(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            v4 @ IpAddr::V4(_) => Self::new(v4, 32),
            v6 @ IpAddr::V6(_) => Self::new(v6, V6_PREFIX),
        }
    }

    /// The network of this length, as [`Network::prefix`] counts it, that an address lies in; `None` if that is too long.
    #[must_use]
    pub fn with_prefix(address: IpAddr, prefix: u8) -> Option<Self> {
        Self::new(address.to_canonical(), prefix)
    }

    /// Whether its addresses are IPv4.
    #[must_use]
    pub fn is_ipv4(self) -> bool {
        self.address.is_ipv4()
    }

    /// How many bits its addresses share.
    #[must_use]
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// Its first and its last address.
    #[must_use]
    pub fn range(self) -> (IpAddr, IpAddr) {
        let last = match self.address {
            IpAddr::V4(v4) => {
                let rest = u32::MAX.checked_shr(self.prefix.into()).unwrap_or(0);
                IpAddr::V4((u32::from(v4) | rest).into())
            }
            IpAddr::V6(v6) => {
                let rest = u128::MAX.checked_shr(self.prefix.into()).unwrap_or(0);
                IpAddr::V6((u128::from(v6) | rest).into())
            }
        };
        (self.address, last)
    }

    /// Whether the network contains an address.
    #[must_use]
    pub fn holds(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4() && Self::new(address, self.prefix) == Some(self)
    }
}

/// A mask of the first `prefix` of `bits` bits.
fn mask(prefix: u8, bits: u8) -> Option<u128> {
    let rest = bits.checked_sub(prefix)?;
    let all = u128::MAX >> (128 - u32::from(bits));
    Some(if rest >= bits { 0 } else { all >> rest << rest })
}

impl BanTarget {
    /// Whether it matches a user with this name and identity who connects from `origin`.
    #[must_use]
    pub fn fits(&self, key: Option<&NameKey>, identity: Option<Identity>, origin: Origin) -> bool {
        match self {
            Self::Name(name) => key.is_some_and(|key| key.clashes(&name.key())),
            // The kernel's word about a Unix user counts, whatever else the user has proved.
            Self::Identity(Identity::Uid(uid)) => origin == Origin::Unix(*uid) || identity == Some(Identity::Uid(*uid)),
            Self::Identity(whose) => identity == Some(*whose),
            Self::Network(network) => origin.ip().is_some_and(|ip| network.holds(ip)),
        }
    }

    /// Whether it is a name, which is no secret.
    #[must_use]
    pub fn is_name(&self) -> bool {
        matches!(self, Self::Name(_))
    }
}

impl FromStr for BanTarget {
    type Err = NoBanTarget;

    /// Reads what `Display` writes; a bare IPv6 address means its /64.
    fn from_str(text: &str) -> Result<Self, NoBanTarget> {
        let text = text.trim();
        if let Ok(identity) = text.parse() {
            return Ok(Self::Identity(identity));
        }
        let network = match text.split_once('/') {
            Some((address, prefix)) => address
                .parse()
                .ok()
                .zip(prefix.parse().ok())
                .and_then(|(address, prefix)| Network::new(address, prefix)),
            None => text.parse().ok().and_then(Network::of),
        };
        if let Some(network) = network {
            return Ok(Self::Network(network));
        }
        let nobody =
            || NoBanTarget(super::Text::line(text.get(..text.floor_char_boundary(80)).unwrap_or_default()).to_string());
        Name::restored(text).map(Self::Name).map_err(|_| nobody())
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.address, self.prefix) {
            (IpAddr::V4(address), 32) => address.fmt(f),
            (address, prefix) => write!(f, "{address}/{prefix}"),
        }
    }
}

impl fmt::Display for BanTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Identity(identity) => identity.fmt(f),
            Self::Network(network) => network.fmt(f),
        }
    }
}
