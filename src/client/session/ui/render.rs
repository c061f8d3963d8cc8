//! The view: the visible part of the state, at the size of the screen.
//!
//! Must not know: how a view is drawn.

use super::intent::Focus;
use super::layout::inner;
use super::view_source::ViewSource;
use crate::client::chat::notify::waiting;
use crate::client::link::state::Connection;
use crate::client::text::draft_rows::Rows;
use crate::client::text::layout::Layout;
use crate::client::text::wrap::{cells, fit, fit_line, line_cells};
use crate::client::view::{InputPane, MessagePane, Scope, StatusBar, StyledLine, VERIFIED, View};
use crate::model::{Name, Target};
use crate::protocol::Dialect;

/// A topic of up to this many cells is shown in preference to the modes of the room.
const SHORT_TOPIC: usize = 12;
/// The shortest part of a reason that is worth showing, in cells.
const LEAST_REASON: usize = 4;
/// The keys named in the status bar; on a narrow screen, only as many as fit.
const HINTS: [(&str, &str); 3] = [("F1", "help"), ("F2", "menu"), ("Tab", "next pane")];

impl ViewSource<'_> {
    /// The whole screen as plain data.
    pub(in crate::client::session) fn view(&self) -> View {
        if self.ui.cols == 0 || self.ui.rows == 0 {
            return View { cols: self.ui.cols, rows: self.ui.rows, ..View::default() };
        }
        let (layout, draft) = self.ui.layout(self.chat);
        let status = self.status_bar(layout, &draft);
        View {
            cols: self.ui.cols,
            rows: self.ui.rows,
            menu: self.menu_pane(layout.menu),
            conversations: self.conversations_pane(layout.conversations),
            online: self.online_pane(layout.online),
            messages: self.message_pane(layout, &draft),
            composer: self.composer_pane(layout, draft),
            status,
            dialog: match self.ui.dialog_view() {
                Some(dialog) => Some(dialog),
                None => self.search.open.then(|| self.search.view(self.ui.cols, self.ui.rows, self.zone)),
            },
        }
    }

    pub(super) fn has_keys(&self, focus: Focus) -> bool {
        self.ui.focus == focus && !self.ui.has_dialog() && !self.search.open
    }

    fn message_pane(&self, layout: Layout, draft: &Rows) -> MessagePane {
        let window = self.ui.scrollback(layout, self.chat, self.zone, self.link.is_online()).window();
        // The border of the composer is below the messages, so it also says how long the draft is.
        let unseen = match window.below {
            _ if self.chat.current().reach.detached => Some("newer below".to_owned()),
            0 => None,
            count => Some(format!("{count} newer below")),
        };
        let unfit = self.unfit(layout, draft).filter(|_| layout.bordered);
        let (width, _) = inner(layout, |layout| layout.messages);
        let both = unseen.iter().zip(&unfit).map(|(unseen, unfit)| format!("{unseen} · {unfit}")).next();
        // If there is no room for both, unread messages matter more.
        let below = both.filter(|both| cells(both) <= width).or(unseen).or(unfit).map(|note| fit(&note, width));
        MessagePane {
            area: layout.messages,
            title: self.title_of_view(width),
            lines: window.lines,
            focused: self.has_keys(Focus::Messages),
            below,
        }
    }

    /// The title of the conversation in view: for a place also its topic, as far as there is room, and its modes.
    fn title_of_view(&self, width: usize) -> String {
        let target = &self.chat.current().target;
        if let Target::User(name) = target {
            let away = self.chat.away_of(name).map(|words| format!("{name} · {words}"));
            let there = !self.link.is_online() || self.chat.people().has(name);
            return away.unwrap_or_else(|| if there { name.to_string() } else { format!("{name} · not online") });
        }
        let name = target.to_string();
        let Some(room) = self.chat.rooms().get(target) else { return name };
        let mut modes = room.modes();
        let wanted = cells(room.topic.as_str()).min(SHORT_TOPIC);
        loop {
            let words: String = modes.iter().map(|mode| format!(" · {mode}")).collect();
            let left = width.saturating_sub(cells(&name) + cells(&words) + 3);
            if room.topic.is_blank() {
                return name + &words;
            }
            if left >= wanted || modes.pop().is_none() {
                return format!("{name} · {}{words}", fit(room.topic.as_str(), left.max(1)));
            }
        }
    }

    fn composer_pane(&self, layout: Layout, draft: Rows) -> InputPane {
        let (_, height) = inner(layout, |layout| layout.composer);
        let first = (draft.row + 1).saturating_sub(height);
        let lines =
            draft.rows.into_iter().skip(first).take(height).map(|row| StyledLine::of(Scope::Text, row)).collect();
        let focused = self.has_keys(Focus::Composer);
        let cursor = (focused && height > 0).then(|| {
            let small = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
            (small(draft.column), small(draft.row - first))
        });
        InputPane { area: layout.composer, prompt: self.ui.prompt(self.chat), lines, cursor, focused }
    }

    fn status_bar(&self, layout: Layout, draft: &Rows) -> StatusBar {
        let width = usize::from(layout.status.width);
        let me = self.link.me().name().map_or("?", Name::as_str);
        let mark = if self.link.me().is_verified() && self.link.is_online() { VERIFIED } else { "" };
        let mine = cells(me) + cells(mark);
        let words = line_cells(&self.connection_words(StyledLine::default(), true));
        // Beside a countdown, the name matters more than the round-trip time.
        let ends = self.moderating.is_ending();
        let online = self.link.is_online();
        let least = if ends && online { cells("online") } else { words };
        let mut left = StyledLine::of(Scope::Text, " ");
        if let Some((when, why)) = self.moderating.ending_words(self.now) {
            left = left.and(Scope::Error, when).and(Scope::Dim, " · ");
            // The name matters more than the reason.
            let beside = width.saturating_sub(line_cells(&left) + mine + words + 6);
            let room = (width / 3).saturating_sub(3).min(beside);
            if room >= LEAST_REASON {
                left = left.and(Scope::Text, fit(why, room)).and(Scope::Dim, " · ");
            }
        }
        let elsewhere = self.chat.conversations().unread();
        if layout.conversations.is_empty() && elsewhere > 0 {
            let waiting = waiting(elsewhere, self.chat.conversations().mentions());
            let full = format!("{waiting} unread");
            let fits = line_cells(&left) + cells(&full) + mine + least + 6 <= width;
            let waiting = if fits || !ends { full } else { waiting };
            left = left.and(Scope::Unread, waiting).and(Scope::Dim, " · ");
        }
        if let Some(unfit) = self.unfit(layout, draft).filter(|_| !layout.bordered) {
            left = left.and(Scope::Pending, unfit).and(Scope::Dim, " · ");
        }
        // On the narrowest screens, the state of the connection matters more than the address.
        let away = if self.chat.away().is_some() { " · away" } else { "" };
        let place = format!("@{}{away}", self.link.server().short_host());
        let room = width.saturating_sub(line_cells(&left) + words);
        if mine + cells(&place) + 3 <= room {
            left = left.and(Scope::Own, me).and(Scope::Good, mark).and(Scope::Text, place).and(Scope::Dim, " · ");
        } else if mine + 3 <= room + words.saturating_sub(least) {
            left = left.and(Scope::Own, me).and(Scope::Good, mark).and(Scope::Dim, " · ");
        }
        let whole = self.connection_words(left.clone(), true);
        let short = ends && online && line_cells(&whole) > width;
        let left = if short { self.connection_words(left, false) } else { whole };
        let left = fit_line(left, width);
        // One cell at the edge, two between left and right.
        let mut room = width.saturating_sub(line_cells(&left) + 3);
        let mut right = StyledLine::default();
        for (key, does) in HINTS {
            let gap = if right.0.is_empty() { "" } else { "  " };
            let needed = gap.len() + key.len() + 1 + does.len();
            if needed > room {
                break;
            }
            room -= needed;
            right = right.and(Scope::Key, format!("{gap}{key}")).and(Scope::Dim, format!(" {does}"));
        }
        if !right.0.is_empty() {
            right = right.and(Scope::Dim, " ");
        }
        StatusBar { area: layout.status, left, right }
    }

    /// The state of the connection; with `details` also how long a ping takes, or the old dialect.
    fn connection_words(&self, left: StyledLine, details: bool) -> StyledLine {
        match self.link.connection() {
            Connection::Idle => left.and(Scope::Error, "offline").and(Scope::Dim, " · F5 tries again"),
            Connection::Dialing if self.link.has_been_online() => left.and(Scope::Pending, "reconnecting…"),
            Connection::Dialing => left.and(Scope::Pending, "connecting…"),
            Connection::Handshaking(_) => left.and(Scope::Pending, "joining…"),
            Connection::Waiting { .. } => {
                left.and(Scope::Pending, format!("reconnecting in {} s", self.link.countdown(self.now).unwrap_or(0)))
            }
            Connection::Online(online) => {
                let left = left.and(Scope::Good, "online");
                match (online.dialect, online.round_trip) {
                    _ if !details => left,
                    (Dialect::Tr223, _) => left.and(Scope::Dim, format!(" · {}", Dialect::Tr223)),
                    (Dialect::Tr226, Some(took)) => left.and(Scope::Dim, format!(" · {} ms", took.as_millis())),
                    (Dialect::Tr226, None) => left,
                }
            }
        }
    }

    /// A note about the draft: that it is too long, or how long it is if not all of it is shown.
    fn unfit(&self, layout: Layout, draft: &Rows) -> Option<String> {
        let (_, height) = inner(layout, |layout| layout.composer);
        let lines = || (draft.rows.len() > height.max(1)).then(|| format!("{} lines", draft.rows.len()));
        self.ui.draft_note().or_else(lines)
    }
}
