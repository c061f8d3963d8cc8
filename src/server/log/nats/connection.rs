//! The task behind a handle of a stream: dials, reads, writes, and dials the next server when one is lost.
//!
//! It waits for nobody: a reader of the tail that is slow has entries wait within bounds, and what does not fit is asked
//! for later.
//!
//! Must not know: what frames mean (`core` does).

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use async_io::Timer;
use async_std::channel::{Receiver, Sender, TryRecvError, TrySendError, bounded};
use bytes::{Buf as _, Bytes};
use futures_lite::{FutureExt as _, future};

use super::super::{
    AppendError, AppendId, Log, LogPosition, MAX_ENTRY, MAX_UNDER_WAY, MAX_UNREAD, MAX_UNSENT, Tail, Tailed,
};
use super::core::{LogWish, NatsCore};
use super::dial::{NatsAccess, NatsGreeting, dial};
use super::frames::FrameReader;
use super::login::NatsUrl;
use super::stream::StreamNames;
use crate::net::socket::{READ_SIZE, Socket};
use crate::sys::clock::Clock;

/// The pause after all servers were tried in vain: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(2));
/// The pause after a connection that worked.
const SHORT_PAUSE: Duration = Duration::from_millis(50);
/// [`AppendGauge::newest`] before anything is known.
const UNKNOWN: u64 = u64::MAX;

/// Where a stream is.
#[derive(Clone, Debug)]
pub struct NatsOptions {
    /// Its servers, which are tried in this order.
    pub urls: Vec<NatsUrl>,
    /// Its names.
    pub names: StreamNames,
    /// What the node proves, and whom it believes.
    pub access: NatsAccess,
    /// What the subjects of answers begin with; nobody else may have it.
    pub inbox: String,
}

/// The appender of a stream.
#[derive(Debug)]
pub struct NatsLog {
    wishes: Sender<LogWish>,
    shared: Arc<AppendGauge>,
}

/// What the appender sees of the task.
#[derive(Debug)]
struct AppendGauge {
    appends: AtomicU64,
    under_way: AtomicUsize,
    unsent: AtomicUsize,
    newest: AtomicU64,
}

/// Opens a stream after a position. The log works while the future runs, which ends with the appender, with the reader of
/// the tail, or with the tail.
pub fn open(options: NatsOptions, after: LogPosition) -> (NatsLog, Tail, impl Future<Output = ()> + Send + 'static) {
    let (wishes, wished) = bounded(2 * MAX_UNDER_WAY);
    let (teller, tail) = bounded(MAX_UNREAD);
    let [appends, newest] = [0, UNKNOWN].map(AtomicU64::new);
    let [under_way, unsent] = [0, 0].map(AtomicUsize::new);
    let shared = Arc::new(AppendGauge { appends, under_way, unsent, newest });
    let clock = Clock::start();
    let core = NatsCore::new(clock.elapsed(), options.names.clone(), options.inbox.clone(), after);
    let work = StreamTask { clock, core, wished, teller, shared: Arc::clone(&shared), untold: None, tried: 0, options };
    (NatsLog { wishes, shared }, tail, work.run())
}

impl Log for NatsLog {
    fn append(&self, entry: Bytes) -> Result<AppendId, AppendError> {
        let length = entry.len();
        if length > MAX_ENTRY {
            return Err(AppendError::TooLarge);
        }
        let AppendGauge { appends, under_way, unsent, .. } = &*self.shared;
        let is_full = under_way.fetch_add(1, Ordering::Relaxed) >= MAX_UNDER_WAY
            || unsent.load(Ordering::Relaxed).saturating_add(length) > MAX_UNSENT;
        let sent = if is_full {
            Err(AppendError::Busy)
        } else {
            unsent.fetch_add(length, Ordering::Relaxed);
            let append = AppendId(appends.fetch_add(1, Ordering::Relaxed).saturating_add(1));
            let sent = self.wishes.try_send(LogWish::Append(append, entry));
            sent.map(|()| append).map_err(|error| {
                unsent.fetch_sub(length, Ordering::Relaxed);
                if error.is_full() { AppendError::Busy } else { AppendError::Closed }
            })
        };
        if sent.is_err() {
            under_way.fetch_sub(1, Ordering::Relaxed);
        }
        sent
    }

