//! The limit: a bare loop that does what the kernel asks for, and nothing that a chat needs beyond it.
//!
//! It reads what came, looks for the ends of lines, and writes to each socket once what a wake-up brought: to everyone
//! else, or as a router to the one that a line names. What a socket does not take waits for it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::net::{SocketFlags, accept_with};

/// Tells the benchmark's own program to be the limit: to tell everyone, or to tell one.
pub const RELAY: &str = "be-the-relay";
pub const ROUTER: &str = "be-the-router";

const READ: usize = 64 * 1024;

/// Whether this process was started to be the limit; it was one for all its life then.
pub fn was_it() -> bool {
    let words: Vec<String> = std::env::args().collect();
    let router = words.iter().any(|word| word == ROUTER);
    if !router && !words.iter().any(|word| word == RELAY) {
        return false;
    }
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("tcp://{};", tcp.local_addr().unwrap());
    let mut listeners = vec![OwnedFd::from(tcp)];
    if let Some(path) = words.iter().find_map(|word| word.strip_prefix("unix:")) {
        listeners.push(UnixListener::bind(path).unwrap().into());
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o666)).unwrap();
        println!("unix:{path};");
    }
    Limit::new(listeners, router).run();
    true
}

struct Limit {
    poll: OwnedFd,
    listeners: Vec<OwnedFd>,
    peers: Vec<Peer>,
    router: bool,
    by_name: HashMap<Vec<u8>, usize>,
    /// The lines that this wake-up brought, and whose they are.
    round: Vec<u8>,
    spoke: Vec<(usize, std::ops::Range<usize>)>,
    /// Those who have something of their own to get.
    addressed: Vec<usize>,
}

struct Peer {
    socket: File,
    named: bool,
    gone: bool,
    /// The line that is not whole yet.
    part: Vec<u8>,
    waiting: Vec<u8>,
    watched: EventFlags,
}

impl Limit {
    fn new(listeners: Vec<OwnedFd>, router: bool) -> Self {
        let poll = epoll::create(CreateFlags::CLOEXEC).unwrap();
        for (at, listener) in listeners.iter().enumerate() {
            rustix::io::ioctl_fionbio(listener, true).unwrap();
            rustix::net::listen(listener, 4096).unwrap();
            epoll::add(&poll, listener, EventData::new_u64(u64::MAX - at as u64), EventFlags::IN).unwrap();
        }
        let (peers, by_name) = (Vec::new(), HashMap::new());
        Self { poll, listeners, peers, router, by_name, round: vec![], spoke: vec![], addressed: vec![] }
    }

    fn run(&mut self) {
        let mut events: Vec<epoll::Event> = Vec::with_capacity(1024);
        let mut buffer = vec![0; READ];
        loop {
            events.clear();
            epoll::wait(&self.poll, rustix::buffer::spare_capacity(&mut events), None).unwrap();
            for event in &events {
                let (flags, token) = (event.flags, event.data.u64());
                if token > u64::MAX - self.listeners.len() as u64 {
                    self.accept(usize::try_from(u64::MAX - token).unwrap());
                    continue;
                }
                let at = usize::try_from(token).unwrap();
                if flags.contains(EventFlags::OUT) {
                    self.peers[at].watched = EventFlags::empty();
                    self.send(at, 0..0);
                }
                if flags.intersects(EventFlags::IN | EventFlags::HUP | EventFlags::ERR) {
                    self.read(at, &mut buffer);
                }
            }
            self.write();
        }
    }

    fn accept(&mut self, listener: usize) {
        while let Ok(socket) = accept_with(&self.listeners[listener], SocketFlags::NONBLOCK | SocketFlags::CLOEXEC) {
            let _ = rustix::net::sockopt::set_tcp_nodelay(&socket, true);
            epoll::add(&self.poll, &socket, EventData::new_u64(self.peers.len() as u64), EventFlags::IN).unwrap();
            let (named, gone, part, waiting, watched) = (false, false, Vec::new(), Vec::new(), EventFlags::IN);
            self.peers.push(Peer { socket: socket.into(), named, gone, part, waiting, watched });
        }
    }

