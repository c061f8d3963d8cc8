//! SIGHUP: either the new settings hold at once for everyone, or nothing changes and the log says why.

use std::fs;
use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::process::Signal;
use tr2::model::Fingerprint;
use tr2::net::certificate;
use tr2::net::tls_config::{Judge, connect};

use crate::secure::credential;
use crate::serving::{Folder, PATIENCE, Peer, Server, TR2};

/// A server with a configuration file that can be rewritten.
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

    /// Sends SIGHUP and returns the server's log line about it.
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
fn of_two_hundred_reloads_the_invalid_half_changes_nothing_and_nobody_is_dropped() {
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
                kept.refuses(&["line=6 column=13 key=keep-days value=0", "1 or more"]);
            }
            2 => {
                // Unreadable for everybody, even for root.
                fs::remove_file(kept.path("tr2.conf")).unwrap();
                fs::create_dir(kept.path("tr2.conf")).unwrap();
                kept.refuses(&["it is not a regular file"]);
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
                kept.refuses(&["line=1 column=1", "may be incomplete"]);
            }
            6 => {
                kept.write(bad.replace("cert.pem", "broken.pem"));
                kept.refuses(&["line=1 column=8", "broken.pem"]);
            }
            7 => {
                kept.write(format!("{bad}listen = [\"tcp://127.0.0.1:0\"]\ndurability = \"normal\"\n"));
                // The setting on the command line wins, so it has not changed.
                kept.refuses(&["line=7 column=14 key=durability", "needs a restart; nothing was changed"]);
            }
            8 => {
                kept.write([bad.as_bytes(), b"# \xff\n"].concat());
                kept.refuses(&["line=6 column=3", "not UTF-8"]);
            }
            _ => {
                fs::remove_file(kept.path("tr2.conf")).unwrap();
                mkfifoat(CWD, kept.path("tr2.conf"), Mode::RUSR | Mode::WUSR).unwrap();
                kept.refuses(&["it is not a regular file"]);
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
fn new_limits_hold_for_current_and_new_connections() {
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
fn the_backlog_limit_of_slow_readers_changes() {
    let kept = Kept::start("flood = \"off\"\nslow-consumer = 67108864\n", &[]);
    let (slow, mut bob) = (Peer::join(kept.server.address, "slow"), Peer::join(kept.server.address, "bob"));
    rustix::net::sockopt::set_socket_recv_buffer_size(slow.stream(), 4096).unwrap();
    let text = "x".repeat(7000);
    let mut say = |numbers: std::ops::Range<u32>| {
        for number in numbers {
            bob.ask(&format!("@ref={number} x | all clients | broadcast_not_me | {text}"), "| accepted");
        }
    };
    // More than the kernel buffers, and more than the server's default backlog.
    say(0..200);
    assert!(!kept.server.log.try_iter().any(|line| line.contains("slow consumer")), "so much may wait");
    kept.takes("flood = \"off\"\nslow-consumer = 131072\n");
    // However much of it the kernel has taken: that is some megabytes at most.
    let is_cut = |line: String| line.contains("name=slow why=\"slow consumer\"");
    let cut = (200..1200).any(|number| {
        say(number..number + 1);
        kept.server.log.try_iter().any(is_cut)
    });
    assert!(cut, "who reads nothing is cut at the new limit");
    drop(slow);
}

#[test]
fn retention_follows_the_latest_setting() {
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
fn the_log_changes_level_and_format() {
    let kept = Kept::start("# as it is\n", &[]);
    kept.write("log = \"debug\"\nlog-format = \"json\"\n");
    let said = kept.hang_up();
    assert!(said.ends_with("\"level\":\"info\",\"event\":\"reloaded\",\"changed\":\"log,log-format\"}"), "{said}");
    Peer::connect(kept.server.address);
    kept.server.logs("\"event\":\"connected\",\"conn\":1,");
}

#[test]
fn without_free_file_descriptors_a_reload_changes_nothing() {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 48; exec \"$@\"", "sh", TR2, "serve"]);
    let kept = Kept::run(command, "registration = \"invite\"\n", &[]);
    let crowd: Vec<_> = (0..100).map(|_| Peer::accepted(kept.server.address)).collect();
    kept.server.logs("event=accept_failed");
    // A file that was open for a moment only leaves a place; the server tries again until a connection takes it.
    let open = format!("/proc/{}/fd", kept.server.pid().as_raw_nonzero());
    let (began, mut same, mut before) = (Instant::now(), 0, 0);
    while same < 10 && began.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(50));
        let count = fs::read_dir(&open).unwrap().count();
        same = if count == before { same + 1 } else { 0 };
        before = count;
    }
    kept.write("registration = \"open\"\n");
    kept.refuses(&["Too many open files"]);
    drop(crowd);
    kept.server.logs("event=accepting_again");
    Peer::connect(kept.server.address).ask("x | server | name | x", "refused | invitation_needed");
    assert!(kept.hang_up().contains("changed=registration"));
    Peer::join(kept.server.address, "x");
}

