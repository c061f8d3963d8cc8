//! The policy for names: which user may join under which name.
//!
//! Must not know: who is online under it, or how the answer is sent.

use serde::{Deserialize, Serialize};

use super::owners::Owned;
use crate::model::{Identity, Name, Origin, Role};
use crate::protocol::Code;
use crate::server::broker::caller::Denial;
use crate::server::broker::rules::{Registration, Rules};
use crate::server::store::api::Owner;

/// What a code allows its bearer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) enum Grant {
    /// To add their key to this name.
    Key(Name),
    /// To register a name on a server that is for invited people only.
    Newcomer,
}

/// A connection that asks for a name.
#[derive(Clone, Debug)]
pub(in crate::server::broker) struct Applicant {
    /// The proved identity, if any.
    pub(in crate::server::broker) identity: Option<Identity>,
    /// The address or local user that it connects from.
    pub(in crate::server::broker) origin: Origin,
    /// Its role: above a user's if it gave the passphrase.
    pub(in crate::server::broker) role: Role,
    /// What its invitation code allows.
    pub(in crate::server::broker) grant: Option<Grant>,
    /// Whether the name is a login on this machine.
    pub(in crate::server::broker) login: Login,
}

/// Whether a name is a login on the server's machine, or looks like one; looked up only for connections over a socket
/// file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Login {
    /// No user's login.
    #[default]
    Nobodys,
    /// The applicant's own login.
    Own,
    /// Another user's login.
    Others,
    /// Nobody's login, but like another user's: it looks like it, or differs from it by separators at most.
    Alike,
    /// The system's directory of users does not answer, or fails: nobody knows whose it is.
    Unknown,
}

/// The terms on which a name is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct Claim {
    /// Whether moderator rights come with the name.
    pub(in crate::server::broker) moderator: bool,
    /// What becomes of the name.
    pub(in crate::server::broker) bind: Bind,
    /// Whether the name is the applicant's own, so that nobody else may be online under it.
    pub(in crate::server::broker) own: bool,
}

/// What becomes of the ownership of a name when a user joins under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server::broker) enum Bind {
    /// Its ownership stays as it was.
    Not,
    /// The applicant becomes an additional owner.
    Add(Identity),
    /// The applicant becomes its only owner.
    Alone(Identity),
}

/// Decides whether a name is given, and on what terms. `near` is another user who owns a name that differs from it by
/// separators at most, and `kept` the name reserved for a moderator that this one is, or looks like.
pub(in crate::server::broker) fn decide(
    applicant: &Applicant,
    name: &Name,
    owned: Owned<'_>,
    near: Option<&Owner>,
    kept: Option<&Name>,
    rules: &Rules,
) -> Result<Claim, Denial> {
    let host = applicant.identity == Some(Identity::Uid(rules.own_uid));
    let here = applicant.origin.is_local() && applicant.origin != Origin::Unmapped;
    let believed = rules.trust_names && applicant.identity.is_none() && here;
    let is_kept = kept.is_some_and(|kept| kept.folded() == name.folded());
    if !(host && is_kept && matches!(applicant.login, Login::Others | Login::Alike)) {
        not_a_login(name, applicant.login)?;
    }
    let (bind, own) = match (owned, applicant.identity) {
        (Owned::By(owner), Some(identity)) if owner.is(identity) => (Bind::Not, true),
        (_, Some(identity)) if applicant.login == Login::Own => (Bind::Alone(identity), true),
        (Owned::By(owner), Some(identity)) if applicant.grant == Some(Grant::Key(owner.name.clone())) => {
            (Bind::Add(identity), true)
        }
        (Owned::By(_), _) if believed || host && is_kept => (Bind::Not, false),
        (Owned::By(_), _) => return Err(Denial::new(Code::NameBound, bound(name, applicant))),
        (Owned::LooksLike(owner), _) => return Err(looks_like(name, owner)),
        (Owned::Free, identity) => {
            if let Some(owner) = near {
                return Err(looks_like(name, owner));
            }
            let vouched = host || applicant.role.is_moderator();
            if kept.is_some() && !vouched && !(believed && is_kept) {
                return Err(Denial::new(Code::NameKept, kept_for_moderator(name)));
            }
            if !vouched && !believed {
                may_register(applicant, rules.registration)?;
            }
            (identity.map_or(Bind::Not, Bind::Add), false)
        }
    };
    let moderator = is_kept && (applicant.identity.is_some() || believed);
    Ok(Claim { moderator, bind, own })
}

/// Refuses a name that is another user's login on the server's machine, or looks like one, or of which nobody knows.
pub(super) fn not_a_login(name: &Name, login: Login) -> Result<(), Denial> {
    let how = match login {
        Login::Nobodys | Login::Own => return Ok(()),
        Login::Others => "is",
        Login::Alike => "looks like",
        Login::Unknown => {
            let text = "The server cannot look up logins at the moment; try again later.";
            return Err(Denial::new(Code::Busy, text));
        }
    };
    let text = format!("{name} {how} another user's login on the server's machine; choose another name.");
    Err(Denial::new(Code::NameBound, text))
}

/// Whether a newcomer may register a name.
fn may_register(applicant: &Applicant, registration: Registration) -> Result<(), Denial> {
    let text = match (registration, applicant.identity, &applicant.grant) {
        (Registration::Open, ..) | (Registration::Invite, Some(_), Some(Grant::Newcomer)) => return Ok(()),
        (Registration::Closed, ..) => {
            let text = "This server is closed to new users; join under a name that you own.";
            return Err(Denial::new(Code::RegistrationClosed, text));
        }
        (Registration::Invite, None, _) => {
            "This server is by invitation only, and this connection does not verify you; connect over tls:// or \
             ssh:// with a code from a moderator (/invite)."
        }
        (Registration::Invite, Some(_), _) => {
            "This server is by invitation only; ask a moderator for a code (/invite)."
        }
    };
    Err(Denial::new(Code::InvitationNeeded, text))
}

pub(super) fn looks_like(name: &Name, owner: &Owner) -> Denial {
    let text = format!("The name {name} looks like {}, which has an owner; choose another name.", owner.name);
    Denial::new(Code::NameBound, text)
}

fn bound(name: &Name, applicant: &Applicant) -> String {
    let how = if applicant.origin == Origin::Unmapped {
        "connect over tls://, or from where the server can tell who you are: you are outside its user namespace, so this \
         connection does not verify you"
    } else if applicant.identity.is_none() {
        "connect as you did before, over tls://, ssh:// or the server's socket file: this connection does not verify \
         you"
    } else {
        "make a code with /invite-key in a session that owns it, and join with that code"
    };
    format!("The name {name} has an owner. If that is you, {how}. Otherwise choose another name.")
}

fn kept_for_moderator(name: &Name) -> String {
    format!("The name {name} is reserved for a moderator; give the passphrase first.")
}
