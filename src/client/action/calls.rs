//! The rows of the table that are about calls, direct conversations, and the files in them.
//!
//! Must not know: how any of it is carried out.

use super::{Action, ROW, Row};
use crate::client::key::Key;
use crate::language::acts as say;

/// Calls.
pub(super) const CALLS: &[Row] = &[
    Row {
        action: Action::Call,
        name: say::call,
        digit: Some('0'),
        command: "call",
        argument: "[NAME|#ROOM]",
        help: say::call_help,
        ..ROW
    },
    Row {
        action: Action::Camera,
        name: say::camera,
        command: "camera",
        argument: "[NAME] [on|off]",
        keys: &[Key::F(7)],
        help: say::camera_help,
        ..ROW
    },
    Row {
        action: Action::Talk,
        name: say::talk,
        command: "talk",
        argument: "[NAME] [on|off]",
        keys: &[Key::F(8)],
        help: say::talk_help,
        ..ROW
    },
    Row {
        action: Action::Sound,
        name: say::sound,
        command: "sound",
        argument: "[NAME] [on|off]",
        help: say::sound_help,
        ..ROW
    },
    Row {
        action: Action::Large,
        name: say::large,
        command: "large",
        keys: &[Key::Alt('z')],
        help: say::large_help,
        ..ROW
    },
    Row {
        action: Action::Direct,
        name: say::direct,
        command: "direct",
        argument: "[NAME]",
        help: say::direct_help,
        ..ROW
    },
    Row {
        action: Action::Answer,
        name: say::answer,
        command: "answer",
        argument: "[NAME]",
        help: say::answer_help,
        ..ROW
    },
    Row {
        action: Action::Decline,
        name: say::decline,
        command: "decline",
        argument: "[NAME]",
        help: say::decline_help,
        ..ROW
    },
    Row {
        action: Action::HangUp,
        name: say::hang_up,
        command: "hangup",
        argument: "[NAME]",
        help: say::hang_up_help,
        ..ROW
    },
    Row {
        action: Action::Verify,
        name: say::verify,
        command: "verify",
        argument: "[NAME] [match|differ]",
        help: say::verify_help,
        ..ROW
    },
    Row {
        action: Action::Bypass,
        name: say::bypass,
        command: "bypass",
        argument: "[NAME] [on|off]",
        help: say::bypass_help,
        ..ROW
    },
    Row {
        action: Action::ForgetKey,
        name: say::forget_key,
        command: "forget-key",
        argument: "NAME",
        help: say::forget_key_help,
        ..ROW
    },
    Row { action: Action::Send, name: say::send, command: "send", argument: "NAME FILE", help: say::send_help, ..ROW },
    Row {
        action: Action::Accept,
        name: say::accept,
        command: "accept",
        argument: "[NAME]",
        help: say::accept_help,
        ..ROW
    },
    Row { action: Action::Stop, name: say::stop, command: "stop", argument: "[NAME]", help: say::stop_help, ..ROW },
];
