//! Promises: changes that somebody is told of are kept together and in order, or refused together; what rests on one that
//! was not kept is refused too, until whoever gives the jobs has learnt of it.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tr2::model::{Identity, Timestamp};
use tr2::server::store::Report;
use tr2::server::store::api::{Fact, Job, LoggedAct, Outcome, Owner, Proof, Receipt, Update};

use crate::alone::is_alone;
use crate::chat::{Chat, name};
use crate::modlog::{act, read};
use crate::serving::Folder;

fn fact(key: &str, value: Option<&str>) -> Update {
    Update::Fact(Fact { kind: "ban", key: key.to_owned(), value: value.map(str::to_owned) })
}

fn owner(of: &str, uid: u32) -> Update {
    let proofs = vec![Proof { identity: Identity::Uid(uid), login: None, since: Timestamp(5) }];
    Update::Own(Owner { name: name(of), since: Timestamp(5), proofs })
}

fn log(reason: &str) -> Update {
    let done = act("ann", &format!("kick bob - off {reason}")).1;
    Update::Log(LoggedAct { time: Timestamp(1), by: name("ann"), room: None, done })
}

/// What became of a promise: `None` if it was kept, otherwise why not.
fn promise(chat: &Chat, updates: Vec<Update>) -> Option<String> {
    chat.submit(Job::Promise(updates));
    match chat.report() {
        Report::Promised(kept) => kept.err(),
        other => panic!("{other:?}"),
    }
}

/// Facts, owners and acts after a restart.
fn kept(chat: &mut Chat) -> (Vec<String>, Vec<String>, Vec<String>) {
    chat.reopen();
    let facts = chat.opening.facts.iter().map(|(_, key, value)| format!("{key}={value}")).collect();
    let owners = chat.opening.owners.iter().map(|owner| format!("{} {}", owner.name, owner.proofs[0].identity));
    (facts, owners.collect(), read(chat, None))
}

#[test]
fn a_promise_is_kept_as_a_whole_and_in_its_place() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let record = chat.record("alice", "everyone", "before");
    chat.submit(Job::Append(vec![record]));
    chat.submit(Job::Promise(vec![fact("a", Some("1")), owner("ann", 1), log("one"), fact("a", Some("2"))]));
    let record = chat.record("alice", "everyone", "after");
    chat.submit(Job::Append(vec![record]));
    let kept_one = Receipt { outcomes: vec![Outcome::Kept], trouble: None };
    assert_eq!(chat.report(), Report::Stored(kept_one.clone()));
    assert_eq!(chat.report(), Report::Promised(Ok(())));
    assert_eq!(chat.report(), Report::Stored(kept_one));
    let (facts, owners, acts) = kept(&mut chat);
    assert_eq!((facts, owners), (vec!["a=2".to_owned()], vec!["ann uid:1".to_owned()]));
    assert_eq!(acts, ["1 ann in everyone: kick bob - off one", "end"]);
}

#[test]
fn after_a_broken_promise_nothing_is_kept_until_that_is_known() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    let why = promise(&chat, vec![fact("a", Some("1"))]);
    assert_eq!(why.as_deref(), Some("another program is using the history"));
    conn.execute_batch("ROLLBACK").unwrap();
    // The disk is well again, but nobody has said that they know.
    let why = promise(&chat, vec![fact("b", Some("1"))]);
    assert_eq!(why.as_deref(), Some("another program is using the history"));
    let record = chat.record("alice", "everyone", "rests on it");
    assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Unavailable]);
    chat.submit(Job::GoOn);
    assert_eq!(promise(&chat, vec![fact("c", Some("1")), log("well")]), None);
    chat.say("alice", "everyone", "does not");
    let (facts, _, acts) = kept(&mut chat);
    assert_eq!(facts, ["c=1"]);
    assert_eq!(acts, ["1 ann in everyone: kick bob - off well", "end"]);
}

#[test]
fn a_change_that_nobody_is_told_of_never_undoes_a_later_promise() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    chat.submit(Job::Keep(fact("a", Some("old"))));
    // It waits to be tried again.
    let record = chat.record("alice", "everyone", "lost");
    assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Unavailable]);
    conn.execute_batch("ROLLBACK").unwrap();
    assert_eq!(promise(&chat, vec![fact("a", Some("new"))]), None);
    chat.say("alice", "everyone", "after");
    assert_eq!(kept(&mut chat).0, ["a=new"]);
}

#[test]
fn on_a_full_disk_every_kind_of_change_is_refused_and_nothing_of_it_stays() {
    if !is_alone("promises::on_a_full_disk_every_kind_of_change_is_refused_and_nothing_of_it_stays", "trap '' XFSZ") {
        return;
    }
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let begun = vec![fact("a", Some("1")), fact("b", Some("1")), owner("ann", 1), log("first")];
    assert_eq!(promise(&chat, begun), None);
    chat.say("alice", "everyone", "before");
    chat.indexed();
    let bound = |most: Option<u64>| {
        let current = getrlimit(Resource::Fsize);
        setrlimit(Resource::Fsize, Rlimit { current: most, ..current }).unwrap();
    };
    let length = std::fs::metadata(folder.path().join("history.db-wal")).unwrap().len();
    bound(Some(length));
    for updates in [
        vec![fact("new", Some("1"))],
        vec![fact("a", None)],
        vec![fact("b", Some("2"))],
        vec![owner("bob", 2)],
        vec![owner("ann", 9)],
        vec![log("refused")],
        vec![fact("a", None), owner("ann", 9), log("refused too")],
    ] {
        assert!(promise(&chat, updates.clone()).is_some(), "{updates:?} is kept");
        chat.submit(Job::GoOn);
    }
    bound(None);
    assert_eq!(promise(&chat, vec![fact("after", Some("1")), log("second")]), None);
    let (facts, owners, acts) = kept(&mut chat);
    assert_eq!(facts, ["a=1", "after=1", "b=1"]);
    assert_eq!(owners, ["ann uid:1"]);
    let logged = ["1 ann in everyone: kick bob - off first", "2 ann in everyone: kick bob - off second", "end"];
    assert_eq!(acts, logged);
}
