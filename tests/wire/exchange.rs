//! One end of a channel with its words and files, against another over a virtual line, each with a disk in memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tr2::client::direct::exchange::{Exchange, LAST_WORDS, MAX_NEWS};
use tr2::client::direct::jobs::{FileJob, JobDone, JobOutcome, JobStep, MAX_UNWRITTEN, WantedFile};
use tr2::client::direct::orders::{
    ChannelNews, ChannelOrder, FileEnd, FileKey, FileProgress, FileStep, OfferedFile, PROGRESS_PAUSE,
};
use tr2::client::direct::pictures::codec::PictureCodec;
use tr2::client::direct::talk::{DirectEnd, SayRefusal, Side};
use tr2::client::direct::transfers::{MAX_TRANSFERS, PIECE};
use tr2::client::direct::verification::commitment;
use tr2::media::picture::PictureSize;
use tr2::media::test_source::test_picture;
use tr2::model::Text;
use tr2::net::peer::channel::Channel;
use tr2::net::peer::events::ChannelEnd;
use tr2::net::peer::transport::SILENCE;
use tr2::net::ways::candidate::Candidates;
use tr2::protocol::CallId;
use tr2::protocol::peer::{FileOffer, MAX_FILE, PeerFrame};

use crate::peer::credential;
use crate::virtual_line::{Conditions, End, Line};

const CALL: CallId = CallId([7; 16]);
/// How many bytes a step of the disk digests.
const STEP: u64 = 100_000;

/// A disk in memory: the files of the person, and what was downloaded.
#[derive(Default)]
struct Disk {
    files: BTreeMap<PathBuf, Vec<u8>>,
    /// What arrived in part, by digest.
    parts: BTreeMap<[u8; 32], Vec<u8>>,
    saved: BTreeMap<PathBuf, Vec<u8>>,
    open: BTreeMap<u64, (Option<PathBuf>, Option<WantedFile>, u64)>,
    /// Whether it takes what is written.
    full: bool,
    /// Whether it does anything at all.
    stalls: bool,
    steps: usize,
}

impl Disk {
    fn carry_out(&mut self, FileJob { file, step }: FileJob) -> Option<JobOutcome> {
        self.steps += 1;
        Some(match step {
            JobStep::Open(path) => match self.files.get(&path) {
                Some(bytes) => {
                    let size = bytes.len() as u64;
                    self.open.insert(file, (Some(path), None, 0));
                    JobOutcome::Opened(size)
                }
                None => JobOutcome::Failed("There is no such file.".to_owned()),
            },
            JobStep::Digest => {
                let (path, wanted, done) = self.open.get_mut(&file).unwrap();
                *done += STEP;
                let done = *done;
                match (path.clone(), wanted) {
                    (Some(path), _) => {
                        let bytes = &self.files[&path];
                        if done >= bytes.len() as u64 {
                            JobOutcome::Digest(digest(bytes))
                        } else {
                            JobOutcome::Digested(done)
                        }
                    }
                    (None, Some(wanted)) => JobOutcome::Digested(done.min(self.parts[&wanted.digest].len() as u64)),
                    (None, None) => panic!(),
                }
            }
            JobStep::Read { at, most } => {
                let bytes = &self.files[self.open[&file].0.as_ref().unwrap()];
                let at = usize::try_from(at).unwrap().min(bytes.len());
                JobOutcome::Read(bytes[at..(at + most).min(bytes.len())].to_vec())
            }
            JobStep::Look(wanted) => {
                let here = self.parts.get(&wanted.digest).map_or(0, |part| part.len() as u64);
                self.open.insert(file, (None, Some(wanted), 0));
                JobOutcome::Here(here)
            }
            JobStep::Begin => {
                let digest = self.open[&file].1.as_ref().unwrap().digest;
                JobOutcome::Begun(self.parts.entry(digest).or_default().len() as u64)
            }
            JobStep::Write { .. } if self.full => JobOutcome::Failed("The disk is full.".to_owned()),
            JobStep::Write { at, bytes } => {
                let digest = self.open[&file].1.as_ref().unwrap().digest;
                let part = self.parts.get_mut(&digest).unwrap();
                assert_eq!(part.len() as u64, at);
                part.extend(bytes);
                JobOutcome::Written
            }
            JobStep::Finish => {
                let wanted = self.open[&file].1.clone().unwrap();
                let part = self.parts.remove(&wanted.digest).unwrap();
                let found = digest(&part);
                if found == wanted.digest {
                    let path = PathBuf::from(wanted.name.as_str());
                    self.saved.insert(path.clone(), part);
                    JobOutcome::Saved(path)
                } else {
                    JobOutcome::Wrong(found)
                }
            }
            JobStep::Discard => {
                if let Some((_, Some(wanted), _)) = self.open.remove(&file) {
                    self.parts.remove(&wanted.digest);
                }
                return None;
            }
            JobStep::Close => {
                self.open.remove(&file);
                return None;
            }
        })
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().try_into().unwrap()
}

struct Person {
    exchange: Exchange,
    disk: Disk,
    news: Vec<ChannelNews>,
    /// When each of the news came.
    times: Vec<Instant>,
    /// Whether the person's client takes its news.
    listens: bool,
}

impl Person {
    fn new(exchange: Exchange) -> Self {
        Self { exchange, disk: Disk::default(), news: Vec::new(), times: Vec::new(), listens: true }
    }

