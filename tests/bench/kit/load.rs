//! The loads: some tell everyone else, as fast as it goes or at a pace; or pairs send one message to and fro.

use std::time::{Duration, Instant};

use super::crowd::Crowd;
use super::dialect::{self, DIGITS, MARK};
use super::machine;
use super::server::Server;

/// Messages that may be on their way to everyone: far less than what makes a receiver a slow one. The more there are, the
/// more goes out with one write, for the limit as for everyone, until bytes are all that counts, of which ours are more: a
/// message bears its number and its time. `TR2_WINDOW` takes another number.
pub const WINDOW: u64 = 64;
/// How long after its end the last messages may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes that are counted in a number of one byte each, which is quick; less than 256, and whole vectors.
const CHUNK: usize = 240;

/// What is to be done.
#[derive(Clone, Copy)]
pub struct Work {
    pub senders: usize,
    pub duration: Duration,
    /// Messages a second; without, as many as go.
    pub per_second: Option<u64>,
    /// Messages that may be on their way.
    pub window: u64,
}

/// As many messages on their way as `TR2_WINDOW` says.
pub fn window() -> u64 {
    std::env::var("TR2_WINDOW").map_or(WINDOW, |window| window.parse().unwrap())
}

/// What came of it.
pub struct Figures {
    /// Messages delivered, or round trips made.
    pub done: u64,
    pub elapsed: Duration,
    pub server_cpu: Duration,
    pub load_cpu: Duration,
    /// Bytes that came.
    pub heard: u64,
    /// What the server computed once nothing more was to be done, since it had put it off.
    pub afterwards: Duration,
    /// In nanoseconds, sorted; none where as much as goes was sent.
    delays: Vec<u64>,
    /// How much later than at their time messages were sent, in nanoseconds, sorted.
    late: Vec<u64>,
}

impl Figures {
    pub fn per_second(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64()
    }

    pub fn per_cpu_second(&self) -> f64 {
        self.done as f64 / self.server_cpu.as_secs_f64()
    }

    pub fn bytes_each(&self) -> f64 {
        self.heard as f64 / self.done as f64
    }

    /// Seconds of the server's processor for a million.
    pub fn cpu_per_million(&self) -> f64 {
        1e6 / self.per_cpu_second()
    }

    pub fn delay_ms(&self, share: f64) -> f64 {
        ms_at(&self.delays, share)
    }

    /// What the load itself adds to a pace, which is no delay of the server.
    pub fn late_ms(&self, share: f64) -> f64 {
        ms_at(&self.late, share)
    }

    /// How much of its core the server had to do, and the load of its own.
    pub fn server_share(&self) -> f64 {
        self.server_cpu.as_secs_f64() / self.elapsed.as_secs_f64()
    }

    pub fn load_share(&self) -> f64 {
        self.load_cpu.as_secs_f64() / self.elapsed.as_secs_f64()
    }
}

fn ms_at(sorted: &[u64], share: f64) -> f64 {
    let at = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(f64::NAN, |&nanoseconds| nanoseconds as f64 / 1e6)
}

/// What is under way: begun with clocks read, and ended so.
struct Run<'a> {
    server: &'a Server,
    start: Instant,
    cpu: (Duration, Duration),
}

impl<'a> Run<'a> {
    fn begin(server: &'a Server) -> Self {
        Self { server, cpu: (server.cpu(), machine::own_cpu()), start: Instant::now() }
    }

    fn end(self, done: u64, heard: u64, mut delays: Vec<u64>, mut late: Vec<u64>) -> Figures {
        let elapsed = self.start.elapsed();
        let (server_cpu, load_cpu) = (self.server.cpu() - self.cpu.0, machine::own_cpu() - self.cpu.1);
        delays.sort_unstable();
        late.sort_unstable();
        Figures { done, elapsed, server_cpu, load_cpu, heard, afterwards: Duration::ZERO, delays, late }
    }
}

