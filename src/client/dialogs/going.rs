//! The quick switch: one list of everything that one can go to or do.
//!
//! Must not know: what there is to go to, or what going there leads to.

use super::form::{Form, FormPart, Item, List, Pick, Press};
use super::open::{Dialog, OpenDialog};
use super::{action, buttons};
use crate::client::view::{Scope, StyledLine};
use crate::language::dialogs as say;

/// The quick switch over these rows; every action that needs nothing else follows them.
#[must_use]
pub fn switch(mut rows: Vec<Item>) -> OpenDialog {
    rows.extend(action::table().filter(|row| row.is_simple()).map(|row| {
        let ways: Vec<String> =
            [row.command_shown(), row.keys_shown()].into_iter().filter(|way| !way.is_empty()).collect();
        Item {
            value: Pick::Action(row.action),
            left: StyledLine::of(Scope::Text, row.name()),
            right: StyledLine::of(Scope::Dim, ways.join("  ")),
            ..Item::default()
        }
    }));
    let list = List {
        rows,
        what: (say::place(), say::places_and_actions()),
        fuzzy: true,
        nothing: say::there_is_nothing().into(),
        ..List::default()
    };
    let parts = vec![FormPart::List(list), buttons(&[(Press::Confirm, say::go()), (Press::Cancel, say::cancel())])];
    OpenDialog::new(Dialog::Switch, Form::new(say::go_to(), parts))
}
