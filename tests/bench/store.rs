//! What the store does in a second, and how long it takes to find something among many messages.
//!
//! `cargo bench --bench store` has 200,000; `-- 1000000` takes another number. Prints each figure beside its target.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints figures")]
#![allow(dead_code, unreachable_pub, reason = "a part of what is common is used")]

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tr2::model::{MessageId, Name, Text, Timestamp};
use tr2::protocol::{Query, Span};
use tr2::server::store::api::Requester;
use tr2::server::store::api::{ConversationId, Job, Outcome, Question, Recipient, Record, What};
use tr2::server::store::backup;
use tr2::server::store::{Options, Report, Store};

const TARGET_RATE: f64 = 20_000.0;
const TARGET_ACCEPTED: Duration = Duration::from_millis(25);
const TARGET_PAGE: Duration = Duration::from_millis(5);
const TARGET_SEARCH: Duration = Duration::from_millis(100);

/// Messages a minute: a million are about two years.
const EVERY: i64 = 60_000;
const START: i64 = 1_700_000_000_000;
/// Words of the language, of which the n-th is said as often as one n-th of the first.
const WORDS: usize = 20_000;

struct Bench {
    store: Store,
    reports: Receiver<Report>,
    next: u64,
    random: u64,
    users: Vec<Name>,
    words: Vec<String>,
}

