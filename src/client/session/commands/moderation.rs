//! Commands of moderators: acts, the bans and mutes in force, the log.
//!
//! Must not know: who may do what (the server looks it up when it is done), or how the dialogs look.

use super::decision::{CommandStep, Decision, Declined, PresideStep};
use super::situation::Situation;
use crate::client::action::{self, Action};
use crate::client::dialogs;
use crate::client::dialogs::form::FieldKey;
use crate::client::dialogs::moderation::Offer;
use crate::client::dialogs::open::OpenDialog;
use crate::client::dialogs::order::{ActOrder, EVERYWHERE, first_word};
use crate::client::session::moderation::lists::LOG_PAGE;
use crate::client::session::notice::Notice;
use crate::client::session::outbound::awaited::Inquiry;
use crate::language::commands as say;
use crate::language::moderating as dialog;
use crate::model::{MessageId, RoomRole, Target, Text};
use crate::protocol::Relation;
use crate::protocol::addressing::destination;
use crate::protocol::limits::MAX_PAGE;
use crate::protocol::{ActRequest, Command, ModerationCommand, Verb};

/// How many messages are offered to be deleted.
const MAX_OFFERED: usize = 50;
/// How many messages plain mode lists for it.
const LISTED: usize = 10;

/// An act, with its argument as it was written.
pub(in crate::client::session) fn act(verb: Verb, argument: &str, here: &Situation<'_>) -> Decision {
    here.needs_moderation()?;
    let mut order = ActOrder::read(verb, argument);
    let at = order.room.take().map_or_else(|| Ok(here.place()), |room| here.room_named(&room).map(Target::Room))?;
    if verb == Verb::AllowCalls && (order.everywhere || at == Target::Everyone) {
        return Err(Declined::because(say::calls_of_which_room()));
    }
    // A name is one of the whole server.
    let at = if verb == Verb::Free { Target::Everyone } else { at };
    if matches!(verb, Verb::Delete | Verb::RemoveReaction) {
        name_message(verb, &at, &mut order, here)?;
    }
    // Without a reason there will be a form, which starts with the usual duration whether the subject is given or not.
    if !here.is_plain() && order.time.is_empty() && order.reason.is_empty() && !order.dry_run {
        usual_time(verb).clone_into(&mut order.time);
    }
    carry_out(verb, order, at, argument.trim().is_empty(), here)
}

/// The form that deletes one message of the place in view.
pub(in crate::client::session) fn delete_one(id: MessageId, here: &Situation<'_>) -> Decision {
    here.needs_moderation()?;
    let at = here.place();
    let rows = here.chat().message_row(&at, id, here.out()).into_iter().collect();
    let order = ActOrder { subject: id.to_string(), ..ActOrder::default() };
    let offer = Offer { rows, refused: !may(&at, here), ..Offer::default() };
    let dialog = dialogs::moderation::act(Verb::Delete, &at, &order, offer).at_field(FieldKey::Reason);
    Ok(vec![CommandStep::open(dialog)])
}

/// Replaces the position of a message in the order by its number. Without one, plain mode lists the messages instead.
fn name_message(verb: Verb, at: &Target, order: &mut ActOrder, here: &Situation<'_>) -> Result<(), Declined> {
    let place = if order.everywhere { &Target::Everyone } else { at };
    if order.subject.is_empty() && here.is_plain() {
        let out = here.out();
        let (rows, say): (Vec<_>, fn(String) -> String) = if verb == Verb::Delete {
            let rows = here.chat().message_rows(place, LISTED, out).into_iter().enumerate();
            (rows.map(|(at, row)| (at + 1, row)).collect(), say::newest_to_delete)
        } else {
            (here.chat().reaction_rows(place, LISTED, out), say::newest_to_remove)
        };
        let line = |(at, row): &(usize, dialogs::form::Item)| format!("{at}  {}", row.left.text());
        let words = say(rows.iter().map(line).collect::<Vec<_>>().join("\n"));
        return Err(Declined::Because(Notice::News(words)));
    }
    let number = order.subject.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let conversation = here.chat().conversations().find(place);
    let meant = number.and_then(|number| conversation?.newest_messages().nth(number)?.id);
    if let Some(id) = meant {
        order.subject = id.to_string();
    } else if !order.subject.is_empty() {
        let subject = Text::line(&order.subject);
        return Err(Declined::because(say::no_message_number(&subject)));
    }
    Ok(())
}

/// Requests an act; anything missing is asked of the person first. `fresh` if nothing is given yet.
pub(in crate::client::session) fn carry_out(
    verb: Verb,
    order: ActOrder,
    at: Target,
    fresh: bool,
    here: &Situation<'_>,
) -> Decision {
    let lack = match order.act(verb) {
        Ok((act, reason)) => {
            let place = if order.everywhere { &Target::Everyone } else { &at };
            let inquiry = if order.dry_run { Inquiry::DryRun } else { Inquiry::Act };
            let place = destination(place).to_owned();
            return Ok(vec![CommandStep::inquire(
                Command::Moderation(ModerationCommand::Act(ActRequest { place, act, reason })),
                inquiry,
            )]);
        }
        Err(lack) => lack,
    };
    if here.is_plain() {
        let how = action::row(Action::Act(verb)).map(action::Row::command_shown).unwrap_or_default();
        return Err(Declined::because(say::lack_and_how(lack.words(), &how)));
    }
    let place = if order.everywhere { Target::Everyone } else { at.clone() };
    let dialog = act_dialog(verb, &at, &place, order, fresh, here);
    let dialog = if fresh { dialog } else { dialog.lacking(&lack) };
    let bans = is_lifting(verb).then_some(CommandStep::Preside(PresideStep::ListBans(place)));
    Ok(bans.into_iter().chain([CommandStep::open(dialog)]).collect())
}

