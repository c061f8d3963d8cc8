//! Connects to the first address of a host that answers. An address that does not answer at once costs a second: then the
//! next is tried beside it.
//!
//! Must not know: what is sent once connected.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::os::fd::OwnedFd;
use std::time::Duration;

use async_io::Async;
use async_std::channel::bounded;
use async_std::future::timeout;
use async_std::task;

use super::dial_failure::{DialFailure, DialFault};
use super::nearness::Nearness;
use crate::language::files as say;
use crate::model::url::Host;

/// How long to wait for one address to answer.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// After this time, the next address is tried too.
const HEAD_START: Duration = Duration::from_secs(1);
/// How long to wait for the look-up of a host name.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);
/// The most addresses of one name that are tried.
const MAX_ADDRESSES: usize = 16;

/// Which of a host's addresses are tried, and in which order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReachOrder {
    /// Those that are nearer than this are left out.
    pub nearest: Nearness,
    /// Where this host was reached last; `None` if it was not.
    pub last: Option<SocketAddr>,
    /// Whether that one comes first, and not last: what was lost there is better found elsewhere.
    pub same_first: bool,
}

impl Default for ReachOrder {
    /// All, as they are looked up.
    fn default() -> Self {
        Self { nearest: Nearness::Machine, last: None, same_first: false }
    }
}

impl ReachOrder {
    /// The addresses to try.
    ///
    /// # Errors
    /// All of them are nearer than they may be.
    fn apply(self, host: &Host, mut addresses: Vec<SocketAddr>) -> io::Result<Vec<SocketAddr>> {
        let found = !addresses.is_empty();
        addresses.retain(|address| Nearness::of(address.ip()) >= self.nearest);
        if found && addresses.is_empty() {
            return Err(DialFailure::new(DialFault::Other, say::leads_inward(&host.name)).into_error());
        }
        if let Some(at) = self.last.and_then(|last| addresses.iter().position(|address| *address == last)) {
            let behind = (at + 1) % addresses.len().max(1);
            addresses.rotate_left(if self.same_first { at } else { behind });
        }
        addresses.truncate(MAX_ADDRESSES);
        Ok(addresses)
    }
}

/// Connects to the first address of a host that answers; also returns which one that was.
///
/// # Errors
/// Why the last address that was tried did not answer.
pub(super) async fn reach(host: &Host, order: ReachOrder) -> io::Result<(OwnedFd, SocketAddr)> {
    let (name, port) = (host.name.clone(), host.port);
    let lookup = task::spawn_blocking(move || Ok((name.as_str(), port).to_socket_addrs()?.collect::<Vec<_>>()));
    let addresses: Vec<SocketAddr> =
        async_std::io::timeout(LOOKUP_TIMEOUT, lookup).await.map_err(|error| unresolved(&host.name, &error))?;
    first_to_answer(order.apply(host, addresses)?, unresolved(&host.name, &io::ErrorKind::NotFound.into())).await
}

/// Connects to these addresses, one after the other with a head start each; `failure` is the error if there are none.
async fn first_to_answer(addresses: Vec<SocketAddr>, mut failure: io::Error) -> io::Result<(OwnedFd, SocketAddr)> {
    let (tell, told) = bounded(addresses.len().max(1));
    let (mut next, mut under_way) = (addresses.into_iter().peekable(), 0);
    loop {
        if let Some(address) = next.next() {
            under_way += 1;
            let tell = tell.clone();
            // One that nobody waits for any longer ends by itself.
            drop(task::spawn(async move {
                let reached = async_std::io::timeout(CONNECT_TIMEOUT, Async::<TcpStream>::connect(address)).await;
                let _ = tell.send((reached, address)).await;
            }));
        } else if under_way == 0 {
            return Err(failure);
        }
        let wait = if next.peek().is_some() { HEAD_START } else { CONNECT_TIMEOUT * 2 };
        match timeout(wait, told.recv()).await {
            Ok(Ok((Ok(stream), address))) => return Ok((OwnedFd::from(stream.into_inner()?), address)),
            Ok(Ok((Err(error), _))) => {
                under_way -= 1;
                failure = error;
            }
            // It is slow: the next one is tried too.
            Ok(Err(_)) | Err(_) => {}
        }
    }
}

/// The same words for every failed look-up, whatever the system says.
fn unresolved(name: &str, error: &io::Error) -> io::Error {
    let why =
        if error.kind() == io::ErrorKind::TimedOut { say::name_not_in_time(name) } else { say::name_unresolved(name) };
    DialFailure::new(DialFault::Name, why).into_error()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Instant;

    use super::*;

    fn host() -> Host {
        Host { name: "chat".to_owned(), port: 7 }
    }

    fn addresses(list: &str) -> Vec<SocketAddr> {
        list.split_whitespace().filter_map(|address| address.parse().ok()).collect()
    }

    #[test]
    fn the_address_where_the_line_was_lost_comes_last_and_nearer_ones_not_at_all() {
        let all = addresses("9.9.9.1:7 9.9.9.2:7 10.0.0.1:7 127.0.0.1:7");
        let order = ReachOrder::default();
        let shown = |order: ReachOrder| match order.apply(&host(), all.clone()) {
            Ok(list) => list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Err(error) => DialFailure::of(&error).why,
        };
        assert_eq!(shown(order), "9.9.9.1:7 9.9.9.2:7 10.0.0.1:7 127.0.0.1:7");
        let last = addresses("9.9.9.2:7").first().copied();
        assert_eq!(shown(ReachOrder { last, ..order }), "10.0.0.1:7 127.0.0.1:7 9.9.9.1:7 9.9.9.2:7");
        let same_first = ReachOrder { last, same_first: true, ..order };
        assert_eq!(shown(same_first), "9.9.9.2:7 10.0.0.1:7 127.0.0.1:7 9.9.9.1:7");
        let nearest = Nearness::Anywhere;
        assert_eq!(shown(ReachOrder { nearest, last, ..order }), "9.9.9.1:7 9.9.9.2:7");
        let inward = ReachOrder { nearest, ..order }.apply(&host(), addresses("10.0.0.1:7 [::1]:7"));
        assert!(inward.is_err_and(|error| DialFailure::of(&error).why.contains("chat")));
    }

    #[test]
    fn an_address_that_refuses_or_is_silent_holds_up_nobody() {
        let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let there = TcpListener::bind("127.0.0.1:0");
        let (Ok(gone), Ok(there)) = (gone, there) else { return };
        let Ok(address) = there.local_addr() else { return };
        // Nobody has this address (RFC 5737): a packet there is lost, or the system has no way there and says so.
        let silent = addresses("192.0.2.1:7");
        let all = [&[gone][..], &silent, &[address]].concat();
        let begun = Instant::now();
        let reached = task::block_on(first_to_answer(all, io::ErrorKind::NotFound.into()));
        assert_eq!(reached.ok().map(|(_, reached)| reached), Some(address));
        assert!(begun.elapsed() < CONNECT_TIMEOUT);
        let refused = task::block_on(first_to_answer(vec![gone, gone], io::ErrorKind::NotFound.into()));
        assert_eq!(refused.err().map(|error| error.kind()), Some(io::ErrorKind::ConnectionRefused));
        let none = task::block_on(first_to_answer(Vec::new(), io::ErrorKind::NotFound.into()));
        assert_eq!(none.err().map(|error| error.kind()), Some(io::ErrorKind::NotFound));
    }
}
