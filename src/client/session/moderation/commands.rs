//! What moderators do: asking for it, telling of it, and what was done to oneself.
//!
//! Must not know: who may do what (the server looks it up when it is done), or how the forms look.

use crate::client::action::{self, Action};
use crate::client::chat::entry::{Entry, Kind};
use crate::client::dialogs::form::Form;
use crate::client::dialogs::form::Item;
use crate::client::dialogs::moderation::Offer;
use crate::client::dialogs::order::Order;
use crate::client::dialogs::{self, Dialog};
use crate::client::link::state::Connection;
use crate::client::msg::{Effect, Farewell};
use crate::client::plain::print as plain;
use crate::client::session::inbound::Frame;
use crate::client::session::outbound::messages::Awaited;
use crate::client::session::targets::Asked;
use crate::client::session::{Mode, Session};
use crate::client::view::{Line, Scope};
use crate::model::{Name, Role, Target, Text};
use crate::protocol::place::destination;
use crate::protocol::{Command, Done, ModerationCommand, RoomEvent, Verb, Wanted};

/// How many messages are offered to be deleted.
const MAX_OFFERED: usize = 50;
/// How many messages plain mode lists for it.
const LISTED: usize = 10;

impl Session {
    /// An act, as it was written behind its command.
    pub(in crate::client::session) fn act(&mut self, verb: Verb, argument: &str) -> bool {
        if !self.needs_moderation() {
            return false;
        }
        let mut order = Order::read(verb, argument);
        let at = self.place_in_view();
        if verb == Verb::Delete && !self.name_message(&at, &mut order) {
            return false;
        }
        // Without a reason there will be a form, which begins alike whether it was said whom or not.
        if self.mode == Mode::Screen && order.time.is_empty() && order.reason.is_empty() && !order.dry_run {
            usual_time(verb).clone_into(&mut order.time);
        }
        self.carry_out(verb, order, at, argument.trim() == "")
    }

    /// The message that is meant by its place; in plain mode the list of them, if none is.
    fn name_message(&mut self, at: &Target, order: &mut Order) -> bool {
        let place = if order.everywhere { &Target::Everyone } else { at };
        if order.subject.is_empty() && self.mode == Mode::Plain {
            let rows = self.deletable(place, LISTED);
            let lines: Vec<String> =
                rows.iter().enumerate().map(|(at, row)| format!("{}  {}", at + 1, row.left.text())).collect();
            self.tell(format!("The newest first; /delete N REASON deletes one.\n{}", lines.join("\n")));
            return false;
        }
        let number = order.subject.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let conversation = self.conversations.find(place);
        let meant = number.and_then(|number| conversation?.newest_messages().nth(number)?.id);
        if let Some(id) = meant {
            order.subject = id.to_string();
        } else if !order.subject.is_empty() {
            self.complain(format!("There is no message number {} here; 1 is the newest.", Text::line(&order.subject)));
            return false;
        }
        true
    }

    /// Asks the server for an act; what is missing is asked of the person first. `fresh` if nothing was said yet.
    pub(in crate::client::session) fn carry_out(&mut self, verb: Verb, order: Order, at: Target, fresh: bool) -> bool {
        match order.act(verb) {
            Ok((act, reason)) => {
                let place = if order.everywhere { &Target::Everyone } else { &at };
                let asked = if order.dry_run { Asked::DryRun } else { Asked::Act };
                let place = destination(place).to_owned();
                self.ask(
                    Command::Moderation(ModerationCommand::Act(Wanted { place, act, reason })),
                    Some(Awaited::Asked(asked)),
                );
                true
            }
            Err(lack) if self.mode == Mode::Plain => {
                let how = action::row(Action::Act(verb)).map(action::Row::command_shown).unwrap_or_default();
                self.complain(format!("{} Write {how}.", lack.words()));
                false
            }
            Err(lack) => {
                let form = self.act_form(verb, &at, order, fresh);
                let form = if fresh { form } else { dialogs::moderation::lacking(form, verb, &lack) };
                self.open(Dialog::Act(verb, at), form);
                true
            }
        }
    }

