//! The keys of a picked message, for the screen, the help and the man page.
//!
//! Must not know: how any of it is carried out.

use crate::client::key::Key;
use crate::language::{Say, picking as say};

/// What can be done with a picked message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickedAct {
    /// Answer it.
    Reply,
    /// Give it another text.
    Edit,
    /// Delete it.
    Delete,
    /// Send it again, if it was not sent.
    SendAgain,
    /// Put a reaction on it, or take one back.
    React,
    /// Copy its text.
    Copy,
    /// Open a link in it.
    Open,
    /// Go to the message that it answers.
    Jump,
    /// Let it go.
    LetGo,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct PickedRow {
    /// The key.
    pub key: Key,
    /// What it does.
    pub act: PickedAct,
    /// Says the word beside the key in the status bar, if there is one.
    pub word: Option<Say>,
    /// Says its help: one sentence.
    pub help: Say,
}

const fn row(key: Key, act: PickedAct, word: Option<Say>, help: Say) -> PickedRow {
    PickedRow { key, act, word, help }
}

/// The keys, in the order of the status bar.
pub const PICKED: &[PickedRow] = &[
    row(Key::Char('r'), PickedAct::Reply, Some(say::reply), say::reply_help),
    row(Key::Char('s'), PickedAct::SendAgain, Some(say::send), say::send_help),
    row(Key::Char('e'), PickedAct::Edit, Some(say::edit), say::edit_help),
    row(Key::Char('d'), PickedAct::Delete, Some(say::delete), say::delete_help),
    row(Key::Char('+'), PickedAct::React, Some(say::react), say::react_help),
    row(Key::Char('c'), PickedAct::Copy, Some(say::copy), say::copy_help),
    row(Key::Char('o'), PickedAct::Open, Some(say::open), say::open_help),
    row(Key::Enter, PickedAct::Jump, Some(say::quote), say::quote_help),
    row(Key::Esc, PickedAct::LetGo, None, say::let_go_help),
];
