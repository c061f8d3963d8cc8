//! The key that one holds or presses to speak. Terminals do not say when a key is let go: one that is held comes again, and
//! counts as let go once it no longer does.
//!
//! Must not know: where the person speaks, calls, or rooms.

use std::time::Duration;

use crate::model::Timestamp;

/// A key that is held comes again within so long after it was pressed: terminals wait at most that before they repeat it.
const FIRST_REPEAT: Duration = Duration::from_millis(700);
/// A held key that did not come again for so long was let go.
const RELEASE: Duration = Duration::from_millis(400);
/// What comes of a held key after that, because a line had stalled, comes within so long, and does not begin to speak for
/// good.
const LATE_REPEAT: Duration = Duration::from_secs(5);

/// The key to speak.
#[derive(Clone, Debug, Default)]
pub(super) struct TalkKey {
    /// When it was pressed last, while the person speaks by it; and whether it is held.
    pressed: Option<Timestamp>,
    is_held: bool,
    /// When it last counted as let go.
    let_go: Option<Timestamp>,
}

impl TalkKey {
    /// The key was pressed, or comes again because it is held. Returns whether one who spoke, or did not, is to speak now.
    pub(super) fn press(&mut self, talks: bool, now: Timestamp) -> bool {
        let again = self.pressed.is_some_and(|at| now.since(at) <= FIRST_REPEAT);
        let late = self.let_go.is_some_and(|at| now.since(at) <= LATE_REPEAT);
        let (talks, pressed, held) = match (talks, again) {
            (false, _) => (true, Some(now), late),
            (true, true) => (true, Some(now), true),
            (true, false) => (false, None, false),
        };
        (self.pressed, self.is_held) = (pressed, held);
        talks
    }

    /// When it counts as let go, if it is held.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.pressed.filter(|_| self.is_held).map(|at| at.after(RELEASE))
    }

    /// Whether it is let go by now; then nobody speaks by it any more.
    pub(super) fn is_let_go(&mut self, now: Timestamp) -> bool {
        let is_due = self.deadline().is_some_and(|at| at <= now);
        if is_due {
            *self = Self { let_go: Some(now), ..Self::default() };
        }
        is_due
    }
}
