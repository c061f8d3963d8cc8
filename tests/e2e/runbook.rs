//! The runbook in tr2-serving(7), played through with its own lines, from a package under a systemd of its own. Skipped, with a
//! word, where that cannot be had.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use tr2::net::certificate;

use crate::packages::build_deb;
use crate::service::Systemd;
use crate::serving::{Folder, PATIENCE, TR2};

/// The blocks of lines in a section of the manual.
fn blocks(title: &str) -> Vec<String> {
    let man = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("man/tr2-serving.7")).unwrap();
    let (_, section) = man.split_once(&format!("\n.Ss {title}\n")).unwrap_or_else(|| panic!("no section {title}"));
    let section = section.split("\n.Ss ").next().unwrap().replace("\\e", "\\");
    let blocks = section.split("\n.Bd -literal -offset indent\n").skip(1);
    blocks.map(|block| format!("{}\n", block.split("\n.Ed").next().unwrap())).collect()
}

/// What root types in a block, as one command that ends with the first that fails.
fn root_in(block: &str) -> String {
    let lines: Vec<&str> = block.lines().filter_map(|line| line.strip_prefix("# ")).collect();
    assert!(!lines.is_empty(), "nothing for root in {block}");
    // The packages are of versions that are not there; the one under test stands for them.
    let lines = lines
        .iter()
        .map(|line| if line.starts_with("dpkg -i ") { "dpkg --force-confold -i /run/tr2.deb" } else { line });
    lines.collect::<Vec<_>>().join(" && ")
}

#[test]
fn the_runbook_does_what_it_says() {
    let folder = Folder::new();
    let started = build_deb(folder.path()).and_then(|deb| Systemd::start_without_tr2(&deb));
    let systemd = match started {
        Ok(systemd) => systemd,
        Err(why) => return println!("skipped: no systemd of its own can be had here: {why}"),
    };
    systemd.does("dpkg -i /run/tr2.deb");
    begins(&systemd);
    upgrades_and_goes_back(&systemd);
    moves(&systemd);
    makes_room(&systemd);
    renews(&systemd);
}

fn begins(systemd: &Systemd) {
    systemd.configure("moderator = [\"root\"]\nlisten = [\"tls://127.0.0.1:1235\"]\n");
    let said = systemd.does(&root_in(&blocks("The first day")[0]));
    assert!(said.contains("addresses, certificates and data are fine") && said.contains("event=started"), "{said}");
    systemd.join("root").say("before");
}

fn upgrades_and_goes_back(systemd: &Systemd) {
    let blocks = blocks("Upgrade, and back");
    // As if an older version had run until now.
    systemd.does("systemctl stop tr2");
    let (history, folder) = (systemd.path("/var/lib/tr2/history.db"), Folder::new());
    let copy = folder.path().join("history.db");
    fs::copy(&history, &copy).unwrap();
    let older = rusqlite::Connection::open(&copy).unwrap();
    older
        .execute_batch(
            "DROP TABLE node; DROP TABLE deed;
             DROP TRIGGER message_gone; DROP TRIGGER message_moved; DROP VIEW located; DROP TABLE place; DROP TABLE label;
             CREATE INDEX message_conversation ON message (conversation);
             CREATE UNIQUE INDEX message_ref ON message (author, ref) WHERE ref IS NOT NULL;
             DELETE FROM meta WHERE key = 'placed'; ALTER TABLE user DROP COLUMN sealed; PRAGMA user_version = 8",
        )
        .unwrap();
    older.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(older);
    // The file stays the server's.
    fs::write(&history, fs::read(&copy).unwrap()).unwrap();
    systemd.does(&root_in(&blocks[0]));
    assert!(systemd.path("/root/before.tar").exists());
    fs::remove_file(systemd.path("/root/before.tar")).unwrap();
    systemd.does("systemctl start tr2");
    assert!(logged(systemd, "event=history_migrated").contains("history.db.v8.bak"));
    systemd.join("root").say("after");
    assert!(blocks[1].contains("history.db.v8.bak"), "{}", blocks[1]);
    systemd.does(&root_in(&blocks[1]));
    assert_eq!(systemd.join("root").history(), ["before"]);
    systemd.join("root").say("again");
}

