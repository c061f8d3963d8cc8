//! The order of the help: keys first, then commands, those that people need most in front.
//!
//! Must not know: how the help looks.

use super::picking::PICKED;
use super::writing::{EDITING, PANES, WRITING};
use super::{Action, Bindings, Row, row, table};
use crate::language::{Say, arguments, helping as say};
use crate::protocol::Verb;

/// One section of the help: its title, and its entries as terms and meanings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelpSection {
    /// The title.
    pub title: &'static str,
    /// The entries, each a key or a command with its sentence.
    pub entries: Vec<(String, String)>,
}

/// The keys that lead around.
const AROUND: &[Action] = &[
    Action::Switch,
    Action::NextUnread,
    Action::Goto,
    Action::Jump,
    Action::Next,
    Action::Previous,
    Action::Mentions,
    Action::EarlierMention,
    Action::LaterMention,
    Action::Rooms,
    Action::Search,
    Action::Help,
    Action::Menu,
    Action::MoveUp,
    Action::MoveDown,
];
/// The keys about messages.
const MESSAGES: &[Action] = &[
    Action::PageUp,
    Action::PageDown,
    Action::Top,
    Action::Bottom,
    Action::PickUp,
    Action::PickDown,
    Action::Resend,
    Action::Bare,
    Action::Mouse,
    Action::Camera,
    Action::Talk,
    Action::Large,
];
/// The keys about the program.
const PROGRAM: &[Action] = &[Action::Editor, Action::Reconnect, Action::Redraw, Action::Suspend, Action::Exit];

/// The commands of every day.
const COMMANDS: &[Action] = &[
    Action::Private,
    Action::Me,
    Action::Reply,
    Action::Edit,
    Action::React,
    Action::Join,
    Action::Rooms,
    Action::Leave,
    Action::Query,
    Action::Close,
    Action::Everyone,
    Action::Switch,
    Action::Jump,
    Action::List,
    Action::Members,
    Action::Whois,
    Action::Topic,
    Action::Invite,
    Action::Search,
    Action::Mentions,
    Action::Away,
    Action::DoNotDisturb,
    Action::Back,
    Action::Notify,
    Action::Ignore,
    Action::Unignore,
    Action::Ignored,
    Action::Clear,
    Action::Bare,
    Action::Mouse,
    Action::Editor,
    Action::Set,
    Action::Help,
    Action::Status,
    Action::Resend,
    Action::Reconnect,
    Action::Broadcast,
    Action::Echo,
    Action::Exit,
];
/// The commands about calls, and what goes directly.
const CALLS: &[Action] = &[
    Action::Call,
    Action::Answer,
    Action::Decline,
    Action::HangUp,
    Action::Camera,
    Action::Talk,
    Action::Sound,
    Action::Large,
    Action::Direct,
    Action::Verify,
    Action::Bypass,
    Action::Send,
    Action::Accept,
    Action::Stop,
    Action::ForgetKey,
];
/// The commands about one's own name.
const NAME: &[Action] =
    &[Action::Rename, Action::Keys, Action::InviteKey, Action::RevokeKey, Action::Sessions, Action::LeaveServer];
/// The commands of moderators.
const MODERATORS: &[Action] = &[
    Action::Moderator,
    Action::Moderate,
    Action::Invitations,
    Action::RevokeInvitation,
    Action::Act(Verb::Kick),
    Action::Act(Verb::Ban),
    Action::Act(Verb::Unban),
    Action::Act(Verb::Mute),
    Action::Act(Verb::Unmute),
    Action::Bans,
    Action::Act(Verb::Delete),
    Action::Act(Verb::RemoveReaction),
    Action::Modlog,
    Action::Act(Verb::Announce),
    Action::Act(Verb::SlowMode),
    Action::Act(Verb::ReadOnly),
    Action::Act(Verb::LockTopic),
    Action::Act(Verb::AllowCalls),
    Action::Act(Verb::Grant),
    Action::Act(Verb::Revoke),
    Action::Act(Verb::Free),
    Action::CloseServer,
];

/// What is written like a command and is none.
const SLASHES: (&str, Say) = ("//TEXT", say::slash_text);
/// The flag of moderators' commands.
const EVERYWHERE: (&str, Say) = ("-all", say::everywhere);

/// The sections about keys.
#[must_use]
pub fn keys(bindings: &Bindings) -> Vec<HelpSection> {
    let key = |row: &Row| Some((bindings.keys_shown(row), row.help().to_owned())).filter(|(keys, _)| !keys.is_empty());
    let of = |actions: &[Action]| actions.iter().filter_map(|action| key(row(*action)?)).collect();
    let fixed = |keys: &[(&str, Say)]| -> Vec<(String, String)> {
        keys.iter().map(|(keys, help)| ((*keys).to_owned(), help().to_owned())).collect()
    };
    let around: Vec<_> = of(AROUND);
    let picked = PICKED.iter().map(|row| (row.key.to_string(), (row.help)().to_owned())).collect();
    let program: Vec<_> = of(PROGRAM);
    vec![
        HelpSection { title: say::writing(), entries: fixed(WRITING) },
        HelpSection { title: say::getting_around(), entries: around.into_iter().chain(fixed(PANES)).collect() },
        HelpSection { title: say::messages(), entries: of(MESSAGES) },
        HelpSection { title: say::a_picked_message(), entries: picked },
        HelpSection { title: say::editing(), entries: fixed(EDITING) },
        HelpSection { title: say::the_rest(), entries: program.into_iter().chain(of(&unlisted_keys())).collect() },
    ]
}

/// The sections about commands; with the keys that do the same, where there are keys.
#[must_use]
pub fn commands(bindings: Option<&Bindings>) -> Vec<HelpSection> {
    let of = |actions: &[Action]| -> Vec<(String, String)> {
        let rows = actions.iter().filter_map(|action| row(*action)).filter(|row| !row.command.is_empty());
        rows.map(|row| (row.command_shown(), meaning(row, bindings))).collect()
    };
    let own = |(word, meaning): (&'static str, Say)| (arguments::said(word).into_owned(), meaning().to_owned());
    let mut daily = of(COMMANDS);
    daily.extend(of(&unlisted_commands()));
    daily.push(own(SLASHES));
    let mut moderators = of(MODERATORS);
    moderators.push(own(EVERYWHERE));
    vec![
        HelpSection { title: say::commands(), entries: daily },
        HelpSection { title: say::calls(), entries: of(CALLS) },
        HelpSection { title: say::your_name(), entries: of(NAME) },
        HelpSection { title: say::moderators(), entries: moderators },
    ]
}

/// What a command does, and what else does the same.
fn meaning(row: &Row, bindings: Option<&Bindings>) -> String {
    let keys = bindings.map(|bindings| bindings.keys_shown(row)).filter(|keys| !keys.is_empty());
    let others: Vec<String> = keys.into_iter().chain(row.aliases.iter().map(|alias| format!("/{alias}"))).collect();
    if others.is_empty() { row.help().to_owned() } else { say::also(row.help(), others.join(", ")) }
}

/// The actions with keys that stand in no section above.
fn unlisted_keys() -> Vec<Action> {
    let listed = [AROUND, MESSAGES, PROGRAM].concat();
    table().map(|row| row.action).filter(|action| !listed.contains(action)).collect()
}

/// The actions with commands that stand in no section above.
fn unlisted_commands() -> Vec<Action> {
    let listed = [COMMANDS, CALLS, NAME, MODERATORS].concat();
    table().map(|row| row.action).filter(|action| !listed.contains(action)).collect()
}
