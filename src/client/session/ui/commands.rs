//! What actions do, whichever way they were asked for: a key, the menu, a /command.
//!
//! Must not know: how the answers to dialogs are read (`asking`).

use super::keys::Focus;
use crate::client::action::{self, Action};
use crate::client::chat::conversation::{Anchor, Conversation};
use crate::client::dialogs::form::Form;
use crate::client::dialogs::{self, Dialog};
use crate::client::msg::{Effect, Farewell};
use crate::client::session::outbound::messages::Awaited;
use crate::client::session::{Mode, Session};
use crate::client::text::editor::Editor;
use crate::model::name::lenient;
use crate::model::room::ROOM_SIGN;
use crate::model::{Name, Target, Text};
use crate::protocol::{Command, Dialect, MessageCommand};

/// The longest word that is looked up as a command.
const LONGEST_COMMAND: usize = 40;

impl Session {
    /// Takes what was written: a message or a /command. `false` if nothing came of it, and the text should stay.
    pub(in crate::client::session) fn enter(&mut self, text: &str) -> bool {
        if let Some(rest) = text.strip_prefix("//") {
            return self.say(&format!("/{rest}"));
        }
        let Some(line) = text.strip_prefix('/') else { return self.say(text) };
        let (word, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match action::of_command(word) {
            Some(action) => self.run(action, argument.trim()),
            None => {
                let shown = Text::line(word.get(..word.floor_char_boundary(LONGEST_COMMAND)).unwrap_or_default());
                let nearest = if word.len() <= LONGEST_COMMAND { action::nearest_command(word) } else { None };
                let meant = nearest.map_or_else(|| "/help lists them".to_owned(), |near| format!("perhaps {near}"));
                self.complain(format!("There is no command /{shown}; {meant}. //{shown} sends it as text."));
                if self.mode == Mode::Plain && meant.ends_with("/query") {
                    self.aim_at(None);
                }
                false
            }
        }
    }

    /// A message to the conversation in view.
    fn say(&mut self, text: &str) -> bool {
        let target = match self.mode {
            Mode::Screen => Some(self.conversations.current().target.clone()),
            Mode::Plain if text.trim().is_empty() => return true,
            Mode::Plain => self.aimed(text),
        };
        target.is_some_and(|target| self.send(target, false, text))
    }

    /// Carries out an action. `false` if nothing came of it.
    pub(in crate::client::session) fn run(&mut self, action: Action, argument: &str) -> bool {
        match action {
            Action::Echo if argument.is_empty() => return self.ask_or_explain(Dialog::Echo, dialogs::echo, action),
            Action::Echo => return self.echo(argument),
            Action::List => self.list(),
            Action::Private => return self.private(argument),
            Action::Broadcast if argument.is_empty() => {
                return self.ask_or_explain(Dialog::Broadcast, dialogs::broadcast, action);
            }
            Action::Broadcast => return self.send(Target::Everyone, true, argument),
            Action::Exit => self.exit(),
            Action::CloseServer => return self.want_close(argument),
            Action::Moderator => return self.be_moderator(argument),
            Action::Moderate => return self.moderate(),
            Action::Act(verb) => return self.act(verb, argument),
            Action::Bans | Action::Modlog => return self.read_up(action, argument),
            Action::Rooms | Action::Join | Action::Leave | Action::Topic | Action::Members => {
                return self.rooms_action(action, argument);
            }
            Action::Invite if !argument.is_empty() => return self.invite(argument),
            Action::Ignore | Action::Unignore | Action::Ignored => return self.ask_ignore(action, argument),
            Action::Away | Action::Back | Action::DoNotDisturb => return self.turn_myself_away(action, argument),
            Action::Help => self.help(),
            Action::Menu if self.has_menu() => self.focus = Focus::Menu,
            Action::Menu => self.open(Dialog::Menu, dialogs::menu()),
            Action::Query => return self.query(argument),
            Action::Everyone if self.mode == Mode::Plain => self.aim_at_everyone(),
            Action::Everyone => self.show(0),
            Action::Goto => {}
            Action::Next => self.show((self.conversations.index() + 1) % self.conversations.count()),
            Action::Previous => {
                let count = self.conversations.count();
                self.show((self.conversations.index() + count - 1) % count);
            }
            Action::NextUnread => match self.conversations.next_unread() {
                Some(index) => self.show(index),
                None => self.tell("Nothing is unread."),
            },
            Action::PageUp => self.scroll(-self.page()),
            Action::PageDown => self.scroll(self.page()),
            Action::Top => self.conversations.current_mut().anchor = Anchor::At(0, 0),
            Action::Bottom => self.conversations.current_mut().attach(),
            Action::Search => return self.search(argument),
            Action::Whois | Action::Keys | Action::RevokeKey | Action::InviteKey | Action::Invite => {
                return self.ask_identity(action, argument);
            }
            Action::Resend => self.resend(),
            Action::Reconnect => self.reconnect_now(),
            Action::Redraw => self.emit(Effect::Redraw),
            Action::Suspend => self.emit(Effect::Suspend),
        }
        true
    }

    /// Opens a dialog for what is missing; plain mode, which has none, says how the command is written.
    fn ask_or_explain(&mut self, dialog: Dialog, form: fn() -> Form, action: Action) -> bool {
        if self.mode == Mode::Screen {
            self.open(dialog, form());
            return true;
        }
        self.explain(action)
    }

    pub(in crate::client::session) fn explain(&mut self, action: Action) -> bool {
        if let Some(row) = action::row(action) {
            self.complain(format!("Write {}. {}", row.command_shown(), row.help));
        }
        false
    }

    /// Whether there is a server to ask; says so if not.
    pub(in crate::client::session) fn needs_server(&mut self) -> bool {
        let online = self.connection.online().is_some();
        if !online {
            self.complain("You are not online. Ctrl-R or /reconnect tries at once.");
        }
        online
    }

    pub(in crate::client::session) fn echo(&mut self, text: &str) -> bool {
        if !self.needs_server() {
            return false;
        }
        self.ask(Command::Message(MessageCommand::Echo(Text::block(text))), Some(Awaited::Echo));
        true
    }

    fn list(&mut self) {
        if self.mode == Mode::Plain {
            self.print_list = true;
            self.ask_list();
            return;
        }
        self.ask_list();
        let rows = self.people_rows(&self.online_others());
        self.open(Dialog::Clients, dialogs::clients(rows));
    }

    fn private(&mut self, argument: &str) -> bool {
        let known = |name: &&Name| argument.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(' '));
        // A TR2.23 name may hold spaces: the longest that fits is meant.
        let longest =
            self.people.iter().filter(known).max_by_key(|name| name.as_str().len()).map(|name| name.to_string());
        let (to, text) = match &longest {
            Some(name) => argument.split_at_checked(name.len()).unwrap_or((argument, "")),
            None => argument.split_once(char::is_whitespace).unwrap_or((argument, "")),
        };
        if !text.trim().is_empty() {
            return self.private_to(to, text.trim());
        }
        if self.mode == Mode::Plain {
            return self.explain(Action::Private);
        }
        let others = self.others();
        let form = dialogs::private(to, self.people_rows(&others), others);
        self.open(Dialog::Private, form);
        true
    }

