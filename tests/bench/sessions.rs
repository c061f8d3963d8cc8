//! What a session costs that is not its user's only one: ten thousand users in two sessions each, beside twenty thousand in
//! one.
//!
//! `cargo bench --bench sessions`. Over a socket file, which verifies everyone; that takes root, who can be many users.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::string_slice)]

mod kit;

use std::time::Duration;

use kit::crowd::Crowd;
use kit::load::{self, Figures, Work};
use kit::machine::{self, or_quick};
use kit::server::{Kind, Server, Transport};
use kit::table::Table;
use kit::turns::{median, word};

/// Sessions, where so many files may be open.
const SESSIONS: usize = 20_000;
/// What else a process has open.
const OTHER_FILES: usize = 400;
/// More than these: the default is less.
const ROOM: [&str; 2] = ["--max-connections", "30000"];
const ROUNDS: usize = 3;
/// No disk is measured here.
const OURS: Kind = Kind::Tr2("memory");
/// How much more a session may cost if it is not its user's only one; it may take less memory, since what is kept of a user
/// is kept once. Processor time may not differ more than that either way.
const NEAR: f64 = 0.1;

/// What users cost who are in so many sessions each.
struct Costs {
    each: usize,
    /// Bytes of memory for each session, in each round.
    bytes: Vec<f64>,
    figures: Vec<Figures>,
}

impl Costs {
    /// Lets them into a server of their own, and one of them speak to all.
    fn measure(&mut self, sessions: usize) {
        let server = Server::with(OURS, Transport::Unix, &ROOM);
        let before = server.resident();
        let mut crowd = Crowd::of_users_in(self.each);
        let joins = crowd.join(&server, sessions, None);
        assert_eq!(joins.refused, 0, "{} sessions of each user: some are refused", self.each);
        // In a large room, who came is told once a second.
        crowd.hush(Duration::from_millis(or_quick(1300, 100)));
        self.bytes.push(server.resident().saturating_sub(before) as f64 / sessions as f64);
        let duration = Duration::from_millis(or_quick(4000, 100));
        let work = Work { senders: 1, duration, per_second: None, window: load::window() };
        self.figures.push(load::broadcast(&server, &mut crowd, work));
    }

    fn bytes(&self) -> f64 {
        median(self.bytes.iter().copied())
    }

    fn cpu_per_million(&self) -> f64 {
        median(self.figures.iter().map(Figures::cpu_per_million))
    }
}

fn main() {
    let mut table = Table::new("sessions");
    let memory = "memory for each of a user's two sessions, to that of single ones: at most 1.1";
    let time = "CPU per delivery to users in two sessions, to that to users in one: 0.9 to 1.1";
    if let Some(why) = Transport::Unix.missing() {
        table.line(why);
        [memory, time].into_iter().for_each(|what| table.target(what, None, false));
        return table.end();
    }
    let most = machine::most_people().saturating_sub(OTHER_FILES);
    let sessions = or_quick(SESSIONS, 200).min(most / 2 * 2);
    if sessions < or_quick(SESSIONS, 200) {
        table.line(&format!("{sessions} sessions instead of {SESSIONS}: more files may not be open (ulimit -n)"));
    }
    let [mut single, mut double] = [1, 2].map(|each| Costs { each, bytes: Vec::new(), figures: Vec::new() });
    for _ in 0..or_quick(ROUNDS, 1) {
        // One after the other, so that each has all the files.
        single.measure(sessions);
        double.measure(sessions);
    }
    for costs in [&single, &double] {
        let users = format!("{} users, {} each", sessions / costs.each, costs.each);
        let share = median(costs.figures.iter().map(Figures::server_share)) * 100.0;
        let note =
            format!("{:.3} CPU s a million deliveries; server {share:.0} % of its core", costs.cpu_per_million());
        let figure = format!("{:.0} bytes a session", costs.bytes());
        table.row(&users, &word(OURS, Transport::Unix), &figure, None, &note);
    }
    table.at_most(memory, Some(double.bytes() / single.bytes()), 1.0 + NEAR);
    let of = double.cpu_per_million() / single.cpu_per_million();
    table.target(time, Some(format!("{of:.2}")), (of - 1.0).abs() <= NEAR);
    table.end();
}
