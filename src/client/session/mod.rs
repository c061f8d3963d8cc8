//! The client's core: everything a person sees and does, as one state that takes messages and returns effects.
//!
//! [`Session::update`] takes what happened and gives what is to be done; [`Session::view`] is what the screen shows;
//! [`Session::deadline`] is when to wake it if nothing happens.
//!
//! The session is made of parts, each in a folder of its own that says what it keeps true. No part knows the session: it
//! gets what it needs as arguments and gives back what happened. This file and `coordinate` turn what happened in one part
//! into calls of the others: here the link, the clock and the end of an update; there what the server says and what the
//! person does. The folders know only those before them:
//!
//! 1. `start`, `effects`, `notice`: what all of them speak in;
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
pub(crate) mod coordinate;
mod effects;
mod flows;
mod history;
mod leaving;
pub(crate) mod link;
mod moderation;
mod notice;
mod outbound;
mod plain;
mod start;
pub(crate) mod ui;
mod writing;

pub use history::MAX_MISSED;
pub use history::wish::BACKLOG;
pub use link::handshake::GHOST_PATIENCE;
pub use moderation::lists::{MAX_BANS, MAX_LOG};
pub use outbound::queue::MAX_LINES;
pub use outbound::{MAX_PENDING, MAX_TRIES, WINDOW};
pub use plain::PATIENCE;
pub use start::{Mode, Start};
pub use ui::dialog_stack::{GRACE, MAX_DIALOGS};
pub use ui::writing::MAX_PASTED_LINES;

use self::chat::Chat;
use self::effects::Effects;
use self::flows::inquiring::Inquiring;
use self::flows::presiding::Presiding;
use self::flows::sending::Sending;
use self::flows::viewing::Viewing;
use self::history::History;
use self::link::hindrance::sentence;
use self::link::{Due, Hindrance, Link, News};
use self::moderation::Moderating;
use self::notice::Notice;
use self::outbound::Outbound;
use self::outbound::awaited::Awaited;
use self::outbound::queue::Queued;
use self::plain::Plain;
use self::ui::Ui;
use self::ui::view_source::ViewSource;
use super::msg::{Effect, Farewell, Msg};
use super::view::View;
use crate::client::link::state::SILENCE;
use crate::model::{Now, Text, Timestamp};
use crate::protocol::{Command, Dialect, SessionCommand, UserCommand};

/// The reason given for messages that may or may not have arrived.
const UNCONFIRMED: &str = "The connection was lost before the server had accepted it.";

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
    ui: Ui,
}

impl Session {
    /// A session that is not started yet.
    #[must_use]
    pub fn new(start: Start) -> Self {
        let sent = start.sent.clone();
        let mut session = Self {
            out: Effects::new(start.mode, start.zone),
            link: Link::new(&start),
            outbound: Outbound::new(start.seed),
            chat: Chat::default(),
            history: History::new(start.backlog),
            moderating: Moderating::default(),
            plain: Plain::default(),
            ui: Ui::default(),
        };
        session.recall(sent);
        session
    }

