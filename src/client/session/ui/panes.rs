//! The panes with lists: the menu, the conversations, and the people.
//!
//! Must not know: how a view is drawn, or the messages (`render`).

use super::intent::Focus;
use super::side_list::{members_in_view, side_count};
use super::view_source::ViewSource;
use crate::client::action;
use crate::client::chat::conversation::Conversation;
use crate::client::chat::room_members::RoomMember;
use crate::client::chat::venue::Venue;
use crate::client::key::Key;
use crate::client::text::layout::Layout;
use crate::client::text::names::distinct;
use crate::client::text::wrap::{cells, fit_line, line_cells};
use crate::client::view::{DIRECT_SIGN, ListPane, ListRow, More, Rect, Scope, StyledLine, UNVERIFIED};
use crate::language::places::place;
use crate::language::screen as say;
use crate::model::{Name, RoomRole, Target};
use crate::protocol::Dialect;

/// The sign before the name of a room's moderator.
const MODERATOR: &str = "★";
/// How many rows above and below those that are visible are looked at, so that no name looks like one of theirs.
const NEIGHBOURS: usize = 100;
/// The first number of two digits.
const TEN: usize = 10;
/// The highest number before a conversation.
const MAX_NUMBER: usize = 99;

impl ViewSource<'_> {
    pub(super) fn menu_pane(&self, layout: Layout) -> ListPane {
        if layout.menu_folded {
            let key = self.ui.bindings.instead_of(Key::F(2)).map(|key| format!(" {key}")).unwrap_or_default();
            let folded = StyledLine::of(Scope::Dim, say::menu_folded(&key));
            return ListPane { area: layout.menu, title: folded, ..ListPane::default() };
        }
        let row = |row: &action::Row| {
            let digit = row.digit.unwrap_or(' ');
            ListRow { left: StyledLine::of(Scope::Text, format!("{digit} {}", row.name())), ..ListRow::default() }
        };
        let frame = ListFrame {
            area: layout.menu,
            title: if layout.menu_headed {
                StyledLine::of(Scope::Dim, say::menu_heading())
            } else {
                StyledLine::default()
            },
            at: self.ui.menu_at,
            focused: self.has_keys(Focus::Menu),
        };
        frame.list(action::menu().count(), action::menu(), row)
    }

    pub(super) fn conversations_pane(&self, area: Rect) -> ListPane {
        let focused = self.has_keys(Focus::Conversations);
        let at = if focused { self.ui.conversations_at } else { self.chat.conversations().index() };
        // With ten conversations or more, all names begin behind the wider numbers.
        let digits = if self.chat.conversations().count() < TEN { 1 } else { 2 };
        let row = |(index, conversation): (usize, &Conversation)| ListRow {
            left: named(numbered(index, digits), &conversation.venue),
            right: waiting(conversation),
            current: index == self.chat.conversations().index(),
        };
        let frame = ListFrame { area, title: StyledLine::default(), at, focused };
        frame.list(self.chat.conversations().count(), self.chat.conversations().iter().enumerate(), row)
    }

    /// The users online, or the members of the room in view.
    pub(super) fn people_pane(&self, area: Rect) -> ListPane {
        let frame = |title: String| ListFrame {
            area,
            title: StyledLine::of(Scope::Dim, title),
            at: self.ui.people_at,
            focused: self.has_keys(Focus::People),
        };
        let count = side_count(self.chat);
        match members_in_view(self.chat) {
            Some(members) => {
                let room = self.chat.current().target().and_then(|target| self.chat.rooms().get(target));
                let known = room.map_or(count, |room| room.count);
                frame(people(known)).list(count, members.iter(), |(member, online)| self.member_row(member, online))
            }
            None => {
                frame(say::online_count(count)).list(count, self.chat.people().iter(), |name| self.person_row(name))
            }
        }
    }

    fn person_row(&self, name: &Name) -> ListRow {
        let own = self.link.me().is(name);
        let verified = if own { self.link.me().is_verified() } else { self.chat.people().is_verified(name) };
        let verified = verified || self.link.dialect() == Some(Dialect::Tr223);
        // Colours tell speakers apart where they speak; a list needs none.
        let scope = if own { Scope::Own } else { Scope::Text };
        let mark = if verified { "" } else { UNVERIFIED };
        let word = match (own, self.chat.people().away(name)) {
            (_, Some(_)) => say::away(),
            (true, None) => say::you(),
            _ if self.chat.is_ignored(name) => say::ignored(),
            _ => "",
        };
        let right = if word.is_empty() { StyledLine::default() } else { StyledLine::of(Scope::Dim, word) };
        ListRow { left: StyledLine::of(scope, format!("{mark}{name}")), right, current: false }
    }

    fn member_row(&self, member: &RoomMember, online: bool) -> ListRow {
        let mut row = self.person_row(&member.name);
        if !online {
            row.left = StyledLine::of(Scope::Dim, member.name.as_str());
            row.right = StyledLine::of(Scope::Dim, say::off());
        }
        let sign = if member.role > RoomRole::Member { MODERATOR } else { " " };
        row.left.0.insert(0, StyledLine::of(Scope::Text, format!("{sign} ")).0.remove(0));
        row
    }
}

