//! The numbers of conversations: they stay as the person knows them, whatever order the server lists them in.

use tr2::client::chat::conversations::MAX_CONVERSATIONS;
use tr2::client::msg::{Effect, KeptArrangement, Msg};

use crate::script::{Play, server};

/// A session that has just joined a server which keeps history; `arrangement` is what it knows from before, if anything.
fn joined(arrangement: Option<&str>) -> Play {
    let mut play = Play::new("start name=alice");
    for step in ["start name=alice", "size 80x24", "connected 2.26"] {
        play.step(step);
    }
    play.update(server("server | client | name | TR2.26 accepted rooms history read search"));
    let effects = play.update(server("server | alice | connection_confirmation | hi"));
    let asked = |effect: &Effect| matches!(effect, Effect::RecallArrangement { server, name } if server.to_string() == "tcp://localhost:1234" && name == "alice");
    assert!(effects.iter().any(asked), "{effects:?}");
    if let Some(places) = arrangement {
        play.step(&format!("arrangement {places}"));
    }
    play
}

/// The server lists rooms and conversations, the latter as it does: newest first.
fn list(play: &mut Play, rooms: &[&str], newest_first: &[&str]) {
    for room in rooms {
        play.update(server(&format!("server | {room} | room | open members=2 you=member topic=")));
    }
    play.update(server("@ref=5-0002 server | you | list_clients | clients connected: alice"));
    play.update(server("@ref=5-0002 server | you | list_end"));
    for place in newest_first {
        let frame = format!("@ref=5-0004;batch=c server | alice | conversation | last=9 read=9 unread=0 {place}");
        play.update(server(&frame));
    }
    play.update(server("@ref=5-0004;batch=c server | alice | conversations_end"));
}

/// The conversations as they are listed.
fn listed(play: &Play) -> String {
    let rows = play.session.view().conversations.rows;
    let names = rows.iter().map(|row| row.left.0.last().unwrap().text.clone());
    names.collect::<Vec<_>>().join(" ")
}

/// What is kept by an update.
fn kept(effects: Vec<Effect>) -> Vec<String> {
    let places = |kept: KeptArrangement| kept.places.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let one = |effect| match effect {
        Effect::KeepArrangement(kept) => {
            assert_eq!((kept.name.as_str(), kept.server.to_string().as_str()), ("alice", "tcp://localhost:1234"));
            Some(places(kept))
        }
        _ => None,
    };
    effects.into_iter().filter_map(one).collect()
}

/// What is kept once some time has gone by.
fn kept_later(play: &mut Play) -> Vec<String> {
    play.wait(std::time::Duration::from_secs(2));
    kept(play.update(Msg::Tick))
}

#[test]
fn conversations_keep_their_numbers_from_one_start_to_the_next() {
    let mut play = joined(None);
    list(&mut play, &["#ops"], &["carol", "#ops", "bob"]);
    assert_eq!(listed(&play), "everyone #ops carol bob");
    assert_eq!(kept_later(&mut play), ["#ops carol bob"]);
    // Tomorrow another one is the newest.
    let mut play = joined(Some("#ops carol bob"));
    list(&mut play, &["#ops"], &["bob", "#ops", "carol"]);
    assert_eq!(listed(&play), "everyone #ops carol bob");
    assert!(kept_later(&mut play).is_empty(), "nothing has changed");
}

#[test]
fn a_new_conversation_gets_the_next_number() {
    let mut play = joined(Some("carol #ops bob"));
    list(&mut play, &["#lab", "#ops"], &["dave", "bob", "carol"]);
    assert_eq!(listed(&play), "everyone carol #ops bob #lab dave");
    play.update(server("erin | alice | private_message | psst"));
    assert_eq!(listed(&play), "everyone carol #ops bob #lab dave erin");
    assert_eq!(kept_later(&mut play), ["carol #ops bob #lab dave erin"]);
}

