//! Asks whether the servers and the stream are as they should be, and makes the stream.
//!
//! Must not know: what follows from what is found.

use std::time::Duration;

use async_std::io::timeout;
use async_std::task;
use chrono::DateTime;

use super::super::LogPosition;
use super::connection::NatsOptions;
use super::dial::Asker;
use super::findings::{self, LogFinding, MAX_CLOCK_DIFFERENCE};
use super::frames::Delivery;
use super::stream::{self, StreamFault, StreamInfo};
use crate::model::{Timestamp, Url};
use crate::net::late_tls;
use crate::net::socket::READ_SIZE;

/// How long an answer about a stream may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long making a stream may take in all: servers that have just started find each other and elect a leader first, and on
/// a busy machine some of what they are asked meanwhile is never answered.
const FOUNDING: Duration = Duration::from_secs(60);
/// The pause before what failed for now is tried again.
const TRY_PAUSE: Duration = Duration::from_millis(500);
/// How long a monitoring port may take.
const MONITOR_TIMEOUT: Duration = Duration::from_secs(5);
/// The most that is read from a monitoring port.
const MAX_ANSWER: usize = 1024 * 1024;

/// Looks at every server, at the stream, and at the monitoring ports (`http://HOST:PORT`) that are given, at this time of
/// the wall clock. Nothing is found where everything is as it should be.
pub async fn check(options: &NatsOptions, monitors: &[String], wall: impl Fn() -> Timestamp) -> Vec<LogFinding> {
    let mut found = Vec::new();
    let mut stream = None;
    for url in &options.urls {
        match Asker::open(url, &options.access, options.inbox.clone()).await {
            Ok(mut asker) => {
                found.extend(findings::of_server(asker.info()));
                if !matches!(stream, Some(Ok(_))) {
                    stream = Some(look(&mut asker, options).await.map(|info| (info, wall())));
                }
            }
            Err(why) => found.push(LogFinding::Server(why)),
        }
    }
    match stream {
        Some(Ok((info, wall))) => {
            found.extend(findings::of_stream(&options.names, &info));
            found.extend(clock_difference(&info, wall));
        }
        Some(Err(why)) => found.push(LogFinding::Stream { stream: options.names.stream.clone(), why }),
        // The servers were found wanting.
        None => {}
    }
    for monitor in monitors {
        match timeout(MONITOR_TIMEOUT, async { Ok(ask_monitor(monitor).await) }).await {
            Ok(Ok(answer)) => found.extend(findings::of_monitor(monitor, &answer)),
            Ok(Err(why)) => found.push(LogFinding::SyncUnknown { why: format!("{monitor} is not reached: {why}") }),
            Err(_) => found.push(LogFinding::SyncUnknown { why: format!("{monitor} does not answer in time") }),
        }
    }
    if monitors.is_empty() {
        let why = "no address of a monitoring port is given".to_owned();
        found.push(LogFinding::SyncUnknown { why });
    }
    found
}

async fn look(asker: &mut Asker, options: &NatsOptions) -> Result<StreamInfo, String> {
    let answer = asker.ask(&options.names.info(), "", PATIENCE).await?;
    stream::stream_info(&answer).map_err(|fault| fault.to_string())
}

fn clock_difference(info: &StreamInfo, wall: Timestamp) -> Option<LogFinding> {
    let theirs = DateTime::parse_from_rfc3339(info.time.as_deref()?).ok()?.timestamp_millis();
    let seconds = theirs.abs_diff(wall.0) / 1000;
    (seconds > MAX_CLOCK_DIFFERENCE).then_some(LogFinding::Clock { seconds })
}

/// What a monitoring port answers to `/varz`. An error is the end of a sentence.
async fn ask_monitor(address: &str) -> Result<Vec<u8>, String> {
    let place = address.strip_prefix("http://").ok_or("its address does not begin with http://")?;
    let url = format!("tcp://{}", place.trim_end_matches('/')).parse::<Url>().map_err(|error| error.to_string())?;
    let Url::Tcp(host) = url else { return Err("its address does not begin with http://".to_owned()) };
    let socket = late_tls::open(&host).await.map_err(|error| error.to_string())?;
    let request = format!("GET /varz HTTP/1.0\r\nHost: {}\r\n\r\n", host.name);
    socket.write_all(request.as_bytes(), MONITOR_TIMEOUT).await.map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    while answer.len() < MAX_ANSWER {
        let taken = socket.read(READ_SIZE, |bytes| {
            answer.extend_from_slice(bytes);
            bytes.len()
        });
        if taken.await.map_err(|error| error.to_string())? == 0 {
            break;
        }
    }
    let body = memchr::memmem::find(&answer, b"\r\n\r\n").and_then(|at| answer.get(at.saturating_add(4)..));
    Ok(body.unwrap_or_default().to_vec())
}

