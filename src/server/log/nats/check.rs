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
    let asker = reach(options, 0).await?;
    let mut why = StreamFault::NoLeader.to_string();
    let create = options.names.settings(replicas, after.next().0);
    let made = timeout(FOUNDING, async { Ok(make(asker, options, &create, anew, &mut why).await) }).await;
    made.unwrap_or_else(|_| Err(format!("{why} (tried for {} s)", FOUNDING.as_secs())))
}

/// What is known of the stream; `None` if there is none. What fails for now is tried again, for a minute at most.
///
/// # Errors
/// The end of a sentence that says why it is not known whether there is one.
pub async fn find(options: &NatsOptions) -> Result<Option<StreamInfo>, String> {
    let asker = reach(options, 0).await?;
    let mut why = StreamFault::NoLeader.to_string();
    let seen = timeout(FOUNDING, async { Ok(see(asker, options, &mut why).await) }).await;
    seen.unwrap_or_else(|_| Err(format!("{why} (tried for {} s)", FOUNDING.as_secs())))
}

/// Asks until it is known whether there is a stream; `why` is always the last reason why it is not.
async fn see(mut asker: Asker, options: &NatsOptions, why: &mut String) -> Result<Option<StreamInfo>, String> {
    let mut times = 0;
    loop {
        match asker.ask(&options.names.info(), "", PATIENCE).await {
            Ok(answer) => match stream::stream_info(&answer) {
                Ok(info) => return Ok(Some(info)),
                Err(StreamFault::NoStream) => return Ok(None),
                Err(fault @ (StreamFault::NoPeers | StreamFault::NoLeader)) => *why = fault.to_string(),
                Err(fault) => return Err(fault.to_string()),
            },
            Err(failure) => {
                *why = failure;
                times += 1;
                match reach(options, times).await {
                    Ok(other) => asker = other,
                    Err(failure) => *why = failure,
                }
            }
        }
        task::sleep(TRY_PAUSE).await;
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

/// What is asked next where a stream is made.
#[derive(Clone, Copy)]
enum Founding {
    Whether,
    Delete,
    Create,
}

/// Asks until it is known what became of the stream; `why` is always the last reason why it is not.
async fn make(
    mut asker: Asker,
    options: &NatsOptions,
    create: &str,
    anew: bool,
    why: &mut String,
) -> Result<Founded, String> {
    let names = &options.names;
    let (mut asked, mut times) = (Founding::Whether, 0);
    loop {
        let (subject, request) = match asked {
            Founding::Whether => (names.info(), ""),
            Founding::Delete => (names.delete(), ""),
            Founding::Create => (names.create(), create),
        };
        match asker.ask(&subject, request, PATIENCE).await {
            Ok(answer) => match (asked, stream::done(&answer)) {
                (Founding::Whether, Ok(())) if !anew => return Ok(Founded::WasThere),
                (Founding::Whether, Ok(())) => {
                    asked = Founding::Delete;
                    continue;
                }
                // Deleting may have been asked for twice.
                (Founding::Delete, Ok(())) | (Founding::Whether | Founding::Delete, Err(StreamFault::NoStream)) => {
                    asked = Founding::Create;
                    continue;
                }
                (Founding::Create, Ok(())) => return Ok(Founded::Made),
                (_, Err(fault @ (StreamFault::NoPeers | StreamFault::NoLeader))) => *why = fault.to_string(),
                (_, Err(fault)) => return Err(fault.to_string()),
            },
            // It may be done all the same. Asking again changes nothing then: where the same stream exists, creating it succeeds.
            Err(failure) => {
                *why = failure;
                times += 1;
                match reach(options, times).await {
                    Ok(other) => asker = other,
                    Err(failure) => *why = failure,
                }
            }
        }
        task::sleep(TRY_PAUSE).await;
    }
}
