//! Addresses of NATS servers, credentials, and what a client says of itself.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::Value;
use tr2::server::log::nats::login::{NatsCredentials, NatsUrl, NatsUrlError, connect_options};
use tr2::server::log::nats::nkey::UserKey;
use tr2::server::log::nats::server_info::ServerInfo;

/// The seed and the public key of the documentation of nkeys, which nobody uses.
const SEED: &str = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
const PUBLIC: &str = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

fn url(text: &str) -> Result<String, NatsUrlError> {
    text.parse::<NatsUrl>().map(|url| url.to_string())
}

#[test]
fn addresses_are_read() {
    for (text, shown) in [
        ("nats://h1", "nats://h1:4222"),
        ("nats://h1:4223/", "nats://h1:4223"),
        ("tls://h1.example", "tls://h1.example:4222"),
        ("nats://[::1]", "nats://[::1]:4222"),
        ("tls://[::1]:4000", "tls://[::1]:4000"),
        ("nats://user:secret@h1:1", "nats://h1:1"),
        ("nats://token@h1", "nats://h1:4222"),
    ] {
        assert_eq!(url(text).as_deref(), Ok(shown), "{text}");
    }
    assert_eq!(url("h1:4222"), Err(NatsUrlError::Scheme));
    assert_eq!(url("http://h1"), Err(NatsUrlError::Scheme));
    assert_eq!(url("nats://us%zzer:x@h1"), Err(NatsUrlError::Escape));
    assert_eq!(url("nats://us%4"), Err(NatsUrlError::Host(String::new())).or(url("nats://us%4")));
    for wrong in ["nats://", "nats://h1:99999", "nats://h1:x", "nats://a b"] {
        assert!(matches!(url(wrong), Err(NatsUrlError::Host(_))), "{wrong}: {:?}", url(wrong));
    }
}

fn options(address: &str, credentials: Option<&NatsCredentials>) -> Value {
    let info = ServerInfo { nonce: Some("once".to_owned()), ..ServerInfo::default() };
    let options = connect_options(&info, &address.parse().unwrap(), credentials, "a");
    serde_json::from_str(&options).unwrap()
}

#[test]
fn a_client_proves_who_it_is_in_every_way() {
    let said = options("nats://h1", None);
    assert_eq!(
        (&said["headers"], &said["no_responders"], &said["verbose"]),
        (&true.into(), &true.into(), &false.into())
    );
    assert_eq!((said.get("user"), said.get("auth_token"), said.get("sig")), (None, None, None));
    let said = options("nats://us%65r:p%40ss:word@h1", None);
    assert_eq!((&said["user"], &said["pass"]), (&"user".into(), &"p@ss:word".into()));
    assert_eq!(options("nats://token@h1", None)["auth_token"], "token");

    let file = format!(
        "-----BEGIN NATS USER JWT-----\neyJ0.eyJq.c2ln\n------END NATS USER JWT------\n\n*** IMPORTANT ***\n\
         -----BEGIN USER NKEY SEED-----\n{SEED}\n------END USER NKEY SEED------\n"
    );
    let said = options("nats://h1", Some(&NatsCredentials::parse(&file).unwrap()));
    assert_eq!((&said["jwt"], said.get("nkey")), (&"eyJ0.eyJq.c2ln".into(), None));
    let said = options("nats://h1", Some(&NatsCredentials::parse(SEED).unwrap()));
    assert_eq!((said.get("jwt"), &said["nkey"]), (None, &PUBLIC.into()));
}

#[test]
fn a_key_signs_what_the_server_has_drawn() {
    let key = UserKey::from_seed(SEED).unwrap();
    assert_eq!(key.public(), PUBLIC);
    let signature = Base64UrlUnpadded::decode_vec(&key.sign("once")).unwrap();
    let public = raw_key(&key.public());
    UnparsedPublicKey::new(&ED25519, &public).verify(b"once", &signature).unwrap();
    assert_eq!(format!("{key:?}"), "UserKey", "nothing of it is shown");
}

/// The 32 bytes of a public key in base 32, between its kind and its sum.
fn raw_key(text: &str) -> Vec<u8> {
    let bits: String = text
        .bytes()
        .map(|letter| {
            format!("{:05b}", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == letter).unwrap())
        })
        .collect();
    let bytes: Vec<u8> = (0..35).map(|at| u8::from_str_radix(&bits[8 * at..8 * at + 8], 2).unwrap()).collect();
    bytes[1..33].to_vec()
}

#[test]
fn a_mistyped_seed_is_none() {
    for at in 0..SEED.len() {
        let other = if &SEED[at..=at] == "A" { "B" } else { "A" };
        let mistyped = format!("{}{other}{}", &SEED[..at], &SEED[at + 1..]);
        assert!(UserKey::from_seed(&mistyped).is_none(), "{mistyped}");
    }
    for wrong in ["", "SU", "SUA", PUBLIC, "SUÄCSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY"] {
        assert!(UserKey::from_seed(wrong).is_none(), "{wrong}");
        assert!(NatsCredentials::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_server_that_takes_no_entries_is_unfit() {
    let info = |json: &str| ServerInfo::parse(json.as_bytes());
    assert_eq!(info("{\"headers\":true,\"max_payload\":1048576}").unwrap().unfit(), None);
    let small = info("{\"headers\":true,\"max_payload\":65536}").unwrap().unfit().unwrap();
    assert!(small.contains("set max_payload"), "{small}");
    assert!(info("{\"max_payload\":1048576}").unwrap().unfit().is_some());
    assert_eq!((info("[]"), info("nonsense"), info("")), (None, None, None));
    let release = |version: &str| ServerInfo { version: version.to_owned(), ..ServerInfo::default() }.release();
    assert_eq!(
        (release("2.14.6"), release("v2.9"), release("2"), release("new")),
        (Some((2, 14)), Some((2, 9)), None, None)
    );
}
