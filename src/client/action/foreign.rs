//! Commands that people know from elsewhere and that do not exist here: what to do instead.
//!
//! Must not know: how an answer is shown.

/// Words, each with what takes its place.
const FOREIGN: &[(&[&str], &str)] = &[
    (&["mode"], "Modes have commands of their own: /read-only, /slow, /lock-topic and /grant."),
    (
        &["voice", "devoice", "halfop"],
        "Nobody needs a voice here; /mute silences a user, /read-only all but moderators.",
    ),
    (&["server", "connect"], "One client talks to one server. Leave, and join another: tr2 join --server URL."),
    (&["disconnect"], "/exit leaves. You stay in your rooms, and see later what was said."),
    (
        &["ns", "nickserv", "identify", "register", "cs", "chanserv"],
        "Names need no service: /whois and /keys show who owns yours.",
    ),
    (&["notice"], "/msg NAME TEXT sends a message to one user."),
    (&["ping", "lag", "version", "lusers", "map"], "/status shows how the connection is; /list who is online."),
    (&["motd"], "/topic shows what a room is about."),
    (&["cycle", "hop", "rejoin"], "You stay in a room until you leave it; /reconnect connects anew."),
    (&["knock"], "/join #ROOM joins an open room; its members /invite others into a private one."),
];

/// What takes the place of a command from elsewhere.
#[must_use]
pub fn instead_of(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    FOREIGN.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, instead)| *instead)
}
