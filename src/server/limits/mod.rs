//! The server's limits, in one place; an admin can set those that tr2.conf(5) names.
//!
//! - [`people`]: how many people, names and rooms there may be, and how often they come.
//! - [`calls`]: how many calls there may be, and how much of them is relayed.
//! - [`relaying`]: what the relay of calls may hold, and how long it waits.
//!
//! Must not know: the wire's own limits (`protocol::limits`).

pub mod calls;
pub mod people;
pub mod relaying;

use std::time::Duration;

use crate::net::socket;

pub use self::calls::*;
pub use self::people::*;
pub use self::relaying::*;

/// The default for `--max-connections`: open connections.
pub const MAX_CONNECTIONS: usize = 16_384;

/// The default for `--max-per-address`: connections from one address, and of one local user over a socket file. This
/// machine's loopback addresses have a larger limit: all users of a shared host may come from there.
pub const MAX_PER_ADDRESS: usize = 64;

/// Connections whose lines are gone and of which the other nodes have yet to learn, as while the log is silent: so many do not
/// count against the limits.
pub const MAX_UNPLUGGED: usize = 4096;

/// The share of connections beyond [`SMALL_SERVER`] that those from loopback addresses leave to others: one in so many.
pub const LEFT_BY_LOOPBACK: usize = 16;

/// Up to this many connections in all, those from loopback addresses may have every one.
pub const SMALL_SERVER: usize = 1000;

/// Connections beyond all others that are kept for logins of this machine over a socket file: one of each.
pub const KEPT_FOR_LOGINS: usize = 64;

/// Connections beyond those that are kept for the server's own user and for root over a socket file.
pub const KEPT_FOR_KEEPERS: usize = 8;

/// The default for `--edit-hours`: how long users may edit and delete their own messages.
pub const EDIT_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The default for `--flood`: 20 frames of one connection at once, then 5 a second.
pub const FLOOD: Rate = Rate { burst: 20, per_second: 5 };

/// How long a sender that floods is only slowed down before its frames are refused.
pub const FLOOD_PATIENCE: Duration = Duration::from_secs(10);

/// How long a connection may take to give a name.
pub const NAME_DEADLINE: Duration = Duration::from_secs(10);

/// For how many seconds a verified user is waited for whose server was lost, before the others are told.
pub const LOST_SECONDS: u8 = 15;

/// How long a node that is asked to end may take to send its clients elsewhere, and to say so in the log.
pub const DRAIN_PATIENCE: Duration = Duration::from_secs(3);

/// How long a node that the log still has listens for another program that speaks for it, before it comes in.
pub const TWIN_PATIENCE: Duration = Duration::from_millis(2500);

/// How long a node that stops because something is wrong tries to say so in the log.
pub const LAST_WORDS: Duration = Duration::from_secs(3);

/// How long a TR2.26 peer may be silent before it is pinged.
pub const PING_AFTER: Duration = Duration::from_secs(60);

/// The server stood still where two ticks, which come each second, are further apart; nobody is cut for that.
pub const TICK_GAP: Duration = Duration::from_secs(5);

/// How long a TR2.26 peer may be silent before its connection is cut.
pub const CUT_AFTER: Duration = Duration::from_secs(90);

/// Bytes that may wait for one connection; shared bytes count for each connection, but are in memory once.
pub const MAX_QUEUED: usize = 256 * 1024;

/// How long a write may make no progress before the connection is cut.
pub const WRITE_STALL: Duration = Duration::from_secs(10);

/// Bytes that may wait for all connections together, as they are in memory. Above this, the connection for which most
/// waits is cut first.
pub const MAX_QUEUED_IN_ALL: usize = 256 * 1024 * 1024;

/// How long a connection that the server closes can still be written to and read from.
pub const CLOSE_GRACE: Duration = Duration::from_secs(2);

/// Connections that were closed and may linger for [`CLOSE_GRACE`]; beyond that, the one that has lingered longest is cut.
pub const MAX_LINGERING: usize = 1024;

/// While fewer connections than this linger, one that is closed before its TLS handshake is done is told why after it.
pub const MAX_TOLD_OVER_TLS: usize = 32;

/// How long the server takes to tell everyone that it is closing.
pub const SHUTDOWN_GRACE: Duration = Duration::from_millis(1500);

/// The kernel's send buffer of one connection, in bytes.
pub const SEND_BUFFER: usize = 64 * 1024;

/// Bytes of log lines that may wait for a reader of the log that does not read, and as many again that are being
/// written to it. Lines over this are dropped and counted.
pub const LOG_QUEUE: usize = 512 * 1024;

/// How long the end of the program waits for a reader of the log.
pub const LOG_GRACE: Duration = Duration::from_millis(500);

/// How long the second signal, which ends the process at once, waits for a reader of the log.
pub const LAST_WORD: Duration = Duration::from_millis(50);

