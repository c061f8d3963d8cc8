//! The handshake of a channel: TLS 1.3 with a key on either side, and neither goes on with another key than it expects.
//!
//! Must not know: who is expected, or why.

use std::sync::Arc;

use quinn_proto::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::NoServerSessionStorage;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::sign::SingleCertAndKey;
use rustls::version::TLS13;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme,
};

use super::events::ChannelError;
use crate::model::Fingerprint;
use crate::net::certificate::{self, Credential, provider};
use crate::net::tls_config::too_old;

/// The protocol inside the channel, as TLS negotiates it (RFC 7301).
const PROTOCOL: &[u8] = b"tr2-peer/1";
/// The host that the caller names in the handshake. Everybody on the way can read it, so it says nothing.
pub(super) const HOST: &str = "peer.invalid";

/// The caller's side: proves `credential`, and expects `peer`.
pub(super) fn caller(credential: &Credential, peer: Fingerprint) -> Result<QuicClientConfig, ChannelError> {
    let provider = Arc::new(provider());
    let expected = Arc::new(ExpectedKey { key: peer, algorithms: provider.signature_verification_algorithms });
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
    let expected = Arc::new(ExpectedKey { key: peer, algorithms: provider.signature_verification_algorithms });
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(expected)
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(&credential.certified))));
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    QuicServerConfig::try_from(config).map_err(|_| ChannelError::Cryptography)
}

/// Accepts one key alone, and verifies that the other side has it.
#[derive(Debug)]
struct ExpectedKey {
    key: Fingerprint,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ExpectedKey {
    fn check(&self, shown: &CertificateDer<'_>) -> Result<(), Error> {
        if certificate::fingerprint(shown)? == self.key {
            Ok(())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }
}

impl ServerCertVerifier for ExpectedKey {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(end_entity).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(too_old())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl ClientCertVerifier for ExpectedKey {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check(end_entity).map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(too_old())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
