//! Decisions on commands and dialogs: what each leads to, given what is known: steps to carry out, or the reason why
//! not.
//!
//! Must not know: how a step is carried out. Nothing here changes any state.

pub(in crate::client::session) mod actions;
pub(in crate::client::session) mod buttons;
mod calls;
mod cameras;
mod changes;
mod closing;
pub(in crate::client::session) mod decision;
pub(in crate::client::session) mod going;
mod identity;
mod inviting;
pub(in crate::client::session) mod moderation;
mod people;
mod rooms;
mod settings;
pub(in crate::client::session) mod situation;
mod voices;
mod which_call;
