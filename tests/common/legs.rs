//! Legs of calls as clients have them, over every transport; and a relay without a broker, with a socket for each.

use std::io::{BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use async_std::channel::{Receiver, unbounded};
use futures_lite::future::block_on;
use rustls::StreamOwned;
use tr2::net::certificate::{self, Credential};
use tr2::net::socket::Socket;
use tr2::net::tls_config::{Acceptor, Judge, connect};
use tr2::protocol::leg::{LegPacket, LegStream, LegToken, write_on_stream};
use tr2::server::ids::ConnId;
use tr2::server::relay::orders::{RelayNews, RelayOrder};
use tr2::server::relay::{RelayId, RelayRates};
use tr2::server::transport::relay_task::handle::RelayHandle;
use tr2::server::transport::relay_task::ports::PortPlan;
use tr2::server::transport::relay_task::shared::RelaySetup;
use tr2::server::transport::relay_task::shown_leg::ShownLeg;
use tr2::server::transport::relay_task::work::RelayTask;
use tr2::sys::clock::Clock;

/// How long is waited for something that must happen.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub(crate) const HERE_6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// What a stream is carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    Tcp,
    Unix,
    Tls,
}

/// Both directions of a stream of any kind.
pub(crate) trait Both: Read + Write + Send {}

impl<T: Read + Write + Send> Both for T {}

/// A packet of a channel: its first byte says so, the rest is anything.
pub(crate) fn packet(number: u64, size: usize) -> Vec<u8> {
    let mut packet: Vec<u8> = (0..size.max(9)).map(|at| (number.wrapping_mul(31) + at as u64) as u8).collect();
    packet[0] = 0x40;
    packet[1..9].copy_from_slice(&number.to_be_bytes());
    packet
}

/// The number of a packet.
pub(crate) fn number(packet: &[u8]) -> u64 {
    u64::from_be_bytes(packet[1..9].try_into().unwrap())
}

/// The tokens of a call's legs.
pub(crate) fn tokens(call: u64) -> [LegToken; 2] {
    [0, 1].map(|side| {
        let mut token = [side; 16];
        token[..8].copy_from_slice(&call.to_be_bytes());
        LegToken(token)
    })
}

/// A leg over a stream.
pub(crate) struct StreamLeg {
    stream: BufReader<Box<dyn Both>>,
    cutter: LegStream,
}

impl StreamLeg {
    pub(crate) fn over(stream: Box<dyn Both>) -> Self {
        Self { stream: BufReader::new(stream), cutter: LegStream::default() }
    }

    /// Writes bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.get_mut().write_all(bytes)?;
        self.stream.get_mut().flush()
    }

    pub(crate) fn send(&mut self, packet: &[u8]) {
        let mut bytes = Vec::new();
        write_on_stream(packet, &mut bytes);
        self.write(&bytes).unwrap();
    }

    /// The next line, before packets come.
    pub(crate) fn line(&mut self) -> String {
        let mut line = Vec::new();
        let mut byte = [0];
        while self.stream.read(&mut byte).unwrap_or(0) == 1 && byte != *b"\n" {
            line.push(byte[0]);
        }
        String::from_utf8(line).unwrap()
    }

    /// The next packet; `None` at the end.
    pub(crate) fn receive(&mut self) -> Option<Vec<u8>> {
        let mut bytes = [0; 4096];
        loop {
            if let Some(packet) = self.cutter.packet().expect("packets and nothing else") {
                return Some(packet);
            }
            match self.stream.read(&mut bytes) {
                Ok(read @ 1..) => self.cutter.feed(&bytes[..read]),
                Ok(0) => return None,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("nothing comes"),
                // A reset is an end too, and so is TLS that is cut.
                Err(_) => return None,
            }
        }
    }
}

/// A leg over UDP.
pub(crate) struct UdpLeg {
    pub(crate) socket: UdpSocket,
    relay: SocketAddr,
}

impl UdpLeg {
    pub(crate) fn new(host: IpAddr, port: u16) -> Self {
        let socket = UdpSocket::bind((host, 0)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { socket, relay: (host, port).into() }
    }

    /// Shows a token and answers the challenge.
    pub(crate) fn bind(self, token: LegToken) -> Self {
        self.send(&LegPacket::Bind(token).write());
        let bytes = self.receive();
        let Some(LegPacket::Challenge(challenge)) = LegPacket::read(&bytes) else { panic!("{bytes:?}") };
        self.send(&LegPacket::Answer(token, challenge).write());
        let bytes = self.receive();
        assert_eq!(LegPacket::read(&bytes), Some(LegPacket::Bound(self.socket.local_addr().unwrap())));
        self
    }

    pub(crate) fn send(&self, bytes: &[u8]) {
        self.socket.send_to(bytes, self.relay).unwrap();
    }

    pub(crate) fn receive(&self) -> Vec<u8> {
        let mut bytes = [0; 2048];
        let (length, from) = self.socket.recv_from(&mut bytes).expect("a packet in time");
        assert_eq!(from, self.relay);
        bytes[..length].to_vec()
    }
}

/// A relay, and what it tells the broker.
pub(crate) struct RelayAlone {
    pub(crate) handle: RelayHandle,
    pub(crate) news: Receiver<RelayNews>,
    pub(crate) port: u16,
    credential: Credential,
    connections: u64,
}

impl RelayAlone {
    pub(crate) fn start(rates: RelayRates, hosts: &[IpAddr]) -> Self {
        Self::with(rates, PortPlan::make(&hosts.iter().map(|&host| (host, 0).into()).collect::<Vec<_>>()))
    }

