//! The file of what was not sent: whose texts it gives back, and its bounds.

use tr2::client::msg::Unsent;
use tr2::client::text::unsent::{MAX_FILE, MAX_KEPT, take, with};
use tr2::model::{Name, RoomName, Target, Text};

fn unsent(to: Target, text: &str) -> Unsent {
    Unsent { to, text: Text::block(text), unsure: text.len().is_multiple_of(2), draft: text.len().is_multiple_of(3) }
}

#[test]
fn texts_come_back_to_their_own_name_on_their_own_server() {
    let room = Target::Room(RoomName::parse("#ops").unwrap());
    let bob = Target::User(Name::parse("bob").unwrap());
    let mine = [unsent(Target::Everyone, "a \"quoted\"\nline"), unsent(room, "ä"), unsent(bob.clone(), "no, bob")];
    let other = [unsent(bob, "another")];
    let (file, dropped) = with("", "tcp://a:1", "alice", &mine);
    let (file, more) = with(&file, "tcp://b:1", "alice", &other);
    assert_eq!((dropped, more), (0, 0));
    assert_eq!(take(&file, "tcp://a:1", "bob").1, []);
    let (rest, taken) = take(&file, "tcp://a:1", "alice");
    assert_eq!(taken, mine);
    assert_eq!(take(&rest, "tcp://a:1", "alice").1, []);
    assert_eq!(take(&rest, "tcp://b:1", "alice").1, other);
}

#[test]
fn the_newest_are_kept_within_bounds() {
    let texts: Vec<Unsent> = (0..=MAX_KEPT).map(|number| unsent(Target::Everyone, &format!("text {number}"))).collect();
    assert_eq!(with("", "s", "n", &texts[1..]).1, 0);
    let (file, dropped) = with("", "s", "n", &texts);
    assert_eq!(dropped, 1);
    assert_eq!(take(&file, "s", "n").1, texts[1..]);
    let long = vec![unsent(Target::Everyone, &"x".repeat(MAX_FILE / 3)); 3];
    let (file, dropped) = with("", "s", "n", &long);
    assert!(file.len() <= MAX_FILE && dropped == 1, "{} {dropped}", file.len());
}

#[test]
fn a_damaged_file_is_an_empty_one_and_what_it_holds_is_harmless() {
    for file in ["", "{", "[]", "{\"unsent\":[{\"server\":1}]}", "\0\u{1b}"] {
        assert_eq!(take(file, "s", "n").1, [], "{file:?}");
        assert_eq!(take(&with(file, "s", "n", &[unsent(Target::Everyone, "x")]).0, "s", "n").1.len(), 1);
    }
    let line = |to: &str| format!("{{\"server\":\"s\",\"name\":\"n\",\"to\":\"{to}\",\"text\":\"\\u001b[2Jx\"}}");
    let file = format!("{{\"unsent\":[{},{}]}}", line("everyone"), line("#a b"));
    let taken = take(&file, "s", "n").1;
    assert_eq!(taken.len(), 1, "a recipient that is none is left out");
    assert!(!taken[0].text.as_str().contains('\u{1b}'));
}
