//! What waits to be sent: plain mode's lines, all accepted before the program leaves, and the screen's messages.
//!
//! Must not know: where lines come from, or how a message is marked.

use std::collections::VecDeque;
use std::time::Duration;

use super::messages::{Awaited, Outgoing};
use crate::client::action::{self, Action};
use crate::client::link::state::Connection;
use crate::client::msg::Farewell;
use crate::client::plain::print as plain;
use crate::client::session::{Mode, Session};
use crate::model::{Target, Text, Timestamp};
use crate::protocol::Dialect;

/// How many lines wait at most; [`Session::takes_lines`](crate::client::session::Session::takes_lines) says when to stop reading.
pub const MAX_LINES: usize = 1000;
/// How many messages are on their way at once: fewer than the server lets through in one burst.
pub const WINDOW: usize = 16;
/// After the end of the input, how long nothing may come of what is left.
pub const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Debug)]
enum Waiting {
    Line(String),
    /// Goes where the line before it went.
    Rest(String),
    Message(Outgoing),
}

/// Whom plain mode's lines go to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Aim {
    At(Target),
    /// A `/query` failed: what was meant for one must not go to all.
    Nobody,
}

impl Default for Aim {
    fn default() -> Self {
        Self::At(Target::Everyone)
    }
}

/// What was read and not sent yet.
#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Input {
    waiting: VecDeque<Waiting>,
    aim: Aim,
    /// Where the last line went, and whether to oneself too, if it was a message.
    went: Option<(Target, bool)>,
    /// The last line was left out: so is what it goes on with.
    left_out: bool,
    ended: bool,
    held_until: Option<Timestamp>,
    last_progress: Timestamp,
    not_sent: usize,
    refused: bool,
    slow: Slow,
}

/// What was told of a run of messages that the server takes slowly.
#[derive(Clone, Copy, Debug, Default)]
struct Slow {
    told: bool,
    gave_up: bool,
}

impl Input {
    pub(in crate::client::session) fn has_room(&self) -> bool {
        self.waiting.len() < MAX_LINES
    }

    /// Something came of it: the patience begins anew.
    pub(in crate::client::session) fn progress(&mut self, now: Timestamp) {
        self.last_progress = now;
    }

    /// Counts what could not be done; `refused` if the server said no.
    pub(in crate::client::session) fn failed(&mut self, refused: bool) {
        if refused {
            self.refused = true;
        } else {
            self.not_sent += 1;
        }
    }

    /// How many lines and messages wait.
    pub(in crate::client::session) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// A message was given up because it came too fast; `true` if another one of the same run was before it.
    pub(in crate::client::session) fn gave_up(&mut self) -> bool {
        std::mem::replace(&mut self.slow.gave_up, true)
    }

    /// A message came too fast: it goes again, before what was not sent at all, after those that came before it.
    /// `true` if it is the first of a run.
    pub(in crate::client::session) fn hold(&mut self, message: Outgoing, now: Timestamp, wait: Duration) -> bool {
        let held = |waiting: &Waiting| matches!(waiting, Waiting::Message(message) if message.tries > 0);
        let at = self.waiting.iter().take_while(|waiting| held(waiting)).count();
        self.waiting.insert(at, Waiting::Message(message));
        let until = now.after(wait);
        self.held_until = Some(self.held_until.map_or(until, |held| held.max(until)));
        self.progress(now);
        !std::mem::replace(&mut self.slow.told, true)
    }

    pub(in crate::client::session) fn deadline(&self) -> Option<Timestamp> {
        let patience = self.ended.then(|| self.last_progress.after(PATIENCE));
        self.held_until.into_iter().chain(patience).min()
    }
}

impl Session {
    pub(in crate::client::session) fn take_line(&mut self, line: String) {
        if self.mode != Mode::Plain {
            return;
        }
        let command =
            line.strip_prefix('/').and_then(|line| line.split_whitespace().next()).and_then(action::of_command);
        let now = matches!(command, Some(Action::Exit | Action::Help | Action::Reconnect));
        self.input.left_out = !self.input.has_room();
        if now && self.input.waiting.is_empty() {
            self.input.went = None;
            self.enter(&line);
        } else if !self.input.left_out {
            self.input.waiting.push_back(Waiting::Line(line));
        } else {
            self.left_out("Too many lines wait already.", &line);
        }
    }

    /// More of the line before.
    pub(in crate::client::session) fn take_rest(&mut self, text: String) {
        if self.mode != Mode::Plain {
            return;
        }
        self.input.left_out |= !self.input.has_room();
        if !self.input.left_out {
            self.input.waiting.push_back(Waiting::Rest(text));
        } else {
            self.left_out("Too many lines wait already.", &text);
        }
    }

    fn left_out(&mut self, why: &str, text: &str) {
        self.input.failed(false);
        let shown = Text::line(text.get(..text.floor_char_boundary(40)).unwrap_or_default());
        self.complain(format!("{why} Not sent: {shown}"));
    }

    /// The line at hand is a message, and goes there: what it goes on with goes there as well.
    pub(in crate::client::session) fn went(&mut self, message: &Outgoing) {
        self.input.went = Some((message.target.clone(), message.me_too));
    }

    /// Sends what a line goes on with, wherever the line went: not to others, and not as a command.
    fn go_on(&mut self, text: &str) {
        match self.input.went.clone() {
            Some((target, me_too)) => drop(self.send(target, me_too, text)),
            None => self.left_out("The line it belongs to was no message.", text),
        }
    }

    /// Plain mode's lines that follow go to one user, to a room, or to nobody if that cannot be.
    pub(in crate::client::session) fn aim_at(&mut self, target: Option<Target>) {
        if let Some(target) = &target {
            self.tell(format!("What you write goes to {target} now; /everyone goes back to all."));
        }
        self.input.aim = target.map_or(Aim::Nobody, Aim::At);
    }

