//! What becomes of what is written: entered, pasted, recalled, held back.

use std::time::Duration;

use tr2::client::key::Key;
use tr2::client::msg::{Effect, Msg, SentText};
use tr2::client::session::{MAX_PASTED_LINES, Mode, Session, Start};
use tr2::client::text::editor::MAX_DRAFT;
use tr2::client::view::{DialogRow, StyledLine};
use tr2::protocol::limits::MAX_DATA;
use tr2::protocol::{Request, SessionToken};

use crate::script::{Play, key};

/// Alice is online with bob and carol.
fn online() -> Play {
    let mut play = Play::new("start name=alice");
    ["start name=alice", "size 80x24", "rooms bob carol"].iter().for_each(|step| play.step(step));
    play
}

/// Plays keys: words are named keys, quoted text is typed. Returns what is sent, and what is written then.
fn write(play: &mut Play, keys: &str) -> String {
    let mut effects = Vec::new();
    for (at, part) in keys.split('"').enumerate() {
        if at % 2 == 1 {
            part.chars().for_each(|c| effects.extend(play.update(Msg::Key(Key::Char(c)))));
        } else {
            part.split_whitespace().for_each(|name| effects.extend(play.update(Msg::Key(key(name)))));
        }
    }
    let mut said: Vec<String> = effects.iter().filter_map(sent).collect();
    said.push(draft(play));
    said.join(" > ")
}

fn sent(effect: &Effect) -> Option<String> {
    match effect {
        Effect::Send(request) => Some(data(request)),
        Effect::Leave(_) => Some("left".to_owned()),
        _ => None,
    }
}

/// A request as its recipient, its operation and its data.
fn data(request: &Request) -> String {
    let mut bytes = Vec::new();
    request.write(&mut bytes, "alice");
    let line = String::from_utf8(bytes).unwrap();
    line.trim_end().split_once(" | ").unwrap().1.to_owned()
}

fn draft(play: &Play) -> String {
    let lines: Vec<String> = play.session.view().composer.lines.iter().map(StyledLine::text).collect();
    lines.join("\n")
}

fn dialog(play: &Play) -> String {
    let Some(dialog) = play.session.view().dialog else { return String::new() };
    let rows = dialog.rows.iter().map(|row| match row {
        DialogRow::Text(line) => line.text(),
        DialogRow::Field { label, text, .. } => format!("{label} {text}"),
        DialogRow::Choice { row, .. } => row.left.text(),
        DialogRow::Buttons(labels, at) => {
            let label = |(index, label): (usize, &String)| {
                if *at == Some(index) { format!("<{label}>") } else { label.clone() }
            };
            labels.iter().enumerate().map(label).collect::<Vec<_>>().join(" ")
        }
    });
    std::iter::once(dialog.title.clone()).chain(rows).collect::<Vec<_>>().join(" / ")
}

