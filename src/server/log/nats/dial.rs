//! Connects to a NATS server, up to where frames can be exchanged, and asks one thing after another of it.
//!
//! Must not know: streams, what is asked.

use std::io;
use std::time::Duration;

use async_std::io::timeout;
use bytes::BytesMut;

use super::frames::{self, Delivery, FrameReader, ServerFrame};
use super::login::{NatsCredentials, NatsUrl, connect_options};
use super::server_info::ServerInfo;
use crate::net::dial_failure::DialFailure;
use crate::net::late_tls::{self, Authorities};
use crate::net::socket::{READ_SIZE, Socket};

/// How long a server may take to say what it is.
const GREETING_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a server may take for all until it lets a client in.
const DIAL_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one write may take.
const STALL: Duration = Duration::from_secs(2);

/// What a client proves, and whom it believes.
#[derive(Clone, Debug, Default)]
pub struct NatsAccess {
    /// The key that it logs in with, if any.
    pub credentials: Option<NatsCredentials>,
    /// Who vouches for servers at `tls://`; without any, this machine's authorities.
    pub authorities: Option<Authorities>,
    /// What the server lists the client as.
    pub name: String,
}

/// A connection to a server that has said what it is.
#[derive(Debug)]
pub(super) struct NatsGreeting {
    pub(super) socket: Socket,
    pub(super) reader: FrameReader,
    pub(super) info: ServerInfo,
    /// What to answer it with.
    pub(super) options: String,
}

/// Connects. An error is the end of a sentence.
pub(super) async fn dial(url: &NatsUrl, access: &NatsAccess) -> Result<NatsGreeting, String> {
    let dialed = timeout(DIAL_TIMEOUT, async { Ok(greet(url, access).await) }).await;
    let dialed = dialed.unwrap_or_else(|_| Err("it does not answer in time".to_owned()));
    dialed.map_err(|why| format!("{url} is not reached: {why}"))
}

async fn greet(url: &NatsUrl, access: &NatsAccess) -> Result<NatsGreeting, String> {
    let said = |error: io::Error| DialFailure::of(&error).why;
    let mut socket = late_tls::open(&url.host).await.map_err(said)?;
    let mut reader = FrameReader::default();
    let info = match timeout(GREETING_TIMEOUT, async { Ok(next(&socket, &mut reader).await) }).await.map_err(said)?? {
        ServerFrame::Info(info) => ServerInfo::parse(&info).ok_or_else(not_nats)?,
        ServerFrame::Fault(fault) => return Err(format!("it says: {fault}")),
        ServerFrame::Message(_) | ServerFrame::Ping | ServerFrame::Pong | ServerFrame::Done => return Err(not_nats()),
    };
    if url.tls {
        if !info.tls_available {
            return Err("it has no TLS; its address begins with nats://".to_owned());
        }
        let authorities = access.authorities.clone().map_or_else(Authorities::of_machine, Ok);
        let authorities = authorities.map_err(|error| format!("certificate authorities: {error}"))?;
        socket = late_tls::encrypt(socket, &url.host, &authorities).await.map_err(said)?;
        // Whatever came in the clear after the greeting is not the server's.
        reader = FrameReader::default();
    } else if info.tls_required {
        return Err("it requires TLS; its address begins with tls://".to_owned());
    }
    if let Some(why) = info.unfit() {
        return Err(why);
    }
    let options = connect_options(&info, url, access.credentials.as_ref(), &access.name);
    Ok(NatsGreeting { socket, reader, info, options })
}

fn not_nats() -> String {
    "what answers is no NATS server".to_owned()
}

/// The next frame.
async fn next(socket: &Socket, reader: &mut FrameReader) -> Result<ServerFrame, String> {
    loop {
        if let Some(frame) = reader.read().map_err(|fault| fault.to_string())? {
            return Ok(frame);
        }
        let taken = socket.read(READ_SIZE, |bytes| {
            reader.push(bytes);
            bytes.len()
        });
        if taken.await.map_err(|error| DialFailure::of(&error).why)? == 0 {
            return Err("it has closed the connection".to_owned());
        }
    }
}

/// A connection over which one thing is asked after another.
#[derive(Debug)]
pub(super) struct Asker {
    greeted: NatsGreeting,
    inbox: String,
    asked: u64,
}

impl Asker {
    /// Connects and logs in.
    pub(super) async fn open(url: &NatsUrl, access: &NatsAccess, inbox: String) -> Result<Self, String> {
        let greeted = dial(url, access).await?;
        let mut out = BytesMut::new();
        frames::connect(&mut out, &greeted.options);
        frames::subscribe(&mut out, &format!("{inbox}.*"), 1);
        frames::ping(&mut out);
        let mut asker = Self { greeted, inbox, asked: 0 };
        let let_in = async {
            asker.write(&out).await?;
            loop {
                match next(&asker.greeted.socket, &mut asker.greeted.reader).await? {
                    ServerFrame::Pong => return Ok(()),
                    ServerFrame::Fault(fault) => return Err(format!("it says: {fault}")),
                    ServerFrame::Info(_) | ServerFrame::Message(_) | ServerFrame::Ping | ServerFrame::Done => {}
                }
            }
        };
        let let_in = timeout(GREETING_TIMEOUT, async { Ok(let_in.await) }).await;
        let let_in = let_in.unwrap_or_else(|_| Err("it does not answer in time".to_owned()));
        let_in.map_err(|why: String| format!("{url} does not let this node in: {why}"))?;
        Ok(asker)
    }

    /// What the server says of itself.
    pub(super) fn info(&self) -> &ServerInfo {
        &self.greeted.info
    }

    /// Asks, and waits for the answer. An error is the end of a sentence.
    pub(super) async fn ask(&mut self, subject: &str, request: &str, patience: Duration) -> Result<Delivery, String> {
        self.asked += 1;
        let answer_to = format!("{}.q{}", self.inbox, self.asked);
        let mut out = BytesMut::new();
        frames::publish(&mut out, subject, &answer_to, request.as_bytes());
        let answered = async {
            self.write(&out).await?;
            loop {
                match next(&self.greeted.socket, &mut self.greeted.reader).await? {
                    ServerFrame::Message(message) if message.subject == answer_to => return Ok(message),
                    ServerFrame::Ping => self.write(b"PONG\r\n").await?,
                    ServerFrame::Fault(fault) => return Err(format!("it says: {fault}")),
                    ServerFrame::Info(_) | ServerFrame::Message(_) | ServerFrame::Pong | ServerFrame::Done => {}
                }
            }
        };
        // The server's pings do not lengthen the wait.
        let answered = timeout(patience, async { Ok(answered.await) }).await;
        answered.unwrap_or_else(|_| Err("no answer came in time".to_owned()))
    }

    async fn write(&self, bytes: &[u8]) -> Result<(), String> {
        self.greeted.socket.write_all(bytes, STALL).await.map_err(|error| DialFailure::of(&error).why)
    }
}
