//! Pages of history: which messages, in which order, up to which bound, for whom.

use tr2::model::MessageId;
use tr2::protocol::Span;
use tr2::server::store::api::{ConversationId, What};
use tr2::server::store::limits::PAGE_BYTES;

use crate::chat::{Chat, name};
use crate::serving::Folder;

/// `since`, `before` and `limit` of a page; the expected ids, and whether there is more.
type Case<'a> = (Option<MessageId>, Option<MessageId>, usize, &'a [&'a str], bool);

fn ids(page: &[String]) -> Vec<&str> {
    page.iter().map(|line| line.split(' ').next().unwrap()).collect()
}

#[test]
fn a_page_with_since_is_the_oldest_after_it_and_without_the_newest() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say_all((1..=9).map(|n| ("alice".into(), "everyone".into(), n.to_string())));
    let id = |id: u64| Some(MessageId(id));
    let cases: [Case; 12] = [
        (None, None, 3, &["7", "8", "9"], true),
        (None, None, 9, &["1", "2", "3", "4", "5", "6", "7", "8", "9"], false),
        (None, None, 8, &["2", "3", "4", "5", "6", "7", "8", "9"], true),
        (None, id(4), 2, &["2", "3"], true),
        (None, id(4), 3, &["1", "2", "3"], false),
        (None, id(1), 3, &[], false),
        (id(4), None, 2, &["5", "6"], true),
        (id(4), None, 5, &["5", "6", "7", "8", "9"], false),
        (id(9), None, 5, &[], false),
        (id(2), id(6), 2, &["3", "4"], true),
        (id(2), id(6), 3, &["3", "4", "5"], false),
        (id(u64::MAX), id(u64::MAX), 3, &[], false),
    ];
    for (since, before, limit, wanted, more) in cases {
        let mut page = chat.page("bob", "everyone", Span { since, before, limit });
        let end = page.pop().unwrap();
        assert_eq!((ids(&page), end.as_str()), (wanted.to_vec(), if more { "end more" } else { "end" }));
    }
    assert_eq!(chat.page("bob", "everyone", Span::before(MessageId(u64::MAX))).len(), 10);
    assert_eq!(chat.page("bob", "everyone", Span::since(MessageId(0))).len(), 10);
}

#[test]
fn a_page_of_long_messages_is_cut_where_paging_goes_on() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let text = "x".repeat(7000);
    chat.say_all((1..=40).map(|_| ("alice".into(), "everyone".into(), text.clone())));
    let fit = PAGE_BYTES / 7100;
    for (forth, first) in [(true, 1), (false, 40)] {
        let (mut seen, mut edge): (Vec<u64>, u64) = (Vec::new(), if forth { 0 } else { 41 });
        loop {
            let edge_id = MessageId(edge);
            let span = if forth { Span::since(edge_id) } else { Span::before(edge_id) };
            let answer = chat.answer("bob", What::Page { with: ConversationId::Everyone, span });
            assert!(answer.lines.as_ref().unwrap().len() <= PAGE_BYTES + 200);
            let mut page = crate::chat::shown(&answer.lines.unwrap());
            let more = page.pop().unwrap() == "end more";
            let mut page: Vec<u64> = ids(&page).iter().map(|id| id.parse().unwrap()).collect();
            assert!(page.is_sorted());
            if !forth {
                page.reverse();
            }
            edge = *page.last().unwrap();
            assert!(page.len() == fit || !more);
            seen.extend(page);
            if !more {
                break;
            }
        }
        let all: Vec<u64> = if first == 1 { (1..=40).collect() } else { (1..=40).rev().collect() };
        assert_eq!(seen, all);
    }
}

#[test]
fn a_private_conversation_belongs_to_its_two_users_only() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    for user in ["alice", "bob", "carol"] {
        chat.know(user);
    }
    chat.say("alice", "bob", "one");
    chat.say("Bob", "ALICE", "two");
    chat.say("alice", "carol", "three");
    chat.say("alice", "alice", "note");
    chat.say("alice", "everyone", "aloud");
    let both = ["1 alice to bob: one", "2 Bob to ALICE: two", "end"];
    assert_eq!(chat.page("alice", "bob", Span::default()), both);
    assert_eq!(chat.page("BOB", "Alice", Span::default()), both);
    assert_eq!(chat.page("carol", "bob", Span::default()), ["end"]);
    assert_eq!(chat.page("bob", "carol", Span::default()), ["end"]);
    assert_eq!(chat.page("alice", "alice", Span::default()), ["4 alice to alice: note", "end"]);
    assert_eq!(chat.page("bob", "bob", Span::default()), ["end"]);
    assert_eq!(chat.page("stranger", "bob", Span::default()), ["end"]);
    assert_eq!(chat.page("alice", "stranger", Span::default()), ["end"]);
    assert_eq!(name("BOB").key(), name("Bob").key());
}
