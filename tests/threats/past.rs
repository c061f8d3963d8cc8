//! The past of a name against whoever holds it next, and what has ended against whoever comes next: the broker together
//! with a history in a file.

use std::cell::RefCell;
use std::fs;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tr2::model::Origin;
use tr2::protocol::{Dialect, Envelope, Request};
use tr2::server::broker::Input;
use tr2::server::broker::access::name_policy::Login;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::ids::{ConnId, RoomId};
use tr2::server::limits::NUMBERS_OF_A_MILLISECOND;
use tr2::server::store::api::{Job, Update};
use tr2::server::store::{Opening, Options, Report, Store};

use crate::serving::{Folder, PATIENCE};
use crate::world::{Keeper, Round, World, cast};

/// A history in a file.
pub struct Disk {
    store: Store,
    reports: Receiver<Report>,
    /// Jobs that wait, while there is a `Some`.
    held: RefCell<Option<Vec<Job>>>,
}

impl Disk {
    fn open(folder: &Folder) -> (Self, Opening) {
        let (sender, reports) = channel();
        let report = move |report| drop(sender.send(report));
        let (store, opening) = Store::open(folder.path(), Options::default(), report).unwrap();
        (Self { store, reports, held: RefCell::new(None) }, opening)
    }
}

impl Keeper for Disk {
    fn does(&mut self, job: &Job) -> Option<Input> {
        if let Some(held) = self.held.borrow_mut().as_mut() {
            held.push(job.clone());
            return None;
        }
        assert!(self.store.submit(job.clone()));
        matches!(job, Job::Append(_) | Job::Promise(_) | Job::Delete(_) | Job::Change(_) | Job::Ask(_)).then(|| {
            match self.reports.recv_timeout(PATIENCE).expect("a report") {
                Report::Stored(receipt) => Input::Stored(receipt),
                Report::Promised(kept) => Input::Promised(kept),
                Report::Deleted(deletion) => Input::Deleted(deletion),
                Report::Changed(change) => Input::Changed(change),
                Report::Answered(answer) => Input::Answered(answer),
                other => panic!("{other:?}"),
            }
        })
    }
}

pub fn started(folder: &Folder) -> World<Disk> {
    let (disk, opening) = Disk::open(folder);
    let Opening { last_id, last_room, users, owners, facts, lost } = opening;
    assert!(lost.is_empty(), "{lost:?}");
    let rules = Rules { own_uid: 42, ..cast().0 };
    World::new(rules, Beginning { last_id, last_room, users, owners, facts, secret: [7; 32] }, disk)
}

/// The same with users of all ranks, who are members of #ops.
pub fn peopled(folder: &Folder) -> World<Disk> {
    let ((rules, beginning), (disk, opening)) = (cast(), Disk::open(folder));
    World::new(rules, Beginning { last_id: opening.last_id, secret: [7; 32], ..beginning }, disk)
}

/// Joins over the socket file, as the login of this number; `whose` login the name is.
pub fn join_as_login(world: &mut World<Disk>, uid: u32, login: &str, name: &str, whose: Login) -> ConnId {
    let (conn, round) = ask_as_login(world, uid, login, name, whose);
    assert!(round.of(conn).any(|line| line.contains("| connection_confirmation |")), "{name} is not let in");
    conn
}

fn ask_as_login(world: &mut World<Disk>, uid: u32, login: &str, name: &str, whose: Login) -> (ConnId, Round) {
    let conn = world.connect(Origin::Unix(uid), None, Dialect::Tr226);
    let request = Request::parse(format!("x | server | name | {name}").as_bytes());
    world.broker.handle(world.now, Input::Received(conn, request), &mut world.outbox);
    world.outbox.lookups.clear();
    world.broker.handle(world.now, Input::LoginOf(conn, login.to_owned()), &mut world.outbox);
    world.broker.handle(world.now, Input::LookedUp(conn, whose), &mut world.outbox);
    let mut round = Round::default();
    world.settle(&mut round);
    (conn, round)
}

/// All that a user finds of their past with another.
fn past(world: &mut World<Disk>, conn: ConnId, with: &str) -> String {
    let mut told = String::new();
    for asked in ["history | limit=50", "history | since=0 limit=50"] {
        told.extend(world.say(conn, &format!("x | {with} | {asked}")).of(conn));
    }
    for asked in ["conversations", "search | pin", &format!("search | in:{with}")] {
        told.extend(world.say(conn, &format!("x | server | {asked}")).of(conn));
    }
    told
}

