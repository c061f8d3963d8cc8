//! A restore that is killed before any of its renames: the server has what it had, or what the backup has, or says that its
//! history is gone; never a part of each. Restoring again always works.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use nix::sys::ptrace::{self, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::serving::{Folder, Peer, Server, TR2};

// Numbers of x86-64.
const RENAMES: [u64; 3] = [82, 264, 316];

/// Runs a restore, and kills it when it is about to rename for the nth time; `false` if it came to its end before.
fn killed_at(rename: usize, data: &Path, backup: &Path) -> bool {
    // The shell waits until it is traced, and becomes the program then.
    let mut child = Command::new("sh")
        .args(["-c", "read line; exec \"$0\" serve --data \"$1\" --restore \"$2\"", TR2])
        .args([data, backup])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let leader = Pid::from_raw(i32::try_from(child.id()).unwrap());
    let options = Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_TRACECLONE | Options::PTRACE_O_EXITKILL;
    ptrace::seize(leader, options).unwrap();
    ptrace::interrupt(leader).unwrap();
    child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    let (mut renames, mut entered) = (0, false);
    // Children of other tests are theirs to wait for.
    let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
    let killed = loop {
        let (thread, signal) = match waitpid(None, Some(flags)) {
            Ok(WaitStatus::PtraceSyscall(thread)) => {
                let number = ptrace::getregs(thread).map(|registers| registers.orig_rax);
                if number.is_ok_and(|number| RENAMES.contains(&number)) {
                    entered = !entered;
                    renames += usize::from(entered);
                }
                if entered && renames == rename {
                    // Before the kernel has carried it out.
                    nix::sys::signal::kill(leader, Signal::SIGKILL).unwrap();
                }
                (thread, None)
            }
            Ok(WaitStatus::PtraceEvent(thread, ..)) => (thread, None),
            Ok(WaitStatus::Stopped(thread, Signal::SIGTRAP)) => (thread, None),
            Ok(WaitStatus::Stopped(thread, signal)) => (thread, Some(signal)),
            Ok(WaitStatus::Exited(thread, status)) if thread == leader => {
                assert_eq!(status, 0, "it came to its end after {renames} renames");
                break false;
            }
            Ok(WaitStatus::Signaled(thread, ..)) if thread == leader => break true,
            _ => continue,
        };
        // A thread may have ended meanwhile.
        let _ = ptrace::syscall(thread, signal);
    };
    // It is gone already.
    let _ = child.wait();
    killed
}

fn tr2(data: &Path, options: &[&str]) -> Output {
    Command::new(TR2).args(["serve", "--data"]).arg(data).args(options).output().unwrap()
}

fn says(server: &Server, text: &str) {
    Peer::join(server.address, "ann").ask(&format!("x | all clients | broadcast | {text}"), "| accepted");
}

fn copy(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

#[test]
fn a_restore_that_is_killed_at_any_rename_leaves_no_mixture() {
    if !cfg!(target_arch = "x86_64") {
        return println!("skipped: the registers are read as on x86-64");
    }
    let mut server = Server::start(&[]);
    says(&server, "before");
    let (out, killed) = (Folder::new(), Folder::new());
    let backup = out.path().join("all.tar");
    assert!(tr2(server.data.path(), &["--backup", backup.to_str().unwrap()]).status.success());
    says(&server, "after");
    // What a killed server leaves has the most files.
    server.signal(rustix::process::Signal::KILL);
    server.end();
    copy(server.data.path(), killed.path());
    let mut refused = 0;
    for rename in 1.. {
        let data = Folder::new();
        copy(killed.path(), data.path());
        if !killed_at(rename, data.path(), &backup) {
            assert!(rename > 7 && refused > 3, "{rename} renames, {refused} of which would leave nothing to serve");
            break;
        }
        let exported = |name: &str| {
            let file = out.path().join(format!("{rename}-{name}"));
            tr2(data.path(), &["--export", "ann", file.to_str().unwrap()]);
            fs::read_to_string(&file).unwrap_or_default()
        };
        let check = tr2(data.path(), &["--check", "--listen", "tcp://127.0.0.1:0"]);
        let words = String::from_utf8_lossy(&check.stderr).into_owned();
        if check.status.success() {
            assert!(exported("first").contains("\"before\""), "{rename}: the history is whole");
        } else {
            refused += 1;
            assert!(
                words.contains("although this folder was used before") || words.contains("its log"),
                "{rename}: {words}"
            );
        }
        let again = tr2(data.path(), &["--restore", backup.to_str().unwrap()]);
        assert!(again.status.success(), "{rename}: {again:?}");
        let now = exported("second");
        assert!(now.contains("\"before\"") && !now.contains("\"after\""), "{rename}: {now}");
        assert!(
            !fs::read_dir(data.path())
                .unwrap()
                .any(|file| { file.unwrap().file_name().to_string_lossy().starts_with("restoring-") })
        );
        // Nothing of what was there is lost.
        let aside = fs::read_dir(data.path()).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_dir());
        let kept = aside.filter(|path| path.join("history.db").exists()).count();
        assert!(kept >= 1, "{rename}: the former history is kept");
    }
}