    /// `/everyone` in plain mode.
    pub(in crate::client::session) fn aim_at_everyone(&mut self) {
        if std::mem::take(&mut self.input.aim) != Aim::default() {
            self.tell("What you write goes to everyone now.");
        }
    }

    /// Whom plain mode's lines go to, if to anybody.
    pub(in crate::client::session) fn aim(&self) -> Option<&Target> {
        if let Aim::At(target) = &self.input.aim { Some(target) } else { None }
    }

    /// There is no such user or room: if that is whom the lines go to, the next ones go nowhere.
    pub(in crate::client::session) fn missed(&mut self, whom: impl Fn(&Target) -> bool) {
        if matches!(&self.input.aim, Aim::At(target) if *target != Target::Everyone && whom(target)) {
            self.input.aim = Aim::Nobody;
        }
    }

    /// Whom a line of plain mode goes to; says so if it goes to nobody.
    pub(in crate::client::session) fn aimed(&mut self, text: &str) -> Option<Target> {
        match &self.input.aim {
            Aim::At(target) => Some(target.clone()),
            Aim::Nobody => {
                let text = Text::block(text);
                self.complain(format!("Say first to whom, with /query NAME or /everyone. Not sent: {text}"));
                None
            }
        }
    }

    pub(in crate::client::session) fn end_of_input(&mut self) {
        self.input.ended = true;
        self.input.progress(self.now.steady);
    }

    /// A message of the screen, to be sent after what waits.
    pub(in crate::client::session) fn line_up(&mut self, message: Outgoing) {
        self.input.waiting.push_back(Waiting::Message(message));
    }

    /// Messages that were on their way when the connection was lost go first, in their order.
    pub(in crate::client::session) fn put_back(&mut self, messages: impl DoubleEndedIterator<Item = Outgoing>) {
        self.input.held_until = None;
        for message in messages.rev() {
            self.input.waiting.push_front(Waiting::Message(message));
        }
        let order = |waiting: &Waiting| match waiting {
            Waiting::Message(message) if message.handed => message.order,
            _ => u64::MAX,
        };
        self.input.waiting.make_contiguous().sort_by_key(order);
    }

    /// Takes out the messages that a server may have got.
    pub(in crate::client::session) fn take_handed(&mut self) -> Vec<Outgoing> {
        self.input.held_until = None;
        let (handed, waiting) = std::mem::take(&mut self.input.waiting)
            .into_iter()
            .partition::<VecDeque<_>, _>(|waiting| matches!(waiting, Waiting::Message(message) if message.handed));
        self.input.waiting = waiting;
        let message = |waiting| if let Waiting::Message(message) = waiting { Some(message) } else { None };
        handed.into_iter().filter_map(message).collect()
    }

    /// A message to be sent before anything that waits, cut into as many as it takes.
    pub(in crate::client::session) fn queue(&mut self, message: Outgoing) {
        for part in plain::split(message.text.as_str()).into_iter().rev() {
            let part = Outgoing { text: Text::block(&part), ..message.clone() };
            self.input.waiting.push_front(Waiting::Message(part));
        }
    }

    /// Sends what waits, as far as the server lets us, and leaves when there is nothing more to do.
    pub(in crate::client::session) fn work_off_input(&mut self) {
        if self.left {
            return;
        }
        if self.input.held_until.is_some_and(|until| until <= self.now.steady) {
            self.input.held_until = None;
        }
        while let Some(dialect) = self.dialect().filter(|_| !self.left && self.may_send()) {
            match self.input.waiting.pop_front() {
                Some(Waiting::Rest(text)) => self.go_on(&text),
                Some(Waiting::Line(line)) => {
                    self.input.went = None;
                    if !self.enter(&line) {
                        self.input.failed(false);
                    }
                }
                Some(Waiting::Message(message)) => self.hand_over(message, dialect),
                None => break,
            }
            self.input.progress(self.now.steady);
        }
        if self.pending() == 0 {
            self.input.slow = Slow::default();
        }
        if self.input.ended && !self.left {
            self.leave_when_done();
        }
    }

    fn may_send(&self) -> bool {
        // An answer about the server's end, or where one is, decides what lines come after it.
        let plain = self.mode == Mode::Plain;
        let deciding = |awaited: &Awaited| match awaited {
            Awaited::Moderator | Awaited::Close => plain,
            Awaited::Asked(asked) => plain && asked.decides(),
            _ => false,
        };
        self.input.held_until.is_none() && self.in_flight() < WINDOW && !self.awaited.values().any(deciding)
    }

    /// Whether plain mode has nothing left to stay for.
    pub(in crate::client::session) fn is_done(&self) -> bool {
        self.input.ended && self.input.waiting.is_empty() && self.awaited.is_empty() && !self.search.awaits_anything()
    }

    fn leave_when_done(&mut self) {
        let settled = self.dialect() == Some(Dialect::Tr223) || self.dialect() == Some(Dialect::Tr226);
        let cut_off = self.been_online && matches!(self.connection, Connection::Waiting { .. });
        let late = self.now.steady.since(self.input.last_progress) >= PATIENCE;
        if !(self.is_done() && (settled || cut_off) || late) {
            return;
        }
        let left_over = self.pending();
        let not_sent = self.input.not_sent + left_over;
        self.leave(match not_sent {
            0 if !self.been_online => Farewell::Failed(format!("{} does not answer.", self.server)),
            0 if !self.input.refused => Farewell::Done,
            _ if self.input.refused => Farewell::Refused("The server refused part of the input.".to_owned()),
            1 => Farewell::Failed("1 line was not sent.".to_owned()),
            count => Farewell::Failed(format!("{count} lines were not sent.")),
        });
    }
}
