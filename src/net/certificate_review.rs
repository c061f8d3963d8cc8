//! Reviews a certificate for its keeper: what a handshake does not need, and clients that go by an authority do.
//!
//! Must not know: where certificates are stored, or who is told.

use super::certificate::Credential;
use super::tls_config;
use super::x509;
use crate::model::Timestamp;

/// What is wrong with a certificate that a handshake does not need: its dates, and who vouches for it. Each is a sentence.
#[must_use]
pub(crate) fn problems(credential: &Credential, now: Timestamp) -> Vec<String> {
    let chain: Vec<_> = credential.certified.cert.iter().filter_map(|one| x509::read(one)).collect();
    let Some(first) = chain.first() else { return Vec::new() };
    let mut problems = Vec::new();
    if now > first.until {
        problems.push(format!("it expired at {}; renew it", first.until.rfc3339()));
    } else if now < first.from {
        problems.push(format!("it is valid only from {} on; wait, or set the clock right", first.from.rfc3339()));
    }
    let others = chain.get(1..).unwrap_or_default();
    for other in others.iter().filter(|other| now > other.until) {
        problems.push(format!("a certificate of its chain expired at {}; renew it", other.until.rfc3339()));
    }
    // From one issuer to the next, at most once for each certificate in the file.
    let mut last = first;
    for _ in others {
        let issuer = others.iter().find(|other| other.subject == last.issuer);
        last = issuer.unwrap_or(last);
    }
    if last.issuer != last.subject && !tls_config::is_authority(&last.issuer) {
        problems.push(
            "the certificate of its issuer is missing; append it to the file, for clients cannot verify it otherwise"
                .to_owned(),
        );
    }
    problems
}

/// Whether an authority that this machine trusts vouches for a certificate; then the names of hosts that it is for.
#[must_use]
pub(crate) fn vouched_for(credential: &Credential) -> Option<Vec<String>> {
    let (first, others) = credential.certified.cert.split_first()?;
    let names = x509::read(first)?.names;
    // A wildcard stands for any name.
    let name = names.first()?.replacen('*', "any", 1);
    tls_config::is_vouched_for(first, others, &name).then_some(names)
}
