//! The frames of NATS: those of the server from bytes, those of the client to bytes.
//!
//! A frame is a line, for messages with a body after it. What arrives in pieces is put together: a read may end anywhere.
//!
//! Must not know: sockets, what a message says.

use bytes::{Buf as _, Bytes, BytesMut};

/// The longest line that a server may send, in bytes; INFO, which lists servers, is the longest.
pub const MAX_LINE: usize = 32 * 1024;
/// The largest body that a server may send, headers and message together, in bytes. An entry in the JSON of one answer
/// is a third longer than by itself.
pub const MAX_BODY: usize = 1024 * 1024;

/// What a server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerFrame {
    /// About itself, as JSON.
    Info(Bytes),
    /// A message.
    Message(Delivery),
    /// It wants a PONG.
    Ping,
    /// It answers a PING.
    Pong,
    /// It has taken a frame; it says so if asked to.
    Done,
    /// Something is wrong; often the connection ends.
    Fault(String),
}

/// A message that a server delivers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The subject to which it was published.
    pub subject: String,
    /// The number of the subscription that it is delivered for.
    pub sid: u64,
    /// The headers as they came, with their first line; empty without any.
    pub headers: Bytes,
    /// The message.
    pub payload: Bytes,
}

impl Delivery {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = std::str::from_utf8(&self.headers).ok()?.split("\r\n").skip(1);
        lines
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.trim())
    }

    /// The value of a header that is a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.parse().ok()
    }

    /// The status in the first line of the headers, by which a server answers itself.
    #[must_use]
    pub fn status(&self) -> Option<(u16, &str)> {
        let first = std::str::from_utf8(&self.headers).ok()?.split("\r\n").next()?;
        let rest = first.strip_prefix(VERSION)?.trim();
        let (code, text) = rest.split_once(' ').unwrap_or((rest, ""));
        Some((code.parse().ok()?, text))
    }
}

/// What headers begin with.
const VERSION: &str = "NATS/1.0";

/// Why bytes are no frames of NATS. Nothing after them can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameFault {
    /// A line does not end in time.
    #[error("a line of the NATS server is longer than {MAX_LINE} bytes")]
    LongLine,
    /// A body is too large.
    #[error("a message of the NATS server is larger than {MAX_BODY} bytes")]
    LargeBody,
    /// Anything else.
    #[error("what answers does not speak the protocol of NATS")]
    Malformed,
}

/// Puts frames together from what is read.
#[derive(Debug, Default)]
pub struct FrameReader {
    buffer: BytesMut,
    /// How much of the buffer was searched for the end of a line.
    searched: usize,
    /// The message whose body is awaited, with the length of its headers and of all.
    awaited: Option<(Delivery, usize, usize)>,
}

impl FrameReader {
    /// Takes what was read.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next frame; `None` until more is read.
    ///
    /// # Errors
    /// If there is none, and never will be.
    pub fn read(&mut self) -> Result<Option<ServerFrame>, FrameFault> {
        loop {
            if let Some((mut message, headers, all)) = self.awaited.take() {
                if self.buffer.len() < all.saturating_add(2) {
                    self.awaited = Some((message, headers, all));
                    return Ok(None);
                }
                let mut body = self.buffer.split_to(all).freeze();
                if !self.buffer.starts_with(b"\r\n") {
                    return Err(FrameFault::Malformed);
                }
                self.buffer.advance(2);
                message.headers = body.split_to(headers);
                message.payload = body;
                return Ok(Some(ServerFrame::Message(message)));
            }
            let Some(line) = self.line()? else { return Ok(None) };
            if let Some(frame) = self.begin(&line)? {
                return Ok(Some(frame));
            }
        }
    }

    /// The next line, without its end.
    fn line(&mut self) -> Result<Option<Bytes>, FrameFault> {
        let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
        let Some(end) = memchr::memchr(b'\n', unsearched).map(|at| at.saturating_add(self.searched)) else {
            self.searched = self.buffer.len();
            return if self.searched > MAX_LINE { Err(FrameFault::LongLine) } else { Ok(None) };
        };
        self.searched = 0;
        if end > MAX_LINE {
            return Err(FrameFault::LongLine);
        }
        let mut line = self.buffer.split_to(end.saturating_add(1)).freeze();
        line.truncate(end);
        if line.last() == Some(&b'\r') {
            line.truncate(end.saturating_sub(1));
        }
        Ok(Some(line))
    }

