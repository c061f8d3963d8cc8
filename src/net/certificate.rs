//! Keys and the certificates that carry them: makes and reads them, and tells them apart by fingerprint.
//!
//! Here, a certificate is only an envelope for a key: the owner of the key stays the same under any certificate.
//!
//! Must not know: whose the keys are, or where they are stored.

use std::sync::Arc;

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ED25519};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;

use crate::model::Fingerprint;

/// Why a key or a certificate is unusable. Its `Display` is the end of a sentence.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// No key could be generated.
    #[error("a key could not be generated ({0})")]
    Made(#[from] rcgen::Error),
    /// The text is not PEM, or lacks what is needed.
    #[error("it contains no {0} in PEM")]
    Pem(&'static str),
    /// TLS cannot use the key or the certificate.
    #[error("TLS cannot use it ({0})")]
    Unfit(#[from] rustls::Error),
}

/// A key with its certificate, for a handshake.
#[derive(Clone, Debug)]
pub struct Credential {
    /// What the handshake uses.
    pub certified: Arc<CertifiedKey>,
    /// The fingerprint of the key.
    pub fingerprint: Fingerprint,
}

/// Generates a key, as PEM.
///
/// # Errors
/// If the system provides no randomness.
pub fn make_key() -> Result<String, CertificateError> {
    Ok(KeyPair::generate_for(&PKCS_ED25519)?.serialize_pem())
}

/// A certificate for a key, signed with the key itself, as PEM.
///
/// # Errors
/// If the text is not a key.
pub fn self_signed(key_pem: &str, common_name: &str) -> Result<String, CertificateError> {
    let key = KeyPair::from_pem(key_pem)?;
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    params.distinguished_name = name;
    Ok(params.self_signed(&key)?.pem())
}

/// Reads a key and its chain of certificates, the key's own first.
///
/// # Errors
/// If either is malformed, or they do not belong together.
pub fn load(chain_pem: &str, key_pem: &str) -> Result<Credential, CertificateError> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain_pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| CertificateError::Pem("certificate"))?;
    let first = chain.first().ok_or(CertificateError::Pem("certificate"))?;
    let fingerprint = fingerprint(first)?;
    let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).map_err(|_| CertificateError::Pem("private key"))?;
    let certified = CertifiedKey::from_der(chain, key, &provider())?;
    Ok(Credential { certified: Arc::new(certified), fingerprint })
}

/// The fingerprint of a certificate's key.
///
/// # Errors
/// If it is not a certificate.
pub fn fingerprint(certificate: &CertificateDer<'_>) -> Result<Fingerprint, rustls::Error> {
    let key = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
    let sum = ::ring::digest::digest(&::ring::digest::SHA256, &key);
    let sum = <[u8; 32]>::try_from(sum.as_ref());
    sum.map(Fingerprint).map_err(|_| rustls::Error::General("a sum of another length".to_owned()))
}

/// The cryptography provider.
pub(super) fn provider() -> CryptoProvider {
    ring::default_provider()
}
