//! Packages and the manual's lines for installing: what they hold, and that it is installed, runs and is removed. Skipped,
//! with a word, where the tools for it are missing.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::service::Systemd;
use crate::serving::{Folder, Peer, Server, TR2};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// A file of a package: where it comes from, where it goes, and its permissions.
type Asset = (String, String, u32);

/// The package as its manifest describes it, and the files of the packages for Debian and for Fedora.
fn manifest() -> (Value, Vec<Asset>, Vec<Asset>) {
    let words = ["metadata", "--no-deps", "--offline", "--format-version=1", "--manifest-path"];
    let told = Command::new(env!("CARGO")).args(words).arg(root().join("Cargo.toml")).output().unwrap();
    let mut all: Value = serde_json::from_slice(&told.stdout).unwrap();
    let package = all["packages"][0].take();
    let mode = |value: &Value| u32::from_str_radix(value.as_str().unwrap(), 8).unwrap();
    let assets = |kind: &str| package["metadata"][kind]["assets"].as_array().unwrap().clone();
    let deb = assets("deb").iter().map(|asset| (text(&asset[0]), text(&asset[1]), mode(&asset[2]))).collect();
    let rpm = assets("generate-rpm");
    let rpm = rpm.iter().map(|asset| (text(&asset["source"]), text(&asset["dest"]), mode(&asset["mode"]))).collect();
    (package, deb, rpm)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The files that a source names; the program is the one under test.
fn sources(source: &str) -> Vec<PathBuf> {
    if source == "target/release/tr2" {
        return vec![TR2.into()];
    }
    let Some((before, after)) = source.split_once('*') else { return vec![root().join(source)] };
    let (folder, before) = before.rsplit_once('/').unwrap();
    let mut found: Vec<PathBuf> =
        fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with(before) && name.ends_with(after)
    });
    found
}

/// The names of all files in `man/` that are for whoever installs the program.
fn shipped() -> BTreeSet<String> {
    let names = fs::read_dir(root().join("man")).unwrap().map(|entry| entry.unwrap());
    let files = names.filter(|entry| entry.path().is_file()).map(|entry| entry.file_name().into_string().unwrap());
    // Pictures for the README.
    files.filter(|name| !name.ends_with(".svg")).collect()
}

