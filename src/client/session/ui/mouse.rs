//! The mouse: what is at a cell of the screen, and the intents behind clicks and the wheel.
//!
//! Must not know: how a terminal reports the mouse, or how an intent is carried out.

use super::Ui;
use super::intent::{Focus, Intent};
use super::side_list::{side_count, side_name};
use crate::client::action::{self, Action};
use crate::client::msg::{MouseAction, MouseEvent};
use crate::client::session::chat::Chat;
use crate::client::session::link::Me;
use crate::client::text::layout::text_area;
use crate::client::view::{DialogRow, ListPane, MessageRef, Rect, View};
use crate::model::Timestamp;

/// The rows that a notch of the wheel scrolls.
const NOTCH: isize = 3;

/// What is at a cell of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
enum UnderMouse {
    /// Nothing that the mouse does anything with.
    Nothing,
    /// A column and a row inside the border of the open dialog.
    Dialog(u16, u16),
    /// The conversation with this index.
    Conversation(usize),
    /// The entry of the menu with this index.
    MenuEntry(usize),
    /// The menu, folded into one row.
    FoldedMenu,
    /// The people, and perhaps the one with this index.
    People(Option<usize>),
    /// The messages, and perhaps one of them.
    Messages(Option<MessageRef>),
    /// The panel.
    Panel,
    /// A column and a row of the draft, among those shown.
    Draft(u16, u16),
}

impl UnderMouse {
    fn of(view: &View, x: u16, y: u16) -> Self {
        let inside = |area: Rect| {
            let column = x.checked_sub(area.x).filter(|column| *column < area.width)?;
            Some((column, y.checked_sub(area.y).filter(|row| *row < area.height)?))
        };
        if let Some(dialog) = &view.dialog {
            let Rect { x, y, width, height } = dialog.area;
            let inner = Rect {
                x: x.saturating_add(1),
                y: y.saturating_add(1),
                width: width.saturating_sub(2),
                height: height.saturating_sub(2),
            };
            return inside(inner).map_or(Self::Nothing, |(column, row)| Self::Dialog(column, row));
        }
        let index = |pane: &ListPane, row: u16| {
            let row = usize::from(row.checked_sub(pane.title_rows())?);
            (row < pane.rows.len()).then_some(pane.first + row)
        };
        if let Some((_, row)) = inside(view.conversations.area) {
            return index(&view.conversations, row).map_or(Self::Nothing, Self::Conversation);
        }
        if let Some((_, row)) = inside(view.menu.area) {
            let entry = index(&view.menu, row).map_or(Self::Nothing, Self::MenuEntry);
            return if view.menu.rows.is_empty() { Self::FoldedMenu } else { entry };
        }
        if let Some((_, row)) = inside(view.people.area) {
            return Self::People(index(&view.people, row));
        }
        if let Some((_, row)) = inside(view.messages.area) {
            let lines = &view.messages.lines;
            // Few rows stand at the bottom.
            let above = usize::from(view.messages.area.height).saturating_sub(lines.len());
            let line = usize::from(row).checked_sub(above).and_then(|row| lines.get(row));
            return Self::Messages(line.and_then(|line| line.message.clone()));
        }
        if view.panel.as_ref().is_some_and(|panel| inside(panel.area).is_some()) {
            return Self::Panel;
        }
        let (area, prompt) = text_area(&view.composer);
        let whole = Rect { x: view.composer.area.x, width: view.composer.area.width, ..area };
        match inside(whole) {
            Some((_, row)) => Self::Draft(x.saturating_sub(area.x.saturating_add(prompt)), row),
            None => Self::Nothing,
        }
    }
}

impl Ui {
    /// Whether the mouse is the program's.
    pub(in crate::client::session) fn has_mouse(&self) -> bool {
        self.mouse
    }

    /// Takes the mouse from the terminal, or gives it back.
    pub(in crate::client::session) fn set_mouse(&mut self, on: bool) {
        self.mouse = on;
    }

    /// Handles what the mouse did on a screen that shows `view`; `now` on the steady clock.
    pub(in crate::client::session) fn mouse(
        &mut self,
        event: MouseEvent,
        view: &View,
        now: Timestamp,
        chat: &Chat,
        me: &Me,
    ) -> Intent {
        let under = UnderMouse::of(view, event.x, event.y);
        match event.action {
            _ if !self.mouse || self.has_sheet() => Intent::Nothing,
            MouseAction::MiddleClick | MouseAction::RightClick => Intent::Nothing,
            MouseAction::WheelUp => self.wheel(under, -NOTCH, view, chat),
            MouseAction::WheelDown => self.wheel(under, NOTCH, view, chat),
            MouseAction::Click => self.click(under, view, now, chat, me),
        }
    }