/// Waits until all messages are in the search index, as another connection sees it.
pub fn indexed(folder: &Folder) {
    let history = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
    history.busy_timeout(PATIENCE).unwrap();
    let behind = "SELECT count(*) FROM message WHERE id > coalesce((SELECT value FROM meta WHERE key = 'indexed'), 0)";
    let start = Instant::now();
    while history.query_row(behind, [], |row| row.get::<_, i64>(0)).unwrap() > 0 {
        assert!(start.elapsed() < PATIENCE, "the index stays behind");
        std::thread::yield_now();
    }
}

/// Waits until no file in the folder holds a word.
pub fn gone(folder: &Folder, word: &str) {
    let start = Instant::now();
    loop {
        let mut files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        // What moves from the log into the history meanwhile is found there.
        files.sort_by(|one, other| other.cmp(one));
        let holds = |bytes: Vec<u8>| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        if !files.into_iter().filter_map(|path| fs::read(path).ok()).any(holds) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(5), "{word} stays in a file");
        std::thread::yield_now();
    }
}

#[test]
fn the_next_holder_of_a_name_finds_nothing() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let (zoe, anna) = (world.join("zoe"), world.join("anna"));
    world.say(anna, "anna | zoe | private_message | my pin is 1234");
    world.say(zoe, "zoe | anna | private_message | your pin, noted");
    world.round(Input::Disconnected(zoe, "gone"));
    // A login takes its name back; then its number is another login's.
    let zoe = join_as_login(&mut world, 1003, "zoe", "zoe", Login::Own);
    let told = past(&mut world, zoe, "anna");
    assert!(!told.contains("pin") && !told.contains("anna"), "{told}");
    world.say(anna, "anna | zoe | private_message | a second pin");
    assert!(past(&mut world, zoe, "anna").contains("a second pin"));
    world.round(Input::Disconnected(zoe, "gone"));
    let mallory = join_as_login(&mut world, 1003, "mallory", "zoe", Login::Nobodys);
    let told = past(&mut world, mallory, "anna");
    assert!(!told.contains("pin") && !told.contains("anna"), "{told}");
    // The other side has all of it.
    assert!(["1234", "noted", "second"].iter().all(|word| past(&mut world, anna, "zoe").contains(word)));
}

#[test]
fn what_is_on_its_way_is_not_heard_by_the_next_holder() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let anna = world.join("anna");
    let zoe = world.connect(Origin::Tcp(([127, 0, 0, 1], 4000).into()), None, Dialect::Tr226);
    world.say(zoe, "x | server | name | zoe");
    *world.keeper.held.borrow_mut() = Some(Vec::new());
    world.say(anna, "anna | zoe | private_message | my pin is 1234");
    let new = ask_as_login(&mut world, 1003, "zoe", "zoe", Login::Own).0;
    let held = world.keeper.held.borrow_mut().take().unwrap();
    let mut heard = String::new();
    for job in held {
        if let Some(answer) = world.keeper.does(&job) {
            heard.extend(world.round(answer).of(new));
        }
    }
    assert!(heard.contains("| connection_confirmation |"));
    assert!(!heard.contains("pin"), "{heard}");
    assert!(!past(&mut world, new, "anna").contains("pin"));
}

#[test]
fn what_is_on_its_way_is_not_heard_by_a_guest_under_a_name_that_was_freed() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let anna = world.join("anna");
    let zoe = join_as_login(&mut world, 1003, "zoe", "zoe", Login::Own);
    world.round(Input::Disconnected(zoe, "gone"));
    *world.keeper.held.borrow_mut() = Some(Vec::new());
    world.say(anna, "anna | zoe | private_message | my pin is 1234");
    // The number is another login's now, so the name is nobody's.
    let mallory = world.connect(Origin::Unix(1003), None, Dialect::Tr226);
    world.round(Input::LoginOf(mallory, "mallory".to_owned()));
    let guest = world.connect(Origin::Tcp(([127, 0, 0, 1], 4000).into()), None, Dialect::Tr226);
    let joined = world.say(guest, "x | server | name | zoe");
    assert!(joined.of(guest).any(|line| line.contains("| connection_confirmation |")));
    let held = world.keeper.held.borrow_mut().take().unwrap();
    let mut heard = String::new();
    for job in held {
        if let Some(answer) = world.keeper.does(&job) {
            let round = world.round(answer);
            heard.extend(round.of(guest).chain(round.of(anna)).map(str::to_owned));
        }
    }
    assert!(heard.contains("| accepted"), "{heard}");
    assert!(!heard.contains("pin"), "{heard}");
    assert!(!past(&mut world, guest, "anna").contains("pin"));
}

