//! The cost of a load: delays of users who chat meanwhile, and memory, time and sockets of the server.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, getrlimit, setrlimit};

use super::serving::Peer;

/// Lets one load run at a time, so that the measured delays are its own.
pub fn quiet() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    // A failure of another test must not fail this one.
    ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Raises the limit on open files to the maximum.
pub fn raise_file_limit() {
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
}

/// What the kernel knows about a process.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Resident memory, in bytes.
    pub memory: u64,
    /// Processor time.
    pub time: Duration,
    /// Open files.
    pub files: usize,
    /// Memory of all TCP sockets of this machine, in bytes.
    pub tcp: u64,
}

impl Cost {
    pub fn of(pid: Pid) -> Self {
        let proc = format!("/proc/{}", pid.as_raw_nonzero());
        let number = |text: &str, key: &str, at: usize| -> u64 {
            let line = text.lines().find(|line| line.starts_with(key)).unwrap();
            line.split_whitespace().nth(at).unwrap().parse().unwrap()
        };
        let status = std::fs::read_to_string(format!("{proc}/status")).unwrap();
        let stat = std::fs::read_to_string(format!("{proc}/stat")).unwrap();
        let ticks: Vec<u64> = stat.rsplit(") ").next().unwrap().split(' ').filter_map(|it| it.parse().ok()).collect();
        // User and system time are the 14th and the 15th field, in hundredths of a second. The third field, the state, is
        // no number.
        let time = Duration::from_millis(10 * (ticks[10] + ticks[11]));
        let sockets = std::fs::read_to_string("/proc/net/sockstat").unwrap_or_default();
        let tcp = if sockets.contains("TCP:") { 4096 * number(&sockets, "TCP:", 10) } else { 0 };
        let files = std::fs::read_dir(format!("{proc}/fd")).unwrap().count();
        Self { memory: 1024 * number(&status, "VmRSS:", 1), time, files, tcp }
    }
}

/// The allowance on top of a bound on delays. The bare bounds hold on an idle machine; on a busy one the tests show
/// only that nobody stalls.
pub fn slack() -> Duration {
    Duration::from_millis(if super::long() { 0 } else { 1000 })
}

/// Delays, in the order in which they were measured.
#[derive(Clone, Debug, Default)]
pub struct Delays(pub Vec<Duration>);

impl Delays {
    pub fn at(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    pub fn p99(&self) -> Duration {
        self.at(99)
    }
}

/// Two users who chat at a fixed rate during a load: one speaks, the other measures the delays.
pub struct Talk<'scope> {
    over: &'scope AtomicBool,
    said: Option<ScopedJoinHandle<'scope, usize>>,
    heard: Option<ScopedJoinHandle<'scope, (Delays, Vec<String>)>>,
}

impl<'scope> Talk<'scope> {
    /// `speaker` and `reader` join; the speaker sends `rate` texts of `bytes` bytes a second until [`Talk::end`].
    pub fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        (address, over): (SocketAddr, &'scope AtomicBool),
        (speaker, reader): (&str, &str),
        (rate, bytes): (u32, usize),
    ) -> Self {
        let mut reader = Peer::join(address, reader);
        let mut speaker = Peer::join(address, speaker);
        let began = Instant::now();
        reader.ask("x | x | echo | ready", "ready");
        let heard = scope.spawn(move || {
            let (mut delays, mut others) = (Delays::default(), Vec::new());
            loop {
                let line = reader.hear();
                if line.ends_with("| over") {
                    return (delays, others);
                }
                match line.rsplit_once("| at ").and_then(|(_, text)| text.split(' ').next()?.parse().ok()) {
                    Some(at) => delays.0.push(began.elapsed().saturating_sub(Duration::from_nanos(at))),
                    None if line.is_empty() => return (delays, others),
                    None => others.push(line),
                }
            }
        });
        let said = scope.spawn(move || {
            let mut said = 0;
            let mut answers = speaker.stream().try_clone().unwrap();
            // What it hears is discarded, so that its socket does not fill up.
            std::thread::spawn(move || std::io::copy(&mut answers, &mut std::io::sink()));
            let pause = Duration::from_secs(1) / rate;
            let padding = "x".repeat(bytes.saturating_sub(30));
            while !over.load(Ordering::Relaxed) {
                let due = pause * u32::try_from(said).unwrap();
                if let Some(early) = due.checked_sub(began.elapsed()) {
                    std::thread::sleep(early);
                }
                let at = began.elapsed().as_nanos();
                speaker.say(&format!("x | all clients | broadcast_not_me | at {at} {padding}"));
                said += 1;
            }
            speaker.say("x | all clients | broadcast_not_me | over");
            said
        });
        Self { over, said: Some(said), heard: Some(heard) }
    }

    /// The number of texts sent, the delay of each, and what else the reader heard.
    pub fn end(mut self) -> (usize, Delays, Vec<String>) {
        self.over.store(true, Ordering::Relaxed);
        let said = self.said.take().unwrap().join().unwrap();
        let (delays, others) = self.heard.take().unwrap().join().unwrap();
        (said, delays, others)
    }
}

/// Ends the chat if a test fails, so that it does not wait for ever.
impl Drop for Talk<'_> {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// Reads a connection, which may be closed already, to its end.
pub fn last_words(stream: TcpStream) -> Vec<String> {
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
    BufReader::new(stream).lines().map_while(Result::ok).collect()
}

/// Connects and asks for a name, without waiting for the answer.
pub fn named(address: SocketAddr, name: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("{name} | server | name | {name}\n").as_bytes()).unwrap();
    stream
}
