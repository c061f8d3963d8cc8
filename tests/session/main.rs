//! The session as transcripts: steps, and what they lead to. No socket, no terminal, no clock.
//! `tests/common/script.rs` says how to read a transcript.
//!
//! | what is tested                                                           | where           |
//! | ------------------------------------------------------------------------ | --------------- |
//! | the way to a name: greeting, taken names, the passphrase                 | `joining`       |
//! | connecting, losing the line, coming back                                 | `connection`    |
//! | calls: ringing, answering, ends, whose key is known                      | `calls`         |
//! | what calls show: captions, own pictures, who sees and hears              | `call_screens`  |
//! | dialogs: opening, filling in, buttons                                    | `dialogs`       |
//! | what goes directly: words, files, compared words                         | `direct`        |
//! | dialogs that come by themselves while one writes                         | `unasked`       |
//! | accounts for the chat alone: what they refuse, and do not offer           | `confined`      |
//! | two sessions with a channel between them                                 | `direct_pair`   |
//! | calls of rooms: who comes and goes, faces, keys                          | `conferences`   |
//! | calls of rooms that were lost with the connection                       | `lost_calls`    |
//! | pictures in calls: cameras, the place for a face                          | `pictures`      |
//! | cameras in several calls, what is typed beside the dialog about a call   | `cameras`       |
//! | the help                                                                 | `help`          |
//! | the composer in the session: what is entered, pasted, recalled           | `writing`       |
//! | keys, codes, verified names                                              | `identity`      |
//! | codes: made, shown in a line to be copied, used                          | `inviting`      |
//! | codes: typed into their field, and never sent as a name                  | `typed_codes`   |
//! | the person takes another name, or leaves for good                        | `renaming`      |
//! | messages: sent, awaited, refused, sent again                             | `messages`      |
//! | pages, jumps, searches, read marks                                       | `history`       |
//! | replies, edits, deletions and reactions                                  | `changes`       |
//! | what is done with a picked message                                       | `picking`       |
//! | messages that wait: picked, edited, withdrawn                            | `queued`        |
//! | servers in the networks around, for whoever reaches no other             | `nearby`        |
//! | clicks and the wheel                                                     | `mouse`         |
//! | the numbers of conversations, also from one start to the next            | `arrangement`   |
//! | the list of mentions                                                     | `mentions`      |
//! | what people say that they do: `/me waves`                                | `me`            |
//! | several addresses of one chat: where a client goes on                     | `nodes`         |
//! | conversations with names that nobody has                                 | `nobody`        |
//! | who is there, who is away, who is hidden                                 | `people`        |
//! | what people from IRC type                                                | `opening`       |
//! | names that are not known: who was meant                                  | `suggestions`   |
//! | rooms                                                                    | `rooms`         |
//! | what moderators do and hear                                              | `moderation`    |
//! | the status: the connection, what waits, bytes                            | `status`        |
//! | settings, and how they are kept                                          | `settings`      |
//! | what rings and notifies, and what counts as seen                         | `notifications` |
//! | line mode                                                                | `line_mode`     |
//! | line mode: commands about what was said before                            | `looking_back`  |
//! | line mode for programs: JSON, the newest messages, waiting                | `programs`      |
//! | bounds on what a server can make a session keep                          | `limits`        |
//! | any keys, frames and sizes: the session stays whole, its view harmless   | `hostile_input` |
//! | whole stories: sessions and a broker, lines that break, servers that die | `stories`       |
//! | one person at two screens                                                | `screens`       |
//! | local times: of their own day, and in the zone of now                     | `zones`         |
//! | ends without notice: what was not sent is kept and given back            | `unsent`        |
//! | messages marked "not sent": picked, edited, sent again, withdrawn          | `not_sent`      |
//! | keys that stand for others, what the terminal cannot do                  | `terminal`      |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "each file uses a part of what is shared")]

#[path = "../common/paint.rs"]
mod paint;
#[path = "../common/script.rs"]
mod script;
#[path = "../common/simple_store.rs"]
mod simple_store;
#[path = "../common/story.rs"]
mod story;

mod arrangement;
mod call_screens;
mod calls;
mod cameras;
mod changes;
mod conferences;
mod confined;
mod connection;
mod dialogs;
mod direct;
mod direct_pair;
mod going;
mod help;
mod history;
mod hostile_input;
mod identity;
mod inviting;
mod joining;
mod limits;
mod line_mode;
mod looking_back;
mod lost_calls;
mod me;
mod mentions;
mod messages;
mod moderation;
mod mouse;
mod nearby;
mod nobody;
mod nodes;
mod not_sent;
mod notifications;
mod opening;
mod own_sessions;
mod people;
mod picking;
mod pictures;
mod programs;
mod queued;
mod renaming;
mod rooms;
mod screens;
mod settings;
mod status;
mod stories;
mod suggestions;
mod terminal;
mod typed_codes;
mod unasked;
mod unsent;
mod writing;
mod zones;

use expect_test::Expect;

/// Plays the steps and compares what they lead to with the expectation.
fn check(steps: &str, expected: Expect) {
    expected.assert_eq(&script::play(steps));
}
