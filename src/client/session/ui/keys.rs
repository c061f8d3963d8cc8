//! The keys: which pane takes them, and the intents behind them.
//!
//! Must not know: how a terminal sends keys, or how an intent is carried out.

use super::Ui;
use super::intent::{Focus, Intent};
use super::side_list::{side_count, side_name};
use crate::client::action::{self, Action};
use crate::client::dialogs::form::FormAnswer;
use crate::client::dialogs::open::Dialog;
use crate::client::key::Key;
use crate::client::session::chat::Chat;
use crate::client::session::link::Me;
use crate::client::text::editor::Editor;

/// The panes in the order of Tab.
const ORDER: [Focus; 5] = [Focus::Composer, Focus::Menu, Focus::Conversations, Focus::People, Focus::Messages];

/// The rows that a page of a panel scrolls.
const PANEL_PAGE: isize = 5;

impl Ui {
    /// Handles a key; `searching` while the dialog of the search is open.
    pub(in crate::client::session) fn key(&mut self, key: Key, searching: bool, chat: &Chat, me: &Me) -> Intent {
        match key {
            Key::Ctrl('c') if self.dialog.as_ref().is_some_and(|dialog| *dialog.which() == Dialog::Exit) => {
                return Intent::Leave;
            }
            Key::Ctrl('c') => return Intent::AskExit,
            Key::Ctrl('l') => return Intent::Run(Action::Redraw),
            Key::Ctrl('z') => return Intent::Run(Action::Suspend),
            _ => {}
        }
        if self.dialog.is_some() {
            return self.dialog_key(key);
        }
        if searching {
            let again = self.bindings.of_key(key) == Some(Action::Search);
            return if again { Intent::Run(Action::Search) } else { Intent::Search(key) };
        }
        // A pane that a smaller screen no longer shows loses the focus.
        if self.pane(self.focus, chat).is_empty() {
            self.focus = Focus::Composer;
        }
        match (key, self.bindings.of_key(key)) {
            (Key::Alt(digit @ '1'..='9'), _) => {
                let index = digit.to_digit(10).unwrap_or(1).saturating_sub(1);
                Intent::Show(usize::try_from(index).unwrap_or(0))
            }
            (Key::PageUp | Key::PageDown, _) if self.notes.has_panel() => {
                self.notes.scroll(if key == Key::PageUp { -PANEL_PAGE } else { PANEL_PAGE });
                Intent::Nothing
            }
            (_, Some(action)) => Intent::Run(action),
            (Key::Esc, _) if self.notes.close() => Intent::Nothing,
            (Key::Esc, _) => {
                let from = std::mem::take(&mut self.focus);
                if from == Focus::Composer { Intent::Attach } else { Intent::Nothing }
            }
            (Key::BackTab, _) => self.turn(false, chat),
            (Key::Tab, _) if self.focus != Focus::Composer => self.turn(true, chat),
            (key, _) => self.pane_key(key, chat, me),
        }
    }

    fn dialog_key(&mut self, key: Key) -> Intent {
        let Some(mut dialog) = self.dialog.take() else { return Intent::Nothing };
        if let (Dialog::Menu, Key::Char(digit)) = (dialog.which(), key)
            && let Some(action) = action::of_digit(digit)
        {
            return Intent::Run(action);
        }
        match dialog.key(key, self.cols, self.rows) {
            FormAnswer::Open => {
                self.dialog = Some(dialog);
                Intent::Nothing
            }
            FormAnswer::Cancelled => Intent::Cancel(dialog.which().clone()),
            FormAnswer::Pressed(press) => Intent::Press(dialog, press),
        }
    }

    fn pane_key(&mut self, key: Key, chat: &Chat, me: &Me) -> Intent {
        let taken = match self.focus {
            Focus::Composer => return self.composer_key(key, chat, me),
            Focus::Messages => self.messages_key(key),
            Focus::Menu => self.menu_key(key),
            Focus::Conversations => self.conversations_key(key, chat),
            Focus::People => self.people_key(key, chat, me),
        };
        // Typing always goes to the text, whatever has the focus.
        if let (None, Key::Char(_)) = (&taken, key) {
            self.focus = Focus::Composer;
            self.composer.key(key);
        }
        taken.unwrap_or(Intent::Nothing)
    }

    fn composer_key(&mut self, key: Key, chat: &Chat, me: &Me) -> Intent {
        match key {
            // Taken out, because carrying it out may bring another conversation, with its own draft, into view.
            Key::Enter => return Intent::Enter(self.composer.swap(Editor::default())),
            Key::Tab => {
                let choices = chat.completions(me);
                if !self.composer.complete(choices.iter()) {
                    return self.turn(true, chat);
                }
            }
            key => {
                self.composer.key(key);
            }
        }
        Intent::Nothing
    }

    fn messages_key(&mut self, key: Key) -> Option<Intent> {
        Some(match key {
            Key::Up => Intent::Scroll(-1),
            Key::Down => Intent::Scroll(1),
            Key::Home => Intent::Run(Action::Top),
            Key::End => Intent::Run(Action::Bottom),
            Key::Enter => {
                self.focus = Focus::Composer;
                Intent::Nothing
            }
            _ => return None,
        })
    }

    /// A choice from the menu returns the focus to the composer.
    fn menu_key(&mut self, key: Key) -> Option<Intent> {
        let action = match key {
            Key::Enter => action::menu().nth(self.menu_at).map(|row| row.action),
            Key::Char(digit) => Some(action::of_digit(digit)?),
            key => return move_cursor(&mut self.menu_at, action::menu().count(), key),
        };
        if action.is_some() {
            self.focus = Focus::Composer;
        }
        Some(action.map_or(Intent::Nothing, Intent::Run))
    }

    fn conversations_key(&mut self, key: Key, chat: &Chat) -> Option<Intent> {
        if key == Key::Enter {
            self.focus = Focus::Composer;
            return Some(Intent::Show(self.conversations_at));
        }
        move_cursor(&mut self.conversations_at, chat.conversations().count(), key)
    }

    fn people_key(&mut self, key: Key, chat: &Chat, me: &Me) -> Option<Intent> {
        if key == Key::Enter {
            let name = side_name(chat, self.people_at).filter(|name| !me.is(name)).cloned();
            return Some(name.map_or(Intent::Nothing, Intent::Converse));
        }
        move_cursor(&mut self.people_at, side_count(chat), key)
    }

    /// Moves the focus to the next visible pane, or to the previous one.
    fn turn(&mut self, forward: bool, chat: &Chat) -> Intent {
        let at = ORDER.iter().position(|&focus| focus == self.focus).unwrap_or(0);
        let count = ORDER.len();
        let around = (1..count).map(|step| if forward { at + step } else { at + count - step });
        let next = around.filter_map(|at| ORDER.get(at % count)).find(|&&focus| !self.pane(focus, chat).is_empty());
        self.focus = next.copied().unwrap_or_default();
        if self.focus == Focus::Conversations {
            self.conversations_at = chat.conversations().index();
        }
        Intent::Nothing
    }
}

/// Moves the cursor of a list; `None` if the list does not use the key.
fn move_cursor(at: &mut usize, count: usize, key: Key) -> Option<Intent> {
    let last = count.saturating_sub(1);
    *at = match key {
        Key::Up => at.saturating_sub(1),
        Key::Down => (*at + 1).min(last),
        Key::Home => 0,
        Key::End => last,
        _ => return None,
    };
    Some(Intent::Nothing)
}