    /// Starts: dials the server, or first asks for a name if there is no valid one.
    pub fn start(&mut self, now: Now) -> Vec<Effect> {
        self.out.begin(now);
        self.ui.await_answer();
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
        match msg {
            Msg::Key(key) => {
                let searching = self.history.search().open;
                let intent = self.ui.key(key, searching, now.steady, &self.chat, self.link.me());
                self.act_on(intent);
            }
            Msg::Paste(raw) => self.paste(&raw),
            Msg::Edited(text) => self.edited(text),
            Msg::Trouble(words) => self.tell(Notice::Trouble(words)),
            Msg::Resize { cols, rows } => self.ui.resize(cols, rows),
            Msg::Line(line) if self.out.is_plain() => self.take_line(line),
            Msg::Rest(text) if self.out.is_plain() => self.sending().take_rest(text),
            Msg::Line(_) | Msg::Rest(_) => {}
            Msg::EndOfInput => self.plain.end(now.steady),
            Msg::Net(net) => {
                let news = self.link.receive(net, &mut self.out);
                self.take_news(news);
            }
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
        let times = times.chain([self.link.is_online().then(history).flatten()]);
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
        self.ui.show_waiting(!self.history.search().open, self.out.steady());
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
            self.ui.sort_conversations(&mut self.chat);
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

    /// The server accepted the name.
    fn joined(&mut self, again: bool, renamed: bool) {
        self.ui.settle();
        self.ui.drop_waiting();
        let abilities = self.link.abilities();
        if !abilities.history || again && renamed {
            // The server cannot recognize a message that is sent again, so those that may have arrived are not resent.
            for message in self.outbound.take_sent() {
                self.sending().not_sent(&message, UNCONFIRMED, true);
            }
        }
        self.chat.rooms_begin_anew();
        if self.link.dialect() == Some(Dialect::Tr226) {
            self.inquiring().ask_people();
        }
        // After a reconnect, the person is still away.
        if let Some(text) = self.chat.away().filter(|_| abilities.away) {
            self.outbound.ask(Command::User(UserCommand::Away(text.clone())), &mut self.out);
        }
        self.viewing().look_back();
        if again {
            self.tell(Notice::news("Online again."));
        }
        let not_sent = self.chat.not_sent();
        if not_sent > 0 {
            let words = if not_sent == 1 { "1 message was" } else { &format!("{not_sent} messages were") };
            self.tell(Notice::News(format!(
                "{words} not sent, or not confirmed. Alt-R or /resend resends the marked messages of a conversation."
            )));
        }
    }

    /// The connection is lost.
    fn lost(&mut self, why: &str) {
        let asked_for = self.outbound.awaits(&Awaited::Close);
        let was_online = self.link.lose(self.out.steady());
        let unsure = self.forget_connection();
        if !self.link.has_been_online() {
            return self.hinder(&Hindrance::NotLetIn(Text::line(why).to_string()));
        }
        if was_online && self.is_done() {
            // A closing that the person asked for is not an error.
            let words = sentence(why);
            self.tell(if asked_for { Notice::News(words) } else { Notice::Trouble(words) });
        } else if was_online {
            let why = sentence(why);
            self.tell(Notice::Trouble(format!("Connection lost: {why} Reconnecting…")));
            if unsure > 0 && self.out.is_screen() {
                let words = "Messages marked as not confirmed may have arrived: the server could not say so.";
                self.tell(Notice::news(words));
            }
        }
        self.link.wait(self.out.steady());
    }

    /// Drops everything that belonged to the connection. Returns how many messages may or may not have arrived.
    fn forget_connection(&mut self) -> usize {
        self.moderating.cut_off();
        self.chat.cut_off();
        self.plain.set_print_list(false);
        let unsure = self.outbound.cut_off(self.link.abilities().history);
        for message in &unsure {
            self.sending().not_sent(message, UNCONFIRMED, true);
        }
        self.history.cut_off();
        if self.history.search().awaits_anything() {
            self.viewing().search_failed("Connection lost; search again once you are back online.".to_owned());
        }
        self.chat.cut_history();
        unsure.len()
    }

    /// Ends the session without reconnecting. This is not reported as a loss: the caller says why it ended.
    fn end_here(&mut self) {
        self.out.emit(Effect::Disconnect);
        self.link.stop();
        self.link.lose(self.out.steady());
        self.forget_connection();
        self.link.give_up();
    }

    fn tick(&mut self) {
        let now = self.out.steady();
        self.history.tick(now);
        match self.link.due(now) {
            Due::Nothing => {}
            Due::Dial => self.link.dial(&mut self.out),
            Due::Late => {
                self.out.emit(Effect::Disconnect);
                self.lost("The server takes too long to answer.");
            }
            Due::Silent => {
                self.out.emit(Effect::Disconnect);
                self.lost(&format!("Nothing came from the server for {} s.", SILENCE.as_secs()));
            }
            Due::List => {
                // An answer that is still missing was lost among packets that arrived together.
                self.outbound.forget(&Awaited::List);
                self.chat.forget_listing();
                self.inquiring().ask_people();
            }
            Due::Ping => {
                let token = self.outbound.token();
                self.link.pinged(&token, now);
                self.out.send(Command::Session(SessionCommand::Ping(Text::line(&token))));
            }
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
}
