//! A server in a process of its own on a core of its own: ours, the limit, or another that is installed. Ended with its
//! value.

use std::fs::Permissions;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Duration;

use super::dialect::Dialect;
use super::machine::{self, Core};
use super::secure::tls_of;
use super::serving::{self, Folder, PATIENCE, TR2};
use super::{limit, peers};

/// Over what it is come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Tcp,
    Unix,
    Tls,
}

impl Transport {
    pub const ALL: [Self; 3] = [Self::Tcp, Self::Unix, Self::Tls];

    pub fn word(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Unix => "Unix",
            Self::Tls => "TLS",
        }
    }

    /// Why it cannot be measured here, if it cannot.
    pub fn missing(self) -> Option<&'static str> {
        let missing = self == Self::Unix && !machine::root();
        missing.then_some("left out over Unix: one user has eight names there, and only root can be many users")
    }
}

/// Where it listens.
#[derive(Clone, Debug)]
pub enum Place {
    Tcp(SocketAddr),
    Unix(PathBuf),
    Tls(SocketAddr),
}

/// What a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `tr2 serve` with this durability.
    Tr2(&'static str),
    Relay,
    Router,
    Peer(&'static peers::Peer),
}

impl Kind {
    pub fn word(self) -> String {
        match self {
            Self::Tr2(durability) => format!("tr2 {durability}"),
            Self::Relay | Self::Router => "limit".into(),
            Self::Peer(peer) => peer.name.into(),
        }
    }
}

pub struct Server {
    pub kind: Kind,
    pub dialect: Dialect,
    pub place: Place,
    process: Process,
}

enum Process {
    /// One that says where it is, as ours does, with the folder of its socket file.
    Telling(serving::Server, Folder),
    /// With the folder of all that it has.
    Other(Child, Folder),
    /// One that somebody else ends, by its number.
    Borrowed(u32),
}

impl Server {
    pub fn start(kind: Kind, transport: Transport) -> Self {
        Self::with(kind, transport, &[])
    }

    /// With more options, which only ours has.
    pub fn with(kind: Kind, transport: Transport, more: &[&str]) -> Self {
        machine::pin(Core::Server);
        let server = match kind {
            Kind::Tr2(durability) => {
                let options = ["--flood", "off", "--log", "warn", "--durability", durability];
                Self::telling(kind, transport, &[TR2, "serve"], &[options.as_slice(), more].concat())
            }
            Kind::Relay => Self::telling(kind, transport, &[&own(), limit::RELAY], &[]),
            Kind::Router => Self::telling(kind, transport, &[&own(), limit::ROUTER], &[]),
            Kind::Peer(peer) => {
                let (child, port, folder) = peers::start(peer);
                let place = Place::Tcp(SocketAddr::from(([127, 0, 0, 1], port)));
                Self { kind, dialect: peer.dialect, place, process: Process::Other(child, folder) }
            }
        };
        machine::pin(Core::Load);
        server
    }

    fn telling(kind: Kind, transport: Transport, program: &[&str], options: &[&str]) -> Self {
        let folder = Folder::below(&machine::disk());
        // Where other users can come to it.
        let open = Folder::new();
        std::fs::set_permissions(open.path(), Permissions::from_mode(0o755)).unwrap();
        let socket = open.path().join("socket");
        let unix = format!("unix:{}", socket.display());
        let mut command = Command::new(program[0]);
        command.args(&program[1..]);
        let also: &[&str] = match transport {
            Transport::Tcp => &[],
            Transport::Unix => &["--socket-mode", "666", "--listen", &unix],
            Transport::Tls => &["--listen", "tls://127.0.0.1:0"],
        };
        let server = serving::Server::run(command, folder, &[options, also].concat());
        let place = match transport {
            Transport::Tcp => Place::Tcp(server.address),
            Transport::Unix => {
                while !server.printed.recv_timeout(PATIENCE).expect("a line that says where").contains("unix:") {}
                Place::Unix(socket)
            }
            Transport::Tls => Place::Tls(tls_of(&server).0),
        };
        Self { kind, dialect: Dialect::Tr2, place, process: Process::Telling(server, open) }
    }

    /// A node of a cluster, by where clients reach it and the number of its process.
    pub fn node(address: SocketAddr, process: u32) -> Self {
        let (kind, place) = (Kind::Tr2("full"), Place::Tcp(address));
        Self { kind, dialect: Dialect::Tr2, place, process: Process::Borrowed(process) }
    }

    pub fn cpu(&self) -> Duration {
        machine::cpu(self.id())
    }

    pub fn resident(&self) -> u64 {
        machine::resident(self.id())
    }

    fn id(&self) -> u32 {
        match &self.process {
            Process::Telling(server, _) => server.pid().as_raw_nonzero().get().unsigned_abs(),
            Process::Other(child, _) => child.id(),
            Process::Borrowed(process) => *process,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Process::Other(child, _) = &mut self.process {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn own() -> String {
    std::env::current_exe().unwrap().to_str().unwrap().to_owned()
}