fn names(paths: impl IntoIterator<Item = PathBuf>) -> BTreeSet<String> {
    paths.into_iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn both_packages_hold_the_program_and_everything_that_is_shipped_with_it() {
    let (package, deb, rpm) = manifest();
    for assets in [&deb, &rpm] {
        let held = names(assets.iter().flat_map(|(source, ..)| sources(source)));
        let mut wanted = shipped();
        wanted.extend(["tr2", "LICENSE", "README.md"].map(str::to_owned));
        assert_eq!(held, wanted);
        for (source, dest, mode) in assets {
            assert!(!sources(source).is_empty() && sources(source).iter().all(|path| path.is_file()), "{source}");
            assert_eq!(*mode, if source.ends_with("/tr2") { 0o755 } else { 0o644 }, "{source}");
            assert!(dest.ends_with('/') || !source.contains('*'), "{source}");
        }
    }
    // Each file goes to the same place in both, but for what the two systems have elsewhere.
    for ((source, deb, _), (same, rpm, _)) in deb.iter().zip(&rpm) {
        assert_eq!(source, same);
        assert!(["man/_tr2", "LICENSE"].contains(&&**source) || format!("/{deb}") == *rpm, "{source}: {deb}, {rpm}");
    }
    assert_eq!(package["metadata"]["deb"]["conf-files"][0], "/etc/tr2/tr2.conf");
    let of_rpm = &package["metadata"]["generate-rpm"];
    for (key, script) in
        [("post_install_script", "postinst"), ("pre_uninstall_script", "prerm"), ("post_uninstall_script", "postrm")]
    {
        let path = format!("man/package/{script}");
        assert_eq!(of_rpm[key], *path);
        let checked = Command::new("sh").arg("-n").arg(root().join(&path)).status().unwrap();
        assert!(checked.success() && fs::metadata(root().join(&path)).unwrap().permissions().mode() & 0o111 == 0o111);
    }
}

#[test]
fn the_units_the_user_and_the_folders_agree() {
    let (service, socket) = (read("man/tr2.service"), read("man/tr2.socket"));
    let (users, folders) = (read("man/tr2.sysusers"), read("man/tr2.tmpfiles"));
    let value = |unit: &str, key: &str| {
        let line = unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap();
        line.to_owned()
    };
    // The user of a unit with DynamicUser= has the unit's name, and is the one that exists if there is one.
    assert_eq!((value(&service, "DynamicUser"), value(&service, "StateDirectory")), ("yes".into(), "tr2".into()));
    assert!(!service.contains("\nUser="));
    let user = users.lines().find(|line| line.starts_with("u ")).unwrap();
    assert!(user.starts_with("u tr2 - ") && user.ends_with(" /var/lib/tr2"), "{user}");
    let start = value(&service, "ExecStart");
    // Found in /usr/local/bin and in /usr/bin.
    assert!(start.starts_with("tr2 serve ") && start.contains(" --data /var/lib/tr2"), "{start}");
    let config = Path::new(start.split("--config ").nth(1).unwrap().split(' ').next().unwrap()).to_owned();
    let listens = value(&socket, "ListenStream");
    assert!(!socket.contains("\nDirectoryMode="), "0755 is systemd's default");
    for folder in [config.parent().unwrap(), Path::new(&listens).parent().unwrap()] {
        let line = format!("d {} 0755 root root -", folder.display());
        assert!(folders.lines().any(|there| there == line), "{line}");
    }
    if !rustix::process::geteuid().is_root() {
        return println!("skipped in part: only root makes users and folders elsewhere");
    }
    let into = Folder::new();
    fs::create_dir(into.path().join("etc")).unwrap();
    let tool = |name: &str, words: &[&str]| {
        let done = Command::new(name).arg(format!("--root={}", into.path().display())).args(words).output();
        match done {
            Err(_) => println!("skipped in part: there is no {name}"),
            Ok(done) => assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr)),
        }
    };
    tool("systemd-sysusers", &[root().join("man/tr2.sysusers").to_str().unwrap()]);
    if let Ok(users) = fs::read_to_string(into.path().join("etc/passwd")) {
        assert!(users.contains("tr2:") && users.contains(":/var/lib/tr2:"), "{users}");
        tool("systemd-tmpfiles", &["--create", root().join("man/tr2.tmpfiles").to_str().unwrap()]);
        assert!(into.path().join("run/tr2").is_dir() && into.path().join("etc/tr2").is_dir());
    }
}

#[test]
fn the_shipped_configuration_is_right_also_with_everything_it_suggests() {
    let text = read("man/tr2.conf");
    let suggested: String = text
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .filter(|line| line.contains(" = "))
        .fold(String::new(), |all, line| all + &line.replace(":1235", ":0").replace(":9110", ":0") + "\n");
    assert!(suggested.lines().count() >= 3, "{suggested}");
    for config in [text, suggested] {
        let folder = Folder::new();
        let file = folder.path().join("tr2.conf");
        fs::write(&file, config).unwrap();
        let data = folder.path().join("data");
        let words = ["serve", "--check", "--data", data.to_str().unwrap(), "--config", file.to_str().unwrap()];
        // Without a configured address it would be the default one, which may be in use here.
        let output = Command::new(TR2).args(words).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() || told.lines().all(|line| line.contains("127.0.0.1:1234")), "{told}");
    }
}

/// The block of lines in a text that begins with one of them and ends with the first that is none.
fn block<'a>(text: &'a str, begins: &str, goes_on: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let lines = text.lines().skip_while(|line| line.trim() != begins);
    lines.skip(1).take_while(|line| goes_on(line)).map(str::trim).collect()
}

