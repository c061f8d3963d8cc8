//! The keys: which pane takes them, and the intents behind them.
//!
//! Must not know: how a terminal sends keys, or how an intent is carried out.

use super::Ui;
use super::intent::{Focus, Intent};
use super::number_jump::JumpKey;
use super::side_list::{side_count, side_name};
use crate::client::action::{self, Action};
use crate::client::dialogs::form::{FormAnswer, Press};
use crate::client::dialogs::open::{Dialog, OpenDialog};
use crate::client::key::Key;
use crate::client::session::chat::Chat;
use crate::client::session::link::Me;
use crate::client::session::notice::Notice;
use crate::client::text::editor::{Editor, MAX_DRAFT};
use crate::language::screen as say;
use crate::model::Timestamp;

/// The panes in the order of F6.
const ORDER: [Focus; 5] = [Focus::Composer, Focus::Menu, Focus::Conversations, Focus::People, Focus::Messages];

/// The rows that a page of a panel scrolls.
const PANEL_PAGE: isize = 5;

impl Ui {
    /// Handles a key; `searching` while the dialog of the search is open, `now` on the steady clock.
    pub(in crate::client::session) fn key(
        &mut self,
        key: Key,
        searching: bool,
        now: Timestamp,
        chat: &Chat,
        me: &Me,
    ) -> Intent {
        let unbound = self.bindings.of_key(key).is_none();
        let key = key.stand_in().filter(|_| unbound).unwrap_or(key);
        if let Some(intent) = self.sheet_key(key) {
            return intent;
        }
        self.place_composer(chat);
        let called = std::mem::take(&mut self.menu_called);
        match key {
            Key::Ctrl('c') if self.dialogs.top().is_some_and(|dialog| *dialog.which() == Dialog::Exit) => {
                return Intent::Leave;
            }
            Key::Ctrl('c') => return Intent::AskExit,
            Key::Ctrl('l') => return Intent::Run(Action::Redraw),
            Key::Ctrl('z') => return Intent::Run(Action::Suspend),
            _ => {}
        }
        if self.has_dialog() {
            return self.dialog_key(key, now);
        }
        if searching {
            return match self.bindings.of_key(key) {
                Some(again @ (Action::Search | Action::Mentions)) => Intent::Run(again),
                Some(_) | None => Intent::Search(key),
            };
        }
        match self.jump.key(key, now) {
            JumpKey::Other => {}
            JumpKey::Taken => return Intent::Nothing,
            JumpKey::Go(number) => return Intent::ShowNumber(number),
        }
        // A pane that a smaller screen no longer shows loses the focus.
        if self.pane(self.focus, chat).is_empty() {
            self.focus = Focus::Composer;
        }
        // As in readline and bash: Ctrl-X begins an order of two keys, of which there is one.
        if std::mem::take(&mut self.prefixed) {
            return if key == Key::Ctrl('e') { Intent::Run(Action::Editor) } else { Intent::Nothing };
        }
        match (key, self.bindings.of_key(key)) {
            (Key::Ctrl('x'), None) => {
                self.prefixed = true;
                Intent::Nothing
            }
            (Key::Alt(digit @ '0'..='9'), _) => {
                let number = digit.to_digit(10).filter(|number| *number > 0).unwrap_or(10);
                Intent::ShowNumber(usize::try_from(number).unwrap_or(0))
            }
            (Key::PageUp | Key::PageDown, _) if self.notes.has_panel() => {
                let last = self.last_panel_row(chat);
                self.notes.scroll(if key == Key::PageUp { -PANEL_PAGE } else { PANEL_PAGE }, last);
                Intent::Nothing
            }
            // As in readline, where there is something to cut.
            (Key::Ctrl('k'), _) if self.focus == Focus::Composer && !self.composer.editor().after().is_empty() => {
                self.composer_key(key, chat, me)
            }
            // While a picture is in view, that is what one wants to see better.
            (Key::F(5), Some(Action::Reconnect)) if self.picture => Intent::Run(Action::Large),
            (_, Some(action)) => Intent::Run(action),
            (Key::Esc, _) if self.notes.close() || std::mem::take(&mut self.large) => Intent::Nothing,
            (Key::BackTab, _) => self.turn(false, chat),
            (Key::F(6), _) => self.turn(true, chat),
            (key, _) => match self.picked_key(key, now) {
                Some(intent) => intent,
                None => self.unpicked_key(key, called, chat, me),
            },
        }
    }

