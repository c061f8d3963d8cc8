//! The client's core: everything a person sees and does, as one state that takes messages and gives effects.
//!
//! [`Session::update`] takes what happened and gives what is to be done; [`Session::view`] is what the screen shows;
//! [`Session::deadline`] is when to wake it if nothing happens. The parts: `net` and `events` (what the server says),
//! `outgoing` (what is sent), `identity` (who one is), `people` (who is there), `places`, `rooming` and `roomwork` (rooms), `moderating`, `records` and `ending` (what
//! moderators do), `past`, `answers`, `around`, `searching` and `reading` (what was said before, and how much
//! of it was read), `keys`, `commands`, `asking` and `pressing` (what the person does), `input` (plain mode's lines), `clock` (what
//! time does), `telling` (what the person is told), `render` and `panes` (the view).
//!
//! Must not know: sockets, terminals, files, clocks, or where randomness comes from.

pub mod chat;
pub mod history;
mod inbound;
pub mod link;
pub mod moderation;
pub mod outbound;
mod targets;
pub mod ui;

use std::collections::BTreeMap;

use chrono::FixedOffset;

use super::dialogs::{self, Dialog};
use super::msg::{Effect, Farewell, Msg};
use super::view::View;
use crate::client::chat::conversations::Conversations;
use crate::client::chat::keys::folded;
use crate::client::chat::notify::{self, Bell};
use crate::client::chat::people::People;
use crate::client::chat::rooms::Rooms;
use crate::client::chat::search::Search;
use crate::client::dialogs::form::Form;
use crate::client::link::backoff::Reconnect;
use crate::client::link::state::{Abilities, Connection};
use crate::client::text::composer::Composer;
use crate::model::name::lenient;
use crate::model::{Name, NameError, Now, Role, Target, Text, Timestamp, Url};
use crate::protocol::{Command, Dialect, Request, SessionCommand};

pub use history::replies::MAX_MISSED;
pub use outbound::queue::{MAX_LINES, PATIENCE, WINDOW};

pub use history::requests::BACKLOG;
pub use link::handshake::GHOST_PATIENCE;
pub use moderation::lists::{MAX_BANS, MAX_LOG};
pub use outbound::messages::{MAX_PENDING, MAX_TRIES};

use history::requests::Past;
use moderation::closing::Ending;
use moderation::lists::Records;
use outbound::messages::Awaited;
use outbound::queue::Input;
use ui::keys::Focus;

/// What a session begins with.
#[derive(Clone, Debug)]
pub struct Start {
    /// The name that was asked for.
    pub name: Option<Name>,
    /// The login name, which is the name if none was asked for; it may not do as one.
    pub login: String,
    /// Where the server is.
    pub server: Url,
    /// Where the person lives, for times and days.
    pub zone: FixedOffset,
    /// Randomness: tells this session's labels and waits from others'.
    pub seed: u64,
    /// How it is shown.
    pub mode: Mode,
    /// Whether an older session of one's own is to end.
    pub take_over: bool,
    /// A code that lets one in.
    pub code: Option<String>,
    /// Whether plain mode prints what was said before: a person wants it, a program does not.
    pub backlog: bool,
}

/// How a session is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// On the full screen: see [`Session::view`].
    Screen,
    /// Line by line: see [`Effect::Print`].
    Plain,
}

/// The client's state.
#[derive(Clone, Debug)]
pub struct Session {
    mode: Mode,
    zone: FixedOffset,
    now: Now,
    effects: Vec<Effect>,
    left: bool,

    server: Url,
    connection: Connection,
    abilities: Abilities,
    reconnect: Reconnect,
    been_online: bool,
    /// Since when our name is taken, though it was ours: the server may not have noticed that we were cut off.
    ghost_since: Option<Timestamp>,

    wanted: String,
    me: Option<Name>,
    /// Our name with its case folded: every message is compared with it.
    my_key: String,
    role: Role,
    /// In memory only, to be a moderator again after a cut.
    passphrase: Option<String>,
    keeps_name: bool,
    /// Whether this session has proved who it is.
    verified: bool,
    take_over: bool,
    code: Option<String>,
    /// The server is to be closed as soon as we may.
    closing: bool,

    people: People,
    /// Those whose messages are not shown.
    ignored: People,
    /// What one says who is away oneself.
    away: Option<Text>,
    /// Whether the bell keeps still.
    undisturbed: bool,
    rooms: Rooms,
    records: Records,
    ending: Option<Ending>,
    listing: Option<Vec<(Name, bool)>>,
    print_list: bool,
    conversations: Conversations,
    past: Past,
    search: Search,
    backlog: bool,
    /// Whether it was known before what was said while we were away.
    caught_up: bool,

    prefix: u64,
    counter: u64,
    awaited: BTreeMap<String, Awaited>,
    input: Input,

    composer: Composer,
    focus: Focus,
    menu_at: usize,
    conversations_at: usize,
    online_at: usize,
    dialog: Option<(Dialog, Form)>,
    cols: u16,
    rows: u16,
    bell: Bell,
    title: String,
}

