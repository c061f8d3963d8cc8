//! A disk that takes writes and fails to sync them: what could not be synced is refused, and is not there in the next life of
//! the process either. Each kind of change, told by the store itself.

use std::io::{BufRead as _, Write as _};
use std::process::Command;
use std::sync::mpsc::channel;

use tr2::model::{Identity, MessageId, Name, Reaction, Text, Timestamp};
use tr2::protocol::{Done, Verb};
use tr2::server::store::api::{
    Alteration, Changed, ConversationId, Deleted, Deletion, Fact, Job, LoggedAct, Outcome, OwnBound, Owner, Proof,
    ReactionRemoval, Recipient, Record, Requester, Revision, Update,
};
use tr2::server::store::{Opening, Options, Report, Store};

use super::serving::{Folder, PATIENCE};
use super::trace::{DISK_FAILS, DISK_WORKS, trace};

fn name(written: &str) -> Name {
    Name::parse(written).unwrap()
}

fn fact(key: &str, value: Option<&str>) -> Update {
    Update::Fact(Fact { kind: "ban", key: key.to_owned(), value: value.map(str::to_owned) })
}

fn owner(of: &str, uids: &[u32]) -> Update {
    let proofs =
        uids.iter().map(|&uid| Proof { identity: Identity::Uid(uid), login: None, since: Timestamp(1) }).collect();
    Update::Own(Owner { name: name(of), since: Timestamp(1), proofs })
}

fn rename(from: &str, to: &str, uids: &[u32]) -> Update {
    let of = |update| if let Update::Own(owner) = update { owner } else { panic!("no owner") };
    Update::Rename { from: of(owner(from, uids)), to: of(owner(to, uids)) }
}

fn act(reason: &str) -> Update {
    let done = Done { verb: Verb::Announce, subject: None, time: None, on: false, reason: Text::line(reason) };
    Update::Log(LoggedAct { time: Timestamp(1), by: name("ann"), room: None, done })
}

/// What holds before.
fn begun() -> Vec<Update> {
    vec![fact("old", Some("1")), fact("changed", Some("1")), owner("ann", &[1]), owner("bob", &[2, 3]), act("first")]
}

/// Promises that are not kept: each kind of change, alone and together.
fn refused() -> Vec<Vec<Update>> {
    vec![
        vec![fact("new", Some("1"))],
        vec![fact("old", None)],
        vec![fact("changed", Some("2"))],
        vec![owner("carol", &[4])],
        vec![owner("ann", &[9])],
        vec![owner("bob", &[])],
        vec![rename("ann", "zoe", &[1])],
        vec![fact("changed", Some("2")), rename("bob", "yve", &[2, 3]), owner("bob", &[7])],
        vec![act("refused")],
        vec![fact("changed", Some("3")), fact("changed", Some("4")), owner("ann", &[9]), act("both")],
    ]
}

fn record(id: u64, text: &str) -> Record {
    Record {
        id: MessageId(id),
        time: Timestamp(1),
        from: name("ann"),
        verified: true,
        to: Recipient::Everyone { me_too: false },
        reference: None,
        text: Text::line(text),
        deleted: None,
        extra: Default::default(),
    }
}

fn deletion(id: u64) -> Job {
    Job::Delete(Deletion {
        requester: Requester(1),
        reference: None,
        by: name("ann"),
        within: ConversationId::Everyone,
        id: MessageId(id),
        number: MessageId(id + 1_000_000),
        reason: Text::line("rude"),
        spared: Vec::new(),
        time: Timestamp(1),
        outcome: None,
    })
}

fn change(how: Alteration, at: u64) -> Job {
    Job::Change(Revision {
        requester: Requester(1),
        reference: None,
        label: Some(format!("label-{at}")),
        by: name("ann"),
        within: ConversationId::Everyone,
        id: MessageId(1),
        number: MessageId(2_000_000 + at),
        time: Timestamp(1),
        how,
        own: OwnBound { since: Timestamp(0), verified: true, after: MessageId(0) },
        outcome: None,
    })
}

fn edit(text: &str) -> Alteration {
    Alteration::Edit(Text::line(text))
}

fn react(word: &str) -> Alteration {
    Alteration::React(Reaction::parse(word).unwrap())
}

fn remove(word: &str) -> Alteration {
    let (reaction, reason) = (Reaction::parse(word).unwrap(), Text::line("refused"));
    Alteration::Remove(ReactionRemoval { reaction, of: None, spared: Vec::new(), reason })
}

