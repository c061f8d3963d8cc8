//! Codes that let somebody in once: with another key under one's own name, or as somebody new.
//!
//! Only their sums are kept, and they are compared without telling by the time it takes how near a guess came.
//!
//! Must not know: who may make one, or where the first secret comes from.

use ring::digest::{SHA256, digest};
use ring::hmac;
use subtle::ConstantTimeEq as _;

use crate::model::{Name, Timestamp};
use crate::server::limits::{INVITATION_LIFE, MAX_INVITATIONS, MAX_INVITATIONS_OF_ONE};
use crate::server::secrets::passphrase::{PASSPHRASE_BYTES, canonical, passphrase};

/// What a code lets its bearer do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Have their key added to this name.
    Key(Name),
    /// Have a name, though names are for those who are invited.
    Newcomer,
}

/// The codes that can still be used.
#[derive(Debug)]
pub struct Invitations {
    /// What codes are drawn from; nobody outside may know it.
    secret: hmac::Key,
    drawn: u64,
    live: Vec<Invitation>,
}

#[derive(Debug)]
struct Invitation {
    sum: [u8; 32],
    grant: Grant,
    /// The key of the name of who made it, however they spell it.
    by: String,
    until: Timestamp,
}

/// An invitation whose code somebody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket([u8; 32]);

/// Too many codes can be used already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyInvitations;

impl Invitations {
    /// None yet; codes will be drawn from `secret`, which must be random.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret: hmac::Key::new(hmac::HMAC_SHA256, &secret), drawn: 0, live: Vec::new() }
    }

    /// A new code.
    ///
    /// # Errors
    /// If there are too many, of this user or in all.
    pub fn make(&mut self, by: &Name, grant: Grant, now: Timestamp) -> Result<String, TooManyInvitations> {
        self.live.retain(|invitation| invitation.until > now);
        let by = by.key().folded;
        let of_one = self.live.iter().filter(|invitation| invitation.by == by).count();
        if self.live.len() >= MAX_INVITATIONS || of_one >= MAX_INVITATIONS_OF_ONE {
            return Err(TooManyInvitations);
        }
        self.drawn += 1;
        let drawn = hmac::sign(&self.secret, &self.drawn.to_be_bytes());
        let mut random = [0; PASSPHRASE_BYTES];
        random.iter_mut().zip(drawn.as_ref()).for_each(|(byte, drawn)| *byte = *drawn);
        let code = passphrase(random);
        self.live.push(Invitation { sum: sum(&code), grant, by, until: now.after(INVITATION_LIFE) });
        Ok(code)
    }

    /// The invitation behind a code, if it can be used.
    #[must_use]
    pub fn find(&self, code: &str, now: Timestamp) -> Option<Ticket> {
        let given = sum(code);
        let mut found = None;
        // All of them are looked at, so that the time it takes tells nothing.
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
    pub fn take(&mut self, ticket: Ticket) {
        self.live.retain(|invitation| invitation.sum != ticket.0);
    }

    /// A user's codes are void.
    pub fn forget(&mut self, by: &Name) {
        let by = by.key().folded;
        self.live.retain(|invitation| invitation.by != by);
    }
}

/// A code is random enough that a quick sum keeps it.
fn sum(code: &str) -> [u8; 32] {
    let mut sum = [0; 32];
    let digest = digest(&SHA256, canonical(code).as_bytes());
    sum.iter_mut().zip(digest.as_ref()).for_each(|(byte, digest)| *byte = *digest);
    sum
}
