//! Whether standard error is the journal of systemd, which notes the time of each line itself and reads its priority
//! from a prefix (sd-daemon(3)).
//!
//! Must not know: what is written there.

use std::env;
use std::fs::File;
use std::os::unix::fs::MetadataExt as _;

use rustix::stdio::stderr;

/// Whether standard error is the stream that the service manager has connected to the journal, and not, as in a shell
/// within a service, something else.
#[must_use]
pub fn is_stderr() -> bool {
    let Ok(named) = env::var("JOURNAL_STREAM") else { return false };
    let file = stderr().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
    file.is_ok_and(|file| is_named(&named, file.dev(), file.ino()))
}

/// Whether a value of `JOURNAL_STREAM` names the file with this device and this number.
fn is_named(value: &str, device: u64, number: u64) -> bool {
    value.split_once(':').is_some_and(|(dev, ino)| dev.parse() == Ok(device) && ino.parse() == Ok(number))
}
