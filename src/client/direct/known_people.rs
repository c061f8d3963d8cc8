//! Which key belongs to whom: the people whose key was seen on a channel, each on the server where they have their name.
//!
//! The list has lines `NAME SHA256:… MARK SERVER`; MARK is `verified` where two people have compared their words, else
//! `seen`.
//!
//! Must not know: where the list is stored, or what follows from another key.

use std::fmt::Write as _;

use crate::model::{Fingerprint, Name, Url};

/// The word for a key that was compared by two people.
const VERIFIED: &str = "verified";
/// The word for a key that was seen only.
const SEEN: &str = "seen";

/// A person whose key is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// The name.
    pub name: Name,
    /// The key.
    pub key: Fingerprint,
    /// Whether two people have compared their words.
    pub verified: bool,
}

/// The people who are known on a server, by the text of the list. Of two lines about one name, the first counts.
#[must_use]
pub fn on_server(list: &str, server: &Url) -> Vec<KnownPerson> {
    let server = server.to_string();
    let mut known: Vec<KnownPerson> = Vec::new();
    for (person, _) in list.lines().filter_map(entry).filter(|(_, listed)| *listed == server) {
        if known.iter().all(|other| other.name.folded() != person.name.folded()) {
            known.push(person);
        }
    }
    known
}

/// The number of the first line, from 1 on, that is neither an entry, nor a comment, nor empty.
#[must_use]
pub fn unreadable_line(list: &str) -> Option<usize> {
    let is_fine = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#') || entry(line).is_some();
    list.lines().position(|line| !is_fine(line)).map(|at| at + 1)
}

/// The list with what is known now of a person. All its other lines stay, whatever they are.
#[must_use]
pub fn with(list: &str, server: &Url, person: &KnownPerson) -> String {
    let mut text = without(list, server, &person.name);
    let mark = if person.verified { VERIFIED } else { SEEN };
    // Writing to a string does not fail.
    let _ = writeln!(text, "{} {} {mark} {server}", person.name, person.key);
    text
}

/// The list without the person of a name. All its other lines stay, whatever they are.
#[must_use]
pub fn without(list: &str, server: &Url, name: &Name) -> String {
    let server = server.to_string();
    let same = |(other, listed): (KnownPerson, &str)| listed == server && other.name.folded() == name.folded();
    let others = list.lines().filter(|line| !entry(line).is_some_and(same));
    others.flat_map(|line| [line, "\n"]).collect()
}

/// The person of a line, and the server.
fn entry(line: &str) -> Option<(KnownPerson, &str)> {
    let mut words = line.trim().splitn(4, ' ');
    let name = Name::restored(words.next()?).ok()?;
    let key = words.next()?.parse().ok()?;
    let verified = match words.next()? {
        VERIFIED => true,
        SEEN => false,
        _ => return None,
    };
    let server = words.next()?.trim();
    server.parse::<Url>().ok()?;
    Some((KnownPerson { name, key, verified }, server))
}
