//! One end of a connection to NATS as a state machine: what comes in and what time it is leads to bytes that go out and
//! to what the tail says.
//!
//! Must not know: sockets, tasks, clocks, which server is on the other side.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::super::{AppendId, LogPosition, Tailed};
use super::appends::{AppendReport, Appends};
use super::follow::{BATCH, BATCH_BYTES, Fetch, FetchEnd, Follow};
use super::frames::{self, Delivery, ServerFrame};
use super::pulse::Pulse;
use super::server_info::ServerInfo;
use super::stream::{self, EXPECTED_STREAM, Fetched, SEQUENCE, StreamFault, StreamNames};

/// How long a server may take to let a client in.
pub const LOGIN_DEADLINE: Duration = Duration::from_secs(2);
/// Appends wait once so many bytes are to be written.
pub const MAX_OUT: usize = 1024 * 1024;

/// The numbers of the two subscriptions.
const ANSWERS: u64 = 1;
const LIVE: u64 = 2;

/// What the appender wants.
#[derive(Clone, Debug)]
pub enum LogWish {
    /// That an entry is appended.
    Append(AppendId, Bytes),
    /// That what is before an entry may go.
    Keep(LogPosition),
}

/// One handle of a stream.
#[derive(Debug)]
pub struct NatsCore {
    names: StreamNames,
    /// What the subjects of answers begin with.
    inbox: String,
    phase: LinkPhase,
    follow: Follow,
    appends: Appends,
    pulse: Pulse,
    out: BytesMut,
    /// The number of the last request other than appends; an answer to another comes too late.
    asked: u64,
    /// The number of the last request for the state of the stream, and the last entry in order when it was sent.
    looking: (u64, LogPosition),
    fetching: u64,
    keep: Option<LogPosition>,
    news: VecDeque<Tailed>,
    /// The last word on whether the log is heard, if it is not told yet.
    heard: Option<Tailed>,
    has_ended: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LinkPhase {
    Down,
    /// Awaits to be let in, until this time.
    Joining(Duration),
    Up,
}

impl NatsCore {
    /// Follows the stream with these names after a position. Nobody else may have this inbox.
    #[must_use]
    pub fn new(now: Duration, names: StreamNames, inbox: String, after: LogPosition) -> Self {
        Self {
            names,
            inbox,
            phase: LinkPhase::Down,
            follow: Follow::after(after),
            appends: Appends::default(),
            pulse: Pulse::start(now),
            out: BytesMut::new(),
            asked: 0,
            looking: (0, LogPosition::START),
            fetching: 0,
            keep: None,
            news: VecDeque::new(),
            heard: None,
            has_ended: false,
        }
    }

    /// A connection begins; these are the options of CONNECT.
    pub fn begin(&mut self, now: Duration, options: &str) {
        self.out.clear();
        frames::connect(&mut self.out, options);
        frames::subscribe(&mut self.out, &format!("{}.*", self.inbox), ANSWERS);
        frames::subscribe(&mut self.out, &self.names.live, LIVE);
        frames::ping(&mut self.out);
        self.phase = LinkPhase::Joining(now.saturating_add(LOGIN_DEADLINE));
        self.pulse.connected(now);
    }

    /// The connection is lost, or none comes about, for this reason.
    pub fn lost(&mut self, why: &str) {
        self.phase = LinkPhase::Down;
        self.out.clear();
        self.appends.lost(why);
        self.follow.lost();
        self.pulse.explain(why);
    }

    /// What the appender wants.
    pub fn wish(&mut self, now: Duration, wish: LogWish) {
        match wish {
            LogWish::Append(append, entry) => self.appends.begin(now, append, entry),
            LogWish::Keep(from) => self.keep = self.keep.max(Some(from)),
        }
    }

