//! The dialogs about a picked message: a reaction, its deletion, its links.
//!
//! Must not know: when a dialog is opened, or what its answer leads to.

use super::form::{FieldKey, Form, FormField, FormPart, Item, List, Pick, Press};
use super::open::{Dialog, OpenDialog};
use super::{buttons, either, text};
use crate::client::text::emoji::emoji_by_use;
use crate::client::view::{Scope, StyledLine};
use crate::language::picking as say;
use crate::model::{MessageId, Target};
use crate::protocol::Tally;

/// Asks for a reaction to a message. Those that it has come first, then all emoji, the common ones before the others.
#[must_use]
pub fn react(target: Target, id: MessageId, there: &[Tally]) -> OpenDialog {
    let put = |tally: &Tally| {
        let right = if tally.mine { say::yours_again().to_owned() } else { tally.count.to_string() };
        Item {
            value: Pick::Sign(tally.reaction.to_string()),
            left: StyledLine::of(Scope::Text, tally.reaction.as_str()),
            right: StyledLine::of(Scope::Dim, right),
            ..Item::default()
        }
    };
    let named = |(name, emoji): (&str, &str)| Item {
        value: Pick::Sign(emoji.to_owned()),
        left: StyledLine::of(Scope::Text, format!(":{name}:")),
        right: StyledLine::of(Scope::Text, emoji),
        ..Item::default()
    };
    let rows = there.iter().map(put).chain(emoji_by_use().map(named)).collect();
    let list = List {
        rows,
        what: (say::sign(), say::signs()),
        nothing: "".into(),
        fills: Some(FieldKey::Sign),
        ..List::default()
    };
    let parts = vec![
        FormField::plain(FieldKey::Sign, say::sign_label(), ""),
        text(say::sign_help()),
        FormPart::List(list),
        either(say::do_react(), say::cancel()),
    ];
    OpenDialog::new(Dialog::React(target, id), Form::new(say::reaction(), parts))
}

/// Asks whether to delete a message of the person, which begins with these words.
#[must_use]
pub fn delete(target: Target, id: MessageId, words: &str) -> OpenDialog {
    let parts = vec![text(say::delete_yours()), text(format!("› {words}")), either(say::do_delete(), say::keep())];
    // Whoever forgot the pick and goes on writing must not delete anything.
    OpenDialog::new(Dialog::DeleteOwn(target, id), Form::new(say::delete_title(), parts).at_button(Press::Cancel))
}

/// Asks whether to withdraw a message that waits under this label, and begins with these words.
#[must_use]
pub fn withdraw(label: String, words: &str) -> OpenDialog {
    take_back(label, words, say::withdraw_yours())
}

/// Asks whether to drop a message that was not sent; `unsure` if it may have arrived all the same.
#[must_use]
pub fn drop_not_sent(label: String, words: &str, unsure: bool) -> OpenDialog {
    take_back(label, words, if unsure { say::drop_unsure() } else { say::drop_yours() })
}

fn take_back(label: String, words: &str, question: &'static str) -> OpenDialog {
    let parts = vec![text(question), text(format!("› {words}")), either(say::do_withdraw(), say::keep())];
    OpenDialog::new(Dialog::Withdraw(label), Form::new(say::withdraw_title(), parts).at_button(Press::Cancel))
}

/// Offers the links of a message; `opens` if they can be opened, otherwise one is copied.
#[must_use]
pub fn links(links: Vec<String>, opens: bool) -> OpenDialog {
    let row = |link: String| Item {
        left: StyledLine::of(Scope::Text, link.as_str()),
        value: Pick::Link(link),
        ..Item::default()
    };
    let rows = links.into_iter().map(row).collect();
    let list = List { rows, what: (say::link(), say::links()), nothing: "".into(), ..List::default() };
    let (does, title) = if opens { (say::do_open(), say::open_a_link()) } else { (say::do_copy(), say::copy_a_link()) };
    let parts = vec![FormPart::List(list), buttons(&[(Press::Confirm, does), (Press::Cancel, say::cancel())])];
    OpenDialog::new(Dialog::Links, Form::new(title, parts))
}
