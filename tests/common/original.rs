//! Small TR2.23 peers, written from the protocol's table: one send is one message, one `recv(1024)` is taken for one.
//!
//! `Original` is a client; `OriginalServer` is a server with the original's faults, for a client to cope with:
//! `OriginalServer::start()` listens at a free port of this machine, and `url()` says where.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// How long a peer waits for something that must arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// The original's client: blocking, unframed.
pub(crate) struct Original {
    stream: TcpStream,
    name: String,
}

impl Original {
    /// Connects, reads the greeting, and gives a name; the answer is the first message.
    pub(crate) fn join(address: SocketAddr, name: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut client = Self { stream, name: name.to_owned() };
        let greeting = client.recv();
        assert!(greeting.starts_with("server | client | name | "), "{greeting:?}");
        client.send("server", "name", name);
        client
    }

    /// Sends one message under its own name.
    pub(crate) fn send(&mut self, destination: &str, operation: &str, data: &str) {
        let name = self.name.clone();
        self.send_as(&name, destination, operation, data);
    }

    /// Sends one message under any name.
    pub(crate) fn send_as(&mut self, sender: &str, destination: &str, operation: &str, data: &str) {
        let message = format!("{sender} | {destination} | {operation} | {data}");
        self.stream.write_all(message.as_bytes()).unwrap();
    }

    /// The next message: what one `recv(1024)` gives; empty at the end.
    pub(crate) fn recv(&mut self) -> String {
        String::from_utf8(self.recv_bytes()).expect("whole characters")
    }

    /// What one `recv(1024)` gives.
    pub(crate) fn recv_bytes(&mut self) -> Vec<u8> {
        let mut buffer = [0; 1024];
        let read = self.stream.read(&mut buffer).expect("a message in time");
        buffer[..read].to_vec()
    }

    /// Sends and returns the answer.
    pub(crate) fn ask(&mut self, destination: &str, operation: &str, data: &str) -> String {
        self.send(destination, operation, data);
        self.recv()
    }
}

/// The original's server, with its faults: it has no framing, believes the sender field, lets anybody close it, cuts
/// data at a bar and drops operation `4`. Unlike the original it goes on accepting after a taken name.
pub(crate) struct OriginalServer {
    address: SocketAddr,
    clients: Arc<Mutex<Vec<(String, TcpStream)>>>,
}

type Clients = Arc<Mutex<Vec<(String, TcpStream)>>>;

impl OriginalServer {
    /// Listens at a free port and serves until it is dropped or closed.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let clients = Clients::default();
        let server = Self { address, clients: Arc::clone(&clients) };
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if Arc::strong_count(&clients) == 1 {
                    return;
                }
                let clients = Arc::clone(&clients);
                thread::spawn(move || serve(stream, &clients));
            }
        });
        server
    }

    /// Where it serves, as `tr2 join --server` takes it.
    pub(crate) fn url(&self) -> String {
        format!("tcp://{}", self.address)
    }

    /// The port alone.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends raw bytes to a client that has a name, as one `send`.
    pub(crate) fn push(&self, name: &str, message: &str) {
        say(&locked(&self.clients), name, message);
    }

    /// Cuts every connection, as a killed server does.
    pub(crate) fn cut(&self) {
        for (_, stream) in locked(&self.clients).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for OriginalServer {
    fn drop(&mut self) {
        self.cut();
    }
}

fn locked(clients: &Clients) -> MutexGuard<'_, Vec<(String, TcpStream)>> {
    clients.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn say(clients: &[(String, TcpStream)], name: &str, message: &str) {
    for (_, stream) in clients.iter().filter(|(known, _)| known == name) {
        let _ = (&mut &*stream).write_all(message.as_bytes());
    }
}

fn serve(mut stream: TcpStream, clients: &Clients) {
    if let Ok(Some(name)) = admit(&mut stream, clients) {
        let _ = relay(&mut stream, &name, clients);
        locked(clients).retain(|(known, _)| *known != name);
    }
    let _ = stream.shutdown(Shutdown::Both);
}

/// One `recv(1024)`; nothing at the end.
fn receive(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut buffer = [0; 1024];
    let read = stream.read(&mut buffer)?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&buffer[..read]).into_owned()))
}

fn admit(stream: &mut TcpStream, clients: &Clients) -> io::Result<Option<String>> {
    stream.write_all(b"server | client | name | no data")?;
    let Some(message) = receive(stream)? else { return Ok(None) };
    let name = message.split(" | ").nth(3).unwrap_or_default().to_owned();
    let mut clients = locked(clients);
    if clients.iter().any(|(known, _)| *known == name) {
        let taken = "This username is already taken. You need to connect again and use another one";
        stream.write_all(format!("server | new_client: {name} | connection_error | {taken}").as_bytes())?;
        return Ok(None);
    }
    let (host, port) = (stream.peer_addr()?.ip(), stream.peer_addr()?.port());
    let welcome = format!("You are now connected to the server in ('{host}', {port})");
    stream.write_all(format!("server | {name} | connection_confirmation | {welcome}").as_bytes())?;
    clients.push((name.clone(), stream.try_clone()?));
    Ok(Some(name))
}

fn relay(stream: &mut TcpStream, me: &str, clients: &Clients) -> io::Result<()> {
    while let Some(message) = receive(stream)? {
        let fields: Vec<&str> = message.split(" | ").collect();
        let [sender, destination, operation, data] = fields[..fields.len().min(4)] else { continue };
        let whole = format!("{sender} | {destination} | {operation} | {data}");
        let clients = locked(clients);
        match operation {
            "echo" => say(&clients, me, &whole),
            "list_clients" => {
                let names: Vec<&str> = clients.iter().map(|(name, _)| name.as_str()).collect();
                say(
                    &clients,
                    me,
                    &format!("server | {sender} | list_clients | clients connected: {}", names.join(" ,")),
                );
            }
            "private_message" if clients.iter().any(|(name, _)| name == destination) => {
                say(&clients, destination, &whole)
            }
            "private_message" => {
                let text = format!("Destination client ({destination}) not found!");
                say(&clients, me, &format!("server | {sender} | private_message | {text}"));
            }
            "broadcast" => clients.iter().for_each(|(name, _)| say(&clients, name, &whole)),
            "broadcast_not_me" => {
                clients.iter().filter(|(name, _)| name != sender).for_each(|(name, _)| say(&clients, name, &whole));
            }
            "4" => {}
            "exit" => {
                say(&clients, me, &format!("server | {sender} | exit | client disconnected"));
                return Ok(());
            }
            "close_server" => {
                let last = "server | all clients | broadcast | server closed";
                clients.iter().for_each(|(name, _)| say(&clients, name, last));
                clients.iter().for_each(|(_, stream)| drop(stream.shutdown(Shutdown::Both)));
                return Ok(());
            }
            _ => say(&clients, me, &format!("server | {sender} | Unknown_operation | Operation not supported!")),
        }
    }
    Ok(())
}
