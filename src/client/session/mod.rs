//! The client's core: everything a person sees and does, as one state that takes messages and returns effects.
//!
//! [`Session::update`] takes what happened and gives what is to be done; [`Session::view`] is what the screen shows;
//! [`Session::deadline`] is when to wake it if nothing happens.
//!
//! The session is made of parts, each in a folder of its own that says what it keeps true. No part knows the session: it
//! gets what it needs as arguments and gives back what happened. This file and those beside it turn what happened in one
//! part into calls of the others: here the link, the clock and the end of an update; in `coordinate` what the server says
//! and what the person does; in `connection` how a connection begins and ends; in `plain_input` how the input of plain
//! mode is worked off; in `inviting` how codes are shown; in `picked` what is done with a picked message; in `hangup` an end without notice; in `answers` what refusals
//! and the ends of lists mean; in `arrangement` how the order of conversations is recalled and kept; in `configuring` what the person sets. The folders know only those before them:
//!
//! 1. `start`, `effects`, `notice`: what all of them speak in; `settings`: the person's settings, and what is being kept
//!    of them;
//! 2. `link`: the connection, and who the person is on the server;
//! 3. `outbound`: requests, labels, what waits to be sent and what is awaited; `calls`: who calls, which channels are
//!    open, and whose key is known;
//! 4. `chat`: conversations, people and rooms as they are known;
//! 5. `history`: what is asked of earlier messages, and the search;
//! 6. `moderation`: lists for moderators, and the server's announced end;
//! 7. `plain`: where plain mode's lines go;
//! 8. `ui`: keys, dialogs, panes and the view;
//! 9. `commands`: what a command comes to, decided from the parts above and changing none;
//! 10. `flows`: what goes through several parts; each names the parts that it borrows, and works on these alone.
//!
//! Must not know: sockets, terminals, files, clocks, or where randomness comes from.

mod answers;
mod arrangement;
mod calls;
mod chat;
pub(crate) mod commands;
mod configuring;
mod connection;
pub(crate) mod coordinate;
mod effects;
mod flows;
mod hangup;
mod history;
mod inviting;
mod leaving;
pub(crate) mod link;
mod moderation;
mod notice;
mod outbound;
mod picked;
mod plain;
mod plain_input;
pub(in crate::client::session) mod settings;
mod start;
pub(crate) mod ui;
mod writing;

pub use calls::{CALL_PATIENCE, MAX_CALLS, MAX_TO_OFFER};
pub use history::MAX_MISSED;
pub use history::wish::BACKLOG;
pub use link::handshake::GHOST_PATIENCE;
pub use moderation::lists::{MAX_BANS, MAX_LOG};
pub use outbound::queue::MAX_LINES;
pub use outbound::{MAX_PENDING, MAX_TRIES, WINDOW};
pub use plain::{MAX_PARTS, PATIENCE};
pub use start::{Mode, PlainOptions, Start};
pub use ui::dialog_stack::{GRACE, MAX_DIALOGS};
pub use ui::number_jump::DIGIT_PAUSE;
pub use ui::writing::MAX_PASTED_LINES;

use self::calls::OwnCalls;
use self::chat::Chat;
use self::effects::Effects;
use self::flows::calling::Calling;
use self::flows::inquiring::Inquiring;
use self::flows::presiding::Presiding;
use self::flows::reporting;
use self::flows::sending::Sending;
use self::flows::viewing::Viewing;
use self::history::History;
use self::link::{Link, News};
use self::moderation::Moderating;
use self::notice::Notice;
use self::outbound::Outbound;
use self::plain::Plain;
use self::settings::Preferences;
use self::ui::Ui;
use self::ui::view_source::ViewSource;
use super::msg::{Effect, Msg};
use super::view::View;
use crate::client::chat::venue::Venue;
use crate::client::settings::Times;
use crate::client::text::codes;
use crate::model::{Name, Now, Timestamp};

