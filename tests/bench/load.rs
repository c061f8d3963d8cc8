//! A load: one thread that sends and receives on many sockets and keeps count.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::epoll::{self, EventData, EventFlags};

/// Messages that may be on their way: far less than what makes a receiver a slow one.
const WINDOW: u64 = 256;
const TEXT: usize = 100;

/// What is to be done.
#[derive(Clone, Copy)]
pub struct Work {
    pub receivers: usize,
    pub duration: Duration,
    /// Messages a second; without, as many as go.
    pub per_second: Option<u64>,
}

/// A server in a process of its own, ended with this.
pub struct Server {
    process: Child,
    address: String,
    named: bool,
    data: Option<Folder>,
}

/// Removed with the server, since fields are dropped after it has ended.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Server {
    /// `tr2 serve` with these options too.
    pub fn tr2(options: &[&str]) -> Self {
        let folder = Folder(std::env::temp_dir().join(format!("tr2-bench-{}", std::process::id())));
        let data = folder.0.to_str().unwrap().to_owned();
        let mut words =
            vec!["serve", "--listen", "tcp://127.0.0.1:0", "--flood", "off", "--log", "warn", "--data", &data];
        words.extend(options);
        let mut server = Self::start(env!("CARGO_BIN_EXE_tr2"), &words, true);
        server.data = Some(folder);
        server
    }

    pub fn relay() -> Self {
        let own = std::env::current_exe().unwrap();
        Self::start(own.to_str().unwrap(), &[crate::relay::ARGUMENT], false)
    }

    fn start(program: &str, words: &[&str], named: bool) -> Self {
        let mut command = pinned("0", program);
        let mut process = command.args(words).stdout(Stdio::piped()).spawn().unwrap();
        pin_self("1");
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("tcp://").nth(1).unwrap().split(';').next().unwrap().to_owned();
        Self { process, address, named, data: None }
    }

    fn connect(&self, name: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        if self.named {
            writeln!(stream, "{name} | server | name | {name}").unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            while !line.contains("connection_confirmation") {
                line.clear();
                assert!(reader.read_line(&mut line).unwrap() > 0, "the server turned {name} away");
            }
        }
        stream
    }

    /// Seconds of processor time so far, from the 14th and 15th field of proc(5) stat, in ticks of 10 ms.
    fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn pinned(core: &str, program: &str) -> Command {
    let taskset = Command::new("taskset").arg("-V").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    if !taskset {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", core, program]);
    command
}

fn pin_self(core: &str) {
    let own = std::process::id().to_string();
    let _ = Command::new("taskset").args(["-cp", core, &own]).stdout(Stdio::null()).status();
}

/// What came of it.
pub struct Figures {
    deliveries: u64,
    elapsed: Duration,
    cpu: f64,
    /// Of a sample, in nanoseconds, sorted.
    delays: Vec<u64>,
}

impl Figures {
    pub fn per_second(&self) -> f64 {
        self.deliveries as f64 / self.elapsed.as_secs_f64()
    }

    pub fn cpu_per_million(&self) -> f64 {
        self.cpu / (self.deliveries as f64 / 1e6)
    }

    pub fn delay_ms(&self, share: f64) -> f64 {
        let at = ((self.delays.len() as f64 * share) as usize).min(self.delays.len().saturating_sub(1));
        self.delays.get(at).map_or(f64::NAN, |&nanoseconds| nanoseconds as f64 / 1e6)
    }
}

struct Receiver {
    stream: TcpStream,
    /// The line that is not whole yet.
    rest: Vec<u8>,
}

pub fn drive(server: &Server, work: Work) -> Figures {
    let mut sender = server.connect("sender");
    let mut receivers: Vec<Receiver> = (0..work.receivers)
        .map(|at| Receiver { stream: server.connect(&format!("r{at}")), rest: Vec::new() })
        .collect();
    settle(&mut sender, &mut receivers);
    let poll = epoll::create(epoll::CreateFlags::CLOEXEC).unwrap();
    for (at, receiver) in receivers.iter().enumerate() {
        epoll::add(&poll, &receiver.stream, EventData::new_u64(at as u64), EventFlags::IN).unwrap();
    }
    let of_sender = receivers.len() as u64;
    epoll::add(&poll, &sender, EventData::new_u64(of_sender), EventFlags::IN).unwrap();
    let (cpu, start) = (server.cpu(), Instant::now());
    let mut figures = Figures { deliveries: 0, elapsed: Duration::ZERO, cpu: 0.0, delays: Vec::new() };
    let mut sent = 0;
    let mut events = Vec::with_capacity(1024);
    let mut buffer = vec![0; 256 * 1024];
    while start.elapsed() < work.duration || figures.deliveries < sent * work.receivers as u64 {
        if start.elapsed() < work.duration {
            let arrived = figures.deliveries / work.receivers as u64;
            let due = work.per_second.map_or(u64::MAX, |rate| start.elapsed().as_micros() as u64 * rate / 1_000_000);
            let more = (arrived + WINDOW).min(due).saturating_sub(sent);
            send(&mut sender, more, start);
            sent += more;
        }
        events.clear();
        let pause = rustix::time::Timespec { tv_sec: 0, tv_nsec: 500_000 };
        epoll::wait(&poll, rustix::buffer::spare_capacity(&mut events), Some(&pause)).unwrap();
        for event in &events {
            if event.data.u64() == of_sender {
                // What its messages are acknowledged with must not pile up.
                let _ = rustix::net::recv(&sender, &mut buffer, rustix::net::RecvFlags::DONTWAIT);
                continue;
            }
            let receiver = &mut receivers[usize::try_from(event.data.u64()).unwrap()];
            let Ok(read) = receiver.stream.read(&mut buffer) else { continue };
            assert!(read > 0, "the server cut a receiver");
            take(receiver, &buffer[..read], start, &mut figures);
        }
        assert!(start.elapsed() < work.duration * 3, "messages got lost");
    }
    figures.elapsed = start.elapsed();
    figures.cpu = server.cpu() - cpu;
    figures.delays.sort_unstable();
    figures
}

fn send(sender: &mut TcpStream, messages: u64, start: Instant) {
    let mut lines = Vec::new();
    for _ in 0..messages {
        let stamp = start.elapsed().as_nanos();
        writeln!(lines, "sender | all clients | broadcast_not_me | {stamp:0>width$}", width = TEXT).unwrap();
    }
    sender.write_all(&lines).unwrap();
}

/// Counts the lines; of each read the last whole one tells the delay.
fn take(receiver: &mut Receiver, bytes: &[u8], start: Instant, figures: &mut Figures) {
    figures.deliveries += bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
    let Some(end) = bytes.iter().rposition(|&byte| byte == b'\n') else {
        receiver.rest.extend_from_slice(bytes);
        return;
    };
    receiver.rest.extend_from_slice(&bytes[..end]);
    // Who came and went is told now and then, and is no delivery.
    let line = std::str::from_utf8(&receiver.rest).unwrap();
    match line.rsplit(' ').next().unwrap().parse::<u64>() {
        Ok(stamp) => figures.delays.push((start.elapsed().as_nanos() as u64).saturating_sub(stamp)),
        Err(_) => figures.deliveries -= 1,
    }
    receiver.rest.clear();
    receiver.rest.extend_from_slice(&bytes[end + 1..]);
}

/// Reads away who joined, until a last message has reached everyone.
fn settle(sender: &mut TcpStream, receivers: &mut [Receiver]) {
    writeln!(sender, "sender | all clients | broadcast_not_me | settled").unwrap();
    for receiver in receivers {
        let mut reader = BufReader::new(&receiver.stream);
        let mut line = String::new();
        while !line.contains("settled") {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        receiver.stream.set_nonblocking(true).unwrap();
    }
}
