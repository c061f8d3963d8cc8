//! How many people, names, rooms, bans and codes there may be, and how often they come.
//!
//! Must not know: connections, rounds, or what waits for whom (the other limits).

use std::time::Duration;

use super::Rate;

/// Users who are remembered after they leave; beyond that, the one who was here least recently and owns no name is forgotten.
pub const MAX_KNOWN: usize = 100_000;

/// Names that have an owner.
pub const MAX_OWNERS: usize = 100_000;

/// Days for which nobody may have used an owned name before another takes its place, where there are [`MAX_OWNERS`].
pub const NAME_LIFE_DAYS: i64 = 180;

/// Names of one identity.
pub const MAX_NAMES_OF_ONE: usize = 8;

/// For how long nobody else gets the name of a user who took another one or left for good.
pub const NAME_REST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Names that rest so; beyond that, the one that would rest shortest is free.
pub const MAX_RESTING: usize = 20_000;

/// Users who ignore a user who may take another name.
pub const MAX_IGNORED_BY: usize = 100;

/// Sessions of one user at a time.
pub const MAX_SESSIONS: usize = 8;

/// Identities of one name.
pub const MAX_PROOFS: usize = 16;

/// How long a code for another key of a name is valid.
pub const KEY_CODE_LIFE: Duration = Duration::from_secs(600);

/// Codes for keys that are valid at a time.
pub const MAX_KEY_CODES: usize = 1000;

/// Codes for keys of one user that are valid at a time.
pub const MAX_KEY_CODES_OF_ONE: usize = 5;

/// Invitations of newcomers that hold at a time. How many people each is for, and for how long: `protocol::limits`.
pub const MAX_INVITATIONS: usize = 1000;

/// Invitations of newcomers by one moderator that hold at a time.
pub const MAX_INVITATIONS_OF_ONE: usize = 50;

/// How many times the tries of the passphrase there are of codes: a class types the same code in the same network, and
/// codes are long enough that nobody guesses one.
pub const CODE_TRIES: u32 = 20;

/// Sessions that end within this time count as comings and goings.
pub const SHORT_STAY: Duration = Duration::from_secs(60);

/// Comings and goings of one address, local user or owner of a name: 60 short sessions at once, then one a second.
pub const COMINGS: Rate = Rate { burst: 60, per_second: 1 };

/// The same for all owners of names from one address together, who may have any number of keys.
pub const COMINGS_OF_OWNERS: Rate = Rate { burst: 600, per_second: 10 };

/// The same for this machine's loopback addresses: all of its users may come from there.
pub const COMINGS_HERE: Rate = Rate { burst: 2000, per_second: 50 };

/// What binding a new name takes of [`BINDINGS`].
pub const BINDING_TOKENS: usize = 60;

/// New names that one address or local user may bind: 100 at once, then one a minute.
pub const BINDINGS: Rate = Rate { burst: 6000, per_second: 1 };

/// The same for this machine's loopback addresses: 2000 at once, then one a second.
pub const BINDINGS_HERE: Rate = Rate { burst: 120_000, per_second: 60 };

/// Logins that are looked up at once: a directory on another machine may have to answer.
pub const LOOKUPS: usize = 4;

/// Logins that wait to be looked up.
pub const MAX_LOOKUPS: usize = 4096;

/// How long a directory of users may take to say whose login a name is.
pub const LOOKUP_PATIENCE: Duration = Duration::from_secs(5);

/// While directories hang, one more thread asks them after each of these times; also how long listing may take.
pub const LOOKUP_RETRY: Duration = Duration::from_secs(30);

/// Threads that may hang in a directory.
pub const MAX_LOOKUP_THREADS: usize = 32;

/// How often the logins that directories list are read again. The system's own file is read as soon as it changes.
pub const LOGIN_REFRESH: Duration = Duration::from_secs(900);

/// Logins that are read of the system's own file, and of what directories list.
pub const MAX_LISTED_LOGINS: usize = 100_000;

/// For how long it holds what was found of a login, if directories stop answering.
pub const LOGIN_MEMORY: Duration = Duration::from_secs(600);

/// Local users of whom it is remembered what was found; a new one takes the place of the one who asked longest ago.
pub const MAX_REMEMBERED_USERS: usize = 10_000;

/// Names of one local user of which it is remembered what was found, the newest ones.
pub const MAX_REMEMBERED_NAMES: usize = 8;

/// Rooms on the server.
pub const MAX_ROOMS: usize = 10_000;

/// Rooms that one verified user may be in.
pub const MAX_ROOMS_OF_ONE: usize = 100;

/// Rooms that one unverified user may be in.
pub const MAX_ROOMS_OF_CLAIMED: usize = 10;

/// Users in one room.
pub const MAX_MEMBERS: usize = 10_000;

/// Members of one room who only claim their names and are away; beyond that, the one who has been away longest leaves it.
pub const MAX_GHOSTS: usize = 500;

/// How long a member who only claims a name may be away before leaving a room.
pub const GHOST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// Moderators of one room, the maker included.
pub const MAX_MODERATORS: usize = 100;

/// Users who are invited into one room and have not joined yet.
pub const MAX_INVITED: usize = 1000;

/// Rooms that one user is invited into and has not joined yet.
pub const MAX_INVITED_TO: usize = 100;

/// How long an invitation into a room waits for its user.
pub const ROOM_INVITATION_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Bans and mutes in force on the server; as many again may be in force in all rooms together.
pub const MAX_BANS: usize = 10_000;

/// Bans and mutes in force in one room.
pub const MAX_BANS_OF_ROOM: usize = 200;

/// Bans, ghosts, calls that nobody answers and the like that expire in one tick, each kind apart; the rest follows in later ones.
pub const EXPIRED_AT_ONCE: usize = 200;

/// Users whom a ban removes in one round; the rest follows in later ones.
pub const SWEPT_AT_ONCE: usize = 100;

/// Stored facts that ended with a restart and are deleted in one tick; the rest follows in later ones.
pub const FORGOTTEN_AT_ONCE: usize = 1000;

/// Users that one user ignores.
pub const MAX_IGNORED: usize = 200;

/// Ignored users, counted for every user who ignores them.
pub const MAX_IGNORED_IN_ALL: usize = 100_000;
