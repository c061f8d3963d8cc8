//! The view: the visible part of the state, at the size of the screen.
//!
//! Must not know: how a view is drawn, or the bottom row (`status`).

use super::intent::Focus;
use super::layout::panel_width;
use super::panes::people;
use super::view_source::ViewSource;
use crate::client::chat::scrollback::Window;
use crate::client::chat::venue::Venue;
use crate::client::key::Key;
use crate::client::text::draft_rows::Rows;
use crate::client::text::layout::Layout;
use crate::client::text::wrap::{cells, fit, fit_line, line_cells, wrap};
use crate::client::view::{InputPane, MessageLine, MessagePane, Panel, Rect, Scope, StyledLine, View};
use crate::language::places::place;
use crate::language::{conferences, screen as say};
use crate::model::Target;

/// The fewest cells of a topic that are worth showing before the modes of a room give way.
const LEAST_TOPIC: usize = 12;

impl ViewSource<'_> {
    /// The whole screen as plain data.
    pub(in crate::client::session) fn view(&self) -> View {
        let (cols, rows) = (self.ui.cols, self.ui.rows);
        if cols == 0 || rows == 0 {
            return View { cols, rows, ..View::default() };
        }
        let (layout, draft) = self.ui.layout(self.chat);
        let window = self.ui.scrollback(layout, self.chat, self.link, self.zone).window();
        let newer = self.newer(window.below);
        View {
            cols,
            rows,
            menu: self.menu_pane(layout),
            conversations: self.conversations_pane(layout.conversations),
            people: self.people_pane(layout.people),
            messages: self.message_pane(layout, window),
            tiles: self.tiles(layout),
            picture_style: self.ui.picture_style,
            panel: self.panel(layout.panel),
            composer: self.composer_pane(layout, draft),
            status: self.status_bar(layout.status, newer.as_deref()),
            hairlines: layout.hairlines,
            background: self.ui.shown_background(),
            colourless: self.ui.is_colourless(),
            dialog: match self.ui.dialog_view(layout.above_composer()) {
                Some(dialog) => Some(dialog),
                None => {
                    let over = layout.above_composer();
                    self.search.open.then(|| self.search.view((cols, rows), over, self.zone, self.times))
                }
            },
            sheet: self.ui.sheet_view(),
        }
    }

    pub(super) fn has_keys(&self, focus: Focus) -> bool {
        let free = !self.ui.has_dialog() && !self.search.open;
        // A picked message takes the keys of the composer.
        self.ui.focus == focus && free && !(focus == Focus::Composer && self.ui.is_picking())
    }

    fn message_pane(&self, layout: Layout, window: Window) -> MessagePane {
        let lines = if window.lines.is_empty() { self.nothing_said(layout) } else { window.lines };
        let width = usize::from(layout.title.width.saturating_sub(2));
        let (title, right) = self.title(width, layout);
        let title_right = fit_line(right, width);
        MessagePane {
            area: layout.messages,
            gutter: layout.gutter,
            title_area: layout.title,
            title: fit_line(title, width.saturating_sub(line_cells(&title_right))),
            title_right,
            lines,
            focused: self.has_keys(Focus::Messages),
        }
    }

    /// What an empty conversation says: where one is, and how to begin.
    fn nothing_said(&self, layout: Layout) -> Vec<MessageLine> {
        if !self.link.is_online() {
            return Vec::new();
        }
        let width = usize::from(layout.messages.width.saturating_sub(2 * layout.gutter));
        let alone = self.chat.people().len() <= 1;
        let place = match &self.chat.current().venue {
            Venue::Server(Target::Everyone) if alone => say::alone_so_far(self.link.server()),
            Venue::Server(Target::Everyone) => say::in_everyone().to_owned(),
            Venue::Server(Target::Room(room)) => say::in_room(room),
            Venue::Server(Target::User(name)) => say::only_two(name),
            Venue::Direct(name) => say::only_two_directly(name),
        };
        let key = |key: Key| self.ui.bindings.instead_of(key).map(|key| key.to_string());
        let help = key(Key::F(1)).map_or_else(|| "/help".to_owned(), |key| say::keys_or_help(&key));
        let menu = key(Key::F(2)).map_or_else(String::new, |key| say::key_of_menu(&key));
        let keys = say::type_and_enter(&help, &menu);
        let most = usize::from(layout.messages.height);
        let rows = wrap(&place, width).into_iter().chain(wrap(&keys, width));
        rows.take(most).map(|row| StyledLine::of(Scope::Dim, row).into()).collect()
    }

    /// The title of the conversation in view: its name and topic, and at the right its modes and the number of people.
    fn title(&self, width: usize, layout: Layout) -> (StyledLine, StyledLine) {
        if layout.title.is_empty() {
            return Default::default();
        }
        let target = match &self.chat.current().venue {
            Venue::Server(target) => target,
            Venue::Direct(name) => return self.direct_title(name, width, !layout.tile_caption.is_empty()),
        };
        let name = StyledLine::of(Scope::Heading, place(target));
        if let Target::User(user) = target {
            let away = self.chat.away_of(user);
            let there = !self.link.is_online() || self.chat.people().has(user);
            let note = away.unwrap_or_else(|| if there { String::new() } else { say::not_online().to_owned() });
            return (
                if note.is_empty() { name } else { name.and(Scope::Dim, format!("  {note}")) },
                StyledLine::default(),
            );
        }
        let shown = layout.people.is_empty() && self.link.is_online();
        let count = |count: usize| if shown { people(count) } else { String::new() };
        let Some(room) = self.chat.rooms().get(target) else {
            return (name, StyledLine::of(Scope::Dim, count(self.chat.people().len())));
        };
        let mut notes: Vec<String> = room.modes();
        if let Target::Room(room) = target
            && let talking @ 1.. = self.calls.in_call_of(room).len()
        {
            notes.push(conferences::in_call(talking));
            notes.extend(self.speaking_in(room, &layout));
        }
        notes.push(count(room.count));
        notes.retain(|note| !note.is_empty());
        let topic = room.topic.as_str();
        loop {
            let right = notes.join(" · ");
            let left = width.saturating_sub(cells(&place(target)) + 2 + cells(&right) + 2);
            if left > 0 && left >= cells(topic).min(LEAST_TOPIC) || notes.is_empty() {
                let name =
                    if room.topic.is_blank() { name } else { name.and(Scope::Dim, format!("  {}", fit(topic, left))) };
                return (name, StyledLine::of(Scope::Dim, right));
            }
            // The number of people stands last, and stays.
            notes.remove(notes.len().saturating_sub(2));
        }
    }

    /// What the client has to say, below the messages.
    fn panel(&self, area: Rect) -> Option<Panel> {
        let (height, width) = (area.height.checked_sub(1)?, panel_width(area));
        let (rows, above, below) = self.ui.notes.rows(width, height.into());
        let more = above + below;
        let hint = if more > 0 { say::panel_goes_on(more) } else { say::esc_closes().to_owned() };
        let scope = |trouble: bool| if trouble { Scope::Error } else { Scope::Text };
        let rows = rows.into_iter().map(|(row, trouble)| StyledLine::of(scope(trouble), row)).collect();
        Some(Panel { area, rows, hint: fit(&hint, width) })
    }

    fn composer_pane(&self, layout: Layout, draft: Rows) -> InputPane {
        let room = usize::from(layout.composer.width.saturating_sub(2));
        let heading = self.draft_heading(room).filter(|_| layout.composer.height > 1);
        let height = usize::from(layout.composer.height) - usize::from(heading.is_some());
        let lines = (draft.rows.len() > 1).then(|| say::lines(draft.rows.len()));
        let note = lines.map_or_else(String::new, |note| note + " ");
        let first = (draft.row + 1).saturating_sub(height);
        let empty = draft.rows.iter().all(String::is_empty);
        let mut lines: Vec<StyledLine> =
            draft.rows.into_iter().skip(first).take(height).map(|row| StyledLine::of(Scope::Text, row)).collect();
        let focused = self.has_keys(Focus::Composer);
        let cursor = (focused && height > 0).then(|| {
            let small = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
            (small(draft.column), small(draft.row - first))
        });
        let prompt = self.ui.prompt(self.chat);
        if let (true, Some(words), Some(first)) = (empty, self.nothing_goes(), lines.first_mut()) {
            *first = StyledLine::of(Scope::Dim, fit(&words, room.saturating_sub(cells(&prompt))));
        }
        let beside = lines.first().map_or(0, |line| cells(&line.text())) + cells(&prompt) + cells(&note) + 2;
        let note = if beside <= usize::from(layout.composer.width) { note } else { String::new() };
        InputPane { area: layout.composer, prompt, lines, cursor, note, focused, heading: heading.unwrap_or_default() }
    }
}
