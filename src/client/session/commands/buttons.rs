//! Decisions on the buttons of dialogs.
//!
//! Must not know: how a form is filled in, or how a step is carried out.

use super::actions::action_asked;
use super::decision::{CallStep, CommandStep, Decision, Declined, PresideStep, ViewStep, WriteStep};
use super::situation::Situation;
use super::{calls, closing, identity, inviting, moderation, people, rooms};
use crate::client::action::Action;
use crate::client::chat::people::away_message;
use crate::client::dialogs;
use crate::client::dialogs::filled::Filled;
use crate::client::dialogs::form::{FieldKey, Pick, Press};
use crate::client::dialogs::open::{Dialog, OpenDialog};
use crate::client::dialogs::order::ActOrder;
use crate::client::session::link::step::LinkStep;
use crate::client::session::notice::Notice;
use crate::language::chat;
use crate::language::commands as say;
use crate::language::names;
use crate::model::room::ROOM_SIGN;
use crate::model::{Name, RoomName, Target, Text, Url};
use crate::protocol::invitation::looks_like_code;
use crate::protocol::limits::MAX_REASON;
use crate::protocol::{Dialect, Verb};

/// The decision on a button, and the dialog to open again if the decision fails.
pub(in crate::client::session) type Answered = (Decision, Option<OpenDialog>);

/// Decides on a button.
pub(in crate::client::session) fn pressed(dialog: OpenDialog, press: Press, here: &Situation<'_>) -> Answered {
    let open = |dialog| Ok(vec![CommandStep::open(dialog)]);
    let decision = match press {
        Press::Confirm => return confirmed(dialog, here),
        Press::Cancel => Ok(cancelled(dialog.which(), here)),
        Press::Quit => Ok(vec![CommandStep::Leave]),
        Press::WhoIs => with_person(&dialog, |name| action_asked(Action::Whois, name.as_str(), here)),
        Press::Ignore => {
            with_person(&dialog, |name| people::ignore(!here.chat().is_ignored(name), name.as_str(), here))
        }
        Press::Away => open(dialogs::away(here.chat().away().map_or(chat::away(), away_message))),
        Press::CallOff => closing::call_off(here),
        Press::DryRun => return dry_run(dialog, here),
        Press::Make => open(dialogs::rooms::make()),
        Press::Leave | Press::Topic | Press::Invite => room_pressed(dialog, press, here),
        Press::Send | Press::Run | Press::Drop => Ok(writing_pressed(dialog.which(), press)),
        Press::Older => return older_log(dialog),
        Press::Decline | Press::Match | Press::Differ => Ok(call_pressed(dialog.which(), press)),
        Press::WithCamera => match dialog.which() {
            Dialog::Call(id) => Ok(calls::answered_with_camera(*id, here)),
            _ => Ok(Vec::new()),
        },
        Press::Talk => return talk(dialog, here),
    };
    (decision, None)
}

/// Decides about the user under the cursor; nothing if there is none.
fn with_person(dialog: &OpenDialog, decide: impl FnOnce(&Name) -> Decision) -> Decision {
    dialog.person().map_or(Ok(Vec::new()), |name| decide(&name))
}

/// A button about the room under the cursor.
fn room_pressed(dialog: OpenDialog, press: Press, here: &Situation<'_>) -> Decision {
    let Some(room) = dialog.room() else { return Ok(Vec::new()) };
    let target = Target::Room(room.clone());
    let next = match here.chat().rooms().get(&target).filter(|known| known.is_inside()) {
        None => dialog.noted(&say::go_in_first(&room)),
        Some(known) if press == Press::Leave => dialogs::rooms::leave(room, known),
        Some(known) if press == Press::Topic => dialogs::rooms::topic(&target, known.topic.as_str()),
        Some(_) => {
            let me = here.link().me();
            dialogs::rooms::invite(room, here.chat().online_rows(me), here.chat().others(me))
        }
    };
    Ok(vec![CommandStep::open(next)])
}

/// Asks whom a ban would hit; the dialog stays open.
fn dry_run(dialog: OpenDialog, here: &Situation<'_>) -> Answered {
    let Some((verb, at, order)) = dialog.act_order() else { return (Ok(Vec::new()), Some(dialog)) };
    let order = ActOrder { dry_run: true, ..order };
    match order.act(verb) {
        Ok(_) => match moderation::act_filled(verb, order, at, here) {
            Ok(steps) => (Ok(reopening(steps, dialog)), None),
            Err(declined) => (Err(declined), Some(dialog)),
        },
        Err(lack) => (Ok(vec![CommandStep::open(dialog.lacking(&lack))]), None),
    }
}

fn reopening(mut steps: Vec<CommandStep>, dialog: OpenDialog) -> Vec<CommandStep> {
    steps.push(CommandStep::open(dialog));
    steps
}