/// The number of a conversation, which Alt and a digit take, in at least so many cells.
pub(super) fn numbered(index: usize, digits: usize) -> StyledLine {
    let number = Some(index + 1).filter(|number| *number <= MAX_NUMBER);
    let number = number.map(|number| number.to_string()).unwrap_or_default();
    StyledLine::of(Scope::Text, format!("{number:>digits$} "))
}

/// A row with the name of a conversation at its end.
pub(super) fn named(row: StyledLine, venue: &Venue) -> StyledLine {
    match venue {
        Venue::Server(target) => row.and(Scope::Text, place(target)),
        Venue::Direct(name) => row.and(Scope::Focus, format!("{DIRECT_SIGN} ")).and(Scope::Text, name.as_str()),
    }
}

/// What waits in a conversation: the messages for the person if there are any, or else all unread ones.
pub(super) fn waiting(conversation: &Conversation) -> StyledLine {
    let private = matches!(conversation.venue, Venue::Server(Target::User(_)) | Venue::Direct(_));
    let called = if private { conversation.unread } else { conversation.mentions };
    let short = |count: usize| if count > 999 { "999+".to_owned() } else { count.to_string() };
    match (called, conversation.unread) {
        (0, 0) => StyledLine::default(),
        (0, unread) => StyledLine::of(Scope::Unread, short(unread)),
        (called, _) => StyledLine::of(Scope::Mention, format!("@{}", short(called))),
    }
}

/// A number of people, as a title.
pub(super) fn people(count: usize) -> String {
    say::people(count)
}

/// The cells for what stands at the left of a row.
fn left_room(row: &ListRow, width: usize) -> usize {
    width.saturating_sub(line_cells(&row.right) + usize::from(!row.right.0.is_empty()))
}

fn fits(row: &ListRow, width: usize) -> bool {
    line_cells(&row.left) <= left_room(row, width)
}

/// The rows cut to the width of the list. What each ends with at the left, a name, stays distinct from those of the others.
fn fitted(mut rows: Vec<ListRow>, width: usize) -> Vec<ListRow> {
    let room = |row: &ListRow| left_room(row, width);
    let places: Vec<(String, usize)> = rows
        .iter()
        .map(|row| {
            let name = row.left.0.last().map(|span| span.text.clone()).unwrap_or_default();
            let before = line_cells(&row.left) - cells(&name);
            (name, room(row).saturating_sub(before))
        })
        .collect();
    let names = distinct(&places.iter().map(|(name, room)| (name.as_str(), *room)).collect::<Vec<_>>());
    for (row, name) in rows.iter_mut().zip(names) {
        if let Some(last) = row.left.0.last_mut() {
            last.text = name;
        }
        row.left = fit_line(std::mem::take(&mut row.left), room(row));
    }
    rows
}

/// A pane with a list in it.
struct ListFrame {
    area: Rect,
    title: StyledLine,
    at: usize,
    focused: bool,
}

impl ListFrame {
    /// The pane with the rows that fit, including the one under the cursor; no others are made.
    fn list<T: Copy>(self, count: usize, all: impl Iterator<Item = T>, row: impl Fn(T) -> ListRow) -> ListPane {
        let Self { area, title, at, focused } = self;
        if area.is_empty() {
            return ListPane::default();
        }
        // One column stays free at either edge.
        let width = usize::from(area.width.saturating_sub(2));
        let height = usize::from(area.height).saturating_sub(usize::from(!title.0.is_empty()));
        let first = (at + 1).saturating_sub(height);
        let above = first.min(NEIGHBOURS);
        let near: Vec<T> = all.skip(first - above).take(above + height + NEIGHBOURS).collect();
        let visible: Vec<ListRow> = near.iter().skip(above).take(height).map(|item| row(*item)).collect();
        let rows = if visible.iter().all(|one| fits(one, width)) {
            visible
        } else {
            let all = near.iter().map(|item| row(*item)).collect();
            fitted(all, width).into_iter().skip(above).take(height).collect()
        };
        let more = More { above: first > 0, below: first + rows.len() < count };
        let cursor = (focused && at >= first && at - first < rows.len()).then(|| at - first);
        ListPane { area, title, rows, first, cursor, focused, more }
    }
}
