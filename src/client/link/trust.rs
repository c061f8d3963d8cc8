//! Which servers are trusted: the keys they had before, and what to think of the one that is shown now.
//!
//! A server is trusted when it is met first, and from then on only with the same key. One that an authority vouches for
//! needs no key of its own to be known, but needs the authority from then on.
//!
//! Must not know: where the list is kept, or how a key is proved.

use std::fmt::Write as _;

use crate::model::url::Host;
use crate::model::{Fingerprint, Text};

/// How a server is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// By its key.
    Key(Fingerprint),
    /// By an authority that vouches for it.
    Authority,
}

/// What to think of the key that a server shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is what was known, or asked for.
    Same,
    /// The server was not known before.
    First(Known),
    /// It is another than the one that was known, or asked for.
    Changed {
        /// What was known.
        known: Known,
        /// What is shown.
        shown: Fingerprint,
    },
}

/// Judges the key that is shown; `pin` is the one that was asked for, `vouched` tells whether an authority vouches.
#[must_use]
pub fn judge(
    pin: Option<Fingerprint>,
    known: Option<Known>,
    shown: Fingerprint,
    vouched: impl Fn() -> bool,
) -> Verdict {
    match (pin.map(Known::Key).or(known), known) {
        (Some(Known::Key(key)), before) if key == shown => {
            // What was asked for is remembered in place of what was known.
            if before == Some(Known::Key(key)) { Verdict::Same } else { Verdict::First(Known::Key(key)) }
        }
        (Some(Known::Authority), _) if vouched() => Verdict::Same,
        (Some(known), _) => Verdict::Changed { known, shown },
        (None, _) if vouched() => Verdict::First(Known::Authority),
        (None, _) => Verdict::First(Known::Key(shown)),
    }
}

/// The word for an authority in the list.
const AUTHORITY: &str = "authority";

/// How a server is known, from the text of the list: `HOST:PORT SHA256:…` or `HOST:PORT authority`, one a line.
#[must_use]
pub fn find(list: &str, host: &Host) -> Option<Known> {
    let name = host.to_string().to_lowercase();
    list.lines().filter_map(entry).find(|(listed, _)| *listed == name).map(|(_, known)| known)
}

/// The list with a server in it as it is known now. What stands in it besides stays, whatever it is.
#[must_use]
pub fn with(list: &str, host: &Host, known: Known) -> String {
    let name = host.to_string().to_lowercase();
    let others = list.lines().filter(|line| entry(line).is_none_or(|(listed, _)| listed != name));
    let mut text: String = others.flat_map(|line| [line, "\n"]).collect();
    let _ = match known {
        Known::Key(key) => writeln!(text, "{name} {key}"),
        Known::Authority => writeln!(text, "{name} {AUTHORITY}"),
    };
    text
}

fn entry(line: &str) -> Option<(String, Known)> {
    let (host, known) = line.trim().split_once(' ')?;
    let known = match known.trim() {
        AUTHORITY => Known::Authority,
        key => Known::Key(key.parse().ok()?),
    };
    Some((host.to_lowercase(), known))
}

/// What a person is told of a server that was not known.
#[must_use]
pub fn first_sentence(host: &Host, known: Known) -> String {
    match known {
        Known::Key(key) => format!(
            "First time at tls://{host}. Its key is {key}, and is remembered; it should be the one that its tr2 serve \
             printed."
        ),
        Known::Authority => {
            format!("First time at tls://{host}. An authority that this machine trusts vouches for it.")
        }
    }
}

/// What a person is told of a server that cannot prove its key.
#[must_use]
pub fn impostor_sentence(host: &Host) -> String {
    format!(
        "Whoever answers at tls://{host} shows a certificate whose key they do not have, so nothing was sent there: \
         somebody stands in between. Ask whoever runs the server."
    )
}

/// What a person is told of a server that shows another key, and what to do. `list` is where the known ones are kept.
#[must_use]
pub fn changed_sentence(host: &Host, known: Known, shown: Fingerprint, list: &str) -> String {
    let known = match known {
        Known::Key(key) => format!("expected: {key}"),
        Known::Authority => "expected: a key that an authority vouches for".to_owned(),
    };
    let list = Text::line(list);
    format!(
        "The key of tls://{host} is not the one that was expected, so nothing was sent there: somebody may stand in \
         between.\n  {known}\n  shown:    {shown}\nAsk whoever runs the server. If the new key is theirs, join once with \
         --fingerprint {shown}, or remove the line of {host} from {list}."
    )
}
