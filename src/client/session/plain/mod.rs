//! Plain mode: where its lines go, what became of them, and when there is nothing left to stay for.
//!
//! Keeps true: what was meant for one goes to nobody else, and the farewell counts every line that was not sent.
//!
//! Must not know: where lines come from, how one is sent, or standard output.

use std::time::Duration;

use crate::client::action::{self, Action};
use crate::client::msg::Farewell;
use crate::client::session::notice::Notice;
use crate::model::{Target, Text, Timestamp, Url};

/// After the end of the input, how long nothing may come of what is left.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How much of a line that is left out is shown, in bytes.
const SHOWN: usize = 40;

/// The recipient of plain mode's lines.
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

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Plain {
    aim: Aim,
    /// Where the last line went, and whether to its sender too, if it was a message.
    went: Option<(Target, bool)>,
    /// Whether the last line was left out: then so is what it goes on with.
    left_out: bool,
    /// Whether the input has ended.
    ended: bool,
    last_progress: Timestamp,
    /// How many lines were not sent.
    not_sent: usize,
    /// Whether the server said no to something.
    refused: bool,
    /// Whether the list of who is online is to be printed once it is there.
    print_list: bool,
}

impl Plain {
    /// A line comes in; `room` if it may wait. Whether it is taken.
    pub(in crate::client::session) fn takes_line(&mut self, room: bool) -> bool {
        self.left_out = !room;
        room
    }

    /// More of the line before comes in. Whether it is taken.
    pub(in crate::client::session) fn takes_rest(&mut self, room: bool) -> bool {
        self.left_out |= !room;
        !self.left_out
    }

    /// A line begins to be carried out.
    pub(in crate::client::session) fn begin_line(&mut self) {
        self.went = None;
    }

    /// The line at hand is a message: what it goes on with goes there as well.
    pub(in crate::client::session) fn went(&mut self, target: &Target, me_too: bool) {
        self.went = Some((target.clone(), me_too));
    }

    /// Where what the last line goes on with is sent to, wherever the line went: not to others, and not as a command.
    pub(in crate::client::session) fn goes_on_to(&self) -> Option<(Target, bool)> {
        self.went.clone()
    }

    /// A line is left out; why.
    pub(in crate::client::session) fn leave_out(&mut self, why: &str, text: &str) -> Notice {
        self.not_sent += 1;
        let shown = Text::line(text.get(..text.floor_char_boundary(SHOWN)).unwrap_or_default());
        Notice::trouble(format!("{why} Not sent: {shown}"))
    }

    /// The lines that follow go there, or to nobody if that cannot be.
    pub(in crate::client::session) fn aim_at(&mut self, target: Option<Target>) -> Option<Notice> {
        let words = |target: &Target| format!("What you write goes to {target} now; /everyone goes back to all.");
        let notice = target.as_ref().map(words).map(Notice::News);
        self.aim = target.map_or(Aim::Nobody, Aim::At);
        notice
    }

    /// The lines that follow go to everyone; says so if they did not before.
    pub(in crate::client::session) fn aim_at_everyone(&mut self) -> Option<Notice> {
        let other = std::mem::take(&mut self.aim) != Aim::default();
        other.then(|| Notice::news("What you write goes to everyone now."))
    }

    /// The recipient of the lines, if there is one.
    pub(in crate::client::session) fn aim(&self) -> Option<&Target> {
        if let Aim::At(target) = &self.aim { Some(target) } else { None }
    }

    /// There is no such user or room: if the lines go there, the next ones go nowhere.
    pub(in crate::client::session) fn missed(&mut self, whom: impl Fn(&Target) -> bool) {
        if matches!(&self.aim, Aim::At(target) if *target != Target::Everyone && whom(target)) {
            self.aim = Aim::Nobody;
        }
    }

    /// The recipient of a line.
    ///
    /// # Errors
    /// There is none; what to tell the person.
    pub(in crate::client::session) fn recipient(&self, text: &str) -> Result<Target, Notice> {
        match &self.aim {
            Aim::At(target) => Ok(target.clone()),
            Aim::Nobody => {
                let text = Text::block(text);
                Err(Notice::trouble(format!("Say first to whom, with /query NAME or /everyone. Not sent: {text}")))
            }
        }
    }

    /// The input has ended.
    pub(in crate::client::session) fn end(&mut self, now: Timestamp) {
        self.ended = true;
        self.progress(now);
    }

    pub(in crate::client::session) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Something came of the input: the patience begins anew.
    pub(in crate::client::session) fn progress(&mut self, now: Timestamp) {
        self.last_progress = now;
    }

    /// A line was not sent.
    pub(in crate::client::session) fn count_not_sent(&mut self) {
        self.not_sent += 1;
    }

    /// The server said no to something.
    pub(in crate::client::session) fn count_refused(&mut self) {
        self.refused = true;
    }

    /// Whether the list of who is online is to be printed once it is there.
    pub(in crate::client::session) fn set_print_list(&mut self, print: bool) {
        self.print_list = print;
    }

    /// The same, and it is printed now.
    pub(in crate::client::session) fn take_print_list(&mut self) -> bool {
        std::mem::take(&mut self.print_list)
    }

    /// Whether nothing has come of what is left for too long after the end of the input.
    pub(in crate::client::session) fn is_late(&self, now: Timestamp) -> bool {
        now.since(self.last_progress) >= PATIENCE
    }

    pub(in crate::client::session) fn deadline(&self) -> Option<Timestamp> {
        self.ended.then(|| self.last_progress.after(PATIENCE))
    }

    /// How the program ends after the input; `left_over` is how many lines wait all the same, `server` the one that never
    /// answered.
    pub(in crate::client::session) fn farewell(&self, left_over: usize, server: Option<&Url>) -> Farewell {
        match (self.not_sent + left_over, server) {
            (0, Some(server)) => Farewell::Failed(format!("{server} does not answer.")),
            (0, None) if !self.refused => Farewell::Done,
            _ if self.refused => Farewell::Refused("The server refused part of the input.".to_owned()),
            (1, _) => Farewell::Failed("1 line was not sent.".to_owned()),
            (count, _) => Farewell::Failed(format!("{count} lines were not sent.")),
        }
    }
}

/// Whether a line is a command that does not wait for those before it, if none do.
pub(in crate::client::session) fn is_at_once(line: &str) -> bool {
    let command = line.strip_prefix('/').and_then(|line| line.split_whitespace().next()).and_then(action::of_command);
    matches!(command, Some(Action::Exit | Action::Help | Action::Reconnect))
}
