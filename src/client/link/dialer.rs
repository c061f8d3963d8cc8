//! The dialer: connects to a server and makes sure that it is the right one.
//!
//! Must not know: what is sent there.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use async_std::task;

use super::keyring::Keyring;
use super::trust;
use crate::model::Url;
use crate::net::dial::{self, Dialed, dial};
use crate::net::dial_failure::DialFailure;
use crate::net::ssh::{Prompts, Tunnel};

/// Connects to servers.
#[derive(Debug)]
pub struct Dialer {
    keyring: Arc<Keyring>,
    /// The tunnel that was opened while ssh could still ask questions; used for the first connection only.
    tunnel: Mutex<Option<(Url, Tunnel)>>,
}

/// Why a server was not reached.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DialError {
    /// It does not exist, or does not answer properly.
    Failed(DialFailure),
    /// It is not the right one, and should not be tried again.
    Distrusted(String),
}

impl Dialer {
    /// A dialer with these keys.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self { keyring: Arc::new(keyring), tunnel: Mutex::new(None) }
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

    /// Connects to a server; also returns what to tell the user about it, if it is new.
    ///
    /// # Errors
    /// Why it was not reached.
    pub(crate) async fn connect(&self, url: &Url) -> Result<(Dialed, Option<String>), DialError> {
        let failed = |error: io::Error| DialError::Failed(DialFailure::of(&error));
        let tunnel = self.tunnel.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((_, tunnel)) = tunnel.filter(|(made_for, _)| made_for == url) {
            return Ok((Dialed::through(tunnel).map_err(failed)?, None));
        }
        let mut meeting = None;
        let dialed = dial(url, |host| {
            let (security, met) = self.keyring.meet(host)?;
            meeting = Some((host.clone(), met));
            Ok(security)
        });
        let dialed = dialed.await;
        let Some((host, met)) = meeting else { return Ok((dialed.map_err(failed)?, None)) };
        match dialed {
            Err(error) if dial::is_impostor(&error) => Err(DialError::Distrusted(trust::impostor_sentence(&host))),
            Err(error) => Err(self.keyring.distrust(&host, &met).map_or_else(|| failed(error), DialError::Distrusted)),
            Ok(dialed) => {
                let keyring = Arc::clone(&self.keyring);
                let told = task::spawn_blocking(move || keyring.remember(&host, &met)).await;
                Ok((dialed, told.map_err(failed)?))
            }
        }
    }
}