fn notices(play: &Play) -> String {
    let view = play.session.view();
    let panel = view.panel.map(|panel| panel.rows).unwrap_or_default();
    let rows = view.messages.lines.into_iter().map(|line| line.line).chain(panel).chain([view.status.left]);
    rows.map(|row| row.text().split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(" ")
}

#[test]
fn tab_that_completes_nothing_does_nothing() {
    for (keys, expected) in [
        (r#""x" Tab "5" Enter"#, "all clients | broadcast_not_me | x5 > "),
        (r#""ask @bo" Tab "6 times please" Enter"#, "all clients | broadcast_not_me | ask @bob 6 times please > "),
        (r#""pub" Tab "5pm" Enter"#, "all clients | broadcast_not_me | pub5pm > "),
        (r#""zz" Tab Tab Tab "6" Enter"#, "all clients | broadcast_not_me | zz6 > "),
        (r#"Tab "6" Enter"#, "all clients | broadcast_not_me | 6 > "),
        // In the menu, the draft goes on, unless the menu was called for by its key.
        (r#""see you at " F6 "5" "pm" Enter"#, "all clients | broadcast_not_me | see you at 5pm > "),
        (r#""see you at " F6 Down "6" Enter"#, "all clients | broadcast_not_me | see you at 6 > "),
        (r#""see you at " F6 F6 "5" Enter"#, "all clients | broadcast_not_me | see you at 5 > "),
    ] {
        let mut play = online();
        assert_eq!(write(&mut play, keys), expected, "{keys}");
        assert_eq!(dialog(&play), "", "{keys}");
    }
    let mut play = online();
    write(&mut play, r#""draft" F2 "5""#);
    assert!(dialog(&play).starts_with("Exit / What you are writing is not sent."), "{}", dialog(&play));
    write(&mut play, "Enter");
    assert_eq!((dialog(&play), draft(&play)), (String::new(), "draft".to_owned()));
}

#[test]
fn tab_begins_with_who_spoke_last() {
    let mut play = online();
    play.step("server server | all clients | joined | James john");
    assert_eq!(write(&mut play, r#""j" Tab"#), "James: ");
    write(&mut play, "Ctrl-U");
    for from in ["James", "john"] {
        play.step(&format!("server {from} | all clients | broadcast_not_me | hi"));
    }
    assert_eq!(write(&mut play, r#""j" Tab"#), "john: ");
    assert_eq!(write(&mut play, "Tab"), "James: ");
}

#[test]
fn f6_and_shift_tab_move_between_panes() {
    let mut play = online();
    let focus = |play: &Play| {
        let view = play.session.view();
        let panes = [view.menu.focused, view.conversations.focused, view.people.focused, view.messages.focused];
        panes.iter().position(|focused| *focused)
    };
    let mut seen = Vec::new();
    for name in ["F6", "F6", "F6", "F6", "F6", "Shift-Tab", "Shift-Tab", "Esc"] {
        write(&mut play, name);
        seen.push(focus(&play));
    }
    let [menu, conversations, messages] = [Some(0), Some(1), Some(3)];
    assert_eq!(seen, [menu, conversations, messages, None, menu, None, messages, None]);
}

#[test]
fn an_unknown_command_leaves_the_composer_and_comes_back_with_up() {
    for (keys, expected) in [
        (r#""/mee" Enter "waves" Enter"#, "all clients | broadcast_not_me | waves > "),
        (r#""/mee" Enter Up"#, "/mee"),
        (r#""/ignore" Enter "hello" Enter"#, "all clients | broadcast_not_me | hello > "),
        (r#""/query ☺" Enter "hello" Enter"#, "all clients | broadcast_not_me | hello > "),
        (r#""/ban bob" Enter Esc "hello" Enter"#, "all clients | broadcast_not_me | hello > "),
        // What may be a passphrase comes back with Ctrl-Y only.
        (r#""/moderater sec" Enter Up"#, ""),
        (r#""/moderater sec" Enter Ctrl-Y"#, "/moderater sec"),
    ] {
        assert_eq!(write(&mut online(), keys), expected, "{keys}");
    }
    let mut play = online();
    write(&mut play, r#""/mee" Enter"#);
    assert!(
        notices(&play)
            .contains("There is no command /mee. Did you mean /me? //mee sends it as text. Up brings it back."),
        "{}",
        notices(&play)
    );
}

#[test]
fn a_command_of_one_letter_is_no_slip_of_another() {
    for (typed, meant) in [
        ("/r", "/help lists them."),
        ("/é", "/help lists them."),
        ("/x hello", "/help lists them."),
        ("/jj", "/help lists them."),
        ("/dn", "Did you mean /dm?"),
        ("/jion", "Did you mean /join?"),
    ] {
        let mut play = online();
        write(&mut play, &format!("\"{typed}\" Enter"));
        let word = typed.split(' ').next().unwrap();
        let said = format!("There is no command {word}. {meant} /{word} sends it as text.");
        assert!(notices(&play).contains(&said), "{typed}: {}", notices(&play));
    }
}

#[test]
fn secrets_are_held_back_and_commands_with_a_blank_are_asked_about() {
    for text in [" /moderator sec", "//moderator sec", "./close-server sec", "／moderator sec"] {
        let mut play = online();
        assert_eq!(write(&mut play, &format!("\"{text}\" Enter")), text, "it stays where it was written");
        assert!(notices(&play).contains("Nothing was sent: it may hold a passphrase."), "{}", notices(&play));
    }
    let mut play = online();
    play.step("paste hello\\n/moderator sec");
    assert_eq!(write(&mut play, "Enter"), "hello\n/moderator sec");
    let asked = |keys: &str| {
        let mut play = online();
        write(&mut play, r#"" /msg bob hi" Enter"#);
        assert_eq!(
            dialog(&play),
            "Nothing was sent / This looks like /msg, but something stands in front of / it. / <Edit> Run /msg Send as text"
        );
        write(&mut play, keys)
    };
    assert_eq!(asked("Enter"), " /msg bob hi");
    assert_eq!(asked("Esc"), " /msg bob hi");
    assert_eq!(asked("Right Enter"), "bob | private_message | hi > ");
    assert_eq!(asked("Right Right Enter"), "all clients | broadcast_not_me |  /msg bob hi > ");
    let mut play = online();
    assert_eq!(write(&mut play, r#"" /quit" Enter"#), " /quit");
    assert_eq!(write(&mut play, r#""/var/log/x is full""#), " /quit", "the dialog has the keys");
    assert_eq!(
        write(&mut online(), r#""/var/log/x is full" Enter"#),
        "all clients | broadcast_not_me | /var/log/x is full > "
    );
}

#[test]
fn up_recalls_only_what_was_sent_in_this_conversation() {
    let mut play = online();
    write(&mut play, r#""/query bob" Enter "secret" Enter Alt-1"#);
    assert_eq!(write(&mut play, "Up"), "/query bob");
    assert_eq!(write(&mut play, "Up Up"), "/query bob");
    write(&mut play, "Esc Esc");
    assert_eq!(write(&mut play, r#"Ctrl-R "sec""#), "");
    assert_eq!(write(&mut play, "Esc Alt-2 Up"), "secret");
}

#[test]
fn the_search_in_what_was_sent_shows_its_query() {
    let mut play = online();
    write(&mut play, r#""disk is full" Enter "net is down" Enter Ctrl-R "disk""#);
    assert_eq!(
        (play.session.view().composer.prompt, draft(&play)),
        ("sent \"disk\" ".to_owned(), "disk is full".to_owned())
    );
    write(&mut play, r#""z""#);
    assert_eq!(play.session.view().composer.prompt, "not sent \"diskz\" ");
    assert_eq!(write(&mut play, "Backspace Enter"), "all clients | broadcast_not_me | disk is full > ");
    assert_eq!(play.session.view().composer.prompt, "> ");
}

#[test]
fn what_is_sent_is_kept_for_the_next_run_but_no_passphrase() {
    let mut play = online();
    let mut kept = Vec::new();
    for text in ["hello", "hello", "/msg bob psst", "/moderator sec", "/oper sec", " /oper sec", "/nothing"] {
        for key in text.chars().map(Key::Char).chain([Key::Enter, Key::Esc, Key::Esc, Key::Esc]) {
            for effect in play.update(Msg::Key(key)) {
                if let Effect::Remember(kept_text) = effect {
                    assert_eq!(
                        (kept_text.name.as_str(), kept_text.server.to_string().as_str()),
                        ("alice", "tcp://localhost:1234")
                    );
                    kept.push((kept_text.sent.place, kept_text.sent.text));
                }
            }
        }
    }
    let expected = [("", "hello"), ("", "/msg bob psst"), ("bob", "/nothing")];
    assert_eq!(kept, expected.map(|(place, text)| (place.to_owned(), text.to_owned())));
}

#[test]
fn what_was_sent_before_is_recalled_clean_and_without_passphrases() {
    let sent = |text: &str| SentText { place: String::new(), text: text.to_owned() };
    let mut session = Session::new(Start {
        server_named: true,
        name: tr2::model::Name::parse("alice").ok(),
        login: "alice".to_owned(),
        server: "tcp://localhost".parse().unwrap(),
        others: Vec::new(),
        key_given: false,
        zone: tr2::model::Zone::default(),
        plain: tr2::client::session::PlainOptions::default(),
        opens_links: false,
        confined: false,
        unsent: Vec::new(),
        own_key: None,
        known_people: Vec::new(),
        settings: tr2::client::settings::Settings::default(),
        seed: 5,
        token: SessionToken([7; 16]),
        mode: Mode::Screen,
        take_over: false,
        code: None,
        backlog: true,
        sent: vec![sent("\u{1b}[2Jold\u{202e}"), sent("  "), sent("/moderator sec"), sent("hi\n/moderator sec")],
    });
    let now = tr2::model::Now::default();
    session.start(now);
    session.update(now, Msg::Resize { cols: 80, rows: 24 });
    session.update(now, Msg::Key(Key::Up));
    session.update(now, Msg::Key(Key::Up));
    assert_eq!(session.view().composer.lines[0].text(), "\u{fffd}[2Jold\u{fffd}");
}

#[test]
fn esc_twice_puts_the_draft_away_and_says_so() {
    let mut play = online();
    assert_eq!(write(&mut play, r#""precious" Esc Esc"#), "");
    assert!(notices(&play).contains("The draft is put away; Ctrl-Y brings it back."));
    assert_eq!(write(&mut play, "Ctrl-Y"), "precious");
}

#[test]
fn a_full_draft_says_so_once() {
    let mut play = online();
    play.update(Msg::Paste("x".repeat(MAX_DRAFT)));
    let told = |play: &Play| notices(play).matches("The draft is full: at most 65536 bytes fit.").count();
    assert_eq!(told(&play), 0);
    write(&mut play, r#""y""#);
    assert_eq!(told(&play), 1);
    play.update(Msg::Paste("y".to_owned()));
    assert!(notices(&play).contains("The end of your paste was left out: at most 65536 bytes fit."));
}

#[test]
fn a_long_paste_asks() {
    let lines = |count: usize| (1..=count).map(|number| number.to_string()).collect::<Vec<_>>().join("\n");
    let mut play = online();
    play.update(Msg::Paste(lines(MAX_PASTED_LINES) + "\n"));
    assert_eq!(dialog(&play), "");
    let asked = |keys: &str| {
        let mut play = online();
        write(&mut play, r#""see: ""#);
        play.update(Msg::Paste(lines(MAX_PASTED_LINES + 1)));
        assert_eq!(dialog(&play), "Paste / You pasted 11 lines. / Send <Edit> Drop");
        let said = write(&mut play, keys);
        assert_eq!(dialog(&play), "");
        said
    };
    let data = lines(MAX_PASTED_LINES + 1).replace('\n', "\\n");
    assert_eq!(asked("Left Enter"), format!("all clients | broadcast_not_me | see: {data} > "));
    assert!(asked("Enter").ends_with("10\n11"));
    assert_eq!(asked("Right Enter"), "see: ");
    assert_eq!(asked("Esc"), "see: ");
    assert!(asked("Esc Ctrl-Y").ends_with("10\n11"));
}

#[test]
fn what_is_pasted_while_a_dialog_has_no_field_for_it_is_not_lost() {
    let mut play = online();
    write(&mut play, "F1");
    play.step("paste precious");
    assert_eq!(write(&mut play, "Esc"), "precious");
    assert!(notices(&play).contains("What you pasted is in the message that you are writing."));
    let mut play = online();
    write(&mut play, r#"F2 "1""#);
    play.step("paste precious");
    assert_eq!((dialog(&play), draft(&play)), ("Echo / Text: precious / Send Cancel".to_owned(), String::new()));
}

#[test]
fn a_message_that_is_too_long_says_so_and_is_sent_in_parts() {
    let mut play = online();
    let long = format!("{}\n{}", "a".repeat(MAX_DATA - 10), "b".repeat(100));
    play.update(Msg::Paste(long.clone()));
    for (size, bar) in [
        ("size 20x5", "92 bytes over: …"),
        ("size 40x10", "92 bytes over: Enter offers 2 parts"),
        ("size 80x24", "92 bytes over: Enter offers 2 parts"),
    ] {
        play.step(size);
        let view = play.session.view();
        let (left, right) = (view.status.left.text(), view.status.right.text());
        assert!(left.starts_with('●') || view.cols < 80, "{left}");
        assert_eq!(right, bar, "{size}");
    }
    write(&mut play, "Enter");
    assert_eq!(
        dialog(&play),
        "Long message / This is too long for one message. It can be sent as 2. / <Send 2 parts> Edit"
    );
    let parts: Vec<String> = write(&mut play, "Enter").split(" > ").map(str::to_owned).collect();
    assert_eq!(parts.len(), 3);
    assert!(parts[0].ends_with("aaa") && parts[1] == format!("all clients | broadcast_not_me | {}", "b".repeat(100)));
    assert_eq!(parts[2], "");
    // It fits exactly, and is one byte over.
    for (size, asks) in [(MAX_DATA, false), (MAX_DATA + 1, true)] {
        let mut play = online();
        play.update(Msg::Paste("x".repeat(size)));
        write(&mut play, "Enter");
        assert_eq!(!dialog(&play).is_empty(), asks, "{size}");
    }
}

#[test]
fn the_editors_text_comes_back_into_the_draft() {
    let mut play = online();
    write(&mut play, r#""draft""#);
    play.update(Msg::Edited(Ok("one\ntwo\u{1b}\n".to_owned())));
    assert_eq!(draft(&play), "one\ntwo\u{fffd}");
    assert_eq!(write(&mut play, "Ctrl-_"), "draft");
    play.update(Msg::Edited(Err("vi ended with status 1; the draft is as it was.".to_owned())));
    assert_eq!(draft(&play), "draft");
    assert!(notices(&play).contains("vi ended with status 1"));
    play.update(Msg::Edited(Ok("x".repeat(MAX_DRAFT + 1))));
    assert!(notices(&play).contains("The end of your text was left out"));
}

#[test]
fn conversations_with_users_are_closed_and_come_back() {
    let names = |play: &Play| -> Vec<String> {
        play.session.view().conversations.rows.iter().map(|row| row.left.text()).collect()
    };
    for command in ["/close", "/part", "/leave"] {
        let mut play = online();
        write(&mut play, &format!(r#""/query bob" Enter "unsent" Alt-1 Alt-2 "{}" Esc Esc "{command}" Enter"#, ""));
        assert_eq!(names(&play), ["1 everyone"], "{command}");
        play.step("server @id=7;ref=x bob | alice | private_message | hello again");
        assert_eq!(names(&play), ["1 everyone", "2 bob"], "{command}");
    }
    let mut play = online();
    write(&mut play, r#""/close" Enter"#);
    assert!(notices(&play).contains("The conversation with everyone cannot be closed."));
}

#[test]
fn a_message_to_nobody_opens_no_conversation_to_go_to() {
    let mut play = online();
    "/msg nobodyhere hi".chars().for_each(|c| drop(play.update(Msg::Key(Key::Char(c)))));
    let effects = play.update(Msg::Key(Key::Enter));
    let label = effects.iter().find_map(|effect| match effect {
        Effect::Send(request) => request.reference.clone(),
        _ => None,
    });
    assert_eq!(play.session.view().messages.title.text(), "everyone");
    play.step(&format!("server @ref={} server | alice | refused | no_such_user No such user.", label.unwrap()));
    assert!(notices(&play).contains("To nobodyhere: not sent. No such user."), "{}", notices(&play));
    write(&mut play, r#""/msg bob hi" Enter"#);
    assert!(play.session.view().messages.title.text().starts_with("bob"));
    // Somebody who left just now is known.
    let mut play = online();
    play.step("server server | all clients | left | carol");
    write(&mut play, r#""/msg carol hi" Enter"#);
    assert!(play.session.view().messages.title.text().starts_with("carol"));
}

#[test]
fn clear_and_nick_do_what_they_say() {
    let mut play = online();
    play.step("server @id=3 bob | all clients | broadcast_not_me | hello");
    assert!(notices(&play).contains("hello"));
    write(&mut play, r#""/clear" Enter"#);
    assert!(!notices(&play).contains("hello"));
    play.step("server @id=4 bob | all clients | broadcast_not_me | news");
    assert!(notices(&play).contains("news"));
    write(&mut play, r#""/nick zed" Enter"#);
    assert!(
        notices(&play).contains(
            "You are alice. A name is taken when you join. To take another: /quit, then tr2 join --name NAME."
        )
    );
    assert_eq!(write(&mut play, r#""/quit now" Enter"#), "server | exit | no data > left > ");
}

#[test]
fn esc_in_a_dialog_keeps_what_was_typed() {
    let mut play = online();
    write(&mut play, r#"F2 "4" "half a thought" Esc"#);
    write(&mut play, r#"F2 "4""#);
    assert!(dialog(&play).contains("Text: half a thought"), "{}", dialog(&play));
    assert_eq!(write(&mut play, "Enter"), "all clients | broadcast_not_me | half a thought > ");
    write(&mut play, r#"F2 "4""#);
    assert!(dialog(&play).contains("Text:  /"), "what was sent is not kept: {}", dialog(&play));
    // A passphrase is never kept.
    write(&mut play, r#"Esc F2 "6" "sec" Esc F2 "6""#);
    assert!(dialog(&play).contains("Passphrase:  /"), "{}", dialog(&play));
}

#[test]
fn what_was_typed_survives_a_refusal() {
    let mut play = online();
    write(&mut play, r#""/rooms" Enter"#);
    play.step("server @ref=5-0004 server | alice | rooms_end | no data");
    assert!(dialog(&play).contains("There are no rooms yet"), "{}", dialog(&play));
    write(&mut play, "Enter");
    assert!(dialog(&play).contains("<Make>"), "Enter in an empty list says what to do: {}", dialog(&play));
    write(&mut play, r#"Enter "lab" Enter"#);
    assert_eq!(dialog(&play), "");
    play.step("server @ref=5-0005 server | alice | refused | too_many You made too many rooms.");
    assert_eq!(
        dialog(&play),
        "Make a room / Name: #lab / open to all / private, for those who are invited / You made too many rooms. / Make Cancel"
    );
    // Whoever writes on meanwhile is not disturbed.
    let mut play = online();
    write(&mut play, r#"F2 "8""#);
    play.step("server @ref=5-0004 server | alice | rooms_end | no data");
    write(&mut play, r#"Tab Right Enter "lab" Enter "hello""#);
    play.step("server @ref=5-0005 server | alice | refused | too_many You made too many rooms.");
    play.wait(Duration::from_secs(2));
    write(&mut play, r#"" there""#);
    assert_eq!(draft(&play), "hello there");
    assert!(dialog(&play).contains("Name: #lab"));
}

#[test]
fn lists_narrow_as_one_types_and_enter_takes_the_first_match() {
    let mut play = online();
    write(&mut play, r#"F2 "3" "CA""#);
    assert_eq!(dialog(&play), "Private message / To: CA / Text:  / 1 with \"CA\" / ~carol / Send Cancel");
    write(&mut play, "Enter");
    assert!(dialog(&play).contains("To: carol / Text:"), "{}", dialog(&play));
    assert_eq!(write(&mut play, r#""hi" Enter"#), "carol | private_message | hi > ");
    // What is typed after that stays as it is.
    let mut play = online();
    write(&mut play, r#""/kick" Enter "ca" Enter"#);
    assert!(dialog(&play).contains("Whom: carol / Why:"), "{}", dialog(&play));
    write(&mut play, r#"Up Ctrl-U "ca" Enter"#);
    assert!(dialog(&play).contains("Whom: ca / Why:"), "{}", dialog(&play));
}

#[test]
fn a_form_of_moderators_says_so_before_it_is_sent() {
    let mut play = online();
    write(&mut play, r#""/kick" Enter"#);
    assert!(
        dialog(&play).starts_with("Kick · the server / For moderators only, and you are not one. /"),
        "{}",
        dialog(&play)
    );
    play.step("key Esc");
    play.step("server server | alice | moderator | You are a moderator.");
    write(&mut play, r#""/kick" Enter"#);
    assert!(!dialog(&play).contains("For moderators"), "{}", dialog(&play));
}

#[test]
fn the_draft_is_written_on_in_an_editor_and_comes_back_to_its_conversation() {
    crate::check(
        "
        start name=alice
        size 60x12
        rooms bob
        server server | #ops | room | open members=2 you=member topic=
        say /query #ops
        type one\n key Ctrl-X\n key Ctrl-X\n key Ctrl-X\n key e\n key Alt-E
        edited one\\ntwo\\n
        screen
        key Ctrl-X\n key Ctrl-E
        unedited There is no editor nano.
        status
        key Alt-E
        server server | #ops | left | alice
        edited one and a half
        screen
        ",
        expect_test::expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            server server | #ops | room | open members=2 you=member topic=
            say /query #ops
                send @ref=5-0004 alice | #ops | members | no data
            key Ctrl-X
            key Ctrl-X
            key Ctrl-X
            key e
            key Alt-E
                EditText("one")
            edited one\ntwo\n
             1 everyone     │ #ops                             2 people
            *2 #ops         │
                            │
                            │
                            │
                            │ You are in #ops. Its members read what
                            │ you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
                            │ > one                             2 lines
             menu F2        │   two_
             ● alice  #ops              Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-X
            key Ctrl-E
                EditText("one\ntwo")
            unedited There is no editor nano.
              [● alice  There is no editor nano.|]
            key Alt-E
                EditText("one\ntwo")
            server server | #ops | left | alice
            edited one and a half
            *1 everyone     │ everyone                         2 people
                            │
                            │
                            │ You are in everyone: all who are online
                            │ read what you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
                            │─────────────────────────────── Esc closes
                            │ The conversation is not in view any more;
                            │ Ctrl-Y brings back what you wrote.
             menu F2        │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}
