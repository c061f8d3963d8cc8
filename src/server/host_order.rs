//! What whoever keeps the server's machine can order the server to do, and how an order is written on the control socket:
//! one line, its first word first.
//!
//! Must not know: how an order reaches the server (`transport`), or what follows from it (`broker`).

use crate::model::{Name, Text};

/// An order of whoever keeps the server's machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostOrder {
    /// Takes a name from its owner, so that it can get another.
    Free(Name),
    /// Erases what a user said.
    Erase(Name),
    /// Ends the rights of those who gave a moderator passphrase that is no longer valid.
    EndPassphraseRights,
    /// Lets nobody in but moderators, who are told this; `None` lets everybody in again.
    Maintenance(Option<Text>),
}

const FREE: &str = "free";
const ERASE: &str = "erase";
const NEW_PASSPHRASE: &str = "end-passphrase-rights";
const CLOSED: &str = "maintenance-on";
const OPEN: &str = "maintenance-off";

impl HostOrder {
    /// The order as a line, without its end.
    #[must_use]
    pub fn line(&self) -> String {
        match self {
            Self::Free(name) => format!("{FREE} {name}"),
            Self::Erase(name) => format!("{ERASE} {name}"),
            Self::EndPassphraseRights => NEW_PASSPHRASE.to_owned(),
            Self::Maintenance(Some(text)) => format!("{CLOSED} {text}"),
            Self::Maintenance(None) => OPEN.to_owned(),
        }
    }

    /// Reads a line; `None` if it is no order.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            FREE => Name::restored(rest).ok().map(Self::Free),
            ERASE => Name::restored(rest).ok().map(Self::Erase),
            NEW_PASSPHRASE if rest.is_empty() => Some(Self::EndPassphraseRights),
            CLOSED => Some(Text::line(rest)).filter(|text| !text.is_blank()).map(|text| Self::Maintenance(Some(text))),
            OPEN if rest.is_empty() => Some(Self::Maintenance(None)),
            _ => None,
        }
    }
}