#[test]
fn the_lines_of_the_manual_install_everything_below_any_folder() {
    let (readme, manual) = (read("README.md"), read("man/tr2-serving.7").replace("\\e", "\\"));
    let begins = "D=                                              # or another root, such as D=/tmp/tr2";
    let lines = block(&readme, begins, |line| line.starts_with("    "));
    assert_eq!(lines, block(&manual, "D=", |line| line != ".Ed"), "README.md and tr2-serving(7)");
    let (sources, into) = (Folder::new(), Folder::new());
    for name in ["man", "README.md", "LICENSE"] {
        std::os::unix::fs::symlink(root().join(name), sources.path().join(name)).unwrap();
    }
    fs::create_dir_all(sources.path().join("target/release")).unwrap();
    std::os::unix::fs::symlink(TR2, sources.path().join("target/release/tr2")).unwrap();
    let script = format!("set -e\nD={}\n{}", into.path().display(), lines.join("\n"));
    let install = || {
        let done = Command::new("sh").args(["-c", &script]).current_dir(sources.path()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    install();
    let conf = into.path().join("etc/tr2/tr2.conf");
    assert_eq!(fs::read_to_string(&conf).unwrap(), read("man/tr2.conf"));
    fs::write(&conf, "moderator = [\"alice\"]\n").unwrap();
    // Again, as for an upgrade: the configuration stays.
    install();
    assert_eq!(fs::read_to_string(&conf).unwrap(), "moderator = [\"alice\"]\n");
    let mut found = Vec::new();
    files_below(into.path(), &mut found);
    let mut installed = BTreeSet::new();
    for path in &found {
        let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.ends_with("bin/tr2") { 0o755 } else { 0o644 }, "{}", path.display());
        installed.insert(fs::read(path).unwrap());
    }
    for name in shipped().into_iter().filter(|name| name != "tr2.conf") {
        assert!(installed.contains(&fs::read(root().join("man").join(&name)).unwrap()), "{name} is not installed");
    }
    serves(&into.path().join("usr/local/bin/tr2"));
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { files_below(&entry, found) } else { found.push(entry) }
    }
}

/// An installed program serves, and ends as it is asked to.
fn serves(program: &Path) {
    let mut command = Command::new(program);
    command.arg("serve");
    let mut server = Server::run(command, Folder::new(), &[]);
    Peer::join(server.address, "alice").ask("@ref=1 x | all clients | broadcast | hello", "| accepted");
    server.signal(rustix::process::Signal::TERM);
    assert_eq!(server.end().0.code(), Some(0));
}

/// Builds the package for Debian from the manifest, as cargo-deb does; the error is what this machine lacks.
pub(crate) fn build_deb(folder: &Path) -> Result<PathBuf, String> {
    let (package, assets, _) = manifest();
    let deb = &package["metadata"]["deb"];
    let tree = folder.join("tree");
    for (source, dest, mode) in assets {
        for path in sources(&source) {
            let mut to = tree.join(&dest);
            if dest.ends_with('/') {
                to.push(path.file_name().unwrap());
            }
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            // Another process writes it, so that it can be run at once.
            assert!(Command::new("cp").arg(&path).arg(&to).status().unwrap().success());
            fs::set_permissions(&to, fs::Permissions::from_mode(mode)).unwrap();
            if mode == 0o755 {
                // The program under test is full of what only a debugger needs.
                let _ = Command::new("strip").arg(&to).output();
            }
        }
    }
    let arch = Command::new("dpkg").arg("--print-architecture").output().map_err(|_| "there is no dpkg".to_owned())?;
    let control = tree.join("DEBIAN");
    fs::create_dir(&control).unwrap();
    let described = format!("{}\n {}", text(&package["description"]), text(&deb["extended-description"]));
    let fields = [
        ("Package", text(&package["name"])),
        ("Version", format!("{}-1", text(&package["version"]))),
        ("Architecture", String::from_utf8(arch.stdout).unwrap().trim().to_owned()),
        ("Maintainer", text(&deb["maintainer"])),
        ("Section", text(&deb["section"])),
        ("Priority", text(&deb["priority"])),
        ("Description", described),
    ];
    fs::write(control.join("control"), fields.map(|(field, value)| format!("{field}: {value}\n")).concat()).unwrap();
    fs::write(control.join("conffiles"), format!("{}\n", text(&deb["conf-files"][0]))).unwrap();
    for script in
        fs::read_dir(root().join(text(&deb["maintainer-scripts"]))).unwrap().map(|entry| entry.unwrap().path())
    {
        fs::copy(&script, control.join(script.file_name().unwrap())).unwrap();
    }
    let file = folder.join("tr2.deb");
    let built =
        Command::new("dpkg-deb").args(["--root-owner-group", "-Znone", "--build"]).arg(&tree).arg(&file).output();
    let built = built.map_err(|_| "there is no dpkg-deb".to_owned())?;
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Ok(file)
}

