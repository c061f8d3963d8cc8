//! Bytes and values: what goes over the wire and what it is made of, each rule at its limit and one over.
//!
//! | what is tested                                                      | where      |
//! | ------------------------------------------------------------------- | ---------- |
//! | TR2.26: frames, escapes, lines, requests, events, bytes of any kind | `protocol` |
//! | TR2.26: rooms and moderation                                        | `rooms`    |
//! | TR2.26: invitations of newcomers                                    | `invitations` |
//! | TR2.26: pages, searches, read marks                                 | `history`  |
//! | replies, edits, reactions, and the same as text                     | `changes`  |
//! | the beacon of a server on its own network                           | `beacon`   |
//! | what a proxy says of a connection                                   | `proxy_header` |
//! | TR2.23: the original's packets                                      | `packets`  |
//! | the channel between two clients, over bad lines                     | `peer`     |
//! | the same where one has its leg of the relay before the other        | `opening`  |
//! | words and files on it, and the frames beneath                       | `talk`     |
//! | one end of it, with its words, files and a disk in memory           | `exchange` |
//! | calls, until there is such a channel                                 | `calls`    |
//! | pictures on it                                                      | `pictures` |
//! | voice on it                                                         | `voice`    |
//! | pictures that come too late                                         | `late_pictures` |
//! | the same packets on their way through a server                      | `leg`      |
//! | conferences of up to twelve, over bad lines                         | `conference` |
//! | voice in them: who hears whom, over bad lines                       | `conference_voices` |
//! | where their faces stand                                             | `faces`    |
//! | packets that were damaged, or made up                               | `damaged_packets` |
//! | packets sealed for many, and keys that change                      | `seal`     |
//! | where a client's leg is: over a stream or over UDP                  | `legs`     |
//! | two ends whose packets come to bypass the server                    | `bypass`   |
//! | which way they go: through the server or straight, through NATs      | `ways`     |
//! | pictures of calls                                                   | `media`    |
//! | names, addresses, identities, times, logged values                  | `model`    |
//! | text from others, harmless once cleaned; words that a search finds  | `text`     |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, reason = "tests say what they saw")]
#![allow(missing_docs, unreachable_pub)]

#[path = "../common/chance.rs"]
mod chance;
#[path = "../common/counting_codec.rs"]
mod counting_codec;
#[path = "../common/fake_codec.rs"]
mod fake_codec;
#[path = "../common/heard.rs"]
mod heard;
#[path = "../common/likeness.rs"]
mod likeness;
#[path = "../common/proxy.rs"]
mod proxy;
#[path = "../common/virtual_line.rs"]
mod virtual_line;
#[path = "../common/virtual_nat.rs"]
mod virtual_nat;
#[path = "../common/virtual_star.rs"]
mod virtual_star;

mod beacon;
mod bypass;
mod calls;
mod changes;
mod conference;
mod conference_voices;
mod damaged_packets;
mod exchange;
mod faces;
mod history;
mod invitations;
mod late_pictures;
mod leg;
mod legs;
mod media;
mod model;
mod opening;
mod packets;
mod peer;
mod pictures;
mod protocol;
mod proxy_header;
mod read_watch;
mod rooms;
mod seal;
mod talk;
mod text;
mod voice;
mod ways;
mod zones;
