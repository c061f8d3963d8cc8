//! The keys of the composer and of the panes, for the help and the man page; the editor and the panes carry them out.
//!
//! Must not know: how any of it is carried out.

use crate::language::{Say, writing as say};

/// The keys for writing and sending, and what they do.
pub(super) const WRITING: &[(&str, Say)] = &[
    ("Enter", say::key_send),
    ("Alt-Enter", say::key_new_line),
    ("Tab", say::key_complete),
    ("Up, Down", say::key_up_down),
    ("Ctrl-R", say::key_recall),
    ("Esc Esc", say::key_esc_esc),
];

/// The keys that edit a line, as in a shell.
pub(super) const EDITING: &[(&str, Say)] = &[
    ("Ctrl-A, Ctrl-E", say::key_line_ends),
    ("Ctrl-B", say::key_left),
    ("Alt-B, Alt-F", say::key_words),
    ("Ctrl-D, Ctrl-H", say::key_delete),
    ("Ctrl-U, Ctrl-K", say::key_cut_line),
    ("Ctrl-W, Alt-D", say::key_cut_word),
    ("Ctrl-Y, Alt-Y", say::key_paste),
    ("Ctrl-_", say::key_undo),
    ("Ctrl-T", say::key_exchange),
    ("Alt-U, Alt-C", say::key_capitals),
    ("Ctrl-X Ctrl-E", say::key_editor),
    ("Alt-.", say::key_last_word),
];

/// The keys that move between panes and back to the composer.
pub(super) const PANES: &[(&str, Say)] = &[("F6, Shift-Tab", say::key_panes), ("Esc", say::key_esc)];

/// All keys that have no action of their own, and what they do.
pub fn fixed_keys() -> impl Iterator<Item = &'static (&'static str, Say)> {
    WRITING.iter().chain(EDITING).chain(PANES)
}
