//! Many people at one server, driven by one thread.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::time::Timespec;

use super::dialect::Step;
use super::line::Line;
use super::server::{Kind, Server};

/// People who are on their way in at a time, where no pace is given.
const AT_ONCE: usize = 64;
/// How long joining may take in all.
const PATIENCE: Duration = Duration::from_secs(90);
/// Twice what is read at once.
const BUFFER: usize = 512 * 1024;

pub struct Crowd {
    pub lines: Vec<Line>,
    /// The number in the name of the first of them.
    first: usize,
    /// How many of them have the same name: sessions of one user.
    each: usize,
    poll: OwnedFd,
    events: Vec<epoll::Event>,
    buffer: Vec<u8>,
}

/// What joining was like.
pub struct Joins {
    pub joined: usize,
    /// Those who were turned away or cut.
    pub refused: usize,
    pub elapsed: Duration,
    pub server_cpu: Duration,
    /// From the beginning of the connection until the name was confirmed, sorted.
    pub delays: Vec<Duration>,
}

/// Somebody on the way in.
struct Joiner {
    since: Instant,
    steps: std::vec::IntoIter<Step>,
    until: Vec<u8>,
    heard: Vec<u8>,
}

impl Crowd {
    pub fn new() -> Self {
        Self::beginning_at(0)
    }

    /// Whose names begin at this number, so that they are others than those of another crowd.
    pub fn beginning_at(first: usize) -> Self {
        let poll = epoll::create(CreateFlags::CLOEXEC).unwrap();
        Self { lines: Vec::new(), first, each: 1, poll, events: Vec::with_capacity(1024), buffer: vec![0; BUFFER] }
    }

    /// Users in so many sessions each.
    pub fn of_users_in(each: usize) -> Self {
        Self { each, ..Self::new() }
    }

    /// So many people, and nothing on its way to them any more.
    pub fn settled(server: &Server, count: usize) -> Self {
        let mut crowd = Self::new();
        let joins = crowd.join(server, count, None);
        assert_eq!(joins.refused, 0, "{:?} does not let {count} in", server.kind);
        // In a large room, who came is told once a second.
        crowd.hush(Duration::from_millis(if count > 150 { 1200 } else { 200 }));
        crowd
    }

    /// Lets more people in: as fast as it goes, or so many a second whatever becomes of them.
    pub fn join(&mut self, server: &Server, count: usize, per_second: Option<u32>) -> Joins {
        let at_once = if let Kind::Peer(peer) = server.kind { peer.at_once } else { AT_ONCE };
        let (start, cpu, first) = (Instant::now(), server.cpu(), self.lines.len());
        let mut joiners: Vec<Option<Joiner>> = Vec::with_capacity(count);
        let (mut opened, mut under_way, mut refused) = (0, 0, 0);
        let mut delays = Vec::with_capacity(count);
        while opened < count || under_way > 0 {
            let due = match per_second {
                Some(rate) => (start.elapsed().as_secs_f64() * f64::from(rate)) as usize + 1,
                None => opened + at_once - under_way,
            };
            while opened < count.min(due) {
                let at = self.lines.len();
                opened += 1;
                let person = self.first + at / self.each;
                let mut joiner = Joiner::new(server.dialect.join(person).into_iter());
                let opening = Line::open(&server.place, person).and_then(|mut line| {
                    joiner.go_on(&mut line)?;
                    Ok(line)
                });
                match opening {
                    Ok(line) => {
                        self.lines.push(line);
                        self.watch(at);
                        joiners.push(Some(joiner));
                        under_way += 1;
                    }
                    Err(_) => refused += 1,
                }
            }
            let pause = if opened < count { Duration::from_micros(200) } else { Duration::from_millis(50) };
            self.turn(pause, |at, line, bytes| {
                let Some(joiner) = at.checked_sub(first).and_then(|at| joiners.get_mut(at)) else { return };
                let Some(coming) = joiner else { return assert!(!bytes.is_empty(), "the server cut {at}") };
                if bytes.is_empty() {
                    refused += 1;
                } else if !coming.hears(bytes) || !coming.go_on(line).is_ok_and(|in_now| in_now) {
                    return;
                } else {
                    delays.push(coming.since.elapsed());
                }
                *joiner = None;
                under_way -= 1;
            });
            assert!(start.elapsed() < PATIENCE, "{} lets {under_way} people wait", server.kind.word());
        }
        delays.sort_unstable();
        let (elapsed, server_cpu) = (start.elapsed(), server.cpu() - cpu);
        Joins { joined: delays.len(), refused, elapsed, server_cpu, delays }
    }

