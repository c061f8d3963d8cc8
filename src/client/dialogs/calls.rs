//! The dialogs about calls and what goes directly. Those that nobody asked for have no button under the cursor: whoever
//! only presses Enter neither answers nor declines.
//!
//! Must not know: when a dialog is opened, or what its answer leads to.

use super::form::{FieldKey, Form, FormField, FormPart, Item, List, Press};
use super::open::{Dialog, OpenDialog};
use super::{buttons, text};
use crate::language::dialogs as say;
use crate::model::Name;
use crate::protocol::CallId;

/// Buttons of which none is under the cursor.
fn undecided(pressed: &[(Press, &str)]) -> FormPart {
    match buttons(pressed) {
        FormPart::Buttons { buttons, .. } => FormPart::Buttons { buttons, at: None },
        other => other,
    }
}

/// What is said of who calls.
fn who_words((name, verified): (&Name, bool)) -> String {
    if verified { say::caller_is_verified(name) } else { say::caller_only_claims(name) }
}

/// A user calls: `purpose` says for what, and `key` what is known of the user's key. One for pictures can be answered with the
/// camera on, or without.
#[must_use]
pub fn incoming(id: CallId, who: (&Name, bool), (purpose, has_pictures): (&str, bool), key: &[String]) -> OpenDialog {
    let mut parts = vec![text(say::caller_asks(who.0, purpose)), text(who_words(who))];
    parts.extend(key.iter().map(text));
    let plain = if has_pictures { say::answer_without_camera() } else { say::answer() };
    let mut answers = vec![(Press::Confirm, plain), (Press::Decline, say::decline())];
    if has_pictures {
        answers.insert(0, (Press::WithCamera, say::answer_with_camera()));
    }
    parts.push(undecided(&answers));
    OpenDialog::new(Dialog::Call(id), Form::new(&say::call_from(who.0), parts).at_buttons())
}

/// A user offers a file, as these sentences say.
#[must_use]
pub fn offered(id: CallId, number: u32, who: &Name, words: &[String]) -> OpenDialog {
    let mut parts: Vec<FormPart> = words.iter().map(text).collect();
    parts.push(undecided(&[(Press::Confirm, say::accept()), (Press::Decline, say::decline())]));
    OpenDialog::new(Dialog::Offered(id, number), Form::new(&say::file_from(who), parts).at_buttons())
}

/// The words that two people compare.
#[must_use]
pub fn words(id: CallId, name: &Name, head: &str, words: &str, foot: &str) -> OpenDialog {
    let mut parts = vec![text(head), FormPart::Heading(words.replace('-', "  ")), text(foot)];
    parts.push(undecided(&[
        (Press::Match, say::they_match()),
        (Press::Differ, say::they_differ()),
        (Press::Cancel, say::close()),
    ]));
    OpenDialog::new(Dialog::Words(id), Form::new(&say::compare_with(name), parts).at_buttons())
}

/// Whom to call.
#[must_use]
pub fn whom(name: &str, people: Vec<Item>, names: Vec<Name>) -> OpenDialog {
    let parts = vec![
        FormField::name(FieldKey::To, say::to(), name, names),
        FormPart::List(List { fills: Some(FieldKey::To), ..List::people(people) }),
        buttons(&[
            (Press::Confirm, say::call_title()),
            (Press::Talk, say::talk_directly()),
            (Press::Cancel, say::cancel()),
        ]),
    ];
    OpenDialog::new(Dialog::Whom, Form::new(say::call_title(), parts))
}
