//! The way to a server: dials it, and sees to it that it is the one it should be.
//!
//! Must not know: what is said there.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use async_std::task;

use super::keyring::Keyring;
use super::trust;
use crate::model::Url;
use crate::net::dial::{self, Dialed, dial};
use crate::net::ssh::{Prompts, Tunnel};

/// How servers are reached.
#[derive(Debug)]
pub struct Way {
    keyring: Arc<Keyring>,
    /// A tunnel that was made while ssh could still ask the person something; for the first time only.
    tunnel: Mutex<Option<(Url, Tunnel)>>,
}

/// Why a server was not reached.
#[derive(Debug, PartialEq, Eq)]
pub enum Astray {
    /// It is not there, or does not answer as it should; the words are the end of a sentence.
    Failed(String),
    /// It is not the one it should be. It is not to be tried again.
    Distrusted(String),
}

impl Way {
    /// A way with these keys.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self { keyring: Arc::new(keyring), tunnel: Mutex::new(None) }
    }

    /// Does what has to be done while the terminal is still the shell's: ssh may have questions.
    ///
    /// # Errors
    /// What ssh says.
    pub fn prepare(&self, url: &Url) -> io::Result<()> {
        if let Url::Ssh(login) = url {
            let tunnel = Tunnel::open(login, Prompts::Allowed)?;
            *self.tunnel.lock().unwrap_or_else(PoisonError::into_inner) = Some((url.clone(), tunnel));
        }
        Ok(())
    }

    /// Goes to a server; also gives what to tell the person of it, if it is new.
    ///
    /// # Errors
    /// Why it was not reached.
    pub async fn go(&self, url: &Url) -> Result<(Dialed, Option<String>), Astray> {
        let failed = |error: io::Error| Astray::Failed(dial::explain(&error));
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
            Err(error) if dial::is_impostor(&error) => Err(Astray::Distrusted(trust::impostor_sentence(&host))),
            Err(error) => Err(self.keyring.distrust(&host, &met).map_or_else(|| failed(error), Astray::Distrusted)),
            Ok(dialed) => {
                let keyring = Arc::clone(&self.keyring);
                let told = task::spawn_blocking(move || keyring.remember(&host, &met)).await;
                Ok((dialed, told.map_err(failed)?))
            }
        }
    }
}
