//! Plain mode: where its lines go, how many failed, and how it ends.
//!
//! Keeps true: a line meant for one recipient goes to nobody else, and the farewell counts every line that was not
//! sent.
//!
//! - [`watch`]: what it was started for, other than its input.
//!
//! Must not know: where lines come from, how they are sent, or standard output.

mod watch;

use std::time::Duration;

use crate::client::action::{self, Action};
use crate::client::chat::venue::Venue;
use crate::client::msg::Farewell;
use crate::client::session::notice::Notice;
use crate::client::session::start::PlainOptions;

use self::watch::Watch;
use crate::language::places::place;
use crate::language::sending as say;
use crate::model::{Name, Target, Text, Timestamp, Url};

/// How long the client waits without progress after the end of the input.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How much of a skipped line is shown, in bytes.
const SHOWN: usize = 40;
/// The most messages that one line of input becomes; the rest of the line is not sent.
pub const MAX_PARTS: usize = 200;
/// The most requests of a program that await an answer other than the acceptance of a message.
const MAX_ASKED: usize = 1000;

/// The recipient of plain mode's lines.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Aim {
    At(Target),
    /// What is said goes directly to this user, and nowhere else.
    Direct(Name),
    /// A `/query` failed: lines meant for one recipient must not go to everyone.
    Nobody,
}

impl Default for Aim {
    fn default() -> Self {
        Self::At(Target::Everyone)
    }
}

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Plain {
    aim: Aim,
    /// The recipient of the last line, if it was a message, and whether it comes to its sender too.
    went: Option<(Target, bool)>,
    /// Whether the last line was skipped; its rest is skipped too.
    left_out: bool,
    /// Whether the input has ended.
    ended: bool,
    last_progress: Timestamp,
    /// The number of lines that were not sent.
    not_sent: usize,
    /// Whether the server refused anything.
    refused: bool,
    /// Whether anything else failed.
    failed: bool,
    /// Whether to print the list of who is online once it is complete.
    print_list: bool,
    /// Whether a line that begins with a slash is a command.
    commands: bool,
    watch: Watch,
    /// How many messages the current line has become.
    parts: usize,
    /// Why the input or the output has failed.
    failure: Option<String>,
    /// The requests of a program that await an answer: the label of each on the wire, and its own.
    asked: Vec<(String, Option<String>)>,
}

impl Plain {
    pub(in crate::client::session) fn new(options: &PlainOptions) -> Self {
        Self {
            aim: options.to.clone().map_or_else(Aim::default, Aim::At),
            commands: options.commands,
            watch: Watch::new(options),
            ..Self::default()
        }
    }

    pub(in crate::client::session) fn watch(&self) -> &Watch {
        &self.watch
    }

    pub(in crate::client::session) fn watch_mut(&mut self) -> &mut Watch {
        &mut self.watch
    }

    /// A line as it is carried out: where there are no commands, a slash at its beginning is text.
    pub(in crate::client::session) fn as_written(&self, line: String) -> String {
        if line.starts_with('/') && !self.commands { format!("/{line}") } else { line }
    }

    /// Takes a line if there is `room` in the queue; otherwise it is skipped.
    pub(in crate::client::session) fn takes_line(&mut self, room: bool) -> bool {
        self.left_out = !room;
        room
    }

    /// Takes the rest of a line if there is `room` and the line was not skipped.
    pub(in crate::client::session) fn takes_rest(&mut self, room: bool) -> bool {
        self.left_out |= !room;
        !self.left_out
    }

    /// Begins to carry out a line; returns what to tell about the last one.
    pub(in crate::client::session) fn begin_line(&mut self) -> Option<Notice> {
        self.went = None;
        self.end_line()
    }

    /// The current line is complete; says so if it became many messages.
    pub(in crate::client::session) fn end_line(&mut self) -> Option<Notice> {
        let parts = std::mem::take(&mut self.parts);
        (parts > 1).then(|| Notice::Trouble(say::sent_as_parts(parts)))
    }

    /// The current line became so many more messages.
    pub(in crate::client::session) fn count_parts(&mut self, parts: usize) {
        self.parts += parts;
    }

