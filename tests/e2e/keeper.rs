//! What whoever keeps the machine does with a server's data, running or stopped: lists, orders, backups, and everything by
//! one person.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::Signal;
use serde_json::Value;

use crate::secure::Talk;
use crate::serving::{Folder, PATIENCE, Peer, Server, TR2};

/// What a command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `tr2 serve` on a data folder.
pub(crate) fn keeper(data: &Path, options: &[&str]) -> Told {
    let output = Command::new(TR2).args(["serve", "--data"]).arg(data).args(options).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Told { status: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// The same, which must succeed; what it printed.
#[track_caller]
pub(crate) fn done(data: &Path, options: &[&str]) -> String {
    let told = keeper(data, options);
    assert!(told.status == 0 && told.err.is_empty(), "{options:?}: {told:?}");
    told.out
}

/// The same, which must fail with this status, and say this.
#[track_caller]
pub(crate) fn refused(data: &Path, options: &[&str], status: i32, words: &str) {
    let told = keeper(data, options);
    assert!(told.status == status && told.err.contains(words) && told.out.is_empty(), "{options:?}: {told:?}");
    assert_eq!(told.err.trim_end().lines().count(), 1, "one sentence: {told:?}");
}

fn json(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A server with a socket file, on which users are verified, and the folder of that file.
struct House {
    server: Server,
    folder: Folder,
}

impl House {
    fn start(options: &[&str]) -> Self {
        Self::on(Folder::new(), options)
    }

    fn on(data: Folder, options: &[&str]) -> Self {
        let folder = Folder::new();
        let listen = format!("unix:{}", folder.path().join("s").display());
        let mut command = Command::new(TR2);
        command.arg("serve");
        Self { server: Server::run(command, data, &[&["--listen", &listen], options].concat()), folder }
    }

    /// The moderator passphrase that it printed.
    fn passphrase(&self) -> String {
        let mut printed = std::iter::repeat_with(|| self.server.printed.recv_timeout(PATIENCE).unwrap());
        printed.find_map(|line| Some(line.split_once("shown only once: ")?.1.to_owned())).unwrap()
    }

    fn data(&self) -> &Path {
        self.server.data.path()
    }

    fn join(&self, name: &str) -> Talk {
        Talk::unix(self.folder.path().join("s").to_str().unwrap()).join(name)
    }

    /// Stops it; its data stay.
    fn stop(mut self) -> Folder {
        self.server.signal(Signal::TERM);
        self.server.end();
        std::mem::replace(&mut self.server.data, Folder::new())
    }
}

/// Does something with the data of a running server, and of a stopped one.
fn both(prepare: impl Fn(&House), check: impl Fn(&Path)) {
    let house = House::start(&[]);
    prepare(&house);
    check(house.data());
    let house = House::start(&[]);
    prepare(&house);
    check(house.stop().path());
}

/// Whether a text stands anywhere in the files of a folder.
fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()).any(|path| {
        let bytes = fs::read(path).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

/// Two people who talk to everyone, in a room and to each other.
fn talk(house: &House) {
    let (mut ann, mut ben) = (house.join("ann"), Peer::join(house.server.address, "ben"));
    ann.ask("@ref=1 x | all clients | broadcast | apricot for all", "| accepted");
    ben.ask("@ref=1 x | all clients | broadcast | banana for all", "| accepted");
    ann.ask("@ref=2 x | #ops | join_room | -", "| room |");
    ann.ask("@ref=3 x | #ops | broadcast | apricot in ops", "| accepted");
    ann.ask("@ref=4 x | ben | private_message | apricot for ben", "| accepted");
    ben.ask("@ref=2 x | ann | private_message | banana for ann", "| accepted");
}

#[test]
fn lists_say_what_is_stored_to_people_and_programs() {
    let prepare = |house: &House| {
        talk(house);
        // The server's own user is a moderator under a name that is kept for one.
        let mut root = Peer::connect(house.server.address);
        let passphrase = house.passphrase();
        root.ask(&format!("x | server | moderator | {passphrase}"), "You are now a moderator");
        root.ask("root | server | name | root", "connection_confirmation");
        root.ask("x | all clients | ban | mallory for=3600s spam", "| act |");
        root.ask("x | all clients | grant | ann helps", "| act |");
        root.ask("x | server | invite | people=30 for=7d", "| invited |");
    };
    both(prepare, |data| {
        let list = |what| done(data, &["--list", what]);
        let rows = |what| json(&done(data, &["--list", what, "--format", "json"]));
        assert_eq!(list("users"), "ann: owned\nben: nobody owns the name\nroot: nobody owns the name\n");
        assert_eq!(rows("users")[1], serde_json::json!({"name": "ben", "owned": false, "used": null}));
        assert!(list("names").starts_with("ann: since 20"), "{}", list("names"));
        assert!(rows("names")[0]["proofs"][0]["proof"].as_str().unwrap().starts_with("uid:"));
        assert_eq!(list("rooms"), "#ops: open; members: ann (maker)\n");
        assert_eq!(rows("rooms")[0]["members"], serde_json::json!([{"name": "ann", "role": "maker"}]));
        assert!(list("bans").starts_with("ban 0: mallory, by root, until 20"), "{}", list("bans"));
        assert_eq!(
            (&rows("bans")[0]["whom"], &rows("bans")[0]["reason"]),
            (&serde_json::json!(["mallory"]), &"spam".into())
        );
        assert!(list("invitations").ends_with("by root\n"), "{}", list("invitations"));
        assert_eq!((&rows("invitations")[0]["people"], &rows("invitations")[0]["used"]), (&30.into(), &0.into()));
        let named = done(data, &["--moderator", "root", "--list", "moderators"]);
        assert_eq!(named, "root: named in the configuration\nann: made one by a moderator\n");
        // The manual has the keys, those of what is within an entry behind a colon.
        let manual = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/man/tr2-serve.1")).unwrap();
        let manual = manual.split(".Bl -tag -width invitations -compact\n").nth(1).unwrap();
        for entry in manual.split(".El").next().unwrap().split(".It Cm ").skip(1) {
            let (what, written) = entry.trim().split_once('\n').unwrap();
            let keys = |of: &str| {
                let mut keys: Vec<String> = of.split_whitespace().map(str::to_owned).collect();
                keys.sort();
                keys
            };
            let (own, within) =
                keys_of(&json(&done(data, &["--moderator", "root", "--list", what, "--format", "json"]))[0]);
            let (first, second) = written.split_once(": ").unwrap_or((written, ""));
            assert_eq!((own, within), (keys(first), keys(second)), "{what}");
        }
        let acts = list("acts");
        assert!(acts.contains(": root banned mallory for 1 hour: spam\n") && acts.lines().count() == 2, "{acts}");
        assert_eq!(rows("acts")[1]["act"], "grant");
    });
}

/// The keys of an entry, and those of the first object within it.
fn keys_of(entry: &Value) -> (Vec<String>, Vec<String>) {
    let sorted = |value: &Value| {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    let within =
        entry.as_object().unwrap().values().find_map(|value| value.as_array()?.first().filter(|one| one.is_object()));
    (sorted(entry), within.map(sorted).unwrap_or_default())
}

#[test]
fn a_freed_name_is_anybodys() {
    both(talk, |data| {
        let told = done(data, &["--free", "ann"]);
        assert_eq!(
            told,
            "The name ann is free; whoever joins under it next can own it, and finds nothing of its past. \
             1 room ends with it: #ops.\n"
        );
        assert_eq!(done(data, &["--list", "names"]), "");
        assert!(
            done(data, &["--list", "acts"]).ends_with("server freed the name ann: ordered on the server's machine\n")
        );
        refused(data, &["--free", "ann"], 1, "nobody owns the name ann");
    });
    let house = House::start(&[]);
    talk(&house);
    let mut ann = house.join("ann");
    done(house.data(), &["--free", "ann"]);
    ann.until("kicked Your name was freed by whoever keeps the server.");
}

#[test]
fn a_new_passphrase_holds_at_once_and_after_a_restart() {
    let house = House::start(&[]);
    let old = house.passphrase();
    let rotated = |data: &Path| {
        let told = done(data, &["--rotate-passphrase"]);
        told.trim_end().strip_prefix("The new moderator passphrase, shown only once: ").unwrap().to_owned()
    };
    let says = |house: &House, passphrase: &str, words: &str| {
        Peer::connect(house.server.address).ask(&format!("x | server | moderator | {passphrase}"), words);
    };
    let mut moderator = Peer::connect(house.server.address);
    moderator.ask(&format!("x | server | moderator | {old}"), "You are now a moderator");
    let new = rotated(house.data());
    moderator.until("You are no longer a moderator.");
    says(&house, &old, "wrong_passphrase");
    says(&house, &new, "You are now a moderator");
    assert!(house.server.logs("passphrase_rotated").contains("level=warn"));
    let mut inviter = house.join("kay");
    inviter.ask(&format!("x | server | moderator | {new}"), "You are now a moderator");
    inviter.ask("x | server | invite | people=5 for=1h", "invited");
    let data = house.stop();
    let invitations = |data: &Path| done(data, &["--list", "invitations", "--format", "json"]).lines().count();
    let before = invitations(data.path());
    rotated(data.path());
    assert_eq!((before, invitations(data.path())), (1, 0));
    // Whoever has not seen the new one is told what to do.
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(TR2);
    command.args(["serve", "--data"]).arg(data.path()).arg("--rotate-passphrase").stdout(full);
    let unseen = command.output().unwrap();
    let told = String::from_utf8(unseen.stderr).unwrap();
    assert_eq!(
        (unseen.status.code(), told.contains("which nobody has seen: do this again")),
        (Some(1), true),
        "{told}"
    );
    let newest = rotated(data.path());
    let house = House::on(data, &[]);
    says(&house, &new, "wrong_passphrase");
    says(&house, &newest, "You are now a moderator");
    let printed: Vec<String> = house.server.printed.try_iter().collect();
    assert!(!printed.iter().any(|line| line.contains("passphrase")), "none is made at the start: {printed:?}");
}

#[test]
fn maintenance_lasts_until_it_is_switched_off() {
    let house = House::start(&[]);
    let mut stays = Peer::join(house.server.address, "ann");
    let told = done(house.data(), &["--maintenance", "on", "--text", "Back at noon."]);
    assert_eq!(told, "Maintenance is on: only moderators can join. Whoever is online stays.\n");
    house.server.logs("event=maintenance on=true text=\"Back at noon.\"");
    let is_kept_out = |house: &House| {
        let mut ben = Peer::connect(house.server.address);
        ben.ask("ben | server | name | ben", "refused | maintenance Back at noon.");
    };
    is_kept_out(&house);
    stays.ask("@ref=1 x | all clients | broadcast | still here", "| accepted");
    drop(stays);
    let house = House::on(house.stop(), &[]);
    let printed: Vec<String> = (0..2).map(|_| house.server.printed.recv_timeout(PATIENCE).unwrap()).collect();
    assert!(printed[1].starts_with("Maintenance is on") && printed[1].ends_with("Back at noon."), "{printed:?}");
    house.server.logs("event=maintenance on=true");
    is_kept_out(&house);
    // The server's own user keeps it.
    house.join("host");
    let data = house.stop();
    assert_eq!(done(data.path(), &["--maintenance", "off"]), "Maintenance is off: everybody can join again.\n");
    let house = House::on(data, &[]);
    Peer::join(house.server.address, "ben");
    let folder = house.stop();
    done(folder.path(), &["--maintenance", "on"]);
    let house = House::on(folder, &[]);
    Peer::connect(house.server.address)
        .ask("ben | server | name | ben", "refused | maintenance The server is being maintained; try again later.");
}

#[test]
fn an_export_has_everything_by_somebody_and_to_them() {
    both(talk, |data| {
        let out = Folder::new();
        let file = out.path().join("ann.json");
        let written = done(data, &["--export", "ann", file.to_str().unwrap()]);
        assert!(written.contains("6 lines about ann"), "{written}");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let rows = json(&fs::read_to_string(&file).unwrap());
        let kinds: Vec<&str> = rows.iter().map(|row| row["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["name", "room", "message", "message", "message", "message"]);
        let texts: Vec<_> =
            rows[2..].iter().map(|row| (row["text"].as_str().unwrap(), row["to"].as_str().unwrap())).collect();
        let wanted = [
            ("apricot for all", "everyone"),
            ("apricot in ops", "#ops"),
            ("apricot for ben", "ben"),
            ("banana for ann", "ann"),
        ];
        assert_eq!(texts, wanted);
        refused(data, &["--export", "ann", file.to_str().unwrap()], 1, "exists already, and nothing was written");
        let other = out.path().join("zoe.json");
        refused(data, &["--export", "zoe", other.to_str().unwrap()], 1, "no user zoe");
        assert!(!other.exists());
    });
}

#[test]
fn what_is_erased_is_in_no_file_any_more() {
    both(talk, |data| {
        assert!(holds(data, "apricot"));
        let counts = "messages to everyone and in rooms, of which marks stay: 2; private messages: 2; reactions: 0; reasons of \
                      acts in the moderation log: 0";
        refused(data, &["--erase", "ann"], 2, &format!("This would erase what ann said: {counts}."));
        assert!(holds(data, "apricot"), "nothing is erased without a yes");
        assert_eq!(done(data, &["--erase", "ann", "--yes"]), format!("Erased: {counts}.\n"));
        assert!(!holds(data, "apricot") && !holds(data, "banana for ann"));
        assert!(holds(data, "banana for all"));
        refused(data, &["--erase", "zoe", "--yes"], 1, "no user zoe");
        let acts = done(data, &["--list", "acts"]);
        assert!(acts.ends_with("server erased everything that ann said\n"), "{acts}");
        let check = keeper(data, &["--check", "--listen", "tcp://127.0.0.1:0"]);
        assert!(check.status == 0, "the checksums are right: {check:?}");
    });
}

#[test]
fn erasing_much_goes_on_beside_the_chat() {
    let house = House::start(&["--flood", "off"]);
    let mut ann = house.join("ann");
    for number in 0..300 {
        ann.ask(&format!("@ref={number} x | all clients | broadcast | cherry number {number}"), "| accepted");
    }
    let mut ben = Peer::join(house.server.address, "ben");
    let told = done(house.data(), &["--erase", "ann", "--yes"]);
    assert!(told.contains("of which marks stay: 300;"), "{told}");
    assert!(!holds(house.data(), "cherry"));
    for _ in 0..300 {
        ben.until("ann | all clients | deleted | ann");
    }
    ben.ask("@ref=1 x | all clients | broadcast | on", "| accepted");
}

/// The fingerprint in the line that a server prints.
fn fingerprint(house: &House) -> String {
    let line = std::iter::repeat_with(|| house.server.printed.recv_timeout(PATIENCE).unwrap())
        .find(|line| line.contains("tls://"));
    line.unwrap().rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn a_backup_restored_to_an_empty_folder_is_the_same_server() {
    let house = House::start(&["--listen", "tls://127.0.0.1:0"]);
    let key = fingerprint(&house);
    let passphrase = house.passphrase();
    talk(&house);
    let (out, new) = (Folder::new(), Folder::new());
    let file = out.path().join("all.tar");
    // As under cron: nothing is printed.
    assert_eq!(done(house.data(), &["--backup", file.to_str().unwrap()]), "");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1, "no drafts stay");
    refused(house.data(), &["--backup", file.to_str().unwrap()], 1, "exists already");
    refused(house.data(), &["--restore", file.to_str().unwrap()], 1, "systemctl stop tr2.socket tr2");
    let told = done(new.path(), &["--restore", file.to_str().unwrap()]);
    assert!(told.contains("history.db, moderator, tls-key.pem, tls-cert.pem") && told.contains(&key), "{told}");
    for file in fs::read_dir(new.path()).unwrap().map(Result::unwrap) {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
    }
    let house = House::on(new, &["--listen", "tls://127.0.0.1:0"]);
    assert_eq!(fingerprint(&house), key);
    let mut ann = house.join("ann");
    ann.ask("@ref=h x | ben | history", "banana for ann");
    let mut ben = Peer::join(house.server.address, "ben");
    ben.ask(&format!("x | server | moderator | {passphrase}"), "You are now a moderator");
}

#[test]
fn a_restore_keeps_what_was_there_and_refuses_what_is_not_sound() {
    let house = House::start(&[]);
    talk(&house);
    let out = Folder::new();
    let path = |name: &str| out.path().join(name);
    let text = |path: &PathBuf| path.to_str().unwrap().to_owned();
    let (good, bad, cut, odd) = (path("good.tar"), path("bad.tar"), path("cut.tar"), path("odd.tar"));
    done(house.data(), &["--backup", &text(&good)]);
    house.join("ann").ask("@ref=9 x | all clients | broadcast | date for all", "| accepted");
    let data = house.stop();
    let whole = fs::read(&good).unwrap();
    let mut spoilt = whole.clone();
    let middle = whole.windows(7).position(|window| window == b"banana ").unwrap();
    spoilt[middle] ^= 1;
    fs::write(&bad, spoilt).unwrap();
    fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    fs::write(&odd, "not a backup at all, but long enough to be looked at as one".repeat(99)).unwrap();
    for (file, words) in
        [(&bad, "damaged"), (&cut, "was not restored"), (&odd, "no backup of tr2"), (&path("none"), "cannot be read")]
    {
        refused(data.path(), &["--restore", &text(file)], 1, words);
        assert!(holds(data.path(), "date for all"), "{file:?} changed something");
        assert!(!fs::read_dir(data.path()).unwrap().any(|file| file.unwrap().path().is_dir()), "nothing is left");
    }
    let told = done(data.path(), &["--restore", &text(&good)]);
    let aside = told.split("The former data are in ").nth(1).and_then(|rest| rest.split(". Start").next()).unwrap();
    assert!(holds(Path::new(aside), "date for all") && !holds(data.path(), "date for all"));
    assert_eq!(fs::metadata(aside).unwrap().permissions().mode() & 0o777, 0o700);
    // A copy of the history alone, as earlier versions made it.
    let plain = path("plain.db");
    tr2::server::store::backup(data.path(), &plain).unwrap();
    let new = Folder::new();
    assert!(done(new.path(), &["--restore", &text(&plain)]).contains(": history.db."));
    House::on(new, &[]).join("ann").ask("@ref=h x | #ops | history", "apricot in ops");
    House::on(data, &[]).join("ann").ask("@ref=h x | all clients | history", "banana for all");
}

/// A backup as somebody else may write it: a table of these files, and these entries.
fn forged(file: &Path, table: Value, entries: &[(tar::EntryType, &str, &[u8])]) {
    let mut archive = tar::Builder::new(fs::File::create(file).unwrap());
    let table = serde_json::to_vec(&table).unwrap();
    let regular = tar::EntryType::Regular;
    for (kind, name, bytes) in [(regular, "tr2-backup/about.json", table.as_slice())].iter().chain(entries) {
        let mut header = tar::Header::new_old();
        // As the name is written: the package would refuse to.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o4777);
        if *kind == tar::EntryType::Symlink {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    archive.into_inner().unwrap();
}

#[test]
fn a_forged_backup_writes_nothing_anywhere() {
    let (data, out) = (Folder::new(), Folder::new());
    let file = out.path().join("forged.tar");
    let digest = |bytes: &[u8]| {
        let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
        digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let row =
        |name: &str, bytes: &[u8]| serde_json::json!({"name": name, "bytes": bytes.len(), "sha256": digest(bytes)});
    let table = |form: u32, files: &[Value]| serde_json::json!({"form": form, "tr2": "9", "made": "", "messages": 1, "damaged": 0, "files": files});
    let (regular, link) = (tar::EntryType::Regular, tar::EntryType::Symlink);
    let (most, over) = (vec![b'x'; 256 * 1024], vec![b'x'; 256 * 1024 + 1]);
    let evil: &[u8] = b"evil";
    type Entries<'a> = Vec<(tar::EntryType, &'a str, &'a [u8])>;
    let cases: [(Value, Entries<'_>, &str); 9] = [
        (table(2, &[]), vec![], "made by a newer tr2"),
        (table(1, &[]), vec![], "cut short"),
        (table(1, &[row("../evil", evil)]), vec![(regular, "tr2-backup/../evil", evil)], "does not name: ../evil"),
        (table(1, &[row("/evil", evil)]), vec![(regular, "/evil", evil)], "does not name"),
        (table(1, &[row("evil", evil)]), vec![(regular, "tr2-backup/evil", evil)], "does not name: evil"),
        (table(1, &[row("moderator", b"")]), vec![(link, "tr2-backup/moderator", b"")], "not what it should be"),
        (table(1, &[row("moderator", &over)]), vec![(regular, "tr2-backup/moderator", &over)], "not what it should be"),
        // As large as it may be; there is no history.
        (table(1, &[row("moderator", &most)]), vec![(regular, "tr2-backup/moderator", &most)], "cut short"),
        (
            table(1, &[row("history.db", evil)]),
            vec![(regular, "tr2-backup/history.db", evil)],
            "damaged or not a tr2 history",
        ),
    ];
    for (table, entries, words) in cases {
        forged(&file, table, &entries);
        refused(data.path(), &["--restore", file.to_str().unwrap()], 1, words);
        let left: Vec<_> = fs::read_dir(data.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(left, ["lock"], "{words}");
    }
    assert!(!out.path().join("evil").exists());
}

#[test]
fn a_backup_says_which_messages_are_damaged_even_under_cron() {
    let house = House::start(&[]);
    talk(&house);
    let data = house.stop();
    let conn = rusqlite::Connection::open(data.path().join("history.db")).unwrap();
    conn.execute("UPDATE message SET body = 'spoilt' WHERE body = 'banana for all'", []).unwrap();
    conn.close().unwrap();
    let out = Folder::new();
    let folder = out.path().to_str().unwrap();
    let told = keeper(data.path(), &["--backup", folder]);
    assert!(told.status == 0 && told.out.is_empty() && told.err.contains("event=message_damaged"), "{told:?}");
    let file = out.path().join("again.tar");
    let told = keeper(data.path(), &["--backup", file.to_str().unwrap(), "--format", "text"]);
    assert!(told.out.contains("Of these messages, 1 are damaged"), "{told:?}");
    let other = out.path().join("other.tar");
    let given = ["--backup", other.to_str().unwrap(), "--format", "text", "--cert", "/c.pem", "--key", "/k.pem"];
    let told = keeper(data.path(), &given);
    assert!(told.out.contains("The certificate /c.pem and its key are not in it"), "{told:?}");
    assert!(done(Folder::new().path(), &["--restore", file.to_str().unwrap()]).contains(" 1 messages are damaged"));
}

#[test]
fn a_server_of_another_version_is_told_apart_from_one_that_refuses() {
    let data = Folder::new();
    let lock = fs::File::create(data.path().join("lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    refused(data.path(), &["--free", "ann"], 1, "cannot be asked");
    let listener = std::os::unix::net::UnixListener::bind(data.path().join("control.sock")).unwrap();
    for (answer, words) in [
        (
            "refused\nthis server knows no such request\n",
            "is of another version and does not know this request; restart it",
        ),
        ("refused\nbecause\n", "because"),
        ("", "ended before it answered"),
    ] {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut stream = listener.accept().unwrap().0;
                let mut asked = String::new();
                stream.read_to_string(&mut asked).unwrap();
                assert_eq!(asked, "free ann\n");
                stream.write_all(answer.as_bytes()).unwrap();
            });
            refused(data.path(), &["--free", "ann"], 1, words);
        });
    }
}

#[test]
fn a_running_server_refuses_requests_that_are_none() {
    let house = House::start(&[]);
    let ask = |asked: &str| {
        let mut stream = std::os::unix::net::UnixStream::connect(house.data().join("control.sock")).unwrap();
        // It may answer before it has read everything.
        let _ = stream.write_all(asked.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    };
    let unknown = "refused\nthis server knows no such request\n";
    let long = format!("maintenance-on {}\n", "x".repeat(9000));
    for asked in [
        "",
        "\n",
        "free\n",
        "free ann",
        "free a b\n",
        "reload\nfree ann\n",
        "maintenance-on \n",
        &long,
        "erase \u{7}\n",
    ] {
        let answer = ask(asked);
        assert!(answer == unknown || asked == long && answer.is_empty(), "{asked:?}: {answer:?}");
    }
    assert_eq!(ask("free ann\n"), "refused\nnobody owns the name ann; --list names shows those that have an owner\n");
    Peer::join(house.server.address, "ben");
}

#[test]
fn only_the_newest_backups_stay_in_a_folder() {
    let house = House::start(&[]);
    talk(&house);
    let out = Folder::new();
    let names = || {
        let mut names: Vec<String> =
            fs::read_dir(out.path()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let other = ["tr2-notes.tar", "tr2-2020-01-01.tar"];
    // A wrong clock made the last ones.
    let ours = ["2020-01-01T030000Z", "2021-01-01T030000Z", "9998-01-01T030000Z", "9999-01-01T030000Z"];
    for old in ours.map(|time| format!("tr2-{time}.tar")).iter().map(String::as_str).chain(other) {
        fs::write(out.path().join(old), "").unwrap();
    }
    let folder = out.path().to_str().unwrap();
    let told = done(house.data(), &["--backup", folder, "--keep-backups", "2", "--format", "json"]);
    assert_eq!((&json(&told)[0]["messages"], &json(&told)[0]["deleted"]), (&5.into(), &3.into()));
    let made = names();
    assert_eq!(made.len(), 4);
    assert_eq!(
        (&*made[0], &*made[1], &*made[3]),
        ("tr2-2020-01-01.tar", "tr2-2021-01-01T030000Z.tar", "tr2-notes.tar")
    );
    done(Folder::new().path(), &["--restore", out.path().join(&made[2]).to_str().unwrap()]);
    refused(house.data(), &["--backup", &format!("{folder}/x.tar"), "--keep-backups", "2"], 2, "needs a folder");
}

#[test]
fn root_does_it_all_for_the_user_of_a_service() {
    if !rustix::process::geteuid().is_root() {
        return println!("skipped: only root can do this");
    }
    const USER: u32 = 4321;
    let house = House::start(&[]);
    talk(&house);
    let data = house.stop();
    let (above, out) = (Folder::new(), Folder::new());
    // As in /var/lib/private, the user alone could not get there.
    let place = above.path().join("data");
    fs::rename(data.path(), &place).unwrap();
    let own = |path: &Path| std::os::unix::fs::chown(path, Some(USER), Some(USER)).unwrap();
    let all = || fs::read_dir(&place).unwrap().map(|file| file.unwrap().path()).collect::<Vec<_>>();
    own(&place);
    all().iter().for_each(|path| own(path));
    let backup = out.path().join("all.tar");
    done(&place, &["--backup", backup.to_str().unwrap()]);
    done(&place, &["--list", "users"]);
    done(&place, &["--export", "ann", out.path().join("ann.json").to_str().unwrap()]);
    done(&place, &["--free", "ann"]);
    done(&place, &["--rotate-passphrase"]);
    done(&place, &["--maintenance", "on"]);
    done(&place, &["--erase", "ann", "--yes"]);
    done(&place, &["--restore", backup.to_str().unwrap()]);
    for path in all() {
        let found = fs::symlink_metadata(&path).unwrap();
        assert_eq!((found.uid(), found.gid(), found.mode() & 0o077), (USER, USER, 0), "{path:?}");
    }
    assert_eq!(fs::metadata(&backup).unwrap().uid(), 0);
    // Another user cannot.
    let other = |what: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "4322", "--regid", "4322", "--clear-groups", TR2, "serve", "--data"]).arg(&place);
        command.args(what).stdin(Stdio::null()).output()
    };
    fs::set_permissions(above.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let Ok(output) = other(&["--list", "users"]) else { return println!("skipped in part: there is no setpriv") };
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(1) && err.contains("belongs to uid 4321; do this as uid 4321 or as root"),
        "{err}"
    );
}

#[test]
fn what_stands_in_the_way_is_said_in_one_sentence() {
    let (nowhere, empty, damaged) = (Folder::new(), Folder::new(), Folder::new());
    let missing = nowhere.path().join("missing");
    fs::write(damaged.path().join("history.db"), "garbage that is no database at all".repeat(99)).unwrap();
    let newer = House::start(&[]);
    talk(&newer);
    let newer = newer.stop();
    let history = newer.path().join("history.db");
    let mut bytes = fs::read(&history).unwrap();
    // The user version in the head of the file.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&history, bytes).unwrap();
    let file = nowhere.path().join("out").to_str().unwrap().to_owned();
    let tasks: [&[&str]; 7] = [
        &["--list", "users"],
        &["--free", "ann"],
        &["--maintenance", "on"],
        &["--erase", "ann"],
        &["--erase", "ann", "--yes"],
        &["--export", "ann", &file],
        &["--backup", &file],
    ];
    for task in tasks {
        refused(&missing, task, 1, "there is no data folder");
        refused(empty.path(), task, 1, "there is no history");
        refused(damaged.path(), task, 1, "history.db is damaged or not a tr2 history");
        refused(newer.path(), task, 1, "was written by a newer tr2 (version 99;");
        assert!(!Path::new(&file).exists());
    }
    refused(&missing, &["--rotate-passphrase"], 1, "there is no data folder");
}

#[test]
fn what_does_not_go_together_is_misuse() {
    let data = Folder::new();
    let (most, over) = ("x".repeat(500), "x".repeat(501));
    refused(data.path(), &["--maintenance", "on", "--text", &most], 1, "there is no history");
    let cases: [(&[&str], &str); 20] = [
        (&["--maintenance", "on", "--text", &over], "--text needs at most 500 bytes"),
        (&["--backup", "x", "--keep-backups", "10001"], "--keep-backups needs a number from 1 to 10000"),
        (
            &["--list", "everything"],
            "--list takes one of these: users, names, rooms, bans, moderators, invitations, acts",
        ),
        (&["--list", "users", "--format", "xml"], "--format is text or json"),
        (&["--format", "json"], "--format goes with --list or --backup only"),
        (&["--list", "users", "--free", "ann"], "--list and --free cannot be asked for at once"),
        (&["--check", "--restore", "x"], "--check and --restore cannot be asked for at once"),
        (&["--keep-backups", "3"], "--keep-backups goes with --backup only"),
        (&["--backup", "x", "--keep-backups", "0"], "--keep-backups needs a number from 1 to 10000"),
        (&["--backup", ""], "--backup needs the name of a new file, or a folder"),
        (&["--restore", ""], "--restore needs the name of a file"),
        (&["--yes"], "--yes goes with --erase or --found only"),
        (&["--found"], "--found needs the NATS servers and a name for this node"),
        (&["--found", "--check"], "--check and --found cannot be asked for at once"),
        (&["--export", "ann"], "--export needs a name and a new file"),
        (&["somewhere"], "somewhere is not needed"),
        (&["--erase", "a b"], "--erase needs the name of a user"),
        (&["--maintenance", "maybe"], "--maintenance is on or off"),
        (&["--maintenance", "off", "--text", "x"], "--text goes with --maintenance on"),
        (&["--maintenance", "on", "--text", " "], "--text needs at most 500 bytes, and something to read"),
    ];
    for (options, words) in cases {
        refused(data.path(), options, 2, words);
    }
}
