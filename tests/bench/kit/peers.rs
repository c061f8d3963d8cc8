//! Other servers that do the same work, where they are installed: started in a folder of their own, with whatever slows
//! people down turned off.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::dialect::Dialect;
use super::machine;
use super::serving::{Folder, PATIENCE};

#[derive(Debug, PartialEq, Eq)]
pub struct Peer {
    pub name: &'static str,
    pub dialect: Dialect,
    /// People who may be on their way in at a time.
    pub at_once: usize,
    /// Behind the program; `FILE` stands for its configuration.
    words: &'static [&'static str],
    /// `PORT` stands for the port, `DIR` for its folder.
    config: &'static str,
}

pub const ALL: [Peer; 4] = [
    Peer {
        name: "ngircd",
        dialect: Dialect::Irc,
        // Its queue of those who connect is short.
        at_once: 8,
        words: &["-n", "-f", "FILE"],
        config: "[Global]\nName = bench.local\nInfo = bench\nListen = 127.0.0.1\nPorts = PORT\nMotdPhrase = hello\n\
            [Limits]\nMaxConnections = 0\nMaxConnectionsIP = 0\nMaxJoins = 0\nMaxPenaltyTime = 0\nPingTimeout = 3600\n\
            [Options]\nDNS = no\nIdent = no\nPAM = no\nIncludeDir = DIR\n",
    },
    Peer {
        name: "inspircd",
        dialect: Dialect::Irc,
        // It looks once a second at who is there.
        at_once: 500,
        words: &["--nofork", "--nolog", "--nopid", "--runasroot", "--config", "FILE"],
        config: "<server name=\"bench.local\" description=\"bench\" id=\"1AA\" network=\"bench\">\n\
            <admin name=\"bench\" nick=\"bench\" email=\"bench@bench.local\">\n\
            <bind address=\"127.0.0.1\" port=\"PORT\" type=\"clients\">\n\
            <connect allow=\"*\" timeout=\"60\" pingfreq=\"3600\" fakelag=\"no\" commandrate=\"1000000000\" \
            threshold=\"1000000\" recvq=\"10M\" softsendq=\"100M\" hardsendq=\"100M\" localmax=\"20000\" \
            globalmax=\"20000\" maxconnwarn=\"no\" resolvehostnames=\"no\" useident=\"no\">\n\
            <performance somaxconn=\"4096\" softlimit=\"20000\">\n",
    },
    Peer {
        name: "nats-server",
        dialect: Dialect::Nats,
        at_once: 64,
        words: &["-c", "FILE"],
        config: "listen: \"127.0.0.1:PORT\"\nmax_connections: 65536\nmax_pending: 256MB\nping_interval: \"1h\"\n\
            logfile: \"DIR/log\"\n",
    },
    Peer {
        name: "mosquitto",
        dialect: Dialect::Mqtt,
        at_once: 64,
        words: &["-c", "FILE"],
        config: "listener PORT 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_queued_messages 0\n\
            max_connections -1\nlog_dest none\nuser root\n",
    },
];

impl Peer {
    fn program(&self) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
        folders.map(|folder| folder.join(self.name)).find(|program| program.is_file())
    }
}

/// Those that are installed; none where it shall only be seen that everything runs.
pub fn installed() -> Vec<&'static Peer> {
    static PEERS: [Peer; 4] = ALL;
    let there = |peer: &&Peer| !machine::quick() && peer.program().is_some();
    PEERS.iter().filter(there).collect()
}

/// Those that are not.
pub fn missing() -> Vec<&'static str> {
    ALL.iter().filter(|peer| peer.program().is_none()).map(|peer| peer.name).collect()
}

/// Starts one and waits until it can be connected to.
pub fn start(peer: &Peer) -> (Child, u16, Folder) {
    let folder = Folder::below(&machine::disk());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let file = folder.path().join("conf");
    let dir = folder.path().to_str().unwrap();
    std::fs::write(&file, peer.config.replace("PORT", &port.to_string()).replace("DIR", dir)).unwrap();
    let words = peer.words.iter().map(|word| if *word == "FILE" { file.as_path() } else { Path::new(word) });
    let mut command = Command::new(peer.program().unwrap());
    command.args(words).current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().unwrap();
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < PATIENCE, "{} does not start", peer.name);
        std::thread::sleep(Duration::from_millis(10));
    }
    (child, port, folder)
}
