//! Presence: announced at once in a small room, batched in a large one.

use tr2::model::Name;
use tr2::server::broker::rooms::presence::Presence;
use tr2::server::limits::SMALL_ROOM;

fn name(raw: &str) -> Name {
    Name::parse(raw).unwrap()
}

fn names(raw: &[&str]) -> Vec<Name> {
    raw.iter().map(|raw| name(raw)).collect()
}

#[test]
fn presence_is_announced_at_once_or_batched_without_what_cancels_out() {
    let mut presence = Presence::default();
    assert!(presence.join(&name("a"), false, SMALL_ROOM));
    assert!(!presence.join(&name("b"), false, SMALL_ROOM + 1));
    // Once one announcement waits, all later ones wait too, so that nobody leaves before they joined.
    assert!(!presence.leave(&name("c"), false, 1));
    assert!(!presence.join(&name("d"), false, SMALL_ROOM + 1));
    assert!(!presence.leave(&name("d"), false, SMALL_ROOM + 1));
    assert!(!presence.leave(&name("e"), false, SMALL_ROOM + 1));
    assert!(!presence.join(&name("e"), false, SMALL_ROOM + 1));
    let (left, joined) = presence.take();
    assert_eq!((left.into_keys().collect(), joined.into_keys().collect()), (names(&["c"]), names(&["b"])));
    assert!(presence.is_empty());
    assert!(presence.leave(&name("a"), false, SMALL_ROOM));
}
