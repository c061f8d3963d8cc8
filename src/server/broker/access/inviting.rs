//! Codes are made, shown, used and voided: for another key of one's own name, and for newcomers.
//!
//! Must not know: who may have which name (`name_policy`), or how a change is stored.

use super::codes::{CodeHash, Codes};
use super::invitations::{CodeState, InvitationId, Invitations};
use super::key_codes::{KeyCode, KeyCodes};
use super::name_policy::Grant;
use super::{Access, ConnId};
use crate::model::{Name, Now, Text, Timestamp};
use crate::protocol::{Code, Event, IdentityEvent, InvitationMade, InvitationOrder};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::{FactChange, Outbox};
use crate::server::broker::paging::Allowance;
use crate::server::broker::peers::{Peer, Peers};
use crate::server::broker::rules::Registration;
use crate::server::ids::ByConn;
use crate::server::in_order;
use crate::server::limits::{KEY_CODE_LIFE, LINE_COST};
use crate::server::telemetry::events::Note;
use serde::{Deserialize, Serialize};

/// The cost of one line of the list, in bytes, roughly.
const LINE_BYTES: usize = 192;
/// How often a number is drawn for an invitation: few are taken.
const DRAWS: usize = 100;

/// All codes that can be used, and those that connections have shown.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Inviting {
    codes: Codes,
    keys: KeyCodes,
    invitations: Invitations,
    /// The code that a connection has shown.
    #[serde(serialize_with = "in_order::map")]
    shown: ByConn<CodeHash>,
    /// The codes for keys that bound names which the store has not kept yet.
    #[serde(serialize_with = "in_order::map")]
    spent: ByConn<(CodeHash, KeyCode)>,
}

/// What the code that a connection has shown allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// It has shown none.
    NoCode,
    /// This.
    Grant(Grant),
    /// Nothing any more: others were faster, or its time is over.
    Lapsed,
}

impl Inviting {
    /// What was read goes on with this secret.
    pub(super) fn goes_on(&mut self, secret: [u8; 32]) {
        self.codes.goes_on(secret);
    }

    /// No codes yet; they will be drawn from `secret`, which must be random.
    pub(super) fn new(secret: [u8; 32]) -> Self {
        Self {
            codes: Codes::new(secret),
            keys: KeyCodes::default(),
            invitations: Invitations::default(),
            shown: ByConn::default(),
            spent: ByConn::default(),
        }
    }

    /// A connection shows a code.
    pub(super) fn show(&mut self, (now, time): (Now, Timestamp), conn: ConnId, given: CodeHash) -> Result<(), Denial> {
        let is_key = self.keys.find(&given, now.steady).is_some();
        match self.invitations.find(&given, time) {
            Some(CodeState::UsedUp(people)) => return Err(used_up(people)),
            None if !is_key => {
                let text = "This code is wrong, or not valid any more; ask for another one.";
                return Err(Denial::new(Code::WrongCode, text));
            }
            Some(CodeState::Open) | None => {}
        }
        self.shown.insert(conn, given);
        Ok(())
    }

    /// What a connection's code allows.
    pub(super) fn allowed(&self, (now, time): (Now, Timestamp), conn: ConnId) -> Allowed {
        let Some(given) = self.shown.get(&conn) else { return Allowed::NoCode };
        if let Some(name) = self.keys.find(given, now.steady) {
            return Allowed::Grant(Grant::Key(name.clone()));
        }
        match self.invitations.find(given, time) {
            Some(CodeState::Open) => Allowed::Grant(Grant::Newcomer),
            Some(CodeState::UsedUp(_)) | None => Allowed::Lapsed,
        }
    }

    /// Forgets the code that a connection has shown, and if it was `used`, uses it up: returns what that changes of an
    /// invitation.
    pub(super) fn take(&mut self, conn: ConnId, used: bool) -> Option<(InvitationId, FactChange)> {
        let given = self.shown.remove(&conn).filter(|_| used)?;
        if let Some(code) = self.keys.take(&given) {
            self.spent.insert(conn, (given, code));
            return None;
        }
        self.invitations.take(&given)
    }

