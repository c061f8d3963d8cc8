//! The state that commands are decided from: the link, the chat, the mode, the recipient of plain mode, and the settings.
//!
//! Must not know: any command.

use super::decision::Declined;
use crate::client::chat::venue::Venue;
use crate::client::link::state::Abilities;
use crate::client::session::calls::OwnCalls;
use crate::client::session::chat::Chat;
use crate::client::session::effects::Effects;
use crate::client::session::link::Link;
use crate::client::session::plain::Plain;
use crate::client::session::settings::Preferences;
use crate::language::commands as say;
use crate::language::names;
use crate::model::name::lenient;
use crate::model::room::ROOM_SIGN;
use crate::model::{Name, RoomName, RoomRole, Target, Text};
use crate::protocol::{Dialect, Relation};

/// The state when a command is given, read-only.
#[derive(Clone, Copy, Debug)]
pub(in crate::client::session) struct Situation<'a> {
    link: &'a Link,
    chat: &'a Chat,
    calls: &'a OwnCalls,
    out: &'a Effects,
    plain: &'a Plain,
    settings: &'a Preferences,
}

impl<'a> Situation<'a> {
    pub(in crate::client::session) fn new(
        link: &'a Link,
        chat: &'a Chat,
        calls: &'a OwnCalls,
        out: &'a Effects,
        plain: &'a Plain,
        settings: &'a Preferences,
    ) -> Self {
        Self { link, chat, calls, out, plain, settings }
    }

    pub(super) fn settings(&self) -> &'a Preferences {
        self.settings
    }

    pub(super) fn link(&self) -> &'a Link {
        self.link
    }

    pub(super) fn chat(&self) -> &'a Chat {
        self.chat
    }

    pub(super) fn calls(&self) -> &'a OwnCalls {
        self.calls
    }

    pub(super) fn plain(&self) -> &'a Plain {
        self.plain
    }

    pub(super) fn out(&self) -> &'a Effects {
        self.out
    }

    pub(super) fn is_plain(&self) -> bool {
        self.out.is_plain()
    }

    /// The room in view, or else the whole server: the place of acts and topics.
    pub(super) fn place(&self) -> Target {
        self.room().map_or(Target::Everyone, Target::Room)
    }

    /// The room in view, if it is one.
    pub(super) fn room(&self) -> Option<RoomName> {
        let target = if self.is_plain() { self.plain.aim() } else { self.chat.current().target() };
        if let Some(Target::Room(room)) = target { Some(room.clone()) } else { None }
    }

    /// Whether the person is a moderator of the place, as far as is known.
    pub(super) fn moderates(&self) -> bool {
        let room = self.room().and_then(|room| self.chat.rooms().get(&Target::Room(room)));
        let here = room.is_some_and(|room| matches!(room.you, Relation::Inside(RoomRole::Moderator | RoomRole::Maker)));
        here || self.link.is_moderator()
    }

    /// Whether the conversation in view is with a user.
    pub(super) fn is_private(&self) -> bool {
        !self.is_plain() && matches!(self.chat.current().venue, Venue::Server(Target::User(_)) | Venue::Direct(_))
    }

    /// Where a message goes: to the conversation in view, or the recipient of plain mode.
    pub(super) fn venue(&self, text: &str) -> Result<Venue, Declined> {
        if self.is_plain() {
            return self.plain.venue(text).map_err(Declined::Because);
        }
        Ok(self.chat.current().venue.clone())
    }

    /// The same for what only the server can do.
    pub(super) fn recipient(&self, text: &str) -> Result<Target, Declined> {
        match self.venue(text)? {
            Venue::Server(target) => Ok(target),
            Venue::Direct(_) => Err(Declined::because(say::not_in_direct_chat())),
        }
    }

    /// Requires a connection.
    pub(super) fn needs_server(&self) -> Result<(), Declined> {
        if self.link.is_online() {
            return Ok(());
        }
        Err(Declined::because(say::not_online_reconnect()))
    }

    /// Requires a connection and an ability of the server; `without` is the error if the server lacks it.
    pub(super) fn needs(&self, able: impl Fn(Abilities) -> bool, without: &str) -> Result<(), Declined> {
        self.needs_server()?;
        if able(self.link.abilities()) { Ok(()) } else { Err(Declined::because(without)) }
    }

    pub(in crate::client::session) fn needs_rooms(&self) -> Result<(), Declined> {
        self.needs(|abilities| abilities.rooms, say::no_rooms_here())
    }

    pub(in crate::client::session) fn needs_moderation(&self) -> Result<(), Declined> {
        self.needs(|abilities| abilities.moderation, say::no_moderators_here())
    }

    /// Resolves the name of a user.
    pub(in crate::client::session) fn user_named(&self, typed: &str) -> Result<Name, Declined> {
        let typed = typed.trim();
        if let Some(name) = self.chat.people().find(typed) {
            return Ok(name.clone());
        }
        // As a mention, or as a name that one speaks to.
        let bare = typed.trim_start_matches('@').trim_end_matches([':', ',']);
        if let (Err(_), Ok(name)) = (Name::parse(typed), Name::parse(bare)) {
            return Ok(name);
        }
        let old = if self.link.dialect() == Some(Dialect::Tr223) { lenient(typed) } else { None };
        match (Name::parse(typed), old) {
            (Ok(name), _) | (Err(_), Some(name)) => Ok(name),
            (Err(error), None) => Err(Declined::because(say::not_valid_name(Text::line(typed), names::name(&error)))),
        }
    }

    /// Resolves the name of a room; its sign may be missing.
    pub(super) fn room_named(&self, typed: &str) -> Result<RoomName, Declined> {
        let typed = typed.trim();
        let signed = if typed.starts_with(ROOM_SIGN) { typed.to_owned() } else { format!("{ROOM_SIGN}{typed}") };
        let declined = |error| Declined::because(say::not_valid_room(Text::line(typed), names::room(&error)));
        RoomName::parse(&signed).map_err(declined)
    }

    /// Resolves the name of a user or a room; the person has to be in the room.
    pub(in crate::client::session) fn target_named(&self, typed: &str) -> Result<Target, Declined> {
        if !typed.starts_with(ROOM_SIGN) || self.link.dialect() == Some(Dialect::Tr223) {
            return self.user_named(typed).map(Target::User);
        }
        self.needs_rooms()?;
        let room = self.room_named(typed)?;
        if self.chat.rooms().is_outside(&room) {
            return Err(Declined::NotInside(room));
        }
        Ok(Target::Room(room))
    }
}
