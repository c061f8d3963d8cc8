//! Dialogs that nobody asked for: they come while one writes, and what is written goes on into the draft.

use std::time::Duration;

use tr2::client::key::Key;
use tr2::client::msg::{Effect, Farewell, Msg};
use tr2::client::session::{GRACE, MAX_DIALOGS};

use crate::script::Play;

/// What makes a dialog come by itself, and its title.
const COMES: [(&str, &str); 4] = [
    ("server server | alice | refused | taken_over Another session of yours took over.", "Taken over"),
    ("server server | alice | refused | kicked bob made you leave: spam", "Removed"),
    ("server server | alice | refused | banned You are banned from the server, by bob: spam", "Banned"),
    ("name", "Name"),
];

/// Alice is online and has written something, when a dialog comes.
fn interrupted(come: &str, draft: &str) -> Play {
    let mut play = Play::new("start name=alice");
    for step in ["start name=alice", "size 80x24", "online bob", &format!("type {draft}")] {
        play.step(step);
    }
    if come == "name" {
        // The line is cut, and another takes the name meanwhile.
        for step in ["lost It broke.", "tick", "connected 2.26", "server server | client | name | TR2.26 presence"] {
            play.step(step);
        }
        play.step("server @ref=5-0004 server | client | refused | bad_name That name is not allowed.");
    } else {
        play.step(come);
    }
    play
}

fn title(play: &Play) -> Option<String> {
    play.session.view().dialog.map(|dialog| dialog.title.split(" · ").next().unwrap().to_owned())
}

fn draft(play: &Play) -> String {
    play.session.view().composer.lines.iter().map(tr2::client::view::StyledLine::text).collect()
}

fn fields(play: &Play) -> Vec<String> {
    let rows = play.session.view().dialog.map(|dialog| dialog.rows).unwrap_or_default();
    let field = |row| if let tr2::client::view::DialogRow::Field { text, .. } = row { Some(text) } else { None };
    rows.into_iter().filter_map(field).collect()
}

fn press(play: &mut Play, keys: &[Key]) -> Vec<Effect> {
    keys.iter().flat_map(|key| play.update(Msg::Key(*key))).collect()
}

fn letters(text: &str) -> Vec<Key> {
    text.chars().map(Key::Char).collect()
}

fn acts(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Dial(_) | Effect::Send(_) | Effect::Leave(_)))
}

#[test]
fn what_is_typed_goes_on_into_the_draft_however_long_it_takes() {
    for (come, name) in COMES {
        let mut play = interrupted(come, "hello");
        assert_eq!(title(&play).as_deref(), Some(name));
        let before = fields(&play);
        for wait in [0, 500, 900, 5000] {
            play.wait(Duration::from_millis(wait));
            let effects = press(&mut play, &[letters(" there"), vec![Key::Enter]].concat());
            assert!(!acts(&effects), "{name} after {wait} ms: {effects:?}");
        }
        assert_eq!(draft(&play), "hello there there there there", "{name}");
        assert_eq!(fields(&play), before, "{name}");
        assert_eq!(title(&play).as_deref(), Some(name), "it stays open");
    }
}

#[test]
fn in_its_first_second_such_a_dialog_takes_no_key_even_without_a_draft() {
    let keys = [Key::Enter, Key::Esc, Key::Tab, Key::Left, Key::Right, Key::Up, Key::Down, Key::BackTab];
    for (come, name) in COMES {
        let mut play = interrupted(come, "");
        let selected = play.session.view().dialog.map(|dialog| dialog.rows);
        play.wait(GRACE - Duration::from_millis(1));
        let effects = press(&mut play, &keys);
        assert!(!acts(&effects), "{name}: {effects:?}");
        assert_eq!(play.session.view().dialog.map(|dialog| dialog.rows), selected, "{name}");
        play.wait(Duration::from_millis(1));
        press(&mut play, &[Key::Esc]);
        assert_eq!(title(&play), None, "{name} takes Esc after its first second");
    }
}

#[test]
fn a_key_that_is_meant_for_it_gives_the_dialog_the_keys() {
    for key in [Key::Tab, Key::BackTab, Key::Left, Key::Right, Key::Up, Key::Down] {
        let mut play = interrupted(COMES[1].0, "hello");
        let waits = |play: &Play| play.session.view().dialog.unwrap().title.ends_with(" · Tab to answer");
        assert!(waits(&play));
        play.wait(GRACE);
        press(&mut play, &[key]);
        assert!(!waits(&play), "{key}");
        press(&mut play, &letters("x"));
        assert_eq!(draft(&play), "hello", "{key}");
    }
    let mut play = interrupted(COMES[1].0, "hello");
    play.wait(GRACE);
    press(&mut play, &[Key::Esc]);
    assert_eq!((title(&play), draft(&play)), (None, "hello".to_owned()));
}

#[test]
fn pasted_text_goes_on_into_the_draft_too() {
    let mut play = interrupted(COMES[3].0, "hello");
    play.wait(GRACE);
    play.step("paste  world");
    assert_eq!(draft(&play), "hello world");
    assert_eq!(fields(&play)[0], "alice");
}

#[test]
fn such_a_dialog_waits_for_the_one_that_is_being_filled_in() {
    let mut play = interrupted("key F2", "");
    for step in ["key 3", "type bob", "key Tab", "type psst", COMES[1].0] {
        play.step(step);
    }
    assert_eq!(title(&play).as_deref(), Some("Private message"));
    press(&mut play, &letters("!"));
    assert_eq!(fields(&play), ["bob", "psst!"]);
    press(&mut play, &[Key::Esc]);
    assert_eq!(title(&play).as_deref(), Some("Removed"));
    press(&mut play, &[Key::Enter, Key::Esc]);
    assert_eq!(title(&play).as_deref(), Some("Removed"), "its first second begins when it is seen");
}

#[test]
fn the_question_whether_to_leave_takes_no_text_away() {
    let mut play = interrupted("key F2", "");
    for step in ["key 3", "type bob", "key Tab", "type psst", "key Ctrl-C"] {
        play.step(step);
    }
    assert_eq!(title(&play).as_deref(), Some("Exit"));
    press(&mut play, &[Key::Esc]);
    assert_eq!(fields(&play), ["bob", "psst"]);
}

#[test]
fn ctrl_c_twice_does_not_leave_with_a_draft() {
    let mut play = interrupted("tick", "half a thought");
    for expected in [Some("Exit"), None, Some("Exit")] {
        let effects = press(&mut play, &[Key::Ctrl('c')]);
        assert!(!acts(&effects));
        assert_eq!(title(&play).as_deref(), expected);
    }
    // Nor does a stray Enter.
    assert!(!acts(&press(&mut play, &[Key::Enter])));
    let mut play = interrupted("tick", "");
    let effects = press(&mut play, &[Key::Ctrl('c'), Key::Ctrl('c')]);
    assert!(effects.contains(&Effect::Leave(Farewell::Done)));
}

#[test]
fn the_dialogs_that_lie_over_each_other_are_bounded() {
    let mut play = interrupted("tick", "");
    press(&mut play, &[Key::F(2), Key::F(1)]);
    for _ in 0..MAX_DIALOGS + 3 {
        // Each question opens over the help; the help can be opened again from the menu below.
        press(&mut play, &[Key::F(1), Key::Ctrl('c'), Key::Esc]);
    }
    for _ in 0..MAX_DIALOGS + 3 {
        press(&mut play, &[Key::Esc]);
    }
    assert_eq!(title(&play), None);
}
