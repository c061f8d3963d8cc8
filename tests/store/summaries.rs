//! Summaries of conversations: the newest message, the read mark, the unread count.

use tr2::model::MessageId;
use tr2::server::store::limits::{MAX_CONVERSATIONS, MAX_UNREAD};

use crate::chat::Chat;
use crate::serving::Folder;

#[test]
fn unread_counts_messages_of_others_after_the_read_mark() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "before");
    // A new user has read everything, even before that is written.
    assert_eq!(chat.conversations("bob"), ["everyone 1/1 0", "end"]);
    chat.know("bob");
    chat.say("alice", "everyone", "after");
    chat.say("bob", "everyone", "mine");
    chat.say("alice", "bob", "psst");
    chat.know("bob");
    chat.settle();
    assert_eq!(chat.conversations("bob"), ["everyone 1/3 1", "alice 0/4 1", "end"]);
    assert_eq!(chat.conversations("carol"), ["everyone 3/3 0", "end"]);
    // A private message is not unread for its sender; nobody has marked anything for alice.
    assert_eq!(chat.conversations("alice"), ["everyone 3/3 0", "bob 0/4 0", "end"]);
    chat.mark("Bob", "everyone", 3);
    chat.mark("bob", "Alice", 4);
    chat.reopen();
    assert_eq!(chat.conversations("bob"), ["everyone 3/3 0", "alice 4/4 0", "end"]);
}

#[test]
fn a_read_mark_never_goes_back_and_never_past_the_newest_message() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.know("bob");
    chat.say_all((0..5).map(|_| ("alice".into(), "everyone".into(), "x".into())));
    chat.mark("bob", "everyone", 4);
    chat.mark("bob", "everyone", 2);
    chat.settle();
    assert_eq!(chat.conversations("bob"), ["everyone 4/5 1", "end"]);
    chat.mark("bob", "everyone", u64::MAX);
    chat.mark("bob", "nobody", 3);
    chat.mark("nobody", "everyone", 3);
    chat.say("alice", "everyone", "x");
    assert_eq!(chat.conversations("bob"), ["everyone 5/6 1", "end"]);
}

#[test]
fn conversations_come_newest_first_and_both_they_and_unread_counts_are_bounded() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.know("bob");
    let many = MAX_CONVERSATIONS + 1;
    chat.say_all((0..many).map(|n| (format!("user{n}"), "bob".to_owned(), "x".to_owned())));
    chat.say_all((0..=MAX_UNREAD).map(|_| ("user0".to_owned(), "bob".to_owned(), "x".to_owned())));
    let told = chat.conversations("bob");
    assert_eq!(told.len(), MAX_CONVERSATIONS + 2);
    let last = MessageId((many + MAX_UNREAD + 1) as u64);
    assert_eq!(told[1], format!("user0 0/{last} {MAX_UNREAD}"));
    assert_eq!(told[2], format!("user{} 0/{many} 1", many - 1));
    // The conversation with the oldest newest message is left out.
    assert!(!told.iter().any(|line| line.starts_with("user1 ")));
}
