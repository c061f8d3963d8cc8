//! The dialogs of moderators: what can be done, a form for each act, what holds and what was done.
//!
//! Must not know: when one is opened, or what its answer leads to.

use super::form::{Field, Form, Item, List, Part};
use super::order::{Lack, Order, has_time};
use super::{buttons, text};
use crate::client::action::{self, Action};
use crate::client::dialogs::form::list::widest;
use crate::model::{Name, Target};
use crate::protocol::Verb;

/// What an act's form can offer.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// Rows to pick from: people, bans, or messages.
    pub rows: Vec<Item>,
    /// What Tab completes to.
    pub names: Vec<Name>,
}

/// What moderators can do, from the table.
#[must_use]
pub fn moderate(place: &Target) -> Form {
    let column = widest(action::moderation().map(|row| row.name));
    let rows = action::moderation().map(|row| Item::pair(row.command, row.name, row.help, column)).collect();
    let list = List { rows, what: ("act", "acts"), nothing: "", ..List::default() };
    Form::new(&format!("Moderate {}", whole(place)), vec![Part::List(list), buttons(&["Choose", "Close"])])
}

/// A place as the object of an act.
fn whole(place: &Target) -> String {
    if *place == Target::Everyone { "the server".to_owned() } else { place.to_string() }
}

/// What an act is called.
fn title(verb: Verb) -> &'static str {
    action::row(Action::Act(verb)).map_or("", |row| row.name)
}

/// Which field an act's subject stands in, if it is one.
fn asks_whom(verb: Verb) -> bool {
    matches!(verb, Verb::Kick | Verb::Ban | Verb::Unban | Verb::Mute | Verb::Unmute | Verb::Grant | Verb::Revoke)
}

/// The form of an act, filled in as far as it was said.
#[must_use]
pub fn act(verb: Verb, place: &Target, order: &Order, offer: Offer) -> Form {
    let mut parts = Vec::new();
    if *place != Target::Everyone {
        let choices = vec![format!("in {place}"), "on the whole server".to_owned()];
        parts.push(Part::Radio { choices, on: usize::from(order.everywhere), marked: true });
    }
    if asks_whom(verb) {
        parts.push(Field::name("Whom:", &order.subject, offer.names));
    }
    match verb {
        Verb::Ban | Verb::Unban => parts.push(text("A name, SHA256:KEY, uid:N, an address or a network.")),
        Verb::SlowMode => {
            parts.push(Field::plain("Seconds:", if order.subject.is_empty() { "30" } else { &order.subject }))
        }
        Verb::ReadOnly | Verb::LockTopic => {
            let choices = vec!["on".to_owned(), "off".to_owned()];
            parts.push(Part::Radio { choices, on: usize::from(order.subject == "off"), marked: true });
        }
        _ => {}
    }
    if has_time(verb) {
        parts.push(Field::plain("Time:", &order.time));
        parts.push(text("As in 10m, 2h or 7d; empty is for good."));
    }
    parts.push(Field::plain(if verb == Verb::Announce { "Text:" } else { "Why:" }, &order.reason));
    if let Some(list) = list(verb, order, offer.rows) {
        parts.push(Part::List(list));
    }
    parts.push(match verb {
        Verb::Ban => buttons(&["Ban", "Who is hit?", "Cancel"]),
        verb => buttons(&[title(verb), "Cancel"]),
    });
    let form = Form::new(&format!("{} · {}", title(verb), whole(place)), parts);
    // Where one is seldom changes: what is to be said comes first.
    let radios = usize::from(*place != Target::Everyone);
    let mut seen = 0;
    let first = form.parts.iter().position(|part| match part {
        Part::Field(field) => field.editor.is_empty() || !asks_whom(verb),
        Part::Radio { .. } => {
            seen += 1;
            seen > radios
        }
        _ => false,
    });
    let first =
        if verb == Verb::Delete { form.parts.iter().position(|part| matches!(part, Part::List(_))) } else { first };
    Form { focus: first.unwrap_or(form.focus), ..form }
}

fn list(verb: Verb, order: &Order, rows: Vec<Item>) -> Option<List> {
    let (what, nothing) = match verb {
        Verb::Unban | Verb::Unmute => (("in force", "in force"), "Nothing is in force here."),
        Verb::Delete => (("message", "messages, the newest first"), "There is no message that could be deleted."),
        verb if asks_whom(verb) => (("to choose from", "to choose from"), "Nobody else is here."),
        _ => return None,
    };
    let fills = (verb != Verb::Delete).then_some(0);
    let mut list = List { rows, what, nothing, fills, ..List::default() };
    if verb == Verb::Delete {
        list.pick(&order.subject);
    }
    Some(list)
}

/// The form with the keys going to what is missing or wrong, and with that said.
#[must_use]
pub fn lacking(form: Form, verb: Verb, lack: &Lack) -> Form {
    let label = match lack {
        Lack::Subject(_) => "Whom:",
        Lack::Time(_) => "Time:",
        Lack::Reason(_) if verb == Verb::Announce => "Text:",
        Lack::Reason(_) => "Why:",
    };
    let labelled = |part: &Part| matches!(part, Part::Field(field) if field.label == label);
    let focus = form.parts.iter().position(labelled).unwrap_or(form.focus);
    Form { focus, ..form }.noted(lack.words())
}

/// What was filled in.
#[must_use]
pub fn order(verb: Verb, place: &Target, form: &Form) -> Order {
    let in_room = *place != Target::Everyone;
    let field = |label: &str| {
        let mut fields = form.parts.iter().filter_map(|part| match part {
            Part::Field(field) if field.label == label => Some(field.editor.text()),
            _ => None,
        });
        fields.next().unwrap_or_default()
    };
    let subject = match verb {
        Verb::SlowMode => field("Seconds:"),
        Verb::ReadOnly | Verb::LockTopic => {
            if form.choice(usize::from(in_room)) == 0 {
                "on".to_owned()
            } else {
                "off".to_owned()
            }
        }
        Verb::Delete => form.picked().map(|item| item.value.clone()).unwrap_or_default(),
        _ => field("Whom:").trim().to_owned(),
    };
    Order {
        everywhere: in_room && form.choice(0) == 1,
        dry_run: false,
        subject,
        time: field("Time:"),
        reason: field(if verb == Verb::Announce { "Text:" } else { "Why:" }),
    }
}

/// The bans and mutes that are in force.
#[must_use]
pub fn bans(place: &Target, rows: Vec<Item>) -> Form {
    let list = List { rows, what: ("in force", "in force"), nothing: "Nothing is in force here.", ..List::default() };
    Form::new(&format!("Bans and mutes · {}", whole(place)), vec![Part::List(list), buttons(&["Lift", "Close"])])
}

/// What moderators did, line by line, the newest first.
#[must_use]
pub fn log(place: &Target, lines: impl Iterator<Item = (String, String)>, more: bool) -> Form {
    let mut parts: Vec<Part> = lines.map(|(when, what)| Part::Pair(when, what)).collect();
    if parts.is_empty() {
        parts.push(text("Nothing was done here."));
    }
    parts.push(buttons(if more { &["Older", "Close"] } else { &["Close"] }));
    Form::new(&format!("What was done · {}", whole(place)), parts)
}
