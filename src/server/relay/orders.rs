//! What the broker wants of the relay, and what the relay tells it.
//!
//! Must not know: how packets are relayed, or who calls whom.

use super::RelayId;
use crate::protocol::conference::MemberNumber;
use crate::protocol::leg::LegToken;

/// Something that the relay is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayOrder {
    /// Relay a call, with a token for each of its legs.
    Open(RelayId, [LegToken; 2]),
    /// Let a member into a conference, with a token for its leg. With the first one, the conference is relayed.
    Admit(RelayId, MemberNumber, LegToken),
    /// A member has left its conference.
    Dismiss(RelayId, MemberNumber),
    /// Relay a call or conference no more.
    Close(RelayId),
}

/// Something that the broker is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayNews {
    /// A leg of this call was idle for [`IDLE_LEG`](super::IDLE_LEG): it is relayed no more.
    GaveUp(RelayId),
    /// The leg of this member of a conference was: it has no leg any more.
    GaveUpMember(RelayId, MemberNumber),
    /// This call or conference is not relayed: as many are as can be.
    Full(RelayId),
    /// Legs can be at this UDP port; 0 if there is none.
    Port(u16),
}
