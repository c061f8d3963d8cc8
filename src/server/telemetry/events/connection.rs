//! Which connection an event is about.
//!
//! Must not know: what the event is.

use super::Note;
use crate::server::ids::ConnId;

impl Note {
    /// The connection that it is about, if it is about one.
    #[must_use]
    pub fn conn(&self) -> Option<ConnId> {
        match self {
            Self::Connected { conn, .. }
            | Self::TurnedAway { conn, .. }
            | Self::Joined { conn, .. }
            | Self::Proved { conn, .. }
            | Self::Invited { conn, .. }
            | Self::InvitationRevoked { conn, .. }
            | Self::KeyRevoked { conn, .. }
            | Self::Renamed { conn, .. }
            | Self::NameLeft { conn, .. }
            | Self::TakenOver { conn, .. }
            | Self::SessionEnded { conn, .. }
            | Self::NameRefused { conn, .. }
            | Self::BadFrame { conn, .. }
            | Self::RoomMade { conn, .. }
            | Self::Acted { conn, .. }
            | Self::ActRefused { conn, .. }
            | Self::CallBegun { conn, .. }
            | Self::CallAnswered { conn, .. }
            | Self::CallEnded { conn, .. }
            | Self::ConferenceJoined { conn, .. }
            | Self::ConferenceLeft { conn, .. }
            | Self::Moderator { conn, .. }
            | Self::ModeratorNoMore { conn, .. }
            | Self::PassphraseRefused { conn, .. }
            | Self::Left { conn, .. }
            | Self::QuestionFailed { conn, .. } => Some(*conn),
            _ => None,
        }
    }
}
