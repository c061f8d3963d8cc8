//! A conversation with a name that nobody has does not stay in the list.

use expect_test::expect;

use crate::script::{Play, play};

/// The conversations as they are listed.
fn listed(play: &Play) -> String {
    let rows = play.session.view().conversations.rows;
    rows.iter().map(|row| row.left.0.last().unwrap().text.clone()).collect::<Vec<_>>().join(" ")
}

/// A session with bob online and a server that keeps history, after these steps.
fn after(steps: &str) -> Play {
    let mut play = Play::new("start name=alice");
    for step in ["start name=alice", "size 80x14", "back bob"] {
        play.step(step);
    }
    play.step("server @ref=5-0004;batch=c server | alice | conversations_end");
    play.step("server @ref=5-0005;batch=h server | alice | history_end");
    play.written.clear();
    steps.lines().map(str::trim).for_each(|step| play.step(step));
    play
}

const REFUSED: &str = "refused | no_such_user There is no user mal.";

#[test]
fn a_message_to_nobody_leaves_no_conversation_behind() {
    let mut play =
        after(&format!("say /msg mal hello\nserver @ref=5-0006 server | alice | {REFUSED}\nstatus\nkey Ctrl-Y"));
    assert_eq!(listed(&play), "everyone");
    play.step("screen");
    expect![[r#"
        say /msg mal hello
            send @ref=5-0006 alice | mal | private_message | hello
        server @ref=5-0006 server | alice | refused | no_such_user There is no user mal.
          [● alice  To mal: not sent. There is no user mal.|]
        key Ctrl-Y
        *1 everyone     │ everyone                                             2 people
                        │
                        │
         1 Echo         │
         2 List clients │
         3 Private mes… │
         4 Broadcast    │
         5 Exit         │
         6 Close server │
         7 Search       │ You are in everyone: all who are online read what you write
         8 Rooms        │ here.
         9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
         0 Call         │ > hello_
         ● alice  To mal: not sent. There is no user mal.
    "#]]
    .assert_eq(&play.written);
}

#[test]
fn a_conversation_with_nobody_goes_when_it_is_left_and_never_from_under_what_is_written() {
    let mut play = after(&format!("say /query mal\nserver @ref=5-0006 server | alice | {REFUSED}\nstatus\nsay psst"));
    assert_eq!(listed(&play), "everyone mal");
    play.step(&format!("server @ref=5-0007 server | alice | {REFUSED}"));
    play.step("status");
    assert_eq!(listed(&play), "everyone mal");
    play.step("key Alt-1");
    assert_eq!(listed(&play), "everyone");
    play.step("key Ctrl-Y");
    play.step("screen");
    expect![[r#"
        say /query mal
            send @ref=5-0006 alice | mal | history | limit=100
        server @ref=5-0006 server | alice | refused | no_such_user There is no user mal.
          [● alice  There is no user mal.|]
        say psst
            send @ref=5-0007 alice | mal | private_message | psst
        server @ref=5-0007 server | alice | refused | no_such_user There is no user mal.
          [● alice  Not sent: There is no user mal. Alt-R resends it.|]
        key Alt-1
        key Ctrl-Y
        *1 everyone     │ everyone                                             2 people
                        │
                        │
         1 Echo         │
         2 List clients │
         3 Private mes… │
         4 Broadcast    │
         5 Exit         │
         6 Close server │
         7 Search       │ You are in everyone: all who are online read what you write
         8 Rooms        │ here.
         9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
         0 Call         │ > psst_
         ● alice  Not sent: There is no user mal. Alt-R resends it.
    "#]]
    .assert_eq(&play.written);
}

#[test]
fn a_draft_or_an_answer_keeps_it() {
    let query = format!("say /query mal\nserver @ref=5-0006 server | alice | {REFUSED}");
    let play = after(&format!("{query}\ntype later\nkey Alt-1"));
    assert_eq!(listed(&play), "everyone mal");
    let play = after(&format!("{query}\nserver @id=7 mal | alice | private_message | here I am\nkey Alt-1"));
    assert_eq!(listed(&play), "everyone mal");
}

#[test]
fn who_is_known_keeps_the_conversation_whatever_else_is_refused() {
    let refused = "refused | rate_limited Slower.";
    let play = after(&format!("say /query bob\nserver @ref=5-0006 server | alice | {refused}\nkey Alt-1"));
    assert_eq!(listed(&play), "everyone bob");
    let play = after("say /query mal\nserver @ref=5-0006;batch=h server | alice | history_end\nkey Alt-1");
    assert_eq!(listed(&play), "everyone mal");
}

#[test]
fn a_server_without_history_says_it_with_the_first_message() {
    let steps = "start name=alice\nsize 80x14\nrooms bob\nsay /query mal\nsay psst\nkey Alt-1\nserver @ref=5-0004 server | alice | ";
    let mut other = Play::new("start name=alice");
    format!("{steps}{REFUSED}").lines().for_each(|step| other.step(step));
    assert_eq!(listed(&other), "everyone");
    // Plain mode has no list.
    assert!(
        play(&format!(
            "start plain name=alice\nback bob\nline /msg mal hello\nserver @ref=5-0005 server | alice | {REFUSED}"
        ))
        .contains("Not sent: hello")
    );
}
