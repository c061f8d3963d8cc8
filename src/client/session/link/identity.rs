//! Identities: the refusals that are about a name, and the sentences about identities and keys.
//!
//! Must not know: how an identity is proved.

use crate::client::session::effects::Effects;
use crate::model::{Identity, Origin};
use crate::protocol::{Code, IdentityEvent, Whois};

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
                | Code::NotVerified
                | Code::TooManyTries
        )
    )
}

/// Whether more of the answer follows: keys are listed one by one.
pub(in crate::client::session) fn goes_on(about: &IdentityEvent) -> bool {
    matches!(about, IdentityEvent::Key { .. })
}

/// A sentence about an identity; `None` if there is nothing to say.
pub(in crate::client::session) fn sentence(about: IdentityEvent, out: &Effects) -> Option<String> {
    match about {
        IdentityEvent::CodeTaken(_) | IdentityEvent::KeysEnd => None,
        IdentityEvent::Whois(whois) => Some(whois_sentence(&whois, out)),
        IdentityEvent::Key { proof, since, here } => {
            let here = if here { ", this session's" } else { "" };
            let since = out.day_and_time(since);
            Some(format!("{}, since {since}{here}", shown(proof)))
        }
        IdentityEvent::KeyRevoked(proof) => Some(format!("Your name no longer belongs to {}.", shown(proof))),
        IdentityEvent::Invited { seconds, code } => {
            let minutes = seconds.div_ceil(60);
            Some(format!(
                "The code, valid once, for {minutes} minutes: {code}\nTo join with it: tr2 join --name NAME \
                 --server SERVER --code {code}"
            ))
        }
    }
}

fn whois_sentence(whois: &Whois, out: &Effects) -> String {
    let name = &whois.name;
    let mut words = match (whois.proof, whois.online) {
        (Some(proof), _) => format!("{name} is verified ({})", shown(proof)),
        (None, Some(_)) => format!("{name} is unverified"),
        (None, None) => format!("{name} is not online"),
    };
    if whois.moderator {
        words.push_str(", and is a moderator");
    }
    if let Some(online) = whois.online {
        words.push_str(&format!("; online since {}", out.day_and_time(online)));
    }
    // The identity of a local user says as much.
    if let Some(ip) = whois.from.and_then(Origin::ip) {
        words.push_str(&format!(", from {ip}"));
    }
    words.push_str(&match whois.bound {
        Some(bound) => format!(". The name has had an owner since {}.", out.day_and_time(bound)),
        None => "; anyone could use this name.".to_owned(),
    });
    words
}

/// An identity in words.
fn shown(identity: Identity) -> String {
    match identity {
        Identity::Uid(uid) => format!("Unix user {uid}"),
        Identity::Key(key) => format!("key {key}"),
    }
}
