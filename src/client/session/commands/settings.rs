//! Commands about settings: `/set` and `/notify`.
//!
//! Must not know: how a setting is kept.

use super::decision::{CommandStep, Decision, Declined};
use super::situation::Situation;
use crate::client::dialogs::order::first_word;
use crate::client::session::notice::Notice;
use crate::client::session::settings::SettingChange;
use crate::client::settings::table::WayOut;
use crate::client::settings::values::NamedValue as _;
use crate::client::settings::{RESET, SettingKey, typed};
use crate::language::places::place as place_name;
use crate::language::{commands as say, people as sharing};

/// `/set [KEY [VALUE]]`.
pub(in crate::client::session) fn set(argument: &str, here: &Situation<'_>) -> Decision {
    let (name, value) = first_word(argument);
    if name.is_empty() {
        return Ok(vec![CommandStep::Tell(Notice::News(here.settings().list()))]);
    }
    let key = SettingKey::parse(name).map_err(|what| Declined::because(sentence(&what)))?;
    if value.trim().is_empty() {
        return Ok(vec![CommandStep::Tell(Notice::News(here.settings().describe(&key)))]);
    }
    change(key, value.trim(), here)
}

/// `/notify [all|mentions|nothing]`.
pub(in crate::client::session) fn notify(argument: &str, here: &Situation<'_>) -> Decision {
    let place = here.recipient("")?;
    let key = SettingKey::Conversation(place.clone());
    if !argument.is_empty() {
        return change(key, argument, here);
    }
    let settings = here.settings().settings();
    let words = match settings.rule(&place) {
        Some(level) => say::notifications_own(place_name(&place), level.name()),
        None => say::notifications_as_everywhere(place_name(&place), settings.notify.name()),
    };
    Ok(vec![CommandStep::Tell(Notice::News(words))])
}

/// Changes a setting, if the value is possible.
fn change(key: SettingKey, value: &str, here: &Situation<'_>) -> Decision {
    if here.out().is_confined()
        && let SettingKey::Plain(setting) = &key
        && let Some(way) = setting.leads_out()
    {
        return Err(Declined::because(match way {
            WayOut::Machine => sharing::confined(),
            WayOut::Server => sharing::one_server(),
        }));
    }
    let words = (value != RESET).then(|| typed(&key, value));
    if let Some(words) = &words {
        let tried = here.settings().settings().clone().set(&key, words);
        tried.map_err(|wrong| Declined::because(format!("{key}: {}", wrong.what)))?;
    }
    Ok(vec![CommandStep::Configure(SettingChange { key, words })])
}

/// Words as a sentence: a capital letter and a full stop.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let start: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if words.ends_with(['.', '?']) { "" } else { "." };
    format!("{start}{}{end}", chars.as_str())
}