#[test]
fn the_conversation_in_view_stays_in_view_while_others_come_in_before_it() {
    let mut play = joined(Some("carol bob #ops"));
    play.update(server("server | #ops | room | open members=2 you=member topic="));
    play.step("key Alt-2");
    assert_eq!(play.session.view().messages.title.text().split(' ').next(), Some("#ops"));
    // The cursor of the list stays on it too.
    while !play.session.view().conversations.focused {
        play.step("key F6");
    }
    list(&mut play, &[], &["bob", "carol"]);
    assert_eq!(listed(&play), "everyone carol bob #ops");
    assert_eq!(play.session.view().messages.title.text().split(' ').next(), Some("#ops"));
    let pane = play.session.view().conversations;
    assert!(pane.focused && pane.cursor == Some(3), "{pane:?}");
}

#[test]
fn what_the_person_moves_or_closes_is_kept() {
    let mut play = joined(Some("carol bob #ops"));
    list(&mut play, &["#ops"], &["bob", "carol"]);
    play.step("key Alt-4");
    play.step("key Alt-Shift-Up");
    assert_eq!(kept_later(&mut play), ["carol #ops bob"]);
    play.step("key Alt-2");
    play.step("say /close");
    assert_eq!(kept_later(&mut play), ["#ops bob"]);
}

#[test]
fn a_conversation_that_is_gone_loses_its_number_once_everything_is_listed() {
    let mut play = joined(Some("carol bob #ops"));
    list(&mut play, &["#ops"], &["bob"]);
    assert_eq!(kept_later(&mut play), ["bob #ops"]);
    play.update(server("carol | alice | private_message | psst"));
    assert_eq!(listed(&play), "everyone bob #ops carol");
}

#[test]
fn a_move_past_a_place_that_is_not_there_yet_holds() {
    let mut play = joined(Some("carol bob #ops"));
    play.update(server("server | #ops | room | open members=2 you=member topic="));
    play.update(server("@ref=5-0004;batch=c server | alice | conversation | last=9 read=9 unread=0 carol"));
    for step in ["key Alt-3", "key Alt-Shift-Up"] {
        play.step(step);
    }
    assert_eq!(listed(&play), "everyone #ops carol");
    play.update(server("@ref=5-0004;batch=c server | alice | conversation | last=9 read=9 unread=0 bob"));
    assert_eq!(listed(&play), "everyone #ops carol bob");
}

#[test]
fn an_order_is_kept_once_a_second_and_at_the_end() {
    let mut play = joined(Some(""));
    list(&mut play, &[], &[]);
    assert!(kept_later(&mut play).is_empty());
    assert_eq!(kept(play.update(server("bob | alice | private_message | psst"))), ["bob"]);
    assert!(kept(play.update(server("carol | alice | private_message | psst"))).is_empty());
    assert!(kept(play.update(server("dave | alice | private_message | psst"))).is_empty());
    let mut other = play.session.clone();
    assert_eq!(kept_later(&mut play), ["bob carol dave"]);
    assert_eq!(kept(other.update(play.now, Msg::Hangup)), ["bob carol dave"]);
}

#[test]
fn the_order_is_bounded() {
    let names = |range: std::ops::Range<usize>| range.map(|number| format!("u{number}")).collect::<Vec<_>>();
    let mut play = joined(Some(&names(0..MAX_CONVERSATIONS).join(" ")));
    play.update(server("newcomer | alice | private_message | psst"));
    let kept = kept_later(&mut play).remove(0);
    // The first of those that are not there has made room.
    let expected = [names(1..MAX_CONVERSATIONS), vec!["newcomer".to_owned()]].concat().join(" ");
    assert!(kept == expected, "{} bytes instead of {}", kept.len(), expected.len());
}

#[test]
fn plain_mode_knows_no_numbers() {
    let mut play = Play::new("start plain name=alice");
    for step in ["start plain name=alice", "back bob", "server carol | alice | private_message | psst", "+2s"] {
        play.step(step);
    }
    let effects = play.update(Msg::EndOfInput);
    assert!(
        !effects.iter().any(|effect| matches!(effect, Effect::KeepArrangement(_) | Effect::RecallArrangement { .. }))
    );
}
