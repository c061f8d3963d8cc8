//! The shipped units under a real systemd: the first process of namespaces of its own, which see this machine's files
//! with units, settings and state of their own. Skipped, with a word, where that cannot be had.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::serving::{Folder, PATIENCE, Server, TR2};

const SYSTEMD: &str = "/lib/systemd/systemd";
/// This machine's units that tr2's need.
const UNITS: &str = "basic.target sysinit.target sockets.target shutdown.target umount.target multi-user.target \
                     slices.target paths.target timers.target network.target network-online.target \
                     nss-user-lookup.target systemd-journald.socket systemd-journald.service";
/// What the first process does before it becomes systemd: its own folder has everything that is not this machine's.
const SETUP: &str = r#"
set -e
mount --make-rprivate /
mount -t proc proc /proc
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs "$OWN"
cd "$OWN"
mkdir upper work units bin usr usr-work
if [ "$DEB" ]; then
    mount -t overlay -o lowerdir=/usr,upperdir=usr,workdir=usr-work overlay /usr
else
    cp "$TR2" bin/tr2
    cp "$MAN/tr2.service" "$MAN/tr2.socket" units/
fi
for unit in $UNITS; do cp "/lib/systemd/system/$unit" units/; done
printf '[Unit]\nRequires=basic.target systemd-journald.socket\n' >units/test.target
mount -t overlay -o lowerdir=/etc,upperdir=upper,workdir=work overlay /etc
rm -rf /etc/systemd/system
mkdir -p /etc/systemd/system /etc/tr2
mount --bind units /lib/systemd/system
mount --bind bin /usr/local/bin
for folder in /run /var/lib /var/log; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
mkdir /run/backup
if [ "$DEB" ]; then
    cp "$DEB" /run/tr2.deb
    mkdir -p /var/lib/dpkg/info /var/lib/dpkg/updates
    : >/var/lib/dpkg/status
fi
exec env -i container=test PATH=/usr/local/bin:/usr/bin:/bin \
    "$SYSTEMD" --system --unit=test.target --log-target=null --show-status=no
"#;

/// A systemd of its own; it and everything that it started are killed when this is dropped.
pub(crate) struct Systemd {
    /// The process that is killed together with the systemd.
    front: Child,
    /// The systemd, as this machine numbers it; empty until it runs.
    pid: String,
    group: PathBuf,
    /// Covered by its own files, as far as it sees.
    own: Folder,
}

impl Systemd {
    /// Starts one with the shipped units; the error is what this machine lacks.
    fn start() -> Result<Self, String> {
        Self::start_with("")
    }

    /// Starts one without them, on which this package can be installed from `/run/tr2.deb`; changes of `/usr` are its own.
    pub(crate) fn start_without_tr2(deb: &Path) -> Result<Self, String> {
        Self::start_with(deb.to_str().unwrap())
    }