/// The child: it tells nobody anything, and ends as if it was killed.
#[test]
#[ignore = "runs inside of the test below"]
fn inside() {
    let Some(folder) = std::env::var_os("TR2_SYNC_FOLDER") else { return };
    let case = std::env::var("TR2_SYNC_CASE").unwrap();
    let say = |line: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}").unwrap();
        out.flush().unwrap();
    };
    let (sender, reports) = channel();
    let report = move |report| drop(sender.send(report));
    let (store, _) = Store::open(folder.as_ref(), Options::default(), report).unwrap();
    let told = |job: Job| {
        assert!(store.submit(job));
        reports.recv_timeout(PATIENCE).unwrap()
    };
    assert_eq!(told(Job::Promise(begun())), Report::Promised(Ok(())));
    assert!(matches!(told(Job::Append(vec![record(1, "stays")])), Report::Stored(_)));
    assert!(matches!(
        told(change(react("stays"), 0)),
        Report::Changed(Revision { outcome: Some(Changed::Done(_)), .. })
    ));
    say("ready");
    std::io::stdin().lock().read_line(&mut String::new()).unwrap();
    say(DISK_FAILS);
    if case == "messages" {
        let Report::Stored(receipt) = told(Job::Append(vec![record(2, "refused")])) else { panic!("no receipt") };
        assert_eq!(receipt.outcomes, [Outcome::Unavailable]);
        for how in [edit("refused"), react("refused"), remove("stays")] {
            let Report::Changed(change) = told(change(how, 1)) else { panic!("no report") };
            assert_eq!(change.outcome, Some(Changed::Unavailable));
        }
        let Report::Deleted(deletion) = told(deletion(1)) else { panic!("no report") };
        assert_eq!(deletion.outcome, Some(Deleted::Unavailable));
    } else {
        for promise in refused() {
            let Report::Promised(Err(why)) = told(Job::Promise(promise)) else { panic!("it is kept") };
            assert!(why.contains("disk"), "{why}");
            // What comes before the answer is learnt of may rest on it.
            assert!(matches!(told(Job::Promise(vec![fact("rests", Some("1"))])), Report::Promised(Err(_))));
            assert!(store.submit(Job::GoOn));
        }
    }
    say(DISK_WORKS);
    if case == "works again" {
        assert_eq!(told(Job::Promise(vec![fact("after", Some("1"))])), Report::Promised(Ok(())));
    }
    // As if killed: nothing is closed or tidied up.
    std::process::exit(0);
}

fn after(case: &str) -> (Opening, [Vec<String>; 5]) {
    let folder = Folder::new();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "failing_sync::inside", "--ignored", "--nocapture", "--test-threads", "1"]);
    command.env("TR2_SYNC_FOLDER", folder.path()).env("TR2_SYNC_CASE", case);
    trace(command);
    let (store, opening) = Store::open(folder.path(), Options::default(), drop).unwrap();
    store.close(PATIENCE);
    let conn = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
    let all = |select: &str| {
        let mut select = conn.prepare(select).unwrap();
        let rows = select.query_map([], |row| row.get(0)).unwrap();
        rows.map(|row| row.unwrap()).collect::<Vec<String>>()
    };
    let bodies = all("SELECT body FROM message ORDER BY id");
    let (reactions, acts) = (all("SELECT text FROM reaction"), all("SELECT data FROM act ORDER BY id"));
    let renamed = all("SELECT key FROM user WHERE retired = 0 AND key IN ('zoe', 'yve')");
    (opening, [bodies, reactions, acts, all("SELECT ref FROM change_label"), renamed])
}

#[test]
fn what_could_not_be_synced_is_refused_and_not_there_after_kill_9() {
    if !cfg!(target_arch = "x86_64") {
        return println!("skipped: system calls are traced on x86-64 only");
    }
    for case in ["killed", "works again", "messages"] {
        let (opening, [messages, reactions, acts, labels, renamed]) = after(case);
        let mut facts: Vec<String> = opening.facts.iter().map(|(_, key, value)| format!("{key}={value}")).collect();
        facts.retain(|fact| fact != "after=1");
        assert_eq!(facts, ["changed=1", "old=1"], "{case}");
        let owners: Vec<String> =
            opening.owners.iter().map(|owner| format!("{} {}", owner.name, owner.proofs.len())).collect();
        assert_eq!(owners, ["ann 1", "bob 2"], "{case}");
        assert!(opening.owners[0].is(Identity::Uid(1)), "{case}");
        assert_eq!((messages, reactions), (vec!["stays".to_owned()], vec!["stays".to_owned()]), "{case}");
        assert_eq!(renamed, [""; 0], "{case}");
        assert_eq!(labels, ["label-0"], "{case}: what was refused left its label free");
        assert_eq!(acts.len(), 1, "{case}: {acts:?}");
        assert_eq!(opening.facts.len(), if case == "works again" { 3 } else { 2 }, "{case}");
    }
}