/// What founding a log has led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Founded {
    /// The stream is new.
    Made,
    /// There was one already, which is as it was.
    WasThere,
}

/// Makes the stream on this many servers; its first entry will be the one after a position. If `anew`, a stream that is there
/// already is deleted, with all that is in it. What fails for now is tried again, for a minute at most.
///
/// # Errors
/// The end of a sentence that says why there is none, or why it is not known.
pub async fn found(options: &NatsOptions, replicas: u64, after: LogPosition, anew: bool) -> Result<Founded, String> {
    let mut asking = PatientAsker::open(options).await?;
    let create = options.names.settings(replicas, after.next().0);
    let made = timeout(FOUNDING, async { Ok(make(&mut asking, &create, anew).await) }).await;
    made.map_err(|_| asking.out_of_patience())?.map_err(|fault| fault.to_string())
}

/// What is known of the stream; `None` if there is none. What fails for now is tried again, for a minute at most.
///
/// # Errors
/// The end of a sentence that says why it is not known whether there is one.
pub async fn find(options: &NatsOptions) -> Result<Option<StreamInfo>, String> {
    let mut asking = PatientAsker::open(options).await?;
    let seen = timeout(FOUNDING, async { Ok(asking.ask(&options.names.info(), "").await) }).await;
    match seen.map_err(|_| asking.out_of_patience())? {
        Ok(answer) => stream::stream_info(&answer).map(Some).map_err(|fault| fault.to_string()),
        Err(StreamFault::NoStream) => Ok(None),
        Err(fault) => Err(fault.to_string()),
    }
}

/// Connects to a server that lets this node in, for the so many-th time: the next server first, and with another inbox, since
/// what was asked before may yet be answered.
async fn reach(options: &NatsOptions, time: usize) -> Result<Asker, String> {
    let inbox = if time == 0 { options.inbox.clone() } else { format!("{}-{time}", options.inbox) };
    let mut why = "no NATS server is given".to_owned();
    for url in options.urls.iter().cycle().skip(time).take(options.urls.len()) {
        match Asker::open(url, &options.access, inbox.clone()).await {
            Ok(asker) => return Ok(asker),
            Err(failure) => why = failure,
        }
    }
    Err(why)
}

/// Asks one thing after another until it is answered for good, of the next server where one fails.
struct PatientAsker<'a> {
    options: &'a NatsOptions,
    asker: Asker,
    /// How often a server failed.
    times: usize,
    /// The last reason why there is no answer.
    why: String,
}

impl<'a> PatientAsker<'a> {
    async fn open(options: &'a NatsOptions) -> Result<Self, String> {
        let asker = reach(options, 0).await?;
        Ok(Self { options, asker, times: 0, why: StreamFault::NoLeader.to_string() })
    }

    /// The answer, or what NATS says is wrong.
    async fn ask(&mut self, subject: &str, request: &str) -> Result<Delivery, StreamFault> {
        loop {
            match self.asker.ask(subject, request, PATIENCE).await {
                Ok(answer) => match stream::done(&answer) {
                    Ok(()) => return Ok(answer),
                    Err(fault @ (StreamFault::NoPeers | StreamFault::NoLeader)) => self.why = fault.to_string(),
                    Err(fault) => return Err(fault),
                },
                // It may be done all the same. Asking again changes nothing then: where the same stream exists, creating it
                // succeeds, and deleting one that is gone fails as if there had been none.
                Err(failure) => {
                    self.why = failure;
                    self.times += 1;
                    match reach(self.options, self.times).await {
                        Ok(other) => self.asker = other,
                        Err(failure) => self.why = failure,
                    }
                }
            }
            task::sleep(TRY_PAUSE).await;
        }
    }

    fn out_of_patience(&self) -> String {
        format!("{} (tried for {} s)", self.why, FOUNDING.as_secs())
    }
}

async fn make(asking: &mut PatientAsker<'_>, create: &str, anew: bool) -> Result<Founded, StreamFault> {
    let names = &asking.options.names;
    match asking.ask(&names.info(), "").await {
        Ok(_) if !anew => return Ok(Founded::WasThere),
        Ok(_) => match asking.ask(&names.delete(), "").await {
            Ok(_) | Err(StreamFault::NoStream) => {}
            Err(fault) => return Err(fault),
        },
        Err(StreamFault::NoStream) => {}
        Err(fault) => return Err(fault),
    }
    asking.ask(&names.create(), create).await.map(|_| Founded::Made)
}
