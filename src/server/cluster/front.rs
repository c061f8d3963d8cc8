//! Which of what happens to connections concerns this node alone, and which all nodes that serve one chat.
//!
//! What others could notice goes into the log, and is decided when it comes back out of it. Everything else is handled at
//! once, but never before what the same connection has in the log: its answers keep the order of its requests.
//!
//! Must not know: what a request leads to, or how the log is written.

use std::collections::VecDeque;

use crate::protocol::{
    Code, Command, HistoryCommand, KeyCommand, MessageCommand, ModerationCommand, Refusal, RoomCommand, SessionCommand,
    UserCommand,
};
use crate::server::broker::{Input, Introduction};
use crate::server::ids::{ByConn, ConnId};
use crate::server::limits::MAX_PARKED;

/// Where an input goes.
#[derive(Clone, Debug)]
pub enum Forwarded {
    /// To this node's broker, now.
    Here(Input),
    /// Into the log.
    Everywhere(Input),
}

/// What the front needs to know of an input that comes back out of the log, which the broker has taken by then.
#[derive(Clone, Copy, Debug)]
pub struct Returned {
    conn: Option<ConnId>,
    /// Whether it is what came of the check of a passphrase.
    is_outcome: bool,
    is_end: bool,
}

impl Returned {
    /// Of an input.
    #[must_use]
    pub fn of(input: &Input) -> Self {
        let (is_outcome, is_end) = (matches!(input, Input::Judged(..)), matches!(input, Input::Gone(..)));
        Self { conn: input.conn(), is_outcome, is_end }
    }
}

/// What the front needs to know of the broker of this node.
pub trait Known {
    /// A connection as other nodes are to learn of it.
    fn introduction(&self, conn: ConnId) -> Option<Introduction>;

    /// Whether a connection waits for a check.
    fn is_held(&self, conn: ConnId) -> bool;
}

impl Known for crate::server::broker::Broker {
    fn introduction(&self, conn: ConnId) -> Option<Introduction> {
        self.introduction(conn)
    }

    fn is_held(&self, conn: ConnId) -> bool {
        self.is_held(conn)
    }
}

/// The connections to this node.
#[derive(Debug, Default)]
pub struct Front {
    conns: ByConn<LocalConnection>,
}

/// A connection to this node.
#[derive(Debug, Default)]
struct LocalConnection {
    /// Whether the other nodes learn of it by the log.
    introduced: bool,
    /// How much of it is in the log and has not come back.
    under_way: usize,
    /// Whether its passphrase is being checked, from when it is given until the outcome comes back.
    checking: bool,
    /// Inputs that wait for what is under way, in order.
    waiting: VecDeque<Input>,
}

/// Whom an input concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Concern {
    /// Its connection alone, which it keeps alive: it never waits.
    Alive,
    /// This node alone: it reads what others have written, or is refused.
    Here,
    /// This node alone, where a worker checks a passphrase; the outcome concerns others.
    Check,
    /// All nodes.
    Everybody,
}

impl Front {
    /// Where an input about a connection to this node goes, and what goes with it, in order; nothing while it has to wait.
    pub fn take(&mut self, input: Input, known: &impl Known) -> Vec<Forwarded> {
        let mut routes = Vec::new();
        self.route(input, known, &mut routes);
        routes
    }

    /// Something of a connection to this node has come back out of the log, and the broker has decided on it: returns what
    /// waited for that. To be called again for what is handled here in turn.
    pub fn came_back(&mut self, returned: Returned, known: &impl Known) -> Vec<Forwarded> {
        let Returned { conn: Some(conn), is_outcome, is_end } = returned else { return Vec::new() };
        if let Some(line) = self.conns.get_mut(&conn) {
            line.under_way = line.under_way.saturating_sub(1);
            if is_outcome {
                line.checking = false;
            }
        }
        if is_end {
            self.conns.remove(&conn);
        }
        self.go_on(conn, known)
    }

    /// Takes what a connection has waiting, as far as it need not wait any longer.
    pub fn go_on(&mut self, conn: ConnId, known: &impl Known) -> Vec<Forwarded> {
        let mut routes = Vec::new();
        while routes.is_empty() && self.may_go_on(conn, known) {
            let Some(next) = self.conns.get_mut(&conn).and_then(|line| line.waiting.pop_front()) else { break };
            self.forward(conn, next, known, &mut routes);
        }
        routes
    }

    /// All that this node has in the log is void, and all of its connections end.
    pub fn clear(&mut self) {
        self.conns.clear();
    }