/// Nothing is under the cursor of a list: the dialog stays, and says so. Other dialogs only close.
fn nothing_picked(dialog: OpenDialog) -> Vec<CommandStep> {
    dialog.without_pick().map(|dialog| vec![CommandStep::open(dialog)]).unwrap_or_default()
}

/// A button of a dialog about what is being written.
fn writing_pressed(dialog: &Dialog, press: Press) -> Vec<CommandStep> {
    let step = match (dialog, press) {
        (Dialog::Paste, Press::Send) => WriteStep::SendPaste,
        (Dialog::Paste, _) => WriteStep::DropPaste,
        (Dialog::Parts, _) => WriteStep::SendInParts,
        (_, Press::Run) => WriteStep::RunMeant,
        (_, _) => WriteStep::SendAsText,
    };
    vec![CommandStep::Write(step)]
}

/// Talks directly with the user whose name was filled in.
fn talk(dialog: OpenDialog, here: &Situation<'_>) -> Answered {
    let Filled::Call(name) = dialog.filled() else { return (Ok(Vec::new()), None) };
    (unless_blank(&name).and_then(|()| calls::direct_to(&name, here)), Some(dialog))
}

/// A button of a dialog about a call.
fn call_pressed(dialog: &Dialog, press: Press) -> Vec<CommandStep> {
    let step = match (dialog, press) {
        (Dialog::Call(id), Press::Decline) => CallStep::Decline(*id),
        (Dialog::Offered(id, number), Press::Decline) => CallStep::DeclineFile(*id, *number),
        (Dialog::Words(id), Press::Match) => CallStep::Match(*id),
        (Dialog::Words(id), Press::Differ) => CallStep::Differ(*id),
        _ => return Vec::new(),
    };
    vec![CommandStep::Call(step)]
}

fn older_log(dialog: OpenDialog) -> Answered {
    let older = |place: &Target| CommandStep::Preside(PresideStep::ReadOlderLog(place.clone()));
    let steps = if let Dialog::Modlog(place) = dialog.which() { vec![older(place)] } else { Vec::new() };
    (Ok(reopening(steps, dialog)), None)
}

/// Decides on a cancelled dialog.
pub(in crate::client::session) fn cancelled(dialog: &Dialog, here: &Situation<'_>) -> Vec<CommandStep> {
    let offline = |words: &str| vec![CommandStep::Tell(Notice::news(words))];
    match dialog {
        Dialog::Passphrase | Dialog::Close => vec![CommandStep::Preside(PresideStep::ForgetClose)],
        Dialog::NameRefused
        | Dialog::NameKept
        | Dialog::Maintenance
        | Dialog::Nobody
        | Dialog::TakeOver
        | Dialog::TakenOver => offline(say::f5_again_or_leave()),
        Dialog::Removed => offline(say::f5_back_or_leave()),
        Dialog::Paste => vec![CommandStep::Write(WriteStep::DropPaste)],
        Dialog::Call(id) => vec![CommandStep::Call(CallStep::SetAside(*id))],
        Dialog::Exit if here.link().is_idle() => offline(say::f5_again()),
        Dialog::Exit
        | Dialog::Help
        | Dialog::Menu
        | Dialog::Echo
        | Dialog::Clients
        | Dialog::Private
        | Dialog::Broadcast
        | Dialog::Away
        | Dialog::Moderator
        | Dialog::Rooms
        | Dialog::Make
        | Dialog::Leave(_)
        | Dialog::Topic(_)
        | Dialog::InviteTo(_)
        | Dialog::Newcomers
        | Dialog::Members(_)
        | Dialog::Moderate
        | Dialog::Act(..)
        | Dialog::Bans(_)
        | Dialog::Modlog(_)
        | Dialog::Switch
        | Dialog::Slip
        | Dialog::Parts
        | Dialog::React(..)
        | Dialog::DeleteOwn(..)
        | Dialog::Whom
        | Dialog::Words(_)
        | Dialog::Offered(..)
        | Dialog::Withdraw(_)
        | Dialog::Links
        | Dialog::LeaveServer => Vec::new(),
    }
}

