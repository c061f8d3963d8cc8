//! Invitations of newcomers: each has a code for one or more people, holds for minutes or for months, and is stored, with
//! how many have used it. Of the code only a hash is kept.
//!
//! One that is used up stays until it ends, so that whoever comes too late is told why.
//!
//! Must not know: who may invite, how a code is drawn (`codes`), or how a fact is stored.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use serde::{Deserialize, Serialize};

use super::codes::CodeHash;
use crate::model::{FoldedName, Name, Text, Timestamp};
use crate::protocol::{InvitationLine, InvitationOrder};
use crate::server::broker::facts::{self, kind};
use crate::server::broker::outbox::{FactChange, Outbox};
use crate::server::limits::{EXPIRED_AT_ONCE, MAX_INVITATIONS, MAX_INVITATIONS_OF_ONE};
use crate::server::store::api::Fact;

/// The invitations that hold, by id.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Invitations {
    all: BTreeMap<InvitationId, Invitation>,
    /// Where the last look for those that have ended stopped.
    looked: Option<InvitationId>,
}

/// Names an invitation; not a part of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::server::broker) struct InvitationId(u16);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Invitation {
    hash: CodeHash,
    by: Name,
    people: u32,
    used: u32,
    made: Timestamp,
    until: Timestamp,
    /// Whether its maker was a moderator by the passphrase.
    by_passphrase: bool,
}

/// An invitation as it is stored.
#[derive(Serialize, Deserialize)]
struct InvitationText {
    hash: String,
    by: String,
    people: u32,
    used: u32,
    /// In milliseconds of the wall clock.
    made: i64,
    until: i64,
    #[serde(default, skip_serializing_if = "is_false")]
    by_passphrase: bool,
}

/// The invitation behind a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeState {
    /// It lets in one more, at least.
    Open,
    /// It was for so many people, who have come in.
    UsedUp(u32),
}

/// A moderator has [`MAX_INVITATIONS_OF_ONE`] invitations that are not used up, or there are [`MAX_INVITATIONS`] in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooManyInvitations;

impl InvitationId {
    /// Reads an id as it is shown.
    pub(super) fn read(text: &str) -> Option<Self> {
        let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u16::from_str_radix(text, 16).ok().map(Self))?
    }

    /// The id as it is shown.
    pub(in crate::server::broker) fn shown(self) -> String {
        format!("{:04x}", self.0)
    }
}

impl Invitation {
    fn is_used_up(&self) -> bool {
        self.used >= self.people
    }

    /// What of it is listed.
    fn line(&self, id: InvitationId) -> InvitationLine {
        let Self { by, people, used, until, .. } = self;
        InvitationLine { id: Text::line(&id.shown()), by: by.clone(), people: *people, used: *used, until: *until }
    }
}

impl Invitations {
    /// Whether a moderator may make another invitation at this time. Where there are too many, the moderator's own that are
    /// used up go first, the one that ends soonest before the others.
    pub(super) fn make_room(&mut self, by: &Name, time: Timestamp, out: &mut Outbox) -> Result<(), TooManyInvitations> {
        let by = by.folded();
        let holding = |invitation: &&Invitation| invitation.until > time;
        let own = self.all.values().filter(holding).filter(|invitation| invitation.by.folded() == by).count();
        let all = self.all.values().filter(holding).count();
        if own < MAX_INVITATIONS_OF_ONE && all < MAX_INVITATIONS {
            return Ok(());
        }
        let used_up = self.all.iter().filter(|(_, one)| one.is_used_up() && one.by.folded() == by);
        let soonest = used_up.min_by_key(|(id, one)| (one.until, **id)).map(|(id, _)| *id);
        soonest.and_then(|id| self.end(id)).map(|change| out.change(change)).ok_or(TooManyInvitations)
    }

    /// Adds an invitation; `None` if its number is taken.
    pub(super) fn add(
        &mut self,
        number: u16,
        hash: CodeHash,
        (by, by_passphrase): (&Name, bool),
        order: InvitationOrder,
        time: Timestamp,
    ) -> Option<(InvitationId, FactChange)> {
        let id = InvitationId(number);
        if self.all.contains_key(&id) {
            return None;
        }
        let (people, until) = (order.people, time.after(order.time));
        let invitation = Invitation { hash, by: by.clone(), people, used: 0, made: time, until, by_passphrase };
        let now = fact(id, &invitation);
        self.all.insert(id, invitation);
        Some((id, FactChange::of(ended(id), now)))
    }

    /// What is behind a code, if it holds. Every one is compared, so that the time taken tells nothing.
    pub(super) fn find(&self, given: &CodeHash, time: Timestamp) -> Option<CodeState> {
        let holding = self.all.values().filter(|invitation| invitation.until > time);
        let found = holding.fold(None, |found, one| if one.hash.is(given) { Some(one) } else { found })?;
        Some(if found.is_used_up() { CodeState::UsedUp(found.people) } else { CodeState::Open })
    }

