//! Links in what people write: where they begin and end, and how they are given to others.
//!
//! Only `http://` and `https://` count. What ends a sentence does not belong to its link, and a closing bracket only if the
//! link itself opened it.
//!
//! Must not know: where a text is shown, or what opens a link.

use std::fmt::Write as _;
use std::ops::Range;

/// The longest link that is given to others, in bytes.
pub const MAX_LINK: usize = 2000;

/// How a link begins, in small letters.
const SCHEMES: [&str; 2] = ["https://", "http://"];
/// What a link never holds, besides blanks and controls.
const OUTSIDE: &str = "<>\"`|\\^{}“”«»「」『』《》。，、；：？！（）";
/// What ends a sentence or an emphasis, and no link.
const TRAILING: &str = ".,;:!?'*~’‘…";
/// Brackets that a link may hold in pairs.
const BRACKETS: [(char, char); 2] = [('(', ')'), ('[', ']')];

/// The places of all links in a text, from the left.
pub fn places(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let found = next(text, from)?;
        from = found.end;
        Some(found)
    })
}

/// The links in a text, in order, each once: as they are given to a terminal, a clipboard or a browser.
#[must_use]
pub fn all(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for link in places(text).filter_map(|place| sanitized(text.get(place)?)) {
        if !all.contains(&link) {
            all.push(link);
        }
    }
    all
}

/// A link in printable ASCII, with everything else percent-encoded; `None` if it is no link of one of the two schemes, or
/// too long.
#[must_use]
pub fn sanitized(link: &str) -> Option<String> {
    let scheme = SCHEMES.iter().find(|scheme| begins(link, scheme))?;
    let mut clean = (*scheme).to_owned();
    for byte in link.bytes().skip(scheme.len()) {
        if byte.is_ascii_graphic() {
            clean.push(char::from(byte));
        } else {
            let _ = write!(clean, "%{byte:02X}");
        }
    }
    (clean.len() > scheme.len() && clean.len() <= MAX_LINK).then_some(clean)
}

fn begins(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// The first link from a byte on.
fn next(text: &str, mut from: usize) -> Option<Range<usize>> {
    loop {
        let colon = from + text.get(from..)?.find("://")?;
        from = colon + "://".len();
        let start = SCHEMES.iter().find_map(|scheme| {
            let start = from.checked_sub(scheme.len())?;
            begins(text.get(start..)?, scheme).then_some(start)
        });
        let Some(start) = start else { continue };
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let rest = text.get(from..)?;
        let end = rest.find(|c: char| c.is_whitespace() || c.is_control() || OUTSIDE.contains(c)).unwrap_or(rest.len());
        let rest = trimmed(rest.get(..end)?);
        let hosted = rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
        if hosted && !before.is_some_and(|c| c.is_ascii_alphanumeric()) {
            return Some(start..from + rest.len());
        }
    }
}

/// The rest of a link without what belongs to the sentence around it.
fn trimmed(mut rest: &str) -> &str {
    loop {
        let Some(last) = rest.chars().next_back() else { return rest };
        let shorter = rest.strip_suffix(last).unwrap_or(rest);
        let alone = BRACKETS
            .iter()
            .any(|&(open, close)| last == close && rest.matches(close).count() > rest.matches(open).count());
        let opens = BRACKETS.iter().any(|&(open, _)| last == open);
        if !(alone || opens || TRAILING.contains(last)) {
            return rest;
        }
        rest = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        places(text).filter_map(|place| text.get(place)).collect()
    }

    #[test]
    fn a_link_ends_where_its_sentence_goes_on() {
        for (text, link) in [
            ("see https://x.org/a", "https://x.org/a"),
            ("(see https://x.org/a)", "https://x.org/a"),
            ("(see https://x.org/a).", "https://x.org/a"),
            ("https://en.wikipedia.org/wiki/A_(b)", "https://en.wikipedia.org/wiki/A_(b)"),
            ("(https://en.wikipedia.org/wiki/A_(b)).", "https://en.wikipedia.org/wiki/A_(b)"),
            ("https://en.wikipedia.org/wiki/A_(b), or not", "https://en.wikipedia.org/wiki/A_(b)"),
            ("[text](http://x.org/a)", "http://x.org/a"),
            ("<https://x.org/a?b=1;c#d>", "https://x.org/a?b=1;c#d"),
            ("\"https://x.org/a\"", "https://x.org/a"),
            ("is it https://x.org/a?!", "https://x.org/a"),
            ("**https://x.org/a**", "https://x.org/a"),
            ("HTTPS://X.org", "HTTPS://X.org"),
            ("https://[::1]:8080/", "https://[::1]:8080/"),
            ("→https://x.org/é…", "https://x.org/é"),
            ("見てhttps://x.org/a。", "https://x.org/a"),
            ("https://x.org/a_", "https://x.org/a_"),
        ] {
            assert_eq!(found(text), [link], "{text}");
        }
    }

    #[test]
    fn other_things_are_no_links() {
        for text in
            ["", "://", "https://", "https://.", "http://)", "ftp://x.org", "javascript://x.org", "xhttp://x.org", "h"]
        {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        assert_eq!(
            found("http://http://x.org https://y.org/,https://z.org"),
            ["http://http://x.org", "https://y.org/,https://z.org"]
        );
    }

    #[test]
    fn what_is_given_to_others_is_printable_short_and_of_two_schemes() {
        assert_eq!(sanitized("HTTPS://x.org/é b\u{1b}").unwrap(), "https://x.org/%C3%A9%20b%1B");
        assert_eq!(sanitized("file:///etc/passwd"), None);
        assert_eq!(sanitized("https://"), None);
        assert_eq!(sanitized(&format!("https://x.org/{}", "a".repeat(MAX_LINK))), None);
        assert_eq!(all("https://a.org https://b.org https://a.org"), ["https://a.org", "https://b.org"]);
    }
}
