//! The data folder of a real server: what happens to its files is noticed while it runs, and at the next start.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use rustix::process::Signal;

use crate::secure::Talk;
use crate::serving::{Folder, PATIENCE, Peer, Server, TR2, copy_program};

#[test]
fn a_server_whose_history_was_replaced_accepts_nothing_and_says_so() {
    let server = Server::start(&[]);
    let mut ann = Peer::join(server.address, "ann");
    ann.ask(&format!("ann | server | moderator | {}", server.passphrase()), " | moderator | ");
    ann.ask("@ref=1 x | all clients | broadcast_not_me | before", "accepted");
    let path = server.data.path().join("history.db");
    let away = server.data.path().join("away");
    fs::rename(&path, &away).unwrap();
    let line = server.logs("event=history_fails");
    assert!(line.starts_with("time=") && line.contains("level=error") && line.contains("history.db was removed"));
    let told = ann.until("Messages cannot be stored");
    assert!(told.contains("put the right files back"), "{told}");
    let refused = ann.ask("@ref=2 x | all clients | broadcast_not_me | lost", "ref=2");
    assert!(refused.contains("store_unavailable"), "{refused}");
    fs::rename(&away, &path).unwrap();
    ann.ask("@ref=3 x | all clients | broadcast_not_me | after", "ref=3;");
    ann.until("Messages can be stored again.");
    server.logs("event=store_works");
}

/// Ends a server and returns its data folder.
fn ended(mut server: Server, signal: Signal) -> Folder {
    server.signal(signal);
    server.end();
    std::mem::replace(&mut server.data, Folder::new())
}