    fn go_on(&mut self, now: Instant) {
        while !self.disk.stalls
            && let Some(job) = self.exchange.job(now)
        {
            let file = job.file;
            if let Some(outcome) = self.disk.carry_out(job) {
                self.exchange.done(JobDone { file, outcome }, now);
            }
        }
        while self.listens
            && let Some(news) = self.exchange.news(now)
        {
            self.news.push(news);
            self.times.push(now);
        }
    }

    fn says(&mut self) -> Vec<ChannelNews> {
        self.times.clear();
        std::mem::take(&mut self.news)
    }
}

impl End for Person {
    fn receive(&mut self, packet: &[u8], now: Instant) {
        self.exchange.receive(packet, now);
        self.go_on(now);
    }

    fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.go_on(now);
        self.exchange.transmit(now)
    }

    fn deadline(&mut self) -> Option<Instant> {
        self.exchange.deadline()
    }

    fn tick(&mut self, now: Instant) {
        self.exchange.tick(now);
        self.go_on(now);
    }
}

fn line(conditions: Conditions) -> Line<Person> {
    let keys = [credential(), credential()];
    let [ours, theirs] = [keys[0].fingerprint, keys[1].fingerprint];
    Line::new(3, conditions, |now| {
        [
            Person::new(Exchange::new(CALL, Side::Caller, &keys[0], theirs, [1; 16], Candidates::Others, now).unwrap()),
            Person::new(Exchange::new(CALL, Side::Callee, &keys[1], ours, [2; 16], Candidates::Others, now).unwrap()),
        ]
    })
}

fn run(line: &mut Line<Person>, seconds: u64) {
    line.run(line.elapsed() + Duration::from_secs(seconds), |_, _| false);
}

/// A line on which both are ready.
fn ready(conditions: Conditions) -> Line<Person> {
    let mut line = line(conditions);
    run(&mut line, 3);
    let [a, b] = line.ends.each_mut().map(Person::says);
    assert!(matches!(&*a, [ChannelNews::Ready(CALL, _)]), "{a:?}");
    assert_eq!(a, b);
    line
}

fn order(line: &mut Line<Person>, end: usize, order: ChannelOrder) {
    let now = line.now();
    line.ends[end].exchange.order(order, now);
    line.ends[end].go_on(now);
}

fn say(line: &mut Line<Person>, end: usize, text: &str) {
    order(line, end, ChannelOrder::Say(CALL, Text::block(text)));
}

/// Puts a file on an end's disk and has it offered.
fn offer(line: &mut Line<Person>, end: usize, path: &str, bytes: &[u8]) {
    line.ends[end].disk.files.insert(path.into(), bytes.to_vec());
    order(line, end, ChannelOrder::Offer(CALL, path.into()));
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| (at * 7 % 251) as u8).collect()
}

fn ended(key: FileKey, end: FileEnd) -> ChannelNews {
    ChannelNews::FileEnded(CALL, key, end)
}

fn ours(path: &str) -> FileKey {
    FileKey::Ours(path.into())
}

/// The numbers of the files that were offered.
fn offered(news: &[ChannelNews]) -> Vec<OfferedFile> {
    let offered = news.iter().filter_map(|news| match news {
        ChannelNews::Offered(CALL, file) => Some(file.clone()),
        _ => None,
    });
    offered.collect()
}

fn forget(line: &mut Line<Person>) {
    line.ends.iter_mut().for_each(|end| drop(end.says()));
}

