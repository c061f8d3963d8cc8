//! The dialer: connects to a server and makes sure that it is the right one.
//!
//! Must not know: what is sent there.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use async_std::task;

use super::keyring::Keyring;
use super::trust;
use crate::client::destination::{Destination, Proved};
use crate::model::Url;
use crate::net::dial::{self, Dialed, dial};
use crate::net::dial_failure::DialFailure;
use crate::net::nearness::Nearness;
use crate::net::reach::ReachOrder;
use crate::net::ssh::{Prompts, Tunnel};

/// Connects to servers. Clones share what they know.
#[derive(Clone, Debug)]
pub struct Dialer {
    keyring: Arc<Keyring>,
    /// The tunnel that was opened while ssh could still ask questions; used for the first connection only.
    tunnel: Arc<Mutex<Option<(Url, Tunnel)>>>,
    /// The address at which a server was reached last.
    reached: Arc<Mutex<Option<(Url, SocketAddr)>>>,
    /// How near the chat is: by the address at which a server that the person named was last reached.
    chat: Arc<Mutex<Option<(Url, Nearness)>>>,
}

/// Why a server was not reached.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DialError {
    /// It does not exist, or does not answer properly.
    Failed(DialFailure),
    /// It is not the right one, and should not be tried again.
    Distrusted(String),
}

/// A server to which there is a connection.
pub(crate) struct ReachedServer {
    /// The connection.
    pub dialed: Dialed,
    /// What to tell the user about it, if it is new.
    pub told: Option<String>,
    /// The key that it has proved.
    pub proved: Option<Proved>,
}

impl ReachedServer {
    fn unkeyed(dialed: Dialed) -> Self {
        Self { dialed, told: None, proved: None }
    }
}

impl Dialer {
    /// A dialer with these keys.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self { keyring: Arc::new(keyring), tunnel: Arc::default(), reached: Arc::default(), chat: Arc::default() }
    }

    /// Does what must be done while the terminal still belongs to the shell: ssh may have questions.
    ///
    /// # Errors
    /// What ssh reports.
    pub(crate) fn prepare(&self, url: &Url) -> io::Result<()> {
        if let Url::Ssh(login) = url {
            let tunnel = Tunnel::open(login, Prompts::Allowed)?;
            *self.tunnel.lock().unwrap_or_else(PoisonError::into_inner) = Some((url.clone(), tunnel));
        }
        Ok(())
    }

    /// The address at which this server was reached last; `None` if it was not, or not over the network.
    #[must_use]
    pub fn reached(&self, url: &Url) -> Option<SocketAddr> {
        let reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        reached.as_ref().filter(|(server, _)| server == url).map(|(_, address)| *address)
    }

    /// Connects to a server. If its name has several addresses, the one where it was reached last is tried last.
    ///
    /// # Errors
    /// Why it was not reached.
    pub(crate) async fn connect(&self, there: &Destination) -> Result<ReachedServer, DialError> {
        self.connect_in(there, false).await
    }

    /// Connects once more to a server to which there is a connection: at the same address, if it can be reached there.
    ///
    /// # Errors
    /// Why it was not reached.
    pub(crate) async fn connect_beside(&self, there: &Destination) -> Result<ReachedServer, DialError> {
        self.connect_in(there, true).await
    }

    async fn connect_in(&self, there: &Destination, same_first: bool) -> Result<ReachedServer, DialError> {
        let url = &there.url;
        let failed = |error: io::Error| DialError::Failed(DialFailure::of(&error));
        let tunnel = self.tunnel.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((_, tunnel)) = tunnel.filter(|(made_for, _)| made_for == url) {
            return Ok(ReachedServer::unkeyed(Dialed::through(tunnel).map_err(failed)?));
        }
        let mut meeting = None;
        let order = ReachOrder { nearest: self.nearest(there), last: self.reached(url), same_first };
        let dialed = dial(url, order, |host| {
            let (security, met) = self.keyring.meet(host, there)?;
            meeting = Some((host.clone(), met));
            Ok(security)
        });
        let dialed = dialed.await;
        if let Some(address) = dialed.as_ref().ok().and_then(|dialed| dialed.address) {
            *self.reached.lock().unwrap_or_else(PoisonError::into_inner) = Some((url.clone(), address));
            if !there.is_told {
                let near = (there.chat.clone(), Nearness::of(address.ip()));
                *self.chat.lock().unwrap_or_else(PoisonError::into_inner) = Some(near);
            }
        }
        let Some((host, met)) = meeting else { return Ok(ReachedServer::unkeyed(dialed.map_err(failed)?)) };
        match dialed {
            Err(error) if dial::is_impostor(&error) => Err(DialError::Distrusted(trust::impostor_sentence(&host))),
            Err(error) => Err(self.keyring.distrust(&host, &met).map_or_else(|| failed(error), DialError::Distrusted)),
            Ok(dialed) => {
                let (keyring, proved) = (Arc::clone(&self.keyring), met.proved());
                let told = task::spawn_blocking(move || keyring.remember(&host, &met)).await;
                Ok(ReachedServer { dialed, told: told.map_err(failed)?, proved })
            }
        }
    }

    /// How near the addresses of a server may be: what a server tells leads no nearer to this machine than the chat is.
    fn nearest(&self, there: &Destination) -> Nearness {
        if !there.is_told {
            return Nearness::Machine;
        }
        let chat = self.chat.lock().unwrap_or_else(PoisonError::into_inner);
        chat.as_ref().filter(|(chat, _)| *chat == there.chat).map_or(Nearness::Anywhere, |(_, nearness)| *nearness)
    }
}
