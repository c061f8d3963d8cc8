//! `kill -9` on the real server under load, again and again, while in a room messages are deleted, and a user edits,
//! reacts to and deletes what they said themselves. Those who write are here in three sessions each: what every session has
//! seen in all lives of the server is what is kept, once.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustix::process::Signal;

use super::checker::{Kept, Witness};
use super::senders::{Sender, in_room};
use super::serving::{Folder, PATIENCE, Peer, Server, TR2, tag};
use crate::chance::Chance;
use crate::count::Count;

const USERS: usize = 3;
/// Sessions of each user.
const SESSIONS: usize = 3;
const CYCLES: usize = 30;
const LONG_CYCLES: usize = 100;
/// Messages deleted in one life of the server, at most.
const DELETED: usize = 40;

/// A moderator who deletes messages of the room.
struct Keeper(TcpStream, BufReader<TcpStream>);

impl Keeper {
    fn join(address: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(b"keeper | server | name | keeper\nkeeper | #ops | join_room\n").unwrap();
        let mut keeper = Self(stream.try_clone().unwrap(), BufReader::new(stream));
        keeper.until("| #ops | room |").expect("the room");
        keeper
    }

    fn until(&mut self, words: &str) -> Option<String> {
        let mut lines = self.1.by_ref().lines().map_while(Result::ok);
        lines.find(|line| line.contains(words))
    }

    /// Deletes one message after another, until the server is gone.
    fn work(mut self, wanted: Vec<Kept>, witness: &Mutex<Witness>) {
        for kept in wanted {
            witness.lock().unwrap().deletes(kept.id, &kept.text);
            let frame = format!("@ref=d{0} keeper | #ops | delete | {0} rude\n", kept.id);
            if self.0.write_all(frame.as_bytes()).is_err() {
                return;
            }
            let Some(told) = self.until(&format!("@ref=d{} ", kept.id)) else { return };
            assert!(told.contains(&format!("| #ops | act | delete {} ", kept.sender)), "{told}");
            witness.lock().unwrap().deleted(kept.id);
        }
    }
}

/// Somebody who changes what they said, across all lives of the server.
#[derive(Default)]
struct Changer {
    said: usize,
    /// Whether the last message is not accepted yet.
    open: bool,
}

impl Changer {
    const NAME: &'static str = "changer";

    /// The numbers are even, as of all that is said to everyone.
    fn text(number: usize) -> String {
        format!("changed {} once", 2 * number)
    }

    /// Says something, changes it and says the next thing, until the server is gone or, without `more`, all is accepted.
    fn work(&mut self, address: SocketAddr, witness: &Mutex<Witness>, more: bool) -> Option<()> {
        let mut stream = TcpStream::connect(address).ok()?;
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
        stream.write_all(format!("{0} | server | name | {0}\n", Self::NAME).as_bytes()).ok()?;
        let mut ask = |requests: &[(String, String)]| {
            let frame = |(label, line): &(String, String)| format!("@ref={label} x | all clients | {line}\n");
            stream.write_all(requests.iter().map(frame).collect::<String>().as_bytes()).ok()
        };
        let mut answer = |label: &str| {
            let told = lines.find(|told| [";", " "].iter().any(|end| told.contains(&format!("@ref={label}{end}"))))?;
            assert!(!told.contains("| refused |"), "{told}");
            Some(told)
        };
        while more || self.open {
            let (number, text) = (self.said, Self::text(self.said));
            witness.lock().unwrap().says(Self::NAME, &text);
            // A message of an earlier session is not this one's own any more.
            let own = !std::mem::replace(&mut self.open, true);
            ask(&[(format!("s{number}"), format!("broadcast_not_me | {text}"))])?;
            let told = answer(&format!("s{number}"))?;
            let id: u64 = tag(&told, "id").parse().unwrap();
            witness.lock().unwrap().accepted(Self::NAME, &text, id, tag(&told, "time"));
            (self.said, self.open) = (self.said + 1, false);
            let edited = [0, 1].map(|how| format!("changed {} {how}", 2 * number));
            let reactions = [("+1", true), ("ok", true), ("+1", true), ("ok", false)];
            let mut requests = Vec::new();
            for (at, (word, on)) in reactions.into_iter().enumerate() {
                witness.lock().unwrap().reacts(id, word, on);
                let how = if on { "react" } else { "unreact" };
                requests.push((format!("r{number}-{at}"), format!("{how} | {id} {word}")));
            }
            for text_now in edited.iter().filter(|_| own) {
                witness.lock().unwrap().edits(id, &text, text_now);
                requests.push((format!("e{number}-{}", requests.len()), format!("edit | {id} {text_now}")));
            }
            let retracts = own && number.is_multiple_of(3);
            if retracts {
                witness.lock().unwrap().deletes(id, &text);
                requests.push((format!("d{number}"), format!("retract | {id}")));
            }
            ask(&requests)?;
            for (at, (label, _)) in requests.iter().enumerate() {
                answer(label)?;
                let mut witness = witness.lock().unwrap();
                match (reactions.get(at), label.starts_with('e')) {
                    (Some((word, on)), _) => witness.reacted(id, word, *on),
                    (None, true) => witness.edited(id, &edited[at - reactions.len()]),
                    (None, false) => witness.deleted(id),
                }
            }
        }
        Some(())
    }
}

/// Kills a server when it is dropped: however a life of it ends, nobody goes on in it for ever.
struct Killed<'a>(&'a Server);

impl Drop for Killed<'_> {
    fn drop(&mut self) {
        self.0.signal(Signal::KILL);
    }
}

