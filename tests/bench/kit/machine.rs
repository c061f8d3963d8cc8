//! The machine: whose core is which, what a process has computed and holds, and how many files may be open.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::time::ClockId;
use nix::unistd::Pid;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Whose core it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Core {
    Server,
    Load,
}

/// Puts this thread on a core, with all that it starts from now on; changes nothing where there is only one.
pub fn pin(core: Core) {
    let allowed = allowed();
    // The first and the last are the least likely to be two halves of one.
    put(&[if core == Core::Server { allowed[0] } else { allowed[allowed.len() - 1] }]);
}

/// Lets this thread run on any core, with all that it starts from now on.
pub fn unpin() {
    put(allowed());
}

/// The cores that this process had at first.
fn allowed() -> &'static [usize] {
    static ALLOWED: OnceLock<Vec<usize>> = OnceLock::new();
    ALLOWED.get_or_init(|| {
        let set = sched_getaffinity(Pid::from_raw(0)).unwrap();
        (0..CpuSet::count()).filter(|&core| set.is_set(core).unwrap()).collect()
    })
}

fn put(cores: &[usize]) {
    let mut set = CpuSet::new();
    cores.iter().for_each(|&core| set.set(core).unwrap());
    sched_setaffinity(Pid::from_raw(0), &set).unwrap();
}

/// The time that a process has computed, in all its threads.
pub fn cpu(process: u32) -> Duration {
    let clock = ClockId::pid_cpu_clock_id(Pid::from_raw(i32::try_from(process).unwrap())).unwrap();
    Duration::from(clock.now().unwrap())
}

/// The same of this program, which is the load.
pub fn own_cpu() -> Duration {
    cpu(std::process::id())
}

/// The memory that a process has in use, in bytes.
pub fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// As many open files as there may be; how many people a server can have then.
pub fn most_people() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let most = |maximum| Rlimit { current: maximum, maximum };
    // Root may have more than was given to it.
    if setrlimit(Resource::Nofile, most(Some(65_536))).is_err() {
        setrlimit(Resource::Nofile, most(limit.maximum)).unwrap();
    }
    let now = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(now).unwrap_or(usize::MAX).saturating_sub(100)
}

/// Whether it shall only be seen that everything runs, in a few seconds.
pub fn quick() -> bool {
    std::env::var_os("TR2_QUICK").is_some_and(|value| value != "0")
}

/// The second of two, where it shall only be seen that everything runs.
pub fn or_quick<T>(thorough: T, quickly: T) -> T {
    if quick() { quickly } else { thorough }
}

/// Where what is measured keeps its files: on the disk, which the folder for temporary files may not be.
pub fn disk() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

/// Whether this work was asked for: all of it is where no words say which, as in `cargo bench --bench fanout -- '1 -> 100'`.
pub fn wanted(work: &str) -> bool {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--")).peekable();
    words.peek().is_none() || words.any(|word| work.ends_with(&word))
}

/// Whether this is root, who can come over a socket file as many users.
pub fn root() -> bool {
    nix::unistd::geteuid().is_root()
}
