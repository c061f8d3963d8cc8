//! What the view is made from: the parts of the session, to be read, and the time.
//!
//! Must not know: how any of it came about.

use chrono::FixedOffset;

use super::Ui;
use crate::client::chat::search::Search;
use crate::client::session::chat::Chat;
use crate::client::session::link::Link;
use crate::client::session::moderation::Moderating;
use crate::model::Timestamp;

/// All that can be seen.
#[derive(Clone, Copy, Debug)]
pub(in crate::client::session) struct Screen<'a> {
    pub(in crate::client::session) ui: &'a Ui,
    pub(in crate::client::session) chat: &'a Chat,
    pub(in crate::client::session) link: &'a Link,
    pub(in crate::client::session) moderating: &'a Moderating,
    pub(in crate::client::session) search: &'a Search,
    /// The time on the steady clock, for countdowns.
    pub(in crate::client::session) now: Timestamp,
    pub(in crate::client::session) zone: FixedOffset,
}
