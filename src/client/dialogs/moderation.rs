//! The dialogs of moderators: the acts, a form for each act, the bans and mutes in force, and the log.
//!
//! Must not know: when a dialog is opened, or what its answer leads to.

use super::form::{Choice, FieldKey, Form, FormField, FormPart, Item, List, Pick, Press};
use super::open::{Dialog, OpenDialog};
use super::order::{ActOrder, has_time};
use super::{buttons, either, text};
use crate::client::action::{self, Action};
use crate::client::dialogs::form::list::widest;
use crate::language::moderating as say;
use crate::model::{MessageId, Name, Target};
use crate::protocol::Verb;

/// What the form of an act offers to choose from.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// The rows of the list: people, bans, or messages.
    pub rows: Vec<Item>,
    /// The names that Tab completes to.
    pub names: Vec<Name>,
    /// Whether the person is no moderator there: the form then says so at its top.
    pub refused: bool,
}

/// The list of acts, from the table of actions.
#[must_use]
pub fn moderate(place: &Target) -> OpenDialog {
    let column = widest(action::moderation().map(|row| row.name()));
    let rows =
        action::moderation().map(|row| Item::pair(Pick::Action(row.action), row.name(), row.help(), column)).collect();
    let list = List { rows, what: (say::act_noun(), say::acts_noun()), nothing: "".into(), ..List::default() };
    OpenDialog::new(
        Dialog::Moderate,
        Form::new(&say::moderate_place(whole(place)), vec![FormPart::List(list), either(say::choose(), say::close())]),
    )
}

/// A place as the object of an act.
fn whole(place: &Target) -> String {
    if *place == Target::Everyone { say::the_server().to_owned() } else { place.to_string() }
}

/// The text of an empty list of bans and mutes.
#[must_use]
pub fn nothing_in_force(place: &Target) -> String {
    if *place == Target::Everyone { say::nothing_in_force().to_owned() } else { say::nothing_in_force_here(place) }
}

/// The name of an act.
fn title(verb: Verb) -> &'static str {
    action::row(Action::Act(verb)).map_or("", |row| row.name())
}

/// Whether the act has a user or another subject to name.
fn asks_whom(verb: Verb) -> bool {
    matches!(verb, Verb::Kick | Verb::Ban | Verb::Unban | Verb::Mute | Verb::Unmute | Verb::Grant | Verb::Revoke)
        || is_about_name(verb)
}

/// Whether the act is about a name, which is one of the whole server.
fn is_about_name(verb: Verb) -> bool {
    verb == Verb::Free
}

/// Whether the act is about a message, which is picked in a list.
fn is_about_message(verb: Verb) -> bool {
    matches!(verb, Verb::Delete | Verb::RemoveReaction)
}

/// The form of an act, filled in with what is already known.
#[must_use]
pub fn act(verb: Verb, place: &Target, order: &ActOrder, offer: Offer) -> OpenDialog {
    let mut parts = Vec::new();
    if offer.refused {
        let everyone = *place == Target::Everyone;
        parts.push(text(if everyone { say::for_moderators().to_owned() } else { say::for_moderators_of(place) }));
    }
    // Calls are those of one room.
    if *place != Target::Everyone && verb != Verb::AllowCalls && !is_about_name(verb) {
        let here = (Choice::Everywhere(false), say::in_place(place));
        let choices = vec![here, (Choice::Everywhere(true), say::on_whole_server().to_owned())];
        parts.push(FormPart::Radio { choices, on: usize::from(order.everywhere), marked: true });
    }
    if asks_whom(verb) {
        parts.push(FormField::name(FieldKey::Whom, say::whom(), &order.subject, offer.names.clone()));
    }
    match verb {
        Verb::Ban | Verb::Unban => parts.push(text(say::whom_help())),
        Verb::SlowMode => parts.push(FormField::plain(
            FieldKey::Seconds,
            say::seconds(),
            if order.subject.is_empty() { "30" } else { &order.subject },
        )),
        Verb::ReadOnly | Verb::LockTopic | Verb::AllowCalls => {
            let choices = vec![(Choice::On(true), say::on().to_owned()), (Choice::On(false), say::off().to_owned())];
            parts.push(FormPart::Radio { choices, on: usize::from(order.subject == "off"), marked: true });
        }
        Verb::RemoveReaction => {
            parts.push(FormField::name(FieldKey::Whom, say::whose(), &order.whose, offer.names));
            parts.push(text(say::whose_help()));
        }
        Verb::Kick
        | Verb::Mute
        | Verb::Unmute
        | Verb::Delete
        | Verb::Announce
        | Verb::Grant
        | Verb::Revoke
        | Verb::Free => {}
    }
    if has_time(verb) {
        parts.push(FormField::plain(FieldKey::Time, say::time(), &order.time));
        parts.push(text(say::time_help()));
    }
    let label = if verb == Verb::Announce { say::text() } else { say::why() };
    parts.push(FormField::plain(FieldKey::Reason, label, &order.reason));
    if let Some(list) = list(verb, place, order, offer.rows) {
        parts.push(FormPart::List(list));
    }
    parts.push(match verb {
        Verb::Ban => {
            buttons(&[(Press::Confirm, say::ban()), (Press::DryRun, say::preview()), (Press::Cancel, say::cancel())])
        }
        verb => either(title(verb), say::cancel()),
    });
    let form = Form::new(&format!("{} · {}", title(verb), whole(place)), parts);
    // The place rarely changes, so the focus starts on the first thing to fill in.
    let first = form.parts.iter().position(|part| match part {
        FormPart::Field(field) => field.editor.is_empty() || !asks_whom(verb),
        FormPart::Radio { choices, .. } => !matches!(choices.first(), Some((Choice::Everywhere(_), _))),
        FormPart::Text(_)
        | FormPart::Note(_)
        | FormPart::Heading(_)
        | FormPart::Pair(..)
        | FormPart::Glossary(_)
        | FormPart::List(_)
        | FormPart::Buttons { .. } => false,
    });
    let first = if is_about_message(verb) {
        form.parts.iter().position(|part| matches!(part, FormPart::List(_)))
    } else {
        first
    };
    let form = Form { focus: first.unwrap_or(form.focus), ..form };
    OpenDialog::new(Dialog::Act(verb, place.clone()), form)
}

