//! Names in use: taken, found in any spelling, freed, and grouped into lists that fit a frame.

use tr2::model::Name;
use tr2::server::broker::paging::groups;
use tr2::server::broker::peers::names::Names;
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
        assert_eq!(users.find(written), conn, "{written:?}");
    }
    users.free(&name("Paypal"));
    users.free(&name("nobody"));
    assert!(users.give(&name("paypaI"), ConnId(4), false));
    let order: Vec<_> = users.in_order().map(|(name, verified)| (name.to_string(), verified)).collect();
    assert_eq!(order, [("bob".to_owned(), true), ("paypaI".to_owned(), false)]);
    assert_eq!(users.clashing(&name("PAYPAL").key()), [ConnId(4)]);
    assert_eq!([users.is_verified(&name("bob")), users.is_verified(&name("paypaI"))], [true, false]);
    assert_eq!((users.len(), users.is_empty()), (2, false));
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
