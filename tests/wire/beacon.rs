//! The beacon of a server on its own network.

use proptest::prelude::*;
use tr2::model::{Fingerprint, Text};
use tr2::protocol::beacon::{Beacon, MAX_BEACON, MAX_SERVER_NAME, server_name};

const KEY: Fingerprint = Fingerprint([7; 32]);

fn beacon(tls: Option<u16>, tcp: Option<u16>, key: Option<Fingerprint>, name: &str) -> Beacon {
    Beacon { name: Text::line(name), tls, tcp, key }
}

#[test]
fn it_is_read_as_it_was_written() {
    for beacon in [
        beacon(Some(1235), None, Some(KEY), "lab"),
        beacon(Some(1235), Some(1234), Some(KEY), "the lab, second floor: name=x"),
        beacon(None, Some(u16::MAX), None, ""),
        beacon(Some(1), None, None, &"é".repeat(MAX_SERVER_NAME / 2)),
    ] {
        let packet = beacon.write();
        assert!(packet.len() <= MAX_BEACON, "{}", packet.len());
        assert_eq!(Beacon::read(&packet), Some(beacon));
    }
    assert_eq!(
        beacon(Some(1235), None, Some(KEY), "lab").write(),
        format!("TR2.26 beacon tls=1235 key={KEY} name=lab").into_bytes()
    );
}

#[test]
fn what_later_programs_say_is_passed_over_and_what_is_none_is_not_read() {
    let read = |packet: &str| Beacon::read(packet.as_bytes());
    assert_eq!(read("TR2.26 beacon quic=9 tls=1235 colour=red name=lab"), Some(beacon(Some(1235), None, None, "lab")));
    // A key that cannot be read is none: the client asks the server itself.
    assert_eq!(read("TR2.26 beacon tls=1235 key=SHA256:x name=lab"), Some(beacon(Some(1235), None, None, "lab")));
    for bad in [
        "",
        "TR2.26 beacon name=lab",
        "TR2.26 beacon tls=0 name=lab",
        "TR2.26 beacon tls=65536 name=lab",
        "TR2.26 beacon tls=1235",
        "TR2.27 beacon tls=1235 name=lab",
        "TR2.26 lantern tls=1235 name=lab",
        "server | client | name | TR2.26",
    ] {
        assert_eq!(read(bad), None, "{bad}");
    }
    let long = format!("TR2.26 beacon tls=1 {}name=", "x".repeat(MAX_BEACON - 25));
    assert_eq!(long.len(), MAX_BEACON);
    assert!(read(&long).is_some());
    assert_eq!(read(&format!("{long}y")), None);
    assert_eq!(Beacon::read(b"TR2.26 beacon tls=1 name=\xff"), None);
}

#[test]
fn a_name_is_harmless_and_short() {
    let named = |name: &str| Beacon::read(format!("TR2.26 beacon tls=1 name={name}").as_bytes()).unwrap().name;
    assert!(!named("lab\u{1b}]0;x\u{7}\u{202e}").as_str().contains(['\u{1b}', '\u{7}', '\u{202e}']));
    assert_eq!(named(&"a".repeat(400)).as_str().len(), MAX_SERVER_NAME);
    assert_eq!(server_name(&"é".repeat(40)).as_str(), "é".repeat(32));
    assert_eq!(server_name(&format!("a{}", "é".repeat(40))).as_str(), format!("a{}", "é".repeat(31)));
}

#[test]
fn tls_is_preferred_and_only_then_there_is_a_key() {
    let at = |beacon: Beacon| {
        let server = beacon.server("2001:db8::5".parse().unwrap())?;
        Some((server.url.to_string(), server.key))
    };
    assert_eq!(
        at(beacon(Some(1235), Some(1234), Some(KEY), "")),
        Some(("tls://[2001:db8::5]:1235".to_owned(), Some(KEY)))
    );
    assert_eq!(at(beacon(None, Some(1234), Some(KEY), "")), Some(("tcp://[2001:db8::5]:1234".to_owned(), None)));
}

proptest! {
    #[test]
    fn any_packet_is_a_beacon_or_none(packet: Vec<u8>) {
        if let Some(beacon) = Beacon::read(&packet) {
            prop_assert!(Beacon::read(&beacon.write()).is_some());
        }
    }
}
