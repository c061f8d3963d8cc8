//! Commands that change or answer what was said: `/me`, `/reply`, `/edit`, `/react`, `/delete`.
//!
//! Must not know: how a message is sent or changed, or how one is picked on the screen.

use super::decision::{CommandStep, Decision, Declined};
use super::situation::Situation;
use crate::client::action::Action;
use crate::client::chat::conversation::Conversation;
use crate::client::chat::reach::Older;
use crate::client::chat::venue::Venue;
use crate::client::text::action_text::ACTION;
use crate::client::view::MessageRef;
use crate::language::commands as say;
use crate::model::{Name, Target};

/// `/me ACTION`: a message that says what the person does.
pub(in crate::client::session) fn me(argument: &str, here: &Situation<'_>) -> Decision {
    if argument.is_empty() {
        return Err(Declined::explain(Action::Me));
    }
    let text = format!("{ACTION}{argument}");
    Ok(vec![match here.venue(&text)? {
        Venue::Server(target) => CommandStep::Send { target, me_too: false, text },
        Venue::Direct(to) => CommandStep::SayDirect { to, text },
    }])
}

/// `/reply [NAME] TEXT`: to the newest message of somebody else, or of that user.
pub(in crate::client::session) fn reply(argument: &str, here: &Situation<'_>) -> Decision {
    let (target, conversation) = spoken(here)?;
    let (first, rest) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
    let named = Name::parse(first.trim_start_matches('@')).ok();
    let of_named = named.and_then(|name| conversation.last_of(Some(&name)));
    let (entry, text) = match of_named {
        Some(entry) => (Some(entry), rest.trim()),
        None => (conversation.last_of(None), argument),
    };
    if text.is_empty() {
        return Err(Declined::explain(Action::Reply));
    }
    let id = entry.and_then(|entry| entry.id).ok_or_else(|| nobody(conversation, here))?;
    Ok(vec![CommandStep::Reply { target, reply: conversation.reply_to(id), text: text.to_owned() }])
}

/// `/edit TEXT`: the person's last message has another text.
pub(in crate::client::session) fn edit(argument: &str, here: &Situation<'_>) -> Decision {
    if argument.is_empty() {
        return Err(Declined::explain(Action::Edit));
    }
    let (target, message) = last_own(here)?;
    Ok(vec![CommandStep::Edit { target, message, text: argument.to_owned() }])
}

/// Whether `/delete` alone means the person's last message: there is one, and the person is no moderator, whom a dialog
/// asks which message.
pub(in crate::client::session) fn has_own(here: &Situation<'_>) -> bool {
    let able = match last_own(here) {
        Ok((_, MessageRef::Number(_))) => here.link().abilities().edit,
        Ok((_, MessageRef::Label(_))) => true,
        Err(_) => false,
    };
    able && !here.is_plain() && !here.moderates()
}

/// `/delete` alone: the person's last message.
pub(in crate::client::session) fn delete(here: &Situation<'_>) -> Decision {
    Ok(vec![match last_own(here)? {
        (target, MessageRef::Number(id)) => CommandStep::Delete { target, id },
        (_, MessageRef::Label(label)) => CommandStep::Withdraw(label),
    }])
}

/// `/react SIGN`: on the newest message of somebody else.
pub(in crate::client::session) fn react(argument: &str, here: &Situation<'_>) -> Decision {
    if argument.is_empty() {
        return Err(Declined::explain(Action::React));
    }
    let (target, conversation) = spoken(here)?;
    let newest = conversation.last_of(None).and_then(|entry| entry.id);
    let id = newest.ok_or_else(|| nobody(conversation, here))?;
    Ok(vec![CommandStep::React { target, id, reaction: argument.to_owned() }])
}

fn last_own(here: &Situation<'_>) -> Result<(Target, MessageRef), Declined> {
    let (target, conversation) = spoken(here)?;
    Ok((target, conversation.last_own().ok_or_else(|| nothing(say::you_said_nothing()))?))
}

/// The conversation that the person speaks in.
fn spoken<'a>(here: &Situation<'a>) -> Result<(Target, &'a Conversation), Declined> {
    let target = here.recipient("")?;
    let conversation = here.chat().conversations().find(&target);
    let conversation = conversation.ok_or_else(|| nothing(say::nothing_said()))?;
    Ok((target, conversation))
}

/// Nobody else has said anything, as far as the messages are loaded.
fn nobody(conversation: &Conversation, here: &Situation<'_>) -> Declined {
    let loading = !here.is_plain() && matches!(conversation.reach.older, Older::Unknown | Older::Loading);
    match loading && here.link().abilities().history {
        true if here.link().is_online() => nothing(say::still_loading()),
        true => nothing(say::load_once_online()),
        false => nothing(say::nobody_else_said()),
    }
}

fn nothing(words: &str) -> Declined {
    Declined::because(words)
}
