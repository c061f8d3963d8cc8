//! The keys of a picked message, for the screen, the help and the man page.
//!
//! Must not know: how any of it is carried out.

use crate::client::key::Key;

/// What can be done with a picked message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickedAct {
    /// Answer it.
    Reply,
    /// Give it another text.
    Edit,
    /// Delete it.
    Delete,
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
    /// The word beside the key in the status bar; empty for none.
    pub word: &'static str,
    /// Its help: one sentence.
    pub help: &'static str,
}

const fn row(key: Key, act: PickedAct, word: &'static str, help: &'static str) -> PickedRow {
    PickedRow { key, act, word, help }
}

/// The keys, in the order of the status bar.
pub const PICKED: &[PickedRow] = &[
    row(Key::Char('r'), PickedAct::Reply, "reply", "Answers it: what you write next quotes it."),
    row(Key::Char('e'), PickedAct::Edit, "edit", "Edits it, if it is yours."),
    row(Key::Char('d'), PickedAct::Delete, "delete", "Asks whether to delete it: yours, or as a moderator any."),
    row(Key::Char('+'), PickedAct::React, "react", "Puts a reaction on it, or takes it back."),
    row(Key::Char('c'), PickedAct::Copy, "copy", "Copies its text."),
    row(Key::Char('o'), PickedAct::Open, "open", "Opens a link in it; over ssh, copies the link."),
    row(Key::Enter, PickedAct::Jump, "quote", "Goes to the message that it answers."),
    row(Key::Esc, PickedAct::LetGo, "", "Lets it go; any other character goes into what you write."),
];