    fn route(&mut self, input: Input, known: &impl Known, routes: &mut Vec<Forwarded>) {
        let Some(conn) = input.conn() else {
            let shared = matches!(input, Input::Ordered(..) | Input::Agreed(_));
            return routes.push(if shared { Forwarded::Everywhere(input) } else { Forwarded::Here(input) });
        };
        if let Input::Connected(..) = input {
            self.conns.insert(conn, LocalConnection::default());
        }
        let is_end = matches!(input, Input::Disconnected(..));
        let Some(line) = self.conns.get_mut(&conn) else {
            // It has ended already, with all that this node had in the log.
            return routes.extend(is_end.then_some(Forwarded::Here(Input::Unplugged(conn))));
        };
        if is_end {
            return self.end(conn, input, known, routes);
        }
        let waits = match concern(&input, line.introduced) {
            // What ends a wait does not wait.
            Concern::Alive => false,
            _ if ends_a_wait(&input) => false,
            Concern::Here | Concern::Check => line.is_busy() || known.is_held(conn),
            Concern::Everybody => line.checking || !line.waiting.is_empty(),
        };
        if waits && line.waiting.len() >= MAX_PARKED {
            routes.push(Forwarded::Here(too_many(conn, input)));
        } else if waits {
            line.waiting.push_back(input);
        } else {
            self.forward(conn, input, known, routes);
        }
    }

    /// A connection is gone: what it asked for is done, but for what it would have learnt from that, and what waits for the
    /// check of a passphrase.
    fn end(&mut self, conn: ConnId, input: Input, known: &impl Known, routes: &mut Vec<Forwarded>) {
        let Some(line) = self.conns.get_mut(&conn) else { return };
        let (waiting, introduced) = (std::mem::take(&mut line.waiting), line.introduced);
        let goes_on = !line.checking;
        for waiting in
            waiting.into_iter().filter(|waiting| goes_on && concern(waiting, introduced) == Concern::Everybody)
        {
            self.forward(conn, waiting, known, routes);
        }
        self.forward(conn, input, known, routes);
    }

    /// Whether the first that a connection has waiting need not wait any longer.
    fn may_go_on(&self, conn: ConnId, known: &impl Known) -> bool {
        let Some(line) = self.conns.get(&conn).filter(|line| !line.checking) else { return false };
        match line.waiting.front().map(|input| concern(input, line.introduced)) {
            None => false,
            Some(Concern::Everybody | Concern::Alive) => true,
            Some(Concern::Here | Concern::Check) => line.under_way == 0 && !known.is_held(conn),
        }
    }

    fn forward(&mut self, conn: ConnId, input: Input, known: &impl Known, routes: &mut Vec<Forwarded>) {
        let Some(line) = self.conns.get_mut(&conn) else { return };
        let concern = concern(&input, line.introduced);
        line.checking |= concern == Concern::Check;
        match (concern, input) {
            (Concern::Everybody, Input::Disconnected(_, why)) => {
                line.under_way += 1;
                routes.push(Forwarded::Here(Input::Unplugged(conn)));
                routes.push(Forwarded::Everywhere(Input::Gone(conn, why)));
            }
            (Concern::Everybody, input) => {
                if !std::mem::replace(&mut line.introduced, true)
                    && let Some(introduction) = known.introduction(conn)
                {
                    line.under_way += 1;
                    routes.push(Forwarded::Everywhere(Input::Introduced(conn, introduction)));
                }
                line.under_way += 1;
                routes.push(Forwarded::Everywhere(input));
            }
            (_, input) => {
                if matches!(input, Input::Disconnected(..)) {
                    self.conns.remove(&conn);
                }
                routes.push(Forwarded::Here(input));
            }
        }
    }

    /// The broker has handled something here: if no check began by it, none is waited for.
    pub fn handled_here(&mut self, conn: ConnId, known: &impl Known) -> Vec<Forwarded> {
        if let Some(line) = self.conns.get_mut(&conn).filter(|line| line.checking && line.under_way == 0) {
            line.checking = known.is_held(conn);
        }
        self.go_on(conn, known)
    }
}

impl LocalConnection {
    fn is_busy(&self) -> bool {
        self.under_way > 0 || self.checking || !self.waiting.is_empty()
    }
}

/// The refusal of a request for which there is no place to wait; it is never done.
fn too_many(conn: ConnId, input: Input) -> Input {
    let reference = if let Input::Received(_, Ok(request)) = input { request.reference } else { None };
    let text = "Your earlier requests are still under way; wait for their answers.";
    Input::Received(conn, Err(Refusal::new(reference, Code::Busy, text)))
}

