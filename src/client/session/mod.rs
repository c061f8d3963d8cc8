//! The client's core: everything a person sees and does, as one state that takes messages and returns effects.
//!
//! [`Session::update`] takes what happened and gives what is to be done; [`Session::view`] is what the screen shows;
//! [`Session::deadline`] is when to wake it if nothing happens.
//!
//! The session is made of parts, each in a folder of its own that says what it keeps true. No part knows the session: it
//! gets what it needs as arguments and gives back what happened. This file, `coordinate`, `connection` and `configuring`
//! turn what happened in one part into calls of the others: here the link, the clock and the end of an update; there what
//! the server says, what the person does, and what they have set. The folders know only those before them:
//!
//! 1. `start`, `effects`, `notice`: what all of them speak in; `settings`: the person's settings, and what is being kept
//!    of them;
//! 2. `link`: the connection, and who the person is on the server;
//! 3. `outbound`: requests, labels, what waits to be sent and what is awaited;
//! 4. `chat`: conversations, people and rooms as they are known;
//! 5. `history`: what is asked of earlier messages, and the search;
//! 6. `moderation`: lists for moderators, and the server's announced end;
//! 7. `plain`: where plain mode's lines go;
//! 8. `ui`: keys, dialogs, panes and the view;
//! 9. `commands`: what a command comes to, decided from the parts above and changing none;
//! 10. `flows`: what goes through several parts; each names the parts that it borrows, and works on these alone.
//!
//! Must not know: sockets, terminals, files, clocks, or where randomness comes from.

mod chat;
pub(crate) mod commands;
mod configuring;
mod connection;
pub(crate) mod coordinate;
mod effects;
mod flows;
mod history;
pub(crate) mod link;
mod moderation;
mod notice;
mod outbound;
mod plain;
pub(in crate::client::session) mod settings;
mod start;
pub(crate) mod ui;

pub use history::MAX_MISSED;
pub use history::wish::BACKLOG;
pub use link::handshake::GHOST_PATIENCE;
pub use moderation::lists::{MAX_BANS, MAX_LOG};
pub use outbound::queue::MAX_LINES;
pub use outbound::{MAX_PENDING, MAX_TRIES, WINDOW};
pub use plain::PATIENCE;
pub use start::{Mode, Start};

use self::chat::Chat;
use self::effects::Effects;
use self::flows::inquiring::Inquiring;
use self::flows::presiding::Presiding;
use self::flows::sending::Sending;
use self::flows::viewing::Viewing;
use self::history::History;
use self::link::{Hindrance, Link, News};
use self::moderation::Moderating;
use self::notice::Notice;
use self::outbound::Outbound;
use self::outbound::queue::Queued;
use self::plain::Plain;
use self::settings::Preferences;
use self::ui::Ui;
use self::ui::view_source::ViewSource;
use super::msg::{Effect, Farewell, Msg};
use super::view::View;
use crate::model::{Name, Now, Timestamp};

/// The client's state.
#[derive(Clone, Debug)]
pub struct Session {
    out: Effects,
    link: Link,
    outbound: Outbound,
    chat: Chat,
    history: History,
    moderating: Moderating,
    plain: Plain,
    preferences: Preferences,
    ui: Ui,
}

impl Session {
    /// A session that is not started yet.
    #[must_use]
    pub fn new(start: Start) -> Self {
        let mut session = Self {
            out: Effects::new(start.mode, start.zone),
            link: Link::new(&start),
            outbound: Outbound::new(start.seed),
            chat: Chat::default(),
            history: History::new(start.backlog),
            moderating: Moderating::default(),
            plain: Plain::default(),
            preferences: Preferences::new(start.settings),
            ui: Ui::default(),
        };
        session.adopt_settings();
        session
    }

    /// Starts: dials the server, or first asks for a name if there is no valid one.
    pub fn start(&mut self, now: Now) -> Vec<Effect> {
        self.out.begin(now);
        self.take_mouse();
        let news = self.link.start(&mut self.out);
        self.take_news(news);
        self.finish_update()
    }

    /// Handles a message; returns the effects to carry out.
    pub fn update(&mut self, now: Now, msg: Msg) -> Vec<Effect> {
        if self.out.has_left() {
            return Vec::new();
        }
        self.out.begin(now);
        if matches!(msg, Msg::Key(_) | Msg::Paste(_)) {
            self.chat.attend();
        }
        match msg {
            Msg::Key(key) => {
                let searching = self.history.search().open;
                let intent = self.ui.key(key, searching, &self.chat, self.link.me());
                self.act_on(intent);
            }
            Msg::Paste(raw) => self.paste(&raw),
            Msg::Resize { cols, rows } => self.ui.resize(cols, rows),
            Msg::Line(line) if self.out.is_plain() => self.take_line(line),
            Msg::Rest(text) if self.out.is_plain() => self.sending().take_rest(text),
            Msg::Line(_) | Msg::Rest(_) => {}
            Msg::EndOfInput => self.plain.end(now.steady),
            Msg::Net(net) => {
                let news = self.link.receive(net, &mut self.out);
                self.take_news(news);
            }
            Msg::Focus(focus) => self.chat.focus(focus),
            Msg::SettingSaved { key, outcome } => self.setting_saved(&key, outcome),
            Msg::Tick => {}
            Msg::Hangup => self.leave(Farewell::Done),
        }
        if !self.out.has_left() {
            self.tick();
        }
        self.finish_update()
    }

