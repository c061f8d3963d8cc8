//! Who may come in under which name: the rules, and nothing else.
//!
//! Must not know: who is online under it, or how the answer is told.

use super::invitations::Grant;
use super::owners::Owned;
use crate::model::{Identity, Name, Origin, Role};
use crate::protocol::Code;
use crate::server::broker::rules::{Registration, Rules};

/// Who asks for a name.
#[derive(Clone, Debug)]
pub(in crate::server) struct Asker {
    /// What the session has proved, if anything.
    pub(in crate::server) identity: Option<Identity>,
    /// Where it comes from.
    pub(in crate::server) origin: Origin,
    /// A moderator already, if it gave the passphrase.
    pub(in crate::server) role: Role,
    /// What the code it brought lets it do.
    pub(in crate::server) grant: Option<Grant>,
    /// Whether the name is a login on this machine.
    pub(in crate::server) login: Login,
}

/// Whether a name is a login on the server's machine; asked only of those who come over a socket file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Login {
    /// Of nobody.
    #[default]
    Nobodys,
    /// Of the user who asks.
    Own,
    /// Of another user.
    Others,
}

/// How somebody comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) struct Entry {
    /// Whether moderator rights come with the name.
    pub(in crate::server) moderator: bool,
    /// What becomes of the name.
    pub(in crate::server) bind: Bind,
    /// Whether it is the asker's own, so that nobody else may be online under it.
    pub(in crate::server) own: bool,
}

/// What becomes of a name when somebody comes in under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Bind {
    /// Whose it is stays as it was.
    Not,
    /// It belongs to the asker, beside whoever it belongs to.
    Add(Identity),
    /// It belongs to the asker, and to nobody else any more.
    Alone(Identity),
}

/// Decides; `kept` is the name kept for a moderator that the name is, or looks like.
pub(in crate::server) fn decide(
    asker: &Asker,
    name: &Name,
    owned: Owned<'_>,
    kept: Option<&Name>,
    rules: &Rules,
) -> Result<Entry, (Code, String)> {
    let host = asker.identity == Some(Identity::Uid(rules.own_uid));
    let believed = rules.trust_names && asker.identity.is_none() && asker.origin.is_local();
    let is_kept = kept.is_some_and(|kept| kept.key().folded == name.key().folded);
    if asker.login == Login::Others && !(host && is_kept) {
        let text = format!("{name} is the login of somebody else on this machine; choose another name.");
        return Err((Code::NameBound, text));
    }
    let (bind, own) = match (owned, asker.identity) {
        (Owned::By(owner), Some(identity)) if owner.is(identity) => (Bind::Not, true),
        (_, Some(identity)) if asker.login == Login::Own => (Bind::Alone(identity), true),
        (Owned::By(owner), Some(identity)) if asker.grant == Some(Grant::Key(owner.name.clone())) => {
            (Bind::Add(identity), true)
        }
        (Owned::By(_), _) if believed || host && is_kept => (Bind::Not, false),
        (Owned::By(_), _) => return Err((Code::NameBound, bound(name, asker))),
        (Owned::LooksLike(owner), _) => {
            let text = format!("The name {name} looks like {}, which belongs to somebody; choose another.", owner.name);
            return Err((Code::NameBound, text));
        }
        (Owned::Free, identity) => {
            let vouched = host || asker.role.is_moderator();
            if kept.is_some() && !vouched && !(believed && is_kept) {
                return Err((Code::NameKept, kept_for_moderator(name)));
            }
            if !vouched && !believed {
                may_register(asker, rules.registration)?;
            }
            (identity.map_or(Bind::Not, Bind::Add), false)
        }
    };
    let moderator = is_kept && (asker.identity.is_some() || believed);
    Ok(Entry { moderator, bind, own })
}

/// Whether somebody new may come in.
fn may_register(asker: &Asker, registration: Registration) -> Result<(), (Code, String)> {
    let text = match (registration, asker.identity, &asker.grant) {
        (Registration::Open, ..) | (Registration::Invite, Some(_), Some(Grant::Newcomer)) => return Ok(()),
        (Registration::Closed, ..) => {
            return Err((
                Code::RegistrationClosed,
                "This server takes nobody new; join under a name that belongs to you.".to_owned(),
            ));
        }
        (Registration::Invite, None, _) => {
            "This server is for those who are invited, and this line proves nothing of who you are; come over tls:// \
             or ssh://, with a code that a moderator makes with /invite."
        }
        (Registration::Invite, Some(_), _) => {
            "This server is for those who are invited; ask a moderator for a code, which /invite makes."
        }
    };
    Err((Code::InvitationNeeded, text.to_owned()))
}

fn bound(name: &Name, asker: &Asker) -> String {
    let way = if asker.identity.is_none() {
        "this line proves nothing of who you are: come as you did then, over tls://, ssh:// or the server's socket file"
    } else {
        "bring a code from where you are let in, which /invite-key makes"
    };
    format!("The name {name} belongs to somebody. If that is you, {way}. Otherwise choose another.")
}

fn kept_for_moderator(name: &Name) -> String {
    format!("The name {name} is kept for a moderator; give the passphrase first.")
}