    /// Somebody says this.
    pub fn say(&mut self, at: usize, bytes: &[u8]) {
        self.lines[at].say(bytes).unwrap();
        self.watch(at);
    }

    /// Waits at most so long, and hands on what came and to whom; no bytes are the end of a connection.
    pub fn turn(&mut self, wait: Duration, mut take: impl FnMut(usize, &mut Line, &[u8])) {
        let wait = Timespec { tv_sec: wait.as_secs().cast_signed(), tv_nsec: wait.subsec_nanos().into() };
        self.events.clear();
        epoll::wait(&self.poll, rustix::buffer::spare_capacity(&mut self.events), Some(&wait)).unwrap();
        for event in 0..self.events.len() {
            let (flags, at) = (self.events[event].flags, self.events[event].data.u64());
            let at = usize::try_from(at).unwrap();
            let line = &mut self.lines[at];
            let flushed = if flags.contains(EventFlags::OUT) { line.flush() } else { Ok(()) };
            if flags.intersects(EventFlags::IN | EventFlags::ERR | EventFlags::HUP) || flushed.is_err() {
                match line.hear(&mut self.buffer) {
                    Ok(None) => {}
                    Ok(Some(bytes @ [_, ..])) => take(at, line, bytes),
                    Ok(Some([])) | Err(_) => {
                        epoll::delete(&self.poll, &*line).unwrap();
                        take(at, line, &[]);
                        continue;
                    }
                }
            }
            self.watch(at);
        }
    }

    /// Reads everything away until nothing comes for so long; how many bytes it was.
    pub fn hush(&mut self, quiet: Duration) -> u64 {
        let (mut last, mut heard) = (Instant::now(), 0);
        while last.elapsed() < quiet {
            self.turn(quiet.saturating_sub(last.elapsed()), |at, _, bytes| {
                assert!(!bytes.is_empty(), "the server cut {at}");
                heard += bytes.len() as u64;
                last = Instant::now();
            });
        }
        heard
    }

    /// Has epoll wait for what there is to wait for.
    fn watch(&mut self, at: usize) {
        let line = &mut self.lines[at];
        let wanted = if line.is_clogged() { EventFlags::IN | EventFlags::OUT } else { EventFlags::IN };
        if wanted == line.watched {
            return;
        }
        let token = EventData::new_u64(at as u64);
        if line.watched.is_empty() {
            epoll::add(&self.poll, &*line, token, wanted).unwrap();
        } else {
            epoll::modify(&self.poll, &*line, token, wanted).unwrap();
        }
        line.watched = wanted;
    }
}

impl Joiner {
    fn new(steps: std::vec::IntoIter<Step>) -> Self {
        Self { since: Instant::now(), steps, until: Vec::new(), heard: Vec::new() }
    }

    /// Says what comes next; whether there is nothing more to say.
    fn go_on(&mut self, line: &mut Line) -> std::io::Result<bool> {
        let Some(step) = self.steps.next() else { return Ok(true) };
        self.until = step.until;
        line.say(&step.say)?;
        Ok(false)
    }

    /// Whether what was waited for has come.
    fn hears(&mut self, bytes: &[u8]) -> bool {
        self.heard.extend_from_slice(bytes);
        let found = self.heard.windows(self.until.len()).any(|window| window == self.until);
        let keep = self.heard.len().min(self.until.len());
        self.heard.drain(..self.heard.len() - keep);
        found
    }
}