impl Session {
    /// A session that has not begun.
    #[must_use]
    pub fn new(start: Start) -> Self {
        let wanted = start.name.map_or(start.login, |name| name.to_string());
        let me = lenient(&wanted);
        Self {
            mode: start.mode,
            zone: start.zone,
            now: Now::default(),
            effects: Vec::new(),
            left: false,
            server: start.server,
            connection: Connection::Idle,
            abilities: Abilities::default(),
            reconnect: Reconnect::new(start.seed),
            been_online: false,
            ghost_since: None,
            my_key: me.as_ref().map(folded).unwrap_or_default(),
            me,
            wanted,
            role: Role::User,
            passphrase: None,
            keeps_name: false,
            verified: false,
            take_over: start.take_over,
            code: start.code,
            closing: false,
            people: People::default(),
            ignored: People::default(),
            away: None,
            undisturbed: false,
            rooms: Rooms::default(),
            records: Records::default(),
            ending: None,
            listing: None,
            print_list: false,
            conversations: Conversations::default(),
            past: Past::default(),
            search: Search::default(),
            backlog: start.backlog,
            caught_up: false,
            prefix: start.seed,
            counter: 0,
            awaited: BTreeMap::new(),
            input: Input::default(),
            composer: Composer::default(),
            focus: Focus::default(),
            menu_at: 0,
            conversations_at: 0,
            online_at: 0,
            dialog: None,
            cols: 0,
            rows: 0,
            bell: Bell::default(),
            title: String::new(),
        }
    }

    /// Begins: looks for the server, or asks for a name first if there is none that would do.
    pub fn start(&mut self, now: Now) -> Vec<Effect> {
        self.now = now;
        match Name::parse(&self.wanted) {
            Ok(_) => self.dial(),
            Err(error) => self.no_name(error),
        }
        self.finish_update()
    }

    /// Takes what happened; gives what is to be done.
    pub fn update(&mut self, now: Now, msg: Msg) -> Vec<Effect> {
        if self.left {
            return Vec::new();
        }
        self.now = now;
        match msg {
            Msg::Key(key) => self.key(key),
            Msg::Paste(raw) => self.paste(&raw),
            Msg::Resize { cols, rows } => (self.cols, self.rows) = (cols, rows),
            Msg::Line(line) => self.take_line(line),
            Msg::Rest(text) => self.take_rest(text),
            Msg::EndOfInput => self.end_of_input(),
            Msg::Net(net) => self.net(net),
            Msg::Tick => {}
            Msg::Hangup => self.leave(Farewell::Done),
        }
        if !self.left {
            self.tick();
        }
        self.finish_update()
    }

    /// When to send [`Msg::Tick`] if nothing happens before, on the steady clock.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        self.next_deadline()
    }

    /// What the screen shows.
    #[must_use]
    pub fn view(&self) -> View {
        self.render()
    }

    /// Whether plain mode may read another line. While it may not, leave the input where it is: nothing gets lost.
    #[must_use]
    pub fn takes_lines(&self) -> bool {
        self.input.has_room()
    }

    fn finish_update(&mut self) -> Vec<Effect> {
        self.work_off_input();
        self.ask_members();
        self.ask_past();
        if self.mode == Mode::Screen {
            self.sort_conversations();
            let title = notify::title(self.conversations.unread(), self.conversations.mentions());
            if title != self.title && !self.left {
                self.title.clone_from(&title);
                self.emit(Effect::Title(title));
            }
        }
        std::mem::take(&mut self.effects)
    }

    /// Asks the server; `awaited` is what to do with the answer.
    fn ask(&mut self, command: Command, awaited: Option<Awaited>) -> String {
        let label = self.label();
        self.ask_as(&label, command, awaited);
        label
    }

    /// A label that none of this session's requests had before.
    fn label(&mut self) -> String {
        self.counter += 1;
        format!("{:x}-{:04x}", self.prefix, self.counter)
    }

    fn ask_as(&mut self, label: &str, command: Command, awaited: Option<Awaited>) {
        if let Some(awaited) = awaited {
            self.awaited.insert(label.to_owned(), awaited);
        }
        self.emit(Effect::Send(Request { reference: Some(label.to_owned()), command }));
    }

    fn leave(&mut self, farewell: Farewell) {
        self.tell_read(true);
        if self.connection.online().is_some() {
            self.emit(Effect::Send(Request::bare(Command::Session(SessionCommand::Exit))));
        }
        if !matches!(self.connection, Connection::Idle | Connection::Waiting { .. }) {
            self.emit(Effect::Disconnect);
        }
        self.emit(Effect::Leave(farewell));
        self.left = true;
    }

    fn is_me(&self, name: &Name) -> bool {
        self.me.as_ref() == Some(name) || folded(name) == self.my_key
    }

    fn set_me(&mut self, me: Option<Name>) {
        self.my_key = me.as_ref().map(folded).unwrap_or_default();
        self.me = me;
    }

    fn dialect(&self) -> Option<Dialect> {
        self.connection.online().map(|online| online.dialect)
    }

    /// Everybody but us, online or spoken with, to complete names from.
    fn others(&self) -> Vec<Name> {
        let mut others: People = self.people.iter().filter(|name| !self.is_me(name)).cloned().collect();
        for conversation in self.conversations.iter() {
            if let Target::User(name) = &conversation.target {
                others.add(name.clone());
            }
        }
        others.iter().cloned().collect()
    }

    /// What Tab completes to: people, and rooms that one is in.
    fn completions(&self) -> Vec<String> {
        let rooms = self.rooms.inside().map(ToString::to_string);
        self.others().iter().map(ToString::to_string).chain(rooms).collect()
    }

    fn no_name(&mut self, error: NameError) {
        let shown = Text::line(&self.wanted);
        let reason = format!("'{shown}' cannot be your name here. {error}");
        match self.mode {
            Mode::Plain => self.leave(Farewell::Refused(format!("{reason} Give one with --name."))),
            Mode::Screen => {
                let form = dialogs::name_refused(&reason, &self.wanted, &self.server.to_string(), None);
                self.open(Dialog::NameRefused, form);
            }
        }
    }
}
