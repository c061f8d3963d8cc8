//! Who is online, who comes and goes, who is away, and who is ignored.
//!
//! Must not know: how any of it is requested, or how a list of people looks.

use super::Chat;
use crate::client::chat::lookup_keys::{folded, shortened};
use crate::client::chat::people::{MAX_USERS, People, away_message};
use crate::client::msg::{Effect, Printed};
use crate::client::session::effects::Effects;
use crate::client::session::link::Me;
use crate::client::text::print;
use crate::language::chat as say;
use crate::model::name::lenient;
use crate::model::{Name, Target, Text};
use crate::protocol::limits::MAX_AWAY;
use crate::protocol::words::IS_NOW;

/// The list of who is online, from its request to its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing {
    /// The users so far, and whether they are verified.
    listed: Vec<(Name, bool)>,
    /// Who has joined, verified or not, and who has left since the request. The list may be older than what was told
    /// before it: an answer can wait on the server for others.
    since: Vec<(Name, Option<bool>)>,
}

impl Listing {
    fn note(&mut self, name: &Name, there: Option<bool>) {
        if self.since.len() < MAX_USERS {
            self.since.push((name.clone(), there));
        }
    }
}

impl Chat {
    /// Takes a part of the list of who is online.
    pub(in crate::client::session) fn people_listed(&mut self, names: Vec<Name>, verified: bool) {
        let listed = &mut self.listing.get_or_insert_default().listed;
        let room = MAX_USERS.saturating_sub(listed.len());
        listed.extend(names.into_iter().take(room).map(|name| (name, verified)));
    }

    /// The list of who is online is complete.
    pub(in crate::client::session) fn list_ended(&mut self) {
        let mut before = std::mem::take(&mut self.people);
        let Listing { listed, since } = self.listing.take().unwrap_or_default();
        let listed = listed.into_iter().map(|(name, verified)| (name, Some(verified)));
        for (name, there) in listed.chain(since) {
            match there {
                Some(verified) => {
                    self.people.add(name.clone());
                    self.people.verify(&name, verified);
                }
                None => drop(self.people.remove(&name)),
            }
        }
        self.people.keep_away(&mut before);
        self.changed = true;
    }

    /// The list of who is online was requested.
    pub(in crate::client::session) fn list_asked(&mut self) {
        self.listing = Some(Listing::default());
    }

    /// Drops an incomplete list of who is online.
    pub(in crate::client::session) fn forget_listing(&mut self) {
        self.listing = None;
    }

    /// The list of who is online, for plain mode.
    pub(in crate::client::session) fn online_sentence(&self) -> String {
        let away = |name: &Name| self.away_of(name).map(|words| format!(" ({words})")).unwrap_or_default();
        let marked =
            |name: &Name| format!("{}{name}{}", print::unverified_mark(self.people.is_verified(name)), away(name));
        let names: Vec<String> = self.people.iter().map(marked).collect();
        say::online(names.join(", "))
    }

    /// Users came online.
    pub(in crate::client::session) fn joined(&mut self, names: &[Name], verified: bool, me: &Me, out: &mut Effects) {
        for name in names {
            if let Some(conversation) = self.known(&Target::User(name.clone())) {
                conversation.told_offline = false;
            }
            if let Some(listing) = &mut self.listing {
                listing.note(name, Some(verified));
            }
            self.people.add(name.clone());
            self.people.verify(name, verified);
        }
        self.rooms.turn(names, true);
        let others: Vec<Name> = names.iter().filter(|name| !me.is(name)).cloned().collect();
        self.presence(&Target::Everyone, others, true, None, out);
    }

    /// Users went offline.
    pub(in crate::client::session) fn gone(&mut self, names: Vec<Name>, why: Option<&Text>, out: &mut Effects) {
        for name in &names {
            if let Some(listing) = &mut self.listing {
                listing.note(name, None);
            }
            self.people.remove(name);
            if self.seen.len() < MAX_USERS {
                self.seen.insert(folded(name));
            }
        }
        self.rooms.turn(&names, false);
        let now = why.and_then(|why| lenient(why.as_str().strip_prefix(IS_NOW)?));
        match (names.as_slice(), now) {
            // A program is told as the server says it.
            ([name], Some(now)) if !out.is_json() => self.is_now(name, &now, out),
            _ => self.presence(&Target::Everyone, names, false, why, out),
        }
    }

