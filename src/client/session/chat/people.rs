//! Who is there, who comes and goes, who is away, and whom one does not want to see.
//!
//! Must not know: rooms beyond telling them who is online, or how any of it is shown.

use crate::client::action::Action;
use crate::client::chat::keys::shortened;
use crate::client::chat::people::{AWAY, MAX_USERS, People};
use crate::client::dialogs::form::Item;
use crate::client::dialogs::{self, Dialog};
use crate::client::plain::print as plain;
use crate::client::session::outbound::messages::Awaited;
use crate::client::session::targets::Asked;
use crate::client::session::{Mode, Session};
use crate::model::{Name, Target, Text};
use crate::protocol::limits::MAX_AWAY;
use crate::protocol::{Command, Dialect, UserCommand};

/// What one says who does not want to be disturbed.
const UNDISTURBED: &str = "do not disturb";

impl Session {
    /// Sends for the list of who is online.
    pub(in crate::client::session) fn ask_list(&mut self) {
        let under_way = self.awaited.values().any(|awaited| *awaited == Awaited::List);
        if !under_way && self.connection.online().is_some() {
            self.ask(Command::User(UserCommand::List), Some(Awaited::List));
        }
    }

    pub(in crate::client::session) fn clients(&mut self, reference: Option<String>, names: Vec<Name>, verified: bool) {
        let listing = self.listing.get_or_insert_default();
        let room = MAX_USERS.saturating_sub(listing.len());
        listing.extend(names.into_iter().take(room).map(|name| (name, verified)));
        if self.dialect() == Some(Dialect::Tr223) {
            self.list_end(reference);
        }
    }

    pub(in crate::client::session) fn list_end(&mut self, reference: Option<String>) {
        self.answered(reference.as_deref(), |awaited| *awaited == Awaited::List);
        let mut before = std::mem::take(&mut self.people);
        for (name, verified) in self.listing.take().unwrap_or_default() {
            self.people.add(name.clone());
            self.people.verify(&name, verified);
        }
        self.people.keep_away(&mut before);
        self.prune_rooms();
        self.people_changed();
        if std::mem::take(&mut self.print_list) {
            let away = |name: &Name| self.away_of(name).map(|words| format!(" ({words})")).unwrap_or_default();
            let marked = |name: &Name| format!("{name}{}{}", plain::mark(self.people.is_verified(name)), away(name));
            let names: Vec<String> = self.people.iter().map(marked).collect();
            let words = format!("Online: {}", names.join(", "));
            self.tell(words);
        }
    }

    pub(in crate::client::session) fn joined(&mut self, names: &[Name], verified: bool) {
        for name in names {
            let target = Target::User(name.clone());
            if let Some(at) = self.conversations.position(&target)
                && let Some(conversation) = self.conversations.iter_mut().nth(at)
            {
                conversation.told_offline = false;
            }
            if let Some(listing) = self.listing.as_mut().filter(|listing| listing.len() < MAX_USERS) {
                listing.push((name.clone(), verified));
            }
            self.people.add(name.clone());
            self.people.verify(name, verified);
        }
        self.rooms.turn(names, true);
        let others: Vec<Name> = names.iter().filter(|name| !self.is_me(name)).cloned().collect();
        self.presence(&Target::Everyone, others, true, None);
    }

    pub(in crate::client::session) fn gone(&mut self, names: &[Name], why: Option<Text>) {
        for name in names {
            if let Some(listing) = &mut self.listing {
                listing.retain(|(listed, _)| listed != name);
            }
            self.people.remove(name);
        }
        self.rooms.turn(names, false);
        self.presence(&Target::Everyone, names.to_vec(), false, why);
    }

    /// Tells in a place who came or went, but for those who are ignored.
    pub(in crate::client::session) fn presence(
        &mut self,
        place: &Target,
        mut names: Vec<Name>,
        came: bool,
        why: Option<Text>,
    ) {
        self.people_changed();
        names.retain(|name| !self.ignored.has(name));
        if names.is_empty() {
            return;
        }
        if self.mode == Mode::Screen {
            let now = self.now.wall;
            return self.talk(place).presence(now, &names, came);
        }
        let names: Vec<&str> = names.iter().map(Name::as_str).collect();
        let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
        self.happened(place, &format!("{} {}{why}", names.join(", "), if came { "joined" } else { "left" }));
    }

    /// Those who are shown changed: cursors and dialogs go along.
    pub(in crate::client::session) fn people_changed(&mut self) {
        self.online_at = self.online_at.min(self.beside_count().saturating_sub(1));
        let rows = match &self.dialog {
            Some((Dialog::Clients, _)) => self.people_rows(&self.online_others()),
            Some((Dialog::Members(room), _)) => self.member_rows(room),
            _ => return,
        };
        let more = matches!(&self.dialog, Some((Dialog::Members(room), _)) if self.rooms.has_more_members(room));
        if let Some((_, form)) = &mut self.dialog {
            form.set_list(rows);
            form.list_goes_on(more);
        }
    }

    /// Everybody online but us.
    pub(in crate::client::session) fn online_others(&self) -> Vec<Name> {
        self.people.iter().filter(|name| !self.is_me(name)).cloned().collect()
    }

    /// People as the rows of a dialog's list.
    pub(in crate::client::session) fn people_rows(&self, names: &[Name]) -> Vec<Item> {
        let row = |name: &Name| Item::person(name, self.people.is_verified(name), &self.person_note(name));
        names.iter().map(row).collect()
    }

