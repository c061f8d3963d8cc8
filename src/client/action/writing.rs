//! The keys of the composer and of the panes, for the help and the man page; the editor and the panes carry them out.
//!
//! Must not know: how any of it is carried out.

/// The keys for writing and sending, and what they do.
pub(super) const WRITING: &[(&str, &str)] = &[
    ("Enter", "Sends the message."),
    ("Alt-Enter", "Starts a new line in the same message."),
    ("Tab", "Completes names, rooms, commands, their options, and emoji such as :smile."),
    ("Up, Down", "Move by one row; Up at the first recalls what was sent in this conversation."),
    ("Ctrl-R", "Searches what was sent in this conversation; again goes on, Esc gives up."),
    ("Esc Esc", "Puts the message you are writing away; Ctrl-Y brings it back."),
];

/// The keys that edit a line, as in a shell.
pub(super) const EDITING: &[(&str, &str)] = &[
    ("Ctrl-A, Ctrl-E", "Move to the start and the end of the line, like Home and End."),
    ("Ctrl-B", "Moves back by one character, like Left."),
    ("Alt-B, Alt-F", "Move back and forward by one word, like Ctrl-Left and Ctrl-Right."),
    ("Ctrl-D, Ctrl-H", "Delete the character under and before the cursor, like Delete and Backspace."),
    ("Ctrl-U, Ctrl-K", "Cut to the start and to the end of the line."),
    ("Ctrl-W, Alt-D", "Cut the word before and after the cursor; Alt-Backspace is Ctrl-W."),
    ("Ctrl-Y, Alt-Y", "Paste what was cut, several cuts in a row as one; then what was cut before that."),
    ("Ctrl-_", "Undoes the last change."),
    ("Ctrl-T", "Exchanges the two characters around the cursor."),
    ("Alt-U, Alt-C", "Put the word after the cursor into capitals; begin it with a capital."),
    ("Ctrl-X Ctrl-E", "Opens what you are writing in your editor, like Alt-E."),
    ("Alt-.", "Inserts the last word of what you sent; again, that of the one before."),
];

/// The keys that move between panes and back to the composer.
pub(super) const PANES: &[(&str, &str)] = &[
    ("F6, Shift-Tab", "Move to the next and to the previous pane."),
    ("Esc", "Closes a dialog; returns to the composer and the newest message."),
];

/// All keys that have no action of their own, and what they do.
pub fn fixed_keys() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    WRITING.iter().chain(EDITING).chain(PANES)
}
