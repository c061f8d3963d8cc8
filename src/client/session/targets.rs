//! Where one is, what the server can do there, and what becomes of what was asked about it.
//!
//! Must not know: what rooms are for (`rooming`), or what moderators do (`moderating`).

use super::{Mode, Session};
use crate::client::dialogs::Dialog;
use crate::client::link::state::Abilities;
use crate::client::session::outbound::messages::Awaited;
use crate::model::{RoomName, Target, Text};
use crate::protocol::Verb;

/// Something that was asked about a place or about people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// To be in a room.
    Join(RoomName),
    /// Not to be in it any more.
    Leave(RoomName),
    /// Which rooms there are.
    Rooms,
    /// Who is in a room; whether the person asked, or only the pane beside the messages.
    Members(RoomName, bool),
    /// To set a topic.
    Topic,
    /// To ask somebody into a room.
    Invite(RoomName, String),
    /// Something that moderators do.
    Act,
    /// Whom a ban would hit.
    DryRun,
    /// What is in force.
    Bans,
    /// What was done there.
    Modlog(Target),
    /// To be away or back.
    Away,
    /// To ignore somebody, or whom one ignores.
    Ignored,
    /// To close the server later, or not to.
    Closing,
}

impl Asked {
    /// Whether the answer decides what plain mode's next lines mean.
    pub(super) fn decides(&self) -> bool {
        matches!(self, Self::Join(_) | Self::Leave(_))
    }
}

impl Session {
    /// The room in view, or the whole server: where moderators act, and what a topic is of.
    pub(super) fn place_in_view(&self) -> Target {
        let target = match self.mode {
            Mode::Screen => Some(&self.conversations.current().target),
            Mode::Plain => self.aim(),
        };
        target.filter(|target| matches!(target, Target::Room(_))).cloned().unwrap_or(Target::Everyone)
    }

    /// The room in view, if it is one.
    pub(super) fn room_in_view(&self) -> Option<RoomName> {
        match self.place_in_view() {
            Target::Room(room) => Some(room),
            _ => None,
        }
    }

    /// Whether there is a server to ask, and it can do that; says so if not.
    pub(super) fn needs(&mut self, able: impl Fn(&Abilities) -> bool, without: &str) -> bool {
        if !self.needs_server() {
            return false;
        }
        let able = able(&self.abilities);
        if !able {
            self.complain(without);
        }
        able
    }

    pub(super) fn needs_rooms(&mut self) -> bool {
        self.needs(|abilities| abilities.rooms, "This server has no rooms; all are together in \"everyone\".")
    }

    pub(super) fn needs_moderation(&mut self) -> bool {
        self.needs(|abilities| abilities.moderation, "This server has no moderators beyond who may close it.")
    }

    /// What was asked under a label, which is answered now.
    pub(super) fn done(&mut self, label: &str) -> Option<Asked> {
        match self.awaited.get(label) {
            Some(Awaited::Asked(asked)) => {
                let asked = asked.clone();
                self.awaited.remove(label);
                Some(asked)
            }
            _ => None,
        }
    }

    /// Whether this is what was asked under a label; the answer goes on.
    pub(super) fn awaits(&self, reference: Option<&str>, fits: impl Fn(&Asked) -> bool) -> bool {
        let awaited = reference.and_then(|label| self.awaited.get(label));
        matches!(awaited, Some(Awaited::Asked(asked)) if fits(asked))
    }

    /// What was asked is refused.
    pub(super) fn not_done(&mut self, asked: Asked, why: &Text) {
        // The pane beside the messages asks by itself, and stays as it is.
        if matches!(asked, Asked::Members(_, false)) {
            return;
        }
        self.input.failed(true);
        match (asked, self.dialog.take()) {
            (Asked::DryRun, Some((dialog @ Dialog::Act(Verb::Ban, _), form))) => {
                self.dialog = Some((dialog, form.noted(why.as_str())));
            }
            (asked, dialog) => {
                self.dialog = dialog;
                self.complain(why);
                if matches!(asked, Asked::Join(_)) && self.mode == Mode::Plain {
                    self.aim_at(None);
                }
            }
        }
    }
}
