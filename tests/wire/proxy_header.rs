//! The header of a proxy (PROXY protocol, version 2): what it says, cut anywhere, wrong in every byte, and of any length.

use proptest::prelude::*;
use tr2::protocol::limits::MAX_PROXY_BLOCK;
use tr2::protocol::proxy_header::{HeaderProgress, ProxyHeader, ProxyHeaderError, read};

use crate::proxy::{SIGNATURE, about, block, header};

/// Reads as a connection is read: never more than is said to be missing. Returns the header, and what is left.
fn take(mut bytes: &[u8]) -> Result<(ProxyHeader, &[u8]), Option<ProxyHeaderError>> {
    let mut taken = Vec::new();
    loop {
        match read(&taken).map_err(Some)? {
            HeaderProgress::Whole(header) => return Ok((header, bytes)),
            HeaderProgress::Needs(0) => panic!("nothing is missing"),
            HeaderProgress::Needs(missing) => {
                let (now, rest) = bytes.split_at_checked(missing).ok_or(None)?;
                taken.extend_from_slice(now);
                bytes = rest;
            }
        }
    }
}

fn client(address: &str) -> ProxyHeader {
    ProxyHeader::Client(address.parse().unwrap())
}

#[test]
fn a_header_says_whose_a_connection_is_and_leaves_what_follows() {
    for address in ["203.0.113.5:50000", "127.0.0.1:1", "[2001:db8::7]:443", "[::ffff:192.0.2.7]:9"] {
        let whole = [about(address), b"\x16\x03\x01 and so on".to_vec()].concat();
        assert_eq!(take(&whole), Ok((client(address), &b"\x16\x03\x01 and so on"[..])));
    }
    // What a proxy adds, such as the name that its client asked for, is passed over.
    let (family, added) = block("203.0.113.5:7".parse().unwrap(), &[0x02, 0, 3, b'a', b'b', b'c', 0x04, 0, 0]);
    assert_eq!(take(&[header(0x21, family, &added), b"x".to_vec()].concat()), Ok((client("203.0.113.5:7"), &b"x"[..])));
}

#[test]
fn a_check_is_a_check_whatever_it_names() {
    for family in [0x00, 0x11, 0x21, 0x31, 0xff] {
        for length in [0, 1, 12, 36, MAX_PROXY_BLOCK] {
            let bytes = [header(0x20, family, &vec![7; length]), b"rest".to_vec()].concat();
            assert_eq!(take(&bytes), Ok((ProxyHeader::Check, &b"rest"[..])), "{family:#x} {length}");
        }
    }
}

#[test]
fn a_header_that_is_cut_anywhere_is_not_whole_yet_and_needs_nothing_beyond_its_end() {
    let (family, added) = block("[2001:db8::7]:443".parse().unwrap(), &[0x04, 0, 2, 1, 1]);
    for whole in [about("203.0.113.5:50000"), header(0x21, family, &added), header(0x20, 0, &[])] {
        for cut in 0..whole.len() {
            match read(&whole[..cut]) {
                Ok(HeaderProgress::Needs(missing)) => {
                    assert!(missing > 0 && cut + missing <= whole.len(), "{missing} after {cut}");
                }
                other => panic!("{other:?} after {cut} bytes"),
            }
        }
        assert!(matches!(read(&whole), Ok(HeaderProgress::Whole(_))));
    }
}

#[test]
fn a_wrong_byte_is_noticed_as_soon_as_it_is_there() {
    let whole = about("203.0.113.5:50000");
    for at in 0..14 {
        for byte in 0..=u8::MAX {
            let mut wrong = whole.clone();
            wrong[at] = byte;
            let right = byte == whole[at] || (at, byte) == (12, 0x20);
            // IPv6 needs more than there is.
            assert_eq!(take(&wrong).is_ok(), right, "{byte:#x} at {at}");
            if at < SIGNATURE.len() && !right {
                assert_eq!(read(&wrong[..=at]), Err(ProxyHeaderError::NoHeader));
            }
        }
    }
}

#[test]
fn every_version_command_and_family_but_those_of_tcp_is_refused() {
    for command in 0..=u8::MAX {
        for family in 0..=u8::MAX {
            let found =
                take(&header(command, family, &[1; 64])).map(|(header, _)| matches!(header, ProxyHeader::Check));
            match (command, family) {
                (0x20, _) => assert_eq!(found, Ok(true)),
                (0x21, 0x11 | 0x21) => assert_eq!(found, Ok(false)),
                (0x21, _) => assert_eq!(found, Err(Some(ProxyHeaderError::Family(family)))),
                _ => assert_eq!(found, Err(Some(ProxyHeaderError::Command(command)))),
            }
        }
    }
}

#[test]
fn a_length_is_right_from_the_addresses_on_up_to_its_limit() {
    for (family, needed) in [(0x11, 12), (0x21, 36)] {
        for length in 0..=u16::MAX {
            let head = [SIGNATURE, &[0x21, family], &length.to_be_bytes()].concat();
            let length = usize::from(length);
            let expected = match length {
                _ if length > MAX_PROXY_BLOCK => Err(ProxyHeaderError::TooLong(length)),
                _ if length < needed => Err(ProxyHeaderError::TooShort),
                _ => Ok(HeaderProgress::Needs(length)),
            };
            assert_eq!(read(&head), expected);
        }
    }
}

#[test]
fn the_first_version_and_everything_else_that_connects_is_refused_by_name() {
    let first = b"PROXY TCP4 203.0.113.5 192.0.2.1 50000 1234\r\n";
    assert_eq!(take(first), Err(Some(ProxyHeaderError::FirstVersion)));
    assert!(ProxyHeaderError::FirstVersion.to_string().contains("send-proxy-v2"));
    for other in [
        &b"alice | server | name | alice\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\x00\x00\x00\x00",
        b"GET / HTTP/1.1\r\n\r\n",
    ] {
        assert_eq!(take(other), Err(Some(ProxyHeaderError::NoHeader)));
    }
    assert_eq!(read(b""), Ok(HeaderProgress::Needs(16)));
}

proptest! {
    #[test]
    fn bytes_of_any_kind_are_read_within_bounds(tail in proptest::collection::vec(any::<u8>(), 0..200), signed in any::<bool>()) {
        let bytes = if signed { [SIGNATURE, &tail].concat() } else { tail };
        match read(&bytes) {
            Ok(HeaderProgress::Needs(missing)) => prop_assert!(missing > 0 && bytes.len() + missing <= 16 + MAX_PROXY_BLOCK),
            // Nothing after the header changes what it says.
            Ok(HeaderProgress::Whole(header)) => {
                let more = [&bytes[..], b"more"].concat();
                prop_assert_eq!(read(&more), Ok(HeaderProgress::Whole(header)));
            }
            Err(_) => {}
        }
    }
}
