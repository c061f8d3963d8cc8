//! The driver: requests and events over a real socket, against a server of a few lines.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use async_std::channel::{Receiver, Sender, bounded, unbounded};
use async_std::task;
use futures_lite::future;
use tr2::client::link::dialer::Dialer;
use tr2::client::link::driver::{DriverOrder, drive};
use tr2::client::link::keyring::Keyring;
use tr2::client::link::own_key::OwnKey;
use tr2::client::msg::Net;
use tr2::client::traffic::Traffic;
use tr2::client::traffic_meter::TrafficMeter;
use tr2::model::{Text, Url};
use tr2::net::dial_failure::{DialFailure, DialFault};
use tr2::protocol::limits::MAX_DATA;
use tr2::protocol::{Command, Dialect, Event, MessageCommand, Request};
use tr2::sys::clock::Clock;

const GREETING: &str = "server | client | name | TR2.26 accepted\n";

/// A server that runs `serve` on the one connection that it accepts.
fn server<T: Send + 'static>(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> (Url, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("tcp://{}", listener.local_addr().unwrap()).parse().unwrap();
    let served = thread::spawn(move || {
        let stream = listener.accept().unwrap().0;
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        serve(stream)
    });
    (url, served)
}

/// Connects and runs `then` with the driver's two channels, until `then` is done and everything is written.
fn talk<T>(url: Url, then: impl AsyncFnOnce(Sender<DriverOrder>, Receiver<Net>) -> T) -> T {
    metered(url, TrafficMeter::new(Clock::start()), then)
}

fn metered<T>(url: Url, meter: TrafficMeter, then: impl AsyncFnOnce(Sender<DriverOrder>, Receiver<Net>) -> T) -> T {
    task::block_on(async {
        let (orders, taken) = bounded(100);
        let (identity, known_servers) = (PathBuf::from("/nowhere/i"), PathBuf::from("/nowhere/k"));
        let dialer = Dialer::new(Keyring { identity: OwnKey::at(identity), known_servers, pin: None });
        let (said, heard) = unbounded();
        orders.send(DriverOrder::Dial(url.into())).await.unwrap();
        let said = &said;
        // The test may be done before the server's end of the connection is told.
        let driver = drive(dialer, taken, meter, |net| async move { drop(said.send(net).await) });
        future::zip(driver, then(orders, heard)).await.1
    })
}

fn lines(stream: TcpStream) -> Vec<String> {
    BufReader::new(stream).lines().map_while(Result::ok).collect()
}

fn private(number: usize, length: usize) -> DriverOrder {
    let text = Text::block(&format!("{number} {}", "x".repeat(length)));
    DriverOrder::Send(Request::bare(Command::Message(MessageCommand::Private { to: "bob".into(), text, reply: None })))
}

#[test]
fn every_request_is_written_however_long_the_queue() {
    let (url, served) = server(|mut stream| {
        stream.write_all(GREETING.as_bytes()).unwrap();
        lines(stream)
    });
    talk(url, async |orders, heard| {
        assert_eq!(heard.recv().await.unwrap(), Net::Connected(Dialect::Tr226));
        for number in 0..40 {
            orders.send(private(number, MAX_DATA - 10)).await.unwrap();
        }
    });
    let lines = served.join().unwrap();
    assert_eq!(lines.len(), 40);
    for (number, line) in lines.iter().enumerate() {
        assert!(line.starts_with(&format!("client | bob | private_message | {number} x")), "{number}: {line:.60}");
    }
}

#[test]
fn the_greeting_decides_the_dialect() {
    for (greeting, dialect) in [(GREETING, Dialect::Tr226), ("server | client | name | no data", Dialect::Tr223)] {
        let (url, served) = server(move |mut stream| {
            stream.write_all(greeting.as_bytes()).unwrap();
            // Until the client has gone.
            let mut byte = [0];
            while stream.read(&mut byte).is_ok_and(|read| read > 0) {}
        });
        talk(url, async |_orders, heard| {
            assert_eq!(heard.recv().await.unwrap(), Net::Connected(dialect));
            let greeting = heard.recv().await.unwrap();
            assert!(matches!(&greeting, Net::Said(said) if matches!(said.event, Event::Greeting(_))), "{greeting:?}");
        });
        served.join().unwrap();
    }
}

#[test]
fn a_greeting_that_comes_in_pieces_is_still_one() {
    for at in [3, 24, 27, GREETING.len() - 1] {
        let (url, served) = server(move |mut stream| {
            let (first, rest) = GREETING.split_at(at);
            stream.write_all(first.as_bytes()).unwrap();
            thread::sleep(Duration::from_millis(300));
            stream.write_all(rest.as_bytes()).unwrap();
            let mut byte = [0];
            while stream.read(&mut byte).is_ok_and(|read| read > 0) {}
        });
        talk(url, async |_orders, heard| {
            assert_eq!(heard.recv().await.unwrap(), Net::Connected(Dialect::Tr226), "{at}");
        });
        served.join().unwrap();
    }
}

#[test]
fn an_address_that_does_not_serve_is_reported_in_a_sentence() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("tcp://127.0.0.1:{gone}").parse().unwrap();
    let news = talk(url, async |_orders, heard| heard.recv().await.unwrap());
    assert_eq!(news, Net::Failed(DialFailure::new(DialFault::NotListening, "no server is listening there")));
}

#[test]
fn every_byte_in_both_directions_is_counted() {
    let said = "bob | all clients | broadcast_not_me | hello\n";
    let (url, served) = server(move |mut stream| {
        stream.write_all(GREETING.as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
        stream.write_all(said.as_bytes()).unwrap();
        line.len()
    });
    let meter = TrafficMeter::new(Clock::start());
    metered(url, meter.clone(), async |orders, heard| {
        // Connected, and greeted; then what is said.
        heard.recv().await.unwrap();
        heard.recv().await.unwrap();
        orders.send(private(1, 100)).await.unwrap();
        heard.recv().await.unwrap();
    });
    let traffic = meter.last_minute();
    let sent = u64::try_from(served.join().unwrap()).unwrap();
    let received = u64::try_from(GREETING.len() + said.len()).unwrap();
    assert_eq!(traffic, Traffic { received, sent, shown: 0 });
    meter.shown(7);
    assert_eq!(meter.last_minute().shown, 7);
}

#[test]
fn whoever_dials_elsewhere_does_not_wait_for_a_server_that_reads_nothing() {
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let (stuck, first) = server(move |mut stream| {
        stream.write_all(GREETING.as_bytes()).unwrap();
        // Reads nothing, and does not end its side.
        let _ = held.recv();
    });
    let (other, second) = server(|mut stream| {
        stream.write_all(GREETING.as_bytes()).unwrap();
        lines(stream)
    });
    talk(stuck, async |orders, heard| {
        assert_eq!(heard.recv().await.unwrap(), Net::Connected(Dialect::Tr226));
        for number in 0..4000 {
            orders.send(private(number, MAX_DATA - 10)).await.unwrap();
        }
        let begun = std::time::Instant::now();
        orders.send(DriverOrder::Disconnect).await.unwrap();
        orders.send(DriverOrder::Dial(other.into())).await.unwrap();
        while heard.recv().await.unwrap() != Net::Connected(Dialect::Tr226) {}
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        drop(hold);
    });
    first.join().unwrap();
    assert_eq!(second.join().unwrap(), Vec::<String>::new());
}
