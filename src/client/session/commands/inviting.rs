//! Commands about codes: for newcomers, and for another key of one's own name.
//!
//! Must not know: how a code is made, or how it is shown.

use super::decision::{CommandStep, Decision, Declined};
use super::situation::Situation;
use crate::client::action::Action;
use crate::client::dialogs;
use crate::client::dialogs::form::FieldKey;
use crate::client::dialogs::open::OpenDialog;
use crate::client::session::commands::identity::ask;
use crate::language::{inviting as say, times};
use crate::model::period;
use crate::protocol::limits::{INVITATION_LONGEST, INVITATION_PEOPLE, INVITATION_SHORTEST};
use crate::protocol::{Command, InvitationOrder, KeyCommand};

/// How many people a code lets in, and for how long, unless something else is said.
const PEOPLE: &str = "1";
const TIME: &str = "1d";

/// What is wrong with an order, and the field that it is about.
struct WrongField(FieldKey, String);

/// Whether the argument of `/invite` is about newcomers: a number of people, and perhaps a time. A user whose name is a
/// number is invited with the room behind it.
pub(in crate::client::session) fn is_about_newcomers(argument: &str) -> bool {
    let mut words = argument.split_whitespace();
    let number = words.next().is_none_or(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    number && words.next().is_none_or(|word| word.starts_with(|c: char| c.is_ascii_digit())) && words.next().is_none()
}

/// `/invite [N [TIME]]`.
pub(in crate::client::session) fn invite(argument: &str, here: &Situation<'_>) -> Decision {
    let (people, time) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
    if people.is_empty() && !here.is_plain() {
        // Offline, nobody should fill in a form for nothing.
        ask(Command::Key(KeyCommand::Invitations), here)?;
        return Ok(vec![CommandStep::open(dialogs::inviting::newcomers(PEOPLE, TIME))]);
    }
    let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.trim().to_owned() };
    let order = order(&or(people, PEOPLE), &or(time, TIME)).map_err(|WrongField(_, why)| Declined::because(why))?;
    ask(Command::Key(KeyCommand::InviteNewcomers(Some(order))), here)
}

/// The dialog is filled in; it opens again if something in it is wrong.
pub(in crate::client::session) fn filled(
    (people, time): (&str, &str),
    dialog: OpenDialog,
    here: &Situation<'_>,
) -> Decision {
    match order(people, time) {
        Ok(order) => ask(Command::Key(KeyCommand::InviteNewcomers(Some(order))), here),
        Err(WrongField(field, why)) => Ok(vec![CommandStep::open(dialog.at_field(field).noted(&why))]),
    }
}

/// `/invitations`.
pub(in crate::client::session) fn invitations(here: &Situation<'_>) -> Decision {
    ask(Command::Key(KeyCommand::Invitations), here)
}

/// `/revoke-invitation ID`.
pub(in crate::client::session) fn revoke(argument: &str, here: &Situation<'_>) -> Decision {
    let steps = ask(Command::Key(KeyCommand::RevokeInvitation(argument.to_owned())), here)?;
    if argument.is_empty() { Err(Declined::explain(Action::RevokeInvitation)) } else { Ok(steps) }
}

/// `/invite-key`.
pub(in crate::client::session) fn invite_key(here: &Situation<'_>) -> Decision {
    ask(Command::Key(KeyCommand::Invite), here)
}

fn order(people: &str, time: &str) -> Result<InvitationOrder, WrongField> {
    let many = people.trim().parse().ok().filter(|people| INVITATION_PEOPLE.contains(people));
    let people = many.ok_or_else(|| {
        let why = say::not_that_many(INVITATION_PEOPLE.start(), INVITATION_PEOPLE.end());
        WrongField(FieldKey::People, why)
    })?;
    let long = period::parse(time.trim()).filter(|time| (INVITATION_SHORTEST..=INVITATION_LONGEST).contains(time));
    let time = long.ok_or_else(|| {
        let why = say::not_that_long(times::period(INVITATION_SHORTEST), times::period(INVITATION_LONGEST));
        WrongField(FieldKey::Time, why)
    })?;
    Ok(InvitationOrder { people, time })
}