fn steps(news: &[ChannelNews], step: FileStep) -> Vec<u64> {
    let steps = news.iter().filter_map(|news| match news {
        ChannelNews::Progress(CALL, FileProgress { step: found, done, .. }) if *found == step => Some(*done),
        _ => None,
    });
    steps.collect()
}

#[test]
fn a_file_is_digested_offered_sent_and_saved_and_progress_is_told_a_few_times_a_second() {
    let mut line = ready(Conditions::of(20).rate(500_000));
    let file = bytes(2_000_000);
    offer(&mut line, 0, "/home/ann/../ann/backup.tar", &file);
    run(&mut line, 1);
    let told = line.ends[1].says();
    let number = offered(&told)[0].number;
    let expected = OfferedFile {
        number,
        name: tr2::model::file_name::FileName::harmless("backup.tar"),
        size: 2_000_000,
        digest: digest(&file),
        here: 0,
    };
    assert_eq!(told, [ChannelNews::Offered(CALL, expected)]);
    // No time has passed on this disk: the rest of the digest is not spoken of.
    let told = line.ends[0].says();
    assert_eq!(steps(&told, FileStep::Digest), [STEP]);
    assert_eq!(steps(&told, FileStep::Waiting), [0]);
    assert_eq!(told.len(), 2);
    order(&mut line, 1, ChannelOrder::Accept(CALL, number));
    order(&mut line, 1, ChannelOrder::Accept(CALL, number));
    run(&mut line, 10);
    for end in &mut line.ends {
        let moving = steps(&end.news, FileStep::Moving);
        assert!(moving.is_sorted() && moving[0] == 0 && *moving.last().unwrap() > 1_500_000, "{moving:?}");
        assert!((10..40).contains(&moving.len()), "{moving:?}");
        let times: Vec<Instant> = end
            .news
            .iter()
            .zip(&end.times)
            .filter(|(news, _)| matches!(news, ChannelNews::Progress(..)))
            .map(|(_, time)| *time)
            .collect();
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= PROGRESS_PAUSE));
    }
    assert_eq!(line.ends[0].says().last(), Some(&ended(ours("/home/ann/../ann/backup.tar"), FileEnd::Sent)));
    let saved = FileEnd::Saved("backup.tar".into());
    assert_eq!(line.ends[1].says().last(), Some(&ended(FileKey::Theirs(number), saved)));
    assert_eq!(line.ends[1].disk.saved[Path::new("backup.tar")], file);
    assert!(line.ends.iter().all(|end| end.disk.open.is_empty()), "everything is closed");
}

#[test]
fn a_file_that_was_cut_goes_on_where_it_ended() {
    let file = bytes(1_000_000);
    let mut line = ready(Conditions::of(20).rate(200_000));
    offer(&mut line, 0, "a", &file);
    run(&mut line, 1);
    let number = offered(&line.ends[1].says())[0].number;
    order(&mut line, 1, ChannelOrder::Accept(CALL, number));
    run(&mut line, 2);
    order(&mut line, 0, ChannelOrder::Close(CALL));
    run(&mut line, 2);
    let [a, b] = line.ends.each_mut().map(Person::says);
    let end = |by| ChannelNews::Ended(CALL, DirectEnd::Channel(by));
    assert_eq!(a[a.len() - 2..], [ended(ours("a"), FileEnd::Cut), end(ChannelEnd::Closed)]);
    assert_eq!(b[b.len() - 2..], [ended(FileKey::Theirs(number), FileEnd::Cut), end(ChannelEnd::ClosedByPeer)]);
    assert!(line.ends.iter().all(|end| end.disk.open.is_empty()), "everything is closed");
    let parts = std::mem::take(&mut line.ends[1].disk.parts);
    let before = parts[&digest(&file)].len();
    assert!((100_000..900_000).contains(&before), "{before}");
    assert_eq!(file[..before], parts[&digest(&file)]);

    let mut line = ready(Conditions::of(20));
    line.ends[1].disk.parts = parts;
    offer(&mut line, 0, "renamed", &file);
    run(&mut line, 1);
    let told = offered(&line.ends[1].says());
    assert_eq!(told[0].here, before as u64);
    order(&mut line, 1, ChannelOrder::Accept(CALL, told[0].number));
    run(&mut line, 10);
    let told = line.ends[1].says();
    assert_eq!(steps(&told, FileStep::Moving)[0], before as u64);
    assert_eq!(told.last(), Some(&ended(FileKey::Theirs(1), FileEnd::Saved("renamed".into()))));
    assert_eq!(line.ends[1].disk.saved[Path::new("renamed")], file);
}

