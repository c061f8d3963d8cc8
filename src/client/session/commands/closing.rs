//! Commands about closing the server, and about becoming a moderator.
//!
//! Must not know: any clock, or who may close the server.

use std::time::Duration;

use super::decision::{CommandStep, Decision, Declined, PresideStep};
use super::situation::Situation;
use crate::client::dialogs::order;
use crate::client::session::outbound::awaited::Inquiry;
use crate::language::commands as say;
use crate::model::Text;
use crate::protocol::{ClosingCommand, Command, Dialect};

/// The argument that calls an announced closing off.
const OFF: &str = "off";
/// `/close-server`, with a passphrase, a time and reason, `off`, or nothing.
pub(in crate::client::session) fn close(argument: &str, here: &Situation<'_>) -> Decision {
    here.needs_server()?;
    let tr226 = here.link().dialect() == Some(Dialect::Tr226);
    let argument = argument.trim();
    if !argument.is_empty() {
        return if tr226 { close_with(argument, here) } else { Err(Declined::because(say::closes_only_now())) };
    }
    Ok(vec![if here.is_plain() {
        CommandStep::Preside(PresideStep::CloseNow)
    } else if tr226 && !here.link().is_moderator() {
        CommandStep::Preside(PresideStep::AskPassphrase { closing: true, reason: say::only_moderator_closes() })
    } else {
        CommandStep::Preside(PresideStep::ConfirmClose)
    }])
}

/// The argument of `/close-server`. Anything unclear closes nothing.
fn close_with(argument: &str, here: &Situation<'_>) -> Decision {
    if argument.eq_ignore_ascii_case(OFF) {
        return call_off(here);
    }
    let moderator = here.link().is_moderator();
    match order::closing(argument) {
        Some(Ok((after, reason))) => close_later(after, reason, here),
        Some(Err(lack)) if !moderator && argument.starts_with(|c: char| c.is_ascii_digit()) => {
            Err(Declined::because(say::passphrase_elsewhere(lack.words())))
        }
        Some(Err(lack)) => Err(Declined::because(lack.words())),
        None if moderator => Err(Declined::because(say::closes_nothing())),
        None if argument.contains(char::is_whitespace) => {
            Err(Declined::because(say::passphrase_elsewhere(say::closes_nothing())))
        }
        None => Ok(vec![CommandStep::Preside(PresideStep::GivePassphrase {
            closing: true,
            passphrase: argument.to_owned(),
        })]),
    }
}

/// Announces the closing of the server.
pub(in crate::client::session) fn close_later(after: Duration, reason: Text, here: &Situation<'_>) -> Decision {
    here.needs_moderation()?;
    Ok(vec![CommandStep::inquire(Command::Closing(ClosingCommand::Later { after, reason }), Inquiry::Closing)])
}

/// Calls an announced closing off.
pub(in crate::client::session) fn call_off(here: &Situation<'_>) -> Decision {
    here.needs_moderation()?;
    Ok(vec![CommandStep::inquire(Command::Closing(ClosingCommand::CallOff), Inquiry::Closing)])
}

/// `/moderator`.
pub(in crate::client::session) fn moderator(passphrase: &str, here: &Situation<'_>) -> Decision {
    here.needs_server()?;
    if here.link().dialect() != Some(Dialect::Tr226) {
        return Err(Declined::because(say::no_moderators()));
    }
    Ok(vec![if passphrase.is_empty() && !here.is_plain() {
        CommandStep::Preside(PresideStep::AskPassphrase { closing: false, reason: say::passphrase_makes_moderator() })
    } else {
        CommandStep::Preside(PresideStep::GivePassphrase { closing: false, passphrase: passphrase.to_owned() })
    }])
}
