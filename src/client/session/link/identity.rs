//! Identities: the refusals that are about a name, and the sentences about identities and keys.
//!
//! Must not know: how an identity is proved.

use crate::client::session::effects::Effects;
use crate::language::connecting as say;
use crate::language::inviting;
use crate::model::{Identity, Origin};
use crate::protocol::{Code, IdentityEvent, SessionLine, Whois};

/// Whether a refusal is about the name, so that another name, or a code for this one, would help.
pub(in crate::client::session) fn is_about_name(code: Option<Code>) -> bool {
    matches!(
        code,
        None | Some(
            Code::NameTaken
                | Code::BadName
                | Code::NameKept
                | Code::NameBound
                | Code::TooManyNames
                | Code::InvitationNeeded
                | Code::RegistrationClosed
                | Code::WrongCode
                | Code::CodeUsedUp
                | Code::NotVerified
                | Code::TooManyTries
        )
    )
}

/// Whether more of the answer follows: keys and invitations are listed one by one.
pub(in crate::client::session) fn goes_on(about: &IdentityEvent) -> bool {
    matches!(about, IdentityEvent::Key { .. } | IdentityEvent::Invitation(_))
}

/// A sentence about an identity; `None` if there is nothing to say.
pub(in crate::client::session) fn sentence(about: IdentityEvent, out: &Effects) -> Option<String> {
    match about {
        // A code is shown in a line that joins with it, and invitations in one list.
        IdentityEvent::Invited { .. } | IdentityEvent::Invitation(_) | IdentityEvent::InvitationsEnd { .. } => None,
        IdentityEvent::CodeTaken(_) | IdentityEvent::KeysEnd => None,
        IdentityEvent::Whois(whois) => Some(whois_sentence(&whois, out)),
        IdentityEvent::Key { proof, since, here } => {
            let (key, since) = (shown(proof), out.day_and_time(since));
            Some(if here { say::owned_key_of_session(key, since) } else { say::owned_key(key, since) })
        }
        IdentityEvent::KeyRevoked(proof) => Some(say::name_not_of_key(shown(proof))),
        IdentityEvent::InvitationRevoked(id) => Some(inviting::invitation_ended(id)),
    }
}

fn whois_sentence(whois: &Whois, out: &Effects) -> String {
    let name = &whois.name;
    let mut words = match (whois.proof, whois.online) {
        (Some(proof), _) => say::is_verified(name, shown(proof)),
        (None, Some(_)) => say::is_unverified(name),
        (None, None) => say::is_not_online(name),
    };
    if whois.moderator {
        words.push_str(say::is_moderator_too());
    }
    if let Some(online) = whois.online {
        words.push_str(&say::online_since(out.day_and_time(online)));
    }
    // The identity of a local user says as much.
    for ip in whois.from.iter().copied().filter_map(Origin::ip) {
        words.push_str(&say::from_address(ip));
    }
    words.push_str(&match whois.bound {
        Some(bound) => say::owned_since(out.day_and_time(bound)),
        None => say::anyone_could().to_owned(),
    });
    words
}

/// A sentence about one of the person's sessions.
pub(in crate::client::session) fn session_sentence(line: &SessionLine, out: &Effects) -> String {
    let SessionLine { number, since, from, proof, here } = line;
    let from = from.ip().map_or_else(|| say::this_machine().to_owned(), |ip| ip.to_string());
    let proof = proof.map_or_else(|| say::unverified().to_owned(), shown);
    let words = say::session_line(number, out.day_and_time(*since), from, proof);
    if *here { say::this_session(words) } else { words }
}

/// An identity in words.
fn shown(identity: Identity) -> String {
    match identity {
        Identity::Uid(uid) => say::unix_user(uid),
        Identity::Key(key) => say::key(key),
    }
}
