//! The events of a conference, as one member's end of it reports them.
//!
//! Must not know: what they lead to.

use std::sync::Arc;

use crate::media::picture::Picture;
use crate::net::peer::events::ChannelEnd;
use crate::protocol::conference::MemberNumber;

/// What happened in a conference.
#[derive(Clone, Debug, PartialEq)]
pub enum AttendanceEvent {
    /// The channel to a member is open: it has proved its key.
    Reached(MemberNumber),
    /// A member's channel ended or never opened. It is tried again, unless the member has another key than it should.
    Lost(MemberNumber, ChannelEnd),
    /// A member's camera was turned on or off.
    Camera(MemberNumber, bool),
    /// Whether anybody shows our pictures: at first nobody does.
    Watched(bool),
    /// A member's newest picture.
    Picture(MemberNumber, Arc<Picture>),
    /// A member begins or ceases to speak, as far as it is heard.
    Speaks(MemberNumber, bool),
    /// Whether anybody hears us; until the server has answered, that is not known.
    Heard(bool),
    /// No key can be made for our pictures and our voice: none are sent.
    Unsealed,
}