#[test]
fn what_was_said_in_a_room_ends_with_it() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let anna = world.join("anna");
    world.say(anna, "anna | #den | join_room | private");
    world.say(anna, "anna | #den | broadcast | the word is zyxrosebudwvu");
    world.say(anna, "anna | #den | leave_room");
    gone(&folder, "zyxrosebudwvu");
}

#[test]
fn what_is_deleted_is_in_no_file() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let anna = world.join("anna");
    world.say(anna, "anna | #den | join_room");
    let said = world.say(anna, "anna | #den | broadcast | the word is zyxrosebudwvu");
    // It is in the search index too.
    let conn = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
    conn.busy_timeout(PATIENCE).unwrap();
    let behind = "SELECT count(*) FROM message WHERE id > coalesce((SELECT value FROM meta WHERE key = 'indexed'), 0)";
    while conn.query_row(behind, [], |row| row.get::<_, i64>(0)).unwrap() > 0 {
        std::thread::yield_now();
    }
    drop(conn);
    let accepted = said.of(anna).find(|line| line.contains("| accepted")).unwrap();
    let id = Envelope::parse(accepted.as_bytes()).unwrap().id.unwrap();
    let round = world.say(anna, &format!("anna | #den | delete | {id} a slip"));
    assert!(round.of(anna).any(|line| line.contains("| deleted |")));
    gone(&folder, "zyxrosebudwvu");
}

#[test]
fn no_room_is_given_the_number_of_another() {
    let folder = Folder::new();
    for lost in ["DELETE FROM fact WHERE kind = 'last_room'", "DELETE FROM meta WHERE key = 'last_room'"] {
        let mut world = started(&folder);
        let anna = world.join("anna");
        world.say(anna, "anna | #den | join_room");
        world.say(anna, "anna | #den | leave_room");
        let made = |round: &Round| -> u64 {
            let key = |change: &Update| match change {
                Update::Fact(fact) if fact.kind == "room" => fact.key.parse().ok(),
                _ => None,
            };
            round.jobs.iter().flat_map(Job::changes).find_map(key).unwrap()
        };
        let last = made(&world.say(anna, "anna | #den | join_room"));
        world.say(anna, "anna | #den | leave_room");
        world.keeper.store.close(PATIENCE);
        let conn = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
        conn.execute(lost, []).unwrap();
        drop(conn);
        let mut world = started(&folder);
        let anna = world.join("anna");
        let next = made(&world.say(anna, "anna | #new | join_room"));
        assert!(RoomId(next) > RoomId(last), "{lost}");
        world.say(anna, "anna | #new | leave_room");
        world.keeper.store.close(PATIENCE);
    }
}

#[test]
fn numbers_do_not_count() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let (anna, carol) = (world.join("anna"), world.join("carol"));
    let number = |world: &mut World<Disk>| {
        let round = world.say(carol, "carol | carol | private_message | hi");
        let line = round.of(carol).find(|line| line.contains("| accepted")).unwrap().to_owned();
        Envelope::parse(line.as_bytes()).unwrap().id.unwrap().0
    };
    let mut gaps = Vec::new();
    for hidden in [0, 50] {
        let first = number(&mut world);
        for _ in 0..hidden {
            world.say(anna, "anna | anna | private_message | psst");
        }
        world.now.wall = world.now.wall.after(Duration::from_millis(10));
        world.now.steady = world.now.steady.after(Duration::from_millis(10));
        gaps.push(number(&mut world) / NUMBERS_OF_A_MILLISECOND - first / NUMBERS_OF_A_MILLISECOND);
    }
    assert_eq!(gaps, [10, 10]);
}