    fn wheel(&mut self, under: UnderMouse, by: isize, view: &View, chat: &Chat) -> Intent {
        match under {
            UnderMouse::Dialog(..) if self.has_dialog() => {
                if let Some(dialog) = self.dialogs.top_mut() {
                    dialog.wheel(by, self.cols, self.rows);
                }
            }
            UnderMouse::Dialog(..) => return Intent::StepHits(by),
            UnderMouse::Messages(_) => return Intent::Scroll(by),
            UnderMouse::Panel => {
                let last = self.last_panel_row(chat);
                self.notes.scroll(by, last);
            }
            UnderMouse::People(_) => {
                let pane = &view.people;
                let last = pane.first + pane.rows.len().saturating_sub(1);
                let least = pane.rows.len().saturating_sub(1);
                let most = side_count(chat).saturating_sub(1);
                self.people_at = last.saturating_add_signed(by).max(least).min(most);
            }
            UnderMouse::Nothing
            | UnderMouse::Conversation(_)
            | UnderMouse::MenuEntry(_)
            | UnderMouse::FoldedMenu
            | UnderMouse::Draft(..) => {}
        }
        Intent::Nothing
    }

    fn click(&mut self, under: UnderMouse, view: &View, now: Timestamp, chat: &Chat, me: &Me) -> Intent {
        match under {
            UnderMouse::Nothing | UnderMouse::Panel | UnderMouse::People(None) | UnderMouse::Messages(None) => {
                Intent::Nothing
            }
            UnderMouse::Dialog(x, y) if self.has_dialog() => self.dialog_click(x, y, now),
            UnderMouse::Dialog(_, y) => hit_clicked(view, y.into()),
            UnderMouse::Conversation(index) => {
                self.focus = Focus::Composer;
                Intent::Show(index)
            }
            UnderMouse::MenuEntry(index) => {
                self.focus = Focus::Composer;
                action::menu().nth(index).map_or(Intent::Nothing, |row| Intent::Run(row.action))
            }
            UnderMouse::FoldedMenu => Intent::Run(Action::Menu),
            UnderMouse::People(Some(index)) => {
                let name = side_name(chat, index).filter(|name| !me.is(name)).cloned();
                name.map_or(Intent::Nothing, Intent::Converse)
            }
            UnderMouse::Messages(Some(message)) => {
                Intent::Pick(Some(message).filter(|message| self.picked() != Some(message)))
            }
            UnderMouse::Draft(column, row) => {
                self.pick(None);
                self.focus = Focus::Composer;
                self.place_composer(chat);
                let first = self.first_draft_row(chat);
                self.composer.place_cursor(first + usize::from(row), column.into());
                Intent::Nothing
            }
        }
    }

    fn dialog_click(&mut self, x: u16, y: u16, now: Timestamp) -> Intent {
        if !self.dialogs.takes_click(now) {
            return Intent::Nothing;
        }
        let Some(mut dialog) = self.dialogs.pop() else { return Intent::Nothing };
        let answer = dialog.click((x, y), self.cols, self.rows);
        self.answered(dialog, answer)
    }
}

/// A click on a row of the search: its field, or one of its results.
fn hit_clicked(view: &View, y: usize) -> Intent {
    let rows = view.dialog.as_ref().map(|dialog| dialog.rows.as_slice()).unwrap_or_default();
    let is_hit = |row: &&DialogRow| matches!(row, DialogRow::Choice { .. });
    match rows.get(y) {
        Some(DialogRow::Field { .. }) => Intent::WriteSearch,
        Some(DialogRow::Choice { .. }) => {
            let clicked = rows.iter().take(y).filter(is_hit).count();
            let selected = |row: &DialogRow| matches!(row, DialogRow::Choice { selected: true, .. });
            let selected = rows.iter().filter(is_hit).position(selected).unwrap_or(0);
            let signed = |count: usize| isize::try_from(count).unwrap_or(0);
            Intent::StepHits(signed(clicked) - signed(selected))
        }
        Some(DialogRow::Text(_) | DialogRow::Buttons(..)) | None => Intent::Nothing,
    }
}
