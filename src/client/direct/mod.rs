//! What goes directly from one client to another, over a channel that the server cannot read: words, files, pictures and
//! voice; and the proof of who is at the other end.
//!
//! - [`talk`]: what is said and offered on a channel, and what comes of it. [`transfers`]: the files in both directions.
//! - [`exchange`]: one end of a channel with all that goes over it. `files`: how far each file is. [`jobs`]: what is to be
//!   done with files on the disk. `bypass`: how its packets come to bypass the server. `live`: pictures and voice.
//! - [`orders`]: what the session wants done on channels, and what it is told. [`lines`]: what line mode and programs are
//!   told.
//! - [`conference`]: many at once, and their faces.
//! - [`pictures`]: pictures of a camera in both directions. [`voice`]: the same of a microphone.
//! - [`verification`]: the four words that two people compare. [`known_people`]: which key belongs to whom.
//!
//! Must not know: which way packets go, files on disk, or the screen.

mod bypass;
pub mod conference;
pub mod exchange;
mod files;
pub mod jobs;
pub mod known_people;
pub mod lines;
mod live;
pub mod orders;
pub mod pictures;
pub mod talk;
pub mod transfers;
pub mod verification;
pub mod voice;
