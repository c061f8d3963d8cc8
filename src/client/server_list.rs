//! The addresses of the chat to join: one, or those of all its nodes.
//!
//! Must not know: which of them is dialed, or where the words come from.

use crate::language::{command_line as say, names};
use crate::model::Url;

/// The most addresses that a person may give.
pub(crate) const MAX_GIVEN: usize = 16;

/// How the address of a socket file begins.
const PATH: &str = "unix:";

/// Reads addresses, each word one of them or several with commas in between. They are of one kind: whoever can keep a
/// client from one must not bring it to another that proves less.
///
/// # Errors
/// What is wrong with them, as a sentence.
pub(crate) fn read(words: &[impl AsRef<str>]) -> Result<Vec<Url>, String> {
    let mut urls: Vec<Url> = Vec::new();
    for word in words.iter().flat_map(|word| split(word.as_ref())) {
        let url: Url = word.parse().map_err(|error| names::address(&error))?;
        if let Some(first) = urls.first().filter(|first| kind(first) != kind(&url)) {
            return Err(say::servers_of_two_kinds(first, &url));
        }
        urls.push(url);
    }
    if urls.len() > MAX_GIVEN {
        return Err(say::too_many_servers(MAX_GIVEN));
    }
    Ok(urls)
}

/// The addresses as one word.
pub(crate) fn joined(urls: &[Url]) -> String {
    urls.iter().map(Url::to_string).collect::<Vec<_>>().join(",")
}

/// A path may have a comma in it: there, only one before another address separates.
fn split(word: &str) -> Vec<&str> {
    let word = word.trim();
    if !word.starts_with(PATH) {
        return word.split(',').map(str::trim).collect();
    }
    let starts: Vec<usize> = word.match_indices(PATH).map(|(at, _)| at).collect();
    let begins = |at: &usize| *at == 0 || word.get(..*at).is_some_and(|before| before.ends_with(','));
    let starts: Vec<usize> = starts.into_iter().filter(begins).collect();
    let ends = starts.iter().skip(1).map(|at| at - 1).chain([word.len()]);
    starts.iter().zip(ends).filter_map(|(from, to)| word.get(*from..to)).collect()
}

fn kind(url: &Url) -> &'static str {
    match url {
        Url::Tcp(_) => "tcp",
        Url::Tls(_) => "tls",
        Url::Unix(_) => "unix",
        Url::Ssh(_) => "ssh",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart_by_commas_and_are_of_one_kind() {
        let shown = |words: &[&str]| match read(words) {
            Ok(urls) => joined(&urls),
            Err(why) => why,
        };
        assert_eq!(shown(&["tls://a, tls://b:7", "tls://c"]), "tls://a:1235,tls://b:7,tls://c:1235");
        assert_eq!(shown(&["a,b:5"]), "tcp://a:1234,tcp://b:5");
        let paths = ["unix:/a,b".to_owned(), "unix:/c".to_owned()];
        let both = read(&paths).unwrap_or_default();
        assert_eq!(both.iter().map(Url::to_string).collect::<Vec<_>>(), paths);
        assert_eq!(read(&[joined(&both)]), Ok(both));
        assert!(shown(&["tls://a,tcp://b"]).contains("tcp://b:1234"));
        assert!(shown(&["tls://a", "unix:/b"]).contains("unix:/b"));
        assert!(read(&["tls://a,"]).is_err());
        assert!(read(&[""]).is_err());
        assert_eq!(read(&vec!["tls://a"; MAX_GIVEN + 1]), Err(say::too_many_servers(MAX_GIVEN)));
        assert_eq!(shown(&[]), "");
    }
}