/// Whether others wait for an input of the same connection.
fn ends_a_wait(input: &Input) -> bool {
    matches!(
        input,
        Input::Checked(..) | Input::Judged(..) | Input::LoginOf(..) | Input::LookedUp(..) | Input::Answered(_)
    )
}

/// Whom an input about a connection concerns; `introduced` says whether others know of the connection.
fn concern(input: &Input, introduced: bool) -> Concern {
    let if_introduced = if introduced { Concern::Everybody } else { Concern::Here };
    match input {
        Input::Received(_, Ok(request)) => of_command(&request.command, if_introduced),
        Input::Shown(..)
        | Input::Judged(..)
        | Input::LoginOf(..)
        | Input::LookedUp(..)
        | Input::Introduced(..)
        | Input::Gone(..) => Concern::Everybody,
        Input::Speaks(..) | Input::Disconnected(..) | Input::Cut(..) => if_introduced,
        Input::Connected(..)
        | Input::Proved(..)
        | Input::Received(_, Err(_))
        | Input::Unplugged(_)
        | Input::Checked(..)
        | Input::NodeGone(_)
        | Input::NodeCame
        | Input::Stored(_)
        | Input::Promised(_)
        | Input::Deleted(_)
        | Input::Changed(_)
        | Input::Erased(_)
        | Input::Ordered(..)
        | Input::Answered(_)
        | Input::Relay(_)
        | Input::Rules(_)
        | Input::Agreed(_)
        | Input::GoOn
        | Input::StoodStill(_)
        | Input::Clock(_)
        | Input::Tick
        | Input::Watch
        | Input::Withdraw(_)
        | Input::Return
        | Input::Behind(_)
        | Input::Shutdown => Concern::Here,
    }
}

/// Whom a request concerns. One of a connection of which others know nothing is refused here, unless it asks for a name or
/// shows a code.
fn of_command(command: &Command, if_introduced: Concern) -> Concern {
    match command {
        Command::Session(command) => match command {
            SessionCommand::Name(_) | SessionCommand::TakeOver(_) | SessionCommand::Code(_) => Concern::Everybody,
            SessionCommand::Moderator(_) => Concern::Check,
            SessionCommand::Token(_) | SessionCommand::Capabilities(_) | SessionCommand::Exit => if_introduced,
            SessionCommand::Ping(_) | SessionCommand::Pong(_) => Concern::Alive,
        },
        Command::Message(command) => match command {
            MessageCommand::Echo(_) => Concern::Here,
            MessageCommand::Private { .. }
            | MessageCommand::Broadcast { .. }
            | MessageCommand::Room { .. }
            | MessageCommand::Change { .. } => if_introduced,
        },
        Command::History(command) => match command {
            HistoryCommand::Read { .. } => if_introduced,
            HistoryCommand::Conversations
            | HistoryCommand::Page { .. }
            | HistoryCommand::Changes { .. }
            | HistoryCommand::Search(_)
            | HistoryCommand::Modlog { .. } => Concern::Here,
        },
        Command::Room(command) => match command {
            RoomCommand::List | RoomCommand::Members(_) => Concern::Here,
            RoomCommand::Join { .. }
            | RoomCommand::Leave(_)
            | RoomCommand::Topic { .. }
            | RoomCommand::Invite { .. } => if_introduced,
        },
        Command::Moderation(command) => match command {
            ModerationCommand::Bans(_) => Concern::Here,
            ModerationCommand::Act(_) => if_introduced,
        },
        Command::User(command) => match command {
            UserCommand::List | UserCommand::Whois(_) | UserCommand::Ignored | UserCommand::Sessions => Concern::Here,
            UserCommand::Away(_)
            | UserCommand::Ignore(_)
            | UserCommand::Unignore(_)
            | UserCommand::Undisturbed(_)
            | UserCommand::EndSession(_)
            | UserCommand::Rename(_)
            | UserCommand::LeaveServer => if_introduced,
        },
        Command::Key(command) => match command {
            KeyCommand::List | KeyCommand::Invitations => Concern::Here,
            KeyCommand::Revoke(_)
            | KeyCommand::Invite
            | KeyCommand::InviteNewcomers(_)
            | KeyCommand::RevokeInvitation(_) => if_introduced,
        },
        Command::Call(_) | Command::Conference(_) | Command::Closing(_) => if_introduced,
        Command::Unknown(_) => Concern::Here,
    }
}
