//! Commands that people know from elsewhere and that do not exist here: what to do instead.
//!
//! Must not know: how an answer is shown.

use crate::language::{Say, helping as say};

/// Words, each with what takes its place.
const FOREIGN: &[(&[&str], Say)] = &[
    (&["mode"], say::modes_have_commands),
    (&["voice", "devoice", "halfop"], say::nobody_needs_voice),
    (&["server", "connect"], say::one_server),
    (&["disconnect"], say::exit_leaves),
    (&["ns", "nickserv", "identify", "register", "cs", "chanserv"], say::no_name_service),
    (&["notice"], say::msg_sends),
    (&["ping", "lag", "version", "lusers", "map"], say::status_shows),
    (&["motd"], say::topic_shows),
    (&["cycle", "hop", "rejoin"], say::you_stay),
    (&["knock"], say::join_open),
];

/// What takes the place of a command from elsewhere.
#[must_use]
pub fn instead_of(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    FOREIGN.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, instead)| instead())
}
