//! The errors that end the program: a sentence and an exit status.
//!
//! Must not know: what the sentence is about.

use std::fmt;

/// Why the program ends with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Something failed: exit status 1.
    Failed(String),
    /// The command line or the configuration is wrong: exit status 2.
    Usage(String),
    /// The server refused, or cannot be trusted: exit status 3.
    Refused(String),
}

impl Error {
    /// A failure, from anything that describes one.
    pub fn failed(what: impl fmt::Display) -> Self {
        Self::Failed(what.to_string())
    }

    /// A usage error, from anything that describes one.
    pub fn usage(what: impl fmt::Display) -> Self {
        Self::Usage(what.to_string())
    }

    /// The exit status.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::Refused(_) => 3,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(what) | Self::Usage(what) | Self::Refused(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {}
