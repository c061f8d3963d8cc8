//! The table of actions: the menu, keys, commands and their nearest.

use std::collections::HashSet;

use tr2::client::action::{self, Action, Bindings, help};
use tr2::client::key::Key;

#[test]
fn the_menu_begins_with_the_originals_entries() {
    let menu: Vec<String> = action::menu().map(|row| format!("{} {}", row.digit.unwrap(), row.name())).collect();
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
            "9 Moderate",
            "0 Call"
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
        assert!(row.help().ends_with('.') && !row.name().is_empty(), "{row:?}");
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

#[test]
fn a_key_can_be_read_as_it_is_shown() {
    let named = "Enter, Alt-Enter, Tab, Shift-Tab, Esc, Up, Down, Left, Right, Ctrl-Left, Ctrl-Right, Home, End, Ctrl-Home, \
                 Ctrl-End, PageUp, PageDown, Backspace, Alt-Backspace, Delete, Space, F1, F12, Ctrl-A, Alt-Z, Alt-1, x, é";
    for name in named.split(", ") {
        let key: Key = name.parse().unwrap();
        assert_eq!(key.to_string(), name);
        assert!(name.to_uppercase().parse::<Key>().is_ok(), "{name}");
    }
    for row in action::table() {
        row.keys.iter().for_each(|key| assert_eq!(key.to_string().parse().as_ref(), Ok(key)));
    }
    for name in ["", "F0", "F13", "Ctrl-", "Alt-", "Ctrl-AB", "Hyper-X", "F1x", "\u{1b}", "Ctrl-\u{1b}", "xy"] {
        assert!(name.parse::<Key>().is_err(), "{name:?}");
    }
    assert_eq!(("ctrl-k".parse(), "PAGEUP".parse()), (Ok(Key::Ctrl('k')), Ok(Key::PageUp)));
}

#[test]
fn each_action_has_a_name_of_its_own_in_the_configuration() {
    let mut names = HashSet::new();
    for row in action::table() {
        let id = row.id();
        assert!(!id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{id}");
        assert!(names.insert(id), "{id}");
        row.keys.iter().for_each(|key| {
            let fixed = action::has_fixed_keys(row.action);
            assert_eq!(action::is_fixed_key(*key), fixed, "{key} of {id}");
        });
    }
}

#[test]
fn a_changed_key_is_taken_from_what_it_did_and_shown_where_it_is() {
    let shown = |changed: &[(Action, Vec<Key>)], action: Action| {
        Bindings::new(changed).keys_shown(action::row(action).unwrap())
    };
    let (f5, search) = (Key::F(5), Key::Ctrl('f'));
    let changed = [(Action::Rooms, vec![search, f5])];
    let bindings = Bindings::new(&changed);
    assert_eq!([bindings.of_key(search), bindings.of_key(f5)], [Some(Action::Rooms); 2]);
    assert_eq!(bindings.of_key(Key::Ctrl('o')), None);
    assert_eq!((shown(&changed, Action::Rooms), shown(&changed, Action::Search)), ("Ctrl-F, F5".into(), String::new()));
    assert_eq!((bindings.instead_of(Key::Ctrl('o')), bindings.instead_of(search)), (Some(search), None));
    let none = [(Action::Rooms, Vec::new())];
    assert_eq!((shown(&none, Action::Rooms), Bindings::new(&none).of_key(Key::Ctrl('o'))), (String::new(), None));
    assert_eq!(Bindings::default().instead_of(search), Some(search));
    for row in action::table() {
        row.keys.iter().for_each(|key| assert_eq!(Bindings::default().of_key(*key), Some(row.action)));
    }
    assert_eq!(shown(&[], Action::Goto), "Alt-1…9, Alt-0");
}

#[test]
fn the_help_explains_each_key_and_each_command_once_and_begins_with_what_is_needed_most() {
    let bindings = Bindings::default();
    let (keys, commands) = (help::keys(&bindings), help::commands(Some(&bindings)));
    let words = |sections: &[help::HelpSection]| -> Vec<String> {
        sections.iter().flat_map(|section| section.entries.iter().map(|(word, _)| word.clone())).collect()
    };
    // A picked message has keys of its own, which do something else elsewhere.
    let (picked, keys): (Vec<_>, Vec<_>) = keys.into_iter().partition(|section| section.title.starts_with("A picked"));
    assert_eq!(words(&picked), action::PICKED.iter().map(|row| row.key.to_string()).collect::<Vec<_>>());
    let (keys, commands) = (words(&keys), words(&commands));
    for row in action::table() {
        let shown = bindings.keys_shown(row);
        assert_eq!(keys.iter().filter(|key| **key == shown).count(), usize::from(!shown.is_empty()), "{shown}");
        let shown = row.command_shown();
        assert_eq!(commands.iter().filter(|word| **word == shown).count(), usize::from(!shown.is_empty()), "{shown}");
    }
    for (shown, _) in action::fixed_keys() {
        assert_eq!(keys.iter().filter(|key| key == shown).count(), 1, "{shown}");
    }
    assert_eq!(keys.first().map(String::as_str), Some("Enter"));
    assert_eq!(commands.first().map(String::as_str), Some("/msg NAME TEXT"));
    let at = |command: &str| commands.iter().position(|word| word.starts_with(command));
    assert!(at("/join") < at("/kick") && at("/me ") < at("/echo") && at("/search") < at("/close-server"));
}
