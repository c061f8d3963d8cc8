//! TLS for tests: credentials of every kind, and a line-based client over any transport.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use rustls::{ClientConnection, StreamOwned};
use tr2::model::Fingerprint;
use tr2::net::certificate::{self, Credential};
use tr2::net::tls_config::{Judge, connect};

use super::serving::{PATIENCE, Server};

/// A new key with a self-signed certificate.
pub(crate) fn credential() -> Credential {
    let key = certificate::make_key().unwrap();
    certificate::load(&certificate::self_signed(&key, "test").unwrap(), &key).unwrap()
}

/// Accepts every server.
pub(crate) struct Anybody;

impl Judge for Anybody {
    fn judge(&self, _: Fingerprint, _: &dyn Fn() -> bool) -> bool {
        true
    }
}

/// Something to read from and to write to.
pub(crate) trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

/// A connection to a server, over any transport.
pub(crate) struct Talk(BufReader<Box<dyn Stream>>);

impl Talk {
    pub(crate) fn tcp(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(Box::new(stream)))
    }

    pub(crate) fn unix(path: &str) -> Self {
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(Box::new(stream)))
    }

    pub(crate) fn tls(address: SocketAddr, credential: &Credential) -> Self {
        Self(BufReader::new(Box::new(tls_stream(address, credential))))
    }

    /// Sends bytes: all at once, or each in a write of its own.
    pub(crate) fn send(&mut self, bytes: &[u8], whole: bool) {
        let pieces = if whole { bytes.len() } else { 1 };
        for piece in bytes.chunks(pieces) {
            self.0.get_mut().write_all(piece).unwrap();
            self.0.get_mut().flush().unwrap();
        }
    }

    /// Sends bytes to a peer that may have hung up.
    pub(crate) fn try_send(&mut self, bytes: &[u8]) {
        let _ = self.0.get_mut().write_all(bytes).and_then(|()| self.0.get_mut().flush());
    }

    /// The next line; empty at the end.
    pub(crate) fn hear(&mut self) -> String {
        let mut line = String::new();
        // A peer that hangs up without a TLS close is at its end too.
        let _ = self.0.read_line(&mut line);
        line.trim_end_matches('\n').to_owned()
    }

    pub(crate) fn until(&mut self, words: &str) -> String {
        loop {
            let line = self.hear();
            assert!(!line.is_empty(), "the connection ends before {words:?}");
            if line.contains(words) {
                return line;
            }
        }
    }

    pub(crate) fn ask(&mut self, line: &str, words: &str) -> String {
        self.send(format!("{line}\n").as_bytes(), true);
        self.until(words)
    }

    pub(crate) fn join(mut self, name: &str) -> Self {
        self.ask(&format!("{name} | server | name | {name}"), " | connection_confirmation | ");
        self
    }
}

/// A TLS connection to any server.
pub(crate) fn tls_stream(address: SocketAddr, credential: &Credential) -> StreamOwned<ClientConnection, TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    StreamOwned::new(connect("localhost", credential, Arc::new(Anybody)).unwrap(), stream)
}

/// Where a server listens with TLS, and its key, from what it printed next.
pub(crate) fn tls_of(server: &Server) -> (SocketAddr, Fingerprint) {
    let line = server.printed.recv_timeout(PATIENCE).expect("a line that says where it serves with TLS");
    let address = line.split("tls://").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
    let key = line.rsplit(' ').next().unwrap();
    (address.parse().unwrap(), key.parse().unwrap())
}