/// Connections that wait in the kernel to be accepted.
pub const BACKLOG: i32 = 4096;

/// How long accepting pauses after an error, such as having no free file descriptor.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Bytes that one read of a connection takes.
pub const READ_SIZE: usize = socket::READ_SIZE;

/// Bytes that one read takes of a connection that is slowed down.
pub const SLOW_READ_SIZE: usize = 2 * 1024;

/// Arrivals that wait for the broker, in each of its two queues.
pub const INBOX: usize = 512;

/// Arrivals that one round takes.
pub const ROUND_EVENTS: usize = 256;

/// How long a round waits for the store's next report while many messages wait.
pub const MERGE_PATIENCE: Duration = Duration::from_millis(1);

/// From this many messages on, many messages wait for the store.
pub const MUCH_PENDING: usize = 8;

/// From this many accepted senders per round on, `accepted` replies are coalesced.
pub const MANY_ACCEPTED: usize = 8;

/// How long a coalesced `accepted` waits for something else for the same user.
pub const ACCEPTED_PATIENCE: Duration = Duration::from_millis(2);

/// From this many users on, many users receive broadcasts.
pub const MANY_HEARING: usize = 16;

/// Bytes for everyone, or bytes received, after which a round ends.
pub const ROUND_BYTES: usize = 128 * 1024;

/// Work after which a round ends, in items that are looked at: about a millisecond.
pub const ROUND_WORK: usize = 10_000;

/// The work that one connection may ask for beyond what every request costs: so many items at once, then so many a second.
/// What it asks beyond that waits.
pub const WORK: Rate = Rate { burst: 40_000, per_second: 10_000 };

/// Work after which it is another connection's turn, in items.
pub const TURN_WORK: usize = 1000;

/// Bytes of requests of one connection that wait for their turn; more are refused.
pub const MAX_HELD: usize = 64 * 1024;

/// How soon the next turn is looked for while nobody has any left.
pub const TURN_PAUSE: Duration = Duration::from_millis(2);

/// What one line of a list counts for, in items of work.
pub const LINE_COST: usize = 20;

/// From this many users on, arrivals and departures are announced together, once a second.
pub const SMALL_ROOM: usize = 200;

/// Arrivals and departures that are announced at once within a second, in each place; the rest of that second is announced
/// together.
pub const PRESENCE_AT_ONCE: usize = 200;

/// Bytes of one answer that is a list: well within what may wait for a connection, so that no list gets its reader cut.
pub const LIST_TOTAL: usize = 96 * 1024;

/// Bytes of names in one frame of a list or of presence.
pub const LIST_BYTES: usize = 6 * 1024;

/// Tries of the passphrase, or of invitation codes, from one address or local user in [`PASSPHRASE_WINDOW`].
pub const PASSPHRASE_TRIES: u32 = 3;

/// Of the rooms that end with a name that is freed, this many are named.
pub const LOST_ROOMS_NAMED: usize = 5;

/// Messages of a user that are erased in one transaction at most, as whoever keeps the machine ordered.
pub const ERASED_AT_ONCE: usize = 256;

/// Of the messages of a user that are erased, this many of the newest are announced to whoever is online.
pub const ERASED_AND_TOLD: u64 = 1024;

/// How long a process that uses the control socket may take to ask, and to read the answer.
pub const CONTROL_DEADLINE: Duration = Duration::from_secs(2);

/// Processes that use the control socket at once.
pub const CONTROL_ASKERS: usize = 64;

/// Reloads that are asked for and wait for the present one.
pub const MAX_RELOADS: usize = 8;

/// How long an order on the control socket may take before whoever gave it is told nothing more: erasing looks at every
/// message.
pub const ORDER_PATIENCE: Duration = Duration::from_secs(60 * 60);

/// How long a reload may take before whoever asked for it is told nothing more.
pub const RELOAD_PATIENCE: Duration = Duration::from_secs(60);

/// The time in which [`PASSPHRASE_TRIES`] are counted.
pub const PASSPHRASE_WINDOW: Duration = Duration::from_secs(60);

/// Addresses and local users whose tries are counted. A new one takes the place of the one that tried least.
pub const PASSPHRASE_USERS: usize = 10_000;

/// How many times the tries of one IPv6 /64 a whole /48 has: what one customer is given at most.
pub const PASSPHRASE_SITE: u32 = 4;

/// Passphrases that are checked at once; each check costs 19 MiB and tens of milliseconds.
pub const CHECKERS: usize = 2;

/// Passphrases that are being checked or wait to be checked.
pub const MAX_CHECKS: usize = 64;

/// Of [`MAX_CHECKS`], those that only users on a socket file can have.
pub const MAX_CHECKS_OF_USERS: usize = 16;

/// Passphrases of one address or local user that are being checked or wait to be checked, however many tries it has.
pub const MAX_CHECKS_OF_ONE: usize = 3;

/// Requests of one connection that wait while its passphrase is checked.
pub const MAX_PARKED: usize = 32;

