//! Certificates and keys from elsewhere: in every form that other programs write, or refused with the file and the reason;
//! and what their keeper is told of them.

use std::fs;
use std::path::Path;
use std::process::Command;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustix::process::Signal;

use crate::serving::{Folder, PATIENCE, Server, TR2};

/// A key on a curve that cannot be used.
const P521: &str = "\
-----BEGIN PRIVATE KEY-----
MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIBNuIiJmdZOfrxYe7P
X08METG4AjaE2pHCACV3r8AvlzYbtQnhfK0YYM5V60TTccERhhdZyqe6rwq4D9um
AtQC1uGhgYkDgYYABADa7sr94ZI1TfHzEXThTi+kNwewU8sugOdoFDe11byR/niZ
eNYmbkGrHDGHCPjhT+QSvvEgcqhCZXT/w8AXw0nbewAtBAidptps2RtTUNvtF1DY
AO8Gdocuu6drXCupMorvjLQ+Jvsj0TII/mdME3RSXLJVCtBtFAZhJyPGk4e3M/jN
pA==
-----END PRIVATE KEY-----
";

/// A key that is too short.
const RSA_1024: &str = "\
-----BEGIN PRIVATE KEY-----
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBALQC6UQGkDmcWslt
tjaZmpsrZWXPLpebsZxhoiMO0eVkx1Q+uDAdmFVpQFoHb6ONPoVl6dNdf6PooxN3
PLlV3Q8NCLhiK80iqqueWA7rLJo819UeUdMTa+Xw1VUT3LdsEca5IiNaFkm593Yb
7OtnUVmpBpVr3HXMKWjsc66xO5NxAgMBAAECgYB5Uzj7I11TpwE9n9dex3p/uOj3
jIM/pa041EkeTd/EN39tVXR44YmJj43S4A4rcohACqdlUTA1PhejiAsCc0+wsVJ5
01p11GZWFSQAwRY7OyWEKz3SexrS+5vNdXBiCvzGO0UoXIPH79s6Fr1nHVmsqn/8
BSbH5VwWwG7Lky9NDQJBAO4GTCCRAmKJFehaR8wHoBthcDHWLUKIIFNfjxs9eGyR
tRu3UCwCbzaV8no202C6YkPnEcEIfbdQcRbe6WwX2+cCQQDBmwz4iYIewYTcM5vG
gXfXljF0NKz61kGGE2i2O9STdueUKMwQmB6UWv6QRm4EcNSzgW9Ldiv/hQRxUCZj
VernAkBIuqHePZDF/O81vQg9HoNcemxmvfO8ZY3DC+rVPvYh7m+xVVTo7aF/w1eA
4mm6H5lQ+DTjj62iKrEzdM9MGQo3AkEAkZPEEhJbvEKpY2aPCJmLgpkWAJonQ8nd
pTJs9zJP6r5q7ZYrs4Ke49D0P4ol6cLpvTxjcmueM9lSeN3ar7EIGwJBAMBfcmis
RsCsUgm0KtPRFTqp2kuf6v0/7T6UnEXJ1C5RbWe8WTR+LFOvo8SPuOPccWzUQyRR
F3w3kbM+gXVBjiY=
-----END PRIVATE KEY-----
";

/// A key behind a passphrase, in the form of PKCS #8 and in that of OpenSSL.
const ENCRYPTED: [&str; 2] = [
    "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi2nD86I7cClwICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEN216wNNeFg8HfgL1mCQ16YEgZB0
nEaTuS3kNfv+r+muB4LgE3EQ4pc9eoVPjGdkly5IEZCsLMlADGP5ihJejklv9Gm0
S2w6oVQL3dApjBWGcsq6wDfOoAHugq6ZJXLm3f2gBvUw3jbh0+/73g0/bGKFeeNt
j4uinewIP6cQZEamDmOQd/lnrKerYLi4tIVeE1Lktx8a9p/ATIfkMEgAA2NNgA0=
-----END ENCRYPTED PRIVATE KEY-----
",
    "\
-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,FAD9466466FB61064FE0912829B01298

Ne62wMPcyHRuCG/npKtpMT0L0JN30jaMhsgA+1Gk5g4CIzycEB5IWAsCstphuPAu
2iO4WcK2pdzEjMXRZ2WCuOhufE5bh1l28sCJLOEzqM7n05/nuZ0GKL2nz4I29tHe
Gbmj5VNkuLSSrgYMO31Ar5BuoM5S1mUbNA0y2q6TtUw=
-----END EC PRIVATE KEY-----
",
];

