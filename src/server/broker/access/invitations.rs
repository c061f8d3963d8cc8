//! Invitation codes, valid once: for another key of one's own name, or for a new user.
//!
//! Only hashes of the codes are kept, and they are compared in constant time.
//!
//! Must not know: who may make a code, or where the secret comes from.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use ring::hmac;
use subtle::ConstantTimeEq as _;

use crate::model::{FoldedName, Name, Timestamp};
use crate::server::limits::{INVITATION_LIFE, MAX_INVITATIONS, MAX_INVITATIONS_OF_ONE, MAX_NEWCOMER_CODES_OF_ONE};
use crate::server::secrets::passphrase::{PASSPHRASE_BYTES, canonical, passphrase};

/// What a code allows its bearer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// To add their key to this name.
    Key(Name),
    /// To register a name on a server that is for invited people only.
    Newcomer,
}

/// The codes that can still be used.
#[derive(Debug)]
pub struct Invitations {
    /// The key that codes are drawn with; nobody else may know it.
    secret: hmac::Key,
    drawn: u64,
    live: Vec<Invitation>,
}

/// An invitation; its fields are nobody else's matter.
#[derive(Debug)]
pub struct Invitation {
    sum: [u8; 32],
    grant: Grant,
    /// The folded name of the user who made it.
    by: FoldedName,
    until: Timestamp,
}

/// Identifies an invitation whose code a connection has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket([u8; 32]);

/// This user has [`MAX_INVITATIONS_OF_ONE`] codes for keys or [`MAX_NEWCOMER_CODES_OF_ONE`] for new users, or there are
/// [`MAX_INVITATIONS`] in all and nobody has more than this user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyInvitations;

impl Invitations {
    /// No codes yet; they will be drawn from `secret`, which must be random.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret: hmac::Key::new(hmac::HMAC_SHA256, &secret), drawn: 0, live: Vec::new() }
    }

    /// Makes a code that is valid for [`INVITATION_LIFE`].
    ///
    /// # Errors
    /// If there are too many, of this user or in all.
    pub fn make(&mut self, by: &Name, grant: Grant, now: Timestamp) -> Result<String, TooManyInvitations> {
        self.live.retain(|invitation| invitation.until > now);
        let by = by.folded();
        let of_one = self.live.iter().filter(|invitation| invitation.by == by);
        let (newcomers, keys): (Vec<_>, Vec<_>) = of_one.partition(|invitation| invitation.grant == Grant::Newcomer);
        let of_one = newcomers.len() + keys.len();
        let full = match grant {
            Grant::Newcomer => newcomers.len() >= MAX_NEWCOMER_CODES_OF_ONE,
            Grant::Key(_) => keys.len() >= MAX_INVITATIONS_OF_ONE,
        };
        if full {
            return Err(TooManyInvitations);
        }
        if self.live.len() >= MAX_INVITATIONS {
            self.make_room(of_one)?;
        }
        self.drawn += 1;
        let drawn = hmac::sign(&self.secret, &self.drawn.to_be_bytes());
        let mut random = [0; PASSPHRASE_BYTES];
        random.iter_mut().zip(drawn.as_ref()).for_each(|(byte, drawn)| *byte = *drawn);
        let code = passphrase(random);
        self.live.push(Invitation { sum: sum(&code), grant, by, until: now.after(INVITATION_LIFE) });
        Ok(code)
    }

    /// Where there are too many, the oldest of the user who has most is void, unless they have no more than who asks.
    fn make_room(&mut self, own: usize) -> Result<(), TooManyInvitations> {
        let mut counts: BTreeMap<&FoldedName, usize> = BTreeMap::new();
        self.live.iter().for_each(|invitation| *counts.entry(&invitation.by).or_default() += 1);
        let most = counts.into_iter().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > own);
        let by = most.map(|(by, _)| by.clone()).ok_or(TooManyInvitations)?;
        let oldest = self.live.iter().position(|invitation| invitation.by == by);
        oldest.map(|oldest| self.live.remove(oldest)).map(drop).ok_or(TooManyInvitations)
    }

    /// The invitation behind a code, if it can still be used.
    #[must_use]
    pub fn find(&self, code: &str, now: Timestamp) -> Option<Ticket> {
        let given = sum(code);
        let mut found = None;
        // Every one is compared, so that the time taken tells nothing.
        for invitation in self.live.iter().filter(|invitation| invitation.until > now) {
            if bool::from(invitation.sum.ct_eq(&given)) {
                found = Some(Ticket(invitation.sum));
            }
        }
        found
    }

    /// What an invitation grants, if it can still be used.
    #[must_use]
    pub fn grant(&self, ticket: Ticket, now: Timestamp) -> Option<Grant> {
        let live = self.live.iter().find(|invitation| invitation.sum == ticket.0 && invitation.until > now);
        live.map(|invitation| invitation.grant.clone())
    }

    /// Uses an invitation up.
    pub fn take(&mut self, ticket: Ticket) -> Option<Invitation> {
        let at = self.live.iter().position(|invitation| invitation.sum == ticket.0)?;
        Some(self.live.remove(at))
    }

    /// Lets an invitation that was used up be used again.
    pub fn give_back(&mut self, invitation: Invitation) {
        self.live.push(invitation);
    }

    /// Voids a user's codes.
    pub fn forget(&mut self, by: &Name) {
        let by = by.folded();
        self.live.retain(|invitation| invitation.by != by);
    }
}

/// The hash of a code. Codes are random enough that a fast hash protects them.
fn sum(code: &str) -> [u8; 32] {
    let mut sum = [0; 32];
    let digest = digest(&SHA256, canonical(code).as_bytes());
    sum.iter_mut().zip(digest.as_ref()).for_each(|(byte, digest)| *byte = *digest);
    sum
}
