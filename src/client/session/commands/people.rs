//! Commands about people: away, ignore, private messages, echo.
//!
//! Must not know: what the server says about people.

use super::calls;
use super::decision::{CommandStep, Decision, Declined, ViewStep};
use super::situation::Situation;
use crate::client::action::Action;
use crate::client::chat::people::AWAY;
use crate::client::dialogs;
use crate::client::session::notice::Notice;
use crate::client::session::outbound::awaited::{Awaited, Inquiry};
use crate::language::chat;
use crate::language::commands as say;
use crate::model::{Name, Target, Text};
use crate::protocol::limits::MAX_AWAY;
use crate::protocol::{Command, MessageCommand, UserCommand};

/// `/echo TEXT`.
pub(in crate::client::session) fn echo(text: &str, here: &Situation<'_>) -> Decision {
    here.needs_server()?;
    Ok(vec![CommandStep::Ask(Command::Message(MessageCommand::Echo(Text::block(text))), Awaited::Echo)])
}

/// `/away`, `/back` and `/dnd`.
pub(in crate::client::session) fn turn_away(action: Action, text: &str, here: &Situation<'_>) -> Decision {
    here.needs(|abilities| abilities.away, say::does_not_show_away())?;
    let text = match (action, text.trim()) {
        (Action::Back, _) => "",
        (Action::DoNotDisturb, "") => say::undisturbed(),
        // The default is the same on the wire for all languages.
        (_, text) if text.is_empty() || text == chat::away() => AWAY,
        (_, text) => text,
    };
    let text = Text::line(text);
    if text.as_str().len() > MAX_AWAY {
        return Err(Declined::because(say::away_too_long(MAX_AWAY)));
    }
    // Whoever has several sessions is not to be disturbed in any.
    let shared = here.link().abilities().sessions;
    let command = match action {
        Action::DoNotDisturb if shared => UserCommand::Undisturbed(text),
        Action::Back if shared && here.chat().is_undisturbed() => UserCommand::Undisturbed(text),
        _ => UserCommand::Away(text),
    };
    Ok(vec![
        CommandStep::Undisturbed(action == Action::DoNotDisturb),
        CommandStep::inquire(Command::User(command), Inquiry::Away),
    ])
}

/// Whether the server keeps the list of ignored users.
fn is_kept(here: &Situation<'_>) -> bool {
    here.link().abilities().away && here.link().is_online()
}

/// `/ignored`.
pub(in crate::client::session) fn list_ignored(here: &Situation<'_>) -> Decision {
    Ok(vec![if is_kept(here) {
        CommandStep::inquire(Command::User(UserCommand::Ignored), Inquiry::Ignored)
    } else {
        CommandStep::Tell(Notice::News(here.chat().ignored_sentence()))
    }])
}

/// `/ignore` and `/unignore`. If the server keeps no such list, the client does, until it ends.
pub(in crate::client::session) fn ignore(ignore: bool, argument: &str, here: &Situation<'_>) -> Decision {
    if argument.is_empty() {
        return Err(Declined::explain(if ignore { Action::Ignore } else { Action::Unignore }));
    }
    let name = here.user_named(argument)?;
    if here.link().me().is(&name) {
        return Err(Declined::because(say::cannot_ignore_yourself()));
    }
    if let Some(words) = here.chat().not_ignored(&name).filter(|_| !ignore) {
        return Err(Declined::because(words));
    }
    if is_kept(here) {
        let command = if ignore {
            Command::User(UserCommand::Ignore(name.to_string()))
        } else {
            Command::User(UserCommand::Unignore(name.to_string()))
        };
        return Ok(vec![CommandStep::inquire(command, Inquiry::Ignored)]);
    }
    let mut names: Vec<Name> = here.chat().ignored().filter(|other| **other != name).cloned().collect();
    names.extend(ignore.then_some(name));
    Ok(vec![CommandStep::Ignore(names)])
}

/// `/msg NAME TEXT`. A TR2.23 name may contain spaces: the longest known name that fits is meant.
pub(in crate::client::session) fn private(argument: &str, here: &Situation<'_>) -> Decision {
    let known = |name: &&Name| argument.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(' '));
    let longest = here.chat().people().iter().filter(known).map(|name| name.as_str().len()).max();
    let parts = match longest {
        Some(length) => argument.split_at_checked(length),
        None => argument.split_once(char::is_whitespace),
    };
    let (to, text) = parts.unwrap_or((argument, ""));
    if !text.trim().is_empty() {
        return private_to(to, text.trim(), here);
    }
    if here.is_plain() {
        return Err(Declined::explain(Action::Private));
    }
    let others = here.chat().others(here.link().me());
    let dialog = dialogs::private(to, here.chat().people_rows(&others), others);
    Ok(vec![CommandStep::open(dialog)])
}

/// Sends a message to a user or room by name, and shows that conversation.
pub(super) fn private_to(to: &str, text: &str, here: &Situation<'_>) -> Decision {
    let target = here.target_named(to)?;
    // Whoever is not known may not exist: then there is no conversation to go to.
    let known = match &target {
        Target::User(name) => here.chat().knows(name),
        Target::Room(_) | Target::Everyone => true,
    };
    let send = CommandStep::Send { target: target.clone(), me_too: false, text: text.to_owned() };
    let show = (known && !here.is_plain()).then_some(CommandStep::View(ViewStep::Show(target)));
    Ok([send].into_iter().chain(show).collect())
}

/// A notice that a user is not known here, if somebody else was probably meant. They may exist all the same.
fn unknown(name: &Name, here: &Situation<'_>) -> Option<CommandStep> {
    let online = here.link().is_online();
    let words = here.chat().no_user(name.as_str(), here.link().me()).filter(|_| online)?;
    Some(CommandStep::Tell(Notice::News(words)))
}

/// `/close`, and `/part` in a conversation with a user.
pub(in crate::client::session) fn close(here: &Situation<'_>) -> Decision {
    if here.is_plain() {
        return Err(Declined::because(say::nothing_to_close()));
    }
    match here.room() {
        _ if here.is_private() => Ok(match here.chat().current().venue.direct() {
            Some(name) => calls::close(name, here),
            None => vec![CommandStep::View(ViewStep::Close)],
        }),
        Some(room) => Err(Declined::because(say::room_stays(&room))),
        None => Err(Declined::because(say::everyone_stays())),
    }
}

/// `/query NAME` and `/query #ROOM`. In plain mode, if it fails, the lines that follow go to nobody.
pub(in crate::client::session) fn query(argument: &str, here: &Situation<'_>) -> Decision {
    let named = if argument.is_empty() { Err(Declined::explain(Action::Query)) } else { here.target_named(argument) };
    match named {
        Ok(target) if here.is_plain() => {
            let meant = if let Target::User(name) = &target { unknown(name, here) } else { None };
            Ok([CommandStep::Aim(Some(target))].into_iter().chain(meant).collect())
        }
        Ok(target) => {
            let meant = if let Target::User(name) = &target { unknown(name, here) } else { None };
            let show = CommandStep::View(ViewStep::Show(target));
            Ok([show].into_iter().chain(meant).collect())
        }
        Err(declined) => Err(Declined::Astray(Box::new(declined))),
    }
}