    /// A user has another name, and joins again under it. That is said to everyone, and where the person talks with them.
    fn is_now(&mut self, name: &Name, now: &Name, out: &mut Effects) {
        self.changed = true;
        self.rooms.rename(name, now);
        if self.ignored.has(name) || self.no_join_notices && out.is_plain() {
            return;
        }
        let words = say::is_now(name, now);
        self.event(&Target::Everyone, &words, out);
        let with = Target::User(name.clone());
        if out.is_screen() && self.known(&with).is_some() {
            self.event(&with, &words, out);
        }
    }

    /// Shows who came to or left a place, except ignored users.
    pub(super) fn presence(
        &mut self,
        place: &Target,
        mut names: Vec<Name>,
        came: bool,
        why: Option<&Text>,
        out: &mut Effects,
    ) {
        self.changed = true;
        names.retain(|name| !self.ignored.has(name));
        if names.is_empty() || self.no_join_notices && out.is_plain() {
            return;
        }
        if out.is_screen() {
            return self.talk(place).presence(out.wall(), &names, came);
        }
        let (time, place, why) = (out.wall(), place.clone(), why.cloned());
        out.emit(Effect::Print(Printed::Presence { time, place, names, came, why }));
    }

    /// The connection is lost: nobody is known to be online.
    pub(in crate::client::session) fn cut_off(&mut self) {
        for name in self.people.iter().take(MAX_USERS.saturating_sub(self.seen.len())) {
            self.seen.insert(folded(name));
        }
        self.people = People::default();
        self.listing = None;
    }

    /// The away state of a user in words; `None` while present, or if ignored.
    pub(in crate::client::session) fn away_of(&self, name: &Name) -> Option<String> {
        self.people.away_words(name).filter(|_| !self.ignored.has(name))
    }

    /// A user is away, or back if the text is blank. Returns whether it is the person.
    pub(in crate::client::session) fn turned_away(&mut self, name: &Name, text: &Text, me: &Me) -> bool {
        self.people.turn_away(name, text);
        if let Some(conversation) = self.known(&Target::User(name.clone())) {
            conversation.told_away = false;
        }
        self.changed = true;
        me.is(name)
    }

    /// The person is away in this session, or back if the text is blank.
    pub(in crate::client::session) fn set_own_away(&mut self, text: &Text) {
        self.away = (!text.is_blank()).then(|| shortened(text, MAX_AWAY));
        self.changed = true;
    }

    /// Whether the person is away in this session.
    pub(in crate::client::session) fn is_away(&self) -> bool {
        self.away.is_some()
    }

    /// A sentence about the person's own away state.
    pub(in crate::client::session) fn own_away_sentence(&self) -> String {
        match &self.away {
            Some(text) if self.notifier.is_undisturbed() => say::shown_as_away_in_silence(away_message(text)),
            Some(text) => say::shown_as_away(away_message(text)),
            None => say::shown_as_back().to_owned(),
        }
    }

    /// Whether the person is not to be disturbed.
    pub(in crate::client::session) fn is_undisturbed(&self) -> bool {
        self.notifier.is_undisturbed()
    }

    /// Sets whether the bell is silenced.
    pub(in crate::client::session) fn set_undisturbed(&mut self, undisturbed: bool) {
        self.notifier.set_undisturbed(undisturbed);
    }

    /// Shows the away message of a recipient, once.
    pub(in crate::client::session) fn tell_if_away(&mut self, target: &Target, out: &mut Effects) {
        let Target::User(name) = target else { return };
        let Some(words) = self.people.away_words(name) else { return };
        if !std::mem::replace(&mut self.conversations.with(target).told_away, true) {
            self.news(say::person_is(name, words), out);
        }
    }

    /// Replaces the list of ignored users.
    pub(in crate::client::session) fn ignore(&mut self, names: Vec<Name>) {
        self.ignored = People::from_iter(names);
        let ignored = &self.ignored;
        for conversation in self.conversations.iter_mut() {
            conversation.hide(|name| ignored.has(name));
            if matches!(conversation.target(), Some(Target::User(name)) if ignored.has(name)) {
                conversation.enter();
            }
        }
        self.changed = true;
    }

    /// A sentence about the ignored users.
    pub(in crate::client::session) fn ignored_sentence(&self) -> String {
        let names: Vec<&str> = self.ignored.iter().map(Name::as_str).collect();
        match names.as_slice() {
            [] => say::ignoring_nobody().to_owned(),
            [name] => say::ignoring_one(name),
            names => say::ignoring(names.join(", ")),
        }
    }
}
