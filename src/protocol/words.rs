//! The words of the wire: operations, destinations and fixed data of both dialects.
//!
//! Must not know: what they lead to.

/// The separator between two fields.
pub const SEPARATOR: &str = " | ";
/// The server, as sender or destination.
pub const SERVER: &str = "server";
/// A peer without a name.
pub const CLIENT: &str = "client";
/// Everybody, as destination.
pub const ALL_CLIENTS: &str = "all clients";
/// The data of an operation that needs none.
pub const NO_DATA: &str = "no data";
/// The data of the broadcast that announces the end of the server.
pub const SERVER_CLOSED: &str = "server closed";
/// The first word of a TR2.26 server's greeting.
pub const VERSION: &str = "TR2.26";
/// What stands before the names in the answer to a list request.
pub const CLIENTS_CONNECTED: &str = "clients connected: ";
/// What stands between two names in the answer to a list request.
pub const NAME_SEPARATOR: &str = " ,";
/// What the original's client sends when its user wants a broadcast with a copy: the number of a menu item.
pub const MENU_BROADCAST: &str = "4";

/// The data of an `accepted` whose message waits for a user who is not online.
pub const OFFLINE: &str = "offline";
/// The room that everyone is in, as a conversation and not as a destination.
pub const EVERYONE: &str = "everyone";

/// The operations: the third field of a frame.
pub mod op {
    #![allow(missing_docs, reason = "each is the word it holds; tr2-protocol(7) says what it means")]
    pub const NAME: &str = "name";
    pub const CONNECTION_CONFIRMATION: &str = "connection_confirmation";
    pub const CONNECTION_ERROR: &str = "connection_error";
    pub const ECHO: &str = "echo";
    pub const LIST_CLIENTS: &str = "list_clients";
    pub const LIST_END: &str = "list_end";
    pub const PRIVATE_MESSAGE: &str = "private_message";
    pub const BROADCAST: &str = "broadcast";
    pub const BROADCAST_NOT_ME: &str = "broadcast_not_me";
    pub const UNKNOWN_OPERATION: &str = "Unknown_operation";
    pub const EXIT: &str = "exit";
    pub const CLOSE_SERVER: &str = "close_server";
    pub const ACCEPTED: &str = "accepted";
    pub const REFUSED: &str = "refused";
    pub const JOINED: &str = "joined";
    pub const LEFT: &str = "left";
    pub const MODERATOR: &str = "moderator";
    pub const PING: &str = "ping";
    pub const PONG: &str = "pong";
    pub const CONVERSATIONS: &str = "conversations";
    pub const CONVERSATION: &str = "conversation";
    pub const CONVERSATIONS_END: &str = "conversations_end";
    pub const HISTORY: &str = "history";
    pub const HISTORY_END: &str = "history_end";
    pub const READ: &str = "read";
    pub const SEARCH: &str = "search";
    pub const SEARCH_END: &str = "search_end";
    pub const TAKE_OVER: &str = "take_over";
    pub const CODE: &str = "code";
    pub const WHOIS: &str = "whois";
    pub const KEYS: &str = "keys";
    pub const KEY: &str = "key";
    pub const KEYS_END: &str = "keys_end";
    pub const REVOKE_KEY: &str = "revoke_key";
    pub const INVITE_KEY: &str = "invite_key";
    pub const INVITE: &str = "invite";
    pub const INVITED: &str = "invited";
    pub const JOIN_ROOM: &str = "join_room";
    pub const LEAVE_ROOM: &str = "leave_room";
    pub const ROOMS: &str = "rooms";
    pub const ROOM: &str = "room";
    pub const ROOMS_END: &str = "rooms_end";
    pub const MEMBERS: &str = "members";
    pub const MEMBERS_END: &str = "members_end";
    pub const TOPIC: &str = "topic";
    pub const INVITE_TO_ROOM: &str = "invite_to_room";
    pub const INVITED_TO_ROOM: &str = "invited_to_room";
    pub const KICK: &str = "kick";
    pub const BAN: &str = "ban";
    pub const UNBAN: &str = "unban";
    pub const MUTE: &str = "mute";
    pub const UNMUTE: &str = "unmute";
    pub const SLOW_MODE: &str = "slow_mode";
    pub const READ_ONLY: &str = "read_only";
    pub const LOCK_TOPIC: &str = "lock_topic";
    pub const DELETE: &str = "delete";
    pub const ANNOUNCE: &str = "announce";
    pub const GRANT: &str = "grant";
    pub const REVOKE: &str = "revoke";
    pub const ACT: &str = "act";
    pub const DELETED: &str = "deleted";
    pub const MODLOG: &str = "modlog";
    pub const MODLOG_END: &str = "modlog_end";
    pub const BANS: &str = "bans";
    pub const BANNED: &str = "banned";
    pub const BANS_END: &str = "bans_end";
    pub const WOULD_BAN: &str = "would_ban";
    pub const CLOSING: &str = "closing";
    pub const CLOSING_OFF: &str = "closing_off";
    pub const DEMOTED: &str = "demoted";
    pub const AWAY: &str = "away";
    pub const IGNORE: &str = "ignore";
    pub const UNIGNORE: &str = "unignore";
    pub const IGNORED: &str = "ignored";

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

/// The capabilities in this server's greeting, after [`VERSION`].
pub const CAPABILITIES: [&str; 11] = [
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
];