/// Runs `tr2 serve` on a data folder, where it must end by itself; returns its status and what it said.
fn tr2_serve(data: &Path, options: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(TR2).args(["serve", "--data"]).arg(data).args(options).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[track_caller]
fn says(data: &Path, options: &[&str], status: i32, words: &[&str]) {
    let (code, said) = tr2_serve(data, options);
    assert_eq!(code, Some(status), "{options:?}: {said}");
    words.iter().for_each(|word| assert!(said.contains(word), "{options:?} without {word:?}: {said}"));
}

/// A data folder with a history of some pages, an owner, a ban and a key.
fn used(signal: Signal) -> Folder {
    let folder = Folder::new();
    let socket = folder.path().join("s");
    let listen = format!("unix:{}", socket.display());
    let server = Server::start(&["--flood", "off", "--listen", &listen, "--listen", "tls://127.0.0.1:0"]);
    let passphrase = loop {
        let line = server.printed.recv_timeout(PATIENCE).unwrap();
        if line.contains("passphrase") {
            break line.rsplit(' ').next().unwrap().to_owned();
        }
    };
    let mut ann = Peer::join(server.address, "ann");
    for number in 0..60 {
        ann.ask(&format!("@ref={number} x | all clients | broadcast_not_me | {}", "x".repeat(3000)), "accepted");
    }
    ann.ask(&format!("x | server | moderator | {passphrase}"), "| moderator |");
    ann.ask("x | all clients | ban | 192.0.2.0/24 spam", "| act | ban");
    Talk::unix(socket.to_str().unwrap()).join("root");
    ann.ask("@ref=last x | all clients | broadcast_not_me | last", "ref=last");
    ended(server, signal)
}

const HERE: [&str; 2] = ["--listen", "tls://127.0.0.1:0"];

/// What is done to a data folder, whether a start refuses it, and what is said.
type Damage = (&'static str, fn(&Path), bool, &'static str);

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn execute(data: &Path, sql: &str) {
    let conn = rusqlite::Connection::open(data.join("history.db")).unwrap();
    assert_eq!(conn.execute(sql, []).unwrap(), 1, "{sql}");
}

const DAMAGES: [Damage; 18] = [
    (
        "half of it",
        |data| change(&data.join("history.db"), |bytes| bytes.truncate(bytes.len() / 2)),
        true,
        "is damaged",
    ),
    ("page 2", |data| change(&data.join("history.db"), |bytes| bytes[4096..8192].fill(7)), true, "is damaged"),
    (
        "a page in the middle",
        |data| {
            change(&data.join("history.db"), |bytes| {
                let middle = bytes.len() / 8192 * 4096;
                bytes[middle..middle + 4096].fill(0);
            });
        },
        false,
        "damaged",
    ),
    (
        "no page but the first",
        |data| change(&data.join("history.db"), |bytes| bytes.truncate(4096)),
        true,
        "is damaged",
    ),
    ("its first bytes", |data| change(&data.join("history.db"), |bytes| bytes[..16].fill(0)), true, "is damaged"),
    ("empty", |data| fs::write(data.join("history.db"), "").unwrap(), true, "is empty, although this folder was used"),
    (
        "gone",
        |data| fs::remove_file(data.join("history.db")).unwrap(),
        true,
        "is missing, although this folder was used",
    ),
    (
        "gone, but for its log",
        |data| {
            fs::rename(data.join("history.db"), data.join("history.db-wal")).unwrap();
        },
        true,
        "is missing, but its log",
    ),
    ("no history", |data| fs::write(data.join("history.db"), "x".repeat(9000)).unwrap(), true, "not a database"),
    (
        "a word of a message",
        |data| execute(data, "UPDATE message SET body = 'never said' WHERE id = (SELECT min(id) FROM message)"),
        false,
        "1 messages in",
    ),
    (
        "a byte of a ban",
        |data| execute(data, "UPDATE fact SET value = replace(value, '2', '3') WHERE kind = 'ban'"),
        true,
        "ban 0",
    ),
    ("the ban's key", |data| execute(data, "UPDATE fact SET key = '1' WHERE kind = 'ban'"), true, "ban 1"),
    ("an owner", |data| execute(data, "UPDATE proof SET identity = 'uid:'"), true, "the owner of the name root"),
    ("another owner", |data| execute(data, "UPDATE proof SET identity = 'uid:1'"), true, "an owner of a name"),
    ("the owner's name", |data| execute(data, "UPDATE owner SET name = 'rood'"), true, "the owner of the name root"),
    ("the owner's key", |data| execute(data, "UPDATE proof SET key = 'rood'"), true, "the owner of the name ro"),
    (
        "the key with its certificate",
        |data| ["tls-key.pem", "tls-cert.pem"].iter().for_each(|file| fs::remove_file(data.join(file)).unwrap()),
        true,
        "tls-key.pem and its certificate",
    ),
    ("the key", |data| fs::remove_file(data.join("tls-key.pem")).unwrap(), true, "tls-key.pem is missing"),
];

fn copied(data: &Path) -> Folder {
    let copy = Folder::new();
    for entry in fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    copy
}

#[test]
fn every_damage_is_said_by_check_and_none_is_taken_for_nothing() {
    let whole = used(Signal::TERM);
    says(whole.path(), &["--check", HERE[0], HERE[1]], 0, &["are fine"]);
    for (what, damage, refused, words) in DAMAGES {
        let data = copied(whole.path());
        damage(data.path());
        let (status, said) = tr2_serve(data.path(), &["--check", HERE[0], HERE[1]]);
        assert!(status == Some(1) && said.contains(words), "{what}: {status:?} {said}");
        if refused {
            let (status, said) = tr2_serve(data.path(), &HERE);
            assert!(
                status == Some(1) && said.contains("history.db") | said.contains(words),
                "{what}: {status:?} {said}"
            );
        }
    }
}

#[test]
fn a_person_may_decide_to_go_on_without_what_is_lost() {
    let whole = used(Signal::TERM);
    for sql in [
        "UPDATE proof SET identity = 'uid:1'",
        "UPDATE proof SET key = 'rood'",
        "UPDATE fact SET value = replace(value, '2', '3') WHERE kind = 'ban'",
    ] {
        let data = copied(whole.path());
        execute(data.path(), sql);
        says(data.path(), &HERE, 1, &["--without-damaged"]);
        let server = start(data, &["--without-damaged"]);
        server.logs("event=damaged_records_deleted");
        // From then on nothing is damaged.
        drop(start(ended(server, Signal::TERM), &[]));
    }
    let data = copied(whole.path());
    fs::remove_file(data.path().join("history.db")).unwrap();
    says(data.path(), &HERE, 1, &["--new-history"]);
    drop(start(ended(start(data, &["--new-history"]), Signal::KILL), &[]));
}

fn start(data: Folder, options: &[&str]) -> Server {
    let mut command = Command::new(TR2);
    command.arg("serve");
    Server::run(command, data, options)
}

#[test]
fn a_log_that_lost_what_was_promised_is_refused() {
    type Loss = (&'static str, fn(&Path), &'static str);
    let losses: [Loss; 7] = [
        ("gone", |log| fs::remove_file(log).unwrap(), "it is missing"),
        ("emptied", |log| fs::write(log, "").unwrap(), "it is empty"),
        ("its first bytes only", |log| change(log, |bytes| bytes.truncate(10)), "its beginning is damaged"),
        ("its beginning overwritten", |log| change(log, |bytes| bytes[..32].fill(0x5a)), "its beginning is damaged"),
        ("half of it", |log| change(log, |bytes| bytes.truncate(bytes.len() / 2)), "a part of it is damaged"),
        ("three bytes", |log| change(log, |bytes| bytes[5000..5003].fill(0x5a)), "a part of it is damaged"),
        (
            "the last commit",
            |log| {
                change(log, |bytes| {
                    let end = bytes.len();
                    bytes[end - 9..].fill(0x5a);
                });
            },
            "",
        ),
    ];
    let data = used(Signal::KILL);
    let (log, index) = (data.path().join("history.db-wal"), data.path().join("history.db-shm"));
    let whole = (fs::read(&log).unwrap(), fs::read(&index).unwrap());
    for (what, lose, why) in losses {
        lose(&log);
        says(data.path(), &["--check"], 1, &["is not whole", why]);
        says(data.path(), &HERE, 1, &["is not whole", why, "history.db-mark"]);
        if matches!(what, "gone" | "emptied" | "three bytes") {
            // The index is not needed to find this.
            fs::remove_file(&index).unwrap();
            says(data.path(), &["--check"], 1, &["is not whole", why]);
        }
        fs::write(&log, &whole.0).unwrap();
        fs::write(&index, &whole.1).unwrap();
    }
    says(data.path(), &["--check"], 0, &["are fine"]);
    // Somebody who knows what is lost goes on.
    fs::remove_file(&log).unwrap();
    fs::remove_file(data.path().join("history.db-mark")).unwrap();
    let data = ended(start(data, &[]), Signal::TERM);
    assert!(!data.path().join("history.db-mark").exists(), "after a clean end there is nothing to lose");
}

#[test]
fn a_backup_beside_an_old_log_is_refused() {
    let data = used(Signal::KILL);
    let backup = data.path().join("backup");
    tr2::server::store::backup(data.path(), &backup).unwrap();
    // A backup makes no checkpoint: the log of the killed server is still there.
    assert!(fs::metadata(data.path().join("history.db-wal")).unwrap().len() > 0);
    says(data.path(), &["--check"], 0, &["are fine"]);
    fs::copy(&backup, data.path().join("history.db")).unwrap();
    let before = fs::read(data.path().join("history.db")).unwrap();
    says(data.path(), &["--check"], 1, &["do not belong together"]);
    says(data.path(), &HERE, 1, &["do not belong together"]);
    says(data.path(), &["--backup", data.path().join("mixed").to_str().unwrap()], 1, &["do not belong together"]);
    assert!(fs::read(data.path().join("history.db")).unwrap() == before);
    fs::remove_file(data.path().join("history.db-wal")).unwrap();
    fs::remove_file(data.path().join("history.db-shm")).unwrap();
    drop(start(data, &[]));
}

#[test]
fn the_log_of_another_history_is_refused() {
    let (data, other) = (used(Signal::KILL), used(Signal::KILL));
    for file in ["history.db-wal", "history.db-shm"] {
        fs::copy(other.path().join(file), data.path().join(file)).unwrap();
    }
    let before = fs::read(data.path().join("history.db")).unwrap();
    says(data.path(), &["--check"], 1, &["history.db"]);
    says(data.path(), &HERE, 1, &["do not belong together"]);
    assert!(fs::read(data.path().join("history.db")).unwrap() == before);
}

#[test]
fn check_tries_every_address() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = format!("tcp://{}", listener.local_addr().unwrap());
    says(&data, &["--check", "--listen", &taken], 1, &["another program is listening there"]);
    drop(listener);
    says(&data, &["--check", "--listen", &taken], 0, &["are fine"]);
    for twice in [["--listen", "--listen"], ["--listen", "--metrics"]] {
        let (_, said) = tr2_serve(&data, &["--check", twice[0], &taken, twice[1], &taken]);
        assert!(said.contains(&twice[1][2..]) && said.contains("is given twice"), "{said}");
        assert!(!said.contains("another program"), "{said}");
        says(&data, &["--check", twice[0], &taken, twice[1], &taken], 1, &["is given twice"]);
    }
    let foreign = ["--check", "--insecure-plaintext", "--listen", "tcp://192.0.2.1:1"];
    says(&data, &foreign, 1, &["this machine has no such address"]);
    // The addresses of the server that runs on this data are its own.
    let server = Server::start(&[]);
    let own = format!("tcp://{}", server.address);
    says(
        server.data.path(),
        &["--check", "--listen", &own],
        0,
        &["are fine", "addresses that are in use count as its own"],
    );
    says(&data, &["--check", "--listen", &own], 1, &["another program is listening there"]);
    assert!(!data.exists());
}

