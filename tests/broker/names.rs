//! Names in use: taken, found in any spelling, freed, and grouped into lists that fit a frame.

use tr2::model::Name;
use tr2::server::broker::paging::groups;
use tr2::server::broker::peers::names::Names;
use tr2::server::broker::user_conns::UserConns;
use tr2::server::ids::ConnId;

fn name(raw: &str) -> Name {
    Name::parse(raw).unwrap()
}

fn names(raw: &[&str]) -> Vec<Name> {
    raw.iter().map(|raw| name(raw)).collect()
}

#[test]
fn names_are_taken_found_and_freed() {
    let mut users = Names::default();
    assert!(users.give(&name("Paypal"), ConnId(1), false));
    for taken in ["Paypal", "paypal", "PAYPAL", "paypaI", "\u{440}\u{430}\u{443}\u{440}\u{430}\u{4CF}"] {
        assert!(!users.give(&name(taken), ConnId(2), false), "{taken}");
    }
    assert!(users.give(&name("bob"), ConnId(3), true));
    for (written, conn) in [
        ("Paypal", Some(ConnId(1))),
        ("pAYPAL", Some(ConnId(1))),
        ("paypaI", None),
        ("bob", Some(ConnId(3))),
        ("b ob", None),
        ("", None),
    ] {
        assert_eq!(users.find(written).map(UserConns::first), conn, "{written:?}");
    }
    users.free(&name("Paypal"));
    users.free(&name("nobody"));
    assert!(users.give(&name("paypaI"), ConnId(4), false));
    let order: Vec<_> = users.in_order().map(|(name, verified)| (name.to_string(), verified)).collect();
    assert_eq!(order, [("bob".to_owned(), true), ("paypaI".to_owned(), false)]);
    assert_eq!(users.clashing(&name("PAYPAL").key()), [ConnId(4)]);
    assert_eq!((users.len(), users.is_empty()), (2, false));
    assert_eq!(users.leave(&name("bob"), ConnId(3)), Some(true));
    assert_eq!(users.leave(&name("paypaI"), ConnId(4)), Some(false));
    assert_eq!((users.len(), users.is_empty()), (0, true));
}

/// A user of several sessions has the name until the last one ends, whichever that is.
#[test]
fn a_name_is_in_use_until_the_last_session_ends() {
    for order in [[1, 2, 3], [3, 2, 1], [2, 1, 3]] {
        let mut users = Names::default();
        assert!(users.give(&name("bob"), ConnId(1), true));
        assert_eq!([2, 3].map(|conn| users.join(&name("bob"), ConnId(conn))), [Some(2), Some(3)]);
        assert_eq!(users.join(&name("eve"), ConnId(4)), None);
        let mut left = vec![1, 2, 3];
        for conn in order {
            let here: Vec<_> = users.find("BOB").unwrap().iter().map(|conn| conn.0).collect();
            assert_eq!(here, left);
            assert_eq!(users.clashing(&name("bob").key()), left.iter().map(|conn| ConnId(*conn)).collect::<Vec<_>>());
            left.retain(|other| *other != conn);
            assert_eq!(users.leave(&name("bob"), ConnId(conn)), left.is_empty().then_some(true));
            assert_eq!(users.len(), usize::from(!left.is_empty()));
        }
        assert!(users.give(&name("bob"), ConnId(5), false), "the name is free");
    }
}

#[test]
fn names_are_grouped_by_their_length() {
    let users = names(&["aa", "bb", "cc"]);
    let grouped = |bytes| groups(users.iter(), bytes).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(
        [grouped(12), grouped(11), grouped(8), grouped(7), grouped(1)].map(|sizes| sizes.len()),
        [1, 2, 2, 3, 3]
    );
    assert_eq!(groups([].into_iter(), 10), [vec![]]);
}