    /// The code for a key that a connection used to bind a name is used up, or, if the name could not be kept, can be used
    /// again; `open` says whether the connection is still there.
    pub(super) fn settle(&mut self, conn: ConnId, kept: bool, open: bool) {
        if let Some((given, code)) = self.spent.remove(&conn).filter(|_| !kept) {
            self.keys.give_back(code);
            if open {
                self.shown.insert(conn, given);
            }
        }
    }

    /// A connection is closed.
    pub(super) fn close(&mut self, conn: ConnId) {
        self.shown.remove(&conn);
    }

    /// Voids the codes that a user made: they may be in the wrong hands. Returns what that changes.
    pub(super) fn forget(&mut self, by: &Name) -> Vec<FactChange> {
        self.keys.forget(by);
        self.invitations.forget(&by.folded())
    }

    /// Ends invitations whose time is over, some at a time.
    pub(super) fn expire(&mut self, time: Timestamp, out: &mut Outbox) {
        self.invitations.expire(time, out);
    }

    /// Restores a stored invitation; `false` if it cannot be read.
    pub(super) fn restore(&mut self, key: &str, value: &str) -> bool {
        self.invitations.restore(key, value)
    }

    /// Takes back a change of an invitation: this held before.
    pub(super) fn take_back(&mut self, key: &str, value: Option<&str>) {
        self.invitations.take_back(key, value);
    }
}

impl Access {
    /// Makes a code that adds a key to a user's name.
    pub(in crate::server::broker) fn invite_key(
        &mut self,
        now: Now,
        peers: &Peers,
        caller: &Caller,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        let name = self.owner(peers, caller)?.0.name.clone();
        let (code, _) = self.inviting.codes.draw();
        self.inviting.keys.add(&name, CodeHash::of(&code), now.steady).map_err(|_| {
            let text = "Too many codes are unused; they expire within ten minutes.";
            Denial::new(Code::TooManyInvitations, text)
        })?;
        let about = IdentityEvent::Invited { seconds: KEY_CODE_LIFE.as_secs(), code: Text::line(&code), made: None };
        caller.answer(Event::Identity(about), out);
        Ok(())
    }

    /// Makes a code for newcomers.
    pub(in crate::server::broker) fn invite(
        &mut self,
        time: Timestamp,
        (caller, by_passphrase): (&Caller, bool),
        registration: Registration,
        wanted: Option<InvitationOrder>,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        if !caller.role.is_moderator() {
            let text = "Only a moderator may invite a new user; /invite-key makes a code for another key of your own.";
            return Err(Denial::new(Code::NotModerator, text));
        }
        if registration == Registration::Closed {
            let text = "This server is closed to new users, so a code would not work; see --registration.";
            return Err(Denial::new(Code::RegistrationClosed, text));
        }
        let order = wanted.unwrap_or_default();
        let too_many = || {
            let text = "There are too many invitations; end some that are not needed: /invitations lists them.";
            Denial::new(Code::TooManyInvitations, text)
        };
        let Inviting { codes, invitations, .. } = &mut self.inviting;
        invitations.make_room(&caller.user, time, out).map_err(|_| too_many())?;
        let made = (0..DRAWS).find_map(|_| {
            let (code, number) = codes.draw();
            let (id, change) =
                invitations.add(number, CodeHash::of(&code), (&caller.user, by_passphrase), order, time)?;
            Some((code, id, change))
        });
        let (code, id, change) = made.ok_or_else(too_many)?;
        out.change(change);
        let (id, people, seconds) = (id.shown(), order.people, order.time.as_secs());
        let (conn, name) = (caller.conn, caller.user.clone());
        out.notes.push(Note::Invited { conn, name, id: id.clone(), people, seconds });
        let made = wanted.map(|_| InvitationMade { id: Text::line(&id), people });
        caller.answer(Event::Identity(IdentityEvent::Invited { seconds, code: Text::line(&code), made }), out);
        Ok(())
    }

    /// Lists the invitations that hold, for moderators of the server.
    pub(in crate::server::broker) fn list_invitations(
        &self,
        time: Timestamp,
        caller: &Caller,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        only_moderators(caller)?;
        let (mut allowance, mut more) = (Allowance::default(), false);
        for line in self.inviting.invitations.list(time) {
            if !allowance.takes(LINE_BYTES) {
                more = true;
                break;
            }
            out.charge(LINE_COST);
            caller.answer(Event::Identity(IdentityEvent::Invitation(line)), out);
        }
        caller.answer(Event::Identity(IdentityEvent::InvitationsEnd { more }), out);
        Ok(())
    }

