//! What the session wants done in a room's call, and what it is told of it: plain values between the session and the
//! shell that has the leg.
//!
//! Must not know: who decides, or how it is carried out.

use std::sync::Arc;

use crate::media::picture::Picture;
use crate::net::peer::events::ChannelEnd;
use crate::protocol::conference::{ConferenceMember, MemberNumber};
use crate::protocol::conference_packet::FaceSize;
use crate::protocol::{CallId, RelayGrant};

/// Something to be done. There is one such call at a time; an order about another is passed over.
#[derive(Clone, Debug, PartialEq)]
pub enum ConferenceOrder {
    /// Take part in it.
    Attend {
        /// The call.
        id: CallId,
        /// Our leg of the relay.
        grant: RelayGrant,
        /// Our number in it.
        own: MemberNumber,
        /// Who is in it; those whose key is not to be trusted are left out, and get nothing from us.
        members: Vec<ConferenceMember>,
    },
    /// These are in it now, likewise.
    Members(CallId, Vec<ConferenceMember>),
    /// These are shown from now on, in these sizes.
    Show(CallId, Vec<(MemberNumber, FaceSize)>),
    /// Whether the others are sent the camera's pictures; at first they are not.
    Camera(CallId, bool),
    /// Whether there is a loudspeaker for the others' voices; at first there is none.
    Hear(CallId, bool),
    /// The person begins or ceases to speak.
    Talk(CallId, bool),
    /// Take part no more. Nothing follows.
    Leave(CallId),
}

/// Something that happened in a room's call.
#[derive(Clone, Debug, PartialEq)]
pub enum ConferenceNews {
    /// A member has proved its key.
    Reached(CallId, MemberNumber),
    /// A member is not reached any more. It is tried again, unless it has another key than it should.
    Lost(CallId, MemberNumber, ChannelEnd),
    /// A member's camera was turned on or off.
    Camera(CallId, MemberNumber, bool),
    /// Whether anybody shows our pictures; at first nobody does.
    Watched(CallId, bool),
    /// A member's newest picture.
    Picture(CallId, MemberNumber, Arc<Picture>),
    /// A member begins or ceases to speak, as far as it is heard.
    Speaks(CallId, MemberNumber, bool),
    /// Whether anybody hears us; until it is said, that is not known.
    Heard(CallId, bool),
    /// No key can be made for our pictures and our voice: none are sent.
    Unsealed(CallId),
    /// There is no way to the others any more; the sentence says why.
    Ended(CallId, String),
}
