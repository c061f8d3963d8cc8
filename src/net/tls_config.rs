//! Whom TLS trusts. A server accepts any key that a client proves to have, or none; a client has every server's key
//! checked.
//!
//! Signatures are always verified: showing a certificate alone proves nothing.
//!
//! Must not know: which keys are known, or where they are kept.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustls::client::danger::ServerCertVerifier as _;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::TLS13;
use rustls::{ClientConfig, ClientConnection, Error, RootCertStore, ServerConfig, ServerConnection};

use super::certificate::{Credential, provider};
use super::verifier::{CheckClient, CheckServer, ShownByServer, Verifier};
use super::x509;
use crate::model::{Fingerprint, Timestamp};

/// The certificate that a server presents; it can be changed while the server runs.
#[derive(Clone, Debug)]
pub struct Acceptor {
    config: Arc<ServerConfig>,
    shown: Arc<Shown>,
}

/// The present credential.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl Acceptor {
    /// Presents this credential.
    ///
    /// # Errors
    /// If the cryptography does not support TLS 1.3.
    pub fn new(credential: &Credential) -> Result<Self, Error> {
        let provider = Arc::new(provider());
        let shown = Arc::new(Shown(RwLock::new(Arc::clone(&credential.certified))));
        let any_key = Arc::new(Verifier::new(provider.signature_verification_algorithms, AnyKey));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])?
            .with_client_cert_verifier(any_key)
            .with_cert_resolver(Arc::<Shown>::clone(&shown));
        // Every session proves its key anew.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self { config: Arc::new(config), shown })
    }

    /// Presents this credential to everybody who connects from now on.
    pub fn show(&self, credential: &Credential) {
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&credential.certified);
    }

    /// Whether this is the credential that it presents now.
    #[must_use]
    pub fn shows(&self, credential: &Credential) -> bool {
        self.shown.0.read().unwrap_or_else(PoisonError::into_inner).cert == credential.certified.cert
    }

    /// When the first of the certificates that it presents now ends; `None` if they do not tell.
    #[must_use]
    pub(crate) fn end(&self) -> Option<Timestamp> {
        let shown = self.shown.0.read().unwrap_or_else(PoisonError::into_inner);
        shown.cert.iter().filter_map(|one| x509::read(one)).map(|facts| facts.until).min()
    }

    /// The server's side of a new connection.
    ///
    /// # Errors
    /// What rustls reports.
    pub fn accept(&self) -> Result<ServerConnection, Error> {
        ServerConnection::new(Arc::clone(&self.config))
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Accepts any key that a client proves to have, or none: whose it is, the server decides later.
struct AnyKey;

impl CheckClient for AnyKey {
    const NEEDED: bool = false;

    fn accepts_client(&self, _: Fingerprint) -> bool {
        true
    }
}

/// Decides whether a server's key is trusted.
pub trait Judge: Send + Sync {
    /// Whether to continue with a server that has this key. `vouched` tells whether one of this machine's certificate
    /// authorities vouches for the key under the name that was dialed; calling it takes time.
    fn judge(&self, shown: Fingerprint, vouched: &dyn Fn() -> bool) -> bool;
}

/// The client's side of a new connection to `host`; the client proves `credential`.
///
/// # Errors
/// If the host's name cannot be used in TLS, or the cryptography does not support TLS 1.3.
pub fn connect(host: &str, credential: &Credential, judge: Arc<dyn Judge>) -> Result<ClientConnection, Error> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| Error::General(error.to_string()))?;
    let provider = Arc::new(provider());
    let judged = Judged { provider: Arc::clone(&provider), judge };
    let judged = Arc::new(Verifier::new(provider.signature_verification_algorithms, judged));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(judged)
        .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(&credential.certified))));
    config.resumption = Resumption::disabled();
    ClientConnection::new(Arc::new(config), name)
}

/// Has the server's key judged.
struct Judged {
    provider: Arc<CryptoProvider>,
    judge: Arc<dyn Judge>,
}

impl CheckServer for Judged {
    fn accepts_server(&self, key: Fingerprint, shown: &ShownByServer<'_>) -> bool {
        let ShownByServer { first, others, name, now } = shown;
        let vouched = || {
            // An IP address does not say whose it is.
            matches!(name, ServerName::DnsName(_))
                && authorities(&self.provider)
                    .is_some_and(|authorities| authorities.verify_server_cert(first, others, name, &[], *now).is_ok())
        };
        self.judge.judge(key, &vouched)
    }
}

/// Whether one of this machine's certificate authorities vouches for a certificate under a name, now.
pub(super) fn is_vouched_for(first: &CertificateDer<'_>, others: &[CertificateDer<'_>], name: &str) -> bool {
    let (provider, name) = (Arc::new(provider()), ServerName::try_from(name.to_owned()));
    let Some((authorities, name)) = authorities(&provider).zip(name.ok()) else { return false };
    authorities.verify_server_cert(first, others, &name, &[], UnixTime::now()).is_ok()
}

/// Whether this is the subject of one of this machine's certificate authorities.
pub(super) fn is_authority(subject: &[u8]) -> bool {
    let all = rustls_native_certs::load_native_certs().certs;
    all.iter().any(|one| x509::read(one).is_some_and(|one| one.subject == subject))
}

/// This machine's certificate authorities, read once; `None` if it has none.
fn authorities(provider: &Arc<CryptoProvider>) -> Option<&'static Arc<WebPkiServerVerifier>> {
    static READ: OnceLock<Option<Arc<WebPkiServerVerifier>>> = OnceLock::new();
    let read = || {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build().ok()
    };
    READ.get_or_init(read).as_ref()
}
