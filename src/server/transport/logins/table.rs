//! The logins of this machine by what they look like, and whose login a name is.
//!
//! Must not know: where the logins were read, or what follows for the name.

use std::collections::{BTreeSet, HashMap};

use crate::model::{Name, NameKey};
use crate::server::broker::access::name_policy::Login;
use crate::sys::directory::Account;

/// The known logins, found by names that look like them.
#[derive(Debug, Default)]
pub(super) struct LoginTable {
    by_near: HashMap<String, Vec<Account>>,
    /// The first login of each user.
    by_uid: HashMap<u32, String>,
}

impl LoginTable {
    /// A table of these logins.
    pub(super) fn of(accounts: impl IntoIterator<Item = Account>) -> Self {
        let mut by_near: HashMap<String, Vec<Account>> = HashMap::new();
        let mut by_uid: HashMap<u32, String> = HashMap::new();
        for account in accounts {
            by_uid.entry(account.uid).or_insert_with(|| account.login.clone());
            // A login of signs alone looks like no name.
            for near in NameKey::of_login(&account.login).near() {
                by_near.entry(near).or_default().push(account.clone());
            }
        }
        Self { by_near, by_uid }
    }

    /// A user's login; the first of several, as the system says it too.
    pub(super) fn login_of(&self, uid: u32) -> Option<String> {
        self.by_uid.get(&uid).cloned()
    }

    /// The logins that are this name or look like it; also those that have separators or marks less.
    pub(super) fn near(&self, name: &Name) -> Vec<Account> {
        seen_as(name).iter().filter_map(|near| self.by_near.get(near)).flatten().cloned().collect()
    }
}

/// What a name could be taken for. Most logins have no accents, whatever their users are called, so that a name with
/// accents could be taken for a login without.
fn seen_as(name: &Name) -> BTreeSet<String> {
    name.key().near().into_iter().chain(name.unmarked()).collect()
}

/// Whose login a name is, as seen by the user with this number, going by all logins that look like it; others do no
/// harm.
pub(super) fn whose(name: &Name, uid: Option<u32>, accounts: &[Account]) -> Login {
    let key = name.key();
    let (mut exact, mut alike): (Vec<&Account>, Vec<&Account>) = (Vec::new(), Vec::new());
    for account in accounts {
        let other = NameKey::of_login(&account.login);
        if other.folded == key.folded {
            exact.push(account);
        } else if name.passes_for(&other) {
            alike.push(account);
        }
    }
    // Of logins that differ by case alone, one user's is the name: that in lower case, or the oldest user's.
    exact.sort_by_key(|account| (account.login.as_str() != key.folded.as_str(), account.uid));
    match exact.first() {
        // One user may have several logins.
        Some(first) if Some(first.uid) == uid => Login::Own,
        Some(_) => Login::Others,
        None if alike.iter().any(|account| Some(account.uid) != uid) => Login::Alike,
        None => Login::Nobodys,
    }
}

/// The spellings under which directories that do not list their users may have a name, or one that it looks like.
pub(super) fn spellings(name: &Name) -> Vec<String> {
    let folded = name.folded();
    let mut first = folded.chars();
    let capitalized = first.next().map(|c| c.to_uppercase().chain(first).collect::<String>());
    let mut all = vec![name.as_str().to_owned(), folded.to_string(), folded.to_uppercase()];
    all.extend(capitalized);
    let is_separator = |c: char| !c.is_alphanumeric();
    all.push(folded.trim_matches(is_separator).to_owned());
    all.extend(name.unmarked().into_iter().next());
    let mut seen = Vec::new();
    all.retain(|spelling| {
        !seen.contains(spelling) && {
            seen.push(spelling.clone());
            true
        }
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> LoginTable {
        let logins =
            ["BbUpper", "bob.smith", "bb$svc$", "1234567", "jörg", "anna", "ann-a", "Twin", "twin", "_", "root"];
        LoginTable::of(logins.into_iter().zip(1000..).map(|(login, uid)| Account { login: login.to_owned(), uid }))
    }

    fn seen_by(uid: u32, name: &str) -> Login {
        let name = Name::restored(name).unwrap();
        whose(&name, Some(uid), &table().near(&name))
    }

    #[test]
    fn a_login_is_its_user_s_in_every_spelling() {
        for (uid, spellings) in [
            (1000, &["BbUpper", "bbupper", "BBUPPER", "bBuPPER"][..]),
            (1001, &["bob.smith", "Bob.Smith"]),
            (1004, &["jörg", "JÖRG", "jo\u{308}rg"]),
        ] {
            for name in spellings {
                assert_eq!(seen_by(uid, name), Login::Own, "{name}");
                assert_eq!(seen_by(4242, name), Login::Others, "{name}");
            }
        }
    }

    #[test]
    fn what_looks_like_a_login_is_nobody_else_s() {
        for (name, login) in [
            ("bb.upper", 1000),
            ("Bb_Upper_", 1000),
            ("BbUpper.", 1000),
            ("bobsmith", 1001),
            ("bob-smith", 1001),
            ("b0b.smith", 1001),
            ("bb-svc", 1002),
            ("bbsvc", 1002),
            ("bb.svc.", 1002),
            ("l234567", 1003),
            ("r.o.o.t", 1010),
            ("rOOt", 1010),
            ("r00t", 1010),
            ("R00T_", 1010),
            ("ro\u{f3}t", 1010),
            ("r\u{1ecd}ot.", 1010),
        ] {
            let others = if name == "rOOt" { Login::Others } else { Login::Alike };
            assert_eq!(seen_by(4242, name), others, "{name}");
            let mine = if name == "rOOt" { Login::Own } else { Login::Nobodys };
            assert_eq!(seen_by(login, name), mine, "{name} is like one's own login");
        }
        for name in ["bob", "smith", "bbsvc1", "jorg", "ann", "roots", "\u{e1}nn"] {
            assert_eq!(seen_by(4242, name), Login::Nobodys, "{name}");
        }
    }

    #[test]
    fn logins_that_look_alike_are_each_their_own_user_s() {
        assert_eq!([seen_by(1005, "anna"), seen_by(1006, "ann-a")], [Login::Own; 2]);
        assert_eq!([seen_by(1006, "anna"), seen_by(1005, "ann-a")], [Login::Others; 2]);
        assert_eq!([seen_by(1005, "an.na"), seen_by(1006, "an.na")], [Login::Alike; 2]);
        // Of two that are one name here, only one can have it.
        assert_eq!([seen_by(1008, "twin"), seen_by(1008, "Twin")], [Login::Own; 2]);
        assert_eq!([seen_by(1007, "twin"), seen_by(1007, "Twin")], [Login::Others; 2]);
    }

    #[test]
    fn a_user_whom_nobody_can_tell_has_no_login() {
        let name = Name::restored("root").unwrap();
        assert_eq!(whose(&name, None, &table().near(&name)), Login::Others);
    }

    #[test]
    fn directories_are_asked_for_each_usual_spelling_once() {
        let of = |name: &str| spellings(&Name::restored(name).unwrap());
        assert_eq!(of("bob"), ["bob", "BOB", "Bob"]);
        assert_eq!(of("bOb"), ["bOb", "bob", "BOB", "Bob"]);
        assert_eq!(of("b.ob_"), ["b.ob_", "B.OB_", "B.ob_", "b.ob", "bob"]);
        assert_eq!(of("bób"), ["bób", "BÓB", "Bób", "bob"]);
    }
}