/// Decides on a confirmed dialog. If something is missing, the dialog opens again.
fn confirmed(mut dialog: OpenDialog, here: &Situation<'_>) -> Answered {
    dialog.take_recipient();
    let again = |decision: Decision, dialog: OpenDialog| (decision, Some(dialog));
    let decision = match dialog.filled() {
        Filled::Nothing => Ok(nothing_picked(dialog)),
        Filled::Action(action) => action_asked(action, "", here),
        Filled::Converse(name) => Ok(converse(name, dialog.which(), here)),
        Filled::Echo(text) => {
            return again(unless_blank(&text).and_then(|()| people::echo(&text, here)), dialog);
        }
        Filled::Private { to, text } => {
            let missing = if !to.trim().is_empty() && text.trim().is_empty() { FieldKey::Text } else { FieldKey::To };
            let both = unless_blank(&to).and_then(|()| unless_blank(&text));
            return again(both.and_then(|()| people::private_to(&to, &text, here)), dialog.at_field(missing));
        }
        Filled::Broadcast { me_too, text } => {
            let send = CommandStep::Send { target: Target::Everyone, me_too, text: text.clone() };
            let steps = vec![send, CommandStep::View(ViewStep::ShowAt(0))];
            return again(unless_blank(&text).map(|()| steps), dialog.at_field(FieldKey::Text));
        }
        Filled::Exit => Ok(vec![CommandStep::Leave]),
        Filled::ClosingPassphrase(passphrase) => closing_passphrase(passphrase, here),
        Filled::Passphrase(passphrase) => closing::moderator(&passphrase, here),
        Filled::Close { after, reason, on_buttons } => {
            let reason = Text::line(reason.trim());
            if here.link().dialect().is_none() {
                Err(Declined::because(say::no_server_to_close()))
            } else if after.is_zero() && !on_buttons {
                // Enter outside the buttons must not do what cannot be undone.
                Ok(vec![CommandStep::open(dialog.at_button(Press::Confirm))])
            } else if after.is_zero() {
                Ok(vec![CommandStep::Preside(PresideStep::CloseNow)])
            } else if reason.is_blank() || reason.as_str().len() > MAX_REASON {
                let words = say::say_why_in_bytes(MAX_REASON);
                Ok(vec![CommandStep::open(dialog.at_field(FieldKey::Reason).noted(&words))])
            } else {
                closing::close_later(after, reason, here)
            }
        }
        Filled::Away { action, text } => people::turn_away(action, &text, here),
        Filled::Act { verb, at, order } => match order.act(verb) {
            Ok(_) => moderation::act_filled(verb, order, at, here),
            Err(lack) => Ok(vec![CommandStep::open(dialog.lacking(&lack))]),
        },
        Filled::Lift { verb, place, whom } => lift(verb, place, whom, here),
        Filled::Enter(room) => here.needs_rooms().map(|()| rooms::enter(room, false, here)),
        Filled::Make { name, private } => here.needs_rooms().map(|()| make(&name, private, dialog, here)),
        Filled::Leave(room) => here.needs_rooms().map(|()| rooms::leave_room(room)),
        Filled::Newcomers { people, time } => inviting::filled((&people, &time), dialog, here),
        // Offline, the dialog closes; an invalid value opens it again.
        Filled::Topic { place, text } => match here.needs_rooms() {
            Ok(()) => return again(rooms::set_topic(&place, &text), dialog),
            Err(declined) => Err(declined),
        },
        Filled::InviteTo { room, user } => match here.needs_rooms() {
            Ok(()) => {
                let decision = unless_blank(&user).and_then(|()| rooms::invite_into(room, &user, here));
                return again(decision, dialog.at_field(FieldKey::Name));
            }
            Err(declined) => Err(declined),
        },
        Filled::Name { name, server, code } => {
            let steps = code.iter().map(|code| CommandStep::Link(LinkStep::Code(code.clone()))).collect();
            Ok(name_given(steps, &name, (server.as_deref(), code.as_deref()), here))
        }
        Filled::ReservedName { passphrase, name } => {
            let steps = vec![CommandStep::Link(LinkStep::Passphrase(passphrase))];
            let server = (!here.out().is_confined()).then(|| here.link().server().to_string());
            Ok(name_given(steps, &name, (server.as_deref(), here.link().code_field()), here))
        }
        Filled::Maintenance(passphrase) => {
            Ok(vec![CommandStep::Link(LinkStep::Passphrase(passphrase)), CommandStep::Link(LinkStep::Dial)])
        }
        Filled::TakeOver => Ok(vec![CommandStep::Link(LinkStep::TakeOver)]),
        Filled::ComeBack => Ok(vec![CommandStep::Link(LinkStep::ComeBack)]),
        Filled::Return => Ok(vec![CommandStep::Link(LinkStep::Dial)]),
        Filled::Server(server) => Ok(vec![server_given(server.as_deref(), here)]),
        Filled::Go(pick) => go(pick, here),
        Filled::React { target, id, sign } => {
            let step = CommandStep::React { target, id, reaction: sign.clone() };
            return again(unless_blank(&sign).map(|()| vec![step]), dialog);
        }
        Filled::DeleteOwn(target, id) => Ok(vec![CommandStep::Delete { target, id }]),
        Filled::Call(name) => {
            return again(unless_blank(&name).and_then(|()| calls::call_to(&name, here)), dialog);
        }
        Filled::Answer(id) => Ok(calls::answered(id, here)),
        Filled::AcceptFile(id, number) => Ok(vec![CommandStep::Call(CallStep::Accept(id, number))]),
        Filled::Withdraw(label) => Ok(vec![CommandStep::Withdraw(label)]),
        Filled::Link(link) => Ok(vec![CommandStep::Follow(link)]),
        Filled::LeaveServer => identity::leave_server_confirmed(here),
        Filled::Paste => Ok(vec![CommandStep::Write(WriteStep::EditPaste)]),
    };
    (decision, None)
}

