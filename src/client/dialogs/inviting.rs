//! The dialog that invites newcomers.
//!
//! Must not know: when it is opened, or what its answer leads to.

use super::either;
use super::form::{FieldKey, Form, FormField};
use super::open::{Dialog, OpenDialog};
use super::text;
use crate::language::{dialogs as say, inviting};

/// Asks how many people a code is to let in, and for how long.
#[must_use]
pub fn newcomers(people: &str, time: &str) -> OpenDialog {
    let parts = vec![
        FormField::plain(FieldKey::People, inviting::people(), people),
        FormField::plain(FieldKey::Time, inviting::time(), time),
        text(inviting::explained()),
        either(inviting::make_code(), say::cancel()),
    ];
    OpenDialog::new(Dialog::Newcomers, Form::new(inviting::title(), parts))
}
