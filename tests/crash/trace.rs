//! The writes of a process as the kernel sees them: traces the system calls of a child.
//!
//! Only on x86-64, where the registers are read; elsewhere the tests that need it say that they cannot run.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, IoSliceMut, Read, Write as _};
use std::process::{Child, Command, Stdio};

use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::uio::{RemoteIoVec, process_vm_readv};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// One traced action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Bytes were written to a file at an offset.
    Write(String, usize, Vec<u8>),
    /// A file was truncated or extended to a length.
    Truncate(String, usize),
    /// Everything written to a file so far is on the disk.
    Sync(String),
    /// A file was removed.
    Remove(String),
    /// A line on standard output.
    Say(String),
}

/// A system call at its entry.
#[derive(Clone, Copy, Debug)]
struct Call {
    number: u64,
    args: [u64; 4],
}

// Numbers of x86-64.
const WRITE: u64 = 1;
const CLOSE: u64 = 3;
const PWRITE: u64 = 18;
const FSYNC: u64 = 74;
const FDATASYNC: u64 = 75;
const FTRUNCATE: u64 = 77;
const UNLINK: u64 = 87;
const OPENAT: u64 = 257;

/// What a traced child says from when on no sync succeeds, and from when on they do again.
pub const DISK_FAILS: &str = "the disk fails";
pub const DISK_WORKS: &str = "the disk works";

/// Runs a program that prints a line when it is ready and reads one before it begins; returns its actions.
pub fn trace(mut command: Command) -> Vec<Deed> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("ready") {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0, "the child is not there");
    }
    // Its output is traced as system calls; the pipe only has to be drained.
    let drain = std::thread::spawn(move || drop(output.read_to_end(&mut Vec::new())));
    let deeds = Tracer::new(&child).run(&mut child);
    drain.join().unwrap();
    deeds
}

struct Tracer {
    leader: Pid,
    began: BTreeMap<Pid, (Call, Vec<u8>)>,
    files: BTreeMap<u64, String>,
    deeds: Vec<Deed>,
    /// Whether every sync fails.
    fails: bool,
    /// The threads whose sync is under way and will fail.
    failing: BTreeSet<Pid>,
}

impl Tracer {
    /// Attaches to every thread; new threads are attached automatically.
    fn new(child: &Child) -> Self {
        let options = Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_TRACECLONE | Options::PTRACE_O_EXITKILL;
        for task in std::fs::read_dir(format!("/proc/{}/task", child.id())).unwrap() {
            let thread = Pid::from_raw(task.unwrap().file_name().to_str().unwrap().parse().unwrap());
            ptrace::seize(thread, options).unwrap();
            ptrace::interrupt(thread).unwrap();
        }
        let leader = Pid::from_raw(i32::try_from(child.id()).unwrap());
        Self {
            leader,
            began: BTreeMap::new(),
            files: BTreeMap::new(),
            deeds: Vec::new(),
            fails: false,
            failing: BTreeSet::new(),
        }
    }

    fn run(mut self, child: &mut Child) -> Vec<Deed> {
        child.stdin.take().unwrap().write_all(b"go\n").unwrap();
        // Children of other tests are theirs to wait for.
        let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
        loop {
            let (thread, signal) = match waitpid(None, Some(flags)) {
                Ok(WaitStatus::PtraceSyscall(thread)) => {
                    self.system_call(thread);
                    (thread, None)
                }
                Ok(WaitStatus::PtraceEvent(thread, ..)) => (thread, None),
                Ok(WaitStatus::Stopped(thread, signal)) => (thread, Some(signal)),
                Ok(WaitStatus::Exited(thread, status)) => {
                    if thread == self.leader {
                        assert_eq!(status, 0, "the child failed");
                        return self.deeds;
                    }
                    continue;
                }
                Ok(WaitStatus::Signaled(_, signal, _)) => panic!("the child was ended by {signal}"),
                Ok(_) | Err(Errno::EINTR) => continue,
                Err(error) => panic!("{error}"),
            };
            // A thread may have ended meanwhile.
            let _ = ptrace::syscall(thread, signal);
        }
    }

