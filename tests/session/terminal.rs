//! What comes from the terminal beside plain keys: keys that stand for others, and what the terminal could not do.

use tr2::client::msg::Msg;

use crate::script::{Play, play};

#[test]
fn keys_that_nothing_is_bound_to_do_what_the_hand_meant() {
    let pairs = [
        ("Shift-PageUp", "PageUp"),
        ("PageUp\nkey Shift-PageDown", "PageUp\nkey PageDown"),
        ("Alt-Home", "Ctrl-Home"),
        ("Alt-Home\nkey Alt-End", "Ctrl-Home\nkey Ctrl-End"),
        ("Shift-Up", "Up"),
        ("Alt-Left\ntype x", "Ctrl-Left\ntype x"),
        ("Alt-Left\nkey Alt-Left\nkey Alt-Right\ntype x", "Ctrl-Left\nkey Ctrl-Left\nkey Ctrl-Right\ntype x"),
    ];
    let screen_after = |keys: &str| {
        let script = format!(
            "start name=alice\nsize 60x14\nonline bob\nmany 30\nsay before\ntype two words\nkey {keys}\nscreen"
        );
        let written = play(&script);
        written[written.rfind("1 everyone").unwrap()..].to_owned()
    };
    for (key, meant) in pairs {
        assert_eq!(screen_after(key), screen_after(meant), "{key}");
    }
    assert_ne!(screen_after("Shift-PageUp"), screen_after("Esc"), "it scrolls");
}

#[test]
fn what_the_terminal_could_not_do_is_said_and_the_draft_stays() {
    let declined = Msg::Trouble("There is no clipboard.".into());
    let failed = Msg::Edited(Err("There is no editor.".into()));
    for (msg, words) in [(declined, "There is no clipboard."), (failed, "There is no editor.")] {
        let mut play = Play::new("start name=alice");
        ["start name=alice", "size 80x24", "online bob", "type a draft"].iter().for_each(|step| play.step(step));
        play.session.update(play.now, msg);
        play.step("screen");
        assert!(play.written.contains(words) && play.written.contains("> a draft"), "{}", play.written);
    }
}
