//! Calls between two people behind NATs of the real kernel: which ways are found, and what becomes of a way that ends.
//!
//! ```text
//! alice 192.168.1.2 ── NAT A 198.51.100.11 ─┬─ NAT B 198.51.100.12 ── bob 192.168.1.3
//!                                    server 198.51.100.1
//! ```
//!
//! Both home networks have the same addresses, as most have. Each machine is a network namespace that ends with the test.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::bypass::Client;
use crate::machine::{Machine, in_network_of};
use crate::person::{Launch, Person};
use crate::pictures::{MOVES, calls, follows, with_camera};
use crate::serving::{Folder, PATIENCE, Server, TR2};
use crate::tile::scenes;

/// Alice and bob, by their places.
const BOTH: [usize; 2] = [0, 1];
/// Has a NAT let nothing through and forget its address, and waits until it has forgotten all else: ten seconds at most.
const FORGETTING: &str = "nft add chain ip nat through '{ type filter hook forward priority 0; policy drop; }'
    ip addr flush dev wan
    for turn in $(seq 1000); do
        [ \"$(cat /proc/sys/net/netfilter/nf_conntrack_count)\" = 0 ] && exit 0
        sleep 0.01
    done
    exit 1";
/// So soon a call goes on whose way has ended.
const SOON: Duration = Duration::from_secs(4);

/// What a NAT does with what leaves, and with what comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Keeps ports, and lets in only who was sent to.
    Plain,
    /// Another port for each address that is sent to; lets in only that.
    Symmetric,
    /// As a plain one, but what nobody has asked for reaches the NAT itself instead of being dropped: Linux then counts
    /// the sender's address as its own peer, and gives a later packet to it another port.
    Unguarded,
}

/// A NAT's rules: `masquerade` with some flags, of which those about ports are for UDP alone, and whether what nobody has
/// asked for is dropped.
fn rules(flags: &str, guarded: bool) -> String {
    let drop = if guarded { "iifname \"wan\" ct state new drop" } else { "" };
    format!(
        "flush ruleset
         table ip nat {{
           chain leaving {{
             type nat hook postrouting priority 100
             oifname \"wan\" meta l4proto udp masquerade {flags}
             oifname \"wan\" masquerade
           }}
           chain entering {{
             type filter hook input priority 0
             {drop}
           }}
         }}\n"
    )
}

/// The server in a public network, two NATs, and a machine behind each.
struct World {
    server: Server,
    url: String,
    nats: [Machine; 2],
    machines: [Machine; 2],
    _public: Machine,
}

impl World {
    /// Makes it; `None` where that cannot be, which is said.
    fn make(kinds: [Kind; 2]) -> Option<Self> {
        let Some([public, a, b, alice, bob]) = machines() else {
            println!("skipped: no networks can be made here, which takes root, unshare and ip");
            return None;
        };
        if !public.tries("ip link add net type bridge && ip addr add 198.51.100.1/24 dev net && ip link set net up", "")
        {
            println!("skipped: this kernel has no bridges");
            return None;
        }
        let nats = [a, b];
        for (nat, kind) in nats.iter().zip(kinds) {
            let flags = if kind == Kind::Symmetric { "fully-random" } else { "" };
            if !nat.tries("nft -f -", &rules(flags, kind != Kind::Unguarded)) {
                println!("skipped: no NAT can be made here, which takes nft");
                return None;
            }
            nat.runs("echo 1 > /proc/sys/net/ipv4/ip_forward");
        }
        let machines = [alice, bob];
        for (at, (nat, machine)) in nats.iter().zip(&machines).enumerate() {
            nat.line("wan", &format!("{}/24", outer(at)), &public, &format!("nat{at}"), "");
            public.runs(&format!("ip link set nat{at} master net"));
            machine.line("lan", &format!("192.168.1.{}/24", at + 2), nat, "lan", "192.168.1.1/24");
            machine.runs("ip route add default via 192.168.1.1");
        }
        let mut command = Command::new("nsenter");
        command.args([&*in_network_of(public.id()), TR2, "serve"]);
        let server = Server::run(command, Folder::new(), &["--listen", "tls://198.51.100.1:0"]);
        let line = server.printed.recv_timeout(PATIENCE).unwrap();
        let port = line.split("tls://198.51.100.1:").nth(1).and_then(|rest| rest.split([';', ' ']).next());
        let url = format!("tls://198.51.100.1:{}", port.unwrap());
        Some(Self { server, url, nats, machines, _public: public })
    }