    /// When to send [`Msg::Tick`] if nothing happens before, on the steady clock.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        if self.out.has_left() {
            return None;
        }
        let now = self.out.steady();
        let told = self.history.tells_read(&self.link, &self.out);
        let history = || self.history.deadline(told && self.chat.has_read_on());
        let countdowns = || [self.link.countdown_deadline(now), self.moderating.deadline(now)];
        let times = [self.link.deadline(), self.outbound.deadline(), self.plain.deadline()].into_iter();
        let times = times.chain([self.ui.deadline(), self.link.is_online().then(history).flatten()]);
        times.chain(self.out.is_screen().then(countdowns).into_iter().flatten()).flatten().min()
    }

    /// The screen as plain data.
    #[must_use]
    pub fn view(&self) -> View {
        if self.out.is_plain() {
            return View::default();
        }
        let Self { out, link, chat, history, moderating, ui, .. } = self;
        ViewSource::new(ui, chat, link, moderating, history.search(), out).view()
    }

    /// Whether plain mode may read another line. While it may not, leave the input unread: nothing is lost.
    #[must_use]
    pub fn takes_lines(&self) -> bool {
        self.outbound.has_room()
    }

    fn finish_update(&mut self) -> Vec<Effect> {
        // Only one thing lies over the chat at a time.
        if self.ui.has_dialog() {
            self.history.open_search(false);
        }
        if self.chat.take_changed() {
            self.ui.refresh(&self.chat, self.link.me());
        }
        self.send_what_waits();
        self.chat.keep_within_bytes();
        if self.link.is_online() && !self.out.has_left() {
            self.inquiring().ask_members_in_view();
            self.viewing().go_on();
        }
        if self.out.is_screen() {
            self.ui.say(&mut self.out);
            if let Some(title) = self.chat.take_title() {
                self.out.emit(Effect::Title(title));
            }
        }
        self.out.take()
    }

    fn tell(&mut self, notice: impl Into<Option<Notice>>) {
        if let Some(notice) = notice.into() {
            self.chat.notify(notice, &mut self.out);
        }
    }

    fn ignore(&mut self, names: Vec<Name>) {
        self.chat.ignore(names);
        self.history.hide_hits(|name| self.chat.is_ignored(name));
    }

    fn sending(&mut self) -> Sending<'_> {
        Sending::new(&self.link, &mut self.outbound, &mut self.chat, &mut self.plain, &mut self.out)
    }

    fn viewing(&mut self) -> Viewing<'_> {
        let Self { link, outbound, chat, history, ui, out, .. } = self;
        Viewing::new(link, outbound, chat, history, ui, out)
    }

    fn inquiring(&mut self) -> Inquiring<'_> {
        let Self { link, outbound, chat, plain, ui, out, .. } = self;
        Inquiring::new(link, outbound, chat, plain, ui, out)
    }

    fn presiding(&mut self) -> Presiding<'_> {
        let Self { link, outbound, chat, moderating, ui, out, .. } = self;
        Presiding::new(link, outbound, chat, moderating, ui, out)
    }

    fn leave(&mut self, farewell: Farewell) {
        self.viewing().tell_read(true);
        self.link.hang_up(&mut self.out);
        self.out.leave(farewell);
    }

    /// The person cannot be on the server: a dialog asks what to do; plain mode has no dialogs and leaves.
    fn hinder(&mut self, hindrance: &Hindrance) {
        self.link.stop();
        if self.out.is_plain() {
            let farewell = self.link.hindrance_farewell(hindrance);
            return self.leave(farewell);
        }
        self.ui.open(self.link.hindrance_dialog(hindrance));
    }

    fn take_news(&mut self, news: News) {
        match news {
            News::Nothing => {}
            News::Ask(command) => drop(self.outbound.ask(command, &mut self.out)),
            News::Notice(text) => self.tell(Notice::news(text.as_str())),
            News::Met(words) => self.tell(Notice::News(words)),
            News::Distrusted(why) => self.leave(Farewell::Refused(why)),
            News::Hindered(hindrance) => self.hinder(&hindrance),
            News::Postponed(text) => self.tell(Notice::trouble(text.as_str())),
            News::Busy { text, first } => self.put_off(&text, first),
            News::Joined { again, renamed } => self.joined(again, renamed),
            News::Lost(why) => self.lost(&why),
            News::Heard(envelope) => self.heard(*envelope),
        }
    }

    /// Sends what is queued, as far as the server allows, and leaves once there is nothing left to do.
    fn send_what_waits(&mut self) {
        let now = self.out.steady();
        if self.out.has_left() {
            return;
        }
        self.outbound.resume(now);
        while let Some(dialect) = self.link.dialect().filter(|_| !self.out.has_left()) {
            match self.outbound.next(self.out.is_plain()) {
                Some(Queued::Rest(text)) => self.sending().go_on(&text),
                Some(Queued::Line(line)) => {
                    self.plain.begin_line();
                    if !self.enter(&line) {
                        self.plain.count_not_sent();
                    }
                }
                Some(Queued::Message(message)) => self.sending().hand_over(message, dialect),
                None => break,
            }
            self.plain.progress(now);
        }
        self.outbound.end_run_if_idle();
        if self.plain.has_ended() && !self.out.has_left() {
            self.leave_when_done();
        }
    }

    /// Whether plain mode has nothing left to wait for.
    fn is_done(&self) -> bool {
        self.plain.has_ended()
            && self.outbound.is_done()
            && !self.preferences.is_saving()
            && !self.history.search().awaits_anything()
    }

    fn leave_when_done(&mut self) {
        let been_online = self.link.has_been_online();
        let settled = self.link.is_online() || been_online && self.link.is_waiting();
        if self.is_done() && settled || self.plain.is_late(self.out.steady()) {
            let silent = (!been_online).then(|| self.link.server());
            let farewell = self.plain.farewell(self.outbound.pending(), silent);
            self.leave(farewell);
        }
    }
}
