//! No number of a message, a room, a user or a conversation is given twice, whichever row is damaged or lost.

use rusqlite::Connection;
use tr2::server::ids::RoomId;
use tr2::server::store::api::{Job, Update};

use crate::chat::{Chat, room};
use crate::modlog;
use crate::serving::Folder;

/// A history with a message, an act, and a room that has ended.
fn filled(folder: &Folder) -> u64 {
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "one");
    chat.say("alice", "bob", "two");
    chat.say("alice", "#ab", "three");
    modlog::log(&chat, Some("#ab"), modlog::act("alice", "kick bob - off why"));
    chat.submit(Job::Keep(Update::EndRoom(RoomId(room("#ab").0.0 + 1))));
    chat.settle();
    chat.indexed();
    chat.close();
    3
}

#[test]
fn no_single_loss_gives_a_number_twice() {
    let losses = [
        "DELETE FROM message WHERE id = 3",
        "UPDATE meta SET value = 0 WHERE key = 'last_id'",
        "UPDATE meta SET value = 1000000000000000000 WHERE key = 'last_id'",
        "UPDATE meta SET value = 0 WHERE key = 'last_room'",
        "UPDATE meta SET value = 1000000000000000000 WHERE key = 'last_room'",
        "UPDATE meta SET value = 1, sum = 1 WHERE key = 'last_user'",
        "UPDATE meta SET value = 1 WHERE key = 'last_conversation'",
        "DELETE FROM meta WHERE key = 'last_id'",
        "DELETE FROM meta WHERE key = 'indexed'",
        "DELETE FROM meta WHERE key = 'last_room'",
        "DELETE FROM meta WHERE key = 'last_user'",
        "DELETE FROM meta WHERE key = 'last_conversation'",
        "DELETE FROM user WHERE id = (SELECT max(id) FROM user)",
        "DELETE FROM name WHERE id = (SELECT max(id) FROM name)",
        "DELETE FROM conversation WHERE id = (SELECT max(id) FROM conversation)",
        "DELETE FROM act",
        "DELETE FROM act_number",
        "DELETE FROM slot",
        "DELETE FROM read",
    ];
    for loss in losses {
        let folder = Folder::new();
        let last = filled(&folder);
        let conn = Connection::open(folder.path().join("history.db")).unwrap();
        let highest = |table: &str| -> i64 {
            conn.query_row(&format!("SELECT max(id) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        let (user, conversation) = (highest("user"), highest("conversation"));
        conn.execute(loss, []).unwrap();
        let mut chat = Chat::open(folder.path());
        assert_eq!(chat.opening.last_id.0, last, "{loss}");
        // The broker remembers the highest room too; what is only mentioned in the row that is lost, it knows itself.
        let least = room("#ab").0.0 + u64::from(!loss.contains("last_room"));
        assert_eq!(chat.opening.last_room.0, least, "{loss}");
        // An act does not get the number of another, in whatever place.
        modlog::log(&chat, Some("#ab"), modlog::act("alice", "kick bob - off again"));
        chat.join("ann", "#ab");
        let acts = modlog::read(&chat, Some("#ab"));
        let wanted: &[&str] = if loss == "DELETE FROM act" { &["2"] } else { &["1", "2"] };
        let numbers: Vec<_> =
            acts.iter().filter_map(|act| act.split_once(" alice ")).map(|(number, _)| number).collect();
        assert_eq!(numbers, wanted, "{loss}");
        chat.say("newcomer", "alice", "hello");
        chat.settle();
        assert!(highest("user") > user, "{loss}");
        assert!(highest("conversation") > conversation, "{loss}");
    }
}
