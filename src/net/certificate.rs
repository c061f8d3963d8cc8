//! Keys and the certificates that carry them: made, read, and told apart by their fingerprints.
//!
//! A certificate is only the paper around a key here: whoever has the key is who they were before, under any paper.
//!
//! Must not know: whose they are, or where they are kept.

use std::sync::Arc;

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ED25519};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;

use crate::model::Fingerprint;

/// Why a key or a certificate is of no use. Its `Display` is the end of a sentence.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// No key could be made.
    #[error("no key could be made ({0})")]
    Made(#[from] rcgen::Error),
    /// Not PEM, or not what is looked for in it.
    #[error("it holds no {0} in PEM")]
    Pem(&'static str),
    /// A key or certificate that TLS cannot use.
    #[error("TLS cannot use it ({0})")]
    Unfit(#[from] rustls::Error),
}

/// A key with its certificate, to be proved in a handshake.
#[derive(Clone, Debug)]
pub struct Credential {
    /// What the handshake uses.
    pub certified: Arc<CertifiedKey>,
    /// What others know the key by.
    pub fingerprint: Fingerprint,
}

/// A key that was made just now, as PEM.
///
/// # Errors
/// If the system gives no randomness.
pub fn make_key() -> Result<String, CertificateError> {
    Ok(KeyPair::generate_for(&PKCS_ED25519)?.serialize_pem())
}

/// A certificate for a key, signed with the key itself, as PEM.
///
/// # Errors
/// If the key is none.
pub fn self_signed(key_pem: &str, common_name: &str) -> Result<String, CertificateError> {
    let key = KeyPair::from_pem(key_pem)?;
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    params.distinguished_name = name;
    Ok(params.self_signed(&key)?.pem())
}

/// A key and a chain of certificates, the key's own first.
///
/// # Errors
/// If either is none, or they do not belong together.
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
/// If it is no certificate.
pub fn fingerprint(certificate: &CertificateDer<'_>) -> Result<Fingerprint, rustls::Error> {
    let key = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
    let sum = ::ring::digest::digest(&::ring::digest::SHA256, &key);
    let sum = <[u8; 32]>::try_from(sum.as_ref());
    sum.map(Fingerprint).map_err(|_| rustls::Error::General("a sum of another length".to_owned()))
}

/// The cryptography.
pub(super) fn provider() -> CryptoProvider {
    ring::default_provider()
}