#[test]
fn a_storm_of_hangups_reads_the_file_a_few_times_and_shutdown_still_works() {
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

// ------------------------------------------------------------------------- certificates, and whoever asks for a reload

/// The fingerprint of a certificate's key, and its chain and key in PEM.
fn pair() -> (String, String, String) {
    let key = certificate::make_key().unwrap();
    let chain = certificate::self_signed(&key, "test").unwrap();
    (certificate::load(&chain, &key).unwrap().fingerprint.to_string(), chain, key)
}

impl Kept {
    /// Puts a new certificate where the server reads it; returns its fingerprint.
    fn renew(&self) -> String {
        let (fingerprint, chain, key) = pair();
        fs::write(self.path("cert.pem"), chain).unwrap();
        fs::write(self.path("key.pem"), key).unwrap();
        fingerprint
    }

    /// `tr2 serve --reload` for this server.
    fn ask(&self) -> Command {
        let mut command = Command::new(TR2);
        command.args(["serve", "--reload", "--config", &self.path("tr2.conf"), "--data"]).arg(self.server.data.path());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Asks, and returns the exit status and what was printed on both streams.
    fn asked(&self) -> (Option<i32>, String, String) {
        let done = self.ask().output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (done.status.code(), text(done.stdout), text(done.stderr))
    }
}

// S02: what keeps the settings from changing does not let a certificate expire.
#[test]
fn a_certificate_is_renewed_whatever_is_wrong_with_the_configuration() {
    let folder = Folder::new();
    let (_, chain, key) = pair();
    let (cert_file, key_file) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    fs::write(&cert_file, chain).unwrap();
    fs::write(&key_file, key).unwrap();
    let file = folder.path().join("tr2.conf");
    let good = format!("cert = \"{}\"\nkey = \"{}\"\n", cert_file.display(), key_file.display());
    fs::write(&file, &good).unwrap();
    let options = ["--config", file.to_str().unwrap(), "--listen", "tls://127.0.0.1:0"];
    let kept = Kept { server: Server::start(&options), folder };
    let tls = kept.server.printed.recv_timeout(PATIENCE).unwrap();
    let address = tls.split("tls://").nth(1).and_then(|rest| rest.split(';').next()).unwrap().parse().unwrap();
    let mut alice = Peer::join(kept.server.address, "alice");
    for bad in [
        format!("{good}listen = [\"tcp://127.0.0.1:0\"]\ndurability = \"normal\"\nwelcome = \"bad\"\n"),
        format!("{good}keep-days = 0\nwelcome = \"bad\"\n"),
        format!("{good}no-such-key = 1\n"),
        format!("{good}keep-days = = 3\n"),
        // The paths of what is in use, which the file no longer names.
        "keep-days = 0\n".to_owned(),
        String::new(),
    ] {
        kept.write(&bad);
        let fingerprint = kept.renew();
        kept.server.signal(Signal::HUP);
        let renewed = kept.server.logs("event=certificate_renewed");
        assert!(renewed.contains(&fingerprint), "{renewed}");
        kept.server.logs("event=reload_failed");
        assert_eq!(shown_at(address), fingerprint);
        // The same once more is no news.
        kept.refuses(&[]);
    }
    // A certificate that cannot be used is told, and the one in use stays.
    let before = shown_at(address);
    fs::write(kept.path("key.pem"), pair().2).unwrap();
    kept.server.signal(Signal::HUP);
    kept.server.logs("event=certificate_kept");
    kept.server.logs("event=reload_failed");
    assert_eq!(shown_at(address), before);
    alice.ask("@ref=9 alice | alice | echo | still here", "@ref=9");
}

/// The fingerprint of the key that a server proves.
fn shown_at(address: SocketAddr) -> String {
    struct Seen(Mutex<Option<String>>);
    impl Judge for Seen {
        fn judge(&self, key: Fingerprint, _: &dyn Fn() -> bool) -> bool {
            *self.0.lock().unwrap() = Some(key.to_string());
            true
        }
    }
    let seen = Arc::new(Seen(Mutex::new(None)));
    let judge: Arc<dyn Judge> = seen.clone();
    let mut tls = connect("localhost", &credential(), judge).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    while tls.is_handshaking() {
        tls.complete_io(&mut stream).unwrap();
    }
    seen.0.lock().unwrap().clone().unwrap()
}

// S02, S61: whoever asks for a reload hears whether it was refused, and why.
#[test]
fn the_outcome_of_a_reload_is_told_to_whoever_asks() {
    let mut kept = Kept::start("# all\n", &[]);
    kept.write("registration = \"invite\"\n");
    assert_eq!(kept.asked(), (Some(0), "The settings were reloaded.\n".into(), String::new()));
    kept.server.logs("changed=registration");
    Peer::connect(kept.server.address).ask("x | server | name | x", "refused | invitation_needed");
    for (bad, words) in [
        ("registration = \"open\"\nkeep-days = 0\n", "tr2.conf:2:13: keep-days 0: "),
        ("registration = \"open\"\ndurability = \"normal\"\n", "durability: needs a restart"),
        ("registration = \"open\n", "tr2.conf:1"),
    ] {
        kept.write(bad);
        let (status, out, said) = kept.asked();
        assert_eq!((status, out), (Some(1), String::new()), "{said}");
        assert!(said.contains(words) && said.contains("were not reloaded"), "{said}");
        kept.server.logs("event=reload_failed");
    }
    Peer::connect(kept.server.address).ask("x | server | name | x", "refused | invitation_needed");
    // Many at once are all answered.
    kept.write("registration = \"open\"\n");
    let askers: Vec<_> = (0..20).map(|_| kept.ask().spawn().unwrap()).collect();
    assert!(askers.into_iter().all(|mut asker| asker.wait().unwrap().success()));
    // Whoever says nothing, or nonsense, at the control socket keeps nobody else from asking.
    let control = kept.server.data.path().join("control.sock");
    let silent: Vec<_> = (0..50).map(|_| UnixStream::connect(&control).unwrap()).collect();
    let mut nonsense = UnixStream::connect(&control).unwrap();
    nonsense.write_all(&[b'x'; 10_000]).unwrap();
    let began = Instant::now();
    assert_eq!(kept.asked().0, Some(0));
    assert!(began.elapsed() < PATIENCE, "one after the other, the silent ones take 100 seconds");
    drop((silent, nonsense));
    // Nor does whoever tidies up.
    fs::remove_file(&control).unwrap();
    kept.server.logs("event=socket_file_made_again");
    assert_eq!(kept.asked().0, Some(0));
    kept.server.signal(Signal::TERM);
    assert_eq!(kept.server.end().0.code(), Some(0));
    assert!(!control.exists());
    let (status, _, said) = kept.asked();
    assert!(status == Some(1) && said.contains("no server answers in "), "{said}");
}
