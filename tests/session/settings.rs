//! Settings: `/set`, what each changes at once, and how it is kept; own words, and who joins and leaves.

use expect_test::expect;

use crate::check;
use crate::script::play;

#[test]
fn settings_are_listed_with_their_values_and_where_these_come_from() {
    check(
        "
        start plain name=cron file=/c/join.toml theme=dark words=web3,oncall keys.rooms=F5 conversations.#ops=all
        online alice
        line /set
        line /set theme
        line /set keys.search
        line /set conversations.alice
        line /set them
        line /set keys.roms
        line /set keys.exit
        line /set conversations.#a!b
        ",
        expect![[r#"
            start plain name=cron file=/c/join.toml theme=dark words=web3,oncall keys.rooms=F5 conversations.#ops=all
                Dial(tcp://localhost:1234)
            line /set
                stdout 12:00 * server = (none) (default)
                name = (none) (default)
                theme = dark (file)
                times = 24h (default)
                words = web3, oncall (file)
                notify = mentions (default)
                notify_content = true (default)
                mouse = false (default)
                join_notices = true (default)
                change_notices = true (default)
                bell = true (default)
                downloads = (none) (default)
                camera = (none) (default)
                sound = (none) (default)
                direct = ask (default)
                video = auto (default)
                lang = auto (default)
                keys.rooms = F5 (file)
                conversations.#ops = all (file)
                /set KEY VALUE changes one and keeps it in /c/join.toml; /set KEY - resets it.
            line /set theme
                stdout 12:00 * theme = dark (file). The colours: auto, dark, light or mono.
            line /set keys.search
                stdout 12:00 * keys.search = Ctrl-F (default). The keys of an action, such as Ctrl-K or F5; none takes them away.
            line /set conversations.alice
                stdout 12:00 * conversations.alice = mentions (default). Which messages of a conversation notify you: all, mentions or nothing.
            line /set them
                stderr tr2: Unknown setting 'them'; did you mean 'theme'?
            line /set keys.roms
                stderr tr2: Unknown action 'roms'; did you mean 'rooms'?
            line /set keys.exit
                stderr tr2: The keys of exit cannot be changed.
            line /set conversations.#a!b
                stderr tr2: A room's name is made of letters, digits, '-', '_' and '.'.
        "#]],
    );
}

#[test]
fn a_setting_changes_at_once_and_is_kept() {
    check(
        "
        start name=alice file=/c/join.toml
        size 80x12
        online bob
        server @id=1;time=2026-11-22T17:01:00Z bob | all clients | broadcast_not_me | hello
        say /set times 12h
        screen
        kept times
        screen
        say /set times off
        kept times
        +6s
        screen
        say /set words web3, on-call
        kept words
        server @id=2;time=2026-11-22T17:02:00Z bob | all clients | broadcast_not_me | WEB3 is slow
        +6s
        screen
        say /set words -
        kept words
        say /set mouse true
        kept mouse
        say /set mouse false
        unkept mouse /c/join.toml cannot be written: no space
        +6s
        status
        ",
        expect![[r#"
            start name=alice file=/c/join.toml
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x12
            server @id=1;time=2026-11-22T17:01:00Z bob | all clients | broadcast_not_me | hello
            say /set times 12h
                SaveSetting { key: "times", value: Some("\"12h\"") }
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │  5:01pm      ~bob  hello
             menu F2        │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            kept times
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │  5:01pm      ~bob  hello
             menu F2        │ > _
             ● alice  times = 12h, written to /c/join.toml.
            say /set times off
                SaveSetting { key: "times", value: Some("\"off\"") }
            kept times
            +6s
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │      ~bob  hello
             menu F2        │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            say /set words web3, on-call
                SaveSetting { key: "words", value: Some("[\"web3\", \"on-call\"]") }
            kept words
            server @id=2;time=2026-11-22T17:02:00Z bob | all clients | broadcast_not_me | WEB3 is slow
                Bell
                Notify { title: "~bob in everyone", body: "WEB3 is slow" }
            +6s
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │      ~bob  hello
                            │▌           WEB3 is slow
             menu F2        │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            say /set words -
                SaveSetting { key: "words", value: None }
            kept words
            say /set mouse true
                SaveSetting { key: "mouse", value: Some("true") }
                Mouse(true)
            kept mouse
            say /set mouse false
                SaveSetting { key: "mouse", value: Some("false") }
                Mouse(false)
            unkept mouse /c/join.toml cannot be written: no space
            +6s
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}

#[test]
fn a_value_that_is_not_possible_changes_nothing() {
    let cases = [
        ("theme blue", "theme: must be auto, dark, light or mono"),
        ("theme dark light", "theme: must be auto, dark, light or mono"),
        ("mouse yes", "mouse: must be true or false"),
        ("notify some", "notify: must be all, mentions or nothing"),
        ("times 24", "times: must be 24h, 12h or off"),
        ("lang de", "lang: must be auto, en or pt-BR"),
        ("server http://x", "server: 'http://x' is not a server address"),
        ("name a b", "name: A name is made of"),
        ("words x\u{202e}y", "words: a word may not contain control characters or invisible ones"),
        ("keys.rooms Ctrl-C", "keys.rooms: Ctrl-C cannot be changed"),
        ("keys.rooms Enter", "keys.rooms: Enter cannot be changed"),
        ("keys.rooms x", "keys.rooms: x cannot be changed"),
        ("keys.rooms Ctrl-I", "keys.rooms: Ctrl-I cannot be changed"),
        ("keys.rooms Alt-5", "keys.rooms: Alt-5 cannot be changed"),
        ("keys.rooms F13", "keys.rooms: there is no such key"),
        ("keys.rooms Ctrl-", "keys.rooms: there is no such key"),
        ("keys.rooms F5 F5", "keys.rooms: F5 is given twice"),
        ("keys.search F6", "keys.search: F6 is given twice; resend has it already"),
        ("keys.suspend F5", "The keys of suspend cannot be changed."),
        ("keys. F5", "Unknown action ''"),
        ("conversations.#ops some", "conversations.#ops: must be all, mentions or nothing"),
        ("conversations. all", "A name "),
        ("nothing all", "Unknown setting 'nothing'"),
    ];
    for (typed, expected) in cases {
        let script = format!("start plain name=cron file=/c/j keys.resend=F6\nonline bob\nline /set {typed}\n");
        let written = play(&script);
        let said = written.lines().last().unwrap();
        assert!(said.contains(&format!("stderr tr2: {expected}")), "{typed}: {said}");
        assert!(!written.contains("SaveSetting"), "{typed}: {written}");
    }
}

#[test]
fn own_words_and_keys_have_limits() {
    let list = |count: usize| (0..count).map(|at| format!("w{at}")).collect::<Vec<_>>().join(" ");
    let keys = |count: usize| (1..=count).map(|at| format!("F{at}")).collect::<Vec<_>>().join(" ");
    let cases = [
        (format!("words {}", list(32)), None),
        (format!("words {}", list(33)), Some("at most 32 words")),
        (format!("words {}", "x".repeat(64)), None),
        (format!("words {}", "x".repeat(65)), Some("at most 64 bytes")),
        (format!("keys.rooms {}", keys(8)), None),
        (format!("keys.rooms {}", keys(9)), Some("at most 8 keys")),
    ];
    for (typed, wrong) in cases {
        let written = play(&format!("start plain name=cron file=/c/j\nonline bob\nline /set {typed}\n"));
        assert_eq!(written.contains("SaveSetting"), wrong.is_none(), "{written}");
        assert!(wrong.is_none_or(|wrong| written.contains(wrong)), "{written}");
    }
}

#[test]
fn changed_keys_do_what_they_are_given_to_and_nothing_else() {
    check(
        "
        start name=alice file=/c/join.toml keys.search=F5 keys.next-unread=Ctrl-F keys.menu=none
        size 60x14
        back bob
        key F2
        key Ctrl-F
        status
        +6s
        key F5
        screen
        key Esc
        say /set keys.help Ctrl-X F9
        kept keys.help
        key F1
        key F9
        screen
        key Esc
        say /set keys.help none
        kept keys.help
        say /set keys.help -
        kept keys.help
        +6s
        key F1
        screen
        ",
        expect![[r#"
            start name=alice file=/c/join.toml keys.search=F5 keys.next-unread=Ctrl-F keys.menu=none
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            key F2
            key Ctrl-F
              [● alice  Nothing is unread.|]
            +6s
            key F5
            *1 everyone     │ everyone                         2 people
                            │
                            │
            ┌ Search ──────────────────────────────────────────────────┐
            │ Find _                                                   │
            │ from:NAME  in:NAME  before:2026-11-22  after:…  "in a r… │
            │                                                          │
            │ Enter searches all messages that you can see.            │
            └──────────────────────────────────────────────────────────┘
             7 Search       │ You are in everyone: all who are online
             8 Rooms        │ read what you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help)
             0 Call         │ >
             ● alice                        Ctrl-K go  F5 find  F1 keys
            key Esc
            say /set keys.help Ctrl-X F9
                SaveSetting { key: "keys.help", value: Some("[\"Ctrl-X\", \"F9\"]") }
            kept keys.help
            key F1
            key F9
            ┌ Help · Esc closes ───────────────────────────────────────┐
            │ 160 entries · type to filter · PageDown for more         │
            │ This explains; Ctrl-K runs an action by its name.        │
            │                                                          │
            │ Writing                                                  │
            │ Enter           Sends the message.                       │
            │ Alt-Enter       Starts a new line in the same message.   │
            │ Tab             Completes names, rooms, commands, their  │
            │                 options, and emoji such as :smile.       │
            │ Up, Down        Move by one row; Up at the first recalls │
            │                 what was sent in this conversation.      │
            │ Ctrl-R          Searches what was sent in this           │
            └──────────────────────────────────────────────────────────┘
             ● alice                    Ctrl-K go  F5 find  Ctrl-X keys
            key Esc
            say /set keys.help none
                SaveSetting { key: "keys.help", value: Some("[]") }
            kept keys.help
            say /set keys.help -
                SaveSetting { key: "keys.help", value: None }
            kept keys.help
            +6s
            key F1
            ┌ Help · Esc closes ───────────────────────────────────────┐
            │ 160 entries · type to filter · PageDown for more         │
            │ This explains; Ctrl-K runs an action by its name.        │
            │                                                          │
            │ Writing                                                  │
            │ Enter           Sends the message.                       │
            │ Alt-Enter       Starts a new line in the same message.   │
            │ Tab             Completes names, rooms, commands, their  │
            │                 options, and emoji such as :smile.       │
            │ Up, Down        Move by one row; Up at the first recalls │
            │                 what was sent in this conversation.      │
            │ Ctrl-R          Searches what was sent in this           │
            └──────────────────────────────────────────────────────────┘
             ● alice                        Ctrl-K go  F5 find  F1 keys
        "#]],
    );
}

#[test]
fn who_joins_and_leaves_can_be_left_out() {
    check(
        "
        start name=alice file=/c/join.toml
        size 60x10
        online bob
        server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | one
        server server | all clients | joined | carol
        server @id=2;time=2026-11-22T12:00:30Z bob | all clients | broadcast_not_me | two
        server server | all clients | left | carol
        screen
        say /set join_notices false
        kept join_notices
        +6s
        screen
        say /set join_notices -
        kept join_notices
        +6s
        screen
        start plain name=cron join_notices=false
        online bob
        server server | all clients | joined | carol
        server server | all clients | left | carol
        server @id=3;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | three
        ",
        expect![[r#"
            start name=alice file=/c/join.toml
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x10
            server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | one
            server server | all clients | joined | carol
            server @id=2;time=2026-11-22T12:00:30Z bob | all clients | broadcast_not_me | two
            server server | all clients | left | carol



             ──────────────────────────────────── Sunday 22 November ──
             12:00      ~bob  one
                              carol joined
                        ~bob  two
                              carol left
             > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            say /set join_notices false
                SaveSetting { key: "join_notices", value: Some("false") }
            kept join_notices
            +6s





             ──────────────────────────────────── Sunday 22 November ──
             12:00      ~bob  one
                              two
             > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            say /set join_notices -
                SaveSetting { key: "join_notices", value: None }
            kept join_notices
            +6s

             ──────────────────────────────────── Sunday 22 November ──
             12:00      ~bob  one
                              carol joined
                        ~bob  two
                              carol left
            ──────────────────────────────────────────────── Esc closes
             join_notices = true again, written to /c/join.toml.
             > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            start plain name=cron join_notices=false
                Dial(tcp://localhost:1234)
            server server | all clients | joined | carol
            server server | all clients | left | carol
            server @id=3;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | three
                stdout 12:01 ~bob: three
        "#]],
    );
}

#[test]
fn plain_mode_keeps_settings_and_waits_for_that() {
    check(
        "
        start plain name=cron file=/c/join.toml
        online alice
        line /set name dave
        eof
        kept name
        start plain name=cron
        online alice
        line /set bell false
        start plain name=cron file=/c/join.toml
        online alice
        line /notify all
        line /query alice
        line /notify nothing
        line /notify
        eof
        kept conversations.everyone
        unkept conversations.alice /c/join.toml cannot be written: no space
        ",
        expect![[r#"
            start plain name=cron file=/c/join.toml
                Dial(tcp://localhost:1234)
            line /set name dave
                SaveSetting { key: "name", value: Some("\"dave\"") }
            eof
            kept name
                stdout 12:00 * name is written to /c/join.toml for the next start.
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
            start plain name=cron
                Dial(tcp://localhost:1234)
            line /set bell false
                stderr tr2: There is no home folder for a configuration file; the setting holds until you leave.
            start plain name=cron file=/c/join.toml
                Dial(tcp://localhost:1234)
            line /notify all
                SaveSetting { key: "conversations.everyone", value: Some("\"all\"") }
            line /query alice
                stdout 12:00 * What you write goes to alice now; /everyone goes back to all.
            line /notify nothing
                SaveSetting { key: "conversations.alice", value: Some("\"nothing\"") }
            line /notify
                stdout 12:00 * Notifications of alice: nothing. /notify - resets it.
            eof
            kept conversations.everyone
                stdout 12:00 * conversations.everyone = all, written to /c/join.toml.
            unkept conversations.alice /c/join.toml cannot be written: no space
                stderr tr2: conversations.alice = nothing until you leave, but not written: /c/join.toml cannot be written: no space
                send cron | server | exit | no data
                Disconnect
                Leave(Failed("Part of the input could not be carried out."))
        "#]],
    );
}

#[test]
fn a_path_that_is_too_long_for_the_status_bar_is_cut_to_its_last_part() {
    let long = "~/a/folder/with/a/long/name/tr2/join.toml";
    check(
        &format!(
            "
            start name=alice file={long}
            size 80x12
            online bob
            say /notify all
            kept conversations.everyone ~/.config/tr2/join.toml
            status
            say /notify all
            kept conversations.everyone {long}
            status
            start plain name=cron file={long}
            line /notify all
            kept conversations.everyone {long}
            "
        ),
        expect![[r#"
            start name=alice file=~/a/folder/with/a/long/name/tr2/join.toml
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x12
            say /notify all
                SaveSetting { key: "conversations.everyone", value: Some("\"all\"") }
            kept conversations.everyone ~/.config/tr2/join.toml
              [● alice  conversations.everyone = all, written to join.toml.|]
            say /notify all
                SaveSetting { key: "conversations.everyone", value: Some("\"all\"") }
            kept conversations.everyone ~/a/folder/with/a/long/name/tr2/join.toml
              [● alice  conversations.everyone = all, written to join.toml.|]
            start plain name=cron file=~/a/folder/with/a/long/name/tr2/join.toml
                Dial(tcp://localhost:1234)
            line /notify all
            kept conversations.everyone ~/a/folder/with/a/long/name/tr2/join.toml
                stdout 12:00 * conversations.everyone = mentions again, written to ~/a/folder/with/a/long/name/tr2/join.toml.
        "#]],
    );
}

#[test]
fn the_theme_reaches_the_screen() {
    use tr2::client::view::Background;
    let cases = [
        ("auto", (None, false)),
        ("dark", (Some(Background::Dark), false)),
        ("light", (Some(Background::Light), false)),
        ("mono", (None, true)),
    ];
    for (theme, expected) in cases {
        let mut play = crate::script::Play::new("start name=alice");
        ["start name=alice", "size 80x24", &format!("say /set theme {theme}")].iter().for_each(|step| play.step(step));
        let view = play.session.view();
        assert_eq!((view.background, view.colourless), expected, "{theme}");
    }
}

#[test]
fn what_an_option_or_the_environment_says_stays_in_force() {
    check(
        "
        start plain name=cron file=/c/join.toml env:theme=mono option:server=tcp://localhost name=cron
        online alice
        line /set theme
        line /set theme dark
        kept theme
        line /set theme
        line /set server tls://chat.example.org
        kept server
        line /set theme -
        unkept theme /c/join.toml cannot be written: no space
        eof
        ",
        expect![[r#"
            start plain name=cron file=/c/join.toml env:theme=mono option:server=tcp://localhost name=cron
                Dial(tcp://localhost:1234)
            line /set theme
                stdout 12:00 * theme = mono (TR2_TEST). The colours: auto, dark, light or mono.
            line /set theme dark
                SaveSetting { key: "theme", value: Some("\"dark\"") }
            kept theme
                stdout 12:00 * theme is written to /c/join.toml, but the environment variable TR2_TEST wins: it stays mono.
            line /set theme
                stdout 12:00 * theme = mono (TR2_TEST). The colours: auto, dark, light or mono.
            line /set server tls://chat.example.org
                SaveSetting { key: "server", value: Some("\"tls://chat.example.org\"") }
            kept server
                stdout 12:00 * server is written to /c/join.toml, but the option of the command line wins: it stays tcp://localhost:1234.
            line /set theme -
                SaveSetting { key: "theme", value: None }
            unkept theme /c/join.toml cannot be written: no space
                stderr tr2: theme is not written: /c/join.toml cannot be written: no space
            eof
                send cron | server | exit | no data
                Disconnect
                Leave(Failed("Part of the input could not be carried out."))
        "#]],
    );
}

#[test]
fn times_are_written_in_the_same_way_everywhere() {
    check(
        "
        start plain name=alice times=12h file=/c/join.toml
        rooms bob
        server server | alice | moderator | You are now a moderator.
        server @id=5;time=2026-11-22T15:01:00Z bob | all clients | broadcast_not_me | afternoon
        server @id=5;time=2026-11-22T00:02:00Z;change=6 bob | all clients | reacted | on 1 +1 bob
        line /delete
        line /modlog
        server @ref=5-0004;batch=b;id=9;time=2026-11-22T13:59:00Z bob | all clients | act | mute dave 600 on loud
        server @ref=5-0004;batch=b server | alice | modlog_end
        line /bans
        server @ref=5-0005 server | all clients | banned | mute dave bob 2026-11-22T20:10:00Z loud
        server @ref=5-0005 server | alice | bans_end
        line /set times off
        kept times
        server @id=7;time=2026-11-22T15:02:00Z bob | all clients | broadcast_not_me | and later
        server server | all clients | joined | carol
        line /bans
        server @ref=5-0006 server | all clients | banned | mute dave bob 2026-11-22T20:10:00Z loud
        server @ref=5-0006 server | alice | bans_end
        start plain name=alice times=12h
        connected 2.26
        server server | client | name | TR2.26 accepted ping identity
        server server | alice | connection_confirmation | welcome
        line /whois bob
        server @ref=5-0004 server | alice | whois | bound=2026-11-01T19:00:00Z online=2026-11-22T13:30:00Z bob
        start name=alice times=12h
        size 80x24
        back bob
        key Ctrl-F
        type after
        key Enter
        server @ref=5-0006;batch=s;id=5;time=2026-11-22T15:01:00Z bob | all clients | broadcast_not_me | afternoon
        server @ref=5-0006;batch=s server | alice | search_end
        screen
        ",
        expect![[r#"
            start plain name=alice times=12h file=/c/join.toml
                Dial(tcp://localhost:1234)
            server server | alice | moderator | You are now a moderator.
                stdout 12:00pm * You are now a moderator.
            server @id=5;time=2026-11-22T15:01:00Z bob | all clients | broadcast_not_me | afternoon
                stdout 3:01pm ~bob: afternoon
            server @id=5;time=2026-11-22T00:02:00Z;change=6 bob | all clients | reacted | on 1 +1 bob
                stdout 12:02am ~bob reacted +1 to: "afternoon"
            line /delete
                stdout 12:00pm * The newest first; /delete N REASON deletes one.
                1  3:01pm bob: afternoon
            line /modlog
                send @ref=5-0004 alice | all clients | modlog | limit=50
            server @ref=5-0004;batch=b;id=9;time=2026-11-22T13:59:00Z bob | all clients | act | mute dave 600 on loud
            server @ref=5-0004;batch=b server | alice | modlog_end
                stdout 12:00pm * 2026-11-22 1:59pm bob muted dave for 10 minutes: loud
            line /bans
                send @ref=5-0005 alice | all clients | bans | no data
            server @ref=5-0005 server | all clients | banned | mute dave bob 2026-11-22T20:10:00Z loud
            server @ref=5-0005 server | alice | bans_end
                stdout 12:00pm * dave muted until 2026-11-22 8:10pm by bob: loud
            line /set times off
                SaveSetting { key: "times", value: Some("\"off\"") }
            kept times
                stdout * times = off, written to /c/join.toml.
            server @id=7;time=2026-11-22T15:02:00Z bob | all clients | broadcast_not_me | and later
                stdout ~bob: and later
            server server | all clients | joined | carol
                stdout * carol joined
            line /bans
                send @ref=5-0006 alice | all clients | bans | no data
            server @ref=5-0006 server | all clients | banned | mute dave bob 2026-11-22T20:10:00Z loud
            server @ref=5-0006 server | alice | bans_end
                stdout * dave muted until 2026-11-22 20:10 by bob: loud
            start plain name=alice times=12h
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted ping identity
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | welcome
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            line /whois bob
                send @ref=5-0004 alice | server | whois | bob
            server @ref=5-0004 server | alice | whois | bound=2026-11-01T19:00:00Z online=2026-11-22T13:30:00Z bob
                stdout 12:00pm * bob is unverified; online since 2026-11-22 1:30pm. The name has had an owner since 2026-11-01 7:00pm.
            start name=alice times=12h
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            key Ctrl-F
            key Enter
                send @ref=5-0006 alice | server | search | after
            server @ref=5-0006;batch=s;id=5;time=2026-11-22T15:01:00Z bob | all clients | broadcast_not_me | afternoon
            server @ref=5-0006;batch=s server | alice | search_end
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
            ┌ Search ──────────────────────────────────────────────────────────────────────┐
            │ Find after                                                                   │
            │ from:NAME  in:NAME  before:2026-11-22  after:…  "in a row"  begin*           │
            │                                                                              │
            │ 1 message, Enter goes there.                                                 │
            │ >2026-11-22  3:01pm everyone   ~bob       afternoon                          │
            │                                                                              │
            │ afternoon                                                                    │
            └──────────────────────────────────────────────────────────────────────────────┘
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}