    /// A key that nothing is bound to, while no message is picked.
    fn unpicked_key(&mut self, key: Key, called: bool, chat: &Chat, me: &Me) -> Intent {
        match key {
            Key::Esc => self.escape(chat),
            Key::Tab if self.focus != Focus::Composer => self.turn(true, chat),
            // While something is written, a digit in the menu goes on with it, unless the menu was just called for.
            Key::Char(_) if self.focus == Focus::Menu && self.is_writing() && !called => self.write_key(key),
            key => self.pane_key(key, chat, me),
        }
    }

    /// Esc returns to the composer; there it ends a search, then what the draft is for, and twice in a row it puts the
    /// draft away.
    fn escape(&mut self, chat: &Chat) -> Intent {
        if std::mem::take(&mut self.focus) != Focus::Composer {
            return Intent::Nothing;
        }
        let searching = self.composer.searching().is_some();
        if !searching && self.drop_mark(chat) {
            return Intent::Nothing;
        }
        match self.composer.escape() {
            true => Intent::Read(Notice::news(say::draft_put_away())),
            false if searching => Intent::Nothing,
            false => Intent::Attach,
        }
    }

    fn dialog_key(&mut self, key: Key, now: Timestamp) -> Intent {
        let writing = self.is_writing();
        let handed_over = self.dialogs.waits_for_key(writing);
        // Nothing can be written in a dialog about a call, so what is typed is never meant for it.
        let is_text = matches!(key, Key::Char(_)) || key == Key::Enter && self.is_writing();
        let is_for_draft = is_text && self.dialogs.top().is_some_and(OpenDialog::is_undecided);
        if is_for_draft || !self.dialogs.takes(key, writing, now) {
            // A command is meant as one, such as the one that answers.
            if key == Key::Enter && self.composer.editor().text().starts_with('/') && !self.is_picking() {
                return Intent::Enter(self.composer.swap(Editor::default()));
            }
            // What is typed goes on into the draft; nothing else happens.
            let other = [Key::Enter, Key::Tab, Key::BackTab, Key::Esc, Key::Up, Key::Down, Key::PageUp, Key::PageDown];
            return if other.contains(&key) || self.is_picking() { Intent::Nothing } else { self.write_key(key) };
        }
        let Some(mut dialog) = self.dialogs.pop() else { return Intent::Nothing };
        // The key that gives the keys to a dialog without a default chooses nothing in it: it may have been meant for the
        // draft, as may be the Enter after it.
        if handed_over && dialog.is_undecided() && key != Key::Esc {
            self.dialogs.put_back(dialog);
            return Intent::Nothing;
        }
        if let (Dialog::Menu, Key::Char(digit)) = (dialog.which(), key)
            && let Some(action) = action::of_digit(digit)
        {
            return Intent::Run(action);
        }
        let answer = dialog.key(key, self.cols, self.rows);
        self.answered(dialog, answer)
    }

    /// What a dialog that was taken off the stack made of a key or a click.
    pub(super) fn answered(&mut self, dialog: OpenDialog, answer: FormAnswer) -> Intent {
        match answer {
            FormAnswer::Open => {
                self.dialogs.put_back(dialog);
                Intent::Nothing
            }
            FormAnswer::Cancelled => {
                self.dialogs.keep(&dialog);
                Intent::Cancel(dialog.which().clone())
            }
            FormAnswer::Pressed(Press::Cancel) => {
                self.dialogs.keep(&dialog);
                Intent::Press(dialog, Press::Cancel)
            }
            FormAnswer::Pressed(press) => Intent::Press(dialog, press),
        }
    }

    /// A key for the draft.
    fn write_key(&mut self, key: Key) -> Intent {
        self.pick(None);
        self.focus = Focus::Composer;
        if matches!(key, Key::Char(_)) {
            self.dialogs.settle();
        }
        self.composer.key(key);
        if self.composer.take_overflow() {
            return Intent::Read(Notice::trouble(say::draft_full(MAX_DRAFT)));
        }
        Intent::Nothing
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
        match (taken, key) {
            (Some(intent), _) => intent,
            (None, Key::Char(_)) => self.write_key(key),
            (None, _) => Intent::Nothing,
        }
    }

    fn composer_key(&mut self, key: Key, chat: &Chat, me: &Me) -> Intent {
        match key {
            // Taken out, because carrying it out may bring another conversation, with its own draft, into view.
            Key::Enter => Intent::Enter(self.composer.swap(Editor::default())),
            // Without a completion, Tab does nothing: the keys behind it must not become commands.
            Key::Tab => {
                self.composer.complete(&chat.completions(me));
                Intent::Nothing
            }
            key => self.write_key(key),
        }
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