fn list(verb: Verb, place: &Target, order: &ActOrder, rows: Vec<Item>) -> Option<List> {
    let (what, nothing) = match verb {
        Verb::Unban | Verb::Unmute => ((say::in_force(), say::in_force()), nothing_in_force(place).into()),
        Verb::Delete => ((say::message(), say::messages_newest_first()), say::no_message().into()),
        Verb::RemoveReaction => ((say::reaction(), say::reactions_newest_first()), say::no_reaction().into()),
        Verb::Kick | Verb::Ban | Verb::Mute | Verb::Grant | Verb::Revoke => {
            ((say::to_choose_from(), say::to_choose_from()), say::nobody_else().into())
        }
        // Whoever lost the key to a name is hardly online under it.
        Verb::SlowMode | Verb::ReadOnly | Verb::LockTopic | Verb::AllowCalls | Verb::Announce | Verb::Free => {
            return None;
        }
    };
    let fills = (!is_about_message(verb)).then_some(FieldKey::Whom);
    let whole = matches!(verb, Verb::Unban | Verb::Unmute);
    let mut list = List { rows, what, nothing, fills, whole, ..List::default() };
    if is_about_message(verb) {
        let message = order.subject.parse().map(MessageId);
        let row =
            |id| if verb == Verb::Delete { Pick::Message(id) } else { Pick::Reaction(id, order.reaction.clone()) };
        list.pick(&message.map(row).unwrap_or_default());
    }
    Some(list)
}

/// Reads the form of an act.
#[must_use]
pub(super) fn order(verb: Verb, form: &Form) -> ActOrder {
    let everywhere = form.chosen(|choice| if let Choice::Everywhere(is) = choice { Some(*is) } else { None });
    let on = || form.chosen(|choice| if let Choice::On(is) = choice { Some(*is) } else { None });
    let subject = match verb {
        Verb::SlowMode => form.field(FieldKey::Seconds),
        Verb::ReadOnly | Verb::LockTopic | Verb::AllowCalls => {
            if on().unwrap_or(true) { "on" } else { "off" }.to_owned()
        }
        Verb::Delete | Verb::RemoveReaction => form.picked().map(|item| item.value.written()).unwrap_or_default(),
        Verb::Kick
        | Verb::Ban
        | Verb::Unban
        | Verb::Mute
        | Verb::Unmute
        | Verb::Announce
        | Verb::Grant
        | Verb::Revoke
        | Verb::Free => form.field(FieldKey::Whom).trim().to_owned(),
    };
    let reaction = match form.picked().map(|item| &item.value) {
        Some(Pick::Reaction(_, reaction)) => reaction.clone(),
        _ => String::new(),
    };
    let whose = if verb == Verb::RemoveReaction { form.field(FieldKey::Whom).trim().to_owned() } else { String::new() };
    ActOrder {
        room: None,
        reaction,
        whose,
        everywhere: everywhere.unwrap_or(false),
        dry_run: false,
        subject,
        time: form.field(FieldKey::Time),
        reason: form.field(FieldKey::Reason),
    }
}

/// A sentence about the users that a ban would hit; `names` are some of them.
#[must_use]
pub fn would_hit(count: usize, names: &[Name]) -> String {
    let shown = names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    let more = count.saturating_sub(names.len());
    match count {
        0 => say::would_ban_nobody().to_owned(),
        count if more > 0 => say::would_ban(count, say::and_more(more, shown)),
        count => say::would_ban(count, shown),
    }
}

/// The bans and mutes that are in force.
#[must_use]
pub fn bans(place: &Target, rows: Vec<Item>) -> OpenDialog {
    let list = List {
        rows,
        what: (say::in_force(), say::in_force()),
        nothing: nothing_in_force(place).into(),
        whole: true,
        ..List::default()
    };
    OpenDialog::new(
        Dialog::Bans(place.clone()),
        Form::new(&say::bans_of(whole(place)), vec![FormPart::List(list), either(say::lift(), say::close())]),
    )
}

/// The log of what moderators did, the newest line first. `more` offers an older page.
#[must_use]
pub fn log(place: &Target, lines: impl Iterator<Item = (String, String)>, more: bool) -> OpenDialog {
    let mut parts: Vec<FormPart> = lines.map(|(when, what)| FormPart::Pair(when, what)).collect();
    if parts.is_empty() {
        parts.push(text(say::no_actions_yet()));
    }
    parts.push(if more {
        buttons(&[(Press::Older, say::older()), (Press::Cancel, say::close())])
    } else {
        // A log that is read to its end can only be closed.
        buttons(&[(Press::Cancel, say::close())])
    });
    OpenDialog::new(Dialog::Modlog(place.clone()), Form::new(&say::modlog_of(whole(place)), parts))
}