#[test]
fn root_checks_the_data_of_a_service() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can give files away");
        return;
    }
    let data = used(Signal::TERM);
    let give = |to: u32| {
        for entry in fs::read_dir(data.path()).unwrap() {
            chown(entry.unwrap().path(), Some(to), None).unwrap();
        }
        chown(data.path(), Some(to), None).unwrap();
    };
    let daemon = nix::unistd::User::from_name("daemon").unwrap().unwrap().uid.as_raw();
    let check = ["--check", HERE[0], HERE[1]];
    give(daemon);
    says(data.path(), &check, 0, &["are fine", "belongs to daemon"]);
    for file in ["history.db", "moderator", "lock", "tls-key.pem"] {
        chown(data.path().join(file), Some(0), None).unwrap();
        says(data.path(), &check, 1, &[file, "belongs to", "root", "chown daemon"]);
        chown(data.path().join(file), Some(daemon), None).unwrap();
    }
    give(3_999_999_999);
    // A server in a container may run as a number without a login, and a service as one that is made for it.
    says(data.path(), &check, 0, &["are fine", "uid 3999999999, which is no user of this machine"]);
    chown(data.path().join("history.db"), Some(0), None).unwrap();
    says(data.path(), &check, 1, &["history.db", "runs as uid 3999999999; run chown 3999999999 "]);
    give(61_200);
    says(data.path(), &check, 0, &["are fine", "uid 61200"]);
}