fn main() {
    let quick = std::env::var_os("TR2_QUICK").is_some_and(|value| value != "0");
    let usual = if quick { 20_000 } else { 200_000 };
    let total: u64 = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(usual);
    let folder = std::env::temp_dir().join(format!("tr2-bench-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let (mut bench, _) = Bench::open(&folder);

    for (in_flight, count) in [(1, 3_000), (200, 100_000)] {
        let (rate, times) = bench.load(in_flight, count.min(total / 5), None);
        let target = if in_flight == 1 { None } else { Some(TARGET_RATE) };
        rated(&format!("durable messages/s, {in_flight} in flight"), rate, target);
        spread("  kept after", times, None);
    }
    let (rate, times) = bench.load(2_000, 20_000.min(total / 5), Some(5_000.0));
    rated("durable messages/s, paced to 5000", rate, None);
    spread("  kept after", times, Some(TARGET_ACCEPTED));

    let start = Instant::now();
    let before = bench.next;
    while bench.next <= total {
        let records: Vec<_> = (0..200).map(|_| bench.record()).collect();
        assert!(bench.store.submit(Job::Append(records)));
        if bench.next / 200 % 8 == 0 {
            (0..8).for_each(|_| drop(bench.reports.try_recv()));
        }
    }
    bench.settle();
    rated("durable messages/s, 200 a job", (bench.next - before) as f64 / start.elapsed().as_secs_f64(), None);
    let conn = rusqlite::Connection::open(folder.join("history.db")).unwrap();
    let start = Instant::now();
    let missing = "SELECT count(*) FROM message WHERE id > coalesce((SELECT value FROM meta WHERE key = 'indexed'), 0)";
    let tail: u64 = conn.query_row(missing, [], |row| row.get(0)).unwrap();
    println!("{:<54} {tail}", "messages beside the index at the end of the load");
    timed("search of what is beside the index", TARGET_SEARCH, || bench.ask(find("zzz")));
    while conn.query_row(missing, [], |row| row.get::<_, u64>(0)).unwrap() > 0 {
        std::thread::sleep(Duration::from_millis(10));
    }
    println!("{:<54} {:.1} s", "  until they were in it", start.elapsed().as_secs_f64());
    drop(conn);

    let next = bench.next;
    let start = Instant::now();
    bench.store.close(Duration::from_secs(60));
    println!("{:<54} {:.0} ms", "close", ms(start.elapsed()));
    let megabytes = std::fs::metadata(folder.join("history.db")).unwrap().len() / 1_000_000;
    println!("{:<54} {megabytes} MB", format!("file of {} messages", next - 1));
    let start = Instant::now();
    let (mut bench, users) = Bench::open(&folder);
    println!("{:<54} {:.0} ms", format!("open, {users} users"), ms(start.elapsed()));
    bench.next = next;

    let page = |with: ConversationId, span: Span| What::Page { with, span };
    let everyone = || ConversationId::Everyone;
    let other = || ConversationId::User(Name::parse("user1").unwrap());
    timed("conversations", TARGET_PAGE, || bench.ask(What::Conversations));
    timed("page of 200, newest", TARGET_PAGE, || bench.ask(page(everyone(), Span::default())));
    let mut at = total / 10;
    timed("page of 200, all over the past", TARGET_PAGE, || {
        at = (at * 7 + 13) % total;
        bench.ask(page(everyone(), Span::before(MessageId(at))))
    });
    timed("page of 200, private", TARGET_PAGE, || bench.ask(page(other(), Span::default())));
    timed("page of 1000, newest", TARGET_PAGE, || bench.ask(page(everyone(), Span::newest(1000))));
    let middle = Timestamp(START + EVERY * (total / 2) as i64).rfc3339();
    for query in [
        "rareword",
        "message",
        "w0x w1x",
        "w0x w1x w2x w3x",
        "\"w0x w1x\"",
        "\"w3x w2x w1x w0x\"",
        "mess*",
        "w12*",
        "w1*",
        "w*",
        "secret",
        "secret message",
        "from:user1",
        "from:user1 message",
        "from:user1 rareword",
        "in:user1",
        "in:user1 message",
        "in:everyone w5x",
        &format!("message before:{middle}"),
        &format!("rareword after:{middle}"),
        &format!("secret before:{middle}"),
        "absent",
    ] {
        timed(&format!("search {query}"), TARGET_SEARCH, || bench.ask(find(query)));
    }
    let start = Instant::now();
    let done = backup(&folder, &folder.join("copy.db")).unwrap();
    println!("{:<54} {:.1} s", format!("backup of {} messages, checked", done.messages), start.elapsed().as_secs_f64());
    drop(bench);
    std::fs::remove_dir_all(&folder).unwrap();
}

fn find(query: &str) -> What {
    What::Found(Query::parse(query, &tr2::model::Zone::default()).unwrap())
}

impl Bench {
    fn open(folder: &std::path::Path) -> (Self, usize) {
        let (sender, reports) = channel();
        let report = move |report| drop(sender.send(report));
        let (store, opening) = Store::open(folder, Options::default(), report).unwrap();
        let users = (0..50).map(|n| Name::parse(&format!("user{n}")).unwrap()).collect();
        let words = (0..WORDS).map(|n| format!("w{n}x")).collect();
        (Self { store, reports, next: opening.last_id.0 + 1, random: 1, users, words }, opening.users.len())
    }

    fn random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    /// About 80 bytes; every other message is private, among others than user0 but for every tenth of these.
    fn record(&mut self) -> Record {
        let id = self.next;
        self.next += 1;
        let mut text = String::from("message");
        for _ in 0..12 {
            // So that the n-th word comes up as often as 1/n says.
            let share = (self.random() >> 11) as f64 / (1u64 << 53) as f64;
            let word = ((WORDS as f64).powf(share) - 1.0) as usize;
            text += " ";
            text += &self.words[word.min(WORDS - 1)];
        }
        let from = (self.random() % 50) as usize;
        let (mut author, mut to) = (from, Recipient::Everyone { me_too: false });
        if id.is_multiple_of(2) {
            text += " secret";
            let mut other = 1 + (self.random() % 49) as usize;
            author = from.max(1);
            if id.is_multiple_of(20) {
                text.truncate(text.len() - " secret".len());
                (author, other) = (0, 1);
            }
            to = Recipient::User(self.users[other].clone());
        } else if id.is_multiple_of(999) {
            text += " rareword";
        }
        Record {
            id: MessageId(id),
            time: Timestamp(START + EVERY * id as i64),
            from: self.users[author].clone(),
            verified: id.is_multiple_of(2),
            to,
            reference: Some(format!("{:x}-{id}", self.random() % 16)),
            text: Text::block(&text),
            deleted: None,
            extra: Default::default(),
        }
    }

    /// One message a job: as fast as they are kept, or so many a second.
    fn load(&mut self, in_flight: usize, count: u64, pace: Option<f64>) -> (f64, Vec<Duration>) {
        let mut sent: VecDeque<Instant> = VecDeque::new();
        let mut times = Vec::new();
        let records: Vec<_> = (0..count).map(|_| self.record()).collect();
        let start = Instant::now();
        for (at, record) in records.into_iter().enumerate() {
            let due = pace.map(|pace| start + Duration::from_secs_f64(at as f64 / pace));
            loop {
                let wait = due.map_or(Duration::ZERO, |due| due.saturating_duration_since(Instant::now()));
                let full = sent.len() >= in_flight;
                if !full && wait.is_zero() {
                    break;
                }
                let wait = if full { Duration::from_secs(60) } else { wait };
                if let Ok(report) = self.reports.recv_timeout(wait) {
                    assert_kept(&report);
                    times.push(sent.pop_front().unwrap().elapsed());
                }
            }
            sent.push_back(Instant::now());
            assert!(self.store.submit(Job::Append(vec![record])));
        }
        while let Some(sent) = sent.pop_front() {
            assert_kept(&self.reports.recv().unwrap());
            times.push(sent.elapsed());
        }
        (count as f64 / start.elapsed().as_secs_f64(), times)
    }

    fn settle(&self) {
        assert!(self.store.submit(Job::Append(Vec::new())));
        while !matches!(self.reports.recv().unwrap(), Report::Stored(receipt) if receipt.outcomes.is_empty()) {}
    }

    /// Messages in the answer.
    fn ask(&self, what: What) -> usize {
        let user = self.users[0].clone();
        let question = Question {
            requester: Requester(1),
            user,
            rooms: Vec::new(),
            reference: None,
            batch: "1".into(),
            plain: false,
            what,
        };
        assert!(self.store.submit(Job::Ask(question)));
        match self.reports.recv().unwrap() {
            Report::Answered(answer) => {
                assert!(answer.damaged.is_empty());
                answer.lines.unwrap().iter().filter(|&&byte| byte == b'\n').count() - 1
            }
            other => panic!("{other:?}"),
        }
    }
}

fn assert_kept(report: &Report) {
    assert!(matches!(report, Report::Stored(receipt) if receipt.outcomes == [Outcome::Kept]), "{report:?}");
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn verdict(met: bool) -> &'static str {
    if met { "" } else { "  MISSED" }
}

fn rated(what: &str, rate: f64, target: Option<f64>) {
    let told = target.map(|target| format!(" (target {target:.0}){}", verdict(rate >= target))).unwrap_or_default();
    println!("{what:<54} {rate:.0}{told}");
}

fn spread(what: &str, mut times: Vec<Duration>, target: Option<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let told = target.map(|target| format!(" (target p99 {} ms){}", ms(target), verdict(at(0.99) <= target)));
    let (p50, p99, most) = (ms(at(0.5)), ms(at(0.99)), ms(at(1.0)));
    println!("{what:<54} p50 {p50:.2} p99 {p99:.2} max {most:.2} ms{}", told.unwrap_or_default());
}

/// The slowest of the first and of 20 more, and the middle one.
fn timed(what: &str, target: Duration, mut ask: impl FnMut() -> usize) {
    let start = Instant::now();
    let found = ask();
    let first = start.elapsed();
    let mut times: Vec<Duration> = (0..20)
        .map(|_| {
            let start = Instant::now();
            ask();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let (p50, most) = (ms(times[10]), ms(times[19]));
    let met = verdict(times[19] <= target);
    println!(
        "{what:<54} p50 {p50:.2} max {most:.2} first {:.2} ms, {found} lines (target {} ms){met}",
        ms(first),
        ms(target)
    );
}