    /// Alice and bob with a channel between them, for which both have said `/bypass`.
    fn bypassing(&self) -> [Client; 2] {
        let [ours, theirs] = self.machines.each_ref().map(Machine::id);
        let mut alice = Client::join(ours, "alice", &self.url);
        // Somebody can be called once they are there.
        alice.says("/list");
        alice.until("alice");
        let mut bob = Client::join(theirs, "bob", &self.url);
        alice.until("bob joined");
        alice.says("/direct bob");
        bob.until("alice calls");
        bob.says("/answer");
        alice.until("is open");
        bob.until("is open");
        alice.says("/bypass");
        bob.until("alice wants packets to bypass the server");
        bob.says("/bypass");
        [alice, bob]
    }

    /// The same, and a way through both NATs was found; after which time.
    fn direct(&self) -> ([Client; 2], Duration) {
        let mut clients = self.bypassing();
        let began = Instant::now();
        clients[0].until(&format!("direct to {}", outer(1)));
        clients[1].until(&format!("direct to {}", outer(0)));
        (clients, began.elapsed())
    }

    /// Alice's NAT forgets every mapping, and has this address and these flags from now on.
    fn forgets(&self, address: &str, flags: &str) {
        let nat = &self.nats[0];
        // With the address, Linux forgets what it was used for, a little later.
        nat.runs(FORGETTING);
        nat.runs(&format!("ip addr add {address}/24 dev wan"));
        assert!(nat.tries("nft -f -", &rules(flags, true)));
    }
}

/// The address of a NAT in the public network.
fn outer(nat: usize) -> String {
    format!("198.51.100.{}", 11 + nat)
}

fn machines() -> Option<[Machine; 5]> {
    Some([Machine::make()?, Machine::make()?, Machine::make()?, Machine::make()?, Machine::make()?])
}

/// Some say words, and the other one gets them all, in order; how long the first took.
#[track_caller]
fn words(clients: &mut [Client; 2], speakers: &[usize], tag: &str) -> Duration {
    let began = Instant::now();
    let say = |number, speaker| format!("{tag} {number} of {speaker}.");
    for number in 0..5 {
        speakers.iter().for_each(|speaker| clients[*speaker].says(&say(number, speaker)));
    }
    let mut first = None;
    for number in 0..5 {
        speakers.iter().for_each(|speaker| drop(clients[1 - speaker].until(&say(number, speaker))));
        first.get_or_insert(began.elapsed());
    }
    first.unwrap()
}

/// How often a client has printed something.
fn times(client: &Client, words: &str) -> usize {
    client.heard.iter().filter(|line| line.contains(words)).count()
}

#[test]
fn through_ordinary_nats_packets_go_straight_and_go_on_without_the_server() {
    let Some(world) = World::make([Kind::Plain; 2]) else { return };
    let (mut clients, found) = world.direct();
    let straight = words(&mut clients, &BOTH, "straight");
    world.server.signal(Signal::KILL);
    clients[0].until("The server is gone");
    let alone = words(&mut clients, &BOTH, "alone");
    world.forgets(&outer(0), "");
    let again = words(&mut clients, &BOTH, "again");
    println!("straight after {found:.0?}, words took {straight:.1?}");
    println!("without the server, words took {alone:.1?}, and {again:.1?} once forgotten");
}

