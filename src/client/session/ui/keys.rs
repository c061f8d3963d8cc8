//! Keys: where they go and what they do there.
//!
//! Must not know: how a terminal sends them, or how an action is carried out (`commands`).

use crate::client::action::{self, Action};
use crate::client::dialogs::Dialog;
use crate::client::key::Key;
use crate::client::msg::{Effect, Farewell};
use crate::client::session::Session;
use crate::client::text::editor::{Editor, MAX_DRAFT};
use crate::client::view::Rect;

/// Where keys go while no dialog is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::client::session) enum Focus {
    #[default]
    Composer,
    Menu,
    Conversations,
    Online,
    Messages,
}

/// The panes in the order of Tab.
const ORDER: [Focus; 5] = [Focus::Composer, Focus::Menu, Focus::Conversations, Focus::Online, Focus::Messages];

impl Session {
    pub(in crate::client::session) fn key(&mut self, key: Key) {
        match key {
            Key::Ctrl('c') if matches!(self.dialog, Some((Dialog::Exit, _))) => return self.leave(Farewell::Done),
            Key::Ctrl('c') => return self.ask_exit(),
            Key::Ctrl('l') => return self.emit(Effect::Redraw),
            Key::Ctrl('z') => return self.emit(Effect::Suspend),
            _ => {}
        }
        if self.dialog.is_some() {
            return self.dialog_key(key);
        }
        if self.search.open {
            return self.search_key(key);
        }
        // A pane that a smaller screen no longer shows cannot keep the keys.
        if self.pane(self.focus).is_empty() {
            self.focus = Focus::Composer;
        }
        match (key, action::of_key(key)) {
            (Key::Alt(digit @ '1'..='9'), _) => {
                let index = digit.to_digit(10).unwrap_or(1).saturating_sub(1);
                self.show(usize::try_from(index).unwrap_or(0));
            }
            (_, Some(action)) => {
                self.run(action, "");
            }
            (Key::Esc, _) => self.escape(),
            (Key::BackTab, _) => self.turn(false),
            (Key::Tab, _) if self.focus != Focus::Composer => self.turn(true),
            (key, _) => self.pane_key(key),
        }
    }

    pub(in crate::client::session) fn paste(&mut self, raw: &str) {
        if let Some((_, form)) = &mut self.dialog {
            return form.paste(raw);
        }
        if self.search.open {
            return self.search_paste(raw);
        }
        self.focus = Focus::Composer;
        if !self.composer.insert(raw) {
            self.complain(format!("The end of what you pasted was left out: {MAX_DRAFT} bytes are the most."));
        }
    }

    fn escape(&mut self) {
        if self.focus == Focus::Composer {
            self.conversations.current_mut().attach();
        }
        self.focus = Focus::Composer;
    }

    fn pane_key(&mut self, key: Key) {
        let taken = match self.focus {
            Focus::Composer => return self.composer_key(key),
            Focus::Messages => self.messages_key(key),
            Focus::Menu | Focus::Conversations | Focus::Online => self.list_key(key),
        };
        // Whoever writes wants to write, wherever the keys go.
        if let (false, Key::Char(_)) = (taken, key) {
            self.focus = Focus::Composer;
            self.composer.key(key);
        }
    }

    fn composer_key(&mut self, key: Key) {
        match key {
            Key::Enter => {
                // Taken out first: what was written may bring another conversation, with its own draft, into view.
                let written = self.composer.swap(Editor::default());
                let text = written.text();
                if text.trim().is_empty() || !self.enter(&text) {
                    self.composer.swap(written);
                } else if !holds_passphrase(&text) {
                    self.composer.remember(text);
                }
            }
            Key::Tab => {
                let choices = self.completions();
                if !self.composer.complete(choices.iter()) {
                    self.turn(true);
                }
            }
            key => {
                self.composer.key(key);
            }
        }
    }

    fn messages_key(&mut self, key: Key) -> bool {
        match key {
            Key::Up => self.scroll(-1),
            Key::Down => self.scroll(1),
            Key::Home => {
                self.run(Action::Top, "");
            }
            Key::End => {
                self.run(Action::Bottom, "");
            }
            Key::Enter => self.focus = Focus::Composer,
            _ => return false,
        }
        true
    }

    fn list_key(&mut self, key: Key) -> bool {
        let beside = self.beside_count();
        let (at, count) = match self.focus {
            Focus::Menu => (&mut self.menu_at, action::menu().count()),
            Focus::Conversations => (&mut self.conversations_at, self.conversations.count()),
            _ => (&mut self.online_at, beside),
        };
        let last = count.saturating_sub(1);
        match key {
            Key::Up => *at = at.saturating_sub(1),
            Key::Down => *at = (*at + 1).min(last),
            Key::Home => *at = 0,
            Key::End => *at = last,
            Key::Enter => self.choose(),
            Key::Char(digit) if self.focus == Focus::Menu => match action::of_digit(digit) {
                Some(action) => self.choose_action(action),
                None => return false,
            },
            _ => return false,
        }
        true
    }

    /// Does what the row under the cursor is there for.
    fn choose(&mut self) {
        match self.focus {
            Focus::Menu => {
                if let Some(row) = action::menu().nth(self.menu_at) {
                    self.choose_action(row.action);
                }
            }
            Focus::Conversations => {
                self.show(self.conversations_at);
                self.focus = Focus::Composer;
            }
            _ => {
                let name = self.beside(self.online_at).cloned();
                if let Some(name) = name.filter(|name| !self.is_me(name)) {
                    self.open_conversation(&name);
                }
            }
        }
    }

    /// A choice from the menu: the keys go back to the composer once its dialog is closed.
    fn choose_action(&mut self, action: Action) {
        self.focus = Focus::Composer;
        self.run(action, "");
    }

    /// The keys go to the next pane that is shown, or the one before.
    fn turn(&mut self, forward: bool) {
        let at = ORDER.iter().position(|&focus| focus == self.focus).unwrap_or(0);
        let count = ORDER.len();
        let around = (1..count).map(|step| if forward { at + step } else { at + count - step });
        let next = around.filter_map(|at| ORDER.get(at % count)).find(|&&focus| !self.pane(focus).is_empty());
        self.focus = next.copied().unwrap_or_default();
        if self.focus == Focus::Conversations {
            self.conversations_at = self.conversations.index();
        }
    }

    fn pane(&self, focus: Focus) -> Rect {
        let (layout, _) = self.layout();
        match focus {
            // Writing is always possible, however small the screen.
            Focus::Composer => Rect { x: 0, y: 0, width: 1, height: 1 },
            Focus::Menu => layout.menu,
            Focus::Conversations => layout.conversations,
            Focus::Online => layout.online,
            Focus::Messages => layout.messages,
        }
    }

    /// Whether the menu stands on the screen.
    pub(in crate::client::session) fn has_menu(&self) -> bool {
        !self.pane(Focus::Menu).is_empty()
    }
}

/// Whether a line is one that Up must not bring back before whoever looks on.
fn holds_passphrase(text: &str) -> bool {
    let command = text.strip_prefix('/').and_then(|line| line.split_whitespace().next());
    matches!(command.and_then(action::of_command), Some(Action::CloseServer | Action::Moderator))
}
