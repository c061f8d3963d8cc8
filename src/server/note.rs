//! What the log says: one event, one line of `key=value`, whatever a name holds.
//!
//! Must not know: where the log goes.

use std::fmt;

use super::peer::ConnId;
use crate::model::escape::Logged;
use crate::model::{Identity, MessageId, Name, Origin, RoomName, Target, Text};
use crate::protocol::{Code, Dialect, Done, Verb};

/// How many messages one line names.
const MAX_IDS: usize = 20;

/// Something worth a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the keys of the line")]
pub enum Note {
    /// A connection was let in.
    Connected { conn: ConnId, from: Origin },
    /// A connection was not let in.
    TurnedAway { conn: ConnId, from: Origin, code: Code },
    /// A user is there.
    Joined { conn: ConnId, name: Name, dialect: Dialect, proof: Option<Identity> },
    /// A key was proved in a handshake.
    Proved { conn: ConnId, proof: Identity },
    /// A name belongs to an identity that it did not belong to before.
    Bound { name: Name, proofs: usize },
    /// A name does not belong to an identity any more.
    KeyRevoked { conn: ConnId, name: Name, proof: Identity },
    /// A session was ended for another one.
    TakenOver { conn: ConnId, name: Name },
    /// A name was not given.
    NameRefused { conn: ConnId, name: String, code: Code },
    /// A frame was none.
    BadFrame { conn: ConnId, name: Option<Name>, reason: String },
    /// A message was accepted.
    Accepted { id: MessageId, from: Name, to: Target },
    /// A room was made.
    RoomMade { conn: ConnId, room: RoomName, private: bool },
    /// A moderator did something.
    Acted { conn: ConnId, name: Name, place: Target, done: Done },
    /// Somebody wanted to act, and may not or cannot.
    ActRefused { conn: ConnId, name: Name, verb: Verb, place: Text, code: Code },
    /// The server is to close.
    ClosesLater { by: Name, seconds: u64 },
    /// It is not, after all.
    ClosingOff { by: Name },
    /// A user has moderator rights.
    Moderator { conn: ConnId, name: Option<Name>, trusted: bool },
    /// A passphrase was wrong, or there were too many.
    PassphraseRefused { conn: ConnId, name: Option<Name>, code: Code },
    /// A connection is gone.
    Left { conn: ConnId, name: Option<Name>, why: &'static str },
    /// Messages cannot be stored.
    StoreFails { reason: String },
    /// Messages can be stored again.
    StoreWorks,
    /// Stored messages are not what they were.
    Damaged { ids: Vec<MessageId> },
    /// The past could not be looked at.
    QuestionFailed { conn: ConnId, reason: String },
    /// The server ends.
    Closing { by: Option<Name> },
}

impl Note {
    /// How important it is.
    #[must_use]
    pub fn level(&self) -> log::Level {
        match self {
            Self::TurnedAway { .. }
            | Self::ActRefused { .. }
            | Self::BadFrame { .. }
            | Self::PassphraseRefused { .. } => log::Level::Warn,
            Self::StoreFails { .. } | Self::Damaged { .. } | Self::QuestionFailed { .. } => log::Level::Error,
            Self::Moderator { trusted: true, .. } => log::Level::Warn,
            Self::Connected { .. } | Self::Proved { .. } | Self::Left { name: None, .. } | Self::Accepted { .. } => {
                log::Level::Debug
            }
            _ => log::Level::Info,
        }
    }
}

/// An absent name is a dash, as in other logs.
fn shown(name: &Option<Name>) -> Logged<'_> {
    Logged(name.as_ref().map_or("-", Name::as_str))
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected { conn, from } => write!(f, "event=connected conn={conn} from={from}"),
            Self::TurnedAway { conn, from, code } => {
                write!(f, "event=turned_away conn={conn} from={from} code={code}")
            }
            Self::Joined { conn, name, dialect, proof } => {
                write!(f, "event=joined conn={conn} name={} dialect={dialect} proof=", Logged(name.as_str()))?;
                match proof {
                    Some(proof) => proof.fmt(f),
                    None => f.write_str("-"),
                }
            }
            Self::Proved { conn, proof } => write!(f, "event=proved conn={conn} proof={proof}"),
            Self::Bound { name, proofs } => {
                write!(f, "event=name_bound name={} proofs={proofs}", Logged(name.as_str()))
            }
            Self::KeyRevoked { conn, name, proof } => {
                write!(f, "event=key_revoked conn={conn} name={} proof={proof}", Logged(name.as_str()))
            }
            Self::TakenOver { conn, name } => {
                write!(f, "event=taken_over conn={conn} name={}", Logged(name.as_str()))
            }
            Self::NameRefused { conn, name, code } => {
                write!(f, "event=name_refused conn={conn} name={} code={code}", Logged(name))
            }
            Self::BadFrame { conn, name, reason } => {
                write!(f, "event=bad_frame conn={conn} name={} reason={}", shown(name), Logged(reason))
            }
            Self::Accepted { id, from, to } => {
                write!(f, "event=accepted id={id} from={} to={}", Logged(from.as_str()), Logged(&to.to_string()))
            }
            Self::Moderator { conn, name, trusted } => {
                write!(f, "event=moderator conn={conn} name={} trusted={trusted}", shown(name))
            }
            Self::PassphraseRefused { conn, name, code } => {
                write!(f, "event=passphrase_refused conn={conn} name={} code={code}", shown(name))
            }
            Self::RoomMade { conn, room, private } => {
                write!(f, "event=room_made conn={conn} room={} private={private}", Logged(room.as_str()))
            }
            Self::Acted { conn, name, place, done } => {
                let subject = done.subject.as_ref().map_or("-", Text::as_str);
                write!(f, "event=act conn={conn} name={} place={}", Logged(name.as_str()), Logged(&place.to_string()))?;
                write!(f, " act={} subject={} on={}", done.verb.as_str(), Logged(subject), done.on)?;
                if let Some(time) = done.time {
                    write!(f, " seconds={}", time.as_secs())?;
                }
                write!(f, " reason={}", Logged(done.reason.as_str()))
            }
            Self::ActRefused { conn, name, verb, place, code } => {
                let (name, place) = (Logged(name.as_str()), Logged(place.as_str()));
                write!(f, "event=act_refused conn={conn} name={name} place={place} act={} code={code}", verb.as_str())
            }
            Self::ClosesLater { by, seconds } => {
                write!(f, "event=closes_later by={} seconds={seconds}", Logged(by.as_str()))
            }
            Self::ClosingOff { by } => write!(f, "event=closing_off by={}", Logged(by.as_str())),
            Self::Left { conn, name, why } => {
                write!(f, "event=left conn={conn} name={} why={}", shown(name), Logged(why))
            }
            Self::StoreFails { reason } => write!(f, "event=store_fails reason={}", Logged(reason)),
            Self::StoreWorks => write!(f, "event=store_works"),
            Self::Damaged { ids } => {
                write!(f, "event=damaged_messages count={} ids=", ids.len())?;
                let shown: Vec<String> = ids.iter().take(MAX_IDS).map(ToString::to_string).collect();
                f.write_str(&shown.join(","))
            }
            Self::QuestionFailed { conn, reason } => {
                write!(f, "event=question_failed conn={conn} reason={}", Logged(reason))
            }
            Self::Closing { by } => write!(f, "event=closing by={}", shown(by)),
        }
    }
}