    fn read(&mut self, at: usize, buffer: &mut [u8]) {
        let peer = &mut self.peers[at];
        let read = match (&peer.socket).read(buffer) {
            Ok(read @ 1..) => read,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return,
            _ => {
                epoll::delete(&self.poll, peer.socket.as_fd()).unwrap();
                peer.gone = true;
                return;
            }
        };
        let Some(end) = buffer[..read].iter().rposition(|&byte| byte == b'\n') else {
            peer.part.extend_from_slice(&buffer[..read]);
            return;
        };
        let start = self.round.len();
        self.round.append(&mut peer.part);
        self.round.extend_from_slice(&buffer[..=end]);
        peer.part.extend_from_slice(&buffer[end + 1..read]);
        let lines = start..self.round.len();
        if !peer.named {
            // The first line says only who it is.
            let line = self.round.split_off(start);
            let name = line.split(|&byte| byte == b' ').next().unwrap_or_default();
            peer.named = true;
            peer.waiting.extend_from_slice(b"limit | you | connection_confirmation\n");
            self.by_name.insert(name.to_vec(), at);
            self.addressed.push(at);
        } else if self.router {
            self.route(start);
        } else {
            // One that tells everyone has to look for the lines, even if it does nothing with them.
            std::hint::black_box(self.round[lines.clone()].iter().filter(|&&byte| byte == b'\n').count());
            self.spoke.push((at, lines));
        }
    }

    /// Puts each line from here on where it is to go: its second word that stands between bars.
    fn route(&mut self, start: usize) {
        for line in self.round[start..].split_inclusive(|&byte| byte == b'\n') {
            let to = line.split(|&byte| byte == b'|').nth(1).unwrap_or_default().trim_ascii();
            if let Some(&to) = self.by_name.get(to) {
                self.peers[to].waiting.extend_from_slice(line);
                self.addressed.push(to);
            }
        }
        self.round.truncate(start);
    }

    fn write(&mut self) {
        for at in std::mem::take(&mut self.addressed) {
            self.send(at, 0..0);
        }
        if self.spoke.is_empty() {
            return;
        }
        for at in 0..self.peers.len() {
            if !self.spoke.iter().any(|(speaker, _)| *speaker == at) {
                self.send(at, 0..self.round.len());
                continue;
            }
            for index in 0..self.spoke.len() {
                let (speaker, lines) = &self.spoke[index];
                if *speaker != at {
                    self.peers[at].waiting.extend_from_slice(&self.round[lines.clone()]);
                }
            }
            self.send(at, 0..0);
        }
        self.round.clear();
        self.spoke.clear();
    }

    /// Writes what waits for a peer and then this part of the round, as far as the socket takes it.
    fn send(&mut self, at: usize, part: std::ops::Range<usize>) {
        let (peer, part) = (&mut self.peers[at], &self.round[part]);
        if peer.gone || !peer.named {
            return;
        }
        if peer.watched.contains(EventFlags::OUT) {
            return peer.waiting.extend_from_slice(part);
        }
        if peer.waiting.is_empty() {
            let sent = if part.is_empty() { 0 } else { (&peer.socket).write(part).unwrap_or(0) };
            peer.waiting.extend_from_slice(&part[sent..]);
        } else {
            peer.waiting.extend_from_slice(part);
            let sent = (&peer.socket).write(&peer.waiting).unwrap_or(0);
            peer.waiting.drain(..sent);
        }
        let wanted = if peer.waiting.is_empty() { EventFlags::IN } else { EventFlags::IN | EventFlags::OUT };
        if wanted != peer.watched {
            peer.watched = wanted;
            epoll::modify(&self.poll, peer.socket.as_fd(), EventData::new_u64(at as u64), wanted).unwrap();
        }
    }
}
