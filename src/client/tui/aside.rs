//! What goes to the terminal beside the frames, until it is written: bounded, because a terminal may take nothing for
//! long.
//!
//! Must not know: frames, or how the terminal is written.

use std::collections::VecDeque;

/// The most notifications that wait; the oldest is dropped.
const MAX_NOTIFICATIONS: usize = 4;

/// What waits. Of the bell, the title and the clipboard only the newest counts.
#[derive(Debug, Default)]
pub(super) struct Aside {
    bell: bool,
    title: Option<String>,
    clipboard: Option<String>,
    notifications: VecDeque<String>,
}

impl Aside {
    /// The bell is to ring.
    pub(super) fn bell(&mut self) {
        self.bell = true;
    }

    /// The sequence of a title.
    pub(super) fn title(&mut self, sequence: String) {
        self.title = Some(sequence);
    }

    /// The sequence for the clipboard.
    pub(super) fn clipboard(&mut self, sequence: String) {
        self.clipboard = Some(sequence);
    }

    /// The sequence of a notification.
    pub(super) fn notification(&mut self, sequence: String) {
        if self.notifications.len() >= MAX_NOTIFICATIONS {
            self.notifications.pop_front();
        }
        self.notifications.push_back(sequence);
    }

    /// Moves everything to the end of `out`.
    pub(super) fn append_to(&mut self, out: &mut Vec<u8>) {
        if std::mem::take(&mut self.bell) {
            out.push(7);
        }
        let texts = self.title.take().into_iter().chain(self.clipboard.take()).chain(self.notifications.drain(..));
        texts.for_each(|text| out.extend_from_slice(text.as_bytes()));
    }
}
