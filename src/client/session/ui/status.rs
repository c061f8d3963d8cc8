//! The status bar: who and how one is connected, where something waits, what the client has to say, and keys.
//!
//! Must not know: how it is drawn.

use super::panes::{named, numbered, waiting};
use super::view_source::ViewSource;
use crate::client::action::Bindings;
use crate::client::chat::venue::Venue;
use crate::client::key::Key;
use crate::client::link::state::Connection;
use crate::client::text::layout::{LOW, WIDE};
use crate::client::text::wrap::{cells, fit, fit_line, line_cells};
use crate::client::view::{Rect, Scope, StatusBar, StyledLine};
use crate::language::{Say, pictures, screen as say, voices};
use crate::model::{Name, Target};
use crate::protocol::Dialect;

/// The shortest part of a reason that is worth showing, in cells.
const LEAST_REASON: usize = 8;
/// The pieces of the state that always stay: the sign and the person's name.
const SIGN_AND_NAME: usize = 2;
/// The keys at the right; the longest row of them that fits is shown.
const HINTS: [&[(Key, Say)]; 3] = [
    &[(Key::Ctrl('k'), say::go), (Key::Ctrl('f'), say::find), (Key::F(1), say::keys)],
    &[(Key::Ctrl('k'), say::go), (Key::F(1), say::keys)],
    &[(Key::F(1), say::keys)],
];

/// From these widths on, the second and the third row of them stay whatever waits elsewhere.
const WITH_SOME: usize = 60;
const WITH_ONE: usize = 40;

