//! Connections that send nothing, or a byte a second: they are cut in time and cost little.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::load::{Cost, raise_file_limit};
use super::serving::{Peer, Server};

const SILENT: usize = 1000;
const DRIPPING: usize = 1000;

/// When all must be gone: a name must be given within ten seconds.
const GONE: Duration = Duration::from_secs(12);

/// Whether the server has closed the connection; earlier bytes are skipped.
fn ended(stream: &mut TcpStream) -> bool {
    let mut bytes = [0; 4096];
    loop {
        match stream.read(&mut bytes) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
        }
    }
}

// T11: 1,000 silent connections and 1,000 that send a byte a second are all gone after 12 s, and so are their
// descriptors.
#[test]
fn a_thousand_silent_and_a_thousand_dripping_are_gone_after_twelve_seconds() {
    raise_file_limit();
    let server = Server::start(&[]);
    let mut alice = Peer::join(server.address, "alice");
    let before = Cost::of(server.pid());
    let begun = Instant::now();
    let mut all: Vec<TcpStream> = (0..SILENT + DRIPPING).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    let connected = begun.elapsed();
    all.iter().for_each(|stream| stream.set_nonblocking(true).unwrap());
    alice.ask("alice | alice | echo | served", "served");
    let full = Cost::of(server.pid());
    let mut drips = 0;
    while begun.elapsed() < connected + GONE && !all.is_empty() {
        drips += 1;
        for stream in all.iter_mut().skip(SILENT) {
            // A line that never ends.
            let _ = stream.write(b"x");
        }
        let next = Duration::from_secs(drips);
        std::thread::sleep(next.saturating_sub(begun.elapsed()));
        if begun.elapsed() > Duration::from_secs(9) {
            let left = all.len();
            all.retain_mut(|stream| !ended(stream));
            assert!(left == all.len() || begun.elapsed() > Duration::from_secs(9), "somebody is cut too early");
        }
    }
    let took = begun.elapsed();
    assert!(all.is_empty(), "{} are still there after {took:?}", all.len());
    alice.ask("alice | alice | echo | still served", "still served");
    let start = Instant::now();
    while Cost::of(server.pid()).files > before.files {
        assert!(start.elapsed() < Duration::from_secs(3), "descriptors stay open");
        std::thread::yield_now();
    }
    let after = Cost::of(server.pid());
    println!(
        "2,000 gone after {took:?}; {} bytes each, {:?} of processor time",
        full.memory.saturating_sub(before.memory) / 2000,
        after.time - before.time
    );
    assert!(full.memory.saturating_sub(before.memory) / 2000 <= 16 * 1024);
}

// T4: a verified user gets their name back within a second, while the old connection still seems alive.
#[test]
fn an_owner_gets_the_name_back_within_a_second() {
    use std::io::{BufRead as _, BufReader};
    use std::os::unix::net::UnixStream;
    let folder = super::serving::Folder::new();
    let path = folder.path().join("socket");
    let server = Server::start(&["--listen", &format!("unix:{}", path.display())]);
    let join = |frame: &str| {
        let mut stream = UnixStream::connect(&path).unwrap();
        stream.set_read_timeout(Some(super::serving::PATIENCE)).unwrap();
        stream.write_all(frame.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        lines.next().unwrap().unwrap();
        (stream, lines.next().unwrap().unwrap())
    };
    // It never reads again, as after its cable was pulled.
    let (_old, welcome) = join("x | server | name | somebody-here\n");
    assert!(welcome.contains("connection_confirmation"), "{welcome}");
    for frame in [
        "x | server | name | somebody-here\n",
        "x | server | session | 00112233445566778899aabbccddeeff\nx | server | name | somebody-here\n",
        "x | server | session | 00112233445566778899aabbccddeeff\nx | server | name | somebody-here\n",
        "x | server | take_over | somebody-here\n",
    ] {
        let begun = Instant::now();
        let (_new, welcome) = join(frame);
        let took = begun.elapsed();
        assert!(welcome.contains("connection_confirmation"), "{welcome}");
        println!("the name is back after {took:?}");
        assert!(took <= Duration::from_secs(1), "{took:?}");
    }
    drop(server);
}
