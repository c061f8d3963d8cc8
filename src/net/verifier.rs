//! The part of checking a key that is the same everywhere: TLS 1.3 alone, and a signature that proves the key.
//!
//! Must not know: which keys are accepted.

use std::fmt;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use super::certificate;
use crate::model::Fingerprint;

/// What a server shows: its certificate, those behind it, and the name that was dialed.
pub(super) struct ShownByServer<'a> {
    pub(super) first: &'a CertificateDer<'a>,
    pub(super) others: &'a [CertificateDer<'a>],
    pub(super) name: &'a ServerName<'a>,
    pub(super) now: UnixTime,
}

/// Decides which servers' keys are accepted.
pub(super) trait CheckServer: Send + Sync {
    /// Whether to go on with the server that has this key.
    fn accepts_server(&self, key: Fingerprint, shown: &ShownByServer<'_>) -> bool;
}

/// Decides which clients' keys are accepted.
pub(super) trait CheckClient: Send + Sync {
    /// Whether a client without a key is refused.
    const NEEDED: bool;

    /// Whether to go on with the client that has this key.
    fn accepts_client(&self, key: Fingerprint) -> bool;
}

/// Has a key checked, and verifies that the other side has it.
pub(super) struct Verifier<C> {
    algorithms: WebPkiSupportedAlgorithms,
    check: C,
}

impl<C> Verifier<C> {
    pub(super) fn new(algorithms: WebPkiSupportedAlgorithms, check: C) -> Self {
        Self { algorithms, check }
    }
}

impl<C> fmt::Debug for Verifier<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}

/// The methods about signatures, which two traits of rustls have alike.
macro_rules! proves_key {
    () => {
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
    };
}

impl<C: CheckServer> ServerCertVerifier for Verifier<C> {
    fn verify_server_cert(
        &self,
        first: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = ShownByServer { first, others, name, now };
        let accepted = self.check.accepts_server(certificate::fingerprint(first)?, &shown);
        accepted.then(ServerCertVerified::assertion).ok_or_else(refused)
    }

    proves_key!();
}

impl<C: CheckClient> ClientCertVerifier for Verifier<C> {
    fn client_auth_mandatory(&self) -> bool {
        C::NEEDED
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        first: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let accepted = self.check.accepts_client(certificate::fingerprint(first)?);
        accepted.then(ClientCertVerified::assertion).ok_or_else(refused)
    }

    proves_key!();
}

fn refused() -> Error {
    CertificateError::ApplicationVerificationFailure.into()
}

/// Version 1.2 is never spoken, so this is never called.
fn too_old() -> Error {
    Error::General("TLS 1.3 is needed".to_owned())
}