impl ViewSource<'_> {
    /// What lies below the messages in view, of which there are this many: what came since the reader scrolled back, or
    /// else all of it.
    pub(super) fn newer(&self, below: usize) -> Option<String> {
        let conversation = self.chat.current();
        match below {
            _ if conversation.reach.detached => Some(say::newer_below().to_owned()),
            0 => None,
            count => Some(match conversation.arrived().min(count) {
                0 => say::count_newer_below(count),
                arrived => say::count_new_below(arrived),
            }),
        }
    }

    /// The status bar; `newer` says what lies below the messages in view.
    pub(super) fn status_bar(&self, area: Rect, newer: Option<&str>) -> StatusBar {
        let width = usize::from(area.width);
        let mut left = self.state();
        if let Some(ringing) = self.ringing_state() {
            left = left.and(Scope::Text, "  ");
            left.0.extend(ringing.0);
        }
        let toast = self.ui.notes.toast();
        if let Some((when, why)) = self.moderating.ending_words(self.now) {
            left = left.and(Scope::Text, "  ").and(Scope::Error, when);
            let room = width.saturating_sub(line_cells(&left) + 3).min(width / 3);
            if room >= LEAST_REASON && toast.is_none() {
                left = left.and(Scope::Dim, " · ").and(Scope::Text, fit(why, room));
            }
        }
        if let Some(told) = toast {
            let scope = if told.trouble { Scope::Error } else { Scope::Text };
            // A few words that pass are read as a whole: what lasts is shown again after them.
            if line_cells(&left) + 2 + cells(told.text.as_str()) > width {
                left.0.truncate(SIGN_AND_NAME);
                left.0.extend(self.lights().0);
            }
            left = left.and(Scope::Text, "  ").and(scope, told.text.as_str());
            return StatusBar { area, left: fit_line(left, width), right: StyledLine::default() };
        }
        if let Some(hints) = self.picked_hints() {
            return self.picking_bar(area, left, newer, &hints);
        }
        if let Some(note) = self.ui.draft_note() {
            return self.draft_bar(area, &left, newer, &note);
        }
        left = self.elsewhere(left, newer, width.saturating_sub(least_hints(&self.ui.bindings, width)));
        let left = fit_line(left, width);
        let right = hints(&self.ui.bindings, width.saturating_sub(line_cells(&left) + 3));
        StatusBar { area, left, right }
    }

    /// The lights of camera and microphone: users who are seen or heard know it, whatever else is on the screen.
    fn lights(&self) -> StyledLine {
        let mut lights = StyledLine::default();
        if self.calls.are_pictures_leaving() {
            lights = lights.and(Scope::Text, "  ").and(Scope::Mention, format!("● {}", pictures::camera_state()));
        }
        if self.calls.is_talking() {
            lights = lights.and(Scope::Text, "  ").and(Scope::Mention, format!("● {}", voices::voice_state()));
        }
        lights
    }

    /// The status bar while the draft is too long: what is wrong with it matters more than keys, and than what waits
    /// elsewhere.
    fn draft_bar(&self, area: Rect, state: &StyledLine, newer: Option<&str>, note: &str) -> StatusBar {
        let width = usize::from(area.width);
        let fits = |left: &StyledLine| line_cells(left) + cells(note) + 4 <= width;
        let busy = self.elsewhere(state.clone(), newer, width);
        let left = if fits(&busy) { busy } else { fit_line(state.clone(), width.saturating_sub(cells(note) + 4)) };
        let room = width.saturating_sub(line_cells(&left) + 4);
        StatusBar { area, left, right: StyledLine::of(Scope::Error, fit(note, room)) }
    }

    /// The status bar while a message is picked: its keys with their words, or only the keys where room is short.
    fn picking_bar(&self, area: Rect, left: StyledLine, newer: Option<&str>, hints: &[(Key, &str)]) -> StatusBar {
        let width = usize::from(area.width);
        let keys = |words: bool, gap: &'static str| {
            hints.iter().fold(StyledLine::default(), |line, (key, word)| {
                let gap = if line.0.is_empty() { "" } else { gap };
                let line = line.and(Scope::Key, format!("{gap}{key}"));
                if words && !word.is_empty() { line.and(Scope::Dim, format!(" {word}")) } else { line }
            })
        };
        let busy = self.elsewhere(left.clone(), newer, width);
        let noted = note(left.clone(), newer);
        let fits = |left: &StyledLine, right: &StyledLine| line_cells(left) + line_cells(right) + 4 <= width;
        let (full, short, tight) = (keys(true, "  "), keys(false, "  "), keys(false, " "));
        // What waits elsewhere gives way to the words, and everything but the state to the keys.
        let (left, right) = match () {
            () if fits(&busy, &full) => (busy, full),
            () if fits(&noted, &full) => (noted, full),
            () if fits(&left, &full) => (left, full),
            () if fits(&left, &short) => (left, short),
            () => (fit_line(left, width.saturating_sub(line_cells(&tight) + 4)), tight),
        };
        let right = if line_cells(&right) + 4 > width { StyledLine::default() } else { right };
        StatusBar { area, left, right }
    }

    /// The state of the connection: a sign, the person's name, and words while something is wrong.
    fn state(&self) -> StyledLine {
        let me = self.link.me().name().map_or("?", Name::as_str);
        let wide = self.ui.cols >= WIDE;
        // Whoever is at another address than the one that they know sees where.
        let place = wide || self.link.is_away();
        let place = if place { format!("@{}", self.link.at().short_host()) } else { String::new() };
        let named = |scope, sign: &str| {
            let mut line = StyledLine::of(scope, format!("{sign} ")).and(Scope::Own, me).and(Scope::Dim, place.clone());
            // Here, nothing cuts them off.
            line.0.extend(self.lights().0);
            line
        };
        let trouble = |words: &str| named(Scope::Error, "○").and(Scope::Text, "  ").and(Scope::Error, words);
        match self.link.connection() {
            Connection::Idle => trouble(say::offline()).and(Scope::Dim, say::reconnect_tries_again()),
            Connection::Dialing { .. } if self.link.has_been_online() => trouble(say::reconnecting()),
            Connection::Dialing { .. } => trouble(say::connecting()),
            Connection::Handshaking(_) => trouble(say::joining()),
            Connection::Waiting { .. } => trouble(&say::reconnecting_in(self.link.countdown(self.now).unwrap_or(0)))
                .and(Scope::Dim, say::reconnect_at_once()),
            Connection::Online(online) if online.late(self.now).is_some() => {
                let late = online.late(self.now).unwrap_or_default();
                trouble(&say::no_answer_for(late.as_secs()))
            }
            Connection::Online(online) => {
                let line = named(Scope::Focus, "●");
                let line = match (online.dialect, online.round_trip) {
                    (Dialect::Tr223, _) => line.and(Scope::Dim, format!(" {}", Dialect::Tr223)),
                    (Dialect::Tr226, Some(took)) if wide => line.and(Scope::Dim, format!(" {} ms", took.as_millis())),
                    (Dialect::Tr226, _) => line,
                };
                if self.chat.away().is_some() { line.and(Scope::Dim, say::state_away()) } else { line }
            }
        }
    }

    /// What lies further down, and what waits elsewhere, as far as there is room.
    fn elsewhere(&self, left: StyledLine, newer: Option<&str>, width: usize) -> StyledLine {
        let left = note(left, newer);
        if self.link.is_online() { self.activity(left, width) } else { left }
    }

    /// The conversation in view, and those where something waits, as far as there is room.
    fn activity(&self, mut left: StyledLine, width: usize) -> StyledLine {
        let conversations = self.chat.conversations();
        let venue = &conversations.current().venue;
        if *venue != Venue::Server(Target::Everyone) {
            left = left.and(Scope::Text, "  ").and(Scope::Focus, venue.shown());
            if let Some(way) = venue.direct().and_then(|name| self.direct_state(name)) {
                left = left.and(Scope::Dim, format!(" {way}"));
            }
            // Where there is no title, this is the only place.
            if self.ui.rows < LOW && venue.direct().is_some_and(|name| self.speaks(name)) {
                left = left.and(Scope::Dim, format!(" · {}", voices::speaks()));
            }
        }
        let mut busy: Vec<(usize, StyledLine)> = conversations
            .iter()
            .enumerate()
            .filter(|(_, one)| one.unread > 0)
            .map(|(at, one)| {
                let mut line = named(numbered(at, 1), &one.venue).and(Scope::Text, " ");
                line.0.extend(waiting(one).0);
                (at, line)
            })
            .collect();
        let most = width.saturating_sub(cells(MORE) + 1);
        let all = busy.len();
        busy.retain({
            let mut used = line_cells(&left);
            move |(_, line)| {
                used += 3 + line_cells(line);
                used <= most
            }
        });
        let shown = busy.len();
        for (_, line) in busy {
            left = left.and(Scope::Text, "   ");
            left.0.extend(line.0);
        }
        if shown < all { left.and(Scope::Unread, format!(" +{}", all - shown)) } else { left }
    }
}