#[test]
fn a_file_that_is_not_what_was_offered_is_wrong_at_both_ends() {
    let mut line = ready(Conditions::of(5));
    offer(&mut line, 0, "a", &bytes(100_000));
    run(&mut line, 1);
    // It changes after it was digested.
    line.ends[0].disk.files.get_mut(Path::new("a")).unwrap()[50_000] ^= 1;
    order(&mut line, 1, ChannelOrder::Accept(CALL, 1));
    run(&mut line, 3);
    assert_eq!(line.ends[0].says().last(), Some(&ended(ours("a"), FileEnd::Wrong)));
    assert_eq!(line.ends[1].says().last(), Some(&ended(FileKey::Theirs(1), FileEnd::Wrong)));
    assert!(line.ends[1].disk.saved.is_empty() && line.ends[1].disk.parts.is_empty());
    // One that becomes shorter is stopped by its sender.
    offer(&mut line, 0, "b", &bytes(3_000_000));
    run(&mut line, 1);
    line.ends[0].disk.files.get_mut(Path::new("b")).unwrap().truncate(PIECE);
    order(&mut line, 1, ChannelOrder::Accept(CALL, 2));
    run(&mut line, 3);
    let Some(ChannelNews::FileEnded(_, key, FileEnd::Failed(why))) = line.ends[0].says().pop() else { panic!() };
    assert_eq!(key, ours("b"));
    assert!(why.contains("shorter"), "{why}");
    assert_eq!(line.ends[1].says().last(), Some(&ended(FileKey::Theirs(2), FileEnd::Withdrawn)));
}

#[test]
fn offers_are_declined_and_withdrawn_and_nothing_more_is_said_to_whoever_did_it() {
    let mut line = ready(Conditions::of(5));
    offer(&mut line, 0, "a", b"one");
    run(&mut line, 1);
    forget(&mut line);
    order(&mut line, 1, ChannelOrder::Decline(CALL, 1));
    run(&mut line, 1);
    assert_eq!(line.ends.each_mut().map(Person::says), [vec![ended(ours("a"), FileEnd::Declined)], vec![]]);
    offer(&mut line, 0, "a", b"one");
    run(&mut line, 1);
    forget(&mut line);
    order(&mut line, 0, ChannelOrder::Withdraw(CALL, "a".into()));
    run(&mut line, 1);
    assert_eq!(line.ends.each_mut().map(Person::says), [vec![], vec![ended(FileKey::Theirs(2), FileEnd::Withdrawn)]]);
    // In the middle of it, too.
    for (end, other, key) in [(0, 1, FileKey::Theirs(3)), (1, 0, ours("b"))] {
        offer(&mut line, 0, "b", &bytes(1_000_000));
        run(&mut line, 1);
        let number = offered(&line.ends[1].says())[0].number;
        line.conditions = [Conditions::of(5).rate(100_000); 2];
        order(&mut line, 1, ChannelOrder::Accept(CALL, number));
        run(&mut line, 1);
        forget(&mut line);
        let stop =
            if end == 0 { ChannelOrder::Withdraw(CALL, "b".into()) } else { ChannelOrder::Decline(CALL, number) };
        order(&mut line, end, stop);
        run(&mut line, 5);
        assert_eq!(line.ends[end].says(), []);
        // What the other one gave up may come back; what the person does not want is deleted.
        assert_eq!(line.ends[1].disk.parts.len(), usize::from(end == 0));
        line.ends[1].disk.parts.clear();
        let how = if end == 0 { FileEnd::Withdrawn } else { FileEnd::Declined };
        assert_eq!(line.ends[other].says().last(), Some(&ended(key, how)));
        line.conditions = [Conditions::of(5); 2];
    }
    assert!(line.ends.iter().all(|end| end.disk.open.is_empty()), "everything is closed");
}