    fn person_note(&self, name: &Name) -> String {
        if self.ignored.has(name) { "ignored".to_owned() } else { self.away_of(name).unwrap_or_default() }
    }

    /// That somebody is away, and why they say so; nothing of who is ignored.
    pub(in crate::client::session) fn away_of(&self, name: &Name) -> Option<String> {
        self.people.away_words(name).filter(|_| !self.ignored.has(name))
    }

    /// Somebody is away, or back.
    pub(in crate::client::session) fn turned_away(&mut self, reference: Option<&str>, name: &Name, text: &Text) {
        let own = self.is_me(name);
        self.people.turn_away(name, text);
        if let Some(at) = self.conversations.position(&Target::User(name.clone()))
            && let Some(conversation) = self.conversations.iter_mut().nth(at)
        {
            conversation.told_away = false;
        }
        self.people_changed();
        if own {
            self.away = (!text.is_blank()).then(|| shortened(text, MAX_AWAY));
        }
        if own && reference.is_some_and(|label| self.done(label).is_some()) {
            let bell = if self.undisturbed { " The bell keeps still." } else { "" };
            self.tell(match &self.away {
                Some(text) => format!("You are shown as away: {text}.{bell} /back ends it."),
                None => "You are shown as back.".to_owned(),
            });
        }
    }

    /// Tells once what somebody says who is away and is written to.
    pub(in crate::client::session) fn say_if_away(&mut self, target: &Target) {
        let Target::User(name) = target else { return };
        let Some(words) = self.people.away_words(name) else { return };
        if !std::mem::replace(&mut self.conversations.with(target).told_away, true) {
            let words = format!("{name} is {words}");
            if self.mode == Mode::Plain { self.tell(words) } else { self.remark(target, &words) }
        }
    }

    /// `/away`, `/back` and `/dnd`.
    pub(in crate::client::session) fn turn_myself_away(&mut self, action: Action, text: &str) -> bool {
        if !self.needs(|abilities| abilities.away, "This server does not show who is away.") {
            return false;
        }
        let text = match (action, text.trim()) {
            (Action::Back, _) => "",
            (Action::DoNotDisturb, "") => UNDISTURBED,
            (_, "") => AWAY,
            (_, text) => text,
        };
        let text = Text::line(text);
        if text.as_str().len() > MAX_AWAY {
            self.complain(format!("This text is too long: {MAX_AWAY} bytes are the most."));
            return false;
        }
        self.undisturbed = action == Action::DoNotDisturb;
        self.ask(Command::User(UserCommand::Away(text)), Some(Awaited::Asked(Asked::Away)));
        true
    }

    /// Back after a cut, one is as away as before.
    pub(in crate::client::session) fn stay_away(&mut self) {
        if let Some(text) = self.away.clone().filter(|_| self.abilities.away) {
            self.ask(Command::User(UserCommand::Away(text)), None);
        }
    }

    pub(in crate::client::session) fn ask_away(&mut self) {
        let words = self.away.as_ref().map_or(AWAY, Text::as_str).to_owned();
        self.open(Dialog::Away, dialogs::away(&words));
    }

    /// `/ignore`, `/unignore` and `/ignored`. A server that keeps no such list leaves it to us, for as long as we are there.
    pub(in crate::client::session) fn ask_ignore(&mut self, action: Action, argument: &str) -> bool {
        let kept = self.abilities.away && self.connection.online().is_some();
        if action == Action::Ignored {
            if kept {
                self.ask(Command::User(UserCommand::Ignored), Some(Awaited::Asked(Asked::Ignored)));
            } else {
                self.tell_ignored();
            }
            return true;
        }
        if argument.is_empty() {
            return self.explain(action);
        }
        let Some(name) = self.named(argument) else { return false };
        if self.is_me(&name) {
            self.complain("You cannot ignore yourself.");
            return false;
        }
        match (kept, action) {
            (true, Action::Ignore) => {
                self.ask(Command::User(UserCommand::Ignore(name.to_string())), Some(Awaited::Asked(Asked::Ignored)))
            }
            (true, _) => {
                self.ask(Command::User(UserCommand::Unignore(name.to_string())), Some(Awaited::Asked(Asked::Ignored)))
            }
            (false, _) => {
                let mut names: Vec<Name> = self.ignored.iter().cloned().collect();
                names.retain(|other| *other != name);
                names.extend((action == Action::Ignore).then_some(name));
                self.ignore(names);
                self.tell_ignored();
                return true;
            }
        };
        true
    }

    /// The server tells whom one ignores: all of them.
    pub(in crate::client::session) fn told_ignored(&mut self, reference: Option<&str>, names: Vec<Name>) {
        self.ignore(names);
        if reference.is_some_and(|label| self.done(label).is_some()) {
            self.tell_ignored();
        }
    }

    fn ignore(&mut self, names: Vec<Name>) {
        self.ignored = People::from_iter(names);
        let ignored = &self.ignored;
        for conversation in self.conversations.iter_mut() {
            conversation.hide(|name| ignored.has(name));
            if matches!(&conversation.target, Target::User(name) if ignored.has(name)) {
                conversation.enter();
            }
        }
        self.search.hide(|name| ignored.has(name));
        self.people_changed();
    }

    fn tell_ignored(&mut self) {
        let names: Vec<&str> = self.ignored.iter().map(Name::as_str).collect();
        self.tell(if names.is_empty() {
            "You ignore nobody.".to_owned()
        } else {
            format!("You ignore {}. /unignore NAME ends it.", names.join(", "))
        });
    }
}
