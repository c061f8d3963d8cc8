//! What happens to a channel and its streams, as values.
//!
//! Must not know: how it happens.

use quinn_proto::{ConnectionError, StreamId};

/// Why there is no channel. Its `Display` is the end of a sentence.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// TLS cannot use the key.
    #[error("TLS cannot use the key ({0})")]
    Key(#[from] rustls::Error),
    /// The cryptography lacks what QUIC needs, or the system has no randomness.
    #[error("the cryptography cannot be used")]
    Cryptography,
    /// QUIC refuses to begin.
    #[error("QUIC cannot begin ({0})")]
    Begin(#[from] quinn_proto::ConnectError),
}

/// How a channel ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelEnd {
    /// We closed it.
    Closed,
    /// The other side closed it.
    ClosedByPeer,
    /// The other side has another key than the expected one, or says so of ours.
    WrongKey,
    /// Nothing arrived for [`SILENCE`](super::transport::SILENCE).
    Silent,
    /// The other side does not speak the protocol, as the sentence says.
    Fault(String),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelEvent {
    /// Both sides have proved their keys.
    Open,
    /// The other side has opened a stream.
    Stream(ChannelStream),
    /// A stream may have something to read.
    Readable(ChannelStream),
    /// A stream that was full takes more.
    Writable(ChannelStream),
    /// All that was written to a finished stream has arrived.
    Delivered(ChannelStream),
    /// A datagram has arrived.
    Datagram(Vec<u8>),
    /// It is over. Nothing follows.
    End(ChannelEnd),
}

/// A stream, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChannelStream(pub(super) StreamId);

/// What reading brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelRead {
    /// These bytes; never none.
    Bytes(Vec<u8>),
    /// Nothing for now; [`ChannelEvent::Readable`] follows.
    Nothing,
    /// The end: the other side has finished the stream.
    End,
    /// The stream was given up by either side.
    Lost,
}

impl From<ConnectionError> for ChannelEnd {
    fn from(reason: ConnectionError) -> Self {
        match reason {
            ConnectionError::LocallyClosed => Self::Closed,
            ConnectionError::ApplicationClosed(_) => Self::ClosedByPeer,
            ConnectionError::TimedOut => Self::Silent,
            ConnectionError::TransportError(error) if is_about_key(error.code) => Self::WrongKey,
            ConnectionError::ConnectionClosed(close) if is_about_key(close.error_code) => Self::WrongKey,
            other => Self::Fault(other.to_string()),
        }
    }
}

/// Whether an alert of TLS is about a certificate (RFC 8446, section 6.2), as a code of QUIC (RFC 9001, section 4.8).
fn is_about_key(code: quinn_proto::TransportErrorCode) -> bool {
    const ALERT: u64 = 0x100;
    (ALERT + 42..=ALERT + 49).contains(&u64::from(code)) || u64::from(code) == ALERT + 116
}
