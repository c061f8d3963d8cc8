//! Socket files: nobody else can reach them, replace them, or redirect them.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rustix::process::Signal;
use tr2::net::unix::{SocketAccess, bind};

use crate::secure::Talk;
use crate::serving::{Folder, Server, TR2, copy_program};

const PRIVATE: SocketAccess = SocketAccess { mode: 0o600, group: None };

/// The user id of an unprivileged stranger.
const STRANGER: u32 = 54321;

fn url(path: &Path) -> String {
    format!("unix:{}", path.display())
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

/// The output of `serve` with these options, which must fail.
fn refused(data: &Folder, options: &[&str]) -> String {
    let mut command = Command::new(TR2);
    command.args(["serve", "--data"]).arg(data.path()).args(options).stdin(Stdio::null());
    // Opening a FIFO would block it for ever.
    let output = Command::new("timeout").arg("20").arg(TR2).args(command.get_args()).output().unwrap();
    let planted = fs::read_dir(data.path()).unwrap().map(|file| file.unwrap().file_name()).collect::<Vec<_>>();
    assert_eq!(output.status.code(), Some(1), "{planted:?} {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stderr).unwrap()
}

fn join(options: &[&str], environment: &[(&str, &Path)], line: &str) -> Output {
    let mut command = Command::new("timeout");
    command
        .env("LC_ALL", "C.UTF-8")
        .args(["20", TR2, "join", "--commands"])
        .args(options)
        .env_remove("TR2_SERVER")
        .env_remove("XDG_RUNTIME_DIR");
    command.envs(environment.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = writeln!(child.stdin.take().unwrap(), "{line}");
    child.wait_with_output().unwrap()
}

#[test]
fn people_chat_over_a_socket_file_that_exists_as_long_as_its_server() {
    let folder = Folder::new();
    let path = folder.path().join("s");
    let options = ["--listen", &url(&path), "--socket-mode", "640"];
    let mut server = Server::start(&options);
    assert!(fs::symlink_metadata(&path).unwrap().file_type().is_socket());
    assert_eq!(mode(&path), 0o640);
    let mut ann = Talk::unix(path.to_str().unwrap()).join("ann");
    let output = join(&["--name", "bob", "--server", &url(&path)], &[], "hello there");
    assert!(output.status.success(), "{output:?}");
    assert!(ann.until("hello there").contains("verified=yes"), "the kernel says who it is");
    // A second server does not take its place and does no harm.
    let other = Folder::new();
    let words = refused(&other, &["--listen", &url(&path)]);
    assert!(words.contains("another server is listening there"), "{words}");
    ann.ask("@ref=1 x | x | echo | still here", "still here");
    server.signal(Signal::TERM);
    server.end();
    assert!(!path.exists());
    // The leftovers of a killed server are in nobody's way.
    let mut server = Server::start(&options);
    server.signal(Signal::KILL);
    server.end();
    assert!(path.exists());
    let _server = Server::start(&options);
    Talk::unix(path.to_str().unwrap()).join("ann");
}

#[test]
fn the_client_finds_the_server_of_its_login_session() {
    let runtime = Folder::new();
    fs::create_dir(runtime.path().join("tr2")).unwrap();
    fs::set_permissions(runtime.path().join("tr2"), fs::Permissions::from_mode(0o700)).unwrap();
    let path = runtime.path().join("tr2/tr2.sock");
    let _server = Server::start(&["--listen", &url(&path)]);
    let mut ann = Talk::unix(path.to_str().unwrap()).join("ann");
    let output = join(&["--name", "bob"], &[("XDG_RUNTIME_DIR", runtime.path())], "found you");
    assert!(output.status.success(), "{output:?}");
    ann.until("found you");
}

#[test]
fn a_socket_that_nobody_serves_is_told_and_nothing_less_takes_its_place() {
    let runtime = Folder::new();
    let folder = runtime.path().join("tr2");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    let mut server = Server::start(&["--listen", &url(&folder.join("tr2.sock"))]);
    server.signal(Signal::KILL);
    server.end();
    let joins = || join(&["--name", "bob"], &[("XDG_RUNTIME_DIR", runtime.path())], "");
    let output = joins();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("no server answers there"), "{output:?}");
    // Others could put a socket of their own into this folder.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    let output = joins();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("other users can write to the folder"), "{output:?}");
}

/// Obstacles that somebody may put at the path, and a description of them afterwards.
fn plant(kind: &str, path: &Path, elsewhere: &Path) {
    match kind {
        "a link" => symlink(elsewhere, path).unwrap(),
        "a dangling link" => symlink(elsewhere.with_extension("new"), path).unwrap(),
        "a hard link" => fs::hard_link(elsewhere, path).unwrap(),
        "a fifo" => rustix::fs::mknodat(
            rustix::fs::CWD,
            path,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .unwrap(),
        "a file" => fs::write(path, "mine").unwrap(),
        _ => fs::create_dir(path).unwrap(),
    }
}

#[test]
fn an_obstacle_at_the_path_is_neither_followed_nor_touched() {
    for kind in ["a link", "a dangling link", "a hard link", "a fifo", "a file", "a folder"] {
        let (folder, data) = (Folder::new(), Folder::new());
        let (path, elsewhere) = (folder.path().join("s"), folder.path().join("elsewhere"));
        fs::write(&elsewhere, "theirs").unwrap();
        plant(kind, &path, &elsewhere);
        let before = fs::symlink_metadata(&path).unwrap();
        let words = refused(&data, &["--listen", &url(&path)]);
        assert!(words.contains("another file is in the way"), "{kind}: {words}");
        let after = fs::symlink_metadata(&path).unwrap();
        assert_eq!((before.ino(), before.mode(), before.len()), (after.ino(), after.mode(), after.len()), "{kind}");
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "theirs");
        assert!(!elsewhere.with_extension("new").exists());
    }
}

#[test]
fn links_and_pipes_at_the_paths_of_our_files_are_never_followed() {
    for kind in ["a link", "a dangling link", "a fifo", "a folder"] {
        for file in ["lock", "moderator", "tls-key.pem", "tls-cert.pem", "history.db"] {
            let (folder, data) = (Folder::new(), Folder::new());
            let elsewhere = folder.path().join("elsewhere");
            fs::write(&elsewhere, "theirs").unwrap();
            plant(kind, &data.path().join(file), &elsewhere);
            let words = refused(&data, &["--listen", "tls://127.0.0.1:0"]);
            assert!(words.contains(file), "{kind} at {file}: {words}");
            assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "theirs", "{kind} at {file}");
            assert!(!elsewhere.with_extension("new").exists(), "{kind} at {file}");
        }
        let (folder, data) = (Folder::new(), Folder::new());
        let (path, elsewhere) = (folder.path().join("s"), folder.path().join("elsewhere"));
        fs::write(&elsewhere, "theirs").unwrap();
        plant(kind, &folder.path().join("s.lock"), &elsewhere);
        refused(&data, &["--listen", &url(&path)]);
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "theirs", "{kind} at the lock of a socket");
        assert!(!elsewhere.with_extension("new").exists());
    }
    let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let (address, _) = crate::secure::tls_of(&server);
    for kind in ["a link", "a dangling link", "a fifo"] {
        for file in ["identity", "known_servers", "known_servers.lock"] {
            let home = Folder::new();
            let elsewhere = home.path().join("elsewhere");
            fs::write(&elsewhere, "theirs").unwrap();
            fs::create_dir(home.path().join("tr2")).unwrap();
            plant(kind, &home.path().join("tr2").join(file), &elsewhere);
            let output = join(
                &["--name", "ann", "--server", &format!("tls://{address}")],
                &[("XDG_DATA_HOME", home.path()), ("HOME", home.path())],
                "hello",
            );
            assert_eq!(output.status.code(), Some(1), "{kind} at {file}: {output:?}");
            assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "theirs", "{kind} at {file}");
            assert!(!elsewhere.with_extension("new").exists(), "{kind} at {file}");
        }
    }
}