    /// The frame that a line is, or `None` if its body follows.
    fn begin(&mut self, line: &Bytes) -> Result<Option<ServerFrame>, FrameFault> {
        let text = std::str::from_utf8(line).map_err(|_| FrameFault::Malformed)?;
        let (verb, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
        let is = |name: &str| verb.eq_ignore_ascii_case(name);
        let frame = if is("MSG") || is("HMSG") {
            self.awaited = Some(head(rest, is("HMSG"))?);
            return Ok(None);
        } else if is("PING") {
            ServerFrame::Ping
        } else if is("PONG") {
            ServerFrame::Pong
        } else if is("INFO") {
            ServerFrame::Info(Bytes::copy_from_slice(rest.trim().as_bytes()))
        } else if is("+OK") {
            ServerFrame::Done
        } else if is("-ERR") {
            ServerFrame::Fault(rest.trim().trim_matches('\'').to_owned())
        } else {
            return Err(FrameFault::Malformed);
        };
        Ok(Some(frame))
    }
}

/// The head of a message: subject, subscription, perhaps where to answer, perhaps the length of its headers, all lengths.
fn head(rest: &str, with_headers: bool) -> Result<(Delivery, usize, usize), FrameFault> {
    let mut words: Vec<&str> = rest.split_ascii_whitespace().collect();
    let length = |word: Option<&str>| {
        let length = word.filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        // A number with more digits than fit is large, too.
        length.ok_or(FrameFault::Malformed).and_then(|word| word.parse().map_err(|_| FrameFault::LargeBody))
    };
    let all: usize = length(words.pop())?;
    let headers = if with_headers { length(words.pop())? } else { 0 };
    let (Some(subject), Some(sid), 2 | 3) = (words.first(), words.get(1), words.len()) else {
        return Err(FrameFault::Malformed);
    };
    if all > MAX_BODY {
        return Err(FrameFault::LargeBody);
    }
    if headers > all {
        return Err(FrameFault::Malformed);
    }
    let sid = sid.parse().map_err(|_| FrameFault::Malformed)?;
    Ok((Delivery { subject: (*subject).to_owned(), sid, ..Delivery::default() }, headers, all))
}

/// Writes a CONNECT with these options, as JSON.
pub fn connect(out: &mut BytesMut, options: &str) {
    put(out, &[b"CONNECT ", options.as_bytes(), b"\r\n"]);
}

/// Writes a PING.
pub fn ping(out: &mut BytesMut) {
    put(out, &[b"PING\r\n"]);
}

/// Writes a PONG.
pub fn pong(out: &mut BytesMut) {
    put(out, &[b"PONG\r\n"]);
}

/// Writes a SUB: messages to a subject are to be delivered under this number.
pub fn subscribe(out: &mut BytesMut, subject: &str, sid: u64) {
    put(out, &[format!("SUB {subject} {sid}\r\n").as_bytes()]);
}

/// Writes a PUB: a message to a subject, to be answered to another.
pub fn publish(out: &mut BytesMut, subject: &str, answer_to: &str, payload: &[u8]) {
    let line = format!("PUB {subject} {answer_to} {}\r\n", payload.len());
    put(out, &[line.as_bytes(), payload, b"\r\n"]);
}

/// Writes an HPUB: as [`publish`], with a header.
pub fn publish_with(out: &mut BytesMut, subject: &str, answer_to: &str, header: (&str, &str), payload: &[u8]) {
    let headers = format!("{VERSION}\r\n{}: {}\r\n\r\n", header.0, header.1);
    let all = headers.len().saturating_add(payload.len());
    let line = format!("HPUB {subject} {answer_to} {} {all}\r\n", headers.len());
    put(out, &[line.as_bytes(), headers.as_bytes(), payload, b"\r\n"]);
}

fn put(out: &mut BytesMut, pieces: &[&[u8]]) {
    out.reserve(pieces.iter().map(|piece| piece.len()).sum());
    for piece in pieces {
        out.extend_from_slice(piece);
    }
}
