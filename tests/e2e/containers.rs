//! The manual's recipe for a container, played through in namespaces: an image with the program and its libraries alone, which
//! cannot be written to, a user with any number and no rights, and data in a volume. Skipped, with a word, where there are no
//! such namespaces.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use tr2::model::Fingerprint;

use crate::secure::{Talk, credential};
use crate::serving::{Folder, PATIENCE, TR2, ended};

/// What a runtime of containers does: mounts that last, then a user of its own in the image.
const RUN: &str = r#"
set -e
mount --bind "$IMAGE" "$IMAGE"
mount --bind "$VOLUME" "$IMAGE/data"
mount -t proc proc "$IMAGE/proc"
mount --bind /dev/null "$IMAGE/dev/null"
mount -o remount,bind,ro,nosuid "$IMAGE"
exec unshare --user --map-user=4711 --map-group=4711 --root="$IMAGE" --wd=/ "$@"
"#;

/// The lines of the manual's Containerfile that begin with this word.
fn lines_of_recipe(word: &str) -> Vec<String> {
    let man = Path::new(env!("CARGO_MANIFEST_DIR")).join("man/tr2-serving.7");
    let text = fs::read_to_string(man).unwrap().replace("\\e", "\\");
    let (_, recipe) = text.split_once("\nFROM ").unwrap();
    let lines = recipe.split("\n.Ed").next().unwrap().lines();
    lines.filter_map(|line| line.strip_prefix(word)?.strip_prefix(' ')).map(str::to_owned).collect()
}

/// Makes the image with the lines of the recipe that do not compile anything.
fn make_image(folder: &Folder) -> std::path::PathBuf {
    let image = folder.path().join("image");
    let runs = lines_of_recipe("RUN");
    assert!(runs.len() >= 4 && runs[0] == "cargo build --release --locked", "{runs:?}");
    for run in &runs[1..] {
        if run.contains("/etc/ssl") && !Path::new("/etc/ssl/certs/ca-certificates.crt").exists() {
            println!("skipped in part: this machine has no authorities for certificates");
            continue;
        }
        let run = run.replace("/image", image.to_str().unwrap()).replace("target/release/tr2", TR2);
        let done = Command::new("sh").args(["-ec", &run]).output().unwrap();
        assert!(done.status.success(), "{run}: {}", String::from_utf8_lossy(&done.stderr));
    }
    // What every runtime of containers adds.
    fs::create_dir(image.join("proc")).unwrap();
    fs::create_dir(image.join("dev")).unwrap();
    fs::write(image.join("dev/null"), "").unwrap();
    image
}

/// The words of a list in the recipe.
fn words_of_recipe(word: &str) -> Vec<String> {
    serde_json::from_str(&lines_of_recipe(word)[0]).unwrap()
}

/// A running container.
struct Container {
    front: Child,
    printed: BufReader<ChildStdout>,
}

impl Container {
    fn run(image: &Path, volume: &Path, words: &[String]) -> Self {
        let namespaces = ["--user", "--map-root-user", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"];
        let mut front = Command::new("unshare")
            .args(namespaces)
            .args(["sh", "-c", RUN, "sh"])
            .args(words)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .envs([("IMAGE", image), ("VOLUME", volume)])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = BufReader::new(front.stdout.take().unwrap());
        Self { front, printed }
    }

    /// The next lines that the server prints, up to one with these words.
    fn prints(&mut self, words: &str) -> String {
        let mut line = String::new();
        while self.printed.read_line(&mut line).unwrap() > 0 {
            if line.contains(words) {
                return line.trim_end().to_owned();
            }
            line.clear();
        }
        panic!("no {words:?}: {}", self.errors())
    }

    fn errors(&mut self) -> String {
        let mut said = String::new();
        let _ = self.front.stderr.take().unwrap().read_to_string(&mut said);
        said
    }

    /// The server, as this machine numbers it.
    fn pid(&self) -> Pid {
        let front = self.front.id();
        let children = fs::read_to_string(format!("/proc/{front}/task/{front}/children")).unwrap();
        Pid::from_raw(children.trim().parse().unwrap()).unwrap()
    }

    /// A line of the server's status (proc_pid_status(5)).
    fn status(&self, key: &str) -> String {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid().as_raw_nonzero())).unwrap();
        status.lines().find_map(|line| line.strip_prefix(key)).unwrap().trim().to_owned()
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let _ = self.front.kill();
        let _ = self.front.wait();
    }
}