    /// Whether the current line may become more messages.
    pub(in crate::client::session) fn may_go_on(&self) -> bool {
        self.parts < MAX_PARTS
    }

    /// The current line is a message; its rest has the same recipient.
    pub(in crate::client::session) fn went(&mut self, target: &Target, me_too: bool) {
        self.went = Some((target.clone(), me_too));
    }

    /// The recipient of the rest of the last line, which must not go to others or become a command.
    pub(in crate::client::session) fn goes_on_to(&self) -> Option<(Target, bool)> {
        self.went.clone()
    }

    /// Counts a skipped line; returns what to tell the person.
    pub(in crate::client::session) fn leave_out(&mut self, why: &str, text: &str) -> Notice {
        self.not_sent += 1;
        let shown = Text::line(text.get(..text.floor_char_boundary(SHOWN)).unwrap_or_default());
        Notice::trouble(say::why_line_not_sent(why, &shown))
    }

    /// Changes the recipient of the lines that follow; `None` if it is invalid, so that they go to nobody.
    pub(in crate::client::session) fn aim_at(&mut self, target: Option<Target>) -> Option<Notice> {
        let words = |target: &Target| say::goes_to(place(target));
        let notice = target.as_ref().map(words).map(Notice::News);
        self.aim = target.map_or(Aim::Nobody, Aim::At);
        notice
    }

    /// What is said goes directly to this user from now on; `open` if there is a channel to them already.
    pub(in crate::client::session) fn aim_directly(&mut self, name: Name, open: bool) -> Notice {
        let notice = Notice::News(if open { say::goes_directly_to(&name) } else { say::will_go_directly_to(&name) });
        self.aim = Aim::Direct(name);
        notice
    }

    /// The user to whom what is said goes directly.
    pub(in crate::client::session) fn direct_aim(&self) -> Option<&Name> {
        if let Aim::Direct(name) = &self.aim { Some(name) } else { None }
    }

    /// Makes everyone the recipient of the lines that follow; says so if that is new.
    pub(in crate::client::session) fn aim_at_everyone(&mut self) -> Option<Notice> {
        let other = std::mem::take(&mut self.aim) != Aim::default();
        other.then(|| Notice::news(say::goes_to_everyone()))
    }

    /// The current recipient, if there is one.
    pub(in crate::client::session) fn aim(&self) -> Option<&Target> {
        if let Aim::At(target) = &self.aim { Some(target) } else { None }
    }

    /// A user or room does not exist: if it is the recipient, the lines that follow go to nobody.
    pub(in crate::client::session) fn missed(&mut self, whom: impl Fn(&Target) -> bool) {
        if matches!(&self.aim, Aim::At(target) if *target != Target::Everyone && whom(target)) {
            self.aim = Aim::Nobody;
        }
    }

    /// Where a message goes.
    ///
    /// # Errors
    /// There is no recipient; says what to do.
    pub(in crate::client::session) fn venue(&self, text: &str) -> Result<Venue, Notice> {
        match &self.aim {
            Aim::At(target) => Ok(Venue::Server(target.clone())),
            Aim::Direct(name) => Ok(Venue::Direct(name.clone())),
            Aim::Nobody => {
                let text = Text::block(text);
                Err(Notice::trouble(say::choose_recipient(&text)))
            }
        }
    }

    /// Nothing can be said directly to a user any more: if that is where lines go, the next ones go to nobody.
    pub(in crate::client::session) fn missed_directly(&mut self, name: &Name) {
        if matches!(&self.aim, Aim::Direct(aimed) if aimed.folded() == name.folded()) {
            self.aim = Aim::Nobody;
        }
    }

    /// The input has ended.
    pub(in crate::client::session) fn end(&mut self, now: Timestamp) {
        self.ended = true;
        self.progress(now);
    }

    /// The input or the output has failed; what was read before is still sent.
    pub(in crate::client::session) fn fail(&mut self, why: String, now: Timestamp) {
        self.failure.get_or_insert(why);
        self.end(now);
    }