    /// One more has come in with a code.
    pub(super) fn take(&mut self, given: &CodeHash) -> Option<(InvitationId, FactChange)> {
        let (id, invitation) = self.all.iter_mut().find(|(_, one)| one.hash.is(given))?;
        let before = fact(*id, invitation);
        invitation.used = invitation.used.saturating_add(1);
        Some((*id, FactChange::of(before, fact(*id, invitation))))
    }

    /// Ends an invitation; `None` if there is none with this id.
    pub(super) fn end(&mut self, id: InvitationId) -> Option<FactChange> {
        let invitation = self.all.remove(&id)?;
        Some(FactChange::of(fact(id, &invitation), ended(id)))
    }

    /// Whether an invitation holds.
    pub(super) fn holds(&self, id: InvitationId, time: Timestamp) -> bool {
        self.all.get(&id).is_some_and(|invitation| invitation.until > time)
    }

    /// Ends the invitations that a user has made.
    pub(super) fn forget(&mut self, by: &FoldedName) -> Vec<FactChange> {
        self.end_all(|invitation| invitation.by.folded() == *by)
    }

    /// Ends the invitations of those who were moderators by the passphrase, which is another now.
    pub(super) fn forget_passphrase(&mut self) -> Vec<FactChange> {
        self.end_all(|invitation| invitation.by_passphrase)
    }

    fn end_all(&mut self, which: impl Fn(&Invitation) -> bool) -> Vec<FactChange> {
        let some: Vec<InvitationId> = self.all.iter().filter(|(_, one)| which(one)).map(|(id, _)| *id).collect();
        some.into_iter().filter_map(|id| self.end(id)).collect()
    }

    /// Ends those whose time is over, among some that are looked at with each tick.
    pub(super) fn expire(&mut self, time: Timestamp, out: &mut Outbox) {
        let after = self.looked.map_or(Unbounded, Excluded);
        let some: Vec<_> = self.all.range((after, Unbounded)).take(EXPIRED_AT_ONCE).collect();
        self.looked = some.last().map(|(id, _)| **id);
        let over: Vec<InvitationId> =
            some.into_iter().filter(|(_, invitation)| invitation.until <= time).map(|(id, _)| *id).collect();
        over.into_iter().filter_map(|id| self.end(id)).for_each(|change| out.change(change));
    }

    /// Moves those that were made by a wrong clock.
    pub(super) fn set_right(&mut self, moved: impl Fn(Timestamp) -> Option<i64>, out: &mut Outbox) {
        for (id, invitation) in &mut self.all {
            let Some(by) = moved(invitation.made) else { continue };
            let before = fact(*id, invitation);
            for time in [&mut invitation.made, &mut invitation.until] {
                *time = Timestamp(time.0.saturating_add(by));
            }
            out.change(FactChange::of(before, fact(*id, invitation)));
        }
    }

    /// The list of those that hold, the one that ends first before the others.
    pub(super) fn list(&self, time: Timestamp) -> Vec<InvitationLine> {
        let holding = self.all.iter().filter(|(_, one)| one.until > time);
        let mut lines: Vec<_> = holding.map(|(id, one)| one.line(*id)).collect();
        lines.sort_by_key(|line| line.until);
        lines
    }

    /// Takes back a change: this held before.
    pub(super) fn take_back(&mut self, key: &str, value: Option<&str>) {
        if let Some(id) = InvitationId::read(key) {
            self.all.remove(&id);
        }
        if let Some(value) = value {
            self.restore(key, value);
        }
    }

    /// Restores a stored invitation; `false` if it cannot be read.
    pub(super) fn restore(&mut self, key: &str, value: &str) -> bool {
        read(key, value).map(|(id, invitation)| self.all.insert(id, invitation)).is_some()
    }
}

/// Reads a stored invitation; `None` if it makes no sense.
fn read(key: &str, value: &str) -> Option<(InvitationId, Invitation)> {
    let InvitationText { hash, by, people, used, made, until, by_passphrase } = facts::read(value)?;
    let (made, until) = (Timestamp(made), Timestamp(until));
    let (hash, by) = (CodeHash::read(&hash)?, Name::restored(&by).ok()?);
    Some((InvitationId::read(key)?, Invitation { hash, by, people, used, made, until, by_passphrase }))
}

/// What is listed of a stored invitation; `None` if it makes no sense.
pub(in crate::server::broker) fn read_line(key: &str, value: &str) -> Option<InvitationLine> {
    read(key, value).map(|(id, invitation)| invitation.line(id))
}

/// An invitation holds.
fn fact(id: InvitationId, invitation: &Invitation) -> Fact {
    let Invitation { hash, by, people, used, made, until, by_passphrase } = invitation;
    let (hash, by, people, used) = (hash.written(), by.to_string(), *people, *used);
    let (made, until, by_passphrase) = (made.0, until.0, *by_passphrase);
    facts::holds(kind::INVITATION, id.shown(), &InvitationText { hash, by, people, used, made, until, by_passphrase })
}

/// An invitation has ended.
fn ended(id: InvitationId) -> Fact {
    facts::ends(kind::INVITATION, id.shown())
}

/// What a stored invitation leaves out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