/// The first few tell everyone else.
pub fn broadcast(server: &Server, crowd: &mut Crowd, work: Work) -> Figures {
    let others = crowd.lines.len() as u64 - 1;
    let mut stamps: Vec<Stamps> = crowd.lines.iter().map(|_| Stamps::default()).collect();
    let (mut sent, mut delivered, mut heard) = (0, 0, 0);
    let (mut delays, mut late) = (Vec::new(), Vec::new());
    let mut said = vec![Vec::new(); work.senders];
    let run = Run::begin(server);
    let start = run.start;
    loop {
        let now = start.elapsed();
        let mut pause = Duration::from_millis(50);
        if now < work.duration {
            let due = work.per_second.map_or(u64::MAX, |rate| (now.as_secs_f64() * rate as f64) as u64);
            let until = due.min(delivered / others + work.window).max(sent);
            for number in sent..until {
                let sender = (number % work.senders as u64) as usize;
                let moment = start.elapsed().as_nanos() as u64;
                let text = dialect::text(moment);
                if let Some(rate) = work.per_second {
                    late.push(moment.saturating_sub((number + 1) * 1_000_000_000 / rate));
                }
                said[sender].append(&mut server.dialect.to_all(sender, &text));
            }
            sent = until;
            for (sender, said) in said.iter_mut().enumerate().filter(|(_, said)| !said.is_empty()) {
                crowd.say(sender, said);
                said.clear();
            }
            if let Some(rate) = work.per_second {
                let next = Duration::from_secs_f64((sent + 1) as f64 / rate as f64);
                pause = next.saturating_sub(start.elapsed());
            }
        } else if delivered >= sent * others {
            assert_eq!(delivered, sent * others, "{} delivered more than was sent", server.kind.word());
            return run.end(delivered, heard, delays, late);
        }
        crowd.turn(pause, |at, _, bytes| {
            assert!(!bytes.is_empty(), "{} cut {at}", server.kind.word());
            heard += bytes.len() as u64;
            delivered += match work.per_second {
                Some(_) => stamps[at].take(bytes, start, &mut delays),
                None => count(bytes),
            };
        });
        assert!(
            start.elapsed() < work.duration + PATIENCE,
            "{}: {delivered} of {} came",
            server.kind.word(),
            sent * others
        );
    }
}

/// Each of the first half has somebody in the second, and one message goes to and fro between the two.
pub fn to_and_fro(server: &Server, crowd: &mut Crowd, duration: Duration) -> Figures {
    let pairs = crowd.lines.len() / 2;
    let text = dialect::text(0);
    let other = |at: usize| if at < pairs { at + pairs } else { at - pairs };
    let lines: Vec<Vec<u8>> = (0..pairs * 2).map(|at| server.dialect.to_one(at, other(at), &text)).collect();
    let mut begun = vec![Instant::now(); pairs];
    let (mut trips, mut heard, mut delays, mut under_way) = (0, 0, Vec::new(), pairs);
    let run = Run::begin(server);
    let start = run.start;
    for at in 0..pairs {
        begun[at] = Instant::now();
        crowd.say(at, &lines[at]);
    }
    while under_way > 0 {
        crowd.turn(Duration::from_millis(50), |at, line, bytes| {
            assert!(!bytes.is_empty(), "{} cut {at}", server.kind.word());
            heard += bytes.len() as u64;
            if count(bytes) == 0 {
                return;
            }
            if at < pairs {
                trips += 1;
                delays.push(begun[at].elapsed().as_nanos() as u64);
                begun[at] = Instant::now();
                if start.elapsed() >= duration {
                    under_way -= 1;
                    return;
                }
            }
            line.say(&lines[at]).unwrap();
        });
        assert!(start.elapsed() < duration + PATIENCE, "{under_way} messages got lost");
    }
    run.end(trips, heard, delays, Vec::new())
}

/// How many texts begin in these bytes.
fn count(bytes: &[u8]) -> u64 {
    let of = |chunk: &[u8]| chunk.iter().map(|&byte| u8::from(byte == MARK)).sum::<u8>();
    bytes.chunks(CHUNK).map(|chunk| u64::from(of(chunk))).sum()
}

/// Reads the moments behind the marks.
#[derive(Default)]
struct Stamps {
    /// The beginning of one that was cut.
    part: Vec<u8>,
}

impl Stamps {
    /// The delay of each; how many there were.
    fn take(&mut self, bytes: &[u8], start: Instant, delays: &mut Vec<u64>) -> u64 {
        let now = start.elapsed().as_nanos() as u64;
        let before = delays.len();
        self.part.extend_from_slice(bytes);
        let mut rest = 0;
        while let Some(mark) = self.part[rest..].iter().position(|&byte| byte == MARK) {
            rest += mark;
            let Some(digits) = self.part.get(rest + 1..=rest + DIGITS) else { break };
            let sent: u64 = std::str::from_utf8(digits).unwrap().parse().expect("only texts hold the mark");
            delays.push(now.saturating_sub(sent));
            rest += DIGITS + 1;
        }
        let cut = self.part.get(rest) == Some(&MARK);
        self.part.drain(..if cut { rest } else { self.part.len() });
        (delays.len() - before) as u64
    }
}
