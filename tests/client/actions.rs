//! The table of actions: the menu, keys, commands and their nearest.

use std::collections::HashSet;

use tr2::client::action;

#[test]
fn the_menu_begins_with_the_originals_entries() {
    let menu: Vec<String> = action::menu().map(|row| format!("{} {}", row.digit.unwrap(), row.name)).collect();
    assert_eq!(
        menu,
        [
            "1 Echo",
            "2 List clients",
            "3 Private message",
            "4 Broadcast",
            "5 Exit",
            "6 Close server",
            "7 Search",
            "8 Rooms",
            "9 Moderate"
        ]
    );
}

#[test]
fn each_key_and_each_command_means_one_thing() {
    let (mut keys, mut commands) = (HashSet::new(), HashSet::new());
    for row in action::table() {
        row.keys.iter().for_each(|key| assert!(keys.insert(*key), "{key}"));
        let names = row.aliases.iter().chain([&row.command]).filter(|name| !name.is_empty());
        names.for_each(|name| assert!(commands.insert(*name), "{name}"));
        assert!(row.help.ends_with('.') && !row.name.is_empty(), "{row:?}");
    }
}

#[test]
fn a_mistyped_command_suggests_the_nearest() {
    let cases =
        [("brodcast", Some("/broadcast")), ("hlep", Some("/help")), ("xyzzyxyzzy", None), ("MSG", Some("/msg"))];
    for (typed, expected) in cases {
        assert_eq!(action::nearest_command(typed).as_deref(), expected, "{typed}");
    }
}
