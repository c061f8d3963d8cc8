//! Sockets that are watched: everything that comes is read, whenever it came, and so is the end.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::pin::pin;
use std::time::{Duration, Instant};

use async_std::channel::bounded;
use futures_lite::FutureExt as _;
use futures_lite::future::{block_on, poll_once};
use tr2::net::read_watch::{ReadWatch, WatchedSocket};
use tr2::net::socket::{READ_SIZE, Socket};

/// How long is waited for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Both ends of a connection.
trait Pair: Sized + std::io::Write + Into<OwnedFd> {
    fn pair() -> (Self, Self);
}

impl Pair for UnixStream {
    fn pair() -> (Self, Self) {
        Self::pair().unwrap()
    }
}

impl Pair for TcpStream {
    fn pair() -> (Self, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = Self::connect(listener.local_addr().unwrap()).unwrap();
        (near, listener.accept().unwrap().0)
    }
}

/// Does something while the watch runs on another thread, so that nothing but the watch wakes what waits to read.
fn watched<T>(watch: &ReadWatch, work: impl Future<Output = T>) -> T {
    let (ended, end) = bounded::<()>(1);
    let watch = watch.clone();
    let thread = std::thread::spawn(move || {
        block_on(watch.run().or(async { assert!(end.recv().await.is_err(), "nothing is sent") }))
    });
    let start = Instant::now();
    let late = async {
        async_io::Timer::after(PATIENCE).await;
        panic!("nothing came");
    };
    let done = block_on(work.or(late));
    // The timer is a wake-up too, after which a read finds what it was not woken for.
    assert!(start.elapsed() < PATIENCE, "it was not woken");
    drop(ended);
    thread.join().unwrap();
    done
}

fn enter(watch: &ReadWatch, stream: impl Into<OwnedFd>) -> WatchedSocket {
    watch.enter(Socket::new(stream.into()).unwrap()).unwrap()
}

async fn read(socket: &WatchedSocket, most: usize) -> Vec<u8> {
    socket.read(most, <[u8]>::to_vec).await.unwrap()
}

/// Reads until the end.
async fn read_all(socket: &WatchedSocket, most: usize) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let more = read(socket, most).await;
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

fn what_comes_is_read<P: Pair>() {
    let watch = ReadWatch::start().unwrap();
    let (mut far, near) = P::pair();
    far.write_all(b"before").unwrap();
    let socket = enter(&watch, near);
    watched(&watch, async {
        assert_eq!(read(&socket, READ_SIZE).await, b"before");
        for word in ["one", "two", "three"] {
            far.write_all(word.as_bytes()).unwrap();
            assert_eq!(read(&socket, READ_SIZE).await, word.as_bytes());
        }
        // In parts, of which the last one fills the room that there is.
        far.write_all(b"abcdef").unwrap();
        assert_eq!(read(&socket, 4).await, b"abcd");
        assert_eq!(read(&socket, 2).await, b"ef");
        far.write_all(b"after").unwrap();
        assert_eq!(read(&socket, 4).await, b"afte");
        assert_eq!(read(&socket, 4).await, b"r");
    });
}

#[test]
fn what_comes_is_read_whenever_it_came() {
    what_comes_is_read::<UnixStream>();
    what_comes_is_read::<TcpStream>();
}

fn the_end_is_read<P: Pair>() {
    let watch = ReadWatch::start().unwrap();
    // The end comes with the last bytes, which do not fill the room for them.
    let (mut far, near) = P::pair();
    far.write_all(b"the last words").unwrap();
    drop(far);
    let socket = enter(&watch, near);
    assert_eq!(watched(&watch, read_all(&socket, READ_SIZE)), b"the last words");
    assert_eq!(watched(&watch, read_all(&socket, READ_SIZE)), b"", "it stays so");
    // It comes while it is waited for.
    let (far, near) = P::pair();
    let socket = enter(&watch, near);
    watched(&watch, async {
        let mut reading = pin!(read_all(&socket, READ_SIZE));
        assert_eq!(poll_once(&mut reading).await, None);
        drop(far);
        assert_eq!(reading.await, b"");
    });
}

#[test]
fn the_end_is_read_with_the_last_bytes_and_alone() {
    the_end_is_read::<UnixStream>();
    the_end_is_read::<TcpStream>();
}

#[test]
fn whoever_sends_without_a_pause_lets_others_be_read_first() {
    let watch = ReadWatch::start().unwrap();
    let (mut far, near) = UnixStream::pair().unwrap();
    let socket = enter(&watch, near);
    far.write_all(&[b'x'; 1024]).unwrap();
    watched(&watch, async {
        assert_eq!(read(&socket, 512).await.len(), 512);
        let mut next = pin!(read(&socket, 512));
        assert_eq!(poll_once(&mut next).await, None, "the others have their turn");
        assert_eq!(next.await.len(), 512);
    });
}

#[test]
fn a_socket_that_left_is_read_by_others() {
    let watch = ReadWatch::start().unwrap();
    let (mut far, near) = UnixStream::pair().unwrap();
    let socket = Socket::new(near.into()).unwrap();
    drop(watch.enter(socket.clone()).unwrap());
    far.write_all(b"hello").unwrap();
    assert_eq!(watched(&watch, async { socket.read(READ_SIZE, <[u8]>::to_vec).await.unwrap() }), b"hello");
    // Its number is another one's now.
    let (mut far, near) = UnixStream::pair().unwrap();
    let other = enter(&watch, near);
    far.write_all(b"you").unwrap();
    assert_eq!(watched(&watch, read(&other, READ_SIZE)), b"you");
}
