//! The limit: a bare loop that writes each line to every other socket, gathering what one round brought.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use rustix::event::epoll::{self, EventData, EventFlags};

/// Tells the benchmark's own program to be the relay.
pub const ARGUMENT: &str = "be-the-relay";

pub fn run() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    rustix::net::listen(&listener, 4096).unwrap();
    println!("relay at tcp://{};", listener.local_addr().unwrap());
    listener.set_nonblocking(true).unwrap();
    let poll = epoll::create(epoll::CreateFlags::CLOEXEC).unwrap();
    epoll::add(&poll, &listener, EventData::new_u64(u64::MAX), EventFlags::IN).unwrap();
    let mut peers: Vec<TcpStream> = Vec::new();
    let mut waiting: Vec<Vec<u8>> = Vec::new();
    let mut events = Vec::with_capacity(1024);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        events.clear();
        epoll::wait(&poll, rustix::buffer::spare_capacity(&mut events), None).unwrap();
        for event in &events {
            let at = event.data.u64();
            if at == u64::MAX {
                while let Ok((peer, _)) = listener.accept() {
                    peer.set_nonblocking(true).unwrap();
                    peer.set_nodelay(true).unwrap();
                    epoll::add(&poll, &peer, EventData::new_u64(peers.len() as u64), EventFlags::IN).unwrap();
                    peers.push(peer);
                    waiting.push(Vec::new());
                }
                continue;
            }
            let at = usize::try_from(at).unwrap();
            let Ok(read) = peers[at].read(&mut buffer) else { continue };
            if read == 0 {
                epoll::delete(&poll, &peers[at]).unwrap();
                continue;
            }
            // A relay has to look for the lines, even if it does nothing with them.
            let lines = buffer[..read].iter().filter(|&&byte| byte == b'\n').count();
            std::hint::black_box(lines);
            for (other, peer) in peers.iter_mut().enumerate().filter(|(other, _)| *other != at) {
                let sent = if waiting[other].is_empty() { peer.write(&buffer[..read]).unwrap_or(0) } else { 0 };
                if sent < read {
                    waiting[other].extend_from_slice(&buffer[sent..read]);
                }
            }
        }
        for (peer, waiting) in peers.iter_mut().zip(&mut waiting).filter(|(_, waiting)| !waiting.is_empty()) {
            let sent = peer.write(waiting).unwrap_or(0);
            waiting.drain(..sent);
        }
    }
}
