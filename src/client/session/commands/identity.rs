//! Commands about identities and keys.
//!
//! Must not know: how an identity is proved.

use super::decision::{CommandStep, Decision, Declined};
use super::situation::Situation;
use crate::client::action::Action;
use crate::client::session::notice::Notice;
use crate::client::session::outbound::awaited::Awaited;
use crate::language::commands as say;
use crate::model::Name;
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

/// `/nick NAME`: a name is taken when one joins.
pub(in crate::client::session) fn nick(here: &Situation<'_>) -> Decision {
    let me = here.link().me().name().map_or("?", Name::as_str);
    Ok(vec![CommandStep::Tell(Notice::News(say::take_another_name(me)))])
}