    fn start_with(deb: &str) -> Result<Self, String> {
        if !rustix::process::geteuid().is_root() || !Path::new(SYSTEMD).exists() {
            return Err(format!("it takes root and {SYSTEMD}"));
        }
        let groups = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].map(Path::new);
        let groups = groups.into_iter().find(|path| path.join("cgroup.subtree_control").exists());
        let group = groups.ok_or("there is no cgroup2")?.join(format!("tr2-test-{}", std::process::id()));
        fs::create_dir(&group).map_err(|error| format!("no control group can be made: {error}"))?;
        let own = Folder::new();
        let enter = "echo $$ >\"$GROUP/cgroup.procs\" && exec unshare --mount --pid --cgroup --uts --ipc --net --fork \
                     --kill-child sh -c \"$SETUP\"";
        let front = Command::new("sh")
            .args(["-c", enter])
            .envs([("GROUP", group.to_str().unwrap()), ("DEB", deb)])
            .env("OWN", own.path())
            .env("MAN", Path::new(env!("CARGO_MANIFEST_DIR")).join("man"))
            .envs([("TR2", TR2), ("UNITS", UNITS), ("SETUP", SETUP), ("SYSTEMD", SYSTEMD)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut systemd = Self { front, pid: String::new(), group, own };
        systemd.wait_until_ready()?;
        Ok(systemd)
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let (start, children) = (Instant::now(), format!("/proc/{0}/task/{0}/children", self.front.id()));
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.front.try_wait().unwrap() {
                let mut said = String::new();
                let _ = self.front.stderr.take().unwrap().read_to_string(&mut said);
                return Err(format!("{status}: {said}"));
            }
            let child = fs::read_to_string(&children).unwrap_or_default().trim().to_owned();
            if fs::read_to_string(format!("/proc/{child}/comm")).is_ok_and(|name| name.trim() == "systemd") {
                self.pid = child;
                if self.systemctl("is-active test.target").0 {
                    return Ok(());
                }
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err("it does not get ready".into())
    }

    /// Runs a shell command beside the server, as cron would: whether it succeeded, and what it said.
    pub(crate) fn run(&self, command: &str) -> (bool, String) {
        let enter = [
            "-t",
            &self.pid,
            "-m",
            "-p",
            "-C",
            "-u",
            "-i",
            "-n",
            "env",
            "-i",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME=/root",
        ];
        let done = Command::new("nsenter").args(enter).args(["sh", "-c", command]).output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    fn systemctl(&self, words: &str) -> (bool, String) {
        self.run(&format!("systemctl {words}"))
    }

    #[track_caller]
    pub(crate) fn does(&self, command: &str) -> String {
        let (done, said) = self.run(command);
        assert!(done, "{command}: {said}\n{}", self.run("systemctl status tr2; journalctl --no-pager | tail -30").1);
        said
    }

    /// The states of the server and of its socket.
    fn states(&self) -> [String; 2] {
        ["tr2.service", "tr2.socket"].map(|unit| self.systemctl(&format!("is-active {unit}")).1.trim().to_owned())
    }

    fn socket(&self) -> PathBuf {
        self.path("/run/tr2/tr2.sock")
    }

    /// A file of this machine's, where others find it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        format!("/proc/{}/root{path}", self.pid).into()
    }

    pub(crate) fn configure(&self, text: &str) {
        fs::write(self.path("/etc/tr2/tr2.conf"), text).unwrap();
    }

    /// Joins through the socket file, as root.
    pub(crate) fn join(&self, name: &str) -> Local {
        let stream = UnixStream::connect(self.socket()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut local = Local(BufReader::new(stream));
        local.ask(&format!("x | server | name | {name}"), " | connection_confirmation | ");
        local
    }

    /// Lets a client connect again and again for a while; nothing may come of it.
    #[track_caller]
    fn stays_stopped(&self) {
        // The socket goes after the server, for which alone `systemctl stop` waits.
        let start = Instant::now();
        while self.states() != ["inactive", "inactive"] {
            assert!(start.elapsed() < PATIENCE, "{:?}", self.states());
        }
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(1500) {
            assert!(UnixStream::connect(self.socket()).is_err(), "somebody listens");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(self.states(), ["inactive", "inactive"]);
    }
}

impl Drop for Systemd {
    fn drop(&mut self) {
        // The last process of the namespaces takes everything in them with it.
        let _ = self.front.kill();
        let _ = self.front.wait();
        let start = Instant::now();
        let groups = || fs::read_dir(&self.group).into_iter().flatten().flatten().map(|entry| entry.path());
        while fs::remove_dir(&self.group).is_err() && start.elapsed() < PATIENCE {
            let _ = fs::write(self.group.join("cgroup.kill"), "1");
            remove_groups(groups());
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(self.own.path().exists());
    }
}

fn remove_groups(groups: impl Iterator<Item = PathBuf>) {
    for group in groups.filter(|path| path.is_dir()) {
        let below = fs::read_dir(&group).into_iter().flatten().flatten().map(|entry| entry.path());
        remove_groups(below.collect::<Vec<_>>().into_iter());
        let _ = fs::remove_dir(group);
    }
}

/// A client at the socket file.
pub(crate) struct Local(BufReader<UnixStream>);

impl Local {
    /// Says a line, and returns the first line that holds these words.
    #[track_caller]
    fn ask(&mut self, said: &str, words: &str) -> String {
        self.0.get_mut().write_all(format!("{said}\n").as_bytes()).unwrap();
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the end, without {words:?}");
            if line.contains(words) {
                return line;
            }
        }
    }

    pub(crate) fn say(&mut self, text: &str) {
        self.ask(&format!("@ref={text} x | all clients | broadcast | {text}"), "| accepted");
    }

    /// Everything that was said to everyone, as far as the server knows it.
    pub(crate) fn history(&mut self) -> Vec<String> {
        let mut said = Vec::new();
        self.0.get_mut().write_all(b"@ref=h x | all clients | history\n").unwrap();
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0);
            if line.contains("history_end") {
                return said;
            }
            said.extend(line.rsplit_once(" | broadcast | ").map(|(_, text)| text.trim().to_owned()));
        }
    }
}

/// The lines of a manual page from one line to another.
fn part_of(page: &str, from: &str, to: &str) -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("man").join(page)).unwrap();
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from:?}"));
    rest.split_once(to).unwrap().0.replace("\\e", "\\")
}