/// A message as its witness knows it: by the session in which it was said.
fn witnessed(kept: &Kept, witness: &Witness) -> Kept {
    let text = witness.condemned(kept.id).filter(|_| kept.deleted).unwrap_or(&kept.text);
    Kept { sender: Sender::witnessed(&kept.sender, text), ..kept.clone() }
}

/// Whether two views of the history are the same, apart from messages deleted in between.
fn same(viewed: &[Kept], history: &[Kept]) -> bool {
    let same = |(old, new): (&Kept, &Kept)| {
        let changed = old.sender == Changer::NAME;
        let text = (changed || old.text == new.text) && old.deleted == new.deleted;
        (old.id, &old.time, &old.sender) == (new.id, &new.time, &new.sender) && (text || new.deleted)
    };
    viewed.len() == history.len() && viewed.iter().zip(history).all(same)
}

fn serve(data: Folder, socket: &Path) -> Server {
    let mut command = Command::new(TR2);
    command.arg("serve");
    let listen = format!("unix:{}", socket.display());
    let options = ["--listen", &listen, "--flood", "off", "--log", "error", "--moderator", "keeper", "--trust-names"];
    Server::run(command, data, &options)
}

/// All messages after `since`, to everyone and in the room, page by page.
pub fn page(address: SocketAddr, since: u64) -> Vec<Kept> {
    // Each reader has a name of its own: the server may not have noticed yet that the last one left.
    static READERS: AtomicUsize = AtomicUsize::new(0);
    let mut reader = Peer::join(address, &format!("reader{}", READERS.fetch_add(1, Ordering::Relaxed)));
    reader.say("x | server | capabilities | reply edit react");
    reader.say("x | #ops | join_room");
    reader.until("| #ops | room |");
    let mut kept = [part(&mut reader, "all clients", since), part(&mut reader, "#ops", since)].concat();
    kept.sort_by_key(|kept| kept.id);
    kept
}

fn part(reader: &mut Peer, place: &str, since: u64) -> Vec<Kept> {
    let mut kept: Vec<Kept> = Vec::new();
    loop {
        let from = kept.last().map_or(since, |last| last.id);
        reader.say(&format!("@ref=page x | {place} | history | limit=1000 since={from}"));
        loop {
            let line = reader.until("ref=page");
            if line.contains("| history_end") {
                if line.ends_with("more") {
                    break;
                }
                return kept;
            }
            if let Some((_, reactions)) = line.split_once("| reactions | ") {
                let reactions = reactions.split(' ').map(|it| it.replace('!', "")).collect();
                kept.last_mut().unwrap().reactions = reactions;
                continue;
            }
            kept.push(Kept::read(&line));
        }
    }
}

#[test]
fn a_server_killed_under_load_loses_and_duplicates_nothing_accepted() {
    let seed = 20_261_124;
    let mut chance = Chance(seed);
    let witness = Arc::new(Mutex::new(Witness::default()));
    let mut senders: Vec<Sender> = (0..USERS * SESSIONS).map(|at| Sender::new(at / SESSIONS, at % SESSIONS)).collect();
    let folder = Folder::new();
    let socket = folder.path().join("s");
    let (mut viewed, mut changer): (Vec<Kept>, Changer) = Default::default();
    let mut data = Folder::new();
    let cycles = if super::long() { LONG_CYCLES } else { CYCLES };
    for cycle in 0..=cycles {
        let last = cycle == cycles;
        let mut server = serve(data, &socket);
        let (address, count) = (server.address, Count::default());
        let until = 20 + chance.below(900);
        // The reader continues from the last id of the previous life.
        let since = viewed.last().map_or(0, |kept| kept.id);
        let keeper = Keeper::join(address);
        viewed.extend(page(address, since));
        let room: Vec<&Kept> = viewed.iter().filter(|kept| !kept.deleted && in_room(&kept.text)).collect();
        let wanted: Vec<Kept> = (0..DELETED.min(room.len())).map(|_| room[chance.below(room.len())].clone()).collect();
        std::thread::scope(|scope| {
            if !last {
                let wanted = witness.lock().unwrap().spared(wanted);
                scope.spawn(|| keeper.work(wanted, &witness));
            }
            scope.spawn(|| changer.work(address, &witness, !last));
            for sender in &mut senders {
                let (socket, witness, count) = (&socket, &witness, &count);
                scope.spawn(move || sender.work(socket, witness, count, !last));
            }
            if !last {
                let _killed = Killed(&server);
                count.wait_for(until as u64);
            }
        });
        if last {
            let since = viewed.last().map_or(0, |kept| kept.id);
            viewed.extend(page(address, since));
            let history = page(address, 0);
            assert!(same(&viewed, &history), "who comes back sees a gap or a double (seed {seed})");
            for sender in &mut senders {
                // What others said last came after it had nothing more to say itself.
                sender.work(&socket, &witness, &count, false);
                let view = sender.view();
                assert!(same(&view, &history), "a session of {} sees a gap or a double (seed {seed})", sender.user);
            }
            let witness = witness.lock().unwrap();
            let history: Vec<Kept> = history.iter().map(|kept| witnessed(kept, &witness)).collect();
            let faults = witness.faults(&history, true);
            assert_eq!(faults, [""; 0], "seed {seed}");
            let deleted = history.iter().filter(|kept| kept.deleted).count();
            let changed = history.iter().filter(|kept| kept.sender == Changer::NAME && !kept.reactions.is_empty());
            println!(
                "{} messages accepted in {cycles} lives, of which {deleted} were deleted and {} edited",
                history.len(),
                changed.clone().count()
            );
            assert!(deleted > 0 && changed.count() > 0);
            server.signal(Signal::TERM);
        }
        server.end();
        data = std::mem::replace(&mut server.data, Folder::new());
    }
    let conn = rusqlite::Connection::open(data.path().join("history.db")).unwrap();
    let sound: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}