#[test]
fn a_folder_writable_by_others_is_refused_for_a_socket() {
    let (folder, data) = (Folder::new(), Folder::new());
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let path = folder.path().join("s");
    let words = refused(&data, &["--listen", &url(&path)]);
    assert!(words.contains("other users can write to the folder"), "{words}");
    // In a folder with the sticky bit nobody can remove other users' files.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o1777)).unwrap();
    bind(&path, PRIVATE, 5).unwrap();
}

#[test]
fn a_missing_folder_is_reported() {
    let (folder, data) = (Folder::new(), Folder::new());
    let words = refused(&data, &["--listen", &url(&folder.path().join("none/s"))]);
    assert!(words.contains("does not exist") && words.contains("create it with mkdir"), "{words}");
}

#[test]
fn another_users_link_to_the_folder_is_refused() {
    if !may_become_others() {
        return;
    }
    let folder = Folder::new();
    fs::create_dir(folder.path().join("real")).unwrap();
    let link = folder.path().join("link");
    symlink(folder.path().join("real"), &link).unwrap();
    drop(bind(&link.join("s"), PRIVATE, 5).unwrap());
    std::os::unix::fs::lchown(&link, Some(STRANGER), None).unwrap();
    let words = bind(&link.join("s"), PRIVATE, 5).unwrap_err().to_string();
    assert!(words.contains("other users can write to the folder"), "{words}");
}

