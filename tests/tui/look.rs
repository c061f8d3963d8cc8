//! What the environment, and the terminal itself, say about a terminal.

use tr2::client::text::ascii::{Charset, ascii};
use tr2::client::tui::look::Depth::{self, *};
use tr2::client::tui::look::Multiplexer::{self, Screen, Tmux};
use tr2::client::tui::look::Notification::{self, *};
use tr2::client::tui::look::{Look, Multiplexer::None as Direct};
use tr2::client::view::Background::{Dark, Light};
use unicode_width::UnicodeWidthStr as _;

/// The look of an environment, written as `NAME=value NAME=value`.
fn look(environment: &str) -> Look {
    let value = |name: &str| {
        environment.split_whitespace().find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    };
    Look::of(value)
}

#[test]
fn colours_go_as_deep_as_the_terminal() {
    let depths: [(&str, Depth); 17] = [
        ("", Mono),
        ("TERM=dumb COLORTERM=truecolor", Mono),
        ("TERM=vt100", Mono),
        ("TERM=xterm-mono", Mono),
        ("TERM=linux", Sixteen),
        ("TERM=xterm", Sixteen),
        ("TERM=screen", Sixteen),
        ("TERM=vt220 COLORTERM=1", Sixteen),
        ("TERM=xterm-256color", Palette),
        ("TERM=screen-256color COLORTERM=", Palette),
        ("TERM=vte-256color", Palette),
        ("TERM=xterm-256color COLORTERM=truecolor", True),
        ("TERM=tmux-256color COLORTERM=24bit", True),
        ("TERM=xterm-direct", True),
        ("TERM=xterm-kitty", True),
        ("TERM=foot", True),
        ("TERM=xterm-256color COLORTERM=truecolor NO_COLOR=1", Mono),
    ];
    for (environment, depth) in depths {
        assert_eq!(look(environment).depth, depth, "{environment}");
    }
    assert_eq!(look("TERM=xterm NO_COLOR=").depth, Sixteen, "an empty variable is not set");
}

#[test]
fn the_locale_decides_what_may_be_written() {
    let locales = [
        ("LANG=en_GB.UTF-8", true),
        ("LC_CTYPE=UTF-8", true),
        ("LANG=C.utf8", true),
        ("LC_ALL=C LANG=en_GB.UTF-8", false),
        ("LC_ALL= LANG=en_GB.UTF-8", true),
        ("LC_CTYPE=POSIX LANG=en_GB.UTF-8", false),
        ("LC_ALL=ru_RU.KOI8-R", false),
        ("LANG=de_DE", false),
        ("", false),
    ];
    for (environment, unicode) in locales {
        assert_eq!(look(&format!("TERM=xterm {environment}")).unicode, unicode, "{environment}");
    }
    let charset = |locale: Option<&str>| Charset::of(|name| locale.filter(|_| name == "LANG").map(str::to_owned));
    let needs = |locale| [true, false].map(|terminal| charset(locale).needs_ascii(terminal));
    assert_eq!(needs(Some("C.UTF-8")), [false, false]);
    assert_eq!(needs(Some("C")), [true, true]);
    assert_eq!(needs(Some("ja_JP.eucJP")), [true, true]);
    assert_eq!(needs(None), [true, false], "a service without a locale pipes the text as it is");
}

#[test]
fn text_in_ascii_is_as_wide_as_before_and_is_no_other_name() {
    for (text, expected) in [
        ("plain ~ text", "plain ~ text"),
        ("álice a\u{301}", "?lice ?"),
        ("аlice", "?lice"),
        ("日本 😀", "???? ??"),
        ("“don’t” – … · ✓", "\"don't\" - . - *"),
        ("│ ├─┤ ▌", "| +-+ >"),
        ("ě2J ě1;1H", "?2J ?1;1H"),
        ("\u{fffd}\u{a0}x", "? x"),
    ] {
        let plain = ascii(text);
        assert_eq!(plain, expected, "{text:?}");
        assert_eq!(plain.width(), text.width(), "{text:?}");
    }
}