// S02, S37b, S40, S42, S58, S61 with the shipped units.
#[test]
fn with_the_shipped_units_everything_is_as_the_manual_says() {
    let systemd = match Systemd::start() {
        Ok(systemd) => systemd,
        Err(why) => return println!("skipped: no systemd of its own can be had here: {why}"),
    };
    starts_as_the_manual_configures_it(&systemd);
    reloads_or_fails_to(&systemd);
    stops_until_it_is_started(&systemd);
    is_restored_by_root(&systemd);
    is_kept_by_root(&systemd);
}

fn starts_as_the_manual_configures_it(systemd: &Systemd) {
    // A configuration that cannot be used is not tried again and again.
    systemd.configure("keep-days = 0\n");
    assert!(!systemd.systemctl("start tr2").0);
    assert_eq!(systemd.does("systemctl show --value -p ActiveState -p NRestarts tr2"), "0\nfailed\n");
    systemd.does("systemctl reset-failed");
    systemd.configure(&(part_of("tr2.conf.5", "A server for a lab:\n.Bd -literal -offset indent\n", ".Ed")));
    systemd.does("systemctl start tr2");
    assert_eq!(systemd.states(), ["active", "active"]);
    let mut root = systemd.join("root");
    let whois = root.ask("x | server | whois | root", "| whois | ");
    assert!(whois.contains("proof=uid:0 "), "{whois}");
    // The client finds it by itself.
    let joined = systemd.does("echo hello | /usr/local/bin/tr2 join --name zoe --plain");
    assert!(joined.contains("The printer is called emil."), "{joined}");
    let log = systemd.does("journalctl --no-pager -o cat -u tr2");
    assert!(
        log.contains("event=started") && log.contains("listen=tls://0.0.0.0:1235,unix:/run/tr2/tr2.sock "),
        "{log}"
    );
    assert!(log.contains("level=info event=joined conn=1 from=uid:0 name=root"), "{log}");
    assert!(!log.contains("time="), "{log}");
    // The unit takes nothing away that the sandbox needs.
    let here = Server::start(&[]).logs("event=started");
    assert!(log.contains(here.split_once(" sandbox=").unwrap().1), "{log}");
}

fn reloads_or_fails_to(systemd: &Systemd) {
    let good = "moderator = [\"root\"]\nwelcome = \"reloaded\"\n";
    // It named addresses, which needs a restart: that is refused, and told to whoever asked.
    for bad in [good.to_owned(), format!("{good}keep-days = = 3\n")] {
        systemd.configure(&bad);
        let (done, said) = systemd.systemctl("reload tr2");
        assert!(!done && said.contains("failed"), "{said}");
        assert_eq!(systemd.states(), ["active", "active"]);
    }
    let errors = systemd.does("journalctl --no-pager -o cat -p err -u tr2");
    assert!(errors.contains("event=reload_failed") && errors.contains("needs a restart"), "{errors}");
    assert!(!errors.contains("level=info") && !errors.contains("level=warn"), "{errors}");
    let inode = || fs::metadata(systemd.socket()).unwrap().ino();
    let before = inode();
    systemd.configure(good);
    systemd.does("systemctl restart tr2");
    // The socket outlives the restart, and the settings hold from then on.
    assert_eq!((inode(), systemd.states()), (before, ["active".into(), "active".into()]));
    systemd.configure(&format!("{good}keep-days = 30\n"));
    systemd.does("systemctl reload tr2");
    let mut again = Local(BufReader::new(UnixStream::connect(systemd.socket()).unwrap()));
    again.ask("x | server | name | bob", "| private_message | reloaded");
}