/// A certificate authority, one that it vouches for, and a key with a certificate from that one.
struct Issued {
    root: String,
    between: String,
    leaf: String,
    key: String,
}

fn issue(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Issued {
    let new_key = || KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let authority = |name: &str| {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params
    };
    let (root_key, between_key, key) = (new_key(), new_key(), new_key());
    let (root, between) = (authority("root"), authority("between"));
    let root_pem = root.self_signed(&root_key).unwrap().pem();
    let root = Issuer::from_params(&root, &root_key);
    let between_pem = between.signed_by(&between_key, &root).unwrap().pem();
    let between = Issuer::from_params(&between, &between_key);
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "leaf");
    change(&mut params);
    let leaf = params.signed_by(&key, &between).unwrap().pem();
    Issued { root: root_pem, between: between_pem, leaf, key: key.serialize_pem() }
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Checks these files, where the machine trusts this authority.
fn check(chain: impl AsRef<[u8]>, key: impl AsRef<[u8]>, root: &str) -> (Option<i32>, String) {
    let folder = Folder::new();
    let at = |name: &str, bytes: &[u8]| write(folder.path(), name, bytes);
    let (chain, key) = (at("chain.pem", chain.as_ref()), at("key.pem", key.as_ref()));
    let mut command = Command::new(TR2);
    command.args(["serve", "--check", "--listen", "tls://127.0.0.1:0", "--cert", &chain, "--key", &key, "--data"]);
    command.arg(folder.path().join("data")).env("SSL_CERT_FILE", at("roots.pem", root.as_bytes()));
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[track_caller]
fn is_fine(chain: impl AsRef<[u8]>, key: impl AsRef<[u8]>, root: &str) {
    let (status, said) = check(chain, key, root);
    assert!(status == Some(0) && said.contains("are fine"), "{status:?}: {said}");
}

#[track_caller]
fn is_not(chain: impl AsRef<[u8]>, key: impl AsRef<[u8]>, root: &str, words: &[&str]) {
    let (status, said) = check(chain, key, root);
    assert_eq!(status, Some(1), "{said}");
    words.iter().for_each(|word| assert!(said.contains(word), "without {word:?}: {said}"));
}

#[test]
fn text_around_and_before_certificates_is_passed_over() {
    let Issued { root, between, leaf, key } = issue(&["chat.example"], |_| {});
    let chain = format!("{leaf}{between}");
    is_fine(&chain, &key, &root);
    is_fine(chain.replace('\n', "\r\n"), key.replace('\n', "\r\n"), &root);
    // As OpenSSL writes it beside a name in Latin-1.
    let attributes = b"Bag Attributes\n    friendlyName: Z\xfcrich\nsubject=CN = Z\xfcrich\n".as_slice();
    is_fine([attributes, chain.as_bytes()].concat(), [attributes, key.as_bytes()].concat(), &root);
    let mark = b"\xef\xbb\xbf".as_slice();
    is_fine([mark, chain.as_bytes()].concat(), [mark, key.as_bytes()].concat(), &root);
    // Both in one file.
    let both = format!("{key}{chain}");
    is_fine(&both, &both, &root);
}

#[test]
fn an_unusable_key_is_named_with_its_reason() {
    let Issued { root, between, leaf, key } = issue(&["chat.example"], |_| {});
    let chain = format!("{leaf}{between}");
    for encrypted in ENCRYPTED {
        is_not(&chain, encrypted, &root, &["key.pem cannot be used", "encrypted with a passphrase", "openssl pkey"]);
    }
    for other in [P521, RSA_1024] {
        is_not(&chain, other, &root, &["key.pem cannot be used", "its type of key", "RSA of 2048"]);
    }
    is_not(&chain, "nothing", &root, &["key.pem cannot be used", "contains no private key in PEM"]);
    let other = issue(&["chat.example"], |_| {}).key;
    is_not(&chain, other, &root, &["key.pem cannot be used", "not the key of the certificate"]);
    // In the wrong order the key is that of another one.
    is_not(format!("{between}{leaf}"), &key, &root, &["the certificate itself must come first"]);
    is_not("nothing", &key, &root, &["chain.pem cannot be used", "contains no certificate in PEM"]);
}

#[test]
fn an_expired_early_or_incomplete_certificate_is_reported() {
    let date = |year| move |params: &mut CertificateParams| params.not_after = rcgen::date_time_ymd(year, 1, 1);
    let late = issue(&["chat.example"], date(2025));
    is_not(
        format!("{}{}", late.leaf, late.between),
        &late.key,
        &late.root,
        &["chain.pem", "expired at 2025-01-01T00:00:00"],
    );
    let early = issue(&["chat.example"], |params| {
        params.not_before = rcgen::date_time_ymd(2051, 1, 1);
        params.not_after = rcgen::date_time_ymd(2052, 1, 1);
    });
    let chain = format!("{}{}", early.leaf, early.between);
    is_not(chain, &early.key, &early.root, &["chain.pem", "valid only from 2051-01-01T00:00:00"]);
    let Issued { root, between, leaf, key } = issue(&["chat.example"], |_| {});
    is_not(&leaf, &key, &root, &["chain.pem", "certificate of its issuer is missing"]);
    is_not(format!("{leaf}{root}"), &key, &root, &["certificate of its issuer is missing"]);
    // Nobody else knows this authority, but the chain is all there.
    is_fine(format!("{leaf}{between}{root}"), &key, &issue(&["x"], |_| {}).root);
    is_fine(format!("{leaf}{root}{between}"), &key, &root);
}

#[test]
fn an_expired_certificate_is_reported_at_the_start_and_at_each_reload() {
    let folder = Folder::new();
    let expired = issue(&["chat.example"], |params| params.not_after = rcgen::date_time_ymd(2025, 1, 1));
    let cert = write(folder.path(), "chain.pem", format!("{}{}", expired.leaf, expired.between));
    let key = write(folder.path(), "key.pem", &expired.key);
    let server = Server::start(&["--listen", "tls://127.0.0.1:0", "--cert", &cert, "--key", &key]);
    for _ in 0..2 {
        let line = server.logs("expired at 2025-01-01");
        assert!(line.contains("level=warn event=certificate_problem"), "{line}");
        server.signal(Signal::HUP);
    }
    server.logs("event=reloaded");
}

/// The line that tells how to join over TLS.
fn way(names: &[&str], trusted: bool) -> String {
    let folder = Folder::new();
    let Issued { root, between, leaf, key } = issue(names, |_| {});
    let cert = write(folder.path(), "chain.pem", format!("{leaf}{between}"));
    let key = write(folder.path(), "key.pem", key);
    let root = if trusted { root } else { issue(names, |_| {}).root };
    let mut command = Command::new(TR2);
    command.env("SSL_CERT_FILE", write(folder.path(), "roots.pem", root)).arg("serve");
    let server = Server::run(command, Folder::new(), &["--listen", "tls://0.0.0.0:0", "--cert", &cert, "--key", &key]);
    let line = server.printed.recv_timeout(PATIENCE).unwrap();
    line.split(" --server ").nth(1).unwrap().to_owned()
}

#[test]
fn nobody_is_told_to_pin_a_key_that_changes_with_each_renewal() {
    let vouched = way(&["chat.example", "www.example"], true);
    assert!(vouched.starts_with("tls://chat.example:") && !vouched.contains("--fingerprint"), "{vouched}");
    let any = way(&["*.chat.example"], true);
    assert!(any.starts_with("tls://HOST:") && !any.contains("--fingerprint"), "{any}");
    let unknown = way(&["chat.example"], false);
    assert!(unknown.starts_with("tls://HOST:") && unknown.contains(" --fingerprint SHA256:"), "{unknown}");
}
