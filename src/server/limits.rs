//! The server's numbers, in one place; what tr2.conf(5) names is an admin's to set.
//!
//! Must not know: the wire's own numbers (`protocol::limits`).

use std::time::Duration;

use crate::net::socket;

/// Connections in all, where `--max-connections` does not say.
pub const MAX_CONNECTIONS: usize = 16_384;

/// Connections from one address, where `--max-per-address` does not say. This machine's own addresses are
/// exempt then: a shared host's users all come from one.
pub const MAX_PER_ADDRESS: usize = 64;

/// Frames of one connection, where `--flood` does not say: 20 at once, then 5 a second.
pub const FLOOD: Rate = Rate { burst: 20, per_second: 5 };

/// How long a sender is only slowed down before its frames are refused.
pub const FLOOD_PATIENCE: Duration = Duration::from_secs(10);

/// How long a connection has to give a name.
pub const NAME_DEADLINE: Duration = Duration::from_secs(10);

/// How long a TR2.26 peer may be silent before it is pinged.
pub const PING_AFTER: Duration = Duration::from_secs(60);

/// How long a TR2.26 peer may be silent before it is cut.
pub const CUT_AFTER: Duration = Duration::from_secs(90);

/// Bytes that wait for one connection; they are counted for it, but stand in memory once for all.
pub const MAX_QUEUED: usize = 256 * 1024;

/// How long one write may make no progress.
pub const WRITE_STALL: Duration = Duration::from_secs(10);

/// How long a connection that the server closes may still be written to and read from.
pub const CLOSE_GRACE: Duration = Duration::from_secs(2);

/// How long the server takes to tell everyone that it closes.
pub const SHUTDOWN_GRACE: Duration = Duration::from_millis(1500);

/// The kernel's send buffer of one connection, in bytes.
pub const SEND_BUFFER: usize = 64 * 1024;

/// The kernel's queue of connections to accept.
pub const BACKLOG: i32 = 4096;

/// How long accepting pauses when it fails, as it does without free file descriptors.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What is read of one connection at once, in bytes.
pub const READ_SIZE: usize = socket::READ_SIZE;

/// What is read at once of a connection that is slowed down.
pub const SLOW_READ_SIZE: usize = 2 * 1024;

/// Events that wait for the broker in each of its two queues.
pub const INBOX: usize = 512;

/// Events that the broker takes before it writes.
pub const ROUND_EVENTS: usize = 256;

/// How long a round waits for what the store is about to tell of, while much is said.
pub const MERGE_PATIENCE: Duration = Duration::from_millis(1);

/// Messages that wait for the store from which on much is said.
pub const MUCH_PENDING: usize = 8;

/// Users whose messages are accepted in one round from which on these are many.
pub const MANY_ACCEPTED: usize = 8;

/// How long `accepted` waits then for something else that is said to the same user, and for the round under way.
pub const ACCEPTED_PATIENCE: Duration = Duration::from_millis(2);

/// Users who hear broadcasts from which on these are many.
pub const MANY_HEARING: usize = 16;

/// Bytes for everyone, or taken in, after which the broker writes.
pub const ROUND_BYTES: usize = 128 * 1024;

/// From this many users on, who comes and goes is told once a second, gathered.
pub const SMALL_ROOM: usize = 200;

/// Bytes of one answer that is a list: well within what may wait for a connection, so that nobody is cut for having asked.
pub const LIST_TOTAL: usize = 96 * 1024;

/// Bytes of names in one frame of a list or of presence.
pub const LIST_BYTES: usize = 6 * 1024;

/// Tries of the passphrase, or of codes, from one address or user of this machine in [`PASSPHRASE_WINDOW`].
pub const PASSPHRASE_TRIES: u32 = 3;

/// The time in which [`PASSPHRASE_TRIES`] are counted.
pub const PASSPHRASE_WINDOW: Duration = Duration::from_secs(60);

/// Places whose tries are remembered.
pub const PASSPHRASE_USERS: usize = 10_000;

/// Passphrases that are checked at once; each check costs 19 MiB and tens of milliseconds.
pub const CHECKERS: usize = 2;

/// Passphrases that wait to be checked, those under way included.
pub const MAX_CHECKS: usize = 64;

/// Requests of one connection that wait while its passphrase is checked.
pub const MAX_HELD: usize = 32;

/// The pause in reading after what was over the flood limit for too long was refused.
pub const REFUSAL_PAUSE: Duration = Duration::from_secs(1);

/// What a piece of bytes that waits costs beyond its length, in bytes.
pub const PIECE_COST: usize = 64;

/// How long a connection that was too slow may still take what waits for it.
pub const SLOW_GRACE: Duration = Duration::from_secs(5);

/// The longest passphrase that is looked at, in bytes.
pub const MAX_PASSPHRASE: usize = 256;