/// Runs `tr2 serve` as the user `daemon`, where it must end by itself; returns what it said.
fn refused_as_daemon(data: &Path, options: &[&str]) -> String {
    let daemon = nix::unistd::User::from_name("daemon").unwrap().unwrap();
    let folder = Folder::new();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    // The program itself may be in a folder that others cannot enter.
    let program = folder.path().join("tr2");
    copy_program(&program);
    let mut command = Command::new("timeout");
    command.arg("20").arg(&program).args(["serve", "--listen", "tcp://127.0.0.1:0", "--data"]).arg(data).args(options);
    let output = command.uid(daemon.uid.as_raw()).gid(daemon.gid.as_raw()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    said
}

#[test]
fn a_restore_by_root_is_refused_with_what_to_do() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can give files away");
        return;
    }
    let data = used(Signal::TERM);
    let daemon = nix::unistd::User::from_name("daemon").unwrap().unwrap().uid.as_raw();
    let folder = Folder::new();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let theirs = folder.path().join("theirs");
    fs::create_dir(&theirs).unwrap();
    fs::set_permissions(&theirs, fs::Permissions::from_mode(0o700)).unwrap();
    for entry in fs::read_dir(data.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let copy = theirs.join(path.file_name().unwrap());
            fs::copy(&path, &copy).unwrap();
            chown(copy, Some(daemon), None).unwrap();
        }
    }
    chown(&theirs, Some(daemon), None).unwrap();
    for file in ["history.db", "moderator", "lock"] {
        let path = theirs.join(file);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        chown(&path, Some(0), None).unwrap();
        for options in [&[][..], &["--check"]] {
            let said = refused_as_daemon(&theirs, options);
            let advice = format!("run chown daemon {}", path.display());
            assert!(said.contains(&advice) && said.contains("root"), "{file} {options:?}: {said}");
        }
        chown(&path, Some(daemon), None).unwrap();
    }
    // A volume of root's that others may write to: its permissions are not theirs to change.
    let volume = folder.path().join("volume");
    fs::create_dir(&volume).unwrap();
    for mode in [0o777, 0o2770] {
        fs::set_permissions(&volume, fs::Permissions::from_mode(mode)).unwrap();
        if mode == 0o2770 {
            chown(&volume, Some(0), Some(nix::unistd::User::from_name("daemon").unwrap().unwrap().gid.as_raw()))
                .unwrap();
            fs::set_permissions(&volume, fs::Permissions::from_mode(mode)).unwrap();
        }
        for options in [&[][..], &["--check"]] {
            let said = refused_as_daemon(&volume, options);
            assert!(said.contains("belongs to root") && said.contains("--data"), "{mode:o} {options:?}: {said}");
            assert!(said.contains(volume.join("tr2").to_str().unwrap()) && !said.contains("chmod"), "{said}");
        }
    }
}

