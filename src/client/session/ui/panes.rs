//! The panes with lists: the menu, the conversations, and the people.
//!
//! Must not know: how a view is drawn, or the messages (`render`).

use super::intent::Focus;
use super::side_list::{members_in_view, side_count};
use super::view_source::ViewSource;
use crate::client::action;
use crate::client::chat::conversation::Conversation;
use crate::client::chat::notify::waiting;
use crate::client::chat::rooms::RoomMember;
use crate::client::chat::scrollback::hue;
use crate::client::text::wrap::{fit, fit_line, line_cells};
use crate::client::view::{ListPane, ListRow, More, Rect, Scope, StyledLine, VERIFIED};
use crate::model::{Name, RoomRole};

/// The sign before the name of a room's moderator, as on IRC.
const MODERATOR: &str = "@";

impl ViewSource<'_> {
    pub(super) fn menu_pane(&self, area: Rect) -> ListPane {
        let row = |row: &action::Row| {
            let digit = StyledLine::of(Scope::Key, row.digit.unwrap_or(' ').to_string());
            ListRow { left: digit.and(Scope::Text, format!(" {}", row.name)), ..ListRow::default() }
        };
        let frame =
            ListFrame { area, title: "Menu".to_owned(), at: self.ui.menu_at, focused: self.has_keys(Focus::Menu) };
        frame.list(action::menu().count(), action::menu(), row)
    }

    pub(super) fn conversations_pane(&self, area: Rect) -> ListPane {
        let focused = self.has_keys(Focus::Conversations);
        let at = if focused { self.ui.conversations_at } else { self.chat.conversations().index() };
        let row = |(index, conversation): (usize, &Conversation)| ListRow {
            left: StyledLine::of(Scope::Text, conversation.target.to_string()),
            right: match conversation.unread {
                0 => StyledLine::default(),
                count => StyledLine::of(Scope::Unread, format!("({})", waiting(count, conversation.mentions))),
            },
            current: index == self.chat.conversations().index(),
        };
        let frame = ListFrame { area, title: "Conversations".to_owned(), at, focused };
        frame.list(self.chat.conversations().count(), self.chat.conversations().iter().enumerate(), row)
    }

    /// The users online, or the members of the room in view.
    pub(super) fn online_pane(&self, area: Rect) -> ListPane {
        let frame = |title| ListFrame { area, title, at: self.ui.online_at, focused: self.has_keys(Focus::Online) };
        let count = side_count(self.chat);
        match members_in_view(self.chat) {
            Some(members) => {
                let all = members.iter();
                let known = self.chat.rooms().get(&self.chat.current().target).map_or(count, |room| room.count);
                let title = title("Members", "members", known);
                frame(title).list(count, all, |(member, online)| self.member_row(member, online))
            }
            None => {
                let title = title("Online", "online", count);
                frame(title).list(count, self.chat.people().iter(), |name| self.person_row(name))
            }
        }
    }

    fn person_row(&self, name: &Name) -> ListRow {
        let own = self.link.me().is(name);
        let scope = if own { Scope::Own } else { Scope::Name(hue(name.as_str())) };
        let mark = if self.chat.people().is_verified(name) { VERIFIED } else { "" };
        let word = match (own, self.chat.people().away(name)) {
            (_, Some(_)) => "away",
            (true, None) => "you",
            _ if self.chat.is_ignored(name) => "hidden",
            _ => "",
        };
        let right = if word.is_empty() { StyledLine::default() } else { StyledLine::of(Scope::Dim, word) };
        ListRow { left: StyledLine::of(scope, name.as_str()).and(Scope::Good, mark), right, current: false }
    }

    fn member_row(&self, member: &RoomMember, online: bool) -> ListRow {
        let mut row = self.person_row(&member.name);
        if !online {
            row.left = StyledLine::of(Scope::Dim, member.name.as_str());
            row.right = StyledLine::of(Scope::Dim, "off");
        }
        if member.role > RoomRole::Member {
            row.left.0.insert(0, StyledLine::of(Scope::Key, MODERATOR).0.remove(0));
        }
        row
    }
}

/// A title that fits whatever the number: `Online · 3`, `1234 online`.
fn title(word: &str, short: &str, count: usize) -> String {
    let title = format!("{word} · {count}");
    if title.chars().count() <= TITLE { title } else { format!("{count} {short}") }
}

/// The widest title of the pane of people, in cells.
const TITLE: usize = 12;

/// A pane with a list in it.
struct ListFrame {
    area: Rect,
    title: String,
    at: usize,
    focused: bool,
}

impl ListFrame {
    /// The pane with the rows that fit, including the one under the cursor; no others are made.
    fn list<T>(self, count: usize, all: impl Iterator<Item = T>, row: impl Fn(T) -> ListRow) -> ListPane {
        let Self { area, title, at, focused } = self;
        if area.is_empty() {
            return ListPane::default();
        }
        let width = usize::from(area.text_width(true));
        let height = usize::from(area.height.saturating_sub(2));
        let first = (at + 1).saturating_sub(height);
        let fitted = |item| {
            let row = row(item);
            let room = width.saturating_sub(line_cells(&row.right) + usize::from(!row.right.0.is_empty()));
            ListRow { left: fit_line(row.left, room), ..row }
        };
        let rows: Vec<ListRow> = all.skip(first).take(height).map(fitted).collect();
        let more = More { above: first > 0, below: first + rows.len() < count };
        let cursor = (focused && at >= first && at - first < rows.len()).then(|| at - first);
        ListPane { area, title: fit(&title, width), rows, cursor, focused, more }
    }
}