#[test]
fn notifications_go_by_what_the_terminal_is() {
    let table: [(&str, Notification, bool, Multiplexer); 25] = [
        ("TERM=xterm-256color", Bell, false, Direct),
        ("TERM=dumb KITTY_WINDOW_ID=1", Bell, false, Direct),
        ("TERM=linux VTE_VERSION=7000", Bell, false, Direct),
        ("TERM=xterm-kitty", Kitty, true, Direct),
        ("TERM=xterm-256color KITTY_WINDOW_ID=3", Kitty, true, Direct),
        ("TERM=foot-extra", Urxvt, true, Direct),
        ("TERM=rxvt-unicode-256color", Urxvt, false, Direct),
        ("TERM=xterm-256color VTE_VERSION=7600", Urxvt, true, Direct),
        ("TERM=xterm-ghostty", Urxvt, true, Direct),
        ("TERM=xterm-256color TERM_PROGRAM=ghostty", Urxvt, true, Direct),
        ("TERM=xterm-256color TERM_PROGRAM=WezTerm", Urxvt, true, Direct),
        ("TERM=xterm-256color TERM_PROGRAM=iTerm.app", Iterm, true, Direct),
        ("TERM=xterm-256color LC_TERMINAL=iTerm2", Iterm, true, Direct),
        ("TERM=xterm-256color WT_SESSION=abc", Iterm, true, Direct),
        ("TERM=xterm-256color TERM_PROGRAM=Apple_Terminal", Bell, false, Direct),
        ("TERM=alacritty", Bell, true, Direct),
        ("TERM=tmux-256color TMUX=/tmp/x,1,0 TERM_PROGRAM=tmux VTE_VERSION=7600", Urxvt, false, Tmux),
        ("TERM=screen-256color TMUX=/tmp/x,1,0 LC_TERMINAL=iTerm2 TERM_PROGRAM=tmux", Iterm, false, Tmux),
        ("TERM=tmux-256color TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=3.4", Bell, true, Tmux),
        ("TERM=tmux-256color TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=3.3a VTE_VERSION=7600", Urxvt, false, Tmux),
        ("TERM=screen-256color STY=1.pts TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=3.5", Bell, false, Screen),
        ("TERM=screen.xterm-256color STY=1.pts KITTY_WINDOW_ID=1", Kitty, false, Screen),
        ("TERM=screen-256color", Bell, false, Screen),
        ("TERM=tmux", Bell, false, Tmux),
        // A terminal that was started from within tmux.
        ("TERM=xterm-kitty TMUX=/tmp/x,1,0", Kitty, true, Direct),
    ];
    for (environment, notification, hyperlinks, multiplexer) in table {
        let look = look(environment);
        let found = (look.notification, look.hyperlinks, look.multiplexer);
        assert_eq!(found, (notification, hyperlinks, multiplexer), "{environment}");
    }
}

#[test]
fn what_the_terminal_says_itself_is_believed() {
    let plain = look("TERM=xterm-256color");
    for (version, notification, hyperlinks) in [
        ("kitty(0.35.1)", Kitty, true),
        ("foot(1.16.2)", Urxvt, true),
        ("ghostty 1.1.0", Urxvt, true),
        ("WezTerm 20240203", Urxvt, true),
        ("VTE(7600)", Urxvt, true),
        ("iTerm2 3.5.0", Iterm, true),
        ("XTerm(390)", Bell, false),
        ("", Bell, false),
    ] {
        let told = plain.told(version);
        assert_eq!((told.notification, told.hyperlinks), (notification, hyperlinks), "{version}");
    }
    // Over ssh, only the terminal can tell that it is tmux and not GNU screen.
    let remote = look("TERM=screen-256color").told("tmux 3.4");
    assert_eq!((remote.multiplexer, remote.notification), (Tmux, Bell));
    let inside = look("TERM=tmux-256color TMUX=x KITTY_WINDOW_ID=1");
    assert_eq!((inside.multiplexer, inside.notification, inside.hyperlinks), (Tmux, Kitty, false));
    // From 3.4 on, tmux hands links on to a terminal that knows them.
    for (version, links) in [("tmux 3.4", true), ("tmux 3.5a", true), ("tmux next-3.6", true), ("tmux 10.0", true)]
        .into_iter()
        .chain([("tmux 3.3a", false), ("tmux 2.9", false), ("tmux", false), ("tmux master", false)])
    {
        assert_eq!(inside.told(version).hyperlinks, links, "{version}");
    }
}

#[test]
fn the_background_is_that_of_the_environment_if_it_tells() {
    for (value, background) in [
        ("15;0", Some(Dark)),
        ("0;15", Some(Light)),
        ("0;default;15", Some(Light)),
        ("12;8", Some(Dark)),
        ("0;7", Some(Light)),
        ("7;4", None),
        ("0;14", None),
        ("7;default", None),
        ("1;16", None),
        ("nonsense", None),
    ] {
        assert_eq!(look(&format!("TERM=rxvt COLORFGBG={value}")).background, background, "{value}");
    }
}