/// Whether there are the namespaces that this takes.
fn has_namespaces() -> bool {
    let probe =
        ["--user", "--map-root-user", "--mount", "--pid", "--fork", "unshare", "--user", "--map-user=4711", "true"];
    Command::new("unshare").args(probe).output().is_ok_and(|done| done.status.success())
}

#[test]
fn the_recipe_for_a_container_works_with_any_user_and_a_root_that_cannot_be_written() {
    if !has_namespaces() {
        return println!("skipped: there are no namespaces for whoever runs this");
    }
    let (folder, volume) = (Folder::new(), Folder::new());
    let image = make_image(&folder);
    // A volume that everybody may write to, as some are: the server makes a folder of its own in it.
    fs::set_permissions(volume.path(), fs::Permissions::from_mode(0o777)).unwrap();
    assert_eq!(words_of_recipe("CMD"), ["--listen", "tls://[::]:1235"]);
    let mut words = words_of_recipe("ENTRYPOINT");
    words.extend(["--listen", "tls://127.0.0.1:0", "--log", "debug"].map(str::to_owned));
    let before = names_below(&image);
    let key = credential();
    let mut shown: Option<Fingerprint> = None;
    for round in 0..2 {
        let mut container = Container::run(&image, volume.path(), &words);
        let line = container.prints("tr2 serves at tls://");
        let address = line.split("tls://").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
        let fingerprint = line.rsplit(' ').next().unwrap().parse().unwrap();
        // What the server keeps is in the volume: its key, and what was said.
        assert_eq!(*shown.get_or_insert(fingerprint), fingerprint);
        let mut alice = Talk::tls(address, &key).join("alice");
        if round == 0 {
            assert!(container.prints("The moderator passphrase").len() > 30);
            alice.ask("@ref=1 x | all clients | broadcast | hello", "| accepted");
        } else {
            alice.ask("@ref=2 x | all clients | history", "| broadcast | hello");
        }
        // It is nobody in particular, and has no rights.
        assert_eq!(
            (container.status("CapEff:").as_str(), container.status("CapPrm:").as_str()),
            ("0000000000000000", "0000000000000000")
        );
        assert_eq!(container.status("NSpid:").split_whitespace().last(), Some("1"));
        let own = container.pid();
        kill_process(own, Signal::TERM).unwrap();
        assert_eq!(ended(&mut container.front), Some(0), "{}", container.errors());
        let log = container.errors();
        assert!(log.contains("event=started") && log.contains(" data=/data/tr2 "), "{log}");
        assert!(log.contains(" name=alice ") && !log.contains("level=error"), "{log}");
    }
    assert_eq!(names_below(&image), before, "the image is as it was");
    let data = fs::metadata(volume.path().join("tr2")).unwrap();
    assert_eq!((data.mode() & 0o777, data.uid()), (0o700, rustix::process::geteuid().as_raw()));
    // A backup beside the data, as the manual has it.
    let backup = ["/usr/bin/tr2", "serve", "--data", "/data/tr2", "--backup", "/data/b.tar"].map(str::to_owned);
    let mut container = Container::run(&image, volume.path(), &backup);
    assert_eq!(ended(&mut container.front), Some(0), "{}", container.errors());
    assert!(volume.path().join("b.tar").exists());
    // Outside of the volume nothing can be written.
    let elsewhere =
        ["/usr/bin/tr2", "serve", "--data", "/elsewhere", "--listen", "tcp://127.0.0.1:0"].map(str::to_owned);
    let mut container = Container::run(&image, volume.path(), &elsewhere);
    let start = Instant::now();
    assert_eq!(ended(&mut container.front), Some(1));
    assert!(container.errors().contains("Read-only file system") && start.elapsed() < PATIENCE);
}

fn names_below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        names.push(entry.display().to_string());
        if entry.is_dir() {
            names.extend(names_below(&entry));
        }
    }
    names.sort();
    names
}
