//! Where a cluster stands: on three machines with a network of their own, where there may be such; else on loopback
//! addresses, where nothing can be cut off.

use std::io;
use std::net::{SocketAddr, TcpStream};

use crate::cluster_nodes::Site;
use crate::machine::{Lan, Machine};

/// Where a cluster stands.
pub(crate) enum Ground {
    /// On machines with a network of their own.
    Lan(Box<Lan<3>>),
    /// On this machine.
    Here([Site; 3]),
}

impl Ground {
    /// Makes machines if there may be such, and says so if not.
    pub(crate) fn make() -> Self {
        match Lan::make() {
            Some(lan) => Self::Lan(Box::new(lan)),
            None => {
                println!("on loopback, where no line can be cut: networks of one's own take root, unshare and ip");
                Self::Here(Site::three_here())
            }
        }
    }

    /// The machines.
    pub(crate) fn sites(&self) -> [Site; 3] {
        match self {
            Self::Lan(lan) => {
                let names = ["a", "b", "c"];
                [0, 1, 2].map(|at| Site {
                    name: names[at],
                    ip: Lan::<3>::address(at),
                    through: lan.machines[at].through(),
                })
            }
            Self::Here(sites) => sites.clone(),
        }
    }

    /// What starts a client where all machines are reached.
    pub(crate) fn clients(&self) -> Vec<String> {
        match self {
            Self::Lan(lan) => lan.hub.through(),
            Self::Here(_) => Vec::new(),
        }
    }

    /// Connects from where the clients are.
    pub(crate) fn connect(&self, address: SocketAddr) -> io::Result<TcpStream> {
        match self {
            Self::Lan(lan) => lan.hub.connect(address),
            Self::Here(_) => TcpStream::connect(address),
        }
    }

    /// Connects on one of the machines.
    pub(crate) fn connect_on(&self, at: usize, address: SocketAddr) -> io::Result<TcpStream> {
        match self {
            Self::Lan(lan) => lan.machines[at].connect(address),
            Self::Here(_) => TcpStream::connect(address),
        }
    }

    /// One of the machines, and the one where the clients are, if lines between them can be cut.
    pub(crate) fn line(&self, at: usize) -> Option<(&Machine, &Machine)> {
        match self {
            Self::Lan(lan) => Some((&lan.machines[at], &lan.hub)),
            Self::Here(_) => None,
        }
    }
}
