//! What was not sent when the client had to end, as the text of the file that keeps it for the next start.
//!
//! Must not know: where the file is, or when it is written.

use serde::{Deserialize, Serialize};

use crate::client::msg::Unsent;
use crate::model::{Target, Text};

/// The most texts that are kept; the newest stay.
pub const MAX_KEPT: usize = 200;
/// The longest file, in bytes.
pub const MAX_FILE: usize = 512 * 1024;

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct UnsentFile {
    unsent: Vec<UnsentLine>,
}

/// A text that was not sent. The members are those of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct UnsentLine {
    server: String,
    name: String,
    to: String,
    text: String,
    #[serde(default)]
    unsure: bool,
    #[serde(default)]
    draft: bool,
}

/// Adds texts to a file. Returns the file, and how many texts were dropped to keep it within its bounds.
#[must_use]
pub fn with(file: &str, server: &str, name: &str, unsent: &[Unsent]) -> (String, usize) {
    let mut kept = lines(file);
    kept.extend(unsent.iter().map(|unsent| UnsentLine {
        server: server.to_owned(),
        name: name.to_owned(),
        to: unsent.to.to_string(),
        text: unsent.text.to_string(),
        unsure: unsent.unsure,
        draft: unsent.draft,
    }));
    let before = kept.len();
    kept.drain(..before.saturating_sub(MAX_KEPT));
    loop {
        let written = written(&kept);
        if written.len() <= MAX_FILE || kept.is_empty() {
            return (written, before - kept.len());
        }
        kept.remove(0);
    }
}

/// Takes the texts of one name on one server out of a file. Returns the rest of the file, and the texts in order.
#[must_use]
pub fn take(file: &str, server: &str, name: &str) -> (String, Vec<Unsent>) {
    let (mine, rest): (Vec<UnsentLine>, Vec<UnsentLine>) =
        lines(file).into_iter().partition(|line| line.server == server && line.name == name);
    let unsent = mine.into_iter().filter_map(|line| {
        let to = Target::restored(&line.to)?;
        Some(Unsent { to, text: Text::block(&line.text), unsure: line.unsure, draft: line.draft })
    });
    (written(&rest), unsent.collect())
}

/// The lines of a file; none if it is damaged.
fn lines(file: &str) -> Vec<UnsentLine> {
    serde_json::from_str::<UnsentFile>(file).unwrap_or_default().unsent
}

fn written(kept: &[UnsentLine]) -> String {
    let file = UnsentFile { unsent: kept.to_vec() };
    // Strings and truth values can always be written.
    serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
}