    pub(crate) fn with(rates: RelayRates, ports: PortPlan) -> Self {
        let (sender, news) = unbounded();
        let port = ports.port();
        Self::of(RelayHandle::start(setup(rates, ports), sender).unwrap(), news, port)
    }

    /// A relay that does nothing by itself: whoever asks for it makes its rounds.
    pub(crate) fn by_hand(rates: RelayRates, hosts: &[IpAddr]) -> (Self, RelayTask) {
        let ports = PortPlan::make(&hosts.iter().map(|&host| (host, 0).into()).collect::<Vec<_>>());
        let (sender, news) = unbounded();
        let port = ports.port();
        let (handle, task) = RelayHandle::prepare(setup(rates, ports), sender).unwrap();
        (Self::of(handle, news, port), task)
    }

    fn of(handle: RelayHandle, news: Receiver<RelayNews>, port: u16) -> Self {
        let key = certificate::make_key().unwrap();
        let credential = certificate::load(&certificate::self_signed(&key, "test").unwrap(), &key).unwrap();
        Self { handle, news, port, credential, connections: 0 }
    }

    /// Relays a call, and waits until it is.
    pub(crate) fn open(&self, call: u64) -> [LegToken; 2] {
        let tokens = tokens(call);
        let relayed = self.handle.report().calls;
        self.handle.order(RelayOrder::Open(RelayId(call), tokens)).unwrap();
        self.until(|relay| relay.handle.report().calls == relayed + 1);
        tokens
    }

    pub(crate) fn close(&self, call: u64) {
        self.handle.order(RelayOrder::Close(RelayId(call))).unwrap();
    }

    /// Waits until something is so.
    pub(crate) fn until(&self, so: impl Fn(&Self) -> bool) {
        let start = std::time::Instant::now();
        while !so(self) {
            assert!(start.elapsed() < PATIENCE, "it does not become so: {:?}", self.handle.report());
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// A connection whose first frame was read, with the bytes after it.
    pub(crate) fn show(&mut self, over: Over, token: LegToken, rest: &[u8]) -> StreamLeg {
        let (leg, is_taken) = self.try_show(over, token, rest);
        assert!(is_taken);
        leg
    }

    /// The same, and whether the relay takes it.
    pub(crate) fn try_show(&mut self, over: Over, token: LegToken, rest: &[u8]) -> (StreamLeg, bool) {
        let (stream, socket) = self.connection(over);
        self.connections += 1;
        let shown = ShownLeg {
            conn: ConnId(self.connections),
            socket,
            token,
            reference: Some("r".to_owned()),
            rest: rest.to_vec(),
        };
        (StreamLeg::over(stream), self.handle.show(shown).is_ok())
    }

    /// A leg that the relay has taken.
    pub(crate) fn leg(&mut self, over: Over, token: LegToken) -> StreamLeg {
        let mut leg = self.show(over, token, &[]);
        assert_eq!(leg.line(), "@ref=r server | client | relay | ready");
        leg
    }

    fn connection(&self, over: Over) -> (Box<dyn Both>, Socket) {
        if over == Over::Unix {
            let (client, server) = UnixStream::pair().unwrap();
            client.set_read_timeout(Some(PATIENCE)).unwrap();
            return (Box::new(client), Socket::new(OwnedFd::from(server)).unwrap());
        }
        let listener = TcpListener::bind((HERE, 0)).unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.set_read_timeout(Some(PATIENCE)).unwrap();
        client.set_nodelay(true).unwrap();
        let server = OwnedFd::from(listener.accept().unwrap().0);
        if over == Over::Tcp {
            return (Box::new(client), Socket::new(server).unwrap());
        }
        let acceptor = Acceptor::new(&self.credential).unwrap();
        let socket = Socket::secure(server, acceptor.accept().unwrap()).unwrap();
        let tls = connect("localhost", &self.credential, Arc::new(Anybody)).unwrap();
        let mut stream = StreamOwned::new(tls, client);
        thread::scope(|scope| {
            let handshake = scope.spawn(|| block_on(socket.handshake()).unwrap());
            stream.conn.complete_io(&mut stream.sock).unwrap();
            handshake.join().unwrap();
        });
        (Box::new(stream), socket)
    }
}

fn setup(rates: RelayRates, ports: PortPlan) -> RelaySetup {
    RelaySetup { rates, secret: [7; 32], clock: Clock::start(), ports }
}

/// Accepts every server.
struct Anybody;

impl Judge for Anybody {
    fn judge(&self, _: tr2::model::Fingerprint, _: &dyn Fn() -> bool) -> bool {
        true
    }
}