#[test]
fn a_package_is_installed_runs_and_is_removed() {
    let folder = Folder::new();
    let deb = match build_deb(folder.path()) {
        Ok(deb) => deb,
        Err(why) => return println!("skipped: {why}"),
    };
    let into = folder.path().join("machine");
    let db = into.join("var/lib/dpkg");
    fs::create_dir_all(db.join("info")).unwrap();
    fs::create_dir_all(db.join("updates")).unwrap();
    fs::write(db.join("status"), "").unwrap();
    let dpkg = |words: &[&str]| {
        let done = Command::new("dpkg")
            .arg(format!("--root={}", into.display()))
            .args(["--force-not-root", "--force-script-chrootless", "--log=/dev/null"])
            .args(words)
            // Where dpkg looks for its helpers, also for users without them in the path.
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
        assert!(done.status.success(), "dpkg {words:?}: {said}");
        said
    };
    dpkg(&["--install", deb.to_str().unwrap()]);
    assert!(dpkg(&["--status", "tr2"]).contains("Status: install ok installed"));
    let conf = into.join("etc/tr2/tr2.conf");
    assert_eq!(fs::read_to_string(&conf).unwrap(), read("man/tr2.conf"));
    assert!(into.join("usr/share/man/man1/tr2-serve.1").exists() && into.join("usr/share/doc/tr2/copyright").exists());
    serves(&into.join("usr/bin/tr2"));
    fs::write(&conf, "moderator = [\"alice\"]\n").unwrap();
    dpkg(&["--remove", "tr2"]);
    assert!(!into.join("usr/bin/tr2").exists() && !into.join("usr/lib/systemd/system/tr2.service").exists());
    assert_eq!(
        fs::read_to_string(&conf).unwrap(),
        "moderator = [\"alice\"]\n",
        "a configuration stays until it is purged"
    );
    dpkg(&["--purge", "tr2"]);
    assert!(!conf.exists());
}

#[test]
fn under_systemd_a_package_starts_as_the_manual_says_and_takes_its_server_along_when_it_goes() {
    let folder = Folder::new();
    let started = build_deb(folder.path()).and_then(|deb| Systemd::start_without_tr2(&deb));
    let systemd = match started {
        Ok(systemd) => systemd,
        Err(why) => return println!("skipped: no systemd of its own can be had here: {why}"),
    };
    systemd.does("dpkg --install /run/tr2.deb");
    // Nothing is started yet; there is a user, and there are the folders.
    assert!(!systemd.run("systemctl is-active tr2").0);
    systemd.does("test -d /run/tr2 && test -d /etc/tr2");
    let number = systemd.does("id -u tr2");
    systemd.does(
        "printf 'moderator = [\"root\"]\\n' >>/etc/tr2/tr2.conf && systemctl enable --now tr2.socket tr2.service",
    );
    let joined = systemd.does("echo hello | tr2 join --name root --plain && tr2 join --name zoe --plain --tail 1");
    assert!(joined.contains("hello"), "{joined}");
    // It runs as that user, to whom the data belongs, and is the installed program.
    let pid = systemd.does("systemctl show --value -p MainPID tr2");
    assert_eq!(systemd.does(&format!("stat -c %u /proc/{} /var/lib/tr2/history.db", pid.trim())), number.repeat(2));
    assert_eq!(systemd.does(&format!("readlink /proc/{}/exe", pid.trim())), "/usr/bin/tr2\n");
    systemd.does("systemctl reload tr2");
    // An upgrade starts it again, with the messages; the changed configuration stays.
    systemd.does("dpkg --force-confold --install /run/tr2.deb");
    assert_ne!(systemd.does("systemctl show --value -p MainPID tr2"), pid);
    systemd.does("grep -q root /etc/tr2/tr2.conf");
    assert!(systemd.does("tr2 join --name zoe --plain --tail 1").contains("hello"));
    systemd.does("dpkg --remove tr2");
    assert!(!systemd.run("systemctl is-active tr2").0 && !systemd.run("systemctl is-active tr2.socket").0);
    // The socket goes after the server, for which alone `systemctl` waits.
    for gone in ["/usr/bin/tr2", "/usr/lib/systemd/system/tr2.service", "/run/tr2/tr2.sock"] {
        systemd.does(&format!("! test -e {gone}"));
    }
    systemd.does("test -e /var/lib/tr2/history.db");
}
