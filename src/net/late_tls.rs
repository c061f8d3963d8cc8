//! TLS that begins after a greeting in the clear, as NATS servers have it. The server's certificate is judged by
//! certificate authorities.
//!
//! Must not know: what the greeting says, or what is sent.

use std::io;
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::TLS13;
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use super::certificate::provider;
use super::reach::{ReachOrder, reach};
use super::socket::Socket;
use crate::model::url::Host;

/// How long to wait for the TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// The certificate authorities that vouch for servers.
#[derive(Clone, Debug)]
pub struct Authorities(Arc<ClientConfig>);

/// Why certificate authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesError {
    /// There is no certificate.
    #[error("it has no certificate of a certificate authority")]
    None,
    /// One is damaged.
    #[error("it has something that is not a certificate in PEM form")]
    Pem,
    /// The cryptography does not support what is needed.
    #[error("{0}")]
    Tls(#[from] rustls::Error),
}

impl Authorities {
    /// Those of this machine.
    ///
    /// # Errors
    /// If it has none.
    pub fn of_machine() -> Result<Self, AuthoritiesError> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self::of(roots)
    }

    /// Those of a file with certificates.
    ///
    /// # Errors
    /// If it has none, or something else.
    pub fn from_pem(pem: &[u8]) -> Result<Self, AuthoritiesError> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| AuthoritiesError::Pem)?;
            roots.add(certificate).map_err(|_| AuthoritiesError::Pem)?;
        }
        Self::of(roots)
    }

    fn of(roots: RootCertStore) -> Result<Self, AuthoritiesError> {
        if roots.is_empty() {
            return Err(AuthoritiesError::None);
        }
        let config = ClientConfig::builder_with_provider(Arc::new(provider()))
            .with_protocol_versions(&[&TLS13])?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

/// Connects to a host, in the clear.
///
/// # Errors
/// Why the last address that was tried did not answer.
pub(crate) async fn open(host: &Host) -> io::Result<Socket> {
    let (fd, _) = reach(host, ReachOrder::default()).await?;
    let socket = Socket::new(fd)?;
    socket.tune(None);
    Ok(socket)
}

/// Goes on in TLS, after everything that came in the clear was read.
///
/// # Errors
/// If the server does not prove to be that host, or speaks no TLS 1.3, or an error of the system.
pub(crate) async fn encrypt(socket: Socket, host: &Host, authorities: &Authorities) -> io::Result<Socket> {
    let name = ServerName::try_from(host.name.clone()).map_err(io::Error::other)?;
    let tls = ClientConnection::new(Arc::clone(&authorities.0), name).map_err(io::Error::other)?;
    let fd = socket.as_fd().try_clone_to_owned()?;
    drop(socket);
    let socket = Socket::secure(fd, tls)?;
    async_std::io::timeout(HANDSHAKE_TIMEOUT, socket.handshake()).await?;
    Ok(socket)
}