#[test]
fn several_files_are_offered_one_after_another_and_no_more_than_may_be() {
    let mut line = line(Conditions::of(5));
    // Also before the greeting.
    for at in 0..MAX_TRANSFERS {
        offer(&mut line, 0, &format!("{at}"), &bytes(at));
    }
    // The same path again.
    order(&mut line, 0, ChannelOrder::Offer(CALL, "0".into()));
    offer(&mut line, 0, "one too many", b"");
    run(&mut line, 1);
    let told = line.ends[0].says();
    let Some(ChannelNews::FileEnded(_, key, FileEnd::Failed(why))) = told.first() else { panic!("{told:?}") };
    assert_eq!(*key, ours("one too many"));
    assert!(why.contains(&MAX_TRANSFERS.to_string()), "{why}");
    for at in 0..MAX_TRANSFERS {
        let told = offered(&line.ends[1].says());
        assert_eq!(told.len(), 1, "one waits for its answer at a time");
        assert_eq!(told[0].size, at as u64);
        order(&mut line, 1, ChannelOrder::Accept(CALL, told[0].number));
        run(&mut line, 1);
    }
    let sent =
        line.ends[0].says().into_iter().filter(|news| matches!(news, ChannelNews::FileEnded(_, _, FileEnd::Sent)));
    assert_eq!(sent.count(), MAX_TRANSFERS);
}

#[test]
fn what_fails_on_the_disk_is_told_in_its_words_and_the_other_one_is_told_too() {
    let mut line = ready(Conditions::of(5));
    order(&mut line, 0, ChannelOrder::Offer(CALL, "nowhere".into()));
    let failed = |key, why: &str| ended(key, FileEnd::Failed(why.to_owned()));
    assert_eq!(line.ends[0].says(), [failed(ours("nowhere"), "There is no such file.")]);
    offer(&mut line, 0, "a", &bytes(1_000_000));
    run(&mut line, 1);
    line.ends[1].disk.full = true;
    order(&mut line, 1, ChannelOrder::Accept(CALL, 1));
    run(&mut line, 3);
    assert_eq!(line.ends[1].says().last(), Some(&failed(FileKey::Theirs(1), "The disk is full.")));
    assert_eq!(line.ends[0].says().last(), Some(&ended(ours("a"), FileEnd::Declined)));
    say(&mut line, 0, "still there?");
    run(&mut line, 1);
    assert_eq!(line.ends[1].says(), [ChannelNews::Said(CALL, Text::line("still there?"))]);
}

#[test]
fn words_are_heard_at_once_beside_a_file_and_a_disk_that_hangs_holds_up_the_file_alone() {
    let mut line = ready(Conditions::of(20).rate(100_000));
    offer(&mut line, 0, "a", &bytes(6_000_000));
    run(&mut line, 1);
    order(&mut line, 1, ChannelOrder::Accept(CALL, 1));
    run(&mut line, 2);
    line.ends[1].says();
    let mut worst = Duration::ZERO;
    for round in 0..20 {
        let began = line.now();
        say(&mut line, 0, &format!("word {round}"));
        run(&mut line, 1);
        let heard = line.ends[1].news.iter().position(|news| matches!(news, ChannelNews::Said(..))).unwrap();
        worst = worst.max(line.ends[1].times[heard] - began);
        line.ends[1].says();
    }
    assert!(worst < Duration::from_millis(200), "{worst:?}");
    // The disk does nothing any more: what was not written yet is bounded.
    line.ends[1].disk.stalls = true;
    run(&mut line, 30);
    let now = line.now();
    let mut waiting = 0;
    while line.ends[1].exchange.job(now).is_some() {
        waiting += 1;
    }
    assert!((1..=MAX_UNWRITTEN).contains(&waiting), "{waiting}");
    say(&mut line, 0, "and still");
    run(&mut line, 1);
    assert_eq!(line.ends[1].says().last(), Some(&ChannelNews::Said(CALL, Text::line("and still"))));
}

#[test]
fn somebody_whose_client_takes_no_news_stays_on_the_line_and_nothing_piles_up() {
    let mut line = ready(Conditions::of(5));
    line.ends[1].listens = false;
    let mut refused = 0;
    for round in 0..3000 {
        say(&mut line, 0, &format!("{round} {}", "x".repeat(500)));
        line.run(line.elapsed() + Duration::from_millis(5), |_, _| false);
        refused += line.ends[0].says().iter().filter(|news| matches!(news, ChannelNews::NotSaid(..))).count();
    }
    assert!(refused > 0, "the sender is held up in the end");
    run(&mut line, 2 * SILENCE.as_secs());
    let now = line.now();
    line.ends[1].listens = true;
    let mut heard = 0;
    while line.ends[1].exchange.news(now).is_some() {
        heard += 1;
    }
    // All at once: what the window of a stream lets through, and no more than was said.
    assert!((MAX_NEWS..=3000 - refused).contains(&heard), "{heard} of {}", 3000 - refused);
    run(&mut line, 5);
    assert_eq!(heard + line.ends[1].says().len(), 3000 - refused, "nothing is lost");
}

