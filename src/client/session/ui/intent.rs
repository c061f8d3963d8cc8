//! What a key asks for, as a value.
//!
//! Must not know: which key it was, or how any of it is done.

use crate::client::action::Action;
use crate::client::dialogs::form::Press;
use crate::client::dialogs::open::{Dialog, OpenDialog};
use crate::client::key::Key;
use crate::client::text::editor::Editor;
use crate::model::Name;

/// Where keys go while no dialog is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::client::session) enum Focus {
    #[default]
    Composer,
    Menu,
    Conversations,
    Online,
    Messages,
}

/// What the person wants.
#[derive(Clone, Debug)]
pub(in crate::client::session) enum Intent {
    /// Nothing beyond what the key changed on the screen.
    Nothing,
    /// To leave at once.
    Leave,
    /// To be asked whether to leave.
    AskExit,
    /// To do something that has a name.
    Run(Action),
    /// To send what was written, or carry it out.
    Enter(Editor),
    /// To have the conversation of this number in view.
    Show(usize),
    /// To have the conversation with a user in view.
    Converse(Name),
    /// To scroll the messages by so many rows.
    Scroll(isize),
    /// To go back to the newest messages.
    Attach,
    /// Something in the dialog of the search.
    Search(Key),
    /// To give a dialog up.
    Cancel(Dialog),
    /// To press a button of a dialog.
    Press(OpenDialog, Press),
}