    /// Sends a message to whom or where a person named, and shows the conversation there.
    pub(in crate::client::session) fn private_to(&mut self, to: &str, text: &str) -> bool {
        let Some(target) = self.meant(to) else { return false };
        let sent = self.send(target.clone(), false, text);
        if sent && self.mode == Mode::Screen {
            self.show_target(&target);
        }
        sent
    }

    /// The user or the room that a person named; says so if that cannot be, or one is not in the room.
    fn meant(&mut self, typed: &str) -> Option<Target> {
        if !typed.starts_with(ROOM_SIGN) || self.dialect() == Some(Dialect::Tr223) {
            return self.named(typed).map(Target::User);
        }
        if !self.needs_rooms() {
            return None;
        }
        let room = self.room_named(typed)?;
        if self.rooms.is_outside(&room) {
            self.not_inside(room);
            return None;
        }
        Some(Target::Room(room))
    }

    /// Whom a person named; says so if that cannot be a name.
    pub(in crate::client::session) fn named(&mut self, typed: &str) -> Option<Name> {
        let typed = typed.trim();
        if let Some(name) = self.people.find(typed) {
            return Some(name.clone());
        }
        match Name::parse(typed) {
            Ok(name) => Some(name),
            Err(_) if self.dialect() == Some(Dialect::Tr223) && lenient(typed).is_some() => lenient(typed),
            Err(error) => {
                self.complain(format!("'{}' is nobody's name. {error}", Text::line(typed)));
                None
            }
        }
    }

    fn query(&mut self, argument: &str) -> bool {
        let target = if argument.is_empty() { None } else { self.meant(argument) };
        if argument.is_empty() {
            self.explain(Action::Query);
        }
        if self.mode == Mode::Plain {
            self.aim_at(target.clone());
        } else if let Some(target) = &target {
            self.show_target(target);
        }
        target.is_some()
    }

    /// Leaves, and asks before if something would be lost.
    fn exit(&mut self) {
        if self.mode == Mode::Plain || self.unsent().is_none() {
            return self.leave(Farewell::Done);
        }
        self.ask_exit();
    }

    pub(in crate::client::session) fn ask_exit(&mut self) {
        let form = dialogs::exit(self.unsent());
        self.open(Dialog::Exit, form);
    }

    /// What would be lost by leaving now.
    fn unsent(&self) -> Option<String> {
        let marked: usize = self.conversations.iter().map(Conversation::not_sent).sum();
        let messages = marked + self.pending();
        let writing = self.composer.editor().text();
        let draft =
            !writing.trim().is_empty() || self.conversations.iter().any(|conversation| !conversation.draft.is_empty());
        match (messages, draft) {
            (0, false) => None,
            (0, true) => Some("What you are writing is not sent. Leave all the same?".to_owned()),
            (1, _) => Some("1 message is not sent. Leave all the same?".to_owned()),
            (count, _) => Some(format!("{count} messages are not sent. Leave all the same?")),
        }
    }

    fn help(&mut self) {
        if self.mode == Mode::Screen {
            return self.open(Dialog::Help, dialogs::help());
        }
        for row in action::table().filter(|row| !row.command.is_empty()) {
            self.tell(format!("{:<24} {}", row.command_shown(), row.help));
        }
    }

    /// Brings a conversation into view, each with its own draft.
    pub(in crate::client::session) fn show(&mut self, index: usize) {
        if index == self.conversations.index() || index >= self.conversations.count() {
            return;
        }
        self.tell_read(true);
        let draft = self.composer.swap(Editor::default());
        self.conversations.current_mut().draft = draft;
        self.conversations.show(index);
        let draft = std::mem::take(&mut self.conversations.current_mut().draft);
        self.composer.swap(draft);
        self.conversations_at = index;
    }

    pub(in crate::client::session) fn open_conversation(&mut self, name: &Name) {
        self.show_target(&Target::User(name.clone()));
    }

    /// Brings the conversation with somebody or in a room into view, begun if there is none.
    pub(in crate::client::session) fn show_target(&mut self, target: &Target) {
        let begun = self.conversations.position(target).is_some();
        let index = self.conversations.begin(target);
        if !begun {
            self.conversations.with(target).active = self.now.wall;
        }
        self.show(index);
        self.focus = Focus::Composer;
    }
}
