//! Another member of the room's call that we are in, and what is shown of it.
//!
//! Must not know: the call, or where a face stands.

use std::sync::Arc;

use crate::media::picture::Picture;
use crate::model::{Fingerprint, Name};
use crate::protocol::conference::{ConferenceMember, MemberNumber};

/// Another member of the call that we are in.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct OtherMember {
    pub(super) member: ConferenceMember,
    /// Whether another key is known as the member's, or the member is ignored: then nothing passes between us.
    pub(super) is_kept_out: bool,
    /// Whether the member has proved its key.
    pub(super) reached: bool,
    pub(super) camera: bool,
    pub(super) newest: Option<Arc<Picture>>,
    pub(super) speaks: bool,
}

impl OtherMember {
    pub(in crate::client::session) fn name(&self) -> &Name {
        &self.member.name
    }

    pub(in crate::client::session) fn key(&self) -> Fingerprint {
        self.member.key
    }

    pub(in crate::client::session) fn number(&self) -> MemberNumber {
        self.member.number
    }

    /// Whether the server has verified the member.
    pub(in crate::client::session) fn is_verified(&self) -> bool {
        self.member.verified
    }

    /// Whether the member speaks, as far as it is heard.
    pub(in crate::client::session) fn speaks(&self) -> bool {
        self.speaks
    }

    /// Whether pictures of the member can be shown.
    pub(in crate::client::session) fn has_picture(&self) -> bool {
        self.camera && self.reached && !self.is_kept_out
    }

    /// The newest picture.
    pub(in crate::client::session) fn newest(&self) -> Option<&Arc<Picture>> {
        self.newest.as_ref().filter(|_| self.has_picture())
    }
}
