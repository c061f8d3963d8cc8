//! Why a server was not reached: in words for people, and as a class that decides what to advise.
//!
//! Must not know: how a server is dialed, or what is advised.

use std::error::Error;
use std::fmt;
use std::io;

use crate::language::connecting as say;

/// Why a server was not reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialFailure {
    /// The class of the failure.
    pub fault: DialFault,
    /// The end of a sentence that says why.
    pub why: String,
}

/// The classes of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialFault {
    /// One of the user's own files cannot be used: the server was not asked.
    OwnFile,
    /// The name of the host cannot be resolved.
    Name,
    /// Nobody listens there.
    NotListening,
    /// The user may not use the socket.
    Forbidden,
    /// Nothing came in time.
    TimedOut,
    /// The network has no way there.
    Unreachable,
    /// There is no TLS that both sides accept.
    Tls,
    /// What answers is no tr2 server.
    NotTr2,
    /// Anything else.
    Other,
}

impl DialFailure {
    /// A failure of a class.
    #[must_use]
    pub fn new(fault: DialFault, why: impl Into<String>) -> Self {
        Self { fault, why: why.into() }
    }

    /// The failure that an error is.
    #[must_use]
    pub(crate) fn of(error: &io::Error) -> Self {
        let inner = error.get_ref();
        if let Some(tls) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return Self::new(DialFault::Tls, explain_tls(tls));
        }
        if let Some(FaultyError(failure)) = inner.and_then(|inner| inner.downcast_ref()) {
            return failure.clone();
        }
        let (fault, why) = match error.kind() {
            io::ErrorKind::ConnectionRefused => (DialFault::NotListening, say::not_listening()),
            io::ErrorKind::TimedOut => (DialFault::TimedOut, say::timed_out()),
            // The system says this of a missing socket file.
            io::ErrorKind::NotFound if error.raw_os_error().is_some() => (DialFault::NotListening, say::no_socket()),
            io::ErrorKind::PermissionDenied => (DialFault::Forbidden, say::forbidden()),
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => {
                (DialFault::Unreachable, say::unreachable())
            }
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => (DialFault::Other, say::reset()),
            io::ErrorKind::UnexpectedEof => (DialFault::Tls, say::closed_in_handshake()),
            _ => return Self::new(DialFault::Other, error.to_string()),
        };
        Self::new(fault, why)
    }

    /// The failure as an error.
    #[must_use]
    pub(crate) fn into_error(self) -> io::Error {
        io::Error::other(FaultyError(self))
    }
}

/// An error that knows its class.
#[derive(Debug)]
struct FaultyError(DialFailure);

impl fmt::Display for FaultyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.why)
    }
}

impl Error for FaultyError {}

fn explain_tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidMessage(_) => say::no_tls().to_owned(),
        rustls::Error::PeerIncompatible(_) => say::no_tls_13().to_owned(),
        error => say::tls_failed(error),
    }
}