#[test]
fn a_limit_on_the_size_of_files_is_a_full_disk_and_no_end() {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -S -f 400; exec \"$0\" \"$@\"", TR2, "serve"]);
    let server = Server::run(command, Folder::new(), &["--flood", "off"]);
    let mut ann = Peer::join(server.address, "ann");
    let text = "x".repeat(5000);
    for number in 0.. {
        let answer =
            ann.ask(&format!("@ref={number} x | all clients | broadcast_not_me | {text}"), &format!("@ref={number}"));
        if answer.contains("store_unavailable") {
            break;
        }
        assert!(number < 1000, "{answer}");
    }
    let line = server.logs("event=history_fails");
    assert!(line.contains("ulimit -f"), "{line}");
    ann.ask("x | ann | echo | still there", "| echo | still there");
}

/// A server whose data is on a disk of 3 MB, which only it sees; `None`, with a word, where this user may not mount one.
fn on_small_disk() -> Option<Server> {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can mount a small disk");
        return None;
    }
    let folder = Folder::new();
    let script = "mount -t tmpfs -o size=3m,mode=700 none \"$0\" && exec \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script]).arg(folder.path()).args([TR2, "serve"]);
    Some(Server::run(command, folder, &["--flood", "off"]))
}

#[test]
fn the_log_says_once_that_the_history_fails_and_that_it_works_again_only_when_it_does() {
    let Some(server) = on_small_disk() else { return };
    let mut ann = Peer::join(server.address, "ann");
    ann.ask(&format!("ann | server | moderator | {}", server.passphrase()), " | moderator | ");
    let mut ban = |number: usize| {
        let asked = format!("@ref={number} x | all clients | ban | mallory{number} spam");
        !ann.ask(&asked, &format!("ref={number}")).contains("store_unavailable")
    };
    // The disk as the server sees it.
    let seen = format!("/proc/{}/root{}", server.pid(), server.data.path().display());
    let ballast = Path::new(&seen).join("ballast");
    assert!(fs::write(&ballast, vec![0; 4 << 20]).is_err(), "the disk is not full");
    let first = (0..1000).find(|&number| !ban(number)).expect("the disk is full");
    for number in first + 1..first + 10 {
        assert!(!ban(number), "ban {number} fits after all");
    }
    fs::remove_file(&ballast).unwrap();
    assert!(ban(first + 10));
    server.signal(Signal::TERM);
    let mut events = Vec::new();
    while let Ok(line) = server.log.recv_timeout(PATIENCE) {
        let is_in = |event: &&str| line.contains(&format!("event=history_{event}"));
        events.extend(["fails", "unsure", "works_again"].into_iter().find(is_in));
    }
    assert!(matches!(events[..], ["fails", "works_again"] | ["fails", "unsure", "works_again"]), "{events:?}");
}
