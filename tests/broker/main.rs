//! The broker, which decides who hears what: transcripts on a virtual clock, and its parts by tables. No socket, no
//! thread, no file. `tests/common/transcript.rs` says how to read a transcript.
//!
//! | what is tested                                                                      | where               |
//! | ----------------------------------------------------------------------------------- | ------------------- |
//! | joining, leaving, time-outs, the limits on connections, presence                    | `joining`           |
//! | greeting, echo, the list of users, messages to one and to all, frames that are none | `messages`          |
//! | names, logins, keys and codes: who gets which name                                  | `identity`          |
//! | invitations of newcomers: one code for many, kept, listed, ended                   | `invitations`       |
//! | what several nodes of a chat share by their log                                     | `fronts`            |
//! | several nodes over one log, in thousands of simulated worlds                        | `cluster`           |
//! | names that change hands: whose the past is                                          | `generations`       |
//! | names like another's, users whom nobody can tell, directories that hang            | `near_names`        |
//! | rooms: made, joined, left, listed, restored                                         | `rooms`             |
//! | kicks, bans, mutes, modes, deletions, rights, announced closing                     | `moderation`        |
//! | replies, edits, deletions of one's own, reactions                                   | `changes`           |
//! | calls: who rings whom, who has a leg of the relay, how calls end                    | `calls`             |
//! | orders of whoever keeps the machine: names freed, words erased, maintenance        | `hosting`           |
//! | reserved names, the passphrase, who may close the server                            | `moderators`        |
//! | stored messages, pages, unread counts, a disk that fails                            | `history`           |
//! | numbers that tell nothing of what others say                                        | `numbering`         |
//! | names in use                                                                        | `names`             |
//! | users with several sessions                                                         | `sessions`          |
//! | calls of users with several sessions                                                | `session_calls`     |
//! | users who take another name, leave for good, or lose it                             | `renaming`          |
//! | presence in small and large rooms                                                   | `presence`          |
//! | the moderator passphrase: form, hash, tries                                         | `passphrases`       |
//! | the relay between two clients                                                       | `relay`             |
//! | the relay of a conference                                                           | `conference_relay`  |
//! | calls of rooms                                                                      | `conferences`       |
//! | the other nodes of the chat: told, and where clients are sent                       | `nodes`             |
//! | new rules for a running broker                                                      | `reload`            |
//! | how many connections there may be                                                   | `connection_limits` |
//! | how often one may speak                                                             | `rate_limits`       |
//! | the outbox of a round                                                               | `outbox`            |
//! | what rooms hear, in which order, whoever comes and goes                             | `room_delivery`     |
//! | bounds on what the broker keeps, each at it and one over                            | `bounds`            |
//! | what a request costs where everything is full                                       | `work`              |
//! | what ends when nobody uses it, and who gives way where a common table is full      | `quotas`            |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "each file uses a part of what is shared")]

#[path = "../common/chance.rs"]
mod chance;
#[path = "../common/numbers.rs"]
mod numbers;
#[path = "../common/servers.rs"]
mod servers;
#[path = "../common/simple_store.rs"]
mod simple_store;
#[path = "../common/transcript.rs"]
mod transcript;
#[path = "../common/world.rs"]
mod world;

mod bounds;
mod calls;
mod changes;
mod clock;
mod cluster;
mod conference_relay;
mod conferences;
mod connection_limits;
mod fronts;
mod generations;
mod history;
mod hosting;
mod identity;
mod invitations;
mod joining;
mod messages;
mod moderation;
mod moderators;
mod names;
mod near_names;
mod nodes;
mod numbering;
mod outbox;
mod passphrases;
mod presence;
mod quotas;
mod rate_limits;
mod relay;
mod reload;
mod renaming;
mod room_delivery;
mod rooms;
mod session_calls;
mod sessions;
mod work;

use expect_test::Expect;
use tr2::model::Name;
use tr2::server::broker::rules::Rules;

/// Plays the steps of a transcript and compares all that is heard with it; then again on three servers that serve the same
/// chat, where everybody is to hear the same, beside a fourth that starts anew after every round.
fn check(rules: Rules, transcript: Expect) {
    let heard = check_alone(rules.clone(), &transcript);
    let on_three = transcript::play_on(4, rules, transcript.data());
    let without_log =
        |heard: &str| heard.lines().filter(|line| !line.starts_with("log: ")).collect::<Vec<_>>().join("\n");
    pretty_equal(&without_log(&heard), &without_log(&on_three));
}

/// As [`check`], on one server alone: what is tested there is a limit of each server, or counts on the others only once its
/// outcome is known, as tries of a passphrase do. Returns all that is heard.
fn check_alone(rules: Rules, transcript: &Expect) -> String {
    let heard = transcript::play(rules, transcript.data());
    transcript.assert_eq(&heard);
    heard
}

/// Shows where two transcripts begin to differ.
fn pretty_equal(one: &str, three: &str) {
    let (mut ones, mut threes, mut step) = (one.lines(), three.lines(), "");
    loop {
        match (ones.next(), threes.next()) {
            (None, None) => return,
            (Some(a), Some(b)) if a == b => step = if a.contains('<') { step } else { a },
            (a, b) => panic!("after \"{step}\", one server says:\n{a:?}\nthree servers say:\n{b:?}"),
        }
    }
}

/// Rules with one moderator, root.
fn with_root(trust_names: bool) -> Rules {
    Rules { moderators: vec![Name::parse("root").unwrap()], trust_names, ..transcript::rules() }
}
