//! The layout of the screen, and the scrolling of the messages in it.
//!
//! Must not know: how anything looks.

use super::Ui;
use super::draft_marks::DraftMark;
use super::intent::Focus;
use crate::client::action;
use crate::client::chat::conversation::Anchor;
use crate::client::chat::scrollback::Scrollback;
use crate::client::chat::venue::Venue;
use crate::client::session::chat::Chat;
use crate::client::session::link::Link;
use crate::client::text::draft_rows::Rows;
use crate::client::text::layout::{Contents, LOW, Layout};
use crate::client::text::names::distinct;
use crate::client::text::wrap::{cells, fit, take_end};
use crate::client::view::{DIRECT_SIGN, Rect, TileSize};
use crate::language::screen as say;
use crate::model::Target;
use crate::model::Zone;
use crate::protocol::Dialect;

/// The prompts of the composer: for a message, an answer, and another text for a message.
const PROMPT: &str = "> ";
const REPLY_PROMPT: &str = "reply> ";
const EDIT_PROMPT: &str = "edit> ";
/// The fewest rows of a screen where a row above the draft may say what it is for.
const LEAST_WITH_HEADING: u16 = 7;
/// The widest name in the prompt, in cells, where no title names the conversation.
const PROMPT_NAME: usize = 10;
/// The blanks at the edges of the composer.
const MARGIN: u16 = 2;

/// From this width on, the composer has blanks at its edges.
const ROOMY: u16 = 20;