    /// Whether no line is read any more.
    pub(in crate::client::session) fn is_closed(&self) -> bool {
        self.ended || self.watch.ignores_input()
    }

    /// Whether it is to leave once everything is settled.
    pub(in crate::client::session) fn is_over(&self) -> bool {
        if self.failure.is_some() {
            return true;
        }
        self.watch.is_done().unwrap_or(self.ended)
    }

    /// A request of a program awaits the answer with this label on the wire.
    pub(in crate::client::session) fn asked(&mut self, wire: String, label: Option<String>) {
        if self.asked.len() < MAX_ASKED {
            self.asked.push((wire, label));
        }
    }

    /// The requests of a program whose answers are no longer awaited, in order.
    pub(in crate::client::session) fn take_answered(&mut self, awaits: impl Fn(&str) -> bool) -> Vec<Option<String>> {
        let gone = self.asked.extract_if(.., |(wire, _)| !awaits(wire));
        gone.map(|(_, label)| label).collect()
    }

    /// Removes and returns the request of a program with this label on the wire.
    pub(in crate::client::session) fn take_asked(&mut self, wire: &str) -> Option<Option<String>> {
        let at = self.asked.iter().position(|(other, _)| other == wire)?;
        Some(self.asked.remove(at).1)
    }

    /// There was progress: the wait begins again.
    pub(in crate::client::session) fn progress(&mut self, now: Timestamp) {
        self.last_progress = now;
    }

    /// A line was not sent.
    pub(in crate::client::session) fn count_not_sent(&mut self) {
        self.not_sent += 1;
    }

    /// The server refused something.
    pub(in crate::client::session) fn count_refused(&mut self) {
        self.refused = true;
    }

    /// A command failed on this machine.
    pub(in crate::client::session) fn count_failed(&mut self) {
        self.failed = true;
    }

    /// Whether to print the list of who is online once it is complete.
    pub(in crate::client::session) fn set_print_list(&mut self, print: bool) {
        self.print_list = print;
    }

    /// The same, and resets it.
    pub(in crate::client::session) fn take_print_list(&mut self) -> bool {
        std::mem::take(&mut self.print_list)
    }

    /// Whether there has been no progress for too long.
    pub(in crate::client::session) fn is_late(&self, now: Timestamp) -> bool {
        now.since(self.last_progress) >= PATIENCE
    }

    pub(in crate::client::session) fn deadline(&self) -> Option<Timestamp> {
        let settled = self.is_over().then(|| self.last_progress.after(PATIENCE));
        settled.into_iter().chain(self.watch.deadline()).min()
    }

    /// The farewell after the end of the input; `left_over` is the number of lines still pending, `server` the one that
    /// never answered.
    pub(in crate::client::session) fn farewell(&self, left_over: usize, server: Option<&Url>) -> Farewell {
        match (self.not_sent + left_over, server) {
            _ if self.failure.is_some() => Farewell::Failed(self.failure.clone().unwrap_or_default()),
            (0, Some(server)) => Farewell::Failed(say::does_not_answer(server)),
            (0, None) if !self.refused && !self.failed => Farewell::Done,
            _ if self.refused => Farewell::Refused(say::part_refused().to_owned()),
            (0, None) => Farewell::Failed(say::part_not_done().to_owned()),
            (count, _) => Farewell::Failed(say::lines_not_sent(count)),
        }
    }
}

/// Whether a line is a command that is carried out at once if the queue is empty.
pub(in crate::client::session) fn is_at_once(line: &str) -> bool {
    let command = line.strip_prefix('/').and_then(|line| line.split_whitespace().next()).and_then(action::of_command);
    matches!(command, Some(Action::Exit | Action::Help | Action::Reconnect))
}

/// Whether a line is a command that does not wait for a channel: it answers or ends a call, or says how things are.
pub(in crate::client::session) fn is_about_calls(line: &str) -> bool {
    let command = line.strip_prefix('/').and_then(|line| line.split_whitespace().next()).and_then(action::of_command);
    matches!(
        command,
        Some(Action::HangUp | Action::Answer | Action::Decline | Action::Status | Action::Help | Action::Exit)
    )
}