    fn system_call(&mut self, thread: Pid) {
        let Ok(mut registers) = ptrace::getregs(thread) else { return };
        let result = registers.rax.cast_signed();
        if self.failing.remove(&thread) {
            registers.rax = (-i64::from(Errno::EIO as i32)).cast_unsigned();
            ptrace::setregs(thread, registers).unwrap();
            return;
        }
        if self.fails && matches!(registers.orig_rax, FSYNC | FDATASYNC) {
            // The kernel skips a call with this number.
            registers.orig_rax = u64::MAX;
            ptrace::setregs(thread, registers).unwrap();
            self.failing.insert(thread);
            return;
        }
        if result == -i64::from(Errno::ENOSYS as i32) {
            let args = [registers.rdi, registers.rsi, registers.rdx, registers.r10];
            let call = Call { number: registers.orig_rax, args };
            let bytes = match call.number {
                WRITE | PWRITE => read(thread, args[1], usize::try_from(args[2]).unwrap()),
                OPENAT => text(thread, args[1]),
                UNLINK => text(thread, args[0]),
                _ => Vec::new(),
            };
            self.began.insert(thread, (call, bytes));
        } else if let Some((call, bytes)) = self.began.remove(&thread)
            && result >= 0
        {
            self.done(call, bytes, result.cast_unsigned());
        }
    }

    fn done(&mut self, call: Call, mut bytes: Vec<u8>, result: u64) {
        let [fd, second, _, fourth] = call.args;
        let file = self.files.get(&fd).cloned();
        let place = |at: u64| usize::try_from(at).unwrap();
        match (call.number, file) {
            (OPENAT, _) => {
                let path = String::from_utf8_lossy(&bytes).into_owned();
                self.files.insert(result, path.rsplit('/').next().unwrap().to_owned());
            }
            (CLOSE, _) => drop(self.files.remove(&fd)),
            (PWRITE, Some(file)) => {
                bytes.truncate(place(result));
                self.deeds.push(Deed::Write(file, place(fourth), bytes));
            }
            (WRITE, _) if fd == 1 => {
                let said = String::from_utf8_lossy(&bytes).into_owned();
                self.fails = said.contains(DISK_FAILS) || self.fails && !said.contains(DISK_WORKS);
                self.deeds.extend(said.lines().map(|line| Deed::Say(line.to_owned())));
            }
            (FTRUNCATE, Some(file)) => self.deeds.push(Deed::Truncate(file, place(second))),
            (FSYNC | FDATASYNC, Some(file)) => self.deeds.push(Deed::Sync(file)),
            (UNLINK, _) => {
                let path = String::from_utf8_lossy(&bytes).into_owned();
                self.deeds.push(Deed::Remove(path.rsplit('/').next().unwrap().to_owned()));
            }
            _ => {}
        }
    }
}

fn read(thread: Pid, at: u64, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    let remote = [RemoteIoVec { base: usize::try_from(at).unwrap(), len }];
    let read = process_vm_readv(thread, &mut [IoSliceMut::new(&mut bytes)], &remote).unwrap_or(0);
    bytes.truncate(read);
    bytes
}

/// Reads a zero-terminated string, within its page and the next.
fn text(thread: Pid, at: u64) -> Vec<u8> {
    let mut text = Vec::new();
    loop {
        // Never past the end of a page: the next one may not be mapped.
        let from = at + text.len() as u64;
        let part = read(thread, from, usize::try_from(4096 - from % 4096).unwrap());
        match part.iter().position(|&byte| byte == 0) {
            Some(end) => {
                text.extend_from_slice(&part[..end]);
                return text;
            }
            None if part.is_empty() || text.len() > 8192 => return text,
            None => text.extend(part),
        }
    }
}
