//! The source of the view: read-only parts of the session, and the time.
//!
//! Must not know: how their state came about.

use super::Ui;
use crate::client::chat::search::SearchDialog;
use crate::client::session::calls::OwnCalls;
use crate::client::session::chat::Chat;
use crate::client::session::effects::Effects;
use crate::client::session::link::Link;
use crate::client::session::moderation::Moderating;
use crate::client::session::outbound::Outbound;
use crate::client::settings::Times;
use crate::model::{Timestamp, Zone};

/// Everything that the view is made from.
#[derive(Clone, Copy, Debug)]
pub(in crate::client::session) struct ViewSource<'a> {
    pub(super) ui: &'a Ui,
    pub(super) chat: &'a Chat,
    pub(super) link: &'a Link,
    pub(super) calls: &'a OwnCalls,
    pub(super) outbound: &'a Outbound,
    pub(super) moderating: &'a Moderating,
    pub(super) search: &'a SearchDialog,
    /// The time on the steady clock, for countdowns.
    pub(super) now: Timestamp,
    pub(super) zone: &'a Zone,
    pub(super) times: Times,
}

impl<'a> ViewSource<'a> {
    pub(in crate::client::session) fn new(
        ui: &'a Ui,
        chat: &'a Chat,
        (link, outbound, calls): (&'a Link, &'a Outbound, &'a OwnCalls),
        moderating: &'a Moderating,
        search: &'a SearchDialog,
        out: &'a Effects,
    ) -> Self {
        Self {
            ui,
            chat,
            link,
            outbound,
            calls,
            moderating,
            search,
            now: out.steady(),
            zone: out.zone(),
            times: out.times(),
        }
    }
}
