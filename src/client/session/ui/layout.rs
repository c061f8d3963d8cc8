//! The layout of the screen, and the scrolling of the messages in it.
//!
//! Must not know: how anything looks.

use chrono::FixedOffset;

use super::Ui;
use super::intent::Focus;
use crate::client::chat::conversation::Anchor;
use crate::client::chat::scrollback::Scrollback;
use crate::client::session::chat::Chat;
use crate::client::text::draft_rows::Rows;
use crate::client::text::layout::{Layout, NARROW};
use crate::client::text::wrap::{cells, fit, take_end};
use crate::client::view::Rect;
use crate::model::Target;

/// The prompt of the composer.
const PROMPT: &str = "> ";
/// The widest name in the prompt, in cells, where no title names the conversation.
const PROMPT_NAME: usize = 10;

impl Ui {
    /// The layout, and the draft wrapped to its width.
    pub(super) fn layout(&self, chat: &Chat) -> (Layout, Rows) {
        let width = self.composer_width();
        let draft = self.composer.rows(width.saturating_sub(cells(&self.prompt(chat))));
        let rows = u16::try_from(draft.rows.len()).unwrap_or(u16::MAX);
        (Layout::of(self.cols, self.rows, rows), draft)
    }

    /// The width of the composer's rows in cells, with the prompt.
    pub(super) fn composer_width(&self) -> usize {
        inner(Layout::of(self.cols, self.rows, 1), |layout| layout.composer).0
    }

    /// The prompt of the composer. Without borders there is no title, so the prompt names the conversation.
    pub(super) fn prompt(&self, chat: &Chat) -> String {
        if let Some((query, found)) = self.composer.searching() {
            let short = take_end(query, usize::from(self.cols / 3));
            return format!("{} \"{short}\" ", if found { "sent" } else { "not sent" });
        }
        match &chat.current().target {
            Target::Everyone => PROMPT.to_owned(),
            Target::User(_) | Target::Room(_) if Layout::of(self.cols, self.rows, 1).bordered => PROMPT.to_owned(),
            target @ (Target::User(_) | Target::Room(_)) => {
                fit(&target.to_string(), PROMPT_NAME.min(usize::from(self.cols / 4))) + PROMPT
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
            Focus::Online => layout.online,
            Focus::Messages => layout.messages,
        }
    }

    /// The messages of the conversation in view, at its size.
    pub(super) fn scrollback<'a>(
        &self,
        layout: Layout,
        chat: &'a Chat,
        zone: FixedOffset,
        online: bool,
    ) -> Scrollback<'a> {
        let (width, height) = inner(layout, |layout| layout.messages);
        Scrollback { conversation: chat.current(), width, height, narrow: self.cols < NARROW, zone, online }
    }

    /// The rows that a page scrolls: all that are visible but one, to continue reading from.
    pub(in crate::client::session) fn page(&self, chat: &Chat) -> isize {
        let (layout, _) = self.layout(chat);
        let (_, height) = inner(layout, |layout| layout.messages);
        isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1)
    }

    /// The position of the first visible row.
    pub(in crate::client::session) fn top(&self, chat: &Chat, zone: FixedOffset, online: bool) -> Anchor {
        let (layout, _) = self.layout(chat);
        let (entry, row) = self.scrollback(layout, chat, zone, online).window().top;
        Anchor::At(entry, row)
    }

    /// The position after scrolling by this many rows.
    pub(in crate::client::session) fn scrolled(
        &self,
        rows: isize,
        chat: &Chat,
        zone: FixedOffset,
        online: bool,
    ) -> Anchor {
        let (layout, _) = self.layout(chat);
        self.scrollback(layout, chat, zone, online).scrolled(rows)
    }
}

/// The columns and rows for text in a pane, inside its border if it has one.
pub(super) fn inner(layout: Layout, pane: impl Fn(&Layout) -> Rect) -> (usize, usize) {
    let frame = if layout.bordered { 2 } else { 0 };
    let area = pane(&layout);
    (usize::from(area.text_width(layout.bordered)), usize::from(area.height.saturating_sub(frame)))
}