    /// Takes a frame.
    ///
    /// # Errors
    /// Why the connection is of no use; the end of a sentence.
    pub fn take(&mut self, now: Duration, frame: ServerFrame) -> Result<(), String> {
        self.pulse.line_heard(now);
        match frame {
            ServerFrame::Message(message) => self.deliver(now, &message),
            ServerFrame::Ping => frames::pong(&mut self.out),
            ServerFrame::Pong => {
                if matches!(self.phase, LinkPhase::Joining(_)) {
                    self.phase = LinkPhase::Up;
                }
            }
            ServerFrame::Info(info) => {
                if ServerInfo::parse(&info).is_some_and(|info| info.leaving) {
                    return Err("the NATS server is about to end".to_owned());
                }
            }
            ServerFrame::Done => {}
            ServerFrame::Fault(fault) => {
                let fault: String = fault.chars().filter(|c| !c.is_control()).take(200).collect();
                let why = format!("the NATS server says: {fault}");
                // Only this one leaves the connection open.
                if !fault.to_ascii_lowercase().starts_with("permissions violation") {
                    return Err(why);
                }
                self.pulse.explain(&why);
            }
        }
        Ok(())
    }

    fn deliver(&mut self, now: Duration, message: &Delivery) {
        if message.sid == LIVE {
            let is_ours = message.header("Nats-Stream") == Some(&self.names.stream);
            if let Some(place) = message.number(SEQUENCE).filter(|_| is_ours) {
                self.follow.live(place, message.payload.clone());
                if self.follow.is_verified() {
                    self.pulse.log_heard(now);
                }
            }
            return;
        }
        let Some((kind, number)) = token(&message.subject, &self.inbox) else { return };
        match kind {
            'a' => self.append_answered(now, AppendId(number), message),
            'l' if number == self.looking.0 => self.looked(now, message),
            'f' if number == self.fetching => match stream::batch_answer(message) {
                Fetched::Entry(place, bytes) => self.follow.fetched(now, place, bytes),
                Fetched::Done(None) => self.follow.fetched_all(now, FetchEnd::Done),
                Fetched::Done(Some(fault)) => self.fetch_failed(now, &fault),
            },
            'o' if number == self.fetching => match stream::one_answer(message) {
                Ok((place, bytes)) => {
                    self.follow.fetched(now, place, bytes);
                    self.follow.fetched_all(now, FetchEnd::Done);
                }
                Err(StreamFault::NoMessage) => self.follow.fetched_all(now, FetchEnd::Missing),
                Err(fault) => self.fetch_failed(now, &fault),
            },
            // Too late, or the answer to a wish that need not come true.
            _ => {}
        }
    }

    fn fetch_failed(&mut self, now: Duration, fault: &StreamFault) {
        self.pulse.explain(&fault.to_string());
        self.follow.fetched_all(now, FetchEnd::Failed);
    }

    fn append_answered(&mut self, now: Duration, append: AppendId, message: &Delivery) {
        match stream::append_answer(message, &self.names) {
            Ok(place) => {
                if let Some(tailed) = self.appends.taken(append, LogPosition(place)) {
                    self.follow.confirmed(now, place, tailed);
                    self.pulse.log_heard(now);
                }
            }
            Err(fault) => {
                let why = fault.to_string();
                self.pulse.explain(&why);
                self.appends.refuse(append, why);
            }
        }
    }

    fn looked(&mut self, now: Duration, message: &Delivery) {
        self.pulse.look_ends();
        match stream::stream_info(message) {
            Ok(info) => {
                self.follow.looked(now, self.looking.1, (&info.created, info.first, info.last));
                if self.follow.is_verified() {
                    self.pulse.log_heard(now);
                }
            }
            Err(fault) => {
                if fault == StreamFault::NoStream {
                    self.follow.is_missing(now);
                }
                self.pulse.explain(&fault.to_string());
            }
        }
        if let Some(doubt) = self.follow.doubt() {
            self.pulse.explain(&doubt.as_doubt());
        }
    }

    /// Does what is due.
    ///
    /// # Errors
    /// Why the connection is of no use; the end of a sentence.
    pub fn tick(&mut self, now: Duration) -> Result<(), String> {
        self.appends.tick(now);
        let alive = self.work(now);
        self.tell(now);
        alive
    }

