//! Several nodes that serve the same chat, over a log that loses nothing and never delays: what one is asked for is handled
//! by all, and each writes to its own connections.

use std::collections::VecDeque;
use std::fmt::Debug;

use tr2::model::{Name, Now};
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::broker::{Broker, Input, StateError};
use tr2::server::cluster::front::{Forwarded, Front, Returned};
use tr2::server::ids::ConnId;
use tr2::server::store::api::Job;

use crate::simple_store::SimpleStore;

/// One of the nodes.
pub(crate) struct Server {
    pub(crate) broker: Broker,
    pub(crate) outbox: Outbox,
    pub(crate) store: SimpleStore,
    /// Jobs that the store has not done.
    pub(crate) waiting: Vec<Job>,
    pub(crate) front: Front,
    /// The number of this node, and how many there are.
    number: (usize, usize),
}

impl Server {
    pub(crate) fn new(rules: &Rules, number: (usize, usize)) -> Self {
        Self {
            broker: Broker::new(rules.clone(), Beginning::default()),
            outbox: Outbox::default(),
            store: SimpleStore::default(),
            waiting: Vec::new(),
            front: Front::default(),
            number,
        }
    }

    /// Whether a connection is one to this node.
    fn holds(&self, conn: ConnId) -> bool {
        let (number, of) = self.number;
        // The last of several holds none.
        usize::try_from(conn.0).unwrap() % (of - 1).max(1) == number
    }

    /// The logins that this node has to look up; those of connections to others are theirs.
    pub(crate) fn take_lookups(&mut self) -> Vec<(ConnId, Option<u32>, Name)> {
        let lookups = std::mem::take(&mut self.outbox.lookups);
        lookups.into_iter().filter(|(conn, ..)| self.holds(*conn)).collect()
    }

    /// The store reports.
    pub(crate) fn report(&mut self, now: Now, report: Input) {
        let found_out = self.broker.handle_among(now, report, &mut self.outbox);
        assert!(found_out.is_empty(), "a report of the store is no matter of this node alone");
    }
}

/// Handles an input on the node that it concerns, or on all.
pub(crate) fn share(servers: &mut [Server], now: Now, input: Input) {
    let mut log = VecDeque::new();
    match input.conn() {
        Some(conn) => {
            let server = servers.iter_mut().find(|server| server.holds(conn)).unwrap();
            let routes = server.front.take(input, &server.broker);
            follow(server, now, routes, &mut log);
        }
        None if matches!(input, Input::Withdraw(_) | Input::Return | Input::StoodStill(_)) => {
            for server in servers.iter_mut() {
                follow(server, now, vec![Forwarded::Here(input.clone())], &mut log);
            }
        }
        None => {
            let ticks = matches!(input, Input::Tick);
            log.push_back(input);
            apply(servers, now, &mut log);
            for server in servers.iter_mut().filter(|_| ticks) {
                follow(server, now, vec![Forwarded::Here(Input::Watch)], &mut log);
            }
        }
    }
    apply(servers, now, &mut log);
}

/// Handles here what concerns this node alone, and puts the rest into the log.
fn follow(server: &mut Server, now: Now, routes: Vec<Forwarded>, log: &mut VecDeque<Input>) {
    let mut routes = VecDeque::from(routes);
    while let Some(route) = routes.pop_front() {
        match route {
            Forwarded::Everywhere(input) => log.push_back(input),
            Forwarded::Here(input) => {
                let conn = input.conn();
                for found_out in server.broker.handle_among(now, input, &mut server.outbox) {
                    routes.extend(server.front.take(found_out, &server.broker));
                }
                if let Some(conn) = conn {
                    routes.extend(server.front.handled_here(conn, &server.broker));
                }
            }
        }
    }
}

/// All nodes handle what is in the log.
fn apply(servers: &mut [Server], now: Now, log: &mut VecDeque<Input>) {
    while let Some(input) = log.pop_front() {
        for server in servers.iter_mut() {
            let found_out = server.broker.handle_among(now, input.clone(), &mut server.outbox);
            assert!(found_out.is_empty(), "what all handle is no matter of one node alone");
            if input.conn().is_some_and(|conn| server.holds(conn)) {
                let routes = server.front.came_back(Returned::of(&input), &server.broker);
                follow(server, now, routes, log);
            }
        }
    }
}

/// The nodes share the same state. The last one starts anew from it, as after a crash, unless something is under way.
pub(crate) fn start_anew(servers: &mut [Server], rules: &Rules) {
    let state = |server: &Server| match server.broker.shared_state() {
        Err(StateError::UnderWay) => None,
        state => Some(state.unwrap()),
    };
    let Some((last, others)) = servers.split_last_mut().filter(|(_, others)| !others.is_empty()) else { return };
    let shared = state(&others[0]);
    for server in others.iter().skip(1).chain([&*last]) {
        assert!(state(server) == shared, "the nodes have come to another state");
    }
    if let Some(shared) = shared {
        last.broker = Broker::from_shared_state(rules.clone(), [0; 32], &shared).unwrap();
        assert!(state(last).as_ref() == Some(&shared), "the state is not what was written");
    }
}

/// What each node has of something, which is to be the same on all.
pub(crate) fn take_same<T: PartialEq + Debug>(servers: &mut [Server], take: impl Fn(&mut Server) -> Vec<T>) -> Vec<T> {
    let mut all = servers.iter_mut().map(take);
    let first = all.next().unwrap();
    all.for_each(|other| assert_eq!(first, other, "the servers have decided otherwise"));
    first
}

/// Each node gives its store the same jobs, but for questions of its own connections, which may have the read marks that
/// they rest on kept earlier.
pub(crate) fn do_the_same(servers: &[Server]) {
    let shared = |server: &Server| {
        let jobs = server.waiting.iter().filter(|job| !matches!(job, Job::Ask(_) | Job::Mark { .. }));
        jobs.cloned().collect::<Vec<_>>()
    };
    let first = shared(&servers[0]);
    servers.iter().skip(1).for_each(|other| assert_eq!(first, shared(other), "the servers have decided otherwise"));
}
