//! Begins the common log of a cluster from the data of one server, or begins it anew.
//!
//! Must not know: where the data are, or what is done to them.

use super::log::LogPosition;
use super::log::nats::check::{self, Founded};
use super::log::nats::connection::NatsOptions;
use super::log::nats::stream::REPLICAS;

/// Why no log was begun. Its `Display` says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FoundingError {
    /// There is a log of this name.
    #[error(
        "there is a log of this name already: {stream}, with {entries} entries. To found it anew throws away, on every node, what \
         it has beyond what this data folder has. Nothing was changed: add --yes to do it"
    )]
    ThereAlready {
        /// The name of its stream.
        stream: String,
        /// How many entries it has.
        entries: u64,
    },
    /// Another program has begun it in between.
    #[error("another log of this name was begun at the same moment; look at it with --check")]
    Overtaken,
    /// The end of a sentence says why.
    #[error("the log could not be begun: {0}")]
    Failed(String),
}

/// Begins the log, or, if `anew`, throws away the one that there is and begins another. `prepare` makes the data ready for it,
/// and returns the position after which the log is to begin; it is called once nothing is known that stands in the way.
pub(crate) async fn found_from(
    options: &NatsOptions,
    anew: bool,
    prepare: impl FnOnce() -> Result<u64, String>,
) -> Result<(), FoundingError> {
    if let Some(info) = check::find(options).await.map_err(FoundingError::Failed)?
        && !anew
    {
        let entries = info.last.saturating_add(1).saturating_sub(info.first);
        return Err(FoundingError::ThereAlready { stream: options.names.stream.clone(), entries });
    }
    let replicas = if options.urls.len() > 1 { REPLICAS } else { 1 };
    let after = LogPosition(prepare().map_err(FoundingError::Failed)?);
    match check::found(options, replicas, after, anew).await.map_err(FoundingError::Failed)? {
        Founded::Made => Ok(()),
        Founded::WasThere => Err(FoundingError::Overtaken),
    }
}
