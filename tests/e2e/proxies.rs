//! Proxies that say whose a connection is: those that are trusted, and nobody else.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use rustls::StreamOwned;
use tr2::net::tls_config::connect;

use crate::proxy::{about, block, header};
use crate::secure::{Anybody, credential, tls_of};
use crate::serving::{Folder, PATIENCE, Peer, Server, TR2};

/// A connection that begins with these bytes.
fn after(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    // A refusal may come before the last byte is sent.
    let _ = stream.write_all(bytes);
    stream
}

/// What comes until these words do; empty if the connection ends before.
fn until(stream: &mut impl std::io::Read, words: &str) -> String {
    let (mut said, mut byte) = (String::new(), [0]);
    while stream.read(&mut byte).unwrap_or(0) == 1 {
        said.push(char::from(byte[0]));
        if said.ends_with(words) {
            return said;
        }
    }
    String::new()
}

/// Joins through a proxy that says that the connection is from `client`; what the server answers.
fn join(address: SocketAddr, client: &str, name: &str) -> (TcpStream, String) {
    let mut stream = after(address, &about(client));
    assert!(until(&mut stream, "TR2.26 ").starts_with("server | client | name | "), "{client}");
    stream.write_all(format!("{name} | server | name | {name}\n").as_bytes()).unwrap();
    until(&mut stream, "\n");
    let answer = until(&mut stream, "\n");
    (stream, answer)
}

#[test]
fn what_a_trusted_proxy_says_counts_for_limits_and_the_log() {
    let server = Server::start(&["--proxy-from", "127.0.0.1", "--max-per-address", "1"]);
    let (_alice, answer) = join(server.address, "203.0.113.5:50000", "alice");
    assert!(answer.contains("| connection_confirmation |") && answer.contains("('203.0.113.5', 50000)"), "{answer}");
    let joined = server.logs("event=joined");
    assert!(joined.contains(" from=tcp://203.0.113.5:50000 name=alice"), "{joined}");
    // The limit for one address is one: it is the client's, not the proxy's.
    let (_bob, answer) = join(server.address, "203.0.113.6:50000", "bob");
    assert!(answer.contains("| connection_confirmation |"), "{answer}");
    let refused = until(&mut after(server.address, &about("203.0.113.5:50001")), "\n");
    assert!(refused.contains("too many connections from your address"), "{refused}");
    let turned_away = server.logs("event=turned_away");
    assert!(turned_away.contains(" from=tcp://203.0.113.5:50001"), "{turned_away}");
}

#[test]
fn the_header_comes_before_tls_in_pieces_and_with_more_than_addresses() {
    let server = Server::start(&["--proxy-from", "127.0.0.0/8", "--listen", "tls://127.0.0.1:0"]);
    let (address, _) = tls_of(&server);
    let (family, more) = block("[2001:db8::7]:443".parse().unwrap(), &[&[0x20, 0x07, 0xd0][..], &[1; 2000]].concat());
    let whole = header(0x21, family, &more);
    let mut stream = after(address, &[]);
    for piece in whole.chunks(7) {
        stream.write_all(piece).unwrap();
    }
    let mut tls = StreamOwned::new(connect("localhost", &credential(), Arc::new(Anybody)).unwrap(), stream);
    tls.write_all(b"alice | server | name | alice\n").unwrap();
    assert!(until(&mut tls, "connection_confirmation").starts_with("server | client | name | TR2.26 "));
    let joined = server.logs("event=joined");
    assert!(joined.contains(" from=tls://[2001:db8::7]:443 name=alice dialect=TR2.26 proof=SHA256:"), "{joined}");
}

#[test]
fn nobody_behind_a_proxy_on_this_machine_is_this_machine() {
    let options = ["--proxy-from", "127.0.0.1", "--trust-names", "--moderator", "boss"];
    let server = Server::start(&options);
    // With a connection of this machine's own this would be the moderator.
    for client in ["203.0.113.5:50000", "127.0.0.1:50000", "[::1]:50000", "[::ffff:127.0.0.1]:50000"] {
        let (_, answer) = join(server.address, client, "boss");
        assert!(answer.contains("| refused | "), "{client}: {answer}");
    }
    let own = Server::start(&options[2..]);
    drop(Peer::join(own.address, "boss"));
    // Loopback addresses of proxies' machines share the limit of any other address.
    let server = Server::start(&["--proxy-from", "127.0.0.1", "--max-connections", "500"]);
    let open: Vec<TcpStream> =
        (0..64).map(|number| after(server.address, &about(&format!("127.0.0.{number}:9")))).collect();
    for mut stream in &open {
        assert!(!until(&mut stream, "TR2.26 ").is_empty());
    }
    let refused = until(&mut after(server.address, &about("[::1]:9")), "\n");
    assert!(refused.contains("too many connections from your address"), "{refused}");
}

