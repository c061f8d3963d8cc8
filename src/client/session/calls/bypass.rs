//! Whose packets are to bypass the server: the person's rule, and what both want in a call.
//!
//! Must not know: addresses, or how a way is found.

use super::OwnCalls;
use crate::client::settings::{DirectRule, Settings};
use crate::protocol::CallId;

impl OwnCalls {
    /// Takes the person's settings.
    pub(in crate::client::session) fn adopt(&mut self, settings: &Settings) {
        self.rule = settings.direct;
        self.camera.name.clone_from(&settings.camera);
        self.sound.name.clone_from(&settings.sound);
    }

    /// When packets may bypass the server.
    pub(in crate::client::session) fn rule(&self) -> DirectRule {
        self.rule
    }

    /// We want packets of an open call to bypass the server, or no longer. Returns whether the other one wants it; `None`
    /// if nothing has changed.
    pub(in crate::client::session) fn want_bypass(&mut self, id: CallId, wanted: bool) -> Option<bool> {
        let call = self.calls.iter_mut().find(|call| call.id == id && call.is_open())?;
        (std::mem::replace(&mut call.bypass.0, wanted) != wanted).then_some(call.bypass.1)
    }

    /// The other one wants it, or no longer. Returns whether we do; `None` if nothing has changed.
    pub(in crate::client::session) fn they_want_bypass(&mut self, id: CallId, wanted: bool) -> Option<bool> {
        let call = self.calls.iter_mut().find(|call| call.id == id && call.is_open())?;
        (std::mem::replace(&mut call.bypass.1, wanted) != wanted).then_some(call.bypass.0)
    }
}
