//! The command that joins a server, as one line to be copied into a shell.
//!
//! Must not know: whose code is in it, or where the line is shown.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::model::{Fingerprint, Url};

/// From where a server can be joined with a code, by the address that this client uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeReach {
    /// From other machines, too, as far as can be seen from here.
    Anywhere,
    /// From this machine alone.
    ThisMachine,
    /// From nowhere: whoever connects there proves nothing, and codes are for those who do.
    Nowhere,
}

impl CodeReach {
    /// That of an address.
    #[must_use]
    pub fn of(server: &Url) -> Self {
        match server {
            Url::Unix(_) => Self::ThisMachine,
            Url::Tls(host) if host.is_loopback() => Self::ThisMachine,
            Url::Tls(_) | Url::Ssh(_) => Self::Anywhere,
            Url::Tcp(_) => Self::Nowhere,
        }
    }
}

/// `tr2 join --name NAME --server URL --fingerprint KEY --code CODE`, without a name if each has one of their own, and
/// without a key if the server has none or an authority vouches for it.
#[must_use]
pub fn join_line(name: Option<&str>, server: &Url, key: Option<Fingerprint>, code: &str) -> String {
    let mut line = "tr2 join".to_owned();
    if let Some(name) = name {
        let _ = write!(line, " --name {}", quoted(name));
    }
    let _ = write!(line, " --server {}", quoted(&server.to_string()));
    if let Some(key) = key.filter(|_| matches!(server, Url::Tls(_))) {
        let _ = write!(line, " --fingerprint {key}");
    }
    let _ = write!(line, " --code {}", quoted(code));
    line
}

/// A word as a shell takes it.
fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_what_a_shell_takes() {
        let key = Fingerprint([7; 32]);
        let tls: Url = "tls://chat.example.org".parse().unwrap();
        let unix: Url = "unix:/run/my chat/it's".parse().unwrap();
        let line = join_line(Some("ann"), &tls, Some(key), "lusab-babad");
        assert_eq!(
            line,
            format!("tr2 join --name ann --server tls://chat.example.org:1235 --fingerprint {key} --code lusab-babad")
        );
        let line = join_line(None, &unix, Some(key), "lusab");
        assert_eq!(line, r"tr2 join --server 'unix:/run/my chat/it'\''s' --code lusab", "a file has no key");
    }

    #[test]
    fn an_address_of_this_machine_is_known_as_one() {
        let reach = |server: &str| CodeReach::of(&server.parse().unwrap());
        assert_eq!(reach("unix:/run/tr2/socket"), CodeReach::ThisMachine);
        assert_eq!(reach("tls://localhost"), CodeReach::ThisMachine);
        assert_eq!(reach("tls://[::1]:7"), CodeReach::ThisMachine);
        assert_eq!(reach("tcp://chat.example.org"), CodeReach::Nowhere);
        assert_eq!(reach("tls://192.0.2.1"), CodeReach::Anywhere);
        assert_eq!(reach("ssh://ann@chat.example.org"), CodeReach::Anywhere);
    }
}
