//! The words of the wire: operations, destinations and fixed data of both dialects.
//!
//! Must not know: what the words lead to.

/// The separator between two fields.
pub const SEPARATOR: &str = " | ";
/// The server, as sender or destination.
pub const SERVER: &str = "server";
/// A peer without a name.
pub const CLIENT: &str = "client";
/// All users, as destination.
pub const ALL_CLIENTS: &str = "all clients";
/// The data of an operation that needs none.
pub const NO_DATA: &str = "no data";
/// The data of the broadcast that announces the end of the server.
pub const SERVER_CLOSED: &str = "server closed";
/// The first word of a TR2.26 server's greeting.
pub const VERSION: &str = "TR2.26";
/// The prefix of the names in the answer to a list request.
pub const CLIENTS_CONNECTED: &str = "clients connected: ";
/// The separator of names in the answer to a list request.
pub const NAME_SEPARATOR: &str = " ,";
/// What the original's client sends when its user wants a broadcast with a copy: the number of a menu item.
pub const MENU_BROADCAST: &str = "4";

/// Before the other name that a user has taken, in the reason for which the one before has left.
pub const IS_NOW: &str = "is now ";

/// The data of an `accepted` whose message waits for a user who is not online.
pub const OFFLINE: &str = "offline";
/// The room that everyone is in, as a conversation and not as a destination.
pub const EVERYONE: &str = "everyone";

/// The operations: the third field of a frame.
pub mod op {
    #![allow(missing_docs, reason = "each is the word it holds; tr2-protocol(7) says what it means")]

    /// Defines a constant for each operation, and [`ALL`] of them, so that none can be left out of it.
    macro_rules! operations {
        ($($name:ident = $word:literal,)+) => {
            $(pub const $name: &str = $word;)+

            /// Every operation, of requests and of events.
            pub const ALL: &[&str] = &[$($name),+];
        };
    }

    operations! {
        NAME = "name",
        CONNECTION_CONFIRMATION = "connection_confirmation",
        CONNECTION_ERROR = "connection_error",
        ECHO = "echo",
        LIST_CLIENTS = "list_clients",
        LIST_END = "list_end",
        PRIVATE_MESSAGE = "private_message",
        BROADCAST = "broadcast",
        BROADCAST_NOT_ME = "broadcast_not_me",
        UNKNOWN_OPERATION = "Unknown_operation",
        EXIT = "exit",
        CLOSE_SERVER = "close_server",
        ACCEPTED = "accepted",
        REFUSED = "refused",
        JOINED = "joined",
        LEFT = "left",
        MODERATOR = "moderator",
        PING = "ping",
        PONG = "pong",
        CONVERSATIONS = "conversations",
        CONVERSATION = "conversation",
        CONVERSATIONS_END = "conversations_end",
        HISTORY = "history",
        HISTORY_END = "history_end",
        READ = "read",
        SEARCH = "search",
        SEARCH_END = "search_end",
        TAKE_OVER = "take_over",
        SESSION = "session",
        SESSIONS = "sessions",
        SESSIONS_END = "sessions_end",
        END_SESSION = "end_session",
        UNDISTURBED = "undisturbed",
        RENAME = "rename",
        RENAMED = "renamed",
        LEAVE_SERVER = "leave_server",
        LEFT_SERVER = "left_server",
        CODE = "code",
        WHOIS = "whois",
        KEYS = "keys",
        KEY = "key",
        KEYS_END = "keys_end",
        REVOKE_KEY = "revoke_key",
        INVITE_KEY = "invite_key",
        INVITE = "invite",
        INVITED = "invited",
        INVITATIONS = "invitations",
        INVITATION = "invitation",
        INVITATIONS_END = "invitations_end",
        REVOKE_INVITATION = "revoke_invitation",
        JOIN_ROOM = "join_room",
        LEAVE_ROOM = "leave_room",
        ROOMS = "rooms",
        ROOM = "room",
        ROOMS_END = "rooms_end",
        MEMBERS = "members",
        MEMBERS_END = "members_end",
        TOPIC = "topic",
        INVITE_TO_ROOM = "invite_to_room",
        INVITED_TO_ROOM = "invited_to_room",
        KICK = "kick",
        BAN = "ban",
        UNBAN = "unban",
        MUTE = "mute",
        UNMUTE = "unmute",
        SLOW_MODE = "slow_mode",
        READ_ONLY = "read_only",
        LOCK_TOPIC = "lock_topic",
        ALLOW_CALLS = "allow_calls",
        DELETE = "delete",
        REMOVE_REACTION = "remove_reaction",
        ANNOUNCE = "announce",
        GRANT = "grant",
        REVOKE = "revoke",
        FREE = "free",
        ACT = "act",
        DELETED = "deleted",
        MODLOG = "modlog",
        MODLOG_END = "modlog_end",
        BANS = "bans",
        BANNED = "banned",
        BANS_END = "bans_end",
        WOULD_BAN = "would_ban",
        CLOSING = "closing",
        CLOSING_OFF = "closing_off",
        DEMOTED = "demoted",
        CAPABILITIES = "capabilities",
        EDIT = "edit",
        EDITED = "edited",
        RETRACT = "retract",
        REACT = "react",
        UNREACT = "unreact",
        REACTED = "reacted",
        REACTIONS = "reactions",
        CHANGES = "changes",
        CHANGES_END = "changes_end",
        AWAY = "away",
        IGNORE = "ignore",
        UNIGNORE = "unignore",
        IGNORED = "ignored",
        CALL = "call",
        RINGING = "ringing",
        ANSWER = "answer",
        RELAY = "relay",
        HANG_UP = "hang_up",
        IN_CALL = "in_call",
        LEAVE_CALL = "leave_call",
        NODES = "nodes",
    }

    /// The operations of TR2.23; they tell the head of a packet from text.
    pub const TR223: [&str; 11] = [
        NAME,
        CONNECTION_CONFIRMATION,
        CONNECTION_ERROR,
        ECHO,
        LIST_CLIENTS,
        PRIVATE_MESSAGE,
        BROADCAST,
        BROADCAST_NOT_ME,
        UNKNOWN_OPERATION,
        EXIT,
        CLOSE_SERVER,
    ];
}

/// The capability of a server where users may edit and delete their own messages.
pub const EDITING: &str = "edit";

/// The capability of a server on which one user may have several sessions.
pub const SESSIONS: &str = "sessions";

/// The capabilities in this server's greeting, after [`VERSION`]; without [`EDITING`] where nobody may do that.
pub const CAPABILITIES: [&str; 15] = [
    "accepted",
    "presence",
    "ping",
    "moderator",
    "history",
    "read",
    "search",
    "identity",
    "rooms",
    "moderation",
    "away",
    "reply",
    EDITING,
    "react",
    SESSIONS,
];

/// The capability of a server on which users can call one another, and of a client that can be called.
pub const CALLS: &str = "calls";
/// The capability of a server that relays the packets of calls.
pub const RELAYS: &str = "relay";

/// The capability of a server that is one of several nodes of one chat, and of a client that moves to another by itself.
pub const NODES: &str = "nodes";

/// The capabilities that a client names, too, if it has them: without them it gets text instead.
pub const OF_CLIENTS: [&str; 3] = ["reply", EDITING, "react"];