#[test]
fn what_was_said_arrives_before_the_channel_is_closed_and_closing_takes_no_longer_than_it_may() {
    let mut line = ready(Conditions::of(100).loss(100));
    for round in 0..20 {
        say(&mut line, 0, &format!("{round}"));
    }
    let began = line.now();
    order(&mut line, 0, ChannelOrder::Close(CALL));
    say(&mut line, 0, "too late");
    line.conditions = [Conditions::of(100); 2];
    line.run(line.elapsed() + Duration::from_secs(10), |ends, _| ends[0].exchange.is_over());
    run(&mut line, 1);
    let told = line.ends[0].says();
    let late = ChannelNews::NotSaid(CALL, Text::line("too late"), SayRefusal::NotReady);
    assert_eq!(told, [late, ChannelNews::Ended(CALL, DirectEnd::Channel(ChannelEnd::Closed))]);
    let heard = line.ends[1].says();
    assert_eq!(heard.len(), 21);
    assert_eq!(heard[20], ChannelNews::Ended(CALL, DirectEnd::Channel(ChannelEnd::ClosedByPeer)));
    assert!(line.ends[1].exchange.has_ended());
    assert!(line.now() - began < Duration::from_secs(5));
    // Where nothing gets through, it is closed all the same.
    let mut line = ready(Conditions::of(5));
    line.conditions = [Conditions::of(5).loss(1000); 2];
    say(&mut line, 0, "into the dark");
    order(&mut line, 0, ChannelOrder::Close(CALL));
    let began = line.now();
    assert!(line.run(line.elapsed() + Duration::from_secs(10), |ends, _| ends[0].exchange.has_ended()));
    assert_eq!(line.now() - began, LAST_WORDS);
}

#[test]
fn silence_ends_the_channel_and_so_does_a_missing_way() {
    let mut line = ready(Conditions::of(5));
    offer(&mut line, 0, "a", &bytes(10));
    run(&mut line, 1);
    forget(&mut line);
    line.conditions = [Conditions::of(5).loss(1000); 2];
    run(&mut line, 2 * SILENCE.as_secs());
    let silent = ChannelNews::Ended(CALL, DirectEnd::Channel(ChannelEnd::Silent));
    assert_eq!(line.ends[0].says(), [ended(ours("a"), FileEnd::Cut), silent.clone()]);
    assert_eq!(line.ends[1].says(), [ended(FileKey::Theirs(1), FileEnd::Cut), silent]);
    assert!(line.ends.iter().all(|end| end.exchange.is_over()));
    // A callee that nobody reaches gives up, and so does whoever has no way.
    let mut line = self::line(Conditions::of(5).loss(1000));
    let now = line.now();
    line.ends[0].exchange.fail(DirectEnd::NoWay("refused".to_owned()), now);
    line.ends[0].exchange.fail(DirectEnd::NoWay("again".to_owned()), now);
    run(&mut line, 2 * SILENCE.as_secs());
    let told = line.ends[0].says();
    assert_eq!(told, [ChannelNews::Ended(CALL, DirectEnd::NoWay("refused".to_owned()))]);
    assert_eq!(line.ends[1].says(), [ChannelNews::Ended(CALL, DirectEnd::Channel(ChannelEnd::Silent))]);
    assert!(line.ends.iter().all(|end| end.exchange.is_over()));
}

