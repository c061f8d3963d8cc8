//! The intent behind a key, as a value.
//!
//! Must not know: which key it was, or how an intent is carried out.

use crate::client::action::{Action, PickedAct};
use crate::client::dialogs::form::Press;
use crate::client::dialogs::open::{Dialog, OpenDialog};
use crate::client::key::Key;
use crate::client::session::notice::Notice;
use crate::client::text::editor::Editor;
use crate::client::view::MessageRef;
use crate::model::Name;

/// The pane that has the focus while no dialog is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::client::session) enum Focus {
    #[default]
    Composer,
    Menu,
    Conversations,
    People,
    Messages,
}

/// An intent of the person.
#[derive(Clone, Debug)]
pub(in crate::client::session) enum Intent {
    /// None beyond what the key changed on the screen.
    Nothing,
    /// To leave, said a second time: the question whether to leave is open.
    Leave,
    /// To leave after a question.
    AskExit,
    /// To carry out an action.
    Run(Action),
    /// To send or carry out what was written.
    Enter(Editor),
    /// To bring the conversation with this index into view.
    Show(usize),
    /// To bring the conversation with this number into view.
    ShowNumber(usize),
    /// To bring the conversation with a user into view.
    Converse(Name),
    /// To pick a message that is in view, or none.
    Pick(Option<MessageRef>),
    /// To scroll the messages by this many rows.
    Scroll(isize),
    /// To return to the newest messages.
    Attach,
    /// To do something with the picked message.
    Picked(PickedAct),
    /// To copy a text.
    Copy(String),
    /// To read a notice about what was written.
    Read(Notice),
    /// A key for the dialog of the search.
    Search(Key),
    /// To move the cursor in the results of the search.
    StepHits(isize),
    /// To change what is searched for.
    WriteSearch,
    /// To cancel a dialog.
    Cancel(Dialog),
    /// To press a button of a dialog.
    Press(OpenDialog, Press),
}
