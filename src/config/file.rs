//! The configuration file: read, and held to the names of the options.
//!
//! Must not know: what a value leads to (`value`).

use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};

use serde::Deserialize;

use crate::error::Error;

/// The longest configuration file, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// The options of `tr2 serve` as a file gives them, under the names of the command line.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct File {
    pub(super) listen: Vec<String>,
    pub(super) socket_mode: Option<String>,
    pub(super) socket_group: Option<String>,
    pub(super) cert: Option<String>,
    pub(super) key: Option<String>,
    pub(super) registration: Option<String>,
    pub(super) data: Option<String>,
    pub(super) durability: Option<String>,
    pub(super) keep_days: Option<NonZeroU32>,
    pub(super) keep_messages: Option<NonZeroU64>,
    pub(super) moderator: Vec<String>,
    pub(super) trust_names: bool,
    pub(super) insecure_plaintext: bool,
    pub(super) log: Option<String>,
    pub(super) max_connections: Option<NonZeroUsize>,
    pub(super) max_per_address: Option<NonZeroUsize>,
    pub(super) flood: Option<String>,
}

pub(super) fn read(path: &str) -> Result<File, Error> {
    let failed = |what: String| Error::Failed(format!("the configuration {path} cannot be read: {what}"));
    let size = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
    if size > MAX_FILE {
        return Err(failed(format!("it has {size} bytes, more than {MAX_FILE}")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    toml::from_str(&text).map_err(|error| Error::Usage(format!("the configuration {path} is wrong: {error}")))
}
