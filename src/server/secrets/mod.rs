//! What the server keeps to itself.
//!
//! - [`data_folder`]: the folder, its lock, and the hash of the moderator passphrase.
//! - [`passphrase`]: how the passphrase is made and checked.
//! - [`certificate`]: the key and certificate for TLS.
//! - [`cluster_key`]: what the nodes of a cluster share.
//!
//! Must not know: the broker, connections.

pub mod certificate;
pub mod cluster_key;
pub mod data_folder;
pub mod passphrase;

/// The files of the data folder, beside the history, that a rebuilt host needs.
pub const FILES: [&str; 4] =
    [data_folder::MODERATOR, certificate::KEY, certificate::CERTIFICATE, cluster_key::CLUSTER_KEY];
