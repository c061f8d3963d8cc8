//! How many connections the server and each address may have, and what the origin of a connection is.

use tr2::model::{Now, Origin};
use tr2::protocol::Code;
use tr2::server::broker::access::connection_limits::Admission;
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::broker::{Broker, Input};
use tr2::server::ids::ConnId;
use tr2::server::limits::{MAX_PER_ADDRESS, MAX_UNPLUGGED};

fn from(address: &str) -> Origin {
    Origin::Tcp(address.parse().unwrap())
}

#[test]
fn connections_are_limited_in_total_and_per_address() {
    let mut all = Admission::new(2, None, 42);
    assert_eq!(all.enter(from("10.0.0.1:1")), Ok(()));
    assert_eq!(all.enter(from("127.0.0.1:1")), Ok(()));
    assert_eq!(all.enter(from("10.0.0.3:1")), Err(Code::ServerFull));
    all.leave(from("10.0.0.1:1"));
    assert_eq!(all.enter(from("10.0.0.3:1")), Ok(()));

    let mut default = Admission::new(1000, None, 42);
    for port in 0..MAX_PER_ADDRESS + 1 {
        let far = from(&format!("10.0.0.1:{port}"));
        assert_eq!(default.enter(far).is_ok(), port < MAX_PER_ADDRESS, "{port}");
        assert_eq!(default.enter(from(&format!("127.0.0.1:{port}"))), Ok(()), "this machine's own are not limited");
        assert_eq!(default.enter(from(&format!("[::1]:{port}"))), Ok(()));
    }
}

#[test]
fn an_origin_knows_whether_it_is_local_and_how_the_original_writes_it() {
    for (address, loopback, original) in [
        ("127.0.0.1:46352", true, "('127.0.0.1', 46352)"),
        ("[::ffff:127.0.0.1]:1", true, "('127.0.0.1', 1)"),
        ("[::1]:1", true, "('::1', 1)"),
        ("10.0.0.1:1", false, "('10.0.0.1', 1)"),
        ("[::ffff:10.0.0.1]:1", false, "('10.0.0.1', 1)"),
    ] {
        assert_eq!((from(address).is_local(), from(address).as_original().as_str()), (loopback, original));
    }
}

#[test]
fn whoever_comes_through_a_proxy_has_the_limits_of_the_address_that_it_names() {
    let through = |address: &str| from("127.0.0.1:9").through_proxy(address.parse().unwrap());
    let secure = Origin::Tls("127.0.0.1:9".parse().unwrap()).through_proxy("203.0.113.5:1".parse().unwrap());
    assert!(!through("203.0.113.5:1").is_private() && secure.is_private());
    assert_eq!(
        (through("203.0.113.5:1").to_string(), secure.to_string()),
        ("tcp://203.0.113.5:1".into(), "tls://203.0.113.5:1".into())
    );
    let mut all = Admission::new(1000, None, 42);
    for port in 0..MAX_PER_ADDRESS {
        // All loopback addresses of a proxy's machine are one place, and none is this machine.
        let (four, six) = (through(&format!("127.0.0.{port}:1")), through(&format!("[::1]:{port}")));
        assert!(!four.is_local() && !six.is_local() && !four.is_private());
        assert_eq!(all.enter(if port % 2 == 0 { four } else { six }), Ok(()));
        assert_eq!(all.enter(through(&format!("203.0.113.5:{port}"))), Ok(()));
    }
    for full in ["127.0.0.9:1", "[::1]:9", "203.0.113.5:9"] {
        assert_eq!(all.enter(through(full)), Err(Code::TooManyConnections), "{full}");
    }
    for open in [through("203.0.113.6:1"), from("127.0.0.1:1"), from("203.0.113.7:1")] {
        assert_eq!(all.enter(open), Ok(()), "{open}");
    }
    // A ban of the address holds, and one of the proxy's holds nobody behind it.
    let banned =
        |target: &str| target.parse::<tr2::model::BanTarget>().unwrap().fits(None, None, through("203.0.113.5:1"));
    assert!(banned("203.0.113.0/24") && !banned("127.0.0.1"));
}

#[test]
fn a_connection_whose_line_is_gone_counts_no_more_while_the_log_is_silent() {
    let rules = Rules { max_per_address: Some(1), ..Rules::default() };
    let (mut broker, mut outbox) = (Broker::new(rules, Beginning::default()), Outbox::default());
    let mut takes = |input: Input| {
        let conn = input.conn().unwrap();
        broker.handle(Now::default(), input, &mut outbox);
        broker.introduction(conn).is_some()
    };
    let comes = |number| Input::Connected(ConnId(number), Origin::Tcp(([203, 0, 113, 5], 1).into()));
    assert!(takes(comes(1)));
    assert!(!takes(comes(2)));
    takes(Input::Unplugged(ConnId(1)));
    assert!(takes(comes(3)));
    // It counted once.
    takes(Input::Gone(ConnId(1), "connection closed"));
    assert!(!takes(comes(4)));
    takes(Input::Disconnected(ConnId(3), "connection closed"));
    assert!(takes(comes(5)));
}

#[test]
fn connections_whose_lines_are_gone_count_again_where_there_are_too_many() {
    let rules = Rules { max_connections: 10, max_per_address: Some(1), ..Rules::default() };
    let (mut broker, mut outbox) = (Broker::new(rules, Beginning::default()), Outbox::default());
    let origin = Origin::Tcp(([203, 0, 113, 5], 1).into());
    let came = (1..)
        .take_while(|number| {
            let conn = ConnId(*number);
            broker.handle(Now::default(), Input::Connected(conn, origin), &mut outbox);
            let is_in = broker.introduction(conn).is_some();
            broker.handle(Now::default(), Input::Unplugged(conn), &mut outbox);
            is_in
        })
        .count();
    assert_eq!(came, MAX_UNPLUGGED + 1);
}