#[test]
fn orders_about_another_channel_or_none_change_nothing() {
    let mut line = ready(Conditions::of(5));
    let other = CallId([8; 16]);
    order(&mut line, 0, ChannelOrder::Say(other, Text::line("hi")));
    order(&mut line, 0, ChannelOrder::Offer(other, "a".into()));
    order(&mut line, 0, ChannelOrder::Accept(CALL, 9));
    order(&mut line, 0, ChannelOrder::Decline(CALL, 9));
    order(&mut line, 0, ChannelOrder::Withdraw(CALL, "nothing".into()));
    order(&mut line, 0, ChannelOrder::Camera(other, true));
    order(&mut line, 0, ChannelOrder::Watch(other, 80));
    order(&mut line, 0, ChannelOrder::Close(other));
    run(&mut line, 1);
    assert_eq!(line.ends.each_mut().map(Person::says), [vec![], vec![]]);
    // The largest file that may be offered, by its size alone, is offered; a larger one is not.
    line.ends[0].disk.stalls = true;
    for (path, size, fits) in [("largest", MAX_FILE, true), ("larger", MAX_FILE + 1, false)] {
        order(&mut line, 0, ChannelOrder::Offer(CALL, path.into()));
        let now = line.now();
        let exchange = &mut line.ends[0].exchange;
        let opens = |job: &FileJob| matches!(job.step, JobStep::Open(_));
        let file = std::iter::from_fn(|| exchange.job(now)).find(opens).unwrap().file;
        exchange.done(JobDone { file, outcome: JobOutcome::Opened(size) }, now);
        assert_eq!(exchange.job(now).unwrap().step, JobStep::Digest);
        exchange.done(JobDone { file, outcome: JobOutcome::Digest([1; 32]) }, now);
        line.ends[0].go_on(now);
        run(&mut line, 1);
        assert_eq!(offered(&line.ends[1].says()).len(), usize::from(fits));
        order(&mut line, 1, ChannelOrder::Decline(CALL, 1));
        run(&mut line, 1);
    }
    let told = line.ends[0].says();
    let Some(ChannelNews::FileEnded(_, _, FileEnd::Failed(why))) = told.last() else { panic!("{told:?}") };
    assert!(why.contains("4 GiB"), "{why}");
}

/// One end is a person; the other does as it likes.
enum Odd {
    Person(Box<Person>),
    Rogue(Box<Channel>),
}

impl Odd {
    fn end(&mut self) -> &mut dyn End {
        match self {
            Self::Person(person) => &mut **person,
            Self::Rogue(channel) => &mut **channel,
        }
    }

    fn rogue(&mut self) -> &mut Channel {
        let Self::Rogue(channel) = self else { panic!() };
        channel
    }

    fn person(&mut self) -> &mut Person {
        let Self::Person(person) = self else { panic!() };
        person
    }
}

impl End for Odd {
    fn receive(&mut self, packet: &[u8], now: Instant) {
        self.end().receive(packet, now);
    }

    fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.end().transmit(now)
    }

    fn deadline(&mut self) -> Option<Instant> {
        self.end().deadline()
    }

    fn tick(&mut self, now: Instant) {
        self.end().tick(now);
    }
}

/// Offers a file of this size, has it accepted, and sends `bytes` for it: a piece at a time, and then the end or not.
fn rogue(name: &str, size: u64, bytes: &[u8], ends: bool) -> Line<Odd> {
    let keys = [credential(), credential()];
    let mut line = Line::new(3, Conditions::of(5), |now| {
        let person =
            Exchange::new(CALL, Side::Callee, &keys[1], keys[0].fingerprint, [2; 16], Candidates::Others, now).unwrap();
        let rogue = Channel::call(&keys[0], keys[1].fingerprint, now).unwrap();
        [Odd::Rogue(Box::new(rogue)), Odd::Person(Box::new(Person::new(person)))]
    });
    let mut control = None;
    line.run(Duration::from_secs(1), |[rogue, _], _| {
        if control.is_none() && rogue.rogue().shared_secret(b"").is_some() {
            control = rogue.rogue().open(0);
        }
        false
    });
    let mut frames = Vec::new();
    PeerFrame::Hello { version: 1, commitment: commitment(&[7; 16]) }.write(&mut frames);
    PeerFrame::Reveal { nonce: [7; 16] }.write(&mut frames);
    let offer = FileOffer { number: 1, size, digest: digest(bytes), name: name.to_owned() };
    PeerFrame::Offer(offer).write(&mut frames);
    line.ends[0].rogue().write(control.unwrap(), &frames).unwrap();
    line.run(line.elapsed() + Duration::from_secs(1), |_, _| false);
    let now = line.now();
    let person = line.ends[1].person();
    assert_eq!(offered(&person.says()).len(), 1);
    person.exchange.order(ChannelOrder::Accept(CALL, 1), now);
    line.run(line.elapsed() + Duration::from_secs(1), |_, _| false);
    let stream = line.ends[0].rogue().open(0).unwrap();
    for piece in [&[0, 0, 0, 1][..]].into_iter().chain(bytes.chunks(50_000)) {
        // Once it is too much, the stream is given up.
        let taken = line.ends[0].rogue().write(stream, piece);
        assert!(taken.is_none_or(|taken| taken == piece.len()), "{taken:?}");
        line.run(line.elapsed() + Duration::from_secs(1), |_, _| false);
    }
    if ends {
        line.ends[0].rogue().finish(stream);
    }
    line.run(line.elapsed() + Duration::from_secs(1), |_, _| false);
    line
}