/// Waits for a line of the server with these words, and returns it. The journal has a line a little after it was written.
fn logged(systemd: &Systemd, words: &str) -> String {
    let begun = Instant::now();
    loop {
        let log = systemd.does("journalctl --sync; journalctl --no-pager -u tr2 -o cat -n 20");
        if let Some(line) = log.lines().find(|line| line.contains(words)) {
            return line.to_owned();
        }
        assert!(begun.elapsed() < PATIENCE, "{words}: {log}");
    }
}

fn moves(systemd: &Systemd) {
    let blocks = blocks("Another host");
    let key = fs::read(systemd.path("/var/lib/tr2/tls-key.pem")).unwrap();
    systemd.does(&root_in(&blocks[0]));
    assert!(!systemd.run("systemctl is-enabled tr2.socket").0);
    // The new host is the same machine without the data.
    systemd.does("rm -rf /var/lib/private/tr2 /var/lib/tr2");
    systemd.does(&root_in(&blocks[1]));
    assert_eq!(systemd.join("root").history(), ["before", "again"]);
    assert_eq!(fs::read(systemd.path("/var/lib/tr2/tls-key.pem")).unwrap(), key);
    fs::remove_file(systemd.path("/root/tr2.tar.gz")).unwrap();
}

fn makes_room(systemd: &Systemd) {
    fs::write(systemd.path("/var/lib/tr2/history.db.v6.bak"), "a copy").unwrap();
    systemd.does(&root_in(&blocks("A disk that fills")[0]));
    assert!(!systemd.path("/var/lib/tr2/history.db.v6.bak").exists());
    systemd.join("root").say("with room");
}

fn renews(systemd: &Systemd) {
    let blocks = blocks("A certificate that renews");
    let (hook, settings, first) = (&blocks[0], &blocks[1], &blocks[2]);
    let lineage = systemd.path("/run/live");
    fs::create_dir(&lineage).unwrap();
    let issue = || {
        let key = certificate::make_key().unwrap();
        let chain = certificate::self_signed(&key, "chat.example.org").unwrap();
        for (name, text) in [("privkey.pem", &key), ("fullchain.pem", &chain)] {
            fs::write(lineage.join(name), text).unwrap();
            fs::set_permissions(lineage.join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
        certificate::load(&chain, &key).unwrap().fingerprint.to_string()
    };
    let deploy = systemd.path("/etc/letsencrypt/renewal-hooks/deploy");
    fs::create_dir_all(&deploy).unwrap();
    fs::write(deploy.join("tr2"), hook).unwrap();
    // Only IPv4 is sure to be there.
    systemd.configure(&settings.replace("[::]", "127.0.0.1"));
    let first = root_in(first).replace("/etc/letsencrypt/live/chat.example.org", "/run/live");
    let before = issue();
    systemd.does("systemctl stop tr2");
    systemd.does(&first);
    let after = issue();
    assert_ne!(before, after);
    systemd.does("RENEWED_LINEAGE=/run/live /etc/letsencrypt/renewal-hooks/deploy/tr2");
    logged(systemd, &format!("event=reloaded key={after}"));
    // A renewal that cannot be used is told to certbot, and the certificate in force stays.
    fs::write(lineage.join("fullchain.pem"), "no certificate\n").unwrap();
    assert!(!systemd.run("RENEWED_LINEAGE=/run/live /etc/letsencrypt/renewal-hooks/deploy/tr2").0);
    assert!(systemd.does("systemctl is-active tr2").starts_with("active"));
}

#[test]
fn the_settings_in_the_runbook_are_right() {
    let (folder, data) = (Folder::new(), Folder::new());
    let blocks = blocks("Behind a proxy");
    // The port is another, so that it is free here.
    let (settings, haproxy) = (blocks[0].replace(":1236", ":0"), &blocks[1]);
    assert!(blocks[0].contains(":1236") && haproxy.contains(" 127.0.0.1:1236 send-proxy-v2 "), "{haproxy}");
    let file = folder.path().join("tr2.conf");
    fs::write(&file, settings).unwrap();
    let words = ["serve", "--check", "--data", data.path().to_str().unwrap(), "--config", file.to_str().unwrap()];
    let checked = Command::new(TR2).args(words).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let (_, behind_stunnel) = blocks[2].split_once("# haproxy.cfg\n").unwrap();
    let file = folder.path().join("haproxy.cfg");
    fs::write(&file, format!("{haproxy}\n{behind_stunnel}")).unwrap();
    match Command::new("haproxy").args(["-c", "-q", "-f"]).arg(&file).output() {
        Err(_) => println!("skipped in part: there is no haproxy"),
        Ok(checked) => assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr)),
    }
}
