//! The sandbox of a server, tried from the inside, as whoever has gained control of it would.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::sys::ptrace;
use tr2::sys::sandbox::enter;

use super::serving::{Folder, TR2};

// F27: what is not needed cannot be had any more.
#[test]
fn in_the_sandbox_only_some_folders_are_written_and_only_one_program_is_run() {
    let (own, other) = (Folder::new(), Folder::new());
    let (own, other) = (own.path().to_owned(), other.path().to_owned());
    let work = std::thread::spawn(move || {
        fs::write(other.join("there"), "text").unwrap();
        // It holds for this thread alone, and for what it starts.
        let said = enter(std::slice::from_ref(&own)).to_string();
        assert!(own.exists() && fs::read_to_string("/etc/passwd").is_ok());
        if said.contains("landlock") {
            fs::create_dir(own.join("in")).unwrap();
            fs::write(own.join("in/a"), "text").unwrap();
            fs::rename(own.join("in/a"), own.join("b")).unwrap();
            fs::hard_link(own.join("b"), own.join("c")).unwrap();
            UnixListener::bind(own.join("in/s")).unwrap();
            assert_eq!(fs::read_to_string(other.join("there")).unwrap(), "text");
            for (what, done) in [
                ("written", fs::write(other.join("new"), "text")),
                ("changed", fs::write(other.join("there"), "other text")),
                ("removed", fs::remove_file(other.join("there"))),
                ("linked", fs::hard_link(own.join("b"), other.join("b"))),
                ("moved", fs::rename(own.join("b"), other.join("b"))),
                ("copied away", symlink("/", other.join("link"))),
                ("run", Command::new("/bin/true").status().map(drop)),
                ("run from its own folder", {
                    fs::copy(TR2, own.join("tr2")).unwrap();
                    Command::new(own.join("tr2")).arg("--version").output().map(drop)
                }),
            ] {
                assert!(done.is_err(), "something is {what}");
            }
            if Path::new("/usr/bin/getent").exists() {
                let listed = Command::new("/usr/bin/getent").arg("passwd").output().unwrap();
                assert!(listed.status.success() && !listed.stdout.is_empty(), "{listed:?}");
            }
        }
        if said.contains("seccomp") {
            assert_eq!(unshare(CloneFlags::CLONE_NEWUSER), Err(Errno::EPERM));
            assert_eq!(ptrace::traceme(), Err(Errno::EPERM));
        }
        if said != "landlock,seccomp" {
            println!("skipped in part: this kernel has {said}");
        }
    });
    work.join().unwrap();
}