#[test]
fn all_created_files_are_private_whatever_the_umask() {
    let (folder, home) = (Folder::new(), Folder::new());
    let path = folder.path().join("s");
    let open = |command: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", r#"umask 000; exec "$0" "$@""#, TR2, command]);
        shell
    };
    let server = Server::run(open("serve"), Folder::new(), &["--listen", "tls://127.0.0.1:0", "--listen", &url(&path)]);
    let (address, _) = crate::secure::tls_of(&server);
    let mut client = open("join");
    client.args(["--commands", "--name", "ann", "--server", &format!("tls://{address}")]);
    client.env("XDG_DATA_HOME", home.path().join("data")).env("HOME", home.path()).stdin(Stdio::null());
    assert!(client.output().unwrap().status.success());
    let mut seen = 0;
    for folder in [server.data.path(), folder.path(), &home.path().join("data/tr2")] {
        for file in fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            assert_eq!(mode(&file) & 0o077, 0, "{}", file.display());
            seen += 1;
        }
    }
    // The data, the socket and its lock, the client's key, its list of servers and that list's lock.
    assert!(seen >= 10, "{seen}");
    assert_eq!(mode(&home.path().join("data/tr2")) & 0o077, 0);
}

/// Whether the test can run: only root may become another user.
fn may_become_others() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        println!("skipped: only root can try what another user can do");
    }
    root
}

fn as_stranger(command: &mut Command) -> &mut Command {
    command.uid(STRANGER).gid(STRANGER)
}

#[test]
fn another_user_gets_neither_an_owned_name_nor_a_login() {
    if !may_become_others() {
        return;
    }
    let folder = Folder::new();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let (open, closed) = (folder.path().join("open"), folder.path().join("closed"));
    // The program itself may be in a folder that strangers cannot enter.
    let program = folder.path().join("tr2");
    copy_program(&program);
    let server = Server::start(&["--listen", &url(&open), "--socket-mode", "666"]);
    let secret = Server::start(&["--listen", &url(&closed)]);
    Talk::unix(open.to_str().unwrap()).join("ann");
    let join_as_stranger = |name: &str, path: &Path| {
        let mut command = Command::new("timeout");
        command.env("LC_ALL", "C.UTF-8").arg("20").arg(&program).args([
            "join",
            "--commands",
            "--name",
            name,
            "--server",
            &url(path),
        ]);
        command.env("HOME", "/dev/null/none").stdin(Stdio::null());
        as_stranger(&mut command).output().unwrap()
    };
    for (name, words) in [
        ("ann", "has an owner"),
        ("ANN", "has an owner"),
        ("root", "is another user's login"),
        ("daemon", "is another user's login"),
    ] {
        let output = join_as_stranger(name, &open);
        assert_eq!(output.status.code(), Some(3), "{name}: {output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{name}: {output:?}");
    }
    assert!(join_as_stranger("sam", &open).status.success());
    server.logs(&format!("name=sam dialect=TR2.26 proof=uid:{STRANGER}"));
    let output = join_as_stranger("sam", &closed);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("permission denied"), "{output:?}");
    drop(secret);
}

