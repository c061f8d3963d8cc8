//! What the client has to say to the person: a few words for a few seconds, or a panel that stays until it is closed.
//!
//! Keeps true: what was said is read in one of the two, however much is said at once; nothing of it is lost to a smaller
//! screen.
//!
//! Must not know: what is said, or how it is drawn.

use std::time::Duration;

use crate::client::session::effects::Remark;
use crate::client::text::wrap::{cells, wrap};
use crate::model::Timestamp;
use crate::protocol::CallId;

/// How long a few words stay.
pub(in crate::client::session) const TOAST: Duration = Duration::from_secs(5);
/// The widest toast, in cells; what is longer gets a panel.
const WIDEST_TOAST: usize = 72;
/// The cells that the state of the connection takes beside a toast.
const BESIDE: usize = 16;
/// The most lines of a panel; the oldest go.
pub(in crate::client::session) const MAX_LINES: usize = 500;

/// The cells that a toast may take on a screen of this width.
pub(super) fn toast_room(cols: u16) -> usize {
    usize::from(cols).saturating_sub(BESIDE).min(WIDEST_TOAST)
}

#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    toast: Option<(Remark, Timestamp)>,
    panel: Vec<Remark>,
    /// The first row shown.
    top: usize,
}

impl Notes {
    /// Says what one update brought. `cols` is the width of the screen, `now` the steady clock.
    pub(super) fn say(&mut self, remarks: Vec<Remark>, cols: u16, now: Timestamp) {
        let room = toast_room(cols);
        let short = |remark: &Remark| !remark.text.as_str().contains('\n') && cells(remark.text.as_str()) <= room;
        match remarks.as_slice() {
            [] => {}
            [one] if short(one) => self.toast = Some((one.clone(), now.after(TOAST))),
            _ => {
                self.panel = remarks;
                self.panel.drain(..self.panel.len().saturating_sub(MAX_LINES));
                self.top = 0;
                self.toast = None;
            }
        }
    }

    /// Ends what has been shown long enough.
    pub(super) fn tick(&mut self, now: Timestamp) {
        self.toast.take_if(|(_, until)| *until <= now);
    }

    /// When the toast ends.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.toast.as_ref().map(|(_, until)| *until)
    }

    /// A call rings no longer: that it does is not said any more.
    pub(super) fn rings_no_more(&mut self, id: CallId) {
        let is_about = |remark: &Remark| remark.rings == Some(id);
        self.toast.take_if(|(remark, _)| is_about(remark));
        self.panel.retain(|remark| !is_about(remark));
    }

    pub(super) fn toast(&self) -> Option<&Remark> {
        self.toast.as_ref().map(|(remark, _)| remark)
    }

    pub(super) fn has_panel(&self) -> bool {
        !self.panel.is_empty()
    }

    /// The status bar is needed for what the person does now.
    pub(super) fn give_way(&mut self) {
        self.toast = None;
    }

    /// Closes the panel; `false` if there is none.
    pub(super) fn close(&mut self) -> bool {
        let open = self.has_panel();
        self.panel.clear();
        open
    }

    /// Scrolls the panel by rows; its first row is `last` at most.
    pub(super) fn scroll(&mut self, rows: isize, last: usize) {
        self.top = self.top.saturating_add_signed(rows).min(last);
    }

    /// The number of rows of the panel at this width.
    pub(super) fn count(&self, width: usize) -> usize {
        self.panel.iter().map(|remark| wrap(remark.text.as_str(), width).len()).sum()
    }

    /// The rows of the panel that fit, and how many are above and below them.
    pub(super) fn rows(&self, width: usize, height: usize) -> (Vec<(String, bool)>, usize, usize) {
        let wrapped = |remark: &Remark| {
            let trouble = remark.trouble;
            wrap(remark.text.as_str(), width).into_iter().map(move |row| (row, trouble))
        };
        let all: Vec<(String, bool)> = self.panel.iter().flat_map(wrapped).collect();
        let above = self.top.min(all.len().saturating_sub(height));
        let below = all.len().saturating_sub(above + height);
        (all.into_iter().skip(above).take(height).collect(), above, below)
    }
}
