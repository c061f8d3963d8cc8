//! Ends at once, because the terminal is gone or the process is asked to end; and gives back at the next start what was
//! not sent then.
//!
//! Must not know: where that is kept.

use super::Session;
use super::notice::Notice;
use crate::client::msg::{Effect, Farewell, Unsent};
use crate::client::text::editor::Editor;
use crate::language::{connecting as say, places::place, sending};
use crate::model::Target;

impl Session {
    /// Leaves at once; what is not sent is handed over to be kept.
    pub(super) fn hang_up(&mut self) {
        let mut unsent = self.outbound.take_unsent(self.plain.aim());
        if self.out.is_screen() {
            self.end_edits();
            unsent.extend(self.chat.unsent());
            unsent.extend(self.chat.drafts(self.ui.take_draft()));
        }
        let messages = unsent.iter().filter(|unsent| !unsent.draft).count();
        if !unsent.is_empty() && !self.out.is_json() {
            self.out.emit(Effect::Keep(unsent));
        }
        self.leave(match messages {
            0 if self.out.is_plain() && self.plain.watch().is_done() == Some(false) => {
                Farewell::Failed(sending::interrupted().to_owned())
            }
            0 => Farewell::Done,
            count => Farewell::Failed(say::not_sent(count)),
        });
    }

    /// Gives back what was not sent last time: as drafts, or in plain mode as notices.
    pub(super) fn give_back(&mut self) {
        let unsent = self.outbound.take_last_time();
        let messages: Vec<&Unsent> = unsent.iter().filter(|unsent| !unsent.draft).collect();
        let unsure = messages.iter().any(|unsent| unsent.unsure);
        let counted = match messages.len() {
            0 => None,
            count if unsure => Some(say::not_sent_last_time_or_unsure(count)),
            count => Some(say::not_sent_last_time(count)),
        };
        if self.out.is_plain() {
            self.tell(counted.map(Notice::Trouble));
            for Unsent { to, text, draft, .. } in unsent {
                let said = if draft { say::draft_for(place(&to), text) } else { say::not_sent_to(place(&to), text) };
                self.tell(Notice::Trouble(said));
            }
            return;
        }
        let mut places: Vec<Target> = Vec::new();
        for Unsent { to, text, .. } in &unsent {
            if !places.contains(to) {
                places.push(to.clone());
            }
            if self.chat.is_in_view(to) {
                let draft = self.ui.take_draft();
                self.ui.put_draft(longer(&draft, text.as_str()));
            } else {
                self.chat.add_to_draft(to, |draft| longer(draft, text.as_str()));
            }
        }
        let places: Vec<String> = places.iter().map(place).collect();
        let places = places.join(", ");
        self.tell(counted.map(|counted| Notice::News(say::see_the_draft(&counted, &places))));
    }
}

/// A draft with one more text, on lines of its own.
fn longer(draft: &Editor, text: &str) -> Editor {
    let before = draft.text();
    Editor::with(&if before.is_empty() { text.to_owned() } else { format!("{before}\n{text}") })
}