/// The pause in reading after frames over the flood limit were refused.
pub const REFUSAL_PAUSE: Duration = Duration::from_secs(1);

/// What a piece of bytes that waits counts for beyond its length, in bytes.
pub const PIECE_COST: usize = 64;

/// How long a slow consumer can still take what waits for it.
pub const SLOW_GRACE: Duration = Duration::from_secs(5);

/// The longest passphrase that is checked, in bytes.
pub const MAX_PASSPHRASE: usize = 256;

/// Bytes of a ping's token that are sent back; also of an unknown operation's name.
pub const MAX_TOKEN: usize = 64;

/// Numbers that messages of one millisecond may have: many more than messages can be sent in it. A number still fits a
/// double-precision number of JavaScript, until the year 2248.
pub const NUMBERS_OF_A_MILLISECOND: u64 = 1024;

/// Messages that wait to be stored. From half of this on, nothing more is taken for up to [`STORE_PATIENCE`]; at this
/// many, messages are refused.
pub const MAX_PENDING: usize = 8192;

/// Requests that wait until what they change is stored, such as acts of moderators. From half of this on, nothing more is
/// taken for up to [`STORE_PATIENCE`]; at this many, such requests are refused.
pub const MAX_PROMISES: usize = 8192;

/// About the bytes that they hold, with the same consequences: the last one may go beyond.
pub const MAX_PROMISE_BYTES: usize = 16 * 1024 * 1024;

/// Those of one connection.
pub const MAX_PROMISES_OF_ONE: usize = 64;

/// Bytes of text that wait to be stored, with the same consequences.
pub const MAX_PENDING_BYTES: usize = 8 * 1024 * 1024;

/// How long everything may wait for a slow store.
pub const STORE_PATIENCE: Duration = Duration::from_secs(1);

/// How long the store may take to finish when the server ends.
pub const STORE_GRACE: Duration = Duration::from_secs(5);

/// How long closing waits for messages that are being stored.
pub const CLOSE_PATIENCE: Duration = Duration::from_secs(5);

/// Questions of all connections that wait for the store.
pub const MAX_QUESTIONS: usize = 256;

/// Questions of one connection that wait for the store.
pub const MAX_QUESTIONS_OF_ONE: u32 = 2;

/// Read marks that wait to be stored, which happens once a second; also damaged messages that are logged individually.
pub const MAX_MARKS: usize = 10_000;

/// Bytes of messages that one address or local user may have stored: 64 MiB at once, then 16 KiB a second.
pub const STORED_BYTES: Rate = Rate { burst: 64 * 1024 * 1024, per_second: 16 * 1024 };

/// The same for this machine's loopback addresses: 4 GB at once, then 1 MiB a second.
pub const STORED_BYTES_HERE: Rate = Rate { burst: 4_000_000_000, per_second: 1024 * 1024 };

/// What a message counts for in [`STORED_BYTES`] beside its text, in bytes.
pub const MESSAGE_COST: usize = 128;

/// Addresses, local users and owners whose comings and goings are remembered.
pub const MAX_SOURCES: usize = 10_000;

/// How long a TLS handshake may take.
pub const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(10);

/// Connections from trusted proxies whose header is being read at once.
pub const PROXY_HEADERS: usize = 1024;

/// How long a trusted proxy may take for its header.
pub const PROXY_PATIENCE: Duration = Duration::from_secs(3);

/// Clients of the metrics endpoint that are served at once.
pub const METRICS_CLIENTS: usize = 8;

/// How long serving one of them may take.
pub const METRICS_DEADLINE: Duration = Duration::from_secs(2);

/// How long the broker may take to report the metrics.
pub const METRICS_PATIENCE: Duration = Duration::from_secs(1);

/// How long the disk of the data may take to tell how full it is; after that the metrics come without it.
pub const METRICS_LOOK: Duration = Duration::from_millis(500);

/// How old the metrics that are served may be: the broker is not asked more often.
pub const METRICS_AGE: Duration = Duration::from_millis(250);

/// The longest head of a request to the metrics endpoint, in bytes.
pub const METRICS_REQUEST: usize = 8 * 1024;

/// The times before closing at which everyone is told again.
pub const COUNTDOWN: [Duration; 6] = [
    Duration::from_secs(60 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(60),
    Duration::from_secs(30),
    Duration::from_secs(10),
];

/// A rate limit: a burst, and what comes back each second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Frames at once.
    pub burst: u32,
    /// Frames more each second.
    pub per_second: u32,
}

/// The text is not a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a rate is BURST/RATE with numbers from 1 to 1000000, such as 20/5, or off")]
pub struct RateError;

impl Rate {
    /// Reads `BURST/RATE`; `None` for `off`.
    ///
    /// # Errors
    /// Any other text.
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

/// The text for which [`Rate::parse`] returns `None`.
pub const OFF: &str = "off";