/// The client's state.
#[derive(Clone, Debug)]
pub struct Session {
    out: Effects,
    link: Link,
    outbound: Outbound,
    calls: OwnCalls,
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
        let sent = start.sent.clone();
        let mut session = Self {
            out: Effects::new(start.mode, start.plain.json, start.zone.clone())
                .with_opener(start.opens_links)
                .with_confinement(start.confined),
            link: Link::new(&start),
            calls: OwnCalls::new(&start),
            outbound: Outbound::new(start.seed, start.unsent),
            chat: Chat::default(),
            history: History::new(start.backlog),
            moderating: Moderating::default(),
            plain: Plain::new(&start.plain),
            preferences: Preferences::new(start.settings),
            ui: Ui::default(),
        };
        session.adopt_settings();
        session.recall(sent);
        session
    }

    /// Starts: dials the server, or first asks for a name if there is no valid one.
    pub fn start(&mut self, now: Now) -> Vec<Effect> {
        self.out.begin(now);
        self.plain.watch_mut().begin(now.steady);
        self.give_back();
        self.ui.await_answer();
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
        if self.out.begin(now) || msg == Msg::Continued {
            self.link.wake(now.steady);
        }
        if matches!(msg, Msg::Key(_) | Msg::Paste(_) | Msg::Mouse(_)) {
            self.chat.attend();
        }
        let picked = self.ui.picked().is_some();
        // What the person does may change the layout; what others say does not, and there may be much of it.
        let held = (picked && !matches!(msg, Msg::Net(_))).then(|| (self.place_in_view(), self.viewing().is_at_end()));
        match msg {
            Msg::Key(key) => {
                let searching = self.history.search().open;
                let intent = self.ui.key(key, searching, now.steady, &self.chat, self.link.me());
                self.act_on(intent);
            }
            Msg::Paste(raw) => self.paste(&codes::last_states(&raw)),
            Msg::Edited(text) => self.edited(text),
            Msg::Resize { cols, rows } => {
                self.ui.resize(cols, rows);
                self.viewing().hold_picked();
            }
            Msg::Line(line) if self.out.is_plain() => self.take_line(line),
            Msg::Rest(text) if self.out.is_plain() => self.take_rest(text),
            Msg::Mouse(event) => {
                let view = self.view();
                let intent = self.ui.mouse(event, &view, now.steady, &self.chat, self.link.me());
                self.act_on(intent);
            }
            Msg::FileChecked(name, path, outcome) => {
                let goes = self.calling().file_checked(name.clone(), path, outcome);
                if goes && self.out.is_screen() {
                    self.viewing().show_venue(&Venue::Direct(name));
                }
            }
            Msg::KnownPeople(server, people) => self.calls.turn_to(server, people),
            Msg::Channel(news) => self.calling().take_news(news),
            Msg::Conference(news) => self.calling().take_conference_news(news),
            Msg::Sound(outcome) => self.calling().take_sound(outcome),
            Msg::Camera(news) => self.calling().take_camera(news),
            Msg::Line(_) | Msg::Rest(_) => {}
            Msg::Background(background) => self.ui.take_background(background),
            Msg::EndOfInput => self.plain.end(now.steady),
            Msg::InputFailed(why) => self.plain.fail(why, now.steady),
            Msg::OutputEnded(why) => self.output_ended(why),
            Msg::Net(net) => {
                let news = self.link.receive(net, &mut self.out);
                self.take_news(news);
            }
            Msg::Arrangement(places) => self.restore_arrangement(places),
            Msg::Nearby(server) => self.heard_nearby(server),
            Msg::Focus(focus) => self.chat.focus(focus),
            Msg::SettingSaved { key, outcome } => self.setting_saved(&key, outcome),
            Msg::Traffic(traffic) => {
                let status =
                    reporting::status((&self.link, &self.calls), &self.outbound, &self.chat, &self.out, traffic);
                self.tell(Notice::News(status));
            }
            Msg::Tick | Msg::Continued => {}
            Msg::Zone(zone) => self.out.set_zone(zone),
            Msg::Hangup => self.hang_up(),
            Msg::Trouble(words) => self.tell(Notice::Trouble(words)),
        }
        if !self.out.has_left() {
            self.tick();
        }
        if picked {
            self.check_pick(held);
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
        let times =
            times.chain([self.ui.deadline(), self.calls.deadline(), self.link.is_online().then(history).flatten()]);
        times.chain(self.out.is_screen().then(countdowns).into_iter().flatten()).flatten().min()
    }

    /// The screen as plain data.
    #[must_use]
    pub fn view(&self) -> View {
        if self.out.is_plain() {
            return View::default();
        }
        let Self { out, link, outbound, chat, calls, history, moderating, ui, .. } = self;
        ViewSource::new(ui, chat, (link, outbound, calls), moderating, history.search(), out).view()
    }

    /// How the person wants times written.
    #[must_use]
    pub fn times(&self) -> Times {
        self.out.times()
    }

    /// Whether plain mode may read another line. While it may not, leave the input unread: nothing is lost.
    #[must_use]
    pub fn takes_lines(&self) -> bool {
        self.outbound.has_room() && !self.plain.is_closed()
    }

    fn finish_update(&mut self) -> Vec<Effect> {
        self.ui.show_waiting(!self.history.search().open && !self.ui.has_sheet(), self.out.steady());
        // Only one thing lies over the chat at a time.
        if self.ui.has_dialog() {
            self.history.open_search(false);
        }
        if self.chat.take_changed() {
            self.ui.refresh(&self.chat, self.link.me());
        }
        self.tell_answered();
        self.send_what_waits();
        self.chat.keep_within_bytes();
        self.keep_arrangement(false);
        self.calling().arrange_pictures();
        self.calling().arrange_voices();
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

    /// Sees whether the picked message is still there. Once nothing is picked any more, the end of the messages is
    /// followed again in the conversation where it was in view and only `held` for the pick.
    fn check_pick(&mut self, held: Option<(String, bool)>) {
        let lost = self.ui.check_pick(&self.chat, self.out.steady());
        self.tell(lost.map(Notice::News));
        if self.ui.picked().is_some() {
            return;
        }
        let (place, at_end) = held.unwrap_or_else(|| (self.place_in_view(), self.viewing().is_at_end()));
        if at_end && place == self.place_in_view() && !self.chat.current().reach.detached {
            self.chat.attach();
        }
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

    fn calling(&mut self) -> Calling<'_> {
        let Self { link, outbound, chat, calls, plain, ui, out, .. } = self;
        Calling::new(link, outbound, chat, calls, plain, ui, out)
    }

    fn take_news(&mut self, news: News) {
        match news {
            News::Nothing => {}
            News::Ask(command) => drop(self.outbound.ask(command, &mut self.out)),
            News::Notice(text) => self.tell(Notice::news(text.as_str())),
            News::Met(words) => self.tell(Notice::News(words)),
            News::Distrusted(why) => self.distrusted(why),
            News::Hindered(hindrance) => self.hinder(&hindrance),
            News::Postponed(text) => self.tell(Notice::trouble(text.as_str())),
            News::Busy { text, first } => self.put_off(&text, first),
            News::Joined { again, renamed } => self.joined(again, renamed),
            News::Lost(why) => self.lost(&why),
            News::Heard(envelope) => self.heard(*envelope),
        }
    }
}
