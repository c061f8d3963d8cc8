//! Ban evasion: nobody with the same name, key, login or address gets back in.

use std::net::SocketAddr;

use tr2::model::{Fingerprint, Identity, Origin};
use tr2::protocol::Dialect;

use super::simple_store::SimpleStore;
use crate::world::{World, cast, key_of};

/// A way to join.
struct Way {
    what: &'static str,
    /// The target of the ban.
    ban: &'static str,
    from: Origin,
    key: Option<Fingerprint>,
    dialect: Dialect,
    says: &'static str,
}

fn tls(address: &str) -> Origin {
    Origin::Tls(address.parse::<SocketAddr>().unwrap())
}

fn tcp(address: &str) -> Origin {
    Origin::Tcp(address.parse::<SocketAddr>().unwrap())
}

const HOME: &str = "192.0.2.7:1000";
const AWAY: &str = "198.51.100.1:1000";

fn ways() -> Vec<Way> {
    let way = |what, ban, from, key, says| Way { what, ban, from, key, dialect: Dialect::Tr226, says };
    let (own, new) = (Some(key_of("billy")), Some(key_of("brand new")));
    let name = "x | server | name | billy";
    let other = "x | server | name | somebody-else";
    let eve = Identity::Uid(1001);
    assert_eq!(eve.to_string(), "uid:1001");
    vec![
        way("reconnects", "billy", tls(HOME), own, name),
        way("from a new port", "billy", tls("192.0.2.7:2000"), own, name),
        way("from elsewhere", "billy", tls(AWAY), own, name),
        way("in capitals", "billy", tls(AWAY), own, "x | server | name | BILLY"),
        way("as a look-alike", "billy", tls(AWAY), own, "x | server | name | biIIy"),
        way("as a look-alike with a new key", "billy", tls(AWAY), new, "x | server | name | bi11y"),
        way("under another name", "billy", tls(HOME), own, other),
        way("taking over", "billy", tls(AWAY), own, "x | server | take_over | somebody-else"),
        way("in the clear under the name", "billy", tcp(AWAY), None, name),
        Way {
            dialect: Dialect::Tr223,
            ..way("as an original", "billy", tcp(AWAY), None, "billy | server | name | billy")
        },
        way("with a key of the same ban under a third name", "billy", tls(AWAY), own, "x | server | name | third"),
        way("from another port of a banned address", "192.0.2.7", tls("192.0.2.7:9"), new, other),
        way("in IPv6 dress", "192.0.2.7", tls("[::ffff:192.0.2.7]:1000"), new, other),
        way("in the clear from the address", "192.0.2.7", tcp("192.0.2.7:5"), None, other),
        way("from the same /64", "2001:db8:1:2::7", tls("[2001:db8:1:2:ffff::1]:1000"), new, other),
        way("from the same network", "192.0.2.0/24", tls("192.0.2.250:1"), new, other),
        way("with the banned key", "KEY", tls(AWAY), own, other),
        way("as the banned user of this machine", "uid:1001", Origin::Unix(1001), None, other),
        way("as that user with a key", "uid:1001", Origin::Unix(1001), new, "x | server | name | fourth"),
    ]
}

/// Whether somebody is let in this way despite the ban; with `restart`, the server was restarted after the ban.
fn gets_in(way: &Way, restart: bool, banned: bool) -> bool {
    let (rules, beginning) = cast();
    let mut world = World::new(rules, beginning, SimpleStore::default());
    let keeper = world.join("keeperp1");
    // The user to be banned is online, so that the server knows everything about them.
    let there = world.connect(tls(HOME), Some(key_of("billy")), Dialect::Tr226);
    world.say(there, "x | server | name | billy");
    let whom = if way.ban == "KEY" { Identity::Key(key_of("billy")).to_string() } else { way.ban.to_owned() };
    if banned {
        let round = world.say(keeper, &format!("x | all clients | ban | {whom} enough"));
        assert_eq!(round.refused(keeper), None, "{}", way.what);
        let hit = matches!(way.ban, "billy" | "192.0.2.7" | "192.0.2.0/24" | "KEY");
        assert_eq!(round.ends(there), hit, "{}: who is banned goes at once", way.what);
    }
    world.round(tr2::server::broker::Input::Disconnected(there, "connection closed"));
    if restart {
        let beginning = world.keeper.beginning();
        // The cast has its own facts; the simple store holds what the ban left.
        world.restart(beginning);
    }
    let conn = world.connect(way.from, way.key, way.dialect);
    let round = match way.dialect {
        Dialect::Tr226 => world.say(conn, way.says),
        Dialect::Tr223 => world.round(tr2::server::broker::Input::Received(
            conn,
            tr2::protocol::packet::read_request(way.says.as_bytes()),
        )),
    };
    let inside = round.of(conn).any(|line| line.contains("| connection_confirmation |"));
    assert_eq!(inside, !round.ends(conn), "{}: either in, or out", way.what);
    inside
}

// T31: 19 ways to evade a ban, before and after a restart: none succeeds with the same key, and each would without the
// ban.
#[test]
fn a_ban_cannot_be_evaded() {
    let ways = ways();
    assert!(ways.len() >= 12);
    for way in &ways {
        for restart in [false, true] {
            assert!(!gets_in(way, restart, true), "{} (after a restart: {restart})", way.what);
        }
        // A name that belongs to another user is refused anyway and says nothing about bans.
        let anyhow = way.key.is_some() || !way.says.contains("billy");
        let look_alike = way.what.contains("look-alike");
        if anyhow && !look_alike {
            assert!(gets_in(way, false, false), "{} without a ban", way.what);
        }
    }
    println!("{} ways, before and after a restart", ways.len());
}

// T31: a room's ban holds in the same ways: by name, by what the name's owner proved, and after a restart.
#[test]
fn a_room_ban_cannot_be_evaded() {
    for restart in [false, true] {
        let mut world = World::new(cast().0, cast().1, SimpleStore::default());
        let maker = world.join("makerp1");
        world.say(maker, "x | #den | join_room");
        let there = world.connect(tls(HOME), Some(key_of("billy")), Dialect::Tr226);
        world.say(there, "x | server | name | billy");
        world.say(there, "x | #den | join_room");
        let round = world.say(maker, "x | #den | ban | billy enough");
        assert!(round.of(there).any(|line| line.contains("| #den | left | billy")), "who is banned goes at once");
        world.round(tr2::server::broker::Input::Disconnected(there, "connection closed"));
        if restart {
            let beginning = world.keeper.beginning();
            world.restart(beginning);
        }
        for (from, says) in [(HOME, "billy"), (AWAY, "billy"), (AWAY, "another")] {
            let conn = world.connect(tls(from), Some(key_of("billy")), Dialect::Tr226);
            world.say(conn, &format!("x | server | name | {says}"));
            let round = world.say(conn, "x | #den | join_room");
            assert_eq!(round.refused(conn), Some("banned"), "{says} from {from}");
            let round = world.say(conn, "x | #den | broadcast | I am in");
            assert_eq!(round.refused(conn), Some("not_in_room"));
            world.round(tr2::server::broker::Input::Disconnected(conn, "connection closed"));
        }
    }
}