fn small(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// The columns for the text of a panel over this area.
pub(super) fn panel_width(area: Rect) -> usize {
    usize::from(area.width.saturating_sub(2).max(1))
}

impl Ui {
    /// The layout, and the draft wrapped to its width.
    pub(super) fn layout(&self, chat: &Chat) -> (Layout, Rows) {
        self.layout_with(chat, self.tile_size())
    }

    /// The same if the tile had this size.
    pub(super) fn layout_with(&self, chat: &Chat, tile: TileSize) -> (Layout, Rows) {
        let contents = Contents { tile, ..self.contents(chat) };
        let first = Layout::of(self.cols, self.rows, contents);
        let panel = small(self.notes.count(panel_width(first.messages)));
        let width = self.composer_width(chat);
        let draft = self.composer.rows(width.saturating_sub(cells(&self.prompt(chat))));
        let rows = draft.rows.len() + usize::from(self.draft_mark(chat).is_some());
        (Layout::of(self.cols, self.rows, Contents { draft: small(rows), panel, ..contents }), draft)
    }

    /// What the panes hold, with a draft of one row and no panel.
    pub(super) fn contents(&self, chat: &Chat) -> Contents {
        Contents {
            draft: 1,
            conversations: small(chat.conversations().count()),
            menu: small(action::menu().count()),
            menu_open: self.focus == Focus::Menu,
            panel: 0,
            bare: self.bare,
            tile: self.tile_size(),
        }
    }

    /// The width of the composer's rows in cells, with the prompt.
    pub(super) fn composer_width(&self, chat: &Chat) -> usize {
        let width = Layout::of(self.cols, self.rows, self.contents(chat)).composer.width;
        usize::from(width.saturating_sub(if width >= ROOMY { MARGIN } else { 0 }))
    }

    /// The last row of the panel that may be its first visible one.
    pub(super) fn last_panel_row(&self, chat: &Chat) -> usize {
        let (Layout { panel, .. }, _) = self.layout(chat);
        self.notes.count(panel_width(panel)).saturating_sub(usize::from(panel.height.saturating_sub(1)))
    }

    /// The first row of the draft that is in view.
    pub(super) fn first_draft_row(&self, chat: &Chat) -> usize {
        let (layout, draft) = self.layout(chat);
        let heading = self.draft_mark(chat).is_some() && layout.composer.height > 1;
        let height = usize::from(layout.composer.height) - usize::from(heading);
        (draft.row + 1).saturating_sub(height)
    }

    /// The prompt of the composer. Without a title, the prompt names the conversation.
    pub(super) fn prompt(&self, chat: &Chat) -> String {
        if let Some((query, found)) = self.composer.searching() {
            let short = take_end(query, usize::from(self.cols / 3));
            return if found { say::sent(short) } else { say::never_sent(short) };
        }
        if let Some(jump) = self.jump.shown() {
            return fit(&jump, usize::from(self.cols / 2));
        }
        // On a low screen, there is no row above the draft to say what it is for.
        match self.draft_mark(chat).filter(|_| self.rows < LEAST_WITH_HEADING) {
            Some(DraftMark::Reply(_)) => return REPLY_PROMPT.to_owned(),
            Some(DraftMark::Edit(_)) => return EDIT_PROMPT.to_owned(),
            None => {}
        }
        match &chat.current().venue {
            Venue::Server(Target::Everyone) => PROMPT.to_owned(),
            Venue::Server(Target::User(_) | Target::Room(_)) if self.rows >= LOW => PROMPT.to_owned(),
            Venue::Direct(_) if self.rows >= LOW => format!("{DIRECT_SIGN}{PROMPT}"),
            venue @ (Venue::Server(Target::User(_) | Target::Room(_)) | Venue::Direct(_)) => {
                let width = PROMPT_NAME.min(usize::from(self.cols / 4));
                // Nothing else tells which conversation it is.
                let all: Vec<String> = chat.conversations().iter().map(|one| one.venue.shown()).collect();
                let names = distinct(&all.iter().map(|name| (name.as_str(), width)).collect::<Vec<_>>());
                let name = names.into_iter().nth(chat.conversations().index());
                name.unwrap_or_else(|| fit(&venue.shown(), width)) + PROMPT
            }
        }
    }

    /// The area of a pane; empty while it is not shown.
    pub(super) fn pane(&self, focus: Focus, chat: &Chat) -> Rect {
        let (layout, _) = self.layout(chat);
        match focus {
            // Writing is always possible, however small the screen.
            Focus::Composer => Rect { x: 0, y: 0, width: 1, height: 1 },
            Focus::Menu => layout.menu,
            Focus::Conversations => layout.conversations,
            Focus::People => layout.people,
            Focus::Messages => layout.messages,
        }
    }

    /// The messages of the conversation in view, at its size.
    pub(super) fn scrollback<'a>(
        &'a self,
        layout: Layout,
        chat: &'a Chat,
        link: &'a Link,
        zone: &'a Zone,
    ) -> Scrollback<'a> {
        Scrollback {
            conversation: chat.current(),
            width: usize::from(layout.messages.width.saturating_sub(2 * layout.gutter)),
            height: usize::from(layout.messages.height),
            zone,
            online: link.is_online(),
            called: link.me().called(),
            marks_unverified: link.dialect() != Some(Dialect::Tr223),
            picked: self.picked(),
            bare: self.bare,
            times: self.times,
            join_notices: self.join_notices,
        }
    }

    /// The rows that a page scrolls: all that are visible but one, to continue reading from.
    pub(in crate::client::session) fn page(&self, chat: &Chat) -> isize {
        let (layout, _) = self.layout(chat);
        isize::try_from(layout.messages.height.saturating_sub(1).max(1)).unwrap_or(1)
    }

    /// Whether the whole of an entry is in view.
    pub(in crate::client::session) fn shows(&self, at: usize, chat: &Chat, link: &Link, zone: &Zone) -> bool {
        let (layout, _) = self.layout(chat);
        let window = self.scrollback(layout, chat, link, zone).window();
        let (first, row) = window.top;
        let end = chat.current().entries().len().saturating_sub(window.below);
        (first + usize::from(row > 0)..end).contains(&at)
    }

    /// Whether the newest entry is in view, and no later one waits to be loaded.
    pub(in crate::client::session) fn is_at_end(&self, chat: &Chat, link: &Link, zone: &Zone) -> bool {
        let (layout, _) = self.layout(chat);
        self.scrollback(layout, chat, link, zone).is_at_end() && !chat.current().reach.detached
    }

    /// The position of the first visible row.
    pub(in crate::client::session) fn top(&self, chat: &Chat, link: &Link, zone: &Zone) -> Anchor {
        let (layout, _) = self.layout(chat);
        let (entry, row) = self.scrollback(layout, chat, link, zone).window().top;
        Anchor::At(entry, row)
    }

    /// The position after scrolling by this many rows.
    pub(in crate::client::session) fn scrolled(&self, rows: isize, chat: &Chat, link: &Link, zone: &Zone) -> Anchor {
        let (layout, _) = self.layout(chat);
        self.scrollback(layout, chat, link, zone).scrolled(rows)
    }
}
