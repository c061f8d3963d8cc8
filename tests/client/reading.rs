//! How a line is read: what is sent, what is run, and what is held back.

use tr2::client::action::reading::{Reading, holds_secret, read};

/// How a text is read, in a word.
fn kind(text: &str) -> String {
    match read(text) {
        Reading::Message(text) => format!("say {text:?}"),
        Reading::Command(word, argument) => format!("run {word} {argument:?}"),
        Reading::Slip(meant) => format!("ask {meant}"),
        Reading::Secret(word) => format!("hold back {word}"),
    }
}

#[test]
fn nothing_that_may_hold_a_passphrase_is_sent() {
    let texts = [
        " /moderator sec",
        "    /moderator sec",
        "\t/moderator sec",
        "\u{a0}/moderator sec",
        "\u{3000}/moderator sec",
        "\u{2009}\u{200b}/moderator sec",
        "\u{feff}/moderator sec",
        "\u{ad}/moderator sec",
        "/\u{200b}/moderator sec",
        "//moderator sec",
        "///moderator sec",
        "// moderator sec",
        "./moderator sec",
        ".//moderator sec",
        "../moderator sec",
        "/moderator/ sec",
        "/moderator//  sec",
        " //moderator sec",
        "／moderator sec",
        "∕moderator sec",
        "\\moderator sec",
        "／ｍｏｄｅｒａｔｏｒ sec",
        " /ＭＯＤＥＲＡＴＯＲ sec",
        " /Moderator sec",
        " /oper sec",
        " /moderater sec",
        "//moderatr sec",
        "hello\n/moderator sec",
        "hello\n\n  /moderator sec\nbye",
        "\n/moderator sec",
        "hello\n／moderator sec",
        "/msg bob hi\n/moderator sec",
        "/query bob\n /oper sec",
        " /moderator\u{a0}sec",
        " /moderator\u{3000}sec",
    ];
    for text in texts {
        assert_eq!(kind(text), "hold back moderator", "{text:?}");
        assert!(holds_secret(text), "{text:?} must not be kept");
    }
    for text in
        [" /close-server sec", "//close-server now", "hello\n/close-server in 5m because x", "./close-serve sec"]
    {
        assert_eq!(kind(text), "hold back close-server", "{text:?}");
    }
}

#[test]
fn a_command_with_something_in_front_is_asked_about() {
    let cases = [
        (" /quit", "/quit"),
        ("\u{a0}/quit now", "/quit now"),
        ("／quit", "/quit"),
        ("./quit", "/quit"),
        ("\\quit", "/quit"),
        (" /close-server", "/close-server"),
        (" /moderator", "/moderator"),
        ("\n/msg bob hi", "/msg bob hi"),
        ("  /MSG bob hi", "/msg bob hi"),
    ];
    for (text, meant) in cases {
        assert_eq!(kind(text), format!("ask {meant}"), "{text:?}");
    }
}

#[test]
fn messages_and_commands_are_told_apart() {
    let cases = [
        ("/quit", r#"run quit """#),
        ("/msg bob hi", r#"run msg "bob hi""#),
        ("/MSG bob hi", r#"run MSG "bob hi""#),
        ("/mee waves", r#"run mee "waves""#),
        ("/moderator sec", r#"run moderator "sec""#),
        ("/moderater sec", r#"run moderater "sec""#),
        ("/", r#"run  """#),
        ("/var/log/x is full", r#"say "/var/log/x is full""#),
        ("/var/ is full", r#"say "/var/ is full""#),
        ("/msg/ is a folder", r#"say "/msg/ is a folder""#),
        ("//quit", r#"say "/quit""#),
        ("//etc is a folder", r#"say "/etc is a folder""#),
        ("//moderator", r#"say "/moderator""#),
        ("hello", r#"say "hello""#),
        ("use /moderator sec", r#"say "use /moderator sec""#),
        ("> /moderator sec", r#"say "> /moderator sec""#),
        ("hello\n/quit", r#"say "hello\n/quit""#),
        ("./run.sh now", r#"say "./run.sh now""#),
        ("... /mean", r#"say "... /mean""#),
        (" /home is full", r#"say " /home is full""#),
        ("1/2 of it", r#"say "1/2 of it""#),
        ("\\o/", r#"say "\\o/""#),
        ("", r#"say """#),
    ];
    for (text, expected) in cases {
        assert_eq!(kind(text), expected, "{text:?}");
    }
}

#[test]
fn what_may_hold_a_passphrase_is_known_in_any_form() {
    for text in ["/moderator sec", "/oper", "/close-server sec", "hi\n/moderator sec", "/Moderator sec"] {
        assert!(holds_secret(text), "{text:?}");
    }
    for text in ["hello", "/msg bob hi", "/var/log/x", "use /moderator sec", "//etc is full"] {
        assert!(!holds_secret(text), "{text:?}");
    }
}
