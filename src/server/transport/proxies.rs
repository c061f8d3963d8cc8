//! The proxies that are trusted to say whose a connection is, in a header before everything else, also before TLS.
//!
//! Must not know: how a header is written (`protocol::proxy_header`), or who may connect.

use std::sync::Arc;

use async_std::channel::{Receiver, Sender, bounded};
use async_std::future::timeout;

use crate::model::Origin;
use crate::model::ban_target::Network;
use crate::net::socket::Socket;
use crate::protocol::proxy_header::{self, HeaderProgress, ProxyHeader};
use crate::server::limits::{PROXY_HEADERS, PROXY_PATIENCE};

/// The proxies that are trusted.
#[derive(Clone, Debug)]
pub(in crate::server) struct TrustedProxies {
    networks: Arc<[Network]>,
    /// Holds one token for each connection whose header is being read.
    slots: (Sender<()>, Receiver<()>),
}

/// Lets the next header be read once this is dropped.
#[derive(Debug)]
pub(in crate::server) struct HeaderSlot(Receiver<()>);

impl Drop for HeaderSlot {
    fn drop(&mut self) {
        let _ = self.0.try_recv();
    }
}

impl TrustedProxies {
    /// Trusts the proxies in these networks.
    pub(in crate::server) fn new(networks: Vec<Network>) -> Self {
        Self { networks: networks.into(), slots: bounded(PROXY_HEADERS) }
    }

    /// Whether a connection from here begins with a header.
    pub(in crate::server) fn speak_at(&self, origin: Origin) -> bool {
        origin.ip().is_some_and(|ip| self.networks.iter().any(|network| network.holds(ip)))
    }

    /// Room to read a header; `None`, which is logged, if too many are being read.
    pub(in crate::server) fn slot(&self, proxy: Origin) -> Option<HeaderSlot> {
        if self.slots.0.try_send(()).is_err() {
            log::warn!(from:% = proxy, reason = "too many connections without a header yet"; "proxy_header_refused");
            return None;
        }
        Some(HeaderSlot(self.slots.1.clone()))
    }
}

/// Reads the header of a connection from a proxy: where the connection comes from. `None`, which is logged, if there is no
/// right one in time.
pub(in crate::server) async fn origin_of(socket: &Socket, proxy: Origin) -> Option<Origin> {
    let refused = |reason: String| log::warn!(from:% = proxy, reason = reason; "proxy_header_refused");
    match timeout(PROXY_PATIENCE, read(socket)).await {
        Ok(Ok(ProxyHeader::Client(address))) => Some(proxy.through_proxy(address)),
        // The proxy itself looks whether the server is there.
        Ok(Ok(ProxyHeader::Check)) => proxy.address().map(|address| proxy.through_proxy(address)),
        Ok(Err(Unread::Gone)) => {
            log::debug!(from:% = proxy; "proxy_said_nothing");
            None
        }
        Ok(Err(Unread::Wrong(reason))) => {
            refused(reason);
            None
        }
        Err(_) => {
            refused(format!("no whole header within {} seconds", PROXY_PATIENCE.as_secs()));
            None
        }
    }
}

/// Why a header was not read.
enum Unread {
    /// The connection ended before its first byte, as that of somebody does who only looks whether the port is open.
    Gone,
    /// What is wrong.
    Wrong(String),
}

async fn read(socket: &Socket) -> Result<ProxyHeader, Unread> {
    let mut bytes = Vec::new();
    loop {
        let missing = match proxy_header::read(&bytes) {
            Ok(HeaderProgress::Whole(header)) => return Ok(header),
            Ok(HeaderProgress::Needs(missing)) => missing,
            Err(error) => return Err(Unread::Wrong(error.to_string())),
        };
        let take = |more: &[u8]| {
            bytes.extend_from_slice(more);
            more.len()
        };
        // Not a byte of what follows the header.
        let read = socket.read_clear(missing, take).await;
        match read.map_err(|error| Unread::Wrong(error.to_string()))? {
            0 if bytes.is_empty() => return Err(Unread::Gone),
            0 => return Err(Unread::Wrong("the connection ended within the header".to_owned())),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PROXY_HEADERS, TrustedProxies};
    use crate::model::Origin;

    #[test]
    fn so_many_headers_are_read_at_once_and_no_more_until_one_is_done() {
        let (proxies, proxy) = (TrustedProxies::new(Vec::new()), Origin::Tcp(([127, 0, 0, 1], 9).into()));
        let mut slots: Vec<_> = (0..PROXY_HEADERS).map(|_| proxies.slot(proxy)).collect();
        assert!(slots.iter().all(Option::is_some) && proxies.slot(proxy).is_none());
        slots.pop();
        assert!(proxies.slot(proxy).is_some());
    }
}