    fn act_form(&mut self, verb: Verb, at: &Target, mut order: Order, fresh: bool) -> Form {
        let in_force = matches!(verb, Verb::Unban | Verb::Unmute);
        let place = if order.everywhere { Target::Everyone } else { at.clone() };
        if fresh {
            usual_time(verb).clone_into(&mut order.time);
        }
        let rows = match verb {
            Verb::Delete => self.deletable(&place, MAX_OFFERED),
            _ if in_force => Vec::new(),
            _ => match at {
                Target::Room(room) if !self.member_rows(room).is_empty() => self
                    .member_rows(room)
                    .into_iter()
                    .filter(|row| Some(row.value.as_str()) != self.my_name())
                    .collect(),
                _ => self.people_rows(&self.online_others()),
            },
        };
        if in_force {
            self.send_for_bans(&place);
        }
        dialogs::moderation::act(verb, at, &order, Offer { rows, names: self.others() })
    }

    fn my_name(&self) -> Option<&str> {
        self.me.as_ref().map(Name::as_str)
    }

    /// The newest messages of a place, to choose one to delete.
    fn deletable(&self, place: &Target, most: usize) -> Vec<Item> {
        let messages = self.conversations.find(place).into_iter().flat_map(|one| one.newest_messages());
        let row = |entry: &Entry| {
            let Kind::Message { from, text, .. } = &entry.kind else { return Item::default() };
            let flat = text.as_str().replace('\n', " ");
            let left = Line::of(Scope::Dim, entry.time.clock(self.zone) + " ");
            let left = left.and(Scope::Text, format!("{from}: ")).and(Scope::Text, flat);
            Item { value: entry.id.unwrap_or_default().to_string(), left, right: Line::default() }
        };
        messages.take(most).map(row).collect()
    }

    /// What the dialog of everything moderators can do is opened for.
    pub(in crate::client::session) fn moderate(&mut self) -> bool {
        if !self.needs_moderation() {
            return false;
        }
        if self.mode == Mode::Plain {
            for row in action::moderation() {
                self.tell(format!("{:<24} {}", row.command_shown(), row.help));
            }
            return true;
        }
        let place = self.place_in_view();
        self.open(Dialog::Moderate, dialogs::moderation::moderate(&place));
        true
    }

    /// What the server says of what moderators did.
    pub(in crate::client::session) fn moderated(&mut self, frame: Frame, event: RoomEvent) {
        let label = frame.reference.clone().unwrap_or_default();
        match event {
            RoomEvent::Acted { by, place, done } if frame.batch.is_some() => {
                self.log_line(&label, (frame.id, frame.time), &place, &done.sentence(by.as_str()));
            }
            RoomEvent::Acted { by, place, done } => self.acted(&label, &by, &place, &done),
            RoomEvent::ModlogEnd { more } => self.log_ends(&label, more),
            RoomEvent::Ban { line, .. } => self.ban_line(&label, line),
            RoomEvent::BansEnd { more } => self.bans_end(&label, more),
            RoomEvent::WouldBan { count, names } => self.would_ban(&label, count, &names),
            RoomEvent::Closing { by, after, reason } => self.closing_told(&label, by, after, &reason),
            RoomEvent::ClosingOff { by } => self.closing_off(&label, &by),
            _ => {}
        }
    }