/// The act of a confirmed dialog.
pub(in crate::client::session) fn act_filled(
    verb: Verb,
    order: ActOrder,
    at: Target,
    here: &Situation<'_>,
) -> Decision {
    here.needs_moderation()?;
    carry_out(verb, order, at, false, here)
}

/// Whether an act lifts a ban or a mute.
fn is_lifting(verb: Verb) -> bool {
    matches!(verb, Verb::Unban | Verb::Unmute)
}

fn act_dialog(
    verb: Verb,
    at: &Target,
    place: &Target,
    mut order: ActOrder,
    fresh: bool,
    here: &Situation<'_>,
) -> OpenDialog {
    let (chat, me) = (here.chat(), here.link().me());
    if fresh {
        usual_time(verb).clone_into(&mut order.time);
        if verb == Verb::AllowCalls {
            // The form offers the other state.
            let are_off = chat.rooms().get(at).is_some_and(|room| room.no_calls);
            if are_off { "on" } else { "off" }.clone_into(&mut order.subject);
        }
    }
    let members = if let Target::Room(room) = at { chat.member_rows(room) } else { Vec::new() };
    let rows = if verb == Verb::Delete {
        chat.message_rows(place, MAX_OFFERED, here.out())
    } else if verb == Verb::RemoveReaction {
        let rows = chat.reaction_rows(place, MAX_OFFERED, here.out());
        rows.into_iter().map(|(_, row)| row).collect()
    } else if is_lifting(verb) {
        Vec::new()
    } else if members.is_empty() {
        chat.online_rows(me)
    } else {
        members.into_iter().filter(|row| !row.is_person(me.name())).collect()
    };
    dialogs::moderation::act(verb, at, &order, Offer { rows, names: chat.others(me), refused: !may(at, here) })
}

/// Whether the person moderates a place, as far as it is known here; the server decides when it is asked.
fn may(at: &Target, here: &Situation<'_>) -> bool {
    let known = here.chat().rooms().get(at);
    here.link().is_moderator()
        || known.is_some_and(|room| matches!(room.you, Relation::Inside(role) if role > RoomRole::Member))
}

/// What moderators can do: a dialog, or a list of the commands in plain mode.
pub(in crate::client::session) fn moderate(here: &Situation<'_>) -> Decision {
    here.needs_moderation()?;
    if !here.is_plain() {
        return Ok(vec![CommandStep::open(dialogs::moderation::moderate(&here.place()))]);
    }
    let line = |row: &action::Row| format!("{:<24} {}", row.command_shown(), row.help());
    Ok(action::moderation().map(|row| CommandStep::Tell(Notice::News(line(row)))).collect())
}

/// The place of a list, and the rest of the argument.
fn place_of<'a>(argument: &'a str, here: &Situation<'_>) -> (Target, &'a str) {
    let (word, rest) = first_word(argument);
    if word == EVERYWHERE { (Target::Everyone, rest) } else { (here.place(), argument.trim()) }
}

/// `/bans`.
pub(in crate::client::session) fn bans(argument: &str, here: &Situation<'_>) -> Decision {
    here.needs_moderation()?;
    let (place, _) = place_of(argument, here);
    let dialog = dialogs::moderation::bans(&place, Vec::new());
    let open = (!here.is_plain()).then_some(CommandStep::open(dialog));
    Ok([CommandStep::Preside(PresideStep::ListBans(place))].into_iter().chain(open).collect())
}

/// `/modlog [COUNT]`.
pub(in crate::client::session) fn modlog(argument: &str, here: &Situation<'_>) -> Decision {
    here.needs_moderation()?;
    let (place, rest) = place_of(argument, here);
    let count = match rest {
        "" => Some(LOG_PAGE),
        count => count.parse().ok().filter(|count| (1..=MAX_PAGE).contains(count)),
    };
    let count = count.ok_or_else(|| Declined::explain(Action::Modlog))?;
    let reading = std::iter::once((String::new(), dialog::reading().to_owned()));
    let dialog = dialogs::moderation::log(&place, reading, false);
    let open = (!here.is_plain()).then_some(CommandStep::open(dialog));
    Ok(open.into_iter().chain([CommandStep::Preside(PresideStep::ReadLog(place, count))]).collect())
}

/// The default duration of an act; a permanent ban must be asked for.
fn usual_time(verb: Verb) -> &'static str {
    match verb {
        Verb::Ban => "1h",
        Verb::Mute => "10m",
        Verb::Kick
        | Verb::Unban
        | Verb::Unmute
        | Verb::SlowMode
        | Verb::ReadOnly
        | Verb::LockTopic
        | Verb::AllowCalls
        | Verb::Delete
        | Verb::RemoveReaction
        | Verb::Announce
        | Verb::Grant
        | Verb::Revoke
        | Verb::Free => "",
    }
}
