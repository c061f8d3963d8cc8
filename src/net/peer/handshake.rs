//! The handshake of a channel: TLS 1.3 with a key on either side, and neither goes on with another key than it expects.
//!
//! Must not know: who is expected, or why.

use std::sync::Arc;

use quinn_proto::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::server::NoServerSessionStorage;
use rustls::sign::SingleCertAndKey;
use rustls::version::TLS13;
use rustls::{ClientConfig, ServerConfig};

use super::events::ChannelError;
use crate::model::Fingerprint;
use crate::net::certificate::{Credential, provider};
use crate::net::verifier::{CheckClient, CheckServer, ShownByServer, Verifier};

/// The protocol inside the channel, as TLS negotiates it (RFC 7301).
const PROTOCOL: &[u8] = b"tr2-peer/1";
/// The host that the caller names in the handshake. Everybody on the way can read it, so it says nothing.
pub(super) const HOST: &str = "peer.invalid";

/// The caller's side: proves `credential`, and expects `peer`.
pub(super) fn caller(credential: &Credential, peer: Fingerprint) -> Result<QuicClientConfig, ChannelError> {
    let provider = Arc::new(provider());
    let expected = expecting(peer, &provider);
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(expected)
        .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(&credential.certified))));
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    QuicClientConfig::try_from(config).map_err(|_| ChannelError::Cryptography)
}

/// The callee's side, likewise.
pub(super) fn callee(credential: &Credential, peer: Fingerprint) -> Result<QuicServerConfig, ChannelError> {
    let provider = Arc::new(provider());
    let expected = expecting(peer, &provider);
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(expected)
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(&credential.certified))));
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    QuicServerConfig::try_from(config).map_err(|_| ChannelError::Cryptography)
}

fn expecting(peer: Fingerprint, provider: &CryptoProvider) -> Arc<Verifier<ExpectedKey>> {
    Arc::new(Verifier::new(provider.signature_verification_algorithms, ExpectedKey(peer)))
}

/// Accepts one key alone.
struct ExpectedKey(Fingerprint);

impl CheckServer for ExpectedKey {
    fn accepts_server(&self, key: Fingerprint, _: &ShownByServer<'_>) -> bool {
        key == self.0
    }
}

impl CheckClient for ExpectedKey {
    const NEEDED: bool = true;

    fn accepts_client(&self, key: Fingerprint) -> bool {
        key == self.0
    }
}
