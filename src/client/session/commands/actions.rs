//! Decisions on actions, whether they come from a key, the menu or a /command.
//!
//! Must not know: how a step is carried out.

use super::decision::{CommandStep, Decision, Declined, Direction, ListStep, PickWhich, ViewStep, WriteStep};
use super::situation::Situation;
use super::{calls, cameras, changes, closing, going, identity, inviting, moderation, people, rooms, settings, voices};
use crate::client::action::reading::{self, Reading};
use crate::client::action::{self, Action, Bindings};
use crate::client::chat::conversation::Anchor;
use crate::client::chat::venue::Venue;
use crate::client::dialogs;
use crate::client::dialogs::open::OpenDialog;
use crate::client::msg::Effect;
use crate::client::session::link::step::LinkStep;
use crate::client::session::notice::Notice;
use crate::client::text::print;
use crate::language::commands as say;
use crate::language::{helping, people as sharing, pictures};
use crate::model::{Target, Text};
use crate::protocol::Verb;

/// The longest word for which similar commands are suggested, in bytes.
const LONGEST_COMMAND: usize = 40;

/// Decides on a line: a message or a /command.
pub(in crate::client::session) fn written(text: &str, here: &Situation<'_>) -> Decision {
    match reading::read(text) {
        Reading::Message(text) => said(text, here),
        Reading::Command(word, argument) => match action::of_command(word) {
            Some(action) => action_asked(action, argument.trim(), here),
            None => unknown(word, here),
        },
        Reading::Secret(word) => Err(Declined::because(say::may_hold_passphrase(word))),
        Reading::Slip(command) if here.is_plain() => Err(Declined::because(say::may_be_command(&command))),
        Reading::Slip(command) => Err(Declined::ask(dialogs::writing::slip(&command))),
    }
}

/// An unknown command.
fn unknown(word: &str, here: &Situation<'_>) -> Decision {
    let shown = Text::line(word.get(..word.floor_char_boundary(LONGEST_COMMAND)).unwrap_or_default());
    if let Some(instead) = action::foreign::instead_of(word) {
        return Err(Declined::because(helping::instead(shown, instead)));
    }
    let nearest = if word.len() <= LONGEST_COMMAND { action::nearest_command(word) } else { None };
    let meant = nearest.as_ref().map_or_else(|| say::help_lists_them().to_owned(), say::perhaps);
    let words = if here.is_plain() { say::no_command(shown, meant) } else { say::no_command_but_back(shown, meant) };
    let declined = Declined::because(words);
    let near = nearest.and_then(|near| action::of_command(near.trim_start_matches('/')));
    if here.is_plain() && near == Some(Action::Query) {
        return Err(Declined::Astray(Box::new(declined)));
    }
    Err(declined)
}

/// A message to the conversation in view.
fn said(text: String, here: &Situation<'_>) -> Decision {
    if here.is_plain() && text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let venue = here.venue(&text)?;
    let parts = if here.is_plain() { 1 } else { print::parts(&text) };
    if parts > 1 {
        return Err(Declined::ask(dialogs::writing::parts(parts)));
    }
    Ok(vec![match venue {
        Venue::Server(target) => CommandStep::Send { target, me_too: false, text },
        Venue::Direct(to) => CommandStep::SayDirect { to, text },
    }])
}