/// The longest token of a ping that is sent back, in bytes; also how much of an unknown operation is.
pub const MAX_TOKEN: usize = 64;

/// Messages that wait to be stored. From half of it on, nothing more is taken for up to [`STORE_PATIENCE`]; at all of
/// it, messages are refused.
pub const MAX_PENDING: usize = 8192;

/// Bytes of text that wait to be stored, likewise.
pub const MAX_PENDING_BYTES: usize = 8 * 1024 * 1024;

/// How long everything may wait for a slow store.
pub const STORE_PATIENCE: Duration = Duration::from_secs(1);

/// How long the store has to finish when the server ends.
pub const STORE_GRACE: Duration = Duration::from_secs(5);

/// How long the end of the server waits for messages that are being stored.
pub const CLOSE_PATIENCE: Duration = Duration::from_secs(5);

/// Questions to the store that wait for an answer, of all connections.
pub const MAX_QUESTIONS: usize = 256;

/// Questions to the store of one connection.
pub const MAX_QUESTIONS_OF_ONE: u32 = 2;

/// Read marks that wait to be stored, which happens once a second; also how many damaged messages are told apart.
pub const MAX_MARKS: usize = 10_000;

/// Users that are remembered when they are gone.
pub const MAX_KNOWN: usize = 100_000;

/// Names that belong to somebody.
pub const MAX_OWNERS: usize = 100_000;

/// Names that belong to one identity.
pub const MAX_NAMES_OF_ONE: usize = 8;

/// Identities that a name belongs to.
pub const MAX_PROOFS: usize = 16;

/// How long an invitation code can be used.
pub const INVITATION_LIFE: Duration = Duration::from_secs(600);

/// Invitation codes that can be used at a time.
pub const MAX_INVITATIONS: usize = 1000;

/// The same, of one user.
pub const MAX_INVITATIONS_OF_ONE: usize = 5;

/// How long a handshake of TLS may take.
pub const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(10);

/// Connections that are given the server's numbers at once.
pub const METRICS_CLIENTS: usize = 8;

/// How long one of them may take.
pub const METRICS_DEADLINE: Duration = Duration::from_secs(2);

/// How long the broker may take to say what the numbers are.
pub const METRICS_PATIENCE: Duration = Duration::from_secs(1);

/// How old numbers may be that are given out: the broker is not asked more often.
pub const METRICS_AGE: Duration = Duration::from_millis(250);

/// The longest head of a request for them, in bytes.
pub const METRICS_REQUEST: usize = 8 * 1024;

/// Logins that are looked up at once: a directory on another machine may answer.
pub const LOOKUPS: usize = 4;

/// Logins that wait to be looked up.
pub const MAX_LOOKUPS: usize = 4096;

/// Rooms there are.
pub const MAX_ROOMS: usize = 10_000;

/// Rooms that one user is in: who has proved who they are.
pub const MAX_ROOMS_OF_ONE: usize = 100;

/// The same of somebody who only claims a name.
pub const MAX_ROOMS_OF_CLAIMED: usize = 10;

/// Users in one room.
pub const MAX_MEMBERS: usize = 10_000;

/// Users that are asked into one room and did not come yet.
pub const MAX_INVITED: usize = 1000;

/// Bans and mutes in force on the server; and, apart from these, in all rooms together.
pub const MAX_BANS: usize = 10_000;

/// Bans and mutes in force in one room.
pub const MAX_BANS_OF_ROOM: usize = 200;

/// Users that one user hides.
pub const MAX_IGNORED: usize = 200;

/// Users that are hidden, by all.
pub const MAX_IGNORED_IN_ALL: usize = 100_000;

/// The moments before the server closes at which everyone is told again.
pub const COUNTDOWN: [Duration; 6] = [
    Duration::from_secs(60 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(60),
    Duration::from_secs(30),
    Duration::from_secs(10),
];

/// A burst, and what comes back each second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub burst: u32,
    /// How many more each second.
    pub per_second: u32,
}

/// Why a rate is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a rate is BURST/RATE with numbers from 1 to 1000000, such as 20/5, or off")]
pub struct RateError;

impl Rate {
    /// Reads `BURST/RATE`; `None` for `off`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Option<Self>, RateError> {
        if text == OFF {
            return Ok(None);
        }
        let number = |text: &str| match text.trim().parse::<u32>() {
            Ok(number @ 1..=1_000_000) => Ok(number),
            _ => Err(RateError),
        };
        let (burst, per_second) = text.split_once('/').ok_or(RateError)?;
        Ok(Some(Self { burst: number(burst)?, per_second: number(per_second)? }))
    }
}

/// What [`Rate::parse`] gives for `off`.
pub const OFF: &str = "off";