fn stops_until_it_is_started(systemd: &Systemd) {
    let (ends, joined) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        // A client that comes back whenever it is thrown out.
        scope.spawn(|| {
            while !ends.load(Ordering::Relaxed) {
                if let Ok(mut stream) = UnixStream::connect(systemd.socket()) {
                    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
                    let _ = stream.write_all(b"x | server | name | carol\n");
                    let mut bytes = [0; 4096];
                    while !ends.load(Ordering::Relaxed) {
                        match stream.read(&mut bytes) {
                            Ok(0) => break,
                            Ok(_) => drop(joined.fetch_add(1, Ordering::Relaxed)),
                            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                            Err(_) => break,
                        }
                    }
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let _end = AtTheEnd(&ends);
        let is_in = || {
            let start = Instant::now();
            while joined.swap(0, Ordering::Relaxed) == 0 {
                assert!(start.elapsed() < PATIENCE, "the client is not back");
                std::thread::sleep(Duration::from_millis(10));
            }
        };
        is_in();
        systemd.does("systemctl stop tr2");
        systemd.stays_stopped();
        assert!(!systemd.run("/usr/local/bin/tr2 join --name zoe --plain </dev/null").0);
        assert_eq!(systemd.states(), ["inactive", "inactive"]);
        joined.store(0, Ordering::Relaxed);
        systemd.does("systemctl start tr2");
        is_in();
        // A moderator's closing holds as well.
        systemd.join("root").ask("x | server | close_server | no data", "server closed");
        systemd.stays_stopped();
        joined.store(0, Ordering::Relaxed);
        systemd.does("systemctl start tr2");
        is_in();
    });
}

/// Sets a flag when it is dropped, also when a test fails.
struct AtTheEnd<'a>(&'a AtomicBool);

impl Drop for AtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn is_restored_by_root(systemd: &Systemd) {
    let mut root = systemd.join("root");
    root.say("before");
    // The manual's line for cron, into a folder of this systemd, says nothing if all is well.
    let line = part_of("tr2-serve.1", "0 3 * * * ", "\n.Ed")
        .replace("\\c\n", "")
        .replace("\\%", "%")
        .replace("/backup ", "/run/backup ");
    assert_eq!(systemd.does(&line), "");
    root.say("after");
    drop(root);
    let restore = part_of("tr2-serve.1", "Under systemd, as root:\n.Bd -literal -offset indent\n", ".Ed");
    let restore = restore.replace("\\\n      ", "").replace("tr2 serve", "/usr/local/bin/tr2 serve");
    let restore = restore.lines().filter_map(|line| line.strip_prefix("# ")).collect::<Vec<_>>().join(" && ");
    let file = systemd.does("echo /run/backup/*.tar");
    let restore = restore.replace("/backup/tr2-2026-11-28T030000Z.tar", file.trim());
    systemd.does(&restore);
    assert_eq!(systemd.states(), ["active", "active"]);
    let mut root = systemd.join("root");
    assert_eq!(root.history(), ["before"]);
    root.say("again");
    // On a folder that root has emptied as well.
    systemd.does("systemctl stop tr2 && rm /var/lib/tr2/history.db*");
    let put_back = format!("tr2 serve --data /var/lib/tr2 --restore {} && systemctl start tr2", file.trim());
    systemd.does(&put_back.replace("tr2 serve", "/usr/local/bin/tr2 serve"));
    assert_eq!(systemd.join("root").history(), ["before"]);
}

/// Root orders what the manual says, of the running server and of its data, although a dynamic user owns them.
fn is_kept_by_root(systemd: &Systemd) {
    let tr2 = |what: &str| systemd.does(&format!("/usr/local/bin/tr2 serve --data /var/lib/tr2 {what}"));
    systemd.join("root").ask("@ref=kept x | all clients | broadcast | pear", "| accepted");
    assert!(tr2("--list users").contains("root: owned"));
    assert!(tr2("--maintenance on --text 'Back at noon.'").starts_with("Maintenance is on"));
    assert!(tr2("--rotate-passphrase").contains("shown only once: "));
    systemd.does("systemctl stop tr2.socket tr2");
    systemd.stays_stopped();
    assert!(tr2("--maintenance off").starts_with("Maintenance is off"));
    assert!(tr2("--export root /run/root.json").contains("lines about root"));
    assert!(systemd.does("cat /run/root.json").contains("pear"));
    assert!(tr2("--erase root --yes").starts_with("Erased: "));
    assert!(tr2("--free root").starts_with("The name root is free"));
    systemd.does("systemctl start tr2");
    assert!(!systemd.join("root").history().contains(&"pear".to_owned()));
    assert_eq!(systemd.run("grep -rl pear /var/lib/tr2/history.db /var/lib/tr2/history.db-wal").1, "");
}