/// The state, with what lies further down.
fn note(state: StyledLine, newer: Option<&str>) -> StyledLine {
    match newer {
        Some(newer) => state.and(Scope::Text, "  ").and(Scope::Unread, newer),
        None => state,
    }
}

/// The room that is left for the number of conversations that are not named.
const MORE: &str = " +999";

fn hints(bindings: &Bindings, room: usize) -> StyledLine {
    let rows = HINTS.iter().map(|row| hint_row(bindings, row));
    rows.into_iter().find(|line| line_cells(line) <= room).unwrap_or_default()
}

fn hint_row(bindings: &Bindings, row: &[(Key, Say)]) -> StyledLine {
    let mut line = StyledLine::default();
    for (key, does) in row.iter().filter_map(|(key, does)| Some((bindings.instead_of(*key)?, does))) {
        let gap = if line.0.is_empty() { "" } else { "  " };
        line = line.and(Scope::Key, format!("{gap}{key}"));
        line = line.and(Scope::Dim, format!(" {}", does()));
    }
    line
}

/// The cells that hints keep for themselves, with the gap before them, however much waits elsewhere.
fn least_hints(bindings: &Bindings, width: usize) -> usize {
    let [_, some, one] = &HINTS;
    let row = match width {
        WITH_SOME.. => hint_row(bindings, some),
        WITH_ONE.. => hint_row(bindings, one),
        _ => return 0,
    };
    line_cells(&row) + 3
}