/// Decides on an action.
pub(in crate::client::session) fn action_asked(action: Action, argument: &str, here: &Situation<'_>) -> Decision {
    if here.out().is_confined() && leads_out(action) {
        return Err(Declined::because(sharing::confined()));
    }
    let conversations = here.chat().conversations();
    let (at, count) = (conversations.index(), conversations.count());
    let step = match action {
        Action::Echo if argument.is_empty() => return ask_or_explain(dialogs::echo, action, here),
        Action::Echo => return people::echo(argument, here),
        Action::List => CommandStep::List(ListStep::People),
        Action::Private => return people::private(argument, here),
        Action::Broadcast if argument.is_empty() => return ask_or_explain(dialogs::broadcast, action, here),
        Action::Broadcast => CommandStep::Send { target: Target::Everyone, me_too: true, text: argument.to_owned() },
        Action::Exit => CommandStep::Exit,
        Action::CloseServer => return closing::close(argument, here),
        Action::Moderator => return closing::moderator(argument, here),
        Action::Moderate => return moderation::moderate(here),
        Action::Act(Verb::Delete) if argument.is_empty() && changes::has_own(here) => return changes::delete(here),
        Action::Act(verb) => return moderation::act(verb, argument, here),
        Action::Bans => return moderation::bans(argument, here),
        Action::Modlog => return moderation::modlog(argument, here),
        Action::Rooms => return rooms::list(here),
        Action::Join => return rooms::join(argument, here),
        Action::Leave if argument.is_empty() && here.is_private() => return people::close(here),
        Action::Leave => return rooms::leave(argument, here),
        Action::Topic => return rooms::topic(argument, here),
        Action::Members => return rooms::members(argument, here),
        Action::Invite if inviting::is_about_newcomers(argument) => return inviting::invite(argument, here),
        Action::Invite => return rooms::invite(argument, here),
        Action::Ignore => return people::ignore(true, argument, here),
        Action::Unignore => return people::ignore(false, argument, here),
        Action::Ignored => return people::list_ignored(here),
        Action::Call => return calls::call(argument, here),
        Action::Camera => return cameras::camera(argument, here),
        Action::Talk => return voices::talk(argument, here),
        Action::Sound => return voices::sound(argument, here),
        Action::Large if here.is_plain() => return Err(Declined::because(pictures::need_full_screen())),
        Action::Large => CommandStep::View(ViewStep::Large),
        Action::Direct => return calls::direct(argument, here),
        Action::Answer => return calls::answer(argument, here),
        Action::Decline => return calls::decline(argument, here),
        Action::HangUp => return calls::hang_up(argument, here),
        Action::Verify => return calls::verify(argument, here),
        Action::Bypass => return calls::bypass(argument, here),
        Action::ForgetKey => return calls::forget_key(argument, here),
        Action::Send => return calls::send(argument, here),
        Action::Accept => return calls::accept(argument, here),
        Action::Stop => return calls::stop(argument, here),
        Action::Away | Action::Back | Action::DoNotDisturb => return people::turn_away(action, argument, here),
        Action::Help => return Ok(help(argument, here)),
        Action::Menu => CommandStep::View(ViewStep::Menu),
        Action::Query => return people::query(argument, here),
        Action::Everyone if here.is_plain() => CommandStep::AimAtEveryone,
        Action::Everyone => CommandStep::View(ViewStep::ShowAt(0)),
        Action::Goto => return Ok(Vec::new()),
        Action::Jump => return going::jump(argument, here),
        Action::Next => CommandStep::View(ViewStep::ShowAt((at + 1) % count)),
        Action::Previous => CommandStep::View(ViewStep::ShowAt((at + count - 1) % count)),
        Action::NextUnread => match conversations.next_unread() {
            Some(index) => CommandStep::View(ViewStep::ShowAt(index)),
            None => CommandStep::Tell(Notice::news(say::nothing_unread())),
        },
        Action::PageUp => CommandStep::View(ViewStep::Page(-1)),
        Action::PageDown => CommandStep::View(ViewStep::Page(1)),
        Action::Top => CommandStep::View(ViewStep::ScrollTo(Anchor::At(0, 0))),
        Action::Bottom => CommandStep::View(ViewStep::Attach),
        Action::Search => return search(argument, here),
        Action::Whois => return identity::whois(argument, here),
        Action::Keys => return identity::keys(here),
        Action::RevokeKey => return identity::revoke_key(argument, here),
        Action::Sessions => return identity::sessions(argument, here),
        Action::InviteKey => return inviting::invite_key(here),
        Action::Invitations => return inviting::invitations(here),
        Action::RevokeInvitation => return inviting::revoke(argument, here),
        Action::Me => return changes::me(argument, here),
        Action::Reply => return changes::reply(argument, here),
        Action::Edit => return changes::edit(argument, here),
        Action::React => return changes::react(argument, here),
        Action::Set => return settings::set(argument, here),
        Action::Notify => return settings::notify(argument, here),
        Action::Resend => CommandStep::Resend,
        Action::Status => CommandStep::Emit(Effect::MeasureTraffic),
        Action::Reconnect => CommandStep::Link(LinkStep::Reconnect),
        Action::Switch if here.is_plain() => return Err(Declined::explain(Action::Query)),
        Action::Switch => CommandStep::open(dialogs::going::switch(here.chat().place_rows(here.link().me()))),
        Action::Mentions => return mentions(here),
        Action::MoveUp => CommandStep::View(ViewStep::Move { down: false }),
        Action::MoveDown => CommandStep::View(ViewStep::Move { down: true }),
        Action::PickUp => CommandStep::View(ViewStep::Pick(Direction::Earlier, PickWhich::Any)),
        Action::PickDown => CommandStep::View(ViewStep::Pick(Direction::Later, PickWhich::Any)),
        Action::EarlierMention => CommandStep::View(ViewStep::Pick(Direction::Earlier, PickWhich::Mention)),
        Action::LaterMention => CommandStep::View(ViewStep::Pick(Direction::Later, PickWhich::Mention)),
        Action::Bare => CommandStep::View(ViewStep::Bare),
        Action::Rename => return identity::rename(argument, here),
        Action::LeaveServer => return identity::leave_server(argument, here),
        Action::Close => return people::close(here),
        Action::Clear if here.is_plain() => {
            return Err(Declined::because(say::nothing_in_view()));
        }
        Action::Clear => CommandStep::View(ViewStep::Clear),
        Action::Editor if here.is_plain() => return Ok(Vec::new()),
        Action::Editor => CommandStep::Write(WriteStep::OpenEditor),
        Action::Mouse => CommandStep::TurnMouse,
        Action::Redraw => CommandStep::Emit(Effect::Redraw),
        Action::Suspend => return Ok(cameras::suspend(here)),
    };
    Ok(vec![step])
}

