//! SIGHUP: other settings hold at once and for everyone, or everything stays as it was and the log says why.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(missing_docs)]

#[path = "common/serving.rs"]
mod serving;
#[path = "common/transcript.rs"]
mod transcript;

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use expect_test::{Expect, expect};
use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::process::Signal;
use serving::{Folder, PATIENCE, Peer, Server, TR2};
use tr2::model::{Text, Timestamp};
use tr2::net::certificate;
use tr2::server::broker::rules::Rules;
use tr2::server::limits::Rate;
use tr2::server::transport::rate_limit::{Flood, SharedRate, Verdict};
use transcript::{play, rules};

// -------------------------------------------------------------------------------------------------------- the core

fn told(rules: Rules, transcript: &Expect) {
    transcript.assert_eq(&play(rules, transcript.data()));
}

#[test]
fn moderators_come_and_go_with_the_rules() {
    told(
        rules(),
        &expect![[r#"
            log
            carol> connects    carol> name carol    bob> connects key b    bob> name bob
            carol< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away
            carol< @time=2026-11-22T12:00:00.000Z server | carol | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            carol< @verified=yes server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            log: event=connected conn=1 from=tcp://127.0.0.1:40001
            log: event=joined conn=1 name=carol dialect=TR2.26 proof=-
            log: event=connected conn=2 from=tls://10.0.0.1:40002
            log: event=proved conn=2 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=name_bound name=bob proofs=1
            log: event=joined conn=2 name=bob dialect=TR2.26 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            carol> carol | server | moderator | pass
            check: pass (of carol)
            carol! right
            carol< server | carol | moderator | You are a moderator now.
            log: event=moderator conn=1 name=carol trusted=false
            moderators are bob carol
            bob< server | bob | moderator | You are a moderator now.
            log: event=moderator conn=2 name=bob trusted=false
            bob> @ref=1 x | server | invite    carol> @ref=2 x | server | invite
            carol< @ref=2 server | carol | invited | 600 solut-mutis-tigon-hivur-bohad
            bob< @ref=1 server | bob | invited | 600 pifod-dugoj-zozom-zojor-zasaf
            moderators are
            bob< server | bob | demoted | You are no moderator any more.
            log: event=moderator_no_more conn=2 name=bob
            bob> @ref=3 x | server | invite    carol> @ref=4 x | server | invite
            carol< @ref=4 server | carol | invited | 600 vokuf-lupuj-dovov-sapol-nuhif
            bob< @ref=3 server | bob | refused | not_moderator Only a moderator may invite somebody new; /invite-key makes a code for another key of yours.
            dan> connects key d    dan> @ref=7 x | server | code | pifod-dugoj-zozom-zojor-zasaf    dan> @ref=8 x | server | code | solut-mutis-tigon-hivur-bohad
            dan< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away
            dan< @ref=7 server | client | refused | wrong_code That code cannot be used: it is wrong, or used, or older than ten minutes.
            dan< @ref=8 server | client | code | The code is good; give your name.
            log: event=connected conn=3 from=tls://10.0.0.1:40003
            log: event=proved conn=3 proof=SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ
            log: event=passphrase_refused conn=3 name=- code=wrong_code
            bob> @ref=5 x | server | close_server
            bob< @ref=5 server | bob | refused | not_moderator Only a moderator may close the server; give the moderator passphrase first.
            moderators are bob
            bob< server | bob | moderator | You are a moderator now.
            log: event=moderator conn=2 name=bob trusted=false
            bob> @ref=6 x | server | close_server
            carol< server | all clients | broadcast | server closed
            carol.
            bob< server | all clients | broadcast | server closed
            bob.
            dan< server | all clients | broadcast | server closed
            dan.
            log: event=closing by=bob
        "#]],
    );
}

#[test]
fn waiting_times_and_tries_are_those_of_the_rules() {
    told(
        Rules {
            name_deadline: Duration::from_secs(3),
            ping_after: Duration::from_secs(5),
            cut_after: Duration::from_secs(7),
            passphrase_tries: 1,
            welcome: Some(Text::block("Mind the cat.\nIt bites.")),
            ..rules()
        },
        &expect![[r#"
            slow> connects    bob> connects    bob> name bob    old> connects TR2.23    old> name old
            slow< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away
            bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            bob< server | bob | private_message | Mind the cat.\nIt bites.
            bob< server | all clients | joined | old
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away
            old<< server | old | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            old<< server | old | private_message | Mind the cat.
            old<< server | old | private_message | It bites.
            bob> @ref=1 bob | server | moderator | pass
            check: pass (of bob)
            bob! wrong
            bob< @ref=1 server | bob | refused | wrong_passphrase That is not the moderator passphrase.
            bob> @ref=2 bob | server | moderator | pass
            bob< @ref=2 server | bob | refused | too_many_tries That was tried too often; wait a minute.
            +3s
            slow< server | client | connection_error | No name was given in time; connect again.
            slow.
            +2s
            bob< server | bob | ping | 5000
            +2s
            bob< server | bob | refused | too_slow Nothing was heard of you for too long; connect again.
            bob.
        "#]],
    );
}

#[test]
fn a_rate_changes_under_way_and_what_is_used_up_stays_used_up() {
    let (slow, quick) = (Rate { burst: 1, per_second: 1 }, Rate { burst: 10, per_second: 100 });
    let shared = SharedRate::new(Some(slow));
    assert_eq!(shared.get(), Some(slow));
    let mut flood = Flood::changed(None, shared.get(), Timestamp(0)).unwrap();
    assert_eq!(flood.judge(Timestamp(0)), Verdict::Take);
    assert!(matches!(flood.judge(Timestamp(0)), Verdict::Wait(_)));
    let mut flood = Flood::changed(Some(flood), Some(quick), Timestamp(0)).unwrap();
    assert_eq!(flood.judge(Timestamp(0)), Verdict::Wait(Duration::from_millis(10)), "no burst is given for nothing");
    assert_eq!(flood.judge(Timestamp(10)), Verdict::Take);
    assert!(Flood::changed(Some(flood), None, Timestamp(0)).is_none());
    for rate in [None, Some(quick), Some(Rate { burst: 1_000_000, per_second: 1_000_000 })] {
        shared.set(rate);
        assert_eq!(shared.clone().get(), rate);
    }
}

// --------------------------------------------------------------------------------------------------- the real server

/// A server with a file that can be rewritten.
struct Kept {
    server: Server,
    folder: Folder,
}

impl Kept {
    fn start(text: &str, options: &[&str]) -> Self {
        let mut command = Command::new(TR2);
        command.arg("serve");
        Self::run(command, text, options)
    }

    fn run(command: Command, text: &str, options: &[&str]) -> Self {
        let folder = Folder::new();
        let file = folder.path().join("tr2.conf");
        fs::write(&file, text).unwrap();
        let options = [&["--config", file.to_str().unwrap()], options].concat();
        Self { server: Server::run(command, Folder::new(), &options), folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self, text: impl AsRef<[u8]>) {
        let file = self.path("tr2.conf");
        let _ = fs::remove_dir(&file).or_else(|_| fs::remove_file(&file));
        fs::write(file, text).unwrap();
    }

    /// Has it read its file again, and returns what it says to that.
    fn hang_up(&self) -> String {
        self.server.signal(Signal::HUP);
        loop {
            let line = self.server.log.recv_timeout(PATIENCE).expect("a line for each reload");
            if line.contains("reloaded") || line.contains("reload_failed") {
                return line;
            }
        }
    }

    #[track_caller]
    fn takes(&self, text: &str) {
        self.write(text);
        let said = self.hang_up();
        assert!(said.contains("event=reloaded"), "{said}");
    }

    #[track_caller]
    fn refuses(&self, words: &[&str]) {
        let said = self.hang_up();
        assert!(said.contains("event=reload_failed"), "{said}");
        for word in words {
            assert!(said.contains(word), "without {word:?}: {said}");
        }
    }
}

#[test]
fn of_two_hundred_reloads_the_hundred_bad_ones_change_nothing_and_nobody_is_dropped() {
    let key = certificate::make_key().unwrap();
    let paper = certificate::self_signed(&key, "test").unwrap();
    let kept = Kept::start("log = \"debug\"\n", &["--listen", "tls://127.0.0.1:0", "--max-per-address", "1000"]);
    let address = kept.server.address;
    fs::write(kept.path("cert.pem"), &paper).unwrap();
    fs::write(kept.path("key.pem"), &key).unwrap();
    fs::write(kept.path("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    let mut alice = Peer::join(address, "alice");
    let certificates = |chain: &str| format!("cert = \"{}\"\nkey = \"{}\"\n", kept.path(chain), kept.path("key.pem"));
    let start = Instant::now();
    for round in 0..100 {
        let head = format!("{}log = \"debug\"\n", certificates("cert.pem"));
        kept.takes(&format!("{head}welcome = \"number {round}\"\nflood = \"{}/5\"\n", 20 + round));
        let bad = format!("{head}welcome = \"bad\"\nflood = \"off\"\n");
        match round % 10 {
            0 => {
                kept.write(format!("{bad}keep-days = = 3\n"));
                kept.refuses(&["line=6 column=13", "not valid TOML"]);
            }
            1 => {
                kept.write(format!("{bad}keep-days = 0\n"));
                kept.refuses(&["line=6 column=13 key=keep-days value=0", "from 1 on"]);
            }
            2 => {
                // Unreadable for everybody, root too.
                fs::remove_file(kept.path("tr2.conf")).unwrap();
                fs::create_dir(kept.path("tr2.conf")).unwrap();
                kept.refuses(&["it is no plain file"]);
            }
            3 => {
                fs::remove_file(kept.path("tr2.conf")).unwrap();
                kept.refuses(&["tr2.conf line=-", "No such file"]);
            }
            4 => {
                kept.write(&bad[..bad.len() - 1 - round % 7]);
                kept.refuses(&["line=5", "problems="]);
            }
            5 => {
                kept.write("");
                kept.refuses(&["line=1 column=1", "half written"]);
            }
            6 => {
                kept.write(bad.replace("cert.pem", "broken.pem"));
                kept.refuses(&["line=1 column=8", "broken.pem"]);
            }
            7 => {
                kept.write(format!("{bad}listen = [\"tcp://127.0.0.1:0\"]\ndurability = \"normal\"\n"));
                // The one on the command line wins, so it has not changed.
                kept.refuses(&["line=7 column=14 key=durability", "needs a restart; nothing was changed"]);
            }
            8 => {
                kept.write([bad.as_bytes(), b"# \xff\n"].concat());
                kept.refuses(&["line=6 column=3", "not UTF-8"]);
            }
            _ => {
                fs::remove_file(kept.path("tr2.conf")).unwrap();
                mkfifoat(CWD, kept.path("tr2.conf"), Mode::RUSR | Mode::WUSR).unwrap();
                kept.refuses(&["it is no plain file"]);
            }
        }
        let mut guest = Peer::connect(address);
        guest.say(&format!("x | server | name | guest{round}"));
        guest.until(&format!("server | guest{round} | private_message | number {round}"));
    }
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    alice.ask("@ref=9 alice | alice | echo | still here", "@ref=9");
}

#[test]
fn limits_change_for_who_is_there_and_for_who_comes() {
    let kept = Kept::start("flood = \"off\"\n", &[]);
    let mut alice = Peer::join(kept.server.address, "alice");
    let mut echoes = |count: usize| {
        let start = Instant::now();
        alice.send("@ref=1 x | alice | echo | x\n".repeat(count).as_bytes());
        (0..count).for_each(|_| drop(alice.until("@ref=1 ")));
        start.elapsed()
    };
    echoes(100);
    kept.takes("flood = \"1/10\"\nmax-connections = 2\nregistration = \"closed\"\nlog-format = \"text\"\n");
    assert!(echoes(4) >= Duration::from_millis(290), "three of four wait");
    let mut bob = Peer::connect(kept.server.address);
    bob.ask("bob | server | name | bob", "refused | registration_closed");
    kept.takes("max-connections = 1\n");
    assert!(Peer::over(kept.server.address).contains("The server is full"));
    kept.takes("flood = \"off\"\nname-deadline = 1\n");
    assert!(echoes(1000) < PATIENCE);
    Peer::connect(kept.server.address).until("No name was given in time");
}

#[test]
fn what_may_wait_for_a_slow_reader_changes() {
    let kept = Kept::start("flood = \"off\"\nslow-consumer = 67108864\n", &[]);
    let (slow, mut bob) = (Peer::join(kept.server.address, "slow"), Peer::join(kept.server.address, "bob"));
    rustix::net::sockopt::set_socket_recv_buffer_size(slow.stream(), 4096).unwrap();
    let text = "x".repeat(7000);
    let mut say = |numbers: std::ops::Range<u32>| {
        for number in numbers {
            bob.ask(&format!("@ref={number} x | all clients | broadcast_not_me | {text}"), "| accepted");
        }
    };
    // More than the kernel takes, and than the server lets wait if nothing is said.
    say(0..200);
    assert!(!kept.server.log.try_iter().any(|line| line.contains("slow consumer")), "so much may wait");
    kept.takes("flood = \"off\"\nslow-consumer = 131072\n");
    say(200..201);
    kept.server.logs("name=slow why=\"slow consumer\"");
    drop(slow);
}

#[test]
fn messages_are_kept_for_as_long_as_was_said_last() {
    let kept = Kept::start("# all\n", &[]);
    let mut alice = Peer::join(kept.server.address, "alice");
    for number in 0..5 {
        alice.ask(&format!("@ref={number} x | all clients | broadcast | {number}"), "accepted");
    }
    let mut past = || {
        alice.say("@ref=h x | all clients | history");
        let mut count = 0;
        while !alice.until("@").contains("history_end") {
            count += 1;
        }
        count
    };
    assert_eq!(past(), 5);
    kept.takes("keep-messages = 2\n");
    let start = Instant::now();
    while past() != 2 {
        assert!(start.elapsed() < PATIENCE, "they are forgotten while nothing is to be written");
    }
}

#[test]
fn the_log_changes_its_level_and_its_form() {
    let kept = Kept::start("# as it is\n", &[]);
    kept.write("log = \"debug\"\nlog-format = \"json\"\n");
    let said = kept.hang_up();
    assert!(said.ends_with("\"level\":\"info\",\"event\":\"reloaded\",\"changed\":\"log,log-format\"}"), "{said}");
    Peer::connect(kept.server.address);
    kept.server.logs("\"event\":\"connected\",\"conn\":1,");
}

#[test]
fn without_free_file_descriptors_everything_stays_as_it_is() {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 48; exec \"$@\"", "sh", TR2, "serve"]);
    let kept = Kept::run(command, "registration = \"invite\"\n", &[]);
    let crowd: Vec<_> = (0..100).map(|_| Peer::accepted(kept.server.address)).collect();
    kept.server.logs("event=accept_failed");
    kept.write("registration = \"open\"\n");
    kept.refuses(&["Too many open files"]);
    drop(crowd);
    kept.server.logs("event=accepting_again");
    Peer::connect(kept.server.address).ask("x | server | name | x", "refused | invitation_needed");
    assert!(kept.hang_up().contains("changed=registration"));
    Peer::join(kept.server.address, "x");
}

#[test]
fn a_storm_of_hangups_is_a_few_readings_and_the_end_is_no_worse_for_one() {
    let mut kept = Kept::start("# as it is\n", &[]);
    let mut alice = Peer::join(kept.server.address, "alice");
    for _ in 0..2000 {
        kept.server.signal(Signal::HUP);
    }
    alice.ask("@ref=1 x | alice | echo | x", "@ref=1 ");
    kept.write("welcome = \"after the storm\"\n");
    kept.server.signal(Signal::HUP);
    kept.server.logs("changed=welcome");
    for _ in 0..50 {
        kept.server.signal(Signal::HUP);
    }
    kept.server.signal(Signal::TERM);
    for _ in 0..50 {
        kept.server.signal(Signal::HUP);
    }
    let told = alice.rest();
    assert!(told.ends_with("server closed\n"), "{told}");
    let (status, took) = kept.server.end();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(2), "{took:?}");
}