#[test]
fn a_connection_without_a_right_header_is_closed_and_logged() {
    let server = Server::start(&["--proxy-from", "127.0.0.1", "--listen", "tls://127.0.0.1:0"]);
    let (tls, _) = tls_of(&server);
    let (_, short) = block("203.0.113.5:7".parse().unwrap(), &[]);
    for address in [server.address, tls] {
        for (bytes, reason) in [
            (b"PROXY TCP4 203.0.113.5 192.0.2.1 50000 1234\r\n".to_vec(), "version 1"),
            (b"alice | server | name | alice\n".to_vec(), "no PROXY protocol header"),
            (header(0x21, 0x00, &[]), "no address of TCP"),
            (header(0x21, 0x31, &[1; 216]), "no address of TCP"),
            (header(0x21, 0x21, &short), "too short"),
            (header(0x21, 0x11, &[1; 2049]), "too long"),
        ] {
            let mut rest = Vec::new();
            let _ = after(address, &bytes).read_to_end(&mut rest);
            assert!(rest.is_empty(), "{reason}: {:?}", String::from_utf8_lossy(&rest));
            let line = server.logs("event=proxy_header_refused");
            assert!(line.contains(reason) && line.contains("level=warn") && line.contains("://127.0.0.1:"), "{line}");
        }
    }
    // Cut within the header: by its end, and by the time.
    let whole = about("203.0.113.5:50000");
    let mut stream = after(server.address, &whole[..20]);
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert!(until(&mut stream, "\n").is_empty());
    assert!(server.logs("event=proxy_header_refused").contains("ended within the header"));
    assert!(until(&mut after(server.address, &whole[..20]), "\n").is_empty());
    assert!(server.logs("event=proxy_header_refused").contains("no whole header within 3 seconds"));
    // The others were not held up, and nobody has joined.
    let (_alice, answer) = join(server.address, "203.0.113.5:50000", "alice");
    assert!(answer.contains("| connection_confirmation |"), "{answer}");
}

#[test]
fn a_proxys_own_check_is_served_and_counts_as_the_proxys() {
    let server = Server::start(&["--proxy-from", "127.0.0.1", "--trust-names", "--moderator", "boss"]);
    let mut check = after(server.address, &header(0x20, 0x00, &[]));
    assert!(until(&mut check, "TR2.26 ").starts_with("server | client | name | "));
    check.write_all(b"boss | server | name | boss\n").unwrap();
    until(&mut check, "\n");
    let answer = until(&mut check, "\n");
    assert!(answer.contains("| refused | "), "{answer}");
}

#[test]
fn a_header_from_anybody_else_is_never_believed() {
    for options in [&["--proxy-from", "192.0.2.1", "--proxy-from", "10.0.0.0/8"][..], &[]] {
        let server = Server::start(&[options, &["--log", "debug"]].concat());
        let mut stream = after(server.address, &about("203.0.113.5:50000"));
        assert!(until(&mut stream, "TR2.26 ").starts_with("server | client | name | "));
        drop(stream);
        loop {
            let line = server.log.recv_timeout(PATIENCE).unwrap();
            assert!(!line.contains("203.0.113.5:50000") && !line.contains("proxy_header"), "{line}");
            if line.contains("event=disconnected") || line.contains("event=left") {
                break;
            }
        }
        drop(Peer::join(server.address, "alice"));
        assert!(server.logs("event=joined").contains(" from=tcp://127.0.0.1:"));
    }
}

#[test]
fn what_names_no_proxy_is_refused_with_what_would() {
    let folder = Folder::new();
    let data = folder.path().display().to_string();
    for (word, said) in [
        ("proxy.example.org", "must be an address or a network, such as 127.0.0.1 or 10.1.2.0/24"),
        ("10.0.0.0/33", "must be an address or a network"),
        ("10.0.0.0/", "must be an address or a network"),
        ("0.0.0.0/0", "would let anybody claim any address"),
        ("::/0", "would let anybody claim any address"),
    ] {
        let words = ["serve", "--check", "--listen", "tcp://127.0.0.1:0", "--data", &data, "--proxy-from", word];
        let output = std::process::Command::new(TR2).args(words).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && told.contains(said), "{word}: {told}");
    }
}
