//! What of a connection goes into the log that several nodes share, and what is handled by its own node alone.

use std::cell::Cell;

use tr2::model::Origin;
use tr2::protocol::{Code, Command, Dialect, Refusal, Request, SessionCommand};
use tr2::server::broker::{Input, Introduction};
use tr2::server::cluster::front::{Forwarded, Front, Known, Returned};
use tr2::server::ids::ConnId;
use tr2::server::limits::MAX_PARKED;

const ANN: ConnId = ConnId(1);

/// What the broker knows of the one connection there is.
#[derive(Default)]
struct Broker {
    checks: Cell<bool>,
}

impl Known for Broker {
    fn introduction(&self, _: ConnId) -> Option<Introduction> {
        let origin = Origin::Tcp(([127, 0, 0, 1], 4000).into());
        Some(Introduction { origin, dialect: Some(Dialect::Tr226), identity: None, token: None, callable: false })
    }

    fn is_held(&self, _: ConnId) -> bool {
        self.checks.get()
    }
}

fn says(line: &str) -> Input {
    Input::Received(ANN, Request::parse(format!("x | {line}").as_bytes()))
}

/// What goes where, in short: `here` or `log`, and what it is.
fn short(destinations: Vec<Forwarded>) -> Vec<String> {
    let word = |input: Input| match input {
        Input::Received(_, Ok(request)) => request.command.fields("x").1.to_owned(),
        Input::Received(_, Err(_)) => "refused".to_owned(),
        other => format!("{other:?}").split(['(', ' ']).next().unwrap().to_owned(),
    };
    destinations
        .into_iter()
        .map(|destination| match destination {
            Forwarded::Here(input) => format!("here {}", word(input)),
            Forwarded::Everywhere(input) => format!("log {}", word(input)),
        })
        .collect()
}

struct Stage {
    front: Front,
    broker: Broker,
}

impl Stage {
    fn new() -> Self {
        let mut stage = Self { front: Front::default(), broker: Broker::default() };
        let origin = Origin::Tcp(([127, 0, 0, 1], 4000).into());
        assert_eq!(stage.take(Input::Connected(ANN, origin)), ["here Connected"]);
        assert_eq!(stage.take(Input::Speaks(ANN, Dialect::Tr226)), ["here Speaks"]);
        stage
    }

    /// A connection that has a name.
    fn named() -> Self {
        let mut stage = Self::new();
        assert_eq!(stage.take(says("server | name | ann")), ["log Introduced", "log name"]);
        assert!(stage.comes_back(&says("node | away | x")).is_empty());
        assert!(stage.comes_back(&says("node | name | ann")).is_empty());
        stage
    }

    fn take(&mut self, input: Input) -> Vec<String> {
        short(self.front.take(input, &self.broker))
    }

    fn comes_back(&mut self, input: &Input) -> Vec<String> {
        short(self.front.came_back(Returned::of(input), &self.broker))
    }
}

#[test]
fn nothing_of_a_connection_is_in_the_log_before_it_asks_for_a_name() {
    let mut stage = Stage::new();
    assert_eq!(stage.take(says("server | ping | 1")), ["here ping"]);
    assert_eq!(stage.take(says("all clients | broadcast | hi")), ["here broadcast"]);
    assert_eq!(stage.take(says("server | list_clients | no data")), ["here list_clients"]);
    let refusal = Refusal::new(None, Code::BadFrame, "no");
    assert_eq!(stage.take(Input::Received(ANN, Err(refusal))), ["here refused"]);
    assert_eq!(stage.take(Input::Disconnected(ANN, "connection closed")), ["here Disconnected"]);
    assert!(stage.take(says("node | name | ann")).is_empty());
}

#[test]
fn who_reads_sees_what_the_same_connection_wrote_before() {
    let mut stage = Stage::named();
    let said = says("all clients | broadcast | hi");
    assert_eq!(stage.take(said.clone()), ["log broadcast"]);
    assert!(stage.take(says("node | list_clients | no data")).is_empty());
    assert!(stage.take(says("all clients | broadcast | again")).is_empty());
    assert_eq!(stage.take(says("server | ping | 1")), ["here ping"]);
    assert_eq!(stage.comes_back(&said), ["here list_clients"]);
    assert_eq!(short(stage.front.handled_here(ANN, &stage.broker)), ["log broadcast"]);
}

#[test]
fn a_passphrase_is_not_in_the_log_but_what_came_of_it() {
    let mut stage = Stage::named();
    assert_eq!(stage.take(says("server | moderator | secret")), ["here moderator"]);
    stage.broker.checks.set(true);
    assert!(short(stage.front.handled_here(ANN, &stage.broker)).is_empty());
    assert!(stage.take(says("all clients | broadcast | hi")).is_empty());
    assert_eq!(stage.take(Input::Checked(ANN, true)), ["here Checked"]);
    stage.broker.checks.set(false);
    let judged = Input::Judged(ANN, None, true);
    assert_eq!(stage.take(judged.clone()), ["log Judged"]);
    assert!(short(stage.front.handled_here(ANN, &stage.broker)).is_empty());
    assert_eq!(stage.comes_back(&judged), ["log broadcast"]);
}

#[test]
fn nobody_waits_for_a_check_that_did_not_begin() {
    let mut stage = Stage::named();
    assert_eq!(stage.take(says("server | moderator | secret")), ["here moderator"]);
    assert!(stage.take(says("all clients | broadcast | hi")).is_empty());
    assert_eq!(short(stage.front.handled_here(ANN, &stage.broker)), ["log broadcast"]);
}

#[test]
fn what_a_connection_has_asked_for_is_done_though_it_is_gone() {
    let mut stage = Stage::named();
    let said = says("all clients | broadcast | one");
    assert_eq!(stage.take(said.clone()), ["log broadcast"]);
    assert!(stage.take(says("node | list_clients | no data")).is_empty());
    assert!(stage.take(says("all clients | broadcast | two")).is_empty());
    assert_eq!(
        stage.take(Input::Disconnected(ANN, "connection closed")),
        ["log broadcast", "here Unplugged", "log Gone"]
    );
    assert!(stage.comes_back(&said).is_empty());
    assert!(stage.comes_back(&said).is_empty());
    assert!(stage.comes_back(&Input::Gone(ANN, "connection closed")).is_empty());
    assert!(stage.take(says("server | ping | 1")).is_empty(), "nothing is left of it");
}

#[test]
fn who_asks_for_too_much_at_once_is_refused() {
    let mut stage = Stage::named();
    let said = says("all clients | broadcast | hi");
    assert_eq!(stage.take(said.clone()), ["log broadcast"]);
    for _ in 0..MAX_PARKED {
        assert!(stage.take(says("node | list_clients | no data")).is_empty());
    }
    assert_eq!(stage.take(says("server | list_clients | no data")), ["here refused"]);
    assert_eq!(stage.take(said.clone()), ["here refused"]);
    assert_eq!(stage.comes_back(&said), ["here list_clients"]);
}

#[test]
fn a_connection_that_ended_with_the_log_is_only_unplugged() {
    let mut stage = Stage::named();
    stage.front.clear();
    assert!(stage.take(says("all clients | broadcast | hi")).is_empty());
    assert_eq!(stage.take(Input::Disconnected(ANN, "connection closed")), ["here Unplugged"]);
}

#[test]
fn no_passphrase_can_be_taken_for_a_request_of_others() {
    let request = Request::bare(Command::Session(SessionCommand::Moderator("secret".to_owned())));
    let mut stage = Stage::new();
    assert_eq!(stage.take(Input::Received(ANN, Ok(request))), ["here moderator"]);
}