#[test]
fn another_users_folder_is_refused_for_data() {
    if !may_become_others() {
        return;
    }
    let data = Folder::new();
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o700)).unwrap();
    std::os::unix::fs::chown(data.path(), Some(STRANGER), None).unwrap();
    let words = refused(&data, &["--listen", "tls://127.0.0.1:0"]);
    assert!(words.contains("belongs to another user"), "{words}");
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
}

#[test]
fn another_users_socket_is_not_replaced() {
    if !may_become_others() {
        return;
    }
    let folder = Folder::new();
    let path = folder.path().join("s");
    drop(UnixListener::bind(&path).unwrap());
    std::os::unix::fs::lchown(&path, Some(STRANGER), None).unwrap();
    let words = bind(&path, PRIVATE, 5).unwrap_err().to_string();
    assert!(words.contains("another file is in the way"), "{words}");
}

#[test]
fn a_socket_file_that_is_cleaned_away_is_made_again() {
    let home = Folder::new();
    let folder = home.path().join("run");
    let again = || {
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o750)).unwrap();
    };
    again();
    let (path, metrics) = (folder.join("s"), folder.join("m"));
    let options = ["--listen", &url(&path), "--socket-mode", "640", "--metrics", &url(&metrics)];
    let mut server = Server::start(&options);
    let mut ann = Talk::unix(path.to_str().unwrap()).join("ann");
    fs::remove_file(&path).unwrap();
    server.logs("event=socket_file_made_again");
    Talk::unix(path.to_str().unwrap()).join("bob");
    assert_eq!(mode(&path), 0o640);
    // Whoever was there before stays.
    ann.ask("@ref=1 x | x | echo | still here", "still here");
    fs::remove_dir_all(&folder).unwrap();
    for _ in 0..2 {
        server.logs("event=socket_file_made_again");
    }
    assert_eq!((mode(&folder), mode(&path)), (0o750, 0o640));
    Talk::unix(path.to_str().unwrap()).join("bob");
    assert!(fs::symlink_metadata(&metrics).unwrap().file_type().is_socket());
    // A second server still does not take its place.
    let other = Folder::new();
    assert!(refused(&other, &["--listen", &url(&path)]).contains("another server is listening there"));
    server.signal(Signal::TERM);
    server.end();
    assert!(!path.exists() && !metrics.exists());
}

#[test]
fn a_socket_file_that_is_replaced_or_cannot_be_made_again_is_told() {
    let home = Folder::new();
    let (folder, path) = (home.path().join("run"), home.path().join("run/s"));
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    let mut server = Server::start(&["--listen", &url(&path)]);
    // Another program's socket in its place is neither used nor removed.
    let other = UnixListener::bind(folder.join("other")).unwrap();
    fs::rename(folder.join("other"), &path).unwrap();
    assert!(server.logs("event=socket_file_").contains("socket_file_replaced"));
    drop(other);
    fs::remove_file(&path).unwrap();
    assert!(server.logs("event=socket_file_").contains("socket_file_made_again"));
    Talk::unix(path.to_str().unwrap()).join("bob");
    // Where others could replace it, it is not made.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    fs::remove_file(&path).unwrap();
    let line = server.logs("event=socket_file_");
    assert!(line.contains("socket_file_lost") && line.contains("other users can write to the folder"), "{line}");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    // It was told once, however often it was tried.
    assert!(server.logs("event=socket_file_").contains("socket_file_made_again"));
    server.signal(Signal::TERM);
    server.end();
    assert!(!path.exists());
}

// S17: a server in a container, with its socket file shared: the number of a process outside is no number inside.
#[test]
fn a_client_outside_the_servers_process_namespace_is_known_by_its_user() {
    if !rustix::process::geteuid().is_root() {
        return println!("skipped: only root can make a namespace");
    }
    let folder = Folder::new();
    let path = folder.path().join("s");
    let mut command = Command::new("unshare");
    command.args(["--pid", "--fork", "--kill-child", TR2, "serve"]);
    let _server = Server::run(command, Folder::new(), &["--listen", &url(&path)]);
    let mut outside = Talk::unix(path.to_str().unwrap()).join("outside");
    let told = outside.ask("x | server | whois | outside", "| whois | ");
    assert!(told.contains("proof=uid:0 "), "{told}");
}