    /// Ends an invitation; those who have come in with it stay.
    pub(in crate::server::broker) fn revoke_invitation(
        &mut self,
        time: Timestamp,
        caller: &Caller,
        written: &str,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        only_moderators(caller)?;
        let invitations = &mut self.inviting.invitations;
        let id = InvitationId::read(written.trim()).filter(|id| invitations.holds(*id, time));
        let ended = id.and_then(|id| Some((id.shown(), invitations.end(id)?)));
        let (id, change) = ended.ok_or_else(|| {
            let text = format!("There is no invitation {}; /invitations lists them.", Text::line(written));
            Denial::new(Code::NoSuchInvitation, text)
        })?;
        out.change(change);
        let (conn, name) = (caller.conn, caller.user.clone());
        out.notes.push(Note::InvitationRevoked { conn, name, id: id.clone() });
        caller.answer(Event::Identity(IdentityEvent::InvitationRevoked(Text::line(&id))), out);
        Ok(())
    }

    /// A connection shows a code.
    pub(in crate::server::broker) fn take_code(
        &mut self,
        (now, time): (Now, Timestamp),
        (conn, peer): (ConnId, &Peer),
        code: CodeHash,
    ) -> Result<(), Denial> {
        if peer.name().is_some() {
            let text = "You have already joined; a code must be given before the name.";
            return Err(Denial::new(Code::NamedAlready, text));
        }
        if !peer.has_proved() {
            let text = "A code needs a verified connection; connect over tls://, ssh:// or the server's socket file.";
            return Err(Denial::new(Code::NotVerified, text));
        }
        self.count_code_try(peer.origin(), now.steady)?;
        let shown = self.inviting.show((now, time), conn, code);
        if shown.as_ref().err().is_none_or(|denial| denial.code == Code::CodeUsedUp) {
            self.forgive_code_try(peer.origin());
        }
        shown
    }

    /// Voids the codes that a user made: they may be in the wrong hands.
    pub(in crate::server::broker) fn void_codes(&mut self, name: &Name, out: &mut Outbox) {
        self.inviting.forget(name).into_iter().for_each(|change| out.change(change));
    }

    /// Ends the invitations of those who were moderators by the passphrase; returns how many those are.
    pub(in crate::server::broker) fn end_passphrase_invitations(&mut self, out: &mut Outbox) -> usize {
        let ended = self.inviting.invitations.forget_passphrase();
        let count = ended.len();
        ended.into_iter().for_each(|change| out.change(change));
        count
    }

    /// The code that a connection used to bind a name is used up, or, if the name could not be kept, can be used again.
    pub(in crate::server::broker) fn settle_code(&mut self, conn: ConnId, kept: bool) {
        self.inviting.settle(conn, kept, self.open.origin(conn).is_some());
    }

    /// The clock by which invitations were made turned out to be wrong: they last as long as they were to last.
    pub(in crate::server::broker) fn set_invitations_right(
        &mut self,
        moved: impl Fn(Timestamp) -> Option<i64>,
        out: &mut Outbox,
    ) {
        self.inviting.invitations.set_right(moved, out);
    }

    /// Restores a stored invitation; `false` if it cannot be read.
    pub(in crate::server::broker) fn restore_invitation(&mut self, key: &str, value: &str) -> bool {
        self.inviting.restore(key, value)
    }

    /// Takes back a change of an invitation: this held before.
    pub(in crate::server::broker) fn take_back_invitation(&mut self, key: &str, value: Option<&str>) {
        self.inviting.take_back(key, value);
    }
}

fn only_moderators(caller: &Caller) -> Result<(), Denial> {
    if caller.role.is_moderator() {
        return Ok(());
    }
    Err(Denial::new(Code::NotModerator, "Only a moderator may see and end the invitations of new users."))
}

/// The refusal of a code that has been used by as many people as it was meant for.
fn used_up(people: u32) -> Denial {
    let text = match people {
        1 => "This code was for one person, who has used it; ask for another one.".to_owned(),
        people => format!("This code was for {people} people, who have all come in; ask for another one."),
    };
    Denial::new(Code::CodeUsedUp, text)
}
