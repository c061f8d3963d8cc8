//! Which key does what: the keys of the table, and those that the person has changed.
//!
//! Must not know: how keys are read or what an action leads to.

use super::{Action, Row, table};
use crate::client::key::Key;

/// The keys in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    changed: Vec<(Action, Vec<Key>)>,
}

impl Bindings {
    /// The keys of the table, with these actions changed. A key that a changed action has is taken from all others.
    #[must_use]
    pub fn new(changed: &[(Action, Vec<Key>)]) -> Self {
        Self { changed: changed.to_vec() }
    }

    /// The action of a key, whatever has the focus.
    #[must_use]
    pub fn of_key(&self, key: Key) -> Option<Action> {
        let changed = self.changed.iter().find(|(_, keys)| keys.contains(&key)).map(|(action, _)| *action);
        let kept = |row: &&Row| row.keys.contains(&key) && !self.is_changed(row.action);
        changed.or_else(|| table().find(kept).map(|row| row.action))
    }

    /// The keys of an action as the help shows them; empty if there are none.
    #[must_use]
    pub fn keys_shown(&self, row: &Row) -> String {
        let taken = row.keys.iter().any(|key| self.of_key(*key) != Some(row.action));
        if !self.is_changed(row.action) && !taken {
            return row.keys_shown();
        }
        let changed = self.changed.iter().find(|(action, _)| *action == row.action);
        let keys = changed.map_or(row.keys, |(_, keys)| keys.as_slice());
        let own = keys.iter().filter(|key| self.of_key(**key) == Some(row.action));
        own.map(Key::to_string).collect::<Vec<_>>().join(", ")
    }

    /// The key that now does what this key does in the table; `None` if none does.
    #[must_use]
    pub fn instead_of(&self, key: Key) -> Option<Key> {
        let Some(row) = table().find(|row| row.keys.contains(&key)) else { return Some(key) };
        let changed = self.changed.iter().find(|(action, _)| *action == row.action);
        let keys = changed.map_or(row.keys, |(_, keys)| keys.as_slice());
        // The same key, if it is still one of them.
        let same = keys.iter().find(|other| **other == key);
        let works = |other: &&Key| self.of_key(**other) == Some(row.action);
        same.filter(works).or_else(|| keys.iter().find(works)).copied()
    }

    fn is_changed(&self, action: Action) -> bool {
        self.changed.iter().any(|(changed, _)| *changed == action)
    }
}

/// Whether the keys of an action cannot be changed: the last ways out, and the numbers of conversations.
#[must_use]
pub fn has_fixed_keys(action: Action) -> bool {
    matches!(action, Action::Exit | Action::Redraw | Action::Suspend | Action::Goto)
}

/// Whether a key cannot be given to another action: it writes or moves, or the terminal cannot tell it from one that
/// does.
#[must_use]
pub fn is_fixed_key(key: Key) -> bool {
    let fixed = table().any(|row| has_fixed_keys(row.action) && row.keys.contains(&key));
    fixed
        || match key {
            Key::Char(_)
            | Key::Enter
            | Key::AltEnter
            | Key::Tab
            | Key::BackTab
            | Key::Esc
            | Key::Up
            | Key::Down
            | Key::Left
            | Key::Right
            | Key::Home
            | Key::End
            | Key::Backspace
            | Key::Delete
            // Terminals send these as Backspace, Tab, line feed and Enter.
            | Key::Ctrl('h' | 'i' | 'j' | 'm') => true,
            Key::Ctrl(c) => !c.is_ascii_lowercase() && !matches!(c, '\\' | ']' | '^' | '_'),
            // As the beginning of a sequence.
            Key::Alt(c) => matches!(c, '[' | 'O'),
            _ => false,
        }
}
