//! How many connections the server and each address may have, and what the origin of a connection is.

use tr2::model::Origin;
use tr2::protocol::Code;
use tr2::server::broker::access::connection_limits::Admission;
use tr2::server::limits::MAX_PER_ADDRESS;

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