    fn work(&mut self, now: Duration) -> Result<(), String> {
        match self.phase {
            LinkPhase::Down => return Ok(()),
            LinkPhase::Joining(deadline) if now < deadline => return Ok(()),
            LinkPhase::Joining(_) => return Err("the NATS server does not answer".to_owned()),
            LinkPhase::Up => {}
        }
        if self.pulse.is_cut(now) {
            return Err("the NATS server does not answer any more".to_owned());
        }
        if self.pulse.is_deaf(now) {
            return Err(self.pulse.why().to_owned());
        }
        if self.pulse.takes_ping(now) {
            frames::ping(&mut self.out);
        }
        let at_once = self.follow.takes_look();
        if self.pulse.takes_look(now, at_once) {
            self.looking = (self.ask('l', &self.names.info(), ""), self.follow.tailed());
        }
        if self.follow.is_verified() {
            self.send_wishes();
        }
        match self.follow.take_fetch(now) {
            Some(Fetch::From(from)) => {
                let request = stream::batch_request(from, BATCH, BATCH_BYTES);
                self.fetching = self.ask('f', &self.names.direct(), &request);
            }
            Some(Fetch::One(place)) => {
                self.fetching = self.ask('o', &self.names.from_leader(), &stream::one_request(place));
            }
            None => {}
        }
        Ok(())
    }

    fn send_wishes(&mut self) {
        if let Some(from) = self.keep.take() {
            self.ask('k', &self.names.purge(), &stream::one_request(from.0));
        }
        while self.out.len() < MAX_OUT {
            let Some((append, entry)) = self.appends.take_next(self.follow.tailed()) else { break };
            let answer_to = format!("{}.a{}", self.inbox, append.0);
            let header = (EXPECTED_STREAM, &*self.names.stream);
            frames::publish_with(&mut self.out, &self.names.appends, &answer_to, header, &entry);
        }
    }

    /// Sends a request; its answers have the number that is returned.
    fn ask(&mut self, kind: char, subject: &str, request: &str) -> u64 {
        self.asked = self.asked.wrapping_add(1);
        let answer_to = format!("{}.{kind}{}", self.inbox, self.asked);
        frames::publish(&mut self.out, subject, &answer_to, request.as_bytes());
        self.asked
    }

    fn tell(&mut self, now: Duration) {
        while let Some(report) = self.appends.pop() {
            self.news.push_back(match report {
                AppendReport::Taken(append, position) => Tailed::Taken { append, position },
                AppendReport::NotTaken(append, why) => Tailed::NotTaken { append, why },
            });
        }
        let works = self.phase == LinkPhase::Up && self.follow.is_verified();
        match self.pulse.news(now, works) {
            Some(Ok(())) => self.heard = Some(Tailed::Heard),
            Some(Err(why)) => self.heard = Some(Tailed::Silent(why)),
            None => {}
        }
    }

    /// What the tail says next. What was already in order comes before the end.
    pub fn pop(&mut self) -> Option<Tailed> {
        if let Some(news) = self.heard.take().or_else(|| self.news.pop_front()) {
            return Some(news);
        }
        if let Some((position, bytes)) = self.follow.pop() {
            return Some(Tailed::Entry { position, bytes });
        }
        let end = self.follow.ended().filter(|_| !self.has_ended)?;
        self.has_ended = true;
        Some(Tailed::Ended(end))
    }

    /// What is to be written.
    pub fn out(&mut self) -> &mut BytesMut {
        &mut self.out
    }

    /// The newest entry that is known to be in the log.
    #[must_use]
    pub fn newest(&self) -> Option<LogPosition> {
        self.follow.known()
    }

    /// How many bytes of entries have ceased to wait since this was last asked.
    pub fn take_released(&mut self) -> usize {
        self.appends.take_released()
    }

    /// Whether a connection is there and works.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.phase == LinkPhase::Up
    }

    /// When [`NatsCore::tick`] has something to do, unless something else happens before.
    #[must_use]
    pub fn wake_at(&self) -> Option<Duration> {
        let on_line = match self.phase {
            LinkPhase::Down => None,
            LinkPhase::Joining(deadline) => Some(deadline),
            LinkPhase::Up => Some(self.pulse.wake_at()),
        };
        let fetch = self.follow.fetch_at().filter(|_| self.phase == LinkPhase::Up);
        [on_line, fetch, self.appends.wake_at(), self.pulse.silent_at()].into_iter().flatten().min()
    }
}

/// The kind and the number of the request that an answer belongs to.
fn token(subject: &str, inbox: &str) -> Option<(char, u64)> {
    let rest = subject.strip_prefix(inbox)?.strip_prefix('.')?;
    let mut letters = rest.chars();
    let kind = letters.next()?;
    Some((kind, letters.as_str().parse().ok()?))
}