/// Whether an action starts another program, or reads or writes a file of the person's choosing; calls do both.
fn leads_out(action: Action) -> bool {
    matches!(
        action,
        Action::Editor
            | Action::Suspend
            | Action::Call
            | Action::Direct
            | Action::Answer
            | Action::Camera
            | Action::Large
            | Action::Talk
            | Action::Sound
            | Action::Verify
            | Action::Bypass
            | Action::Send
            | Action::Accept
            | Action::Stop
    )
}

/// Opens a dialog for the missing argument; plain mode explains the command instead.
fn ask_or_explain(dialog: fn() -> OpenDialog, action: Action, here: &Situation<'_>) -> Decision {
    if here.is_plain() { Err(Declined::explain(action)) } else { Ok(vec![CommandStep::open(dialog())]) }
}

/// `/help [WORD]`.
fn help(filter: &str, here: &Situation<'_>) -> Vec<CommandStep> {
    let filter = Text::line(filter);
    if !here.is_plain() {
        let bindings = Bindings::new(&here.settings().settings().keys);
        return vec![CommandStep::open(dialogs::help::help(&bindings, filter.as_str()))];
    }
    let lines = dialogs::help::lines(filter.as_str());
    if lines.is_empty() {
        return vec![CommandStep::Tell(Notice::News(say::nothing_in_help(filter)))];
    }
    lines.into_iter().map(|line| CommandStep::Tell(Notice::News(line))).collect()
}

/// Searches for what mentions the person.
fn mentions(here: &Situation<'_>) -> Decision {
    if here.link().me().name().is_none() {
        return here.needs_server().map(|()| Vec::new());
    }
    can_search(here)?;
    Ok(vec![CommandStep::SearchMentions])
}

fn search(words: &str, here: &Situation<'_>) -> Decision {
    if here.is_plain() && words.is_empty() {
        return Err(Declined::explain(Action::Search));
    }
    can_search(here)?;
    Ok(vec![CommandStep::Search(words.to_owned())])
}

/// Whether the server searches, as far as that is known.
fn can_search(here: &Situation<'_>) -> Result<(), Declined> {
    if here.link().is_online() && !here.link().abilities().search {
        return Err(Declined::because(say::cannot_search()));
    }
    Ok(())
}