#[test]
fn a_peer_that_sends_more_or_less_than_it_offered_gets_nothing_saved_and_one_that_stalls_can_be_stopped() {
    let file = bytes(100_000);
    for (size, sent) in [(99_999, 100_000), (100_001, 100_000), (1, 100_000), (MAX_FILE, 10)] {
        let mut line = rogue("a", size, &file[..sent], true);
        let person = line.ends[1].person();
        let told = person.says();
        assert_eq!(told.last(), Some(&ended(FileKey::Theirs(1), FileEnd::Withdrawn)), "{size}");
        assert!(person.disk.saved.is_empty() && person.disk.open.is_empty());
        assert!(person.disk.parts.values().all(|part| part.len() as u64 <= size));
    }
    let mut line = rogue("a", 200_000, &file, false);
    line.run(line.elapsed() + Duration::from_secs(300), |_, _| false);
    let now = line.now();
    let person = line.ends[1].person();
    assert!(matches!(person.says().last(), Some(ChannelNews::Progress(..))));
    person.exchange.order(ChannelOrder::Decline(CALL, 1), now);
    person.exchange.order(ChannelOrder::Close(CALL), now);
    line.run(line.elapsed() + Duration::from_secs(5), |_, _| false);
    let person = line.ends[1].person();
    assert_eq!(person.says(), [ChannelNews::Ended(CALL, DirectEnd::Channel(ChannelEnd::Closed))]);
    assert!(person.disk.parts.is_empty() && person.disk.open.is_empty());
}

#[test]
fn the_name_of_an_offer_is_harmless_before_anybody_sees_it() {
    for (name, shown) in
        [("../../etc/passwd", "passwd"), ("/", "file"), (".bashrc", "bashrc"), ("a\u{202e}\u{1b}b", "a__b")]
    {
        let keys = rogue(name, 10, &bytes(10), true).ends[1].person().disk.saved.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys, [PathBuf::from(shown)]);
    }
}

#[test]
fn pictures_go_beside_words_and_files_until_the_channel_is_closed() {
    let mut line = ready(Conditions::of(10).rate(200_000));
    let size = PictureSize::new(40, 24).unwrap();
    let mut codecs = [PictureCodec::default(), PictureCodec::default()];
    order(&mut line, 0, ChannelOrder::Camera(CALL, true));
    order(&mut line, 1, ChannelOrder::Watch(CALL, 40));
    offer(&mut line, 0, "a", &bytes(400_000));
    run(&mut line, 1);
    let said = line.ends[1].says();
    assert!(said.contains(&ChannelNews::Camera(CALL, true)), "{said:?}");
    let offers = offered(&said);
    order(&mut line, 1, ChannelOrder::Accept(CALL, offers[0].number));
    let mut shown = 0;
    for number in 0..30 {
        let now = line.now();
        let picture = Arc::new(test_picture(size, number));
        line.ends[0].exchange.with_pictures(now, |pictures| pictures.take_camera(picture, now));
        for _ in 0..13 {
            line.run(line.elapsed() + Duration::from_millis(10), |_, _| false);
            let now = line.now();
            for (end, codec) in line.ends.iter_mut().zip(&mut codecs) {
                while let Some(job) = end.exchange.codec_job(now) {
                    let result = codec.run(job);
                    end.exchange.with_pictures(now, |pictures| pictures.done(result));
                }
            }
            for news in line.ends[1].says() {
                match news {
                    ChannelNews::Picture(_, picture) => shown += usize::from(picture.size() == size),
                    ChannelNews::Camera(..) => panic!("it was told already"),
                    _ => {}
                }
            }
        }
    }
    // The file fills the line at first, and the ladder yields to it.
    assert!(shown >= 8, "{shown} of 30");
    assert!(line.ends[1].disk.parts.values().chain(line.ends[1].disk.saved.values()).any(|file| file.len() > 50_000));
    order(&mut line, 0, ChannelOrder::Close(CALL));
    let now = line.now();
    let sent = line.ends[0].exchange.with_pictures(now, |pictures| pictures.sent());
    assert_eq!(sent, None, "nothing leaves any more");
}