/// Goes to what was picked in the quick switch, or does it.
fn go(pick: Pick, here: &Situation<'_>) -> Decision {
    match pick {
        Pick::Action(action) => action_asked(action, "", here),
        Pick::Person(name) => Ok(vec![CommandStep::View(ViewStep::Show(Target::User(name)))]),
        Pick::Place(Target::Room(room)) if here.chat().rooms().is_outside(&room) => {
            here.needs_rooms().map(|()| rooms::enter(room, false, here))
        }
        Pick::Place(target) => Ok(vec![CommandStep::View(ViewStep::Show(target))]),
        Pick::Direct(name) => Ok(vec![CommandStep::View(ViewStep::ShowDirect(name))]),
        Pick::Nothing
        | Pick::Message(_)
        | Pick::Reaction(..)
        | Pick::Ban { .. }
        | Pick::Sign(_)
        | Pick::Link(_)
        | Pick::Server(_) => Ok(Vec::new()),
    }
}

fn unless_blank(text: &str) -> Result<(), Declined> {
    if text.trim().is_empty() { Err(Declined::Unfilled) } else { Ok(()) }
}

/// Shows the conversation with the picked user, but not with the person themselves.
fn converse(name: Name, dialog: &Dialog, here: &Situation<'_>) -> Vec<CommandStep> {
    let of_room = matches!(dialog, Dialog::Members(_));
    if of_room && here.link().me().is(&name) {
        return Vec::new();
    }
    vec![CommandStep::View(ViewStep::Show(Target::User(name)))]
}

fn closing_passphrase(passphrase: String, here: &Situation<'_>) -> Decision {
    if here.link().dialect() != Some(Dialect::Tr226) {
        let words = say::not_online_any_more();
        return Ok(vec![CommandStep::Preside(PresideStep::ForgetClose), CommandStep::Tell(Notice::trouble(words))]);
    }
    if passphrase.is_empty() {
        // A server that trusts names knows its moderators without a passphrase.
        return Ok(vec![CommandStep::Preside(PresideStep::ConfirmClose)]);
    }
    Ok(vec![CommandStep::Preside(PresideStep::GivePassphrase { closing: true, passphrase })])
}

/// Lifts the picked ban or mute.
fn lift(verb: Verb, place: Target, whom: String, here: &Situation<'_>) -> Decision {
    moderation::carry_out(verb, ActOrder { subject: whom, ..ActOrder::default() }, place, false, here)
}

fn make(typed: &str, private: bool, dialog: OpenDialog, here: &Situation<'_>) -> Vec<CommandStep> {
    let typed = typed.trim().trim_start_matches(ROOM_SIGN);
    match RoomName::parse(&format!("{ROOM_SIGN}{typed}")) {
        Ok(room) => rooms::enter(room, private, here),
        Err(error) => vec![CommandStep::open(dialog.at_field(FieldKey::Name).noted(&names::room(&error)))],
    }
}

fn name_given(
    mut steps: Vec<CommandStep>,
    name: &str,
    (server, code): (Option<&str>, Option<&str>),
    here: &Situation<'_>,
) -> Vec<CommandStep> {
    if looks_like_code(name) {
        // It goes to where it belongs, unless there is another one.
        let code = code.filter(|code| !code.is_empty()).unwrap_or(name.trim());
        let before = Some(here.link().wanted()).filter(|before| !looks_like_code(before)).unwrap_or_default();
        let dialog = dialogs::name_refused(names::code_is_no_name(), before, server, Some(code));
        steps.push(CommandStep::open(if before.is_empty() { dialog } else { dialog.at_field(FieldKey::Code) }));
        return steps;
    }
    match Name::parse(name.trim()) {
        Ok(name) => steps.extend([CommandStep::Link(LinkStep::Name(name)), server_given(server, here)]),
        Err(error) => {
            steps.push(CommandStep::open(dialogs::name_refused(&names::name(&error), name, server, code)));
        }
    }
    steps
}

fn server_given(server: Option<&str>, here: &Situation<'_>) -> CommandStep {
    let Some(server) = server else { return CommandStep::Link(LinkStep::Server(here.link().server().clone())) };
    match server.parse::<Url>() {
        Ok(url) => CommandStep::Link(LinkStep::Server(url)),
        Err(error) => {
            CommandStep::open(dialogs::nobody(&names::address(&error), "", "", Some(server)).at_field(FieldKey::Server))
        }
    }
}
