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

use crate::language::files as say;
use crate::model::Fingerprint;

/// Why a key or a certificate is unusable. Its `Display` is the end of a sentence.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// No key could be generated.
    #[error("{}", say::key_not_made(.0))]
    Made(#[from] rcgen::Error),
    /// The text is not PEM, or lacks what is needed.
    #[error("{}", say::not_in_pem(.0))]
    Pem(&'static str),
    /// TLS cannot use the certificate.
    #[error("{}", say::unfit_for_tls(.0))]
    Unfit(#[from] rustls::Error),
    /// The text with the key is not PEM, or holds no key.
    #[error("{}", say::no_private_key())]
    NoKey,
    /// The key is encrypted.
    #[error("{}", say::key_encrypted())]
    Encrypted,
    /// The key is of a type that TLS does not know here.
    #[error("{}", say::key_type())]
    KeyType,
    /// The key is another one's.
    #[error("{}", say::other_key())]
    OtherKey,
}

impl CertificateError {
    /// Whether it is about the file with the key, and not that with the certificate.
    #[must_use]
    pub fn is_about_key(&self) -> bool {
        matches!(self, Self::NoKey | Self::Encrypted | Self::KeyType | Self::OtherKey)
    }
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
pub fn load(
    chain_pem: &(impl AsRef<[u8]> + ?Sized),
    key_pem: &(impl AsRef<[u8]> + ?Sized),
) -> Result<Credential, CertificateError> {
    let (chain_pem, key_pem) = (without_mark(chain_pem.as_ref()), without_mark(key_pem.as_ref()));
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain_pem)
        .collect::<Result<_, _>>()
        .map_err(|_| CertificateError::Pem("certificate"))?;
    let first = chain.first().ok_or(CertificateError::Pem("certificate"))?;
    let fingerprint = fingerprint(first)?;
    let key = PrivateKeyDer::from_pem_slice(key_pem).map_err(|_| {
        let encrypted = [&b"ENCRYPTED PRIVATE KEY"[..], b"Proc-Type: 4,ENCRYPTED"];
        let is_there = |words: &&[u8]| memchr::memmem::find(key_pem, words).is_some();
        if encrypted.iter().any(is_there) { CertificateError::Encrypted } else { CertificateError::NoKey }
    })?;
    let key = provider().key_provider.load_private_key(key).map_err(|_| CertificateError::KeyType)?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {}
        Err(rustls::Error::InconsistentKeys(_)) => return Err(CertificateError::OtherKey),
        Err(error) => return Err(error.into()),
    }
    Ok(Credential { certified: Arc::new(certified), fingerprint })
}

/// A text without the mark of its encoding that some editors put before it.
fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
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
pub(in crate::net) fn provider() -> CryptoProvider {
    ring::default_provider()
}