#[test]
fn where_no_way_leads_through_the_nats_the_call_stays_on_the_relay() {
    let all = [
        [Kind::Symmetric; 2],
        // What leaves the one never comes from where the other sends to, and the other lets in nothing else.
        [Kind::Symmetric, Kind::Plain],
        [Kind::Plain, Kind::Symmetric],
        // Whoever is heard first comes to a NAT that has sent nothing yet.
        [Kind::Unguarded; 2],
    ];
    let worlds = all.map(|kinds| World::make(kinds).map(|world| (kinds, world)));
    thread::scope(|scope| {
        for (kinds, world) in worlds.into_iter().flatten() {
            scope.spawn(move || {
                let mut clients = world.bypassing();
                let began = Instant::now();
                words(&mut clients, &BOTH, "meanwhile");
                clients.iter_mut().for_each(|client| drop(client.until("No direct way was found")));
                let said = began.elapsed();
                let relayed = words(&mut clients, &BOTH, "relayed");
                println!("{kinds:?}: said after {said:.0?}; words took {relayed:.1?} by the relay");
                // What has come to an unguarded NAT itself is no mapping, and is not forgotten.
                if kinds[0] != Kind::Unguarded {
                    world.forgets(&outer(0), "fully-random");
                    let forgotten = words(&mut clients, &BOTH, "forgotten");
                    println!("{kinds:?}: words took {forgotten:.1?} once forgotten");
                    assert!(forgotten < SOON);
                }
                for client in &clients {
                    let said = ["No direct way", "direct to"].map(|words| times(client, words));
                    assert_eq!(said, [1, 0], "{kinds:?}: {:#?}", client.heard);
                }
            });
        }
    });
}

#[test]
fn a_nat_that_forgets_costs_a_moment_and_no_word() {
    let others = "to :20000-20999";
    let own = outer(0);
    let all: [(&str, &str, &[usize], Duration); 5] = [
        // The ports are the same again.
        (&own, "", &BOTH, SOON),
        (&own, others, &BOTH, SOON),
        ("198.51.100.13", "", &BOTH, SOON),
        // Whoever is silent notices by a sign of life, one every four seconds.
        (&own, others, &[0], SOON),
        (&own, others, &[1], SOON + Duration::from_secs(4)),
    ];
    let worlds = all.map(|case| World::make([Kind::Plain; 2]).map(|world| (case, world)));
    thread::scope(|scope| {
        for ((address, flags, speakers, limit), world) in worlds.into_iter().flatten() {
            scope.spawn(move || {
                let (mut clients, _) = world.direct();
                words(&mut clients, speakers, "before");
                world.forgets(address, flags);
                let took = words(&mut clients, speakers, "after");
                println!("then {address} {flags:?}, {speakers:?} speak: words took {took:.1?}");
                assert!(took < limit, "{:#?}", clients.map(|client| client.heard));
                if address != outer(0) {
                    clients[1].until(&format!("direct to {address}"));
                }
                words(&mut clients, &BOTH, "later");
            });
        }
    });
}

#[test]
fn a_face_is_seen_through_nats_by_the_relay_and_straight() {
    let Some(world) = World::make([Kind::Plain; 2]) else { return };
    let moving = scenes(MOVES);
    let [mut ann, mut bob] = [("ann", 0), ("bob", 1)].map(|(name, at)| {
        let through = ["nsenter", &in_network_of(world.machines[at].id())];
        with_camera(&world.url, name, &moving, Launch { through: &through, ..Launch::default() })
    });
    calls(&mut ann, &mut bob, "bob");
    let see = |ann: &mut Person, way: &str| {
        let began = Instant::now();
        let seen = follows(ann, &moving, |_, seen| seen >= 8);
        let mut likes: Vec<f64> = seen.iter().map(|(like, _)| *like).collect();
        likes.sort_by(f64::total_cmp);
        println!(
            "{way}: median SSIM {:.3} of {} pictures in {:.1?}",
            likes[likes.len() / 2],
            likes.len(),
            began.elapsed()
        );
    };
    see(&mut ann, "by the relay");
    ann.says("/bypass");
    bob.sees("ann wants packets to bypass").says("/bypass").sees("direct to 198.51.100.11");
    ann.sees("direct to 198.51.100.12");
    see(&mut ann, "straight");
    world.forgets("198.51.100.13", "");
    see(&mut ann, "while the way changes");
    bob.sees("direct to 198.51.100.13");
    see(&mut ann, "straight from another address");
}
