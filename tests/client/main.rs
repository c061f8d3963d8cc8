//! The client's parts, each alone: what is tested here needs no session (`tests/session`) and no terminal
//! (`tests/tui`).
//!
//! | what is tested                                       | where        |
//! | ---------------------------------------------------- | ------------ |
//! | the table of actions                                 | `actions`    |
//! | waits between attempts to connect                    | `backoff`    |
//! | mentions                                             | `mentions`   |
//! | which lines are commands, messages, or held back     | `reading`    |
//! | what line mode prints and reads                      | `line_mode`  |
//! | what was sent, as a file                             | `sent_lines` |
//! | the order of conversations, as a file                | `arrangement` |
//! | names that stay distinct when cut                    | `names`      |
//! | wrapping                                             | `wrapping`   |
//! | the composer: keys in, text and cursor out           | `composer`   |
//! | the message view: what is visible, and at which cost | `scrollback` |
//! | the choice of the language, and the help in both    | `language`   |
//! | the bytes of the last minute                         | `traffic`    |
//! | cameras: files, pipes, programs                      | `camera`     |
//! | microphones and loudspeakers: files, programs        | `sound`      |
//! | helper: folders, and whether a program runs          | `programs`   |
//! | the driver: requests and events over a socket        | `driver`     |
//! | the files of a channel on a real disk                | `disk`       |
//! | the own key and the known people, as files           | `own_files`  |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "each file uses a part of what is shared")]

#[path = "../common/chance.rs"]
mod chance;
#[path = "../common/paint.rs"]
mod paint;
#[path = "../common/script.rs"]
mod script;

mod actions;
mod arrangement;
mod backoff;
mod camera;
mod composer;
mod disk;
mod driver;
mod language;
mod line_mode;
mod mentions;
mod names;
mod own_files;
mod plain_terminal;
mod programs;
mod reading;
mod scrollback;
mod sent_lines;
mod sound;
mod traffic;
mod unsent;
mod wrapping;
