//! Invitations of newcomers: what a moderator asks for, and a line in the list of those that hold.
//!
//! Must not know: who may invite, or how a code is made and kept.

use std::time::Duration;

use super::limits::{INVITATION_LONGEST, INVITATION_PEOPLE, INVITATION_SHORTEST};
use crate::model::name::lenient;
use crate::model::proquint::are_proquints;
use crate::model::{Name, Text, Timestamp, period};

/// Words of a code, and of the passphrase of moderators.
const CODE_WORDS: usize = 5;

/// Whether a text has the form of a code, so that it is a secret, and nobody's name.
#[must_use]
pub(crate) fn looks_like_code(text: &str) -> bool {
    are_proquints(text, CODE_WORDS)
}

/// An invitation as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvitationOrder {
    /// How many people may come in with its code.
    pub people: u32,
    /// For how long, from now on.
    pub time: Duration,
}

/// What an answer says of a new invitation beside its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationMade {
    /// Names it in the list.
    pub id: Text,
    /// How many people may come in with its code.
    pub people: u32,
}

/// An invitation in the list of those that hold; its code is not told again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationLine {
    /// Names it in the list.
    pub id: Text,
    /// The moderator who made it.
    pub by: Name,
    /// How many people may come in with its code.
    pub people: u32,
    /// How many have.
    pub used: u32,
    /// When it ends.
    pub until: Timestamp,
}

impl Default for InvitationOrder {
    /// One person, within ten minutes.
    fn default() -> Self {
        Self { people: 1, time: Duration::from_secs(600) }
    }
}

impl InvitationOrder {
    /// The data of its frame: `people=30 for=604800s`.
    #[must_use]
    pub fn data(&self) -> String {
        format!("people={} for={}s", self.people, self.time.as_secs())
    }

    /// Reads the data; what is left out is as in the default.
    ///
    /// # Errors
    /// A sentence about what is wrong.
    pub fn read(data: &str) -> Result<Self, String> {
        let mut order = Self::default();
        for word in data.split(' ').filter(|word| !word.is_empty()) {
            match word.split_once('=') {
                Some(("people", people)) => order.people = people.parse().unwrap_or(0),
                Some(("for", time)) => order.time = period::parse(time).unwrap_or_default(),
                _ => return Err("The data is as in: people=30 for=7d".to_owned()),
            }
        }
        if !INVITATION_PEOPLE.contains(&order.people) {
            return Err(format!("An invitation is for 1 to {} people.", INVITATION_PEOPLE.end()));
        }
        if order.time < INVITATION_SHORTEST || order.time > INVITATION_LONGEST {
            let (least, most) = (period::shown(INVITATION_SHORTEST), period::shown(INVITATION_LONGEST));
            return Err(format!("An invitation holds for {least} to {most}, as in for=7d."));
        }
        Ok(order)
    }
}

impl InvitationLine {
    /// The data of its frame: `id=ID people=N used=N until=TIME BY`.
    #[must_use]
    pub fn data(&self) -> String {
        let Self { id, by, people, used, until } = self;
        format!("id={id} people={people} used={used} until={} {by}", until.rfc3339())
    }

    /// Reads the data; `None` if it is malformed.
    #[must_use]
    pub fn read(data: &str) -> Option<Self> {
        let (words, by) = data.rsplit_once(' ')?;
        let value = |key: &str| words.split(' ').find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        Some(Self {
            id: Text::line(value("id")?),
            by: lenient(by)?,
            people: value("people")?.parse().ok()?,
            used: value("used")?.parse().ok()?,
            until: Timestamp::parse(value("until")?)?,
        })
    }
}
