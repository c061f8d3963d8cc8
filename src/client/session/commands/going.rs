//! Commands that go to a conversation by its number.
//!
//! Must not know: how a number is typed.

use super::decision::{CommandStep, Decision, Declined, ViewStep};
use super::situation::Situation;
use crate::client::action::Action;

/// `/jump NUMBER`; without one, the number is typed next.
pub(in crate::client::session) fn jump(argument: &str, here: &Situation<'_>) -> Decision {
    if here.is_plain() {
        return Err(Declined::because("Conversations have numbers on the full screen only; /query NAME goes to one."));
    }
    if argument.is_empty() {
        return Ok(vec![CommandStep::View(ViewStep::AskNumber)]);
    }
    match argument.parse() {
        Ok(number) => to_number(number, here),
        Err(_) => Err(Declined::explain(Action::Jump)),
    }
}

/// Shows the conversation with this number in the list.
pub(in crate::client::session) fn to_number(number: usize, here: &Situation<'_>) -> Decision {
    let count = here.chat().conversations().count();
    match number.checked_sub(1).filter(|at| *at < count) {
        Some(at) => Ok(vec![CommandStep::View(ViewStep::ShowAt(at))]),
        None => Err(Declined::because(format!("There is no conversation {number}; the last is {count}."))),
    }
}
