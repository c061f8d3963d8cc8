//! Who is measured against whom: each in turn, round after round, so that what disturbs the machine meets all of them.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::crowd::Crowd;
use super::server::{Kind, Server, Transport};
use super::{machine, peers};

/// One of those that are measured, with its crowd.
pub struct Contender {
    pub kind: Kind,
    pub transport: Transport,
    pub server: Server,
    pub crowd: Crowd,
}

impl Contender {
    pub fn new(kind: Kind, transport: Transport, people: usize) -> Self {
        let server = Server::start(kind, transport);
        let crowd = Crowd::settled(&server, people);
        Self { kind, transport, server, crowd }
    }
}

/// For how long a server computes nothing before it is taken to be done: longer than ours waits for a pause.
const DONE: Duration = Duration::from_millis(300);
/// How much it may compute meanwhile.
const NOTHING: Duration = Duration::from_millis(2);

impl Contender {
    /// Waits until its server has done what it put off, so that the others find their core free; how much it computed.
    pub fn settle(&self) -> Duration {
        let before = self.server.cpu();
        if machine::quick() || !matches!(self.kind, Kind::Tr2(_)) {
            return Duration::ZERO;
        }
        loop {
            let cpu = self.server.cpu();
            std::thread::sleep(DONE);
            if self.server.cpu() - cpu < NOTHING {
                return cpu - before;
            }
        }
    }
}

/// The other servers that are installed, to have their turns as well.
pub fn others(people: usize) -> impl Iterator<Item = Contender> {
    peers::installed().into_iter().map(move |peer| Contender::new(Kind::Peer(peer), Transport::Tcp, people))
}

/// What each of them did in each round.
pub struct Results<T>(pub Vec<(Kind, Transport, Vec<T>)>);

/// Has each of them run once a round.
pub fn in_turns<T>(
    contenders: &mut [Contender],
    rounds: usize,
    mut run: impl FnMut(&mut Contender) -> T,
) -> Results<T> {
    let mut results: Vec<_> = contenders.iter().map(|one| (one.kind, one.transport, Vec::new())).collect();
    for _ in 0..machine::or_quick(rounds, 1) {
        for (contender, (_, _, results)) in contenders.iter_mut().zip(&mut results) {
            results.push(run(contender));
        }
    }
    Results(results)
}

impl<T> Results<T> {
    /// With the other servers that are installed, each once and alone, where all at once would be too many people.
    pub fn and_peers(mut self, people: usize, mut run: impl FnMut(&mut Contender) -> T) -> Self {
        for mut contender in others(people) {
            self.0.push((contender.kind, contender.transport, vec![run(&mut contender)]));
        }
        self
    }

    pub fn of(&self, kind: Kind, transport: Transport) -> Option<&[T]> {
        self.0.iter().find(|one| (one.0, one.1) == (kind, transport)).map(|one| one.2.as_slice())
    }

    /// The median of a figure.
    pub fn median(&self, kind: Kind, transport: Transport, figure: impl Fn(&T) -> f64) -> Option<f64> {
        Some(median(self.of(kind, transport)?.iter().map(figure)))
    }

    /// The median of what a figure is to that of another in the same round.
    pub fn ratio(&self, of: (Kind, Transport), to: (Kind, Transport), figure: impl Fn(&T) -> f64) -> Option<f64> {
        let pairs = self.of(of.0, of.1)?.iter().zip(self.of(to.0, to.1)?);
        Some(median(pairs.map(|(of, to)| figure(of) / figure(to))))
    }

    /// The figures of the other servers.
    pub fn peers(&self, figure: impl Fn(&T) -> f64) -> impl Iterator<Item = (&'static str, f64)> {
        self.0.iter().filter_map(move |(kind, _, results)| match kind {
            Kind::Peer(peer) => Some((peer.name, median(results.iter().map(&figure)))),
            _ => None,
        })
    }
}

/// What stands in the table.
pub fn word(kind: Kind, transport: Transport) -> String {
    format!("{}, {}", kind.word(), transport.word())
}

pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How long the disk of a folder takes to have a page for good.
pub fn commit_ms(folder: &Path) -> f64 {
    let path = folder.join(format!("commit-{}", std::process::id()));
    let mut file = File::create(&path).unwrap();
    let times = (0..machine::or_quick(50, 5)).map(|_| {
        let start = Instant::now();
        file.write_all(&[1; 4096]).unwrap();
        file.sync_data().unwrap();
        start.elapsed().as_secs_f64() * 1e3
    });
    let median = median(times.collect::<Vec<_>>());
    std::fs::remove_file(&path).unwrap();
    median
}