    fn acted(&mut self, label: &str, by: &Name, place: &Target, done: &Done) {
        let mine = self.done(label).is_some();
        let subject = done.subject.as_ref().and_then(|subject| Name::parse(subject.as_str()).ok());
        if let (Verb::Grant | Verb::Revoke, Some(name)) = (done.verb, &subject) {
            self.rooms.promoted(place, name, done.verb == Verb::Grant);
        }
        let words = done.sentence(by.as_str());
        let me = subject.is_some_and(|name| self.is_me(&name));
        // Only the server's moderators announce to everyone; and what was done to oneself one has to know.
        let to_all = done.verb == Verb::Announce && *place == Target::Everyone;
        if self.ignored.has(by) && !mine && !me && !to_all {
            return;
        }
        if !mine && (done.verb == Verb::Announce || me) {
            if !self.is_in_view(place) && self.mode == Mode::Screen {
                self.talk(place).count_unread(true);
            }
            return self.proclaim(place, &words);
        }
        if done.verb == Verb::Announce && self.mode == Mode::Screen {
            let entry = Entry::loud(self.now.wall, Text::block(&words));
            self.talk(place).add(entry);
        } else {
            self.happened(place, &words);
        }
        if mine && !self.is_in_view(place) && self.mode == Mode::Screen {
            self.tell(plain::place(place) + &words);
        }
    }

    fn would_ban(&mut self, label: &str, count: usize, names: &[Name]) {
        if self.done(label).is_none() {
            return;
        }
        let shown: Vec<&str> = names.iter().map(Name::as_str).collect();
        let more = if count > names.len() { format!(" and {} more", count - names.len()) } else { String::new() };
        let words = match count {
            0 => "This would hit nobody who is here.".to_owned(),
            1 => format!("This would hit 1 user: {}.", shown.join(", ")),
            count => format!("This would hit {count} users: {}{more}.", shown.join(", ")),
        };
        match self.dialog.take() {
            Some((dialog @ Dialog::Act(Verb::Ban, _), form)) => self.dialog = Some((dialog, form.noted(&words))),
            dialog => {
                self.dialog = dialog;
                self.tell(words);
            }
        }
    }

    /// We are a moderator of the server from now on.
    pub(in crate::client::session) fn moderator(&mut self, reference: Option<String>, text: &Text) {
        let already = std::mem::replace(&mut self.role, Role::Moderator) == Role::Moderator;
        let asked = reference.as_ref().and_then(|label| self.awaited.get(label)) == Some(&Awaited::Moderator);
        self.answered(reference.as_deref(), |awaited| *awaited == Awaited::Moderator);
        // Only a passphrase that was needed was one: what a moderator wrote in its place was a slip.
        if !asked || !std::mem::take(&mut self.closing) || already {
            return self.tell(text);
        }
        match self.mode {
            Mode::Plain => self.close_server(),
            Mode::Screen => self.ask_close(),
        }
    }

    /// We are none any more.
    pub(in crate::client::session) fn demoted(&mut self, text: &Text) {
        self.role = Role::User;
        self.proclaim(&Target::Everyone, text.as_str());
    }

    /// A moderator ended this session: coming back by itself is not what was meant.
    pub(in crate::client::session) fn removed(&mut self, text: &Text) {
        self.end_here();
        self.kept_out(text);
    }

    /// The server does not let us in any more, or not for now.
    pub(in crate::client::session) fn kept_out(&mut self, text: &Text) {
        self.connection = Connection::Idle;
        match self.mode {
            Mode::Plain => self.leave(Farewell::Refused(text.to_string())),
            Mode::Screen => self.open(Dialog::Removed, dialogs::removed(text.as_str())),
        }
    }

    /// The session is over, and nothing is tried again by itself.
    pub(in crate::client::session) fn end_here(&mut self) {
        self.emit(Effect::Disconnect);
        // It is no loss: nothing is tried again, and what is told is told by whoever ends it.
        self.connection = Connection::Idle;
        self.lost("");
        self.connection = Connection::Idle;
    }
}

/// For how long an act is, unless something else is said: what is for good is better asked for than come upon.
fn usual_time(verb: Verb) -> &'static str {
    match verb {
        Verb::Ban => "1h",
        Verb::Mute => "10m",
        _ => "",
    }
}
