//! What only direct conversations have: messages that are taken back, and lines of files that change in place.
//!
//! Must not know: channels.

use super::Conversation;
use crate::client::chat::entry::EntryKind;
use crate::client::direct::orders::FileKey;
use crate::model::Text;
use crate::protocol::CallId;

impl Conversation {
    /// Removes the newest message of the person's own with this text.
    pub(crate) fn take_last_own(&mut self, said: &Text) {
        let own = |kind: &EntryKind| matches!(kind, EntryKind::Message { own: true, text, .. } if text == said);
        if let Some(at) = self.entries.iter().rposition(|entry| own(&entry.kind)) {
            self.remove(at);
        }
    }

    /// Replaces the line of a file that is not done with; `false` if there is none.
    pub(crate) fn replace_file_line(&mut self, (call, file): (CallId, &FileKey), words: &Text, ends: bool) -> bool {
        let same = |kind: &EntryKind| matches!(kind, EntryKind::File { call: other, file: key, over: false, .. } if *other == call && key == file);
        let Some(entry) = self.entries.iter_mut().rev().find(|entry| same(&entry.kind)) else { return false };
        let before = entry.bytes();
        if let EntryKind::File { text, over, .. } = &mut entry.kind {
            (*text, *over) = (words.clone(), ends);
        }
        self.bytes = self.bytes - before + entry.bytes();
        true
    }
}
