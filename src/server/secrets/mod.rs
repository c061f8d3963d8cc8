//! What the server keeps for itself: its data folder, the passphrase, the certificate.
//!
//! Must not know: the broker, connections.

pub mod certificate;
pub mod data_folder;
pub mod passphrase;
