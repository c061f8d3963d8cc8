//! Commands about identities and keys.
//!
//! Must not know: how an identity is proved.

use super::decision::{CommandStep, Decision, Declined};
use super::situation::Situation;
use crate::client::action::Action;
use crate::client::dialogs;
use crate::client::session::notice::Notice;
use crate::client::session::outbound::awaited::Awaited;
use crate::language::{commands as say, names};
use crate::model::Name;
use crate::protocol::invitation::looks_like_code;
use crate::protocol::{Command, KeyCommand, UserCommand};

/// A request about identities.
pub(super) fn ask(command: Command, here: &Situation<'_>) -> Decision {
    if !here.link().abilities().identity || !here.link().is_online() {
        return Err(Declined::because(say::needs_verifying_server()));
    }
    Ok(vec![CommandStep::Ask(command, Awaited::About)])
}

/// `/whois [NAME]`.
pub(in crate::client::session) fn whois(argument: &str, here: &Situation<'_>) -> Decision {
    let name = match argument {
        "" => here.link().wanted().to_owned(),
        argument => here.user_named(argument).map_or_else(|_| argument.to_owned(), |name| name.to_string()),
    };
    ask(Command::User(UserCommand::Whois(name)), here)
}

/// `/keys`.
pub(in crate::client::session) fn keys(here: &Situation<'_>) -> Decision {
    ask(Command::Key(KeyCommand::List), here)
}

/// `/revoke-key KEY`.
pub(in crate::client::session) fn revoke_key(argument: &str, here: &Situation<'_>) -> Decision {
    let steps = ask(Command::Key(KeyCommand::Revoke(argument.to_owned())), here)?;
    if argument.is_empty() { Err(Declined::explain(Action::RevokeKey)) } else { Ok(steps) }
}

/// `/sessions [NUMBER]`: lists the person's sessions, or ends another one.
pub(in crate::client::session) fn sessions(argument: &str, here: &Situation<'_>) -> Decision {
    here.needs(|abilities| abilities.sessions, say::has_one_session())?;
    let command = match argument.trim() {
        "" => UserCommand::Sessions,
        number => UserCommand::EndSession(number.parse().map_err(|_| Declined::explain(Action::Sessions))?),
    };
    Ok(vec![CommandStep::Ask(Command::User(command), Awaited::About)])
}

/// `/rename NAME`: only a name that is the person's own can become another one.
pub(in crate::client::session) fn rename(argument: &str, here: &Situation<'_>) -> Decision {
    let (link, name) = (here.link(), argument.trim());
    if !link.abilities().identity || !link.is_online() || !link.me().is_verified() {
        return Ok(vec![CommandStep::Tell(Notice::News(say::take_another_name(own_name(here))))]);
    }
    if name.is_empty() {
        return Err(Declined::explain(Action::Rename));
    }
    if looks_like_code(name) {
        return Err(Declined::because(names::code_is_no_name()));
    }
    ask(Command::User(UserCommand::Rename(name.to_owned())), here)
}

/// `/leave-server`: a dialog asks once more; in plain mode the person's own name does, as the argument.
pub(in crate::client::session) fn leave_server(argument: &str, here: &Situation<'_>) -> Decision {
    let (name, question) = (own_name(here), say::leave_for_good(own_name(here)));
    let confirmed = leave_server_confirmed(here)?;
    if !here.is_plain() {
        return Ok(vec![CommandStep::open(dialogs::leave_server(&question))]);
    }
    if argument.trim() != name {
        return Ok(vec![CommandStep::Tell(Notice::News(say::leave_for_good_in_lines(question, name)))]);
    }
    Ok(confirmed)
}

/// The person leaves the server for good.
pub(in crate::client::session) fn leave_server_confirmed(here: &Situation<'_>) -> Decision {
    ask(Command::User(UserCommand::LeaveServer), here)
}

fn own_name<'a>(here: &'a Situation<'_>) -> &'a str {
    here.link().me().name().map_or("?", Name::as_str)
}