    fn newest(&self) -> Option<LogPosition> {
        let newest = self.shared.newest.load(Ordering::Relaxed);
        (newest != UNKNOWN).then_some(LogPosition(newest))
    }

    fn keep(&self, from: LogPosition) {
        // It will be said again, further on.
        let _ = self.wishes.try_send(LogWish::Keep(from));
    }
}

type Dialing = Pin<Box<dyn Future<Output = Result<NatsGreeting, String>> + Send>>;

/// The state of the connection.
enum Line {
    /// There is none until this time.
    Pause(Duration),
    Dialing(Dialing),
    Up(Socket, FrameReader),
}

/// What ends a wait.
enum Woke {
    Wished(Option<LogWish>),
    Dialed(Result<Box<NatsGreeting>, String>),
    Read(std::io::Result<usize>),
    Wrote(std::io::Result<usize>),
    /// Whether the tail had room at last for what it had none for.
    Told(bool),
    Time,
}

struct StreamTask {
    clock: Clock,
    core: NatsCore,
    wished: Receiver<LogWish>,
    teller: Sender<Tailed>,
    shared: Arc<AppendGauge>,
    /// What the tail had no room for.
    untold: Option<Tailed>,
    /// How many servers were tried in vain since one worked.
    tried: usize,
    options: NatsOptions,
}

impl StreamTask {
    async fn run(mut self) {
        let mut at = 0;
        let mut line = Line::Pause(Duration::ZERO);
        loop {
            let mut now = self.clock.elapsed();
            for _ in 0..MAX_UNDER_WAY {
                match self.wished.try_recv() {
                    Ok(wish) => self.core.wish(now, wish),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Closed) => return,
                }
            }
            if matches!(line, Line::Pause(until) if now >= until) {
                line = self.dial_next(&mut at);
            }
            let mut failed = self.core.tick(now).err();
            if let (None, Line::Up(socket, _)) = (&failed, &line) {
                failed = write(socket, &mut self.core).err().map(|error| format!("the connection is lost: {error}"));
            }
            if let Some(why) = failed {
                line = self.lose(now, &why);
                // What follows from that is to be told.
                continue;
            }
            if !self.tell() {
                return;
            }
            let woke = self.wait(&mut line).await;
            now = self.clock.elapsed();
            let failed = match woke {
                Woke::Wished(None) => return,
                Woke::Wished(Some(wish)) => {
                    self.core.wish(now, wish);
                    None
                }
                Woke::Dialed(Ok(greeting)) => {
                    let NatsGreeting { socket, reader, options, .. } = *greeting;
                    self.core.begin(now, &options);
                    line = Line::Up(socket, reader);
                    None
                }
                Woke::Dialed(Err(why)) => Some(why),
                Woke::Read(Ok(0)) => Some("the NATS server has closed the connection".to_owned()),
                Woke::Read(Ok(_)) => self.take_frames(now, &mut line).err(),
                Woke::Read(Err(error)) | Woke::Wrote(Err(error)) => Some(format!("the connection is lost: {error}")),
                Woke::Wrote(Ok(written)) => {
                    self.core.out().advance(written);
                    None
                }
                Woke::Told(false) => return,
                Woke::Told(true) => {
                    if self.untold.take().is_some_and(|told| self.has_told(&told)) {
                        return;
                    }
                    None
                }
                Woke::Time => None,
            };
            if let Some(why) = failed {
                line = self.lose(now, &why);
            }
        }
    }

    fn dial_next(&self, at: &mut usize) -> Line {
        // There is always one; without any, nothing is ever reached.
        let Some(url) = self.options.urls.get(*at % self.options.urls.len().max(1)).cloned() else {
            return Line::Pause(Duration::MAX);
        };
        *at = at.wrapping_add(1);
        let access = self.options.access.clone();
        Line::Dialing(Box::pin(async move { dial(&url, &access).await }))
    }

    /// Takes it that a connection is lost, or that none comes about.
    fn lose(&mut self, now: Duration, why: &str) -> Line {
        let worked = self.core.is_up();
        self.core.lost(why);
        self.tried = if worked { 0 } else { self.tried.saturating_add(1) };
        let all = self.options.urls.len().max(1);
        let pause = match self.tried {
            0 => SHORT_PAUSE,
            tried if tried % all != 0 => Duration::ZERO,
            tried => {
                let doubled = 1_u32.checked_shl(u32::try_from(tried / all - 1).unwrap_or(31)).unwrap_or(u32::MAX);
                PAUSES.0.saturating_mul(doubled).min(PAUSES.1)
            }
        };
        Line::Pause(now.saturating_add(pause))
    }

    fn take_frames(&mut self, now: Duration, line: &mut Line) -> Result<(), String> {
        if let Line::Up(_, reader) = line {
            while let Some(frame) = reader.read().map_err(|fault| fault.to_string())? {
                self.core.take(now, frame)?;
            }
        }
        Ok(())
    }

    /// Tells what there is room for; `false` once there is nobody to tell, or nothing more.
    fn tell(&mut self) -> bool {
        let newest = self.core.newest().map_or(UNKNOWN, |newest| newest.0);
        self.shared.newest.store(newest, Ordering::Relaxed);
        self.shared.unsent.fetch_sub(self.core.take_released(), Ordering::Relaxed);
        while let Some(tailed) = self.untold.take().or_else(|| self.core.pop()) {
            if matches!(tailed, Tailed::Ended(_)) && !self.teller.is_full() {
                // Whoever reads of the end finds that nothing more is taken.
                self.wished.close();
            }
            match self.teller.try_send(tailed.clone()) {
                Ok(()) if self.has_told(&tailed) => return false,
                Ok(()) => {}
                Err(TrySendError::Full(_)) => {
                    self.untold = Some(tailed);
                    return true;
                }
                Err(TrySendError::Closed(_)) => return false,
            }
        }
        true
    }

    /// Counts what was told; `true` if it was the last.
    fn has_told(&self, tailed: &Tailed) -> bool {
        if matches!(tailed, Tailed::Taken { .. } | Tailed::NotTaken { .. }) {
            self.shared.under_way.fetch_sub(1, Ordering::Relaxed);
        }
        matches!(tailed, Tailed::Ended(_))
    }

    async fn wait(&mut self, line: &mut Line) -> Woke {
        let wished = async { Woke::Wished(self.wished.recv().await.ok()) };
        let told = async {
            match &self.untold {
                None => future::pending().await,
                Some(untold) => Woke::Told(self.teller.send(untold.clone()).await.is_ok()),
            }
        };
        let pause = if let Line::Pause(until) = line { Some(*until) } else { None };
        let wake_at = [pause, self.core.wake_at()].into_iter().flatten().min();
        let now = self.clock.elapsed();
        let time = async {
            match wake_at {
                Some(at) => drop(Timer::after(at.saturating_sub(now)).await),
                None => future::pending().await,
            }
            Woke::Time
        };
        let out = self.core.out();
        let on_line = async {
            match line {
                Line::Pause(_) => future::pending().await,
                Line::Dialing(dialing) => Woke::Dialed(dialing.await.map(Box::new)),
                Line::Up(socket, reader) => {
                    let read = async {
                        let take = |bytes: &[u8]| {
                            reader.push(bytes);
                            bytes.len()
                        };
                        Woke::Read(socket.read(READ_SIZE, take).await)
                    };
                    let write = async {
                        if out.is_empty() && !socket.has_unflushed() {
                            future::pending::<()>().await;
                        }
                        Woke::Wrote(socket.write_some(out).await)
                    };
                    read.or(write).await
                }
            }
        };
        on_line.or(wished).or(told).or(time).await
    }
}

/// Writes what the kernel takes now.
fn write(socket: &Socket, core: &mut NatsCore) -> std::io::Result<()> {
    let out = core.out();
    while !out.is_empty() {
        match socket.try_write(out) {
            Ok(written) => out.advance(written),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
